"""What a desk answered when asked whether a claim is what a text is about: kept for good, the last answer counts.

An answer is about a pair, a text and a claim. Another answer on the pair, whoever gives it, supersedes the one before;
both stay. Which pair an answer is about is found out when it is read, so that entries that were merged share theirs.
What a model made of the pair is not kept: `tracker tune` asks the model of the day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker import settings
from tracker.entries import storable, storable_reason, text_key
from tracker.errors import InvalidClaim
from tracker.events import EventKind
from tracker.models import NewClaim
from tracker.rows import now

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from tracker.store import Store

YES, NO = "yes", "no"
_NAMES = {"claim": "text", "claimant": "by"}  # what `entries` calls a text and a name, and what they are here
_ANSWER = (
    "SELECT f.id, f.query, f.claim_id, f.answer, f.author, e.recorded_at, e.because"
    " FROM feedback f JOIN events e ON e.id = f.event_id"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a claim is what a text is about, as somebody said; `claim_id` is the claim that its entry is read as.

    `superseded_by` is a later answer on the same pair; `is_retracted` is true where the claim was taken back since.
    """

    id: int
    query: str
    claim_id: int
    is_about: bool
    author: str
    recorded_at: str
    because: str | None = None
    superseded_by: int | None = None
    is_retracted: bool = False

    @property
    def counts(self) -> bool:
        """True for the last word on a pair whose claim stands."""
        return self.superseded_by is None and not self.is_retracted


class Feedback:
    """The answers in one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(
        self, query: str, claim_id: int, *, is_about: bool, by: str | None = None, because: str | None = None
    ) -> tuple[Answer, bool]:
        """Keep an answer by `by` (default: whoever is writing); return it and whether it is new.

        What the same person said last on this pair is not recorded again. Raises ClaimNotFound, InvalidClaim for a text
        without words or a claim that is retracted.
        """
        text, author = _clean(query, by)
        because = storable_reason(because)
        with self._store.writing():
            root = self._store.curation.require_standing(claim_id)
            last = self.last(text, root)
            if last and (last.is_about, last.author) == (is_about, author):
                return last, False
            row = {"query": text, "claim_id": claim_id, "answer": YES if is_about else NO, "author": author}
            change = self._store.put("feedback", {**row, "event_id": self._store.log.next_id()})
            at = now()
            self._store.log.append(EventKind.FEEDBACK_GIVEN, [change], at=at, because=because, claim_id=claim_id)
        return Answer(change[2]["id"], text, root, is_about, author, at, because), True

    def last(self, query: str, claim_id: int) -> Answer | None:
        """The last answer on a text and a claim, by any of its entries; None where there is none."""
        root = self._store.curation.root(claim_id)
        rows = self._store.rows_in(f"{_ANSWER} WHERE f.claim_id IN", self._store.curation.members([root]))
        return next((one for one in reversed(self._read(rows)) if text_key(one.query) == text_key(query)), None)

    def all(self) -> list[Answer]:
        """Every answer, superseded ones too, oldest first."""
        with self._store.reading():
            return self._read(self._store.rows(_ANSWER))

    def current(self) -> list[Answer]:
        """The answers that count, oldest first."""
        return [answer for answer in self.all() if answer.counts]

    def _read(self, rows: Iterable[sqlite3.Row]) -> list[Answer]:
        """Answers from their rows, all those on a claim together; which supersedes which follows from their order."""
        found = sorted(rows, key=lambda row: int(row["id"]))
        curation = self._store.curation
        root_of = curation.roots({row["claim_id"] for row in found})
        retracted = curation.retracted_claims(set(root_of.values()))
        later: dict[tuple[str, int], int] = {}
        answers = []
        for row in reversed(found):
            root = root_of[row["claim_id"]]
            pair = text_key(row["query"]), root
            answers.append(
                Answer(
                    *(row["id"], row["query"], root, row["answer"] == YES, row["author"]),
                    *(row["recorded_at"], row["because"], later.get(pair), root in retracted),
                )
            )
            later[pair] = row["id"]
        return answers[::-1]


def _clean(query: str, by: str | None) -> tuple[str, str]:
    """A text and a name as they may be stored. Raises InvalidClaim."""
    try:
        clean = storable(NewClaim(query, claimant=by))
    except InvalidClaim as error:
        field, _, what = str(error).partition(": ")
        raise InvalidClaim(f"{_NAMES.get(field, field)}: {what}") from error
    return clean.text, clean.claimant or settings.author()
