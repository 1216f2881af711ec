"""Bringing a store up to date: every row stays, the log tells of it, a copy is kept, and a failure changes nothing.

`tests/data/store-0001.db` was made by the tracker whose newest migration was 0001 (`make_store_0001.py` beside it).
"""

from __future__ import annotations

import logging
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.killing import killed
from tracker import events, schema
from tracker.errors import StoreDamaged, StoreTooNew
from tracker.models import NewVerdict
from tracker.pipeline import Tracker

DATA = Path(__file__).resolve().parent / "data"
OLD_STORES = sorted(DATA.glob("store-*.db"))
OLD = DATA / "store-0001.db"
BACKUP = "desk.db.before-0002_history.bak"

Rows = dict[str, list[dict[str, Any]]]


def read(path: Path) -> Rows:
    """Every row of every table but SQLite's and FTS5's own, read without changing the file."""
    with closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as conn:
        conn.row_factory = sqlite3.Row
        names = [
            row["name"]
            for row in conn.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                " AND name NOT LIKE 'claims_fts%' ORDER BY name"
            )
        ]
        return {name: [dict(row) for row in conn.execute(f"SELECT * FROM {name} ORDER BY rowid")] for name in names}


def missing(old: Rows, new: Rows) -> list[tuple[str, dict[str, Any]]]:
    """The rows of `old` that `new` does not have word for word; columns and rows that came new do not count."""
    return [
        (table, row)
        for table, rows in old.items()
        for row in rows
        if not any(row.items() <= candidate.items() for candidate in new.get(table, []))
    ]


def made_by(path: Path) -> list[str]:
    """The statements that made a store's tables."""
    with closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as conn:
        return [sql for (sql,) in conn.execute("SELECT sql FROM sqlite_schema")]


def log_of(path: Path) -> list[events.Event]:
    return [events.Event(**row) for row in read(path)["events"]]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A store of the first schema in a folder of its own."""
    folder = tmp_path / "desk"
    folder.mkdir()
    return Path(shutil.copyfile(OLD, folder / "desk.db"))


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """The newest script is one that fails half way, after all the good ones; its name."""
    bad = tmp_path / "9999_broken.sql"
    bad.write_text("CREATE TABLE half_done (x);\nINSERT INTO nowhere VALUES (1);\n", encoding="utf-8")
    scripts = schema.migration_scripts()
    monkeypatch.setattr(schema, "migration_scripts", lambda: [*scripts, bad])
    return bad.name


@pytest.mark.parametrize("kept", OLD_STORES, ids=lambda path: path.stem)
def test_every_row_of_an_old_store_is_there_after_the_upgrade(kept: Path, tmp_path: Path) -> None:
    """Each row of each table, unchanged; the file is sound and no reference leads nowhere."""
    path = Path(shutil.copyfile(kept, tmp_path / "desk.db"))
    schema.connect(path).close()
    before, after = read(kept), read(path)
    assert missing(before, after) == []
    assert {table: len(after[table]) for table in before if table not in ("events", "_sqlite_migrations")} == {
        table: len(rows) for table, rows in before.items() if table not in ("events", "_sqlite_migrations")
    }
    with closing(sqlite3.connect(path)) as conn:
        assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert conn.execute("PRAGMA foreign_key_check").fetchall() == []
        conn.execute("INSERT INTO claims_fts (claims_fts, rank) VALUES ('integrity-check', 1)")


def test_the_old_store_holds_what_can_go_wrong() -> None:
    """The stored file is worth upgrading: corrections in a row, several publishers, feed ids, a vector that lacks."""
    rows = read(OLD)
    assert {row["supersedes"] for row in rows["verdicts"]} >= {3, 4}
    assert {row["publisher"] for row in rows["external_ids"]} == {"Coast Check", "Grain Facts", ""}
    assert {row["claim_id"] for row in rows["verdicts"]} < {row["id"] for row in rows["claims"]}
    assert 0 < len(rows["vectors"]) < len(rows["claims"])
    assert len(rows["appearances"]) > 1
    assert 1 / 3 in {row["check_worthiness"] for row in rows["claims"]}


@pytest.mark.parametrize("kept", OLD_STORES, ids=lambda path: path.stem)
def test_the_log_of_an_upgraded_store_tells_all_of_it(kept: Path, tmp_path: Path) -> None:
    """The hash chain is whole, and the events replayed give the very rows that the tables hold."""
    path = Path(shutil.copyfile(kept, tmp_path / "desk.db"))
    schema.connect(path).close()
    log = log_of(path)
    assert events.first_break(log) is None
    told, _ = events.replay(log)
    for table, rows in read(path).items():
        if table in events.KEYS:
            without = events.DERIVED.get(table, ())
            held = [{name: value for name, value in row.items() if name not in without} for row in rows]
            if table == "settings":
                held = [row for row in held if row["key"] in events.LOGGED_SETTINGS]
            # a column that came later was recorded as NULL
            whole = {key: dict.fromkeys(held[0]) | row for key, row in told[table].items()}
            assert whole == {events.key_of(table, row): row for row in held}, table


def test_an_old_store_that_has_no_encoder_yet(old: Path) -> None:
    """A store to which nobody has added a vector has nothing to tell about its encoder."""
    with closing(sqlite3.connect(old)) as conn, conn:
        conn.execute("DELETE FROM vectors")
        conn.execute("DELETE FROM settings WHERE key LIKE 'encoder%'")
    schema.connect(old).close()
    log = log_of(old)
    assert all(event.rows for event in log)
    assert events.replay(log)[0]["settings"] == {}


@pytest.mark.parametrize("kept", OLD_STORES, ids=lambda path: path.stem)
def test_an_upgraded_store_has_the_tables_of_a_new_one(kept: Path, tmp_path: Path) -> None:
    """Whatever a store began as, its schema is the same in the end; references and triggers too."""
    path = Path(shutil.copyfile(kept, tmp_path / "desk.db"))
    with closing(schema.connect(path)) as upgraded, closing(schema.connect(tmp_path / "new.db")) as new:
        assert schema.dump(upgraded) == schema.dump(new)
        tables = [name for (name,) in upgraded.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        for table in tables:
            for row in upgraded.execute(f"PRAGMA foreign_key_list({table})"):
                assert row[2] in tables


def test_an_upgraded_store_answers(old: Path) -> None:
    """What was found before is found after, with its verdicts, corrected ones too, and takes new ones."""
    with Tracker.open(old) as tracker:
        record = tracker.show(2)
        assert [verdict.rating for verdict in record.verdicts] == ["False", "Mostly false", "Unproven"]
        assert [verdict.superseded_by for verdict in record.verdicts] == [4, 5, None]
        found = tracker.search("The harbour at Sandholm handled 4.2 million tonnes of grain in 2019.")
        assert found.matches[0].claim.id == 1
        assert {verdict.publisher for verdict in found.matches[0].verdicts} == {"Coast Check", "Grain Facts"}
        assert tracker.add_verdict(2, NewVerdict("False", publisher="Our desk"), supersedes=5) == (7, True)
    assert events.first_break(log_of(old)) is None


def test_a_copy_is_kept_before_an_upgrade(old: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Beside the store, with all that it held, in one file; one line says where."""
    schema.connect(old).close()
    kept = old.with_name(BACKUP)
    assert read(kept) == read(OLD)
    assert sorted(path.name for path in old.parent.iterdir()) == ["desk.db", BACKUP]
    (line,) = [record for record in caplog.records if record.name == "tracker.schema"]
    assert line.levelno == logging.WARNING
    assert str(kept) in line.getMessage()
    assert "\n" not in line.getMessage()


def test_no_copy_is_made_of_a_new_store_or_one_that_is_up_to_date(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """There is nothing to keep, and nothing to say."""
    for _ in range(2):
        schema.connect(tmp_path / "new.db").close()
    assert [path.name for path in tmp_path.glob("new*")] == ["new.db"]
    assert caplog.records == []


def test_writes_that_are_not_merged_yet_are_in_the_copy(old: Path) -> None:
    """What a crashed process left in the write-ahead log is part of the store, and of its copy."""
    code = (
        "import os, sqlite3, sys; conn = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "conn.execute(\"INSERT INTO settings VALUES ('note', 'last words')\"); os._exit(1)"
    )
    subprocess.run([sys.executable, "-c", code, str(old)], check=False)
    assert old.with_name("desk.db-wal").stat().st_size
    schema.connect(old).close()
    for path in (old, old.with_name(BACKUP)):
        assert {"key": "note", "value": "last words"} in read(path)["settings"]


def test_an_earlier_copy_is_never_overwritten(old: Path) -> None:
    """A file of that name with other content stays; the copy takes the next number. The same copy is made once."""
    kept = old.with_name(BACKUP)
    kept.write_text("last year's", encoding="utf-8")
    schema.connect(old).close()
    assert kept.read_text(encoding="utf-8") == "last year's"
    second = kept.with_name("desk.db.before-0002_history.2.bak")
    assert read(second) == read(OLD)
    shutil.copyfile(OLD, old)
    schema.connect(old).close()
    assert sorted(path.name for path in old.parent.iterdir()) == ["desk.db", second.name, BACKUP]


def test_without_room_for_the_copy_nothing_is_changed(old: Path) -> None:
    """No copy, no upgrade: one line, exit code 8, and not a byte of the store is other than it was."""
    before = old.read_bytes()
    code = (
        "import pathlib, resource, sys; from tracker import errors, schema; import sqlite_utils;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (70_000, 70_000))\n"
        "try: schema.connect(pathlib.Path(sys.argv[1]))\n"
        "except errors.StoreDamaged as error: print(error); sys.exit(error.exit_code)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(old)], capture_output=True, text=True, check=False)
    assert done.returncode == 8, done.stderr
    assert "no copy could be put beside it" in done.stdout
    assert done.stdout.count("\n") == 1
    assert old.read_bytes() == before
    assert [path.name for path in old.parent.iterdir()] == ["desk.db"]
    schema.connect(old).close()
    assert missing(read(OLD), read(old)) == []


def test_a_damaged_store_is_not_upgraded(old: Path) -> None:
    """Rows that cannot be read would be lost by it: it is refused, and stays as it is."""
    content = bytearray(old.read_bytes())
    with closing(sqlite3.connect(old)) as conn:
        (root,) = conn.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'vectors'").fetchone()
    content[(root - 1) * 4096 : root * 4096] = b"\xff" * 4096
    old.write_bytes(content)
    with pytest.raises(StoreDamaged, match="malformed") as caught:
        schema.connect(old)
    assert "\n" not in str(caught.value)
    assert old.read_bytes() == content


def test_a_script_that_fails_changes_nothing(old: Path, broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Good scripts before it are taken back too; the error is one line that names it; the good tracker goes on."""
    for _ in range(3):
        with pytest.raises(StoreDamaged, match=broken) as caught:
            schema.connect(old)
        assert "\n" not in str(caught.value)
        assert read(old) == read(OLD)
        assert made_by(old) == made_by(OLD)
    assert sorted(path.name for path in old.parent.iterdir()) == ["desk.db", BACKUP]
    monkeypatch.undo()
    schema.connect(old).close()
    assert missing(read(OLD), read(old)) == []
    assert events.first_break(log_of(old)) is None


def test_a_script_that_fails_makes_no_new_store(tmp_path: Path, broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left is an empty file, which the good tracker makes a store of."""
    path = tmp_path / "new.db"
    with pytest.raises(StoreDamaged, match=broken):
        schema.connect(path)
    assert path.stat().st_size == 0
    monkeypatch.undo()
    schema.connect(path).close()


def test_a_kill_at_any_point_of_an_upgrade_loses_nothing(old: Path, tmp_path: Path) -> None:
    """At each call from the first look to the last statement: the store opens, is brought up to date, has its rows."""
    folder = tmp_path / "killed"
    folder.mkdir()
    left = killed("schema.connect(here / 'desk.db')", old.parent, folder, every=13)
    assert len(left) > 50
    before = read(OLD)
    for here in left:
        path = here / "desk.db"
        kept = here / BACKUP
        if kept.exists():
            assert read(kept) == before
        schema.connect(path).close()
        after = read(path)
        assert missing(before, after) == []
        assert len(after["_sqlite_migrations"]) == len(schema.migration_scripts())
        assert events.first_break(log_of(path)) is None
        assert sum(name.name.endswith(".bak") for name in here.iterdir()) == 1
        shutil.rmtree(here)


def test_a_store_of_a_newer_tracker_is_not_touched(old: Path) -> None:
    """Not a byte, and nothing is put beside it."""
    with closing(sqlite3.connect(old)) as conn, conn:
        conn.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('claim-tracker', '0999_future', 'now')"
        )
    before = old.read_bytes()
    with pytest.raises(StoreTooNew, match="0999_future"):
        schema.connect(old)
    assert old.read_bytes() == before
    assert [path.name for path in old.parent.iterdir()] == ["desk.db"]


def test_two_processes_upgrade_a_store_once(old: Path) -> None:
    """The second one waits, and finds nothing left to do."""
    code = "import sys, pathlib; from tracker import schema; schema.connect(pathlib.Path(sys.argv[1])).close()"
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(old)], stderr=subprocess.PIPE, text=True) for _ in range(4)
    ]
    errors = [process.communicate()[1] for process in running]
    assert [process.returncode for process in running] == [0] * 4, errors
    assert missing(read(OLD), read(old)) == []
    assert len(read(old)["_sqlite_migrations"]) == len(schema.migration_scripts())
    assert sorted(path.name for path in old.parent.iterdir()) == ["desk.db", BACKUP]
