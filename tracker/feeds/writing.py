"""Write claims with their verdicts as a feed that `read_feed` reads: CSV, TSV or JSONL, under the same column names."""

from __future__ import annotations

import csv
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tracker.cells import guarded
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
    claim = record.claim
    about = {
        "claim": claim.text,
        "title": claim.title,
        "claimant": claim.claimant,
        "claim_date": str(claim.claimed_on or ""),
        "language": claim.language,
        "appearances": " ".join(record.sightings),
        "check_worthiness": "" if claim.check_worthiness is None else repr(claim.check_worthiness),
    }
    ids = dict(record.external_ids)
    current = [verdict for verdict in record.verdicts if verdict.is_current]
    for verdict in current:
        evidence = [{name: text for name, text in asdict(one).items() if text} for one in verdict.evidence]
        yield about | {
            "id": ids.get(verdict.publisher or ""),
            "rating": verdict.rating,
            "rating_value": verdict.rating_value,
            "best_rating": verdict.best_rating,
            "worst_rating": verdict.worst_rating,
            "publisher": verdict.publisher,
            "publisher_site": verdict.publisher_site,
            "url": verdict.url,
            "review_date": str(verdict.reviewed_on or ""),
            "explanation": verdict.explanation,
            "valid_from": str(verdict.valid_from or ""),
            "valid_to": str(verdict.valid_to or ""),
            "reviewed_claim_date": str(verdict.claimed_on or ""),
            "tags": ",".join(verdict.tags),
            "evidence": evidence,
        }
    if not current or ("" in ids and all(verdict.publisher for verdict in current)):  # else its id would be lost
        yield dict.fromkeys(COLUMNS) | about | {"id": ids.get("")}
