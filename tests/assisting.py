"""`tracker mcp` for the tests: a process of its own with the official SDK's client, or with nothing but its pipes."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import mcp_types as types
from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client  # noqa: TID253 - what is tested
from mcp.client.stdio import StdioServerParameters, stdio_client  # noqa: TID253

from tests.conftest import CommandLine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


HELLO = {
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}


@dataclass(frozen=True)
class Assistant:
    """A model's program with a tracker beside it; `portal` keeps the connection in a thread of its own."""

    cli: CommandLine
    portal: BlockingPortal
    client: Client

    @property
    def tools(self) -> dict[str, types.Tool]:
        return {tool.name: tool for tool in self.portal.call(self.client.list_tools).tools}

    def call(self, tool: str, **arguments: object) -> types.CallToolResult:
        return self.portal.call(partial(self.client.call_tool, tool, arguments))

    def answer(self, tool: str, **arguments: object) -> Any:
        """What a tool answers, which is the same in both ways that it is given."""
        found = self.call(tool, **arguments)
        assert not found.is_error, text(found)
        assert json.loads(text(found)) == found.structured_content
        return found.structured_content

    def error(self, tool: str, **arguments: object) -> str:
        """The one line of a tool's error; the server goes on after it."""
        found = self.call(tool, **arguments)
        assert found.is_error
        assert found.structured_content is None
        line = text(found)
        assert re.fullmatch(rf"{tool}: .{{10,400}}", line), line
        assert self.answer("show", claim_id=1)["claim"]["claim_id"] == 1
        return line


def text(found: types.CallToolResult) -> str:
    (content,) = found.content
    assert isinstance(content, types.TextContent)
    return content.text


@contextmanager
def assistant(cli: CommandLine, *options: str, mode: str = "auto") -> Iterator[Assistant]:
    """An assistant on the store of a command line; the server says nothing on stderr."""
    program = StdioServerParameters(
        command=sys.executable, args=["-m", "tracker", "mcp", *options], env=cli.environment, cwd=cli.folder
    )
    said = cli.folder / "stderr.txt"
    with said.open("w") as stderr, start_blocking_portal() as portal:
        client = Client(stdio_client(program, stderr), mode=mode, read_timeout_seconds=120)
        with portal.wrap_async_context_manager(client):
            yield Assistant(cli, portal, client)
    assert said.read_text() == ""


@dataclass
class Wire:
    """The server by its pipes alone, where the SDK's client would not say what is to be said."""

    process: subprocess.Popen[bytes]
    number: int = field(default=0)

    def send(self, line: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()

    def ask(self, request: dict[str, Any]) -> Any:
        assert self.process.stdout
        self.number += 1
        self.send(json.dumps({"jsonrpc": "2.0", "id": self.number, **request}).encode())
        answer = json.loads(self.process.stdout.readline())
        assert answer["id"] == self.number
        return answer

    def call(self, tool: str, arguments: object) -> Any:
        return self.ask({"method": "tools/call", "params": {"name": tool, "arguments": arguments}})

    def rest(self) -> tuple[int, bytes, str]:
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, out, err.decode()


@contextmanager
def wire(cli: CommandLine, *command: str) -> Iterator[Wire]:
    with subprocess.Popen(
        [sys.executable, *(command or ("-m", "tracker", "mcp"))],
        cwd=cli.folder,
        env=cli.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        connected = Wire(process)
        assert connected.ask(HELLO)["result"]["serverInfo"]["name"] == "claim-tracker"
        connected.send(b'{"jsonrpc": "2.0", "method": "notifications/initialized"}')
        yield connected


def events(cli: CommandLine) -> int:
    """How much was ever written into the store."""
    with closing(sqlite3.connect(cli.store)) as conn:
        return int(conn.execute("SELECT count(*) FROM events").fetchone()[0])


def starter(folder: Path, cache_folder: Path, store: Path) -> CommandLine:
    cli = CommandLine(folder, cache_folder)
    shutil.copy(store, cli.store)
    shutil.copy(store.with_name("desk.db.faiss"), folder)
    return cli
