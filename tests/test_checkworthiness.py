"""Check-worthiness and kinds: the decision by cues and by the spotter, and the coefficients."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import tracker.checkworthiness
from tracker.checkworthiness import KINDS, judge
from tracker.cues import cues
from tracker.encoders import load_encoder
from tracker.models import Kind

SEED = "NATO just went from a rapid reaction force of 40,000 to one of 300,000."
DATA = Path(tracker.checkworthiness.__file__).parent / "data"


@pytest.fixture(scope="module")
def model() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((DATA / "checkworthiness.json").read_text(encoding="utf-8"))
    return loaded


def by_cues(text: str) -> float:
    return judge([text], None)[0].check_worthiness


@pytest.mark.parametrize(
    "text",
    [
        SEED,
        "“NATO just went from a rapid reaction force of 40,000 to one of 300,000.”",
        "Unemployment fell to 4.2 per cent last year.",
        "The governor vetoed the bill because it would have raised taxes by $2 million.",
    ],
)
def test_claims_pass_the_cut_by_their_cues_alone(text: str) -> None:
    """Statistics, comparisons and deeds are check-worthy whatever the encoder."""
    assert by_cues(text) > 0.5


@pytest.mark.parametrize(
    "text",
    [
        "Good evening, and welcome.",
        "I think this is a wonderful country.",
        "Will taxes rise next year?",
        "You should be ashamed.",
        "",
    ],
)
def test_greetings_opinions_and_questions_stay_far_below_the_cut(text: str) -> None:
    """What cannot be checked gets less than 0.3 by its cues alone."""
    assert by_cues(text) < 0.3


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (SEED, Kind.CHECK_WORTHY),
        ("Crime is up.", Kind.CHECK_WORTHY),
        ("The minister lied to parliament.", Kind.CHECK_WORTHY),
        ("I waited 20 minutes for the number 14 bus.", Kind.UNIMPORTANT),
        ("The meeting starts at 7 p.m. in the town hall.", Kind.UNIMPORTANT),
        ("In my view it is the most beautiful bridge of all.", Kind.OPINION),
        ("How close did you come to losing power?", Kind.QUESTION),
        ("Prices will probably rise again next year.", Kind.PREDICTION),
        ("Thank you all very much, and good night.", Kind.OTHER),
    ],
)
def test_kinds_by_the_default_encoder(text: str, kind: Kind) -> None:
    """Short flat claims are found, and figures alone do not make a claim of public interest."""
    (judged,) = judge([text], load_encoder().read_sentences([text]))
    assert judged.kind is kind
    assert (judged.check_worthiness >= 0.5) is (kind is Kind.CHECK_WORTHY)


def test_the_kind_is_check_worthy_from_a_half_on() -> None:
    """Those near the cut too."""
    texts = ["The team won 3-1 on Saturday.", "Norway is joining the union.", "It rained all day.", SEED, "Who knows?"]
    judged = judge(texts, load_encoder().read_sentences(texts))
    assert any(0.5 <= one.check_worthiness < 0.8 for one in judged)
    assert [one.kind is Kind.CHECK_WORTHY for one in judged] == [one.check_worthiness >= 0.5 for one in judged]


def test_the_sum_by_hand(model: dict[str, Any]) -> None:
    """Intercept, cues and what the spotter says make a softmax over the kinds that an article has."""
    import numpy as np

    head = model["heads"]["spotter+cues"]
    logits = np.array([[0.5, -1.0, 0.25, 0.0, 2.0, -0.5, 9.0]], np.float32)
    sums = [
        head["intercepts"][i] + float(logits[0, i]) + sum(head["cues"][name][i] * v for name, v in cues(SEED).items())
        for i in range(len(KINDS) - 1)
    ]
    expected = math.exp(sums[0]) / sum(map(math.exp, sums))
    assert judge([SEED], logits)[0].check_worthiness == round(expected, 4)


def test_the_cues_that_spoke_are_named() -> None:
    """Only cues that the sentence has, strongest first; a question mark speaks for a question."""
    texts = ["Why is it so cold in here?", "Unemployment fell to 4.2 per cent last year."]
    asked, claimed = judge(texts, load_encoder().read_sentences(texts))
    assert asked.kind is Kind.QUESTION
    assert asked.cues[0] == "a question"
    assert claimed.cues[0] == "a percentage"
    for one, text in zip((asked, claimed), texts, strict=True):
        assert set(one.cues) <= {name for name, value in cues(text).items() if value}


def test_logits_that_do_not_fit_are_refused() -> None:
    """A ValueError, never a silent misreading."""
    import numpy as np

    with pytest.raises(ValueError, match="logits"):
        judge(["a", "b"], np.zeros((3, len(KINDS)), np.float32))


def test_no_texts_give_no_judgements() -> None:
    """An empty batch is no error."""
    assert judge([], None) == []


def test_probabilities_stay_within_0_and_1_at_any_length() -> None:
    """Extreme texts neither overflow nor leave the scale."""
    low, high = judge(["? I should think " * 5_000, "4 per cent said 300 would " * 5_000], None)
    assert 0 <= low.check_worthiness < 0.01
    assert 0.9 < high.check_worthiness <= 1


def test_the_coefficients_fit_the_code(model: dict[str, Any]) -> None:
    """Both heads weigh exactly the cues that the code finds, for each kind, for the default encoder."""
    assert model["encoder"] == load_encoder().fingerprint
    assert model["kinds"] == list(KINDS)
    assert set(model["heads"]) == {"spotter+cues", "cues"}
    for head in model["heads"].values():
        assert set(head["cues"]) == set(cues(""))
        assert all(len(row) == len(KINDS) for row in [head["intercepts"], *head["cues"].values()])
        assert all(math.isfinite(one) for row in [head["intercepts"], *head["cues"].values()] for one in row)


def test_importing_costs_no_numpy() -> None:
    """A command that spots nothing pays for no array library."""
    code = "import sys, tracker.checkworthiness; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
