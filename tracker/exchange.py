"""Between feeds and the store: rows are taken up, claims and their current verdicts written out."""

from __future__ import annotations

import os
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

from tracker.entries import text_key
from tracker.errors import InvalidClaim, UnreadableSource, UsageProblem
from tracker.feeds import Imported, Rejected, Row, write_feed
from tracker.progress import batched, silent

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tracker.models import Claim, NewClaim, NewVerdict
    from tracker.progress import Progress
    from tracker.store import Store

_STEP = 256  # rows between two commits

_Reviews = dict[tuple[object, ...], "NewVerdict"]


def take_up(store: Store, rows: Iterable[Row | Rejected], progress: Progress = silent) -> Imported:
    """Store a feed's rows, committed every few hundred; one that contradicts the store or its own feed is rejected."""
    counts = Counter[str]()
    rejected: list[Rejected] = []
    reviews: _Reviews = {}
    with progress("importing", None) as advance:
        for part in batched(rows, _STEP):
            with store.writing():
                for row in part:
                    outcome = row if isinstance(row, Rejected) else _take_up(store, row, reviews)
                    if isinstance(outcome, Rejected):
                        rejected.append(outcome)
                    else:
                        counts[outcome] += 1
            advance(len(part))
    return Imported(counts["added"], counts["updated"], counts["unchanged"], tuple(rejected))


def known(store: Store, claim: NewClaim, publisher: str) -> Claim | None:
    """The entry in the store that this claim is: by its feed's id, else by its text."""
    by_id = store.claim_of_feed(publisher, claim.external_id) if claim.external_id else None
    return by_id or store.claim_like(claim, publisher=publisher)


def require_same_words(there: Claim, claim: NewClaim) -> None:
    """Make sure that a feed's id means the claim that it meant before. Raises InvalidClaim."""
    if text_key(there.text) != text_key(claim.text):
        msg = f"id {claim.external_id}: is another claim in the store ({there.text[:60]!r})"
        raise InvalidClaim(msg)


def export(store: Store, target: Path, taken: Iterable[Path] = ()) -> int:
    """Write every claim with its current verdicts to a .csv, .tsv or .jsonl file, whole or not at all; count rows.

    Raises UsageProblem for another kind of file or one of those `taken`, UnreadableSource where it cannot be written.
    """
    if target.is_dir() or not target.name:
        msg = f"{target}: a folder; name a file"
        raise UnreadableSource(msg)
    if target.resolve() in {path.resolve() for path in taken}:
        msg = f"{target}: is the store itself; name another file"
        raise UsageProblem(msg)
    fresh = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        with fresh.open("w", encoding="utf-8", newline="") as file:
            rows = export_to(store, file, target.suffix.casefold())
        fresh.replace(target)
    except OSError as error:
        msg = f"{target}: cannot be written ({error.strerror})"
        raise UnreadableSource(msg) from error
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
    return rows


def export_to(store: Store, file: TextIO, kind: str) -> int:
    """The same to an open text file; `kind` is .csv, .tsv or .jsonl.

    Entries that were merged are written each with its own words and ids, as their publishers know them.
    """
    return write_feed(store.entries(), file, kind)


def _take_up(store: Store, row: Row, reviews: _Reviews) -> str | Rejected:
    """Store one row: `added`, `updated` (a new or changed verdict on a known claim) or `unchanged`.

    `reviews` are those that this import has seen: one feed cannot say two things in one review.
    """
    publisher = (row.verdict and row.verdict.publisher) or ""
    there = known(store, row.claim, publisher)
    try:
        if there:
            require_same_words(there, row.claim)
            if row.verdict and not store.verdicts.says(there.id, row.verdict):
                store.curation.require_standing(there.id)
    except InvalidClaim as reason:
        return Rejected(row.where, str(reason))
    claim_id = there.id if there else store.add_claim(row.claim, publisher=publisher).id
    if there and row.claim.external_id:
        store.add_external_id(claim_id, publisher, row.claim.external_id)
    if row.verdict is None:
        return "unchanged" if there else "added"
    review = (claim_id, publisher, row.verdict.url, row.verdict.valid_from)
    if row.verdict.url and reviews.setdefault(review, row.verdict) != row.verdict:
        return Rejected(row.where, "contradicts an earlier row of this feed about the same review")
    try:
        _, new = store.verdicts.add_review(claim_id, row.verdict)
    except InvalidClaim as reason:
        return Rejected(row.where, str(reason))
    return "added" if not there else "updated" if new else "unchanged"
