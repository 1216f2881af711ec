"""`tracker serve` as a desk starts it: what it says, what it refuses, how it ends, and what it says to odd bytes."""

from __future__ import annotations

import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import httpx  # noqa: TID253 - what the tests ask with
import pytest

from tests.conftest import EXAMPLE, ROOT, CommandLine
from tests.serving import BEARER, PAGE, TOKEN, Served, ended, served, start
from tests.test_json_schema import validate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Result

STATEMENT = "NATO went from a force of 40,000 to one of 300,000"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, _starter: Path, cache_folder: Path) -> Iterator[Served]:
    """The command on a store with the starter claims, for all tests that write nothing."""
    cli = CommandLine(tmp_path_factory.mktemp("serve"), cache_folder)
    for ending in ("", ".faiss"):
        shutil.copy(_starter.with_name(f"desk.db{ending}"), cli.folder)
    with served(cli) as running:
        yield running


def refused(cli: CommandLine, *options: object, **env: str) -> Result:
    """The command where it does not begin: nothing on stdout, one line on stderr."""
    found = cli("serve", *options, **{"PYTHONPATH": str(ROOT / "tests" / "loopback")} | env)
    assert found.out == ""
    assert re.fullmatch(r"(tracker: )?[^\n]{10,400}\n", found.err), found.err
    return found


# --- starting ------------------------------------------------------------------------------------------------------


def test_it_says_where_it_is_and_makes_a_token_up(desk: CommandLine) -> None:
    own, shown = [], []
    for _ in range(2):
        process = subprocess.Popen(
            [sys.executable, "-m", "tracker", "serve", "--port", "0"],
            cwd=desk.folder,
            env=desk.environment | {"PYTHONPATH": str(ROOT / "tests" / "loopback")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout
        lines = [process.stdout.readline() for _ in range(3)]
        code, said = ended(process, signal.SIGTERM)
        assert (code, said) == (0, "")
        found = re.fullmatch(
            r"Your own address, to read and to write: (http://127\.0\.0\.1:\d+)/\?token=(\S{32})\n", lines[0]
        )
        assert found
        own.append(found[2])
        shown.append(lines[1:] == [f"For reading: {found[1]}/\n", "Ctrl-C ends it.\n"])
    assert own[0] != own[1]
    assert shown == [True, True]


def test_a_port_that_is_taken_is_one_line(desk: CommandLine, server: Served) -> None:
    found = refused(desk, "--port", server.port)
    assert found.code == 2
    assert f"cannot serve at 127.0.0.1, port {server.port}: Address already in use" in found.err
    assert server.client.get("/stats").status_code == 200


def test_a_name_that_is_nobodys_is_one_line(desk: CommandLine) -> None:
    found = refused(desk, "--host", "127.0.0.1.nowhere.invalid", PYTHONPATH="")
    assert found.code == 2
    assert "name another with --host or --port" in found.err


@pytest.mark.parametrize("token", ["", "a" * 15])
def test_a_token_that_can_be_guessed_is_refused(desk: CommandLine, token: str) -> None:
    for found in (refused(desk, "--token", token), refused(desk, TRACKER_TOKEN=token) if token else None):
        if found:
            assert found.code == 2
            assert "16 characters" in found.err


def test_a_store_that_cannot_be_used_is_said_before_it_listens(desk: CommandLine) -> None:
    with closing(sqlite3.connect(desk.store)) as conn, conn:
        conn.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('claim-tracker', '0999_future', 'now')"
        )
    assert refused(desk, "--port", "0").code == 7
    desk.store.write_bytes(b"not a store" * 1_000)
    assert refused(desk, "--port", "0").code == 8


@pytest.mark.parametrize("missing", ["fastapi", "uvicorn", "python_multipart", "starlette"])
def test_without_its_packages_it_says_what_to_install(desk: CommandLine, missing: str, tmp_path: Path) -> None:
    shim = tmp_path / "shim"
    shim.mkdir()
    (shim / "sitecustomize.py").write_text(f"import sys\nsys.modules[{missing!r}] = None\n")
    found = refused(desk, "--port", "0", PYTHONPATH=str(shim))
    assert found.code == 2
    assert "pip install 'claim-tracker[serve]'" in found.err
    assert "serve" in desk("--help").out


def test_another_address_takes_the_token(desk: CommandLine) -> None:
    process = start(desk, "--host", "0.0.0.0", PYTHONPATH="")  # the tests' shim lets nothing but loopback be served
    try:
        assert process.stdout
        address, then = process.stdout.readline(), process.stdout.readline()
        found = re.search(r"(http://localhost:\d+)/\?token=", address)
        assert found
        assert then == "Without the token nothing is shown.\n"
        local = found[1].replace("localhost", "127.0.0.1")
        with httpx.Client(base_url=local, trust_env=False) as client:
            assert client.get("/stats").status_code == 401
            assert client.get("/stats", headers=BEARER).status_code == 200
            assert client.get(f"/?token={TOKEN}", headers=PAGE).status_code == 303
        assert ended(process, signal.SIGINT) == (0, "")
    finally:
        process.kill()
        process.communicate()


# --- ending --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_and_what_is_under_way_is_finished(desk: CommandLine, by: signal.Signals) -> None:
    with served(desk) as server:
        server.client.post("/search", json={"text": STATEMENT})  # the models are there
        with ThreadPoolExecutor(1) as pool:
            text = EXAMPLE.read_text(encoding="utf-8") * 3
            asked = pool.submit(server.client.post, "/check", json={"text": text})
            time.sleep(0.1)
            server.process.send_signal(by)
            answer = asked.result(60)
        assert answer.status_code == 200
        validate(answer.json(), "check")
        assert server.process.wait(30) == 0
    assert not desk.store.with_name("desk.db-wal").exists()
    assert desk("verify").code == 0


def test_who_hangs_up_stops_nobody(server: Served) -> None:
    """Half a request, half a body, half a form, and no word about any of them."""
    begun = [
        b"GET /claims HTT",
        b"POST /claims HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\nContent-Type: application/json\r\n\r\n{",
        (
            b"POST /new HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n"
            b"Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\nContent-Disp"
        ),
        (
            b"POST /v1alpha1/claims:search HTTP/1.1\r\nHost: localhost\r\nX-HTTP-Method-Override: GET\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 99\r\n\r\nquery="
        ),
    ]
    for sent in begun:
        with socket.create_connection(("127.0.0.1", server.port), 10) as conn:
            conn.sendall(sent)
            time.sleep(0.05)
    assert server.client.get("/stats").status_code == 200


# --- the wire ------------------------------------------------------------------------------------------------------


def said_to(server: Served, sent: bytes) -> bytes:
    """The head of what the server answers to these bytes."""
    with socket.create_connection(("127.0.0.1", server.port), 10) as conn:
        conn.settimeout(10)
        conn.sendall(sent)
        answer = b""
        while b"\r\n\r\n" not in answer and (piece := conn.recv(65536)):
            answer += piece
        return answer


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /stats HTTP/1.1\r\n\r\n", 400),  # no host
        (b"GET /stats HTTP/1.0\r\n\r\n", 403),
        (b"GET /stats HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", 400),
        (b"GET /stats HTTP/1.1\r\nHost: evil.example\r\n\r\n", 403),
        (b"GET http://evil.example/stats HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
        (b"GET /?q=\xff HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (b"GET //evil.example/%2e%2e HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
        (b"GET * HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
        (b"TRACE /stats HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
        (b"HEAD /stats HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
        (b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", None),
        (b"POST /search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n", 413),
        (b"POST /search HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", 400),
        ((b"GET /stats HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
         b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"), None),
        (b"\x16\x03\x01\x02\x00\x01\x00", 400),
    ],
    ids=range(16),
)  # fmt: skip
def test_odd_bytes_are_answered(server: Served, sent: bytes, status: int | None) -> None:
    answer = said_to(server, sent)
    found = re.match(rb"HTTP/1\.1 (\d{3}) ", answer)
    assert found, answer
    assert int(found[1]) == status or (status is None and found[1] < b"500"), answer
    assert server.client.get("/stats").status_code == 200


def test_a_body_that_is_too_large_is_not_read_on(server: Served) -> None:
    head = b"POST /check HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    with socket.create_connection(("127.0.0.1", server.port), 10) as conn:
        conn.settimeout(10)
        conn.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n")
        piece = b"10000\r\n" + b"a" * 65536 + b"\r\n"
        with pytest.raises(OSError):  # noqa: PT011, PT012 - reset or broken pipe, whichever comes first
            for sent in range(0, 200_000_000, len(piece)):  # noqa: B007 - how far it came
                conn.sendall(piece)
    assert sent < 60_000_000  # the limit, and what lay in the buffers between
    assert server.client.get("/stats").status_code == 200


def sockets_of(pid: int) -> set[tuple[str, str]]:
    """The internet sockets of a process, as (own end, other end), by what the system itself says."""
    inodes = set()
    for file in Path(f"/proc/{pid}/fd").iterdir():
        try:
            inodes.add(str(file.readlink()))
        except OSError:
            continue
    found = set()
    for kind in ("tcp", "tcp6", "udp", "udp6", "raw", "raw6"):
        for row in Path(f"/proc/{pid}/net/{kind}").read_text().splitlines()[1:]:
            cells = row.split()
            if f"socket:[{cells[9]}]" in inodes:
                found.add((cells[1], cells[2]))
    return found


@pytest.mark.skipif(not Path("/proc/self/net/tcp").exists(), reason="no /proc here")
def test_it_uses_its_own_port_alone(desk: CommandLine) -> None:
    """Each socket of the process is the one that listens, or was accepted by it; `tests/loopback` refuses any other."""
    with served(desk) as server:
        own = f"0100007F:{server.port:04X}"
        assert sockets_of(server.process.pid) == {(own, "00000000:0000")}
        for sent in ({"text": STATEMENT}, {"text": "It rained."}):
            assert server.client.post("/search", json=sent).status_code == 200
        assert server.client.post("/check", json={"text": EXAMPLE.read_text(encoding="utf-8")}).status_code == 200
        there = sockets_of(server.process.pid)
        assert len(there) > 1
        assert {own for own, _ in there} == {own}
        assert server.process.stderr
