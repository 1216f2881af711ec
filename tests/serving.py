"""`tracker serve` for the tests: in this process, and as the command that a desk starts."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx  # noqa: TID253 - what the tests ask with
from starlette.testclient import TestClient  # noqa: TID253 - what is tested

from tests.conftest import ROOT, CommandLine
from tracker.server.app import create_app
from tracker.server.config import Config
from tracker.server.openapi import _OWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from httpx2 import Response

TOKEN = "a-token-of-the-tests"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
LOCAL = "http://127.0.0.1:8000"
# What it says of bytes that are no HTTP, or of another protocol.
_OF_UVICORN = (
    "WARNING:  Invalid HTTP request",
    "WARNING:  Unsupported upgrade request",
    "WARNING:  No supported WebSocket",
)
PAGE = {"Accept": "text/html,application/xhtml+xml"}


@contextmanager
def asking(cli: CommandLine, *, base: str = LOCAL, **config: Any) -> Iterator[TestClient]:
    """A client of the application in this process, on the store of a command line; an error of ours is a 500."""
    wanted = Config(**{"store": str(cli.store), "token": TOKEN, "rate": 0, **config})
    with TestClient(create_app(wanted), base_url=base, raise_server_exceptions=False, follow_redirects=False) as client:
        yield client


@dataclass(frozen=True)
class Served:
    """The command as it runs."""

    address: str
    process: subprocess.Popen[str]
    client: httpx.Client

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])


def start(cli: CommandLine, *options: object, **env: str) -> subprocess.Popen[str]:
    """The command, on a port that is free, where it can reach nothing."""
    return subprocess.Popen(
        [sys.executable, "-m", "tracker", "serve", "--port", "0", "--token", TOKEN, *map(str, options)],
        cwd=cli.folder,
        env=cli.environment | {"PYTHONPATH": str(ROOT / "tests" / "loopback")} | env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def served(cli: CommandLine, *options: object) -> Iterator[Served]:
    """The command and a client that brings the token; it ends by Ctrl-C, in good order and without a word."""
    process = start(cli, *options)
    try:
        assert process.stdout
        line = process.stdout.readline()
        found = re.fullmatch(rf"Your own address, to read and to write: (http://\S+)/\?token={TOKEN}\n", line)
        assert found, (line, process.stderr.read() if process.stderr else "")
        with httpx.Client(base_url=found[1], headers=BEARER, timeout=120, trust_env=False) as client:
            yield Served(found[1], process, client)
        code, said = ended(process, signal.SIGINT)
        told = [line for line in said.splitlines() if not line.startswith(_OF_UVICORN)]
        assert (code, told) == (0, []), (code, told)
    finally:
        process.kill()
        process.communicate()


def ended(process: subprocess.Popen[str], by: signal.Signals) -> tuple[int, str]:
    """Send a signal; how the command ended, and what it said on stderr. It has 30 seconds."""
    process.send_signal(by)
    _, said = process.communicate(timeout=30)
    return process.returncode, said


def error_of(answer: Response, status: int) -> str:
    """The one line of an error, which has the form that all have."""
    assert answer.status_code == status, answer.text
    assert set(_OWN["error"]["properties"]) == set(answer.json())
    error = answer.json()["error"]
    assert set(error) == {"code", "message", "status"}
    assert error["code"] == status
    assert re.fullmatch(r"[A-Z_]+", error["status"])
    assert error["message"]
    assert "\n" not in error["message"]
    return str(error["message"])
