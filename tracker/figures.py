"""Whether two quantities say the same under rounding, hedges and conversion, and how one is written.

The rounding that counts as stated is that of the coarser figure: half a unit of its last digit that is not zero.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from tracker.quantities.quantity import Qualifier
from tracker.quantities.units import CURRENCY_SIGNS, SCALE, per_seconds

if TYPE_CHECKING:
    from tracker.quantities.quantity import Quantity

PLAIN = 0.02  # how far a plain rounding may lie off, relatively, where nothing says that it is one
HEDGED = 0.05  # the same where a word says so: "about", "nearly"
SHARE_HEDGED = 0.1  # the same for shares in words: "about a third" for 30 per cent
COUNTED = 1000  # nobody rounds a count below this
_EXACT = 1e-9

_UPPER, _LOWER = {Qualifier.MORE_THAN, Qualifier.AT_LEAST}, {Qualifier.LESS_THAN, Qualifier.AT_MOST}


class Agreement(StrEnum):
    """What comparing two quantities found."""

    EQUAL = "equal"
    DIFFERENT = "different"
    INCOMPARABLE = "incomparable"


class Comparison(NamedTuple):
    """Whether two quantities agree, and how many times the first the second is, in one unit.

    `factor` is None where they cannot be compared, the first is 0, or only one kind of change can be (a multiple and a
    percentage).
    """

    agreement: Agreement
    factor: float | None = None


def compare(a: Quantity, b: Quantity) -> Comparison:
    """Compare two quantities; a bare figure of which nobody says what it counts goes with any unit.

    Equal: the same value in whatever unit and spelling, the same within the rounding of the coarser figure, or within
    the reach of a hedge. A lower bound never equals an upper bound. Percent and percentage points are always different,
    and so are two currencies.
    """
    if _are_shares_of_change(a, b):
        return Comparison(Agreement.EQUAL if _same_change(a, b) else Agreement.DIFFERENT)
    if not _comparable(a, b):
        return Comparison(Agreement.INCOMPARABLE)
    if _never_equal(a, b):
        return Comparison(Agreement.DIFFERENT, _factor(_middle(a), _middle(b)) if a.unit == b.unit else None)
    sides = [_in_one_unit(a, b, fahrenheit=way) for way in ((False, True) if _are_degrees(a, b) else (False,))]
    equal = any(_agree(a, b, one, other) for one, other in sides)
    (one_low, one_high), (other_low, other_high) = sides[-1]
    factor = _factor((one_low + one_high) / 2, (other_low + other_high) / 2)
    return Comparison(Agreement.EQUAL if equal else Agreement.DIFFERENT, factor)


def spell(quantity: Quantity) -> str:
    """A quantity as a reader would write it: "40,000", "£4m", "about 300,000", "two-thirds", "£350m a week"."""
    if isinstance(quantity.value, tuple):
        ends = f"{_number(quantity.low, quantity.unit)} to {_number(quantity.high, quantity.unit)}"
        written = _with_unit(ends, quantity) if quantity.unit not in _SIGNS else ends
    elif quantity.unit == "ratio":
        written = _WORDS.get(round(quantity.low, 4)) or _share(quantity.low)
    else:
        written = _with_unit(_number(quantity.low, quantity.unit), quantity)
    hedge = _HEDGES.get(quantity.qualifier, "")
    per = f" {'per' if quantity.per[0].isdecimal() else 'a'} {quantity.per}" if quantity.per else ""
    return f"{hedge}{written}{per}"


def _comparable(a: Quantity, b: Quantity) -> bool:
    kinds = {_kind(a), _kind(b)}
    if len(kinds) == 1 or "" in kinds:
        return True
    if kinds == {"thing", "person"}:
        return not _OF_PEOPLE.isdisjoint((a.counted, b.counted))
    return kinds == {"share", "point"}


_OF_PEOPLE = frozenset(  # "1,500 deaths" are people
    """
    death deaths fatality fatalities injury injuries arrest arrests murders homicides killings suicides births lives
    infections deportations executions hospitalisations hospitalizations abortions pregnancies
    """.split()
)


def _kind(one: Quantity) -> str:
    """The dimension; "thing" for a count of something named, "" where nothing is known."""
    if one.unit in SCALE:
        return SCALE[one.unit][0]
    if one.unit == "percentage-point":
        return "point"
    if len(one.unit) == 3 and one.unit.isupper():
        return "money"
    return one.unit or ("thing" if one.counted else "")


def _never_equal(a: Quantity, b: Quantity) -> bool:
    """Two currencies, per cent and points, bounds that look in opposite directions."""
    kinds = _kind(a), _kind(b)
    if kinds[0] != kinds[1] and "" not in kinds:
        return True
    if kinds == ("money", "money") and a.unit != b.unit:
        return True
    one, other = a.qualifier, b.qualifier
    return (one in _UPPER and other in _LOWER) or (one in _LOWER and other in _UPPER)


def _are_degrees(a: Quantity, b: Quantity) -> bool:
    return {a.unit, b.unit} == {"celsius", "fahrenheit"}


def _are_shares_of_change(a: Quantity, b: Quantity) -> bool:
    return {_kind(a), _kind(b)} == {"times", "share"}


def _same_change(a: Quantity, b: Quantity) -> bool:
    """Doubled is up 100 per cent, halved is down a half."""
    times, share = (a, b) if a.unit == "times" else (b, a)
    part = _middle(share) * SCALE[share.unit][1]
    multiple = _middle(times)
    told = multiple - 1 if multiple >= 1 else 1 - multiple
    return abs(part - told) <= 0.005 * max(told, 1)


def _in_one_unit(a: Quantity, b: Quantity, *, fahrenheit: bool) -> tuple[tuple[float, float], tuple[float, float]]:
    """The ends of both, in one unit and period. `fahrenheit`: as temperatures, else as differences of temperature."""
    if _are_degrees(a, b):
        ends = []
        for one in (a, b):
            to_celsius = one.unit == "fahrenheit"
            shift = 32.0 if fahrenheit and to_celsius else 0.0
            ends.append(tuple((x - shift) / (1.8 if to_celsius else 1.0) for x in (one.low, one.high)))
        return (ends[0][0], ends[0][1]), (ends[1][0], ends[1][1])
    x, y = (
        SCALE[one.unit][1] if a.unit != b.unit and a.unit and b.unit and one.unit in SCALE else 1.0 for one in (a, b)
    )
    one_per, other_per = per_seconds(a.per), per_seconds(b.per)
    if one_per and other_per and a.per != b.per:
        x, y = x / one_per, y / other_per
    elif a.per and b.per and a.per != b.per:
        bases = [_base(one.per) for one in (a, b)]
        if bases[0] and bases[1]:
            x, y = x / bases[0], y / bases[1]
    return (a.low * x, a.high * x), (b.low * y, b.high * y)


def _base(per: str) -> float:
    digits = per.replace(",", "")
    return float(digits) if digits.isdecimal() else 0.0


def _agree(a: Quantity, b: Quantity, one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Whether two quantities agree whose ends in one unit are `one` and `other`."""
    ranged = isinstance(a.value, tuple), isinstance(b.value, tuple)
    if all(ranged):
        return all(_near(x, y) for x, y in zip(one, other, strict=True))
    if any(ranged):
        (least, most), point, loose = (one, other[0], b) if ranged[0] else (other, one[0], a)
        return least <= point <= most and (loose.qualifier is Qualifier.ABOUT or most <= least * 1.1)
    x, y = one[0], other[0]
    if _near(x, y):
        return True
    if (x < 0) != (y < 0) or 0 in (x, y):
        return False
    off = abs(x - y) / max(abs(x), abs(y))
    converted = (a.unit != b.unit and a.unit in SCALE and b.unit in SCALE) or a.per != b.per
    if converted and _kind(a) != "share":
        return off <= (HEDGED if _is_loose(a) or _is_loose(b) else PLAIN)
    return _rounded(a, b, x, y, off)


def _rounded(a: Quantity, b: Quantity, x: float, y: float, off: float) -> bool:
    """Whether one figure is the other one, rounded: as far as its last digit goes and its hedge allows."""
    (fine_step, fine_value, fine), (step, value, coarse) = sorted(
        ((_step(a, x), x, a), (_step(b, y), y, b)), key=lambda side: side[0]
    )
    share = "ratio" in (a.unit, b.unit)
    if fine_step < step and (_is_loose(coarse) or (share and _is_loose(fine))):
        reach = SHARE_HEDGED if share else HEDGED
        return _on_side(coarse, value, fine, fine_value) and abs(x - y) <= step and off <= reach * (1 + _EXACT)
    if fine_step == step or (fine.unit != "percent" and _is_small_count(fine_value) and not share):
        return False
    return abs(x - y) <= step / 2 * (1 + _EXACT) and off <= PLAIN


def _is_small_count(value: float) -> bool:
    return value == int(value) and abs(value) < COUNTED


def _on_side(coarse: Quantity, value: float, fine: Quantity, fine_value: float) -> bool:
    """Whether an exact figure lies on the side that the coarse one's bound names."""
    if fine.qualifier is Qualifier.EXACT and coarse.qualifier in _UPPER:
        return fine_value >= value
    if fine.qualifier is Qualifier.EXACT and coarse.qualifier in _LOWER:
        return fine_value <= value
    return True


def _is_loose(one: Quantity) -> bool:
    return one.qualifier not in (Qualifier.EXACT, Qualifier.RANGE)


def _step(one: Quantity, value: float) -> float:
    """The place of the last digit that is not zero: 100,000 for 300,000, 0.1 for 9.1; a share in words is about a 50th.

    Taken in the unit in which it was written, then converted with the value.
    """
    written = abs(one.low)
    if not written:
        return 0.0
    scale = abs(value) / written
    if one.unit == "ratio":
        return 0.1 * scale if round(written * 10, 6).is_integer() and written != 0.1 else 0.02 * scale
    exponent = Decimal(f"{written:.12g}").normalize().as_tuple().exponent
    return float(10.0**exponent) * scale if isinstance(exponent, int) else abs(value)


def _near(x: float, y: float) -> bool:
    return abs(x - y) <= _EXACT * max(abs(x), abs(y))


def _middle(one: Quantity) -> float:
    return (one.low + one.high) / 2


def _factor(x: float, y: float) -> float | None:
    return y / x if x else None


_HEDGES = {
    Qualifier.ABOUT: "about ",
    Qualifier.MORE_THAN: "more than ",
    Qualifier.AT_LEAST: "at least ",
    Qualifier.LESS_THAN: "less than ",
    Qualifier.AT_MOST: "up to ",
}
_SIGNS = {code: sign for sign, code in CURRENCY_SIGNS.items()}
_WORDS = {
    0.5: "half",
    0.3333: "a third",
    0.6667: "two-thirds",
    0.25: "a quarter",
    0.75: "three-quarters",
    0.2: "one in five",
    0.1: "one in ten",
    0.125: "one in eight",
}
_MARKS = {"percent": "%", "celsius": "C", "fahrenheit": "F"}
_SIZES = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"))


def _number(value: float, unit: str) -> str:
    """The number, with its currency; millions and more in short where no digit is lost."""
    sign, size = "-" if value < 0 else "", abs(value)
    short = next(
        ((big, name) for big, name in _SIZES if size >= big and f"{size / big:.4g}" == f"{size / big:.12g}"), None
    )
    digits = f"{size:,.0f}" if size == int(size) else f"{size:,.10g}"
    if short:
        digits = f"{size / short[0]:.4g}{short[1]}"
    mark = _SIGNS.get(unit, f"{unit} " if len(unit) == 3 and unit.isupper() else "")
    return f"{sign}{mark}{digits}"


def _with_unit(number: str, one: Quantity) -> str:
    if one.unit in _MARKS:
        return f"{number}{_MARKS[one.unit]}"
    if one.unit in ("", "person") or (len(one.unit) == 3 and one.unit.isupper()):
        return number
    if one.unit == "percentage-point":
        return f"{number} percentage point{'s' * (one.high != 1)}"
    plural = {"foot": "feet", "inch": "inches", "century": "centuries", "times": "times"}
    name = one.unit
    if one.high != 1 and SCALE.get(name, ("",))[0] in ("length", "area", "mass", "volume", "time") and len(name) > 2:
        name = plural.get(name, f"{name}s")
    return f"{number} {name}"


def _share(value: float) -> str:
    """A share that has no name: 1 in 30, 3 in 10, else per cent."""
    for above in range(1, 10):
        whole = above / value
        if whole <= 1e7 and abs(whole - round(whole)) < 1e-4 * whole and (above == 1 or round(whole) <= 10):
            return f"{above} in {round(whole):,}"
    return f"{value * 100:.4g}%"
