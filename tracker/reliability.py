"""Does a probability mean it: of the answers given with 0.7, are seven in ten right? Pure.

Sources: Guo, Pleiss, Sun and Weinberger (2017), "On Calibration of Modern Neural Networks", ICML, for the expected
calibration error and the reliability diagram; Nixon et al. (2019), "Measuring Calibration in Deep Learning", CVPR
workshops, for bins of equal mass; Bröcker and Smith (2007), "Increasing the reliability of reliability diagrams", for
what chance alone gives.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tracker.resampling import SEED

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

BINS = 10
CHANCE_DRAWS = 1_000
_EDGE = 1e-12  # probabilities of exactly 0 or 1 would cost an infinite log loss


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of about one probability, from `low` to `high`: how many, their mean probability, the share right."""

    low: float
    high: float
    answers: int
    probability: float
    right: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """How well probabilities agree with what was right; `ece`, `brier` and `log_loss` are better the smaller.

    `chance` is the `ece` that perfect probabilities would stay below in 95 of 100 samples of this size: an `ece` below
    it is no evidence against them.
    """

    answers: int
    right: int
    ece: float
    chance: float
    brier: float
    log_loss: float
    bins: tuple[Bin, ...]


def reliability(answers: Sequence[tuple[float, bool]], *, equal_width: bool = False) -> Reliability:
    """Measure (probability from 0 to 1, whether it was right) of at least one answer.

    The expected calibration error (Guo et al. 2017) is the distance between mean probability and share right of each
    bin, weighted by the bin's answers. The 10 bins are of equal mass, as in Nixon et al. (2019), but over the one
    probability that is stated, not over classes; or of equal width. Equal probabilities share a bin, empty ones are
    left out.
    """
    import numpy as np

    stated = np.array([probability for probability, _ in answers], dtype=np.float64)
    right = np.array([label for _, label in answers], dtype=np.float64)
    numbers = _by_width(stated) if equal_width else _by_mass(stated)
    likely = np.clip(stated, _EDGE, 1 - _EDGE)
    generator = np.random.default_rng(SEED)
    drawn = [_error(stated, generator.random(len(stated)) < stated, numbers) for _ in range(CHANCE_DRAWS)]
    return Reliability(
        len(answers),
        int(right.sum()),
        _error(stated, right, numbers),
        float(np.quantile(drawn, 0.95)),
        float(np.mean((stated - right) ** 2)),
        float(-np.mean(np.log(np.where(right > 0, likely, 1 - likely)))),
        tuple(_bin(stated[numbers == number], right[numbers == number]) for number in np.unique(numbers)),
    )


def _by_mass(stated: NDArray[np.float64]) -> NDArray[np.intp]:
    """The bin of each probability, so that each holds a tenth of them; equal ones go where the first of them does."""
    import numpy as np

    first = np.searchsorted(np.sort(stated), stated)
    return first * BINS // len(stated)


def _by_width(stated: NDArray[np.float64]) -> NDArray[np.intp]:
    """The bin of each probability, each a tenth of the way from 0 to 1 wide, with its lower end."""
    import numpy as np

    return np.minimum((stated * BINS).astype(np.intp), BINS - 1)


def _error(stated: NDArray[np.float64], right: NDArray[Any], numbers: NDArray[np.intp]) -> float:
    import numpy as np

    return float(np.abs(np.bincount(numbers, weights=stated - right)).sum() / len(stated))


def _bin(stated: NDArray[np.float64], right: NDArray[np.float64]) -> Bin:
    low, high = float(stated.min()), float(stated.max())
    return Bin(low, high, len(stated), float(stated.mean()), float(right.mean()))
