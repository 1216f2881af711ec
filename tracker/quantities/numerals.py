"""Numbers as they are written: digits with any separators, in words, in both; the tokens of a text that hold them.

Libraries that turn number words into digits rewrite the text and lose the spans, the unit and "half a"; what remains
to be done by hand is less than what would have to be mended.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_SPACES = "\u00a0\u202f\u2009"  # no-break, narrow no-break, thin
_TOKEN = re.compile(
    r"(?P<clock>\d{1,2}:[0-5]\d:[0-5]\d(?!\d))"
    r"|(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d])"
    r"|\d{1,2}(?:,\d\d)+,\d{3}(?!\d)"  # 1,50,000, as in India
    r"|\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?(?![\d])"
    rf"|\d{{1,3}}(?:[ {_SPACES}]\d{{3}})+(?!\d|[,.]\d)"
    r"|\d+,\d{1,2}(?![\d,])"  # 17,5
    r"|\d+(?:\.\d+)?|(?<![\w.])\.\d+)"
    r"|(?P<word>[^\W\d_²³]+)"
    r"|(?P<sign>\S)"
)
_VULGAR = {"½": 1 / 2, "¼": 1 / 4, "¾": 3 / 4, "⅓": 1 / 3, "⅔": 2 / 3, "⅕": 1 / 5, "⅖": 2 / 5, "⅛": 1 / 8}

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
CARDINALS = dict(zip(_ONES, range(20), strict=True)) | dict(zip(_TENS, range(20, 100, 10), strict=True))
LARGE = {
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "dozen": 12.0,
    "lakh": 1e5,
    "crore": 1e7,
    "lakhs": 1e5,
    "crores": 1e7,
    "quadrillion": 1e15,
}
SHORT = {
    "k": 1e3,
    "m": 1e6,
    "mn": 1e6,
    "mln": 1e6,
    "mio": 1e6,
    "mil": 1e6,
    "bn": 1e9,
    "bln": 1e9,
    "b": 1e9,
    "tn": 1e12,
    "trn": 1e12,
    "tr": 1e12,
    "cr": 1e7,
}
ORDINALS = frozenset(
    """
    first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
    sixteenth seventeenth eighteenth nineteenth twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth
    ninetieth hundredth thousandth millionth
    """.split()
)
PARTS = {
    "half": 2,
    "third": 3,
    "quarter": 4,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
    "twelfth": 12,
    "twentieth": 20,
    "hundredth": 100,
    "thousandth": 1000,
}
PARTS |= {f"{word}s": n for word, n in PARTS.items() if word != "half"} | {"halves": 2}
_FOLD = {f"{word}fold": n for word, n in (*CARDINALS.items(), ("hundred", 100), ("thousand", 1000), ("many", 0)) if n}
MULTIPLES = {
    **dict.fromkeys(("doubled", "doubling"), 2.0),
    **dict.fromkeys(("tripled", "tripling", "trebled", "trebling"), 3.0),
    **dict.fromkeys(("quadrupled", "quadrupling"), 4.0),
    **dict.fromkeys(("quintupled", "quintupling"), 5.0),
    **dict.fromkeys(("halved", "halving"), 0.5),
    **{word: float(n) for word, n in _FOLD.items()},
}
MULTIPLIERS = {"double": 2.0, "triple": 3.0, "treble": 3.0, "quadruple": 4.0, "twice": 2.0, "thrice": 3.0, "halve": 0.5}


class Token(NamedTuple):
    """A word, number, clock time or sign of a text; `low` is lower case, `glued` where no space stands before it."""

    kind: str
    text: str
    low: str
    start: int
    end: int
    glued: bool


class Number(NamedTuple):
    """A number read off tokens: its value, the token behind it, and its last magnitude (1 without one).

    `part` is true for a share in words, `spelt` where no digit stands.
    """

    value: float
    after: int
    magnitude: float = 1.0
    part: bool = False
    spelt: bool = False


def tokenise(text: str) -> list[Token]:
    """Cut a text into tokens, in order; white space is left out."""
    tokens, end = [], 0
    for found in _TOKEN.finditer(text):
        start, piece = found.start(), found[0]
        tokens.append(Token(found.lastgroup or "", piece, piece.lower(), start, found.end(), start == end))
        end = found.end()
    return tokens


def number_at(tokens: list[Token], i: int) -> Number | None:
    """The number that begins at token `i`, in digits, words or both, with "million" and the like; None for none."""
    token = tokens[i]
    if token.kind == "number" and len(token.text) > 40:
        return None
    if token.kind == "number":
        if fraction := _slashed(tokens, i):
            return fraction
        return _magnified(tokens, _with_fraction(tokens, Number(digits(token.text), i + 1)))
    if token.text in _VULGAR:
        found = _magnified(tokens, Number(_VULGAR[token.text], i + 1))
        return found._replace(part=found.magnitude == 1)
    if token.kind != "word":
        return None
    return _part_at(tokens, i) or _words_at(tokens, i)


def _slashed(tokens: list[Token], i: int) -> Number | None:
    """Read "2/3" and "1/10 of": what is no date where it is below one and usual, or a share of something."""
    if low(tokens, i + 1) != "/" or i + 2 >= len(tokens) or not (tokens[i + 1].glued and tokens[i + 2].glued):
        return None
    above, below = tokens[i].text, tokens[i + 2].text
    if not is_fraction(f"{above}/{below}", of=low(tokens, i + 3) == "of"):
        return None
    return Number(int(above) / int(below), i + 3, part=True)


def is_fraction(text: str, *, of: bool) -> bool:
    """True for a usual fraction written with a stroke, or any small one that is `of` something."""
    found = re.fullmatch(r"(\d)/(\d\d?)", text)
    return bool(found) and (text in _USUAL or (of and 0 < int(found[1]) < int(found[2]))) if found else False


_USUAL = frozenset({"1/2", "1/3", "2/3", "1/4", "3/4", "1/5", "2/5", "3/5", "4/5"})


def digits(text: str) -> float:
    """The value of a number in digits, whatever groups them."""
    text = re.sub(rf"[ {_SPACES}]", "", text)
    if re.fullmatch(r"\d+,\d{1,2}", text):
        return float(text.replace(",", "."))
    if text.count(".") > 1:
        return float(text.replace(".", "").replace(",", "."))
    return float(text.replace(",", ""))


def low(tokens: list[Token], i: int) -> str:
    """The token at `i` in lower case; "" outside the text."""
    return tokens[i].low if 0 <= i < len(tokens) else ""


def after_hyphen(tokens: list[Token], i: int) -> int:
    """The place behind a hyphen that joins two words at `i`; `i` itself where there is none."""
    joined = low(tokens, i) in ("-", "‑", "–") and tokens[i].glued and i + 1 < len(tokens) and tokens[i + 1].glued
    return i + 1 if joined and tokens[i + 1].kind == "word" else i


def _with_fraction(tokens: list[Token], number: Number) -> Number:
    """A half behind a number: "3½", "two and a half", "six-and-a-half"."""
    k = number.after
    if k < len(tokens) and tokens[k].text in _VULGAR and tokens[k].glued:
        return number._replace(value=number.value + _VULGAR[tokens[k].text], after=k + 1)
    k = after_hyphen(tokens, k)
    if low(tokens, k) == "and":
        k = after_hyphen(tokens, k + 1)
        if low(tokens, k) in ("a", "one", "three"):
            of = 3 if tokens[k].low == "three" else 1
            k = after_hyphen(tokens, k + 1)
            if low(tokens, k) in ("half", "quarter", "third", "quarters") and low(tokens, k + 1) != "of":
                return number._replace(value=number.value + of / PARTS[tokens[k].low], after=k + 1)
    return number


def _magnified(tokens: list[Token], number: Number) -> Number:
    """Take in "million", "bn" glued or not, "lakh crore", "k"; "m" and the like only where nothing stands between."""
    while number.after < len(tokens) and number.magnitude < 1e15:
        k = after_hyphen(tokens, number.after)
        word, size = low(tokens, k), 0.0
        if word in LARGE:
            size = LARGE[word]
        elif word in SHORT and (tokens[k].glued or word in ("bn", "tn", "mn", "mln", "bln", "trn")):
            size = SHORT[word]
        if not size:
            break
        number = number._replace(value=number.value * size, after=k + 1, magnitude=number.magnitude * size)
    value = float(f"{number.value:.15g}")  # 1.1 * 1e6 is 1100000.0000000002
    return number._replace(value=value)


def _words_at(tokens: list[Token], i: int) -> Number | None:
    """Read "twenty-three thousand four hundred", "a dozen", "two and a half million"."""
    first, k = tokens[i].low, i
    total = group = 0.0  # what a "thousand" or more has closed, and what is still open
    room = last = float("inf")  # a next small number must be below `room`, a next large one below `last`
    if first in ("a", "an"):
        k = after_hyphen(tokens, i + 1)
        if low(tokens, k) not in LARGE or low(tokens, k).endswith("s"):
            return None
        group, room = 1.0, 0
    elif first not in CARDINALS:
        return None
    while k < len(tokens):
        at = after_hyphen(tokens, k) if k > i else k
        word = tokens[at].low
        if word == "and" and room in (100, 1000) and CARDINALS.get(low(tokens, at + 1), 0) > 0:
            at, word = at + 1, tokens[at + 1].low
        if word in CARDINALS and CARDINALS[word] < room and (CARDINALS[word] or k == i):
            group += CARDINALS[word]
            room = 10 if CARDINALS[word] >= 20 else 0
        elif word in ("hundred", "dozen") and 0 < group < 100 and room < 100:
            group, room = group * LARGE[word], 100
        elif word in LARGE and group and LARGE[word] < last:
            last = LARGE[word]
            total, group, room = total + group * last, 0.0, 1000
        else:
            break
        k = at + 1
    number = Number(total + group, k, last if total else 1.0, spelt=True)
    return _magnified(tokens, _with_fraction(tokens, number))


def _part_at(tokens: list[Token], i: int) -> Number | None:
    """A share in words ("two-thirds", "half", "a fifth"), times what it is a share of ("a quarter of a million")."""
    word, k = tokens[i].low, i
    if word == "half" or (word in ("quarter", "third") and low(tokens, i + 1) == "of"):
        above = 1
    elif word in ("a", "an") or word in CARDINALS:
        above = CARDINALS.get(word, 1)
        k = after_hyphen(tokens, i + 1)
    else:
        return None
    part = low(tokens, k)
    if part not in PARTS or above == 0 or above >= max(PARTS[part], 2):
        return None
    plural = part.endswith("s")
    if (above == 1) == plural or (part.startswith("quarter") and above == 2):
        return None
    share = above / PARTS[part]
    after = k + 1
    if word in ("a", "an") and part != "half" and not _is_share(tokens, i, after):
        return None
    of = after + 1 if low(tokens, after) == "of" else after_hyphen(tokens, after)
    if low(tokens, of) in ("a", "an", "one"):
        of += 1
    if low(tokens, of) in LARGE:
        found = _magnified(tokens, Number(share, of))
        return found._replace(spelt=True)
    return Number(share, after, part=True, spelt=True)


_SHARE_BEFORE = frozenset(
    """
    by up down cut nearly almost about around over under than roughly approximately least most some only just to of
    another
    """.split()
)
_SHARE_AFTER = frozenset("of more less fewer higher lower larger smaller bigger cheaper faster as off".split())


def _is_share(tokens: list[Token], i: int, after: int) -> bool:
    """True for "a third of" and "by a fifth", where "a third runway" and "a quarter ago" are none."""
    behind = low(tokens, after)
    if behind in _SHARE_AFTER:
        return True
    return low(tokens, i - 1) in _SHARE_BEFORE and (
        after == len(tokens) or tokens[after].kind != "word" or behind in _AFTER_CLAUSE
    )


_AFTER_CLAUSE = frozenset(
    "to in since on by from after over and or but between per for at during within last compared when while".split()
)
