"""The best of many claims by the sum of their words' weights, without adding up all of them. Pure.

MaxScore (Turtle and Flood 1995): the words are taken up from the weightiest on. Once the rest of them together could
not lift a claim into the best any more, no new claim is looked at, and those at hand get what the rest adds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

_ENOUGH = 20_000  # sums among which the `k`th best is looked for while words are taken up


@dataclass(frozen=True, slots=True)
class Weighted:
    """The claims that have a word, in ascending order, what the word adds to each of them, and the most it adds."""

    claims: NDArray[np.int32]
    weights: NDArray[np.float32]
    most: float


def best(words: Sequence[Weighted], k: int, sums: NDArray[np.float32]) -> list[int]:
    """The `k` claims with the greatest sums, greatest first, the older one of two alike.

    `sums` are zeros for every claim that a word can name, and are so again after.
    """
    import numpy as np

    ordered, added = sorted(words, key=lambda word: -word.most), list[Weighted]()
    try:
        claims = _summed(ordered, k, sums, added)
        scores = sums[claims]
    finally:  # also where somebody interrupts: what is left would hide claims from the next question
        for word in added:
            sums[word.claims] = 0
    for number in range(len(added), len(ordered) + 1):
        kept = scores >= _least_of(scores, k) - _most_of(ordered[number:])
        claims, scores = claims[kept], scores[kept]
        if number < len(ordered):
            scores += _added(ordered[number], claims)
    return [int(claim) for claim in claims[np.lexsort((claims, -scores))[:k]]]


def _summed(ordered: Sequence[Weighted], k: int, sums: NDArray[np.float32], added: list[Weighted]) -> Any:
    """Add up words, the weightiest first, until the rest cannot bring a new claim; all claims of those `added`."""
    import numpy as np

    found, least = [np.zeros(0, np.int64)], 0.0
    for word in ordered:
        if least > _most_of(ordered[len(added) :]):
            break
        own = sums[word.claims]
        found.append(word.claims[own == 0])
        own += word.weights
        added.append(word)  # before the sums are written: whoever interrupts that leaves some
        sums[word.claims] = own
        least = max(least, _least_of(own[:_ENOUGH], k))  # that of some is at most that of all
    return np.concatenate(found)


def _most_of(words: Sequence[Weighted]) -> float:
    return sum(word.most for word in words)


def _least_of(scores: Any, k: int) -> float:
    """The sum that the `k`th best has so far; 0 while there are fewer."""
    import numpy as np

    return float(np.partition(scores, len(scores) - k)[len(scores) - k]) if len(scores) >= k else 0.0


def _added(word: Weighted, claims: Any) -> Any:
    """What a word adds to each of these claims."""
    import numpy as np

    places = np.minimum(np.searchsorted(word.claims, claims), len(word.claims) - 1)
    return np.where(word.claims[places] == claims, word.weights[places], 0)
