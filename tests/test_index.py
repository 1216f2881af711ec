"""The index: a cache that is never trusted further than it can be checked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tracker.index import VectorIndex, index_path
from tracker.models import NewClaim
from tracker.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

DIMENSION = 8


def unit_rows(count: int, seed: int = 0) -> Any:
    """Random unit vectors, the same for the same seed."""
    import numpy as np

    rows = np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def fill(store: Store, rows: Any) -> None:
    """One claim a vector."""
    store.vectors.adopt("test:1", "test")
    with store.writing():
        ids = [store.add_claim(NewClaim(f"Claim {number}")).id for number in range(len(rows))]
        store.vectors.add(ids, [row.tobytes() for row in rows])


def brute_force(store: Store, query: Any, k: int) -> list[int]:
    """The answer that any index must give, from the store's own rows."""
    import numpy as np

    rows = store.rows("SELECT claim_id, vector FROM vectors")
    found = [(-float(np.frombuffer(row["vector"], "<f4") @ query), row["claim_id"]) for row in rows]
    return [claim_id for _, claim_id in sorted(found)[:k]]


def nearest(index: VectorIndex, query: Any, k: int) -> list[int]:
    return [claim_id for claim_id, _ in index.search(query[None, :], k)[0]]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with 300 vectors and its index written."""
    with Store.open(tmp_path / "desk.db") as opened:
        fill(opened, unit_rows(300))
        VectorIndex.of(opened)
        assert index_path(opened.path).exists()
        yield opened


def test_search_equals_brute_force(store: Store) -> None:
    """The ids, their order and the scores are those of the exact answer."""
    index = VectorIndex.of(store)
    for query in unit_rows(20, seed=1):
        assert nearest(index, query, 10) == brute_force(store, query, 10)
    itself = unit_rows(300)[41]
    [[(claim_id, score)]] = index.search(itself[None, :], 1)
    assert (claim_id, round(score, 5)) == (42, 1.0)
    assert {key: round(value, 5) for key, value in index.score(itself, [42, 9999]).items()} == {42: 1.0}


def test_a_current_file_is_read_not_rebuilt(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """Opening a store whose index is current neither complains nor writes."""
    before = index_path(store.path).stat().st_mtime_ns
    VectorIndex.of(store)
    assert not caplog.records
    assert index_path(store.path).stat().st_mtime_ns == before


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _cut_by_a_byte(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _garbage(path: Path) -> None:
    path.write_bytes(b"\xff" * 5000)


def _flip_a_bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _odd_header(path: Path) -> None:
    path.write_bytes(b"[1]\n" + path.read_bytes())


def _other_chain(path: Path) -> None:
    head, rest = path.read_bytes().split(b"\n", 1)
    header = json.loads(head)
    header["state"]["chain"] = "00" * 16
    path.write_bytes(json.dumps(header).encode() + b"\n" + rest)


@pytest.mark.parametrize("harm", [_cut, _cut_by_a_byte, _empty, _garbage, _flip_a_bit, _odd_header, _other_chain])
def test_a_damaged_file_is_noticed_and_made_again(
    store: Store, harm: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    """Cut, overwritten or tampered with: the user is told, the answer is the exact one, and the file is mended."""
    harm(index_path(store.path))
    query = unit_rows(1, seed=2)[0]
    assert nearest(VectorIndex.of(store), query, 10) == brute_force(store, query, 10)
    assert "built anew" in caplog.text
    caplog.clear()
    VectorIndex.of(store)
    assert not caplog.records


def test_a_missing_file_is_made(store: Store) -> None:
    """Deleting the cache costs nothing but time."""
    index_path(store.path).unlink()
    query = unit_rows(1, seed=2)[0]
    assert nearest(VectorIndex.of(store), query, 5) == brute_force(store, query, 5)
    assert index_path(store.path).exists()


def test_another_stores_file_is_not_believed(store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A copied index that fits in size but holds other vectors is refused."""
    with Store.open(tmp_path / "other.db") as other:
        fill(other, unit_rows(300, seed=9))
        VectorIndex.of(other)
        index_path(store.path).write_bytes(index_path(other.path).read_bytes())
    query = unit_rows(1, seed=2)[0]
    assert nearest(VectorIndex.of(store), query, 10) == brute_force(store, query, 10)
    assert "another store" in caplog.text


def test_an_index_from_another_history_of_the_same_store(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A store put back from a copy and filled differently, to the same count, is not answered from the old index."""
    copy = tmp_path / "copy.db"
    store.rows("VACUUM INTO ?", [str(copy)])
    fill(store, unit_rows(5, seed=3))
    index_path(store.path).unlink()
    VectorIndex.of(store)
    with Store.open(copy) as old:
        fill(old, unit_rows(5, seed=4))
        index_path(copy).write_bytes(index_path(store.path).read_bytes())
        query = unit_rows(5, seed=4)[2]
        assert nearest(VectorIndex.of(old), query, 10) == brute_force(old, query, 10)
    assert "out of step" in caplog.text


@pytest.mark.parametrize("new", [1, 600])
def test_a_file_that_is_behind_gets_what_it_lacks(store: Store, new: int, caplog: pytest.LogCaptureFixture) -> None:
    """Claims added since are found at once; a few do not cause the file to be written again, many do."""
    before = index_path(store.path).stat().st_mtime_ns
    fill(store, unit_rows(new, seed=5))
    query = unit_rows(new, seed=5)[0]
    index = VectorIndex.of(store)
    assert nearest(index, query, 10) == brute_force(store, query, 10)
    assert nearest(index, query, 1) == [301]
    assert not caplog.records
    assert (index_path(store.path).stat().st_mtime_ns == before) is (new == 1)


def test_a_cache_that_cannot_be_written_costs_no_answer(store: Store) -> None:
    """A folder in the place of the file: the search still answers."""
    path = index_path(store.path)
    path.unlink()
    path.mkdir()
    query = unit_rows(1, seed=2)[0]
    assert nearest(VectorIndex.of(store), query, 5) == brute_force(store, query, 5)


def test_an_empty_store_has_no_neighbours(tmp_path: Path) -> None:
    """No vectors: no matches, no file, no error."""
    with Store.open(tmp_path / "new.db") as empty:
        index = VectorIndex.of(empty)
        assert index.search(unit_rows(2), 5) == [[], []]
        assert not index_path(empty.path).exists()


def test_vectors_of_two_encoders_cannot_mix(store: Store) -> None:
    """The store refuses a vector from another encoder, by the library and by the file itself."""
    from tracker.errors import ModelUnavailable, StoreDamaged

    with pytest.raises(ModelUnavailable, match="made with the encoder test"):
        store.vectors.adopt("other:1", "other")
    claim = store.add_claim(NewClaim("One more."))
    with pytest.raises(StoreDamaged, match="another encoder"):
        store.insert(
            "INSERT INTO vectors (claim_id, encoder, vector, chain) VALUES (?, 'other:1', ?, ?)",
            [claim.id, b"1234", b""],
        )
