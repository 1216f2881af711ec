"""What stands behind a number: its unit, the noun that it counts, and what a rate is for."""

from __future__ import annotations

from typing import NamedTuple

from tracker.quantities.numerals import LARGE, Number, Token, after_hyphen, low, number_at
from tracker.quantities.units import (
    CURRENCY_CODES,
    HUNDREDTHS,
    MONEY,
    NATIONAL,
    OFTEN,
    PER,
    PERIODS,
    PERSON,
    SCALE,
    UNCOUNTED_HEADS,
    UNITS,
    is_people,
)


class Measured(NamedTuple):
    """A value in its unit, with the token behind both; `head` is the token behind the counted noun, 0 for none."""

    value: float
    unit: str
    after: int
    counted: str = ""
    head: int = 0


def measured(tokens: list[Token], number: Number) -> Measured:
    """The unit that stands behind a number, or the noun that it counts."""
    k = number.after
    if number.part:
        return _part_of(tokens, number)
    at = after_hyphen(tokens, k)
    if at < len(tokens):
        found = (
            _share(tokens, number.value, at)
            or _metres(tokens, number)
            or _temperature(tokens, number.value, at, at == k)
            or _times(tokens, number.value, at)
            or _money(tokens, number.value, at, at > k)
            or _measure(tokens, number.value, at)
        )
        if found:
            return found
        if at > k:  # "two-bedroom": an adjective
            word = low(tokens, at)
            if word in PERSON:
                return Measured(number.value, "person", at + 1, word, at + 1)
            return Measured(number.value, "", k, "" if word in ("plus", "odd", "ish", "strong") else word)
    return _counted(tokens, number.value, k)


def _part_of(tokens: list[Token], number: Number) -> Measured:
    """Half an hour, three-quarters of a point, half of one per cent; else a share of what follows."""
    k = number.after
    at = k + 1 if low(tokens, k) == "of" else after_hyphen(tokens, k)
    article = low(tokens, at) in ("a", "an", "one")
    at = after_hyphen(tokens, at + article)
    if at < len(tokens) and (article or at == k + 1) and (article or low(tokens, k) == "-"):
        word = tokens[at].low
        found = _share(tokens, number.value, at) or _measure(tokens, number.value, at)
        if word == "point":
            return Measured(number.value, "percentage-point", at + 1)
        if found is None and word in MONEY and article:
            return Measured(number.value, MONEY[word], at + 1)
        if found:
            return found
    return Measured(number.value, "ratio", k)


def _share(tokens: list[Token], value: float, k: int) -> Measured | None:  # noqa: PLR0911 - a rule a line
    """Per cent, percentage points, basis points."""
    word = tokens[k].low
    if word in ("%", "percent", "pc", "pct", "percentage", "‰") or (
        word == "per" and low(tokens, k + 1) in ("cent", "cents")
    ):
        after = k + 2 if word == "per" else k + 1
        point = after_hyphen(tokens, after)
        if low(tokens, point) in ("point", "points", "pts"):
            return Measured(value, "percentage-point", point + 1)
        if word == "percentage":
            return None
        return Measured(value / 10 if word == "‰" else value, "percent", after)
    if word in ("pp", "ppt", "ppts", "pps"):
        return Measured(value, "percentage-point", k + 1)
    if word in ("bps", "bp") or (word == "basis" and low(tokens, after_hyphen(tokens, k + 1)) in ("point", "points")):
        after = after_hyphen(tokens, k + 1) + 1 if word == "basis" else k + 1
        return Measured(float(f"{value / 100:.12g}"), "percentage-point", after)
    if word in ("point", "points") and _of_rates(tokens):
        return Measured(value, "percentage-point", k + 1)
    return None


def _of_rates(tokens: list[Token]) -> bool:
    return not _RATES.isdisjoint(token.low for token in tokens)


_RATES = frozenset(
    "poll polls lead ahead behind clear rate rates interest turnout approval rating ratings swing".split()
)


def _metres(tokens: list[Token], number: Number) -> Measured | None:
    """The "m" of "a 100m race", which was read as million."""
    k = number.after
    if number.magnitude == 1e6 and tokens[k - 1].text == "m" and low(tokens, k) in _METRES:
        return Measured(float(f"{number.value / 1e6:.12g}"), "metre", k)
    return None


_METRES = frozenset(
    """
    race sprint hurdles freestyle butterfly backstroke tall high deep wide long away radius above below tower tsunami
    wave cliff telescope dash final relay pool square
    """.split()
)


def _temperature(tokens: list[Token], value: float, k: int, beside: bool) -> Measured | None:
    """40.3C, 1.5°C, 104 degrees Fahrenheit; a degree that nobody names stays `degree`."""
    token = tokens[k]
    named = k + 1 < len(tokens) and (tokens[k + 1].text in "-'’" or tokens[k + 1].text.istitle())  # "the 3C Corridor"
    if token.text in ("C", "F") and beside and token.glued and not named:
        return Measured(value, "celsius" if token.text == "C" else "fahrenheit", k + 1)
    if token.text not in ("°", "º") and token.low not in ("degree", "degrees", "deg", "℃", "℉", "celsius"):
        return None
    if token.text in ("℃", "℉") or token.low == "celsius":
        return Measured(value, "fahrenheit" if token.text == "℉" else "celsius", k + 1)
    scale = after_hyphen(tokens, k + 1)
    name = low(tokens, scale)
    if name in ("c", "celsius", "centigrade"):
        return Measured(value, "celsius", scale + 1)
    if name in ("f", "fahrenheit"):
        return Measured(value, "fahrenheit", scale + 1)
    return Measured(value, "degree", k + 1)


def _times(tokens: list[Token], value: float, k: int) -> Measured | None:
    word, following = tokens[k].low, low(tokens, k + 1)
    if word == "fold" or (word in ("x", "×") and (tokens[k].glued or word == "×")):
        return Measured(value, "times", k + 1)
    if word != "times":
        return None
    if following in _THAN or (following.endswith("er") and following not in ("over", "after", "under", "per")):
        return Measured(value, "times", k + 1)
    return Measured(value, "", k, "times", k + 1)


_THAN = frozenset("as more less the worse what its their that his her our likelier".split())
_PUBLIC = frozenset(
    "taxpayer taxpayers public money funding aid debt cuts savings investment damage spending tax cash".split()
)


def _money(tokens: list[Token], value: float, k: int, hyphened: bool) -> Measured | None:  # noqa: PLR0911 - a rule a line
    """Pounds and euros behind the number; pounds that somebody weighs are a mass."""
    token = tokens[k]
    names = tuple(low(tokens, k + n) for n in range(3))
    for size in (3, 2):
        if names[:size] in NATIONAL:
            return Measured(value, NATIONAL[names[:size]], k + size)
    if token.low in HUNDREDTHS and (token.low != "p" or token.glued):
        return Measured(float(f"{value / 100:.12g}"), HUNDREDTHS[token.low], k + 1)
    if token.low in ("pound", "pounds") and _is_weight(tokens, k, hyphened):
        return Measured(value, "pound", k + 1)
    if token.low in MONEY:
        return Measured(value, MONEY[token.low], k + 1)
    if token.low in CURRENCY_CODES and token.text.isupper():
        return Measured(value, CURRENCY_CODES[token.low], k + 1)
    if token.text == "€" or (token.text in "£$₽" and token.glued):
        return Measured(value, {"€": "EUR", "£": "GBP", "$": "USD", "₽": "RUB"}[token.text], k + 1)
    return None


def _is_weight(tokens: list[Token], k: int, hyphened: bool) -> bool:
    if low(tokens, k + 1) == "of":
        return low(tokens, k + 2) not in _PUBLIC and not any(one.low in _PUBLIC for one in tokens[k + 2 : k + 5])
    if hyphened and low(tokens, k + 1) not in ("note", "fine", "coin", "bill", "a"):
        return tokens[k].low == "pound" and tokens[k - 2].kind == "number"
    return any(token.low in _WEIGHING for token in tokens)


_WEIGHING = frozenset("weigh weighs weighed weighing weight heavy heavier overweight lighter".split())


def _measure(tokens: list[Token], value: float, k: int) -> Measured | None:  # noqa: C901, PLR0911 - a rule a line
    """Kilometres, square miles, metric tons, miles per hour."""
    word, following = tokens[k].low, low(tokens, k + 1)
    if word in ("square", "sq", "cubic"):
        j = k + 2 if following == "." else k + 1
        unit = f"{'cubic' if word == 'cubic' else 'square'} {UNITS.get(low(tokens, j), '')}"
        return Measured(value, unit, j + 1) if unit in SCALE else None
    if word == "nautical" and following in ("mile", "miles"):
        return Measured(value, "nautical mile", k + 2)
    if word == "metric" and following in ("ton", "tons", "tonne", "tonnes"):
        return Measured(value, "tonne", k + 2)
    if word not in UNITS or (word in ("g", "yd", "min", "sec") and not tokens[k].glued):
        return None
    unit = UNITS[word]
    if unit in ("km", "mile") and low(tokens, k + 2) in ("hour", "h") and following in ("per", "an", "/"):
        return Measured(value, "km/h" if unit == "km" else "mph", k + 3)
    if following in _POWERS and tokens[k + 1].glued and f"square {unit}" in SCALE:
        return Measured(value, f"{_POWERS[following]} {unit}", k + 2)
    if unit == "second" and word == "second" and tokens[k - 1].text != "-" and value != 1:
        return None  # "the two second runners"
    after = k + 1
    if (
        unit in ("year", "month", "week", "day")
        and low(tokens, after) == "-"
        and low(tokens, after + 1) in ("old", "olds")
    ):
        return Measured(value, unit, after + 2)
    if low(tokens, after) in ("old", "olds"):
        return Measured(value, unit, after + 1)
    joined = word in ("hour", "year", "day", "week", "month", "decade") and low(tokens, after) == "and" and value == 1
    if joined and (low(tokens, after + 1), low(tokens, after + 2)) == ("a", "half"):
        return Measured(1.5, unit, after + 3)
    return Measured(value, unit, after)


_POWERS = {"²": "square", "2": "square", "³": "cubic", "3": "cubic"}


def _counted(tokens: list[Token], value: float, k: int) -> Measured:
    """The noun that is counted, within a few words; people are a unit, and so may it be one ("two more years")."""
    at = _head(tokens, k, one=value == 1)
    if at is None:
        return Measured(value, "", k)
    noun = tokens[at]
    if noun.low in UNITS and at > k:
        return Measured(value, UNITS[noun.low], at + 1)
    people = is_people(noun.text) or noun.low in PERSON
    return Measured(value, "person" if people else "", k, noun.low, at + 1)


def _head(tokens: list[Token], k: int, *, one: bool) -> int | None:
    """The first plural behind a number, or after one the singular of a word for people; None for neither."""
    steps = 0
    for at in range(k, len(tokens)):
        token = tokens[at]
        if at > k and _is_inside(tokens, at):
            continue
        if token.kind != "word" or token.low in _CLOSED or (at > k and UNITS.get(token.low) in _SHORT):
            return None
        if low(tokens, at + 1) in ("'", "’") and tokens[at + 1].glued:  # people's homes
            return None
        if _is_head(tokens, at) or (one and token.low in PERSON):
            return at
        steps += len(token.text) > 1
        if steps == _REACH:
            return None
    return None


_REACH = 4  # words


def _is_inside(tokens: list[Token], at: int) -> bool:
    """True for the hyphen of "high-readiness" and the points of "U.S."."""
    token, before = tokens[at], tokens[at - 1]
    if token.text in ("-", "‑"):
        return token.glued
    return token.text == "." and token.glued and len(before.text) == 1 and before.text.isupper()


def _is_head(tokens: list[Token], at: int) -> bool:
    token = tokens[at]
    ahead = tokens[at + 1] if at + 1 < len(tokens) else None
    if token.low in UNCOUNTED_HEADS and ahead:  # police officers, police cars
        more = is_people(ahead.text) or (token.low in _ADJECTIVAL and _is_plural(ahead))
        return not more
    return is_people(token.text) or _is_plural(token)


_ADJECTIVAL = frozenset({"police", "military", "youth"})
_SHORT = frozenset({"foot", "inch", "second", "yard", "min"})
_CLOSED = frozenset(
    """
    of in on at to for from by with and or that who which as than after before since was were is are be been has have
    had will would can could may might should must did do does not no but if when while where because so then there
    he she it they we you i his her its their our your my the a an this these those said says say per against about
    over under up down out into during within without between through across around near off ago later earlier killed
    died injured wounded dead lost won times voted via amid despite until till only just also more less fewer
    """.split()
) - {"more"}
_NO_PLURALS = frozenset(
    """
    this was has its his does says perhaps always less us plus thus across versus towards besides texas paris wales
    james thomas news politics economics series gets makes takes goes comes wants needs gives earns pays spends loses
    wins means seems lives becomes remains stands sits keeps
    """.split()
)


def _is_plural(token: Token) -> bool:
    word = token.low
    if len(word) <= 3 or token.kind != "word":
        return False
    if token.text[0].isupper() and not token.text.isupper():
        return False
    return word.endswith("s") and not word.endswith(("ss", "us", "is", "ous")) and word not in _NO_PLURALS


def rate(tokens: list[Token], k: int, head: int, *, money: bool) -> tuple[str, int]:
    """What a rate is for ("week", "100,000"), looked for behind the unit and behind the counted noun; and its end."""
    for place in dict.fromkeys((k, head)):
        if place:
            per, after = _rate_at(tokens, place, money=money)
            if per:
                return per, after
    return "", k


def _rate_at(tokens: list[Token], k: int, *, money: bool) -> tuple[str, int]:  # noqa: C901, PLR0911 - a rule a line
    word = low(tokens, k)
    if word in ("more", "less", "fewer", "extra"):
        k, word = k + 1, low(tokens, k + 1)
    if word == "-" and k + 1 < len(tokens) and tokens[k].glued:
        k, word = k + 1, low(tokens, k + 1)
    if word in OFTEN:
        return OFTEN[word], k + 1
    if word not in ("a", "an", "per", "each", "every", "/"):
        return "", k
    at = after_hyphen(tokens, k + 1)
    if at >= len(tokens):
        return "", k
    noun = tokens[at].low
    if word in ("per", "every") and noun != "cent":
        base = number_at(tokens, at)
        if base and low(tokens, base.after) in UNITS:
            return "", k  # every 13 minutes
        if base and not base.part:
            people = base.after < len(tokens) and is_people(tokens[base.after].text)
            return f"{base.value:,.0f}", base.after + people
        if noun in LARGE:
            people = at + 1 < len(tokens) and is_people(tokens[at + 1].text)
            return f"{LARGE[noun]:,.0f}", at + 1 + people
    if word == "per" and tokens[at].kind == "word" and noun != "cent" and noun not in _CLOSED:
        return (UNITS.get(noun, noun) if noun in PER else noun), at + 1
    known = noun in PERIODS or (noun in PER and (money or word == "/"))
    if not known or low(tokens, at + 1) in ("ago", "later", "earlier", "before", "after", "or", "and", "from"):
        return "", k
    return UNITS.get(noun, noun), at + 1
