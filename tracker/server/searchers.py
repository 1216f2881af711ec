"""Searches in processes of their own, so that two of them use two cores.

Most of a search is Python's own work, of which a process does one piece at a time whatever threads it has. Each of
these has a tracker open, answers searches, and nothing else: everything that writes stays in the server's process.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from multiprocessing.connection import wait
from threading import Thread
from typing import TYPE_CHECKING, Any

from tracker import settings

if TYPE_CHECKING:
    from datetime import date

    from tracker.models import Search, Utterance
    from tracker.pipeline import Tracker
    from tracker.server.config import Config

_own: dict[str, Tracker] = {}  # this process's, once it is a searcher


class Searchers:
    """`count` processes that search one store; they are started when the first search comes."""

    def __init__(self, config: Config, count: int) -> None:
        self._config, self._count = config, count
        self._pool = self._started()

    async def search(self, asked: Utterance, k: int, as_of: date | None) -> Search:
        """What `Tracker.search_all` answers to one text. Raises what it raises."""
        try:
            return await self._asked(asked, k, as_of)
        except BrokenExecutor:  # somebody has killed one, or there was no memory for it
            self._pool.shutdown(wait=False)
            self._pool = self._started()
            return await self._asked(asked, k, as_of)

    def close(self) -> None:
        """Wait for what is under way, then end the processes."""
        self._pool.shutdown(cancel_futures=True)

    async def _asked(self, asked: Utterance, k: int, as_of: date | None) -> Search:
        return await asyncio.get_running_loop().run_in_executor(self._pool, _search, asked, k, as_of)

    def _started(self) -> ProcessPoolExecutor:
        c = self._config
        spawn: Any = multiprocessing.get_context("spawn")  # a fork would copy the server's threads as they stand
        return ProcessPoolExecutor(self._count, spawn, _begin, (c.store, c.encoder, c.inference))


def _begin(store: str | None, encoder: str | None, inference: str | None) -> None:
    """What a process does first."""
    settings.one_blas_thread()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's, which ends this in order
    Thread(target=_end_with_the_server, daemon=True).start()
    from tracker.pipeline import Tracker

    _own["tracker"] = Tracker.open(store, encoder=encoder, inference=inference)


def _end_with_the_server() -> None:
    """A server that was killed cannot end its searchers, and none of them would notice."""
    server = multiprocessing.parent_process()
    if server:
        wait([server.sentinel])
        os._exit(1)


def _search(asked: Utterance, k: int, as_of: date | None) -> Search:
    (found,) = _own["tracker"].search_all([asked], k, as_of=as_of)
    return found
