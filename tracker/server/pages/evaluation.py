"""How good it is: on the desk's own answers, what the store holds, and where the figures on public data stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tracker import matching, tuning
from tracker.entries import text_key
from tracker.events import Event, EventKind
from tracker.feedback import Answer
from tracker.pipeline import Tracker
from tracker.reliability import BINS, Reliability, reliability
from tracker.resampling import Estimate, wilson
from tracker.server.desks import desks_of
from tracker.server.pages.page import page

router = APIRouter(include_in_schema=False)

MOST = 500  # answers that are measured, the last ones: each text is looked for anew


@dataclass(frozen=True, slots=True)
class Given:
    """The answers that count: how many, of which kind, and whether they are enough to measure anything by."""

    answers: int
    yes: int
    texts: int

    @property
    def no(self) -> int:
        """How many of them are no."""
        return self.answers - self.yes

    @property
    def enough(self) -> bool:
        """As many as a calibration takes that is fitted to them."""
        kinds = min(self.yes, self.no) >= tuning.MIN_EACH
        return self.answers >= tuning.MIN_ANSWERS and kinds and self.texts >= tuning.MIN_TEXTS


@dataclass(frozen=True, slots=True)
class Tenth:
    """The answers whose probability lies in one tenth, by its number, and the share of yes with its interval."""

    number: int
    probability: float
    answers: int
    yes: int
    share: Estimate


@dataclass(frozen=True, slots=True)
class Measured:
    """Answers against the probabilities in use; `found` of the yes and `wrong` of the no would be offered."""

    given: Given
    reliability: Reliability
    tenths: tuple[Tenth, ...]
    threshold: float
    found: int
    wrong: int


_measured: WeakKeyDictionary[Tracker, tuple[tuple[int, int, int], Measured | None]] = WeakKeyDictionary()


@router.get("/evaluation")
async def evaluation(request: Request) -> Response:
    """What can be said without work, and on a button how the answers agree with the probabilities."""
    desks = desks_of(request)
    given, about, set_by = await desks.quick(_about)
    asked = "run" in request.query_params
    found = await desks.long(measured) if asked and given.enough else None
    return page(
        request,
        "evaluation.html",
        given=given,
        about=about,
        set_by=set_by,
        found=found,
        asked=asked,
        most=MOST,
        needed=(tuning.MIN_ANSWERS, tuning.MIN_EACH, tuning.MIN_TEXTS),
    )


def measured(tracker: Tracker) -> Measured | None:
    """The last answers against the probabilities in use; worked out once for each state of the store."""
    stamp = tracker.store.stamp()
    kept = _measured.get(tracker)
    if kept is None or kept[0] != stamp:
        answers = tracker.store.feedback.current()[-MOST:]
        kept = stamp, _measure(tracker, answers)
        _measured[tracker] = kept
    return kept[1]


def _about(tracker: Tracker) -> tuple[Given, dict[str, Any], Event | None]:
    """How many answers there are, what the store holds, and who set the calibration that is in use, if anybody did."""
    with tracker.store.reading():
        answers = tracker.store.feedback.current()
        own = tuning.kept(tracker.store) is not None
        events = list(tracker.store.log.filtered(kind=EventKind.CALIBRATION_SET, newest=1)) if own else []
        return _given(answers[-MOST:]), {**tracker.stats(), "answers": len(answers)}, next(iter(events), None)


def _given(answers: Sequence[Answer]) -> Given:
    texts = {text_key(one.query) for one in answers}
    return Given(len(answers), sum(one.is_about for one in answers), len(texts))


def _measure(tracker: Tracker, answers: Sequence[Answer]) -> Measured | None:
    """None where too few of them can be measured: a claim may be retracted."""
    rows = asked_again(tracker, answers)
    given = _given([answer for answer, _ in rows])
    if not given.enough:
        return None
    threshold = matching.model_for(tracker.encoder.fingerprint).threshold
    offered = [answer.is_about for answer, probability in rows if probability >= threshold]
    stated = [(probability, answer.is_about) for answer, probability in rows]
    found = reliability(stated, equal_width=True)
    return Measured(given, found, tenths(found), threshold, sum(offered), len(offered) - sum(offered))


def asked_again(tracker: Tracker, answers: Sequence[Answer]) -> list[tuple[Answer, float]]:
    """Each answer with the probability that its claim has now for its text; each text is looked for once."""
    by_text: dict[str, list[Answer]] = {}
    for answer in answers:
        by_text.setdefault(text_key(answer.query), []).append(answer)
    groups = list(by_text.values())
    claims = [[one.claim_id for one in group] for group in groups]
    found = tracker.probabilities([group[0].query for group in groups], claims)
    told = zip(groups, found, strict=True)
    return [(one, said[one.claim_id]) for group, said in told for one in group if one.claim_id in said]


def tenths(found: Reliability) -> tuple[Tenth, ...]:
    """The bins of equal width, each with the interval of its share (Wilson)."""
    told = []
    for one in found.bins:
        yes = round(one.right * one.answers)
        number = min(int(one.low * BINS), BINS - 1)
        told.append(Tenth(number, one.probability, one.answers, yes, wilson(yes, one.answers)))
    return tuple(told)
