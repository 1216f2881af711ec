"""Feeds of claims and verdicts: CSV, TSV and JSONL, row by row, in and out.

A row that cannot be read becomes a `Rejected` with its place and the reason; the rows around it are kept. The same
column names are written and read, so an export can be imported.
"""

from __future__ import annotations

import csv
import json
import logging
import re
from collections import deque
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.dates import parse_day
from tracker.entries import storable
from tracker.errors import InvalidClaim, UnreadableSource, UsageProblem
from tracker.models import NewClaim, NewVerdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date
    from typing import TextIO

    from tracker.models import ClaimRecord

log = logging.getLogger(__name__)

STARTER = Path(__file__).parent / "data" / "starter-claims.csv"

# Our column, and the other names that feeds use for it.
COLUMNS = {
    "id": ("external_id",),
    "claim": ("claim_reviewed", "claimreviewed", "text", "statement"),
    "title": ("headline",),
    "claimant": ("speaker",),
    "claim_date": ("claimed_on",),
    "language": ("lang",),
    "rating": ("verdict",),
    "publisher": (),
    "publisher_site": ("site",),
    "url": ("review_url",),
    "review_date": ("reviewed_on", "date"),
    "explanation": ("rating_explanation", "note"),
    "valid_from": (),
    "valid_to": (),
}
_OUR_NAME = {other: name for name, others in COLUMNS.items() for other in (name, *others)}
_STATED_ON = re.compile(r"\s*stated on (?P<day>[A-Z][a-z]+ \d{1,2}, \d{4})\b")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a feed: a claim, its verdict if the row has one, and where it stands."""

    where: str
    claim: NewClaim
    verdict: NewVerdict | None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was left out: where it stands and why."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: rows that brought a claim, rows that changed one, rows known before, rows left out."""

    added: int
    updated: int
    unchanged: int
    rejected: tuple[Rejected, ...] = ()


def read_feed(path: Path) -> Iterator[Row | Rejected]:
    """The rows of a feed in order, read as they are asked for.

    The kind is told by the name: .csv (RFC 4180; semicolons or tabs are recognised), .tsv (no quoting), .jsonl or
    .ndjson. Raises UnreadableSource at once where the file cannot be read or has no column for the claim.
    """
    rows = _read(path)
    first = next(rows, None)
    return rows if first is None else chain([first], rows)


def _read(path: Path) -> Iterator[Row | Rejected]:
    read = _READERS.get(path.suffix.casefold())
    try:
        if path.is_dir():
            msg = f"{path}: a folder; name the feed's file"
            raise UnreadableSource(msg)
        if not path.exists():
            msg = f"{path}: no such file"
            raise UnreadableSource(msg)
        if read is None:
            msg = f"{path}: not a kind of feed that can be imported; its name must end in {', '.join(_READERS)}"
            raise UnreadableSource(msg)
        # Bytes that are not UTF-8 become half characters, which `storable` refuses: the row is rejected, not the file.
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            for number, values in read(path, file):
                where = f"{path.name}:{number}"
                yield _row(where, values) if isinstance(values, dict) else Rejected(where, values)
    except OSError as error:
        msg = f"{path}: cannot be read ({error.strerror})"
        raise UnreadableSource(msg) from error


def write_feed(records: Iterable[ClaimRecord], file: TextIO, kind: str) -> int:
    """Write one row a current verdict, and one for each claim without, and count them; `kind` is .csv, .tsv or .jsonl.

    In .tsv, which has no quoting, white space in a text becomes one space.
    """
    rows = (row for record in records for row in _rows_of(record))
    count = 0
    if kind in (".jsonl", ".ndjson"):
        for count, row in enumerate(rows, 1):  # noqa: B007 - counted for the caller
            file.write(json.dumps({name: value for name, value in row.items() if value}, ensure_ascii=False) + "\n")
        return count
    if kind not in _READERS:
        msg = f"{kind or 'no suffix'}: not a kind of feed that can be written; use .csv, .tsv or .jsonl"
        raise UsageProblem(msg)
    if kind == ".tsv":
        file.write("\t".join(COLUMNS) + "\n")
        for count, row in enumerate(rows, 1):  # noqa: B007
            file.write("\t".join(re.sub(r"\s+", " ", row[name] or "") for name in COLUMNS) + "\n")
        return count
    writer = csv.DictWriter(file, list(COLUMNS), lineterminator="\r\n")
    writer.writeheader()
    for count, row in enumerate(rows, 1):  # noqa: B007
        writer.writerow(row)
    return count


def _read_csv(path: Path, file: TextIO) -> Iterator[tuple[int, dict[str, Any] | str]]:
    header: list[str] | None = None
    for number, cells in _csv_records(file):
        if header is None:
            if isinstance(cells, str):
                msg = f"{path}:{number}: {cells}"
                raise UnreadableSource(msg)
            header = _header(path, cells)
        else:
            yield number, cells if isinstance(cells, str) else _cells(header, cells)
    if header is None:
        _header(path, [])


def _csv_records(file: TextIO) -> Iterator[tuple[int, list[str] | str]]:
    """The records that hold anything, each with the line it starts on; for one that is no CSV, why.

    After such a record reading goes on with the line after its first, so that a quotation mark left open costs one row
    and not all that follow.
    """
    again: deque[str] = deque()
    taken: list[str] = []

    def next_line() -> str:
        taken.append(again.popleft() if again else file.readline())
        return taken[-1]

    start = 1
    delimiter = _delimiter(file)
    reader = csv.reader(iter(next_line, ""), strict=True, delimiter=delimiter)
    while True:
        taken.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield start, f"not CSV ({error}); is a quotation mark left open?"
            again.extendleft(reversed([line for line in taken[1:] if line]))
            reader = csv.reader(iter(next_line, ""), strict=True, delimiter=delimiter)
            start += 1
        else:
            if any(cell.strip() for cell in cells):
                yield start, cells
            start += len(taken)


def _delimiter(file: TextIO) -> str:
    """The comma, or what spreadsheets elsewhere put in its place: the one that sets the claim's column apart."""
    at = file.tell()
    header = next((line for line in iter(file.readline, "") if line.strip()), "")
    file.seek(at)
    for delimiter in (",", ";", "\t"):
        if "claim" in {_ours(cell.strip().strip('"')) for cell in header.split(delimiter)}:
            return delimiter
    return ","


def _read_tsv(path: Path, file: TextIO) -> Iterator[tuple[int, dict[str, Any] | str]]:
    header: list[str] | None = None
    for number, line in enumerate(file, 1):
        cells = line.rstrip("\r\n").split("\t")
        if not line.strip():
            continue
        if header is None:
            header = _header(path, cells)
        else:
            yield number, _cells(header, cells)
    if header is None:
        _header(path, [])


def _read_jsonl(path: Path, file: TextIO) -> Iterator[tuple[int, dict[str, Any] | str]]:
    number = 0
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except ValueError as error:
            yield number, f"not JSON ({getattr(error, 'msg', 'a number of too many digits')})"
        except RecursionError:
            yield number, "not JSON (nested too deeply)"
        else:
            yield number, values if isinstance(values, dict) else "not a JSON object"
    if number == 0:
        msg = f"{path}: empty"
        raise UnreadableSource(msg)


_READERS = {".csv": _read_csv, ".tsv": _read_tsv, ".jsonl": _read_jsonl, ".ndjson": _read_jsonl}


def _header(path: Path, cells: list[str]) -> list[str]:
    if not cells:
        msg = f"{path}: empty"
        raise UnreadableSource(msg)
    names = [cell.strip() for cell in cells]
    if "claim" not in set(map(_ours, names)):
        found = ", ".join(name[:30] for name in names[:8])
        msg = f"{path}: no column for the claim; name one of the columns 'claim' (found: {found})"
        raise UnreadableSource(msg)
    twice = next((name for name in names if name and names.count(name) > 1), None)
    if twice:
        msg = f"{path}: two columns are named {twice!r}; name one of them differently"
        raise UnreadableSource(msg)
    unknown = [name[:30] for name in names if name and not _ours(name)]
    if unknown:
        log.warning("%s: columns that are not used: %s", path.name, ", ".join(unknown))
    return cells


def _ours(name: str) -> str | None:
    return _OUR_NAME.get(name.casefold())


def _cells(header: list[str], cells: list[str]) -> dict[str, Any] | str:
    if len(cells) != len(header):
        return f"{len(cells)} cells where the header has {len(header)}"
    return dict(zip(header, cells, strict=True))


def _row(where: str, raw: dict[str, Any]) -> Row | Rejected:
    named = {str(name).strip().casefold(): value for name, value in raw.items() if _holds(value)}
    values: dict[str, str] = {}
    for other, ours in _OUR_NAME.items():  # our own name for a column comes first, then the others
        if other in named and ours not in values:
            if isinstance(named[other], dict | list):
                return Rejected(where, f"{other}: a text was expected")
            values[ours] = str(named[other])
    try:
        return Row(where, _claim(values), _verdict(values))
    except InvalidClaim as error:
        return Rejected(where, str(error))


def _holds(value: object) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None


def _claim(values: dict[str, str]) -> NewClaim:
    stated = _STATED_ON.match(values.get("review_date", ""))
    if stated:  # PolitiFact's "stated on October 22, 2019 in a mailer": the day of the claim, not of the review
        values["claim_date"] = stated["day"]
        del values["review_date"]
    return storable(
        NewClaim(
            values.get("claim", ""),
            external_id=values.get("id"),
            title=values.get("title"),
            claimant=values.get("claimant"),
            claimed_on=_day(values.get("claim_date")),
            language=values.get("language"),
        )
    )


def _verdict(values: dict[str, str]) -> NewVerdict | None:
    if not any(values.get(name, "").strip() for name in ("rating", "url", "explanation")):
        return None
    return storable(
        NewVerdict(
            values.get("rating"),
            publisher=values.get("publisher"),
            publisher_site=values.get("publisher_site"),
            url=values.get("url"),
            reviewed_on=_day(values.get("review_date")),
            explanation=values.get("explanation"),
            valid_from=_day(values.get("valid_from")),
            valid_to=_day(values.get("valid_to")),
        )
    )


def _day(text: str | None) -> date | None:
    return parse_day(text) if text and text.strip() else None


def _rows_of(record: ClaimRecord) -> Iterator[dict[str, str | None]]:
    claim = record.claim
    about = {
        "claim": claim.text,
        "title": claim.title,
        "claimant": claim.claimant,
        "claim_date": str(claim.claimed_on or ""),
        "language": claim.language,
    }
    ids = dict(record.external_ids)
    current = [verdict for verdict in record.verdicts if verdict.superseded_by is None]
    for verdict in current:
        yield about | {
            "id": ids.get(verdict.publisher or ""),
            "rating": verdict.rating,
            "publisher": verdict.publisher,
            "publisher_site": verdict.publisher_site,
            "url": verdict.url,
            "review_date": str(verdict.reviewed_on or ""),
            "explanation": verdict.explanation,
            "valid_from": str(verdict.valid_from or ""),
            "valid_to": str(verdict.valid_to or ""),
        }
    if not current:
        yield dict.fromkeys(COLUMNS) | about | {"id": ids.get("")}
