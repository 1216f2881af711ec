"""A report as one page that holds all it needs: the text with each statement marked, the matches, the filters.

What it shows comes from pages and feeds of anybody. The template engine escapes every value, an address becomes a link
only where it is one of the web, and the page's own policy lets it load nothing and run nothing but its own script.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections import Counter
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker import __version__
from tracker.claimreview.addresses import is_address
from tracker.matching import conclude
from tracker.models import Finding, Match, Outcome, Relation, Statement, Utterance, Verdict
from tracker.reports import text
from tracker.reports.plain import clean
from tracker.reports.report import CAUTION, UNDATED, nothing, origin, title, unexamined, when
from tracker.reports.runs import Run, cut
from tracker.standing import disagree, speaks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jinja2 import Environment, Template

    from tracker.models import Check
    from tracker.reports.report import Report

_TEMPLATES = Path(__file__).parent / "templates"
_SPEAKERS = 30  # those who say most can be chosen one by one
_LONG = 300  # characters from which an explanation is told once an article
_GAP = re.compile(r"\s*\n[^\S\n]*\n\s*")
# Controls but for tab and line end, halves of characters, what is none: a parser would drop or refuse them.
_NOT_SHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

# What turns the reading direction of all that follows it: the text of the article keeps it, a card does without.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Shown:
    """A match as the page shows it: both sentences in runs, the verdicts that speak, and why where that is asked for.

    `outcome` is what it alone would come to. `told_at` has, for a verdict whose long explanation stands at an earlier
    statement, that one's number.
    """

    match: Match
    outcome: Outcome
    here: tuple[Run, ...]
    there: tuple[Run, ...]
    verdicts: tuple[Verdict, ...]
    told_at: Mapping[int, int]
    parts: tuple[tuple[float, str], ...]

    @property
    def disagree(self) -> bool:
        """True where verdicts differ."""
        return disagree(self.verdicts)


@dataclass(frozen=True, slots=True)
class Card:
    """A finding with its number on the page, the number of its speaker (0: nobody is named), and its matches."""

    number: int
    finding: Finding
    speaker: int
    matches: tuple[Shown, ...]

    @property
    def tenths(self) -> int:
        """The check-worthiness in whole tenths, as the filter has it."""
        return int(round(self.finding.statement.check_worthiness, 2) * 10 + 1e-9)

    @property
    def claim(self) -> str:
        """The statement as it was looked for."""
        return self.finding.statement.claim or self.finding.statement.text

    @property
    def hint(self) -> str:
        """That the store has a claim that nothing is said of, which a closed card would not show."""
        if self.finding.outcome is not Outcome.UNMATCHED or not self.matches:
            return ""
        return f"a claim in the store, {text.waits(self.matches[0].match.verdicts)}"


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of an article: the white space before it, and its runs, each with the card that it belongs to."""

    gap: str
    runs: tuple[tuple[str, Card | None], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One article on the page: its check, its cards in reading order, and its text in passages."""

    check: Check
    cards: tuple[Card, ...]
    passages: tuple[Passage, ...]

    def group(self, outcome: Outcome) -> list[Card]:
        """The cards with this outcome."""
        return [card for card in self.cards if card.finding.outcome is outcome]


def page(report: Report) -> str:
    """The whole page; it is well-formed XML too, so that any parser reads the same from it."""
    shown = contents(report)
    policy = f"default-src 'none'; style-src {hashed(shown['style'])}; script-src {hashed(shown['script'])}; {_POLICY}"
    return f"{_template('article.html').render(**shown, policy=policy).strip()}\n"


def contents(report: Report) -> dict[str, Any]:
    """What the page's template shows, but for the policy: for templates that build on it."""
    speakers = _speakers(report)
    parts = list(_parts(report, speakers))
    cards = [card for part in parts for card in part.cards]
    return {
        "report": report,
        "parts": parts,
        "counts": Counter(card.finding.outcome for card in cards),
        "speakers": _choices(cards, speakers),
        "tenths": sorted({card.tenths for card in cards})[1:],
        "style": _style(range(len(speakers) + 2)),
        "script": asset("article.js"),
    }


_POLICY = "base-uri 'none'; form-action 'none'"


# --- what the page shows ----------------------------------------------------------------------------------------------


def _speakers(report: Report) -> dict[str, int]:
    """Those who say most, each with a number from 1."""
    said = [finding.statement.speaker for check in report.checks for finding in check.findings]
    most = Counter(one for one in said if one).most_common(_SPEAKERS)
    return {name: number for number, (name, _) in enumerate(most, 1)}


def _choices(cards: Sequence[Card], speakers: Mapping[str, int]) -> list[tuple[int, str, int]]:
    """Whom the filter offers: number, name, how many statements."""
    counts = Counter(card.speaker for card in cards)
    names = {number: clean(name) for name, number in speakers.items()}
    names |= {len(speakers) + 1: "Anybody else", 0: "Nobody named"}
    return [(number, name, counts[number]) for number, name in names.items() if counts[number]]


def _parts(report: Report, speakers: Mapping[str, int]) -> Iterator[Part]:
    number = 0
    for check in report.checks:
        numbered = list(enumerate(check.findings, number + 1))
        number += len(numbered)
        told: dict[int, int] = {}
        order = sorted(numbered, key=lambda one: list(Outcome).index(one[1].outcome))  # as the page lists them
        cards = {n: _card(n, finding, speakers, told, explain=report.explain) for n, finding in order}
        ordered = tuple(cards[n] for n, _ in numbered)
        yield Part(check, ordered, tuple(_passages(check.article.text, ordered)))


def _card(number: int, finding: Finding, speakers: Mapping[str, int], told: dict[int, int], *, explain: bool) -> Card:
    """A finding's card; `told` learns at which number a verdict is explained."""
    statement = finding.statement
    speaker = speakers.get(statement.speaker, len(speakers) + 1) if statement.speaker else 0
    said = Utterance(statement.claim or statement.text, speaker=statement.speaker)
    shown = []
    for match in finding.matches:
        verdicts = tuple(verdict for verdict in match.verdicts if speaks(verdict))
        long = [verdict.id for verdict in verdicts if len(verdict.explanation or "") > _LONG or verdict.evidence]
        told_at = {one: told[one] for one in long if told.get(one, number) != number}
        told.update({one: number for one in long if one not in told})
        shown.append(_shown(match, said, statement, verdicts, told_at, explain=explain))
    return Card(number, finding, speaker, tuple(shown))


def shown_match(match: Match, said: Utterance) -> Shown:
    """A match of a text that is no article's, with all that is told of it."""
    statement = Statement(said.text, 0, len(said.text), 1.0)
    verdicts = tuple(verdict for verdict in match.verdicts if speaks(verdict))
    return _shown(match, said, statement, verdicts, {}, explain=False)


def _shown(
    match: Match,
    said: Utterance,
    statement: Statement,
    verdicts: tuple[Verdict, ...],
    told_at: Mapping[int, int],
    *,
    explain: bool,
) -> Shown:
    here = cut(said.verbatim or said.text, enumerate(reason.here for reason in match.reasons))
    there = cut(match.claim.text, enumerate(reason.there for reason in match.reasons))
    parts = _explained(match, said) if explain else ()
    outcome = conclude(statement, [match], 1).outcome
    return Shown(match, outcome, tuple(here), tuple(there), verdicts, told_at, tuple(parts))


def _explained(match: Match, said: Utterance) -> Iterator[tuple[float, str]]:
    from tracker.reports.explain import explained

    return ((part, words) for part, words in explained(match, said) if round(part, 1))


def _passages(article: str, cards: Sequence[Card]) -> Iterator[Passage]:
    """The article's text at blank lines, but for those in a statement; together the passages are the text."""
    numbers = {card.number: card for card in cards}
    spans = [(card.number, [(card.finding.statement.start, card.finding.statement.end)]) for card in cards]
    gap, runs = "", list[tuple[str, Card | None]]()
    for run in cut(article, spans):
        if run.covered_by:
            runs.append((run.text, numbers[run.covered_by[0]]))
            continue
        start = 0
        for blank in _GAP.finditer(run.text):
            before = run.text[start : blank.start()]
            if runs or before:
                yield Passage(gap, (*runs, (before, None)))
                gap, runs = "", []
            gap += blank[0]
            start = blank.end()
        if rest := run.text[start:]:
            runs.append((rest, None))
    yield Passage(gap, tuple(runs))


# --- how it is written ------------------------------------------------------------------------------------------------


def _style(speakers: range) -> str:
    """The style sheet; a choice of the filters is read from the form itself, so that no script is needed for it."""
    chosen = [f".page:has(#by option[value='{n}']:checked) [data-by]:not([data-by='{n}'])" for n in speakers]
    low = [
        f".page:has(#worth option[value='{n}']:checked) :is({', '.join(f'.w{less}' for less in range(n))})"
        for n in range(1, 11)
    ]
    hidden = [f".page:has(#show-{one}:not(:checked)) .is-{one}" for one in Outcome]
    return f"{asset('sheet.css')}\n{asset('article.css')}".replace(
        ".left-out", f":is({', '.join([*chosen, *low, *hidden])})"
    )


def hashed(content: str) -> str:
    """What a policy that allows this one script or style sheet names it by."""
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"


@cache
def asset(name: str) -> str:
    """A style sheet or a script of the pages."""
    return (_TEMPLATES / name).read_text(encoding="utf-8")


@cache
def _template(name: str) -> Template:
    return environment().get_template(name)


def environment(*folders: Path) -> Environment:
    """The template engine, which escapes what it is given; templates in `folders` may build on the report's own."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader([*folders, _TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_exact,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    _teach(made)
    return made


def _teach(made: Environment) -> None:
    """The words that the other reports use too."""
    from tracker.reports.explain import LEGEND

    made.globals |= {
        "version": __version__,
        "outcomes": list(Outcome),
        "same": Relation.SAME,
        "headings": text.HEADINGS,
        "counted": text.COUNTED,
        "caution": CAUTION,
        "undated": UNDATED,
        "legend": LEGEND,
        "differ": text.DISAGREE,
    }
    told = (title, origin, when, unexamined, nothing, clean, is_address)
    words = (text.rating, text.read_as, text.period, text.waits, text.summary, text.sentences, text.relation)
    made.globals |= {one.__name__: one for one in (*told, *words)}
    made.filters["straight"] = lambda words: _TURNS.sub("", words)
    made.filters["letters"] = lambda numbers: " ".join(_letter(number) for number in numbers)


def _letter(number: int) -> str:
    return chr(ord("a") + number) if number < 26 else str(number + 1)


def _exact(value: Any) -> Any:
    """A text as every parser hands it back: a carriage return as its number, and a sign for what cannot be shown."""
    from markupsafe import Markup, escape

    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return escape(_NOT_SHOWN.sub("\ufffd", value)).replace("\r", Markup("&#13;"))
