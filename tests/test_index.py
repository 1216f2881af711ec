"""The index: a cache that is never trusted further than it can be checked."""

from __future__ import annotations

import json
import logging
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import zlib
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import ROOT
from tracker.errors import StoreDamaged
from tracker.index import VectorIndex, index_path, read_index
from tracker.models import NewClaim, NewVerdict
from tracker.store import Store
from tracker.vectors import chain_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import CommandLine
    from tracker.pipeline import Tracker

DIMENSION = 8
ROWS = 300


def unit_rows(count: int, seed: int = 0, dimension: int = DIMENSION) -> Any:
    """Random unit vectors, the same for the same seed."""
    import numpy as np

    rows = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def fill(store: Store, rows: Any) -> None:
    """One claim a vector."""
    store.vectors.adopt("test:1", "test")
    with store.writing():
        ids = [store.add_claim(NewClaim(f"Claim {number}")).id for number in range(len(rows))]
        store.vectors.add(ids, [row.tobytes() for row in rows], "test:1")


def change_encoder(store: Store, fingerprint: str, dimension: int) -> None:
    """Give every claim a vector of another encoder, and let those answer."""
    store.vectors.begin_change(fingerprint, fingerprint)
    ids = [claim_id for claim_id, *_ in store.vectors.missing(fingerprint)]
    store.vectors.add(ids, [row.tobytes() for row in unit_rows(len(ids), 7, dimension)], fingerprint)
    assert store.vectors.finish_change(fingerprint)


def brute_force(path: Path, queries: Any, k: int) -> tuple[list[list[int]], Any]:
    """The ids and the cosines that any index must give, from the store's own rows, read apart from it."""
    import numpy as np

    with closing(sqlite3.connect(path)) as conn:
        rows = conn.execute(
            "SELECT claim_id, vector FROM vectors WHERE encoder = (SELECT value FROM settings WHERE key = 'encoder')"
        ).fetchall()
    ids = np.array([claim_id for claim_id, _ in rows])
    cosines = np.asarray(queries, np.float64) @ np.vstack([np.frombuffer(blob, "<f4") for _, blob in rows]).T
    best = np.argsort(-cosines, axis=1)[:, :k]
    return ids[best].tolist(), np.take_along_axis(cosines, best, axis=1)


def assert_exact(store: Store, k: int = 10) -> VectorIndex:
    """Fail unless the index gives what brute force gives, ids, order and cosines, for many queries."""
    import numpy as np

    index = VectorIndex.of(store)
    queries = unit_rows(25, 11, store.vectors.dimension())
    ids, cosines = brute_force(store.path, queries, k)
    for query, right, scores in zip(queries, ids, cosines, strict=True):
        found = index.search(query[None, :], k)[0]
        assert [claim_id for claim_id, _ in found] == right
        assert np.allclose([score for _, score in found], scores, atol=1e-5)
        assert np.allclose([index.score(query[None, :], right)[claim_id][0] for claim_id in right], scores, atol=1e-5)
    return index


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with 300 vectors and its index written, to copy."""
    path = tmp_path_factory.mktemp("filled") / "desk.db"
    with Store.open(path) as opened:
        fill(opened, unit_rows(ROWS))
        VectorIndex.of(opened)
    return path


@pytest.fixture
def store(filled: Path, tmp_path: Path) -> Iterator[Store]:
    """A store of its own with 300 vectors and its index written."""
    for file in (filled, index_path(filled)):
        shutil.copy(file, tmp_path)
    with Store.open(tmp_path / filled.name) as opened:
        yield opened


def test_search_equals_brute_force(store: Store) -> None:
    """The ids, their order and the scores are those of the exact answer; what has no vector has no score."""
    index = assert_exact(store)
    itself = unit_rows(ROWS)[41]
    [[(claim_id, score)]] = index.search(itself[None, :], 1)
    assert (claim_id, round(score, 5)) == (42, 1.0)
    two = index.score(unit_rows(ROWS)[41:43], [42, 9999])
    assert list(two) == [42]
    assert [round(value, 5) for value in two[42]] == [1.0, round(float(itself @ unit_rows(ROWS)[42]), 5)]


def test_a_current_file_is_read_not_rebuilt(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """Opening a store whose index is current neither complains nor writes."""
    caplog.set_level(logging.INFO)
    before = index_path(store.path).stat().st_mtime_ns
    VectorIndex.of(store)
    assert not caplog.records
    assert index_path(store.path).stat().st_mtime_ns == before


# --- what can be wrong with the file ----------------------------------------------------------------------------------


def parts(path: Path) -> tuple[dict[str, Any], bytes]:
    head, payload = path.read_bytes().split(b"\n", 1)
    return json.loads(head), payload


def forge(path: Path, header: object, payload: bytes) -> None:
    """Write an index file whose length and checksum are right."""
    if isinstance(header, dict):
        header |= {"bytes": len(payload), "crc32": zlib.crc32(payload)}
    path.write_bytes(json.dumps(header).encode() + b"\n" + payload)


def forge_rows(path: Path, ids: Any, rows: Any, inner: Any = None) -> None:
    """Leave the header's claims as they are, and put an index with other rows, or of another kind, behind it."""
    import faiss
    import numpy as np

    index = faiss.IndexIDMap2(inner or faiss.IndexFlatIP(rows.shape[1]))
    index.add_with_ids(np.ascontiguousarray(rows), np.asarray(ids, np.int64))
    forge(path, parts(path)[0], faiss.serialize_index(index).tobytes())


def _gone(path: Path) -> None:
    path.unlink()


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _cut_in_half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _too_long(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


def _garbage(path: Path) -> None:
    path.write_bytes(b"\xff" * 5000)


def _zeros(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def _garbage_behind_its_header(path: Path) -> None:
    header, payload = parts(path)
    forge(path, header, random.Random(1).randbytes(len(payload)))


def _nothing_behind_its_header(path: Path) -> None:
    forge(path, parts(path)[0], b"")


def _other_ids(path: Path) -> None:
    forge_rows(path, range(2, ROWS + 2), unit_rows(ROWS))


def _two_ids_swapped(path: Path) -> None:
    forge_rows(path, [2, 1, *range(3, ROWS + 1)], unit_rows(ROWS))


def _other_vectors(path: Path) -> None:
    forge_rows(path, range(1, ROWS + 1), unit_rows(ROWS, seed=8))


def _one_number_changed(path: Path) -> None:
    rows = unit_rows(ROWS)
    rows[123, 4] += 0.01
    forge_rows(path, range(1, ROWS + 1), rows)


def _fewer_rows(path: Path) -> None:
    forge_rows(path, range(1, ROWS), unit_rows(ROWS)[:-1])


def _wider_rows(path: Path) -> None:
    forge_rows(path, range(1, ROWS + 1), unit_rows(ROWS, 0, DIMENSION * 2))


def _another_measure(path: Path) -> None:
    import faiss

    forge_rows(path, range(1, ROWS + 1), unit_rows(ROWS), faiss.IndexFlatL2(DIMENSION))


def _without_ids(path: Path) -> None:
    import faiss

    index = faiss.IndexFlatIP(DIMENSION)
    index.add(unit_rows(ROWS))
    forge(path, parts(path)[0], faiss.serialize_index(index).tobytes())


def _another_stores(path: Path) -> None:
    with Store.open(path.with_name("other.db")) as other:
        fill(other, unit_rows(ROWS, seed=9))
        VectorIndex.of(other)
        shutil.copy(index_path(other.path), path)


def _another_encoders(store: Store) -> None:
    change_encoder(store, "test:2", DIMENSION)


def _of_another_dimension(store: Store) -> None:
    change_encoder(store, "test:3", DIMENSION * 3)


def _encoder_changed_and_back(store: Store) -> None:
    change_encoder(store, "test:2", DIMENSION)
    change_encoder(store, "test:1", DIMENSION)


def _newer_than_the_store(store: Store) -> None:
    _put_back(store, then=0)


def _of_another_history(store: Store) -> None:
    _put_back(store, then=5)


def _of_another_longer_history(store: Store) -> None:
    _put_back(store, then=700)


def _put_back(store: Store, then: int) -> None:
    """Index five claims more, put the store back from a copy without them, and add `then` others."""
    with closing(sqlite3.connect(":memory:")) as copy, closing(sqlite3.connect(store.path)) as conn:
        conn.backup(copy)
        fill(store, unit_rows(5, seed=3))
        index_path(store.path).unlink()
        VectorIndex.of(store)
        copy.backup(conn)
    if then:
        fill(store, unit_rows(then, seed=4))


def _link_to_nowhere(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.with_name("nowhere"))


def _link_to_itself(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _unreadable(path: Path) -> None:
    path.chmod(0)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


_SILENT = {_gone, _link_to_nowhere}  # nothing there is nothing wrong
_EXPECTED = {_another_encoders, _of_another_dimension, _newer_than_the_store}  # others' work, not a fault
_OF_THE_FILE = [
    *(_gone, _empty, _cut_in_half, _too_long, _garbage, _zeros, _garbage_behind_its_header, _nothing_behind_its_header),
    *(_other_ids, _two_ids_swapped, _other_vectors, _one_number_changed, _fewer_rows, _wider_rows, _another_measure),
    *(_without_ids, _another_stores, _link_to_nowhere, _link_to_itself, _pipe, _unreadable),
]
_OF_THE_STORE = [
    *(_another_encoders, _of_another_dimension, _encoder_changed_and_back),
    *(_newer_than_the_store, _of_another_history, _of_another_longer_history),
]


@pytest.mark.parametrize("harm", [*_OF_THE_FILE, *_OF_THE_STORE], ids=lambda harm: harm.__name__.strip("_"))
def test_a_file_that_is_not_the_stores_is_noticed_and_made_again(
    store: Store, harm: Callable[[Any], None], caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever is wrong: it is told, the answer is the exact one, and the next opening finds a sound file."""
    caplog.set_level(logging.INFO)
    path = index_path(store.path)
    harm(store if harm in _OF_THE_STORE else path)
    caplog.clear()
    assert_exact(store)
    if harm is not _unreadable or os.geteuid():  # to root nothing is unreadable
        told = [record.levelname for record in caplog.records if "built anew" in record.message]
        assert told == ([] if harm in _SILENT else ["INFO"] if harm in _EXPECTED else ["WARNING"])
    caplog.clear()
    assert not path.is_symlink()
    assert parts(path)[0]["state"]["chain"] == store.vectors.state().chain
    assert_exact(store)
    assert not caplog.records


def test_a_file_cut_anywhere(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """At every power of two, at random points, around the header's end and just before its own."""
    path = index_path(store.path)
    whole = path.read_bytes()
    head = whole.index(b"\n")
    points = {2**power for power in range(len(whole).bit_length())} | {head, head + 1, head + 2, len(whole) - 1}
    points |= {random.Random(2).randrange(len(whole)) for _ in range(20)}
    for point in sorted(points):
        path.write_bytes(whole[:point])
        caplog.clear()
        assert_exact(store)
        assert "built anew" in caplog.text, point
        assert path.read_bytes() == whole, point


def test_any_bit_flipped(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """Each byte of the header, and many of what follows: the answer is exact, and the file is mended."""
    caplog.set_level(logging.INFO)
    path = index_path(store.path)
    whole = path.read_bytes()
    head = whole.index(b"\n")
    pick = random.Random(3)
    for at in (*range(head + 40), *(pick.randrange(head, len(whole)) for _ in range(60))):
        harmed = bytearray(whole)
        harmed[at] ^= 1 << pick.randrange(8)
        path.write_bytes(harmed)
        caplog.clear()
        index = VectorIndex.of(store)
        query = unit_rows(1, seed=at)
        assert [claim_id for claim_id, _ in index.search(query, 5)[0]] == brute_force(store.path, query, 5)[0][0]
        assert "built anew" in caplog.text, at
        assert path.read_bytes() == whole, at


def test_a_header_of_anything(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """Every field left out, or of a wrong kind; JSON that is no object, or too deep."""
    caplog.set_level(logging.INFO)
    path = index_path(store.path)
    header, payload = parts(path)
    odd: list[object] = [
        None,
        "x",
        "",
        -1,
        0,
        1,
        2**40,
        2**70,
        1e308,
        float("nan"),
        float("inf"),
        True,
        [],
        {},
        "\udcff",
    ]
    headers: list[object] = [*odd, [1], {}]
    for name in header:
        headers += [{key: value for key, value in header.items() if key != name}]
        headers += [header | {name: value} for value in odd]
    for name in (*header["state"], "more"):
        headers += [header | {"state": header["state"] | {name: value}} for value in odd]
        headers += [header | {"state": {key: value for key, value in header["state"].items() if key != name}}]
    lines = [json.dumps(one).encode() for one in headers if one != header]
    for line in (*lines, b"[" * 4000, b'{"a":' * 800, b"\x00", b"{", b"\xff\xfe", b" " * 5000):
        path.write_bytes(line + b"\n" + payload)
        caplog.clear()
        index = VectorIndex.of(store)
        assert index.rows == ROWS
        assert "built anew" in caplog.text, line
        assert parts(path) == (header, payload)


def test_a_folder_in_its_place_costs_no_answer(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """What cannot be read nor written is told each time, and left as it is; the search still answers."""
    path = index_path(store.path)
    _folder(path)
    (path / "something").touch()
    for _ in range(2):
        caplog.clear()
        assert_exact(store)
        assert "not a file" in caplog.text
    assert (path / "something").exists()


class TakenAway(type(Path())):  # type: ignore[misc]
    """A path that another process removes as soon as somebody has looked at it."""

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        found: os.stat_result = super().stat(follow_symlinks=follow_symlinks)
        self.unlink()
        return found


def test_a_file_that_is_taken_away_meanwhile_is_missing(store: Store) -> None:
    """It was a file when it was looked at: nobody is told that it is none."""
    VectorIndex.of(store)
    path = TakenAway(index_path(store.path))
    with pytest.raises(FileNotFoundError):
        read_index(path, store, store.vectors.state())
    assert not index_path(store.path).exists()


@pytest.mark.parametrize("new", [1, 512, 513, 1200])
def test_a_file_that_is_behind_gets_what_it_lacks(store: Store, new: int, caplog: pytest.LogCaptureFixture) -> None:
    """Claims added since are found at once; a few do not cause the file to be written again, many do."""
    caplog.set_level(logging.INFO)
    before = index_path(store.path).stat().st_mtime_ns
    fill(store, unit_rows(new, seed=5))
    index = assert_exact(store)
    assert index.search(unit_rows(new, seed=5)[:1], 1)[0][0][0] == ROWS + 1
    assert not caplog.records
    assert (index_path(store.path).stat().st_mtime_ns == before) is (new <= 512)


def test_a_file_whose_store_is_empty_goes(tmp_path: Path, store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """No vectors: no matches, no file, no error; and a file that is there is not believed."""
    with Store.open(tmp_path / "new.db") as empty:
        for _ in range(2):
            index = VectorIndex.of(empty)
            assert index.search(unit_rows(2), 5) == [[], []]
            assert not index_path(empty.path).exists()
            assert not caplog.records
        shutil.copy(index_path(store.path), index_path(empty.path))
        assert VectorIndex.of(empty).search(unit_rows(2), 5) == [[], []]
        assert "another store" in caplog.text
        assert not index_path(empty.path).exists()


def test_the_command_line_answers_the_same_whatever_befalls_the_file(desk: CommandLine) -> None:
    """`tracker search` over a sound index, none, half of one, and a folder: the same answer, and one line at most."""
    question = ("search", "How large is NATO's rapid reaction force?", "--json", "--explain")
    sound = desk(*question)
    assert (sound.code, sound.err) == (0, "")
    path = index_path(desk.store)
    for harm in (_gone, _cut_in_half, _folder):
        harm(path)
        found = desk(*question)
        assert (found.code, found.json) == (0, sound.json)
        assert found.err.count("\n") == (harm is not _gone)


# --- the vectors in the store -----------------------------------------------------------------------------------------


def harm_rows(path: Path, sql: str, *params: object) -> None:
    """Change vectors behind the tracker's back, as a failing disk or another program would."""
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        conn.execute("DROP TRIGGER IF EXISTS vectors_stay_as_they_are")
        assert conn.execute(sql, params).rowcount > 0


def _bytes(*numbers: float) -> bytes:
    import numpy as np

    return np.array(numbers, "<f4").tobytes()


_ODD = _bytes(*[0.1] * DIMENSION)
_HARMED_ROWS = {
    "shorter": "UPDATE vectors SET vector = substr(vector, 1, 28) WHERE claim_id = 17",
    "one shorter, the next longer": """UPDATE vectors SET vector = CASE claim_id WHEN 17 THEN substr(vector, 1, 28)
        ELSE CAST(vector || x'00000000' AS BLOB) END WHERE claim_id IN (17, 18)""",
    "odd": "UPDATE vectors SET vector = substr(vector, 1, 31) WHERE claim_id = 17",
    "empty": "UPDATE vectors SET vector = x'' WHERE claim_id = 17",
    "all empty": "UPDATE vectors SET vector = x''",
    "no number": f"UPDATE vectors SET vector = x'{_bytes(*[float('nan')] * DIMENSION).hex()}' WHERE claim_id = 17",
    "the next one's": "UPDATE vectors SET vector = (SELECT vector FROM vectors WHERE seq = 18) WHERE seq = 17",
    "the first": f"UPDATE vectors SET vector = x'{_ODD.hex()}' WHERE claim_id = 1",
    "the last": f"UPDATE vectors SET vector = x'{_ODD.hex()}' WHERE claim_id = 300",
    "of another claim": "UPDATE vectors SET claim_id = 301 WHERE claim_id = 17",
    "its hash": "UPDATE vectors SET chain = randomblob(16) WHERE claim_id = 17",
    "no hash": "UPDATE vectors SET chain = x'' WHERE claim_id = 17",
    "gone": "DELETE FROM vectors WHERE claim_id = 17",
}


@pytest.mark.parametrize("harm", _HARMED_ROWS)
def test_no_index_is_built_over_a_damaged_vector(store: Store, harm: str) -> None:
    """A vector that is not what was stored is one clear line that names the cure, and no file is written."""
    store.add_claim(NewClaim("Claim 301"))
    harm_rows(store.path, _HARMED_ROWS[harm])
    index_path(store.path).unlink()
    with pytest.raises(StoreDamaged, match=r"damaged.*'tracker doctor --fix'") as caught:
        VectorIndex.of(store)
    assert "\n" not in str(caught.value)
    assert not index_path(store.path).exists()


def test_no_damaged_vector_is_taken_up_later(store: Store) -> None:
    """The rows that a sound file lacks are looked at in the same way; what the file holds still answers until then."""
    query = unit_rows(1, seed=6)
    right = brute_force(store.path, query, 5)[0][0]
    harm_rows(store.path, "UPDATE vectors SET vector = ? WHERE claim_id = ?", _bytes(*[0.3] * DIMENSION), right[0])
    assert [claim_id for claim_id, _ in VectorIndex.of(store).search(query, 5)[0]] == right
    fill(store, unit_rows(3, seed=5))
    harm_rows(store.path, "UPDATE vectors SET vector = substr(vector, 5) WHERE claim_id = 302")
    with pytest.raises(StoreDamaged, match="the vector of claim 302"):
        VectorIndex.of(store)


@pytest.mark.parametrize("number", [200, ROWS, ROWS + 3])
def test_no_index_is_built_over_vectors_of_two_lengths(store: Store, number: int) -> None:
    """Even where every hash is right: from that claim on they are shorter, whether a file lacks them or not."""
    fill(store, unit_rows(6, seed=5))
    rows = store.rows("SELECT seq, claim_id, vector, chain FROM vectors ORDER BY seq")
    chain = rows[number - 2]["chain"]
    for row in rows[number - 1 :]:
        chain = chain_hash(chain, row["claim_id"], row["vector"][:16])
        harm_rows(
            store.path, "UPDATE vectors SET vector = ?, chain = ? WHERE seq = ?", row["vector"][:16], chain, row[0]
        )
    if number <= ROWS:
        index_path(store.path).unlink()
    with pytest.raises(StoreDamaged, match=f"the vector of claim {number} is damaged"):
        VectorIndex.of(store)


def test_a_damaged_vector_on_the_command_line(desk: CommandLine) -> None:
    """Exit code 8 and one line, no traceback."""
    harm_rows(desk.store, "UPDATE vectors SET vector = substr(vector, 5) WHERE claim_id = 7")
    index_path(desk.store).unlink()
    done = desk("search", "NATO")
    assert (done.code, done.out, done.err.count("\n")) == (8, "", 1)
    assert "doctor --fix" in done.err


# --- while others write -----------------------------------------------------------------------------------------------


def assert_equal_to_a_fresh_one(store: Store, index: VectorIndex) -> None:
    """Fail unless the index answers as one does that is made for the store as it is now."""
    queries = unit_rows(25, 11, store.vectors.dimension())
    assert index.state == store.vectors.state()
    ids, cosines = brute_force(store.path, queries, 10)
    found = index.search(queries, 10)
    assert [[claim_id for claim_id, _ in row] for row in found] == ids
    assert [[cosine for _, cosine in row] for row in found] == pytest.approx(cosines, abs=1e-6)


def test_an_open_index_goes_on_with_what_was_added(store: Store) -> None:
    """It is not read again, by whomever the claims were added; the file follows when it is far behind."""
    first = VectorIndex.of(store)
    assert VectorIndex.of(store, first) is first
    with Store.open(store.path) as other:
        fill(other, unit_rows(5, 3))
    index = VectorIndex.of(store, first)
    assert (index.rows, index.filed) == (ROWS + 5, ROWS)
    assert_equal_to_a_fresh_one(store, index)
    fill(store, unit_rows(600, 4))
    further = VectorIndex.of(store, index)
    assert (further.kind, further.filed) == (index.kind, ROWS + 605)
    assert_equal_to_a_fresh_one(store, further)
    assert_equal_to_a_fresh_one(store, VectorIndex.of(store, index))  # the one before was taken further and is no use


def test_an_open_index_forgets_what_was_rolled_back(store: Store) -> None:
    """What it took up inside a transaction that came to nothing, also where other rows have the numbers since."""
    index = VectorIndex.of(store)

    def add_and_give_up() -> VectorIndex:
        with suppress(InterruptedError), store.writing():
            fill(store, unit_rows(3, 5))
            taken = VectorIndex.of(store, index)
            raise InterruptedError
        return taken

    assert add_and_give_up().rows == ROWS + 3
    assert_equal_to_a_fresh_one(store, VectorIndex.of(store, add_and_give_up()))
    taken = add_and_give_up()
    fill(store, unit_rows(3, 6))
    assert_equal_to_a_fresh_one(store, VectorIndex.of(store, taken))


def test_an_open_index_of_another_encoder_is_left(store: Store) -> None:
    """A change of encoder makes another index of it."""
    index = VectorIndex.of(store)
    change_encoder(store, "other:1", 4)
    assert store.vectors.dimension() == 4
    assert_equal_to_a_fresh_one(store, VectorIndex.of(store, index))


def test_an_index_is_of_one_state(store: Store) -> None:
    """Claims that another process adds between two of the statements that read the vectors are not half taken up."""
    with Store.open(store.path) as other:
        seen: list[str] = []

        def add_one(sql: str) -> None:
            if sql.startswith("SELECT"):
                seen.append(sql)
                fill(other, unit_rows(1, seed=len(seen)))

        store.rows("PRAGMA user_version")
        index_path(store.path).unlink()
        store._conn.set_trace_callback(add_one)
        index = VectorIndex.of(store)
        store._conn.set_trace_callback(None)
    assert len(seen) >= 4
    assert index.kind
    assert index.kind.count == index.rows == ROWS + 1  # the first statement's addition came before it
    assert store.vectors.count() == ROWS + len(seen)
    assert_exact(store)


def test_a_search_is_of_one_state(tracker: Tracker) -> None:
    """Verdicts and claims that another process adds while a search reads are in its answer altogether or not at all."""
    claim_id = tracker.add(NewClaim("The dam was built in 1962.")).claim_id
    tracker.search("When was the dam built?")
    with Store.open(tracker.store.path) as other:
        asked: list[str] = []
        inside: list[int] = []

        def add_one(sql: str) -> None:
            asked.append(sql)
            if sql == "BEGIN" or inside:
                inside.append(len(asked))
                other.verdicts.add(claim_id, NewVerdict(f"False ({len(inside)})"))

        tracker.store._conn.set_trace_callback(add_one)
        [match] = tracker.search("When was the dam built?").matches
        tracker.store._conn.set_trace_callback(None)
    assert len(inside) > 10
    assert len(match.verdicts) <= 2  # those before the first statement that read
    assert len(tracker.show(claim_id).verdicts) == len(inside)


_SEARCHER = """
import logging, sys
from pathlib import Path
import numpy as np
from tests.test_index import unit_rows
from tracker.index import VectorIndex
from tracker.store import Store

logging.disable()
counts = set()
with Store.open(Path(sys.argv[1])) as store:
    number = 0
    while number < 60 or len(counts) < 12:
        number += 1
        with store.reading():
            index = VectorIndex.of(store)
            rows = store.rows("SELECT claim_id, vector FROM vectors ORDER BY seq")
        matrix = np.vstack([np.frombuffer(row["vector"], "<f4") for row in rows])
        counts.add(len(rows))
        assert index.rows == index.kind.count == len(rows)
        for query in unit_rows(3, number):
            cosines = matrix @ query
            best = np.argsort(-cosines)[:10]
            found = index.search(query[None, :], 10)[0]
            assert [claim_id for claim_id, _ in found] == [rows[i]["claim_id"] for i in best]
            assert np.allclose([score for _, score in found], cosines[best], atol=1e-5)
"""
_ADDER = """
import sys
from pathlib import Path
from tests.test_index import fill, unit_rows
from tracker.store import Store

with Store.open(Path(sys.argv[1])) as store:
    for number in range(10**9):
        fill(store, unit_rows(40, 1000 + number))
"""
_VANDAL = """
import os, random, sys, time
from pathlib import Path
from tracker.index import index_path

path = index_path(Path(sys.argv[1]))
pick, old = random.Random(4), path.read_bytes()
while True:
    try:
        now = path.read_bytes()
        with path.open("r+b") as file:
            match pick.randrange(7):
                case 0: file.truncate(pick.randrange(len(now) + 1))
                case 1: file.write(pick.randbytes(2000))
                case 2: file.seek(pick.randrange(len(now) + 1)), file.write(pick.randbytes(50))
                case 3: path.unlink()
                case 4: file.write(old), file.truncate(len(old))
                case 5: file.write(old.partition(b"\\n")[0] + b"\\n" + now.partition(b"\\n")[2])
                case 6:
                    path.with_name("fresh").write_bytes(pick.choice([old, b"", now[:-1]]))
                    path.with_name("fresh").replace(path)
    except OSError:
        pass
    time.sleep(0.0005)
"""


def test_the_file_is_spoilt_while_it_is_read(store: Store) -> None:
    """Two processes search, one adds claims, one cuts, overwrites, swaps and removes the file: each answer is exact."""
    path = str(store.path)
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}

    def start(script: str) -> subprocess.Popen[str]:
        command, pipe = [sys.executable, "-c", script, path], subprocess.PIPE
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=pipe, stderr=pipe, text=True)

    others = [start(_ADDER), start(_VANDAL)]
    searching = [start(_SEARCHER), start(_SEARCHER)]
    ended = [(running.communicate(timeout=120), running.returncode) for running in searching]
    for other in others:
        assert other.poll() is None, other.communicate()
        other.kill()
        other.communicate()
    for (out, err), code in ended:
        assert (code, out, err) == (0, "", "")
    index_path(store.path).unlink(missing_ok=True)
    assert_exact(store)


def test_what_a_killed_process_left_is_cleared_away(tmp_path: Path) -> None:
    """A half-written index of an hour ago is deleted when the next one is written; one of now is somebody's work."""
    old, young = tmp_path / "desk.db.faissabc.new", tmp_path / "desk.db.faissxyz.new"
    for left in (old, young):
        left.write_bytes(b"half")
    os.utime(old, (0, 0))
    with Store.open(tmp_path / "desk.db") as store:
        fill(store, unit_rows(3))
        VectorIndex.of(store)
    assert index_path(tmp_path / "desk.db").exists()
    assert (old.exists(), young.exists()) == (False, True)
