"""Check an article: the form, the page to wait on, and the report with what can be done about it."""

from __future__ import annotations

import asyncio
import re
import textwrap
import unicodedata
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from tracker import settings
from tracker.articles import read_content, read_page
from tracker.dates import parse_day
from tracker.errors import InvalidClaim, TrackerError, UnreadableSource
from tracker.models import Relation
from tracker.pipeline import MIN_WORTH
from tracker.reports import html, markdown
from tracker.reports.plain import clean
from tracker.reports.report import Report
from tracker.server.desks import desks_of
from tracker.server.jobs import Asked, Busy, Job, Jobs, jobs_of
from tracker.server.pages.page import config_of, field, form_of, page, remember_writer, sent_by, writer
from tracker.server.pages.verdict import MAX_LINE
from tracker.server.wording import for_readers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from fastapi import FastAPI

    from tracker.models import Article, Saved
    from tracker.pipeline import Tracker

_PASTED = "pasted text"  # in the place of a name
_FIELDS = ("text", "address", "title", "day", "worth")
_MAX_TITLE = 300
_MAX_NAME = 150
_MAX_LINE = 90

_STEPS = {
    "waiting": "Waiting for its turn",
    "opening": "Reading the article",
    "reading": "Judging each sentence",
    "matching": "Looking for each statement in the store",
}
_POLICY = (
    "default-src 'none'; style-src 'self' {style}; script-src 'self' {script}; img-src 'self' data:;"
    " connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


@asynccontextmanager
async def _kept(app: FastAPI) -> AsyncIterator[None]:
    """The checks of one server; they end before its desks do."""
    app.state.jobs = Jobs()
    try:
        yield
    finally:
        await app.state.jobs.close()


router = APIRouter(include_in_schema=False, lifespan=_kept)

JobId = Annotated[str, Path(max_length=100)]


# --- asking -----------------------------------------------------------------------------------------------------------


@router.get("/article")
async def ask(request: Request) -> Response:
    """The form."""
    return _form(request, {})


@router.post("/article")
async def start(request: Request) -> Response:
    """Begin a check, and lead to where it is shown; what cannot be checked is told on the form."""
    form = dict.fromkeys(_FIELDS, "") | {"file": ""}
    try:
        sent = await sent_by(request)
        form |= {name: field(sent, name) for name in _FIELDS}
        asked = await _asked(request, sent, form)
        job = jobs_of(request).start(form, asked, desks_of(request))
    except TrackerError as error:
        return _form(request, form, 422, str(error))
    except Busy as error:
        return _form(request, form, 503, str(error))
    finally:
        await request.close()  # the file that was sent
    return RedirectResponse(f"/article/{job.id}", 303)


async def _asked(request: Request, sent: FormData, form: dict[str, str]) -> Asked:
    """What a form asks for; the name of a file is noted in the form. Raises TrackerError."""
    file = sent.get("file")
    name, data = "", b""
    if isinstance(file, UploadFile) and (file.filename or file.size):
        name, data = _last_part(file.filename or ""), await file.read()
        form["file"] = name
    text, address, inside = form["text"], form["address"], config_of(request).fetches_inside
    if [bool(text), bool(name), bool(address)].count(True) != 1:
        many = "only one of the three" if text or name or address else "a text, a file or an address"
        msg = f"give {many}: paste the text, or choose a file, or give the address of a page"
        raise UnreadableSource(msg)

    def read() -> Article:
        if address:
            return read_page(address, inside=inside)
        if name:
            return read_content(data, name)
        article = read_content(text.encode(errors="replace"), _PASTED)
        return replace(article, title=article.title or _first_line(article.text))

    if len(form["title"]) > _MAX_TITLE:
        msg = f"a title of more than {_MAX_TITLE} characters; shorten it"
        raise InvalidClaim(msg)
    return Asked(read, form["title"] or None, parse_day(form["day"]) if form["day"] else None, _worth(form["worth"]))


def _first_line(text: str) -> str:
    """What a pasted text goes by where nobody gives it a title: many of them would be hard to tell apart."""
    return textwrap.shorten(clean(text.strip().partition("\n")[0]), _MAX_LINE, placeholder=" …")


def _worth(given: str) -> float:
    try:
        number = float(given.replace(",", ".") or MIN_WORTH)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        msg = "check-worthiness is a number from 0 (every sentence) to 1 (hardly any); 0.5 is usual"
        raise InvalidClaim(msg)
    return number


def _last_part(name: str) -> str:
    """A file's name without the folders that a browser may send with it; it is shown and tells the kind, no more."""
    last = clean(name.replace("\\", "/").rpartition("/")[2])
    stem, dot, ending = last.rpartition(".")
    short = f"{stem[:_MAX_NAME]}{dot}{ending[:20]}"
    return short if short.strip("-. ") else "file"


def _form(request: Request, form: Mapping[str, str], status: int = 200, message: str = "") -> Response:
    if form.get("file"):
        message = f"{message}. The file “{form['file']}” is not kept: choose it again."
    message = for_readers(message, config_of(request).store)
    values = {**dict.fromkeys(_FIELDS, ""), "worth": f"{MIN_WORTH:g}", **form}
    return page(request, "article_form.html", status, form=values, message=_sentence(message))


def _sentence(message: str) -> str:
    return message[:1].upper() + message[1:]


# --- waiting ----------------------------------------------------------------------------------------------------------


@router.get("/article/{number}")
async def show(number: JobId, request: Request) -> Response:
    """The report; before there is one the page to wait on, and where there will be none the form again."""
    job = _job(request, number)
    if job.report is not None:
        return await asyncio.to_thread(_report, request, job, job.report)
    if job.refused is not None:
        return _form(request, job.form, *job.refused)
    return page(request, "article_wait.html", path="/article", job=job, told=_told(job))


@router.get("/article/{number}/progress")
async def progress(number: JobId, request: Request) -> JSONResponse:
    """How far a check is, for the page that waits for it."""
    return JSONResponse(_told(_job(request, number)))


@router.post("/article/{number}/stop")
async def stop(number: JobId, request: Request) -> Response:
    """Give a check up; the form is shown again with what was typed."""
    try:
        await sent_by(request)
    finally:
        await request.close()
    _job(request, number).stop()
    return RedirectResponse(f"/article/{number}", 303)


def _told(job: Job) -> dict[str, Any]:
    step = job.step
    return {
        "under_way": job.is_under_way,
        "words": _STEPS.get(step.label, "Preparing the store"),
        "done": min(step.done, step.total) if step.total else 0,
        "total": step.total or 0,
    }


# --- the report -------------------------------------------------------------------------------------------------------


def _report(request: Request, job: Job, report: Report) -> Response:
    """The report as `tracker check --html` writes it, under the desk's own head."""
    shown = html.contents(report)
    findings = [finding for check in report.checks for finding in check.findings]
    new = [one for one in findings if all(match.relation is not Relation.SAME for match in one.matches)]
    answer = page(request, "article_done.html", path="/article", job=job, new=len(new), **shown)
    hashes = {name: html.hashed(shown[name]) for name in ("style", "script")}
    answer.headers["Content-Security-Policy"] = _POLICY.format(**hashes)
    return answer


@router.get("/article/{number}/report.html")
async def download(number: JobId, request: Request) -> Response:
    """The report as a file that holds all it needs."""
    report = _done(request, number)
    return _file(await asyncio.to_thread(html.page, report), "text/html", report, "html")


@router.get("/article/{number}/report.md")
async def in_markdown(number: JobId, request: Request) -> Response:
    """The report for an issue or a CMS."""
    report = _done(request, number)
    lines = await asyncio.to_thread(lambda: [f"{line}\n" for line in markdown.page(report)])
    return _file("".join(lines), "text/markdown", report, "md")


@router.post("/article/{number}/save")
async def save(number: JobId, request: Request) -> Response:
    """Put what was not checked into the queue, once."""
    sent = await form_of(request)
    job, report, name = _job(request, number), _done(request, number), field(sent, "author") or writer(request)

    if len(name) > MAX_LINE:
        raise HTTPException(422, f"your name: at most {MAX_LINE:,} characters can be kept")

    def work(tracker: Tracker) -> Saved:
        with settings.writing_as(name):
            return tracker.save(report.checks[0])

    if job.saved is None:
        desks = desks_of(request)
        job.saved = await desks.write(work)
    answer = RedirectResponse(f"/article/{number}", 303)
    remember_writer(answer, name)
    return answer


def _file(content: str, kind: str, report: Report, ending: str) -> Response:
    """A file to keep; its name is the title's letters and figures, and nothing else."""
    plain = unicodedata.normalize("NFKD", report.title).encode("ascii", "ignore").decode()
    name = re.sub(r"[^A-Za-z0-9]+", "-", plain)[:60].strip("-").lower() or "article"
    headers = {"Content-Disposition": f'attachment; filename="{name}-report.{ending}"'}
    return Response(content.encode(errors="replace"), media_type=f"{kind}; charset=utf-8", headers=headers)


def _job(request: Request, number: str) -> Job:
    found = jobs_of(request).find(number)
    if found is None:
        msg = (
            "there is no such check, or it is not kept any more: the oldest are dropped, and all are when the server is"
            " started anew; check the article again"
        )
        raise HTTPException(404, msg)
    return found


def _done(request: Request, number: str) -> Report:
    report = _job(request, number).report
    if report is None:
        raise HTTPException(404, "this check has no report yet")
    return report
