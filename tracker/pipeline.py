"""Tracker: the public Python API, and the only place that knows the order of the steps.

>>> with Tracker.open("desk.db") as tracker:  # doctest: +SKIP
...     claim_id = tracker.add(NewClaim("NATO has 300,000 troops on alert."), NewVerdict("False", publisher="My desk"))
...     tracker.search("Are 300,000 NATO troops on alert?").matches[0].claim.id == claim_id
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, BinaryIO, Self, TextIO

from tracker import exchange, lookup, matching, recheck, settings
from tracker.articles import read_article
from tracker.boilerplate import mark_boilerplate
from tracker.checkworthiness import check_worthiness
from tracker.embedding import Embedding
from tracker.entries import fold, storable
from tracker.errors import InvalidClaim, StoreDamaged, UsageProblem
from tracker.index import index_path
from tracker.models import Addition, Candidate, Check, Match, NewClaim, Relation, Saved, Search, Statement
from tracker.progress import silent
from tracker.sentences import split_sentences
from tracker.sources import shown
from tracker.standing import View, stand
from tracker.store import Store
from tracker.verdicts import as_given
from tracker.words import fts_query

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from tracker.doctor import Report
    from tracker.encoders import Encoder
    from tracker.feeds import Imported, Rejected, Row
    from tracker.index import VectorIndex
    from tracker.log import History
    from tracker.models import Article, ClaimRecord, Finding, NewVerdict, Sentence
    from tracker.progress import Progress

MIN_WORTH = 0.5
MAX_STATEMENT = 2_000  # characters; a longer sentence is none
NEAR_IDENTICAL = 0.95  # cosine from which a claim to be added is shown what is there already

log = logging.getLogger(__name__)


class Tracker:
    """A desk's memory: a store, its encoder and its index behind one door. Close it, or use it in a `with` block."""

    def __init__(self, store: Store, encoder: str | None = None) -> None:
        self.store = store
        self.embedding = Embedding(store, encoder)

    @classmethod
    def open(cls, path: str | Path | None = None, *, encoder: str | None = None) -> Self:
        """Open the store at `path` (default: the user's own), made if there is none.

        `encoder` is a model's name or folder; by default the store's own. Raises StoreDamaged, StoreTooNew.
        """
        file = settings.store_path(str(path) if path else None)
        if file.is_file() and file.stat().st_size == 0 and index_path(file).exists():
            msg = f"{file}: empty, though its index is not; put back a copy, or delete {index_path(file).name}"
            raise StoreDamaged(msg)
        store = Store.open(file)
        return cls(store, encoder)

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    # --- finding ------------------------------------------------------------------------------------------------------

    def search(self, text: str, k: int = 5, *, as_of: date | None = None) -> Search:
        """The `k` claims in the store nearest to a text, with their verdicts as of today, or of the day `as_of`.

        Raises InvalidClaim for a text without words.
        """
        query = storable(NewClaim(text)).text
        vectors = self.encode([query])
        with self.store.reading():
            found = next(self._match([query], vectors, max(k, matching.DEPTH), _view(as_of)))
        return Search(query, tuple(found[:k]), as_of)

    def check(
        self,
        source: str,
        *,
        stdin: BinaryIO | None = None,
        min_worth: float = MIN_WORTH,
        k: int = 3,
        as_of: date | None = None,
        published_on: date | None = None,
        progress: Progress = silent,
    ) -> Check:
        """Read an article (file, `-`, address) and say of each statement worth checking what the store knows.

        Up to `k` matches a statement are kept; all are considered. Verdicts' periods are held against the article's own
        day where it is known (`published_on` says it where the page does not), else against today; with `as_of` the
        answer is that of a day. Raises UnreadableSource.
        """
        _check_worth(min_worth)
        article = read_article(source, stdin=stdin)
        if published_on:
            article = replace(article, published_on=published_on)
        return self.check_article(article, min_worth=min_worth, k=k, as_of=as_of, progress=progress)

    def check_article(
        self,
        article: Article,
        *,
        min_worth: float = MIN_WORTH,
        k: int = 3,
        as_of: date | None = None,
        progress: Progress = silent,
    ) -> Check:
        """The same for an article at hand."""
        _check_worth(min_worth)
        sentences = mark_boilerplate(article.text, split_sentences(article.text))
        content = [one for one in sentences if not one.boilerplate and len(one.text) <= MAX_STATEMENT]
        too_long = sum(len(one.text) > MAX_STATEMENT for one in sentences)
        if too_long:
            what = f"{too_long} sentences have more than {MAX_STATEMENT:,} characters"
            log.warning("%s: %s and are not checked; are its full stops missing?", shown(article.source), what)
        vectors = self.embedding.encode_showing([sentence.text for sentence in content], progress)
        worth = check_worthiness([s.text for s in content], vectors, self.encoder.fingerprint)
        rows = [i for i, value in enumerate(worth) if value >= min_worth]
        statements = [_statement(content[i], worth[i]) for i in rows]
        view = _view(as_of, article.published_on)
        matches = self._match([s.text for s in statements], vectors[rows], matching.DEPTH, view)
        findings = []
        with self.store.reading(), progress("matching", len(statements)) as advance:
            for statement, found in zip(statements, matches, strict=True):
                findings.append(matching.conclude(statement, found, k))
                advance(1)
        return Check(article, len(sentences), tuple(findings), as_of)

    def show(self, claim_id: int) -> ClaimRecord:
        """A claim with every verdict and appearance, as they stand today. Raises ClaimNotFound."""
        return lookup.show(self.store, claim_id, _view())

    def history(self, claim_id: int) -> History:
        """A claim and everything that happened to it and to the entries merged with it. Raises ClaimNotFound."""
        return lookup.history(self.store, claim_id, _view())

    def due(self, max_age: int = recheck.MAX_AGE, **conditions: Any) -> list[tuple[ClaimRecord, list[str]]]:
        """Claims whose verdicts should be looked at again, newest claim first, with the reasons (`lookup.due`)."""
        return lookup.due(self.store, _view(), max_age, **conditions)

    def list_claims(self, **conditions: Any) -> list[ClaimRecord]:
        """`Store.list_claims` with the verdicts as they stand today."""
        return lookup.listed(self.store, _view(), **conditions)

    # --- adding -------------------------------------------------------------------------------------------------------

    def add(self, claim: NewClaim, verdict: NewVerdict | None = None) -> Addition:
        """Add a claim, with a verdict if given. The same text is not added twice: the verdict joins the claim there.

        Raises InvalidClaim; nothing is stored then.
        """
        claim = storable(claim)
        publisher = (verdict and verdict.publisher) or ""
        vector = self.encode([claim.text])
        near = self._near(claim, vector)
        with self.store.writing():
            known = exchange.known(self.store, claim, publisher)
            if known:
                self.store.curation.require_standing(known.id)
                exchange.require_same_words(known, claim)
            entry = known.id if known else self._add_claim(claim, vector[0], publisher)
            if known and claim.external_id:
                self.store.add_external_id(entry, publisher, claim.external_id)
            verdict_id = self.store.verdicts.add(entry, verdict)[0] if verdict is not None else None
            claim_id = self.store.curation.root(entry)
        return Addition(claim_id, known is None, near, verdict_id)

    def near_duplicates(self, claim: NewClaim) -> tuple[Match, ...]:
        """Other claims that say nearly word for word what this text says; none where the store has this very claim."""
        return self._near(claim, self.encode([claim.text]))

    def add_verdict(
        self, claim_id: int, verdict: NewVerdict, *, supersedes: int | None = None, because: str | None = None
    ) -> tuple[int, bool]:
        """Put a verdict beside a claim's others, or over one that it corrects; its id, and whether it is new.

        Raises ClaimNotFound, InvalidClaim (also for a claim that is retracted).
        """
        with self.store.writing():
            self.store.curation.require_standing(claim_id)
            return self.store.verdicts.add(claim_id, verdict, supersedes=supersedes, because=because)

    def correction(self, verdict_id: int, verdict: NewVerdict, given: Collection[str]) -> NewVerdict:
        """What a correction of a stored verdict says: what is `given` (fields by name), else what the old one said.

        The rating and the day of the review are always the new one's. Raises ClaimNotFound, UsageProblem for another
        publisher's verdict.
        """
        old = self.store.verdicts.verdict(verdict_id)
        if "publisher" in given and old.publisher and fold(old.publisher) != fold(verdict.publisher):
            msg = f"verdict {verdict_id} is {old.publisher}'s, and a correction is the same publisher's"
            raise UsageProblem(f"{msg}; leave out --supersedes to put yours beside it")
        fields = {"rating", "reviewed_on", *given}
        return replace(as_given(old), **{name: getattr(verdict, name) for name in fields})

    def save(self, check: Check) -> Saved:
        """Record an article and its statements: appearances of the claims that say the same, the others as new claims.

        New claims wait for a verdict. Saving the same article twice changes nothing.
        """
        vectors = self.encode([finding.statement.text for finding in check.findings])
        claims = appearances = 0
        with self.store.writing():
            article_id, _ = self.store.appearances.add_article(check.article)
            for finding, vector in zip(check.findings, vectors, strict=True):
                statement = finding.statement
                if self.store.appearances.has(article_id, statement):
                    continue
                new = NewClaim(statement.text, claimant=statement.speaker, check_worthiness=statement.check_worthiness)
                claim_id = self._claim_stated(finding, new)
                if claim_id is None:
                    try:
                        claim_id = self._add_claim(storable(new), vector)
                    except InvalidClaim as reason:
                        log.warning("not saved, characters %d to %d: %s", statement.start, statement.end, reason)
                        continue
                    claims += 1
                self.store.appearances.add(claim_id, article_id, statement)
                appearances += 1
        return Saved(article_id, claims, appearances)

    # --- feeds and vectors --------------------------------------------------------------------------------------------

    def import_rows(self, rows: Iterable[Row | Rejected], progress: Progress = silent) -> Imported:
        """Take up a feed's rows, then embed the claims that have no vector yet.

        Committed every few hundred rows: stopped at any point, what is stored stays, and the same feed again goes on
        from there. A review that has changed since becomes a new verdict that supersedes the old one.
        """
        done = exchange.take_up(self.store, rows, progress)
        self.embed(progress)
        return done

    def embed(self, progress: Progress = silent) -> int:
        """Give every claim that has none its vector, and bring the index up to date; count the claims embedded."""
        return self.embedding.embed(progress)

    def reindex(self, encoder: str | None = None, *, because: str | None = None, progress: Progress = silent) -> int:
        """As `embed`, and with `encoder` (a name or folder) change the store's to it; count the claims embedded."""
        return self.embedding.reindex(encoder, because=because, progress=progress)

    def export(self, target: Path) -> int:
        """Write every claim with its current verdicts to a .csv, .tsv or .jsonl file, whole or not at all; count rows.

        Raises UsageProblem for another kind of file, UnreadableSource where it cannot be written.
        """
        with self.store.reading():
            return exchange.export(self.store, target, taken=(self.store.path, index_path(self.store.path)))

    def export_to(self, file: TextIO, kind: str) -> int:
        """The same to an open text file; `kind` is .csv, .tsv or .jsonl."""
        with self.store.reading():
            return exchange.export_to(self.store, file, kind)

    def stats(self) -> dict[str, Any]:
        """What the store holds: counts of each noun, verdicts by rating and publisher, the encoder, the file."""
        with self.store.reading():
            return {
                "store": str(self.store.path),
                **self.store.counts(),
                "encoder": self.store.setting("encoder_name"),
                "ratings": dict(self.store.tally("normalized")),
                "publishers": dict(self.store.tally("publisher")),
            }

    def doctor(self, *, fix: bool = False, progress: Progress = silent) -> Report:
        """Examine the store and its index; `fix` mends what is derived: words, vectors, the index, triggers."""
        from tracker.doctor import examine

        return examine(self.store, fix=fix, embed=lambda: self.embed(progress), progress=progress)

    # --- the parts ----------------------------------------------------------------------------------------------------

    @property
    def encoder(self) -> Encoder:
        """The store's encoder, loaded when first needed. Raises ModelUnavailable."""
        return self.embedding.encoder

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit vector a text, by the store's encoder (n x dimension)."""
        return self.embedding.encode(texts)

    def candidates(
        self,
        texts: Sequence[str],
        vectors: NDArray[np.float32],
        depth: int = matching.DEPTH,
        *,
        retracted_by: date | None = None,
    ) -> Iterator[list[Candidate]]:
        """For each text the claims that either search brings up: by the meaning of the vectors, or by shared words.

        Claims that are retracted (`retracted_by`: that were so at the end of that day) are none, and take no place.
        """
        index = self.embedding.index()
        self._warn_of_missing(index)
        hidden = self.store.curation.hidden()
        for text, vector in zip(texts, vectors, strict=True):
            query = fts_query(text)
            worded = self.store.find_words(query, depth + hidden) if query else []
            dense = dict(index.search(vector[None, :], depth + hidden)[0])
            standing = self.store.curation.standing({*dense, *worded}, retracted_by)
            kept = [*_first(dense, standing, depth), *_first(worded, standing, depth)]
            dense |= index.score(vector, [number for number in kept if number not in dense])
            claims = self.store.claims({*kept, *standing.values()})
            yield [Candidate(claims[n], dense.get(n), claims[standing[n]]) for n in dict.fromkeys(kept)]

    def _match(
        self, texts: Sequence[str], vectors: NDArray[np.float32], depth: int, view: View
    ) -> Iterator[list[Match]]:
        """All matches of each text, the most probable first, with the verdicts on them as they stand in that view."""
        found_by = self.candidates(texts, vectors, depth, retracted_by=view.day if view.as_of else None)
        for text, candidates in zip(texts, found_by, strict=True):
            found = matching.decide(text, candidates, self.encoder.fingerprint)
            said = self.store.verdicts.of(match.claim.id for match in found)
            yield [replace(match, verdicts=stand(said.get(match.claim.id, ()), view)) for match in found]

    def _near(self, claim: NewClaim, vector: NDArray[np.float32]) -> tuple[Match, ...]:
        if self.store.claim_like(claim) or not self.store.claim_count():
            return ()
        with self.store.reading():
            nearest = next(self._match([claim.text], vector, matching.DEPTH, _view()))[:3]
        return tuple(m for m in nearest if m.relation is Relation.SAME or m.scores["cosine"] >= NEAR_IDENTICAL)

    def warn_if_empty(self) -> bool:
        """Log that the store has no claims, which a slip in its name may explain; True where that is so."""
        empty = not self.store.claim_count()
        if empty:
            log.warning("%s: the store is empty; 'tracker import --starter' or 'tracker add' fills it", self.store.path)
        return empty

    def _warn_of_missing(self, index: VectorIndex) -> None:
        if not self.warn_if_empty() and index.state.count < (claims := self.store.claim_count()):
            log.warning(
                "%s: %d of %d claims have no vector yet and are found by their words only; 'tracker reindex' finishes",
                *(self.store.path, claims - index.state.count, claims),
            )

    def _add_claim(self, claim: NewClaim, vector: NDArray[np.float32], publisher: str = "") -> int:
        claim_id = self.store.add_claim(claim, publisher=publisher).id
        self.embedding.keep([claim_id], [vector])
        return claim_id

    def _claim_stated(self, finding: Finding, claim: NewClaim) -> int | None:
        """The claim in the store that a statement states again."""
        for match in finding.matches:
            if match.relation is Relation.SAME:
                return match.claim.id
        known = self.store.claim_like(claim)
        return known.id if known else None


def _view(as_of: date | None = None, article_day: date | None = None) -> View:
    """The view of the verdicts from today, from an article's own day, or from a day asked for."""
    if as_of:
        return View(as_of, as_of=True)
    return View(article_day or datetime.now(UTC).date(), article=article_day is not None)


def _first(found: Iterable[int], standing: Mapping[int, int], depth: int) -> list[int]:
    """The best of the entries that stand, until as many claims as wanted are among them."""
    kept, claims = list[int](), set[int]()
    for number in found:
        if number in standing and len(claims | {standing[number]}) <= depth:
            kept.append(number)
            claims.add(standing[number])
    return kept


def _check_worth(min_worth: float) -> None:
    if not 0 <= min_worth <= 1:  # nor is NaN
        msg = f"check-worthiness {min_worth}: not between 0 and 1"
        raise UsageProblem(msg)


def _statement(sentence: Sentence, worth: float) -> Statement:
    return Statement(sentence.text, sentence.start, sentence.end, round(worth, 4), sentence.speaker)
