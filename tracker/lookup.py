"""What a store holds as it stands on a day: one claim, lists, histories, and what should be looked at again."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tracker import recheck
from tracker.entries import fold
from tracker.log import History
from tracker.models import ClaimRecord, Standing
from tracker.standing import stand
from tracker.words import fts_query

if TYPE_CHECKING:
    from tracker.models import Verdict
    from tracker.standing import View
    from tracker.store import Store


log = logging.getLogger(__name__)


def warn_if_empty(store: Store) -> bool:
    """Log that the store has no claims, which a slip in its name may explain; True where that is so."""
    empty = not store.claim_count()
    if empty:
        log.warning("%s: the store is empty; 'tracker import --starter' or 'tracker add' fills it", store.path)
    return empty


def show(store: Store, claim_id: int, view: View) -> ClaimRecord:
    """A claim with every verdict, oldest entry first, and every appearance. Raises ClaimNotFound."""
    found = store.record(claim_id)
    return replace(found, verdicts=tuple(sorted(stand(found.verdicts, view), key=lambda verdict: verdict.id)))


def history(store: Store, claim_id: int, view: View) -> History:
    """A claim and everything that happened to it and to the entries merged with it. Raises ClaimNotFound."""
    with store.reading():
        found = show(store, claim_id, view)
        entries = [found.claim.id, *(entry.id for entry in found.merged)]
        return History(found, tuple(store.log.filtered(claim_ids=entries)), store.log.undone_by())


def listed(
    store: Store,
    view: View,
    *,
    rating: str | None = None,
    publisher: str | None = None,
    offset: int = 0,
    limit: int | None = None,
    **conditions: Any,
) -> list[ClaimRecord]:
    """`Store.list_claims` with the verdicts as they stand in that view; `rating` is that of one that holds then."""
    part: dict[str, Any] = {} if rating else {"offset": offset, "limit": limit}
    with store.reading():
        listed = store.list_claims(rating=rating, publisher=publisher, **part, **conditions)
        found = [replace(one, verdicts=stand(one.verdicts, view)) for one in listed]
    if rating:
        found = [one for one in found if any(_says(verdict, rating, publisher) for verdict in one.verdicts)]
        found = found[offset:][:limit]
    return found


def about(store: Store, topic: str, k: int, view: View) -> list[ClaimRecord]:
    """The best `k` entries with all words of a topic, as the claims that they are read as; none for one without words.

    Each claim stands there once, with its verdicts in that view; retracted ones do not.
    """
    query = fts_query(topic, "AND")
    with store.reading():
        numbers = store.find_words(query, k) if query else []
        roots = store.curation.standing(numbers, view.day if view.as_of else None)
        wanted = list(dict.fromkeys(roots[number] for number in numbers if number in roots))
        claims, said = store.claims(wanted), store.verdicts.of(wanted)
    return [ClaimRecord(claims[number], stand(said.get(number, ()), view)) for number in wanted]


def _says(verdict: Verdict, rating: str, publisher: str | None) -> bool:
    named = publisher is None or fold(verdict.publisher) == fold(publisher)
    rated = fold(rating) in (fold(verdict.rating), verdict.normalized)
    return named and rated and verdict.standing is Standing.CURRENT


def due(store: Store, view: View, max_age: int, **conditions: Any) -> list[tuple[ClaimRecord, list[str]]]:
    """Claims whose verdicts should be looked at again, newest claim first, with the reasons.

    `max_age` is how many days after its review a verdict without a period is due; `conditions` as `Store.list_claims`.
    """
    with store.reading():
        standing = {one.claim.id: one for one in listed(store, view)}
        asked = {one.claim.id for one in listed(store, view, **conditions)} if any(conditions.values()) else standing
        family = store.curation.families()
    found = []
    for number, one in standing.items():
        if number in asked:
            others = [
                (standing[other].claim, relation, standing[other].verdicts)
                for other, relation in family.get(number, ())
                if other in standing
            ]
            why = list(recheck.reasons(one.verdicts, others, view.day, max_age))
            found += [(one, why)] if why else []
    return found
