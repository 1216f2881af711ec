"""Our reading of a publisher's rating; the publisher's own words and numbers are what the store keeps.

A reading is a normalised rating and tags, with the rule that gave it. The rules, in their order: the desk's own
mapping, the publisher's scale, general labels by language, a phrase that consists of such labels ("False and
misleading"), and numbers, where there are only numbers. Labels count as a whole: there is no rule by prefix or by part
of a label, so "True but misleading" is not true, and one unknown word makes the whole label unknown. Unknown is
`unrated`, for the desk to map, and never guessed.

No reading is more than the publisher said. "Misleading" or "Altered image" alone is neither true nor false: it is
`not-rated` with a tag, unless that publisher defines the word as partly true (`data/ratings/scales.tsv`).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from tracker.rating_tables import (
    NORMALIZED,
    TAGS,
    Meaning,
    fold,
    labels,
    languages_of,
    needs_language,
    publisher_of,
    scale,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from tracker.rating_tables import Publisher

DeskLabels: TypeAlias = "Mapping[tuple[str, str], Meaning]"  # `desk_key` -> meaning
__all__ = ["NORMALIZED", "TAGS", "DeskLabels", "Reading", "desk_key", "fold", "read_rating"]

_NO_DESK: DeskLabels = MappingProxyType({})
_KEPT = 4096  # labels
_LONGEST = 12  # words of a phrase
_LONG = 300  # characters: no label
_FAVOURABLE = frozenset(("true", "mostly-true"))
_UNFAVOURABLE = frozenset(("false", "mostly-false"))
_FITTING = (  # the only signs that may stand beside a label, and what it must say
    (frozenset("✅✔✓☑"), _FAVOURABLE),
    (frozenset("❌"), _UNFAVOURABLE),
)
_TAKEN_AWAY = frozenset(  # what makes "True but ..." half of it
    ("misleading", "missing-context", "exaggerated", "understated", "outdated", "altered-media", "misattributed")
)
_NOT_BESIDE = frozenset(("pending", "opinion", "flip-flop"))  # a rating


@dataclass(frozen=True, slots=True)
class Reading:
    """What we take a rating to say: one of `NORMALIZED`, some of `TAGS` in their order, and the rule by which."""

    normalized: str
    tags: tuple[str, ...]
    rule: str


_UNKNOWN = Reading("unrated", (), "unknown")


def read_rating(
    label: str | None,
    *,
    publisher: str | None = None,
    site: str | None = None,
    value: str | None = None,
    best: str | None = None,
    worst: str | None = None,
    desk: DeskLabels = _NO_DESK,
    language: str | None = None,
) -> Reading:
    """Read a publisher's rating; a known label goes before the numbers, and an unknown one is never read by them.

    `language` is the code of the language that the review is in ("et", "pt-BR"): with it, labels are read that mean
    something else elsewhere.
    """
    known = publisher_of((publisher or "")[:_LONG], (site or "")[:_LONG])
    written = (label or "").strip()
    folded = fold(written)
    mapped = _by_desk(folded, publisher, known, desk) if desk else None
    if mapped or len(written) > _LONG:
        return mapped or _UNKNOWN
    number = _number_label(written) if written else _Number("", "")
    if number is not None:
        return _by_numbers(number, value, best, worst, known)
    spoken = languages_of(known, (publisher or "")[:_LONG], (site or "")[:_LONG], (language or "")[:_LONG])
    return _by_label(folded, known, spoken)


def desk_key(label: str, publisher: str | None = None) -> tuple[str, str]:
    """Where `DeskLabels` hold what the desk says of a label; for all publishers only where none is given.

    Raises ValueError for a publisher without letters or digits: it is nobody, not everybody.
    """
    name = "" if publisher is None else fold(publisher)
    if publisher is not None and not any(map(str.isalnum, name)):
        raise ValueError(f"publisher {publisher[:40]!r}: has no letters")
    return name, fold(label)


def _by_desk(folded: str, publisher: str | None, known: Publisher | None, desk: DeskLabels) -> Reading | None:
    """The desk's word on the label as it stands, else on the label without signs that fit it."""
    bare, could = _without_signs(folded)
    for text in dict.fromkeys((folded, bare)):
        found = _mapped(text, publisher, known, desk) if text else None
        if found:
            return found if text == folded or found.normalized in could else _UNKNOWN
    return None


def _mapped(folded: str, publisher: str | None, known: Publisher | None, desk: DeskLabels) -> Reading | None:
    for name in (publisher, known.name if known else None):
        key = fold(name or "")
        if key and (key, folded) in desk:  # "" is the key for all, and no publisher's
            return Reading(*desk[key, folded], f"desk: {name}")
    return Reading(*desk["", folded], "desk") if ("", folded) in desk else None


def _without_signs(folded: str) -> tuple[str, Collection[str]]:
    """A label without check marks or crosses at its ends, and what it must say for them to fit."""
    words = folded.split()
    for signs, could in _FITTING:
        start, end = 0, len(words)
        while start < end and words[start] in signs:
            start += 1
        while start < end and words[end - 1] in signs:
            end -= 1
        if end - start < len(words):
            return " ".join(words[start:end]), could
    return folded, NORMALIZED


@lru_cache(maxsize=_KEPT)
def _by_label(folded: str, publisher: Publisher | None, spoken: frozenset[str]) -> Reading:
    bare, could = _without_signs(folded)
    found = _by_tables(bare, publisher, spoken) or _by_phrase(bare, spoken) or _UNKNOWN
    return found if found.normalized in could else _UNKNOWN


def _by_tables(folded: str, publisher: Publisher | None, spoken: frozenset[str]) -> Reading | None:
    """By the publisher's scale, then by the review's language, then by any, if all languages with this label agree."""
    if publisher and folded in scale(publisher):
        return Reading(*scale(publisher)[folded], f"scale: {publisher.name}")
    found = labels().get(folded, {})
    own = {language: meaning for language, meaning in found.items() if language in spoken}
    meanings = own or ({} if needs_language(folded) else found)
    if len(set(meanings.values())) == 1:
        return Reading(*next(iter(meanings.values())), f"label: {' '.join(sorted(meanings))}")
    return None


# Phrases of known labels: "False and misleading", "No, that's not true", "The claim is mostly correct".

_JOINTS = {
    "en": frozenset(("and", "but", "yet", "though", "&")),
    "es": frozenset(("y", "pero", "&")),
    "pt": frozenset(("e", "mas", "&")),
    "fr": frozenset(("et", "mais", "&")),
    "de": frozenset(("und", "aber", "&")),
    "it": frozenset(("e", "ma", "&")),
    "nl": frozenset(("en", "maar", "&")),
}
_WRITTEN_OUT = dict(
    pair.split(": ") for pair in ("isnt: is not", "arent: are not", "thats: that is", "its: it is", "theyre: they are")
)
_FRAME = re.compile(  # "No, our verdict:", "We rate this claim as", "The post is a"
    r"(?:(?P<answer>yes|no) )?"
    r"(?:(?:fact check|(?:aps |our |the )?(?:rating|verdict|ruling|conclusion|assessment)|(?:we )?rated?)"
    r"(?: (?:(?:this|the) claim|it|this))?(?: as)? )?"
    r"(?:(?:(?:(?:this|that|the) )?(?:claim|statement|post|story|rumou?r|report|allegation|information) "
    r"|(?:this|that|it|these|they|there) )?(?:is|are) (?:an? )?)?"
)
_LOUDER = frozenset(
    "absolutely blatantly clearly completely definitely demonstrably entirely flatly highly just outright patently"
    " perfectly simply totally utterly very wholly".split()
)
_TRUE = frozenset("true correct accurate right factual".split())
_FALSE = frozenset("false untrue incorrect inaccurate wrong".split())
_ALONE = _TRUE | _FALSE | frozenset("fake fabricated misleading baseless unfounded".split())
_BEFORE = (  # the word before, the words that it may stand before, and what both say
    (frozenset(("not",)), _TRUE, "false"),
    (
        frozenset("mostly largely mainly broadly roughly generally substantially almost nearly".split()),
        _TRUE,
        "mostly-true",
    ),
    (frozenset("mostly largely mainly substantially".split()), _FALSE, "mostly-false"),  # not "almost false"
    (frozenset("partly partially half somewhat".split()), _TRUE | _FALSE, "mixed"),
)


def _by_phrase(folded: str, spoken: frozenset[str]) -> Reading | None:
    words = [part for word in folded.split() for part in _WRITTEN_OUT.get(word, word).split()]
    if len(words) > _LONGEST:
        return None
    text = " ".join(words) + " "
    found = {(language, meaning) for language in _JOINTS for meaning in _phrase(tuple(words), language, spoken)}
    frame = _FRAME.match(text)
    if frame and frame[0]:
        could = {None: NORMALIZED, "yes": _FAVOURABLE, "no": _UNFAVOURABLE}[frame["answer"]]
        stated = _phrase(tuple(text[frame.end() :].split()), "en", spoken)
        found |= {("en", meaning) for meaning in stated if meaning[0] in could}
    meanings = {meaning for _, meaning in found}
    if len(meanings) != 1:
        return None
    return Reading(*meanings.pop(), f"phrase: {' '.join(sorted({language for language, _ in found}))}")


def _phrase(words: tuple[str, ...], language: str, spoken: frozenset[str]) -> set[Meaning]:
    """All that a sequence of labels can mean, read in one language."""
    return {whole for parts in _split(words, language, spoken) if (whole := _together(parts))}


def _split(
    words: tuple[str, ...], language: str, spoken: frozenset[str], *, joined: bool = True
) -> Iterator[tuple[tuple[Meaning, bool], ...]]:
    """All ways to cut the words into labels; each with its meaning and whether a word like "but" stands before it."""
    for end in range(len(words), 0, -1):
        meaning = _part(words[:end], language, spoken)
        if meaning is None:
            continue
        if end == len(words):
            yield ((meaning, joined),)
            continue
        joint = words[end] in _JOINTS[language]
        for rest in _split(words[end + joint :], language, spoken, joined=joint):
            yield ((meaning, joined), *rest)


def _part(words: tuple[str, ...], language: str, spoken: frozenset[str]) -> Meaning | None:
    """The meaning of one label, in English also of its graded and negated forms."""
    if words[-1] in _JOINTS[language]:
        return None  # "Verdadeiro, mas" is a label, but not before "falso"
    label = " ".join(words)
    listed = labels().get(label, {}).get(language)
    if listed and language not in spoken and needs_language(label):
        return None
    if listed or language != "en":
        return listed
    while len(words) > 1 and words[0] in _LOUDER:
        words = words[1:]
    *before, core = words
    if not before:
        return labels()[core]["en"] if core in _ALONE else None
    said = (name for word, cores, name in _BEFORE if before[0] in word and core in cores)
    graded = next(said, None) if len(before) == 1 else None
    return (graded, ()) if graded else None


def _together(parts: tuple[tuple[Meaning, bool], ...]) -> Meaning | None:
    """What labels say together; None where that is not clear."""
    rated = {meaning[0] for meaning, _ in parts} - {"not-rated"}
    named = {tag for meaning, _ in parts for tag in meaning[1]}
    ordered = tuple(tag for tag in TAGS if tag in named)
    if not rated:
        return "not-rated", ordered
    if ("not-rated", ()) in (meaning for meaning, _ in parts) or not named.isdisjoint(_NOT_BESIDE):
        return None
    if rated & _FAVOURABLE and rated & _UNFAVOURABLE:
        # "Correct but false" is both; "Fact: false" may not be
        return ("mixed", ordered) if len(rated) == 2 and all(joined for _, joined in parts) else None
    if rated & _FAVOURABLE and (named or "mixed" in rated):
        return ("mixed", ordered) if rated <= _FAVOURABLE | {"mixed"} and named <= _TAKEN_AWAY else None
    return (rated.pop(), ordered) if len(rated) == 1 else None


# Numbers alone: 3, where 1 is worst and 5 best.

_NUMBER = re.compile(r"[-+]?[0-9]{1,9}(?:[.,][0-9]{1,9})?")
_RATIO = re.compile(
    rf"(?P<value>{_NUMBER.pattern})(?:\s*(?:/|of|out of)\s*(?P<best>{_NUMBER.pattern}))?", re.IGNORECASE
)


class _Number(NamedTuple):
    """A label that is a number: "3" or "3 / 5"."""

    value: str
    best: str


def _number_label(label: str) -> _Number | None:
    found = _RATIO.fullmatch(unicodedata.normalize("NFKC", label))
    return _Number(found["value"], found["best"] or "") if found else None


def _by_numbers(
    label: _Number, value: str | None, best: str | None, worst: str | None, publisher: Publisher | None
) -> Reading:
    """By the place of the value between worst and best, higher being truer; only the ends are true and false.

    -1 is the sign for what cannot be rated. Numbers that are missing, at odds with one another or outside their range
    are not read, nor those of a publisher whose numbers do not rise with the truth.
    """
    values = {_number(text) for text in (label.value, value) if text}
    bests = {_number(text) for text in (label.best, best) if text}
    if not values:
        return Reading("unrated", (), "none")
    if values == {-1}:
        return Reading("not-rated", (), "number: -1")
    at, high, low = _only(values), _only(bests), _number(worst)
    if at is None or high is None or low is None or not low <= at <= high or low == high:
        return _UNKNOWN
    if publisher and not publisher.numbers:
        return _UNKNOWN
    return Reading(_placed(at, low, high), (), f"number: {at:g} of {low:g} to {high:g}")


def _placed(at: float, low: float, high: float) -> str:
    if at in (low, high):
        return "true" if at == high else "false"
    place = (at - low) / (high - low)
    return "mostly-false" if place < 0.375 else "mixed" if place <= 0.625 else "mostly-true"


def _only(numbers: set[float | None]) -> float | None:
    return next(iter(numbers)) if len(numbers) == 1 else None


def _number(text: str | None) -> float | None:
    plain = unicodedata.normalize("NFKC", text or "").strip()
    return float(plain.replace(",", ".")) if _NUMBER.fullmatch(plain) else None
