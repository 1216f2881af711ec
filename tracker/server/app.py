"""The application: the guard around it, the desks behind it, the routes between, and what an error becomes."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from tracker import __version__
from tracker.errors import TrackerError
from tracker.server import api, google, openapi
from tracker.server.config import Config
from tracker.server.desks import Desks
from tracker.server.guard import Guard
from tracker.server.pages import article, claim, evaluation, new, queue, ratings, search, static
from tracker.server.refusals import refusal, status_of, wants_page
from tracker.server.requests import ISO
from tracker.server.wording import for_programs, for_readers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

log = logging.getLogger(__name__)


def create_app(config: Config) -> FastAPI:
    """The ASGI application for one store. The store is opened when it is first asked."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.desks = Desks(config)
        try:
            yield
        finally:
            app.state.desks.close()

    app = FastAPI(
        title="Claim tracker",
        version=__version__,
        lifespan=lifespan,
        docs_url=None,  # its pages come from elsewhere
        redoc_url=None,
        redirect_slashes=False,  # it would lead to whatever name the client says that we have
    )
    app.state.config = config
    for routes in (api, google, article, claim, evaluation, new, queue, ratings, search, static):
        app.include_router(routes.router)
    openapi.describe(app)
    for kind, answer in ((TrackerError, _tracker_error), (RequestValidationError, _invalid), (HTTPException, _http)):
        app.add_exception_handler(kind, answer)
    app.add_middleware(Guard, config=config)
    app.add_middleware(google.Tunnel)  # before the guard, which looks for the key
    return app


async def _tracker_error(request: Request, error: Any) -> Response:
    status = status_of(error)
    if status >= 500:
        log.warning("%s %s: %s", request.method, request.url.path, error)
    store = request.app.state.config.store
    told = for_readers if wants_page(request) else for_programs
    return refusal(request, status, told(str(error), store))


async def _invalid(request: Request, error: Any) -> Response:
    """What is wrong with each field, in a line."""
    found = [f"{_place(one['loc'])}: {_worded(one)}" for one in error.errors()[:5]]
    is_google = request.scope["path"].startswith(google.PREFIX)
    status = 400 if is_google or any(one["type"] == "json_invalid" for one in error.errors()) else 422
    return refusal(request, status, "; ".join(found) or "the request cannot be read")


async def _http(request: Request, error: Any) -> Response:
    if error.status_code == 404 and error.detail == "Not Found":  # by the framework
        return refusal(request, 404, "nothing is at this address; the search leads to every claim")
    if error.status_code != 405:
        return refusal(request, error.status_code, str(error.detail), error.headers)
    allowed = _methods(request)
    return refusal(request, 405, f"{request.method} is not served here, but {allowed}", {"Allow": allowed})


def _methods(request: Request) -> str:
    """The methods that a path is served by: a route knows its own alone."""
    asked = ({**request.scope, "method": method} for method in ("GET", "POST"))
    routes = request.app.routes
    return ", ".join(one["method"] for one in asked if any(route.matches(one)[0] == Match.FULL for route in routes))


def _worded(error: Any) -> str:
    """What is wrong with a field; pydantic's own words, where they say what to try."""
    if error["type"] == "string_pattern_mismatch" and error["ctx"]["pattern"] == ISO:
        return "not a day; write it as 2022-06-27"
    if error["loc"] == ("body",):
        return "not a JSON object; send one, with 'Content-Type: application/json'"
    return str(error["msg"]).removeprefix("Value error, ")


def _place(loc: tuple[Any, ...]) -> str:
    """Where a field stands, as `verdict.evidence.0.url`; the whole body by that name."""
    return ".".join(str(part) for part in loc[1:]) or str(loc[0])
