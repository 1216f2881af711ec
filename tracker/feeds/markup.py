"""ClaimReview markup as a feed: each review a row."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from tracker.claimreview.reading import claimreviews_in_json, looks_like_claimreview, read_claimreviews
from tracker.feeds.rows import Rejected, Row, row_of
from tracker.records import text_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tracker.claimreview.record import Record

SUFFIXES = (".json", ".jsonld", ".html", ".htm", ".xhtml", ".xml", ".rss", ".atom")
_LINES = (".jsonl", ".ndjson")
_ASKED = 20  # lines by which the kind of a file of JSON lines is told


def is_markup(path: Path) -> bool:
    """True where a file is of a kind that holds markup, or its first lines are reviews as JSON."""
    suffix = path.suffix.casefold()
    if suffix in _LINES and path.is_file():
        with path.open(encoding="utf-8-sig", errors="surrogateescape") as file:
            lines = [line for _, line in islice(text_lines(file), _ASKED) if line]
        return any(looks_like_claimreview(value) for value in map(_value, lines) if isinstance(value, dict))
    if suffix == ".gz":
        return path.with_suffix("").suffix.casefold() in (*SUFFIXES, *_LINES)
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
            row = row_of(record.where, record.values)
            yield replace(row, raw=record.raw, notes=record.notes) if isinstance(row, Row) else row


def review_again(where: str, value: dict[str, Any]) -> Row | Rejected | None:
    """The row of a review that was kept as JSON; None for an object that is no review."""
    return next(rows_of(claimreviews_in_json(value, where)), None) if looks_like_claimreview(value) else None


def _value(line: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None
