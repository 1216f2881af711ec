"""The report for a terminal: plain text, 100 columns, nothing that depends on colour.

Texts from outside are shown without control characters: a claim must not be able to move the cursor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.models import Outcome, Relation, Standing, Utterance
from tracker.ratings import fold
from tracker.reports.plain import clean, wrapped
from tracker.standing import disagree, speaks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tracker.feeds import Imported
    from tracker.models import (
        Addition,
        Check,
        ClaimRecord,
        Evidence,
        Finding,
        Match,
        Retraction,
        Saved,
        Search,
        Verdict,
    )

DISAGREE = "these verdicts differ; none is averaged or left out:"
OTHER = "that other claim: "  # a verdict never stands bare beside a claim that is not the same

HEADINGS = {
    Outcome.CHECKED: "CHECKED BEFORE",
    Outcome.CONTRAST: "A CONTRASTING CLAIM, OR ANOTHER PERIOD, WAS CHECKED (its verdict does not carry over)",
    Outcome.RELATED: "RELATED CLAIMS WERE CHECKED (read both before you reuse a verdict)",
    Outcome.UNMATCHED: "NOT CHECKED BEFORE",
}
COUNTED = {
    Outcome.CHECKED: "checked before",
    Outcome.CONTRAST: "in contrast to a checked claim",
    Outcome.RELATED: "related to a checked claim",
    Outcome.UNMATCHED: "not checked before",
}
RELATIONS = {
    Relation.SAME: "same claim",
    Relation.DIFFERENT_FIGURE: "another figure",
    Relation.OPPOSITE: "the opposite",
    Relation.DIFFERENT_ENTITY: "about somebody else",
    Relation.DIFFERENT_TIME: "another time",
    Relation.RELATED: "related",
    Relation.UNRELATED: "no match",
}
_OVER = ", but its verdict is over"
_ENGLISH_ONLY = "The check reads English only: that it finds nothing"


_STANDINGS = {
    Standing.CURRENT: "",
    Standing.OVER: " (over)",
    Standing.NOT_YET: " (not yet on that day)",
    Standing.SUPERSEDED: " (superseded)",
    Standing.RETRACTED: " (retracted)",
}


def check(found: Check, *, explain: bool = False) -> Iterator[str]:
    """An article's findings, grouped by outcome, in reading order within a group."""
    groups = grouped(found)
    if found.as_of:
        yield f"as of {found.as_of}:"
    yield f"{clean(found.article.source)}: {summary(found)}"
    for words in foreign(found):
        yield from wrapped(words, "")
    if explain and any(finding.matches for finding in found.findings):
        yield from _legend()
    if found.article.published_on and not found.as_of:
        yield f"the article is of {found.article.published_on}; periods of verdicts are held against that day"
    number = 0
    for outcome, group in groups.items():
        if group:
            yield ""
            yield HEADINGS[outcome]
        for finding in group:
            number += 1
            yield from _finding(finding, number, explain=explain)


def grouped(found: Check) -> dict[Outcome, list[Finding]]:
    """An article's findings by outcome, the strongest first, in reading order within each."""
    return {outcome: [one for one in found.findings if one.outcome is outcome] for outcome in Outcome}


def summary(found: Check) -> str:
    """How many sentences an article has, how many are worth checking, and how many have which outcome."""
    counts = ", ".join(f"{len(group)} {COUNTED[outcome]}" for outcome, group in grouped(found).items() if group)
    return f"{sentences(found.sentences)}, {len(found.findings)} worth checking{f': {counts}' * bool(counts)}"


def sentences(number: int) -> str:
    """So many sentences, in words."""
    return f"{number} sentence{'s' * (number != 1)}"


def foreign(found: Check) -> Iterator[str]:
    """That an article, or how much of it, does not seem to be in the language that is checked; nothing where all is."""
    if not found.foreign:
        return
    share = f"{found.foreign} of {sentences(found.sentences)}"
    if found.foreign * 2 > found.sentences:
        yield f"This text does not seem to be English ({share}). {_ENGLISH_ONLY} in it means nothing."
    else:
        does = "does" if found.foreign == 1 else "do"
        yield f"{share} {does} not seem to be English. {_ENGLISH_ONLY} there means nothing."


def search(found: Search, *, explain: bool = False) -> Iterator[str]:
    """The matches of a query, best first, or the answer that there is none."""
    if explain and found.matches:
        yield from _legend()
    if found.as_of and found.matches:
        yield f"as of {found.as_of}:"
    yield from _answer(found, explain=explain)


def searches(found: Iterable[tuple[str, Search]], *, explain: bool = False) -> Iterator[str]:
    """Many searches, each under its name and its query; as they come."""
    for number, (name, one) in enumerate(found):
        if number == 0 and explain:
            yield from _legend()
        if number == 0 and one.as_of:
            yield f"as of {one.as_of}:"
        if number or explain or one.as_of:
            yield ""
        yield from wrapped(clean(one.query), f"{clean(name)}: ")
        yield from _answer(one, explain=explain)


def _answer(found: Search, *, explain: bool) -> Iterator[str]:
    if not found.matches:
        yield "No match: the store has no claim that shares a word or a meaning with this."
        return
    shown = [match for match in found.matches if match.relation is not Relation.UNRELATED]
    if not shown:
        yield "No match: no claim in the store says this or something near to it."
        yield "Claims that contain a word are found by: tracker list --text WORD. The nearest, hardly related:"
    said = Utterance(found.query, speaker=found.speaker)
    for match in shown or found.matches:
        yield from _match(match, explain_for=said if explain else None)


def record(found: ClaimRecord) -> Iterator[str]:
    """A claim with everything that is known about it."""
    claim = found.claim
    yield from wrapped(clean(claim.text), f"[{claim.id}] ")
    about = {
        "said by": claim.claimant,
        "said on": claim.claimed_on,
        "review headline": claim.title,
        "id in its feed": claim.external_id,
        "check-worthiness": claim.check_worthiness and f"{claim.check_worthiness:.2f}",
        "recorded": claim.recorded_at[:10],
    }
    yield from (f"    {name}: {clean(str(value))}" for name, value in about.items() if value)
    if found.retracted:
        yield from wrapped(_taken_back(found.retracted), "    ")
    for entry in found.merged:
        yield from wrapped(f"[{entry.id}] {clean(entry.text)}", "    another entry of it: ")
    yield "    verdicts:" if found.verdicts else "    no verdict yet"
    if disagree(found.verdicts):
        yield f"      {DISAGREE}"
    for verdict in found.verdicts:
        on = f"on entry {verdict.claim_id}, " * (verdict.claim_id not in (0, claim.id))
        yield from _verdict(verdict, indent=6, about=f"{on}verdict {verdict.id}: ", whole=True)
    if found.links:
        yield "    its family:"
    for link in found.links:
        because = f" (because: {clean(link.because)})" if link.because else ""
        yield from wrapped(f"[{link.claim.id}] {clean(link.claim.text)}{because}", f"      {link.relation}: ")
    if found.sightings or found.appearances:
        yield "    seen in:"
    yield from (" " * 6 + clean(url) for url in found.sightings)
    for seen in found.appearances:
        yield from wrapped(
            f"{clean(seen.source)}, characters {seen.start} to {seen.end}: “{clean(seen.quote)}”", " " * 6
        )


def listing(found: Sequence[ClaimRecord]) -> Iterator[str]:
    """A line or two a claim: its id, its text, its verdicts."""
    for one in found:
        worth = one.claim.check_worthiness
        who = f"said by {clean(one.claim.claimant)}, " if one.claim.claimant else ""
        waiting = who + (f"no verdict yet (check-worthiness {worth:.2f})" if worth is not None else "no verdict yet")
        standing = [verdict for verdict in one.verdicts if speaks(verdict)]
        gone = waits(one.verdicts) if one.verdicts else waiting
        verdicts = "; ".join(said(verdict) for verdict in standing) or gone
        yield from wrapped(clean(one.claim.text), f"[{one.claim.id}] ")
        yield from wrapped(verdicts, " " * 6)


def due(found: Sequence[tuple[ClaimRecord, Sequence[str]]]) -> Iterator[str]:
    """Claims to check again, each with the reasons."""
    for one, why in found:
        yield from listing([one])
        for reason in why:
            yield from wrapped(clean(reason), " " * 6 + "check again: ")


def addition(done: Addition) -> Iterator[str]:
    """What `add` did."""
    yield f"claim {done.claim_id} {'added' if done.created else 'is there already and was not changed'}"
    if done.verdict_id is not None and not done.created:
        yield f"verdict {done.verdict_id} stands on it; 'tracker show {done.claim_id}' shows it beside the others"


def imported(done: Imported) -> Iterator[str]:
    """What an import did."""
    rejected = len(done.rejected)
    yield f"{done.added:,} added, {done.updated:,} updated, {done.unchanged:,} unchanged, {rejected:,} rejected"
    for note, count in sorted(done.repaired.items(), key=lambda one: (-one[1], one[0])):
        yield from wrapped(f"{count:,} x {clean(note)}", "  ")


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
        if match.relation.is_contrast:
            yield f"near to it, but {RELATIONS[match.relation]}: [{number}] {clean(match.claim.text)}"
            continue
        yield f"nearly the same claim is there already: [{number}] {clean(match.claim.text)}"
        yield f"    to add a verdict to that one: tracker verdict {number} RATING --publisher NAME --url ADDRESS"


def verdict_added(number: int, found: ClaimRecord, old: Verdict | None, *, is_new: bool) -> Iterator[str]:
    """Which verdict stands on which claim now, and in whose place."""
    new = next(verdict for verdict in found.verdicts if verdict.id == number)
    yield f"verdict {number} {'added to' if is_new else 'is there already on'} claim {found.claim.id}"
    if old:
        yield from wrapped(f"    it says: {said(new)}", "")
        yield from wrapped(f"    in the place of verdict {old.id}: {said(old)}", "")


def stats(found: Mapping[str, Any]) -> Iterator[str]:
    """What the store holds, a line a fact."""
    for name, value in found.items():
        if isinstance(value, dict):
            yield f"{name}:"
            yield from (f"  {count:7,}  {clean(key)}" for key, count in value.items())
        else:
            shown = f"{value:,}" if isinstance(value, int) else clean(str(value or "none yet"))
            yield f"{name}: {shown}"


def _finding(finding: Finding, number: int, *, explain: bool) -> Iterator[str]:
    statement = finding.statement
    who = f", said by {clean(statement.speaker)}" if statement.speaker else ""
    yield ""
    yield from wrapped(clean(statement.text), f"{number:2}. ")
    yield f"    check-worthiness {statement.check_worthiness:.2f}{who}, characters {statement.start} to {statement.end}"
    if explain and statement.cues:
        yield from wrapped(f"cues: {clean(', '.join(statement.cues))}", "    ")
    claim = statement.claim or statement.text
    if claim != statement.text:
        yield from wrapped(clean(claim), "    looked for as: ")
    said = Utterance(claim, speaker=statement.speaker)
    for match in finding.matches:
        yield from _match(match, indent=4, explain_for=said if explain else None)


def _legend() -> list[str]:
    from tracker.reports.explain import LEGEND  # it brings all of matching with it, which a list need not load

    return wrapped(LEGEND, "")


def _explained(match: Match, said: Utterance, lead: str) -> Iterator[str]:
    from tracker.reports.explain import explained

    for part, words in explained(match, said):
        if round(part, 1):  # the rest may come to nothing
            yield from wrapped(clean(words), f"{lead}{part:+.1f}  ")


def _match(match: Match, *, indent: int = 0, explain_for: Utterance | None = None) -> Iterator[str]:
    lead = " " * indent
    standing = [verdict for verdict in match.verdicts if speaks(verdict)]
    waiting = "" if standing else f", {waits(match.verdicts)}"
    reasons = f" ({clean('; '.join(map(str, match.reasons)))})" if match.reasons else ""
    yield from wrapped(f"{RELATIONS[match.relation]}, p {match.probability:.2f}{reasons}{waiting}", lead + "- ")
    yield from wrapped(clean(match.claim.text), f"{lead}  [{match.claim.id}] ")
    yield from _explained(match, explain_for, f"{lead}      ") if explain_for else ()
    if disagree(standing):
        yield f"{lead}      {DISAGREE}"
    for verdict in standing:
        on = f"on its entry {verdict.claim_id}: " * (verdict.claim_id not in (0, match.claim.id))
        about = on if match.relation is Relation.SAME else OTHER
        yield from _verdict(verdict, indent=indent + 6, about=about)


def waits(verdicts: Sequence[Verdict]) -> str:
    """Why no verdict is shown: there is none, or none that stands on the day."""
    gone = [verdict.standing for verdict in verdicts]
    if Standing.NOT_YET in gone:
        return "no verdict that holds on that day"
    return "no verdict stands, what there was is retracted" if gone else "no verdict yet"


def _verdict(verdict: Verdict, *, indent: int, about: str, whole: bool = False) -> Iterator[str]:
    """A verdict with its address, remarks and evidence; `whole`: also what it corrects and what became of it."""
    lead = " " * indent
    yield from wrapped(f"{about}{said(verdict)}{_became(verdict) if whole else ''}", lead)
    for remark in verdict.remarks:
        yield from wrapped(clean(remark), f"{lead}! ")
    if whole and verdict.supersedes:
        because = f" (because: {clean(verdict.because)})" if verdict.because else ""
        yield from wrapped(f"corrects verdict {verdict.supersedes}{because}", lead)
    if verdict.url:
        yield lead + clean(verdict.url)
    if verdict.explanation:
        yield from wrapped(clean(verdict.explanation), lead)
    for one in verdict.evidence:
        yield from evidence(one, lead)


def _became(verdict: Verdict) -> str:
    return (
        f" (superseded by verdict {verdict.superseded_by})" if verdict.superseded_by else _STANDINGS[verdict.standing]
    )


def _taken_back(found: Retraction) -> str:
    because = f": {clean(found.because)}" if found.because else ""
    return f"retracted on {found.recorded_at[:10]} by {clean(found.author)}{because} (event {found.event_id})"


def evidence(found: Evidence, lead: str) -> Iterator[str]:
    """An address that a verdict rests on, what it shows, and its copy."""
    note = f": {clean(found.note)}" if found.note else ""
    yield from wrapped(f"{clean(found.url)}{note}", f"{lead}evidence: ")
    if found.archive_url:
        yield f"{lead}  copy: {clean(found.archive_url)}"


def _number(verdict: Verdict) -> str:
    """A rating that is given by a number alone, with its scale."""
    if not verdict.rating_value:
        return "a review whose rating is not recorded"
    ends = [clean(end) for end in (verdict.worst_rating, verdict.best_rating) if end]
    return f"{clean(verdict.rating_value)} on a scale of {' to '.join(ends) if len(ends) == 2 else 'unknown ends'}"


def read_as(verdict: Verdict) -> str:
    """Our reading of a rating; nothing where there is no rating, or it says just that itself."""
    if not (verdict.rating or verdict.rating_value):
        return ""
    tags = ", ".join(tag for tag in verdict.rating_tags if tag not in verdict.tags)  # the desk's own are told anyway
    if verdict.normalized == "unrated":
        read = "a rating that we cannot read"
    elif verdict.normalized == "not-rated":
        read = f"not rated: {tags}" if tags else "not rated"
    else:
        read = f"{verdict.normalized}, {tags}" if tags else verdict.normalized
    return clean(read) if fold(read.replace(",", "")) != fold(verdict.rating or "") else ""


def rating(verdict: Verdict) -> str:
    """A rating as its publisher words it, in quotation marks, or its number on its scale."""
    return f"“{clean(verdict.rating)}”" if verdict.rating else _number(verdict)


def period(verdict: Verdict) -> str:
    """The days that a verdict holds for, or held for; nothing where it names none."""
    if not (verdict.valid_from or verdict.valid_to):
        return ""
    holds = "held" if verdict.standing is Standing.OVER else "holds"
    until = f"to {verdict.valid_to}" if verdict.valid_to else "on"
    return f"{holds} from {verdict.valid_from or 'the start'} {until}"


def relation(match: Match) -> str:
    """How a statement relates to a claim, in words; of the same claim also that no verdict on it holds any more."""
    standing = {verdict.standing for verdict in match.verdicts if speaks(verdict)}
    over = match.relation is Relation.SAME and standing == {Standing.OVER}
    return f"{RELATIONS[match.relation]}{_OVER * over}"


def said(verdict: Verdict, undated: str = "") -> str:
    """A verdict in one line: rating and how it is read, publisher, day (or `undated`), period, the desk's tags."""
    read = read_as(verdict)
    whose = clean(verdict.publisher or "publisher not given")
    days = [str(one) for one in (verdict.reviewed_on or undated, period(verdict)) if one]
    tags = f" [{clean(', '.join(verdict.tags))}]" if verdict.tags else ""
    return f"{', '.join([rating(verdict) + (f' ({read})' if read else ''), whose, *days])}{tags}"
