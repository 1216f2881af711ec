"""Connections: how many there may be, and how long a client may take to say what it wants.

uvicorn waits for ever for the rest of a request, and accepts until the process has no file left to open.
"""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

MOST = 500  # open at once; more are closed as they come
HEAD_SECONDS = 15.0  # for a request's first lines
BODY_SECONDS = 120.0  # for the rest of it, an article of the largest size


class Patient(H11Protocol):
    """uvicorn's own way to read HTTP, with an end to its patience."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take up a connection, if there is room for it."""
        super().connection_made(transport)
        if len(self.connections) > MOST:
            transport.abort()
        else:
            self._wait(None)

    def _wait(self, since: Any) -> None:
        """Look again later; `since` is what was waited for at the last look."""
        waiting = self._awaited()
        if waiting is not None and waiting == since:
            self.transport.abort()
        elif not self.transport.is_closing():
            has_begun = waiting is not None and waiting[0] is h11.SEND_BODY
            self.loop.call_later(BODY_SECONDS if has_begun else HEAD_SECONDS, self._wait, waiting)

    def _awaited(self) -> tuple[Any, int] | None:
        """What the client has yet to send, of which request; None where it is our turn."""
        state = self.conn.their_state
        return (state, id(self.cycle)) if state in {h11.IDLE, h11.SEND_BODY} else None
