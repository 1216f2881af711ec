"""The commands about single claims: add one, put a verdict beside it, show it, list them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.errors import UsageProblem
from tracker.terminal import (
    AsJson,
    Because,
    EncoderName,
    EvidenceList,
    Note,
    Publisher,
    PublisherSite,
    ReviewDate,
    StorePath,
    Tags,
    Url,
    ValidFrom,
    ValidTo,
    day,
    is_terminal,
    open_tracker,
    print_json,
    print_lines,
    wants_json,
    warn,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.models import NewVerdict
    from tracker.pipeline import Tracker


def add(
    claim: Annotated[str, typer.Argument(metavar="CLAIM", help="The claim, as a sentence.")],
    rating: Annotated[str | None, typer.Option(help="The verdict, in the publisher's own words.")] = None,
    publisher: Publisher = None,
    publisher_site: PublisherSite = None,
    url: Url = None,
    review_date: ReviewDate = None,
    note: Note = None,
    valid_from: ValidFrom = None,
    valid_to: ValidTo = None,
    tag: Tags = None,
    evidence: EvidenceList = None,
    claimant: Annotated[str | None, typer.Option(help="Who made the claim.")] = None,
    claim_date: Annotated[str | None, typer.Option(metavar="DAY", help="When the claim was made.")] = None,
    external_id: Annotated[str | None, typer.Option(help="Your own id for the claim.")] = None,
    language: Annotated[str | None, typer.Option(help="The claim's language, e.g. en.")] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Add it without asking, near-identical claims or not.")
    ] = False,
    store: StorePath = None,
    encoder: EncoderName = None,
    as_json: AsJson = False,
) -> None:
    """Add a claim, with a verdict if one is given.

    Example: tracker add "NATO has 300,000 troops on alert." --rating False --publisher "Our desk"
    """
    from tracker.models import NewClaim
    from tracker.reports import json as to_json, text

    about = (rating, publisher, publisher_site, url, review_date, note, valid_from, valid_to)
    says = any(given is not None for given in about) or tag or evidence
    verdict = _new_verdict(*about, tag, evidence, None) if says else None
    new = NewClaim(claim, external_id, None, claimant, day(claim_date), language)
    with open_tracker(store, encoder) as tracker:
        asks = not yes and not wants_json(as_json) and is_terminal(sys.stdin) and is_terminal(sys.stderr)
        if asks:
            _confirm(text.near_duplicates(tracker.near_duplicates(new)))
        done = tracker.add(new, verdict)
        if done.verdict_id is not None:
            _warn_if_unread(tracker, done.verdict_id)
    if not asks:
        warn(text.near_duplicates(done.near_duplicates))
    if wants_json(as_json):
        print_json(to_json.addition(done))
    else:
        print_lines(text.addition(done))


def verdict(
    claim_id: Annotated[
        int, typer.Argument(metavar="CLAIM_ID", help="The claim's number, as search and list show it.")
    ],
    rating: Annotated[str, typer.Argument(metavar="RATING", help="The verdict, in the publisher's own words.")],
    publisher: Publisher = None,
    publisher_site: PublisherSite = None,
    url: Url = None,
    review_date: ReviewDate = None,
    note: Note = None,
    valid_from: ValidFrom = None,
    valid_to: ValidTo = None,
    tag: Tags = None,
    evidence: EvidenceList = None,
    claim_date: Annotated[
        str | None, typer.Option(metavar="DAY", help="When the claim that was reviewed was made.")
    ] = None,
    supersedes: Annotated[
        int | None, typer.Option(metavar="VERDICT_ID", help="The verdict that this corrects.")
    ] = None,
    because: Because = None,
    store: StorePath = None,
    as_json: AsJson = False,
) -> None:
    """Put a verdict beside a claim's others, or correct one. Nothing is overwritten: a corrected one stays readable.

    Example: tracker verdict 12 "Mostly false" --publisher "Our desk" --date 2022-07-01 --url https://example.org/12
    """
    from tracker.reports import text

    about = (rating, publisher, publisher_site, url, review_date, note, valid_from, valid_to)
    new = _new_verdict(*about, tag, evidence, claim_date)
    options = (publisher, publisher_site, url, note, valid_from, valid_to, tag, evidence, claim_date)
    fields = (
        "publisher",
        "publisher_site",
        "url",
        "explanation",
        "valid_from",
        "valid_to",
        "tags",
        "evidence",
        "claimed_on",
    )
    with open_tracker(store) as tracker:
        if supersedes is not None:
            new = tracker.store.verdicts.correction(
                supersedes, new, [f for f, given in zip(fields, options, strict=True) if given is not None]
            )
        number, is_new = tracker.add_verdict(claim_id, new, supersedes=supersedes, because=because)
        _warn_if_unread(tracker, number)
        found, old = tracker.show(claim_id), supersedes and tracker.store.verdicts.verdict(supersedes)
    if wants_json(as_json):
        print_json({"verdict_id": number, "claim_id": found.claim.id, "created": is_new})
    else:
        print_lines(text.verdict_added(number, found, old or None, is_new=is_new))


def show(
    claim_id: Annotated[int, typer.Argument(metavar="ID", help="The claim's number.")],
    store: StorePath = None,
    as_json: AsJson = False,
) -> None:
    """Show a claim with every verdict and every article it was seen in.

    Example: tracker show 12
    """
    from tracker.reports import json as to_json, text

    with open_tracker(store) as tracker:
        tracker.warn_if_empty()
        found = tracker.show(claim_id)
    if wants_json(as_json):
        print_json(to_json.record(found))
    else:
        print_lines(text.record(found))


def list_claims(
    rating: Annotated[
        str | None, typer.Option(help="With this rating: a publisher's words or a normalised one.")
    ] = None,
    publisher: Annotated[str | None, typer.Option(help="With a verdict by this publisher.")] = None,
    containing: Annotated[str | None, typer.Option("--text", help="With these letters in the claim.")] = None,
    unverified: Annotated[
        bool, typer.Option("--unverified", help="Without a verdict, most check-worthy first.")
    ] = False,
    needs_recheck: Annotated[
        bool, typer.Option("--needs-recheck", help="With verdicts that are old, over, or overtaken, and why.")
    ] = False,
    older_than: Annotated[
        int | None,
        typer.Option(min=0, max=10**6, metavar="DAYS", help="From which age --needs-recheck calls one old, not 365."),
    ] = None,
    sort: Annotated[
        str | None, typer.Option(metavar="ORDER", help="By 'worth', 'appearances' or 'newest'.", show_default=False)
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, max=10**9, help="At most this many.")] = None,
    store: StorePath = None,
    as_json: AsJson = False,
) -> None:
    """List claims, newest first. With --unverified it is the desk's queue.

    Example: tracker list --unverified --limit 10
    """
    from tracker.reports import json as to_json, text

    conditions = {"rating": rating, "publisher": publisher, "text": containing, "unverified": unverified}
    if older_than is not None and not needs_recheck:
        raise UsageProblem("list: --older-than goes with --needs-recheck")
    if needs_recheck and unverified:
        raise UsageProblem("list: a claim without a verdict cannot need another check; leave out one of the options")
    if sort not in (None, "worth", "appearances", "newest"):
        raise UsageProblem("list: --sort is worth, appearances or newest")
    if sort and needs_recheck:
        raise UsageProblem("list: --sort does not go with --needs-recheck, which has an order of its own")
    with open_tracker(store) as tracker:
        tracker.warn_if_empty()
        due = tracker.due(365 if older_than is None else older_than, **conditions)[:limit] if needs_recheck else []
        found = [one for one, _ in due] if needs_recheck else tracker.list_claims(**conditions, order=sort, limit=limit)
    if wants_json(as_json):
        print_json(to_json.due(due) if needs_recheck else to_json.listing(found))
    else:
        print_lines(text.due(due) if needs_recheck else text.listing(found))
        warn([] if found else ["no claim fits; 'tracker stats' counts what the store holds"])


def _new_verdict(
    rating: str | None,
    publisher: str | None,
    publisher_site: str | None,
    url: str | None,
    review_date: str | None,
    note: str | None,
    valid_from: str | None,
    valid_to: str | None,
    tags: list[str] | None,
    evidence: list[str] | None,
    claim_date: str | None,
) -> NewVerdict:
    from tracker.entries import evidence_of
    from tracker.models import NewVerdict

    return NewVerdict(
        *(rating, publisher, publisher_site, url, day(review_date), note),
        *(day(valid_from, ahead=True), day(valid_to, ahead=True)),
        claimed_on=day(claim_date),
        tags=tuple(tags or ()),
        evidence=tuple(evidence_of(one) for one in evidence or ()),
    )


def _warn_if_unread(tracker: Tracker, verdict_id: int) -> None:
    """Say it where the rating that was just given is one that we do not know."""
    verdict = tracker.store.verdicts.verdict(verdict_id)
    [reading] = tracker.store.ratings.readings([verdict])
    if reading.rule == "unknown":
        warn([f"“{verdict.rating}” is not read as any rating; 'tracker ratings map' says what it means"])


def _confirm(warning: Iterable[str]) -> None:
    lines = list(warning)
    if lines:
        warn(lines)
        typer.confirm("Add it as a claim of its own all the same?", abort=True, err=True)
