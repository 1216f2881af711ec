"""Feeds of claims and verdicts: CSV, TSV and JSONL, row by row, in and out.

A row that cannot be read becomes a `Rejected` with its place and the reason; the rows around it are kept. The same
column names are written and read, so an export can be imported.
"""

from __future__ import annotations

import csv
import json
import logging
import re
from collections import Counter
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.cells import guarded, unguarded
from tracker.dates import parse_day
from tracker.entries import storable
from tracker.errors import InvalidClaim, UnreadableSource, UsageProblem
from tracker.models import Evidence, NewClaim, NewVerdict
from tracker.records import csv_records, text_lines, too_long
from tracker.sources import shown

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
    "reviewed_claim_date": (),
    "tags": (),
    "evidence": (),
}
_OUR_NAME = {other: name for name, others in COLUMNS.items() for other in (name, *others)}
_PACKED = (".gz", ".tgz", ".zip", ".bz2", ".xz", ".7z", ".zst")
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
            packed = "; unpack it first" if path.suffix.casefold() in _PACKED else ""
            kinds = ", ".join(_READERS)
            msg = f"{path}: not a kind of feed that can be imported; its name must end in {kinds}{packed}"
            raise UnreadableSource(msg)
        if not path.is_file():  # to open a pipe or a device may block for ever
            msg = f"{path}: not a regular file; save its content in one"
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

    In .tsv, which has no quoting, white space in a text becomes one space. In .csv and .tsv a cell that a spreadsheet
    would calculate is guarded (`cells`); `read_feed` takes the guard away again.
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
            file.write("\t".join(guarded(" ".join(_text(row[name]).split())) for name in COLUMNS) + "\n")
        return count
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for count, row in enumerate(rows, 1):  # noqa: B007
        writer.writerow(guarded(_text(row[name])) for name in COLUMNS)
    return count


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) if value else ""


def _read_csv(path: Path, file: TextIO) -> Iterator[tuple[int, dict[str, Any] | str]]:
    header: list[str] | None = None
    for number, cells in csv_records(file, _delimiter(file)):
        if header is None:
            if isinstance(cells, str):
                msg = f"{path}:{number}: {cells}"
                raise UnreadableSource(msg)
            header = _header(path, cells)
        else:
            yield number, cells if isinstance(cells, str) else _cells(header, cells)
    if header is None:
        _header(path, [])


def _delimiter(file: TextIO) -> str:
    """The comma, or what spreadsheets elsewhere put in its place: the one that sets the claim's column apart."""
    at = file.tell()
    header = next((line or "" for _, line in text_lines(file)), "")
    file.seek(at)
    for delimiter in (",", ";", "\t"):
        if "claim" in {_ours(cell.strip().strip('"')) for cell in header.split(delimiter)}:
            return delimiter
    return ","


def _read_tsv(path: Path, file: TextIO) -> Iterator[tuple[int, dict[str, Any] | str]]:
    header: list[str] | None = None
    for number, line in text_lines(file):
        cells = line.rstrip("\r\n").split("\t") if line else []
        if header is None:
            if line is None:
                msg = f"{path}:{number}: {too_long()}"
                raise UnreadableSource(msg)
            header = _header(path, cells)
        else:
            yield number, _cells(header, cells) if line else too_long()
    if header is None:
        _header(path, [])


def _read_jsonl(path: Path, file: TextIO) -> Iterator[tuple[int, dict[str, Any] | str]]:
    number = 0
    for number, line in text_lines(file):
        try:
            values = _json(line) if line else None
        except ValueError as error:
            yield number, str(error)
        else:
            yield number, values if isinstance(values, dict) else "not a JSON object" if line else too_long()
    if number == 0:
        msg = f"{path}: empty"
        raise UnreadableSource(msg)


def _json(text: str) -> Any:
    """What a JSON text holds, numbers as they are written. Raises ValueError with the reason."""
    try:
        return json.loads(
            text, parse_int=str, parse_float=str, parse_constant=_no_number, object_pairs_hook=_each_key_once
        )
    except json.JSONDecodeError as error:
        msg = f"not JSON ({error.msg})"
        raise ValueError(msg) from error
    except RecursionError as error:
        raise ValueError("not JSON (nested too deeply)") from error


def _no_number(name: str) -> None:
    msg = f"not JSON ({name} is no number)"
    raise ValueError(msg)


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise ValueError("not JSON (a key stands twice in one object)")
    return values


_READERS = {".csv": _read_csv, ".tsv": _read_tsv, ".jsonl": _read_jsonl, ".ndjson": _read_jsonl}


def _header(path: Path, cells: list[str]) -> list[str]:
    if not cells:
        msg = f"{path}: empty"
        raise UnreadableSource(msg)
    names = [cell.strip() for cell in cells]
    if "claim" not in set(map(_ours, names)):
        found = ", ".join(shown(name[:30]) for name in names[:8])
        msg = f"{path}: no column for the claim; name one of the columns 'claim' (found: {found})"
        raise UnreadableSource(msg)
    twice = next((name for name, count in Counter(map(str.casefold, names)).items() if name and count > 1), None)
    if twice:
        msg = f"{path}: two columns are named {twice[:30]!r}; name one of them differently"
        raise UnreadableSource(msg)
    unknown = [shown(name[:30]) for name in names if name and not _ours(name)]
    if unknown:
        more = f" and {len(unknown) - 20:,} more" if len(unknown) > 20 else ""
        log.warning("%s: columns that are not used: %s%s", path.name, ", ".join(unknown[:20]), more)
    return cells


def _ours(name: str) -> str | None:
    return _OUR_NAME.get(name.casefold())


def _cells(header: list[str], cells: list[str]) -> dict[str, Any] | str:
    if len(cells) != len(header):
        return f"{len(cells)} cells where the header has {len(header)}"
    if header == list(COLUMNS):  # written by `write_feed`, which guards cells; another's texts stay as they are
        cells = list(map(unguarded, cells))
    return dict(zip(header, cells, strict=True))


def _row(where: str, raw: dict[str, Any]) -> Row | Rejected:
    held = [(str(name).strip().casefold(), value) for name, value in raw.items() if _holds(value)]
    named = dict(held)
    values: dict[str, Any] = {}
    for other, ours in _OUR_NAME.items():  # our own name for a column comes first, then the others
        if other in named and ours not in values:
            value = named[other]
            if isinstance(value, dict | list) and ours not in ("tags", "evidence"):
                return Rejected(where, f"{other}: a text was expected")
            values[ours] = value if isinstance(value, dict | list) else str(value)
    twice = next((name for name, count in Counter(name for name, _ in held).items() if count > 1), None)
    if twice in _OUR_NAME:
        return Rejected(where, f"{twice}: stands twice in the row")
    try:
        return Row(where, _claim(values), _verdict(values))
    except InvalidClaim as error:
        return Rejected(where, str(error))


def _holds(value: object) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value not in (None, [], {})


def _claim(values: dict[str, Any]) -> NewClaim:
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


def _verdict(values: dict[str, Any]) -> NewVerdict | None:
    if not any(name in values for name in ("rating", "url", "explanation", "evidence")):
        return None
    return storable(
        NewVerdict(
            values.get("rating"),
            publisher=values.get("publisher"),
            publisher_site=values.get("publisher_site"),
            url=values.get("url"),
            reviewed_on=_day(values.get("review_date")),
            explanation=values.get("explanation"),
            valid_from=_day(values.get("valid_from"), ahead=True),
            valid_to=_day(values.get("valid_to"), ahead=True),
            claimed_on=_day(values.get("reviewed_claim_date")),
            tags=_tags(values.get("tags", [])),
            evidence=_evidence(values.get("evidence", [])),
        )
    )


def _tags(given: Any) -> tuple[str, ...]:
    tags = given.split(",") if isinstance(given, str) else given
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise InvalidClaim("tags: words were expected, with a comma between them")
    return tuple(tags)


def _evidence(given: Any) -> tuple[Evidence, ...]:
    """Read a list of objects, or the JSON of one."""
    form = 'write it as [{"url": "https://...", "note": "...", "archive_url": "https://..."}]'
    try:
        pieces = _json(given) if isinstance(given, str) else given
        if not isinstance(pieces, list):
            raise InvalidClaim(f"evidence: not a list; {form}")
        return tuple(_piece(one, form) for one in pieces)
    except ValueError as error:
        raise InvalidClaim(f"evidence: {error}; {form}") from error


def _piece(given: Any, form: str) -> Evidence:
    names = ("url", "note", "archive_url")
    if not isinstance(given, dict) or not given.keys() <= set(names):
        raise InvalidClaim(f"evidence: not an address with a note and a copy's address; {form}")
    if not all(isinstance(value, str | None) for value in given.values()):
        raise InvalidClaim(f"evidence: a text was expected; {form}")
    return Evidence(given.get("url") or "", given.get("note"), given.get("archive_url"))


def _day(text: str | None, *, ahead: bool = False) -> date | None:
    return parse_day(text, ahead=ahead) if text and text.strip() else None


def _rows_of(record: ClaimRecord) -> Iterator[dict[str, Any]]:
    claim = record.claim
    about = {
        "claim": claim.text,
        "title": claim.title,
        "claimant": claim.claimant,
        "claim_date": str(claim.claimed_on or ""),
        "language": claim.language,
    }
    ids = dict(record.external_ids)
    current = [verdict for verdict in record.verdicts if verdict.is_current]
    for verdict in current:
        evidence = [{name: text for name, text in asdict(one).items() if text} for one in verdict.evidence]
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
            "reviewed_claim_date": str(verdict.claimed_on or ""),
            "tags": ",".join(verdict.tags),
            "evidence": evidence,
        }
    if not current or ("" in ids and all(verdict.publisher for verdict in current)):  # else its id would be lost
        yield dict.fromkeys(COLUMNS) | about | {"id": ids.get("")}
