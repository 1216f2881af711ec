"""From A to B: which two quantities of a text are the ends of one change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.quantities.numerals import low
from tracker.quantities.quantity import Change, Quantity

if TYPE_CHECKING:
    from tracker.quantities.numerals import Number, Token

    Span = tuple[int, int]

_FARTHEST = 14  # tokens between the two
_STOPS = frozenset(".;:!?")


def changes_of(
    tokens: list[Token], found: list[Quantity], spans: list[Span], numbers: list[Number]
) -> tuple[tuple[Quantity, ...], tuple[Change, ...]]:
    """The quantities, with what an end of a change leaves unsaid filled in from the other, and the changes in order."""
    pairs: list[tuple[int, int]] = []
    for n in range(len(found) - 1):
        if isinstance(found[n].value, tuple) or isinstance(found[n + 1].value, tuple):
            continue
        if pairs and max(pairs[-1]) == n:
            continue
        between = range(spans[n][1], spans[n + 1][0])
        if len(between) > _FARTHEST or any(tokens[k].text in _STOPS for k in between):
            continue
        if _leads_to(tokens, "from", spans[n][0], spans[n - 1][1] if n else 0) and _leads_to(
            tokens, "to", spans[n + 1][0], spans[n][1]
        ):
            ends = (n, n + 1)
        elif low(tokens, spans[n][0] - 1) == "to" and low(tokens, spans[n + 1][0] - 1) == "from" and len(between) <= 6:
            ends = (n + 1, n)
        else:
            continue
        if _completed(found, numbers, *ends):
            pairs.append(ends)
    return tuple(found), tuple(Change(found[before], found[after]) for before, after in pairs)


def _leads_to(tokens: list[Token], word: str, target: int, floor: int) -> bool:
    """True where `word` stands right before the target, or before a noun whose figure it is ("to one of 300,000")."""
    if low(tokens, target - 1) in ("a", "an", "the"):
        target -= 1
    if low(tokens, target - 1) == word and target - 1 >= floor:
        return True
    if low(tokens, target - 1) not in ("of", "at"):
        return False
    for k in range(target - 2, max(floor, target - 9) - 1, -1):
        if tokens[k].low == word:
            return True
        if tokens[k].kind != "word" and tokens[k].text not in "-’'":
            return False
    return False


def _completed(found: list[Quantity], numbers: list[Number], one: int, other: int) -> bool:
    """Fill in what one end leaves to the other, in place; False where the two measure different things."""
    a, b = found[one], found[other]
    if a.unit and b.unit and a.unit != b.unit:
        return False
    if a.counted and b.counted and a.counted != b.counted and not (a.unit == b.unit == "person"):
        return False
    if not a.unit and b.unit not in ("", "person") and a.counted:
        return False
    if not b.unit and a.unit not in ("", "person") and b.counted:
        return False
    if not a.unit and not a.counted and numbers[one].magnitude == 1 < numbers[other].magnitude and one < other:
        value = a.low
        if 0 < abs(value) < 1000 and value < numbers[other].value:
            a = replace(a, value=float(f"{value * numbers[other].magnitude:.15g}"))
    unit, per = a.unit or b.unit, a.per or b.per
    found[one] = replace(a, unit=unit, per=per, counted=a.counted or b.counted)
    found[other] = replace(b, unit=unit, per=per, counted=b.counted or a.counted)
    return True
