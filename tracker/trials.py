"""Trials: labelled queries put to a store as its users put theirs, with the right claims in it and without them."""

from __future__ import annotations

import logging
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tracker import intake, matching
from tracker.alarms import NEVER, Asked
from tracker.errors import ClaimNotFound, UnreadableSource, UsageProblem
from tracker.feeds import Rejected, Row, read_feed
from tracker.pipeline import Tracker
from tracker.progress import silent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tracker.models import Claim, Match
    from tracker.progress import Progress
    from tracker.queries import Query
    from tracker.ranking import Qrels, Run

SHOWN = 5  # answers of which more than the number and the probability is kept

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Trial:
    """A query, the numbers of its right claims, and what the store answered, the most probable claim first.

    `first` are the first few answers whole.
    """

    query: Query
    right: frozenset[int]
    claims: tuple[int, ...]
    probabilities: tuple[float, ...]
    first: tuple[Claim, ...]

    @property
    def answers(self) -> list[tuple[float, bool]]:
        """Each answer's probability, and whether it is right."""
        return [(p, claim in self.right) for claim, p in zip(self.claims, self.probabilities, strict=True)]


@dataclass(frozen=True, slots=True)
class Twice:
    """A query asked with its right claims in the store, and with them taken out."""

    present: Trial
    absent: Trial

    @property
    def asked(self) -> Asked:
        """The probabilities of the first answers."""
        right = next((p for p, is_right in self.present.answers[:1] if is_right), NEVER)
        return Asked(right, next(iter(self.absent.probabilities), NEVER))

    def answers(self, first: int) -> list[tuple[float, bool]]:
        """The first answers of both, each with its probability and whether it is right."""
        return [*self.present.answers[:first], *self.absent.answers[:first]]


@dataclass(frozen=True)
class Bench:
    """A store to be measured, and what its claims are called in files of queries and runs.

    `numbers` has the claims that a name stands for, `names` the name that each claim is written with. The
    store is the user's own (`is_users`), where a number in a file is a claim's and nothing may be written, or was made
    of docs, where a number is one of their ids.
    """

    tracker: Tracker
    source: Path
    numbers: Mapping[str | int, frozenset[int]]
    names: Mapping[int, str]
    is_users: bool = False

    @property
    def threshold(self) -> float:
        """The probability from which the product gives an answer."""
        return matching.model_for(self.tracker.encoder.fingerprint).threshold

    def ask(self, queries: Sequence[Query], progress: Progress = silent) -> list[Trial]:
        """Put each query to the store. Raises ClaimNotFound where a right claim is not in it."""
        right = self._right(queries)
        return self._ask(queries, right, [frozenset()] * len(queries), progress)

    def ask_twice(self, queries: Sequence[Query], progress: Progress = silent) -> list[Twice]:
        """The same for the queries that have a right claim, with it in the store and with it taken out."""
        labelled = [query for query in queries if query.relevant]
        right = self._right(labelled)
        absent = [*[frozenset[int]()] * len(labelled), *right]
        trials = self._ask([*labelled, *labelled], [*right, *right], absent, progress)
        return [Twice(*pair) for pair in zip(trials[: len(labelled)], trials[len(labelled) :], strict=True)]

    def run(self, trials: Sequence[Trial]) -> Run:
        """What was found for each query, by the names of the claims."""
        return {trial.query.qid: self.named(trial) for trial in trials}

    def qrels(self, trials: Sequence[Trial]) -> Qrels:
        """What is right for each query, by the names of the claims."""
        return {trial.query.qid: frozenset(self.names[number] for number in trial.right) for trial in trials}

    def named(self, trial: Trial) -> list[str]:
        """The names of the claims that were found."""
        return [self.names[number] for number in trial.claims]

    def _ask(
        self,
        queries: Sequence[Query],
        right: Sequence[frozenset[int]],
        absent: Sequence[frozenset[int]],
        progress: Progress,
    ) -> list[Trial]:
        if not self.is_users:  # only now: a wrong id must not cost the minute that vectors take
            self.tracker.embed(progress)
        ranked = self.tracker.rank(queries, without=absent, progress=progress)
        trials = []
        with self.tracker.store.reading(), progress("matching", len(queries)) as advance:
            for query, numbers, matches in zip(queries, right, ranked, strict=True):
                trials.append(_trial(query, numbers, matches))
                advance(1)
        return trials

    def _right(self, queries: Sequence[Query]) -> list[frozenset[int]]:
        """The numbers of each query's right claims. Raises ClaimNotFound for names of none or of several claims."""
        found = [[(name, self._called(name)) for name in query.relevant] for query in queries]
        wrong = sorted({name for names in found for name, numbers in names if len(numbers) != 1}, key=str)
        if wrong:
            qid = next(query.qid for query in queries if wrong[0] in query.relevant)
            several = len(self._called(wrong[0]))
            what = f"stands for {several} claims" if several else "is no claim's"
            others = f", nor are {len(wrong) - 1:,} more ids" if len(wrong) > 1 else ""
            msg = f"query {qid!r}: the relevant id {wrong[0]!r} {what} in {self.source}{others}"
            hint = "a text is an id in a feed, a number a claim's own" if self.is_users else "are these its docs?"
            raise ClaimNotFound(f"{msg}; {hint}")
        return [frozenset(number for _, numbers in names for number in numbers) for names in found]

    def _called(self, name: str | int) -> frozenset[int]:
        return self.numbers.get(name if self.is_users else str(name), frozenset())


def bench_of_store(tracker: Tracker) -> Bench:
    """Measure a store that is there: its claims are called by their numbers, and also found by their feeds' ids."""
    numbers: dict[str | int, set[int]] = {}
    with tracker.store.reading():
        records = list(tracker.store.entries())
        root_of = tracker.store.curation.roots(record.claim.id for record in records)
    for record in records:
        root = root_of[record.claim.id]
        names: list[str | int] = [record.claim.id, *(name for _, name in record.external_ids)]
        for name in names:
            numbers.setdefault(name, set()).add(root)
    called = {name: frozenset(found) for name, found in numbers.items()}
    return Bench(tracker, tracker.store.path, called, {root: str(root) for root in root_of.values()}, is_users=True)


@contextmanager
def bench_of_docs(docs: Path, keep: Path | None, encoder: str | None, progress: Progress = silent) -> Iterator[Bench]:
    """Measure a store of these claims (a feed), made for it; its claims are called by the feed's ids.

    The store is kept in the file `keep`, if one is named, and used again; the first question makes the vectors that are
    missing. Raises UnreadableSource; UsageProblem where that file has other claims in it.
    """
    rows = list(read_feed(docs))
    with _place(keep) as path, Tracker.open(path, encoder=encoder) as tracker:
        claims = _known(tracker, rows)
        others = tracker.store.claim_count() - len(set(claims.values()))
        if others:
            msg = f"--keep {path}: has {others:,} claims that are not in {docs}"
            raise UsageProblem(f"{msg}; name a new file, or the one that was kept for these docs")
        if len(claims) < len(rows):
            done = intake.take_up(tracker.store, rows, progress)
            for first in done.rejected[:1]:
                what = f"{len(done.rejected):,} rows are left out, the first: {first.where}: {first.reason}"
                log.warning("%s: %s", docs, what)
            claims = _known(tracker, rows)
        yield _bench(tracker, docs, claims)


@contextmanager
def _place(keep: Path | None) -> Iterator[Path]:
    """The file for a store: the one named, or one that is gone afterwards."""
    if keep:
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="claim-tracker-") as folder:
        yield Path(folder) / "docs.db"


def _known(tracker: Tracker, rows: Sequence[Row | Rejected]) -> dict[Row, int]:
    """The rows that are in the store, each with the number of its entry."""
    found: dict[Row, int] = {}
    if tracker.store.claim_count():
        with tracker.store.reading():
            for row in rows:
                if isinstance(row, Row):
                    publisher = (row.verdict and row.verdict.publisher) or ""
                    entry = intake.known(tracker.store, row.claim, publisher)
                    found |= {row: entry.id} if entry else {}
    return found


def _bench(tracker: Tracker, docs: Path, entries: Mapping[Row, int]) -> Bench:
    """The store of these rows. Raises UnreadableSource where two claims have one id."""
    root_of = tracker.store.curation.roots(set(entries.values()))
    numbers, names = dict[str | int, frozenset[int]](), dict[int, str]()
    for row, entry in entries.items():
        name, number = row.claim.external_id, root_of[entry]
        if name and numbers.setdefault(name, frozenset({number})) != {number}:
            msg = f"{docs}: the id {name!r} stands for two claims; each needs its own"
            raise UnreadableSource(msg)
        names.setdefault(number, name or row.where)
    return Bench(tracker, docs, numbers, names)


def _trial(query: Query, right: frozenset[int], matches: Sequence[Match]) -> Trial:
    return Trial(
        query,
        right,
        tuple(match.claim.id for match in matches),
        tuple(match.probability for match in matches),
        tuple(match.claim for match in matches[:SHOWN]),
    )
