"""Who does it: names that only one of two sentences has, that take each other's place, or that have changed roles."""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

from tracker.lexicon import Kinship
from tracker.models import Reason, Relation
from tracker.names import Name, NameKind, compare as compare_names
from tracker.polarity import PASSIVE, THAN, spans_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tracker.alignment import Alignment
    from tracker.polarity import Part
    from tracker.reading import Reading, Word

_PLACES = frozenset({NameKind.COUNTRY, NameKind.PLACE})
_BODIES = frozenset({NameKind.COUNTRY, NameKind.ORGANISATION, NameKind.GROUP, NameKind.PERSON})
_LOCATIVE = frozenset(
    "by in at near across of for from to on into over around inside outside through under with against".split()
)
_ARTICLES = frozenset({"a", "an", "the"})
_OWNED = "'s"
_LISTED = re.compile(r"\W*(?:and|or|nor)?\W*", re.IGNORECASE)


def named(here: Reading, there: Reading, words: Alignment) -> Part:
    """Names that only one side has, pairs of them that take each other's place, and names that changed roles."""
    found = compare_names(here.names, there.names)
    ours = [one for one in found.ours if not _said(one, there)]
    theirs = [one for one in found.theirs if not _said(one, here)]
    ours, theirs = _with_capitals(ours, theirs, words.here), _with_capitals(theirs, ours, words.there)
    exchanged = _exchanged(ours, theirs)
    siblings = words.of(Kinship.SIBLING)
    told_otherwise = any(  # "A buys from B", "B sells to A"
        pair.converse and pair.kinship is Kinship.OPPOSITE for pair in words.pairs
    )
    crossed = None if told_otherwise else _crossed(here, there, words, found.matched)
    swapped = crossed or (None if told_otherwise else _swapped(here, there, found.matched))
    values = {
        "names agree": float(min(3, len(found.matched))),
        "names differ": float(bool(exchanged)),
        "known names differ": float(any(a.known and b.known for a, b in exchanged)),
        "name here only": float(_proper(ours) > _proper(a for a, _ in exchanged)),
        "name there only": float(_proper(theirs) > _proper(b for _, b in exchanged)),
        "group on one side": float(len(ours) + len(theirs) - _proper([*ours, *theirs]) > 0 and not exchanged),
        "names within": float(bool(found.contained)),
        "siblings": float(min(2, len(siblings))),
        "roles swapped": float(swapped is not None),
        "roles crossed": float(crossed is not None),
    }
    reasons = [
        (Relation.DIFFERENT_ENTITY, Reason(f"entity: {b.text} there, {a.text} here", (a.span,), (b.span,)))
        for a, b in exchanged
    ]
    if swapped:
        a, b = swapped
        told = f"roles: {b.text} there, {a.text} here"
        if swapped in found.matched:
            told = f"roles: {a.text} does it on one side, and has it done on the other"
        reasons.append((Relation.DIFFERENT_ENTITY, Reason(told, (a.span,), (b.span,))))
    for pair in siblings:
        told = f"entity: {pair.there.text} there, {pair.here.text} here"
        reasons.append((Relation.DIFFERENT_ENTITY, Reason(told, spans_of([pair.here]), spans_of([pair.there]))))
    paired = [one for pair in exchanged for one in pair]
    reasons += [
        (Relation.RELATED, Reason(f"name: {one.text} here only", (one.span,))) for one in ours if one not in paired
    ]
    reasons += [
        (Relation.RELATED, Reason(f"name: {one.text} there only", (), (one.span,)))
        for one in theirs
        if one not in paired
    ]
    return values, reasons


def _proper(found: Iterable[Name]) -> int:
    return sum(one.kind is not NameKind.GROUP for one in found)


def _with_capitals(ours: Sequence[Name], theirs: Sequence[Name], left: Sequence[Word]) -> list[Name]:
    """The names, or where there are none but the other side has one, the words left over that are written as names."""
    if ours or not theirs:
        return list(ours)
    return [
        Name(word.text, word.start, word.end, NameKind.OTHER, frozenset({word.lemma}))
        for word in left
        if word.text[0].isupper() and not word.text.isupper()
    ]


def _said(name: Name, other: Reading) -> bool:
    """True where the other side has it in its attribution, or as plain words."""
    words = {word.lemma for word in other.words}
    return bool(compare_names([name], other.said_by).matched) or name.text.lower() in words


def _exchanged(ours: Sequence[Name], theirs: Sequence[Name]) -> list[tuple[Name, Name]]:
    """Names of the two sides that may stand in one place, each once: of one kind first, then of kinds that are near."""
    right = list(theirs)
    pairs: list[tuple[Name, Name]] = []
    for near in (False, True):
        for one in ours:
            if any(one is a for a, _ in pairs):
                continue
            other = next((b for b in right if _alike(one.kind, b.kind, near=near)), None)
            if other:
                pairs.append((one, other))
                right.remove(other)
    return pairs


def _alike(one: NameKind, other: NameKind, *, near: bool) -> bool:
    if one is other:
        return True
    kinds = {one, other}
    return near and (kinds <= _PLACES or kinds <= _BODIES or NameKind.OTHER in kinds)


def _swapped(here: Reading, there: Reading, matched: Sequence[tuple[Name, Name]]) -> tuple[Name, Name] | None:
    """The names that come first on either side, where both have both and neither voice nor a comparison explains it."""
    ours, theirs = _first_actor(here, [a for a, _ in matched]), _first_actor(there, [b for _, b in matched])
    if len(matched) < 2 or ours is None or theirs is None or THAN.search(here.text):
        return None
    twin = next(b for a, b in matched if a is ours)
    back = next(a for a, b in matched if b is theirs)
    if ours is not back and (_listed(here, ours, back) or _listed(there, twin, theirs)):
        return None
    passive = bool(PASSIVE.search(here.text)) != bool(PASSIVE.search(there.text))
    crossed = twin is not theirs and back is not ours
    return (ours, theirs) if crossed != passive and (crossed or PASSIVE.search(here.text + there.text)) else None


def _crossed(
    here: Reading, there: Reading, words: Alignment, matched: Sequence[tuple[Name, Name]]
) -> tuple[Name, Name] | None:
    """Two names that changed places while every other word stayed, and in no list; each took no preposition along.

    "From Britain to France" is what "to France from Britain" is, and not what "from France to Britain" is.
    """
    voices = bool(PASSIVE.search(here.text)) != bool(PASSIVE.search(there.text))
    if words.here or words.there or voices or THAN.search(here.text):
        return None
    for (a, b), (c, d) in combinations(matched, 2):
        if (a.start - c.start) * (b.start - d.start) >= 0 or _listed(here, a, c) or _listed(there, b, d):
            continue
        ours, theirs = (_slot(here, a), _slot(here, c)), (_slot(there, b), _slot(there, d))
        if _OWNED not in ours + theirs and (ours != theirs or ours[0] == ours[1]):
            return a, d
    return None


def _listed(reading: Reading, one: Name, other: Name) -> bool:
    return bool(_LISTED.fullmatch(reading.text[min(one.end, other.end) : max(one.start, other.start)]))


def _slot(reading: Reading, name: Name) -> str:
    """What a name's part in its sentence is told by: the preposition before it, that it owns something, or nothing."""
    if re.match(r"['’]s?\b|['’]", reading.text[name.end :]):
        return _OWNED
    before = [word for word in re.findall(r"\w+", reading.text[: name.start].lower()) if word not in _ARTICLES]
    return before[-1] if before and before[-1] in _LOCATIVE else ""


def _first_actor(reading: Reading, among: Sequence[Name]) -> Name | None:
    """The first name that does something: not one behind a preposition, and no owner ("Wales's", "German troops")."""
    for name in sorted(among, key=lambda name: name.start):
        if not _slot(reading, name) and not any(name.end + 1 == one.start for one in among):
            return name
    return None
