"""Days as people write them, read without guessing."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from tracker.errors import InvalidClaim
from tracker.patterns import pattern

EARLIEST = date(1900, 1, 1)

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? )?"
_TIME = r"(?:,?(?: at)? \d{1,2}:\d{2}.*)?"
_FORMS = tuple(
    pattern(form, re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?:[T ].*)?",
        rf"{_WEEKDAY}{_DAY}[ -](?:of )?{_MONTH},?[ -]{_YEAR}{_TIME}",
        rf"{_WEEKDAY}{_MONTH} {_DAY},? {_YEAR}{_TIME}",
        rf"{_YEAR} {_MONTH} {_DAY}",
    )
)
_NUMBERS = pattern(rf"(\d{{1,2}})([./-])(\d{{1,2}})\2(\d{{4}}){_TIME}")


def parse_day(text: str, *, today: date | None = None, ahead: bool = False) -> date:
    """Read `2022-06-27`, an ISO time, `27 June 2022` or `June 27, 2022` as a day; also `27.06.2022` and `06/27/2022`.

    Of numbers with stops between them the first is the day. A day must be named whole: a year alone, a year of two
    digits or `03/04/2022` (which of the two is the month?) is refused, and so is a day before 1900 or after tomorrow,
    which is a slip of the pen in a fact-check. `ahead` allows days to come, as a verdict's period may have them. Raises
    InvalidClaim.
    """
    days = _days(" ".join(text.split()))
    if len(days) != 1:
        why = "everybody reads alike (which is the month?)" if days else "can be read"
        msg = f"date {text[:60]!r}: not a day that {why}; write it as 2022-06-27, 27 June 2022 or 27.06.2022"
        raise InvalidClaim(msg)
    day = days.pop()
    if ahead and day >= EARLIEST:
        return day
    latest = (today or datetime.now(UTC).date()) + timedelta(days=1)  # tomorrow has begun somewhere
    if not EARLIEST <= day <= latest:
        msg = f"date {text[:60]!r}: outside {EARLIEST.year} to today; check the year"
        raise InvalidClaim(msg)
    return day


def days_in_numbers(one: int, sign: str, other: int, year: int) -> set[date]:
    """The days that two numbers before a year may be: with stops between them the day comes first, else either may."""
    return _day(year, other, one) | (set() if sign == "." else _day(year, one, other))


def _days(text: str) -> set[date]:
    """The days that a text may be: none, one, or two."""
    numbers = _NUMBERS.fullmatch(text)
    if numbers:
        return days_in_numbers(int(numbers[1]), numbers[2], int(numbers[3]), int(numbers[4]))
    found = next((found for form in _FORMS if (found := form.fullmatch(text))), None)
    if found is None:
        return set()
    month = found["month"]
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3].casefold()) + 1
    return _day(int(found["year"]), number, int(found["day"]))


def _day(year: int, month: int, day: int) -> set[date]:
    try:
        return {date(year, month, day)}
    except ValueError:
        return set()
