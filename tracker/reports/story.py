"""The event log in words: what happened to a claim, or to the whole store, a few lines an event."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tracker.events import EventKind
from tracker.relations import relate
from tracker.reports.plain import clean, wrapped
from tracker.reports.text import record, said
from tracker.tuning import ODD, in_words, tuned_from

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tracker.events import Event
    from tracker.log import History
    from tracker.models import Claim, ClaimRecord

_RELATIONS = {
    "broader": "is broader than",
    "narrower": "is narrower than",
    "different-figure": "gives another figure than",
    "opposite": "says the opposite of",
    "different-entity": "is about somebody else than",
    "different-time": "is about another time than",
    "related": "is related to",
}


def history(found: History) -> Iterator[str]:
    """A claim as it is now, and how it came to be so."""
    yield from record(found.record)
    yield ""
    yield "    what happened:"
    for event in found.events:
        yield from lines(event, found.undone_by, indent=6)


def log(found: Sequence[Event], undone_by: Mapping[int, int]) -> Iterator[str]:
    """Events in the order given."""
    for event in found:
        yield from lines(event, undone_by)


def retracted(event: Event, found: ClaimRecord) -> Iterator[str]:
    """Which verdict or claim was taken back, in its own words, and the way to bring it back."""
    claim = f"claim {found.claim.id} “{clean(found.claim.text)}”"
    verdict = next((one for one in found.verdicts if one.id == event.verdict_id), None)
    what = f"verdict {verdict.id} ({said(verdict)}) on {claim}" if verdict else claim
    yield from wrapped(f"{what} retracted; 'tracker undo {event.id}' brings it back", "")
    if verdict and verdict.supersedes:
        yield f"verdict {verdict.supersedes}, which it had corrected, stays superseded: enter it again if it holds"


def merged(kept: Claim, gone: Claim, event: int) -> Iterator[str]:
    """What is one claim now, and the way back."""
    yield from wrapped(f"“{clean(gone.text)}”", f"claim {gone.id} ")
    yield from wrapped(f"“{clean(kept.text)}” from now on; 'tracker undo {event}' parts them", f"is claim {kept.id} ")


def doubts(kept: Claim, gone: Claim) -> Iterator[str]:
    """What speaks against it that two claims are one."""
    found = relate(gone.text, kept.text)
    if found.relation.is_contrast:
        yield f"claims {kept.id} and {gone.id} look like two: {'; '.join(map(str, found.reasons))}"


def linked(one: Claim, other: Claim, relation: str, event: int, *, is_new: bool) -> Iterator[str]:
    """How two claims belong together."""
    how = f"claim {one.id} “{clean(one.text)}” {_RELATIONS[relation]} claim {other.id} “{clean(other.text)}”"
    yield from wrapped(how, "")
    yield f"'tracker undo {event}' takes that back" if is_new else f"that was noted before, as event {event}"


def lines(event: Event, undone_by: Mapping[int, int], indent: int = 0) -> Iterator[str]:
    """Who did what and when, and why."""
    lead = " " * indent
    undone = f" (undone by event {undone_by[event.id]})" if event.id in undone_by else ""
    at = event.recorded_at[:16].replace("T", " ")
    head = f"{lead}{event.id:5} {at} "
    yield from wrapped(f"{clean(event.author)}: {clean(what(event))}{undone}", head)
    if event.because:
        yield from wrapped(f"because: {clean(event.because)}", " " * len(head))


def what(event: Event) -> str:
    """What an event did, in one line."""
    try:
        rows = [(table, row) for _, table, row in event.rows]
    except (ValueError, TypeError):
        return f"{event.kind}: damaged, 'tracker verify' tells how"
    row: dict[str, Any] = rows[0][1] if rows else {}
    how = _RELATIONS.get(str(row.get("relation")), "is linked with")
    words = {
        EventKind.CLAIM_ADDED: f"claim {event.claim_id} added: “{row.get('text')}”",
        EventKind.FEED_ID_ADDED: f"claim {event.claim_id} is {row.get('external_id')} in the feed of"
        f" {row.get('publisher') or 'a publisher not named'}",
        EventKind.VERDICT_ADDED: _verdict(event, row, len(rows) - 1),
        EventKind.REVIEW_ADDED: f"from a feed, {_verdict(event, row, len(rows) - 1)}",
        EventKind.ARTICLE_SAVED: f"article {event.article_id} saved: {row.get('source')}",
        EventKind.APPEARANCE_ADDED: f"claim {event.claim_id} seen in article {event.article_id}: “{row.get('quote')}”",
        EventKind.SIGHTING_ADDED: f"claim {event.claim_id} seen at {row.get('url')}, as a feed says",
        EventKind.VERDICT_RETRACTED: f"verdict {event.verdict_id} on claim {event.claim_id} retracted",
        EventKind.CLAIM_RETRACTED: f"claim {event.claim_id} retracted",
        EventKind.CLAIMS_MERGED: f"claim {event.other_id} merged into claim {event.claim_id}",
        EventKind.CLAIMS_LINKED: f"noted: claim {event.claim_id} {how} claim {event.other_id}",
        EventKind.UNDONE: f"event {event.undoes} undone",
        EventKind.ENCODER_SET: _encoder(event),
        EventKind.FEEDBACK_GIVEN: _answer(event, row),
        EventKind.CALIBRATION_SET: _calibration(event),
        EventKind.RATING_MAPPED: _ratings(event),
        EventKind.RESTORED: "the store was put back from a backup",
    }
    return words.get(EventKind(event.kind), event.kind) if event.kind in set(EventKind) else event.kind


def _verdict(event: Event, row: dict[str, Any], evidence: int) -> str:
    about = ", ".join(str(row[name]) for name in ("publisher", "reviewed_on") if row.get(name))
    corrects = f", supersedes verdict {row['supersedes']}" if row.get("supersedes") else ""
    sources = f", {evidence} pieces of evidence" if evidence > 1 else ", 1 piece of evidence" if evidence else ""
    return (
        f"verdict {event.verdict_id} on claim {event.claim_id}: “{row.get('rating') or 'no rating'}”"
        f"{', ' if about else ''}{about}{corrects}{sources}"
    )


def _answer(event: Event, row: dict[str, Any]) -> str:
    by = f" by {row.get('author')}" if row.get("author") != event.author else ""
    is_about = "is" if row.get("answer") == "yes" else "is not"
    return f"answer {row.get('id')}{by}: claim {event.claim_id} {is_about} what “{row.get('query')}” is about"


def _calibration(event: Event) -> str:
    kept = next((row.get("value") for sign, _, row in event.rows if sign == "+"), None)
    try:
        tuned = tuned_from(str(kept)) if kept else None
    except ODD:
        return f"{event.kind}: damaged, 'tracker verify' tells how"
    if tuned is None:
        return "the shipped calibration is in use again"
    return f"the calibration is tuned on {tuned.answers} answers: {in_words(tuned.calibration)}"


def _ratings(event: Event) -> str:
    """Which labels the desk reads another way than before."""
    held: dict[str, set[str]] = {"+": set(), "-": set()}
    try:
        for sign, _, row in event.rows:
            for by, label, name, tags in json.loads(row["value"]):
                held[sign].add(f"“{label}”{f' of {by}' if by else ''} as {', '.join([name, *tags])}")
    except (ValueError, TypeError, KeyError):
        return f"{event.kind}: damaged, 'tracker verify' tells how"
    told = [f"now read: {one}" for one in sorted(held["+"] - held["-"])]
    told += [f"no longer: {one}" for one in sorted(held["-"] - held["+"])]
    return f"the desk's ratings: {'; '.join(told)}"


def _encoder(event: Event) -> str:
    names = {sign: row["value"] for sign, _, row in event.rows if row.get("key") == "encoder_name"}
    return f"the store's encoder is {names.get('+')}" + (f", was {names['-']}" if "-" in names else "")
