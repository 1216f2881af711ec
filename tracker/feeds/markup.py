"""ClaimReview markup as a feed: each review a row."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tracker.claimreview.fields import records_of
from tracker.claimreview.reading import claimreviews_in_json, looks_like_claimreview, read_claimreviews
from tracker.claimreview.repair import Unmendable, parse
from tracker.claimreview.shapes import Document, mentions_reviews
from tracker.feeds.rows import Rejected, Row, row_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tracker.claimreview.record import Record
    from tracker.records import Misread

SUFFIXES = (".json", ".jsonld", ".html", ".htm", ".xhtml", ".xml", ".rss", ".atom")
LINES = (".jsonl", ".ndjson")


def is_markup(path: Path) -> bool:
    """True for a file of a kind that holds markup alone; lines of JSON may be reviews or rows (`reviews_in`)."""
    suffix = path.suffix.casefold()
    if suffix == ".gz":
        return path.with_suffix("").suffix.casefold() in (*SUFFIXES, *LINES)
    return suffix in SUFFIXES


def read_markup(path: Path) -> Iterator[Row | Rejected]:
    """The reviews of a file as rows, read as they are asked for. Raises UnreadableSource."""
    return rows_of(read_claimreviews(path))


def rows_of(records: Iterable[Record]) -> Iterator[Row | Rejected]:
    """Reviews that were found in markup, as rows."""
    for record in records:
        if record.reason is not None:
            yield Rejected(record.where, record.reason, record.raw)
        else:
            # The values are kept, not the markup: what that says may hang on the page around it.
            row = row_of(record.where, record.values, ours=record.is_ours)
            yield replace(row, notes=record.notes) if isinstance(row, Row) else row


def review_again(where: str, value: dict[str, Any]) -> Row | Rejected | None:
    """The row of a review that was kept as JSON; None for an object that is no review, or is nothing by itself."""
    if not looks_like_claimreview(value):
        return None
    from_the_web = where.startswith(("http://", "https://"))
    row = next(rows_of(claimreviews_in_json(value, where, ours=not from_the_web)), None)
    said = row.verdict if isinstance(row, Row) else None
    return row if said and said.rating and said.url else None


def reviews_in(where: str, line: dict[str, Any] | Misread) -> list[Row | Rejected] | None:
    """The reviews in a line of JSON lines, also in one that must be mended; None for a row of our own columns."""
    if isinstance(line, dict):
        if not looks_like_claimreview(line):
            return None
        return list(rows_of(claimreviews_in_json(line, where))) or [Rejected(where, "no ClaimReview in it")]
    if not mentions_reviews(line.raw):
        return None
    try:
        value, mended = parse(line.raw)
    except Unmendable:
        return None
    return list(rows_of(records_of(Document([value]), 0, where, mended=mended))) or None
