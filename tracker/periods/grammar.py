"""What all expressions of time are made of: months, weekdays, numbers, and what reading one of them gives."""

from __future__ import annotations

import re
from typing import NamedTuple

from tracker.patterns import pattern
from tracker.periods.almanac import ANY_YEAR, Days


class Moment(NamedTuple):
    """What an expression says: its days, or a key where the calendar alone does not tell, and where it ends.

    `stretch` where both ends of the time are named, or its length: "2010-2015", "the ten years to 2020".
    """

    end: int
    days: Days | None = None
    key: str = ""
    approximate: bool = False
    stretch: bool = False

    @property
    def is_yearless(self) -> bool:
        """True for days of a year that is not named."""
        return self.days is not None and self.days.first.year == ANY_YEAR


MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b"
)
WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b"
UNIT = r"(?:day|night|weekend|week|fortnight|month|quarter|year|decade|centur(?:y|ie))"
DAY_PART = r"(?:morning|afternoon|evening|night|lunchtime)"
_NUMBERS = dict(
    zip("one two three four five six seven eight nine ten eleven twelve".split(), range(1, 13), strict=True),
    a=1,
    an=1,
    fifteen=15,
    eighteen=18,
    twenty=20,
    thirty=30,
    forty=40,
    fifty=50,
    hundred=100,
)
_NUMBERS["couple of"] = 2
NUMBER = rf"(?:[0-9]{{1,3}}|(?:a )?couple of|(?:a )?hundred|{'|'.join(key for key in _NUMBERS if len(key) > 2)})"
YEAR_BEHIND = r"(?P<year>1[1-9][0-9]{2}|2[01][0-9]{2})(?![\w+%°]|[.,:][0-9])"  # a month, day or season: no count
OF = r"\s+(?:of|in)\s+(?:the\s+)?"


def compiled(text: str) -> re.Pattern[str]:
    """The pattern, whatever the case of the letters; compiled when a text comes near it."""
    return pattern(text, re.IGNORECASE)


def number(text: str) -> int:
    """A small number in digits or words; 0 for "some"."""
    text = " ".join(text.lower().removeprefix("a ").split())
    return int(text) if text.isdigit() else _NUMBERS.get(text, 0)


def unit(text: str) -> str:
    """The unit in the singular."""
    text = text.lower()
    return "century" if text.startswith("centur") else text.rstrip("s")


def any_of(words: str) -> str:
    """A pattern for any of the words."""
    return "|".join(words.split())


def month_number(text: str) -> int:
    """The number of the month that begins with these three letters, from 1."""
    return "jan feb mar apr may jun jul aug sep oct nov dec".split().index(text[:3].lower()) + 1


def yearless(days: Days) -> str:
    """The key of days whose year is not named: `04-01..04-30`."""
    return f"{days.first:%m-%d}..{days.last:%m-%d}"
