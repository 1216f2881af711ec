"""What the publishers' verdicts come to: over time, by publisher, and how each of their labels is read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from tracker.dates import parse_day
from tracker.errors import InvalidClaim
from tracker.models import Claim, ClaimRecord, Verdict
from tracker.overview import Chosen, Overview, Stack, Told, by_label, by_publisher, over_time, readings
from tracker.pipeline import Tracker
from tracker.ratings import NORMALIZED
from tracker.server.desks import desks_of
from tracker.server.pages.page import field, page

router = APIRouter(include_in_schema=False)

PUBLISHERS = 20  # with a bar of their own
PAGE = 50  # claims or labels
_LABELS = 20  # on the page of the plots; the others have a page of their own
_OFFERED = 200  # publishers that the form completes
_VERDICTS = 5  # of one claim
_LONGEST = 1000  # characters of a name or a label
_LAST_PAGE = 1_000_000
NAMES = {
    **{name: name.replace("-", " ") for name in NORMALIZED},
    "not-rated": "neither called true nor false",
    "unrated": "no rating that we can read",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: the verdicts, what was typed, and what is wrong with it."""

    chosen: Chosen
    typed: dict[str, str]
    problem: str = ""

    def address(self, path: str, **more: Any) -> str:
        """A page about the same verdicts, or about fewer or others of them."""
        given = {**_as_query(self.chosen), **more}
        return f"{path}?{urlencode({name: value for name, value in given.items() if value is not None})}"


@dataclass(frozen=True, slots=True)
class Held:
    """A claim, its current verdicts that are asked for, the first few of them, and how many more it has of any kind."""

    claim: Claim
    verdicts: tuple[Verdict, ...]
    more: int


@router.get("/ratings")
async def ratings(request: Request) -> Response:
    """Verdicts by our reading of their ratings, over time and by publisher."""
    asked = _asked(request)

    def work(tracker: Tracker) -> tuple[list[str], list[Told]]:
        overview = Overview(tracker.store)
        with tracker.store.reading():
            return overview.publishers()[:_OFFERED], [] if asked.problem else overview.told(asked.chosen)

    offered, told = await desks_of(request).quick(work)
    times, publishers = over_time(told), by_publisher(told)
    labels = by_label(told)
    return page(
        request,
        "ratings.html",
        422 if asked.problem else 200,
        asked=asked,
        offered=offered,
        kinds=NAMES,
        counts=readings(told),
        total=sum(one.count for one in told),
        undated=sum(one.count for one in told if not one.month),
        times=times,
        ticks=ticks(max((stack.total for stack in times), default=0)),
        bars=publishers[:PUBLISHERS],
        others=_together(publishers[PUBLISHERS:]),
        left=len(publishers[PUBLISHERS:]),
        labels=labels[:_LABELS],
        label_count=len(labels),
    )


@router.get("/ratings/labels")
async def labels(request: Request) -> Response:
    """How each label is read, those that nobody can read first."""
    asked, number = _asked(request), _number(request)

    def work(tracker: Tracker) -> list[Told]:
        return [] if asked.problem else by_label(Overview(tracker.store).told(asked.chosen))

    found = await desks_of(request).quick(work)
    pages, number = _pages(len(found), number)
    shown = found[(number - 1) * PAGE : number * PAGE]
    return page(
        request,
        "labels.html",
        422 if asked.problem else 200,
        asked=asked,
        kinds=NAMES,
        labels=shown,
        label_count=len(found),
        number=number,
        pages=pages,
        path_of="/ratings/labels",
    )


@router.get("/claims-with")
async def claims_with(request: Request) -> Response:
    """The claims with such a verdict, newest first."""
    asked, number = _asked(request), _number(request)

    def work(tracker: Tracker) -> tuple[int, int, int, list[Held]]:
        with tracker.store.reading():
            found = [] if asked.problem else Overview(tracker.store).claims(asked.chosen)
            pages, here = _pages(len(found), number)
            shown = [tracker.show(one) for one in found[(here - 1) * PAGE : here * PAGE]]
            return len(found), pages, here, [_held(one, asked.chosen) for one in shown]

    count, pages, number, claims = await desks_of(request).quick(work)
    return page(
        request,
        "claims_with.html",
        422 if asked.problem else 200,
        asked=asked,
        kinds=NAMES,
        count=count,
        claims=claims,
        number=number,
        pages=pages,
        path_of="/claims-with",
    )


def ticks(most: int, lines: int = 4) -> list[int]:
    """Round numbers from 0 to at least `most`, few enough for as many lines across a plot."""
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if step * lines >= most:
                return list(range(0, max(most, 1) + step, step))[: -(-max(most, 1) // step) + 1]
        power *= 10


def _held(record: ClaimRecord, chosen: Chosen) -> Held:
    current = [verdict for verdict in record.verdicts if verdict.is_current]
    shown = tuple(verdict for verdict in current if chosen.means(verdict))[:_VERDICTS]
    return Held(record.claim, shown, len(current) - len(shown))


def _asked(request: Request) -> Asked:
    """What the address says, as far as it can be read."""
    names = ("publisher", "unnamed", "rating", "label", "since", "until")
    typed = {name: field(request.query_params, name) for name in names}
    try:
        return Asked(_chosen(typed), typed)
    except InvalidClaim as error:
        return Asked(Chosen(), typed, str(error))


def _chosen(typed: dict[str, str]) -> Chosen:
    """Which verdicts are meant. Raises InvalidClaim."""
    if max(map(len, typed.values())) > _LONGEST:
        raise InvalidClaim(f"That is longer than {_LONGEST:,} characters; give less of it.")
    rating = typed["rating"].casefold() or None
    if rating not in (None, *NORMALIZED):
        raise InvalidClaim(
            f"“{rating[:60] if rating else ''}” is none of our words for a rating; choose one of the list."
        )
    since, until = (parse_day(typed[name]) if typed[name] else None for name in ("since", "until"))
    if since and until and since > until:
        raise InvalidClaim("The first day is after the last; exchange them.")
    publisher = "" if typed["unnamed"] else typed["publisher"] or None
    return Chosen(rating, publisher, typed["label"] or None, since, until)


def _as_query(chosen: Chosen) -> dict[str, Any]:
    """The same as the address has it."""
    return {
        "rating": chosen.rating,
        "publisher": chosen.publisher or None,
        "unnamed": 1 if chosen.publisher == "" else None,
        "label": chosen.label,
        "since": chosen.since,
        "until": chosen.until,
    }


def _number(request: Request) -> int:
    """Which page is asked for; the first where that is no number."""
    text = field(request.query_params, "page")
    return min(int(text), _LAST_PAGE) if text.isascii() and text.isdigit() and len(text) < 10 else 1


def _pages(count: int, number: int) -> tuple[int, int]:
    """How many pages there are, and the one that is nearest to the one asked for."""
    pages = max(1, -(-count // PAGE))
    return pages, min(max(number, 1), pages)


def _together(stacks: list[Stack]) -> Stack:
    """Several publishers in one stack."""
    found = Stack("")
    for stack in stacks:
        found.counts.update(stack.counts)
    return replace(found, name=f"{len(stacks):,} others")
