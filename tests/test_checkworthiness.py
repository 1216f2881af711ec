"""Check-worthiness: the cues that a reader could point at, the two heads, and the coefficients."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import tracker.checkworthiness
from tracker.checkworthiness import check_worthiness, features

ENCODER = "all-MiniLM-L6-v2:53aa51172d142c89:mean:256"
SEED = "NATO just went from a rapid reaction force of 40,000 to one of 300,000."
DATA = Path(tracker.checkworthiness.__file__).parent / "data"


@pytest.fixture(scope="module")
def model() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((DATA / "checkworthiness.json").read_text(encoding="utf-8"))
    return loaded


@pytest.mark.parametrize(
    ("text", "present"),
    [
        ("Only 79 per cent of pupils passed.", {"a figure", "a percentage", "a superlative"}),
        ("The council set aside £180,000.", {"money", "hundreds or more", "a past event"}),
        ("One in five patients waits longer than before.", {"a share", "a comparison"}),
        ("Bills rose after the war, the ministry said.", {"a rise or fall", "who said so"}),
        ("The mayor said she would resign.", {"a reported promise", "a promise or forecast"}),
        ("I think we should leave.", {"I", "an opinion", "what should or could be"}),
        ("Isn’t that wrong?", {"a question", "a judgement"}),
        ("It fell because of the USA.", {"a bare pointer", "a cause", "an abbreviation"}),
    ],
)
def test_a_cue_is_found_where_a_reader_would_point_at_it(text: str, present: set[str]) -> None:
    """Each named cue is above zero in a sentence that shows it."""
    assert present <= {name for name, value in features(text).items() if value > 0}


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("Lamps glow.", set(features("")) - {"length"}),
        ("One of them is a hundredfold fool.", {"a figure"}),
        ("We need a feed indeed.", {"a verb in -ed"}),
        ("Paris sleeps.", {"a name"}),
        ("She will go, he said.", {"a reported promise"}),
    ],
)
def test_a_cue_is_not_seen_where_there_is_none(text: str, absent: set[str]) -> None:
    """Look-alikes (a first word's capital, "need", "one of") do not count."""
    assert absent.isdisjoint(name for name, value in features(text).items() if value > 0)


def test_a_cue_grows_with_the_log_of_its_count() -> None:
    """A figure with separators is one figure; two of them count log 3."""
    assert features(SEED)["a figure"] == pytest.approx(math.log(3))
    assert features("About 1,250,000.50 litres.")["a figure"] == pytest.approx(math.log(2))


def test_the_features_of_a_hostile_text_take_no_time_to_speak_of() -> None:
    """No pattern goes quadratic on a long text without an end; the test would hang."""
    for text in ("said " * 40_000, '"' * 200_000, "9," * 100_000, "a" * 200_000):
        assert set(features(text)) == set(features(""))


@pytest.mark.parametrize(
    "text",
    [
        SEED,
        "“NATO just went from a rapid reaction force of 40,000 to one of 300,000.”",
        "Unemployment fell to 4.2 per cent last year.",
        "The governor vetoed the bill because it would have raised taxes by $2 million.",
    ],
)
def test_claims_pass_the_cut_without_vectors(text: str) -> None:
    """Statistics, comparisons and deeds are check-worthy by their features alone."""
    assert check_worthiness([text], None, None)[0] > 0.5


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
    """What cannot be checked gets less than 0.3 by its features alone."""
    assert check_worthiness([text], None, None)[0] < 0.3


def test_vectors_of_the_default_encoder_count(model: dict[str, Any]) -> None:
    """The vector head is the logistic function of intercept, features and dot product, by hand."""
    import numpy as np

    head = model["heads"]["vector+features"]
    vector = np.zeros((1, 384), dtype=np.float32)
    vector[0, 3] = 1.0
    own = sum(head["features"][name] * value for name, value in features(SEED).items())
    logit = head["intercept"] + own + head["vector"][3]
    expected = 1 / (1 + math.exp(-logit))
    assert check_worthiness([SEED], vector, ENCODER) == [pytest.approx(expected, abs=1e-6)]


def test_vectors_of_any_other_encoder_are_ignored() -> None:
    """Another fingerprint, none at all, or no vectors: the features-only head answers."""
    import numpy as np

    foreign = np.ones((2, 7), dtype=np.float32)
    texts = [SEED, "Good evening."]
    alone = check_worthiness(texts, None, None)
    assert check_worthiness(texts, foreign, "other-model:0:mean:256") == alone
    assert check_worthiness(texts, foreign, None) == alone
    assert check_worthiness(texts, None, ENCODER) == alone


def test_each_vector_goes_with_its_own_text() -> None:
    """A batch answers in order what each text alone would get."""
    import numpy as np

    texts = [SEED, "Good evening.", "The bill passed in 1999."]
    vectors = np.random.default_rng(0).normal(size=(3, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    singly = [check_worthiness([text], vectors[i : i + 1], ENCODER)[0] for i, text in enumerate(texts)]
    assert check_worthiness(texts, vectors, ENCODER) == pytest.approx(singly, abs=1e-6)
    assert len(set(singly)) == 3


@pytest.mark.parametrize(
    ("shape", "encoder"),
    [((1, 384), ENCODER), ((3, 384), ENCODER), ((2, 383), ENCODER), ((3, 7), "other")],
)
def test_vectors_that_do_not_fit_are_refused(shape: tuple[int, int], encoder: str) -> None:
    """Too few, too many, or of another length: a ValueError, never a silent misreading."""
    import numpy as np

    with pytest.raises(ValueError, match="vectors"):
        check_worthiness(["a", "b"], np.zeros(shape, dtype=np.float32), encoder)


def test_no_texts_give_no_probabilities() -> None:
    """An empty batch is no error, with or without vectors."""
    import numpy as np

    assert check_worthiness([], None, None) == []
    assert check_worthiness([], np.zeros((0, 384), dtype=np.float32), ENCODER) == []


def test_probabilities_stay_within_0_and_1_at_any_length() -> None:
    """Extreme texts neither overflow nor leave the scale."""
    texts = ["? I should think " * 5_000, "4 per cent said 300 would " * 5_000]
    low, high = check_worthiness(texts, None, None)
    assert 0 <= low < 0.01
    assert 0.99 < high <= 1


def test_the_coefficients_fit_the_code(model: dict[str, Any]) -> None:
    """Both heads weigh exactly the features the code computes; the vector is the encoder's size."""
    assert model["encoder"] == ENCODER
    assert model["threshold"] == 0.5
    assert set(model["heads"]) == {"vector+features", "features"}
    for head in model["heads"].values():
        assert set(head["features"]) == set(features(""))
        assert all(map(math.isfinite, [head["intercept"], *head["features"].values()]))
    assert len(model["heads"]["vector+features"]["vector"]) == 384
    assert "vector" not in model["heads"]["features"]


def test_importing_costs_no_numpy() -> None:
    """A command that spots nothing pays for no array library."""
    code = "import sys, tracker.checkworthiness; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
