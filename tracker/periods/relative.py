"""Times that depend on the day on which they were said: "last year", "yesterday", "the past ten years"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.periods.almanac import ANY_YEAR, HOLIDAYS, SEASONS, months, season
from tracker.periods.grammar import (
    DAY_PART,
    MONTH,
    NUMBER,
    UNIT,
    WEEKDAY,
    Moment,
    compiled,
    month_number,
    number,
    unit,
    yearless,
)

if TYPE_CHECKING:
    import re

_RELATIVE = compiled(
    r"(?P<which>last|this|next|past|previous|coming|recent|current)[ -](?:few\s+|couple of\s+)?"
    rf"(?:(?P<count>{NUMBER}) )?(?:(?P<unit>{UNIT})(?P<many>s?)\b(?!-)|(?P<month>{MONTH})|(?P<weekday>{WEEKDAY})"
    rf"|(?P<season>{'|'.join(SEASONS)})\b|(?P<part>{DAY_PART})\b|(?P<holiday>christmas|easter|thanksgiving|new year)\b"
    r"|(?P<event>(?:general |presidential |local )?(?:election|parliament|government|season|world cup|budget))\b)"
)
_SAME_TIME = compiled(r"this (?:time|day) (last|next) year\b")
_STEP = {"last": -1, "past": -1, "previous": -1, "this": 0, "current": 0, "next": 1, "coming": 1, "recent": -1}


def last_or_next(text: str, at: int) -> Moment | None:
    """Last, this, next: whatever the day on which it was said decides."""
    if same := _SAME_TIME.match(text, at):
        return Moment(same.end(), key=f"{'ago' if same[1].lower() == 'last' else 'ahead'} 1 year", approximate=True)
    found = _RELATIVE.match(text, at)
    if not found:
        return None
    which = found["which"].lower()
    if found["unit"] and (rolling := _rolling(text, at, found, which)):
        return rolling
    if which == "recent" or found["count"] or (found["unit"] or "").lower() == "day":
        return None  # "the next day" is the one after another that was named
    name = _name(found)
    return Moment(found.end(), key=f"{name} {_STEP[which]:+}", approximate=bool(found["season"]))


def _name(found: re.Match[str]) -> str:
    """What is last or next, as it stands in the key."""
    if found["unit"]:
        return unit(found["unit"]).replace("night", "day")
    if found["part"]:
        return "day"
    if found["month"]:
        return yearless(months(ANY_YEAR, month_number(found["month"])))
    if found["season"]:
        return yearless(season(found["season"].lower(), ANY_YEAR))
    if found["holiday"]:
        return yearless(HOLIDAYS[found["holiday"].lower()](ANY_YEAR))
    return str(found["weekday"] or found["event"]).lower().rstrip("s")


def _rolling(text: str, at: int, found: re.Match[str], which: str) -> Moment | None:
    """The past ten years: time up to the day of saying, or from it on, counted in units."""
    name = unit(found["unit"])
    the = (
        which in ("last", "next")
        and text[max(0, at - 4) : at].lower() == "the "
        and name not in ("weekend", "night", "day")
    )
    whole = found["count"] or found["many"] or the or (which == "past" and name != "weekend")
    if not whole or _STEP[which] == 0 or (which == "recent" and not found["many"]):
        return None
    count = number(found["count"] or ("" if found["many"] else "a"))
    count, name = (count * 10, "year") if name == "decade" and count else (count, name)
    direction = "next" if _STEP[which] > 0 else "past"
    return Moment(found.end(), key=f"{direction} {count or 'some'} {name}", approximate=not count, stretch=True)


_WEEKEND = compiled(r"weekend\b")
_WEEKEND_AFTER = compiled(r"\b(?:at|over|on|during|by|before|after|until|for|since)\s+(?:the\s+)?$")


def weekend(text: str, at: int) -> Moment | None:
    """At the weekend: this one, the last, or any."""
    found = _WEEKEND.match(text, at)
    return Moment(found.end(), key="weekend") if found and _WEEKEND_AFTER.search(text[max(0, at - 14) : at]) else None


_NAMED_DAY = compiled(
    r"(the day (?:before yesterday|after tomorrow)|yesterday|today(?! show| programme)|tonight|tomorrow|overnight)\b"
)
_NAMED_DAYS = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1, "overnight": 0, "the day before yesterday": -2}


def named_day(text: str, at: int) -> Moment | None:
    """Yesterday, today, tomorrow and their like."""
    found = _NAMED_DAY.match(text, at)
    if not found or text[max(0, at - 4) : at] == "USA ":
        return None
    return Moment(found.end(1), key=f"day {_NAMED_DAYS.get(' '.join(found[1].lower().split()), 2):+}")
