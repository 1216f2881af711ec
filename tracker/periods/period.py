"""Which time a sentence speaks of: days, months, years, seasons, ranges, and words like "last year"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from tracker.patterns import pattern
from tracker.periods.almanac import ANY_YEAR, Days, in_year, moved
from tracker.periods.grammar import Moment, yearless
from tracker.periods.moments import moments, shifted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

LONGEST = 20_000  # characters that are read of a text; sentences are far shorter


class Bound(StrEnum):
    """How a sentence hangs on the time it names: within it, or on one side of it."""

    IN = "in"
    SINCE = "since"
    FROM = "from"
    UNTIL = "until"
    BY = "by"
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Period:
    """A time that a sentence names; `text` is the whole expression, `sentence[start:end]`.

    `named` are the days of the words without "since", "by" and the like; `first` and `last` take those in. `key` is
    what has no place in the calendar by itself: `year -1` (last year), `ago 2 day`, `past 10 year`, `monday`,
    `04-01..04-30` (April of a year not named), `3/4/2022` (which of the two is the month?), `10:00`, "pandemic"; beside
    `named` it tells seasons (`2022/23`) and occasions ("election") from plain years. `stretch` where both ends of the
    time are named, or its length ("between 2000 and 2020", "the past ten years").
    """

    text: str
    start: int
    end: int
    relation: Bound
    named: Days | None
    key: str = ""
    approximate: bool = False
    stretch: bool = False

    @property
    def first(self) -> date | None:
        """The first day; None where it is open, or where there is only a key."""
        if self.named is None or self.relation in (Bound.UNTIL, Bound.BY, Bound.BEFORE):
            return None
        return moved(self.named.last, 1) if self.relation is Bound.AFTER else self.named.first

    @property
    def last(self) -> date | None:
        """The last day; None where it is open, or where there is only a key."""
        if self.named is None or self.relation in (Bound.SINCE, Bound.FROM, Bound.AFTER):
            return None
        return moved(self.named.first, -1) if self.relation is Bound.BEFORE else self.named.last

    @property
    def is_relative(self) -> bool:
        """True where the day on which it was said decides, as for "last year" and "in April"."""
        return self.named is None and not self.is_clock and bool(_DAY_DECIDES.search(self.key))

    @property
    def is_clock(self) -> bool:
        """True for a time of day."""
        return self.named is None and bool(_CLOCK.fullmatch(self.key))


_CLOCK = pattern(r"\d\d:\d\d(?: to \d\d:\d\d)?|morning|afternoon|evening|night|lunchtime")
_DAY_DECIDES = pattern(r" [+-]\d$|^(?:ago|ahead|past|next) |\d\d-\d\d\.\.|^(?:mon|tues|wednes|thurs|fri|satur|sun)day")


@lru_cache(maxsize=4096)
def periods(text: str) -> tuple[Period, ...]:
    """The times that a text names, in order; empty where it names none. Takes any text.

    "this morning" gives two: the day, and the time of day. Whether a number is a year is decided by what stands beside
    it: "2,019", "£2014" and "2014 people" are none.
    """
    text = text[:LONGEST]
    return tuple(_period(text, *found) for found in _joined(text, [_before(text, *each) for each in moments(text)]))


_LEFT = pattern(
    r"(?:(?<![\w-])(?P<bound>(?:ever )?since|from|starting(?: in| on| from)?|beginning(?: in| on)?|as from|until|till"
    r"|up (?:to|until)|by|no later than|before|prior to|ahead of|(?:in )?the run-up to|after|following|in|on|at|during"
    r"|over|throughout|through|between|within|as of|for)\s+|(?<!\w)(?P<prefix>pre|post)-)?"
    r"(?:(?<!\w)(?P<about>around|about|circa|c\.|roughly|approximately|some\s?time in|exactly|at (?:least|most)"
    r"|the week of)\s+)?"
    r"(?:(?<!\w)the\s+)?(?:(?<!\w)(?:(?P<part>early|mid|late)(?:\s*-\s*|\s+)(?:in\s+|on\s+)?"
    r"|(?P<edge>end|start|beginning|middle|close|turn)(?:\s+of\s+|-)(?:next\s+)?)(?:the\s+)?)?$",
    re.IGNORECASE,
)
_BOUNDS = {
    **dict.fromkeys(("since", "ever since"), Bound.SINCE),
    **dict.fromkeys(("from", "starting", "starting in", "starting on", "starting from", "as from"), Bound.FROM),
    **dict.fromkeys(("beginning", "beginning in", "beginning on"), Bound.FROM),
    **dict.fromkeys(("until", "till", "up to", "up until"), Bound.UNTIL),
    **dict.fromkeys(("by", "no later than"), Bound.BY),
    **dict.fromkeys(("before", "prior to", "ahead of", "in the run-up to", "the run-up to", "pre"), Bound.BEFORE),
    **dict.fromkeys(("after", "following", "post"), Bound.AFTER),
}
_EDGES = {"end": "end", "close": "end", "start": "start", "beginning": "start", "turn": "start", "middle": "mid"}
_ONWARDS = pattern(r"\s+(?:onwards?|and (?:later|after)|or later)\b", re.IGNORECASE)

# Start and end of the whole expression, the word before it, and what it says.
_Found = tuple[int, str, Moment]


def _before(text: str, start: int, read: Moment) -> _Found:
    """Take in what stands before an expression: "since", "around", "the", "early", "the end of"."""
    left = max(0, start - 48)
    found = _LEFT.search(text[left:start])
    if found is None:
        return start, "", read
    if found["part"] or found["edge"]:
        read = shifted(read, (found["part"] or _EDGES[found["edge"].lower()]).lower())
    if found["about"] and found["about"].lower() != "exactly":
        read = read._replace(approximate=True)
    return left + found.start(), " ".join((found["bound"] or found["prefix"] or "").lower().split()), read


_LINK = pattern(r"\s*(?:(?P<dash>[-–—])|(?P<to>to|until|till|through|up to|and)\b)\s*(?:the\s+)?", re.IGNORECASE)
_TO_NOW = pattern(
    r"\s*(?:[-–—]|to|until|till|through)\s*(?:now|today|date|the present(?: day)?|present)\b", re.IGNORECASE
)


def _joined(text: str, found: list[_Found]) -> Iterator[_Found]:
    """Make one of the two ends of a range: "from 2010 to 2015", "between March and June 2020"."""
    at = 0
    while at < len(found):
        start, word, read = found[at]
        if at + 1 < len(found) and (both := _range(text, found[at], found[at + 1])):
            yield start, "in", both
            at += 2
            continue
        now = _TO_NOW.match(text, read.end)
        if now and read.days:
            yield start, "since", read._replace(end=now.end())
            at += 1 + (at + 1 < len(found) and found[at + 1][2].end <= now.end())
            continue
        onwards = _ONWARDS.match(text, read.end)
        yield (start, "from", read._replace(end=onwards.end())) if onwards else (start, word, read)
        at += 1


def _range(text: str, one: _Found, other: _Found) -> Moment | None:
    """Both ends as one time; None where they are two times."""
    (_, word, begin), (start, _, end) = one, other
    link = _LINK.match(text, begin.end)
    if not link or link.end() < start or ((link["to"] or "").lower() == "and" and word != "between"):
        return None
    if begin.days and end.days:
        first, last = _with_year(begin.days, end.days)
        if first.last <= last.first:
            return Moment(end.end, Days(first.first, last.last), "", begin.approximate or end.approximate, stretch=True)
        return None
    if begin.days or end.days or not begin.key or not end.key:
        return None
    return Moment(end.end, key=f"{begin.key} to {end.key}", approximate=begin.approximate, stretch=True)


def _with_year(first: Days, last: Days) -> tuple[Days, Days]:
    """The two ends of a range in one calendar: an end without a year lies in that of the other, or in the next."""
    if first.first.year == ANY_YEAR and last.first.year != ANY_YEAR:
        first = in_year(first, last.first.year)
        return (in_year(first, last.first.year - 1) if first > last else first), last
    if last.first.year == ANY_YEAR:
        last = in_year(last, first.first.year)
        return first, (in_year(last, first.first.year + 1) if first > last else last)
    return first, last


def _period(text: str, start: int, word: str, read: Moment) -> Period:
    relation = Bound.IN if word == "from" and read.stretch else _BOUNDS.get(word, Bound.IN)
    days, key = read.days, read.key
    if days and days.first.year <= ANY_YEAR + 1:
        key, days = yearless(days), None
    return Period(text[start : read.end], start, read.end, relation, days, key, read.approximate, read.stretch)
