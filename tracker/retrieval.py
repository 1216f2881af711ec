"""Retrieval: from a statement to the claims in the store that it may be about, and to the decision on each."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tracker import matching, tuning
from tracker.adapter import adapt
from tracker.lookup import warn_if_empty
from tracker.models import Candidate, Relation
from tracker.postings import ByWords
from tracker.posts import read_post
from tracker.progress import silent
from tracker.readers import Readers
from tracker.standing import stand

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    import numpy as np
    from numpy.typing import NDArray

    from tracker.calibration import Calibration
    from tracker.crossencoder import CrossEncoder
    from tracker.curation import Curation
    from tracker.embedding import Embedding
    from tracker.index import VectorIndex
    from tracker.models import Match, Utterance
    from tracker.progress import Progress
    from tracker.standing import View
    from tracker.store import Store

    Vectors = NDArray[np.float32]

_DEEPER = 4  # times as far each time that too few of what was found stand

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Statements to find claims for, read as posts, with their unit vectors (n x dimension).

    `in_context` are those of the statements with what was said before them, by position, where something was.
    """

    statements: Sequence[Utterance]
    vectors: Vectors
    in_context: Mapping[int, Vectors]

    def rows(self, i: int, *, fitted: bool) -> Vectors:
        """The vectors to find claims with, in this order: plain, adapted, in context where there is one."""
        import numpy as np

        plain = self.vectors[i : i + 1]
        if not fitted:
            return plain
        more = [self.in_context[i][None, :]] if i in self.in_context else []
        return np.concatenate([plain, adapt(np.concatenate([plain, *more]))])


class Retrieval:
    """Finds claims in one store, with the vectors of its encoder and by its words."""

    def __init__(self, store: Store, embedding: Embedding, crossencoder: CrossEncoder | None = None) -> None:
        self._store = store
        self._embedding = embedding
        self._crossencoder = crossencoder
        self._by_words = ByWords(store)
        self._counted_at: object = None

    def wanted(
        self, utterances: Sequence[Utterance], vectors: Vectors | None = None, progress: Progress = silent
    ) -> Wanted:
        """Make ready what is looked for; `vectors` are those of the texts as they came, where there are any already."""
        import numpy as np

        posts = [read_post(one) for one in utterances]
        encode = self._embedding.encode_showing
        rows = {one.text: row for row, one in enumerate(utterances)} if vectors is not None else {}
        new = list(dict.fromkeys(post.text for post in posts if post.text not in rows))
        around = {i: f"{post.context} {post.text}" for i, post in enumerate(posts) if post.context}
        more = encode([*new, *around.values()], progress)
        known = 0 if vectors is None else len(vectors)
        rows |= {text: known + row for row, text in enumerate(new)}
        parts = [part for part in (vectors, more[: len(new)]) if part is not None and len(part)]
        table = np.concatenate(parts) if parts else more
        return Wanted(
            posts, table[[rows[post.text] for post in posts]], dict(zip(around, more[len(new) :], strict=True))
        )

    def candidates(
        self,
        wanted: Wanted,
        depth: int = matching.DEPTH,
        *,
        retracted_by: date | None = None,
        without: Sequence[Collection[int]] = (),
        besides: Sequence[Collection[int]] = (),
        adapted: bool | None = None,
    ) -> Iterator[list[Candidate]]:
        """For each statement the claims that a search brings up: by the meaning of its vectors, or by shared words.

        Claims that are retracted (`retracted_by`: that were so at the end of that day) are none, and take no place; nor
        are those that `without` has for the statement. Those that `besides` has for it are candidates in any case.
        `adapted` says whether the adapter is of this encoder (default: as the coefficients say).
        """
        index = self._embedding.index()
        self._warn_of_missing(index)
        fitted = matching.is_fitted_for(self._embedding.encoder.fingerprint) if adapted is None else adapted
        hidden = self._store.curation.hidden()
        nothing = [()] * len(wanted.statements)
        for i, (absent, more) in enumerate(zip(without or nothing, besides or nothing, strict=True)):
            statement, rows = wanted.statements[i], wanted.rows(i, fitted=fitted)
            sieve = _Sieve(self._store.curation, depth, absent, retracted_by)
            deep = depth + len(absent) + min(hidden, depth)
            kept = self._found(statement.text, rows[min(1, len(rows) - 1) :], index, sieve, deep)
            kept += sieve.standing_of(more)
            days = self._store.verdicts.days(kept, retracted_by) if statement.stated_on else {}
            yield self._read(rows, kept, sieve.standing, index, days)

    def _found(self, text: str, rows: Vectors, index: VectorIndex, sieve: _Sieve, deep: int) -> list[int]:
        """The entries that stand among the first `deep` of each way to look; deeper where those are too few."""
        while True:
            found = [[number for number, _ in near] for near in index.search(rows, deep)]
            found.append(self._by_words.find(text, deep))
            sieve.look_up(number for one in found for number in one)
            first = [sieve.first(one) for one in found]
            if all(len(one) < deep or sieve.is_full(kept) for one, kept in zip(found, first, strict=True)):
                return [number for kept in first for number in kept]
            deep *= _DEEPER

    def _read(
        self,
        rows: Vectors,
        entries: Sequence[int],
        standing: Mapping[int, int],
        index: VectorIndex,
        days: Mapping[int, Sequence[date]],
    ) -> list[Candidate]:
        """The entries as candidates, each once, in order."""
        numbers = list(dict.fromkeys(entries))
        claims = self._store.claims({*numbers, *(standing[number] for number in numbers)})
        cosines = index.score(rows, numbers)
        found = []
        for number in numbers:
            claim, near = claims[number], cosines.get(number, ())
            made = (claim.claimed_on,) if claim.claimed_on else ()
            found.append(
                Candidate(
                    *(claim, near[0] if near else None, claims[standing[number]]),
                    adapted=near[1] if len(near) > 1 else None,
                    in_context=near[2] if len(near) > 2 else None,
                    days=(*made, *days.get(number, ())),
                )
            )
        return found

    def matches(
        self,
        wanted: Wanted,
        view: View,
        k: int = 0,
        *,
        without: Sequence[Collection[int]] = (),
        progress: Progress = silent,
    ) -> Iterator[list[Match]]:
        """All matches of each statement, the most probable first.

        The first `k`, and those that are not `unrelated`, have their verdicts, as that view has them.
        """
        self._embedding.index(progress)  # it may have to be built
        depth = max(k, matching.DEPTH)
        brought = self.candidates(wanted, depth, retracted_by=view.day if view.as_of else None, without=without)
        calibration = tuning.in_use(self._store)
        encoder = self._embedding.encoder
        together = Readers(encoder, self._crossencoder).read_one
        with progress("matching", len(wanted.statements)) as advance:
            for statement, candidates in zip(wanted.statements, brought, strict=True):
                found = matching.decide(statement, candidates, encoder.fingerprint, calibration, together)
                told = [i for i, match in enumerate(found) if i < k or match.relation is not Relation.UNRELATED]
                said = self._store.verdicts.of(found[i].claim.id for i in told)
                for i in told:
                    found[i] = replace(found[i], verdicts=stand(said.get(found[i].claim.id, ()), view))
                yield found
                advance(1)

    def probabilities(
        self,
        wanted: Wanted,
        claim_ids: Sequence[Collection[int]],
        calibration: Calibration | None = None,
        progress: Progress = silent,
    ) -> Iterator[dict[int, float]]:
        """For each statement how probably each of these claims is what it is about, found by retrieval or not.

        Calibrated as `matches` is, or by `calibration`. Retracted claims are left out.
        """
        used = calibration or tuning.in_use(self._store)
        candidates = self.candidates(wanted, besides=claim_ids)
        with progress("matching", len(wanted.statements)) as advance:
            for statement, asked, brought in zip(wanted.statements, claim_ids, candidates, strict=True):
                decided = matching.decide(statement, brought, self._embedding.encoder.fingerprint, used)
                yield {match.claim.id: match.probability for match in decided if match.claim.id in asked}
                advance(1)

    def close(self) -> None:
        """Close what is open beside the store."""
        self._by_words.close()

    def _warn_of_missing(self, index: VectorIndex) -> None:
        """Log which claims are not found by their meaning; once, until something is written."""
        now = self._store.stamp()
        if now == self._counted_at:
            return
        self._counted_at, claims = now, self._store.claim_count()
        if not claims:
            warn_if_empty(self._store)
        elif index.rows < claims:
            log.warning(
                "%s: %d of %d claims have no vector yet and are found by their words only; 'tracker reindex' finishes",
                *(self._store.path, claims - index.rows, claims),
            )


@dataclass
class _Sieve:
    """Lets through the entries whose claim is neither retracted nor `absent`, up to `depth` claims."""

    curation: Curation
    depth: int
    absent: Collection[int]
    retracted_by: date | None
    standing: dict[int, int] = field(default_factory=dict)  # the entries looked up that stand, each with its claim

    def look_up(self, entries: Iterable[int]) -> None:
        """Learn which of these stand."""
        found = self.curation.standing(set(entries) - set(self.standing), self.retracted_by)
        self.standing |= {entry: claim for entry, claim in found.items() if claim not in self.absent}

    def standing_of(self, entries: Collection[int]) -> list[int]:
        """Those of these that stand."""
        self.look_up(entries)
        return [entry for entry in entries if entry in self.standing]

    def first(self, found: Iterable[int]) -> list[int]:
        """The best of the entries that stand, until as many claims as wanted are among them."""
        kept, claims = list[int](), set[int]()
        for number in found:
            if number in self.standing and len(claims | {self.standing[number]}) <= self.depth:
                kept.append(number)
                claims.add(self.standing[number])
        return kept

    def is_full(self, kept: Iterable[int]) -> bool:
        """Whether as many claims as wanted are among these."""
        return len({self.standing[number] for number in kept}) >= self.depth
