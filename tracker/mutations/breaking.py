"""Changes after which a sentence says something else: another figure, unit, day or name, its opposite, roles swapped.

Each function takes a sentence and yields changed ones, nothing where the change could be none or be no English. What
is skipped costs little; a wrong label would make the measure worthless.
"""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from tracker.mutations.gazetteer import SORTS
from tracker.mutations.numerals import MONTH, MONTHS, SCALES, in_digits, in_words, numerals

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from tracker.mutations.gazetteer import Sort
    from tracker.mutations.numerals import Numeral

_YEAR = re.compile(r"(?<![\w.,/$£€:-])(?:1[5-9]|20)\d\d(?!\w|[/–—'’-]|,\d|\.\d| ?%)")
_NO_YEAR_AFTER = re.compile(
    r" (?:percent|people|troops|soldiers|jobs|miles|tons|years|pounds|dollars|votes|times|words|pages|or \d|to \d)\b"
)
_YEAR_BEFORE = re.compile(
    rf"\b(?:in|of|by|to|since|until|after|early|the|and|from|late|than|before|during|{MONTH}|{MONTH} \d\d?,) $",
    re.IGNORECASE,
)
_DATED = re.compile(
    rf"\b(?P<month>{MONTH}) (?P<day>\d{{1,2}})\b(?![\d:%-]|[.,]\d)"
    rf"|(?<![\d,.] )\b(?P<first>\d{{1,2}}) (?P<then>{MONTH})(?!\w)"
)
_IN_MONTH = re.compile(
    rf"\b(?P<lead>in|of|by|since|until|early|late|after|last) (?P<month>{'|'.join(MONTHS)})\b(?! \d{{1,2}}\b| [A-Z])"
)
_KNOWN_DAYS = re.compile(
    r"\bSept(?:ember|\.) 11\b|\bJan(?:uary|\.) 6\b|\bJuly 4\b|\bDec(?:ember|\.) 25\b|\b4 July\b|(?:4th|Fourth) of July",
    re.IGNORECASE,
)
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_WEEKDAY = re.compile(
    rf"(?<=\b[Oo]n )(?:{'|'.join(_WEEKDAYS)})\b(?!['’]| [A-Z]| (?:news|morning|night|shows?|school)\b)"
)

_UNITS = {
    "miles": (
        "kilometres",
        "yards",
    ),
    "mile": ("kilometre",),
    "kilometers": ("miles",),
    "kilometres": ("miles",),
    "km": ("miles",),
    "feet": (
        "inches",
        "yards",
    ),
    "inches": ("feet",),
    "meters": ("feet",),
    "metres": ("feet",),
    "acres": ("square miles",),
    "pounds": ("tons",),
    "kilograms": ("tonnes",),
    "kg": ("tonnes",),
    "tonnes": ("kilograms",),
    "tons": ("pounds",),
    "gallons": ("pints",),
    "litres": ("gallons",),
    "liters": ("gallons",),
    "minutes": (
        "hours",
        "seconds",
    ),
    "hours": (
        "minutes",
        "days",
    ),
    "days": (
        "weeks",
        "months",
    ),
    "weeks": (
        "days",
        "months",
    ),
    "months": (
        "years",
        "weeks",
    ),
    "years": (
        "months",
        "weeks",
    ),
    "cents": ("dollars",),
    "dollars": (
        "euros",
        "cents",
    ),
    "euros": ("pounds",),
    "degrees": ("per cent",),
}
_UNIT = re.compile(
    rf" (?P<unit>{'|'.join(sorted(_UNITS, key=len, reverse=True))})\b(?! (?:old|of age|sterling|an hour)|-)"
)
_RATE = re.compile(r"\b(?:a|per|each|every) (?P<rate>day|week|month|year)\b")
_RATES = ("day", "week", "month", "year")
_RATE_BEFORE = re.compile(
    r"\b(?:rates?|shares?|support|approval|turnout|taxe?s?|unemployment|poverty|proportion|percentage)\b",
    re.IGNORECASE,
)
_CHANGE_BEFORE = re.compile(
    r"\b(?:rose|risen|rises?|rising|fell|fallen|falls?|up|down|grew|grown|grow|increased?|increasing|decreased?|dropped"
    r"|drop|declined?|cut|raised?|reduced?|higher|lower|gone|went|dropping|growing)\b(?: \w+){0,4}? by$",
    re.IGNORECASE,
)


def figure(text: str, rng: Random) -> Iterator[str]:
    """Another value: digits swapped, ten times or a tenth, a third more or less, millions for billions, words too."""
    found = list(numerals(text))
    taken = {one.value for one in found}
    for one in found:
        if sum(one.value == other.value for other in found) > 1:
            continue
        written = text[one.start : one.end]
        for number, scale in _other_values(one):
            fits = not one.is_share or number <= 100 or one.number > 100
            other = _like(one, written, number, scale)
            if (
                fits
                and number * SCALES.get(scale, 1) not in taken
                and not re.search(rf"(?<!\w){re.escape(other)}", text)
            ):
                yield text[: one.start] + other + text[one.end :]
    yield from _other_share(text, rng)


def _other_values(one: Numeral) -> Iterator[tuple[Decimal, str]]:
    digits = [*in_digits(one.number)]
    values = [one.number * 10] if not one.in_words or one.number < 10 else []
    if one.number % 10 == 0 or ((one.scale or one.sign or one.tail) and one.number > 1 and not one.in_words):
        values.append(one.number / 10)
    step = Decimal(10) ** (one.number.adjusted() - 1) if one.number >= 10 else Decimal(1)
    values += [(one.number * Decimal(factor) / step).quantize(Decimal(1)) * step for factor in ("1.3", "0.7")]
    for i, j in pairwise(place for place, digit in enumerate(digits) if digit.isdigit()):
        swapped = [*digits[:i], digits[j], *digits[i + 1 : j], digits[i], *digits[j + 1 :]]
        if swapped[0] != "0":
            values.append(Decimal("".join(swapped).replace(",", "")))
    near = Decimal("0.15") if one.hedged or one.scale else Decimal("0.09")
    for value in values:
        exact = value.normalize()
        too_fine = _decimals(exact) > _decimals(one.number) + bool(one.scale)
        if value > 0 and abs(value - one.number) >= near * one.number and not too_fine and value != 1:
            yield value, one.scale
    swaps = {
        "million": ("billion",),
        "billion": ("million", "trillion"),
        "trillion": ("billion",),
        "thousand": ("million",),
    }
    for scale in swaps.get(one.scale, ()):
        yield one.number, scale


def _decimals(number: Decimal) -> int:
    """How many digits stand behind the point."""
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _like(one: Numeral, written: str, number: Decimal, scale: str) -> str:
    """Another number as this one is written: in words where it can be, with its kind of scale, with its unit."""
    words = in_words(number) if one.in_words else ""
    shown = words or in_digits(number) if number >= 10_000 or "," in written or one.number < 1000 else f"{number:f}"
    if words and written[0].isupper():
        shown = words.capitalize()
    if one.scale:
        long = one.scale in written.lower()
        shown += f" {scale}" if long else {"thousand": "k", "million": "m", "billion": "bn", "trillion": "tn"}[scale]
    return f"{one.sign}{shown}{one.tail}"


def _other_share(text: str, rng: Random) -> Iterator[str]:
    """Another share or multiple, where it is a word: half, two-thirds, one in five, doubled."""
    for pattern, others in (
        (
            r"(?<!-)(?<!first )(?<!second )(?<!other )\bhalf(?= of (?:all|the|its|americans|every)\b)",
            ("a quarter", "a tenth"),
        ),
        (r"\btwo[- ]thirds(?= of)", ("one-third", "three-quarters")),
        (r"\bthree[- ]quarters(?= of)", ("half", "a third")),
        (r"\ba third(?= of)", ("half", "a tenth")),
        (r"\ba quarter(?= of)(?! of an)", ("half", "a tenth")),
        (r"(?<=one in )(?:three|four|five|six|eight|ten)\b", ("two", "seven", "twenty")),
        (r"(?<= 1 in )(?:[2-9]|\d\d+)\b", ("12", "35")),
        (r"\btwice(?= as)", ("three times", "ten times")),
        (r"\b(?<!has )(?<!have )doubled(?! down)", ("tripled", "quadrupled")),
        (r"\btripled\b", ("doubled", "quadrupled")),
    ):
        found = list(re.finditer(pattern, text, re.IGNORECASE))
        if len(found) == 1:
            other = rng.choice(others)
            shown = other[0].upper() + other[1:] if found[0][0][0].isupper() else other
            yield text[: found[0].start()] + shown + text[found[0].end() :]


def unit(text: str, rng: Random) -> Iterator[str]:
    """The same figure of something else: kilometres for miles, points for per cent, pounds for dollars, a month."""
    found = list(numerals(text))
    for one in found:
        head, tail = text[: one.start], text[one.end :]
        after = _UNIT.match(tail)
        if after and not one.tail and not one.sign:
            yield text[: one.end] + " " + rng.choice(_UNITS[after["unit"]]) + tail[after.end() :]
        if one.sign and sum(bool(other.sign) for other in found) == 1:
            sign = rng.choice(sorted({"$", "£", "€"} - {one.sign}))
            yield head + sign + text[one.start + 1 :]
        if (
            one.is_share
            and _RATE_BEFORE.search(head)
            and _CHANGE_BEFORE.search(head.rstrip())
            and re.match(r"[.,;!\"”]|$| (?:in|since|over|from|between|under)\b", tail)
        ):
            yield text[: one.end - len(one.tail)] + " percentage points" + tail
        if "point" in one.tail:
            yield text[: one.end - len(one.tail)] + " percent" + tail
        rates = list(_RATE.finditer(text, one.end, one.end + 40))
        if rates and (one.sign or one.value >= 2) and "," not in text[one.end : rates[0].start()]:
            other = rng.choice([rate for rate in _RATES if rate != rates[0]["rate"]])
            yield text[: rates[0].start("rate")] + other + text[rates[0].end() :]


def year(text: str, rng: Random) -> Iterator[str]:
    """Another year, everywhere the year stands."""
    found = [
        one
        for one in _YEAR.finditer(text)
        if _YEAR_BEFORE.search(text[: one.start()]) and not _NO_YEAR_AFTER.match(text, one.end())
    ]
    for written in sorted({one[0] for one in found}):
        if text.count(written) == sum(one[0] == written for one in found):
            others = {int(written) + step for step in (-12, -5, -3, -2, -1, 1, 2, 3, 5)}
            free = sorted(other for other in others if str(other) not in text)
            for other in rng.sample(free, min(1, len(free))):
                yield text.replace(written, str(other))


def date(text: str, rng: Random) -> Iterator[str]:
    """Another month, another day of it, or another day of the week."""
    if _KNOWN_DAYS.search(text):
        return
    for one in _DATED.finditer(text):
        month, number = ("month", "day") if one["month"] else ("then", "first")
        day, name = int(one[number]), one[month]
        if not 1 <= day <= 31 or text.count(name) > 1:
            continue
        others = [day + step for step in (-9, -4, -2, 3, 6, 11) if 1 <= day + step <= 28]
        yield text[: one.start(number)] + str(rng.choice(others)) + text[one.end(number) :]
        for other in _other_month(name, text, rng):
            yield text[: one.start(month)] + other + text[one.end(month) :]
    for one in _IN_MONTH.finditer(text):
        for other in _other_month(one["month"], text, rng) if text.count(one["month"]) == 1 else ():
            yield text[: one.start("month")] + other + text[one.end() :]
    for one in _WEEKDAY.finditer(text):
        if sum(text.count(each) for each in _WEEKDAYS) == 1:
            other = rng.choice([each for each in _WEEKDAYS if each != one[0]])
            yield text[: one.start()] + other + text[one.end() :]


def _other_month(name: str, text: str, rng: Random) -> list[str]:
    """A month of 31 days that the text does not name, if there is one."""
    long = [MONTHS[i] for i in (0, 2, 6, 7, 9, 11)]
    others = [month for month in long if month[:3] != name[:3] and month[:3] not in text]
    return rng.sample(others, min(1, len(others)))


def name(text: str, rng: Random) -> Iterator[str]:
    """Another person, place, party, company or body of the same sort, wherever it is named."""
    for sort in SORTS:
        for one in dict.fromkeys(re.findall(_any_of(sort), text)):
            others = [other for other in sort.names if other not in text and _core(other, sort) not in text]
            if others and _stands_alone(one, text, sort):
                other = rng.choice(others)
                if not re.search(rf"\b[Aa]{'' if _is_vowel(other) else 'n'} {re.escape(one)}", text):
                    yield re.sub(rf"\b{re.escape(one)}\b", other, text)


_ROLE_BEHIND = re.compile(
    r" (?:\w+ )?(?:campaign|president|prime|leader|spokes\w+|governor|senator|mayor|minister|chancellor|representative"
    r"|chief|star|actor|actress|billionaire|attorney|congress\w+|pastor|businessman|author|secretary|player|coach"
    r"|lawmaker) (?:\w+ )?[A-Z]"
)


def _is_vowel(one: str) -> bool:
    return one[0] in "AEIOU" and not one.startswith(("U", "Euro"))


def _any_of(sort: Sort) -> str:
    return rf"(?<![\w@#-])(?:{'|'.join(map(re.escape, sorted(sort.names, key=len, reverse=True)))})(?![\w-])"


def _core(one: str, sort: Sort) -> str:
    """What every form of a name has in common, more or less: a surname, or the first letters (Germany, German)."""
    return one.rsplit(maxsplit=1)[-1] if sort.people else one if " " in one or len(one) < 5 else one[:4]


def _stands_alone(one: str, text: str, sort: Sort) -> bool:
    """True where the name is nowhere part of a longer one, and no other form of it stands in the text.

    Who says a thing is no part of the claim everywhere, so nobody who says something is exchanged.
    """
    places = list(re.finditer(rf"\b{re.escape(one)}\b", text))
    if text.count(_core(one, sort)) != len(places) or text.count(one) != len(places):
        return False
    return all(_is_free(text[: place.start()], text[place.end() :], sort) for place in places)


_LONGER_BEFORE = re.compile(r"[A-Z][\w.]*(?:,| of| of the| and| &| for| or|['’]s?) (?:the )?$|[-–/&@#'‘]$")
_LONGER_AFTER = re.compile(
    r"[-–/&@#]|['’](?!s\b)|['’]s [A-Z]|, [A-Z]|,? (?:Jr|Sr)\b| (?:and|&|or|of) [A-Z]|,? (?:who|whose)\b"
    r"| (?!U\.S\.)[A-Z\d]"
)
_SAYS = re.compile(
    r",? (?:\w+ )?(?:sa(?:id|ys)|tells?|told|tweet\w*|claim\w*|announced?|stated?|wrote|warn\w*|admit\w*|call\w*)\b"
)
_OPENING = frozenset(
    "in the a an for from since under when while as at by to of with after before over only about says every".split()
)


def _is_free(before: str, after: str, sort: Sort) -> bool:
    if _LONGER_AFTER.match(after) or _LONGER_BEFORE.search(before) or (sort.people and _SAYS.match(after)):
        return False
    if _ROLE_BEHIND.match(after):  # "Russian president Vladimir Putin" is about Putin, whatever he presides over
        return False
    last = re.search(r"(?:^|[^\w.'’-])(?P<word>[\w.'’-]+) $", before)
    if not last or not last["word"][0].isupper():
        return True
    # A title, or a word that has a capital because it begins the sentence.
    opens = not before[: last.start("word")].strip("\"'“‘ ")
    return last["word"] in (*sort.titles, "Says") or (opens and last["word"].lower() in _OPENING)


_VERB = "|".join(
    part.strip()
    for part in """endorsed, defeated, beat, attacked, criticized, criticised, sued, invaded, praised, pardoned, fired,
    accused, outspent, bought, acquired, owes, paid, hired, appointed, backed, supported, opposed, mocked, thanked,
    blamed, owns, investigated, funded, bombed, invited, overtook, exports more to, imports more from,
    has more people than, is larger than, is richer than, spends more than""".split(",")
)
_NAME = r"(?>(?:the )?[A-Z][\w.-]*\w(?: (?:[A-Z]\.|[A-Z][\w-]+|von|der|de|bin))*)"
_BEHIND = (
    r"[,;:!\"”]|\.?[\"”]?$"
    r"| (?:for|in|as|on|at|during|after|before|with|over|because|while|to|from|when|under|until|by|[$£€\d])"
)
_ROLES = re.compile(
    rf"(?P<lead>^[\"“]?|^In \d{{4}}, |\b(?:[Ss]ays|[Tt]hat|[Ww]hen|[Bb]efore|[Aa]fter) )(?P<one>{_NAME}) "
    rf"(?P<verb>(?:(?:once|has|had|have|falsely|publicly) )?(?:{_VERB})"
    rf"|(?:was|were|is|has been|is being) (?:{_VERB}) by) "
    rf"(?P<other>{_NAME})(?=(?:{_BEHIND}))"
)


def roles(text: str, _rng: Random) -> Iterator[str]:
    """Two names that change places around a verb that goes one way only."""
    for found in _ROLES.finditer(text):
        one, other = found["one"], found["other"]
        words = [*one.split(), *other.split()]
        if len(set(words)) < len(words) or any(text.count(word) > 1 for word in words if word not in ("the", "The")):
            continue
        if one.partition(" ")[0] in _NO_SUBJECT or re.match(r",? and [A-Z]| to [A-Z]", text[found.end() :]):
            continue
        opens = not found["lead"].strip('"“')
        first = other[0].upper() + other[1:] if opens else other
        second = one[0].lower() + one[1:] if one.startswith("The ") else one
        yield text[: found.start("one")] + f"{first} {found['verb']} {second}" + text[found.end() :]


_NO_SUBJECT = frozenset("In When Says After Before If As While Since On At By From That Who He She They It We".split())
