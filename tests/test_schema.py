"""Opening a store's file: ours, somebody else's, one that comes to be meanwhile, one that may not be written."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tracker import schema
from tracker.errors import StoreDamaged
from tracker.models import NewClaim
from tracker.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
NOBODY = 65534


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A store with one claim, closed."""
    path = tmp_path / "made" / "desk.db"
    with Store.open(path) as store:
        store.add_claim(NewClaim("The moon is made of cheese."))
    return path


@contextmanager
def without_privileges() -> Iterator[None]:
    """File permissions bind: as root they do not, so root becomes nobody for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_migrations_run_in_order_and_once(made: Path) -> None:
    """Every script is applied, recorded by name, and not applied again."""
    schema.connect(made).close()
    conn = schema.connect(made)
    applied = [name for (name,) in conn.execute("SELECT name FROM _sqlite_migrations ORDER BY id")]
    conn.close()
    assert applied == [script.stem for script in schema.migration_scripts()]
    assert applied == sorted(applied)


def test_schema_sql_is_what_the_migrations_make(tmp_path: Path) -> None:
    """db/schema.sql shows the tables of a new store, no more and no less."""
    conn = schema.connect(tmp_path / "new.db")
    assert schema.dump(conn) == (ROOT / "db" / "schema.sql").read_text(encoding="utf-8")
    conn.close()


def test_an_up_to_date_store_opens_without_sqlite_utils(made: Path) -> None:
    """sqlite-utils, slow to import, is only loaded to change a schema."""
    code = (
        "import sys, pathlib; from tracker import schema; schema.connect(pathlib.Path(sys.argv[1])).close();"
        "print([m for m in ('sqlite_utils', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(made)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("content", [b"not a database, just some text that is long enough" * 40, b"\x00" * 4096])
def test_a_file_that_is_no_database_is_refused_and_untouched(tmp_path: Path, content: bytes) -> None:
    """A text or a picture given as --store stays what it is."""
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    with pytest.raises(StoreDamaged, match=r"notes\.txt"):
        schema.connect(path)
    assert path.read_bytes() == content


def test_somebody_elses_database_is_refused_and_untouched(tmp_path: Path) -> None:
    """A browser's history is an SQLite file too."""
    path = tmp_path / "places.sqlite"
    conn = sqlite3.connect(path)
    conn.execute("CREATE TABLE moz_places (url TEXT)")
    conn.commit()
    conn.close()
    before = path.read_bytes()
    with pytest.raises(StoreDamaged, match="not a claim store"):
        schema.connect(path)
    assert path.read_bytes() == before


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    """A folder given as --store is named as such."""
    with pytest.raises(StoreDamaged, match="a folder"):
        schema.connect(tmp_path)


OPEN_AT_ONCE = """
import multiprocessing, pathlib, sys
import sqlite_utils  # once, not in every child
from tracker import schema

processes, rounds, folder = int(sys.argv[1]), int(sys.argv[2]), pathlib.Path(sys.argv[3])
context = multiprocessing.get_context("fork")
barrier, failures = context.Barrier(processes), context.SimpleQueue()


def open_all():
    for number in range(rounds):
        barrier.wait()
        try:
            schema.connect(folder / f"{number}.db").close()
        except Exception as error:
            failures.put(str(error))


running = [context.Process(target=open_all) for _ in range(processes)]
for process in running:
    process.start()
for process in running:
    process.join()
while not failures.empty():
    print(failures.get())
"""


def test_a_store_that_comes_to_be_in_many_processes_at_once(tmp_path: Path) -> None:
    """Several processes may open a store that is not there yet; one makes it, the others find it made."""
    done = subprocess.run(
        [sys.executable, "-c", OPEN_AT_ONCE, "16", "20", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Somebody who is writing to the store `desk.db`, which is not in WAL mode: nor is it while it is being made."""
    schema.connect(tmp_path / "desk.db").close()
    with closing(sqlite3.connect(tmp_path / "desk.db", isolation_level=None)) as conn:
        conn.execute("PRAGMA journal_mode = DELETE")
        conn.execute("BEGIN IMMEDIATE")
        yield conn


def test_opening_waits_for_a_writer_before_it_switches_the_journal(tmp_path: Path, writer: sqlite3.Connection) -> None:
    """There SQLite does not wait by itself: the process that came second to a new store would fail."""
    with ThreadPoolExecutor() as pool:
        opening = pool.submit(lambda: schema.connect(tmp_path / "desk.db").close())
        with pytest.raises(TimeoutError):
            opening.result(timeout=0.3)
        writer.execute("COMMIT")
        opening.result()
    with closing(sqlite3.connect(tmp_path / "desk.db")) as conn:
        assert conn.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.usefixtures("writer")
def test_opening_does_not_wait_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the time that a write waits for its lock it is an error in one line."""
    monkeypatch.setattr(schema, "BUSY_TIMEOUT_S", 0.1)
    with pytest.raises(StoreDamaged, match="another process"):
        schema.connect(tmp_path / "desk.db")


@pytest.mark.parametrize("folder_too", [False, True])
def test_a_read_only_store_is_read_and_not_written(made: Path, folder_too: bool) -> None:
    """Reading works from a store, or a whole folder, that may not be written; writing is refused in one line."""
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders are closed to nobody
        folder = Path(name)
        copy = Path(shutil.copy(made, folder))
        copy.chmod(0o444)
        folder.chmod(0o555 if folder_too else 0o777)
        with without_privileges(), Store.open(copy) as store:
            assert store.claim(1).text == "The moon is made of cheese."
            with pytest.raises(StoreDamaged, match="read-only"):
                store.add_claim(NewClaim("It rains."))
        folder.chmod(0o755)


def test_a_store_in_a_closed_folder(made: Path) -> None:
    """A path that may not even be looked at is an error in one line."""
    with tempfile.TemporaryDirectory() as name:
        inside = Path(name) / "closed" / "desk.db"
        inside.parent.mkdir()
        shutil.copy(made, inside)
        inside.parent.chmod(0o000)
        with without_privileges(), pytest.raises(StoreDamaged, match=r"desk\.db"):
            Store.open(inside)
        inside.parent.chmod(0o755)
