"""The days that words of the calendar stand for: months, quarters, seasons, holidays, and parts of them.

Days that are named without a year ("in April") are days of `ANY_YEAR`, which no text names.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

ANY_YEAR = 4  # a leap year, so that 29 February has a place
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
UNITS = {"day": 1, "night": 1, "weekend": 7, "week": 7, "fortnight": 14}  # in days; the others are counted in months
MONTHS_IN = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}

_DAY = timedelta(days=1)


class Days(NamedTuple):
    """From a first to a last day, both included."""

    first: date
    last: date

    @property
    def length(self) -> int:
        """The number of days, at least 1."""
        return (self.last - self.first).days + 1

    def has(self, other: Days) -> bool:
        """True where all of the other's days are among these."""
        return self.first <= other.first and other.last <= self.last

    def meets(self, other: Days) -> bool:
        """True where they have a day in common."""
        return self.first <= other.last and other.first <= self.last


def clamped(year: int, month: int, day: int) -> date:
    """The day, or the nearest that there is: 28 February for the 31st, year 1 for the years before it."""
    year = min(max(year, 1), 9998)
    while day > 28:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1
    return date(year, month, max(day, 1))


def later(day: date, months: int) -> date:
    """The day so many months later, or earlier for a negative number, clamped to what there is."""
    count = day.year * 12 + day.month - 1 + months
    return clamped(count // 12, count % 12 + 1, day.day)


def moved(day: date, days: int) -> date:
    """The day so many days later or earlier, at most as far as dates go."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def months(year: int, month: int, count: int = 1) -> Days:
    """Whole months from the given one on; a month may lie beyond December or before January."""
    first = later(clamped(year, 1, 1), month - 1)
    return Days(first, moved(later(first, count), -1))


def years(first: int, last: int | None = None) -> Days:
    """From the first day of a year to the last day of it, or of another."""
    return Days(clamped(first, 1, 1), clamped(first if last is None else last, 12, 31))


def one_day(year: int, month: int, day: int) -> Days | None:
    """The day as days; None where there is no such day."""
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return Days(found, found)


def in_year(days: Days, year: int) -> Days:
    """The same days of another year; what reaches into the next year still does."""
    step = year - days.first.year
    first, last = days
    return Days(clamped(year, first.month, first.day), clamped(last.year + step, last.month, last.day))


def season(name: str, year: int) -> Days:
    """Three whole months, as meteorologists in the northern half count them; a winter begins in the year given."""
    return months(year, SEASONS[name], 3)


def trailing(end: Days, count: int, unit: str) -> Days:
    """So many units up to the end of the given days: the year to April 2022 begins in May 2021."""
    if unit in UNITS:
        return Days(moved(end.last, 1 - count * UNITS[unit]), end.last)
    return Days(min(later(moved(end.last, 1), -count * MONTHS_IN[unit]), end.last), end.last)


def leading(start: Days, count: int, unit: str) -> Days:
    """So many units from the first of the given days on."""
    if unit in UNITS:
        return Days(start.first, moved(start.first, count * UNITS[unit] - 1))
    return Days(start.first, moved(later(start.first, count * MONTHS_IN[unit]), -1))


def whole_unit(day: date, unit: str, step: int) -> Days:
    """The week (from Monday), month, quarter, year ... that a day lies in, or one so many steps later or earlier."""
    if unit in ("day", "night"):
        return Days(*[moved(day, step)] * 2)
    if unit in UNITS:
        monday = moved(day, 7 * step - day.weekday())
        return Days(moved(monday, 5 if unit == "weekend" else 0), moved(monday, 13 if unit == "fortnight" else 6))
    size = MONTHS_IN[unit]
    count = (day.year * 12 + day.month - 1) // size * size + size * step
    return months(count // 12, count % 12 + 1, size)


def part(days: Days, name: str) -> Days:
    """A part of the days: `early`, `mid`, `late`, `start`, `end`, `Q1` to `Q4`, `H1`, `H2`, `first 6 month`.

    The start and the end of a longer time are its outer tenths; early, mid and late are thirds.
    """
    kind, *rest = name.split()
    if kind in ("first", "last"):
        return (leading if kind == "first" else trailing)(days, int(rest[0]), rest[1])
    if kind[0] in "QH":
        size, place = (3 if kind[0] == "Q" else 6), int(kind[1]) - 1
        return Days(later(days.first, size * place), moved(later(days.first, size * (place + 1)), -1))
    begin, end = _SHARES[kind]
    first = moved(days.first, round(days.length * begin))
    return Days(first, max(first, moved(days.first, round(days.length * end) - 1)))


_SHARES = {
    "early": (0.0, 1 / 3),
    "mid": (1 / 3, 2 / 3),
    "late": (2 / 3, 1.0),
    "start": (0.0, 0.1),
    "end": (0.9, 1.0),
}


def easter(year: int) -> date:
    """Easter Sunday of the western churches (the anonymous Gregorian algorithm, Nature 13, 1876)."""
    century, place = divmod(year, 100)
    golden = year % 19
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - century // 4 - correction + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (place // 4) - epact - place % 4) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def _from_easter(days: int) -> Callable[[int], Days]:
    def holiday(year: int) -> Days:
        if year == ANY_YEAR:
            return Days(date(year, 3, 22) + days * _DAY, date(year, 4, 25) + days * _DAY)
        return Days(*[easter(year) + days * _DAY] * 2)

    return holiday


def _weekday(month: int, weekday: int, nth: int, after: int = 0) -> Callable[[int], Days]:
    """The nth such weekday of a month, Monday 0; `after` so many days later."""

    def holiday(year: int) -> Days:
        first = date(year, month, 1)
        if year == ANY_YEAR:
            return Days(first + (7 * (nth - 1) + after) * _DAY, first + (7 * nth - 1 + after) * _DAY)
        day = first + ((weekday - first.weekday()) % 7 + 7 * (nth - 1) + after) * _DAY
        return Days(day, day)

    return holiday


def _fixed(month: int, day: int, to: int = 0) -> Callable[[int], Days]:
    return lambda year: Days(date(year, month, day), date(year, month, to or day))


HOLIDAYS: dict[str, Callable[[int], Days]] = {
    "new year's day": _fixed(1, 1),
    "new year": _fixed(1, 1),
    "martin luther king day": _weekday(1, 0, 3),
    "valentine's day": _fixed(2, 14),
    "st patrick's day": _fixed(3, 17),
    "ash wednesday": _from_easter(-46),
    "shrove tuesday": _from_easter(-47),
    "palm sunday": _from_easter(-7),
    "good friday": _from_easter(-2),
    "easter sunday": _from_easter(0),
    "easter monday": _from_easter(1),
    "easter": lambda year: Days(_from_easter(-2)(year).first, _from_easter(1)(year).last),
    "april fools' day": _fixed(4, 1),
    "may day": _fixed(5, 1),
    "juneteenth": _fixed(6, 19),
    "bastille day": _fixed(7, 14),
    "labor day": _weekday(9, 0, 1),
    "columbus day": _weekday(10, 0, 2),
    "halloween": _fixed(10, 31),
    "bonfire night": _fixed(11, 5),
    "armistice day": _fixed(11, 11),
    "veterans day": _fixed(11, 11),
    "remembrance sunday": _weekday(11, 6, 2),
    "thanksgiving": _weekday(11, 3, 4),
    "black friday": _weekday(11, 3, 4, after=1),
    "cyber monday": _weekday(11, 3, 4, after=4),
    "christmas eve": _fixed(12, 24),
    "christmas day": _fixed(12, 25),
    "christmas": _fixed(12, 24, 26),
    "boxing day": _fixed(12, 26),
    "new year's eve": _fixed(12, 31),
}
