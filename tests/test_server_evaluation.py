"""The page "How good it is" of `tracker serve`: the desk's own answers, the calibration, what the store holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.serving import asking
from tests.test_server_plots import pick, said, tree
from tracker.pipeline import Tracker
from tracker.reliability import reliability
from tracker.resampling import wilson
from tracker.server.pages import evaluation

if TYPE_CHECKING:
    from tests.conftest import CommandLine


def answer(tracker: Tracker, answers: int) -> None:
    """Answers on the claims' own words without the last ones; a third of them are about another claim, and no."""
    claims = [one.claim for one in tracker.list_claims()]
    for number in range(answers):
        claim, other = claims[number], claims[(number + 1) % len(claims)]
        words = " ".join(claim.text.split()[:-2]) or claim.text
        tracker.feedback(words, other.id if number % 3 == 2 else claim.id, number % 3 != 2 and number % 10 != 0)


@pytest.mark.parametrize("answers", [0, 10])
def test_too_few_answers(desk: CommandLine, answers: int) -> None:
    """It says how many it takes and how they are given; asked to measure, it says the same."""
    with Tracker.open(desk.store) as tracker:
        answer(tracker, answers)
    with asking(desk) as client:
        for path in ("/evaluation", "/evaluation?run=1"):
            page = tree(client, path)
            assert "It takes 30 answers, at least 5 yes and 5 no, on 10 different texts." in said(page)
            assert ("10 answers on 10 texts count" in said(page)) is (answers == 10)
            assert pick(page, "svg, button") == []


def test_sixty_answers(desk: CommandLine) -> None:
    """The figures are those of `reliability` on the probabilities in use, the intervals Wilson's."""
    with Tracker.open(desk.store) as tracker:
        answer(tracker, 60)
        current = tracker.store.feedback.current()
        asked = tracker.probabilities([one.query for one in current], [[one.claim_id] for one in current])
        stated = [(said[one.claim_id], one.is_about) for one, said in zip(current, asked, strict=True)]
        wanted = reliability(stated, equal_width=True)
        assert evaluation.measured(tracker) is evaluation.measured(tracker)
        found = evaluation.measured(tracker)
        assert found is not None
        assert found.reliability == wanted
    with asking(desk) as client:
        before = tree(client, "/evaluation")
        assert [said(one) for one in pick(before, "button")] == ["Measure it now"]
        page = tree(client, "/evaluation?run=1")
    rows = [[said(cell) for cell in row] for row in pick(page, "[aria-label='Answers by probability'] tbody tr")]
    assert len(rows) == len(wanted.bins) == len(pick(page, ".point"))
    for row, one in zip(rows, wanted.bins, strict=True):
        yes = sum(is_yes for p, is_yes in stated if one.low <= p <= one.high)
        share = wilson(yes, one.answers)
        figures = [f"{100 * x:.0f} %" for x in (one.probability, one.right)]
        assert row[1:5] == [figures[0], str(one.answers), str(yes), figures[1]]
        assert row[5] == f"{100 * share.low:.0f} % to {100 * share.high:.0f} %"
    text = said(page)
    assert f"Calibration error{wanted.ece:.3f}:" in text
    assert f"Brier score{wanted.brier:.3f}:" in text
    right = [is_yes for p, is_yes in stated if p >= found.threshold]
    assert f"Right claims that would be offered{sum(right)} of {wanted.right} " in text
    assert f"Wrong claims that would be offered{len(right) - sum(right)} of {60 - wanted.right} " in text


def test_measured_anew_once_somebody_writes(desk: CommandLine) -> None:
    """A new answer is among those measured, one that was replaced is not."""
    with Tracker.open(desk.store) as tracker:
        answer(tracker, 40)
    with asking(desk) as client:
        assert "Measured on 40 answers." in said(tree(client, "/evaluation?run=1"))
        with Tracker.open(desk.store) as tracker:
            claim = tracker.list_claims()[50].claim
            tracker.feedback(claim.text, claim.id, answer=True)
            first = tracker.store.feedback.current()[0]
            tracker.feedback(first.query, first.claim_id, answer=not first.is_about)
        assert "Measured on 41 answers." in said(tree(client, "/evaluation?run=1"))


def test_the_calibration_and_what_the_store_holds(desk: CommandLine) -> None:
    """Who set it when, on how many answers; the counts are those of `stats`."""
    from tracker import tuning
    from tracker.calibration import Calibration

    with asking(desk) as client:
        assert "nobody has fitted them" in said(tree(client, "/evaluation"))
        with Tracker.open(desk.store) as tracker:
            tuning.keep(tracker.store, tuning.Tuned(Calibration(0.9, 0.1), 44, *tuning._versions(tracker.store)))
            stats = tracker.stats()
            day = next(tracker.store.log.filtered(kind="calibration-set")).recorded_at[:10]
        page = tree(client, "/evaluation")
    assert f"Tuned on 44 answers (slope 0.90, intercept +0.10), on {day} by tester." in said(page)
    held = [int(said(one)) for one in pick(page, ".holds .figure")]
    keys = ("claims", "unverified", "verdicts", "articles", "appearances", "feedback", "merged")
    assert held == [stats[key] for key in (*keys, "retracted", "retracted_verdicts", "quarantine")]
