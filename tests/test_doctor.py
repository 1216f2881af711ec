"""The doctor: every kind of damage is found and named, what is derived is mended, what was said is not touched."""

from __future__ import annotations

import json
import logging
import random
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.test_audit import OLD_STORE, behind_its_back, chain_anew, copied, full_store, rows_of, unit_vectors
from tests.test_schema import without_privileges
from tracker import doctor
from tracker.doctor import Report, examine
from tracker.errors import ModelUnavailable, StoreDamaged, StoreTooNew
from tracker.events import KEYS
from tracker.index import VectorIndex, file, index_path, read_index
from tracker.models import NewClaim
from tracker.pipeline import Tracker
from tracker.store import Store
from tracker.vectors import VectorState

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import CommandLine

CHECKS = ["file", "schema", "foreign keys", "events", "words", "vectors", "index"]
SAID = ("claims", "external_ids", "verdicts", "evidence", "articles", "appearances", "events")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "desk.db"
    full_store(path)
    return path


@pytest.fixture
def path(template: Path, tmp_path: Path) -> Path:
    """A copy of a sound store in which everything has happened, with its index."""
    copied(index_path(template), index_path(tmp_path / "desk.db"))
    return copied(template, tmp_path / "desk.db")


def examined(path: Path, *, fix: bool = False, embed: Callable[[], object] | None = None) -> Report:
    with Store.open(path) as store:
        return examine(store, fix=fix, embed=embed)


def told(report: Report) -> dict[str, list[str]]:
    """What each check found that is not mended."""
    assert [check.name for check in report.checks] == CHECKS
    found = {check.name: [one.what for one in check.problems if not one.mended] for check in report.checks}
    return {name: problems for name, problems in found.items() if problems}


def mended(report: Report) -> dict[str, list[str]]:
    found = {check.name: [one.what for one in check.problems if one.mended] for check in report.checks}
    return {name: problems for name, problems in found.items() if problems}


def said(path: Path) -> dict[str, list[Any]]:
    """What stands in the tables that are never mended."""
    return {table: rows_of(path, f"SELECT * FROM {table} ORDER BY rowid") for table in SAID}


def embedding(path: Path) -> Callable[[], None]:
    """Stands for the encoder: gives each claim without one its vector."""

    def embed() -> None:
        with Store.open(path) as store:
            missing = [number for number, *_ in store.vectors.missing()]
            store.vectors.add(missing, unit_vectors(len(missing), 3), "test:1")

    return embed


# --- sound stores -----------------------------------------------------------------------------------------------------


def test_a_sound_store_has_no_problem(path: Path) -> None:
    """Merges, links, retractions, undone ones, superseded verdicts, evidence, a change of encoder half done."""
    report = examined(path)
    assert told(report) == {}
    assert (report.sound, report.missing) == (True, 0)
    assert all(check.note is None for check in report.checks)


def test_new_and_old_stores_have_no_problem(tmp_path: Path) -> None:
    """A store made this moment, and one that the first tracker made and this one brought up to date."""
    assert told(examined(tmp_path / "new.db")) == {}
    old = examined(copied(OLD_STORE, tmp_path / "old.db"))
    assert told(old) == ({"vectors": ["there are claims without a vector"]} if old.missing else {})


def test_the_starter_claims_have_no_problem(desk: CommandLine) -> None:
    """A store as users have it, its index too; an index that is behind is none either."""
    assert told(examined(desk.store)) == {}
    with Tracker.open(desk.store) as tracker:
        tracker.add(NewClaim("One more, which the index file does not have yet."))
    assert told(examined(desk.store)) == {}


def test_fixing_a_sound_store_changes_nothing(path: Path) -> None:
    """No row and no file is touched where there is nothing to mend."""
    before, index = said(path), index_path(path).stat().st_mtime_ns
    vectors = rows_of(path, "SELECT * FROM vectors")
    assert mended(examined(path, fix=True, embed=lambda: pytest.fail("nothing to embed"))) == {}
    assert (said(path), rows_of(path, "SELECT * FROM vectors")) == (before, vectors)
    assert index_path(path).stat().st_mtime_ns == index


# --- what can be mended -----------------------------------------------------------------------------------------------


def _sql(*statements: str) -> Callable[[Path], None]:
    def harm(path: Path) -> None:
        with behind_its_back(path) as conn:
            for statement in statements:
                conn.execute(statement)

    return harm


def _plain(*statements: str) -> Callable[[Path], None]:
    """For what is done to the triggers themselves."""

    def harm(path: Path) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as conn:
            for statement in statements:
                conn.execute(statement)

    return harm


def _index_without_a_row(path: Path) -> None:
    """Let a row get another number while its table's index is not looking."""
    columns = "rowid, type, name, tbl_name, rootpage, sql"
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        conn.execute("PRAGMA writable_schema = ON")
        row = conn.execute(f"SELECT {columns} FROM sqlite_schema WHERE name = 'links_by_other'").fetchone()
        conn.execute("DELETE FROM sqlite_schema WHERE name = 'links_by_other'")
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        conn.execute("UPDATE links SET rowid = 9")
        conn.execute("PRAGMA writable_schema = ON")
        conn.execute(f"INSERT INTO sqlite_schema ({columns}) VALUES (?, ?, ?, ?, ?, ?)", row)


def _broken_vector(value: str) -> Callable[[Path], None]:
    return _sql(f"UPDATE vectors SET vector = {value} WHERE claim_id = 4 AND encoder = 'test:1'")


def _cut_index(path: Path) -> None:
    file = index_path(path)
    file.write_bytes(file.read_bytes()[:-7])


def _flipped_index(path: Path) -> None:
    file = index_path(path)
    data = bytearray(file.read_bytes())
    data[-9] ^= 4
    file.write_bytes(data)


def _folder_for_index(path: Path) -> None:
    index_path(path).unlink()
    index_path(path).mkdir()


def _other_index(path: Path) -> None:
    """The file of another store, which is sound in itself."""
    other = path.with_name("other.db")
    full_store(other)
    shutil.copy(index_path(other), index_path(path))


def _index_of_other_rows(path: Path) -> None:
    """As a fault of the tracker itself would leave it: sealed, and the vectors of two claims changed about."""
    import faiss
    import numpy as np

    with Store.open(path) as store:
        kept = read_index(index_path(path), store, store.vectors.state())
        (ids, rows) = next(store.vectors.after(VectorState(kept.state.encoder), kept.state))
        wrong = faiss.IndexIDMap2(faiss.IndexFlatIP(rows.shape[1]))
        wrong.add_with_ids(rows, np.array([ids[1], ids[0], *ids[2:]]))
        payload = faiss.serialize_index(wrong).tobytes()
        file.write(index_path(path), store, payload, file.Filed(kept.state, kept.rows, 0))


MENDABLE: dict[str, tuple[str, str, Callable[[Path], None]]] = {
    "index of a table": ("file", "links_by_other", _index_without_a_row),
    "trigger gone": ("schema", "trigger verdicts_stay: missing", _plain("DROP TRIGGER verdicts_stay")),
    "trigger changed": (
        "schema",
        "trigger verdicts_stay: not as the migrations make it",
        _plain(
            "DROP TRIGGER verdicts_stay", "CREATE TRIGGER verdicts_stay BEFORE DELETE ON verdicts BEGIN SELECT 1; END"
        ),
    ),
    "index gone": ("schema", "index claims_by_text_key: missing", _plain("DROP INDEX claims_by_text_key")),
    "index changed": (
        "schema",
        "index claims_by_text_key: not as the migrations make it",
        _plain("DROP INDEX claims_by_text_key", "CREATE INDEX claims_by_text_key ON claims (title)"),
    ),
    "table of words gone": ("schema", "table claims_fts: missing", _plain("DROP TABLE claims_fts")),
    "merge gone": ("events", "the merge of claim 4", _sql("DELETE FROM merged")),
    "merge changed": ("events", "the merge of claim 4", _sql("UPDATE merged SET into_id = 9")),
    "merge put in": ("events", "the merge of claim 9", _sql("INSERT INTO merged VALUES (9, 1, 1)")),
    "link changed": ("events", "the link of claims 7 and 8", _sql("UPDATE links SET relation = 'opposite'")),
    "link unreadable": ("events", "links, row 1", _sql("UPDATE links SET relation = CAST(x'ff61' AS TEXT)")),
    "retraction gone": ("events", "the retraction of claim 11", _sql("DELETE FROM retracted_claims")),
    "verdict's retraction gone": ("events", "the retraction of verdict 3", _sql("DELETE FROM retracted_verdicts")),
    "verdict retracted": (
        *("events", "the retraction of verdict 2"),
        _sql("INSERT INTO retracted_verdicts VALUES (2, 1)"),
    ),
    "encoder changed": (
        *("events", "the setting encoder"),
        _sql("UPDATE settings SET value = 'test:9' WHERE key = 'encoder'"),
    ),
    "encoder gone": ("events", "the setting encoder", _sql("DELETE FROM settings WHERE key = 'encoder'")),
    "reference to nothing": (
        *("foreign keys", "links, row 1: other_id names one of claims"),
        _sql("UPDATE links SET other_id = 99"),
    ),
    "words of a claim missing": (
        *("words", "claim 5: not found by its words"),
        _sql("INSERT INTO claims_fts (claims_fts, rowid, text) SELECT 'delete', id, text FROM claims WHERE id = 5"),
    ),
    "words of another claim": (
        *("words", "does not fit"),
        _sql("INSERT INTO claims_fts (rowid, text) VALUES (5, 'the moon is made of cheese')"),
    ),
    "words damaged": ("words", "does not fit", _sql("UPDATE claims_fts_data SET block = x'00ff' WHERE id > 10")),
    "words emptied": ("words", "does not fit", _sql("DELETE FROM claims_fts_data WHERE id > 10")),
    "marks of the words gone": ("words", "does not fit", _sql("DELETE FROM claims_fts_config")),
    "vector changed": (
        *("vectors", "claim 4 is not the one"),
        _broken_vector("(SELECT vector FROM vectors WHERE claim_id = 5)"),
    ),
    "vector short": ("vectors", "claim 4 has not the length", _broken_vector("substr(vector, 1, 28)")),
    "vector of bytes": ("vectors", "claim 4 has not the length", _broken_vector("substr(vector, 1, 27)")),
    "vector empty": ("vectors", "claim 4 has not the length", _broken_vector("x''")),
    "vector of nothing": ("vectors", "claim 4 is no unit vector", _broken_vector("zeroblob(32)")),
    "vector without numbers": (
        *("vectors", "claim 4 is no unit vector"),
        _broken_vector("CAST(x'0000c07f' || zeroblob(28) AS BLOB)"),
    ),
    "chain changed": ("vectors", "claim 4 is not the one", _sql("UPDATE vectors SET chain = x'00' WHERE claim_id = 4")),
    "vector taken out": ("vectors", "claim 5 is not the one", _sql("DELETE FROM vectors WHERE claim_id = 4")),
    "last vector gone": ("vectors", "claims without a vector", _sql("DELETE FROM vectors WHERE claim_id = 12")),
    "all vectors gone": ("vectors", "claims without a vector", _sql("DELETE FROM vectors")),
    "vector of no claim": (
        "vectors",
        "claim 99 is of no claim",
        _sql("UPDATE vectors SET claim_id = 99 WHERE seq = 4"),
    ),
    "vectors of a stranger": (
        *("vectors", "an encoder that is not the store's"),
        _sql("INSERT INTO vectors (claim_id, encoder, vector, chain) VALUES (1, 'test:7', x'00', x'00')"),
    ),
    "index cut": ("index", "desk.db.faiss: damaged", _cut_index),
    "index flipped": ("index", "desk.db.faiss: damaged", _flipped_index),
    "index of another": ("index", "desk.db.faiss: damaged, or of another store", _other_index),
    "index of other rows": ("index", "desk.db.faiss: does not hold the store's vectors", _index_of_other_rows),
}


@pytest.mark.parametrize("kind", MENDABLE)
def test_what_is_derived_is_found_and_mended(path: Path, kind: str) -> None:
    """The damage is named by its check with a hint, mending it leaves a sound store, and nothing said has changed."""
    check, what, harm = MENDABLE[kind]
    harm(path)
    before = said(path)
    report = examined(path)
    assert any(what in one for one in told(report).get(check, [])), told(report)
    assert not report.sound
    assert all(one.hint for found in report.checks for one in found.problems)
    report = examined(path, fix=True, embed=embedding(path))
    assert told(report) == {}
    assert any(what in one for one in mended(report)[check])
    assert report.sound
    assert mended(examined(path)) == told(examined(path)) == {}
    assert said(path) == before
    with Store.open(path) as store:
        assert store.curation.root(4) == 3
        assert 5 in store.find_words('"number" AND "5"', 20)
        assert len(VectorIndex.of(store).search(_any_vector(), 20)[0]) == 12


def _any_vector() -> Any:
    import numpy as np

    return np.frombuffer(unit_vectors(1, 1)[0], "<f4")[None, :]


def test_good_vectors_are_kept(path: Path) -> None:
    """Only the bad vector is computed anew; those after it are chained again as they are, in both encoders' rows."""
    before = dict(rows_of(path, "SELECT claim_id || encoder, vector FROM vectors"))
    _sql("UPDATE vectors SET vector = zeroblob(32) WHERE claim_id = 2")(path)
    report = examined(path, fix=True)
    after = dict(rows_of(path, "SELECT claim_id || encoder, vector FROM vectors"))
    assert set(before) - set(after) == {"2test:1", "2test:2"}
    assert all(before[key] == vector for key, vector in after.items())
    assert report.missing == 1
    assert told(report) == {"vectors": ["there are claims without a vector"]}


def test_missing_vectors_are_told_where_nobody_embeds(path: Path) -> None:
    """How many, and what to do; also where the weights cannot be had."""

    def cannot() -> None:
        raise ModelUnavailable("no weights")

    _sql("DELETE FROM vectors WHERE claim_id > 10")(path)
    report = examined(path)
    assert report.missing == 2
    [problem] = report.checks[5].problems
    assert problem.hint
    assert problem.hint.startswith("2 of 12")
    report = examined(path, fix=True, embed=cannot)
    assert (report.sound, report.missing) == (False, 2)
    assert len(VectorIndex.of(Store.open(path)).search(_any_vector(), 20)[0]) == 10


def test_a_store_as_users_have_it_is_mended(desk: CommandLine, caplog: pytest.LogCaptureFixture) -> None:
    """With the real encoder: a vector and the index damaged, found, mended, and the claim is found again."""
    _sql("UPDATE vectors SET vector = zeroblob(1536) WHERE claim_id = 7")(desk.store)
    _cut_index(desk.store)
    with Tracker.open(desk.store) as tracker:
        report = examine(tracker.store, fix=True, embed=tracker.embed)
        assert set(mended(report)) >= {"vectors"}
        assert told(report) == {}
        claim = tracker.store.claim(7)
        assert tracker.search(claim.text).matches[0].claim == claim
    assert all(record.levelno <= logging.WARNING for record in caplog.records)


# --- what cannot be mended --------------------------------------------------------------------------------------------

SPOKEN: dict[str, tuple[str, str, Callable[[Path], None]]] = {
    "rating": ("events", "verdict 2: rating is 'True'", _sql("UPDATE verdicts SET rating = 'True' WHERE id = 2")),
    "verdict gone": ("events", "verdict 3: event", _sql("DELETE FROM verdicts WHERE id = 3")),
    "evidence": ("events", "evidence 1: note", _sql("UPDATE evidence SET note = 'another' WHERE id = 1")),
    "feed id": ("events", "feed id 1: claim_id", _sql("UPDATE external_ids SET claim_id = 2")),
    "article": ("events", "article 1: its text", _sql("UPDATE articles SET text = text || '!'")),
    "appearance": ("events", "appearance 1: start", _sql("UPDATE appearances SET start = 1 WHERE id = 1")),
    "text_key": ("events", "claim 3: text_key", _sql("UPDATE claims SET text_key = 'x' WHERE id = 3")),
    "event": ("events", "event 6 is not", _sql("UPDATE events SET author = 'x' WHERE id = 6")),
    "event gone": ("events", "event 6 is gone", _sql("DELETE FROM events WHERE id = 6")),
    "claim of a verdict": (
        "foreign keys",
        "verdicts, row 2: claim_id",
        _sql("UPDATE verdicts SET claim_id = 99 WHERE id = 2"),
    ),
    "table gone": ("schema", "table evidence: missing", _plain("DROP TABLE evidence")),
    "table changed": ("schema", "table claims: not as", _plain("ALTER TABLE claims ADD COLUMN more TEXT")),
    "table put in": ("schema", "table more: none that", _plain("CREATE TABLE more (id)")),
    "trigger put in": (
        *("schema", "trigger more: none that"),
        _plain("CREATE TRIGGER more BEFORE INSERT ON verdicts BEGIN SELECT RAISE(IGNORE); END"),
    ),
    "against a rule": (
        "file",
        "CHECK constraint failed in claims",
        _sql("UPDATE claims SET check_worthiness = 7 WHERE id = 2"),
    ),
    "index is a folder": ("index", "not a file", _folder_for_index),
}


@pytest.mark.parametrize("kind", SPOKEN)
def test_what_was_said_is_told_and_not_touched(path: Path, kind: str) -> None:
    """The damage is named with a hint; mending leaves it as it is, for somebody to decide."""
    check, what, harm = SPOKEN[kind]
    harm(path)
    tables = [name for name in SAID if kind != "table gone" or name != "evidence"]
    before = {name: rows_of(path, f"SELECT * FROM {name}") for name in tables}
    report = examined(path)
    assert any(what in one for one in told(report).get(check, [])), told(report)
    after = examined(path, fix=True, embed=embedding(path))
    assert any(what in one for one in told(after)[check]), told(after)
    assert not after.sound
    assert all(one.hint for found in after.checks for one in found.problems if not one.mended)
    assert {name: rows_of(path, f"SELECT * FROM {name}") for name in tables} == before


def test_a_broken_log_mends_nothing(path: Path) -> None:
    """Merges are made as the log tells only where the log can be believed."""
    _sql("DELETE FROM merged", "UPDATE events SET because = 'x' WHERE id = 3")(path)
    report = examined(path, fix=True)
    assert any("the merge of claim 4" in one for one in told(report)["events"])
    assert rows_of(path, "SELECT * FROM merged") == []


def test_a_forged_log_cannot_reach_other_columns(path: Path) -> None:
    """Names in an event that are no columns of its table are not taken into SQL."""
    [(changes,)] = rows_of(path, "SELECT changes FROM events WHERE kind = 'claims-merged' ORDER BY id LIMIT 1")
    [[sign, table, row]] = json.loads(changes)
    row["event_id) VALUES (?, ?, ? + 1) --"] = row.pop("event_id")
    with behind_its_back(path) as conn:
        conn.execute("UPDATE events SET changes = ? WHERE changes = ?", [json.dumps([[sign, table, row]]), changes])
        chain_anew(conn)
        conn.execute("DELETE FROM merged")
    assert "events" in told(examined(path, fix=True))
    assert rows_of(path, "SELECT * FROM merged") == []


# --- in adversity -----------------------------------------------------------------------------------------------------


def test_several_damages_are_found_together(path: Path) -> None:
    """One check's damage does not hide another's."""
    for kind in ("trigger gone", "merge gone", "words damaged", "vector short", "index cut"):
        MENDABLE[kind][2](path)
    _sql("UPDATE verdicts SET rating = 'True' WHERE id = 2")(path)
    assert set(told(examined(path))) == {"schema", "events", "words", "vectors", "index"}
    assert told(examined(path, fix=True, embed=embedding(path))) == {"events": [*told(examined(path))["events"]]}
    assert len(told(examined(path))["events"]) == 1


def test_what_sqlite_cannot_read_is_a_problem_and_the_rest_is_examined(path: Path) -> None:
    """A page of a table overwritten: the report says so, and words and vectors are still looked at."""
    [(page,)] = rows_of(path, "SELECT rootpage FROM sqlite_schema WHERE name = 'verdicts'")
    _sql("UPDATE vectors SET vector = zeroblob(32) WHERE claim_id = 2")(path)
    with closing(sqlite3.connect(path)) as conn:
        size = conn.execute("PRAGMA page_size").fetchone()[0]
    data = bytearray(path.read_bytes())
    data[(page - 1) * size : page * size] = b"\xff" * size
    path.write_bytes(data)
    found = told(examined(path))
    assert {"file", "events", "vectors"} <= set(found)
    assert not examined(path, fix=True).sound


def test_bit_rot_never_ends_in_a_traceback(path: Path) -> None:
    """Bytes overwritten anywhere in the file: refused when opened, or examined to the end, with mending too."""
    sound, pick, found = path.read_bytes(), random.Random(1), 0
    for _ in range(60):
        data = bytearray(sound)
        start = pick.randrange(100, len(data))
        data[start : start + pick.choice([1, 8, 300])] = pick.randbytes(pick.choice([1, 8, 300]))
        for side in ("-wal", "-shm"):
            path.with_name(path.name + side).unlink(missing_ok=True)
        path.write_bytes(data[: len(sound)])
        try:
            found += not examined(path).sound
            examined(path, fix=True)
        except (StoreDamaged, StoreTooNew):
            found += 1
    assert found > 30


def test_many_problems_are_told_in_few_lines(path: Path) -> None:
    """A report of thousands of lines helps nobody; what is left out is counted."""
    with Store.open(path) as store, store.writing():
        for number in range(100, 200):
            store.add_claim(NewClaim(f"Claim {number} of many."))
    _sql("UPDATE verdicts SET rating = 'x'", "UPDATE claims SET title = 'x'")(path)
    [events] = [check for check in examined(path).checks if check.name == "events"]
    assert len(events.problems) == doctor.MAX_PROBLEMS + 1
    assert events.problems[-1].what == "and 96 more"


@pytest.mark.parametrize("folder_too", [False, True])
def test_a_read_only_store_is_examined_and_not_mended(path: Path, folder_too: bool) -> None:
    """All but the words can be looked at without writing; to mend is refused in one line."""
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders are closed to nobody
        copy = copied(path, Path(name) / "desk.db")
        copied(index_path(path), index_path(copy)).chmod(0o444)
        copy.chmod(0o444)
        copy.parent.chmod(0o555 if folder_too else 0o777)
        with without_privileges(), Store.open(copy) as store:
            report = examine(store)
            with pytest.raises(StoreDamaged, match="read-only"):
                examine(store, fix=True)
        copy.parent.chmod(0o755)
    assert told(report) == {}
    notes = {check.name: check.note for check in report.checks if check.note}
    assert list(notes) == ["words"]
    assert "read-only" in str(notes["words"])


def test_looking_changes_nothing(path: Path) -> None:
    """Without `fix` a damaged store is as it was, its index too."""
    for kind in ("trigger gone", "merge gone", "words damaged", "vector short", "index cut"):
        MENDABLE[kind][2](path)

    def state() -> list[Any]:
        tables = [*KEYS, "events", "vectors", "claims_fts_data", "sqlite_schema"]
        return [*(rows_of(path, f"SELECT * FROM {table}") for table in tables), index_path(path).read_bytes()]

    before = state()
    assert not examined(path).sound
    assert state() == before
