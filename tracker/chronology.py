"""Whether two sentences speak of the same time."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from tracker.patterns import pattern
from tracker.periods import Bound, Period
from tracker.periods.almanac import MONTHS_IN, UNITS, Days, in_year, later, moved, one_day, part, whole_unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class PeriodAgreement(StrEnum):
    """How two sentences' times lie to each other.

    `within`: one holds the other, or one sentence is less precise. `unknown`: the day on which one of them was said
    would decide. `one-sided`: only one sentence names a time; `none`: neither does.
    """

    SAME = "same"
    WITHIN = "within"
    UNKNOWN = "unknown"
    DIFFERENT = "different"
    ONE_SIDED = "one-sided"
    NONE = "none"


class PeriodComparison(NamedTuple):
    """The agreement, and the pair of times that decides it.

    One of the pair is None where only one sentence names that time: `one-sided`, and `within` for a further time.
    `relative` where it rests on days of saying that are not known: "last year" and "last year" are `same`, if they were
    said in the same year.
    """

    agreement: PeriodAgreement
    ours: Period | None = None
    theirs: Period | None = None
    relative: bool = False


_SAME, _WITHIN = PeriodAgreement.SAME, PeriodAgreement.WITHIN
_UNKNOWN, _DIFFERENT = PeriodAgreement.UNKNOWN, PeriodAgreement.DIFFERENT
_ORDER = tuple(PeriodAgreement)  # from the nearest to the farthest

# Two texts of an unknown day are read as if they were said on one day, on each of these: in the middle of things,
# and where years, quarters, months and weeks begin and end.
_ANY_DAY = (date(2023, 6, 14), date(2023, 1, 2), date(2023, 12, 30), date(2024, 3, 31), date(2024, 4, 1))


def compare_periods(
    ours: Sequence[Period], theirs: Sequence[Period], *, said_on: date | None = None, claimed_on: date | None = None
) -> PeriodComparison:
    """Compare the times that two sentences name.

    Each time is held against the nearest of the other sentence, days against days and times of day against times of
    day; the worst of these pairs decides. `said_on` and `claimed_on`, where known, are the days on which our and their
    sentence was said: "last year" then has its days. Times that only one of them names leave `within`.
    """
    if not ours or not theirs:
        alone = next(iter((*ours, *theirs)), None)
        agreement = PeriodAgreement.ONE_SIDED if alone else PeriodAgreement.NONE
        return PeriodComparison(agreement, alone if ours else None, None if ours else alone)
    pairs = [
        PeriodComparison(agreement, one, other, relative)
        for one in ours
        for other in theirs
        for agreement, relative in _pair(one, other, said_on, claimed_on)
    ]
    chosen: list[PeriodComparison] = []
    for pair in sorted(pairs, key=lambda each: _ORDER.index(each.agreement)):
        if all(pair.ours is not each.ours and pair.theirs is not each.theirs for each in chosen):
            chosen.append(pair)
    worst = max(chosen, key=lambda each: _ORDER.index(each.agreement), default=None)
    if worst is None:  # a day here, a time of day there
        return PeriodComparison(_UNKNOWN, ours[0], theirs[0])
    if worst.agreement is _SAME:
        more = next((one for one in ours if all(one is not each.ours for each in chosen)), None)
        less = next((one for one in theirs if all(one is not each.theirs for each in chosen)), None)
        if more or less:
            return PeriodComparison(_WITHIN, more, None if more else less)
        return next((each for each in chosen if each.relative), worst)
    return worst


def _pair(
    ours: Period, theirs: Period, said_on: date | None, claimed_on: date | None
) -> Iterator[tuple[PeriodAgreement, bool]]:
    """How two times agree, and whether that rests on an unknown day; nothing where they cannot be held together."""
    if ours.is_clock or theirs.is_clock:
        if ours.is_clock and theirs.is_clock:
            yield _clocks(ours, theirs), False
        return
    here, there = resolved(ours, said_on), resolved(theirs, claimed_on)
    if here and there:
        yield _bounded(ours, theirs, here, there), False
        return
    if ours.key == theirs.key and not ours.named and not theirs.named:
        yield _by_relation(ours.relation, theirs.relation), ours.is_relative or theirs.is_relative
        return
    one, other = _two_ways(ours.key), _two_ways(theirs.key)
    if one and other:
        yield _DIFFERENT if one.isdisjoint(other) else _UNKNOWN, False
        return
    if not ours.named and not theirs.named and not (said_on and claimed_on):
        found = {
            _bounded(ours, theirs, here, there)
            for day in _ANY_DAY
            if (here := resolved(ours, day)) and (there := resolved(theirs, day))
        }
        if _steps_differ(ours.key, theirs.key):
            found = {_DIFFERENT}
        yield (found.pop() if len(found) == 1 else _UNKNOWN), True
        return
    yield _by_readings(ours, theirs, here, there), ours.is_relative or theirs.is_relative


def _steps_differ(ours: str, theirs: str) -> bool:
    """True for the next election and the last, this summer and last summer, every Sunday and every Monday."""
    (one, _, step), (other, _, their_step) = ours.rpartition(" "), theirs.rpartition(" ")
    if not one or one != other or step == their_step:
        return False
    return one == "every" or (step[0] in "+-" and their_step[0] in "+-")


def _clocks(ours: Period, theirs: Period) -> PeriodAgreement:
    if ours.key == theirs.key:
        return _by_relation(ours.relation, theirs.relation)
    return _DIFFERENT if ours.key[0].isdigit() == theirs.key[0].isdigit() else _UNKNOWN


def _by_relation(ours: Bound, theirs: Bound) -> PeriodAgreement:
    """Two that name the same time, by what stands before it."""
    both = {Bound.SINCE if ours is Bound.FROM else ours, Bound.SINCE if theirs is Bound.FROM else theirs}
    if len(both) == 1:
        return _SAME
    if Bound.IN in both and {ours, theirs} & {Bound.FROM, Bound.BY}:
        return _WITHIN
    return _WITHIN if both in ({Bound.SINCE, Bound.AFTER}, {Bound.BY, Bound.BEFORE}) else _DIFFERENT


def _bounded(ours: Period, theirs: Period, here: Days, there: Days) -> PeriodAgreement:
    """Two times whose days are known."""
    named = _days(here, there, ours, theirs)
    if named is _SAME:
        return _by_relation(ours.relation, theirs.relation)
    relations = {ours.relation, theirs.relation}
    if len(relations) == 1 or relations == {Bound.SINCE, Bound.FROM}:
        return named
    if Bound.IN in relations:
        inner, outer = (ours, theirs) if ours.relation is Bound.IN else (theirs, ours)
        days, edge = (here, there) if inner is ours else (there, here)
        return _DIFFERENT if not _reaches(outer.relation, edge, days) else _WITHIN
    return _DIFFERENT


def _reaches(relation: Bound, edge: Days, days: Days) -> bool:
    """True where "from", "by", "before" or "after" the edge may mean the days.

    "Since 2014" says something of all the time since, so no single time in it is the same; a range that begins then is.
    """
    if relation is Bound.SINCE:
        return days.first == edge.first and days.last > edge.last
    if relation is Bound.UNTIL:
        return days.last == edge.last and days.first < edge.first
    if relation is Bound.FROM:
        return days.last >= edge.first
    if relation is Bound.BY:
        return days.first <= edge.last
    return days.last > edge.last if relation is Bound.AFTER else days.first < edge.first


def _days(here: Days, there: Days, ours: Period, theirs: Period) -> PeriodAgreement:
    keys = {ours.key, theirs.key} if ours.named and theirs.named else {""}
    if len(keys - {"", "fiscal"}) > 1 and here.length == there.length:
        return _DIFFERENT  # the 2016 referendum and the 2016 election; 2021/22 and 2022/23
    if here == there:
        return _SAME if len(keys) == 1 else _WITHIN
    loose = ours.approximate or theirs.approximate
    if here.has(there) or there.has(here):
        return _DIFFERENT if ours.stretch and theirs.stretch and not loose else _WITHIN
    if ours.approximate != theirs.approximate:
        here, there = (_widened(here), there) if ours.approximate else (here, _widened(there))
    return _WITHIN if loose and here.meets(there) else _DIFFERENT


def _widened(days: Days) -> Days:
    margin = days.length // 2
    return Days(moved(days.first, -margin), moved(days.last, margin))


def _by_readings(ours: Period, theirs: Period, here: Days | None, there: Days | None) -> PeriodAgreement:
    """Days on one side, and on the other a date with two readings or without its year."""
    if here is None and there is None:
        return _UNKNOWN
    days, vague = (here, theirs) if here else (there, ours)
    assert days
    readings = list(_readings(vague.key, days))
    if not readings:
        return _UNKNOWN
    found = [
        _bounded(ours, theirs, days, reading) if here else _bounded(ours, theirs, reading, days) for reading in readings
    ]
    return _DIFFERENT if all(each is _DIFFERENT for each in found) else _WITHIN


def _readings(key: str, days: Days) -> Iterator[Days]:
    """What the key may mean about the time of the given days; none where they are too long to tell."""
    if ways := _two_ways(key):
        yield from ways
    elif (yearless := _yearless(key)) and days.length < 300:
        for year in {days.first.year - 1, days.first.year, days.last.year}:
            yield in_year(yearless, year)


def _two_ways(key: str) -> set[Days]:
    """Both readings of a date like 3/4/2022, the month first or the day."""
    found = _TWO_WAYS.fullmatch(key)
    if not found:
        return set()
    one, other, year = map(int, found.groups())
    return {day for day in (one_day(year, other, one), one_day(year, one, other)) if day}


_TWO_WAYS = pattern(r"(\d+)/(\d+)/(\d{3,4})")
_YEARLESS = pattern(r"(\d\d)-(\d\d)\.\.(\d\d)-(\d\d)")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _yearless(key: str) -> Days | None:
    found = _YEARLESS.fullmatch(key)
    if not found:
        return None
    month, day, to_month, to_day = map(int, found.groups())
    wraps = (to_month, to_day) < (month, day)
    return Days(date(4, month, day), date(4 + wraps, to_month, to_day))


def resolved(period: Period, said_on: date | None) -> Days | None:
    """The days that a period names, read on the day on which it was said; None where that does not tell either.

    A month, day or season without a year is the one nearest to that day; a weekday the last one, that day included.
    """
    if period.named or said_on is None:
        return period.named
    return _resolve(period.key, said_on)


@lru_cache(maxsize=4096)
def _resolve(key: str, said: date) -> Days | None:
    whole = None
    if " of " in key:
        name, _, inner = key.partition(" of ")
        whole = _resolve(inner, said)
        return part(whole, name) if whole else None
    words = key.split()
    if len(words) == 3 and words[0] in ("ago", "ahead", "past", "next"):
        return _counted(words[0], words[1], words[2], said)
    name, step = (words[0], int(words[1])) if len(words) == 2 and words[1][0] in "+-" else (key, None)
    if name in UNITS or name in MONTHS_IN:
        return whole_unit(said, name, step) if step is not None else None
    if name in _WEEKDAYS:
        back = (said.weekday() - _WEEKDAYS.index(name)) % 7
        day = moved(said, {None: -back, -1: -(back or 7), 0: -back, 1: 7 - back}[step])
        return Days(day, day)
    yearless = _yearless(name)
    return _nearest(yearless, said, step) if yearless else None


def _counted(way: str, count: str, unit: str, said: date) -> Days | None:
    """So many units before or after a day, and the stretch of time up to it or from it."""
    if not count.isdigit() or (unit not in UNITS and unit not in MONTHS_IN):
        return None
    number = int(count) * (-1 if way in ("ago", "past") else 1)
    there = moved(said, number * UNITS[unit]) if unit in UNITS else later(said, number * MONTHS_IN[unit])
    if way in ("past", "next"):
        return Days(min(said, there), max(said, there))
    margin = UNITS[unit] // 2 if unit in UNITS else MONTHS_IN[unit] * 15
    return Days(moved(there, -margin), moved(there, margin))


def _nearest(days: Days, said: date, step: int | None) -> Days | None:
    """The days without a year, in the year that the day and the step (last, this, next) point to."""
    choices = [in_year(days, min(max(said.year + shift, 1), 9990)) for shift in (-2, -1, 0, 1, 2)]
    if step == -1:
        return max((each for each in choices if each.last < said), default=None)
    if step == 1:
        return min((each for each in choices if each.first > said), default=None)
    return min(choices, key=lambda each: 0 if each.first <= said <= each.last else _distance(each, said))


def _distance(days: Days, said: date) -> int:
    return min(abs((days.first - said).days), abs((days.last - said).days))
