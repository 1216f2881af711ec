"""The index of a large store: codes in memory, and the store's own vectors for the cosines."""

from __future__ import annotations

import logging
import sqlite3
import struct
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from tests.test_index import brute_force, change_encoder, fill, parts, unit_rows
from tracker import doctor
from tracker.errors import StoreDamaged
from tracker.index import VectorIndex, coded, file, index_path, kind, read_index
from tracker.index.coded import Coded
from tracker.index.flat import Flat
from tracker.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DIMENSION = 12
LARGE = 1_000


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stores of a thousand claims are large here."""
    monkeypatch.setattr(kind, "LARGE", LARGE)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with 1,200 vectors and no index yet."""
    with Store.open(tmp_path / "desk.db") as opened:
        fill(opened, unit_rows(1_200, dimension=DIMENSION))
        yield opened


def assert_near_exact(store: Store, index: VectorIndex, k: int = 10, at_least: float = 0.97) -> None:
    """Fail unless most of the nearest are found, in order, each with its exact cosine."""
    import numpy as np

    queries = unit_rows(40, 11, store.vectors.dimension())
    right, cosines = brute_force(store.path, queries, 10**6)
    hits = 0
    for query, ids, scores in zip(queries, right, cosines, strict=True):
        found = index.search(query[None, :], k)[0]
        exact = dict(zip(ids, scores.tolist(), strict=True))
        assert len({claim_id for claim_id, _ in found}) == k
        assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
        assert np.allclose([score for _, score in found], [exact[claim_id] for claim_id, _ in found], atol=1e-6)
        hits += len({claim_id for claim_id, _ in found} & set(ids[:k]))
    assert hits >= at_least * k * len(queries)


def test_a_large_store_is_searched_by_codes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shortlist of a tenth has nearly all of the nearest; the cosines are exact; the file is a fraction in size."""
    monkeypatch.setattr(coded, "_SHORTLIST", 120)
    index = VectorIndex.of(store)
    assert isinstance(index.kind, Coded)
    assert_near_exact(store, index)
    again = VectorIndex.of(store)
    assert isinstance(again.kind, Coded)
    assert (again.rows, again.filed, again.kind.learned) == (1_200, 1_200, 1_200)
    assert_near_exact(store, again)
    vectors = 4 * DIMENSION * 1_200
    codes = (DIMENSION // coded.group(DIMENSION)) * 1_200 // 2
    assert len(parts(index_path(store.path))[1]) < codes + 8 * 1_200 + 4_000 < vectors


def test_every_claim_finds_itself(store: Store) -> None:
    """The nearest of a vector is that vector, and scores of given claims are exact, those without a vector left out."""
    index, rows = VectorIndex.of(store), unit_rows(1_200, dimension=DIMENSION)
    for number in range(0, 1_200, 37):
        [[(claim_id, score)]] = index.search(rows[number][None, :], 1)
        assert (claim_id, round(score, 5)) == (number + 1, 1.0)
    two = index.score(rows[41:43], [42, 9_999])
    assert list(two) == [42]
    assert [round(value, 5) for value in two[42]] == [1.0, round(float(rows[41] @ rows[42]), 5)]


def test_a_store_that_grows_large_changes_its_index(tmp_path: Path) -> None:
    """Flat up to the limit, coded beyond it, and learned anew when it has four times as many."""
    with Store.open(tmp_path / "desk.db") as store:
        fill(store, unit_rows(LARGE, dimension=DIMENSION))
        index = VectorIndex.of(store)
        assert isinstance(index.kind, Flat)
        fill(store, unit_rows(5, 3, DIMENSION))
        index = VectorIndex.of(store, index)
        assert isinstance(index.kind, Coded)
        assert (index.rows, index.filed, index.kind.learned) == (LARGE + 5, LARGE + 5, LARGE + 5)
        fill(store, unit_rows(600, 4, DIMENSION))
        assert VectorIndex.of(store).kind.learned == LARGE + 5  # type: ignore[union-attr]
        fill(store, unit_rows(3_000, 5, DIMENSION))
        index = VectorIndex.of(store, index)
        assert (index.rows, index.kind.learned) == (LARGE + 3_605, LARGE + 3_605)  # type: ignore[union-attr]
        assert_near_exact(store, index)


def test_what_is_added_is_found_without_writing_the_file(store: Store) -> None:
    """By an open index and by one from the file; only many claims later is the file written anew."""
    index = VectorIndex.of(store)
    written = index_path(store.path).stat().st_mtime_ns
    fill(store, unit_rows(3, 3, DIMENSION))
    for found in (VectorIndex.of(store, index), VectorIndex.of(store)):
        assert (found.rows, found.filed) == (1_203, 1_200)
        assert found.search(unit_rows(3, 3, DIMENSION)[2:], 1)[0][0][0] == 1_203
    assert index_path(store.path).stat().st_mtime_ns == written
    fill(store, unit_rows(600, 4, DIMENSION))
    assert VectorIndex.of(store).filed == 1_803


@pytest.mark.parametrize("number", [0.0, 0.5, float("nan"), float("inf")])
def test_a_vector_that_is_damaged_in_the_store_is_no_answer(store: Store, number: float) -> None:
    """The codes are of what was stored; what stands there now is looked at before it is compared."""
    index = VectorIndex.of(store)
    with closing(sqlite3.connect(store.path)) as conn, conn:
        conn.execute("DROP TRIGGER vectors_stay_as_they_are")
        conn.execute("UPDATE vectors SET vector = ? WHERE claim_id = 42", [struct.pack("<f", number) * DIMENSION])
    with pytest.raises(StoreDamaged, match="the vector of claim 42 is damaged"):
        index.search(unit_rows(1_200, dimension=DIMENSION)[41:42], 1)
    with pytest.raises(StoreDamaged, match="doctor"):
        index.score(unit_rows(1, dimension=DIMENSION), [42])


def _codes_of_other_rows(store: Store) -> None:
    """As a fault of the tracker itself would leave it: sealed, with the codes of two claims changed about."""
    kept = read_index(index_path(store.path), store, store.vectors.state())
    assert kept.kind
    [(ids, rows)] = store.vectors.after(type(kept.state)(kept.state.encoder), kept.state)
    kept.kind.faiss.reset()
    kept.kind.extended([ids[1], ids[0], *ids[2:]], rows)
    file.write(
        index_path(store.path), store, kind.dumped(kept.kind), file.Filed(kept.state, kept.rows, kept.kind.learned)
    )


def test_the_doctor_holds_the_codes_against_the_vectors(store: Store) -> None:
    """Whole, it finds nothing; with the codes of two claims changed about it says so, and mends it."""
    fill(store, unit_rows(7, 9, DIMENSION))
    VectorIndex.of(store)

    def problems() -> list[str]:
        return [found.what for found in doctor._index(store)]

    assert problems() == []
    _codes_of_other_rows(store)
    assert problems() == ["desk.db.faiss: does not hold the store's vectors"]
    doctor._mend_index(store)
    VectorIndex.of(store)
    assert problems() == []


@pytest.mark.parametrize("harm", ["cut", "flipped", "another history"])
def test_a_file_that_is_not_the_stores(store: Store, harm: str, caplog: pytest.LogCaptureFixture) -> None:
    """It is noticed before it answers and made anew."""
    VectorIndex.of(store)
    path = index_path(store.path)
    whole = path.read_bytes()
    if harm == "cut":
        path.write_bytes(whole[:-100])
    elif harm == "flipped":
        path.write_bytes(whole[:-100] + bytes([whole[-100] ^ 1]) + whole[-99:])
    else:
        change_encoder(store, "test:2", DIMENSION)
        change_encoder(store, "test:1", DIMENSION)
    caplog.set_level(logging.INFO)
    assert_near_exact(store, VectorIndex.of(store))
    assert "built anew" in caplog.text


def test_pairs_are_those_of_every_claim_with_every_other(tmp_path: Path) -> None:
    """Near pairs by codes are the near pairs by vectors."""
    import numpy as np

    rows = unit_rows(1_200, dimension=96)
    twins = rows[:60] + 0.02 * unit_rows(60, 8, 96)
    rows = np.concatenate([rows, (twins / np.linalg.norm(twins, axis=1, keepdims=True)).astype(np.float32)])
    with Store.open(tmp_path / "twins.db") as store:
        fill(store, rows)
        index = VectorIndex.of(store)
        assert isinstance(index.kind, Coded)
        assert_same_pairs(index, rows)


def assert_same_pairs(index: VectorIndex, rows: Any) -> None:
    import numpy as np

    cosines = rows @ rows.T
    right = {(int(a) + 1, int(b) + 1) for a, b in np.argwhere(np.triu(cosines >= 0.99, 1))}
    assert len(right) >= 60
    assert set(index.near_pairs(10, 0.99)) == right


def test_its_claims_are_those_of_its_own_encoder(store: Store) -> None:
    """Also while the store changes to another, and after: never that one's vectors."""
    import numpy as np

    index = VectorIndex.of(store).kind
    assert isinstance(index, Coded)
    store.vectors.begin_change("test:2", "test two")
    store.vectors.add([1], [unit_rows(1, 7, 6)[0].tobytes()], "test:2")
    read = list(index.blocks(500))
    assert [claim_id for claim_ids, _ in read for claim_id in claim_ids] == list(range(1, 1_201))
    assert np.array_equal(np.concatenate([rows for _, rows in read]), unit_rows(1_200, dimension=DIMENSION))
    change_encoder(store, "test:2", 6)
    assert list(index.blocks(500)) == []


@pytest.mark.parametrize(("dimension", "numbers"), [(384, 3), (768, 3), (1_024, 4), (10, 2), (7, 0)])
def test_which_dimensions_can_be_coded(dimension: int, numbers: int) -> None:
    """Those that two to four divide; others stay flat, whatever their number."""
    assert coded.group(dimension) == numbers


def test_a_dimension_that_cannot_be_coded_stays_flat(tmp_path: Path) -> None:
    """And answers as before."""
    with Store.open(tmp_path / "odd.db") as store:
        fill(store, unit_rows(LARGE + 10, dimension=7))
        index = VectorIndex.of(store)
        assert isinstance(index.kind, Flat)
        assert_near_exact(store, index, at_least=1)


def test_building_shows_how_far_it_is(store: Store) -> None:
    """A bar over all vectors where the index is made anew, none where little is missing."""
    from contextlib import contextmanager

    begun: list[tuple[str, int | None]] = []
    done: list[int] = []

    @contextmanager
    def progress(label: str, total: int | None) -> Any:
        begun.append((label, total))
        yield done.append

    index = VectorIndex.of(store, progress=progress)
    assert (begun, sum(done)) == ([("indexing", 1_200)], 1_200)
    fill(store, unit_rows(3, 3, DIMENSION))
    VectorIndex.of(store, index, progress)
    assert len(begun) == 1


def test_opening_takes_no_more_of_sqlite_in_a_larger_store(store: Store) -> None:
    """Nothing counts claims or vectors one by one: SQLite's own steps are as many with three times as many."""

    def steps() -> int:
        taken = [0]
        store._conn.set_progress_handler(lambda: taken.__setitem__(0, taken[0] + 1), 1)
        VectorIndex.of(store)
        assert store.claim_count() == store.vectors.state().seq
        store._conn.set_progress_handler(None, 0)
        return taken[0]

    VectorIndex.of(store)
    few = steps()
    fill(store, unit_rows(2_400, 3, DIMENSION))
    VectorIndex.of(store)
    assert steps() <= few + 10
