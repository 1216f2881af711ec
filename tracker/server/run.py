"""Listening and serving: from a host and a port to a server that ends cleanly."""

from __future__ import annotations

import logging
import signal
import socket
import sys
from contextlib import ExitStack
from dataclasses import replace

import python_multipart  # noqa: F401 - what reads forms is missed now, not at the first form
import uvicorn

from tracker.errors import UsageProblem
from tracker.server.app import create_app
from tracker.server.config import Config
from tracker.server.connections import Patient

_BACKLOG = 128
_SECONDS = 10  # that a request under way has when the server is told to end


def listen(config: Config) -> tuple[Config, socket.socket]:
    """Take the host and the port; the configuration with the port that it is. Raises UsageProblem."""
    try:
        found = socket.getaddrinfo(config.host, config.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        with ExitStack() as undone:
            listening = undone.enter_context(socket.socket(family, kind, protocol))
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
            listening.listen(_BACKLOG)
            undone.pop_all()  # it stays open
    except (OSError, UnicodeError) as error:
        what = getattr(error, "strerror", None) or error
        msg = f"cannot serve at {config.host}, port {config.port}: {what}; name another with --host or --port"
        raise UsageProblem(msg) from error
    return replace(config, port=listening.getsockname()[1]), listening


def end_quietly() -> None:
    """Let Ctrl-C and a signal end the program without failure; uvicorn raises them again once all is closed."""
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda *_: sys.exit(0))


def run(config: Config, listening: socket.socket) -> None:
    """Serve until somebody ends it, by Ctrl-C or a signal; what is under way is finished."""
    logging.getLogger("tracker.encoders").setLevel(logging.ERROR)  # its warnings quote what was searched for
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(config),
            log_level="warning",
            access_log=False,  # addresses hold what was searched for
            server_header=False,
            proxy_headers=False,
            ws="none",
            http=Patient,
            timeout_graceful_shutdown=_SECONDS,
        )
    )
    server.run(sockets=[listening])
