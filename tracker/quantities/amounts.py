"""A number with its sign, currency and unit; whether a bare one is an age, and whether "one" counts anything."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.quantities.measured import measured
from tracker.quantities.numerals import Number, Token, after_hyphen, low, number_at
from tracker.quantities.quantity import Qualifier
from tracker.quantities.units import CURRENCY_CODES, CURRENCY_SIGNS, DOLLARS, PERSON, UNITS, is_people

_OLDEST = 120
_DASHES = frozenset("-−–")
_AND_A_HALF = {(article, "and", "a", "half") for article in ("a", "an")}  # an hour and a half


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit, on the tokens `first` to before `after`; `head` is the token behind the counted noun.

    `currency` is true where the money is named before the number.
    """

    value: float
    unit: str
    first: int
    after: int
    number: Number
    counted: str = ""
    head: int = 0
    currency: bool = False


def amount_at(tokens: list[Token], i: int, *, goes_on: bool = False) -> Amount | None:
    """The amount that begins at token `i`, None for none. `goes_on`: as the end of a range, where "-" is no minus."""
    if (low(tokens, i), *(low(tokens, i + n) for n in (2, 3, 4))) in _AND_A_HALF and low(tokens, i + 1) in UNITS:
        return Amount(1.5, UNITS[low(tokens, i + 1)], i, i + 5, Number(1.5, i + 5, spelt=True))
    sign, k = _sign_at(tokens, i, goes_on=goes_on)
    currency, k = currency_at(tokens, k)
    number = number_at(tokens, k) if k < len(tokens) else None
    if number is None:
        return None
    if sign < 0 and tokens[i].text in _DASHES and tokens[k].kind != "number":
        return None
    if currency:
        named = after_hyphen(tokens, number.after)
        said_twice = low(tokens, named) in ("dollars", "pounds", "euros", "dollar")  # "$5 million dollars"
        after = named + 1 if said_twice else number.after
        return Amount(sign * number.value, currency, i, after, number, currency=True)
    found = measured(tokens, number)
    return Amount(sign * found.value, found.unit, i, found.after, number, found.counted, found.head)


def _sign_at(tokens: list[Token], i: int, *, goes_on: bool) -> tuple[float, int]:
    """-1 for a minus before a number at token `i`, and the token behind it."""
    if tokens[i].low in ("minus", "negative"):
        return -1.0, i + 1
    if tokens[i].text not in _DASHES or goes_on or i + 1 >= len(tokens) or not tokens[i + 1].glued:
        return 1.0, i
    free = i == 0 or not tokens[i].glued or tokens[i - 1].text in "([“\"'"
    return (-1.0, i + 1) if free else (1.0, i)


def currency_at(tokens: list[Token], k: int) -> tuple[str, int]:
    """The currency named at token `k`, before a number, and the token of the number; "" and `k` for none."""
    if k + 1 >= len(tokens):
        return "", k
    token, following = tokens[k], tokens[k + 1]
    if token.text in CURRENCY_SIGNS:
        return CURRENCY_SIGNS[token.text], k + 1
    if token.low in DOLLARS and following.text == "$" and following.glued:
        return DOLLARS[token.low], k + 2
    if token.low in CURRENCY_CODES and (token.text.isupper() or token.low == "rs"):
        at = k + 2 if following.text == "." else k + 1
        if at < len(tokens) and tokens[at].kind == "number":
            return CURRENCY_CODES[token.low], at
    return "", k


def is_age(tokens: list[Token], one: Amount, first: int, *, of_people: bool) -> bool:  # noqa: PLR0911 - a rule a line
    """True where a bare number is an age: "aged 65", "turned 18", "children under five", "Ann Roe, 34,".

    `first` is where its hedge begins; `of_people` where people right before it make it one ("women 40 and older").
    """
    if one.unit or not 0 <= one.value <= _OLDEST or one.number.magnitude > 1:
        return False
    before = low(tokens, first - 1)
    if before in _AGED or (before == "between" and low(tokens, first - 2) in _AGED):
        return True
    if before == "of" and low(tokens, first - 2) in ("age", "ages"):
        return True
    if one.head or one.value != int(one.value):
        return False
    ends = one.after >= len(tokens) or tokens[one.after].kind != "word"
    plural = low(tokens, one.after) == "s" and low(tokens, first - 1) != "in"  # under-18s
    if before in ("turned", "turning", "turns") and ends:
        return True
    if of_people and first and is_people(tokens[first - 1].text) and low(tokens, one.first - 1) not in _NOT_OF_AGE:
        return True
    if plural and low(tokens, one.first - 1) == "-" and low(tokens, one.first - 2) in ("under", "over"):
        return True
    named = before == "," and low(tokens, one.after) == "," and first > 1 and tokens[first - 2].text[0].isupper()
    return named and one.value >= 1 and not one.number.spelt


_AGED = frozenset({"aged", "age", "ages"})
_NOT_OF_AGE = frozenset("about around roughly nearly almost least some than to".split())


def is_pronoun(tokens: list[Token], one: Amount, qualifier: Qualifier) -> bool:
    """True for "one" where it counts nothing: "one of them", "no one", "one day"."""
    if not one.number.spelt or one.number.value != 1 or one.number.part:
        return False
    before, following = low(tokens, one.first - 1), low(tokens, one.number.after)
    if before in _NO_COUNT_BEFORE or following in ("another", "by", "who"):
        return True
    if following in ("of", "day", "'", "’") and one.unit != "percent":
        return qualifier is Qualifier.EXACT
    if qualifier is not Qualifier.EXACT and before not in ("about", "some", "near", "around"):
        return False
    if one.unit:
        return False
    return following not in _COUNTED and following not in PERSON


_NO_COUNT_BEFORE = frozenset("no number that this the every any some each which".split())
_COUNTED = frozenset(
    """
    death vote case arrest injury fatality seat house home school hospital dose attack incident ship plane aircraft tank
    drone missile bomb shot casualty job
    """.split()
)
