"""A sentence taken apart for comparing it with another: its claim, figures, periods, names, and the other words.

Everything here is read off one sentence, with the characters it stands on, and knows nothing of the other.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from tracker import rarity
from tracker.framing import Framing, framing
from tracker.lexicon import Kinship, Negator, direction, is_filler, lemma, negator, phrases, related_as
from tracker.names import Name, NameKind, names
from tracker.patterns import pattern
from tracker.periods import Period, periods
from tracker.quantities import quantities
from tracker.words import is_stop, stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tracker.quantities.quantity import Quantities, Quantity

_WORD = pattern(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+(?:[.,]\d+)*")
_CONTRACTED = pattern(r"(?:n['’]t|n['’]t)$", re.IGNORECASE)
_POSSESSIVE = pattern(r"['’]s?$")
_MODAL = frozenset(
    "will would shall should could might must may can going plan plans planning expected set due".split()
)
_PRONOUN = frozenset("he she they it this these those him her them".split())
_QUANTIFIER = {
    **dict.fromkeys("all every each always everyone everybody everything both entire whole".split(), "all"),
    **dict.fromkeys("most mostly majority mainly usually".split(), "most"),
    **dict.fromkeys("many much several often numerous thousands hundreds millions dozens lots".split(), "many"),
    **dict.fromkeys("some sometimes certain few occasionally".split(), "some"),
    **dict.fromkeys("only first last sole alone".split(), "only"),
}


class Word(NamedTuple):
    """A word, or several that are one entry of the lexicon, with its characters in the sentence.

    `weight` is how telling it is (`rarity`), near 0 for words that every text has.
    """

    text: str
    lemma: str
    start: int
    end: int
    weight: float


class Reading(NamedTuple):
    """What one sentence says; spans count its characters.

    `words` are those of the claim that carry meaning, in order, without figures, periods, names and fillers. `denials`
    are its negations, of any kind. `asked_by_name` are names in the attribution, which may but need not be shared.
    """

    text: str
    framing: Framing
    words: tuple[Word, ...]
    names: tuple[Name, ...]
    said_by: tuple[Name, ...]
    quantities: Quantities
    periods: tuple[Period, ...]
    negations: tuple[Word, ...]
    denials: tuple[Word, ...]
    directions: tuple[tuple[Word, int], ...]
    modals: tuple[Word, ...]
    quantifiers: frozenset[str]
    is_fragment: bool

    @property
    def negated(self) -> bool:
        """True where "not", "never" and the like turn the claim round: an odd number of them, the framing's too."""
        return (len(self.negations) + self.framing.denied) % 2 == 1


@lru_cache(maxsize=8192)
def read(text: str, *, stored: bool = False) -> Reading:
    """Take a sentence apart. `stored`: it is a claim of the store (`framing`)."""
    frame = framing(text, stored=stored)
    figures = quantities(text)
    times = tuple(one for one in periods(text) if _within(one, frame) and not one.is_clock)
    found = names(text)
    here = tuple(one for one in found if _within(one, frame) and not _taken(one, times) and not _is_filler(one))
    said_by = tuple(one for one in found if frame.reported and frame.reported[0] <= one.start < frame.reported[1])
    proper = [one for one in here if one.kind is not NameKind.GROUP]
    counted = tuple(
        one
        for one in figures.found
        if _within(one, frame)
        and not _taken(one, times)
        and not any(name.start <= one.start < name.end for name in proper)
    )
    changes = tuple(one for one in figures.changes if one.before in counted and one.after in counted)
    figures = type(figures)(counted, changes, figures.masked)
    tokens = _tokens(text, frame, [*times, *counted])
    negations = tuple(one for one in tokens if negator(one.lemma) is Negator.NEGATION and one.lemma != "nor")
    denials = tuple(one for one in tokens if negator(one.lemma) not in (None, Negator.NEGATION))
    named = {i for one in here for i in range(one.start, one.end)}
    words = tuple(
        one
        for one in tokens
        if one.weight and one not in negations and not is_filler(one.lemma) and one.start not in named
    )
    first = next((one for one in tokens if not is_filler(one.lemma)), None)
    return Reading(
        *(text, frame, words, here, said_by, figures, times, negations, denials),
        directions=tuple((one, direction(one.lemma)) for one in tokens if direction(one.lemma)),
        modals=tuple(one for one in tokens if one.lemma in _MODAL),
        quantifiers=frozenset(_QUANTIFIER[one.lemma] for one in tokens if one.lemma in _QUANTIFIER),
        is_fragment=first is None or (first.lemma in _PRONOUN and not said_by),
    )


def _is_filler(name: Name) -> bool:
    """True for "Shameful." and the like, which a capital makes a name."""
    return not name.known and is_filler(lemma(name.text.lower()))


def _tokens(text: str, frame: Framing, masked: Iterable[Quantity | Period]) -> list[Word]:
    """The words of the claim outside the masked spans, multi-word entries of the lexicon as one."""
    hidden = {i for one in masked for i in range(one.start, one.end)}
    single: list[Word] = []
    for match in _WORD.finditer(text, frame.start, frame.end):
        if match.start() in hidden:
            continue
        said = match[0]
        if _CONTRACTED.search(said):
            start = match.end() - 3
            if start > match.start():
                single.append(_word(text, match.start(), start))
            single.append(Word(text[start : match.end()], "not", start, match.end(), 0.0))
            continue
        end = match.end() - (len(found[0]) if (found := _POSSESSIVE.search(said)) else 0)
        single.append(_word(text, match.start(), end))
    merged: list[Word] = []
    at = 0
    for start, end, entry in phrases([one.lemma for one in single]):
        parts = single[start:end]
        if _tells_a_change(parts, entry) or _hides_a_negation(parts, entry):
            continue
        merged += single[at:start]
        weight = max(one.weight for one in parts) or 3.0
        merged.append(Word(text[parts[0].start : parts[-1].end], entry, parts[0].start, parts[-1].end, weight))
        at = end
    return merged + single[at:]


def _tells_a_change(parts: Sequence[Word], entry: str) -> bool:
    """True where a noun of the lexicon ("tax rise") is met as a sentence: "taxes rose"."""
    first, last = parts[0], parts[-1]
    noun = first.text.lower() == first.lemma and last.text.lower() in (last.lemma, f"{last.lemma}s")
    return bool(direction(last.lemma)) and not direction(entry) and last.lemma not in ("up", "down") and not noun


def _hides_a_negation(parts: Sequence[Word], entry: str) -> bool:
    """True for "not have" and its like: without "not", nothing would be left there that is their opposite."""
    others = [one for one in parts if one.lemma != "not"]
    if len(others) == len(parts) or negator(entry) or is_filler(entry):
        return False
    opposed = related_as(entry, "_".join(one.lemma for one in others)) is Kinship.OPPOSITE
    return not (opposed and any(one.weight for one in others))


def _word(text: str, start: int, end: int) -> Word:
    said = text[start:end].lower().replace("’", "'")
    weight = 0.0 if is_stop(said) else rarity.of(stem(said))
    if said == "cannot":
        return Word(text[start:end], "not", start, end, 0.0)
    return Word(text[start:end], lemma(said), start, end, weight)


def _within(one: Name | Period | Quantity, frame: Framing) -> bool:
    return frame.start <= one.start and one.end <= frame.end + 1


def _taken(one: Name | Quantity, by: Iterable[Period]) -> bool:
    return any(one.start < other.end and other.start < one.end for other in by)
