"""Which words of two sentences stand for each other: the same word, a synonym, the opposite, a typing error."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tracker.lexicon import Kinship, converse, related_as
from tracker.words import stem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.reading import Word

# How much of a word's weight its counterpart covers.
_WORTH = {
    Kinship.SAME: 1.0,
    Kinship.DERIVED: 0.9,
    Kinship.NARROWER: 0.6,
    Kinship.BROADER: 0.6,
    Kinship.OPPOSITE: 0.7,
    Kinship.SIBLING: 0.25,
}
_TYPO = 6  # letters from which one that is wrong makes no other word


class Pair(NamedTuple):
    """A word here and its counterpart there; `converse` where they tell one event from two sides ("buy", "sell")."""

    here: Word
    there: Word
    kinship: Kinship
    converse: bool = False

    @property
    def worth(self) -> float:
        """The share of the words' weight that counts as covered, 0 to 1."""
        return 1.0 if self.converse else _WORTH[self.kinship]


class Alignment(NamedTuple):
    """The pairs, in the order of the words here, and the words of either side that have no counterpart."""

    pairs: tuple[Pair, ...]
    here: tuple[Word, ...]
    there: tuple[Word, ...]

    def covered_here(self) -> float:
        """The share of the words here, by weight, that there has too, 0 to 1; 1 where there are none."""
        return _share(
            sum(pair.worth * pair.here.weight for pair in self.pairs), [p.here for p in self.pairs], self.here
        )

    def covered_there(self) -> float:
        """The same for the words there."""
        return _share(
            sum(pair.worth * pair.there.weight for pair in self.pairs), [p.there for p in self.pairs], self.there
        )

    def of(self, kinship: Kinship) -> list[Pair]:
        """The pairs of that kinship which are not converse."""
        return [pair for pair in self.pairs if pair.kinship is kinship and not pair.converse]


def align(ours: Sequence[Word], theirs: Sequence[Word]) -> Alignment:
    """Pair off the words, the surest pairs first: the same stem, then by the lexicon, then with one letter wrong."""
    left, right = list(ours), list(theirs)
    pairs: list[Pair] = []
    for word in list(left):
        twin = next((one for one in right if one.lemma == word.lemma or stem(one.lemma) == stem(word.lemma)), None)
        if twin:
            pairs.append(Pair(word, twin, Kinship.SAME))
            left.remove(word)
            right.remove(twin)
    for pair in sorted(_kin(left, right), key=lambda pair: (-pair.worth, pair.here.start)):
        if pair.here in left and pair.there in right:
            pairs.append(pair)
            left.remove(pair.here)
            right.remove(pair.there)
    return Alignment(tuple(sorted(pairs, key=lambda pair: pair.here.start)), tuple(left), tuple(right))


def _kin(left: Sequence[Word], right: Sequence[Word]) -> list[Pair]:
    found = []
    for one in left:
        for other in right:
            kinship = related_as(one.lemma, other.lemma)
            turned = converse(one.lemma, other.lemma)
            if kinship or turned:
                found.append(Pair(one, other, kinship or Kinship.DERIVED, turned))
            elif _is_typo(one.lemma, other.lemma):
                found.append(Pair(one, other, Kinship.SAME))
    return found


def _is_typo(one: str, other: str) -> bool:
    """True for two long words with one letter wrong, missing, added or exchanged with its neighbour."""
    if min(len(one), len(other)) < _TYPO or abs(len(one) - len(other)) > 1 or one[0] != other[0]:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


def _share(covered: float, paired: Sequence[Word], left: Sequence[Word]) -> float:
    whole = sum(word.weight for word in (*paired, *left))
    return covered / whole if whole else 1.0
