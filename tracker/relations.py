"""How a statement relates to a claim: first, deliberately timid rules over figures, years, negation and shared words.

Two sentences that differ in one figure or one "not" lie as near to each other for an encoder as two paraphrases, so
the score never decides: `same` needs figures, years, names, direction and negation to agree and most words to be shared.
What these rules cannot tell apart (a swapped name, a conversion of units, another tense) is `related`, never `same`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from tracker.models import Relation
from tracker.words import content_words, overlap, words

ROUNDING = 0.02  # two figures this near, relatively, are the same figure rounded
SHARED_FOR_SAME = (
    0.8,
    0.65,
    0.5,
)  # share of common words that `same` needs, by how many figures agree: 0, 1, 2 or more
SHARED_FOR_CONTRAST = 0.4  # below, two sentences differ in more than one respect

_MAGNITUDE = {
    **dict.fromkeys(("k", "thousand"), 1e3),
    **dict.fromkeys(("m", "mn", "million"), 1e6),
    **dict.fromkeys(("bn", "billion"), 1e9),
    **dict.fromkeys(("tn", "trillion"), 1e12),
}
_FIGURE = re.compile(
    r"(?<![\w.,-])(?P<money>[$£€])?(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:[ -]?(?P<magnitude>k|thousand|mn?|million|bn|billion|tn|trillion)\b)?(?![\d]|[,.]\d)"
    r"\s*(?P<share>percentage points?|%|per ?cent\b)?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\d,.$£€])(?:1[89]\d\d|20\d\d)(?![\d,.]\d|\s*(?:%|per ?cent|troops|people|soldiers))\b")
_NEGATION = re.compile(
    r"\b(?:not|never|no|none|nobody|nothing|neither|nor|without|cannot|false|hoax)\b|n['’]t\b", re.IGNORECASE
)
_NAME = re.compile(r"\b[A-Z]\w+")
_UP = frozenset(
    [
        "rise",
        "rose",
        "risen",
        "increase",
        "increased",
        "increasing",
        "grow",
        "grew",
        "grown",
        "up",
        "expand",
        "expanded",
        "more",
        "higher",
        "doubled",
    ]
)
_DOWN = frozenset(
    [
        "fall",
        "fell",
        "fallen",
        "decrease",
        "decreased",
        "decreasing",
        "drop",
        "dropped",
        "decline",
        "declined",
        "down",
        "cut",
        "cuts",
        "shrink",
    ]
)
_DOWN |= frozenset(["shrank", "reduce", "reduced", "fewer", "less", "lower", "halved"])


class Figure(NamedTuple):
    """A number as a sentence states it; `unit` is a currency sign, `%`, `points` or nothing."""

    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the rules read off one sentence, in the order of its words."""

    figures: tuple[Figure, ...]
    years: frozenset[str]
    negations: tuple[str, ...]
    names: frozenset[str]
    words: tuple[str, ...]
    direction: str

    @property
    def negated(self) -> bool:
        """True for an odd number of negations: two cancel out."""
        return len(self.negations) % 2 == 1


@lru_cache(maxsize=4096)
def evidence(text: str) -> Evidence:
    """The figures, years, negations, capitalised words and direction of a sentence."""
    years = frozenset(_YEAR.findall(text))
    figures = tuple(
        _figure(m) for m in _FIGURE.finditer(text) if m["magnitude"] or m["money"] or m["number"] not in years
    )
    first = len(text) - len(text.lstrip("\"'“‘ "))  # the first word has a capital anyway
    names = frozenset(m[0].casefold() for m in _NAME.finditer(text) if m.start() > first or m[0].isupper())
    order = tuple(dict.fromkeys(words(text)))
    direction = "up" * (not _UP.isdisjoint(order)) + "down" * (not _DOWN.isdisjoint(order))
    return Evidence(figures, years, tuple(_NEGATION.findall(text)), names, order, direction)


def relate(statement: str, claim: str) -> tuple[Relation, tuple[str, ...]]:
    """The relation of a statement to a claim about the same topic, with the reasons. Never `unrelated`.

    Decided by the first that fits: another figure, another year, the opposite, the same, related.
    """
    here, there = evidence(statement), evidence(claim)
    shared = _shared(statement, claim)
    contrast = _contrast(here, there) if shared >= SHARED_FOR_CONTRAST else None
    if contrast:
        return contrast
    doubt = _doubt(here, there)
    percent = f"{shared:.0%} of the words shared"
    if doubt or shared < SHARED_FOR_SAME[min(len(here.figures), 2)]:
        return Relation.RELATED, (doubt or percent,)
    return Relation.SAME, (f"figures agree: {_list(there.figures)}", percent) if here.figures else (percent,)


def _contrast(here: Evidence, there: Evidence) -> tuple[Relation, tuple[str, ...]] | None:
    """The one respect in which two sentences differ that share most of their words."""
    if here.figures and there.figures and not _agree(sorted(here.figures), sorted(there.figures)):
        return Relation.DIFFERENT_FIGURE, (f"figure: {_list(there.figures)} there, {_list(here.figures)} here",)
    if here.years and there.years and here.years.isdisjoint(there.years):
        return Relation.DIFFERENT_TIME, (f"period: {_joined(there.years)} there, {_joined(here.years)} here",)
    if {here.direction, there.direction} == {"up", "down"}:
        return Relation.OPPOSITE, (f"direction: {there.direction} there, {here.direction} here",)
    if here.negated != there.negated:
        word, side = (here.negations[0], "here") if here.negated else (there.negations[0], "there")
        return Relation.OPPOSITE, (f"negation: '{word}' {side} only",)
    return None


def _doubt(here: Evidence, there: Evidence) -> str | None:
    """Why two sentences must not be called the same, whatever they share."""
    if not _agree(here.figures, there.figures):
        return f"figures: {_list(there.figures) or 'none'} there, {_list(here.figures) or 'none'} here"
    if here.years != there.years:
        return f"period: {_joined(there.years) or 'none'} there, {_joined(here.years) or 'none'} here"
    if here.negated != there.negated:
        return "a negation on one side only"
    names = here.names | there.names
    missing = (names - set(here.words)) | (names - set(there.words))
    if missing:
        return f"names: {_joined(missing)} on one side only"
    if [word for word in here.words if word in names] != [word for word in there.words if word in names]:
        return "the names stand in another order"
    return None


def _shared(statement: str, claim: str) -> float:
    """The share of the words of both that both have, figures left out: they are judged by their values."""
    one, other = (
        frozenset(word for word in content_words(text) if not word[0].isdigit()) for text in (statement, claim)
    )
    return overlap(one | other, one & other)


def _agree(here: list[Figure] | tuple[Figure, ...], there: list[Figure] | tuple[Figure, ...]) -> bool:
    """True where the figures are the same one by one, but for rounding."""
    return len(here) == len(there) and all(
        a.unit == b.unit and abs(a.value - b.value) <= ROUNDING * max(a.value, b.value)
        for a, b in zip(here, there, strict=True)
    )


def _figure(match: re.Match[str]) -> Figure:
    value = float(match["number"].replace(",", "")) * _MAGNITUDE.get((match["magnitude"] or "").casefold(), 1)
    share = (match["share"] or "").casefold()
    return Figure(value, match["money"] or ("points" if "point" in share else "%" if share else ""))


def _list(figures: tuple[Figure, ...]) -> str:
    return " and ".join(_written(figure) for figure in figures)


def _written(figure: Figure) -> str:
    number = f"{figure.value:,.10g}"
    if figure.unit == "points":
        return f"{number} points"
    return f"{number}%" if figure.unit == "%" else f"{figure.unit}{number}"


def _joined(found: frozenset[str] | set[str]) -> str:
    return ", ".join(sorted(found))
