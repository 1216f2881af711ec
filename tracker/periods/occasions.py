"""Seasons, holidays, wars, elections and the like, and times of day."""

from __future__ import annotations

import re

from tracker.periods.almanac import ANY_YEAR, HOLIDAYS, SEASONS, season, years
from tracker.periods.calendar import TWO_YEARS
from tracker.periods.grammar import DAY_PART, WEEKDAY, YEAR_BEHIND, Moment, compiled

_SEASON = compiled(rf"({'|'.join(SEASONS)})(?:\s+(?:of\s+)?(?:({TWO_YEARS.pattern})|{YEAR_BEHIND}))?\b")
_SEASON_AFTER = compiled(
    r"\b(?:in|since|by|until|till|during|over|after|before|throughout|from|early|late|mid)[ -](?:the )?$"
)


def named_season(text: str, at: int) -> Moment | None:
    """The summer of 2021, winter 2022-23, and "in the spring"; the months of the northern half, roughly."""
    found = _SEASON.match(text, at)
    if not found or (text[at].isupper() and text[max(0, at - 7) : at].rstrip().endswith(("Arab", "Prague"))):
        return None
    name, year = found[1].lower(), found["year"] or (found[3] if found[2] else None)
    if year:
        return Moment(found.end(), season(name, int(year)), approximate=True)
    if not _SEASON_AFTER.search(text[max(0, at - 16) : at]) or re.match(r"\s+of\b", text[found.end() :]):
        return None
    return Moment(found.end(), season(name, ANY_YEAR), approximate=True)


HOLIDAY_NAMES = "|".join(sorted(HOLIDAYS, key=len, reverse=True)).replace("'", "['’]?")
_HOLIDAY = compiled(rf"({HOLIDAY_NAMES})\b(?:,?\s+(?:of\s+|in\s+)?{YEAR_BEHIND})?")
WARS = compiled(
    r"(second world war|world war (?:ii|two|2)\b|wwii|ww2|first world war|world war (?:i|one|1)\b|wwi|ww1)\b"
)
_VOTES = r"(?:general |local |presidential |midterm |european )?(?:elections?|referendum)"
_FEASTS = (
    r"(?:independence|memorial|labour|remembrance|mother['’]s|father['’]s) day|ramadan|diwali|eid|hanukkah|passover"
)
EVENT = compiled(
    rf"(?:the\s+)?(?:covid(?:-19)?\s+)?({_VOTES}|brexit|pandemic|lockdown|covid(?:-19)?|war|invasion|recession|coup"
    rf"|budget|financial (?:crisis|crash)|world cup|olympics|{_FEASTS}|independence)\b"
)
_FEAST = compiled(_FEASTS)
_AT_EVENT = compiled(
    r"\b(?:since|before|after|during|until|till|following|prior to|ahead of|run-up to|pre|post)[ -](?:the )?$"
)
_ON_DAY = compiled(
    r"\b(?:at|on|by|before|after|since|until|till|over|during|from|around|following|for|every|and|to)[ -](?:the )?$"
)


def occasion(text: str, at: int) -> Moment | None:
    """Holidays, wars, and what a sentence dates itself by."""
    before = text[max(0, at - 18) : at]
    found = _HOLIDAY.match(text, at)
    if found and (found["year"] or _ON_DAY.search(before) or (" " in found[1] and before.lower().endswith("the "))):
        name = found[1].lower().replace("’", "'")
        name = (
            name if name in HOLIDAYS else next(key for key in HOLIDAYS if key.replace("'", "") == name.replace("'", ""))
        )
        return Moment(found.end(), HOLIDAYS[name](int(found["year"] or ANY_YEAR)))
    if (found := WARS.match(text, at)) and (_AT_EVENT.search(before) or _SEASON_AFTER.search(before)):
        second = found[1].lower().startswith(("second", "world war ii", "world war t", "world war 2", "wwii", "ww2"))
        return Moment(found.end(), years(1939, 1945) if second else years(1914, 1918))
    licence = _ON_DAY if _FEAST.match(text, at) else _AT_EVENT
    found = EVENT.match(text, at) if licence.search(before) else None
    return Moment(found.end(), key=found[1].lower().rstrip("s")) if found else None


_CLOCK = compiled(
    r"([0-9]{1,2})(?:[:.]([0-5][0-9]))?(?:\s?([ap])\.?m\b\.?|\s?(o['’]clock|gmt|bst|utc|est)\b|(?<=:[0-5][0-9])(?![0-9:]))"
)
CLOCK_WORD = compiled(rf"(?:noon|midday|midnight|{DAY_PART})\b")
PART = compiled(DAY_PART)
_CLOCK_AFTER = compiled(r"\b(?:at|by|until|till|from|before|after|since|around|about|and|to|past)\s+$")


def clock(text: str, at: int) -> Moment | None:
    """10am, 14:30, 9 o'clock, as `10:00` and so on."""
    found = _CLOCK.match(text, at)
    if not found or int(found[1]) > 24 or not (found[3] or found[4] or _CLOCK_AFTER.search(text[max(0, at - 8) : at])):
        return None
    hour = int(found[1]) % 12 + (12 if found[3] in "pP" else 0) if found[3] else int(found[1]) % 24
    return Moment(found.end(), key=f"{hour:02}:{found[2] or '00'}")


def clock_word(text: str, at: int) -> Moment | None:
    """Noon, midnight, and the morning of a day that is named."""
    found = CLOCK_WORD.match(text, at)
    if not found:
        return None
    name, before = found[0].lower(), text[max(0, at - 14) : at]
    name = {"noon": "12:00", "midday": "12:00", "midnight": "00:00"}.get(name, name)
    if name[0].isalpha() and not _PART_AFTER.search(before):
        return None
    return Moment(found.end(), key=name)


_PART_AFTER = compiled(rf"(?:\b(?:in the|this|last|yesterday|tomorrow|at)|\b{WEEKDAY})\s+$")
