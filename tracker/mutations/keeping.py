"""Changes after which a sentence says the same: another spelling, a wrapper that says who says so, another look.

Each function takes a sentence and yields changed ones, nothing where the change could change the meaning.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.mutations import numerals
from tracker.mutations.gazetteer import SHORT_FORMS, TITLES
from tracker.mutations.numerals import MONTH, MONTHS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

SAFE_SMALL = frozenset(
    "the a an in on at as by for from there more most all some many under over after before since during while two"
    " three four five six seven eight nine ten about almost nearly every each half people women men children".split()
)
_SAYS = re.compile(
    r"\b(?:sa(?:ys?|id)|told|tells?|according to|claim\w*|tweeted|wrote|stated|announced|think|believe)\b"
    r"|^\W*Says\b|[\"“”]",
    re.IGNORECASE,
)
_BEFORE = (
    "Officials say that {}",
    "According to the ministry, {}",
    "The report says that {}",
    "The spokeswoman said {}",
)
_BEHIND = (
    "{}, officials said{}",
    "{}, the minister said{}",
    "{}, according to a spokesman{}",
    "{}, the agency reported{}",
)
_TAGS = ("#news", "#FactCheck", "#politics", "#BreakingNews")
_DAY = re.compile(
    rf"\b(?:(?P<month>{MONTH}) (?P<day>\d{{1,2}})|(?P<first>\d{{1,2}}) (?P<then>{MONTH}))(?P<year>,? \d{{4}}\b)?"
    r"(?P<comma>,(?= ))?(?![\w:%-]|[.,]\d| (?:to|and|through|or) \d)"
)
_CONTRACTED = (
    *((f"{word} not", f"{word}n't") for word in "is are was were does do did has have had would could should".split()),
    ("will not", "won't"), ("cannot", "can't"), ("they are", "they're"), ("we are", "we're"), ("you are", "you're"),
    ("they have been", "they've been"), ("we have been", "we've been"), ("it is", "it's"), ("there is a", "there's a"),
)  # fmt: skip
_NO_CONTRACTION_AFTER = re.compile(r"[.,;:!?\"”]|$| (?:only|just|and|or|one)\b")


def spelling(text: str, _rng: Random) -> Iterator[str]:
    """A figure written in another way: 40,000 as 40k, 25% as a quarter, $1.2tn as 1.2 trillion dollars."""
    for one in numerals.numerals(text):
        for spelt in sorted(numerals.spellings(one, text)):
            yield _put(text, one.start, one.end, spelt)


def rounding(text: str, _rng: Random) -> Iterator[str]:
    """An exact figure rounded, and said to be: nearly 300,000 for 298,500."""
    if re.search(r"\b(?:exact|precise|total|sum)", text, re.IGNORECASE):
        return
    for one in numerals.numerals(text):
        before = text[: one.start].rstrip().lower()
        if before.endswith((" a", " an", " the", " another", " than", " by")):
            continue
        for spelt in numerals.rounded(one):
            yield _put(text, one.start, one.end, spelt)


def attribution(text: str, _rng: Random) -> Iterator[str]:
    """A wrapper of somebody unnamed who says so."""
    if (
        _SAYS.search(text)
        or re.search(r"[.!] \S", text.replace("U.S. ", "US"))
        or re.search(r"\b(?:I|we|you|our|my)\b", text, re.IGNORECASE)
    ):
        return
    plain = text.rstrip()
    if not plain.endswith((".", "!")) or plain.endswith((".)", "'.", "’.")):
        return  # a sentence cut off, or one that ends in another's words
    stop = "." if plain.endswith((".", "!")) and not plain.endswith(("U.S.", "D.C.")) else ""
    for frame in _BEHIND:
        yield frame.format(plain[: len(plain) - len(stop)], stop)
    first = plain.split()[0]
    if first.lower() in SAFE_SMALL:
        small = first.lower() + plain[len(first) :]
        yield from (frame.format(small) for frame in _BEFORE)


def typography(text: str, rng: Random) -> Iterator[str]:
    """Curly quotation marks, hashtags behind, a word in capitals, an exclamation mark, BREAKING before it."""
    plain = text.rstrip()
    curly = re.sub(r"(?<=\w)'(?=\w)", "’", re.sub(r'"([^"]+)"', "“\\1”", plain))
    if curly != plain:
        yield curly
    yield f"{plain} {rng.choice(_TAGS)}"
    yield f"BREAKING: {plain}"
    if plain.endswith(".") and not plain.endswith(("U.S.", "D.C.", "..", "Inc.", "Jr.", "a.m.", "p.m.")):
        yield f"{plain[:-1]}!"
        yield f"{plain[:-1]}!!!"
    words = list(re.finditer(r"(?<![\w'’@#.-])[a-z]{5,}(?![\w'’-])", plain))
    if words:
        one = rng.choice(words)
        yield plain[: one.start()] + one[0].upper() + plain[one.end() :]


def contraction(text: str, _rng: Random) -> Iterator[str]:
    """Does not as doesn't, and back."""
    for long, short in _CONTRACTED:
        for one, other in ((long, short), (short, long)):
            for found in re.finditer(rf"(?<=\S ){one}\b", text.replace("’", "'")):
                if not _NO_CONTRACTION_AFTER.match(text, found.end()) and (
                    "it is" not in (one, other) or _is_verb(text, found)
                ):
                    yield text[: found.start()] + other + text[found.end() :]


def _is_verb(text: str, found: re.Match[str]) -> bool:
    """True where "it's" is "it is", not "it has"."""
    return bool(re.match(r" (?:a|an|the|not|very|so|going|\w+ing|time)\b", text[found.end() :]))


def date_order(text: str, _rng: Random) -> Iterator[str]:
    """27 June 2022 for June 27, 2022, and back; Oct. for October."""
    for found in _DAY.finditer(text):
        month, day = found["month"] or found["then"], found["day"] or found["first"]
        if not 1 <= int(day) <= 31 or re.search(r"\b(?:\d|the|th|and|to|,)[ –-]?$", text[: found.start()]):
            continue
        full = next(name for name in MONTHS if name.startswith(month[:3]))
        if (full, day) in (("September", "11"), ("July", "4"), ("January", "6")):
            continue
        year = (found["year"] or "").replace(",", "").strip()
        comma = found["comma"] or ""
        american = (
            f"{full} {day}, {year}," if year and comma else f"{full} {day}, {year}" if year else f"{full} {day}{comma}"
        )
        european = f"{day} {full} {year}{comma}".replace("  ", " ") if year else f"{day} {full}{comma}"
        short = f"{full[:3]}. {american.partition(' ')[2]}"
        for spelt in (american, european, *([short] if full[:3] != "May" and found["month"] else [])):
            if spelt != found[0]:
                yield text[: found.start()] + spelt + text[found.end() :]


def abbreviation(text: str, _rng: Random) -> Iterator[str]:
    """A well-known name written short or in full: the EU, the European Union; Sen., Senator."""
    for row in SHORT_FORMS:
        for one in row:
            bare = one.removeprefix("the ")
            found = list(re.finditer(rf"\b[Tt]he {re.escape(bare)}(?![\w-]|\.\w|['’](?!s)| [A-Z]| of )", text))
            if len(found) != 1 or text.count(bare) != 1:
                continue
            ends = bare.endswith(".") and re.match(r"[\"”]?$", text[found[0].end() :])
            for other in row:
                spelt = other.removeprefix("the ")
                if other != one and not ends and not (spelt.endswith(".") and text[found[0].end() :].startswith(".")):
                    yield text[: found[0].start() + 4] + spelt + text[found[0].end() :]
    for long, short in TITLES:
        for one, other in ((long, short), (short, long)):
            found = list(re.finditer(rf"(?<![\w.-]){re.escape(one)}(?= [A-Z][a-z]+ [A-Z])", text))
            if len(found) == 1:
                yield text[: found[0].start()] + other + text[found[0].end() :]


def _put(text: str, start: int, end: int, spelt: str) -> str:
    """Another spelling in its place, with a capital where the sentence begins with it."""
    opens = not text[:start].strip("\"'“‘ ") or bool(re.search(r"[.!] $", text[:start]))
    if opens and spelt[0].islower():
        spelt = spelt[0].upper() + spelt[1:]
    return text[:start] + spelt + text[end:]
