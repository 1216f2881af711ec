"""How many there are: rows of every noun in a store, and verdicts by what they say or who says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.curation import FAMILY, HELD, STANDING
from tracker.verdicts import CURRENT

if TYPE_CHECKING:
    from tracker.store import Store

_TABLES = (
    *("verdicts", "articles", "appearances", "feedback", "events", "merged"),
    *("retracted_claims", "retracted_verdicts", "quarantine"),
)
_WRITTEN = "rating, publisher, publisher_site, rating_value, best_rating, worst_rating"


class Tallies:
    """What one store holds, in numbers."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of_rows(self) -> dict[str, int]:
        """How many rows of each noun there are, and how many claims wait for a verdict.

        Merged entries and retracted claims are not among `claims`; they are counted apart.
        """
        found = {name: self._one(f"SELECT count(*) FROM {name}") for name in _TABLES}  # noqa: S608 - own names
        found["vectors"] = self._store.vectors.count()
        claims = self._one(f"SELECT count(*) FROM claims c WHERE {STANDING}")  # noqa: S608 - own names
        waiting = self._one(
            f"{FAMILY} SELECT count(*) FROM claims c WHERE {STANDING} AND c.id NOT IN (SELECT coalesce(f.root_id,"  # noqa: S608
            f" v.claim_id) FROM verdicts v LEFT JOIN family f ON f.claim_id = v.claim_id WHERE {CURRENT})"
        )
        retracted = found.pop("retracted_claims")
        return {"claims": claims, **found, "retracted": retracted, "unverified": waiting}

    def of_verdicts(self, column: str) -> list[tuple[str, int]]:
        """How often each `publisher`, `rating` or `normalized` rating occurs among current verdicts, most first.

        Those on claims that are retracted do not count.
        """
        value = f"normalized({_WRITTEN}, language)" if column == "normalized" else column
        rows = self._store.rows(  # each rating that is written alike is read once
            f"{FAMILY} SELECT {value} AS value, sum(n) AS n FROM (SELECT {_WRITTEN}, language, count(*) AS n"  # noqa: S608 - own names
            f" FROM verdicts v JOIN claims c ON c.id = v.claim_id WHERE {CURRENT} AND {HELD}"
            f" GROUP BY {_WRITTEN}, language)"
            " GROUP BY 1 HAVING value IS NOT NULL ORDER BY n DESC, value"
        )
        return [(row["value"], row["n"]) for row in rows]

    def _one(self, sql: str) -> int:
        return int(self._store.rows(sql)[0][0])
