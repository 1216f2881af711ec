"""The language model that reads two sentences together: log-probabilities, pair by pair, of one encoder only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.tiny_bert import tiny_bert
from tracker import inference
from tracker.encoders import Encoder, load_encoder
from tracker.lora import fitted_to
from tracker.models import PairReading, Relation
from tracker.readers import Readers

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

PAIRS = [
    ("NATO has 300,000 troops on alert.", "NATO has 40,000 troops on alert."),
    ("The dam in Leeds broke.", "The dam in Leeds did not break."),
    ("x", ""),
    ("", ""),
    ("Привет, мир! 健康は富に勝る。 العربية 🩺", "A dam\x00 broke\u202e."),
    ("word " * 2_000, "another word " * 2_000),
    ("The dam in Leeds broke.", "word " * 2_000),
]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder()


def read(encoder: Encoder, pairs: list[tuple[str, str]]) -> NDArray[np.float32]:
    found = encoder.read_together(pairs)
    assert found is not None
    return found


def test_the_difference_is_that_of_the_default_encoder(encoder: Encoder) -> None:
    """It is keyed to the weights that it was trained on."""
    assert fitted_to(inference.FILE) == encoder.fingerprint


def test_log_probabilities(encoder: Encoder) -> None:
    """A row a pair, a column a relation; each row's probabilities sum up to 1, for short, empty and long texts."""
    import numpy as np

    found = read(encoder, PAIRS)
    assert found.shape == (len(PAIRS), len(Relation))
    assert np.isfinite(found).all()
    assert found.max() <= 1e-6
    assert np.exp(found).sum(axis=1) == pytest.approx(np.ones(len(PAIRS)), abs=1e-5)


def test_a_pair_does_not_depend_on_its_neighbours(encoder: Encoder) -> None:
    """Alone, together, in another order, and read before or after: the same to the last bit."""
    import numpy as np

    together, turned = read(encoder, PAIRS), read(encoder, PAIRS[::-1])[::-1]
    alone = np.vstack([read(encoder, [pair]) for pair in PAIRS])
    assert np.array_equal(together, turned)
    assert np.array_equal(together, alone)
    assert list(Readers(encoder).read_one(PAIRS[0]).relations or ()) == together[0].tolist()


def test_the_order_of_a_pair_matters(encoder: Encoder) -> None:
    """Statement and claim are told apart, and reading pairs leaves the vectors as they are."""
    import numpy as np

    before = encoder.encode([PAIRS[0][0]])
    forth, back = read(encoder, [PAIRS[0], PAIRS[0][::-1]])
    assert not np.array_equal(forth, back)
    assert np.array_equal(encoder.encode([PAIRS[0][0]]), before)


def test_no_pairs(encoder: Encoder) -> None:
    """No rows, all columns."""
    assert read(encoder, []).shape == (0, len(Relation))


def test_another_encoder_reads_no_pairs(tmp_path: Path) -> None:
    """What was trained on one model's weights is not added to another's."""
    other = Encoder("tiny", tiny_bert(tmp_path / "tiny", 1))
    assert other.read_together(PAIRS[:1]) is None
    assert Readers(other).read_one(PAIRS[0]) == PairReading()


def test_it_tells_a_paraphrase_from_another_topic(encoder: Encoder) -> None:
    """The least that it must have learnt: a difference that was not trained to the end is noticed."""
    said = "Germany sent forty tanks to Kenya in March."
    told = "In March, forty tanks were sent to Kenya by Germany."
    same, other = read(encoder, [(said, told), (said, "Bananas are curved because they grow towards the light.")])
    at = list(Relation).index
    assert same[at(Relation.SAME)] > same[at(Relation.UNRELATED)]
    assert other[at(Relation.UNRELATED)] > other[at(Relation.SAME)]
