"""Long work shows how far it is, can be stopped at any point, and goes on from there."""

from __future__ import annotations

import os
import pty
import random
import signal
import sqlite3
import subprocess
import sys
import termios
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import CommandLine

ROWS = 400


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    """A feed that takes a few seconds to embed."""
    words = "the minister said that hospital figures rose while schools and roads lost money over ten years".split()
    pick = random.Random(0)
    lines = [f"{' '.join(pick.choices(words, k=30))} {number}" for number in range(ROWS)]
    path = tmp_path / "feed.csv"
    path.write_text("claim,rating,publisher\n" + "".join(f"{line},False,Desk\n" for line in lines), encoding="utf-8")
    return path


def vectors(store: Path) -> int:
    if not store.exists():
        return 0
    conn = sqlite3.connect(store, timeout=10)
    try:
        return int(conn.execute("SELECT count(*) FROM vectors").fetchone()[0])
    except sqlite3.OperationalError:  # the table is not there yet
        return 0
    finally:
        conn.close()


def start(cli: CommandLine, *arguments: object, terminal: int | None = None) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tracker", *map(str, arguments)],
        cwd=cli.folder,
        env=cli.environment,
        stdout=subprocess.PIPE,
        stderr=terminal if terminal is not None else subprocess.PIPE,
    )


def test_an_import_can_be_stopped_and_goes_on(cli: CommandLine, feed: Path) -> None:
    """Ctrl-C in the middle of embedding: one line, exit code 130; what is there answers; the same import finishes."""
    running = start(cli, "import", feed)
    while vectors(cli.store) == 0:
        assert running.poll() is None, running.communicate()
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert err.startswith(b"tracker: stopped")
    assert err.count(b"\n") == 1
    assert 0 < vectors(cli.store) < ROWS
    partial = cli("search", "hospital figures", "-k", "3", "--json")
    assert len(partial.json["matches"]) == 3
    assert "have no vector yet" in partial.err
    done = cli("import", feed, "--json")
    assert done.json == {"added": 0, "updated": 0, "unchanged": ROWS, "rejected": [], "repaired": {}}
    assert vectors(cli.store) == ROWS
    assert cli("search", "hospital figures").err == ""


@pytest.mark.parametrize("delay", [0.05, 0.15, 0.3, 0.5, 0.8])
def test_ctrl_c_at_any_point_leaves_a_store_that_opens(cli: CommandLine, feed: Path, delay: float) -> None:
    """From the first import of a module to the last commit."""
    running = start(cli, "import", feed)
    time.sleep(delay)
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=60)
    stats = cli("stats", "--json")
    assert stats.code == 0, stats.err
    assert stats.json["claims"] == stats.json["verdicts"]
    conn = sqlite3.connect(cli.store)
    assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    conn.close()


def test_reindex_finishes_what_was_left(cli: CommandLine, feed: Path) -> None:
    """Claims without a vector get theirs by `tracker reindex`, without the feed at hand."""
    running = start(cli, "import", feed)
    while vectors(cli.store) == 0:
        time.sleep(0.05)
    running.kill()
    running.communicate()
    feed.unlink()
    done = cli("reindex", "--json")
    assert 0 < done.json["embedded"] < ROWS
    assert vectors(cli.store) == ROWS


def test_progress_is_shown_on_a_terminal_and_only_there(cli: CommandLine, feed: Path) -> None:
    """A bar on stderr where that is a terminal; nothing where it is piped; stdout is the same in both."""
    leader, follower = pty.openpty()
    termios.tcsetwinsize(follower, (24, 100))
    running = start(cli, "import", feed, terminal=follower)
    os.close(follower)
    shown = b""
    while True:
        try:
            part = os.read(leader, 4096)
        except OSError:  # the other end is closed
            break
        shown += part
    out, _ = running.communicate(timeout=60)
    assert b"embedding" in shown
    assert b"400/400" in shown
    piped = cli("reindex")
    assert piped.err == ""
    assert out.decode().startswith("400 added")
