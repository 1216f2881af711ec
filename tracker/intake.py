"""Rows of feeds on their way into the store: known claims, reviews that have changed, what an export joined."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.entries import address_key, text_key
from tracker.errors import InvalidClaim
from tracker.feeds import Imported, Kin, Rejected, Row, read_again
from tracker.progress import batched, silent
from tracker.verdicts import says_less

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tracker.models import Claim, NewClaim, NewVerdict
    from tracker.progress import Progress
    from tracker.store import Store

_STEP = 256  # rows between two commits


def take_up(
    store: Store, rows: Iterable[Row | Rejected], progress: Progress = silent, *, again: bool = False
) -> Imported:
    """Store a feed's rows, committed every few hundred; what cannot be is kept in quarantine.

    Also a row that contradicts the store or its own feed is rejected; and one that is tried `again`, where its review
    stands with other words: it is not known which of them are the newer.
    """
    counts = Counter[str]()
    rejected: list[Rejected] = []
    repaired = Counter[str]()
    intake = _Intake(store, again=again)
    with progress("importing", None) as advance:
        for part in batched(rows, _STEP):
            left_out: list[Rejected] = []
            with store.writing():
                for row in part:
                    outcome = row if isinstance(row, Rejected) else intake.take(row)
                    if isinstance(outcome, Rejected):
                        left_out.append(outcome)
                    else:
                        counts[outcome] += 1
                        repaired.update(row.notes if isinstance(row, Row) else ())
                store.quarantine.keep(left_out)
            rejected += left_out
            advance(len(part))
    intake.join()
    return Imported(counts["added"], counts["updated"], counts["unchanged"], tuple(rejected), repaired + intake.notes)


def retry(store: Store, ids: Sequence[int] = (), progress: Progress = silent) -> Imported:
    """Try rows in quarantine again, all or these; those that can be taken up now leave it. Raises ClaimNotFound."""
    kept = store.quarantine.all(ids)
    done = take_up(store, (read_again(one.place, one.raw, one.reason) for one in kept), progress, again=True)
    still = {(one.where, one.raw) for one in done.rejected}
    store.quarantine.drop(one.id for one in kept if (one.place, one.raw) not in still)
    return done


def known(store: Store, claim: NewClaim, publisher: str) -> Claim | None:
    """The entry in the store that this claim is: by its feed's id, else by its text."""
    by_id = store.claim_of_feed(publisher, claim.external_id) if claim.external_id else None
    return by_id or store.claim_like(claim, publisher=publisher)


def require_same_words(there: Claim, claim: NewClaim) -> None:
    """Make sure that a feed's id means the claim that it meant before. Raises InvalidClaim."""
    if text_key(there.text) != text_key(claim.text):
        msg = f"id {claim.external_id}: is another claim in the store ({there.text[:60]!r})"
        raise InvalidClaim(msg)


class _Intake:
    """One import: what it has seen so far; `again`: of rows that were left out before."""

    def __init__(self, store: Store, *, again: bool = False) -> None:
        self._store, self._again = store, again
        self.notes = Counter[str]()  # what was left out of rows that were taken up
        self._reviews: dict[tuple[object, ...], NewVerdict] = {}  # one feed cannot say two things in one review
        self._entries: dict[tuple[str, int], int] = {}  # by an export's number
        self._added = set[int]()
        self._kin: list[tuple[str, Kin]] = []

    def take(self, row: Row) -> str | Rejected:
        """Store one row: `added`, `updated` (something new on a known claim) or `unchanged`."""
        store, publisher = self._store, (row.verdict and row.verdict.publisher) or ""
        there = known(store, row.claim, publisher)
        if row.verdict and not (row.verdict.publisher or row.verdict.publisher_site):
            self.notes["publisher: not named; where a column of a table holds it: --map publisher=COLUMN"] += 1
        if there and row.verdict:
            row = self._joined(row, row.verdict, there)
        try:
            if there:
                require_same_words(there, row.claim)
                if row.verdict and not store.verdicts.says(there.id, row.verdict):
                    store.curation.require_standing(there.id)
            claim_id = there.id if there else store.add_claim(row.claim, publisher=publisher).id
            new = self._review(claim_id, row, row.verdict) if row.verdict else False
            changed = self._note(claim_id, row, publisher) or new
        except InvalidClaim as reason:
            return Rejected(row.where, str(reason), row.raw)
        self._added |= set() if there else {claim_id}
        return "added" if not there else "updated" if changed else "unchanged"

    def _joined(self, row: Row, verdict: NewVerdict, there: Claim) -> Row:
        """The row as it joins an entry: what its review says of the claim, and the entry does not, goes with it."""
        if row.claim.claimant and not there.claimant:
            self.notes["claimant: the review names one and the claim that it joins does not; left out"] += 1
        day = row.claim.claimed_on
        if verdict.claimed_on or day is None:
            return row
        told = self._store.verdicts.review(there.id, verdict) if day == there.claimed_on else None
        if day == there.claimed_on and not (told and told.claimed_on):
            return row
        return replace(row, verdict=replace(verdict, claimed_on=day))

    def _review(self, claim_id: int, row: Row, verdict: NewVerdict) -> bool:
        """Take up a row's review; whether it says something new. Raises InvalidClaim."""
        source = row.where.partition(":")[0]
        told = replace(verdict, url=address_key(verdict.url or ""))  # in another spelling it is the same page
        verdicts, review = self._store.verdicts, (source, claim_id, verdict.publisher, told.url, verdict.valid_from)
        before = self._reviews.setdefault(review, told)
        if verdict.url and not (says_less(told, before) or says_less(before, told)):
            raise InvalidClaim("contradicts an earlier row of this feed about the same review")
        if self._again and not verdicts.says(claim_id, verdict) and verdicts.overtakes(claim_id, verdict):
            raise InvalidClaim("another version of this review stands; import the feed again if this is the newer one")
        return verdicts.add_review(claim_id, verdict, whole=row.kin.entry is not None)[1]

    def _note(self, claim_id: int, row: Row, publisher: str) -> bool:
        """Note what a row tells of a claim beside its verdict; whether any of it is to be told as a change."""
        store, source = self._store, row.where.partition(":")[0]
        if row.claim.external_id:
            store.add_external_id(claim_id, publisher, row.claim.external_id)
        for by, text in row.kin.ids:
            if store.claim_of_feed(by, text) is None:  # one that is another claim's here stays so
                store.add_external_id(claim_id, by, text)
        if row.kin.entry is not None:
            self._entries.setdefault((source, row.kin.entry), claim_id)
            self._kin.append((source, row.kin))
        seen = [store.appearances.add_sighting(claim_id, url) for url in row.appearances]
        return any(seen)

    def join(self) -> None:
        """Join and link what an export's desk did, where this import brought it: the desk's own work here stays."""
        curation = self._store.curation
        with self._store.writing():
            for source, kin in self._kin:
                own = self._entries[source, kin.entry or 0]
                for other, relation, because in kin.links:
                    there = self._entries.get((source, other))
                    if there and {own, there} & self._added and other > (kin.entry or 0):  # the other side tells it too
                        with suppress(InvalidClaim):  # linked otherwise here
                            curation.link(there, own, relation, because=because)
            for source, kin in self._kin:
                own = self._entries[source, kin.entry or 0]
                for gone in kin.merged:
                    there = self._entries.get((source, gone))
                    if there and there in self._added and curation.root(there) != curation.root(own):
                        curation.merge(own, there)
