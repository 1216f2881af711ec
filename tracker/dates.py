"""Days as people write them, read without guessing."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache

from tracker.errors import InvalidClaim

EARLIEST = date(1900, 1, 1)

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?$")
_NAMED_MONTH = re.compile(r"(?i)\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b")


def parse_day(text: str, *, today: date | None = None) -> date:
    """Read `2022-06-27`, an ISO time, `27 June 2022` or `June 27, 2022` as a day.

    A day must be named whole: a year alone or `03/04/2022` (which of the two is the month?) is refused, and so is a day
    before 1900 or after tomorrow, which is a slip of the pen in a fact-check. Raises InvalidClaim.
    """
    day = _read(text.strip())
    if day is None:
        msg = f"date {text!r}: not a day; write it as 2022-06-27"
        raise InvalidClaim(msg)
    latest = (today or date.today()) + timedelta(days=1)  # tomorrow has begun somewhere
    if not EARLIEST <= day <= latest:
        msg = f"date {text!r}: outside {EARLIEST.year} to today; check the year"
        raise InvalidClaim(msg)
    return day


def _read(text: str) -> date | None:
    iso = _ISO.match(text)
    if iso:
        try:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        except ValueError:
            return None
    return _read_words(text) if _NAMED_MONTH.search(text) and len(text) <= 40 else None


@cache
def _read_words(text: str) -> date | None:
    """A date with the month in words; read against two defaults, so that a part left out is noticed."""
    from datetime import datetime

    from dateutil import parser

    try:
        days = {parser.parse(text, default=datetime(year, month, d)).date() for year, month, d in _DEFAULTS}
    except (ValueError, OverflowError):
        return None
    return days.pop() if len(days) == 1 else None


_DEFAULTS = ((2000, 1, 1), (2004, 2, 2))
