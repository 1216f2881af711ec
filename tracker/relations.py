"""How a statement relates to a claim: first, deliberately timid rules over figures, years, negation and shared words.

Two sentences that differ in one figure or one "not" lie as near to each other for an encoder as two paraphrases, so the
score never decides: `same` needs figures, years, names, direction and negation to agree, most words to be shared, in
one order, and no word exchanged for another. What these rules cannot tell apart (a swapped name, a synonym, a
conversion of units, another tense) is `related`, never `same`. Not noticed yet: one added word that narrows the claim.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from tracker.models import Relation
from tracker.words import content_words, overlap, stem, words

ROUNDING = 0.02  # a figure and its rounded form are at most this far apart, relatively
SHARED_FOR_SAME = 0.8  # share of common words that `same` needs, those aside that make no difference
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
_YEAR = re.compile(r"(?<![\d,.$£€])(?:1[89]\d\d|20\d\d)s?(?![\d,.]\d|\s*(?:%|per ?cent|troops|people|soldiers))\b")
_NEGATION = re.compile(
    r"\b(?:not|never|no|none|nobody|nothing|neither|nor|without|cannot|false|hoax)\b|n['’]t\b", re.IGNORECASE
)
_PLAIN_NEGATION = re.compile(r"(?:not|never|no|cannot|.*n't)$")
_NAME = re.compile(r"\b[A-Z]\w+")
_UP = frozenset(
    """
    rise rose risen increase increased increasing grow grew grown up expand expanded more higher doubled
    """.split()  # noqa: SIM905
)
_DOWN = frozenset(
    """
    fall fell fallen decrease decreased decreasing drop dropped decline declined down cut cuts shrink shrank reduce
    reduced fewer less lower halved
    """.split()  # noqa: SIM905
)
_MORE = frozenset(["more", "less", "fewer", "higher", "lower", "doubled", "halved"])
_CHANGE = (_UP | _DOWN | frozenset(["go", "goes", "went", "gone", "going"])) - _MORE
_LIGHT = frozenset(  # may stand in one sentence and not in the other, or be exchanged for one another
    """
    a an and the this that these those there it its their of as than so too very just now also then one
    about around roughly nearly almost approximately actually really unfortunately currently
    did do does doing had has have having said says which who
    """.split()  # noqa: SIM905
)
_DECIDING = frozenset(  # changes what a sentence claims, wherever it is added
    """
    is are was were be been being will would can could may might must should before after until during since from to
    into by over under up down off out through against if or because all any both each every few half many more most
    much only other same some several again first last next once twice double doubled halved triple tripled quarter
    third least less zero two three four five six seven eight nine ten eleven twelve dozen twenty thirty forty fifty
    sixty seventy eighty ninety hundred hundreds thousand thousands million millions billion billions trillion trillions
    """.split()  # noqa: SIM905
)


class Figure(NamedTuple):
    """A number in a sentence; `unit` is a currency sign, `%`, `points`, the letters right behind it, or nothing."""

    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the rules read off one sentence, in the order of its words.

    `numerals` are digits that are no figure; `words` and `content` (see `content_words`) leave figures and years out.
    """

    figures: tuple[Figure, ...]
    years: frozenset[str]
    numerals: frozenset[str]
    negations: tuple[str, ...]
    names: frozenset[str]
    words: tuple[str, ...]
    content: frozenset[str]
    direction: str

    @property
    def negated(self) -> bool:
        """True for an odd number of negations: two cancel out."""
        return len(self.negations) % 2 == 1

    @property
    def is_change(self) -> bool:
        """True for "from A to B" with a figure each."""
        return len(self.figures) == 2 and {"from", "to"} <= set(self.words)


@lru_cache(maxsize=4096)
def evidence(text: str) -> Evidence:
    """The figures, years, negations, capitalised words and direction of a sentence."""
    years = list(_YEAR.finditer(text))
    starts = {year.start() for year in years}
    figures = [m for m in _FIGURE.finditer(text) if m["magnitude"] or m["money"] or m.start("number") not in starts]
    rest = text
    for found in (*years, *figures):
        rest = rest[: found.start()] + " " * len(found[0]) + rest[found.end() :]
    first = len(text) - len(text.lstrip("\"'“‘ "))  # the first word has a capital anyway
    order = tuple(dict.fromkeys(words(rest)))
    return Evidence(
        tuple(map(_figure, figures)),
        frozenset(year[0] for year in years),
        frozenset(re.findall(r"\d+", rest)),
        tuple(_NEGATION.findall(text)),
        frozenset(m[0].casefold() for m in _NAME.finditer(rest) if m.start() > first or m[0].isupper()),
        order,
        frozenset(word for word in content_words(rest) if not word[0].isdigit()),
        "up" * (not _UP.isdisjoint(order)) + "down" * (not _DOWN.isdisjoint(order)),
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
    ours, theirs = _telling(here, there), _telling(there, here)
    doubt = _doubt(here, there) or _exchanged(ours, theirs)
    shared = overlap(ours.keys() | theirs.keys(), ours.keys() & theirs.keys())
    percent = f"{shared:.0%} of the words shared"
    if doubt or shared < SHARED_FOR_SAME:
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
    if here.numerals != there.numerals:
        return f"numbers: {_joined(here.numerals ^ there.numerals)} on one side only"
    if here.years != there.years:
        return f"period: {_joined(there.years) or 'none'} there, {_joined(here.years) or 'none'} here"
    if len(here.negations) != len(there.negations):  # two may cancel out, or deny two things
        return "a negation on one side only"
    names = here.names | there.names
    missing = (names - set(here.words)) | (names - set(there.words))
    if missing:
        return f"names: {_joined(missing)} on one side only"
    return None


def _exchanged(here: dict[str, str], there: dict[str, str]) -> str | None:
    """Whether a word was exchanged, a deciding one added, or the order changed."""
    missing, added = here.keys() - there.keys(), there.keys() - here.keys()
    if (missing and added) or not _DECIDING.isdisjoint(missing | added):
        ours, theirs = _first(here, missing), _first(there, added)
        return f"words: {ours} here, {theirs} there"
    common = (here.keys() & there.keys()) - _DECIDING
    if [word for word in here if word in common] != [word for word in there if word in common]:
        return "the words stand in another order"
    return None


def _telling(one: Evidence, other: Evidence) -> dict[str, str]:
    """The words of one sentence that must not be exchanged for others, by their stems, in order.

    Figures and negations are judged by themselves, and so is the direction: two words for one direction count as one,
    and where both state a change "from A to B" the verb says no more.
    """
    light = _CHANGE if one.direction == other.direction != "" or (one.is_change and other.is_change) else frozenset()
    return {
        word if word in _DECIDING else stem(word): word
        for word in one.words
        if not (word in _LIGHT or word in light or word[0].isdigit() or _PLAIN_NEGATION.match(word))
    }


def _agree(here: list[Figure] | tuple[Figure, ...], there: list[Figure] | tuple[Figure, ...]) -> bool:
    """True where the figures are the same one by one, but for rounding."""
    return len(here) == len(there) and all(
        a.unit == b.unit and _is_rounded(*sorted((a.value, b.value), key=_step))
        for a, b in zip(here, there, strict=True)
    )


def _is_rounded(exact: float, coarse: float) -> bool:
    """True where `coarse` is `exact` to fewer digits and not far from it: 300,000 for 298,500, but not 51 for 52.

    A whole number below a thousand is a count that nobody rounds.
    """
    if exact == coarse or (exact < 1000 and exact.is_integer()):
        return exact == coarse
    step = _step(coarse)
    return step > _step(exact) and abs(exact - coarse) <= min(step / 2, ROUNDING * coarse)


def _step(value: float) -> float:
    """The place of the last digit that is not zero: 100,000 for 300,000, 0.1 for 9.1."""
    exponent = Decimal(f"{value:.12g}").normalize().as_tuple().exponent
    return 10.0**exponent if isinstance(exponent, int) else value  # hundreds of digits are no number any more


def _figure(match: re.Match[str]) -> Figure:
    value = float(match["number"].replace(",", "")) * _MAGNITUDE.get((match["magnitude"] or "").casefold(), 1)
    share = (match["share"] or "").casefold()
    unit = "points" if "point" in share else "%" if share else (match["glued"] or "").casefold()
    return Figure(value, (match["money"] or "").upper().replace("US$", "$") + unit)


def _list(figures: tuple[Figure, ...]) -> str:
    return " and ".join(_written(figure) for figure in figures)


def _written(figure: Figure) -> str:
    number = f"{figure.value:,.10g}"
    if figure.unit == "points":
        return f"{number} points"
    return f"{figure.unit}{number}" if figure.unit[-1:] in _SIGNS else f"{number}{figure.unit}"


def _first(telling: dict[str, str], stems: set[str], most: int = 4) -> str:
    found = [word for one, word in telling.items() if one in stems]
    return f"'{' '.join(found[:most])}{' ...' * (len(found) > most)}'" if found else "nothing"


def _joined(found: frozenset[str] | set[str]) -> str:
    return ", ".join(sorted(found))
