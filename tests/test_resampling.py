"""Intervals and tests of significance: against enumeration by hand and against what theory says."""

from __future__ import annotations

from collections import Counter
from itertools import product
from math import comb
from random import Random

import pytest
from hypothesis import given, strategies as st

from tracker.resampling import (
    DRAWS,
    EXACT,
    RESAMPLES,
    Estimate,
    estimate,
    mean_estimates,
    randomisation_test,
    resamples,
    wilson,
)


@pytest.mark.parametrize(
    ("differences", "expected"),
    [
        # every assignment of signs to (1, 2, 3): sums 6, 4, 2, 0, 0, -2, -4, -6; two reach 6
        ([1, 2, 3], 2 / 8),
        # 1 + 2 - 3 = 0: every assignment is as far from 0
        ([1, 2, -3], 8 / 8),
        # 3 + 2 - 1 = 4: 6, 4, -4, -6
        ([-1, 2, 3], 4 / 8),
        ([1], 2 / 2),
        ([1, 1, 1, 1], 2 / 16),
        # queries on which both are alike say nothing
        ([0, 0, 1, 1, 1, 1, 0], 2 / 16),
        ([0, 0], 1),
        # thirds and tenths: sums that are equal but for rounding count as equal
        ([0.1, 0.2, -0.3], 8 / 8),
        ([1 / 3, 1 / 3, 1 / 3, -1.0], 16 / 16),
    ],
)
def test_the_randomisation_test_by_hand(differences: list[float], expected: float) -> None:
    """The share of assignments of signs that lie at least as far from 0, on either side."""
    zeros = [0.0] * len(differences)
    assert randomisation_test(zeros, differences) == expected
    assert randomisation_test(differences, zeros) == expected


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=1, max_size=9))
def test_the_exact_test_is_the_definition(pairs: list[tuple[int, int]]) -> None:
    """Enumerated once more, with whole numbers, over all queries and not only those that differ."""
    differences = [other - one for one, other in pairs]
    sums = [
        abs(sum(s * d for s, d in zip(signs, differences, strict=True)))
        for signs in product((1, -1), repeat=len(pairs))
    ]
    expected = sum(one >= abs(sum(differences)) for one in sums) / len(sums)
    assert randomisation_test([one / 8 for one, _ in pairs], [other / 8 for _, other in pairs]) == expected


def test_many_queries_are_drawn() -> None:
    """Near the exact value, never 0, and the same every time; one query more than are enumerated."""
    count = EXACT + 1
    all_better = randomisation_test([0.0] * count, [1.0] * count)
    assert 1 / (DRAWS + 1) <= all_better <= 10 / DRAWS  # exactly: 2 in 131,072
    mixed = [1.0] * 11 + [-1.0] * (count - 11)
    ways = sum(comb(count, ups) for ups in range(count + 1) if abs(2 * ups - count) >= 5)
    expected = ways / 2**count
    assert randomisation_test([0.0] * count, mixed) == pytest.approx(expected, abs=0.02)
    assert randomisation_test([0.0] * count, mixed) == randomisation_test([0.0] * count, mixed)


def test_without_a_difference_small_p_values_are_rare() -> None:
    """Two systems of the same quality: one p-value in twenty is below 0.05, give or take."""
    pick = Random(7)
    draws = [[[pick.random() for _ in range(12)] for _ in "AB"] for _ in range(300)]
    small = sum(randomisation_test(one, other) < 0.05 for one, other in draws)
    assert 3 <= small <= 30


def test_intervals_of_means() -> None:
    """As wide as the normal approximation for many queries; of no width where all are alike; the same every time."""
    values = [1.0] * 80 + [0.0] * 20
    found = mean_estimates([{"P@1": value, "MRR": 0.5} for value in values])
    half = 1.96 * (0.8 * 0.2 / 100) ** 0.5
    assert found["P@1"].value == pytest.approx(0.8)
    assert found["P@1"].low == pytest.approx(0.8 - half, abs=0.015)
    assert found["P@1"].high == pytest.approx(0.8 + half, abs=0.015)
    assert (found["MRR"].value, found["MRR"].low, found["MRR"].high) == (0.5, 0.5, 0.5)
    assert found == mean_estimates([{"P@1": value, "MRR": 0.5} for value in values])
    one = mean_estimates([{"P@1": 1.0}])["P@1"]
    assert (one.low, one.high) == (1.0, 1.0)


def test_an_interval_is_made_of_percentiles() -> None:
    """Of the values 0 to 1,000 the middle 95 of 100."""
    found = estimate(7, list(range(1001)))
    assert (found.value, found.low, found.high) == pytest.approx((7, 25, 975))


def test_resamples_are_drawn_with_replacement() -> None:
    """As many as promised, each of as many rows as there are, each row about as often."""
    drawn = [rows.tolist() for rows in resamples(5)]
    assert {len(rows) for rows in drawn} == {5}
    counts = Counter(row for rows in drawn for row in rows)
    assert [counts[row] for row in range(5)] == pytest.approx([RESAMPLES] * 5, rel=0.1)


# --- shares -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    [
        # z^2 = 3.841459; middle (0.8 + 0.192073) / 1.384146, reach 1.959964 * sqrt(0.016 + 0.00960365) / 1.384146
        (8, 10, 0.490162, 0.943318),
        # at the ends one limit is the share itself, the other 1 / (1 + z^2 / n) or its complement
        (10, 10, 10 / 13.841459, 1.0),
        (0, 10, 0.0, 3.841459 / 13.841459),
        (0, 1, 0.0, 3.841459 / 4.841459),
        # symmetric about one half: the middle stays there
        (50, 100, 0.5 - 0.096170, 0.5 + 0.096170),
    ],
)
def test_wilsons_interval(right: int, of: int, low: float, high: float) -> None:
    """Worked out by hand from Wilson's formula, with the normal distribution's 97.5 % point."""
    found = wilson(right, of)
    assert found.value == pytest.approx(right / of)
    assert (found.low, found.high) == pytest.approx((low, high), abs=2e-6)


def test_the_share_of_nothing() -> None:
    """Nothing is known of it: 0, between 0 and 1."""
    assert wilson(0, 0) == Estimate(0.0, 0.0, 1.0)


@given(st.integers(1, 10_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_any_share_lies_in_its_interval(counted: tuple[int, int]) -> None:
    """Within 0 to 1, mirrored for what is wrong, and narrower with ten times as many."""
    right, of = counted
    found, mirrored, more = wilson(right, of), wilson(of - right, of), wilson(10 * right, 10 * of)
    assert 0 <= found.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.high <= 1
    assert (mirrored.low, mirrored.high) == pytest.approx((1 - found.high, 1 - found.low), abs=1e-9)
    assert more.high - more.low < found.high - found.low
