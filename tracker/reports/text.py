"""The report for a terminal: plain text, 100 columns, nothing that depends on colour.

Texts from outside are shown without control characters: a claim must not be able to move the cursor.
"""

from __future__ import annotations

import textwrap
import unicodedata
from typing import TYPE_CHECKING, Any

from tracker.models import Outcome, Relation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tracker.evaluation import Decision, RelationReport
    from tracker.feeds import Imported
    from tracker.models import Addition, Check, ClaimRecord, Finding, Match, Saved, Search, Verdict

WIDTH = 100
_OTHER = "that other claim: "  # a verdict never stands bare beside a claim that is not the same

_HEADINGS = {
    Outcome.CHECKED: "CHECKED BEFORE",
    Outcome.CONTRAST: "A CONTRASTING CLAIM WAS CHECKED (its verdict does not carry over)",
    Outcome.RELATED: "RELATED CLAIMS WERE CHECKED (read both before you reuse a verdict)",
    Outcome.UNMATCHED: "NOT CHECKED BEFORE",
}
_COUNTED = {
    Outcome.CHECKED: "checked before",
    Outcome.CONTRAST: "in contrast to a checked claim",
    Outcome.RELATED: "related to a checked claim",
    Outcome.UNMATCHED: "not checked before",
}
_RELATIONS = {
    Relation.SAME: "same claim",
    Relation.DIFFERENT_FIGURE: "another figure",
    Relation.OPPOSITE: "the opposite",
    Relation.DIFFERENT_ENTITY: "about somebody else",
    Relation.DIFFERENT_TIME: "another time",
    Relation.RELATED: "related",
    Relation.UNRELATED: "no match",
}


def clean(text: str) -> str:
    """The text on one line, without control characters, escape sequences or marks that turn the reading direction."""
    flat = " ".join(text.split())
    return "".join(c for c in flat if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co") or c == "\u200d")


def check(found: Check, *, explain: bool = False) -> Iterator[str]:
    """An article's findings, grouped by outcome, in reading order within a group."""
    groups = {outcome: [f for f in found.findings if f.outcome is outcome] for outcome in Outcome}
    counts = ", ".join(f"{len(group)} {_COUNTED[outcome]}" for outcome, group in groups.items() if group)
    worth = len(found.findings)
    yield f"{clean(found.article.source)}: {found.sentences} sentences, {worth} worth checking" + (
        f": {counts}" * bool(counts)
    )
    number = 0
    for outcome, group in groups.items():
        if group:
            yield ""
            yield _HEADINGS[outcome]
        for finding in group:
            number += 1
            yield from _finding(finding, number, explain=explain)


def search(found: Search, *, explain: bool = False) -> Iterator[str]:
    """The matches of a query, best first, or the answer that there is none."""
    if not found.matches:
        yield "No match: the store has no claim that shares a word or a meaning with this."
        return
    shown = [match for match in found.matches if match.relation is not Relation.UNRELATED]
    if not shown:
        yield "No match: no claim in the store says this or something near to it."
        yield "Claims that contain a word are found by: tracker list --text WORD. The nearest, hardly related:"
    for match in shown or found.matches:
        yield from _match(match, explain=explain)


def record(found: ClaimRecord) -> Iterator[str]:
    """A claim with everything that is known about it."""
    claim = found.claim
    yield from _wrapped(clean(claim.text), f"[{claim.id}] ")
    about = {
        "said by": claim.claimant,
        "said on": claim.claimed_on,
        "review headline": claim.title,
        "id in its feed": claim.external_id,
        "check-worthiness": claim.check_worthiness and f"{claim.check_worthiness:.2f}",
        "recorded": claim.recorded_at[:10],
    }
    yield from (f"    {name}: {clean(str(value))}" for name, value in about.items() if value)
    yield "    verdicts:" if found.verdicts else "    no verdict yet"
    for verdict in found.verdicts:
        yield from _verdict(verdict, indent=6, about=f"verdict {verdict.id}: ")
    if found.appearances:
        yield "    seen in:"
    for seen in found.appearances:
        yield from _wrapped(
            f"{clean(seen.source)}, characters {seen.start} to {seen.end}: “{clean(seen.quote)}”", " " * 6
        )


def listing(found: Sequence[ClaimRecord]) -> Iterator[str]:
    """A line or two a claim: its id, its text, its verdicts."""
    for one in found:
        worth = one.claim.check_worthiness
        waiting = f"no verdict yet (check-worthiness {worth:.2f})" if worth is not None else "no verdict yet"
        current = [verdict for verdict in one.verdicts if verdict.superseded_by is None]
        verdicts = "; ".join(_said(verdict) for verdict in current) or waiting
        yield from _wrapped(clean(one.claim.text), f"[{one.claim.id}] ")
        yield from _wrapped(verdicts, " " * 6)


def addition(done: Addition) -> Iterator[str]:
    """What `add` did."""
    yield f"claim {done.claim_id} {'added' if done.created else 'is there already and was not changed'}"
    if done.verdict_id is not None and not done.created:
        yield f"verdict {done.verdict_id} stands on it; 'tracker show {done.claim_id}' shows it beside the others"


def imported(done: Imported) -> Iterator[str]:
    """What an import did."""
    rejected = len(done.rejected)
    yield f"{done.added:,} added, {done.updated:,} updated, {done.unchanged:,} unchanged, {rejected:,} rejected"


def saved(done: Saved) -> Iterator[str]:
    """What `check --save` recorded."""
    if not done.appearances:
        yield f"saved before as article {done.article_id}: nothing new"
    else:
        yield f"saved as article {done.article_id}: {done.claims} new claims, {done.appearances} new appearances"


def near_duplicates(found: Iterable[Match]) -> Iterator[str]:
    """The warning that a claim to be added is nearly there already, and what to do instead."""
    for match in found:
        number = match.claim.id
        yield f"nearly the same claim is there already: [{number}] {clean(match.claim.text)}"
        yield f"    to add a verdict to that one: tracker verdict {number} RATING --publisher NAME --url ADDRESS"


def stats(found: Mapping[str, Any]) -> Iterator[str]:
    """What the store holds, a line a fact."""
    for name, value in found.items():
        if isinstance(value, dict):
            yield f"{name}:"
            yield from (f"  {count:7,}  {clean(key)}" for key, count in value.items())
        else:
            shown = f"{value:,}" if isinstance(value, int) else clean(str(value or "none yet"))
            yield f"{name}: {shown}"


def decisions(found: Mapping[str, Decision]) -> Iterator[str]:
    """One line of measures a file."""
    yield "precision  recall     F1     AP   rows  file"
    for name, one in found.items():
        average = f"{one.average_precision:6.3f}" if one.average_precision is not None else "     -"
        yield f"{one.precision:9.3f}  {one.recall:6.3f} {one.f1:6.3f} {average} {one.rows:6}  {clean(name)}"


def relations(found: RelationReport) -> Iterator[str]:
    """The confusion matrix and what `same` is worth."""
    names = [relation.value for relation in Relation]
    yield "labelled          found: " + "  ".join(names)
    for label in names:
        row = [found.confusion.get((label, got), 0) for got in names]
        yield f"{label:24} " + "  ".join(f"{n:{len(got)}}" for n, got in zip(row, names, strict=True))
    same = found.same
    yield f"macro-F1 {found.macro_f1:.3f}; 'same': precision {same.precision:.3f}, recall {same.recall:.3f}"


def _finding(finding: Finding, number: int, *, explain: bool) -> Iterator[str]:
    statement = finding.statement
    who = f", said by {clean(statement.speaker)}" if statement.speaker else ""
    yield ""
    yield from _wrapped(clean(statement.text), f"{number:2}. ")
    yield f"    check-worthiness {statement.check_worthiness:.2f}{who}, characters {statement.start} to {statement.end}"
    for match in finding.matches:
        yield from _match(match, indent=4, explain=explain)


def _match(match: Match, *, indent: int = 0, explain: bool = False) -> Iterator[str]:
    lead = " " * indent
    waits = "" if match.verdicts else ", no verdict yet"
    reasons = f" ({clean('; '.join(match.reasons))})" if match.reasons else ""
    yield from _wrapped(f"{_RELATIONS[match.relation]}, p {match.probability:.2f}{reasons}{waits}", lead + "- ")
    yield from _wrapped(clean(match.claim.text), f"{lead}  [{match.claim.id}] ")
    if explain:
        scores = ", ".join(f"{name} {value:.2f}" for name, value in match.scores.items())
        yield from _wrapped(f"scores: {scores}", lead + "  ")
    for verdict in match.verdicts:
        if verdict.superseded_by is None:
            yield from _verdict(verdict, indent=indent + 6, about="" if match.relation is Relation.SAME else _OTHER)


def _verdict(verdict: Verdict, *, indent: int, about: str = "") -> Iterator[str]:
    corrected = f" (superseded by verdict {verdict.superseded_by})" if verdict.superseded_by else ""
    yield from _wrapped(f"{about}{_said(verdict)}{corrected}", " " * indent)
    if verdict.url:
        yield " " * indent + clean(verdict.url)
    if verdict.explanation:
        yield from _wrapped(clean(verdict.explanation), " " * indent)


def _said(verdict: Verdict) -> str:
    rating = f"“{clean(verdict.rating)}”" if verdict.rating else "a review whose rating is not recorded"
    day = f", {verdict.reviewed_on}" if verdict.reviewed_on else ""
    period = f", holds from {verdict.valid_from or 'the start'} to {verdict.valid_to or 'now'}"
    bounded = verdict.valid_from or verdict.valid_to
    return f"{rating}, {clean(verdict.publisher or 'publisher not given')}{day}{period if bounded else ''}"


def _wrapped(text: str, lead: str) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_long_words=False,
        break_on_hyphens=False,
    )
