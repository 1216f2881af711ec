"""One expression of time at one place of a text: "11 March 2020", "the third quarter of last year", "two days ago".

What surrounds it ("since", "early", "from ... to") is read by `period`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.periods import calendar, occasions, relative
from tracker.periods.almanac import ANY_YEAR, SEASONS, part, trailing, years
from tracker.periods.grammar import MONTH, NUMBER, OF, UNIT, WEEKDAY, Moment, any_of, compiled, number, unit, yearless

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator

    _Reader = Callable[[str, int], Moment | None]

_ORDINALS = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "final": 0,
    "last": 0,
}


def _from_any(text: str, at: int, *without: _Reader) -> Moment | None:
    """The expression behind "of the", "to" and the like, where "the year" is one too.

    It is read `without` the readers that read on like this, so that "the year to the year to ..." comes to an end.
    """
    start = _START.match(text, at)
    found = _read(text, at, start, without) if start else None
    if found is None and (bare := _BARE.match(text, at)):
        found = Moment(bare.end(), key=f"{unit(bare[1])} +0")
    return found


_BARE = compiled(r"(?:the\s+)?(week|month|quarter|year|decade|century)\b")


def _part_of(name: str, whole: Moment, *, loosely: bool = False) -> Moment:
    """A part of an expression's time."""
    approximate = whole.approximate or loosely
    if whole.days:
        return whole._replace(days=part(whole.days, name), approximate=approximate)
    return whole._replace(key=f"{name} of {whole.key}", approximate=approximate)


def shifted(whole: Moment, name: str) -> Moment:
    """The early, mid or late part, the start or the end of an expression's time; roughly."""
    if (whole.days.length == 1 if whole.days else " " not in whole.key) or whole.key.startswith("day "):
        return whole
    return _part_of(name, whole, loosely=True)


_HALF = compiled(rf"(?:(first|second|1st|2nd)(?:[ -]half{OF}|(-)half\b)|H([12])\s+(?=[0-9]))")
_SHARE = compiled(rf"(first|last|final|opening|closing)\s+(?:({NUMBER})[ -])?({UNIT})s?{OF}")


def _ordinal(text: str, at: int) -> Moment | None:
    """Quarters, halves, and "the first six months of"."""
    found = _QUARTER_HEAD.match(text, at)
    if found and (found[1] or "").lower() != "last":  # which may be the one before this, and no fourth
        place = _ORDINALS[found[1].lower()] if found[1] else int(found[2])
        return _divided(text, found.end(), f"Q{place or 4}")
    found = _HALF.match(text, at)
    if found:
        name = f"H{found[3] or (1 if found[1].lower() in ('first', '1st') else 2)}"
        if found[2]:
            return Moment(found.end(), part(years(ANY_YEAR), name))
        whole = _from_any(text, found.end(), _ordinal, _counted)
        return _part_of(name, whole) if whole and _divides(whole, 180) else None
    found = _SHARE.match(text, at)
    whole = _from_any(text, found.end(), _ordinal, _counted) if found else None
    if not found or not whole or (whole.key and not whole.days and " " not in whole.key):
        return None
    kind = "first" if found[1].lower() in ("first", "opening") else "last"
    return _part_of(f"{kind} {number(found[2] or 'a') or 1} {unit(found[3])}", whole)


_QUARTER_HEAD = compiled(rf"(?:({'|'.join(_ORDINALS)})[ -]quarter\b|Q([1-4])\b)")
_QUARTER_TAIL = compiled(rf"(?:{OF}|,?\s+)(?=[0-9]|(?:this|last|next)\s+year\b)|{OF}")


def _divided(text: str, at: int, name: str) -> Moment:
    """The quarter of the year that follows, or of any."""
    tail = _QUARTER_TAIL.match(text, at)
    whole = _from_any(text, tail.end(), _ordinal, _counted) if tail else None
    if whole and _divides(whole, 300):
        return _part_of(name, whole)
    return Moment(at, part(years(ANY_YEAR), name))


def _divides(whole: Moment, least: int) -> bool:
    return whole.days.length >= least if whole.days else " " in whole.key and "year" in whole.key


_COUNT = compiled(rf"(?:an?\s+)?(?:({NUMBER}|few|several|many|some)[ -])?({UNIT})(s?)\b")
_AGO = compiled(r"\s+(?:ago|before now)\b")
_AHEAD = compiled(r"(?:\s+from now|['’]?\s+time)\b")
_EDGE_OF = compiled(r"\b(?:end|start|beginning|middle|rest|course) of the $")
_UP_TO = compiled(r"\s+(?:(?:up )?to|ending|ended)\s+(?:(?:in|on)\s+)?(?:the\s+)?(end of\s+(?:the\s+)?)?")


def _counted(text: str, at: int) -> Moment | None:
    """So many units ago, or up to a time."""
    found = _COUNT.match(text, at)
    if not found or text[max(0, at - 7) : at].lower().endswith(("half ", "half a ")):
        return None
    count, name = number(found[1] or ("" if found[3] else "a")), unit(found[2])
    if ago := _AGO.match(text, found.end()):
        loosely = count > 9 or not count or name not in ("day", "week")
        return Moment(ago.end(), key=f"ago {count or 'some'} {name}", approximate=loosely)
    if found[1] and (ahead := _AHEAD.match(text, found.end())):
        return Moment(ahead.end(), key=f"ahead {count or 'some'} {name}", approximate=True)
    if _EDGE_OF.search(text[max(0, at - 16) : at]):
        return Moment(found.end(), key=f"{name} +0")
    return _up_to(text, found.end(), count or 1, name)


def _up_to(text: str, at: int, count: int, name: str) -> Moment | None:
    """So many units, ending with the time that follows."""
    link = _UP_TO.match(text, at)
    end = _from_any(text, link.end(), _counted) if link else None
    if not end or (end.key and not end.days and not end.key[0].isalpha()):
        return None
    if not end.days:
        return end._replace(key=f"{count} {name} to {end.key}", stretch=True)
    days = trailing(end.days, count, name)
    if end.is_yearless and days.length > 366:  # a key of two days would not tell ten years from one
        return end._replace(days=None, key=f"{count} {name} to {yearless(end.days)}", stretch=True)
    return end._replace(days=days, key="", stretch=True)


_WEEKDAY_AT = compiled(rf"({WEEKDAY})(?:,?\s+(?:the\s+)?(?=[0-9]{{1,2}}(?:\w\w)?\s|{MONTH}|[0-9]{{1,4}}[/-]))?")
_NEWSPAPER = compiled(r"\s+(?:times|telegraph|mirror|mail|express|post|people|sun|herald|night live|addams)\b")


def _weekday(text: str, at: int) -> Moment | None:
    found = _WEEKDAY_AT.match(text, at)
    before = text[max(0, at - 10) : at]
    if (
        not found
        or before.endswith(("Sheffield ", "Mail on ", "Super ", "Bowl ", "Bloody "))
        or _NEWSPAPER.match(text, found.end(1))
    ):
        return None
    whole = _from_any(text, found.end(), _ordinal, _counted) if found.end() > found.end(1) else None
    if whole and whole.days and whole.days.length == 1:
        return whole
    name = found[1].lower()
    if name.endswith("s") or before.lower().endswith(("every ", "each ")):
        return Moment(found.end(1), key=f"every {name.rstrip('s')}")
    return Moment(found.end(1), key=name) if found[1][0].isupper() or before.lower().endswith("on ") else None


_IN_DATE = any_of("mid pre post early late end")  # "mid-2020", but not "Covid-19"
_AFTER_HYPHEN = "|".join(rf"(?<=\b{word}-)" for word in _IN_DATE.split("|"))
_MANY = rf"(?:an?\s+)?(?:(?:{NUMBER}|few|several|many|some)[ -])?"
_START = compiled(
    rf"(?<!\w)(?:(?P<digit>(?:(?<![-.,:$£€¥#/@])|{_AFTER_HYPHEN})['’]?[0-9])"
    rf"|(?P<month>{MONTH})|(?P<weekday>{WEEKDAY})|(?P<which>(?:last|this|next|past|previous|coming|recent|current)\b)"
    r"|(?P<ordinal>(?:first|second|third|fourth|final|opening|closing)\b|[QH][1-4]\b)"
    rf"|(?P<century>{'|'.join(calendar.CENTURIES)})\b|(?P<count>{_MANY}{UNIT}s?\b)|(?P<season>{'|'.join(SEASONS)})\b"
    r"|(?P<day>yesterday|today|tonight|tomorrow|overnight|the day (?:before|after))\b"
    rf"|(?P<clock>{occasions.CLOCK_WORD.pattern})|(?P<decade>{'|'.join(calendar.DECADES)})\b"
    r"|(?P<fiscal>fiscal|(?:financial|tax|school|academic)\s+year|FY[ -]?[0-9]{2,4})\b|(?P<turn>turn of the century)"
    rf"|(?P<occasion>{occasions.HOLIDAY_NAMES}|{occasions.WARS.pattern}|{occasions.EVENT.pattern}))"
)
_READERS: dict[str, tuple[_Reader, ...]] = {
    "digit": (
        calendar.iso,
        calendar.numeric,
        calendar.day_month,
        calendar.two_years,
        calendar.long_ago,
        _ordinal,
        _counted,
        occasions.clock,
        calendar.plain_year,
    ),
    "month": (calendar.month_day, calendar.month_or_year),
    "weekday": (_weekday,),
    "which": (_ordinal, relative.last_or_next),
    "ordinal": (_ordinal, occasions.occasion),
    "century": (calendar.long_ago,),
    "day": (relative.named_day,),
    "count": (_counted, relative.weekend, occasions.clock_word),
    "season": (occasions.named_season,),
    "clock": (occasions.clock_word,),
    "fiscal": (calendar.fiscal,),
    "decade": (calendar.long_ago,),
    "turn": (lambda _, at: Moment(at + len("turn of the century"), years(1999, 2001), approximate=True),),
    "occasion": (occasions.occasion,),
}


def moments(text: str) -> Iterator[tuple[int, Moment]]:
    """The expressions of time of a text in order, each with its start."""
    at = 0
    while found := _START.search(text, at):
        read = _read(text, found.start(), found)
        if read:
            yield found.start(), read
        at = max(_resume(text, found.start(), read) if read else 0, found.start() + 1)


def _resume(text: str, start: int, read: Moment) -> int:
    """Where to read on: "this morning" is a day, and "morning" a time of that day."""
    words = text[start : read.end].rsplit(None, 1)
    return read.end - len(words[-1]) if len(words) > 1 and occasions.PART.fullmatch(words[-1]) else read.end


def _read(text: str, at: int, found: re.Match[str], without: tuple[_Reader, ...] = ()) -> Moment | None:
    for reader in _READERS[str(found.lastgroup)]:
        if reader not in without and (read := reader(text, at)):
            return read
    return None
