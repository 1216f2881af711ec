"""Trackers on threads of their own, for servers that answer many at once.

A store's connection belongs to the thread that opened it. Each of a desk's threads opens a tracker of its own and does
one thing at a time with it; whoever asks waits without holding up the others.
"""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.pipeline import Tracker

Answer = TypeVar("Answer")


class Desk:
    """`threads` trackers on one store; each is opened when its thread is first needed, by `open_tracker`."""

    def __init__(self, open_tracker: Callable[[], Tracker], threads: int = 1) -> None:
        self._open = open_tracker
        self._count = threads
        self._own = threading.local()
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="tracker")

    async def ask(self, work: Callable[[Tracker], Answer]) -> Answer:
        """What `work` makes of a tracker, on one of its threads. Raises what `work` raises."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._do, work)

    def close(self) -> None:
        """Wait for what is under way, then close every tracker on its own thread."""
        together = threading.Barrier(self._count)  # so that each thread takes one of the tasks
        for _ in range(self._count):
            self._threads.submit(self._close_own, together)
        self._threads.shutdown()

    def _do(self, work: Callable[[Tracker], Answer]) -> Answer:
        if not hasattr(self._own, "tracker"):
            self._own.tracker = self._open()
        return work(self._own.tracker)

    def _close_own(self, together: threading.Barrier) -> None:
        together.wait()
        if hasattr(self._own, "tracker"):
            self._own.tracker.close()
