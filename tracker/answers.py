"""Files of answers to whether a claim is what a text is about: CSV, TSV and JSONL, row by row, into the store."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from tracker.errors import ClaimNotFound, InvalidClaim, UnreadableSource
from tracker.feedback import NO, YES
from tracker.feeds import Imported, Rejected
from tracker.progress import batched, silent
from tracker.records import csv_records, text_lines, too_long, tsv_records, under_header

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import TextIO

    from tracker.progress import Progress
    from tracker.store import Store

    Values = dict[str, object]

COLUMNS = ("query", "claim_id", "answer", "by", "because")  # the last two may be left out
_NEEDED = COLUMNS[:3]
_STEP = 256  # rows between two commits


def read_answers(path: Path) -> Iterator[tuple[str, Values] | Rejected]:
    """The rows of a file, each with where it stands; a row that cannot be read is rejected, and the others are read.

    The kind is told by the name: .csv (RFC 4180, commas), .tsv (no quoting), .jsonl or .ndjson. Raises UnreadableSource
    where the file cannot be read or lacks a column.
    """
    read = _READERS.get(path.suffix.casefold())
    try:
        if path.is_dir():
            raise UnreadableSource(f"{path}: a folder; name a file")
        if not path.exists():
            raise UnreadableSource(f"{path}: no such file")
        if read is None:
            kinds = ", ".join(_READERS)
            raise UnreadableSource(f"{path}: not a kind of file that is read; its name must end in {kinds}")
        if not path.is_file():  # to open a pipe or a device may block for ever
            raise UnreadableSource(f"{path}: not a regular file; save its content in one")
        # Bytes that are not UTF-8 become half characters, which the store refuses: the row is rejected, not the file.
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            number = 0
            for number, values in read(path, file):
                where = f"{path.name}:{number}"
                yield Rejected(where, values) if isinstance(values, str) else (where, values)
            if number == 0:
                raise UnreadableSource(f"{path}: no answers in it")
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        msg = f"{path}: cannot be read ({getattr(error, 'strerror', None) or error})"
        raise UnreadableSource(msg) from error


def take_up(
    store: Store,
    rows: Iterable[tuple[str, Values] | Rejected],
    *,
    by: str | None = None,
    because: str | None = None,
    progress: Progress = silent,
) -> Imported:
    """Keep a file's answers, committed every few hundred; one that the store refuses is rejected.

    An answer that supersedes another one counts as updated. `by` and `because` hold for rows that name none.
    """
    counts = Counter[str]()
    rejected: list[Rejected] = []
    with progress("answers", None) as advance:
        for part in batched(rows, _STEP):
            with store.writing():
                for row in part:
                    outcome = row if isinstance(row, Rejected) else _take_up(store, *row, by, because)
                    if isinstance(outcome, Rejected):
                        rejected.append(outcome)
                    else:
                        counts[outcome] += 1
            advance(len(part))
    return Imported(counts["added"], counts["updated"], counts["unchanged"], tuple(rejected))


def is_yes(answer: str) -> bool:
    """What an answer says, yes or no in capitals or small letters. Raises InvalidClaim for anything else."""
    said = answer.strip().casefold()
    if said not in (YES, NO):
        raise InvalidClaim(f"answer {answer[:30]!r}: not {YES} or {NO}")
    return said == YES


def _take_up(store: Store, where: str, values: Values, by: str | None, because: str | None) -> str | Rejected:
    """Keep one row's answer: `added`, `updated` (another was there) or `unchanged`."""
    texts = {name: str(value).strip() for name, value in values.items() if isinstance(value, str | int)}
    try:
        query, claim, answer = (_text(name, values, texts) for name in _NEEDED)
        claim_id, is_about = _number(claim), is_yes(answer)
        earlier = store.feedback.last(query, claim_id)
        said_by, why = texts.get("by") or by, texts.get("because") or because
        _, is_new = store.feedback.add(query, claim_id, is_about=is_about, by=said_by, because=why)
    except (InvalidClaim, ClaimNotFound) as reason:
        return Rejected(where, str(reason))
    return "unchanged" if not is_new else "updated" if earlier else "added"


def _text(name: str, values: Values, texts: dict[str, str]) -> str:
    if not texts.get(name):
        what = "a text was expected" if values.get(name) else "is missing"
        raise InvalidClaim(f"{name}: {what}")
    return texts[name]


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        raise InvalidClaim(f"claim_id {text[:30]!r}: not a claim's number")
    return int(text)


def _read_csv(path: Path, file: TextIO) -> Iterator[tuple[int, Values | str]]:
    return _table(path, csv_records(file, ","))


def _read_tsv(path: Path, file: TextIO) -> Iterator[tuple[int, Values | str]]:
    return _table(path, tsv_records(file))


def _table(path: Path, records: Iterator[tuple[int, list[str] | str]]) -> Iterator[tuple[int, Values | str]]:
    """The rows under a header."""
    start, header = next(records, (1, []))
    if isinstance(header, str):
        raise UnreadableSource(f"{path}:{start}: {header}")
    names = [name.strip().casefold() for name in header]
    lacking = [name for name in _NEEDED if names.count(name) != 1]
    if lacking:
        found = ", ".join(name[:30] for name in names[:8]) or "nothing"
        msg = f"{path}: not one column {lacking[0]!r}; its header names {', '.join(_NEEDED)} (found: {found})"
        raise UnreadableSource(msg)
    yield from under_header(names, records)


def _read_jsonl(_: Path, file: TextIO) -> Iterator[tuple[int, Values | str]]:
    for number, line in text_lines(file):
        try:
            values = None if line is None else json.loads(line)
        except ValueError as error:
            yield number, f"not JSON ({getattr(error, 'msg', error)})"
        except RecursionError:
            yield number, "not JSON (nested too deeply)"
        else:
            yield number, values if isinstance(values, dict) else "not a JSON object" if line else too_long()


_READERS = {".csv": _read_csv, ".tsv": _read_tsv, ".jsonl": _read_jsonl, ".ndjson": _read_jsonl}
