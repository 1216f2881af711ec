"""The first page: a box to search in, and what is found as one types."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tracker import settings
from tracker.errors import ClaimNotFound, InvalidClaim
from tracker.languages import is_foreign
from tracker.models import Relation, Utterance
from tracker.reports.html import Shown, shown_match
from tracker.server.desks import desks_of
from tracker.server.pages.page import field, form_of, page, writer
from tracker.server.pages.verdict import day_typed, number_of
from tracker.server.wording import for_readers
from tracker.words import is_topic

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import Any

    from tracker.feedback import Answer
    from tracker.models import Claim, ClaimRecord, Search
    from tracker.pipeline import Tracker

router = APIRouter(include_in_schema=False)

FIELDS = ("q", "speaker", "said_on", "context", "as_of")
MAX_QUERY = 2_000  # characters: what an address has room for
_FEW, _MANY = 10, 50  # claims looked at; on one page
_NEAREST = 3  # told where nothing matches


@dataclass(frozen=True, slots=True)
class Result:
    """A claim that was found, and what somebody last answered to whether it is what the text is about."""

    shown: Shown
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class Found:
    """What the store says to a text: matches or none, what lies nearest then; or what is wrong with the question.

    `topic`: claims with the words of a text too short to state anything. `is_foreign`: whether it does not
    seem to be English. `more`: whether a longer list may have more of
    them. `there` is the entry that has these very words, `near` those claims that say nearly the same; both only where
    a claim is to be added.
    """

    results: tuple[Result, ...] = ()
    topic: tuple[ClaimRecord, ...] = ()
    nearest: tuple[Claim, ...] = ()
    is_empty: bool = False
    is_foreign: bool = False
    more: bool = False
    problem: str = ""
    there: Claim | None = None
    near: Collection[int] = ()

    @property
    def status(self) -> str:
        """The same in one line, for whoever hears the page."""
        if self.problem or self.is_empty:
            return self.problem or "This desk has no claims yet."
        if self.topic:
            return f"{len(self.topic)} {'claim has' if len(self.topic) == 1 else 'claims have'} these words."
        if not self.results:
            return "No match."
        return f"{len(self.results)} {'claim' if len(self.results) == 1 else 'claims'} found."

    @property
    def warning(self) -> str:
        """What to know before a claim is added beside those that say nearly the same."""
        near = [one.shown.match for one in self.results if one.shown.match.claim.id in self.near]
        if near and all(match.relation.is_contrast for match in near):
            return "Nearly the same words are there already, but they say something else. Read both."
        return "Nearly the same claim is there already. Where it says the same, put your verdict there."


@router.get("/")
async def search(request: Request) -> Response:
    """The search, with results where there is a query."""
    typed = typed_in(request.query_params)
    found = await _found(request, typed)
    status = 422 if found and found.problem else 200
    return page(request, "search.html", status, found=found, typed=typed, again=_again(typed))


@router.get("/results")
async def results(request: Request) -> Response:
    """The same results alone, for a page that is open."""
    typed = typed_in(request.query_params)
    return page(request, "results.html", found=await _found(request, typed), typed=typed, again=_again(typed))


@router.post("/answer")
async def answer(request: Request) -> Response:
    """Keep whether a claim is what a text is about, and show the results again."""
    sent = await form_of(request)
    typed, name = typed_in(sent), writer(request)
    claim_id, is_about = number_of(field(sent, "claim")), field(sent, "about") == "yes"

    def work(tracker: Tracker) -> None:
        with settings.writing_as(name):
            tracker.feedback(typed["q"], claim_id, is_about)

    await desks_of(request).write(work)
    return RedirectResponse(f"/?{_again(typed)}#claim-{claim_id}", 303)


def typed_in(given: Mapping[str, Any]) -> dict[str, str]:
    """What somebody typed into the search, "" for what she left out."""
    return {name: field(given, name) for name in FIELDS} | {"all": "1" if given.get("all") else ""}


def look(tracker: Tracker, typed: Mapping[str, str]) -> Found:
    """What the store says to what was typed; InvalidClaim becomes a problem that is told."""
    if not tracker.store.claim_count():
        return Found(is_empty=True)
    try:
        said, as_of = _asked(typed)
        found = next(tracker.search_all([said], _most(typed), as_of=as_of))
    except InvalidClaim as error:
        return Found(problem=for_readers(str(error)))
    return _told(tracker, found, said, _most(typed))


def _most(typed: Mapping[str, str]) -> int:
    return _MANY if typed.get("all") else _FEW


async def _found(request: Request, typed: Mapping[str, str]) -> Found | None:
    """None where nothing was asked; an empty store is told without a question too."""
    desks = desks_of(request)
    if await desks.quick(lambda tracker: not tracker.store.claim_count()):
        return Found(is_empty=True)
    if not typed["q"]:
        return None
    k = _most(typed)
    try:
        said, as_of = _asked(typed)
        found = await desks.search(said, k, as_of)
    except InvalidClaim as error:
        return Found(problem=for_readers(str(error)))
    return await desks.quick(lambda tracker: _told(tracker, found, said, k))


def _asked(typed: Mapping[str, str]) -> tuple[Utterance, Any]:
    """The text as it is looked for, and the day that the answer is of. Raises InvalidClaim."""
    for name in ("q", "context", "speaker"):
        if len(typed.get(name, "")) > MAX_QUERY:
            msg = f"more than {MAX_QUERY:,} characters; search for one sentence, or check a longer text as an article"
            raise InvalidClaim(msg)
    said_on = day_typed(typed.get("said_on", ""), "When it was said")
    as_of = day_typed(typed.get("as_of", ""), "As of")
    return Utterance(typed["q"], typed.get("context") or None, typed.get("speaker") or None, said_on), as_of


def _told(tracker: Tracker, found: Search, said: Utterance, k: int) -> Found:
    matches = [match for match in found.matches if match.relation is not Relation.UNRELATED]
    if not matches and is_topic(said.text) and found.as_of is None and (named := tracker.about(said.text, _FEW)):
        return Found(topic=tuple(named))
    if not matches:
        nearest = tuple(match.claim for match in found.matches[:_NEAREST])
        return Found(nearest=nearest, is_foreign=is_foreign(said.text))
    shown = [shown_match(match, said) for match in matches]
    told = tuple(Result(one, _answered(tracker, said.text, one.match.claim.id)) for one in shown)
    return Found(told, more=len(matches) == k == _FEW)


def _answered(tracker: Tracker, text: str, claim_id: int) -> Answer | None:
    try:
        return tracker.store.feedback.last(text, claim_id)
    except ClaimNotFound:  # somebody restored a backup in between
        return None


def _again(typed: Mapping[str, str]) -> str:
    """The query of the address that shows these results."""
    return urlencode({name: value for name, value in typed.items() if value})


def emphasised(found: Found, there: Claim | None, near: Collection[int]) -> Found:
    """The same with what is nearly the same claim, and that first."""
    ordered = sorted(found.results, key=lambda one: one.shown.match.claim.id not in near)
    return replace(found, results=tuple(ordered), there=there, near=near)
