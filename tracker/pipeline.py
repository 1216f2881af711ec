"""Tracker: the public Python API, and the only place that knows the order of the steps.

>>> with Tracker.open("desk.db") as tracker:  # doctest: +SKIP
...     claim_id = tracker.add(NewClaim("NATO has 300,000 troops on alert."), NewVerdict("False", publisher="My desk"))
...     tracker.search("Are 300,000 NATO troops on alert?").matches[0].claim.id == claim_id
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, BinaryIO, Self, TextIO

from tracker import lookup, recheck, settings
from tracker.crossencoder import CrossEncoder
from tracker.entries import askable, require_worth
from tracker.models import Addition, Check, Match, NewClaim, Saved, Search, Spotting, Utterance
from tracker.progress import silent
from tracker.standing import View
from tracker.store import Store

if TYPE_CHECKING:
    from collections.abc import Collection, Generator, Iterable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from tracker.additions import Additions
    from tracker.calibration import Calibration
    from tracker.doctor import Report
    from tracker.embedding import Embedding
    from tracker.encoders import Encoder
    from tracker.feedback import Answer
    from tracker.feeds import Imported, Rejected, Row
    from tracker.log import History
    from tracker.models import Article, ClaimRecord, NewVerdict, Spotted
    from tracker.progress import Progress
    from tracker.queries import Query
    from tracker.retrieval import Retrieval
    from tracker.suggestions import Suggestion
    from tracker.tuning import Refit

MIN_WORTH = 0.5


class Tracker:
    """A desk's memory: a store, its encoder and its index behind one door. Close it, or use it in a `with` block.

    What only some of its methods need is imported by them: to list claims takes no model, to search no reader of pages.
    """

    def __init__(
        self,
        store: Store,
        encoder: str | None = None,
        crossencoder: CrossEncoder | None = None,
        device: str | None = None,
    ) -> None:
        self.store = store
        self._encoder_name = encoder
        self._crossencoder = crossencoder
        self._device = device

    @classmethod
    def open(
        cls,
        path: str | Path | None = None,
        *,
        encoder: str | None = None,
        inference: str | None = None,
        device: str | None = None,
    ) -> Self:
        """Open the store at `path` (default: the user's own), made if there is none.

        `encoder` is a model's name or folder; by default the store's own. `inference` is the folder of a model of
        language inference that is heeded too (`crossencoder`). `device` is where many texts are encoded, in PyTorch's
        words; by default a GPU where there is one. Raises StoreDamaged, StoreTooNew, ModelUnavailable.
        """
        settings.one_blas_thread()
        file = settings.store_path(str(path) if path else None)
        if file.is_file() and file.stat().st_size == 0:
            from tracker.index import require_none

            require_none(file)
        crossencoder = CrossEncoder.named(inference)
        return cls(Store.open(file), encoder, crossencoder, device)

    def close(self) -> None:
        """Close the store, and what is open beside it."""
        if "retrieval" in self.__dict__:
            self.retrieval.close()
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    # --- finding ------------------------------------------------------------------------------------------------------

    def search(
        self,
        text: str,
        k: int = 5,
        *,
        as_of: date | None = None,
        context: str | None = None,
        speaker: str | None = None,
        stated_on: date | None = None,
    ) -> Search:
        """The `k` claims in the store nearest to a text, with their verdicts as of today, or of the day `as_of`.

        What was said before it (`context`), who says it and when help to find the right one; a pasted post's signature
        tells them too. Raises InvalidClaim for a text without words.
        """
        (found,) = self.search_all([Utterance(text, context, speaker, stated_on)], k, as_of=as_of)
        return found

    def search_all(
        self, asked: Sequence[Utterance], k: int = 5, *, as_of: date | None = None, progress: Progress = silent
    ) -> Generator[Search, None, None]:
        """`search` for many texts, in their order and from one state of the store; they are encoded together.

        Answers come as they are asked for. Until the last one has come, or the generator is closed, nothing can be
        written through this tracker. Raises InvalidClaim for the first text without words.
        """
        said = [askable(one) for one in asked]
        wanted = self.retrieval.wanted(said, progress=progress)
        with self.store.reading():
            matches = self.retrieval.matches(wanted, View.of(as_of), k, progress=progress)
            for one, found in zip(said, matches, strict=True):
                yield Search(one.text, tuple(found[:k]), as_of, one.speaker)

    def about(self, topic: str, k: int = 10) -> list[ClaimRecord]:
        """The best `k` claims with all words of a topic ("NATO"), which states nothing that could be checked."""
        return lookup.about(self.store, topic, k, View.of())

    def rank(
        self, queries: Sequence[Query], without: Sequence[Collection[int]] = (), *, progress: Progress = silent
    ) -> Iterator[list[Match]]:
        """For each query all matches that `search` chooses from, the most probable first; to be read in `reading()`.

        `without` has for each query the claims to answer without, as if they were not in the store.
        """
        utterances = [Utterance(one.text, one.context, one.speaker, one.stated_on) for one in queries]
        wanted = self.retrieval.wanted(utterances, progress=progress)
        return self.retrieval.matches(wanted, View.of(), without=without)

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
        from tracker.articles import read_article

        require_worth(min_worth)
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
        from tracker.matching import conclude
        from tracker.spotting import unexamined
        from tracker.statements import statements

        require_worth(min_worth)
        spotted = self.spot_article(article, progress=progress)
        found = statements(article, spotted, min_worth, self.encoder)
        wanted = self.retrieval.wanted([utterance for _, utterance in found], progress=progress)
        with self.store.reading():
            matches = self.retrieval.matches(wanted, View.of(as_of, article.published_on), progress=progress)
            findings = [conclude(one, matched, k) for (one, _), matched in zip(found, matches, strict=True)]
        return Check(article, len(spotted), tuple(findings), as_of, *unexamined(spotted))

    def spot(self, source: str, *, stdin: BinaryIO | None = None, progress: Progress = silent) -> Spotting:
        """Read an article and judge every sentence of it: its kind, its speaker, its check-worthiness.

        Raises UnreadableSource.
        """
        from tracker.articles import read_article

        article = read_article(source, stdin=stdin)
        return Spotting(article, tuple(self.spot_article(article, progress=progress)))

    def spot_article(self, article: Article, *, progress: Progress = silent) -> list[Spotted]:
        """The sentences of an article at hand, in reading order."""
        from tracker.spotting import spot

        return spot(article, self.encoder, progress)

    def show(self, claim_id: int) -> ClaimRecord:
        """A claim with every verdict and appearance, as they stand today. Raises ClaimNotFound."""
        return lookup.show(self.store, claim_id, View.of())

    def history(self, claim_id: int) -> History:
        """A claim and everything that happened to it and to the entries merged with it. Raises ClaimNotFound."""
        return lookup.history(self.store, claim_id, View.of())

    def suggest_merges(self, progress: Progress = silent) -> list[Suggestion]:
        """Pairs of claims in the store that seem to be one (`suggestions.suggestions`)."""
        from tracker.suggestions import suggestions

        with self.store.reading():
            return list(suggestions(self.store, self.embedding.index(), self.rank, progress))

    def due(self, max_age: int = recheck.MAX_AGE, **conditions: Any) -> list[tuple[ClaimRecord, list[str]]]:
        """Claims whose verdicts should be looked at again, newest claim first, with the reasons (`lookup.due`)."""
        return lookup.due(self.store, View.of(), max_age, **conditions)

    def list_claims(self, **conditions: Any) -> list[ClaimRecord]:
        """`Store.list_claims` with the verdicts as they stand today."""
        return lookup.listed(self.store, View.of(), **conditions)

    # --- adding -------------------------------------------------------------------------------------------------------

    def add(self, claim: NewClaim, verdict: NewVerdict | None = None) -> Addition:
        """Add a claim, with a verdict if given. The same text is not added twice: the verdict joins the claim there.

        Raises InvalidClaim; nothing is stored then.
        """
        return self.additions.add(claim, verdict, View.of())

    def near_duplicates(self, claim: NewClaim) -> tuple[Match, ...]:
        """Other claims that say nearly word for word what this text says; none where the store has this very claim."""
        return self.additions.near_duplicates(claim, View.of())

    def add_verdict(
        self, claim_id: int, verdict: NewVerdict, *, supersedes: int | None = None, because: str | None = None
    ) -> tuple[int, bool]:
        """Put a verdict beside a claim's others, or over one that it corrects; its id, and whether it is new.

        Raises ClaimNotFound, InvalidClaim (also for a claim that is retracted).
        """
        with self.store.writing():
            self.store.curation.require_standing(claim_id)
            return self.store.verdicts.add(claim_id, verdict, supersedes=supersedes, because=because)

    def save(self, check: Check) -> Saved:
        """Record an article and its statements: appearances of the claims that say the same, the others as new claims.

        New claims wait for a verdict. Saving the same article twice changes nothing.
        """
        return self.additions.save(check)

    # --- feeds and vectors --------------------------------------------------------------------------------------------

    def import_rows(self, rows: Iterable[Row | Rejected], progress: Progress = silent) -> Imported:
        """Take up a feed's rows, then embed the claims that have no vector yet.

        Committed every few hundred rows: stopped at any point, what is stored stays, and the same feed again goes on
        from there. A review that has changed since becomes a new verdict that supersedes the old one.
        """
        from tracker import intake

        done = intake.take_up(self.store, rows, progress)
        self.embed(progress)
        return done

    def retry(self, ids: Sequence[int] = (), progress: Progress = silent) -> Imported:
        """Try rows of feeds in quarantine again, all or these (`intake.retry`). Raises ClaimNotFound."""
        from tracker import intake

        done = intake.retry(self.store, ids, progress)
        self.embed(progress)
        return done

    def embed(self, progress: Progress = silent) -> int:
        """Give every claim that has none its vector, and bring the indexes up to date; count the claims embedded."""
        return self.embedding.embed(progress)

    def reindex(self, encoder: str | None = None, *, because: str | None = None, progress: Progress = silent) -> int:
        """As `embed`, and with `encoder` (a name or folder) change the store's to it; count the claims embedded."""
        return self.embedding.reindex(encoder, because=because, progress=progress)

    def export(self, target: Path, *, publisher: str | None = None) -> int:
        """Write every claim with its current verdicts, or one publisher's, to a file (`exchange.export`); count them.

        Raises UsageProblem for another kind of file, UnreadableSource where it cannot be written.
        """
        from tracker import exchange

        return exchange.export(self.store, target, publisher=publisher)

    def export_to(self, file: TextIO, kind: str, *, publisher: str | None = None) -> int:
        """The same to an open text file; `kind` is one of `exchange.KINDS`."""
        from tracker import exchange

        return exchange.export_to(self.store, file, kind, publisher=publisher)

    # --- feedback -----------------------------------------------------------------------------------------------------

    def feedback(
        self, text: str, claim_id: int, answer: bool, *, by: str | None = None, because: str | None = None
    ) -> tuple[Answer, bool]:
        """Keep the answer to whether a claim is what a text is about; it, and whether it is new (`Feedback.add`)."""
        return self.store.feedback.add(text, claim_id, is_about=answer, by=by, because=because)

    def tune(self, *, dry_run: bool = False, because: str | None = None, progress: Progress = silent) -> Refit:
        """Refit the calibration to the answers that count, and take it up where it is clearly better (`tuning.tune`).

        Raises UsageProblem for too few answers.
        """
        from tracker import tuning
        from tracker.calibration import SHIPPED

        asked = partial(self.probabilities, calibration=SHIPPED, progress=progress)
        return tuning.tune(self.store, asked, dry_run=dry_run, because=because)

    def probabilities(
        self,
        texts: Sequence[str],
        claim_ids: Sequence[Collection[int]],
        *,
        calibration: Calibration | None = None,
        progress: Progress = silent,
    ) -> list[dict[int, float]]:
        """For each text how probably each of these claims is what it is about, found by retrieval or not.

        Calibrated as `search` is, or by `calibration`. Retracted claims are left out.
        """
        wanted = self.retrieval.wanted([Utterance(text) for text in texts], progress=progress)
        with self.store.reading():
            return list(self.retrieval.probabilities(wanted, claim_ids, calibration, progress))

    def stats(self) -> dict[str, Any]:
        """What the store holds: counts of each noun, verdicts by rating and publisher, encoder, calibration, file."""
        from tracker import tuning

        with self.store.reading():
            return {
                "store": str(self.store.path),
                **self.store.tallies.of_rows(),
                "encoder": self.store.setting("encoder_name"),
                "calibration": tuning.told(self.store),
                "ratings": dict(self.store.tallies.of_verdicts("normalized")),
                "publishers": dict(self.store.tallies.of_verdicts("publisher")),
            }

    def doctor(self, *, fix: bool = False, progress: Progress = silent) -> Report:
        """Examine the store and its index; `fix` mends what is derived: words, vectors, the index, triggers."""
        from tracker.doctor import examine

        return examine(self.store, fix=fix, embed=lambda: self.embed(progress), progress=progress)

    # --- the parts ----------------------------------------------------------------------------------------------------

    @cached_property
    def embedding(self) -> Embedding:
        """Texts as vectors, and the store's vectors and index."""
        from tracker.embedding import Embedding

        return Embedding(self.store, self._encoder_name, self._device)

    @cached_property
    def retrieval(self) -> Retrieval:
        """From statements to claims."""
        from tracker.retrieval import Retrieval

        return Retrieval(self.store, self.embedding, self._crossencoder)

    @cached_property
    def additions(self) -> Additions:
        """Claims on their way into the store."""
        from tracker.additions import Additions

        return Additions(self.store, self.embedding, self.retrieval)

    @property
    def encoder(self) -> Encoder:
        """The store's encoder, loaded when first needed. Raises ModelUnavailable."""
        return self.embedding.encoder

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit vector a text, by the store's encoder (n x dimension)."""
        return self.embedding.encode(texts)

    def warn_if_empty(self) -> bool:
        """Log that the store has no claims, which a slip in its name may explain; True where that is so."""
        return lookup.warn_if_empty(self.store)
