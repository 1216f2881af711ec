"""Suggested merges: entries of the store that seem to be one claim, told by different publishers in different words.

Nothing is joined unasked. Two claims that are taken for one show each other's verdicts, and a wrong "already checked"
does harm; so a pair is suggested, and `tracker merge` joins it, reversibly.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.entries import fold, text_key
from tracker.matching import NEAR
from tracker.models import Relation
from tracker.progress import batched, silent
from tracker.queries import Query

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from tracker.index import VectorIndex
    from tracker.models import Claim, Match
    from tracker.progress import Progress
    from tracker.store import Store

    Rank = Callable[[Sequence[Query], Sequence[Collection[int]]], Iterator[list[Match]]]

_NEIGHBOURS = 10
_STEP = 64  # claims asked about at a time


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two claims that seem to be one: the older, and the newer as a match of what the older says."""

    kept: Claim
    gone: Match


def suggestions(store: Store, index: VectorIndex, rank: Rank, progress: Progress = silent) -> Iterator[Suggestion]:
    """Pairs of claims that are `same` by matching, oldest claim first; to be read in `Store.reading()`.

    Left out are pairs that the desk has linked, or has answered "no" about, and claims of two people.
    """
    near = _near(store, index)
    claims = store.claims(near)
    entries: dict[int, list[int]] = defaultdict(list)
    for entry, root in store.curation.members(near).items():
        entries[root].append(entry)
    with progress("comparing", len(near)) as advance:
        for part in batched(near, _STEP):
            asked = [Query(str(one), claims[one].text, speaker=claims[one].claimant) for one in part]
            for one, matches in zip(part, rank(asked, [entries[one] for one in part]), strict=True):
                for match in matches:
                    same = match.relation is Relation.SAME and match.claim.id in near[one]
                    if same and _may_be_one(claims[one], match.claim):
                        yield Suggestion(claims[one], match)
                advance(1)


def _near(store: Store, index: VectorIndex) -> dict[int, set[int]]:
    """For each claim the later ones whose vectors are so near that they may be the same, and that nobody told apart."""
    pairs = list(index.near_pairs(_NEIGHBOURS, NEAR))
    standing = store.curation.standing({number for pair in pairs for number in pair})
    linked = {(one, other) for one, family in store.curation.families().items() for other, _ in family}
    answered = {(text_key(one.query), one.claim_id) for one in store.feedback.current() if not one.is_about}
    keys = {number: text_key(claim.text) for number, claim in store.claims(standing).items()} if answered else {}
    found: dict[int, set[int]] = defaultdict(set)
    for pair in pairs:
        if not all(number in standing for number in pair):
            continue
        one, other = sorted(standing[number] for number in pair)
        told_apart = (one, other) in linked or (keys.get(one), other) in answered or (keys.get(other), one) in answered
        if one != other and not told_apart:
            found[one].add(other)
    return dict(sorted(found.items()))


def _may_be_one(one: Claim, other: Claim) -> bool:
    """False for the words of two people: each is checked by itself."""
    return not (one.claimant and other.claimant) or fold(one.claimant) == fold(other.claimant)
