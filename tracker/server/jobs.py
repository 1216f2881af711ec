"""Checks that browsers asked for: those under way and the last that are done. They are kept in memory alone."""

from __future__ import annotations

import asyncio
import logging
import secrets
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from threading import Event, Thread
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from tracker.errors import TrackerError
from tracker.pipeline import MIN_WORTH
from tracker.reports.report import Report
from tracker.server.refusals import status_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from starlette.requests import Request

    from tracker.models import Article, Saved
    from tracker.pipeline import Tracker
    from tracker.server.desks import Desks

log = logging.getLogger(__name__)

MAX_CHECKS = 50
MAX_UNDER_WAY = 8
MAX_KEPT = 40_000_000  # characters of all articles together

_LOOK = 0.02  # seconds between two looks at whether a check is done
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


@dataclass(frozen=True, slots=True)
class Asked:
    """What to check, and how: `read` brings the article, on a thread of its own, since another server may be slow."""

    read: Callable[[], Article]
    title: str | None = None
    day: date | None = None
    worth: float = MIN_WORTH
    k: int = 3
    as_of: date | None = None

    async def report(self, desks: Desks, job: Job) -> Report:
        """The report, made on the desk's thread for long work. Raises Stopped, TrackerError."""
        job.go_on("opening")
        article = await _in_thread(self.read)
        article = replace(article, title=self.title or article.title, published_on=self.day or article.published_on)
        job.go_on("waiting")

        def check(tracker: Tracker) -> Report:
            job.go_on("reading")
            found = tracker.check_article(
                article, min_worth=self.worth, k=self.k, as_of=self.as_of, progress=job.progress
            )
            return Report(article.source, datetime.now(UTC).date(), (found,))

        return await desks.long(check)


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

    async def run(self, asked: Asked, desks: Desks) -> None:
        """Do it, and keep what came of it; of one that was stopped nothing."""
        try:
            report = await asked.report(desks, self)
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

    def start(self, form: Mapping[str, str], asked: Asked, desks: Desks) -> Job:
        """Begin a check. Raises Busy where too many are under way, or were stopped and have not ended yet."""
        if len(self._tasks) >= MAX_UNDER_WAY:
            msg = f"{MAX_UNDER_WAY} checks are under way already; try again in a minute"
            raise Busy(msg)
        job = Job(form)
        self._jobs[job.id] = job
        task = asyncio.create_task(job.run(asked, desks))
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return job

    async def answer(self, asked: Asked, desks: Desks, request: Request) -> Job:
        """A check for somebody who waits for it; it is stopped when she has gone, and not kept. Raises Busy."""
        job = self.start({}, asked, desks)
        try:
            while job.is_under_way:
                await asyncio.sleep(_LOOK)
                if await request.is_disconnected():
                    raise ClientDisconnect
        finally:
            job.stop()
            self._jobs.pop(job.id, None)
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


async def _in_thread(read: Callable[[], Article]) -> Article:
    """Do it on a thread that nobody waits for at the end: those that asyncio keeps would hold up the server's."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Article] = loop.create_future()

    def tell(found: Article | BaseException) -> None:
        if done.cancelled():
            return
        if isinstance(found, BaseException):
            done.set_exception(found)
        else:
            done.set_result(found)

    def work() -> None:
        found: Article | BaseException
        try:
            found = read()
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            found = error
        with suppress(RuntimeError):  # the server has ended
            loop.call_soon_threadsafe(tell, found)

    Thread(target=work, daemon=True).start()
    return await done


def jobs_of(request: Request) -> Jobs:
    """The checks of the server that a request came to."""
    found: Jobs = request.app.state.jobs
    return found
