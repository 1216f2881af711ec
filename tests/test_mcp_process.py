"""`tracker mcp` as a program: how it starts, how it ends, and what it says where it cannot do either."""

from __future__ import annotations

import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from tests.assisting import wire
from tests.test_imports import HEAVY, LIST_LOADED, RUN

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import CommandLine


def test_it_starts_without_a_model(desk: CommandLine) -> None:
    """To connect, to list the tools and to show a claim load nothing heavy but what the SDK brings itself."""
    with wire(desk, "-c", LIST_LOADED + RUN, "mcp") as server:
        assert server.ask({"method": "tools/list"})["result"]["tools"]
        assert server.call("show", {"claim_id": 61})["result"]["isError"] is False
        code, out, err = server.rest()
    assert (code, out) == (0, b"")
    loaded = {name.partition(".")[0] for name in err.split()}
    assert "mcp" in loaded
    assert loaded & (HEAVY - {"httpx", "mcp", "pydantic", "starlette", "uvicorn"}) == set()


def test_the_command_line_does_not_import_it(desk: CommandLine) -> None:
    """Its packages are an extra, and slow to load."""
    done = subprocess.run(
        [sys.executable, "-c", LIST_LOADED + RUN, "list"],
        env=desk.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert not {"mcp", "pydantic", "tracker.mcp_server", "tracker.cli_mcp"} & {*done.stderr.split()}


@pytest.mark.parametrize(("how", "code"), [("its input is closed", 0), ("Ctrl-C", 130)])
def test_it_ends_cleanly(desk: CommandLine, how: str, code: int) -> None:
    """At once, without a word, and with the store closed: what was written ahead is in the file."""
    with wire(desk) as server:
        assert server.call("show", {"claim_id": 61})["result"]["isError"] is False
        assert (desk.folder / "desk.db-wal").exists()
        if how == "Ctrl-C":
            server.process.send_signal(signal.SIGINT)
            server.process.wait(timeout=30)  # while its input is still open
        assert server.rest() == (code, b"", "")
    assert not (desk.folder / "desk.db-wal").exists()


def test_it_ends_when_nobody_reads_its_answers(desk: CommandLine) -> None:
    """An assistant that was killed is no failure of ours."""
    with wire(desk) as server:
        assert server.process.stdout
        server.process.stdout.close()
        server.send(b'{"jsonrpc": "2.0", "id": 9, "method": "tools/list"}')
        assert server.process.wait(timeout=30) == 0
        assert server.process.stderr
        assert server.process.stderr.read() == b""


def _missing(store: Path) -> None:
    store.unlink()


def _newer(store: Path) -> None:
    with closing(sqlite3.connect(store)) as conn, conn:
        conn.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('claim-tracker', '0999_x', 'now')"
        )


def _damaged(store: Path) -> None:
    store.write_bytes(b"no store " * 1000)


@pytest.mark.parametrize(("spoil", "code"), [(_missing, 8), (_newer, 7), (_damaged, 8)])
def test_a_store_that_cannot_be_used_is_said_at_the_start(desk: CommandLine, spoil: Any, code: int) -> None:
    """One line and the usual exit code, before anything is answered; no store is made where none was."""
    spoil(desk.store)
    done = desk("mcp")
    assert (done.code, done.out) == (code, "")
    assert re.fullmatch(r"tracker: \S+desk\.db: .+\n", done.err)
    assert desk.store.exists() is (spoil is not _missing)


def test_without_the_package_it_says_what_to_install(desk: CommandLine, tmp_path: Path) -> None:
    """One line, and the exit code of what was asked and cannot be done."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "mcp.py").write_text("raise ModuleNotFoundError('none', name='mcp')")
    path = f"{desk.environment['PYTHONPATH']}:{tmp_path / 'empty'}"
    done = desk("mcp", PYTHONPATH=path)
    assert (done.code, done.out) == (2, "")
    assert done.err == 'tracker: tracker mcp needs the package mcp: pip install "claim-tracker[mcp]"\n'


def test_there_must_be_somebody_to_talk_to(desk: CommandLine) -> None:
    """With a closed pipe in the place of stdin it ends with a line."""
    command = f"{sys.executable} -m tracker mcp <&-"
    done = subprocess.run(
        ["/bin/sh", "-c", command], env=desk.environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("tracker: mcp: stdin or stdout is closed;")
