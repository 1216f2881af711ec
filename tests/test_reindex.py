"""A change of encoder: asked for, interruptible, and never half of one and half of the other."""

from __future__ import annotations

import functools
import json
import logging
import os
import pty
import shutil
import signal
import sqlite3
import termios
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.soundness import assert_sound
from tests.test_interruption import start
from tracker.encoders import load_encoder
from tracker.errors import ModelUnavailable
from tracker.events import replay
from tracker.index import index_path
from tracker.light_bert import LightBert
from tracker.models import NewClaim, NewVerdict, Utterance
from tracker.pipeline import Tracker
from tracker.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import CommandLine
    from tracker.progress import Progress

WORDS = "the minister said that hospital figures rose while schools and roads lost money over ten years".split()
ROWS = 600  # embedded in three steps
QUERIES = ["hospital figures rose", "schools lost money over ten years", "the minister said that roads rose"]


class Models(NamedTuple):
    """Folders of three models, of three dimensions; the second takes its time."""

    old: Path
    new: Path
    third: Path


class Slow(NamedTuple):
    """A change of encoder in a process of its own, stopped when its first vectors are stored."""

    code: int
    err: bytes


def little_bert(folder: Path, dimension: int, layers: int, seed: int) -> Path:
    """A real BERT of random weights, in the files of a sentence-transformers model."""
    import numpy as np
    from safetensors.numpy import save_file
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    special = ["[UNK]", "[CLS]", "[SEP]"]
    vocabulary = {word: number for number, word in enumerate([*special, *sorted(set(WORDS)), *map(str, range(ROWS))])}
    pick = np.random.default_rng(seed)
    weights: dict[str, Any] = {}

    def dense(name: str, out: int, into: int) -> None:
        weights[f"{name}.weight"] = pick.normal(0, 0.3, (out, into)).astype(np.float32)
        weights[f"{name}.bias"] = pick.normal(0, 0.3, out).astype(np.float32)

    def norm(name: str) -> None:
        weights[f"{name}.weight"] = np.ones(dimension, np.float32)
        weights[f"{name}.bias"] = np.zeros(dimension, np.float32)

    for name, size in (("word", len(vocabulary)), ("position", 64), ("token_type", 2)):
        weights[f"embeddings.{name}_embeddings.weight"] = pick.normal(0, 1, (size, dimension)).astype(np.float32)
    norm("embeddings.LayerNorm")
    for layer in (f"encoder.layer.{number}" for number in range(layers)):
        for name in ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"):
            dense(f"{layer}.{name}", dimension, dimension)
        dense(f"{layer}.intermediate.dense", 4 * dimension, dimension)
        dense(f"{layer}.output.dense", dimension, 4 * dimension)
        norm(f"{layer}.attention.output.LayerNorm")
        norm(f"{layer}.output.LayerNorm")
    (folder / "1_Pooling").mkdir(parents=True)
    save_file(weights, str(folder / "model.safetensors"))
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[(one, vocabulary[one]) for one in special[1:]]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    kinds = ["Transformer", "Pooling", "Normalize"]
    config = {"model_type": "bert", "hidden_act": "gelu", "num_hidden_layers": layers, "num_attention_heads": 4}
    for name, content in {
        "config.json": {**config, "layer_norm_eps": 1e-12},
        "modules.json": [{"type": f"sentence_transformers.models.{kind}"} for kind in kinds],
        "1_Pooling/config.json": {"pooling_mode_mean_tokens": True},
        "sentence_bert_config.json": {"max_seq_length": 32},
    }.items():
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    assert LightBert.fits(folder)
    return folder


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    folder = tmp_path_factory.mktemp("models")
    return Models(
        little_bert(folder / "old", 32, 1, seed=1),
        little_bert(folder / "new", 64, 16, seed=2),
        little_bert(folder / "third", 16, 1, seed=3),
    )


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, models: Models) -> Path:
    """A store of 600 claims with vectors of the old encoder, to copy."""
    import random

    path = tmp_path_factory.mktemp("filled") / "desk.db"
    pick = random.Random(0)
    with Tracker.open(path, encoder=str(models.old)) as tracker:
        with tracker.store.writing():
            for number in range(ROWS):
                tracker.store.add_claim(NewClaim(f"{' '.join(pick.choices(WORDS, k=20))} {number}"))
        tracker.embed()
    return path


@pytest.fixture
def desk(cli: CommandLine, filled: Path) -> CommandLine:
    """The command line on a store of its own with those claims."""
    shutil.copy(filled, cli.store)
    shutil.copy(index_path(filled), index_path(cli.store))
    return cli


def answers(path: Path) -> list[dict[int, float | None]]:
    """What the store gives for the queries, as claim id and cosine, by a tracker opened for it."""
    with Tracker.open(path) as tracker:
        found = tracker.retrieval.candidates(tracker.retrieval.wanted([Utterance(text) for text in QUERIES]))
        return [{one.claim.id: one.dense and round(one.dense, 6) for one in candidates} for candidates in found]


def assert_answers_by(path: Path, model: Path) -> None:
    """Fail unless every cosine is that of this model, and the nearest claims by it are among those found."""
    import numpy as np

    encoder = load_encoder(str(model))
    with closing(sqlite3.connect(path)) as conn:
        claims = conn.execute("SELECT id, text FROM claims ORDER BY id").fetchall()
        assert conn.execute("SELECT DISTINCT encoder FROM vectors").fetchall() == [(encoder.fingerprint,)]
        assert conn.execute("SELECT count(*) FROM vectors").fetchone() == (len(claims),)
    matrix = vectors_by(model, tuple(text for _, text in claims))
    for query, found in zip(encoder.encode(QUERIES), answers(path), strict=True):
        cosines = dict(zip([number for number, _ in claims], matrix @ query, strict=True))
        assert all(np.isclose(cosine, cosines[number], atol=1e-5) for number, cosine in found.items() if cosine)
        dense = sorted(found, key=lambda number: -cosines[number])
        right = sorted(cosines, key=lambda number: -cosines[number])
        assert dense[:10] == right[:10]


@functools.cache
def vectors_by(model: Path, texts: tuple[str, ...]) -> Any:
    return load_encoder(str(model)).encode(texts)


def counts(path: Path) -> dict[str, int]:
    """How many vectors of each encoder there are, by the first word of its fingerprint."""
    with closing(sqlite3.connect(path, timeout=30)) as conn:
        rows = conn.execute("SELECT encoder, count(*) FROM vectors GROUP BY encoder").fetchall()
    return {encoder.partition(":")[0]: count for encoder, count in rows}


def settings_of(path: Path) -> dict[str, str]:
    with Store.open(path) as store:
        return {row["key"]: row["value"] for row in store.rows("SELECT key, value FROM settings ORDER BY key")}


def when_embedded(step: int, then: Callable[[], object]) -> Progress:
    """Do something when so many steps of embedding are stored."""

    @contextmanager
    def progress(label: str, total: int | None) -> Iterator[Callable[[int], None]]:  # noqa: ARG001 - the protocol's
        done = 0

        def advance(_steps: int) -> None:
            nonlocal done
            done += 1
            if done == step:
                then()

        yield advance

    return progress


def stop() -> None:
    raise KeyboardInterrupt


def start_and_stop(cli: CommandLine, model: Path, by: signal.Signals) -> Slow:
    running = start(cli, "reindex", "--encoder", model)
    while "new" not in counts(cli.store):
        assert running.poll() is None, running.communicate()
        time.sleep(0.01)
    running.send_signal(by)
    _, err = running.communicate(timeout=60)
    return Slow(running.returncode, err)


# --- the change -------------------------------------------------------------------------------------------------------


def test_after_a_change_the_new_vectors_answer(desk: CommandLine, models: Models) -> None:
    """All of them, as brute force by the new encoder; none of the old is left; the log tells it, and why."""
    old = settings_of(desk.store)
    with Tracker.open(desk.store) as tracker:
        last, _ = tracker.store.log.head()
        assert tracker.reindex(str(models.third), because="it is better") == ROWS
        [event] = tracker.store.log.events(["id > ?"], [last])
        state, _ = replay(tracker.store.log.events())
    assert_answers_by(desk.store, models.third)
    assert_sound(desk.store)
    new = settings_of(desk.store)
    assert (new["encoder"], new["encoder_name"]) == (load_encoder(str(models.third)).fingerprint, str(models.third))
    assert new == old | {"encoder": new["encoder"], "encoder_name": new["encoder_name"]}  # no trace of the change
    assert (event.kind, event.because) == ("encoder-set", "it is better")
    assert {key: row["value"] for key, row in state["settings"].items()} == {
        key: new[key] for key in ("encoder", "encoder_name")
    }


def test_the_official_model_to_another_and_back(cli: CommandLine, models: Models) -> None:
    """On the command line, from 384 dimensions to 16 and back: only the count is printed, answers are as before."""
    for text in ("hospital figures rose", "the earth is flat", "schools lost money"):
        cli("add", text, "--rating", "False")
    question = ("search", "did hospital figures rise?", "--json", "--explain")
    before = cli(*question)
    there = cli("reindex", "--encoder", models.third)
    assert (there.code, there.out) == (0, "3 claims embedded; the index is up to date\n")
    assert there.err.endswith("so words decide\n")
    assert there.err.count("\n") == 1
    between = cli(*question)
    assert between.code == 0
    assert "words decide" in between.err
    assert between.json != before.json
    back = cli("reindex", "--encoder", "all-MiniLM-L6-v2", "--json")
    assert (back.json, back.err) == ({"embedded": 3}, "")
    again = cli(*question)
    assert (again.json, again.err) == (before.json, "")
    assert_sound(cli.store)


def test_progress_is_shown_on_a_terminal(desk: CommandLine, models: Models) -> None:
    """How far the change is, on stderr; stdout is what it is without."""
    with Tracker.open(desk.store) as tracker, tracker.store.writing():
        for number in range(390):  # more than a second's work, from which a bar is shown
            tracker.store.add_claim(NewClaim(f"{' '.join(WORDS * 10)} {number}"))
    leader, follower = pty.openpty()
    termios.tcsetwinsize(follower, (24, 100))
    running = start(desk, "reindex", "--encoder", models.new, terminal=follower)
    os.close(follower)
    shown = b""
    while True:
        try:
            part = os.read(leader, 4096)
        except OSError:  # the other end is closed
            break
        shown += part
    os.close(leader)
    out, _ = running.communicate(timeout=60)
    assert b"embedding" in shown
    assert b"990/990" in shown
    assert out == b"990 claims embedded; the index is up to date\n"


def test_the_encoder_it_has_already(desk: CommandLine, models: Models) -> None:
    """Nothing is embedded, nothing is logged, the answers stay."""
    before, settings, head = answers(desk.store), settings_of(desk.store), _head(desk.store)
    done = desk("reindex", "--encoder", models.old, "--json")
    assert (done.code, done.json, done.err) == (0, {"embedded": 0}, "")
    assert (answers(desk.store), settings_of(desk.store), _head(desk.store)) == (before, settings, head)


@pytest.mark.parametrize("name", ["/nowhere/at/all", "no-such/model", "empty"])
def test_a_model_that_is_not_there(desk: CommandLine, name: str) -> None:
    """Exit code 6, one line, and nothing has changed: no change is begun."""
    (desk.folder / "empty").mkdir()
    before, settings, head = answers(desk.store), settings_of(desk.store), _head(desk.store)
    done = desk("reindex", "--encoder", name)
    assert (done.code, done.out, done.err.count("\n")) == (6, "", 1)
    assert (answers(desk.store), settings_of(desk.store), _head(desk.store)) == (before, settings, head)


def test_an_empty_store_has_the_encoder_from_then_on(cli: CommandLine, models: Models) -> None:
    """There is nothing to embed, and what is added next gets vectors of the encoder that was asked for."""
    done = cli("reindex", "--encoder", models.third, "--json")
    assert (done.code, done.json) == (0, {"embedded": 0})
    assert cli("add", "hospital figures rose").code == 0
    assert counts(cli.store) == {"third": 1}
    changed = cli("reindex", "--encoder", models.old, "--json")
    assert (changed.json, counts(cli.store)) == ({"embedded": 1}, {"old": 1})
    assert_sound(cli.store)


def _head(path: Path) -> tuple[int, str]:
    with Store.open(path) as store:
        return store.log.head()


# --- stopped ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGKILL])
def test_stopped_in_the_middle_the_old_vectors_answer(desk: CommandLine, models: Models, by: signal.Signals) -> None:
    """Ctrl-C and a kill: exactly the answers of before; the same command goes on from there and finishes."""
    before, settings = answers(desk.store), settings_of(desk.store)
    stopped = start_and_stop(desk, models.new, by)
    if by == signal.SIGINT:
        assert (stopped.code, stopped.err.count(b"\n")) == (130, 1)
        assert stopped.err.startswith(b"tracker: stopped")
    there = counts(desk.store)
    assert there["old"] == ROWS
    assert 0 < there["new"] < ROWS
    assert answers(desk.store) == before
    between = settings_of(desk.store)
    assert {key: between[key] for key in settings} == settings
    assert_sound(desk.store)
    done = desk("reindex", "--encoder", models.new, "--json")
    assert (done.code, done.json) == (0, {"embedded": ROWS - there["new"]})
    assert_answers_by(desk.store, models.new)
    assert_sound(desk.store)


@pytest.mark.parametrize("step", [1, 2, 3])
def test_stopped_after_each_step(desk: CommandLine, models: Models, step: int) -> None:
    """What is there is not embedded again; `tracker reindex` alone tells of the change and does not go on with it."""
    before = answers(desk.store)
    with Tracker.open(desk.store) as tracker, pytest.raises(KeyboardInterrupt):
        tracker.reindex(str(models.third), progress=when_embedded(step, stop))
    there = min(step * 256, ROWS)
    assert counts(desk.store) == {"old": ROWS, "third": there}
    assert answers(desk.store) == before
    alone = desk("reindex", "--json")
    assert (alone.code, alone.json, alone.err.count("\n")) == (0, {"embedded": 0}, 1)
    assert f"not finished; 'tracker reindex --encoder {models.third}'" in alone.err
    assert counts(desk.store) == {"old": ROWS, "third": there}
    with Tracker.open(desk.store) as tracker:
        assert tracker.reindex(str(models.third)) == ROWS - there
    assert_answers_by(desk.store, models.third)


def test_an_unfinished_change_is_given_up_for_another(
    desk: CommandLine, models: Models, caplog: pytest.LogCaptureFixture
) -> None:
    """To a third encoder, or back to the store's own: told, and the vectors of the one given up are gone."""
    before = answers(desk.store)
    with Tracker.open(desk.store) as tracker:
        for model, left in ((models.old, {"old": ROWS}), (models.third, {"third": ROWS})):
            with pytest.raises(KeyboardInterrupt):
                tracker.reindex(str(models.new), progress=when_embedded(1, stop))
            assert answers(desk.store) == before
            caplog.clear()
            tracker.reindex(str(model))
            assert f"the unfinished change to the encoder {models.new} is given up" in caplog.text
            assert counts(desk.store) == left
            assert tracker.store.vectors.changing_to() is None
    assert_answers_by(desk.store, models.third)


# --- while others work ------------------------------------------------------------------------------------------------


def test_a_claim_added_meanwhile_gets_both(desk: CommandLine, models: Models) -> None:
    """Another process adds by the old encoder and is answered by it; when the change is done its claim has the new."""
    seen = list[int]()

    def add() -> None:
        with Tracker.open(desk.store) as other:
            text = f"hospital figures rose over {len(seen)} years"
            added = other.add(NewClaim(text), NewVerdict("False"))
            best = other.search(text, 1).matches[0]
            assert best.claim.id == added.claim_id
            assert best.scores["plain cosine"] == pytest.approx(1, abs=1e-5)
            seen.append(added.claim_id)

    with Tracker.open(desk.store) as tracker:
        assert tracker.reindex(str(models.third), progress=when_embedded(3, add)) == ROWS + 1
    assert len(seen) == 1
    assert_answers_by(desk.store, models.third)
    assert_sound(desk.store)


def test_others_may_write_while_it_embeds(desk: CommandLine, models: Models) -> None:
    """The encoder works with no lock on the store: whoever writes then does not wait at all."""
    with Store.open(desk.store) as store:
        for number in range(3):
            store.add_claim(NewClaim(f"{'hospital figures rose and ' * 10} {number}"))
    written = list[str]()

    class WriteAtOnce(logging.Handler):
        """Write to the store when the encoder says that a text is too long, which is in the midst of its work."""

        def emit(self, record: logging.LogRecord) -> None:
            with closing(sqlite3.connect(desk.store, timeout=0, isolation_level=None)) as conn:
                conn.execute("BEGIN IMMEDIATE")
                written.append(record.getMessage())
                conn.execute("COMMIT")

    handler = WriteAtOnce()
    logging.getLogger("tracker.encoders").addHandler(handler)
    try:
        with Tracker.open(desk.store) as tracker:
            tracker.reindex(str(models.third))
    finally:
        logging.getLogger("tracker.encoders").removeHandler(handler)
    assert "3 texts are longer" in "".join(written)
    assert_answers_by(desk.store, models.third)


def test_a_process_that_has_the_old_encoder_loaded(desk: CommandLine, models: Models) -> None:
    """After the change it is told in one line; nothing of the old encoder gets in; asked again it has the new one."""
    new = NewClaim("roads lost money over 599 years")
    with Tracker.open(desk.store) as searching, Tracker.open(desk.store) as adding, Tracker.open(desk.store) as saving:
        for open_before in (searching, adding, saving):
            open_before.search(QUERIES[0])
        with Tracker.open(desk.store) as tracker:
            tracker.reindex(str(models.third))
        count = adding.store.claim_count()
        for ask in (
            lambda: searching.search(QUERIES[0]),
            lambda: adding.add(new, NewVerdict("False")),
            lambda: saving.store.vectors.add([1], [b"\0" * 128], load_encoder(str(models.old)).fingerprint),
        ):
            with pytest.raises(ModelUnavailable, match="encoder") as caught:
                ask()
            assert "\n" not in str(caught.value)
        assert adding.store.claim_count() == count
        assert counts(desk.store) == {"third": ROWS}
        assert searching.search(QUERIES[0]) == adding.search(QUERIES[0])
        adding.add(new, NewVerdict("False"))
    assert_answers_by(desk.store, models.third)
    assert_sound(desk.store)


def test_a_change_that_another_process_finishes(desk: CommandLine, models: Models) -> None:
    """Two that do the same: both end well, and the log tells of one change."""
    head, _ = _head(desk.store)

    def same() -> None:
        with Tracker.open(desk.store) as other:
            assert other.reindex(str(models.third)) == ROWS - 256

    with Tracker.open(desk.store) as tracker:
        tracker.reindex(str(models.third), progress=when_embedded(1, same))
        assert len(list(tracker.store.log.events(["id > ?"], [head]))) == 1
    assert_answers_by(desk.store, models.third)
    assert_sound(desk.store)


@pytest.mark.parametrize("step", [1, 3])
def test_a_change_that_another_process_gives_up(desk: CommandLine, models: Models, step: int) -> None:
    """One begun elsewhere to a third encoder wins: this one ends with a line that says so, and mixes nothing in."""
    before = answers(desk.store)

    def begin_another() -> None:
        with Tracker.open(desk.store) as other, pytest.raises(KeyboardInterrupt):
            other.reindex(str(models.new), progress=when_embedded(1, stop))

    with (
        Tracker.open(desk.store) as tracker,
        pytest.raises(ModelUnavailable, match=r"gave this change up.*'tracker stats'") as caught,
    ):
        tracker.reindex(str(models.third), progress=when_embedded(step, begin_another))
    assert "\n" not in str(caught.value)
    assert counts(desk.store) == {"old": ROWS, "new": 256}
    assert answers(desk.store) == before


@pytest.mark.parametrize("pair", [("new", "new"), ("new", "third")])
def test_two_changes_at_once_end_in_one_sound_state(desk: CommandLine, models: Models, pair: tuple[str, str]) -> None:
    """Two processes begin together: one encoder's vectors are left, and whoever lost says so in one line."""
    wanted = [models._asdict()[name] for name in pair]
    running = [start(desk, "reindex", "--encoder", model) for model in wanted]
    ended = [(one.communicate(timeout=120), one.returncode) for one in running]
    codes = [code for _, code in ended]
    for (_, err), code in ended:
        assert code in (0, 6), err
        assert b"Traceback" not in err
        assert err.count(b"\n") <= 2
    assert 0 in codes
    if wanted[0] == wanted[1]:
        assert codes == [0, 0]
    assert settings_of(desk.store).keys().isdisjoint({"next_encoder", "next_encoder_name"})
    left = next(model for model in wanted if str(model) == settings_of(desk.store)["encoder_name"])
    assert_answers_by(desk.store, left)
    assert_sound(desk.store)
