"""What all pages share: the templates, who is reading, and forms that can be trusted."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartParser
from starlette.responses import HTMLResponse

from tracker import settings
from tracker.reports.html import environment
from tracker.server.guard import MAX_BODY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Environment
    from starlette.datastructures import FormData
    from starlette.requests import Request

    from tracker.server.config import Config

FOLDER = Path(__file__).parent.parent
NAV = (("/", "Search"), ("/article", "Check an article"), ("/new", "Add a claim"), ("/queue", "Queue"))
MORE_NAV = (("/ratings", "Ratings"), ("/evaluation", "How good it is"))
MAX_FIELDS = 100
MultiPartParser.spool_max_size = MAX_BODY  # what is sent stays in memory: nothing of an article touches the disk
_NAME = "tracker-name"  # the cookie that keeps who is writing


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A template shown to whoever asks, with what every page needs; names it does not give are errors."""
    shown = (
        _environment()
        .get_template(template)
        .render(
            **{
                "path": request.url.path,
                "nav": NAV,
                "more_nav": MORE_NAV,
                "may_write": request.state.may_write,
                "csrf": config_of(request).derived("form"),
                "writer": writer(request) if config_of(request).is_local else _named(request),
                **values,
            }
        )
    )
    return HTMLResponse(shown, status)


async def form_of(request: Request) -> FormData:
    """The fields of a form of ours, sent by somebody who may write. Raises HTTPException."""
    try:
        sent = await sent_by(request)
    finally:
        await request.close()  # a form that writes has no file of its own
    if not request.state.may_write:
        raise HTTPException(403, "to write, open the address with the token that 'tracker serve' printed")
    return sent


async def sent_by(request: Request) -> FormData:
    """The fields of a form of ours, whoever sent it; its file is the caller's to close. Raises HTTPException."""
    try:
        sent = await request.form(max_files=1, max_fields=MAX_FIELDS, max_part_size=MAX_BODY)
    except (UnicodeError, LookupError) as error:  # it names a set of characters that is none, or not for text
        raise HTTPException(400, "the form cannot be read; load the page again") from error
    if not config_of(request).is_derived("form", field(sent, "csrf")):
        raise HTTPException(403, "this form is not of this desk, or is from before it was started; load the page again")
    return sent


def field(sent: Mapping[str, Any], name: str) -> str:
    """A field's text, with line feeds for what browsers send; "" for one that is missing or is a file."""
    value = sent.get(name)
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else ""


def config_of(request: Request) -> Config:
    """What the server was started with."""
    found: Config = request.app.state.config
    return found


def writer(request: Request) -> str:
    """Who writes from this browser, as she said with a form before; else who started the server."""
    return _named(request) or settings.author()


def _named(request: Request) -> str:
    return unquote(request.cookies.get(_NAME, ""))[:100].strip()


def remember_writer(answer: Any, name: str) -> None:
    """Keep who is writing for the next form."""
    answer.set_cookie(_NAME, quote(name[:100]), max_age=365 * 24 * 3600, httponly=True, samesite="lax")


@cache
def _environment() -> Environment:
    return environment(FOLDER / "templates")
