"""Write claims with their verdicts as a feed that `read_feed` reads: CSV, TSV or JSONL, under the same column names."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

from tracker.cells import guarded
from tracker.columns import claim_columns, verdict_columns
from tracker.feeds.rows import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TextIO

    from tracker.models import ClaimRecord


def write_feed(records: Iterable[ClaimRecord], file: TextIO, kind: str) -> int:
    """Write one row a current verdict, and one for each claim without, and count them; `kind` is .csv, .tsv or .jsonl.

    In .tsv, which has no quoting, white space in a text becomes one space. In .csv and .tsv a cell that a spreadsheet
    would calculate is guarded (`cells`); `read_feed` takes the guard away again.
    """
    rows = (row for record in records for row in _rows_of(record))
    count = 0
    if kind in (".jsonl", ".ndjson"):
        for count, row in enumerate(rows, 1):  # noqa: B007 - counted for the caller
            file.write(json.dumps({name: value for name, value in row.items() if value}, ensure_ascii=False) + "\n")
        return count
    if kind == ".tsv":
        file.write("\t".join(COLUMNS) + "\n")
        for count, row in enumerate(rows, 1):  # noqa: B007
            file.write("\t".join(guarded(" ".join(_text(row[name]).split())) for name in COLUMNS) + "\n")
        return count
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for count, row in enumerate(rows, 1):  # noqa: B007
        writer.writerow(guarded(_text(row[name])) for name in COLUMNS)
    return count


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) if value else ""


def _rows_of(record: ClaimRecord) -> Iterator[dict[str, Any]]:
    ids = dict(record.external_ids)
    current = [verdict for verdict in record.verdicts if verdict.is_current]
    for verdict in current:
        yield _flat(claim_columns(record, ids.get(verdict.publisher or "")) | verdict_columns(verdict))
    if not current or ("" in ids and all(verdict.publisher for verdict in current)):  # else its id would be lost
        yield dict.fromkeys(COLUMNS) | _flat(claim_columns(record, ids.get("")))


def _flat(columns: dict[str, Any]) -> dict[str, Any]:
    """The same with lists of words and addresses, and numbers, as one text each."""
    worth = columns["check_worthiness"]
    return columns | {
        "tags": ",".join(columns.get("tags", ())),
        "appearances": " ".join(columns["appearances"]),
        "check_worthiness": "" if worth is None else repr(worth),
    }
