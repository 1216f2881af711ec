"""How sure a measured figure is: intervals by resampling queries, and a test whether two systems differ. Pure.

Seeds are fixed, so the same figures give the same interval and the same p-value. Sources: Efron and Tibshirani (1993),
"An Introduction to the Bootstrap", chapter 13; Smucker, Allan and Carterette (2007), "A comparison of statistical
significance tests for information retrieval evaluation", CIKM, who recommend the randomisation test.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np
    from numpy.typing import ArrayLike, NDArray

RESAMPLES = 2_000
DRAWS = 10_000
SEED = 1
LEVEL = 0.95
EXACT = 16  # differing queries up to which every assignment of signs is counted: 65,536 of them
_Z = 1.959964  # the normal distribution's 97.5 % point
_CELLS = 2_000_000  # signs held at a time
_EQUAL = 1e-12  # two sums that differ by less differ by rounding


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval: by the bootstrap over queries (percentile method), or Wilson's for a share."""

    value: float
    low: float
    high: float


def resamples(count: int) -> Iterator[NDArray[np.intp]]:
    """`RESAMPLES` times `count` row numbers drawn with replacement, the same ones for every figure."""
    import numpy as np

    generator = np.random.default_rng(SEED)
    for _ in range(RESAMPLES):
        yield generator.integers(count, size=count)


def estimate(value: float, resampled: ArrayLike) -> Estimate:
    """A figure with the interval that the middle of its values on the resamples spans."""
    import numpy as np

    tail = (1 - LEVEL) / 2
    low, high = np.quantile(np.asarray(resampled), [tail, 1 - tail])
    return Estimate(float(value), float(low), float(high))


def wilson(right: int, of: int) -> Estimate:
    """The share `right / of`, 0 to 1, with an interval that stays sound near 0 and 1 (Wilson 1927, JASA 22).

    Without any, 0 between 0 and 1.
    """
    if not of:
        return Estimate(0.0, 0.0, 1.0)
    share = right / of
    middle = share + _Z**2 / (2 * of)
    reach = _Z * math.sqrt(share * (1 - share) / of + _Z**2 / (4 * of**2))
    low, high = ((middle + side * reach) / (1 + _Z**2 / of) for side in (-1, 1))
    return Estimate(share, max(0.0, low), min(1.0, high))


def mean_estimates(by_query: Sequence[Mapping[str, float]]) -> dict[str, Estimate]:
    """The mean of each measure over queries (at least one, all with the same measures), with its interval."""
    import numpy as np

    names = list(by_query[0])
    table = np.array([[one[name] for name in names] for one in by_query], dtype=np.float64)
    weights = (np.bincount(rows, minlength=len(table)) for rows in resamples(len(table)))
    means = np.array([one @ table for one in weights]) / len(table)
    return {name: estimate(table[:, i].mean(), means[:, i]) for i, name in enumerate(names)}


def randomisation_test(one: Sequence[float], other: Sequence[float]) -> float:
    """The p-value, two-sided, that two systems' paired values differ in the mean by chance alone (Fisher, Pitman).

    If it were chance, each query's difference could as well have the other sign. The p-value is the share of all
    assignments of signs that give a mean difference at least as far from 0 as the one seen. Up to `EXACT` queries that
    differ all assignments are counted; else `DRAWS` are drawn, and p = (such draws + 1) / (draws + 1).
    """
    import numpy as np

    differences = np.asarray(other, dtype=np.float64) - np.asarray(one, dtype=np.float64)
    differences = differences[differences != 0]
    seen = abs(differences.sum()) - _EQUAL * max(1.0, np.abs(differences).sum())
    exact = len(differences) <= EXACT
    assigned = _all_signs(len(differences)) if exact else _drawn_signs(len(differences))
    draws = as_far = 0
    for signs in assigned:
        draws += len(signs)
        as_far += int((np.abs(signs @ differences) >= seen).sum())
    return as_far / draws if exact else (as_far + 1) / (draws + 1)


def _all_signs(count: int) -> Iterator[NDArray[Any]]:
    import numpy as np

    numbers = np.arange(2**count)[:, None]
    yield np.where(numbers >> np.arange(count) & 1, 1.0, -1.0)


def _drawn_signs(count: int) -> Iterator[NDArray[Any]]:
    import numpy as np

    generator = np.random.default_rng(SEED)
    step = max(1, _CELLS // count)
    for start in range(0, DRAWS, step):
        yield generator.integers(0, 2, size=(min(step, DRAWS - start), count)) * 2.0 - 1.0
