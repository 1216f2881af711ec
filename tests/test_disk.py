"""A full disk, a file that may not grow, a store that may not be written: one line, and nothing half done.

Each command runs as a user runs it. What ends a write is real: a small file system, a limit of the kernel's, a limit of
SQLite's.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from tracker.models import NewClaim
from tracker.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import CommandLine

LONG = "\N{SPEECH BALLOON}" * 9_900  # in UTF-8 as many bytes as a note may have, ten pages of the store
FEED = "claim,rating,explanation\n" + "".join(f"The bridge at mile {n} is shut.,False,{LONG}\n" for n in range(4))
WRITES = {
    "add": ["add", "The dam was built in 1962.", "--rating", "True", "--note", LONG, "--yes"],
    "verdict": ["verdict", "1", "False", "--publisher", "Our desk", "--note", LONG],
    "import": ["import", "feed.csv"],
    "retract": ["retract", "1", "--because", LONG],
    "merge": ["merge", "1", "2", "--because", LONG],
    "link": ["link", "1", "2", "--relation", "opposite", "--because", LONG],
    "check --save": ["check", "article.txt", "--save"],
}
RUN_LIMITED = """
import resource, sqlite3, sys
import tracker.cli
{limit}
from tracker.__main__ import main
main()
"""
NO_LARGER_FILES = "resource.setrlimit(resource.RLIMIT_FSIZE, (36_864, 36_864))"  # just over a -shm file
NO_MORE_PAGES = """
connect = sqlite3.connect
def limited(*arguments, **options):
    conn = connect(*arguments, **options)
    try:
        pages, = conn.execute("PRAGMA page_count").fetchone()
        conn.execute(f"PRAGMA max_page_count = {max(pages, 1)}")
    except sqlite3.Error:
        pass
    return conn
sqlite3.connect = limited
"""


def rows(store: Path) -> dict[str, list[Any]]:
    """Every row of the store's own tables; the file must be sound."""
    with closing(sqlite3.connect(store)) as conn:
        assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        tables = conn.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%fts%' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        return {name: conn.execute(f"SELECT * FROM {name} ORDER BY rowid").fetchall() for (name,) in tables}


@pytest.fixture
def inputs(desk: CommandLine) -> CommandLine:
    """The command line on the starter claims, with a feed and an article beside them that do not fit in a page."""
    (desk.folder / "feed.csv").write_text(FEED, encoding="utf-8")
    article = "\n\n".join(f"Unemployment in county {n} fell to {n}.5 per cent in 2019." for n in range(8))
    (desk.folder / "article.txt").write_text(article, encoding="utf-8")
    return desk


@pytest.mark.parametrize("limit", [NO_LARGER_FILES, NO_MORE_PAGES], ids=["files", "pages"])
@pytest.mark.parametrize("command", [name for name in WRITES if name != "check --save"])  # slow, and tried below
def test_a_write_for_which_there_is_no_room(inputs: CommandLine, command: str, limit: str) -> None:
    """One line, exit code 8, and the store is as it was; with room again the same command goes through."""
    before = rows(inputs.store)
    done = subprocess.run(
        [sys.executable, "-c", RUN_LIMITED.format(limit=limit), *WRITES[command]],
        cwd=inputs.folder,
        env=inputs.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (8, ""), done.stderr
    assert "the disk is full" in done.stderr
    assert "not stored" in done.stderr
    assert done.stderr.count("\n") == 1
    assert rows(inputs.store) == before
    again = inputs(*WRITES[command])
    assert again.code == 0, again.err
    assert rows(inputs.store) != before


@pytest.fixture
def small_disk(inputs: CommandLine) -> list[str]:
    """The start of a command line that runs where the store is on a file system with no room left."""
    mount = (
        "mount -t tmpfs -o size=$1 tmpfs disk && cp desk.db desk.db.faiss disk && "
        'cat /dev/zero > disk/filler 2> /dev/null; shift; script=$1; shift; eval "$script"'
    )
    (inputs.folder / "disk").mkdir()
    start = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount, "sh"]
    tried = subprocess.run([*start, "1M", "true"], cwd=inputs.folder, capture_output=True, check=False)
    if tried.returncode:
        pytest.skip("this machine lets nobody mount a file system of their own")
    return start


@pytest.mark.parametrize("command", WRITES)
def test_a_full_disk(inputs: CommandLine, small_disk: list[str], command: str) -> None:
    """As above, on a file system that really is full; the command goes through when something else was deleted."""
    script = "; ".join(
        [
            f'"{sys.executable}" -m tracker "$@"',
            "echo $? > full.code; rm disk/filler; cp disk/desk.db* . ",
            f'"{sys.executable}" -m tracker "$@" > /dev/null 2>&1',
            "echo $? > room.code; cp disk/desk.db with-room.db; ls disk > left",
        ]
    )
    before = rows(inputs.store)
    size = sum((inputs.folder / name).stat().st_size for name in ("desk.db", "desk.db.faiss")) + 2_000_000
    done = subprocess.run(
        [*small_disk, str(size), script, *WRITES[command]],
        cwd=inputs.folder,
        env=inputs.environment | {"TRACKER_STORE": "disk/desk.db"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (inputs.folder / "full.code").read_text() == "8\n", done.stderr
    assert done.stdout == ""
    assert "the disk is full" in done.stderr
    assert done.stderr.count("\n") == 1
    assert rows(inputs.store) == before
    assert (inputs.folder / "room.code").read_text() == "0\n"
    assert rows(inputs.folder / "with-room.db") != before


def test_a_new_store_on_a_full_disk(inputs: CommandLine, small_disk: list[str]) -> None:
    """One line; the empty file that is left becomes a store when there is room."""
    script = (
        f'"{sys.executable}" -m tracker list; echo $? > full.code; rm disk/filler; "{sys.executable}" -m tracker stats'
    )
    done = subprocess.run(
        [*small_disk, "1M", script],
        cwd=inputs.folder,
        env=inputs.environment | {"TRACKER_STORE": "disk/new.db"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (inputs.folder / "full.code").read_text() == "8\n", done.stderr
    assert "the disk is full" in done.stderr.splitlines()[0]
    assert done.returncode == 0, done.stderr


@pytest.fixture
def bound() -> list[str]:
    """The start of a command line for which file permissions bind: for root they do not, unless it gives that up."""
    if os.geteuid() != 0:
        return []
    start = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    if not shutil.which("setpriv") or subprocess.run([*start, "true"], capture_output=True, check=False).returncode:
        pytest.skip("root cannot give up its privileges here")
    return start


@pytest.mark.parametrize("folder_too", [False, True], ids=["file", "folder"])
@pytest.mark.parametrize("command", [*WRITES, "reindex"])
def test_a_write_to_a_read_only_store(inputs: CommandLine, bound: list[str], command: str, folder_too: bool) -> None:
    """One line, exit code 8, whether the file or its whole folder may not be written."""
    if command == "reindex":
        with Store.open(inputs.store) as store:
            store.add_claim(NewClaim("It has no vector yet."))
    before = inputs.store.read_bytes()
    inputs.store.chmod(0o444)
    inputs.folder.chmod(0o555 if folder_too else 0o755)
    done = subprocess.run(
        [*bound, sys.executable, "-m", "tracker", *WRITES.get(command, [command])],
        cwd=inputs.folder,
        env=inputs.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    inputs.folder.chmod(0o755)
    assert (done.returncode, done.stdout) == (8, ""), done.stderr
    assert "read-only" in done.stderr
    assert done.stderr.count("\n") == 1
    assert inputs.store.read_bytes() == before
