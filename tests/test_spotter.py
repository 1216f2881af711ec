"""The reader of single sentences: both roads give the same, and it knows its encoder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.tiny_bert import tiny_bert
from tracker import spotter
from tracker.checkworthiness import KINDS
from tracker.encoders import Encoder, load_encoder
from tracker.lora import changed, difference, fitted_to

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = ["Crime is up.", "He said: “NATO has 300,000 troops on alert.”", "", "Good evening, " * 60, "Why?"]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder()


def test_the_difference_is_that_of_the_default_encoder(encoder: Encoder) -> None:
    """The file names the weights that it was trained on."""
    assert fitted_to(spotter.FILE) == encoder.fingerprint


def test_both_roads_read_alike(encoder: Encoder) -> None:
    """Numpy and torch, alone and in a batch, long texts cut at the same token."""
    import numpy as np

    light = encoder.read_sentences(TEXTS)
    assert light is not None
    assert light.shape == (len(TEXTS), len(KINDS))
    alone = [encoder.read_sentences([text]) for text in TEXTS]
    assert np.allclose(light, np.concatenate([one for one in alone if one is not None]), atol=1e-4)
    heavy = load_encoder().read_sentences(TEXTS, bulk=True)
    assert heavy is not None
    assert np.allclose(light, heavy, atol=1e-3)


def test_the_vectors_of_the_encoder_stay_what_they_were(encoder: Encoder) -> None:
    """Neither road changes the weights that claims are embedded with."""
    import numpy as np

    fresh = load_encoder()
    before = fresh.encode(TEXTS[:2], bulk=True)
    fresh.read_sentences(TEXTS, bulk=True)
    assert np.array_equal(fresh.encode(TEXTS[:2], bulk=True), before)
    encoder.read_sentences(TEXTS)
    assert np.allclose(encoder.encode(TEXTS[:2]), before, atol=1e-5)


def test_another_encoder_has_no_such_reader(tmp_path: Path) -> None:
    """Then the cues decide alone."""
    assert Encoder("tiny", tiny_bert(tmp_path / "tiny", 1)).read_sentences(TEXTS) is None


def test_no_texts(encoder: Encoder) -> None:
    """An empty batch has no rows, and as many columns as ever."""
    found = encoder.read_sentences([])
    assert found is not None
    assert found.shape == (0, len(KINDS))


def test_a_difference_leaves_the_weights_alone() -> None:
    """What is changed is a copy, and all that is not named stays the same object."""
    import numpy as np

    arrays = {"a.up": np.ones((2, 1), np.float32), "a.down": np.full((1, 3), 2, np.float32)}
    weights = {"a.weight": np.zeros((2, 3), np.float32), "b.weight": np.ones(2, np.float32)}
    found = changed(weights, arrays)
    assert found["a.weight"].tolist() == [[2.0] * 3] * 2
    assert not weights["a.weight"].any()
    assert found["b.weight"] is weights["b.weight"]
    assert difference(spotter.FILE)["head"].shape[0] == len(KINDS)
