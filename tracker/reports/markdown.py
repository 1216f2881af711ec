"""A report in Markdown, for an issue or a newsroom's CMS: the findings by outcome, without the text around them.

Whatever is quoted is shown as its letters: nothing in it becomes a heading, a link, an image, a tag or emphasis.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from tracker.claimreview.addresses import is_address
from tracker.models import Relation, Utterance
from tracker.reports import text
from tracker.reports.plain import clean
from tracker.reports.report import CAUTION, UNDATED, origin, title, unexamined, when
from tracker.reports.runs import cut
from tracker.standing import disagree, speaks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.models import Check, Evidence, Finding, Match, Span, Statement, Verdict
    from tracker.reports.report import Report

# A name with an at sign, as in a handle or an address of mail, is shown as code: GitHub links it through any escape.
_NAMED = r"[\w.+-]*@\w[\w.-]*"
_ACTIVE = re.compile(rf"({_NAMED})|[\\`*_\[\]<>&#|~$]|(?<=[a-z]):(?=//)|(?<=www)\.", re.IGNORECASE)
_LEADING = re.compile(r"^(\d{1,9}(?=[.)])|(?=[-+=]))")


def page(report: Report) -> Iterator[str]:
    """The report's lines: each article's findings, grouped by outcome, in reading order within a group."""
    many = len(report.checks) > 1
    yield f"# {escaped(report.title)}"
    yield ""
    for reason in report.left_out:
        yield f"**Not in this report:** {escaped(reason)}"
        yield ""
    number = 1
    for check in report.checks:
        if many:
            yield f"## {escaped(title(check.article))}"
            yield ""
        yield from _about(check, report)
        yield from _findings(check, number, "###" if many else "##", explain=report.explain)
        number += len(check.findings)
    yield "---"
    yield ""
    yield CAUTION


def _about(check: Check, report: Report) -> Iterator[str]:
    article = check.article
    parts = (address(origin(article)), escaped(article.author or ""), str(article.published_on or ""))
    if any(parts):
        yield " · ".join(part for part in parts if part)
        yield ""
    yield f"{text.summary(check)}. {' '.join(when(check, report.made_on))}"
    yield ""
    for words in unexamined(check):
        yield f"**{words}**"
        yield ""


def _findings(check: Check, first: int, mark: str, *, explain: bool) -> Iterator[str]:
    numbers = {id(finding): number for number, finding in enumerate(check.findings, first)}
    for outcome, group in text.grouped(check).items():
        if group:
            yield f"{mark} {text.HEADINGS[outcome].capitalize()}"
            yield ""
        for finding in group:
            yield from _finding(finding, numbers[id(finding)], explain=explain)
            yield ""


def _finding(finding: Finding, number: int, *, explain: bool) -> Iterator[str]:
    statement = finding.statement
    who = f"said by {escaped(statement.speaker)}, " if statement.speaker else ""
    yield f"> {escaped(statement.text)}"
    yield ""
    place = f"characters {statement.start} to {statement.end}"
    yield f"Statement {number}: {who}check-worthiness {statement.check_worthiness:.2f}, {place}"
    for match in finding.matches:
        yield ""
        yield from _match(match, statement, explain=explain)


def _match(match: Match, statement: Statement, *, explain: bool) -> Iterator[str]:
    said = Utterance(statement.claim or statement.text, speaker=statement.speaker)
    here = "here" if said.text == statement.text else "looked for as"
    standing = [verdict for verdict in match.verdicts if speaks(verdict)]
    reasons = f": {escaped('; '.join(map(str, match.reasons)))}" if match.reasons else ""
    yield f"- **{text.relation(match)}**, probability {match.probability:.2f}{reasons}"
    yield f"  - {here}: {marked(said.text, [span for reason in match.reasons for span in reason.here])}"
    claim = marked(match.claim.text, [span for reason in match.reasons for span in reason.there])
    yield f"  - there, claim {match.claim.id}: {claim}"
    if explain:
        yield from _explained(match, said)
    if not standing:
        yield f"  - {text.waits(match.verdicts)}"
    if disagree(standing):
        yield f"  - {text.DISAGREE}"
    for verdict in standing:
        other = "" if match.relation is Relation.SAME else text.OTHER
        yield from _verdict(verdict, other)


def _explained(match: Match, said: Utterance) -> Iterator[str]:
    from tracker.reports.explain import explained

    for part, words in explained(match, said):
        if round(part, 1):
            yield f"    - {part:+.1f} {escaped(words)}"


def _verdict(verdict: Verdict, about: str) -> Iterator[str]:
    yield f"  - {about}{escaped(text.said(verdict, UNDATED))}"
    for remark in verdict.remarks:
        yield f"    - **{escaped(remark)}**"
    if verdict.url:
        yield f"    - {address(verdict.url)}"
    if verdict.explanation:
        yield f"    - {escaped(verdict.explanation)}"
    yield from (f"    - {_evidence(one)}" for one in verdict.evidence)


def _evidence(found: Evidence) -> str:
    note = f" {escaped(found.note)}" if found.note else ""
    copy = f" (copy: {address(found.archive_url)})" if found.archive_url else ""
    return f"evidence: {address(found.url)}{note}{copy}"


def escaped(words: str) -> str:
    r"""A text on one line, as Markdown that shows just it: what would be active has a `\` before it."""
    return _LEADING.sub(r"\1\\", _inline(clean(words)))


def address(url: str) -> str:
    """A link where it is an address of the web, else its letters."""
    shown = clean(url)
    if not is_address(shown):
        return escaped(shown)
    return f"<{shown.replace('<', '%3C').replace('>', '%3E')}>"


def marked(words: str, spans: Sequence[Span]) -> str:
    """The same with these characters in bold, where Markdown can have bold there."""
    runs = groupby(cut(words, [(0, spans)]), key=lambda run: bool(run.covered_by))
    pieces = [(is_bold, "".join(run.text for run in some)) for is_bold, some in runs]
    line = ""
    for i, (is_bold, piece) in enumerate(pieces):
        following = pieces[i + 1][1][:1] if i + 1 < len(pieces) else ""
        before, inner, after = _parted(piece)
        line += before
        shown = _inline(inner)
        bold = is_bold and inner and _binds(line[-1:], shown[0]) and _binds(after or following, shown[-1])
        line += f"**{shown}**{after}" if bold else shown + after
    return _LEADING.sub(r"\1\\", line.strip())


def _inline(words: str) -> str:
    return _ACTIVE.sub(lambda found: f"`{found[1]}`" if found[1] else f"\\{found[0]}", words)


def _parted(piece: str) -> tuple[str, str, str]:
    """A piece of a line as blank or nothing, its words, blank or nothing."""
    inner = clean(piece)
    return " " * piece[:1].isspace(), inner, " " * bool(inner and piece[-1:].isspace())


def _binds(outside: str, inside: str) -> bool:
    """True where asterisks between these two characters can begin or end what is bold."""
    return inside.isalnum() or not outside.isalnum()
