"""ClaimReview markup as a feed: each review a row."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tracker.claimreview.fields import records_of
from tracker.claimreview.reading import claimreviews_in_json, looks_like_claimreview, read_claimreviews
from tracker.claimreview.repair import Unmendable, parse
from tracker.claimreview.shapes import Document, mentions_reviews
from tracker.feeds.rows import Rejected, Row, row_of, row_or_rejected

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tracker.claimreview.record import Record
    from tracker.records import Misread


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


def is_review(value: dict[str, Any]) -> bool:
    """True for markup, whatever is in it; False for a row of our own columns."""
    return looks_like_claimreview(value)


def review_again(where: str, value: dict[str, Any]) -> Row | None:
    """The row of a review that was kept as JSON; None where it is nothing without what stood around it."""
    from_the_web = where.startswith(("http://", "https://"))
    row = next(rows_of(claimreviews_in_json(value, where, ours=not from_the_web)), None)
    said = row.verdict if isinstance(row, Row) else None
    return row if isinstance(row, Row) and said and said.rating and said.url else None


def rows_or_reviews(lines: Iterable[tuple[str, dict[str, Any] | Misread]]) -> Iterator[Row | Rejected]:
    """Lines of JSON, each a row of our columns or markup, also such that must be mended."""
    for where, line in lines:
        yield from _reviews_in(where, line) or [row_or_rejected(where, line)]


def _reviews_in(where: str, line: dict[str, Any] | Misread) -> list[Row | Rejected] | None:
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
