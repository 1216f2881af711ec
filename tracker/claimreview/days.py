"""Days as markup writes them: ISO with or without a time, a number of seconds, or as people write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from tracker.dates import days_in_numbers, parse_day
from tracker.errors import InvalidClaim

_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ,].*)?", re.DOTALL)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?:[T ,].*)?", re.DOTALL)
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})(?:T\d{4,6}.*)?")
_SECONDS = re.compile(r"\d{9,10}(?:\.\d+)?|\d{12,13}")


def read_day(written: str, *, ahead: bool = False) -> tuple[date | None, str | None]:
    """Read one day and a note where it was not simply read; None where it cannot be told.

    A time's zone does not move the day: the day is the one that the publisher wrote. `ahead` allows days to come.
    """
    text = " ".join(written.split())[:80]
    note = None
    if found := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        text = f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}"
    elif found := _YEAR_LAST.fullmatch(text):
        days = days_in_numbers(int(found[1]), found[2], int(found[3]), int(found[4]))
        if len(days) > 1:
            return None, f"{text!r} may be two days; not kept"
        if days:
            note = f"{text!r} read as {(text := str(days.pop()))}"
    elif _SECONDS.fullmatch(text):
        day_in_utc = _since_1970(text)
        note = f"{text!r} read as seconds since 1970, the day in UTC"
        text = str(day_in_utc)
    try:
        return parse_day(text, ahead=ahead), note
    except InvalidClaim:
        return None, f"{written[:60]!r} is not a day that can be told; not kept"


def read_period(written: str) -> tuple[date | None, date | None, str | None]:
    """Read `2022-01-01/2023-12-31`, where either side may be open (`..` or nothing), and a note where it cannot be."""
    sides = [side.strip() for side in written.split("/")]
    if len(sides) != 2:
        return None, None, f"{written[:60]!r} is no period from a day to a day; not kept"
    start, end = (None if side in ("", "..") else read_day(side, ahead=True)[0] for side in sides)
    told = [side for side in sides if side not in ("", "..")]
    if len(told) != sum(day is not None for day in (start, end)) or (start and end and start > end):
        return None, None, f"{written[:60]!r} is no period from a day to a day; not kept"
    return start, end, None


def _since_1970(text: str) -> date | None:
    seconds = float(text) / (1000 if len(text) >= 12 and "." not in text else 1)
    try:
        return datetime.fromtimestamp(seconds, UTC).date()
    except (OverflowError, ValueError, OSError):
        return None
