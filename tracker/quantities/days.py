"""Dates and years: numerals that name a day or a year, told from those that count."""

from __future__ import annotations

from typing import NamedTuple

from tracker.quantities.numerals import LARGE, Token, low
from tracker.quantities.units import CURRENCY_CODES, CURRENCY_SIGNS, MONEY, UNITS, is_people


class Masked(NamedTuple):
    """What is no quantity: its kind and its tokens, `first` to before `after`."""

    kind: str
    first: int
    after: int


MONTHS = frozenset(
    """
    January February March April May June July August September October November December Jan Feb Mar Apr Jun Jul Aug
    Sep Sept Oct Nov Dec JANUARY FEBRUARY MARCH APRIL JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER
    """.split()
)


def counts_something(tokens: list[Token], i: int) -> bool:
    """True where what follows makes a quantity of the number before: a unit, people, "million", a share."""
    word = low(tokens, i)
    if word in ("%", "per", "percent", "pc", "percentage", "basis") or word in LARGE or word in MONEY:
        return True
    if word == "second" or (word in ("f", "c", "a") and not tokens[i].glued):
        return False
    return word in UNITS or (i < len(tokens) and tokens[i].text[0].islower() and is_people(tokens[i].text))


def in_date(tokens: list[Token], i: int) -> Masked | None:
    """27 June 2022, 5-7 June, Sept. 11, March 2020."""
    if not tokens[i].text.isdecimal():
        return None
    return _day_then_month(tokens, i) or _month_then_day(tokens, i)


def _day_then_month(tokens: list[Token], i: int) -> Masked | None:
    after = i + 1
    if int(tokens[i].text) > 31 or low(tokens, i - 1) in CURRENCY_SIGNS:
        return None
    for place in (_second_day(tokens, after), after):
        beyond = _month_after(tokens, place) if place else 0
        if beyond:
            return Masked("date", i, _year_after(tokens, beyond))
    return None


def day_of_month(tokens: list[Token], i: int, after: int) -> Masked | None:
    """The date that an ordinal is the day of: "27th June 2022", "June 27th"."""
    beyond = _month_after(tokens, after)
    if beyond:
        return Masked("date", i, _year_after(tokens, beyond))
    k = i - 2 if low(tokens, i - 1) == "." else i - 1
    return Masked("date", k, _year_after(tokens, after)) if k >= 0 and tokens[k].text in MONTHS else None


def _month_then_day(tokens: list[Token], i: int) -> Masked | None:
    k = i - 2 if low(tokens, i - 1) == "." else i - 1
    if k < 0 or tokens[k].text not in MONTHS or counts_something(tokens, i + 1):
        return None
    if is_year(tokens[i]):
        return Masked("date", k, i + 1)
    if not 1 <= int(tokens[i].text) <= 31:
        return None
    second = _second_day(tokens, i + 1)
    later = second and not counts_something(tokens, second) and int(tokens[second - 1].text) > int(tokens[i].text)
    return Masked("date", k, _year_after(tokens, second if later else i + 1))


def _second_day(tokens: list[Token], i: int) -> int:
    """The place behind a second day of a month ("5-7 June", "June 5 and 6") that token `i` joins; 0 for none."""
    day = low(tokens, i + 1)
    joined = low(tokens, i) in ("-", "–", "and", "to", "or") and day.isdecimal()
    return i + 2 if joined and len(day) <= 2 and int(day) <= 31 else 0


def _month_after(tokens: list[Token], i: int) -> int:
    """The place behind a month at `i` or behind "of", 0 for none."""
    k = i + 1 if low(tokens, i) in ("of", "-") else i
    if k < len(tokens) and tokens[k].text in MONTHS and not (tokens[k].text == "May" and low(tokens, k + 1) == "be"):
        return k + 1
    return 0


def _year_after(tokens: list[Token], i: int) -> int:
    """The place behind a year at `i`, with a comma or hyphen before it or not; `i` itself for none."""
    k = i + 1 if low(tokens, i) in (",", "-", ".") else i
    year = low(tokens, k)
    return k + 1 if len(year) == 4 and year.isdecimal() and 1500 <= int(year) <= 2100 else i


def is_year(token: Token) -> bool:
    """True for four digits that may be a year."""
    return len(token.text) == 4 and token.text.isdecimal() and 1500 <= int(token.text) <= 2100


def bare_year(tokens: list[Token], i: int) -> Masked | None:
    """A bare number of four digits that is a year, unless something is counted with it."""
    token, before = tokens[i], low(tokens, i - 1)
    medieval = len(token.text) == 4 and token.text.isdecimal() and 1000 <= int(token.text) < 1500
    if not is_year(token) and not (medieval and before in ("in", "since", "by", "until", "before", "after")):
        return None
    if before in CURRENCY_SIGNS or before in CURRENCY_CODES or _measures(tokens, i):
        return None
    counts = _hedges_a_count(tokens, i) or (low(tokens, i + 1) in _THINGS and before not in _BEFORE_A_YEAR)
    return None if counts else Masked("year", i, i + 1)


def _measures(tokens: list[Token], i: int) -> bool:
    """True where a unit, people or "million" follow the number, though not in "in 2015 people were"."""
    k = i + 1
    if k < len(tokens) and tokens[k].glued and tokens[k].kind == "word" and tokens[k].low != "s":
        return True
    if low(tokens, k) == "-" and tokens[k].glued and low(tokens, k + 1) in UNITS:
        return True
    return counts_something(tokens, k) and low(tokens, i - 1) not in ("in", "since")


def _hedges_a_count(tokens: list[Token], i: int) -> bool:
    """True for "more than 2000 homes" and "about 1500 cases"; not for "until at least 2020", "above 2019 levels"."""
    before, following = low(tokens, i - 1), low(tokens, i + 1)
    if following in _YEARLY or (before == "least" and low(tokens, i - 3) in _UNTIL):
        return False
    plural = i + 1 < len(tokens) and tokens[i + 1].text[0].islower() and following.endswith("s")
    if before in ("about", "around", "than", "over", "under", "only", "just"):
        return plural
    return before in ("least", "nearly", "almost", "some", "most", "up", "roughly", "approximately", "exactly")


_YEARLY = frozenset(
    "levels figures numbers estimates rates totals elections prices results standards campaigns".split()
)
_THINGS = frozenset(  # that are counted more often than named by their year
    "homes houses flats jobs deaths cases schools hospitals shops students pupils patients officers nurses doctors"
    " teachers workers farmers prisoners voters votes seats beds tents cars vehicles lorries trucks buses"
    " flights planes boats ships tanks trees animals birds sheep cows dogs cats books pages words".split()
)
_BEFORE_A_YEAR = frozenset(
    "in since by until till before after from to and or of for during through the early late mid - – / '".split()
)
_UNTIL = frozenset("until till by through since before after in to".split())
