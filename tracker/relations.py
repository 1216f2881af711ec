"""How a statement relates to a claim: first, deliberately timid rules over figures, years, directions and words.

Two sentences that differ in one figure or one "not" lie as near to each other for an encoder as two paraphrases, so the
score never decides. `same` is said only where nothing is left that could make a difference: articles and a few such
words aside, the two have the same words in the same order, with the same figures. Two statements of one change "from A
to B" may also differ in the verb. Every other paraphrase is `related`: too little rather than too much.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from tracker.models import Relation
from tracker.words import content_words, overlap, stem, words

if TYPE_CHECKING:
    from collections.abc import Sequence

ROUNDING = 0.02  # a figure and its rounded form are at most this far apart, relatively
SHARED_FOR_CONTRAST = 0.4  # share of common content words: below, two sentences differ in more than one respect

_MAGNITUDE = {
    **dict.fromkeys(("k", "thousand"), 1e3),
    **dict.fromkeys(("m", "mn", "million"), 1e6),
    **dict.fromkeys(("bn", "billion"), 1e9),
    **dict.fromkeys(("tn", "trillion"), 1e12),
}
_SIGNS = "$£€¥₹₽₴₩₺₪"
_FIGURE = re.compile(
    rf"(?<![\w.,−-])(?P<money>(?:[A-Z]{{1,3}}(?=\$))?[{_SIGNS}])?"
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:[ -]?(?P<magnitude>k|thousand|mn?|million|bn|billion|tn|trillion)\b)?(?![\d]|[,.]\d)"
    r"(?:\s*(?P<share>percentage points?|%|per ?cent\b|pc\b)|(?P<glued>[^\W\d_]+))?",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"(?<![\d,.$£€])(?:1[89]\d\d|20\d\d)s?(?![\d,.]\d|\s*(?:%|per ?cent|troops|people|soldiers))\b")
_NEGATION = re.compile(
    r"\b(?:not|never|no|none|nobody|nothing|neither|nor|without|cannot|false|hoax)\b|n['’]t\b", re.IGNORECASE
)
_WHEN_SAID = re.compile(  # a time that depends on the day on which it was said
    r"\b(?:today|tonight|yesterday|tomorrow|overnight|ago|on (?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|(?:last|this|next|past) (?:night|weekend|week|month|quarter|year|decade|spring|summer|autumn|fall|winter"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day))\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"\b[A-Z]\w+")
_UP = frozenset("rise rises rising rose risen increase increases increasing increased grow grows grew grown up".split())
_DOWN = frozenset(
    "fall falls falling fell fallen decrease decreases decreasing decreased drop drops dropped down".split()
)
_DOWN |= frozenset("decline declines declined".split())
_MORE, _LESS = frozenset({"more", "higher", "doubled"}), frozenset({"less", "fewer", "lower", "halved"})
_CHANGE = _UP | _DOWN | frozenset("go goes went gone expand expanded cut raise raised reduce reduced".split())
# May stand in one sentence and not in the other, whatever else it says.
_LIGHT = frozenset("a an the this that these those its of also actually really unfortunately".split())
# The same, where both sentences state a change from one figure to another.
_LIGHT_IN_CHANGE = _CHANGE | frozenset("has have just now one from to".split())
_HEDGES = frozenset("about around roughly nearly almost approximately some".split())
_FIGURE_MARK = "figurehere"  # stands for a figure while a sentence is cut into words


class Figure(NamedTuple):
    """A number in a sentence; `unit` is a currency sign, `%`, `points`, the letters right behind it, or nothing.

    `hedged` where the sentence says "about", "nearly" or the like right before it.
    """

    value: float
    unit: str
    hedged: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the rules read off one sentence.

    `tokens` are its words in order, lower case, with `#` in the place of a figure; `numerals` are digits that are
    neither a figure nor a year; `content` its content words (`words.content_words`), figures and years left out;
    `when_said` its words for a time that depends on the day they were said ("last year").
    """

    figures: tuple[Figure, ...]
    years: frozenset[str]
    numerals: frozenset[str]
    negations: tuple[str, ...]
    names: frozenset[str]
    tokens: tuple[str, ...]
    content: frozenset[str]
    direction: str
    when_said: str

    @property
    def negated(self) -> bool:
        """True for an odd number of negations: two cancel out."""
        return len(self.negations) % 2 == 1

    @property
    def is_change(self) -> bool:
        """True for "from A to B" with a figure each, and no other from and to that could be exchanged."""
        steps = [token for token in self.tokens if token in ("from", "to", "#")]
        return len(self.figures) == 2 and steps == ["from", "#", "to", "#"]

    @property
    def counted(self) -> str:
        """The one word behind the last figure that ends the sentence ("300,000 troops."), if there is one."""
        return stem(self.tokens[-1]) if self.tokens[-2:-1] == ("#",) else ""


def figures(text: str) -> tuple[Figure, ...]:
    """The figures of a text in order, years aside: `evidence(text).figures`, in a tenth of the time."""
    if not _DIGIT.search(text):
        return ()
    return tuple(_figure(m, text) for m in _figures(text, list(_YEAR.finditer(text))))


def _figures(text: str, years: Sequence[re.Match[str]]) -> list[re.Match[str]]:
    starts = {year.start() for year in years}
    return [m for m in _FIGURE.finditer(text) if m["magnitude"] or m["money"] or m.start("number") not in starts]


@lru_cache(maxsize=4096)
def evidence(text: str) -> Evidence:
    """The figures, years, negations, capitalised words, direction and words of a sentence."""
    years = list(_YEAR.finditer(text))
    found_figures = _figures(text, years)
    marked, rest = text, text
    for found in sorted((*years, *found_figures), key=lambda m: -m.start()):
        rest = rest[: found.start()] + " " * len(found[0]) + rest[found.end() :]
    for found in reversed(found_figures):
        marked = f"{marked[: found.start()]} {_FIGURE_MARK} {marked[found.end() :]}"
    first = len(text) - len(text.lstrip("\"'“‘ "))  # the first word has a capital anyway
    marked = re.sub(r"n['’]t\b", " not", marked)
    tokens = tuple("#" if word == _FIGURE_MARK else word for word in words(marked))
    return Evidence(
        tuple(_figure(m, text) for m in found_figures),
        frozenset(year[0] for year in years),
        frozenset(re.findall(r"\d+", rest)),
        tuple(_NEGATION.findall(text)),
        frozenset(m[0].lower() for m in _NAME.finditer(rest) if m.start() > first or m[0].isupper()),
        tokens,
        frozenset(word for word in content_words(rest) if not word[0].isdigit()),
        "up" * (not (_UP | _MORE).isdisjoint(tokens)) + "down" * (not (_DOWN | _LESS).isdisjoint(tokens)),
        " and ".join(_WHEN_SAID.findall(text)),
    )


def relate(statement: str, claim: str) -> tuple[Relation, tuple[str, ...]]:
    """The relation of a statement to a claim about the same topic, with the reasons. Never `unrelated`.

    Decided by the first that fits: another figure, another year, the opposite, the same, related.
    """
    here, there = evidence(statement), evidence(claim)
    if overlap(here.content | there.content, here.content & there.content) >= SHARED_FOR_CONTRAST:
        contrast = _contrast(here, there)
        if contrast:
            return contrast
    doubt = _doubt(here, there) or _exchanged(here, there)
    if doubt:
        return Relation.RELATED, (doubt,)
    agree = (f"figures agree: {_list(there.figures)}",) if here.figures else ()
    return Relation.SAME, (*agree, "the same change" if here.is_change else "the same words")


def _contrast(here: Evidence, there: Evidence) -> tuple[Relation, tuple[str, ...]] | None:
    """The one respect in which two sentences differ that share most of their words."""
    if here.figures and there.figures and not _agree(sorted(here.figures), sorted(there.figures), loosely=True):
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
    names = here.names | there.names
    strangers = (names - set(here.tokens)) | (names - set(there.tokens))
    doubts = {
        f"figures: {_list(there.figures) or 'none'} there, {_list(here.figures) or 'none'} here": not _agree(
            here.figures, there.figures
        ),
        f"numbers: {_joined(here.numerals ^ there.numerals)} on one side only": here.numerals != there.numerals,
        f"period: {_joined(there.years) or 'none'} there, {_joined(here.years) or 'none'} here": (
            here.years != there.years
        ),
        f"direction: {there.direction} there, {here.direction} here": (
            {here.direction, there.direction} == {"up", "down"}
        ),
        # Two negations may cancel out, or deny two things.
        "a negation on one side only": len(here.negations) != len(there.negations),
        f"names: {_joined(strangers)} on one side only": bool(strangers),
        f"time: '{here.when_said or there.when_said}' depends on the day it was said": bool(
            here.when_said or there.when_said
        ),
        "no words": not here.tokens or not there.tokens,
    }
    return next((doubt for doubt, holds in doubts.items() if holds), None)


def _exchanged(here: Evidence, there: Evidence) -> str | None:
    """Which words one sentence has and the other has not, or that they stand in another order."""
    in_change = here.is_change and there.is_change
    if in_change and here.counted and there.counted and here.counted != there.counted:
        return f"words: '{here.tokens[-1]}' here, '{there.tokens[-1]}' there"
    ours, theirs = _telling(here, in_change=in_change), _telling(there, in_change=in_change)
    keys, others = [key for key, _ in ours], [key for key, _ in theirs]
    if keys == others:
        return None
    only_here = [word for key, word in ours if key not in others]
    only_there = [word for key, word in theirs if key not in keys]
    if not only_here and not only_there:
        return "the words stand in another order"
    return f"words: {_first(only_here)} here, {_first(only_there)} there"


def _telling(one: Evidence, *, in_change: bool) -> list[tuple[str, str]]:
    """The words that must be the same, in order, each as what is compared and as it is written.

    Where both sentences state a change "from A to B", the order of the figures says which way it went, so the verb may
    differ, and what is counted may stand behind the last figure or not.
    """
    tokens = one.tokens
    if in_change and one.counted:
        tokens = tokens[:-1]
    light = _LIGHT | _LIGHT_IN_CHANGE if in_change else _LIGHT
    return [
        ("up" if word in _UP else "down" if word in _DOWN else stem(word), word)
        for word, following in zip_longest(tokens, tokens[1:])
        if word not in light and not (word in _HEDGES and following == "#")
    ]


def _agree(here: Sequence[Figure], there: Sequence[Figure], *, loosely: bool = False) -> bool:
    """True where the figures are the same one by one.

    A rounded figure is the same only where the sentence says that it is rounded ("nearly 300,000" for 298,500);
    `loosely` takes any rounding, and a unit that only one of them names: too little to call it another figure.
    """
    return len(here) == len(there) and all(_is_same(a, b, loosely) for a, b in zip(here, there, strict=True))


def _is_same(one: Figure, other: Figure, loosely: bool) -> bool:
    if one.unit != other.unit and not (loosely and "" in (one.unit, other.unit)):
        return False
    if one.value == other.value:
        return True
    exact, coarse = sorted((one, other), key=lambda figure: _step(figure.value))
    step = _step(coarse.value)
    near = abs(exact.value - coarse.value) <= min(step / 2, ROUNDING * coarse.value)
    may_be_rounded = exact.value >= 1000 or not exact.value.is_integer()  # nobody rounds a small count
    return (coarse.hedged or loosely) and step > _step(exact.value) and near and may_be_rounded


def _step(value: float) -> float:
    """The place of the last digit that is not zero: 100,000 for 300,000, 0.1 for 9.1."""
    exponent = Decimal(f"{value:.12g}").normalize().as_tuple().exponent
    return 10.0**exponent if isinstance(exponent, int) else value  # hundreds of digits are no number any more


def _figure(match: re.Match[str], text: str) -> Figure:
    value = float(match["number"].replace(",", "")) * _MAGNITUDE.get((match["magnitude"] or "").casefold(), 1)
    share = (match["share"] or "").casefold()
    unit = "points" if "point" in share else "%" if share else (match["glued"] or "").casefold()
    before = re.findall(r"\w+", text[max(0, match.start() - 20) : match.start()])
    hedged = bool(before) and before[-1].lower() in _HEDGES
    return Figure(value, (match["money"] or "").upper().replace("US$", "$") + unit, hedged)


def _list(figures: tuple[Figure, ...]) -> str:
    return " and ".join(_written(figure) for figure in figures)


def _written(figure: Figure) -> str:
    number = f"{figure.value:,.0f}" if figure.value.is_integer() else f"{figure.value:,.10g}"
    if figure.unit == "points":
        return f"{number} points"
    return f"{figure.unit}{number}" if figure.unit[-1:] in _SIGNS else f"{number}{figure.unit}"


def _first(found: list[str], most: int = 4) -> str:
    return f"'{' '.join(found[:most])}{' ...' * (len(found) > most)}'" if found else "nothing"


def _joined(found: frozenset[str] | set[str]) -> str:
    return ", ".join(sorted(found))
