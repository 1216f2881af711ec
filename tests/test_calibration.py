"""The fit of the calibration: what is there is found, what is not is left alone, and no group is in two folds."""

from __future__ import annotations

import math
from random import Random

import pytest

from tracker.calibration import (
    FEW,
    FOLDS,
    SHIPPED,
    Calibration,
    Gain,
    cross_validated,
    fit,
    folds,
    gain,
    log_loss,
    logit,
)

Rows = tuple[list[float], list[bool], list[int]]


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def desk(seed: int, count: int, slope: float, intercept: float, *, low: float = -4.0, high: float = 4.0) -> Rows:
    """Probabilities, answers that follow them by this slope and intercept, and texts with two answers each."""
    pick = Random(seed)
    logits = [pick.uniform(low, high) for _ in range(count)]
    answers = [pick.random() < sigmoid(slope * x + intercept) for x in logits]
    return [sigmoid(x) for x in logits], answers, [row // 2 for row in range(count)]


@pytest.mark.parametrize(("slope", "intercept"), [(1.0, 0.0), (1.4, -1.0), (0.6, 0.8), (1.0, -2.0)])
def test_a_known_calibration_is_recovered(slope: float, intercept: float) -> None:
    """From 4,000 answers, within a tenth, or two standard errors of the intercept."""
    found = fit(*desk(1, 4_000, slope, intercept)[:2])
    assert found.slope == pytest.approx(slope, abs=0.1)
    assert found.intercept == pytest.approx(intercept, abs=0.13)


def test_the_fit_is_the_minimum_of_the_penalised_loss() -> None:
    """Against a grid search over slope and shift by the definition, written out anew."""
    probabilities, answers, _ = desk(3, 40, 0.7, -1.0)
    logits = [math.log(p / (1 - p)) for p in probabilities]
    middle = sum(logits) / len(logits)

    def loss(slope: float, shift: float) -> float:
        score = [slope * (x - middle) + middle + shift for x in logits]
        fits = -sum(math.log(sigmoid(s) if y else 1 - sigmoid(s)) for s, y in zip(score, answers, strict=True))
        return fits + ((slope - 1) / 0.5) ** 2 / 2 + (shift / 1.5) ** 2 / 2

    found = fit(probabilities, answers)
    best = loss(found.slope, found.intercept - middle * (1 - found.slope))
    grid = [loss(a / 100, b / 100) for a in range(20, 161, 2) for b in range(-250, 101, 2)]
    assert best <= min(grid)
    assert min(grid) - best < 1e-3


def test_few_answers_move_little() -> None:
    """One answer against a sure probability moves it a little; a thousand such answers most of the way."""
    one = fit([0.9], [False])
    assert 0.6 < one(0.9) < 0.9
    many = fit([0.9] * 1_000, [row % 10 == 0 for row in range(1_000)])
    assert many(0.9) == pytest.approx(0.1, abs=0.01)
    assert many.slope == pytest.approx(1, abs=0.01)  # answers about one probability say nothing of the slope


def test_answers_that_agree_move_nothing() -> None:
    """As many yes as the probabilities say, at each of them."""
    probabilities = [0.2] * 10 + [0.5] * 10 + [0.8] * 10
    answers = [row % 10 < 10 * probability for row, probability in enumerate(probabilities)]
    found = fit(probabilities, answers)
    assert found.slope == pytest.approx(1, abs=1e-3)
    assert found.intercept == pytest.approx(0, abs=1e-3)


def test_probabilities_at_the_very_ends_are_no_trouble() -> None:
    """0 and 1 exactly, answered either way: finite numbers, still in order."""
    found = fit([0.0, 1.0, 1.0, 0.0, 0.5], [True, False, True, False, True])
    assert math.isfinite(found.slope)
    assert math.isfinite(found.intercept)
    assert 0 <= found(0.0) < found(0.5) < found(1.0) <= 1
    assert log_loss(0.0, answer=True) == pytest.approx(-math.log(1e-9))
    assert logit(1.0) == pytest.approx(-logit(0.0), rel=1e-6)


def test_the_shipped_calibration_changes_no_digit() -> None:
    """Not even the last one."""
    values = [Random(0).random() for _ in range(100)] + [0.0, 1.0, 1e-300]
    assert [SHIPPED(value) for value in values] == values


def test_a_calibration_by_hand() -> None:
    """0.8 has the odds 4; with slope 2 and intercept -ln 16 that is 1; with slope 1/2 the odds are 2."""
    assert Calibration(2, -math.log(16))(0.8) == pytest.approx(0.5)
    assert Calibration(0.5)(0.8) == pytest.approx(2 / 3)


@pytest.mark.parametrize("count", [2, FEW, FEW + 1, 500])
def test_no_group_is_in_two_folds(count: int) -> None:
    """Each row is in one fold, and all rows of a group in the same; a group a fold where they are few."""
    pick = Random(count)
    groups = [f"text {number}" for number in range(count)] + [f"text {pick.randrange(count)}" for _ in range(count)]
    pick.shuffle(groups)
    found = folds(groups)
    assert sorted(row for fold in found for row in fold) == list(range(2 * count))
    of_each = [{groups[row] for row in fold} for fold in found]
    assert sum(map(len, of_each)) == count
    assert len(found) == (count if count <= FEW else FOLDS)


def test_what_is_left_out_does_not_tell_on_itself() -> None:
    """The answers of a text change how every other text is calibrated, and never how it is itself."""
    probabilities, answers, groups = desk(5, 120, 1, -1)
    assert len(set(groups)) > FEW
    for held in (0, 17):
        turned = [not answer if group == held else answer for answer, group in zip(answers, groups, strict=True)]
        before, after = (cross_validated(probabilities, said, groups) for said in (answers, turned))
        same = {group for one, two, group in zip(before, after, groups, strict=True) if one == two}
        assert same == {group for group in groups if group % FOLDS == held % FOLDS}


def test_the_gain_by_hand() -> None:
    """Three texts with one answer each, and then with each answer given twice: the error is over texts."""
    before, after = [0.5, 0.5, 0.5], [0.75, 0.5, 0.25]
    answers = [True, True, True]
    each = [math.log(1.5), 0.0, math.log(0.5)]
    mean = sum(each) / 3
    error = math.sqrt(sum((value - mean) ** 2 for value in each) / 2 / 3)
    found = gain(before, after, answers, ["a", "b", "c"])
    assert (found.mean, found.error) == pytest.approx((mean, error))
    twice = gain(before * 2, after * 2, answers * 2, ["a", "b", "c"] * 2)
    assert (twice.mean, twice.error) == pytest.approx((mean, error))
    assert not found.is_clear
    assert Gain(0.2, 0.1).is_clear
    assert not Gain(0.1, 0.1).is_clear


def _clear(seed: int, count: int, slope: float, intercept: float) -> bool:
    probabilities, answers, groups = desk(seed, count, slope, intercept)
    return gain(probabilities, cross_validated(probabilities, answers, groups), answers, groups).is_clear


def test_what_is_right_is_seldom_changed_and_what_is_wrong_is() -> None:
    """Over 100 desks: with answers as the model says, and with answers far less often yes."""
    right = [sum(_clear(seed, count, 1, 0) for seed in range(100)) for count in (30, 100)]
    wrong = [sum(_clear(seed, count, 1, -2) for seed in range(100)) for count in (30, 100)]
    assert right[0] <= 12
    assert right[1] <= 6
    assert wrong[0] >= 75
    assert wrong[1] >= 98
