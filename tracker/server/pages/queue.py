"""The queue: claims that wait for a verdict, those that matter most first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from tracker.reports.report import named
from tracker.server.desks import desks_of
from tracker.server.pages.page import page
from tracker.server.requests import Line

if TYPE_CHECKING:
    from tracker.models import Appearance, ClaimRecord
    from tracker.pipeline import Tracker

router = APIRouter(include_in_schema=False)

SORTS = {"worth": "Most check-worthy", "appearances": "Seen most often", "newest": "Newest"}
PAGE = 50
_SHOWN = 3  # articles of a claim
_LAST_PAGE = 10_000_000


@router.get("/queue")
async def queue(
    request: Request,
    sort: str = "worth",
    text: Line = "",
    number: Annotated[int, Query(alias="page", ge=1, le=_LAST_PAGE)] = 1,
) -> Response:
    """Claims without a verdict, a page of them."""
    wanted, order = text.strip(), sort if sort in SORTS else "worth"

    def work(tracker: Tracker) -> tuple[list[tuple[ClaimRecord, tuple[Appearance, ...]]], int]:
        with tracker.store.reading():
            found = tracker.list_claims(
                unverified=True, text=wanted or None, order=order, offset=(number - 1) * PAGE, limit=PAGE + 1
            )
            seen = tracker.store.appearances.of_families(one.claim.id for one in found)
            waiting = tracker.store.tallies.of_rows()["unverified"]
        return [(one, tuple(reversed(seen.get(one.claim.id, ())))) for one in found], waiting

    found, waiting = await desks_of(request).quick(work)

    def address(**other: object) -> str:
        """The queue in another order, or another page of it."""
        asked = {"sort": order, "text": wanted, "page": number} | other
        usual = {"sort": "worth", "text": "", "page": 1}
        rest = {name: value for name, value in asked.items() if value != usual[name]}
        return f"/queue?{urlencode(rest)}" if rest else "/queue"

    return page(
        request,
        "queue.html",
        claims=found[:PAGE],
        more=len(found) > PAGE,
        waiting=waiting,
        text=wanted,
        order=order,
        sorts=SORTS,
        number=number,
        first=(number - 1) * PAGE + 1,
        most=_SHOWN,
        file_name=named,
        address=address,
    )
