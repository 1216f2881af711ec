"""Times that have a place in the calendar as they are written: days, months, years, decades, centuries.

A date that could be read in two ways is kept as it stands, in `key`: nothing here guesses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.patterns import pattern
from tracker.periods.almanac import ANY_YEAR, Days, months, one_day, part, years
from tracker.periods.grammar import MONTH, YEAR_BEHIND, Moment, any_of, compiled, month_number

if TYPE_CHECKING:
    import re

CENTURIES = (
    "twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first".split()
)
DECADES = "twenties thirties forties fifties sixties seventies eighties nineties noughties".split()
_ROUND = "fiscal year|financial year|tax year|school year|academic year|fiscal|season"
_OCCASIONS = any_of("elections? referendum census budget olympics games midterms? campaign season")
_OCCASION = rf"(?:\w+ ){{0,2}}(?P<occasion>{_OCCASIONS}|world cup)\b"
_COUNTED = any_of(  # behind a number of four digits: it counts these, and is no year
    """
    of people persons? troops soldiers? men women children kids pupils students employees workers staff members migrants
    deaths cases jobs homes houses seats votes words points times euros? dollars? pounds? pence yen miles? kms?
    kilomet\\w+ met(?:re|er)s? feet foot acres hectares square degrees tons? tonnes kg lbs? calories kcal [mgkt]w [mg]b
    ppm years? days? hours? minutes hrs? gmt bst utc est edt cet per\\s?cent million billion thousand more fewer
    """
)
_DATED = any_of(  # behind a year, though in the plural
    "elections figures levels prices rates terms floods riots protests games olympics midterms attacks primaries finals"
    " results"
)
_PLURAL = rf"(?!{_DATED})[a-z]{{3,}}(?<![su])s\b(?!['’])"
_YEAR = r"(?P<year>1[1-9][0-9]{2}|2[01][0-9]{2})(?![\w+%°]|[.,:][0-9]|-[a-z]|-[0-9]{1,2}-|\s?%)"


_ISO = compiled(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9]|-[0-9])")


def iso(text: str, at: int) -> Moment | None:
    """2020-03-11."""
    found = _ISO.match(text, at)
    days = one_day(int(found[1]), int(found[2]), int(found[3])) if found else None
    return Moment(found.end(), days) if found and days else None


_NUMERIC = compiled(r"([0-9]{1,2})([/.])([0-9]{1,2})\2([0-9]{4}|(?<=/)[0-9]{2})(?![\w/])")


def numeric(text: str, at: int) -> Moment | None:
    """31/01/2020, and 11/03/2020 as a key; 9/11 is that of 2001."""
    if text.startswith("9/11", at) and not text[at + 4 : at + 5].isalnum() and text[at + 4 : at + 5] != "/":
        return Moment(at + 4, one_day(2001, 9, 11))
    found = _NUMERIC.match(text, at)
    if not found:
        return None
    one, other, year = int(found[1]), int(found[3]), int(found[4])
    year += 0 if year > 99 else 2000 if year < 50 else 1900
    readings = {one_day(year, other, one), one_day(year, one, other)} - {None}
    if len(readings) == 1:
        return Moment(found.end(), readings.pop())
    return Moment(found.end(), key=f"{one}/{other}/{year}") if readings else None


_NTH = r"(?:st|nd|rd|th)?"
_DAY_MONTH = compiled(
    rf"([0-9]{{1,2}}){_NTH}(?:\s*(?:-|–|to|and)\s*([0-9]{{1,2}}){_NTH})?[ -](?:of\s+)?({MONTH})\.?"
    rf"(?:(?:,?\s+(?:of\s+)?|-){YEAR_BEHIND})?"
)
_MONTH_DAY = compiled(
    rf"({MONTH})\.?\s+(?:the\s+)?([0-9]{{1,2}}){_NTH}(?:\s*(?:-|–|to)\s*([0-9]{{1,2}}){_NTH})?"
    rf"(?![\w%:+]|[.,][0-9]|-[a-z]|\s+(?:{_COUNTED}))(?:,?\s+{YEAR_BEHIND})?"
)


def day_month(text: str, at: int) -> Moment | None:
    """11 March 2020, the 3rd of May, 3-5 June."""
    found = _DAY_MONTH.match(text, at)
    return _days_of(found, found[3], found[1], found[2]) if found else None


def month_day(text: str, at: int) -> Moment | None:
    """March 11, 2020, and May 3-5."""
    found = _MONTH_DAY.match(text, at)
    return _days_of(found, found[1], found[2], found[3]) if found else None


def _days_of(found: re.Match[str], month: str, first: str, last: str | None) -> Moment | None:
    if not found["year"] and month in ("may", "march", "mar", "dec", "jan"):
        return None  # "5 may go", "2 march on": a verb; or a name
    year = int(found["year"] or ANY_YEAR)
    days, until = one_day(year, month_number(month), int(first)), one_day(year, month_number(month), int(last or first))
    if not days or not until or until < days:
        return None
    return Moment(found.end() - found[0].endswith("."), Days(days.first, until.last), stretch=last is not None)


_MONTH_YEAR = compiled(rf"({MONTH})(?:\.?,?\s+(?:of\s+|in\s+)?{YEAR_BEHIND}|\s+['’]([0-9]{{2}})\b)")
_MONTH_ALONE = compiled(rf"({MONTH})(?!-[a-z])")
_PLAIN_MONTHS = ("jan", "feb", "jul", "sep", "oct", "nov", "dec")
_LICENCE = compiled(
    r"(?:\b(?:in|since|until|till|by|before|after|from|during|throughout|last|this|next|early|late|mid|of|to|and|between"
    r"|for|each|every|over|through|through to|end of|on record|hottest|coldest|wettest|driest|warmest)[ -]|[–-])$"
)
_WEAK_LICENCE = compiled(r"\b(?:and|of|for|to|by|after|before|the|between|from) $")
_SURNAME = pattern(r"\s+[A-Z][a-z]")
_NO_MONTH = compiled(
    rf"\s+(?:for|on|against|of|towards|have|has|be|not|says?|said|(?:to|through|from)\s+(?!{MONTH}|[0-9]|now))\b"
)


def month_or_year(text: str, at: int) -> Moment | None:
    """March 2020, and March alone where the words around it make it a month."""
    found = _MONTH_YEAR.match(text, at)
    if found:
        short = int(found[3] or 0)
        year = int(found["year"] or (2000 if short < 50 else 1900) + short)
        return Moment(found.end(), months(year, month_number(found[1])))
    found = _MONTH_ALONE.match(text, at)
    if not found:
        return None
    name, before = found[1], text[max(0, at - 20) : at]
    licensed = bool(_LICENCE.search(before)) or (name.lower() != "may" and before.lower().endswith("the "))
    plain = len(name) > 4 and name[:3].lower() in _PLAIN_MONTHS
    if not plain and (name.islower() or not licensed):
        return None
    weak = not licensed or _WEAK_LICENCE.search(before)
    if weak and (_SURNAME.match(text, found.end()) or (not plain and _NO_MONTH.match(text, found.end()))):
        return None
    return Moment(found.end(1), months(ANY_YEAR, month_number(name)))


TWO_YEARS = compiled(
    rf"((?:1[1-9]|20|21)[0-9]{{2}})\s?[-–—/]\s?([0-9]{{4}}|[0-9]{{2}})(?![\w%]|[.,/-][0-9])(?:\s+({_ROUND})\b)?"
)


def two_years(text: str, at: int) -> Moment | None:
    """2019-20 and 2019/20 as one year that begins in the first, 1939-45 and 2000-2020 as a range."""
    found = TWO_YEARS.match(text, at)
    if not found:
        return None
    first, last = int(found[1]), int(found[2])
    last += 0 if last > 99 else first // 100 * 100 + (100 if last < first % 100 else 0)
    if not first < last <= first + 300:
        return None
    as_one = last == first + 1 and (len(found[2]) == 2 or found[3])
    return Moment(found.end(), years(first, last), key=f"{first}/{last % 100:02}" if as_one else "", stretch=not as_one)


_YEAR_ALONE = compiled(
    rf"{_YEAR}(?:['’]s)?(?:\s+(?:calendar year|(?P<fiscal>{_ROUND}))\b|\s+{_OCCASION}|\s+Q(?P<quarter>[1-4])\b)?"
)
_NAMED = any_of(
    "agenda vision project flight room route highway area page no\\.? section article number windows boeing airbus"
)
_BEFORE_NO_YEAR = compiled(
    rf"(?:[£$€¥#>§]\s?|(?<![QH])[0-9]\s|\b(?:{_NAMED}|another|additional|extra|(?:one|1)(?: out of| in))\s)$"
)
_MOVED = any_of(
    "rises? rising rose risen falls? falling fell fallen drop\\w* increas\\w* decreas\\w* up down grew grow\\w* cut"
)
_AMOUNT = compiled(  # "rose to 2014", "from 900 to 2000", "more than 2000"
    rf"\b(?:(?:{_MOVED}|reduc\w*|by|from [0-9]{{1,3}}(?:,[0-9]{{3}})?) to"
    r"|about|nearly|some|over|than|at least|at most|almost|up to|only|just|all) $"
)
_TIME_WORDS = any_of(
    "in since until till by before after from during throughout of year around circa between early late mid for the and"
    " to ad through pre post that their his her its our my"
)
_BEFORE_YEAR = compiled(rf"(?:\b(?:{_TIME_WORDS})[ -]|['’]s )(?:the )?(?:early |late |mid-)?$")
_IN_YEAR = compiled(r"\b(?:in|since|during|until) $")
_COUNTS = compiled(rf"\s+(?:or more|(?:{_COUNTED})\b)")
_LOWER_PLURAL = pattern(rf"\s+{_PLURAL}")
_MORE_PLURAL = pattern(rf"\s+[a-z]+\s+{_PLURAL}")


def plain_year(text: str, at: int) -> Moment | None:
    """A number of four digits where what stands beside it does not make it a count."""
    found = _YEAR_ALONE.match(text, at)
    if not found:
        return None
    year, before = int(found["year"]), text[max(0, at - 24) : at]
    licensed = _BEFORE_YEAR.search(before)
    behind = found.end("year")
    plural = _LOWER_PLURAL.match(text, behind) or (year % 50 == 0 and _MORE_PLURAL.match(text, behind))
    odd = plural or not 1700 <= year < 2100
    if _COUNTS.match(text, behind) and (year % 50 == 0 or not _IN_YEAR.search(before)):
        return None
    amount = _AMOUNT.search(before) and (odd or _MORE_PLURAL.match(text, behind))
    if (odd and not licensed) or amount or _BEFORE_NO_YEAR.search(before):
        return None
    if found["quarter"]:
        return Moment(found.end(), part(years(year), f"Q{found['quarter']}"))
    key = "fiscal" if found["fiscal"] and found["fiscal"].lower() != "season" else (found["occasion"] or "").lower()
    return Moment(found.end(), years(year), key=key.rstrip("s"), approximate=key == "fiscal")


_FISCAL = compiled(
    r"(?:(?:fiscal|financial|tax|school|academic)(?:\s+year)?|FY)[ -]?(?:20|')?([0-9]{2})(?:[-/–](?:20)?([0-9]{2}))?\b"
)


def fiscal(text: str, at: int) -> Moment | None:
    """Fiscal year 2021; when that begins depends on the country."""
    found = _FISCAL.match(text, at)
    if not found:
        return None
    first = 2000 + int(found[1])
    if found[2]:
        return Moment(found.end(), years(first, first + 1), key=f"{first}/{found[2]}")
    return Moment(found.end(), years(first), key="fiscal", approximate=True)


_CENTURY = compiled(rf"(?:([0-9]{{1,2}})(?:st|nd|rd|th)|({'|'.join(CENTURIES)}))[ -]century\b(?!\s+bc)")
_DECADE = compiled(rf"(?:((?:1[1-9]|20|21)[0-9])0['’]?s|['’]?([1-9])0['’]?s|({'|'.join(DECADES)}))\b")
_AGE = compiled(r"\b(?:his|her|their|my|our|your|its|aged|in|low|mid|high|upper|the (?:low|mid|high|upper))[ -]$")


def long_ago(text: str, at: int) -> Moment | None:
    """Centuries and decades."""
    found = _CENTURY.match(text, at)
    if found:
        place = int(found[1]) if found[1] else CENTURIES.index(found[2].lower()) + 12
        return Moment(found.end(), years(place * 100 - 100, place * 100 - 1)) if 1 < place < 99 else None
    found = _DECADE.match(text, at)
    if not found:
        return None
    if found[1]:
        first = int(found[1]) * 10
        return Moment(found.end(), years(first, first + (99 if first % 100 == 0 and first < 2000 else 9)))
    if _AGE.search(text[max(0, at - 14) : at]) or not (
        text[at] in "'’" or text[max(0, at - 12) : at].lower().endswith(("the ", "the early ", "the late ", "the mid-"))
    ):
        return None
    place = int(found[2]) if found[2] else DECADES.index(found[3].lower()) + 2
    first = 2000 if place == 10 else 1900 + place * 10
    return Moment(found.end(), years(first, first + 9))
