"""A claim's page: what holds of it today, every verdict, its timeline and history, and the forms that add to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tracker import settings
from tracker.errors import ClaimNotFound, InvalidClaim, UsageProblem
from tracker.events import EventKind
from tracker.models import Standing
from tracker.reports import story
from tracker.server.desks import desks_of
from tracker.server.pages import verdict as verdicts
from tracker.server.pages.page import field, form_of, page, remember_writer, writer
from tracker.server.pages.timeline import named, timeline
from tracker.server.wording import for_readers
from tracker.standing import disagree

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from starlette.datastructures import FormData

    from tracker.events import Event
    from tracker.log import History
    from tracker.models import ClaimRecord, Verdict
    from tracker.pipeline import Tracker

router = APIRouter(include_in_schema=False)
Item = TypeVar("Item")

_A_PAGE = 50
_UNDOABLE = frozenset(
    {EventKind.VERDICT_RETRACTED, EventKind.CLAIM_RETRACTED, EventKind.CLAIMS_MERGED, EventKind.CLAIMS_LINKED}
)
_DONE = {  # what the address says was done, and how that is told
    "added": "Verdict {} added.",
    "there": "Verdict {} says this already; nothing was changed.",
    "corrected": "Verdict {} stands in the place of the one that it corrects; both stay readable.",
    "retracted": "Verdict {} taken back. It stays readable, and the history below can undo this.",
    "withdrawn": "Claim {} taken back: it is no longer found by the search. The history below can undo this.",
    "undone": "Event {} undone.",
    "claim": "Claim {} added.",
    "rated": "Claim {} added, with its verdict.",
    "known": "This claim was there already, as claim {}; nothing was changed.",
    "joined": "This claim was there already, as claim {}; your verdict stands on it beside the others.",
}


@dataclass(frozen=True, slots=True)
class Paged(Generic[Item]):
    """One page of a list, its number from 1, and how many pages and items there are."""

    items: Sequence[Item]
    number: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class Seen:
    """A claim as its page shows it: its record, the events newest first, and what may be chosen in its forms."""

    history: History
    usual: dict[str, list[str]]

    @property
    def record(self) -> ClaimRecord:
        """All there is on the claim."""
        return self.history.record

    def standing(self, *wanted: Standing) -> list[Verdict]:
        """The verdicts that stand so, newest entry first."""
        return [one for one in reversed(self.record.verdicts) if one.standing in wanted]


@router.get("/claim/{number}")
async def claim(request: Request, number: str) -> Response:
    """The page of a claim; the number of an entry that was merged into another leads to that one."""
    claim_id = verdicts.number_of(number)
    seen = await desks_of(request).quick(lambda tracker: _seen(tracker, claim_id))
    root = seen.record.claim.id
    if root != claim_id:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/claim/{root}{query}", 303)
    corrects = _to_correct(seen, request.query_params.get("correct", ""))
    return _shown(request, seen, verdicts.filled_in(corrects), corrects=corrects)


@router.post("/claim/{number}/verdict")
async def add_verdict(request: Request, number: str) -> Response:
    """Put a verdict beside the claim's others, or in the place of one that it corrects."""
    sent = await form_of(request)
    claim_id, because, typed = verdicts.number_of(number), field(sent, "because"), verdicts.typed_in(sent)

    def work(tracker: Tracker) -> str:
        supersedes, new = verdicts.number_in(sent, "supersedes"), verdicts.new_verdict(typed)
        if supersedes:
            _require_reason(because)
            shown = verdicts.filled_in(tracker.store.verdicts.verdict(supersedes))
            changed = {name for name, text in typed.items() if text != shown[name]}
            new = tracker.store.verdicts.correction(supersedes, new, changed)
        done, is_new = tracker.add_verdict(
            claim_id, new, supersedes=supersedes, because=because if supersedes else None
        )
        return f"{('corrected' if supersedes else 'added') if is_new else 'there'}-{done}"

    return await _done(request, claim_id, sent, work)


@router.post("/claim/{number}/retract")
async def retract(request: Request, number: str) -> Response:
    """Take back one of the claim's verdicts, or the claim."""
    sent = await form_of(request)
    claim_id, because = verdicts.number_of(number), field(sent, "because")

    def work(tracker: Tracker) -> str:
        _require_reason(because)
        verdict_id = verdicts.number_in(sent, "verdict")
        if verdict_id is None:
            if verdicts.number_in(sent, "claim") != claim_id:
                raise InvalidClaim("what to take back is not said; load the page again")
            tracker.store.curation.retract_claim(claim_id, because=because)
            return f"withdrawn-{claim_id}"
        if verdict_id not in [one.id for one in tracker.store.verdicts.of_claim(claim_id)]:
            raise InvalidClaim("verdict: it is not one on this claim; load the page again")
        tracker.store.curation.retract_verdict(verdict_id, because=because)
        return f"retracted-{verdict_id}"

    return await _done(request, claim_id, sent, work)


@router.post("/claim/{number}/undo")
async def undo(request: Request, number: str) -> Response:
    """Undo a retraction, a merge or a link of this claim."""
    sent = await form_of(request)
    claim_id, event_id = verdicts.number_of(number), verdicts.number_of(field(sent, "event"))

    def work(tracker: Tracker) -> str:
        if event_id not in [event.id for event in tracker.history(claim_id).events]:
            raise InvalidClaim("event: it is not one of this claim; load the page again")
        tracker.store.curation.undo(event_id, because=field(sent, "because") or None)
        return f"undone-{event_id}"

    return await _done(request, claim_id, sent, work)


# --- what is read and written -----------------------------------------------------------------------------------------


async def _done(request: Request, claim_id: int, sent: FormData, work: Callable[[Tracker], str]) -> Response:
    """Do it in the name given and show the claim as it is then; what is refused is shown again with what is wrong."""
    name = field(sent, "author") or writer(request)

    def written(tracker: Tracker) -> str | tuple[Seen, str]:
        try:
            verdicts.require_line(name, "Your name")
            with settings.writing_as(name):
                return work(tracker)
        except (InvalidClaim, UsageProblem, ClaimNotFound) as error:
            return _seen(tracker, claim_id), for_readers(str(error))

    done = await desks_of(request).write(written)
    if not isinstance(done, str):
        seen, problem = done
        wanted = verdicts.number_of(field(sent, "supersedes"))  # corrected by somebody else meanwhile, or not
        corrects = next((one for one in seen.record.verdicts if one.id == wanted), None)
        typed, because = verdicts.typed_in(sent), field(sent, "because")
        return _shown(request, seen, typed, corrects=corrects, problem=problem, because=because, name=name)
    anchor = f"#verdict-{done.partition('-')[2]}" if done.startswith(("added", "there", "corrected")) else ""
    answer = RedirectResponse(f"/claim/{claim_id}?done={done}{anchor}", 303)
    remember_writer(answer, name)
    return answer


def _seen(tracker: Tracker, claim_id: int) -> Seen:
    """Raises HTTPException where there is no such claim."""
    try:
        return Seen(tracker.history(claim_id), verdicts.usual(tracker))
    except ClaimNotFound:
        told = f"there is no claim {claim_id}" if claim_id else "a claim's address ends in its number"
        raise HTTPException(404, f"{told}; search for its words instead") from None


def _require_reason(because: str) -> None:
    if not because:
        raise InvalidClaim("Why: it is empty; the history tells everybody why this was changed")


def _to_correct(seen: Seen, number: str) -> Verdict | None:
    """The verdict that is to be corrected; None for none that can be."""
    wanted = verdicts.number_of(number)
    return next((one for one in seen.record.verdicts if one.id == wanted and one.is_current), None)


# --- what is shown ----------------------------------------------------------------------------------------------------


def _shown(
    request: Request,
    seen: Seen,
    typed: Mapping[str, str],
    *,
    corrects: Verdict | None,
    problem: str = "",
    because: str = "",
    name: str = "",
) -> Response:
    asked = request.query_params
    current = seen.standing(Standing.CURRENT)
    past = seen.standing(Standing.OVER, Standing.NOT_YET, Standing.SUPERSEDED, Standing.RETRACTED)
    values: dict[str, Any] = {
        "found": seen.record,
        "summary": _summary(seen.record, current),
        "disagree": disagree(current),
        "current": current,
        "past": paged(past, asked.get("past", "")),
        "by_id": {one.id: one for one in seen.record.verdicts},
        "seen_in": paged(list(reversed(seen.record.appearances)), asked.get("seen", "")),
        "events": paged(_events(seen.history), asked.get("events", "")),
        "opened": "events" in asked,
        "named": named,
        "plot": timeline(seen.record, datetime.now(UTC).date()),
    }
    form = {"typed": typed, "usual": seen.usual, "corrects": corrects, "because": because, "problem": problem}
    form |= {"writer": name} if name else {}
    done = _told(asked.get("done", ""), seen.record)
    return page(request, "claim.html", 422 if problem else 200, done=done, **values, **form)


def paged(items: Sequence[Item], number: str) -> Paged[Item]:
    """The page of a list that an address asks for; the nearest there is."""
    pages = max(-(-len(items) // _A_PAGE), 1)
    at = min(max(verdicts.number_of(number), 1), pages)
    return Paged(items[(at - 1) * _A_PAGE : at * _A_PAGE], at, pages, len(items))


def _summary(found: ClaimRecord, current: Sequence[Verdict]) -> str:
    """What holds of the claim today, in one line."""
    if found.retracted:
        return "This claim was taken back: the search does not find it."
    if current:
        return ""
    standings = {one.standing for one in found.verdicts}
    if Standing.OVER in standings:
        return "No verdict holds today: the period of the last one is over."
    if Standing.NOT_YET in standings:
        return "No verdict holds today: the period of the next one has not begun."
    return "No verdict stands: what there was is retracted." if standings else "No verdict yet. It waits in the queue."


def _events(history: History) -> list[tuple[Event, str, int | None, bool]]:
    """The events newest first: what each did, which undid it, and whether it can be undone."""
    told = []
    for event in reversed(history.events):
        undone = history.undone_by.get(event.id)
        told.append((event, story.what(event), undone, event.kind in _UNDOABLE and undone is None))
    return told


def _told(done: str, found: ClaimRecord) -> str:
    """What the address says was done; nothing for one that somebody made up."""
    match = re.fullmatch(r"([a-z]+)-([0-9]{1,19})", done)
    if not match or match[1] not in _DONE:
        return ""
    new = next((one for one in found.verdicts if str(one.id) == match[2]), None)
    of_claim = match[1] in {"withdrawn", "claim", "rated", "known", "joined"}
    is_so = str(found.claim.id) == match[2] if of_claim else new is not None or match[1] == "undone"
    if not is_so or (match[1] == "withdrawn") > bool(found.retracted):
        return ""
    unread = new and match[1] in {"added", "corrected"} and new.rating_rule == "unknown"
    more = " We cannot read its rating: it is shown in the publisher's words, and counts as unrated." if unread else ""
    return _DONE[match[1]].format(match[2]) + more
