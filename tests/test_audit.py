"""The audit: whatever is changed behind the tracker's back is noticed, and the first damage is named."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tracker.audit import Audit, verify
from tracker.calibration import Calibration
from tracker.events import HASHED, KEYS, LOGGED_SETTINGS, event_hash, first_break, key_of, replay
from tracker.index import VectorIndex
from tracker.models import Article, Evidence, NewClaim, NewVerdict, Statement
from tracker.store import Store
from tracker.tuning import Tuned, keep

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import CommandLine

OLD_STORE = Path(__file__).parent / "data" / "store-0001.db"


def unit_vectors(count: int, seed: int) -> list[bytes]:
    """Random vectors of unit length, as the store keeps them."""
    import numpy as np

    rows = np.random.default_rng(seed).normal(size=(count, 8)).astype("<f4")
    return [row.tobytes() for row in rows / np.linalg.norm(rows, axis=1, keepdims=True)]


def full_store(path: Path) -> None:
    """A sound store in which everything has happened that can, and a change of encoder is half done."""
    with Store.open(path) as store:
        store.vectors.adopt("test:1", "test")
        day = date(2022, 6, 27)
        claims = [NewClaim("The “dam” was built in 1962.", "x-1", "Was it?", "A mayor", day, "en", 0.123456789012345)]
        claims += [NewClaim(f"Claim number {number} about dogs and cats.") for number in range(2, 13)]
        ids = [store.add_claim(claim, publisher="Desk A").id for claim in claims]
        piece = Evidence("https://e.example/1", "a note", "https://a.example/1")
        verdict = NewVerdict(
            *("False", "Desk A", "a.example", "https://a.example/r", day, "Seven — not 70.", day, day, day),
            tags=("outdated", "héros"),
            evidence=(piece, Evidence("https://e.example/2")),
        )
        first, _ = store.verdicts.add(1, verdict)
        store.verdicts.add(1, NewVerdict("Mixed", "Desk A"), supersedes=first, because="a slip")
        wrong, _ = store.verdicts.add(2, NewVerdict("True"))
        kept, _ = store.verdicts.add(2, NewVerdict(None, url="https://b.example/2"))
        curation = store.curation
        curation.retract_verdict(wrong, because="not ours")
        curation.undo(curation.retract_verdict(kept), because="it was right")
        curation.merge(3, 4, because="the same")
        curation.undo(curation.merge(5, 6))
        curation.link(7, 8, "broader", because="dogs")
        curation.undo(curation.link(9, 10, "related")[0])
        curation.retract_claim(11, because="nobody said so")
        curation.undo(curation.retract_claim(12))
        text = "Claim number 2 about dogs and cats. It rains."
        article, _ = store.appearances.add_article(Article("a.txt", text, "A title", "An author", day))
        store.appearances.add(2, article, Statement(text[:35], 0, 35, 1 / 3, "A speaker"))
        store.appearances.add(5, article, Statement(text[36:], 36, 45, 0.5))
        store.appearances.add_sighting(5, "https://seen.example/1")
        for label, rating in (("Made up", "false"), ("Rien", "unproven")):
            store.ratings.use(label, rating, publisher="Desk A", tags=["hoax"], because="asked them")
        store.feedback.add("Was the dam built in 1962?", 1, is_about=True, by="A colleague", because="word for word")
        store.feedback.add("Was the “dam” built in 1962?", 1, is_about=False)
        store.feedback.add("Cats and dogs.", 4, is_about=True)  # an entry merged into another claim
        for slope in (1.5, 0.75):
            keep(store, Tuned(Calibration(slope, -0.5), 30, "test:1", "a model"), "better")
        store.vectors.add(ids, unit_vectors(12, 1), "test:1")
        store.vectors.begin_change("test:2", "test 2")
        store.vectors.add(ids[:5], unit_vectors(5, 2), "test:2")
        VectorIndex.of(store)


@contextmanager
def behind_its_back(path: Path) -> Iterator[sqlite3.Connection]:
    """A plain connection that no trigger and no constraint hinders; the triggers are there again afterwards."""
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        conn.execute("PRAGMA ignore_check_constraints = ON")
        conn.execute("PRAGMA synchronous = OFF")
        triggers = conn.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            conn.execute(f"DROP TRIGGER {name}")
        yield conn
        for _, sql in triggers:
            conn.execute(sql)


def copied(path: Path, target: Path) -> Path:
    """A copy of a store that nobody has open."""
    shutil.copy(path, target)
    return target


def chain_anew(conn: sqlite3.Connection) -> None:
    """Give every event the hash that it would have had, as a forger would."""
    previous = ""
    for row in conn.execute(f"SELECT {', '.join(HASHED)} FROM events ORDER BY id").fetchall():
        previous = event_hash(previous, *row)
        conn.execute("UPDATE events SET hash = ? WHERE id = ?", [previous, row[0]])


def audited(path: Path, expect: str | None = None) -> Audit:
    with Store.open(path) as store:
        return verify(store, expect=expect)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "desk.db"
    full_store(path)
    return path


@pytest.fixture
def path(template: Path, tmp_path: Path) -> Path:
    """A copy of the full store."""
    return copied(template, tmp_path / "desk.db")


def rows_of(path: Path, sql: str, params: tuple[object, ...] = ()) -> list[Any]:
    with closing(sqlite3.connect(path)) as conn:
        return conn.execute(sql, params).fetchall()


# --- sound stores -----------------------------------------------------------------------------------------------------


def test_a_sound_store_has_no_break(path: Path) -> None:
    """Merges, links, retractions, undone ones, superseded verdicts, evidence, articles: all as the log tells."""
    found = audited(path)
    assert found.breaks == ()
    [(count, head)] = rows_of(path, "SELECT count(*), (SELECT hash FROM events ORDER BY id DESC LIMIT 1) FROM events")
    assert (found.events, found.head) == (count, head)
    assert audited(path, head).breaks == ()


def test_a_new_store_and_an_old_one_have_no_break(tmp_path: Path) -> None:
    """A store without events, and one that an earlier tracker made and this one brought up to date."""
    assert audited(tmp_path / "new.db") == Audit(0, "", ())
    found = audited(copied(OLD_STORE, tmp_path / "old.db"))
    assert found.events > 0
    assert found.breaks == ()


def test_the_starter_claims_have_no_break(desk: CommandLine) -> None:
    """An import as users do it."""
    assert audited(desk.store).breaks == ()


def test_looking_changes_nothing(path: Path) -> None:
    """The file is the same to the byte."""
    with Store.open(path) as store:
        before = path.read_bytes()
        verify(store)
        assert path.read_bytes() == before
        assert not path.with_name("desk.db-wal").stat().st_size


# --- the log ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", [1, 9, -1])
def test_an_event_taken_out_is_named(path: Path, which: int) -> None:
    """The first, one in the middle, the last: its number is told, though nothing of it is left."""
    [(last,)] = rows_of(path, "SELECT max(id) FROM events")
    number = last if which == -1 else which
    with behind_its_back(path) as conn:
        conn.execute("DELETE FROM events WHERE id = ?", [number])
    found = audited(path)
    assert (found.breaks[0].event_id, found.log_is_whole) == (number, False)
    assert f"event {number} is gone" in found.breaks[0].what


def test_events_cut_off_are_named(path: Path) -> None:
    """Several at the end, and all of them."""
    [(last,)] = rows_of(path, "SELECT max(id) FROM events")
    with behind_its_back(path) as conn:
        conn.execute("DELETE FROM events WHERE id > 10")
    assert audited(path).breaks[0].what == f"events 11 to {last} are gone from the end"
    with behind_its_back(path) as conn:
        conn.execute("DELETE FROM events")
    assert audited(path).breaks[0].what == f"events 1 to {last} are gone from the end"


def test_several_events_taken_out_are_named(path: Path) -> None:
    """A hole of more than one event."""
    with behind_its_back(path) as conn:
        conn.execute("DELETE FROM events WHERE id BETWEEN 5 AND 7")
    assert (audited(path).breaks[0].event_id, audited(path).breaks[0].what) == (5, "events 5 to 7 are gone")


def test_two_events_in_each_others_place_are_noticed(path: Path) -> None:
    """The earlier of the two is the first that is not what was recorded."""
    with behind_its_back(path) as conn:
        for old, new in ((6, 1000), (8, 6), (1000, 8)):
            conn.execute("UPDATE events SET id = ? WHERE id = ?", [new, old])
    assert audited(path).breaks[0].event_id == 6


def test_an_event_put_in_is_named(path: Path) -> None:
    """In the middle with the rest moved on, at the end with a made-up hash, and before the first."""
    columns = ", ".join([*HASHED[1:], "hash"])
    copy = f"INSERT INTO events (id, {columns}) SELECT ?, {columns} FROM events WHERE id = 3"
    [(last,)] = rows_of(path, "SELECT max(id) FROM events")
    undo = "UPDATE events SET undoes = NULL"
    for number in (7, last + 1, -4):
        other = copied(path, path.with_name(f"other{number}.db"))
        with behind_its_back(other) as conn:
            if number == 7:
                conn.execute(undo)
                chain_anew(conn)
                for moved in range(last, number - 1, -1):
                    conn.execute("UPDATE events SET id = id + 1 WHERE id = ?", [moved])
            conn.execute(copy, [number])
        assert audited(other).breaks[0].event_id == number, number


def test_a_changed_undoing_is_the_first_damage(path: Path) -> None:
    """An event that no longer undoes a merge is named before the merge that would then stand."""
    [(number,)] = rows_of(path, "SELECT min(id) FROM events WHERE kind = 'undone' AND changes LIKE '%merged%'")
    with behind_its_back(path) as conn:
        conn.execute("UPDATE events SET changes = '[]' WHERE id = ?", [number])
    first, second = audited(path).breaks
    assert first.event_id == number
    assert second.table == "merged"


@pytest.mark.parametrize(
    "changes",
    [
        *("7", "null", '["x"]', '[["+", "nothing", {}]]', '[["+", "claims", {}]]', '[["+", "claims", 7]]'),
        *('[["+", "claims", {"id": [1]}]]', "[" * 900 + "]" * 900, '[["+", ["claims"], {"id": 1}]]'),
    ],
)
def test_changes_that_are_none_are_named(path: Path, changes: str) -> None:
    """JSON that no tracker writes does not stop the audit, even in a chain that was computed anew."""
    with behind_its_back(path) as conn:
        conn.execute("UPDATE events SET changes = ? WHERE id = 4", [changes])
        assert first_of(path) == 4
        chain_anew(conn)
    found = audited(path)
    assert (found.breaks[0].event_id, found.log_is_whole) == (4, False)


def first_of(path: Path) -> int | None:
    return audited(path).breaks[0].event_id


def test_events_that_cannot_be_read_are_named(path: Path) -> None:
    """Bytes that are no text: the event is named, the ones before it are still checked."""
    with behind_its_back(path) as conn:
        conn.execute("UPDATE events SET author = CAST(x'ff61' AS TEXT) WHERE id = 8")
        assert [one.event_id for one in audited(path).breaks][:1] == [8]
        assert "cannot be read" in audited(path).breaks[0].what
        conn.execute("UPDATE events SET author = 'somebody' WHERE id = 5")
    assert [one.event_id for one in audited(path).breaks if one.table == "events"] == [5, 8]


def test_a_count_that_was_set_back_is_noticed(path: Path) -> None:
    """Who cuts the log must change the file's own count of events too; where only that was done, it is told."""
    with behind_its_back(path) as conn:
        conn.execute("UPDATE sqlite_sequence SET seq = 3 WHERE name = 'events'")
        assert "count was changed" in audited(path).breaks[0].what
        conn.execute("DELETE FROM sqlite_sequence WHERE name = 'events'")
    assert "count was changed" in audited(path).breaks[0].what


# --- a log rewritten as a whole ---------------------------------------------------------------------------------------


def forged(path: Path) -> None:
    """Change a rating in the table and in the log, and compute every hash anew."""
    with behind_its_back(path) as conn:
        conn.execute("UPDATE verdicts SET rating = 'True' WHERE id = 2")
        conn.execute("UPDATE events SET changes = replace(changes, '\"Mixed\"', '\"True\"')")
        chain_anew(conn)


def test_only_a_head_noted_before_tells_of_a_log_rewritten_as_a_whole(path: Path) -> None:
    """A forger with the file leaves a whole chain; the hash that somebody wrote down is not in it any more."""
    head = audited(path).head
    forged(path)
    assert audited(path).breaks == ()
    found = audited(path, head)
    assert [one.event_id for one in found.breaks] == [None]
    assert head[:20] in found.breaks[0].what
    assert "rewritten or cut" in found.breaks[0].what


def test_a_log_cut_without_a_trace_is_told_by_the_head(path: Path) -> None:
    """The last event, its row and the count are gone: what is left is a whole store, but not the one noted."""
    with Store.open(path) as store:
        before = verify(store).head
        store.add_claim(NewClaim("One more."))
        head = verify(store).head
    with behind_its_back(path) as conn:
        conn.execute("DELETE FROM claims WHERE id = 13")
        conn.execute("DELETE FROM events WHERE id = (SELECT max(id) FROM events)")
        conn.execute("UPDATE sqlite_sequence SET seq = (SELECT max(id) FROM events) WHERE name = 'events'")
    assert audited(path, before).breaks == ()
    assert len(audited(path, head).breaks) == 1


def test_a_head_noted_before_is_found_in_a_log_that_went_on(path: Path) -> None:
    """What came after the note breaks nothing; capitals and white space around the hash make no difference."""
    head = audited(path).head
    with Store.open(path) as store:
        store.add_claim(NewClaim("One more."))
    assert audited(path, f" {head.upper()}\n").breaks == ()
    assert audited(path, head[:32]).breaks != ()


# --- the tables -------------------------------------------------------------------------------------------------------


def test_a_changed_rating_is_named_with_its_event(path: Path) -> None:
    """The event that recorded it, the column, what was recorded and what stands there."""
    [(event,)] = rows_of(path, "SELECT id FROM events WHERE verdict_id = 2 AND kind = 'verdict-added'")
    with behind_its_back(path) as conn:
        conn.execute("UPDATE verdicts SET rating = 'True' WHERE id = 2")
    found = audited(path)
    [one] = found.breaks
    assert (one.event_id, one.table, one.column) == (event, "verdicts", "rating")
    assert one.what == f"verdict 2: rating is 'True'; event {event} recorded 'Mixed'"
    assert found.log_is_whole


def test_rows_too_few_and_too_many_are_named(path: Path) -> None:
    """A verdict deleted names its event; one put in is told by no event."""
    [(event,)] = rows_of(path, "SELECT id FROM events WHERE verdict_id = 3 AND kind = 'verdict-added'")
    with behind_its_back(path) as conn:
        conn.execute("DELETE FROM verdicts WHERE id = 3")
        conn.execute("INSERT INTO verdicts (id, claim_id, rating, author, recorded_at) VALUES (-9, 1, 'x', 'y', 'z')")
        conn.execute("INSERT INTO links VALUES (1, 2, 'related', 1)")
    found = audited(path)
    assert [(one.event_id, one.table) for one in found.breaks] == [
        (event, "verdicts"),
        (None, "verdicts"),
        (None, "links"),
    ]
    assert "it is not there" in found.breaks[0].what
    assert found.breaks[1].what == "verdict -9: no event tells of it"


def test_a_row_that_an_index_hides_is_seen(path: Path) -> None:
    """A verdict put in where the table's indexes do not list it."""
    with behind_its_back(path) as conn:
        conn.execute("PRAGMA writable_schema = ON")
        kept = conn.execute("SELECT rowid, * FROM sqlite_schema WHERE name = 'verdicts_by_claim'").fetchone()
        conn.execute("DELETE FROM sqlite_schema WHERE name = 'verdicts_by_claim'")
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        conn.execute("INSERT INTO verdicts (claim_id, rating, author, recorded_at) VALUES (1, 'x', 'y', 'z')")
        conn.execute("PRAGMA writable_schema = ON")
        conn.execute(
            "INSERT INTO sqlite_schema (rowid, type, name, tbl_name, rootpage, sql) VALUES (?,?,?,?,?,?)", kept
        )
    assert [one.what for one in audited(path).breaks] == ["verdict 5: no event tells of it"]


def test_a_row_that_cannot_be_read_is_named(path: Path) -> None:
    """Bytes that are no text, in a table with a number for its key and in one without; others are still compared."""
    with behind_its_back(path) as conn:
        conn.execute("UPDATE verdicts SET rating = CAST(x'ff61' AS TEXT) WHERE id = 2")
        conn.execute("UPDATE links SET relation = CAST(x'ff61' AS TEXT)")
        conn.execute("UPDATE verdicts SET rating = 'x' WHERE id = 4")
    found = [one.what for one in audited(path).breaks]
    assert any(what.startswith("verdict 2: cannot be read") for what in found)
    assert any(what.startswith("verdict 4: rating") for what in found)
    assert any(what.startswith("links, row 1: cannot be read") for what in found)


def test_what_differs_is_told_short_and_harmless(path: Path) -> None:
    """Long texts are cut around the place where they part; nothing in them can act on a terminal."""
    with Store.open(path) as store:
        number = store.add_claim(NewClaim("word " * 500 + "end")).id
    with behind_its_back(path) as conn:
        conn.execute("UPDATE claims SET text = text || char(27) || '[31m' || char(8238) WHERE id = ?", [number])
        changes = json.dumps([["+", "settings", {"key": "\x1b[31m" + "long" * 500, "value": "x"}]])
        conn.execute("UPDATE events SET changes = ? WHERE kind = 'encoder-set'", [changes])
        chain_anew(conn)
    found = [one.what for one in audited(path).breaks]
    assert len(found) == 4
    assert all(len(what) < 400 and what.isprintable() for what in found)
    assert sum("\\x1b[31m" in what for what in found) == 2


def test_any_changed_cell_is_noticed_and_its_event_named(template: Path, tmp_path: Path) -> None:
    """Each cell of each logged table and of the log, changed alone, is noticed as the first damage."""
    cells = list(all_cells(template))
    assert len(cells) > 500
    assert {table for table, _, _ in cells} == {*KEYS, "events"}
    path, wrong = copied(template, tmp_path / "cell.db"), []
    with behind_its_back(path) as conn, Store.open(path) as store:
        origin = {cell: recorded_by(store, *cell[:2]) for cell in cells}
        for cell in cells:
            with changed(conn, *cell):
                first = next(iter(verify(store).breaks), None)
            if first is None or first.event_id != origin[cell]:
                wrong.append((cell, first))
    assert wrong == []


def all_cells(path: Path) -> Iterator[tuple[str, int, str]]:
    for table in (*KEYS, "events"):
        columns = [row[1] for row in rows_of(path, f"PRAGMA table_info({table})")]
        where = f" WHERE key IN {LOGGED_SETTINGS}" if table == "settings" else ""
        for (number,) in rows_of(path, f"SELECT rowid FROM {table}{where}"):
            yield from ((table, number, column) for column in columns)


@contextmanager
def changed(conn: sqlite3.Connection, table: str, number: int, column: str) -> Iterator[None]:
    """Another value in one cell for a while."""
    [[value]] = conn.execute(f'SELECT "{column}" FROM {table} WHERE rowid = ?', [number])
    sql = f'UPDATE {table} SET "{column}" = ? WHERE rowid = ? RETURNING rowid'
    [[now]] = conn.execute(sql, [another(value, table, column), number]).fetchall()
    yield
    conn.execute(sql, [value, now]).fetchall()


def another(value: Any, table: str, column: str) -> Any:
    """Another value of the same kind; for an empty cell one that its column takes."""
    if isinstance(value, str):
        return value + " "  # `changes` stays the same JSON
    if value is None:
        is_number = column.endswith("_id") or column in {"undoes", "supersedes"}
        return 7 if is_number else 0.5 if column == "check_worthiness" else '["x"]'
    return value + 1000 if isinstance(value, int) or table == "events" else value / 2


def recorded_by(store: Store, table: str, number: int) -> int:
    """The event that a row belongs to."""
    if table == "events":
        return number
    _, origin = replay(store.log.events())
    row = dict(store.rows(f"SELECT * FROM {table} WHERE rowid = ?", [number])[0])
    return origin[table, key_of(table, row)]


def test_a_chain_is_broken_where_it_was_touched(path: Path) -> None:
    """`first_break` takes any events, as from an export, and names the first that does not follow."""
    with Store.open(path) as store:
        events = list(store.log.events())
    assert first_break(events) is None
    assert first_break([]) is None
    assert first_break(events[3:]) == (1, "events 1 to 3 are gone")
    assert first_break([*events[:4], *events[5:]]) == (5, "event 5 is gone")
    state, origin = replay(events)
    assert json.loads(events[0].changes)[0][1] == "settings"
    assert (len(state["claims"]), len(state["merged"]), origin["settings", "encoder"]) == (12, 1, 1)
