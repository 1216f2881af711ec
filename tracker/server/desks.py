"""The trackers that a server asks, and what of a request they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from starlette.exceptions import HTTPException

from tracker.desk import Desk
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
    """Two ways to one store, so that nobody who types waits for an article that somebody else has checked."""

    def __init__(self, config: Config) -> None:
        def opened() -> Tracker:
            return Tracker.open(config.store, encoder=config.encoder, inference=config.inference)

        self._quick, self._long = Desk(opened), Desk(opened)
        self._searchers = Searchers(config, config.searchers) if config.searchers > 1 else None
        self._asked: dict[Desk | Searchers | None, int] = {self._quick: 0, self._long: 0, self._searchers: 0}

    async def quick(self, work: Callable[[Tracker], Answer]) -> Answer:
        """What takes a fraction of a second: a search, a claim, a verdict."""
        return await self._ask(self._quick, lambda: self._quick.ask(work))

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
        if self._searchers:
            self._searchers.close()

    async def _ask(self, desk: Desk | Searchers, asked: Callable[[], Awaitable[Answer]]) -> Answer:
        if self._asked[desk] >= _WAITING:
            raise HTTPException(503, "the desk is busy; try again in a moment", {"Retry-After": "5"})
        self._asked[desk] += 1
        try:
            return await asked()
        finally:
            self._asked[desk] -= 1


def desks_of(request: Request) -> Desks:
    """The desks of the server that a request came to."""
    found: Desks = request.app.state.desks
    return found
