"""The verdicts of a store: any number on a claim, by any number of publishers, none ever changed.

A correction is a new verdict that supersedes the old one; one that was wrong altogether is retracted (`curation.py`).
"""

from __future__ import annotations

import json
from dataclasses import asdict, fields, replace
from datetime import date
from typing import TYPE_CHECKING

from tracker import settings
from tracker.entries import address_key, fold, storable
from tracker.errors import ClaimNotFound, InvalidClaim, UsageProblem
from tracker.events import EventKind
from tracker.models import Evidence, NewVerdict, Verdict
from tracker.rows import iso, now, read_verdict, values_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Sequence

    from tracker.events import Change
    from tracker.store import Store

CURRENT = (  # for queries in which `v` is a verdict: no other supersedes it, and nobody took it back
    "NOT EXISTS (SELECT 1 FROM verdicts n WHERE n.supersedes = v.id)"
    " AND v.id NOT IN (SELECT verdict_id FROM retracted_verdicts)"
)
_VERDICT = """
SELECT v.*, n.id AS superseded_by, e.because, e.kind = 'review-added' AS from_feed, r.event_id AS retraction,
  t.author AS retracted_by, t.recorded_at AS retracted_at, t.because AS retracted_because
FROM verdicts v
LEFT JOIN verdicts n ON n.supersedes = v.id
LEFT JOIN events e ON e.verdict_id = v.id AND e.kind IN ('verdict-added', 'review-added')
LEFT JOIN retracted_verdicts r ON r.verdict_id = v.id
LEFT JOIN events t ON t.id = r.event_id
"""


class Verdicts:
    """What was concluded on the claims of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(
        self, claim_id: int, verdict: NewVerdict, *, supersedes: int | None = None, because: str | None = None
    ) -> tuple[int, bool]:
        """Put a verdict beside the claim's others; return its id and whether it is new.

        A verdict that says exactly what a current one says is not recorded again. `supersedes` names the verdict on the
        same claim that this one corrects, `because` says why. Raises ClaimNotFound, InvalidClaim.
        """
        clean = storable(verdict)
        with self._store.writing():
            self._store.claim(claim_id)
            known = self.of_claim(claim_id)
            for one in known:
                if supersedes and one.supersedes == supersedes and one.is_current and as_given(one) == clean:
                    return one.id, False
            corrected = next((one for one in known if one.id == supersedes and one.is_current), None)
            if supersedes is not None and corrected is None:
                msg = f"verdict {supersedes}: not current on claim {claim_id}; 'tracker show {claim_id}' lists what is"
                raise InvalidClaim(msg)
            entry = corrected.claim_id if corrected else claim_id
            own = [one for one in known if one.claim_id == entry and one.superseded_by is None and one != corrected]
            there = next((one for one in own if as_given(one) == clean), None)
            if there:
                return _already(there, supersedes), False
            if corrected is None:
                _refuse_second_word(clean, own)
            return self._insert(EventKind.VERDICT_ADDED, entry, clean, supersedes, because), True

    def add_review(self, claim_id: int, verdict: NewVerdict, *, whole: bool = False) -> tuple[int, bool]:
        """Take up a review from a feed: a changed one supersedes what it said before.

        As `add`, but where the same review (`same_review`) is recorded with other words. What the desk has retracted or
        corrected stays so until the publisher concludes something new. A review that says less than the one recorded,
        as another feed tells it, changes nothing, unless this is the `whole` of it; nor does an older one. Raises
        InvalidClaim for an older one that was never recorded.
        """
        clean = storable(verdict)
        with self._store.writing():
            known = self.of_claim(claim_id)
            same = _versions(known, clean)
            if same and clean.url not in [old.url for old in same]:
                clean = replace(clean, url=same[-1].url)  # the address as it is known
            own = [old for old in same if old.claim_id == claim_id and old.superseded_by is None]
            there = _there(clean, known, same, own)
            if there is not None:
                return there, False
            newest = max((old.reviewed_on for old in same if old.reviewed_on), default=None)
            if newest and clean.reviewed_on and clean.reviewed_on < newest:
                for old in same:
                    if as_given(old) == clean:
                        return old.id, False
                raise InvalidClaim(
                    f"review of {clean.reviewed_on}: older than the one recorded ({newest}); it stays out"
                )
            open_ones = own or [old for old in same if old.superseded_by is None]
            latest = next(reversed([old for old in open_ones if old.url == clean.url] or open_ones), None)
            if latest is None:
                return self._insert(EventKind.REVIEW_ADDED, claim_id, clean, None, None), True
            if latest.retracted and _conclusion(latest) == _conclusion(clean):
                return latest.id, False
            if not whole and says_less(clean, latest):
                return latest.id, False
            because = "the review says something else now"
            return self._insert(EventKind.REVIEW_ADDED, latest.claim_id, clean, latest.id, because), True

    def _insert(
        self, kind: EventKind, claim_id: int, clean: NewVerdict, supersedes: int | None, because: str | None
    ) -> int:
        """Write a verdict, its evidence and the event."""
        at = now()
        row = {name: iso(value) for name, value in values_of(clean, NewVerdict).items() if name != "evidence"}
        row |= {"claim_id": claim_id, "supersedes": supersedes, "author": settings.author(), "recorded_at": at}
        row["tags"] = json.dumps(clean.tags, ensure_ascii=False) if clean.tags else None
        changes: list[Change] = [self._store.put("verdicts", row)]
        number: int = changes[0][2]["id"]
        changes += [self._store.put("evidence", {"verdict_id": number, **asdict(one)}) for one in clean.evidence]
        self._store.log.append(kind, changes, at=at, because=because, claim_id=claim_id, verdict_id=number)
        return number

    def correction(self, verdict_id: int, verdict: NewVerdict, given: Collection[str]) -> NewVerdict:
        """What a correction of a stored verdict says: what is `given` (fields by name), else what the old one said.

        The rating and the day of the review are always the new one's. Raises ClaimNotFound, UsageProblem for another
        publisher's verdict.
        """
        old = self.verdict(verdict_id)
        if "publisher" in given and old.publisher and fold(old.publisher) != fold(verdict.publisher):
            msg = f"verdict {verdict_id} is {old.publisher}'s, and a correction is the same publisher's"
            raise UsageProblem(f"{msg}; leave out --supersedes to put yours beside it")
        names = {"rating", "reviewed_on", *given}
        return replace(as_given(old), **{name: getattr(verdict, name) for name in names})

    def verdict(self, verdict_id: int) -> Verdict:
        """The verdict with this id. Raises ClaimNotFound."""
        found = self._read(self._store.rows_in(f"{_VERDICT} WHERE v.id IN", [verdict_id]))
        if not found:
            msg = f"verdict {verdict_id}: not in {self._store.path}; 'tracker show CLAIM' lists a claim's verdicts"
            raise ClaimNotFound(msg)
        return found[0]

    def of_claim(self, claim_id: int) -> tuple[Verdict, ...]:
        """Every verdict on a claim and on the entries merged with it, oldest entry first."""
        root = self._store.curation.root(claim_id)
        return self.of([root]).get(root, ())

    def of(self, roots: Iterable[int]) -> dict[int, tuple[Verdict, ...]]:
        """Every verdict on these claims and on the entries merged into them, oldest entry first."""
        root_of = self._store.curation.members(roots)
        found: dict[int, list[Verdict]] = {}
        for verdict in self._read(self._store.rows_in(f"{_VERDICT} WHERE v.claim_id IN", root_of)):
            found.setdefault(root_of[verdict.claim_id], []).append(verdict)
        return {claim_id: tuple(group) for claim_id, group in found.items()}

    def days(self, entries: Iterable[int], until: date | None = None) -> dict[int, list[date]]:
        """The days on which these entries were reviewed, or made where a review says so; those that have any.

        By verdicts that are neither superseded nor retracted, and none after `until`.
        """
        found: dict[int, list[date]] = {}
        sql = (
            "SELECT v.claim_id, v.reviewed_on, v.claimed_on FROM verdicts v"
            " WHERE NOT EXISTS (SELECT 1 FROM verdicts n WHERE n.supersedes = v.id)"
            " AND v.id NOT IN (SELECT verdict_id FROM retracted_verdicts) AND v.claim_id IN"
        )
        for row in self._store.rows_in(sql, entries):
            days = [date.fromisoformat(day) for day in (row["reviewed_on"], row["claimed_on"]) if day]
            found.setdefault(row["claim_id"], []).extend(day for day in days if until is None or day <= until)
        return found

    def says(self, claim_id: int, verdict: NewVerdict) -> bool:
        """True where this verdict stands, or stood, on the claim word for word."""
        clean = storable(verdict)
        return any(as_given(known) == clean for known in self.of_claim(claim_id))

    def review(self, claim_id: int, verdict: NewVerdict) -> Verdict | None:
        """What the same review is known to say: its version that no other supersedes, the last one."""
        same = [known for known in _versions(self.of_claim(claim_id), verdict) if not known.superseded_by]
        return same[-1] if same else None

    def overtakes(self, claim_id: int, verdict: NewVerdict) -> bool:
        """True where this verdict would take the place of what the same review is known to say."""
        clean = storable(verdict)
        same = _versions(self.of_claim(claim_id), clean)
        return bool(same) and not any(says_less(clean, known) for known in same)

    def current(self, claim_id: int) -> list[Verdict]:
        """The verdicts on a claim that are neither superseded nor retracted, oldest first."""
        return [known for known in self.of_claim(claim_id) if known.is_current]

    def _read(self, rows: Sequence[sqlite3.Row]) -> list[Verdict]:
        evidence: dict[int, list[Evidence]] = {}
        for row in self._store.rows_in("SELECT * FROM evidence WHERE verdict_id IN", [row["id"] for row in rows]):
            evidence.setdefault(row["verdict_id"], []).append(Evidence(row["url"], row["note"], row["archive_url"]))
        ordered = sorted(rows, key=lambda row: row["id"])
        said = [read_verdict(row, tuple(evidence.get(row["id"], ()))) for row in ordered]
        return [
            replace(verdict, normalized=found.normalized, rating_tags=found.tags, rating_rule=found.rule)
            for verdict, found in zip(said, self._store.ratings.readings(said), strict=True)
        ]


def as_given(verdict: Verdict) -> NewVerdict:
    """What was entered, to compare with what is to be entered."""
    return NewVerdict(**{field.name: getattr(verdict, field.name) for field in fields(NewVerdict)})


def same_review(one: NewVerdict, other: NewVerdict) -> bool:
    """True for the same publisher, the same page, and a period that begins on the same day, if it has one."""
    if not one.url or not other.url or (one.publisher, one.valid_from) != (other.publisher, other.valid_from):
        return False
    return one.url == other.url or address_key(one.url) == address_key(other.url)


def _versions(known: Sequence[Verdict], given: NewVerdict) -> list[Verdict]:
    """What is known of the same review.

    Where several publishers have a review at that address, which of them one corrects that names no publisher cannot be
    told: it is a version of one that has all that it says, else of nobody's.
    """
    same = [one for one in known if _is_review(one, given)]
    if given.publisher is None and len({one.publisher for one in same if one.publisher}) > 1:
        told = [one for one in same if one.superseded_by is None and says_less(given, one)]
        return told or [one for one in same if one.publisher is None]
    return same


def _is_review(known: NewVerdict, given: NewVerdict) -> bool:
    """The same, also where one of them, as a table without that column, does not name its publisher."""
    publisher = known.publisher if given.publisher is None else given.publisher
    named = known if known.publisher else replace(known, publisher=publisher)
    return same_review(named, replace(given, publisher=publisher))


def _there(clean: NewVerdict, known: Sequence[Verdict], same: Sequence[Verdict], own: Sequence[Verdict]) -> int | None:
    """The id of the verdict that a feed brings again, or that the desk has corrected; None for something new."""
    by_id = {one.id: one for one in known}
    for old in known:
        if as_given(old) == clean and _stays(old, by_id) and (not own or old in own or old.superseded_by):
            return old.id
    for old in same:  # the desk's correction stays, also where the review's other words have changed
        if old.superseded_by and _conclusion(old) == _conclusion(clean) and _stays(old, by_id):
            return old.id
    return None


def _already(there: Verdict, supersedes: int | None) -> int:
    """The id of the verdict that says it. Raises InvalidClaim where that is not what was meant."""
    if there.retracted:
        msg = f"verdict {there.id} says this and was retracted"
        raise InvalidClaim(f"{msg}; 'tracker undo {there.retracted.event_id}' brings it back")
    if supersedes is not None:
        msg = f"verdict {there.id} says this already; 'tracker retract {supersedes}' takes the other back"
        raise InvalidClaim(msg)
    return there.id


def _refuse_second_word(clean: NewVerdict, own: Sequence[Verdict]) -> None:
    """One review says one thing: another rating under its address is a correction, and must name what it corrects."""
    for one in own:
        if one.is_current and same_review(one, clean):
            msg = f"verdict {one.id} is this review already (same publisher, address, period)"
            raise InvalidClaim(f"{msg}; '--supersedes {one.id}' corrects it")


def _stays(old: Verdict, by_id: dict[int, Verdict]) -> bool:
    """True for a verdict that a feed does not bring again: it is there, taken back, or was corrected by hand."""
    if old.superseded_by is None:
        return True
    for _ in by_id:  # a chain is no longer than that, even in a damaged store
        if old.superseded_by not in by_id:
            return False
        old = by_id[old.superseded_by]
        if not old.from_feed:
            return True
    return False


def says_less(given: NewVerdict, known: NewVerdict) -> bool:
    """True for a review that says nothing which the known one does not; how address and rating are spelled aside."""
    given = replace(given, url=address_key(given.url or ""), rating=fold(given.rating))
    known = replace(known, url=address_key(known.url or ""), rating=fold(known.rating))
    return all(getattr(given, one.name) in (None, (), getattr(known, one.name)) for one in fields(NewVerdict))


def _conclusion(given: NewVerdict) -> tuple[object, ...]:
    """What a review comes to; where only its other words changed, a retraction stands."""
    return given.rating, given.reviewed_on, given.valid_from, given.valid_to
