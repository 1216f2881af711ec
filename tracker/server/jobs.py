"""Checks that browsers asked for: those under way and the last that are done. They are kept in memory alone."""

from __future__ import annotations

import asyncio
import logging
import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from tracker.errors import TrackerError
from tracker.server.refusals import status_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping

    from tracker.models import Saved
    from tracker.reports.report import Report

log = logging.getLogger(__name__)

MAX_CHECKS = 50
MAX_UNDER_WAY = 8
MAX_KEPT = 40_000_000  # characters of all articles together

_BROKEN = "something went wrong in the check; try again, or give the text in another form"


class Busy(Exception):
    """Too many checks are under way."""


class Stopped(Exception):
    """Somebody stopped the check, or the server ends."""


@dataclass(slots=True)
class Step:
    """What is being done, and how far it is; `total` is None where that is not known."""

    label: str
    total: int | None = None
    done: int = 0


class Job:
    """One check: what was asked for (`form`), how far it is, and in the end its report, or what went wrong.

    The desk's thread tells how far it is, the server's reads it: each field is put in its place whole.
    """

    def __init__(self, form: Mapping[str, str]) -> None:
        self.id = secrets.token_urlsafe(16)
        self.form = dict(form)
        self.step = Step("waiting")
        self.report: Report | None = None
        self.saved: Saved | None = None
        self.refused: tuple[int, str] | None = None  # the status to answer with, and the line that says why
        self._stopped = Event()

    @property
    def is_under_way(self) -> bool:
        """True until there is a report or a reason why there is none."""
        return self.report is None and self.refused is None

    @property
    def size(self) -> int:
        """How many characters it keeps."""
        checks = self.report.checks if self.report else ()
        return sum(map(len, self.form.values())) + sum(len(one.article.text) for one in checks)

    def stop(self) -> None:
        """Give it up: what works for it ends at its next step."""
        self._stopped.set()
        if self.is_under_way:
            self.refused = (200, "the check was stopped")

    def go_on(self, label: str = "", total: int | None = None) -> None:
        """Say what comes next. Raises Stopped where nothing should."""
        if self._stopped.is_set():
            raise Stopped
        if label:
            self.step = Step(label, total)

    @contextmanager
    def progress(self, label: str, total: int | None) -> Iterator[Callable[[int], None]]:
        """Tell how far a piece of work is (`progress.Progress`). Raises Stopped."""
        self.go_on(label, total)
        step = self.step

        def advance(steps: int) -> None:
            step.done += steps
            self.go_on()

        yield advance

    async def run(self, work: Callable[[Job], Awaitable[Report]]) -> None:
        """Do it, and keep what came of it; of one that was stopped nothing."""
        try:
            report = await work(self)
            if self.is_under_way:
                self.report = report
                self.form["text"] = ""  # the article has it
        except Stopped:
            pass
        except TrackerError as error:
            self._fail(status_of(error), str(error))
        except HTTPException as error:
            self._fail(error.status_code, str(error.detail))
        except Exception:
            log.exception("a check failed")
            self._fail(500, _BROKEN)

    def _fail(self, status: int, message: str) -> None:
        if self.is_under_way:
            self.refused = (status, message)


class Jobs:
    """The checks of one server, by ids that nobody can guess; the oldest that are done go first."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, form: Mapping[str, str], work: Callable[[Job], Awaitable[Report]]) -> Job:
        """Begin a check. Raises Busy where too many are under way."""
        if sum(job.is_under_way for job in self._jobs.values()) >= MAX_UNDER_WAY:
            msg = f"{MAX_UNDER_WAY} checks are under way already; try again in a minute"
            raise Busy(msg)
        job = Job(form)
        self._jobs[job.id] = job
        task = asyncio.create_task(job.run(work))
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return job

    def find(self, number: str) -> Job | None:
        """The check with this id, if it is still kept."""
        return self._jobs.get(number)

    async def close(self) -> None:
        """Stop what is under way, so that nobody waits for it when the server ends."""
        for job in self._jobs.values():
            job.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        kept = sum(job.size for job in self._jobs.values())
        done = [job for job in self._jobs.values() if not job.is_under_way]
        for job in done[:-1]:  # the last one is what somebody waits for
            if len(self._jobs) <= MAX_CHECKS and kept <= MAX_KEPT:
                break
            kept -= job.size
            del self._jobs[job.id]
