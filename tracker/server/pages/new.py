"""Adding a claim, with a verdict if there is one; while it is typed, what the store has of it already."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tracker import settings
from tracker.entries import storable
from tracker.errors import InvalidClaim
from tracker.models import NewClaim
from tracker.server.desks import desks_of
from tracker.server.pages import search, verdict as verdicts
from tracker.server.pages.page import field, form_of, page, remember_writer, writer
from tracker.server.wording import for_readers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from tracker.pipeline import Tracker
    from tracker.server.pages.search import Found

router = APIRouter(include_in_schema=False)

FIELDS = ("claim", "claimant", "claimed_on", "language")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


@router.get("/new")
async def new(request: Request) -> Response:
    """The form; the search's "add it as a claim" has filled in the text."""
    return await _shown(request, _typed(request.query_params))


@router.get("/new/checked")
async def checked(request: Request) -> Response:
    """What the store has of the claim that is being typed."""
    typed = _typed(request.query_params)
    found = await desks_of(request).quick(lambda tracker: _known(tracker, typed)) if typed["claim"] else None
    return page(request, "near.html", found=found)


@router.post("/new")
async def add(request: Request) -> Response:
    """Add the claim; where nearly the same is there already, ask first."""
    sent = await form_of(request)
    typed, name, is_sure = _typed(sent), field(sent, "author") or writer(request), field(sent, "sure") == "yes"

    def work(tracker: Tracker) -> str | tuple[Found | None, str]:
        try:
            verdicts.require_line(name, "Your name")
            claim = _new_claim(typed)
            verdict = verdicts.new_verdict(typed) if verdicts.says_something(typed) else None
            storable(claim)  # what is wrong with it is told before what is near to it
            if verdict:
                storable(verdict)
            if not is_sure and tracker.near_duplicates(claim):
                return _known(tracker, typed), ""
            with settings.writing_as(name):
                done = tracker.add(claim, verdict)
        except InvalidClaim as error:
            return None, for_readers(str(error))
        with_verdict = done.verdict_id is not None
        how = ("rated" if with_verdict else "claim") if done.created else ("joined" if with_verdict else "known")
        return f"/claim/{done.claim_id}?done={how}-{done.claim_id}"

    done = await desks_of(request).write(work)
    if not isinstance(done, str):
        found, problem = done
        return await _shown(request, typed, found=found, problem=problem, asks=found is not None, name=name)
    answer = RedirectResponse(done, 303)
    remember_writer(answer, name)
    return answer


async def _shown(
    request: Request,
    typed: Mapping[str, str],
    *,
    found: Found | None = None,
    problem: str = "",
    asks: bool = False,
    name: str = "",
) -> Response:
    """The form as it was filled in; `asks`: whether to add it all the same."""

    def work(tracker: Tracker) -> tuple[Found | None, dict[str, list[str]]]:
        known = found or (_known(tracker, typed) if typed["claim"] and not problem else None)
        return known, verdicts.usual(tracker)

    known, usual = await desks_of(request).quick(work)
    status = 422 if problem or asks else 200
    values: dict[str, Any] = {"typed": typed, "found": known, "usual": usual, "problem": problem, "asks": asks}
    opened = verdicts.says_something(typed)
    return page(request, "new.html", status, **values, opened=opened, name=name)


def _typed(sent: Mapping[str, Any]) -> dict[str, str]:
    return {name: field(sent, name) for name in FIELDS} | verdicts.typed_in(sent)


def _new_claim(typed: Mapping[str, str]) -> NewClaim:
    """The claim that was typed. Raises InvalidClaim, in the words of the form."""
    verdicts.require_line(typed["claimant"], "Who made it")
    if typed["language"] and not _LANGUAGE.fullmatch(typed["language"]):
        raise InvalidClaim("Language: write its short name of two letters, such as en, de or fr")
    return NewClaim(
        typed["claim"],
        claimant=typed["claimant"] or None,
        claimed_on=verdicts.day_typed(typed["claimed_on"], "When it was made"),
        language=typed["language"].lower() or None,
    )


def _known(tracker: Tracker, typed: Mapping[str, str]) -> Found:
    """What the store has of a claim: this very one, nearly the same ones first, others."""
    asked = {"q": typed["claim"], "speaker": typed["claimant"]}
    found = search.look(tracker, asked)
    if found.problem or found.is_empty:
        return found
    claim = storable(NewClaim(typed["claim"], claimant=typed["claimant"] or None))
    near = {match.claim.id for match in tracker.near_duplicates(claim)}
    return search.emphasised(found, tracker.store.claim_like(claim), near)
