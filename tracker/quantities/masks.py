"""Numerals that count nothing: years, dates, clock times, ordinals, scores, telephone numbers, parts of names."""

from __future__ import annotations

import re

from tracker.patterns import pattern
from tracker.quantities.days import Masked, bare_year, counts_something, day_of_month, in_date, is_year
from tracker.quantities.numerals import (
    CARDINALS,
    LARGE,
    ORDINALS,
    SHORT,
    Token,
    after_hyphen,
    is_fraction,
    low,
)
from tracker.quantities.units import CURRENCY_CODES, CURRENCY_SIGNS, UNITS, is_people

_LONGEST = 24  # characters of a number; what is longer is a code

_SUFFIXES = frozenset(SHORT) | frozenset(UNITS) | frozenset(CURRENCY_CODES)
_SUFFIXES |= {"x", "c", "f", "p", "pc", "pp", "ppt", "bps", "bp", "fold", "s", "t"}
_SUFFIXES |= {"plus", "ish", "percent", "per", "times", "pm", "am", "st", "nd", "rd", "th", *"½¼¾⅓⅔⅕⅖⅛"}
_LABELS = frozenset(
    """
    article articles section sections clause chapter chapters page pages paragraph verse psalm figure table appendix
    annex schedule amendment proposition prop resolution directive protocol route highway interstate junction motorway
    platform terminal gate pier flight channel phase type grade tier level stage category class room ward block unit
    formula version episode season series volume apollo artemis falcon windows android iphone ipad ios xbox playstation
    galaxy boeing airbus catch studio agenda vision project rule form sputnik gemini soyuz voyager fahrenheit bbc itv
    espn hr sb hb ab hjr hjm sjr scr mi number nos covid iso pm bus act part precinct district group
    plan area euro war question building order item step lot exhibit title code squadron battalion
    """.split()
)
_CAPITAL_LABELS = frozenset(
    """
    unit plan bus act part district group area war project rule form series season class code item step lot vision
    building order figure table block room question stage catch galaxy euro version volume title pm
    """.split()
)  # labels only with a capital: "the plan 40 MPs backed"
_STREETS = frozenset(
    """
    Street St Road Rd Avenue Ave Lane Drive Square Boulevard Blvd Way Close Court Terrace Crescent Gardens Row Hill
    """.split()
)
_ROADS = frozenset("Road Rd Avenue Ave Lane Drive Boulevard Blvd".split())  # "the 2008 Wall Street crash"
_SCORED = frozenset(
    """
    won win wins winning lost lose loses beat beats beaten drew draw defeat defeated victory score scored voted vote
    led lead leads trailed majority thrashed ruling ruled
    """.split()
)
_SCORE = frozenset("ruling decision vote votes victory win defeat loss draw split lead split majority chance".split())
_CALLS = frozenset("call calls called calling dial dials dialled dialed dialling ring rang phone phoned text".split())
_TIME = pattern(
    r"\d{1,2}(?:[:.][0-5]\d)?\s?(?:am|pm|a\.m\.?|p\.m\.?)(?!\w)|\d{1,2}:[0-5]\d(?![\d:])|\d{1,2}\s?o['’]clock",
    re.IGNORECASE,
)
_TELEPHONE = pattern(
    r"0\d{2,4}(?:[ -]\d{3,4}){1,3}(?!\w)|0\d{6,}|\d{3}[-.]\d{3}[-.]\d{4}(?!\w)"
    r"|1-\d{3}-\d{3}-\d{4}|555-\d{4}|0\d+(?![\d.,])"
)
_NUMERIC_DATE = pattern(
    r"\d{4}-\d\d-\d\d(?!\d)|\d{1,2}/\d{1,2}/(?:\d{4}|\d\d)(?!\d)|\d{1,2}\.\d{1,2}\.(?:19|20)\d\d(?!\d)"
)
_SLASHED = pattern(r"\d{1,4}/\d{1,4}(?![\d/])")
_YEARS = pattern(r"(?:1[5-9]|20)\d\d\s?[-–/]\s?(?:(?:1[5-9]|20)\d\d|\d\d)(?![\d,.]?\d|\s?%)")
_DECADE = pattern(r"(?:\d\d)?\d0['’]?s(?!\w)")
_ORDINAL = pattern(r"\d[\d,]*(?:st|nd|rd|th)(?!\w)", re.IGNORECASE)
_VERSION = pattern(r"\d+(?:\.\d+){2,}(?![\d,])")
_GROUPED = pattern(r"\d{1,3}(?:\.\d{3})+(?!\d)")
_SCORE_FORM = pattern(r"(\d{1,3})\s?[-–](\d{1,3})(?![\d,.]?\d|[%\w])")
_ELSEWHERE = pattern(r"https?://\S+|www\.\S+|\S+@\S+\.\S+|[#@]\w+")


def elsewhere(text: str) -> list[tuple[int, int]]:
    """The spans of addresses, hashtags and names of accounts, whose digits mean nothing."""
    if "#" in text or "@" in text or "//" in text or "www." in text:
        return [found.span() for found in _ELSEWHERE.finditer(text)]
    return []


def mask_at(text: str, tokens: list[Token], i: int) -> Masked | None:
    """What the numeral at token `i`, a number or a number word, is if it is no quantity; else None."""
    token = tokens[i]
    if token.kind == "number":
        if len(token.text) > _LONGEST:
            return Masked("name", i, i + 1)
        return _in_name(tokens, i) or _by_form(text, tokens, i) or in_date(tokens, i) or bare_year(tokens, i)
    return _worded_name(tokens, i)


def _by_form(text: str, tokens: list[Token], i: int) -> Masked | None:
    """What can be told by how it is written."""
    start = tokens[i].start
    group = low(tokens, i - 1) == "-" and low(tokens, i - 2) in ("under", "over")  # the over-50s
    for kind, form in _FORMS:
        found = form.match(text, start)
        of = bool(found) and low(tokens, i + 3) == "of"
        if found and not (kind == "slashed" and is_fraction(found[0], of=of)):
            if kind == "decade" and group:
                continue
            if kind == "version" and _GROUPED.fullmatch(found[0]):
                continue
            after = _until(tokens, i, found.end())
            return (day_of_month(tokens, i, after) if kind == "ordinal" else None) or Masked(kind, i, after)
    if found := _SCORE_FORM.match(text, start):
        behind = _until(tokens, i, found.end())
        nearby = {tokens[k].low for k in range(max(0, i - 4), i)}
        if int(found[1]) >= int(found[2]) or low(tokens, behind) in _SCORE or not nearby.isdisjoint(_SCORED):
            if behind < len(tokens) and (tokens[behind].glued and tokens[behind].kind == "word"):
                return None
            if low(tokens, i - 1) in CURRENCY_SIGNS or low(tokens, behind) == "%":
                return None
            return Masked("score", i, behind)
    versus = low(tokens, i + 1) == "to" and tokens[i + 1 : i + 3][-1].kind == "number"
    if versus and (low(tokens, i - 1) in _SCORED or (low(tokens, i - 1) == "by" and low(tokens, i - 2) in _SCORED)):
        return Masked("score", i, i + 3)
    return None


_FORMS = (
    ("date", _NUMERIC_DATE),
    ("ordinal", _ORDINAL),
    ("time", _TIME),
    ("telephone", _TELEPHONE),
    ("year", _YEARS),
    ("decade", _DECADE),
    ("version", _VERSION),
    ("slashed", _SLASHED),
    ("score", pattern(r"\d{1,3}:\d{1,3}(?![\d:])")),
)


def _in_name(tokens: list[Token], i: int) -> Masked | None:
    """F-16, Covid-19, G7, Article 5, 10 Downing Street, 5G, No. 10, +44 ..."""
    token, after = tokens[i], i + 1
    if token.glued and i and (found := _glued_name(tokens, i)):
        return found
    if after < len(tokens) and tokens[after].glued and tokens[after].kind == "word":
        word = tokens[after].low
        lines = word == "p" and token.text in ("240", "360", "480", "720", "1080", "2160")  # of a screen
        if word not in _SUFFIXES or tokens[after].text == "G" or lines:
            return Masked("name", i, _end_of_name(tokens, after))
        if low(tokens, after + 1).isdecimal() and tokens[after + 1].glued and word == "x":
            return Masked("name", i, after + 2)
    called = low(tokens, i - 1) in _CALLS and token.text in ("911", "999", "112", "111", "101", "988", "100")
    if called or _labelled(tokens, i):
        return Masked("name", i, after)
    street = _street(tokens, after) if token.text.isdecimal() and len(token.text) <= 5 else 0
    if street and not (is_year(token) and tokens[street - 1].text not in _ROADS):
        return Masked("address", i, street)
    return None


def _glued_name(tokens: list[Token], i: int) -> Masked | None:  # noqa: PLR0911 - a rule a line
    """What a number is that something stands right before: G7, F-16, +44, '22, 20:30."""
    token, before = tokens[i], tokens[i - 1]
    two = tokens[i - 2] if i > 1 else None
    if before.kind == "word":
        money = before.low in CURRENCY_CODES or before.low in ("x", "c", "ca")
        return None if money else Masked("name", i - 1, _end_of_name(tokens, i + 1))
    if before.text in "-‑–" and two and before.glued and two.kind == "word":
        free = two.low in _HYPHENED or two.low in CARDINALS or _joins(tokens, i - 2)
        return None if free else Masked("name", i - 2, _end_of_name(tokens, i + 1))
    if before.text == "+" and len(token.text) <= 3 and _digits_follow(tokens, i + 1):
        return Masked("telephone", i - 1, _last_digit(tokens, i) + 1)
    if before.text in "'’‘" and len(token.text) == 2:
        return Masked("year", i - 1, i + 2 if low(tokens, i + 1) == "s" else i + 1)
    if two and two.kind == "number" and before.text == ":":
        return Masked("time", i, i + 1)
    if two and two.kind == "number" and before.text == "/":
        return Masked("slashed", i, i + 1)
    return None


_HYPHENED = frozenset(
    "to in of under over sub pre post mid then now about nearly almost most or and plus up us late early".split()
)


def _joins(tokens: list[Token], i: int) -> bool:
    """True for a word right behind a number: "$20m-30m", "5-to-10"."""
    return i > 0 and tokens[i].glued and tokens[i - 1].kind in ("number", "sign") and tokens[i].low in _SUFFIXES


def _labelled(tokens: list[Token], i: int) -> bool:
    """True behind "Article", "phase", "No."; behind "Plan" and "District" only where they have a capital."""
    k = i - 1
    if low(tokens, k) == "." and low(tokens, k - 1) in ("no", "nos", "art", "ch", "sec", "p", "pp", "vol"):
        return True
    word = low(tokens, k)
    capital = k >= 0 and tokens[k].text[0].isupper()
    named = word in _LABELS and (word not in _CAPITAL_LABELS or (capital and k > 0))
    return (named or tokens[k].text == "No") and k >= 0 and not counts_something(tokens, i + 1)


def _worded_name(tokens: list[Token], i: int) -> Masked | None:
    """Phase three, Channel Four, World War Two, the Six Nations; and the ordinal in "twenty-third"."""
    token = tokens[i]
    if low(tokens, i + 1) == "-" and low(tokens, i + 2) in ORDINALS and CARDINALS[token.low] >= 20:
        return Masked("ordinal", i, i + 3)
    if i and CARDINALS[token.low] <= 12 and _labelled(tokens, i):
        return Masked("name", i - 1, i + 1)
    if not i or tokens[i - 1].kind != "word" or not token.text[0].isupper() or token.text.isupper():
        return None
    following = tokens[i + 1].text if i + 1 < len(tokens) else ""
    if following[:1].isupper() and not is_people(following) and following.lower() not in LARGE:
        return Masked("name", i, i + 2)
    if tokens[i - 1].text[0].isupper() and not counts_something(tokens, i + 1) and not following[:1].islower():
        return Masked("name", i - 1, i + 1)
    return None


def idiom_at(tokens: list[Token], i: int) -> Masked | None:
    """Net zero, a one-off, two-way, the first half, half past: numerals inside other words."""
    word, before = tokens[i].low, low(tokens, i - 1)
    hyphened = after_hyphen(tokens, i + 1)
    joined, following = hyphened > i + 1, low(tokens, hyphened)
    idle = {
        "half": before in _HALF_BEFORE
        or following in _HALF_AFTER
        or (before == "-" and tokens[i].glued)
        or (joined and following not in LARGE and following not in UNITS),
        "zero": joined or before in _ZERO_BEFORE or following in ("tolerance", "sum", "hours", "emission", "gravity"),
    }
    if word in ("half", "quarter") and following in ("past", "to") and low(tokens, i + 2).isalnum():
        return Masked("time", i, i + 3)
    if idle.get(word):
        return Masked("idiom", i, i + 1)
    if (joined and (word in CARDINALS or word.isdecimal()) and following in _IDLE) or (word == following == "fifty"):
        return Masked("idiom", i, hyphened + 1)
    return None


_HALF_BEFORE = frozenset("first second latter last next other better final opening early late".split())
_HALF_AFTER = frozenset(
    "past time term marathon hearted brother sister baked way mast staff price size board life empty full moon".split()
)
_ZERO_BEFORE = frozenset("net ground sub carbon absolute near".split())
_IDLE = frozenset("way tier faced step off sided on to size stop dimensional handed track pronged".split())


def _end_of_name(tokens: list[Token], i: int) -> int:
    """The place behind all that is glued on: "B.1.1.7", "H1N1", "F-35B"."""
    while i < len(tokens) and tokens[i].glued and (tokens[i].kind != "sign" or _is_inner(tokens, i)):
        i += 1
    return i


def _is_inner(tokens: list[Token], i: int) -> bool:
    return tokens[i].text in ".-–/" and i + 1 < len(tokens) and tokens[i + 1].glued and tokens[i + 1].kind == "number"


def _digits_follow(tokens: list[Token], i: int) -> bool:
    return low(tokens, i).replace(" ", "").isdecimal() or low(tokens, i) == "("


def _last_digit(tokens: list[Token], i: int) -> int:
    last = i
    while i < len(tokens) and (tokens[i].kind == "number" or tokens[i].text in "()-"):
        last = i if tokens[i].kind == "number" else last
        i += 1
    return last


def _street(tokens: list[Token], i: int) -> int:
    """The place behind a street's name that begins at `i`, 0 for none."""
    for k in range(i, min(i + 4, len(tokens))):
        if tokens[k].kind != "word" or not tokens[k].text[0].isupper():
            return 0
        if k > i and tokens[k].text in _STREETS:
            return k + 1
    return 0


def _until(tokens: list[Token], i: int, end: int) -> int:
    while i < len(tokens) and tokens[i].start < end:
        i += 1
    return i
