"""What all verdicts of a store say together: how many there are of each rating, by time, by publisher and by label.

Only current verdicts count, as everywhere: one that was superseded or retracted says nothing any more. Ratings are told
by our reading of them, publishers by their names without the difference of capitals.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tracker.curation import FAMILY, HELD
from tracker.entries import fold
from tracker.ratings import NORMALIZED, Reading, read_rating
from tracker.verdicts import CURRENT

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from tracker.models import Verdict
    from tracker.store import Store

COLUMNS = 40  # of a plot over time: more could not be told apart on a telephone
_STEPS = (1, 2, 5, 10, 20, 50, 100, 250)  # years; the last covers all that a day can name
_WRITTEN = "v.rating, v.publisher, v.publisher_site, v.rating_value, v.best_rating, v.worst_rating, c.language"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which verdicts are meant; what is None leaves none out.

    `rating` is one of `NORMALIZED`, `label` a rating as it is written, `publisher` a name, or "" for verdicts that name
    nobody. With a first or a last day, verdicts without a day are left out.
    """

    rating: str | None = None
    publisher: str | None = None
    label: str | None = None
    since: date | None = None
    until: date | None = None

    def means(self, verdict: Verdict) -> bool:
        """True for a verdict that is meant, if it is current."""
        pairs = (self.rating, verdict.normalized), (self.label, verdict.rating)
        if any(asked not in (None, said) for asked, said in pairs):
            return False
        if self.publisher is not None and (fold(verdict.publisher) or "") != fold(self.publisher):
            return False
        day = verdict.reviewed_on
        if day is None:
            return not (self.since or self.until)
        return (self.since or day) <= day <= (self.until or day)


@dataclass(frozen=True, slots=True)
class Told:
    """Verdicts that are written alike: label, publisher, our reading, the month of the review, and how many."""

    label: str | None
    publisher: str | None
    reading: Reading
    month: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Stack:
    """Verdicts that stand together in a plot, and how many of them are read as what; `since` and `until` of a time."""

    name: str
    counts: Counter[str] = field(default_factory=Counter)
    since: date | None = None
    until: date | None = None

    @property
    def total(self) -> int:
        """How many verdicts."""
        return self.counts.total()


class Overview:
    """The verdicts of one store from afar."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def told(self, chosen: Chosen) -> list[Told]:
        """How many current verdicts there are of each label, publisher and month; none of claims that are retracted."""
        rows = self._read(chosen, "substr(v.reviewed_on, 1, 7)")
        return [Told(row["rating"], row["publisher"], reading, row["what"], row["n"]) for reading, row in rows]

    def claims(self, chosen: Chosen) -> list[int]:
        """The claims that have such a verdict, newest first: merged ones as what they are read as, none retracted."""
        entries = {row["what"] for _, row in self._read(chosen, "v.claim_id")}
        return sorted(set(self._store.curation.standing(entries).values()), reverse=True)

    def publishers(self) -> list[str]:
        """Every publisher of a current verdict, those who say most first, each as it is mostly written."""
        return [stack.name for stack in by_publisher(self.told(Chosen())) if stack.name]

    def _read(self, chosen: Chosen, what: str) -> Iterator[tuple[Reading, sqlite3.Row]]:
        """Verdicts that are written alike and share `what`, and how they are read."""
        where, params = _conditions(chosen)
        rows = self._store.rows(
            f"{FAMILY} SELECT {_WRITTEN}, {what} AS what, count(*) AS n"  # noqa: S608 - own names
            " FROM verdicts v JOIN claims c ON c.id = v.claim_id"
            f" WHERE {' AND '.join([CURRENT, HELD, *where])} GROUP BY 1, 2, 3, 4, 5, 6, 7, 8",
            params,
        )
        desk = self._store.ratings.labels
        for row in rows:
            label, publisher, site, value, best, worst, language = tuple(row)[:7]
            reading = read_rating(
                label,
                publisher=publisher,
                site=site,
                value=value,
                best=best,
                worst=worst,
                desk=desk,
                language=language,
            )
            if chosen.rating in (None, reading.normalized):
                yield reading, row


def _conditions(chosen: Chosen) -> tuple[list[str], list[object]]:
    """What is chosen in SQL's words; the reading of a rating is not known to it."""
    asked = {
        "coalesce(fold(v.publisher), '') = fold(?)": chosen.publisher,
        "v.rating = ?": chosen.label,
        "v.reviewed_on >= ?": chosen.since and chosen.since.isoformat(),
        "v.reviewed_on <= ?": chosen.until and chosen.until.isoformat(),
    }
    given = {condition: value for condition, value in asked.items() if value is not None}
    return list(given), list(given.values())


def readings(found: Iterable[Told]) -> Counter[str]:
    """How many verdicts are read as what."""
    counts = Counter[str]()
    for one in found:
        counts[one.reading.normalized] += one.count
    return counts


def by_publisher(found: Iterable[Told]) -> list[Stack]:
    """A stack for each publisher, those who say most first; "" for verdicts that name nobody."""
    spelled: dict[str, Counter[str]] = {}
    stacks: dict[str, Stack] = {}
    for one in found:
        key = fold(one.publisher) or ""
        spelled.setdefault(key, Counter())[one.publisher or ""] += one.count
        stacks.setdefault(key, Stack(key)).counts[one.reading.normalized] += one.count
    named = [Stack(_usual(spelled[key]), stack.counts) for key, stack in stacks.items()]
    return sorted(named, key=lambda stack: (-stack.total, stack.name))


def over_time(found: Iterable[Told]) -> list[Stack]:
    """A stack for each month, year or more years from the first review to the last, whichever makes few enough."""
    dated = [one for one in found if one.month]
    months = [_month(one.month) for one in dated if one.month]
    if not months:
        return []
    first, last = min(months), max(months)
    if last - first < COLUMNS:
        step, start = 1, first
    else:
        size = next(size for size in _STEPS if last // 12 // size - first // 12 // size < COLUMNS)
        step, start = 12 * size, first // 12 // size * size * 12
    stacks = [_span(month, step) for month in range(start, last + 1, step)]
    for month, one in zip(months, dated, strict=True):
        stacks[(month - start) // step].counts[one.reading.normalized] += one.count
    return stacks


def by_label(found: Iterable[Told]) -> list[Told]:
    """Each label of each publisher with our reading: unknown ones first, then the commonest; without the months."""
    counts = Counter[tuple[str, str | None, Reading]]()
    for one in found:
        if one.label:
            counts[one.label, one.publisher, one.reading] += one.count
    labels = [Told(*key, None, count) for key, count in counts.items()]
    return sorted(
        labels, key=lambda one: (one.reading.normalized != NORMALIZED[-1], -one.count, one.publisher or "", one.label)
    )


def _usual(spelled: Counter[str]) -> str:
    return min(spelled, key=lambda name: (-spelled[name], name))


def _month(text: str) -> int:
    """A month as a number: twelve times the year and from 0 to 11."""
    return int(text[:4]) * 12 + int(text[5:7]) - 1


def _span(month: int, step: int) -> Stack:
    """The stack of so many months from a month on, without any verdict yet."""
    since, until = _first_day(month), _first_day(month + step) - timedelta(days=1)
    names = f"{since.year:04}-{since.month:02}", f"{since.year:04}", f"{since.year:04}\u2013{until.year:04}"
    return Stack(names[(step > 1) + (step > 12)], Counter(), since, until)


def _first_day(month: int) -> date:
    """The first day of a month, within the days that there are."""
    year = month // 12
    return date.max if year > date.max.year else date(max(1, year), month % 12 + 1, 1)
