"""Rankings against judgements: the measures of retrieval for one query, as the field defines them. Pure.

`hits` says of each place of a ranking, best first, whether a relevant document stands there; `relevant` counts the
relevant documents that there are (at least 1), found or not; `k` cuts the ranking after that many places, None nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set as AbstractSet
from dataclasses import dataclass

Qrels = Mapping[str, AbstractSet[str]]  # the relevant documents of each query
Run = Mapping[str, Sequence[str]]  # the documents found for each query, best first


@dataclass(frozen=True, slots=True)
class Cuts:
    """At which ranks each measure is taken; the reciprocal rank is taken without a cut too."""

    average_precision: tuple[int, ...] = (1, 3, 5)
    reciprocal_rank: tuple[int, ...] = ()
    precision: tuple[int, ...] = (1, 3, 5)
    recall: tuple[int, ...] = (1, 3, 5, 10, 20, 50)

    @classmethod
    def at(cls, ks: Sequence[int]) -> Cuts:
        """Every measure at each of these ranks; the usual ones where there are none."""
        cuts = tuple(sorted(set(ks)))
        return cls(cuts, cuts, cuts, cuts) if cuts else cls()


def average_precision(hits: Sequence[bool], relevant: int, k: int) -> float:
    """The precision at each of the first `k` places with a hit, summed, over what could be there: min(relevant, `k`).

    CheckThat!'s official definition, 0 to 1; `trec_eval`'s `map_cut` divides by `relevant` also where that is above
    `k`, and so cannot reach 1 there.
    """
    found, total = 0, 0.0
    for rank, hit in enumerate(hits[:k], 1):
        found += hit
        total += found / rank if hit else 0.0
    return total / min(relevant, k)


def reciprocal_rank(hits: Sequence[bool], k: int | None = None) -> float:
    """1 over the rank of the first hit, 0 without one."""
    rank = first_hit(hits[:k])
    return 1 / rank if rank else 0.0


def precision(hits: Sequence[bool], k: int) -> float:
    """The share of the first `k` places with a hit; places that a shorter ranking leaves empty are misses."""
    return sum(hits[:k]) / k


def recall(hits: Sequence[bool], relevant: int, k: int) -> float:
    """The share of the relevant documents that stand in the first `k` places."""
    return sum(hits[:k]) / relevant


def first_hit(hits: Sequence[bool]) -> int | None:
    """The rank of the first hit, from 1."""
    return next((rank for rank, hit in enumerate(hits, 1) if hit), None)


def hits_of(found: Sequence[str], relevant: AbstractSet[str]) -> list[bool]:
    """Whether each place of a ranking has a relevant document."""
    return [document in relevant for document in found]


def measures(found: Sequence[str], relevant: AbstractSet[str], cuts: Cuts) -> dict[str, float]:
    """Every measure of one query's ranking by name (`MAP@5`, `MRR`...), 0 to 1; nothing found is 0 in each."""
    hits, total = hits_of(found, relevant), len(relevant)
    return {
        **{f"MAP@{k}": average_precision(hits, total, k) for k in cuts.average_precision},
        "MRR": reciprocal_rank(hits),
        **{f"MRR@{k}": reciprocal_rank(hits, k) for k in cuts.reciprocal_rank},
        **{f"P@{k}": precision(hits, k) for k in cuts.precision},
        **{f"recall@{k}": recall(hits, total, k) for k in cuts.recall},
    }
