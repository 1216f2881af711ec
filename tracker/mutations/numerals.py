"""Figures in a sentence, read anew here and not by what is being tested; and the ways in which they can be written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ONES = tuple(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen".split()
)
TENS = tuple("twenty thirty forty fifty sixty seventy eighty ninety".split())
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SHORT_SCALES = {"k": "thousand", "m": "million", "bn": "billion", "tn": "trillion"}
SHORT = {long: short for short, long in _SHORT_SCALES.items()}
HEDGES = re.compile(
    r"\b(?:about|around|roughly|nearly|almost|approximately|some|over|under|than|least|most|to|exactly|virtually|just"
    r"|close to|well over|estimated|the|these|those|all|other|every)$",
    re.IGNORECASE,
)
MONTHS = tuple("January February March April May June July August September October November December".split())
MONTH = r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?"
MONTH += r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"

_SMALL = "|".join(ONES[2:])
_WORDS = rf"(?:(?:{'|'.join(TENS)})(?:-(?:{'|'.join(ONES[1:10])}))?|{_SMALL}|one(?= (?:million|billion|trillion)\b))"
_SCALE = "|".join(SCALES)
_NUMERAL = re.compile(
    r"(?<![\w.,/:#@$£€–—-])(?P<sign>[$£€])?"
    rf"(?:(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:(?P<short>bn|tn|[km])\b)?|(?P<words>{_WORDS}\b))"
    rf"(?: (?P<scale>{_SCALE})\b)?(?P<tail>%| percentage points?\b| ?per ?cent\b| ?pc\b)?",
    re.IGNORECASE,
)
_NO_FIGURE_BEFORE = re.compile(  # part of a name, a list, a range, a share, a date
    r"(?:\b(?:no\.|buck|number|chapter|section|article|page|phase|level|channel|version|grade|rule|size|type|aged?|top|between"
    rf"|point|hundred|thousand|million|one|two|at)|{MONTH}|\b(?:one|\d+) (?:in|out of|of)(?: every)?"
    r"|\d[\w.,%]* (?:and|or|by|x)|(?<!from )(?<!from [$£€])(?<![\d,.])\b\d[\w.,%]*(?: \w+)? to)$",
    re.IGNORECASE,
)
_UNIT_WITH_HYPHEN = "year|month|week|day|hour|minute|foot|pound|mile|meter|point"
_PEOPLES = (
    r"Americ|Democrat|Republic|U\.S|Texa|Calif|Muslim|Christ|Mexic|Russ|Chin|Ger|Brit|Fren|Syria|Euro|Ital|Black\b"
)
_NO_FIGURE_AFTER = re.compile(
    rf"[\d/:(\[+°–—]|[.,]\d|-(?!year-old(?! [A-Z])|(?:{_UNIT_WITH_HYPHEN})s?\b(?!-))|\w|['’]|,"
    rf"| (?:hundred|{_SCALE}|and a half|or more|or so|to|or|and|out|in|of|x|by|million-) ?"
    rf"(?:\d|[$£€]|{_SMALL}\b|{'|'.join(TENS)})"
    rf"| {MONTH}(?!\w)| ?[ap]\.?m\b| o['’]clock"
    r"| (?:calls?|area code|hundred|and a half|more|other|wheel|or more|or so|out of|thirds|quarters|fifths)\b"
    rf"| (?!{_PEOPLES})[A-Z]",
)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A figure as it stands at `text[start:end]`: sign and scale word included, and `%` or `percent`.

    `number` is what is written before the scale; `hedged` where a word before it says "about" or the like.
    """

    start: int
    end: int
    sign: str
    number: Decimal
    scale: str
    tail: str
    in_words: bool
    hedged: bool

    @property
    def value(self) -> Decimal:
        """The figure without its unit."""
        return self.number * SCALES.get(self.scale, 1)

    @property
    def is_share(self) -> bool:
        """True for a percentage, of whichever spelling."""
        return bool(self.tail) and "point" not in self.tail


def numerals(text: str) -> Iterator[Numeral]:
    """The figures of a sentence that are nothing else: no year, date, score, rank, or part of a name."""
    for found in _NUMERAL.finditer(text):
        before, after = text[: found.start()].rstrip(), text[found.end() :]
        one = _numeral(found, before)
        bare = not (one.sign or one.scale or one.tail)
        if (
            _NO_FIGURE_BEFORE.search(before)
            or _NO_FIGURE_AFTER.match(after)
            or (bare and (one.number in (0, 1) or one.number != int(one.number) or not re.match(r"[ .-]", after)))
            or (bare and re.fullmatch(r"1[5-9]\d\d|20\d\d", found["digits"] or ""))
            or (not one.sign and _after_a_name(before))
            or one.number == 0
        ):
            continue
        yield one


def _numeral(found: re.Match[str], before: str) -> Numeral:
    number = (
        Decimal(found["digits"].replace(",", "")) if found["digits"] else Decimal(_of_words(found["words"].lower()))
    )
    scale = (found["scale"] or "").lower() or _SHORT_SCALES.get((found["short"] or "").lower(), "")
    return Numeral(
        found.start(),
        found.end(),
        found["sign"] or "",
        number,
        scale,
        found["tail"] or "",
        in_words=bool(found["words"]),
        hedged=bool(HEDGES.search(before)),
    )


def _after_a_name(before: str) -> bool:
    """True where the word before is capitalised without beginning the sentence."""
    last = re.search(r"(?:^|(?P<gap>[^\w.'’&-]+))(?P<word>[\w.'’&-]+)$", before)
    if not last or not last["word"][0].isupper():
        return False
    return bool(last["gap"]) and not re.search(r"[.!?\"“':]\s*$|^[\"“']+$", last["gap"]) and last["word"] != "Says"


def _of_words(words: str) -> int:
    tens, _, one = words.partition("-")
    if tens in TENS:
        return (TENS.index(tens) + 2) * 10 + (ONES.index(one) if one else 0)
    return ONES.index(words)


def in_words(number: Decimal) -> str:
    """A whole number below 100 in words, empty for another one."""
    if number != int(number) or not 0 <= number < 100:
        return ""
    tens, one = divmod(int(number), 10)
    if tens < 2:
        return ONES[int(number)]
    return TENS[tens - 2] + (f"-{ONES[one]}" if one else "")


def in_digits(number: Decimal) -> str:
    """A number with commas from 1,000 on, without zeros behind the point."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def spellings(one: Numeral, text: str) -> set[str]:
    """Other ways to write the same figure in its place, the unit with it."""
    before, after = text[: one.start].rstrip(), text[one.end :]
    # "a $5 billion plan": what is spelt out there would need hyphens.
    attributive = bool(
        re.search(r"\b(?:an?|the|this|that|its|his|her|their|our|another|['’]s)$", before, re.IGNORECASE)
    )
    attributive |= not re.match(r"[.!\"”]|$| (?:in|of|on|to|for|a|an|per|from|by|each|every|over|at|since)\b", after)
    if one.tail:
        found = set(_of_share(one, after, attributive=attributive))
    elif one.sign:
        found = set(_of_money(one, attributive=attributive))
    else:
        found = set(_of_count(one, after))
    return {spelt for spelt in found if spelt and spelt.lower() != text[one.start : one.end].lower()}


def _of_share(one: Numeral, after: str, *, attributive: bool) -> Iterator[str]:
    digits = in_digits(one.number)
    half = f"{in_words(one.number - Decimal('0.5'))} and a half" if one.number % 1 == Decimal("0.5") else ""
    if not one.is_share:
        yield from (f"{digits}{one.tail}", *([f"{half}{one.tail}"] if half and one.number > 1 else []))
        return
    yield from (digits + unit for unit in ("%", " percent", " per cent", "pc"))
    yield f"{in_words(one.number)} percent" if in_words(one.number) else ""
    parts = {10: "a tenth", 20: "a fifth", 25: "a quarter", 50: "half", 75: "three quarters"}
    if after.startswith(" of ") and not attributive and not one.hedged and one.number in parts:
        yield parts[int(one.number)]


def _of_money(one: Numeral, *, attributive: bool) -> Iterator[str]:
    digits = in_digits(one.number)
    noun = {"$": "dollars", "£": "pounds", "€": "euros"}[one.sign]
    if one.scale:
        yield f"{one.sign}{digits}{SHORT[one.scale]}"
        yield f"{one.sign}{digits} {one.scale}"
        smaller = {"trillion": "billion", "billion": "million"}.get(one.scale)
        if smaller and one.number < 100:
            yield f"{one.sign}{in_digits(one.number * 1000)} {smaller}"
        if one.scale in ("thousand", "million"):
            yield f"{one.sign}{in_digits(one.value)}"
    else:
        yield from (f"{one.sign}{scaled}" for scaled in _scaled(one.value) if scaled[0].isdigit())
    if not attributive and one.value > 1 and (one.scale or one.value == int(one.value)):
        yield f"{digits} {one.scale} {noun}".replace("  ", " ")


def _of_count(one: Numeral, after: str) -> Iterator[str]:
    if after.startswith("-"):
        yield from (in_digits(one.number), in_words(one.number)) if not one.scale else ()
        return
    words = in_words(one.number)
    if one.scale:
        yield in_digits(one.value) if one.scale in ("thousand", "million") else ""
        yield from (f"{number} {one.scale}" for number in (in_digits(one.number), words) if number)
        yield f"{in_digits(one.number)}{SHORT[one.scale]}"
        half = in_words(one.number - Decimal("0.5")) if one.number % 1 == Decimal("0.5") and one.number > 1 else ""
        yield f"{half} and a half {one.scale}" if half else ""
    else:
        yield from (in_digits(one.number), words)
        yield from _scaled(one.value)


def _scaled(value: Decimal) -> Iterator[str]:
    """A figure from 1,000 on with its scale as a word and as letters, where few digits are left."""
    scale = next((name for name in reversed(SCALES) if value >= SCALES[name]), "")
    if scale and value * 100 % SCALES[scale] == 0 and (scale != "thousand" or value % 1000 == 0):
        number = value / SCALES[scale]
        yield f"{in_digits(number)} {scale}"
        yield f"{in_digits(number)}{SHORT[scale]}"
        if in_words(number):
            yield f"{in_words(number)} {scale}"


def rounded(one: Numeral) -> Iterator[str]:
    """The figure rounded to two digits, by at most 1.5 %, with the word that says so."""
    exact = one.value
    if one.hedged or one.tail or exact < 1000 or exact != int(exact):
        return
    step = Decimal(10) ** (exact.adjusted() - 1)
    near = (exact / step).quantize(Decimal(1), ROUND_HALF_EVEN) * step
    if near == exact or abs(near - exact) * 1000 > exact * 15 or abs(near - exact) * 1000 < exact * 2:
        return
    scale = one.scale or ""
    shown = in_digits(near / SCALES[scale]) + f" {scale}" if scale else in_digits(near)
    for hedge in ("nearly", "almost", "about") if near > exact else ("just over", "about", "roughly"):
        yield f"{hedge} {one.sign}{shown}"
