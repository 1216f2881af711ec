"""The trackers that a server asks, and what of a request they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from starlette.exceptions import HTTPException

from tracker import settings
from tracker.desk import Desk
from tracker.errors import StoreDamaged
from tracker.pipeline import Tracker
from tracker.server.searchers import Searchers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import date

    from starlette.requests import Request

    from tracker.models import Search, Utterance
    from tracker.server.config import Config

Answer = TypeVar("Answer")
_WAITING = 64  # requests that may wait for one desk: later ones are told so at once


class Desks:
    """Ways to one store, so that nobody who types waits for what takes others long.

    A check of a whole article has a thread of its own, and so has whatever is written: it waits for other programs that
    write to the store, half a minute if need be.
    """

    def __init__(self, config: Config) -> None:
        def opened() -> Tracker:
            return Tracker.open(config.store, encoder=config.encoder, inference=config.inference)

        self._path = settings.store_path(config.store)
        self._file: tuple[int, int] | None = None  # which file it was when it was first asked
        self._quick, self._long, self._writing = Desk(opened), Desk(opened), Desk(opened)
        self._searchers = Searchers(config, config.searchers) if config.searchers > 1 else None
        self._asked: dict[Desk | Searchers | None, int] = dict.fromkeys(
            (self._quick, self._long, self._writing, self._searchers), 0
        )

    async def quick(self, work: Callable[[Tracker], Answer]) -> Answer:
        """What takes a fraction of a second: a search, a claim's page."""
        return await self._ask(self._quick, lambda: self._quick.ask(work))

    async def write(self, work: Callable[[Tracker], Answer]) -> Answer:
        """What writes: a claim, a verdict, an answer."""
        return await self._ask(self._writing, lambda: self._writing.ask(work))

    async def search(self, said: Utterance, k: int, as_of: date | None = None) -> Search:
        """The claims nearest to a text, as `Tracker.search` finds them."""
        if self._searchers is None:
            return await self.quick(lambda tracker: next(tracker.search_all([said], k, as_of=as_of)))
        searchers = self._searchers
        return await self._ask(searchers, lambda: searchers.search(said, k, as_of))

    async def long(self, work: Callable[[Tracker], Answer]) -> Answer:
        """What may take a while: a whole article, an evaluation."""
        return await self._ask(self._long, lambda: self._long.ask(work))

    def close(self) -> None:
        """Wait for what is under way, and close the stores."""
        self._quick.close()
        self._long.close()
        self._writing.close()
        if self._searchers:
            self._searchers.close()

    async def _ask(self, desk: Desk | Searchers, asked: Callable[[], Awaitable[Answer]]) -> Answer:
        if self._asked[desk] >= _WAITING:
            raise HTTPException(503, "the desk is busy; try again in a moment", {"Retry-After": "5"})
        self._require_file()
        self._asked[desk] += 1
        try:
            return await asked()
        finally:
            self._asked[desk] -= 1

    def _require_file(self) -> None:
        """Refuse to go on with a store whose file is gone: what is written to it would be lost. Raises StoreDamaged."""
        try:
            status = self._path.stat()
        except OSError:
            found = None
        else:
            found = status.st_dev, status.st_ino
        if self._file is None:
            self._file = found
        elif found != self._file:
            msg = f"{self._path}: taken away or replaced while it was served; start the server again"
            raise StoreDamaged(msg)


def desks_of(request: Request) -> Desks:
    """The desks of the server that a request came to."""
    found: Desks = request.app.state.desks
    return found
