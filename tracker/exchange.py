"""Between feeds and the store: rows are taken up, claims and their current verdicts written out."""

from __future__ import annotations

import os
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

from tracker.entries import text_key
from tracker.errors import InvalidClaim, UnreadableSource, UsageProblem
from tracker.feeds import READERS, Imported, Rejected, Row, read_again, write_feed
from tracker.progress import batched, silent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from tracker.models import Claim, NewClaim, NewVerdict
    from tracker.progress import Progress
    from tracker.store import Store

KINDS = (*READERS, ".jsonld", ".json", ".html", ".atom")  # what can be written; all but the last can be read again
_STEP = 256  # rows between two commits

_Reviews = dict[tuple[object, ...], "NewVerdict"]


def take_up(store: Store, rows: Iterable[Row | Rejected], progress: Progress = silent) -> Imported:
    """Store a feed's rows, committed every few hundred; what cannot be is kept in quarantine.

    Also a row that contradicts the store or its own feed is rejected.
    """
    counts = Counter[str]()
    rejected: list[Rejected] = []
    repaired = Counter[str]()
    reviews: _Reviews = {}
    with progress("importing", None) as advance:
        for part in batched(rows, _STEP):
            left_out: list[Rejected] = []
            with store.writing():
                for row in part:
                    outcome = row if isinstance(row, Rejected) else _take_up(store, row, reviews)
                    if isinstance(outcome, Rejected):
                        left_out.append(outcome)
                    else:
                        counts[outcome] += 1
                        repaired.update(row.notes if isinstance(row, Row) else ())
                store.quarantine.keep(left_out)
            rejected += left_out
            advance(len(part))
    return Imported(counts["added"], counts["updated"], counts["unchanged"], tuple(rejected), repaired)


def retry(store: Store, ids: Sequence[int] = (), progress: Progress = silent) -> Imported:
    """Try rows in quarantine again, all or these; those that can be taken up now leave it. Raises ClaimNotFound."""
    kept = store.quarantine.all(ids)
    done = take_up(store, (read_again(one.place, one.raw, one.reason) for one in kept), progress)
    still = {one.where for one in done.rejected}
    store.quarantine.drop(one.id for one in kept if one.place not in still)
    return done


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
    """The same to an open text file; `kind` is the ending that a file of it would have, one of `KINDS`.

    Entries that were merged are written each with its own words and ids, as their publishers know them.
    """
    if kind not in KINDS:
        msg = f"{kind or 'no suffix'}: not a kind of file that can be written; use {', '.join(KINDS)}"
        raise UsageProblem(msg)
    entries = store.entries()
    if kind in READERS:
        return write_feed(entries, file, kind)
    if kind in (".jsonld", ".json"):
        from tracker.claimreview.writing import write_datafeed, write_jsonld

        return write_jsonld(entries, file) if kind == ".jsonld" else write_datafeed(entries, file)
    if kind == ".html":
        from tracker.claimreview.snippets import write_snippets

        return write_snippets(entries, file)
    from tracker.claimreview.atom import write_atom

    return write_atom(entries, file, title="Fact-checks", feed_id=f"urn:uuid:{store.setting('store_id')}")


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
        return Rejected(row.where, str(reason), row.raw)
    claim_id = there.id if there else store.add_claim(row.claim, publisher=publisher).id
    if there and row.claim.external_id:
        store.add_external_id(claim_id, publisher, row.claim.external_id)
    for by, text in row.ids:
        if store.claim_of_feed(by, text) is None:  # one that is another claim's here stays so
            store.add_external_id(claim_id, by, text)
    seen = [store.appearances.add_sighting(claim_id, url) for url in row.appearances]
    changed = "added" if not there else "updated" if any(seen) else "unchanged"
    if row.verdict is None:
        return changed
    review = (claim_id, publisher, row.verdict.url, row.verdict.valid_from)
    if row.verdict.url and reviews.setdefault(review, row.verdict) != row.verdict:
        return Rejected(row.where, "contradicts an earlier row of this feed about the same review", row.raw)
    try:
        _, new = store.verdicts.add_review(claim_id, row.verdict)
    except InvalidClaim as reason:
        return Rejected(row.where, str(reason), row.raw)
    return "updated" if new and there else changed
