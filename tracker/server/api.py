"""The JSON API: the same JSON as the commands print with `--json`, from the same functions."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from tracker.articles import read_content, read_page
from tracker.errors import UsageProblem
from tracker.models import Article, Utterance
from tracker.pipeline import Tracker
from tracker.reports import json as to_json
from tracker.server.desks import desks_of
from tracker.server.guard import has_bearer
from tracker.server.jobs import Asked, Busy, jobs_of
from tracker.server.openapi import answers, writes
from tracker.server.requests import (
    MAX_ID,
    CheckRequest,
    ClaimRequest,
    Line,
    SearchRequest,
    VerdictAdded,
    as_date,
    fields_given,
)
from tracker.server.wording import for_programs

router = APIRouter()

ClaimId = Annotated[int, Path(ge=1, le=MAX_ID, description="The claim's number.")]


def may_write(request: Request) -> None:
    """Let a program write that sends the token. Raises HTTPException."""
    if not (has_bearer(request) and request.state.may_write):
        raise HTTPException(401, "writing takes the desk's token: 'Authorization: Bearer TOKEN'", _ASK)


_ASK = {"WWW-Authenticate": "Bearer"}


@router.post("/search", responses=answers("search"), summary="Find claims near a text")
async def search(sent: SearchRequest, request: Request) -> JSONResponse:
    """The claims in the store that are nearest to a text, best first, each with its relation to it and its verdicts.

    A verdict carries over only where `relation` is `same`.
    """
    said = Utterance(sent.text, sent.context, sent.speaker, as_date(sent.said_on))
    return JSONResponse(to_json.search(await desks_of(request).search(said, sent.k, as_date(sent.as_of))))


@router.post("/check", responses=answers("check"), summary="Check an article")
async def check(sent: CheckRequest, request: Request) -> JSONResponse:
    """What an article states, who says it, and what was checked before. Nothing is stored."""
    if (sent.text is None) == (sent.url is None):
        raise UsageProblem("check: send a text or a url, and not both")
    inside = request.app.state.config.fetches_inside

    def read() -> Article:
        return read_content((sent.text or "").encode()) if sent.url is None else read_page(sent.url, inside=inside)

    day, as_of = as_date(sent.published_on), as_date(sent.as_of)
    asked = Asked(read, sent.title, day, sent.min_worth, sent.k, as_of)
    try:
        done = await jobs_of(request).answer(asked, desks_of(request), request)
    except Busy as error:
        raise HTTPException(503, str(error), {"Retry-After": "30"}) from error
    if done.report is None:
        status, why = done.refused or (500, "")
        raise HTTPException(status, for_programs(why, request.app.state.config.store))
    return JSONResponse(to_json.check(done.report.checks[0]))


@router.get("/claims", responses=answers("list"), summary="List claims")
async def list_claims(
    request: Request,
    unverified: Annotated[bool, Query(description="Without a verdict, most check-worthy first.")] = False,
    rating: Annotated[Line | None, Query(description="A publisher's words or a normalised rating.")] = None,
    publisher: Annotated[Line | None, Query(description="With a verdict by this publisher.")] = None,
    text: Annotated[Line | None, Query(description="With these letters in the claim.")] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="At most this many.")] = 100,
) -> JSONResponse:
    """Claims with their verdicts, newest first."""

    def work(tracker: Tracker) -> dict[str, Any]:
        found = tracker.list_claims(unverified=unverified, rating=rating, publisher=publisher, text=text, limit=limit)
        return to_json.listing(found)

    return JSONResponse(await desks_of(request).quick(work))


@router.post(
    "/claims",
    responses=answers("add", 201) | writes(),
    dependencies=[Depends(may_write)],
    status_code=201,
    summary="Add a claim",
)
async def add_claim(sent: ClaimRequest, request: Request) -> JSONResponse:
    """Add a claim, with a verdict if there is one; `near_duplicates` are claims that say nearly the same.

    The same text is not added twice: `created` is false then, and the verdict joins the claim that is there.
    """
    verdict = sent.verdict.verdict() if sent.verdict else None
    done = await desks_of(request).write(lambda tracker: tracker.add(sent.new(), verdict))
    return JSONResponse(to_json.addition(done), 201)


@router.get("/claims/{claim_id}", responses=answers("show", 200, 404), summary="Show a claim")
async def show(claim_id: ClaimId, request: Request) -> JSONResponse:
    """A claim with every verdict, superseded and retracted ones too, and every article it was seen in."""
    return JSONResponse(to_json.record(await desks_of(request).quick(lambda tracker: tracker.show(claim_id))))


@router.get("/claims/{claim_id}/history", responses=answers("history", 200, 404), summary="A claim's history")
async def history(claim_id: ClaimId, request: Request) -> JSONResponse:
    """The same, and every event that made it so: who, when, why."""
    return JSONResponse(to_json.history(await desks_of(request).quick(lambda tracker: tracker.history(claim_id))))


@router.get("/claims/{claim_id}/verdicts", responses=answers("verdicts", 200, 404), summary="A claim's verdicts")
async def list_verdicts(claim_id: ClaimId, request: Request) -> JSONResponse:
    """Every verdict on a claim, oldest entry first; `standing` says which of them speak."""
    found = await desks_of(request).quick(lambda tracker: tracker.show(claim_id))
    return JSONResponse({"verdicts": [to_json.verdict(one) for one in found.verdicts]})


@router.post(
    "/claims/{claim_id}/verdicts",
    responses=answers("addVerdict", 201, 404) | writes(),
    dependencies=[Depends(may_write)],
    status_code=201,
    summary="Add or correct a verdict",
)
async def add_verdict(claim_id: ClaimId, sent: VerdictAdded, request: Request) -> JSONResponse:
    """Put a verdict beside a claim's others, or with `supersedes` over one that it corrects; nothing is overwritten."""

    def work(tracker: Tracker) -> dict[str, Any]:
        verdict = sent.verdict()
        if sent.supersedes is not None:
            given = set(fields_given(sent)) - {"supersedes", "because"}
            verdict = tracker.store.verdicts.correction(sent.supersedes, verdict, given)
        number, created = tracker.add_verdict(claim_id, verdict, supersedes=sent.supersedes, because=sent.because)
        return {"verdict_id": number, "claim_id": tracker.show(claim_id).claim.id, "created": created}

    return JSONResponse(await desks_of(request).write(work), 201)


@router.get("/stats", responses=answers("stats"), summary="What the store holds")
async def stats(request: Request) -> JSONResponse:
    """Counts of each noun, verdicts by rating and publisher, encoder, calibration."""
    return JSONResponse(await desks_of(request).quick(Tracker.stats))
