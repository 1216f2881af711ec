"""Refusals: what a request is answered that is not served, for a browser as a page, for a program as JSON."""

from __future__ import annotations

from html import escape
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, JSONResponse, Response

from tracker.errors import ClaimNotFound, InvalidClaim, TrackerError, UnreadableSource, UsageProblem
from tracker.reports.plain import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

_STATUSES = {
    UsageProblem: HTTPStatus.UNPROCESSABLE_ENTITY,
    ClaimNotFound: HTTPStatus.NOT_FOUND,
    UnreadableSource: HTTPStatus.UNPROCESSABLE_ENTITY,
    InvalidClaim: HTTPStatus.UNPROCESSABLE_ENTITY,
}
_NAMES = {  # as Google's APIs name them
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    422: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}


def status_of(error: TrackerError) -> HTTPStatus:
    """The HTTP status for an error; those of the store and the model are the server's own."""
    return next((code for kind, code in _STATUSES.items() if isinstance(error, kind)), HTTPStatus.SERVICE_UNAVAILABLE)


def refusal(request: Request, status: int, message: str, headers: Mapping[str, str] | None = None) -> Response:
    """The answer to a request that is not served: one line that says what is wrong and what to try."""
    message = clean(message)
    if wants_page(request):
        return HTMLResponse(_page(status, message), status, headers)
    name = _NAMES.get(status, HTTPStatus(status).phrase.upper().replace(" ", "_"))
    return JSONResponse({"error": {"code": status, "message": message, "status": name}}, status, headers)


def wants_page(request: Request) -> bool:
    """Tell a browser that shows a page from a program: only the former asks for HTML by name."""
    return "text/html" in request.headers.get("accept", "")


def _page(status: int, message: str) -> str:
    """A page that needs nothing else, since what is refused may be all the rest."""
    title = HTTPStatus(status).phrase
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)} · claim tracker</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="data:,"><link rel="stylesheet" href="/static/sheet.css">'
        '<link rel="stylesheet" href="/static/desk.css"></head>'
        f'<body><main class="sheet"><h1>{escape(title)}</h1><p>{escape(message)}</p>'
        '<p><a href="/">To the search</a></p></main></body></html>\n'
    )
