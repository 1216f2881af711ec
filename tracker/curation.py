"""What a desk does about claims and verdicts that are there: retract, merge, link, and undo each of these.

No row that says something is touched: small tables hold where things stand (`merged`, `links`, `retracted_...`), and
the event log tells how they came to stand so. Two entries of one claim become one by reading the one as the other, so
that the old id still resolves, and undoing it brings both back as they were.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.errors import InvalidClaim
from tracker.events import EventKind, reversed_changes
from tracker.models import Link, Retraction
from tracker.rows import now

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from tracker.events import Change
    from tracker.store import Store

INVERSE = {"broader": "narrower", "narrower": "broader"}  # the others read the same from both sides
LINK_RELATIONS = (
    *("broader", "narrower", "different-figure", "opposite", "different-entity", "different-time", "related"),
)
# For queries in which `c` is an entry: that it stands; and every merged entry with the claim that it is read as.
STANDING = "c.id NOT IN (SELECT claim_id FROM merged) AND c.id NOT IN (SELECT claim_id FROM retracted_claims)"
FAMILY = (
    "WITH RECURSIVE family (claim_id, root_id) AS (SELECT claim_id, into_id FROM merged"
    " WHERE into_id NOT IN (SELECT claim_id FROM merged)"
    " UNION SELECT m.claim_id, f.root_id FROM merged m JOIN family f ON m.into_id = f.claim_id)"
)
# With FAMILY, for queries in which `v` is a verdict: that the claim that it is on was not taken back.
HELD = (
    "coalesce((SELECT f.root_id FROM family f WHERE f.claim_id = v.claim_id), v.claim_id)"
    " NOT IN (SELECT claim_id FROM retracted_claims)"
)
_UNDOABLE = {
    EventKind.VERDICT_RETRACTED,
    EventKind.CLAIM_RETRACTED,
    EventKind.CLAIMS_MERGED,
    EventKind.CLAIMS_LINKED,
}


class Curation:
    """How the claims of one store hang together, and what was taken back."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # --- doing --------------------------------------------------------------------------------------------------------

    def retract_verdict(self, verdict_id: int, *, because: str | None = None) -> int:
        """Take back a verdict without another in its place; return the event. It stays readable.

        What it had superseded stays superseded. Raises ClaimNotFound, InvalidClaim for one that is not current.
        """
        with self._store.writing():
            verdict = self._store.verdicts.verdict(verdict_id)
            if not verdict.is_current:
                why = f"superseded by verdict {verdict.superseded_by}" if verdict.superseded_by else "retracted before"
                raise InvalidClaim(f"verdict {verdict_id}: {why}; only a current verdict can be retracted")
            return self._do(
                EventKind.VERDICT_RETRACTED,
                "retracted_verdicts",
                {"verdict_id": verdict_id},
                because,
                claim_id=verdict.claim_id,
                verdict_id=verdict_id,
            )

    def retract_claim(self, claim_id: int, *, because: str | None = None) -> int:
        """Take a claim out of search, lists and the queue; return the event. It stays readable by its id.

        Raises ClaimNotFound, InvalidClaim where it is retracted already.
        """
        with self._store.writing():
            root = self.require_standing(claim_id)
            row = {"claim_id": root}
            return self._do(EventKind.CLAIM_RETRACTED, "retracted_claims", row, because, claim_id=root)

    def merge(self, kept: int, gone: int, *, because: str | None = None) -> int:
        """Read claim `gone` as another entry of claim `kept`; return the event.

        Its verdicts and appearances are the kept one's from now on, and its id resolves to it. Raises ClaimNotFound,
        InvalidClaim for claims that are one already, retracted, or linked as different.
        """
        with self._store.writing():
            root, other = self._two(kept, gone, "merged")
            link = self._link_between(root, other)
            if link:
                msg = f"claims {kept} and {gone}: linked as {link.relation}; 'tracker undo {link.event_id}' first"
                raise InvalidClaim(msg)
            row = {"claim_id": other, "into_id": root}
            return self._do(EventKind.CLAIMS_MERGED, "merged", row, because, claim_id=root, other_id=other)

    def link(self, claim_id: int, other_id: int, relation: str, *, because: str | None = None) -> tuple[int, bool]:
        """Note that the first claim is `relation` to the second; return the event and whether it is new.

        Raises ClaimNotFound, InvalidClaim for an unknown relation or claims that are linked in another way.
        """
        if relation not in LINK_RELATIONS:
            raise InvalidClaim(f"relation {relation!r}: not one of {', '.join(LINK_RELATIONS)}")
        with self._store.writing():
            root, other = self._two(claim_id, other_id, "linked")
            known = self._link_between(root, other)
            if known and known.relation == INVERSE.get(relation, relation):
                return known.event_id, False
            if known:
                msg = f"claims {claim_id} and {other_id}: linked as {INVERSE.get(known.relation, known.relation)}"
                raise InvalidClaim(f"{msg}; 'tracker undo {known.event_id}' first")
            row = {"claim_id": root, "other_id": other, "relation": relation}
            return self._do(EventKind.CLAIMS_LINKED, "links", row, because, claim_id=root, other_id=other), True

    def undo(self, event_id: int, *, because: str | None = None) -> int:
        """Take back what an event did: a retraction, a merge, a link; return the new event.

        Raises ClaimNotFound, InvalidClaim for an event that cannot be undone or was.
        """
        with self._store.writing():
            event = self._store.log.event(event_id)
            if event.kind not in _UNDOABLE:
                what = "only a retraction, a merge or a link can; retract or supersede what is wrong"
                raise InvalidClaim(f"event {event_id} ({event.kind}): cannot be undone; {what}")
            done = self._store.log.undone_by().get(event_id)
            if done:
                raise InvalidClaim(f"event {event_id}: was undone by event {done}")
            changes = reversed_changes(event)
            for change in changes:
                self._store.apply(change)
            return self._store.log.append(
                EventKind.UNDONE,
                changes,
                at=now(),
                because=because,
                claim_id=event.claim_id,
                other_id=event.other_id,
                verdict_id=event.verdict_id,
                undoes=event_id,
            )

    def _do(
        self,
        kind: EventKind,
        table: str,
        row: Mapping[str, object],
        because: str | None,
        *,
        claim_id: int,
        other_id: int | None = None,
        verdict_id: int | None = None,
    ) -> int:
        change: Change = ("+", table, {**row, "event_id": self._store.log.next_id()})
        self._store.apply(change)
        return self._store.log.append(
            kind, [change], at=now(), because=because, claim_id=claim_id, other_id=other_id, verdict_id=verdict_id
        )

    def _two(self, claim_id: int, other_id: int, what: str) -> tuple[int, int]:
        root, other = self.require_standing(claim_id), self.require_standing(other_id)
        if root == other:
            raise InvalidClaim(f"claims {claim_id} and {other_id}: one claim already, they cannot be {what}")
        return root, other

    def require_standing(self, claim_id: int) -> int:
        """The claim that this id is read as. Raises ClaimNotFound, InvalidClaim for one that is retracted."""
        root = self._store.claim(claim_id).id
        retraction = self.retraction(root)
        if retraction:
            msg = f"claim {claim_id}: is retracted; 'tracker undo {retraction.event_id}' brings it back"
            raise InvalidClaim(msg)
        return root

    # --- reading ------------------------------------------------------------------------------------------------------

    def roots(self, claim_ids: Iterable[int]) -> dict[int, int]:
        """For each of these entries the claim that it is read as: itself, or the one it was merged into."""
        ids = list(claim_ids)
        asked = [number for number in ids if abs(number) < 2**63]  # JSON would make a larger one a fraction
        up = (
            "WITH RECURSIVE up (id, root) AS (SELECT claim_id, into_id FROM merged WHERE claim_id IN (SELECT value FROM"
            " json_each(?)) UNION SELECT up.id, m.into_id FROM up JOIN merged m ON m.claim_id = up.root)"
            " SELECT id, root FROM up WHERE root NOT IN (SELECT claim_id FROM merged)"
        )
        found = {row["id"]: row["root"] for row in self._store.rows(up, [str(asked)])}
        return {number: found.get(number, number) for number in ids}

    def root(self, claim_id: int) -> int:
        """The claim that this id is read as."""
        return self.roots([claim_id])[claim_id]

    def members(self, roots: Iterable[int]) -> dict[int, int]:
        """The entries that are read as these claims, the claims themselves among them, each with its claim."""
        ids = [number for number in roots if abs(number) < 2**63]
        down = (
            "WITH RECURSIVE down (id, root) AS (SELECT value, value FROM json_each(?)"
            " UNION SELECT m.claim_id, down.root FROM down JOIN merged m ON m.into_id = down.id)"
            " SELECT id, root FROM down"
        )
        return {row["id"]: row["root"] for row in self._store.rows(down, [str(ids)])}

    def hidden(self) -> int:
        """How many entries there are that are read as another, or retracted."""
        sql = "SELECT (SELECT count(*) FROM merged) + (SELECT count(*) FROM retracted_claims)"
        return int(self._store.rows(sql)[0][0])

    def standing(self, claim_ids: Iterable[int], retracted_by: date | None = None) -> dict[int, int]:
        """Those of these entries whose claim is not retracted (by the end of that day), each with its claim."""
        roots = self.roots(claim_ids)
        retracted = self.retracted_claims(set(roots.values()), retracted_by)
        return {number: root for number, root in roots.items() if root not in retracted}

    def retracted_claims(self, claim_ids: Iterable[int], until: date | None = None) -> set[int]:
        """Those of these claims that are retracted, or were so at the end of the day `until`."""
        sql = (
            "SELECT r.claim_id, date(e.recorded_at) AS day FROM retracted_claims r JOIN events e ON e.id = r.event_id"
            " WHERE r.claim_id IN"
        )
        rows = self._store.rows_in(sql, claim_ids)
        return {row["claim_id"] for row in rows if until is None or row["day"] <= until.isoformat()}

    def retraction(self, claim_id: int) -> Retraction | None:
        """Who retracted a claim, when and why; None where nobody did."""
        rows = self._store.rows(
            "SELECT e.id, e.author, e.recorded_at, e.because FROM retracted_claims r JOIN events e ON e.id = r.event_id"
            " WHERE r.claim_id = ?",
            [claim_id],
        )
        return Retraction(*rows[0]) if rows else None

    def links(self, root: int) -> tuple[Link, ...]:
        """The claims that a claim is linked with, each with what it is to this one."""
        entries = list(self.members([root]))
        sql = (
            "SELECT l.{other} AS id, l.relation, l.event_id, e.because FROM links l JOIN events e ON e.id = l.event_id"
            " WHERE l.{one} IN"
        )
        forward = self._store.rows_in(sql.format(one="claim_id", other="other_id"), entries)
        backward = self._store.rows_in(sql.format(one="other_id", other="claim_id"), entries)
        told = [(row, INVERSE.get(row["relation"], row["relation"])) for row in forward]
        told += [(row, row["relation"]) for row in backward]
        roots = self.roots(row["id"] for row, _ in told)
        claims = self._store.claims(roots.values())
        return tuple(
            Link(claims[roots[row["id"]]], relation, row["event_id"], row["because"])
            for row, relation in sorted(told, key=lambda one: one[0]["event_id"])
        )

    def families(self) -> dict[int, list[tuple[int, str]]]:
        """For every linked claim the claims that it is linked with, and what they are to it."""
        rows = self._store.rows("SELECT claim_id, other_id, relation FROM links ORDER BY event_id")
        root_of = self.roots({number for row in rows for number in (row["claim_id"], row["other_id"])})
        found: dict[int, list[tuple[int, str]]] = {}
        for row in rows:
            one, other = root_of[row["claim_id"]], root_of[row["other_id"]]
            found.setdefault(other, []).append((one, row["relation"]))
            found.setdefault(one, []).append((other, INVERSE.get(row["relation"], row["relation"])))
        return found

    def _link_between(self, root: int, other: int) -> Link | None:
        return next((link for link in self.links(root) if link.claim.id == other), None)
