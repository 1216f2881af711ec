"""From the store to feeds and markup: claims and their current verdicts, whole files or none."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, TextIO

from tracker.entries import fold
from tracker.errors import UnreadableSource, UsageProblem
from tracker.feeds import READERS, write_feed
from tracker.index import index_path
from tracker.postings import postings_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tracker.models import ClaimRecord
    from tracker.store import Store

KINDS = (*READERS, ".jsonld", ".json", ".html", ".atom")  # what can be written; all but the last can be read again


def export(store: Store, target: Path, *, publisher: str | None = None) -> int:
    """Write every claim with its current verdicts to a file of one of `KINDS`, whole or not at all; count what it has.

    With a `publisher`, only its verdicts, and the claims that have one. Raises UsageProblem for another kind of file or
    the store's own, UnreadableSource where it cannot be written.
    """
    if target.is_dir() or not target.name:
        msg = f"{target}: a folder; name a file"
        raise UnreadableSource(msg)
    own = (store.path, index_path(store.path), postings_path(store.path))
    if target.resolve() in {path.resolve() for path in own}:
        msg = f"{target}: is the store itself; name another file"
        raise UsageProblem(msg)
    fresh = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        with fresh.open("w", encoding="utf-8", newline="") as file:
            rows = export_to(store, file, target.suffix.casefold(), publisher=publisher)
        fresh.replace(target)
    except OSError as error:
        msg = f"{target}: cannot be written ({error.strerror})"
        raise UnreadableSource(msg) from error
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
    return rows


def export_to(store: Store, file: TextIO, kind: str, *, publisher: str | None = None) -> int:
    """The same to an open text file, from one state of the store; `kind` is the ending for it, one of `KINDS`.

    Entries that were merged are written each with its own words and ids, as their publishers know them.
    """
    if kind not in KINDS:
        msg = f"{kind or 'no suffix'}: not a kind of file that can be written; use {', '.join(KINDS)}"
        raise UsageProblem(msg)
    with store.reading():
        entries = store.entries() if publisher is None else _reviewed_by(publisher, store.entries())
        return _write(entries, file, kind, store)


def _write(entries: Iterator[ClaimRecord], file: TextIO, kind: str, store: Store) -> int:
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


def _reviewed_by(publisher: str, entries: Iterable[ClaimRecord]) -> Iterator[ClaimRecord]:
    """The entries with a current verdict of this publisher, each with its own verdicts and ids alone."""
    name = fold(publisher)
    for entry in entries:
        own = tuple(verdict for verdict in entry.verdicts if fold(verdict.publisher) == name)
        if any(verdict.is_current for verdict in own):
            ids = tuple((by, text) for by, text in entry.external_ids if fold(by) == name)
            yield replace(entry, verdicts=own, external_ids=ids)
