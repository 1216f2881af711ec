"""What "no match" costs: false alarms against recall, over all thresholds on the first answer's probability. Pure.

Each query is asked twice. With its right claims in the store it should be answered: right if one of them comes first
and its probability reaches the threshold. With them taken out nothing should be answered: what still reaches the
threshold is a false alarm.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.resampling import Estimate, estimate, resamples

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

NEVER = -math.inf  # below every threshold
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Asked:
    """One query asked twice: the probability of its first answer, `NEVER` where there is none.

    `right` is with the right claims in the store, and `NEVER` where another claim comes first; `alarm` without them.
    """

    right: float
    alarm: float


@dataclass(frozen=True, slots=True)
class Point:
    """What a threshold gives: the share of queries with a false alarm, and of those answered rightly, 0 to 1."""

    threshold: float
    false_alarms: float
    recall: float


def at_threshold(asked: Sequence[Asked], threshold: float) -> Point:
    """What it comes to where an answer is given from this probability on."""
    alarms = sum(one.alarm >= threshold for one in asked)
    right = sum(one.right >= threshold for one in asked)
    return Point(threshold, alarms / len(asked), right / len(asked))


def at_rate(asked: Sequence[Asked], rate: float) -> Point:
    """The most that is answered rightly while at most this share of the queries (0 to 1) has a false alarm.

    The threshold is the lowest probability seen that allows it; where none does, it is just above all of them.
    """
    highest = _first_too_many([one.alarm for one in asked], rate)
    allowed = [score for one in asked for score in (one.right, one.alarm) if score > highest]
    above_all = 0.0 if highest == NEVER else math.nextafter(highest, math.inf)
    return at_threshold(asked, min(allowed, default=above_all))


def recall_at_rate(asked: Sequence[Asked], rate: float) -> Estimate:
    """The recall of `at_rate` with its interval; each draw of the queries sets its own threshold."""
    import numpy as np

    right, alarms = (np.array([getattr(one, name) for one in asked]) for name in ("right", "alarm"))
    drawn = [float(np.mean(right[rows] > _first_too_many(alarms[rows], rate))) for rows in resamples(len(asked))]
    return estimate(at_rate(asked, rate).recall, drawn)


def curve(asked: Sequence[Asked]) -> list[Point]:
    """A point for each probability seen as the threshold, the highest threshold first."""
    right, alarms = sorted(one.right for one in asked), sorted(one.alarm for one in asked)
    count = len(asked)
    return [
        Point(at, (count - bisect_left(alarms, at)) / count, (count - bisect_left(right, at)) / count)
        for at in sorted({*right, *alarms} - {NEVER}, reverse=True)
    ]


def _first_too_many(alarms: ArrayLike, rate: float) -> float:
    """The highest alarm that there must be none of, so that no more than this share is left above it."""
    import numpy as np

    rising = np.sort(np.asarray(alarms, dtype=np.float64))
    may = int(rate * len(rising) + _ROUNDING)
    return float(rising[-1 - may]) if may < len(rising) else NEVER
