"""The protocol, by the official SDK: list the tools, call them, and turn what goes wrong into a tool's error.

The event loop answers at once; what takes time is done by the desk's thread. Nothing is heard or said but through the
two pipes.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import mcp_types as types
from mcp import MCPError
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from pydantic import ValidationError

from tracker import __version__, settings
from tracker.desk import Desk
from tracker.errors import TrackerError, UsageProblem
from tracker.mcp_server.arguments import refusal
from tracker.mcp_server.tools import INSTRUCTIONS, tools
from tracker.reports.plain import clean

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from typing import BinaryIO

    import anyio

    from tracker.mcp_server.arguments import Arguments
    from tracker.mcp_server.tools import Tool
    from tracker.pipeline import Tracker

    AsText = Callable[[dict[str, Any]], str]


def serve(open_tracker: Callable[[], Tracker], as_text: AsText, *, writing: bool = False) -> None:
    """Answer one assistant until it closes our standard input; then close the store.

    `as_text` writes JSON for a reader. Raises UsageProblem where there is nobody to talk to.
    """
    if sys.stdin is None or sys.stdout is None:
        raise UsageProblem("mcp: stdin or stdout is closed; an assistant starts this command and talks through them")
    desk = Desk(open_tracker)
    try:
        asyncio.run(_talk(_server(desk, as_text, tools(writing=writing))))
    except* BrokenPipeError:  # the assistant is gone
        pass
    finally:
        desk.close()


async def _talk(server: Server[Any]) -> None:
    heard = cast("anyio.AsyncFile[str]", _lines(os.fdopen(os.dup(sys.stdin.fileno()), "rb")))  # it is iterated, no more
    async with stdio_server(stdin=heard) as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())


async def _lines(file: BinaryIO) -> AsyncIterator[str]:
    """The lines of a pipe, read by a thread that nobody waits for.

    The SDK's own reader has to be waited for: after Ctrl-C the server would stay until one more line comes.
    """
    loop, lines = asyncio.get_running_loop(), asyncio.Queue[bytes]()

    def read() -> None:
        with file, suppress(RuntimeError):  # the loop is closed: the server has ended
            for line in file:
                loop.call_soon_threadsafe(lines.put_nowait, line)
            loop.call_soon_threadsafe(lines.put_nowait, b"")

    threading.Thread(target=read, name="stdin", daemon=True).start()
    while line := await lines.get():
        yield _whole(line).decode(errors="replace")


def _whole(line: bytes) -> bytes:
    """The line without half characters, as where a program cut a text in an emoji: the SDK would answer nothing."""
    if rb"\ud" not in line.lower():
        return line
    try:
        return json.dumps(json.loads(line), ensure_ascii=False).encode(errors="replace")
    except (ValueError, RecursionError):  # no JSON; the SDK passes over it
        return line


def _server(desk: Desk, as_text: AsText, offered: dict[str, Tool]) -> Server[Any]:
    async def listed(_: object, __: object) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_listed(tool) for tool in offered.values()])

    async def called(_: object, asked: types.CallToolRequestParams) -> types.CallToolResult:
        tool = offered.get(asked.name)
        if tool is None:
            known = "only with --allow-writing" if asked.name in tools(writing=True) else "not one of this server's"
            raise MCPError(types.INVALID_PARAMS, f"tool {clean(asked.name)[:80]!r}: {known}; offered: {[*offered]}")
        try:
            said = tool.takes.model_validate(asked.arguments or {})
            found = await desk.ask(partial(_done, tool, said))
        except ValidationError as error:
            return _failed(tool, refusal(error))
        except TrackerError as error:
            return _failed(tool, str(error))
        return types.CallToolResult(content=[types.TextContent(text=as_text(found))], structured_content=found)

    server = Server(
        "claim-tracker",
        title="Claim tracker",
        version=__version__,
        instructions=INSTRUCTIONS,
        on_list_tools=listed,
        on_call_tool=called,
    )
    server.middleware.clear()  # the SDK's would report every message to OpenTelemetry where that is set up
    return server


def _done(tool: Tool, said: Arguments, tracker: Tracker) -> dict[str, Any]:
    with settings.writing_as(f"{settings.author()} (assistant)"):  # so that the log tells who held the pen
        return tool.work(tracker, said)


def _listed(tool: Tool) -> types.Tool:
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.tells,
        input_schema=tool.input_schema,
        output_schema=tool.output_schema,
        annotations=types.ToolAnnotations(
            title=tool.title,
            read_only_hint=not tool.writes,
            destructive_hint=False,  # nothing in a store is overwritten or removed
            idempotent_hint=True,  # the same claim or verdict a second time changes nothing
            open_world_hint=False,
        ),
    )


def _failed(tool: Tool, why: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(text=f"{tool.name}: {clean(why)}")], is_error=True)
