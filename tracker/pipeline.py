"""Tracker: the public Python API, and the only place that knows the order of the steps.

>>> with Tracker.open("desk.db") as tracker:  # doctest: +SKIP
...     claim_id = tracker.add(NewClaim("NATO has 300,000 troops on alert."), NewVerdict("False", publisher="My desk"))
...     tracker.search("Are 300,000 NATO troops on alert?").matches[0].claim.id == claim_id
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, Self, TextIO, TypeVar

from tracker import matching, settings
from tracker.articles import read_article
from tracker.boilerplate import mark_boilerplate
from tracker.checkworthiness import check_worthiness
from tracker.encoders import BULK, Encoder, load_encoder
from tracker.entries import storable, text_key
from tracker.errors import UnreadableSource, UsageProblem
from tracker.feeds import Rejected, Row, write_feed
from tracker.index import VectorIndex, index_path
from tracker.models import Candidate, Check, Match, NewClaim, Relation, Statement
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


@dataclass(frozen=True, slots=True)
class Search:
    """A query and the claims nearest to it, best first; `found` is False where none is about the same thing."""

    query: str
    matches: tuple[Match, ...]

    @property
    def found(self) -> bool:
        """False for the answer "no match"."""
        return any(match.relation is not Relation.UNRELATED for match in self.matches)


@dataclass(frozen=True, slots=True)
class Addition:
    """What `add` did: the claim's id, whether it is new, and near-identical claims that were there before."""

    claim_id: int
    created: bool
    near_duplicates: tuple[Match, ...] = ()


@dataclass(frozen=True, slots=True)
class Saved:
    """What `save` recorded: the article's id, new claims that wait for a verdict, and new appearances."""

    article_id: int
    claims: int
    appearances: int


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: rows that brought a claim, rows that changed one, rows known before, rows left out."""

    added: int
    updated: int
    unchanged: int
    rejected: tuple[Rejected, ...] = ()


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
        store = Store.open(settings.store_path(str(path) if path else None))
        return cls(store, settings.encoder_name(encoder))

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
        return Search(query, self._match([query], self.encode([query]), k)[0])

    def check(self, source: str, *, stdin: BinaryIO | None = None, min_worth: float = MIN_WORTH, k: int = 3) -> Check:
        """Read an article (file, `-`, address) and say of each statement worth checking what the store knows.

        Up to `k` matches a statement. Raises UnreadableSource.
        """
        return self.check_article(read_article(source, stdin=stdin), min_worth=min_worth, k=k)

    def check_article(self, article: Article, *, min_worth: float = MIN_WORTH, k: int = 3) -> Check:
        """The same for an article at hand."""
        sentences = mark_boilerplate(article.text, split_sentences(article.text))
        content = [sentence for sentence in sentences if not sentence.boilerplate]
        vectors = self.encode([sentence.text for sentence in content])
        worth = check_worthiness([s.text for s in content], vectors, self.encoder.fingerprint)
        rows = [i for i, value in enumerate(worth) if value >= min_worth]
        statements = [_statement(content[i], worth[i]) for i in rows]
        matches = self._match([s.text for s in statements], vectors[rows], k) if rows else []
        findings = tuple(matching.conclude(s, found) for s, found in zip(statements, matches, strict=True))
        return Check(article, len(sentences), findings)

    def show(self, claim_id: int) -> ClaimRecord:
        """A claim with every verdict and appearance. Raises ClaimNotFound."""
        return self.store.record(claim_id)

    # --- adding -------------------------------------------------------------------------------------------------------

    def add(self, claim: NewClaim, verdict: NewVerdict | None = None) -> Addition:
        """Add a claim, with a verdict if given. The same text is not added twice: the verdict joins the claim there.

        Raises InvalidClaim; nothing is stored then.
        """
        claim = storable(claim)
        near = self.near_duplicates(claim.text)
        vector = self.encode([claim.text])
        with self.store.writing():
            known = self.store.claim_with_text(claim.text)
            claim_id = known.id if known else self._add_claim(claim, vector[0])
            if verdict is not None:
                self.store.add_verdict(claim_id, verdict)
        return Addition(claim_id, known is None, near)

    def near_duplicates(self, text: str) -> tuple[Match, ...]:
        """Other claims in the store that say nearly word for word what this text says, or are taken to be the same.

        None where the store has this very text: that claim is the one to use.
        """
        if self.store.claim_with_text(text):
            return ()
        return tuple(
            match
            for match in self.search(text, 3).matches
            if match.relation is Relation.SAME or match.scores["cosine"] >= NEAR_IDENTICAL
        )

    def add_verdict(self, claim_id: int, verdict: NewVerdict) -> tuple[int, bool]:
        """Put a verdict beside a claim's others; its id, and whether it is new. Raises ClaimNotFound, InvalidClaim."""
        return self.store.add_verdict(claim_id, verdict)

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
                claim_id = self._claim_stated(finding)
                if claim_id is None:
                    new = NewClaim(
                        statement.text, claimant=statement.speaker, check_worthiness=statement.check_worthiness
                    )
                    claim_id = self._add_claim(storable(new), vector)
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
        with progress("importing", None) as advance:
            for part in batched(rows, _STEP):
                with self.store.writing():
                    for row in part:
                        outcome = row if isinstance(row, Rejected) else self._take_up(row)
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
                    self._store_vectors(
                        [claim_id for claim_id, _ in part], self._encode([t for _, t in part], bulk=bulk)
                    )
                    advance(len(part))
        VectorIndex.of(self.store)
        return len(missing)

    def export(self, target: Path) -> int:
        """Write every claim with its current verdicts to a .csv, .tsv or .jsonl file, whole or not at all.

        Returns how many rows.
        Raises UsageProblem for another kind of file, UnreadableSource where it cannot be written.
        """
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
            encoder = load_encoder(self._encoder_name or self.store.setting("encoder_name"))
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
        return self._encode(texts, bulk=len(texts) >= BULK)

    def _encode(self, texts: Sequence[str], *, bulk: bool) -> NDArray[np.float32]:
        return self.encoder.encode(texts, bulk=bulk)

    def candidates(self, texts: Sequence[str], vectors: NDArray[np.float32]) -> Iterator[list[Candidate]]:
        """For each text the claims that either search brings up: by the meaning of the vectors, or by shared words."""
        index = VectorIndex.of(self.store)
        self._warn_of_missing(index)
        near = index.search(vectors, matching.DEPTH)
        for text, vector, found in zip(texts, vectors, near, strict=True):
            query = fts_query(text)
            worded = self.store.find_words(query, matching.DEPTH) if query else []
            dense = dict(found)
            dense |= index.score(vector, [number for number in worded if number not in dense])
            claims = self.store.claims({*dense, *worded})
            yield [Candidate(claim, dense.get(number)) for number, claim in claims.items()]

    def _match(self, texts: Sequence[str], vectors: NDArray[np.float32], k: int) -> list[tuple[Match, ...]]:
        """The `k` best matches of each text, with the verdicts on them."""
        found = [
            matching.decide(text, candidates, self.encoder.fingerprint)[:k]
            for text, candidates in zip(texts, self.candidates(texts, vectors), strict=True)
        ]
        verdicts = self.store.verdicts({match.claim.id for matches in found for match in matches})
        return [matching.with_verdicts(matches, verdicts) for matches in found]

    def _warn_of_missing(self, index: VectorIndex) -> None:
        claims = self.store.claim_count()
        if not claims:
            log.warning("%s: the store is empty; 'tracker import --starter' or 'tracker add' fills it", self.store.path)
        elif index.state.count < claims:
            log.warning(
                "%s: %d of %d claims have no vector yet and are found by their words only; 'tracker reindex' finishes",
                *(self.store.path, claims - index.state.count, claims),
            )

    def _add_claim(self, claim: NewClaim, vector: NDArray[np.float32]) -> int:
        self.store.vectors.adopt(self.encoder.fingerprint, self.encoder.name)
        claim_id = self.store.add_claim(claim).id
        self._store_vectors([claim_id], [vector])
        return claim_id

    def _store_vectors(self, claim_ids: Sequence[int], vectors: Iterable[NDArray[np.float32]]) -> None:
        self.store.vectors.add(claim_ids, [vector.astype("<f4").tobytes() for vector in vectors])

    def _claim_stated(self, finding: Finding) -> int | None:
        """The claim in the store that a statement states again."""
        for match in finding.matches:
            if match.relation is Relation.SAME:
                return match.claim.id
        known = self.store.claim_with_text(finding.statement.text)
        return known.id if known else None

    def _take_up(self, row: Row) -> str | Rejected:
        """Store one row: `added`, `updated` (a new or changed verdict on a known claim) or `unchanged`."""
        known = self._known(row.claim)
        if known and text_key(known.text) != text_key(row.claim.text):
            return Rejected(
                row.where, f"id {row.claim.external_id}: is another claim in the store ({known.text[:60]!r})"
            )
        claim_id = known.id if known else self.store.add_claim(row.claim).id
        if row.verdict is None:
            return "unchanged" if known else "added"
        _, new = self.store.add_review(claim_id, row.verdict)
        return "added" if not known else "updated" if new else "unchanged"

    def _known(self, claim: NewClaim) -> Claim | None:
        if claim.external_id:
            return self.store.claim_from_feed(claim.external_id)
        return self.store.claim_with_text(claim.text)


def _statement(sentence: Sentence, worth: float) -> Statement:
    return Statement(sentence.text, sentence.start, sentence.end, round(worth, 4), sentence.speaker)


def batched(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The items in lists of `size`, the last one shorter."""
    remaining = iter(items)
    while part := list(islice(remaining, size)):
        yield part
