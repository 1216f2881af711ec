"""The command that serves assistants on the same machine."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.errors import UsageProblem
from tracker.terminal import (
    EncoderName,
    InferenceFolder,
    StorePath,
    is_terminal,
    json_line,
    named_inference,
    open_tracker,
    warn,
)

if TYPE_CHECKING:
    from tracker.pipeline import Tracker

_PACKAGES = {"mcp", "mcp_types", "pydantic"}  # what the extra brings


def mcp(
    allow_writing: Annotated[
        bool, typer.Option("--allow-writing", help="Let the assistant add claims and verdicts too.")
    ] = False,
    store: StorePath = None,
    encoder: EncoderName = None,
    inference: InferenceFolder = None,
) -> None:
    """Serve an assistant on this machine (Claude Desktop, an editor) over MCP: search, check, show.

    The assistant's program starts it and talks through stdin and stdout.

    Example: tracker mcp --store desk.db
    """

    def opened() -> Tracker:
        return open_tracker(store, encoder, named_inference(inference), must_exist=True)

    try:
        from tracker.mcp_server.serving import serve
    except ModuleNotFoundError as error:
        if str(error.name).partition(".")[0] not in _PACKAGES:
            raise
        raise UsageProblem('tracker mcp needs the package mcp: pip install "claim-tracker[mcp]"') from error
    with opened() as tracker:  # what is wrong with it is said at the start, not at the first question
        tracker.warn_if_empty()
    if is_terminal(sys.stdin):
        warn(["mcp: waiting for an assistant's program on stdin; Ctrl-C ends it"])
    try:
        serve(opened, json_line, writing=allow_writing)
    except KeyboardInterrupt as error:  # how a server is ended; the command line would speak of going on
        raise typer.Exit(130) from error
