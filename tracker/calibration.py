"""The calibration: from a model's probability to the share of yes that a desk would answer.

p' = sigmoid(slope * logit(p) + intercept), after Platt (1999), "Probabilistic outputs for support vector machines". He
guards against few examples with targets a little away from 0 and 1, as one must who starts from nothing. Here there is
something to start from, the model as it is shipped, so a penalty pulls towards it: few answers move little, and answers
that agree with the model move nothing. Pure Python: two parameters need no more.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    _Row = tuple[float, bool]  # a logit from the middle, and what was answered

FEW = 50  # groups up to which each is left out on its own
FOLDS = 10  # else
_SPREAD = (0.5, 1.5)  # how far slope and shift are expected from 1 and 0: standard deviations of the penalty's prior
_EDGE = 1e-9  # probabilities nearer to 0 or 1 are taken for this one
_STEPS = 100
_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Calibration:
    """A slope and an intercept on the logit scale; (1, 0) leaves a probability as it is."""

    slope: float = 1.0
    intercept: float = 0.0

    def __call__(self, probability: float) -> float:
        """The calibrated probability, 0 to 1."""
        if self == SHIPPED:  # to the last digit
            return probability
        return _sigmoid(self.slope * logit(probability) + self.intercept)


SHIPPED = Calibration()


@dataclass(frozen=True, slots=True)
class Gain:
    """By how much one log loss is better than another, in the mean, and the standard error of that."""

    mean: float
    error: float

    @property
    def is_clear(self) -> bool:
        """True where it is better by more than its standard error."""
        return self.mean > self.error


def logit(probability: float) -> float:
    """The logarithm of the odds, kept finite."""
    held = min(max(probability, _EDGE), 1 - _EDGE)
    return math.log(held / (1 - held))


def fit(probabilities: Sequence[float], answers: Sequence[bool]) -> Calibration:
    """The calibration that makes these answers likeliest, held back by the penalty; at least one answer.

    What is penalised is the slope and the shift in the middle of these probabilities: answers that are all about
    likely claims say how likely those are, and nothing about the slope. Newton's method with halved steps; the loss is
    strictly convex, so there is one minimum and it is found.
    """
    xs = [logit(p) for p in probabilities]
    middle = sum(xs) / len(xs)
    rows = [(x - middle, answer) for x, answer in zip(xs, answers, strict=True)]
    slope, shift = 1.0, 0.0
    loss = _loss(slope, shift, middle, rows)
    for _ in range(_STEPS):
        back_a, back_b = _newton(slope, shift, middle, rows)
        size, lower = 1.0, _loss(slope - back_a, shift - back_b, middle, rows)
        while lower > loss and size > _TOLERANCE:
            size /= 2
            lower = _loss(slope - size * back_a, shift - size * back_b, middle, rows)
        if loss - lower < _TOLERANCE:
            break
        slope, shift, loss = slope - size * back_a, shift - size * back_b, lower
    return Calibration(slope, shift + middle * (1 - slope))


def cross_validated(probabilities: Sequence[float], answers: Sequence[bool], groups: Sequence[Hashable]) -> list[float]:
    """Each probability calibrated by a fit that saw no answer of its group.

    A group is left out on its own where there are few, else with others in one of `FOLDS` folds.
    """
    found = [0.0] * len(answers)
    for held_out in folds(groups):
        seen = [i for i in range(len(answers)) if i not in held_out]
        fitted = fit([probabilities[i] for i in seen], [answers[i] for i in seen])
        for i in held_out:
            found[i] = fitted(probabilities[i])
    return found


def folds(groups: Sequence[Hashable]) -> list[set[int]]:
    """The rows of each fold: every row in one of them, and the rows of a group together."""
    number_of = {group: number for number, group in enumerate(dict.fromkeys(groups))}
    count = len(number_of) if len(number_of) <= FEW else FOLDS
    found: list[set[int]] = [set() for _ in range(count)]
    for row, group in enumerate(groups):
        found[number_of[group] % count].add(row)
    return found


def gain(before: Sequence[float], after: Sequence[float], answers: Sequence[bool], groups: Sequence[Hashable]) -> Gain:
    """By how much the log loss of `after` is below that of `before`; at least two groups.

    The standard error takes the groups for what was drawn at random, not the answers: those on one text go together.
    """
    each = [log_loss(b, y) - log_loss(a, y) for b, a, y in zip(before, after, answers, strict=True)]
    mean = sum(each) / len(each)
    parts: dict[Hashable, float] = {}
    for group, value in zip(groups, each, strict=True):
        parts[group] = parts.get(group, 0.0) + value - mean
    spread = sum(value**2 for value in parts.values()) * len(parts) / (len(parts) - 1)
    return Gain(mean, math.sqrt(spread) / len(each))


def log_loss(probability: float, answer: bool) -> float:
    """-ln of the probability that was given to an answer, kept finite."""
    held = min(max(probability, _EDGE), 1 - _EDGE)
    return -math.log(held if answer else 1 - held)


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, x))))


def _loss(slope: float, shift: float, middle: float, rows: Sequence[_Row]) -> float:
    """What `fit` makes small: the log loss of all answers and the penalty."""
    penalty = ((slope - 1) / _SPREAD[0]) ** 2 / 2 + (shift / _SPREAD[1]) ** 2 / 2
    return penalty + sum(_softplus(slope * x + middle + shift, answer=answer) for x, answer in rows)


def _softplus(score: float, *, answer: bool) -> float:
    """The log loss of sigmoid(score), without overflow."""
    against = -score if answer else score
    return max(against, 0.0) + math.log1p(math.exp(-abs(against)))


def _newton(slope: float, shift: float, middle: float, rows: Sequence[_Row]) -> tuple[float, float]:
    """Newton's step: the inverse of the loss's second derivatives times its first ones."""
    aa, ab, bb = _SPREAD[0] ** -2, 0.0, _SPREAD[1] ** -2
    da, db = aa * (slope - 1), bb * shift
    for x, answer in rows:
        p = _sigmoid(slope * x + middle + shift)
        error, weight = p - answer, p * (1 - p)
        da, db = da + error * x, db + error
        aa, ab, bb = aa + weight * x * x, ab + weight * x, bb + weight
    determinant = aa * bb - ab * ab
    return (bb * da - ab * db) / determinant, (aa * db - ab * da) / determinant
