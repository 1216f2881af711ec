"""The vectors in the store: those of one encoder answer, and no others get in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.test_index import DIMENSION, change_encoder, fill, unit_rows
from tracker.errors import ModelUnavailable, StoreDamaged
from tracker.models import NewClaim
from tracker.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with 30 vectors of the encoder test:1, and a claim without one."""
    with Store.open(tmp_path / "desk.db") as opened:
        fill(opened, unit_rows(30))
        opened.add_claim(NewClaim("One more."))
        yield opened


def rows(store: Store) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in store.rows("SELECT * FROM vectors ORDER BY seq")]


def insert(store: Store, fingerprint: str) -> None:
    store.insert(
        "INSERT INTO vectors (claim_id, encoder, vector, chain) VALUES (31, ?, ?, x'')", [fingerprint, b"\0\0\x80?"]
    )


def test_vectors_of_another_encoder_are_refused(store: Store) -> None:
    """By the library and by the file itself: the store's encoder, and none else."""
    before = rows(store)
    with pytest.raises(ModelUnavailable, match="made with the encoder test"):
        store.vectors.adopt("other:1", "other")
    with pytest.raises(ModelUnavailable, match="changed the encoder"):
        store.vectors.add([31], [unit_rows(1)[0].tobytes()], "other:1")
    with pytest.raises(StoreDamaged, match="another encoder"):
        insert(store, "other:1")
    with pytest.raises(StoreDamaged, match="never changed"):
        store.rows("UPDATE vectors SET encoder = 'other:1' WHERE seq = 1")
    assert rows(store) == before


def test_vectors_of_a_third_encoder_are_refused_during_a_change(store: Store) -> None:
    """While the store changes from one to another, those two and none else; after it the new one alone."""
    store.vectors.begin_change("test:2", "test two")
    blob = [unit_rows(1)[0].tobytes()]
    for fingerprint in ("test:1", "test:2"):
        store.vectors.add([31], blob, fingerprint)
    with pytest.raises(ModelUnavailable, match="changed the encoder"):
        store.vectors.add([31], blob, "test:3")
    with pytest.raises(StoreDamaged, match="another encoder"):
        insert(store, "test:3")
    change_encoder(store, "test:2", DIMENSION)
    with pytest.raises(ModelUnavailable, match="changed the encoder"):
        store.vectors.add([31], blob, "test:1")
    with pytest.raises(StoreDamaged, match="another encoder"):
        insert(store, "test:1")
    assert {row[2] for row in rows(store)} == {"test:2"}


@pytest.mark.parametrize(
    "blobs",
    [
        [unit_rows(1, 0, DIMENSION + 1)[0].tobytes()],
        [unit_rows(1)[0].tobytes() + b"\0"],
        [b""],
        [unit_rows(1)[0].tobytes(), unit_rows(1, 0, 3)[0].tobytes()],
        [(unit_rows(1)[0] * float("nan")).tobytes()],
        [(unit_rows(1)[0] * float("inf")).tobytes()],
    ],
    ids=["longer", "with a byte more", "empty", "of two lengths", "no number", "infinite"],
)
def test_a_vector_that_no_index_can_hold_is_refused(store: Store, blobs: list[bytes]) -> None:
    """Nothing of what was given with it is stored either."""
    before = rows(store)
    ids = [31, store.add_claim(NewClaim("And another.")).id][: len(blobs)]
    with pytest.raises(ModelUnavailable, match="the encoder gives vectors"):
        store.vectors.add(ids, blobs, "test:1")
    assert rows(store) == before


def test_a_change_needs_every_claim(store: Store) -> None:
    """It is not finished while a claim lacks its new vector; until then the old state is the store's."""
    before = store.vectors.state()
    assert store.vectors.begin_change("test:2", "test two")
    store.vectors.add(range(1, 31), [row.tobytes() for row in unit_rows(30, 5, 3)], "test:2")
    assert not store.vectors.finish_change("test:2")
    assert (store.vectors.state(), store.vectors.changing_to()) == (before, "test two")
    assert store.vectors.missing("test:2") == [(31, "One more.", None)]
    store.vectors.add([31], [unit_rows(1, 6, 3)[0].tobytes()], "test:2")
    assert store.vectors.finish_change("test:2", "it is better")
    assert (store.vectors.state().encoder, store.vectors.count()) == ("test:2", 31)
    assert store.vectors.changing_to() is None
    assert store.vectors.finish_change("test:2")  # as for a process that comes second


def test_a_change_that_was_given_up_cannot_be_finished(store: Store) -> None:
    """Neither by the one who began it, nor in the name of the one that is under way now."""
    store.vectors.begin_change("test:2", "test two")
    store.vectors.add(range(1, 32), [row.tobytes() for row in unit_rows(31, 5, 3)], "test:2")
    store.vectors.begin_change("test:3", "test three")
    assert {row[2] for row in rows(store)} == {"test:1"}
    with pytest.raises(ModelUnavailable, match="gave this change up"):
        store.vectors.finish_change("test:2")
    assert not store.vectors.begin_change("test:1", "test")
    with pytest.raises(ModelUnavailable, match="gave this change up"):
        store.vectors.finish_change("test:3")
    assert (store.vectors.encoder, store.vectors.changing_to()) == ("test:1", None)


def test_each_encoder_has_a_chain_of_its_own(store: Store) -> None:
    """Rows of two encoders that alternate are two sequences, each whole."""
    store.vectors.begin_change("test:2", "test two")
    for number in range(1, 31):
        store.vectors.add([number], [unit_rows(1, number, 3)[0].tobytes()], "test:2")
        if number == 15:
            store.vectors.add([31], [unit_rows(1)[0].tobytes()], "test:1")
    store.vectors.add([31], [unit_rows(1, 6, 3)[0].tobytes()], "test:2")
    nothing = store.vectors.state(0)
    assert sum(len(ids) for ids, _ in store.vectors.after(nothing, store.vectors.state())) == 31
    assert store.vectors.finish_change("test:2")
    assert sum(len(ids) for ids, _ in store.vectors.after(store.vectors.state(0), store.vectors.state())) == 31


def test_what_a_change_asks_reads_no_vector_of_claims_that_have_one(store: Store) -> None:
    """Its queries are answered by SQL indexes: a store of many claims is not read through at every turn."""
    asked: list[str] = []
    store._conn.set_trace_callback(asked.append)
    store.vectors.begin_change("test:2", "test two")
    store.vectors.missing("test:2")
    store.vectors.state()
    store._conn.set_trace_callback(None)
    plans = [
        tuple(step)[3]
        for sql in asked
        if "vectors" in sql and not sql.startswith("--")
        for step in store.rows(f"EXPLAIN QUERY PLAN {sql}")
    ]
    assert len(plans) > 5
    assert not [step for step in plans if step.startswith("SCAN v") and "COVERING INDEX" not in step]
