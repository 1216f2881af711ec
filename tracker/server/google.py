"""Google's Fact Check Tools API over the desk's own store: a client of theirs works once its address is changed.

Parameters and fields are those of `claims:search` in its v1alpha1 (developers.google.com/fact-check/tools/api). Beside
them stand how each claim relates to the query, which Google does not say, and how probable that is.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import count, islice
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from tracker.claimreview.addresses import host, same_site, site
from tracker.languages import is_foreign
from tracker.models import Claim, Relation, Search, Standing, Utterance, Verdict
from tracker.pipeline import Tracker
from tracker.server.desks import desks_of
from tracker.server.openapi import answers
from tracker.server.requests import Line, Sentence
from tracker.words import is_topic

PREFIX = "/v1alpha1/"

router = APIRouter(prefix=PREFIX.rstrip("/"))

_PAGE = 10
_LARGEST_PAGE = 100
_DEEP = 50  # matches that are looked at for a query
_AT_ONCE = 200  # claims of a publisher that are read together
_INT32 = 2**31 - 1
_LONGEST = 200_000  # bytes of a form that stands for an address: a query of the largest size, whatever its letters
Json = dict[str, Any]
_Told = tuple[Claim, Sequence[Verdict], Json]


class Tunnel:
    """ASGI middleware for what is too long for an address: their client sends it as a form that stands for a GET."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Turn such a form into the address that it stands for."""
        if not _is_tunnelled(scope):
            await self._app(scope, receive, send)
            return
        with suppress(ClientDisconnect):
            form = await Request(scope, receive).body()
            await self._app({**scope, "method": "GET", "query_string": form}, receive, send)


def _is_tunnelled(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "POST" or not scope["path"].startswith(PREFIX):
        return False
    headers = Headers(scope=scope)
    length = headers.get("content-length", "")
    is_short = len(length) <= 6 and length.isdecimal() and int(length) <= _LONGEST
    is_form = headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    return is_short and is_form and headers.get("x-http-method-override") == "GET"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a request narrows the answer to; the same on every page of it."""

    query: str
    language: str
    site: str
    max_age: int

    def digest(self) -> str:
        """Tells the pages of one answer from those of another."""
        return sha256(repr(astuple(self)).encode()).hexdigest()[:12]


@router.get("/claims:search", responses=answers("googleClaims"), summary="As Google's Fact Check Tools")
async def search(
    request: Request,
    query: Annotated[Sentence | None, Query(description="Needed unless reviewPublisherSiteFilter is given.")] = None,
    languageCode: Annotated[Line, Query(description="BCP-47, as en-US; the region is not heeded.")] = "",  # noqa: N803 - Google's names
    reviewPublisherSiteFilter: Annotated[Line, Query(description="As fullfact.org.")] = "",  # noqa: N803
    maxAgeDays: Annotated[int, Query(ge=0, le=_INT32, description="By claim or review, the newer; 0: any.")] = 0,  # noqa: N803
    pageSize: Annotated[int, Query(ge=0, le=_INT32, description="At most 100; 0: 10.")] = 0,  # noqa: N803
    pageToken: Annotated[Line, Query(description="nextPageToken of the page before.")] = "",  # noqa: N803
    offset: Annotated[int, Query(ge=0, le=_INT32, description="Heeded without a pageToken only.")] = 0,
) -> JSONResponse:
    """Claims with their reviews, best first; without a query a publisher's, the newest first.

    A claim's `relation` says how it relates to the query. Only where it is `same` do its reviews speak of the query. A
    query of up to three words is a topic where it is no statement: claims that have its words are found, without one.
    """
    asked = _Asked(query or "", languageCode, site(reviewPublisherSiteFilter), maxAgeDays)
    if not asked.query and not asked.site:
        raise HTTPException(400, "query: required unless reviewPublisherSiteFilter is given")
    start = _offset(pageToken, asked) if pageToken else offset
    end = start + min(pageSize or _PAGE, _LARGEST_PAGE)
    desks = desks_of(request)
    related = _related(await desks.search(Utterance(asked.query), _DEEP)) if asked.query else []
    found = await desks.quick(lambda tracker: list(islice(_found(tracker, asked, related), end + 1)))
    answer: Json = {"claims": page} if (page := found[start:end]) else {}
    if len(found) > end:
        answer["nextPageToken"] = urlsafe_b64encode(f"{end}:{asked.digest()}".encode()).decode()
    return JSONResponse(answer)


def _offset(token: str, asked: _Asked) -> int:
    """Where the page begins that a token names. Raises HTTPException for another answer's."""
    try:
        number, _, digest = urlsafe_b64decode(token.encode()).decode().partition(":")
        if digest == asked.digest() and number.isdecimal():
            return int(number[:10])
    except ValueError:
        pass
    raise HTTPException(400, "pageToken: not one of this search; send the same fields as before")


def _related(found: Search) -> list[_Told]:
    """What a search has found, with how each claim relates to the query, which Google does not say."""
    return [
        (
            match.claim,
            match.verdicts,
            {
                "relation": match.relation.value,
                "probability": round(match.probability, 4),
                "reasons": [str(reason) for reason in match.reasons],
            },
        )
        for match in found.matches
        if match.relation is not Relation.UNRELATED
    ]


def _found(tracker: Tracker, asked: _Asked, related: Sequence[_Told]) -> Iterator[Json]:
    """The claims that have a review which is asked for and holds today: Google has no word for one that is over."""
    for claim, verdicts, more in related or _unrelated(tracker, asked):
        reviews = [one for one in verdicts if one.standing is Standing.CURRENT and _is_asked(claim, one, asked)]
        if reviews:
            yield _claim(claim, reviews) | more


def _unrelated(tracker: Tracker, asked: _Asked) -> Iterator[_Told]:
    """Claims that relate to nothing: those with the words of a topic, or a publisher's."""
    if asked.query:
        found = tracker.about(asked.query, _DEEP) if is_topic(asked.query) else []
        yield from ((one.claim, one.verdicts, {}) for one in found)
        return
    for start in count(0, _AT_ONCE):
        part = tracker.list_claims(site=asked.site, offset=start, limit=_AT_ONCE)
        yield from ((one.claim, one.verdicts, {}) for one in part)
        if len(part) < _AT_ONCE:
            return


def _is_asked(claim: Claim, verdict: Verdict, asked: _Asked) -> bool:
    if asked.site and not same_site(asked.site, _site(verdict)):
        return False
    if asked.language and _language(claim) != asked.language.partition("-")[0].lower():
        return False
    if not asked.max_age:
        return True
    days = [day for day in (claim.claimed_on, verdict.claimed_on, verdict.reviewed_on) if day]
    age = timedelta(days=min(asked.max_age, 10**6))
    return bool(days) and datetime.now(UTC).date() - max(days) <= age


def _claim(claim: Claim, reviews: list[Verdict]) -> Json:
    """A claim as Google has it: what is not known is left out."""
    return _known(
        text=claim.text,
        claimant=claim.claimant,
        claimDate=_moment(claim.claimed_on),
        claimReview=[_review(claim, one) for one in reviews],
        claimId=claim.id,
    )


def _review(claim: Claim, verdict: Verdict) -> Json:
    return _known(
        publisher=_known(name=verdict.publisher, site=_site(verdict)),
        url=verdict.url,
        title=claim.title,
        reviewDate=_moment(verdict.reviewed_on),
        textualRating=verdict.rating,
        languageCode=_language(claim),
        normalizedRating=verdict.normalized,
        validFrom=_moment(verdict.valid_from),
        validTo=_moment(verdict.valid_to),
    )


def _known(**fields: Any) -> Json:
    return {name: value for name, value in fields.items() if value}


def _site(verdict: Verdict) -> str:
    return site(verdict.publisher_site or "") or host(verdict.url or "")


def _language(claim: Claim) -> str:
    """The claim's language by its two letters; where nobody says it, English or none."""
    if claim.language:
        return claim.language.partition("-")[0].lower()
    return "" if is_foreign(claim.text) else "en"


def _moment(day: date | None) -> str | None:
    return f"{day}T00:00:00Z" if day else None
