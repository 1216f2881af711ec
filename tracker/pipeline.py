"""Tracker: the public Python API, and the only place that knows the order of the steps.

>>> with Tracker.open("desk.db") as tracker:  # doctest: +SKIP
...     claim_id = tracker.add(NewClaim("NATO has 300,000 troops on alert."), NewVerdict("False", publisher="My desk"))
...     tracker.search("Are 300,000 NATO troops on alert?").matches[0].claim.id == claim_id
"""

from __future__ import annotations

import logging
from collections import Counter
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, Self, TextIO, TypeVar

from tracker import matching, settings
from tracker.articles import read_article
from tracker.boilerplate import mark_boilerplate
from tracker.checkworthiness import check_worthiness
from tracker.encoders import BULK, Encoder, load_encoder
from tracker.entries import storable, text_key
from tracker.errors import InvalidClaim, StoreDamaged, UnreadableSource, UsageProblem
from tracker.feeds import Imported, Rejected, Row, write_feed
from tracker.index import VectorIndex, index_path
from tracker.models import Addition, Candidate, Check, Match, NewClaim, Relation, Saved, Search, Statement
from tracker.progress import silent
from tracker.sentences import split_sentences
from tracker.store import Store
from tracker.words import fts_query

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from tracker.models import Article, Claim, ClaimRecord, Finding, NewVerdict, Sentence
    from tracker.progress import Progress

MIN_WORTH = 0.5
NEAR_IDENTICAL = 0.95  # cosine from which a claim to be added is shown what is there already
_STEP = 256  # claims embedded between two commits

Item = TypeVar("Item")

log = logging.getLogger(__name__)


class Tracker:
    """A desk's memory: a store, its encoder and its index behind one door. Close it, or use it in a `with` block."""

    def __init__(self, store: Store, encoder: str | None = None) -> None:
        self.store = store
        self._encoder_name = encoder
        self._encoder: Encoder | None = None

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

    def search(self, text: str, k: int = 5) -> Search:
        """The `k` claims in the store nearest to a text. Raises InvalidClaim for a text without words."""
        query = storable(NewClaim(text)).text
        found = next(self._match([query], self.encode([query]), max(k, matching.DEPTH)))
        return Search(query, tuple(found[:k]))

    def check(
        self,
        source: str,
        *,
        stdin: BinaryIO | None = None,
        min_worth: float = MIN_WORTH,
        k: int = 3,
        progress: Progress = silent,
    ) -> Check:
        """Read an article (file, `-`, address) and say of each statement worth checking what the store knows.

        Up to `k` matches a statement are kept; all are considered. Raises UnreadableSource.
        """
        _check_worth(min_worth)
        return self.check_article(read_article(source, stdin=stdin), min_worth=min_worth, k=k, progress=progress)

    def check_article(
        self, article: Article, *, min_worth: float = MIN_WORTH, k: int = 3, progress: Progress = silent
    ) -> Check:
        """The same for an article at hand."""
        _check_worth(min_worth)
        sentences = mark_boilerplate(article.text, split_sentences(article.text))
        content = [sentence for sentence in sentences if not sentence.boilerplate]
        vectors = self._encode_showing([sentence.text for sentence in content], progress)
        worth = check_worthiness([s.text for s in content], vectors, self.encoder.fingerprint)
        rows = [i for i, value in enumerate(worth) if value >= min_worth]
        statements = [_statement(content[i], worth[i]) for i in rows]
        matches = self._match([s.text for s in statements], vectors[rows], matching.DEPTH)
        findings = []
        with progress("matching", len(statements)) as advance:
            for statement, found in zip(statements, matches, strict=True):
                findings.append(matching.conclude(statement, found, k))
                advance(1)
        return Check(article, len(sentences), tuple(findings))

    def show(self, claim_id: int) -> ClaimRecord:
        """A claim with every verdict and appearance. Raises ClaimNotFound."""
        return self.store.record(claim_id)

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
            known = self._known(claim, publisher)
            claim_id = known.id if known else self._add_claim(claim, vector[0], publisher)
            if known and claim.external_id:
                self.store.add_external_id(claim_id, publisher, claim.external_id)
            verdict_id = self.store.add_verdict(claim_id, verdict)[0] if verdict is not None else None
        return Addition(claim_id, known is None, near, verdict_id)

    def near_duplicates(self, claim: NewClaim) -> tuple[Match, ...]:
        """Other claims in the store that say nearly word for word what this text says, or are taken to be the same.

        None where the store has this very claim: that is the one to use.
        """
        return self._near(claim, self.encode([claim.text]))

    def add_verdict(self, claim_id: int, verdict: NewVerdict, *, supersedes: int | None = None) -> tuple[int, bool]:
        """Put a verdict beside a claim's others, or over one that it corrects; its id, and whether it is new.

        Raises ClaimNotFound, InvalidClaim.
        """
        return self.store.add_verdict(claim_id, verdict, supersedes=supersedes)

    def save(self, check: Check) -> Saved:
        """Record an article and its statements: appearances of the claims that say the same, the others as new claims.

        New claims wait for a verdict. Saving the same article twice changes nothing.
        """
        vectors = self.encode([finding.statement.text for finding in check.findings])
        claims = appearances = 0
        with self.store.writing():
            article_id, _ = self.store.add_article(check.article)
            for finding, vector in zip(check.findings, vectors, strict=True):
                statement = finding.statement
                if self.store.has_appearance(article_id, statement):
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
                self.store.add_appearance(claim_id, article_id, statement)
                appearances += 1
        return Saved(article_id, claims, appearances)

    # --- feeds --------------------------------------------------------------------------------------------------------

    def import_rows(self, rows: Iterable[Row | Rejected], progress: Progress = silent) -> Imported:
        """Take up a feed's rows, then embed the claims that have no vector yet.

        Committed every few hundred rows: stopped at any point, what is stored stays, and the same feed again goes on
        from there. A review that has changed since becomes a new verdict that supersedes the old one.
        """
        counts = Counter[str]()
        rejected: list[Rejected] = []
        reviews: dict[tuple[object, ...], NewVerdict] = {}
        with progress("importing", None) as advance:
            for part in batched(rows, _STEP):
                with self.store.writing():
                    for row in part:
                        outcome = row if isinstance(row, Rejected) else self._take_up(row, reviews)
                        if isinstance(outcome, Rejected):
                            rejected.append(outcome)
                        else:
                            counts[outcome] += 1
                advance(len(part))
        self.embed(progress)
        return Imported(counts["added"], counts["updated"], counts["unchanged"], tuple(rejected))

    def embed(self, progress: Progress = silent) -> int:
        """Give every claim that has none its vector, and bring the index up to date; count the claims embedded.

        Committed every few hundred claims, so that it can be stopped and goes on where it was.
        """
        missing = self.store.vectors.missing()
        if missing:
            missing.sort(key=lambda claim: len(claim[1]))  # texts of one length share a batch without padding
            with progress("embedding", len(missing)) as advance:
                bulk = len(missing) >= BULK
                self.store.vectors.adopt(self.encoder.fingerprint, self.encoder.name)
                for part in batched(missing, _STEP):
                    vectors = self.encoder.encode([text for _, text in part], bulk=bulk)
                    self._store_vectors([claim_id for claim_id, _ in part], vectors)
                    advance(len(part))
        VectorIndex.of(self.store)
        return len(missing)

    def export(self, target: Path) -> int:
        """Write every claim with its current verdicts to a .csv, .tsv or .jsonl file, whole or not at all; count rows.

        Raises UsageProblem for another kind of file, UnreadableSource where it cannot be written.
        """
        if target.is_dir() or not target.name:
            msg = f"{target}: a folder; name a file"
            raise UnreadableSource(msg)
        if target.resolve() in {self.store.path.resolve(), index_path(self.store.path).resolve()}:
            msg = f"{target}: is the store itself; name another file"
            raise UsageProblem(msg)
        fresh = target.with_name(f".{target.name}.new")
        try:
            with fresh.open("w", encoding="utf-8", newline="") as file:
                rows = self.export_to(file, target.suffix.casefold())
            fresh.replace(target)
        except OSError as error:
            msg = f"{target}: cannot be written ({error.strerror})"
            raise UnreadableSource(msg) from error
        finally:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
        return rows

    def export_to(self, file: TextIO, kind: str) -> int:
        """The same to an open text file; `kind` is .csv, .tsv or .jsonl."""
        return write_feed(reversed(self.store.list_claims()), file, kind)

    def stats(self) -> dict[str, Any]:
        """What the store holds: counts of each noun, verdicts by rating and publisher, the encoder, the file."""
        return {
            "store": str(self.store.path),
            **self.store.counts(),
            "encoder": self.store.setting("encoder_name"),
            "ratings": dict(self.store.tally("normalized")),
            "publishers": dict(self.store.tally("publisher")),
        }

    # --- the parts ----------------------------------------------------------------------------------------------------

    @property
    def encoder(self) -> Encoder:
        """The store's encoder, loaded when first needed. Raises ModelUnavailable."""
        if self._encoder is None:
            recorded = self.store.setting("encoder_name")
            encoder = load_encoder(self._encoder_name or recorded or settings.encoder_name())
            self.store.vectors.require(encoder.fingerprint, encoder.name)
            if not matching.is_fitted_for(encoder.fingerprint):
                log.warning(
                    "encoder %s: matching and check-worthiness were fitted with another one, so words decide",
                    encoder.name,
                )
            self._encoder = encoder
        return self._encoder

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit vector a text, by the store's encoder (n x dimension)."""
        return self.encoder.encode(texts, bulk=len(texts) >= BULK)

    def _encode_showing(self, texts: Sequence[str], progress: Progress) -> NDArray[np.float32]:
        """The same, a few texts at a time where there are enough to keep somebody waiting."""
        import numpy as np

        bulk = len(texts) >= BULK
        with progress("reading", len(texts)) as advance:
            parts = [self.encode(texts[:0])]
            for part in batched(texts, _STEP):
                parts.append(self.encoder.encode(part, bulk=bulk))
                advance(len(part))
        return np.concatenate(parts)

    def candidates(
        self, texts: Sequence[str], vectors: NDArray[np.float32], depth: int = matching.DEPTH
    ) -> Iterator[list[Candidate]]:
        """For each text the claims that either search brings up: by the meaning of the vectors, or by shared words."""
        index = VectorIndex.of(self.store)
        self._warn_of_missing(index)
        for text, vector in zip(texts, vectors, strict=True):
            query = fts_query(text)
            worded = self.store.find_words(query, depth) if query else []
            dense = dict(index.search(vector[None, :], depth)[0])
            dense |= index.score(vector, [number for number in worded if number not in dense])
            claims = self.store.claims({*dense, *worded})
            yield [Candidate(claim, dense.get(number)) for number, claim in claims.items()]

    def _match(self, texts: Sequence[str], vectors: NDArray[np.float32], depth: int) -> Iterator[list[Match]]:
        """All matches of each text, the most probable first, with the verdicts on them."""
        for text, candidates in zip(texts, self.candidates(texts, vectors, depth), strict=True):
            found = matching.decide(text, candidates, self.encoder.fingerprint)
            yield matching.with_verdicts(found, self.store.verdicts(match.claim.id for match in found))

    def _near(self, claim: NewClaim, vector: NDArray[np.float32]) -> tuple[Match, ...]:
        if self.store.claim_like(claim):
            return ()
        nearest = next(self._match([claim.text], vector, matching.DEPTH))[:3]
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
        self.store.vectors.adopt(self.encoder.fingerprint, self.encoder.name)
        claim_id = self.store.add_claim(claim, publisher=publisher).id
        self._store_vectors([claim_id], [vector])
        return claim_id

    def _store_vectors(self, claim_ids: Sequence[int], vectors: Iterable[NDArray[np.float32]]) -> None:
        self.store.vectors.add(claim_ids, [vector.astype("<f4").tobytes() for vector in vectors])

    def _claim_stated(self, finding: Finding, claim: NewClaim) -> int | None:
        """The claim in the store that a statement states again."""
        for match in finding.matches:
            if match.relation is Relation.SAME:
                return match.claim.id
        known = self.store.claim_like(claim)
        return known.id if known else None

    def _take_up(self, row: Row, reviews: dict[tuple[object, ...], NewVerdict]) -> str | Rejected:
        """Store one row: `added`, `updated` (a new or changed verdict on a known claim) or `unchanged`.

        `reviews` are those that this import has seen: one feed cannot say two things in one review.
        """
        publisher = (row.verdict and row.verdict.publisher) or ""
        known = self._known(row.claim, publisher)
        if known and text_key(known.text) != text_key(row.claim.text):
            reason = f"id {row.claim.external_id}: is another claim in the store ({known.text[:60]!r})"
            return Rejected(row.where, reason)
        claim_id = known.id if known else self.store.add_claim(row.claim, publisher=publisher).id
        if known and row.claim.external_id:
            self.store.add_external_id(claim_id, publisher, row.claim.external_id)
        if row.verdict is None:
            return "unchanged" if known else "added"
        if row.verdict.url and reviews.setdefault((claim_id, publisher, row.verdict.url), row.verdict) != row.verdict:
            return Rejected(row.where, "contradicts an earlier row of this feed about the same review")
        try:
            _, new = self.store.add_review(claim_id, row.verdict)
        except InvalidClaim as reason:
            return Rejected(row.where, str(reason))
        return "added" if not known else "updated" if new else "unchanged"

    def _known(self, claim: NewClaim, publisher: str) -> Claim | None:
        """The claim in the store that this one is: by its feed's id, else by its text."""
        by_id = self.store.claim_of_feed(publisher, claim.external_id) if claim.external_id else None
        return by_id or self.store.claim_like(claim, publisher=publisher)


def _check_worth(min_worth: float) -> None:
    if not 0 <= min_worth <= 1:  # nor is NaN
        msg = f"check-worthiness {min_worth}: not between 0 and 1"
        raise UsageProblem(msg)


def _statement(sentence: Sentence, worth: float) -> Statement:
    return Statement(sentence.text, sentence.start, sentence.end, round(worth, 4), sentence.speaker)


def batched(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The items in lists of `size`, the last one shorter."""
    remaining = iter(items)
    while part := list(islice(remaining, size)):
        yield part
