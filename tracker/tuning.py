"""The calibration that a store uses: fitted anew to the desk's own answers, kept as a setting, and taken back.

A new one is taken up only where it is clearly better on answers that it has not seen, so tuning is never worse
silently. It belongs to the probabilities that it was fitted to: with another encoder or other coefficients it rests.
"""

from __future__ import annotations

import json
import logging
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tracker import matching
from tracker.calibration import SHIPPED, Calibration, Gain, cross_validated, fit, folds, gain
from tracker.entries import text_key
from tracker.errors import StoreDamaged, UsageProblem
from tracker.events import EventKind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from tracker.feedback import Answer
    from tracker.reliability import Reliability
    from tracker.store import Store

    Asked = Callable[[Sequence[str], Sequence[Collection[int]]], list[dict[int, float]]]

MIN_ANSWERS = 30  # with 20 a calibration that is right already would be changed at one desk in seven
MIN_EACH = 5  # of yes and of no
MIN_TEXTS = 10  # answers on one text go together, and the standard error is over texts
MIN_SLOPE = 1 / 3  # below that the answers hardly follow the probabilities
ODD = (ValueError, TypeError, KeyError, OverflowError, RecursionError)  # what `tuned_from` raises
_DIGITS = 4  # kept of slope and intercept: what varies from machine to machine stands further behind

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Tuned:
    """A calibration that a store keeps, on how many answers it rests, and whose probabilities they were about."""

    calibration: Calibration
    answers: int
    encoder: str
    model: str

    def fits(self, store: Store) -> bool:
        """True where the store's encoder and the coefficients are those that it was fitted with."""
        return (self.encoder, self.model) == _versions(store)


@dataclass(frozen=True, slots=True)
class Refit:
    """What `tune` found; the gain is of `after` over `before`, in log loss.

    `shipped` and `before` measure what the tracker came with and what was in use; `after` is the refitted one,
    cross-validated. `refused` says why `fitted` was not taken up, None where it is better.
    """

    answers: int
    yes: int
    texts: int
    folds: int
    in_use: Calibration
    fitted: Calibration
    shipped: Reliability
    before: Reliability
    after: Reliability
    gain: Gain
    refused: str | None = None

    @property
    def no(self) -> int:
        """How many of the answers are no."""
        return self.answers - self.yes


def tune(store: Store, asked: Asked, *, dry_run: bool = False, because: str | None = None) -> Refit:
    """Refit the calibration to the answers that count, and take it up if it is clearly better on answers not seen.

    `asked` gives the probabilities of the model as it is shipped, for each text those of its claims. `dry_run` changes
    nothing. Raises UsageProblem for too few answers.
    """
    versions = _versions(store)
    rows = _rows(_enough(store.feedback.current()), asked)
    _enough([answer for answer, _ in rows])  # a claim may have been retracted meanwhile
    found = _refit([answer for answer, _ in rows], [p for _, p in rows], _applied(kept(store), store))
    if found.refused is None and not dry_run:
        better = f"log loss {found.before.log_loss:.3f}, {found.after.log_loss:.3f} cross-validated"
        keep(store, Tuned(found.fitted, found.answers, *versions), because or better)
    return found


def keep(store: Store, tuned: Tuned, because: str | None = None) -> None:
    """Let the store use this calibration from now on."""
    values = {"slope": tuned.calibration.slope, "intercept": tuned.calibration.intercept, "answers": tuned.answers}
    text = json.dumps({**values, "encoder": tuned.encoder, "model": tuned.model})
    store.set_settings(because, kind=EventKind.CALIBRATION_SET, calibration=text)


def reset(store: Store, *, because: str | None = None) -> bool:
    """Go back to the calibration that the tracker came with; False where that is in use."""
    with store.writing():
        there = store.setting("calibration") is not None
        store.set_settings(because, kind=EventKind.CALIBRATION_SET, calibration=None)
    return there


def kept(store: Store) -> Tuned | None:
    """The calibration that the store keeps, whether or not it fits. Raises StoreDamaged."""
    text = store.setting("calibration")
    try:
        return None if text is None else tuned_from(text)
    except ODD as error:
        msg = f"{store.path}: its calibration is damaged; 'tracker doctor --fix' puts back what was recorded"
        raise StoreDamaged(msg) from error


def in_use(store: Store) -> Calibration:
    """The calibration for this store's probabilities: its own where it fits, else the shipped one, with a warning."""
    tuned = kept(store)
    found = _applied(tuned, store)
    if tuned and found is SHIPPED:
        what = f"the calibration tuned on {tuned.answers} answers is for another encoder or model and is not used"
        log.warning("%s: %s; 'tracker tune' fits it again, 'tracker tune --reset' drops it", store.path, what)
    return found


def told(store: Store) -> str:
    """Which calibration is in use, in a few words."""
    tuned = kept(store)
    if tuned is None:
        return "shipped"
    on = f"tuned on {tuned.answers} answers"
    if not tuned.fits(store):
        return f"shipped ({on}, for another encoder or model: not used)"
    return f"{on} ({in_words(tuned.calibration)})"


def in_words(one: Calibration) -> str:
    """A calibration's two numbers."""
    return "shipped" if one == SHIPPED else f"slope {one.slope:.2f}, intercept {one.intercept:+.2f}"


def tuned_from(text: str) -> Tuned:
    """A calibration as the store keeps it. Raises one of `ODD` for what is none."""
    values: dict[str, Any] = json.loads(text)
    slope, intercept = float(values["slope"]), float(values["intercept"])
    if not (slope > 0 and math.isfinite(slope) and math.isfinite(intercept)):
        msg = f"slope {slope}, intercept {intercept}"
        raise ValueError(msg)
    return Tuned(Calibration(slope, intercept), int(values["answers"]), str(values["encoder"]), str(values["model"]))


def _applied(tuned: Tuned | None, store: Store) -> Calibration:
    return tuned.calibration if tuned and tuned.fits(store) else SHIPPED


def _versions(store: Store) -> tuple[str, str]:
    """What a probability depends on: the store's encoder and the coefficients."""
    return store.vectors.encoder or "", matching.version()


def _enough(answers: list[Answer]) -> list[Answer]:
    """The answers, where they are enough to fit anything. Raises UsageProblem."""
    yes, texts = sum(one.is_about for one in answers), len({text_key(one.query) for one in answers})
    no = len(answers) - yes
    if len(answers) >= MIN_ANSWERS and min(yes, no) >= MIN_EACH and texts >= MIN_TEXTS:
        return answers
    msg = f"tune: {len(answers)} answers count ({yes} yes, {no} no, on {texts} texts)"
    needs = f"it takes {MIN_ANSWERS}, {MIN_EACH} of each kind, on {MIN_TEXTS} texts"
    raise UsageProblem(f"{msg}; {needs}: give more with 'tracker feedback'")


def _rows(answers: list[Answer], asked: Asked) -> list[tuple[Answer, float]]:
    """Each answer with the shipped model's probability of its pair, each text asked once."""
    by_text: dict[str, list[Answer]] = {}
    for answer in answers:
        by_text.setdefault(text_key(answer.query), []).append(answer)
    groups = list(by_text.values())
    found = asked([group[0].query for group in groups], [[one.claim_id for one in group] for group in groups])
    return [
        (one, said[one.claim_id])
        for group, said in zip(groups, found, strict=True)
        for one in group
        if one.claim_id in said
    ]


def _refit(answers: list[Answer], probabilities: list[float], used: Calibration) -> Refit:
    """Fit, cross-validate, compare."""
    from tracker.reliability import reliability  # which a search has no use for

    right, texts = [one.is_about for one in answers], [text_key(one.query) for one in answers]
    before = [used(p) for p in probabilities]
    after = cross_validated(probabilities, right, texts)
    exact, better = fit(probabilities, right), gain(before, after, right, texts)
    fitted = Calibration(round(exact.slope, _DIGITS), round(exact.intercept, _DIGITS))
    return Refit(
        *(len(right), sum(right), len(set(texts)), len(folds(texts)), used, fitted),
        reliability(list(zip(probabilities, right, strict=True))),
        reliability(list(zip(before, right, strict=True))),
        reliability(list(zip(after, right, strict=True))),
        better,
        _refused(fitted, better),
    )


def _refused(fitted: Calibration, better: Gain) -> str | None:
    """Why a fitted calibration is not taken up; None where it is."""
    if fitted.slope < MIN_SLOPE:
        slope = f"slope {fitted.slope:.2f}, and at least {MIN_SLOPE:.2f} is needed"
        return f"the answers hardly follow the probabilities ({slope}); are some the wrong way round?"
    if not better.is_clear:
        return "on answers that it has not seen it is not better by more than its standard error"
    return None
