"""Who and where a sentence is about: names, nationalities and groups, and which of two are the same; offline, by lists.

Names come from the lists of `gazetteer` and from capital letters (`mentions`). A name that is in no list stands for
itself: its one key is its own words. Where capitals say nothing, in a text of capitals only, the lists alone decide;
where every word has one, as in a headline, words of the language are left out.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from tracker.gazetteer import EMPTY, TOKEN, fold, words_of
from tracker.mentions import mentions
from tracker.name import Name, NameKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Name", "NameComparison", "NameKind", "compare", "contained", "names", "same"]

# Short first names; where one stands for several, the most common.
_NICKNAMES = dict(
    pair.split(":")
    for pair in """
    al:albert alex:alexander andy:andrew ben:benjamin bill:william bob:robert charlie:charles chris:christopher
    chuck:charles dan:daniel dave:david dick:richard don:donald ed:edward fred:frederick greg:gregory jack:john
    jeff:jeffrey jerry:gerald jim:james joe:joseph josh:joshua kate:katherine ken:kenneth larry:lawrence liz:elizabeth
    maggie:margaret matt:matthew mike:michael nick:nicholas pam:pamela pat:patrick pete:peter phil:philip ray:raymond
    rick:richard rob:robert ron:ronald sam:samuel steve:stephen steven:stephen sue:susan ted:edward tim:timothy
    tom:thomas tony:anthony vince:vincent will:william
    """.split()
)
_LONG = 6  # letters of a word from which one edit may be a slip


class NameComparison(NamedTuple):
    """The names of two texts side by side: pairs of (ours, theirs), and what only one of the two has.

    `contained`: pairs of which one lies in the other, neither the same nor a contradiction. Each list is in order of
    appearance; of a name that comes twice the first stands for both.
    """

    matched: tuple[tuple[Name, Name], ...]
    ours: tuple[Name, ...]
    theirs: tuple[Name, ...]
    contained: tuple[tuple[Name, Name], ...]


@lru_cache(maxsize=4096)
def names(text: str) -> tuple[Name, ...]:
    """The names of a text in order of appearance; no two overlap. Pure, for any text.

    A surname is the person's whose full name stands in the same text: after "Ron Johnson", "Johnson" is he.
    """
    return tuple(_resolved(mentions(text)))


def same(a: Name, b: Name) -> bool:
    """True where the two may be one: a key in common, a part of a person's name, initials, or a slip of one letter.

    A name that the lists know stands only for what they say, so Bill Clinton is not Hillary Clinton. Symmetric.
    """
    if a.keys & b.keys:
        return True
    if (_closed(a) and _closed(b)) or NameKind.GROUP in (a.kind, b.kind):
        return False
    return any(_abbreviates(x, y) or _part_of(x, y) for x, y in ((a, b), (b, a)))


def contained(a: Name, b: Name) -> bool:
    """True where one lies in the other, or belongs to it: Manchester and the UK, nurses and health workers. Symmetric.

    A capital that stands for its government contains nothing.
    """
    return not same(a, b) and bool(a.within & (b.keys - b.within) or b.within & (a.keys - a.within))


def compare(ours: Sequence[Name], theirs: Sequence[Name]) -> NameComparison:
    """Which names two texts share, and which only one has."""
    ours, theirs = _once(ours), _once(theirs)
    pairs: list[tuple[Name, Name]] = []
    for name in ours:
        free = [other for other in theirs if all(other is not taken for _, taken in pairs)]
        match = next((other for other in free if name.keys == other.keys), None) or next(
            (other for other in free if same(name, other)), None
        )
        if match:
            pairs.append((name, match))
    left = [name for name in ours if not any(same(name, other) for other in theirs)]
    right = [name for name in theirs if not any(same(name, other) for other in ours)]
    inside = [(a, b) for a in ours for b in theirs if (a in left or b in right) and contained(a, b)]
    return NameComparison(
        matched=tuple(pairs),
        ours=tuple(name for name in left if all(name is not a for a, _ in inside)),
        theirs=tuple(name for name in right if all(name is not b for _, b in inside)),
        contained=tuple(inside),
    )


def _once(found: Sequence[Name]) -> list[Name]:
    kept: list[Name] = []
    for name in found:
        if not any(name.keys == other.keys or (not name.known and same(name, other)) for other in kept):
            kept.append(name)
    return kept


def _resolved(found: list[Name]) -> Iterator[Name]:
    people = [name for name in found if name.kind is NameKind.PERSON and " " in name.text]
    for name in found:
        open_to = name.kind is NameKind.PERSON and len(name.keys) > 1
        full = [one for one in people if one.keys != name.keys and same(name, one)] if open_to else []
        one = full[0] if len({person.keys for person in full}) == 1 else name
        yield name if one is name else replace(name, keys=one.keys, within=one.within, known=one.known)


def _closed(name: Name) -> bool:
    """True for a name that stands for what the lists say and nothing else; not for a surname that many bear."""
    many = name.kind is NameKind.PERSON and len(name.keys) > 1 and " ".join(words_of(name.text)) in name.keys
    return name.known and not many


def _abbreviates(short: Name, long: Name) -> bool:
    """True where one is the initials of the other, as BMA is of the British Medical Association."""
    initials = fold(short.text)
    if short.known or not short.text.isupper() or len(initials) < 3 or long.kind is NameKind.PERSON:
        return False
    words = [fold(word) for word in TOKEN.findall(long.text)]
    all_words, telling = "".join(w[0] for w in words), "".join(w[0] for w in words if w not in EMPTY)
    return initials in (all_words, telling) and len(words) > 1


def _part_of(short: Name, long: Name) -> bool:
    """True where the words of one begin or end the other, or leave out what stands in its middle, slips aside."""
    part, whole = words_of(short.text), words_of(long.text)
    parted = len(part) < len(whole)
    if len(part) > len(whole) or (parted and (_closed(short) or long.kind in (NameKind.PLACE, NameKind.COUNTRY))):
        return False
    ends = _alike(part, whole[-len(part) :])
    if not parted or (len(whole) > 4 and long.kind is not NameKind.PERSON):
        return ends
    middle = len(part) > 1 and _alike((part[0], part[-1]), (whole[0], whole[-1]))
    return ends or _alike(part, whole[: len(part)]) or middle


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """True where the words are one by one the same; first names may be short (Jim, J.), but not alone."""
    first = len(one) > 1 and len(one) == len(other) and _same_first(one[0], other[0])
    rest = zip(one[first:], other[first:], strict=False)
    return len(one) == len(other) and all(a == b or _slip(a, b) for a, b in rest)


def _same_first(one: str, other: str) -> bool:
    if 1 in (len(one), len(other)):
        return one[0] == other[0]
    return _NICKNAMES.get(one, one) == _NICKNAMES.get(other, other)


def _slip(one: str, other: str) -> bool:
    """True for two long words one edit apart that begin alike: a letter more, less, another, or two changed round."""
    if min(len(one), len(other)) < _LONG or one[0] != other[0] or abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    turned = short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]
    return turned or short[at + 1 :] == long[at + 1 :]
