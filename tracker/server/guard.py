"""The door: which requests come in at all, how large and how many, and what every answer says to the browser.

Three things are kept apart. *Reading* is free on this machine alone and takes the token elsewhere. *Writing* always
takes it: a program sends it, a browser has it as a cookie, and its forms prove that they are ours (`forms`). And no
page of somebody else's may use a browser to ask in its name: the name that the browser asked for must be ours.
"""

from __future__ import annotations

import logging
import re
import time
from collections import OrderedDict
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response

from tracker.server.config import is_loopback
from tracker.server.refusals import refusal

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from tracker.server.config import Config

log = logging.getLogger("uvicorn.error")  # whose handler prints a traceback whole

MAX_BODY = 11_000_000  # bytes: an article of the largest size, and the form around it
_CLIENTS = 10_000  # whose requests are counted
_YEAR = 365 * 24 * 3600
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_TOO_LARGE = f"more than {MAX_BODY / 1e6:g} MB; cut out the part to check"
_CLOSE = {"Connection": "close"}  # what still comes of the body is not read
_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::[0-9]{1,5})?")
_OPEN = "/static/"  # what a refusal's page is made of

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
        " form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with none at all a browser does not say either that a form is ours
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


class Guard:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, config: Config) -> None:
        self._app = app
        self._config = config
        self._rate = Rate(config.rate)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through or answer it here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        answer = self._refused(request)
        if answer is not None:
            await answer(scope, receive, _with_headers(send))
            return
        request.state.may_write = self._has_token(request)
        await self._answered(request, receive, send)

    async def _answered(self, request: Request, receive: Receive, send: Send) -> None:
        """Let the application answer. What it cannot is a bug: the log has all of it, the answer nothing."""
        begun = False

        async def sent(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(request.scope, _limited(receive), _with_headers(sent))
        except ClientDisconnect:
            pass  # nobody is there to answer
        except Exception:
            log.exception("%s %s: a bug", request.method, ascii(request.scope["path"])[:200])
            if begun:
                raise  # the connection is cut: half an answer must not look like a whole one
            answer = refusal(request, 500, "something went wrong here that should not; the desk's own log says what")
            await answer(request.scope, receive, _with_headers(send))

    def _refused(self, request: Request) -> Response | None:
        return self._refused_unread(request) or self._refused_to(request)

    def _refused_unread(self, request: Request) -> Response | None:
        """Too many, too large, to another name than ours, or for a page of somebody else's."""
        if not self._rate.allows(request.client.host if request.client else ""):
            return refusal(request, 429, "too many requests; wait a second", {"Retry-After": "1"})
        if _length(request) > MAX_BODY:
            return refusal(request, 413, _TOO_LARGE, _CLOSE)
        if _is_garbled(request):
            return refusal(request, 400, "the address is not in UTF-8", _CLOSE)
        if self._config.is_local and not is_loopback(_host(request)):
            return refusal(request, 403, f"this desk answers at {self._config.address} only")
        if request.method not in _SAFE and _is_foreign(request):
            return refusal(request, 403, "a form of another site; use the desk's own pages")
        return None

    def _refused_to(self, request: Request) -> Response | None:
        """Whoever has no token where one is needed; who brings one is let in."""
        if "token" in request.query_params:
            return self._welcomed(request)
        if self._config.is_local or request.scope["path"].startswith(_OPEN) or self._has_token(request):
            return None
        return refusal(
            request,
            401,
            "this desk asks for its token: open the address that 'tracker serve' printed, or send"
            " 'Authorization: Bearer TOKEN'",
            {"WWW-Authenticate": "Bearer"},
        )

    def _welcomed(self, request: Request) -> Response:
        """Take the token out of the address, where others could read it, and a sign of it into a cookie."""
        if not self._config.is_token(request.query_params["token"]):
            return refusal(request, 401, "that is not this desk's token; 'tracker serve' printed it when it started")
        rest = [pair for pair in request.query_params.multi_items() if pair[0] != "token"]
        path = "/" + quote(request.scope["path"].lstrip("/\\"))  # "//host" would lead elsewhere
        answer = RedirectResponse(f"{path}?{urlencode(rest)}" if rest else path, 303)
        answer.set_cookie(
            cookie_name(self._config),
            self._config.derived("cookie"),
            max_age=_YEAR,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return answer

    def _has_token(self, request: Request) -> bool:
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            return self._config.is_token(given.strip())
        key = request.headers.get("x-goog-api-key") or request.query_params.get("key")
        if key and request.scope["path"].startswith("/v1alpha1/"):
            return self._config.is_token(key)
        cookie = request.cookies.get(cookie_name(self._config), "")
        return self._config.is_derived("cookie", cookie)


def cookie_name(config: Config) -> str:
    """One name a port: a browser sends the cookies of all servers on a machine to each of them."""
    return f"tracker-{config.port}"


def has_bearer(request: Request) -> bool:
    """Whether a program sends the token itself, which no page of somebody else's can make a browser do."""
    return request.headers.get("authorization", "").lower().startswith("bearer ")


class Rate:
    """How many requests an address may make: `rate` a second, twice that at once (a token bucket)."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # by address: how many, as of when

    def allows(self, client: str) -> bool:
        """Count one request; False where it is one too many."""
        if not self._rate:
            return True
        now, most = time.monotonic(), 2 * self._rate
        left, since = self._left.pop(client, (most, now))
        left = min(most, left + (now - since) * self._rate)
        self._left[client] = (max(left - 1, 0.0), now)
        while len(self._left) > _CLIENTS:
            self._left.popitem(last=False)
        return left >= 1


def _host(request: Request) -> str:
    """The name or number that the client asked for, without the port; "" where it names none, or several."""
    said = request.headers.getlist("host")
    found = _HOST.fullmatch(said[0]) if len(said) == 1 else None
    return found[1] if found else ""


def _is_garbled(request: Request) -> bool:
    """Whether what follows the path is no text."""
    try:
        request.scope["query_string"].decode()
    except UnicodeDecodeError:
        return True
    return False


def _length(request: Request) -> int:
    """The length that the request says it has; 0 where it says none that is a number."""
    said = request.headers.get("content-length", "")
    return int(said) if said.isdecimal() and len(said) < 20 else 0


def _is_foreign(request: Request) -> bool:
    """Whether a browser says that a page of another site sends this."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return True
    origin = request.headers.get("origin")
    return origin is not None and origin.partition("://")[2] != request.headers.get("host")


def _limited(receive: Receive) -> Receive:
    """The body up to MAX_BODY; of one that does not say its length the rest is never read."""
    had = 0

    async def limited() -> Message:
        nonlocal had
        message = await receive()
        had += len(message.get("body", b""))
        if had > MAX_BODY:
            raise HTTPException(413, _TOO_LARGE, _CLOSE)
        return message

    return limited


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sent
