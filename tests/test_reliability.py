"""Calibration measured by hand, and on probabilities that are right by construction."""

from __future__ import annotations

import math
from random import Random

import pytest
from hypothesis import given, strategies as st

from tracker.reliability import BINS, Bin, reliability


def test_ten_answers_in_ten_bins() -> None:
    """One answer a bin: each misses by its distance from 0 or 1."""
    stated = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
    right = [False] * 5 + [True] * 5
    found = reliability(list(zip(stated, right, strict=True)))
    misses = [abs(p - label) for p, label in zip(stated, right, strict=True)]
    assert found.ece == pytest.approx(sum(misses) / 10)
    assert found.brier == pytest.approx(sum(miss**2 for miss in misses) / 10)
    assert found.log_loss == pytest.approx(-sum(math.log(1 - miss) for miss in misses) / 10)
    assert (found.answers, found.right, len(found.bins)) == (10, 5, 10)
    assert found.bins[0] == Bin(0.05, 0.05, 1, 0.05, 0.0)


def test_bins_of_equal_mass() -> None:
    """Twenty answers, two a bin, taken together: 0.0 and 0.2 with one right are 0.1 against 0.5."""
    answers = [(0.0, False), (0.2, True)] + [(0.5 + n / 100, n % 2 == 0) for n in range(18)]
    found = reliability(answers[::-1])  # the order in which they were given says nothing
    assert [one.answers for one in found.bins] == [2] * 10
    first = found.bins[0]
    assert (first.low, first.high, first.answers, first.right) == (0.0, 0.2, 2, 0.5)
    assert first.probability == pytest.approx(0.1)
    means = [0.1] + [0.5 + (2 * n + 0.5) / 100 for n in range(9)]
    assert found.ece == pytest.approx(sum(abs(mean - 0.5) for mean in means) / 10)


def test_bins_of_equal_width() -> None:
    """A tenth each with its lower end; 1 belongs to the last, empty ones are left out."""
    answers = [(0.0, False), (0.09, False), (0.1, True), (0.55, True), (1.0, True)]
    found = reliability(answers, equal_width=True)
    assert [(one.low, one.high, one.answers) for one in found.bins] == [
        (0.0, 0.09, 2),
        (0.1, 0.1, 1),
        (0.55, 0.55, 1),
        (1.0, 1.0, 1),
    ]
    assert found.ece == pytest.approx((2 * 0.045 + 0.9 + 0.45 + 0) / 5)


def test_equal_probabilities_share_a_bin() -> None:
    """Else the error would depend on the order of the rows."""
    answers = [(0.3, True)] * 6 + [(0.3, False)] * 14
    found = reliability(answers)
    (only,) = found.bins
    assert (only.low, only.high, only.answers) == (0.3, 0.3, 20)
    assert (only.probability, only.right) == pytest.approx((0.3, 0.3))
    assert found.ece == pytest.approx(0.0, abs=1e-12)


def test_certainty_that_is_wrong_costs_much_but_not_everything() -> None:
    """The log loss stays finite."""
    found = reliability([(1.0, False), (0.0, True)])
    assert found.ece == found.brier == 1.0
    assert 20 < found.log_loss < 30


def test_chance_says_what_perfect_probabilities_would_show() -> None:
    """Labels drawn from the probabilities themselves: the error stays below it about 95 times in 100."""
    pick = Random(3)
    below = 0
    for _ in range(40):
        found = reliability([(p, pick.random() < p) for p in (pick.random() for _ in range(200))])
        below += found.ece <= found.chance
    assert 33 <= below <= 40
    squared = reliability([(p**2, pick.random() < p) for p in (pick.random() for _ in range(400))])
    assert squared.ece > squared.chance


answers = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60)


@given(answers, st.booleans())
def test_bins_hold_every_answer_once(given_answers: list[tuple[float, bool]], width: bool) -> None:
    """In order, apart from each other, and the error is what their rows say."""
    found = reliability(given_answers, equal_width=width)
    assert sum(one.answers for one in found.bins) == len(given_answers)
    assert len(found.bins) <= BINS
    for one, following in zip(found.bins, found.bins[1:], strict=False):
        assert one.high < following.low
    error = sum(one.answers * abs(one.probability - one.right) for one in found.bins) / len(given_answers)
    assert found.ece == pytest.approx(error, abs=1e-9)
    assert sum(one.answers * one.right for one in found.bins) == pytest.approx(found.right)
