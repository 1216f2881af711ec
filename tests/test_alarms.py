"""False alarms against recall, counted by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, strategies as st

from tracker.alarms import NEVER, Asked, Point, at_rate, at_threshold, curve, recall_at_rate

FOUR = [Asked(0.9, 0.1), Asked(0.8, 0.7), Asked(0.5, 0.4), Asked(NEVER, 0.95)]


@pytest.mark.parametrize(
    ("threshold", "alarms", "recall"),
    [(0, 1, 3 / 4), (0.4, 3 / 4, 3 / 4), (0.41, 2 / 4, 3 / 4), (0.8, 1 / 4, 2 / 4), (0.95, 1 / 4, 0), (0.96, 0, 0)],
)
def test_a_threshold(threshold: float, alarms: float, recall: float) -> None:
    """From the threshold on, itself too; a query whose first answer is wrong is never answered rightly."""
    assert at_threshold(FOUR, threshold) == Point(threshold, alarms, recall)


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        (0.25, Point(0.8, 1 / 4, 2 / 4)),  # above the second alarm, 0.7, the lowest probability seen is 0.8
        (0.49, Point(0.8, 1 / 4, 2 / 4)),
        (0.5, Point(0.5, 2 / 4, 3 / 4)),
        (0.75, Point(0.4, 3 / 4, 3 / 4)),
        (1, Point(0.1, 1, 3 / 4)),
        (0.24, Point(math.nextafter(0.95, 1), 0, 0)),  # no alarm may be left, and the highest is above all right ones
    ],
)
def test_a_rate_of_false_alarms(rate: float, expected: Point) -> None:
    """The lowest threshold seen that keeps within it."""
    assert at_rate(FOUR, rate) == expected


def test_the_curve_has_each_probability_once() -> None:
    """The highest threshold first; both shares only grow."""
    found = curve(FOUR)
    assert [point.threshold for point in found] == [0.95, 0.9, 0.8, 0.7, 0.5, 0.4, 0.1]
    assert found[2] == Point(0.8, 1 / 4, 2 / 4)
    assert found[-1] == Point(0.1, 1, 3 / 4)


def test_a_store_that_never_answers() -> None:
    """No alarm, no recall, and no threshold to name but 0."""
    silent = [Asked(NEVER, NEVER)] * 3
    assert curve(silent) == []
    assert at_rate(silent, 0.05) == Point(0.0, 0, 0)
    assert recall_at_rate(silent, 0.05).high == 0


def test_the_interval_of_a_recall() -> None:
    """Around the figure; without any alarm it is that of a share: 0.5 of 100 queries, give or take a tenth."""
    asked = [Asked(0.9, NEVER), Asked(NEVER, NEVER)] * 50
    found = recall_at_rate(asked, 0.05)
    assert found.value == 0.5
    assert (found.low, found.high) == pytest.approx((0.4, 0.6), abs=0.02)


probabilities = st.sampled_from([NEVER, 0.0, 0.1, 0.1, 0.25, 0.5, 0.75, 1.0])


@given(st.lists(st.builds(Asked, probabilities, probabilities), min_size=1, max_size=12), st.integers(0, 20))
def test_no_threshold_does_better(asked: list[Asked], twentieths: int) -> None:
    """Of all points of the curve within the rate none has more recall, and the point keeps within it."""
    rate = twentieths / 20 + 1e-12  # a share of a few queries is not always the fraction that it stands for
    best = at_rate(asked, twentieths / 20)
    assert best.false_alarms <= rate
    within = [point.recall for point in curve(asked) if point.false_alarms <= rate]
    assert best.recall == max(within, default=0.0)
    for point in curve(asked):
        assert at_threshold(asked, point.threshold) == point
