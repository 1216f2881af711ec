"""Additions: claims and the statements of articles on their way into the store, each with its vector, none twice."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from tracker import intake
from tracker.entries import storable
from tracker.errors import InvalidClaim
from tracker.models import Addition, NewClaim, Relation, Saved, Utterance

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tracker.embedding import Embedding
    from tracker.models import Check, Finding, Match, NewVerdict
    from tracker.retrieval import Retrieval
    from tracker.standing import View
    from tracker.store import Store

    Vectors = NDArray[np.float32]

NEAR_IDENTICAL = 0.95  # cosine from which a claim to be added is shown what is there already

log = logging.getLogger(__name__)


class Additions:
    """Adds to one store, with the vectors of its encoder."""

    def __init__(self, store: Store, embedding: Embedding, retrieval: Retrieval) -> None:
        self._store = store
        self._embedding = embedding
        self._retrieval = retrieval

    def add(self, claim: NewClaim, verdict: NewVerdict | None, view: View) -> Addition:
        """Add a claim, with a verdict if given. The same text is not added twice: the verdict joins the claim there.

        Raises InvalidClaim; nothing is stored then.
        """
        claim = storable(claim)
        publisher = (verdict and verdict.publisher) or ""
        vector = self._embedding.encode([claim.text])
        near = self._near(claim, vector, view)
        with self._store.writing():
            known = intake.known(self._store, claim, publisher)
            if known:
                self._store.curation.require_standing(known.id)
                intake.require_same_words(known, claim)
            entry = known.id if known else self._add_claim(claim, vector, publisher)
            if known and claim.external_id:
                self._store.add_external_id(entry, publisher, claim.external_id)
            verdict_id = self._store.verdicts.add(entry, verdict)[0] if verdict is not None else None
            claim_id = self._store.curation.root(entry)
        return Addition(claim_id, known is None, near, verdict_id)

    def near_duplicates(self, claim: NewClaim, view: View) -> tuple[Match, ...]:
        """Other claims that say nearly word for word what this text says; none where the store has this very claim."""
        return self._near(claim, self._embedding.encode([claim.text]), view)

    def save(self, check: Check) -> Saved:
        """Record an article and its statements: appearances of the claims that say the same, the others as new claims.

        New claims wait for a verdict, in the words that stand alone; an appearance keeps the quote. Saving the same
        article twice changes nothing.
        """
        claims_made = [one.statement.claim or one.statement.text for one in check.findings]
        vectors = self._embedding.encode(claims_made)
        claims = appearances = 0
        with self._store.writing():
            article_id, _ = self._store.appearances.add_article(check.article)
            for row, finding in enumerate(check.findings):
                statement = finding.statement
                if self._store.appearances.has(article_id, statement):
                    continue
                worth, who = statement.check_worthiness, statement.speaker
                new = NewClaim(claims_made[row], claimant=who, check_worthiness=worth)
                claim_id = self._claim_stated(finding, new)
                if claim_id is None:
                    try:
                        claim_id = self._add_claim(storable(new), vectors[row : row + 1])
                    except InvalidClaim as reason:
                        log.warning("not saved, characters %d to %d: %s", statement.start, statement.end, reason)
                        continue
                    claims += 1
                self._store.appearances.add(claim_id, article_id, statement)
                appearances += 1
        return Saved(article_id, claims, appearances)

    def _add_claim(self, claim: NewClaim, vector: Vectors, publisher: str = "") -> int:
        """Store a claim with its vector, from that of its text (1 x dimension)."""
        claim_id = self._store.add_claim(claim, publisher=publisher).id
        self._embedding.keep([claim_id], self._embedding.with_titles(vector, [claim.title]))
        return claim_id

    def _near(self, claim: NewClaim, vector: Vectors, view: View) -> tuple[Match, ...]:
        """The first matches that say the same, or whose words alone have nearly this vector, titles aside."""
        if self._store.claim_like(claim) or not self._store.claim_count():
            return ()
        with self._store.reading():
            wanted = self._retrieval.wanted([Utterance(claim.text)], vector)
            nearest = next(self._retrieval.matches(wanted, view))[:3]
        alike = (self._embedding.encode([m.claim.text for m in nearest]) @ vector[0]).tolist() if nearest else []
        pairs = zip(nearest, alike, strict=True)
        return tuple(m for m, cosine in pairs if m.relation is Relation.SAME or cosine >= NEAR_IDENTICAL)

    def _claim_stated(self, finding: Finding, claim: NewClaim) -> int | None:
        """The claim in the store that a statement states again."""
        for match in finding.matches:
            if match.relation is Relation.SAME:
                return match.claim.id
        known = self._store.claim_like(claim)
        return known.id if known else None
