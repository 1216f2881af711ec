"""The quantities of a text, as a newsroom writes them: value, unit, hedge, what is counted, from A to B.

A text is read once, from left to right: tokens, then at each numeral what it is if it counts nothing (`masks`), else
its number (`numerals`), unit (`measured`), hedge (`hedges`), and whether a second one makes it a share or a range.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from tracker.quantities.amounts import Amount, amount_at, is_age, is_pronoun
from tracker.quantities.changes import changes_of
from tracker.quantities.hedges import hedge_before, hedge_behind
from tracker.quantities.masks import elsewhere, idiom_at, mask_at
from tracker.quantities.measured import measured, rate
from tracker.quantities.numerals import (
    CARDINALS,
    LARGE,
    MULTIPLES,
    MULTIPLIERS,
    PARTS,
    Number,
    Token,
    after_hyphen,
    low,
    number_at,
    tokenise,
)
from tracker.quantities.quantity import Mask, Qualifier, Quantities, Quantity
from tracker.quantities.units import CURRENCY_CODES, CURRENCY_SIGNS, DOLLARS, PERIODS, SCALE, UNITS

if TYPE_CHECKING:
    from tracker.quantities.days import Masked

_STARTS = frozenset(CARDINALS) | frozenset(MULTIPLES) | frozenset(MULTIPLIERS)
_STARTS |= {"a", "an", "half", "quarter", "third", "minus", "negative", "-", "−", "–"} | frozenset(CURRENCY_SIGNS)
_STARTS |= frozenset("½¼¾⅓⅔⅕⅖⅛") | frozenset(CURRENCY_CODES) | frozenset(DOLLARS)
_TELLING = _STARTS | frozenset(LARGE) | frozenset(PARTS)
_TELLING -= frozenset(CURRENCY_CODES) | frozenset(DOLLARS) | {"a", "an", "-", "−", "–"}
_WORD = re.compile(r"[^\W\d_]+|[^\w\s]")
_DIGIT = re.compile(r"\d")
_EXACT = Qualifier.EXACT


@lru_cache(maxsize=8192)
def quantities(text: str) -> Quantities:
    """The quantities of a text in reading order, the changes "from A to B" among them, and the numerals that are none.

    Never raises. Costs 0.04 ms for a sentence of 18 words, and next to nothing where no digit or number word stands.
    """
    if not _DIGIT.search(text) and _TELLING.isdisjoint(_WORD.findall(text.lower())):
        return Quantities()
    return _Reader(text).read()


class _Reader:
    """Reads one text; `spans` are the tokens and `numbers` the bare numbers of each of `found`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenise(text)
        self.elsewhere = elsewhere(text)
        self.found: list[Quantity] = []
        self.spans: list[tuple[int, int]] = []
        self.numbers: list[Number] = []
        self.masked: list[Mask] = []

    def read(self) -> Quantities:
        i = 0
        while i < len(self.tokens):
            token = self.tokens[i]
            starts = token.kind in ("number", "clock") or token.low in _STARTS
            i = self._take(i) if starts and not self._is_elsewhere(token) else i + 1
        found, changes = changes_of(self.tokens, self.found, self.spans, self.numbers)
        return Quantities(found, changes, tuple(self.masked))

    def _is_elsewhere(self, token: Token) -> bool:
        return any(start <= token.start < end for start, end in self.elsewhere)

    def _take(self, i: int) -> int:
        """Read what begins at token `i`; the token to go on from."""
        token = self.tokens[i]
        if token.kind == "clock":
            return self._clock(i)
        if token.low in MULTIPLES or token.low in MULTIPLIERS:
            return self._multiple(i)
        masked = self._mask_at(i) or idiom_at(self.tokens, i)
        if masked:
            start, end = self.tokens[masked.first].start, self.tokens[masked.after - 1].end
            self.masked.append(Mask(masked.kind, start, end))
            return masked.after
        amount = amount_at(self.tokens, i)
        if amount is None:
            return i + 1
        return self._share(amount) or self._range(amount) or self._single(amount)

    def _mask_at(self, i: int) -> Masked | None:
        token = self.tokens[i]
        return mask_at(self.text, self.tokens, i) if token.kind == "number" or token.low in CARDINALS else None

    def _clock(self, i: int) -> int:
        """A finishing time in hours, minutes and seconds; a time of day is none."""
        token = self.tokens[i]
        if low(self.tokens, i - 1) in ("at", "until", "till", "by"):
            self.masked.append(Mask("time", token.start, token.end))
        else:
            hours, minutes, seconds = map(int, token.text.split(":"))
            value = float(hours * 3600 + minutes * 60 + seconds)
            self._add(Quantity(value, "second", _EXACT, 0, 0), i, i + 1, Number(value, i + 1))
        return i + 1

    def _multiple(self, i: int) -> int:
        """Doubled, sevenfold, twice as many; "double" and "twice" only where they compare or command."""
        word, before, following = self.tokens[i].low, low(self.tokens, i - 1), low(self.tokens, i + 1)
        value = MULTIPLES.get(word) or MULTIPLIERS[word]
        counted = ""
        if following in ("down", "over", "back") or (word in MULTIPLIERS and before in ("the", "a", "on")):
            return i + 1  # "doubled down", "the treble"
        if word in MULTIPLIERS and following not in _COMPARED and before not in _COMMANDS:
            if word not in ("twice", "thrice") or before in ("or", "think", "-") or following == "-":
                return i + 1
            counted = "times"
        qualifier, first = hedge_before(self.tokens, i)
        unit = "" if counted else "times"
        self._add(Quantity(value, unit, qualifier, 0, 0, counted), first, i + 1, Number(value, i + 1))
        return i + 1

    def _share(self, one: Amount) -> int | None:
        """One in five, 3 out of 10, two in every three: the token to go on from, None where it is none of these."""
        tokens, above = self.tokens, one.value
        if one.unit or one.number.part or above < 1 or above != int(above):
            return None
        k, every, joined = _into_whole(tokens, one.number.after)
        if not k or k >= len(tokens) or self._mask_at(k):
            return None
        whole = number_at(tokens, k)
        if whole is None or whole.part or whole.value <= above:
            return None
        behind = low(tokens, after_hyphen(tokens, whole.after))
        sure = every or joined or above == 1 or whole.value <= 20 or whole.value % 10 == 0
        if not sure or UNITS.get(behind) in _NO_WHOLE or behind in ("%", "per", "percent") or behind in CURRENCY_SIGNS:
            return None
        qualifier, first = hedge_before(tokens, one.first)
        share = above / whole.value
        self._add(Quantity(share, "ratio", qualifier, 0, 0), first, whole.after, whole._replace(value=share, part=True))
        return whole.after

    def _range(self, one: Amount) -> int | None:
        """Read "20-30%", "£5-6bn", "between 5 and 7 million", "two or three"; not "from 20 to 30"."""
        tokens, i = self.tokens, one.first
        hedged = hedge_before(tokens, i)[1]
        between, origin = (low(tokens, hedged - 1) == word for word in ("between", "from"))
        second = self._second(one, one.after, between=between)
        if second is None and between and one.head:
            second = self._second(one, one.head, between=True)
        if second is None or (origin and not _ranges(low(tokens, hedged - 2))):
            return None
        if one.unit and one.unit != second.unit and (second.unit or not one.currency):
            return None
        least, most = _joined(one, second), second.value
        if not least < most:
            return None
        first = hedged - (between or origin)
        aged = is_age(tokens, replace(second, first=i), first, of_people=True)
        unit = second.unit or one.unit or ("year" if aged else "")
        counted = second.counted or one.counted
        per, after = rate(tokens, second.after, second.head, money=_is_money(unit))
        end = max(after, second.head if unit == "person" else 0)
        self._add(Quantity((least, most), unit, Qualifier.RANGE, 0, 0, counted, per), first, end, second.number)
        return end

    def _second(self, one: Amount, k: int, *, between: bool) -> Amount | None:
        """The amount that a range goes on with behind token `k`."""
        tokens = self.tokens
        k += low(tokens, k) == "-" and low(tokens, k + 1) in ("to", "or")  # "two- to three-fold"
        word = low(tokens, k)
        if word not in _JOINING or (word == "and" and not between) or (word == "or" and between):
            return None
        k += 1
        k += low(tokens, k) == "-" and tokens[k].glued  # 5-to-10
        if k >= len(tokens) or (tokens[k].kind != "number" and tokens[k].low not in _STARTS):
            return None
        if (word == "to" and hedge_before(tokens, k)[1] < k) or (self._mask_at(k) and not between):
            return None
        second = amount_at(tokens, k, goes_on=True)
        if second is None or (second.currency and not one.currency) or second.number.part != one.number.part:
            return None
        bare = not one.unit and not one.head
        moved = word == "to" and not between and low(tokens, one.first - 1) in _MOVED
        if (bare and not second.unit and moved) or (one.head and not between):
            return None  # "rose 300 to 1,200", "5 dogs to 7 cats"
        far = second.value > max(2 * one.value, one.value + 5)
        return None if word == "or" and (not bare or far) else second

    def _single(self, one: Amount) -> int:
        """One quantity with its hedge, before it or behind it, and its rate; the token to go on from."""
        tokens = self.tokens
        qualifier, first = self._hedged(one)
        if is_pronoun(tokens, one, qualifier):
            return one.after
        behind, after, one = self._behind(one)
        aged = is_age(tokens, one, first, of_people=behind is not _EXACT or first < one.first)
        unit = "year" if aged and not one.unit else one.unit
        value = one.value
        if unit in _DEGREES and low(tokens, after) == "below" and low(tokens, after + 1) == "zero":
            value, after = -value, after + 2
        if not unit and not one.head and low(tokens, after) in ("and", "or"):
            unit = self._shared_unit(after + 1)
        per, beyond = rate(tokens, after, one.head, money=_is_money(unit))
        end = max(after, beyond if per else 0, one.head if unit == "person" else 0)
        hedge = behind if qualifier is _EXACT else qualifier
        self._add(Quantity(value, unit, hedge, 0, 0, one.counted, per), first, end, one.number)
        return end

    def _hedged(self, one: Amount) -> tuple[Qualifier, int]:
        """The hedge before an amount; "over five years" behind another quantity is how long, and no hedge."""
        qualifier, first = hedge_before(self.tokens, one.first)
        lasts = first == one.first - 1 and low(self.tokens, first) == "over" and _dimension(one.unit) == "time"
        if lasts and self.spans and first - self.spans[-1][1] <= 8:
            return _EXACT, one.first
        return qualifier, first

    def _behind(self, one: Amount) -> tuple[Qualifier, int, Amount]:
        """The hedge behind the number, its unit or its noun, the token after it, and the amount read around it."""
        tokens = self.tokens
        for place in dict.fromkeys((one.number.after, one.after, one.head)):
            qualifier, after = hedge_behind(tokens, place) if place else (_EXACT, 0)
            if qualifier is _EXACT:
                continue
            if place == one.number.after and not one.unit:  # "5,000 or more visitors"
                again = measured(tokens, one.number._replace(after=after))
                if again.unit or again.head:
                    one = replace(one, unit=again.unit, counted=again.counted, head=again.head)
                    after = max(after, again.after)
            return qualifier, max(after, one.after), one
        return _EXACT, one.after, one

    def _shared_unit(self, k: int) -> str:
        """The unit of a bare 25 in "25 and 30 per cent"."""
        numeral = k < len(self.tokens) and self.tokens[k].kind == "number" and not self._mask_at(k)
        following = amount_at(self.tokens, k) if numeral else None
        return following.unit if following and following.unit in ("percent", "percentage-point") else ""

    def _add(self, quantity: Quantity, first: int, after: int, number: Number) -> None:
        if self.spans:
            first = max(first, self.spans[-1][1])  # what belongs to the one before is no hedge
        start, end = self.tokens[first].start, self.tokens[after - 1].end
        self.found.append(replace(quantity, start=start, end=end))
        self.spans.append((first, after))
        self.numbers.append(number)


_COMPARED = frozenset("the that what its their his her as more this our last these those in to by".split())
_COMMANDS = frozenset(
    "to will would could can should may might must than nearly almost about did not roughly has".split()
)
_JOINING = frozenset("- – — to and or".split())
_MOVED = frozenset(
    """
    rose rise risen fell fall fallen up down by increased increase dropped drop grew grow climbed jumped jump surged
    soared sank slid slipped gained added lost to cut raised
    """.split()
)
_DEGREES = frozenset({"celsius", "fahrenheit", "degree"})
_NO_WHOLE = frozenset(SCALE) | PERIODS


def _into_whole(tokens: list[Token], k: int) -> tuple[int, bool, bool]:
    """Where the whole begins behind "in", "in every", "out of", "of every" at token `k`, 0 for none of these.

    Also whether "every" or "each" stands there, and whether "out of" or a hyphen does.
    """
    hyphen = low(tokens, k) == "-" and tokens[k].glued
    k += hyphen
    word = low(tokens, k)
    out = word == "out" and low(tokens, k + 1) == "of"
    if word not in ("in", "of") and not out:
        return 0, False, False
    k += 2 if out else 1
    every = low(tokens, k) in ("every", "each")
    if word == "of" and not every:
        return 0, False, False
    k += every
    k += hyphen and low(tokens, k) == "-"
    return k, every, out or hyphen


def _joined(one: Amount, second: Amount) -> float:
    """The lower end of a range in the size of the upper: in "5 to 7 million" both are millions."""
    value, size = one.value, second.number.magnitude
    if one.number.magnitude == 1 and size > 1 and not one.number.part and abs(value) <= abs(second.value) / size:
        value = float(f"{value * size:.15g}")
    in_hundredths = not one.unit and second.unit and second.value == second.number.value / 100  # pence, basis points
    return value / 100 if in_hundredths else value


def _ranges(word: str) -> bool:
    return word.startswith(("rang", "var")) or word in ("anywhere", "aged", "ages", "anything")


def _dimension(unit: str) -> str:
    return SCALE[unit][0] if unit in SCALE else ""


def _is_money(unit: str) -> bool:
    return len(unit) == 3 and unit.isupper()
