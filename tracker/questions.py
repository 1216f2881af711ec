"""Questions: what a file asks the store, one text a row, for many searches at once."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.errors import InvalidClaim, UnreadableSource
from tracker.feeds import Rejected
from tracker.queries import utterance
from tracker.records import csv_records, text_lines, too_long, tsv_records, under_header

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from typing import BinaryIO, TextIO

    from tracker.models import Utterance

    Rows = Iterator[tuple[int, dict[str, Any] | str]]  # a row's line and its values, or why there are none


@dataclass(frozen=True, slots=True)
class Question:
    """A row: what is looked for, under its own name (`qid`) or the number of its line."""

    qid: str
    said: Utterance


def read_questions(
    source: str, *, speaker: str | None = None, stated_on: date | None = None, stdin: BinaryIO | None = None
) -> Iterator[Question | Rejected]:
    """The questions of a file (`-`: standard input) in order; a row that is none is rejected, and the others are read.

    The kind is told by the name: .csv (RFC 4180, commas) and .tsv (no quoting) with a column `text`, .jsonl or .ndjson
    with the key `text`; both may have `qid`, `context`, `speaker` and `date` too. In any other file a line is a text,
    or an object as in JSONL where it begins with `{`. `speaker` and `stated_on` hold for rows that do not say so.
    Raises UnreadableSource where the file cannot be read, is empty or lacks the column.
    """
    name, number = "standard input" if source == "-" else Path(source).name, 0
    with _opened(source, stdin) as file:
        for number, values in _READERS.get(Path(source).suffix.casefold(), _read_lines)(file, source):
            try:
                found = _question(number, values)
            except (ValueError, InvalidClaim) as reason:
                yield Rejected(f"{name}:{number}", str(reason).removeprefix("claim: "))
                continue
            said = replace(
                found.said, speaker=found.said.speaker or speaker, stated_on=found.said.stated_on or stated_on
            )
            yield replace(found, said=said)
    if not number:
        msg = f"{name if source == '-' else source}: empty; give a text a line"
        raise UnreadableSource(msg)


@contextmanager
def _opened(source: str, stdin: BinaryIO | None) -> Iterator[TextIO]:
    """The file as text. Bytes that are not UTF-8 become half characters, so that their row is rejected, not the file.

    Raises UnreadableSource.
    """
    try:
        if source == "-":
            stream = stdin or getattr(sys.stdin, "buffer", None)
            if stream is None:
                raise UnreadableSource("standard input: it is closed; name a file instead")
            file = TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
            try:
                yield file
            finally:
                file.detach()  # it is not ours to close
            return
        path = Path(source)
        if path.is_dir():
            raise UnreadableSource(f"{path}: a folder; name a file")
        if path.exists() and not path.is_file():  # to open a pipe or a device may block for ever
            raise UnreadableSource(f"{path}: not a regular file; pipe its content in and give - as the file")
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as lines:
            yield lines
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        msg = f"{source}: cannot be read ({getattr(error, 'strerror', None) or error})"
        raise UnreadableSource(msg) from error


def _question(number: int, values: dict[str, Any] | str) -> Question:
    """Read one row. Raises ValueError, InvalidClaim."""
    if isinstance(values, str):
        raise ValueError(values)  # noqa: TRY004 - of the row, not of an argument
    values = {name.casefold(): value for name, value in values.items()} | values
    qid = values.get("qid")
    if not isinstance(qid, str | int | None) or isinstance(qid, bool):
        raise ValueError("'qid' is not a text")  # noqa: TRY004
    return Question(str("" if qid is None else qid).strip() or str(number), utterance(values))


def _read_lines(file: TextIO, _: str) -> Rows:
    for number, line in text_lines(file):
        if line is None:
            yield number, too_long()
        else:
            yield number, _object(line) if line.startswith("{") else {"text": line}


def _read_jsonl(file: TextIO, _: str) -> Rows:
    return ((number, too_long() if line is None else _object(line)) for number, line in text_lines(file))


def _object(line: str) -> dict[str, Any] | str:
    try:
        values = json.loads(line)
    except ValueError as error:
        return f"not JSON ({getattr(error, 'msg', error)})"
    except RecursionError:
        return "not JSON (nested too deeply)"
    return values if isinstance(values, dict) else "not a JSON object"


def _read_csv(file: TextIO, source: str) -> Rows:
    return _table(csv_records(file, ","), source)


def _read_tsv(file: TextIO, source: str) -> Rows:
    return _table(tsv_records(file), source)


def _table(records: Iterator[tuple[int, list[str] | str]], source: str) -> Rows:
    """The rows under a header. Raises UnreadableSource."""
    start, header = next(records, (0, []))
    names = [] if isinstance(header, str) else [name.strip().casefold() for name in header]
    if start and names.count("text") != 1:
        found = header if isinstance(header, str) else ", ".join(name[:30] for name in names[:8])
        raise UnreadableSource(f"{source}:{start}: not one column 'text' in its header (found: {found})")
    yield from under_header(names, records)


_READERS = {".csv": _read_csv, ".tsv": _read_tsv, ".jsonl": _read_jsonl, ".ndjson": _read_jsonl}
