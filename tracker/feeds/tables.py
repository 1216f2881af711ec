"""Tables and lines as feeds: CSV, TSV and JSONL, row by row, as named values."""

from __future__ import annotations

import logging
import re
import shlex
from collections import Counter
from typing import TYPE_CHECKING, Any

from tracker.cells import unguarded
from tracker.errors import UnreadableSource
from tracker.feeds.rows import COLUMNS, FIRST_COLUMNS, our_name, parsed
from tracker.records import Misread, csv_records, text_lines, too_long
from tracker.sources import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from typing import TextIO

    Mapped = Mapping[str, str]  # a feed's name for a column, in small letters, to ours

_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
_QUOTED = re.compile('"[^"]*"')
_WRITTEN = (list(COLUMNS), list(COLUMNS)[:FIRST_COLUMNS])

log = logging.getLogger(__name__)


def _read_csv(path: Path, file: TextIO, mapped: Mapped) -> Iterator[tuple[int, dict[str, Any] | str]]:
    header: list[str] | None = None
    delimiter = _delimiter(file, mapped)
    mend = f"put quotation marks around a cell that holds a {_DELIMITERS[delimiter]}"
    for number, cells in csv_records(file, delimiter):
        if header is None:
            if isinstance(cells, str):
                msg = f"{path}:{number}: {cells}"
                raise UnreadableSource(msg)
            header = _header(path, cells, mapped)
        else:
            yield number, cells if isinstance(cells, str) else _cells(header, cells, mend)
    if header is None:
        _header(path, [], mapped)


def _delimiter(file: TextIO, mapped: Mapped) -> str:
    """The comma, or what spreadsheets elsewhere put in its place: the one that sets the claim's column apart.

    Where none does, the one that sets most columns apart: then they are told one by one.
    """
    at = file.tell()
    header = next((line or "" for _, line in text_lines(file)), "")
    file.seek(at)
    for delimiter in _DELIMITERS:
        if "claim" in {
            our_name(cell) for cell in renamed([cell.strip().strip('"') for cell in header.split(delimiter)], mapped)
        }:
            return delimiter
    return max(_DELIMITERS, key=_QUOTED.sub("", header).count)


def _read_tsv(path: Path, file: TextIO, mapped: Mapped) -> Iterator[tuple[int, dict[str, Any] | str]]:
    header: list[str] | None = None
    for number, line in text_lines(file):
        cells = line.rstrip("\r\n").split("\t") if line else []
        if header is None:
            if line is None:
                msg = f"{path}:{number}: {too_long()}"
                raise UnreadableSource(msg)
            header = _header(path, cells, mapped)
        else:
            yield number, _cells(header, cells, "put a space for a tab within a cell") if line else too_long()
    if header is None:
        _header(path, [], mapped)


def _read_jsonl(path: Path, file: TextIO, mapped: Mapped) -> Iterator[tuple[int, dict[str, Any] | str]]:
    number = 0
    for number, line in text_lines(file):
        try:
            values = parsed(line) if line else None
        except ValueError as error:
            yield number, Misread(str(error), line or "")
        else:
            if isinstance(values, dict):
                yield number, dict(zip(renamed(list(values), mapped), values.values(), strict=True))
            else:
                yield number, Misread("not a JSON object", line) if line else too_long()
    if number == 0:
        msg = f"{path}: empty"
        raise UnreadableSource(msg)


def renamed(names: list[str], mapped: Mapped) -> list[str]:
    """The names of columns with those of the user's choice put in their place (`--map`)."""
    return [mapped.get(name.casefold(), name) for name in names]


def _header(path: Path, cells: list[str], mapped: Mapped) -> list[str]:
    if not cells:
        msg = f"{path}: empty"
        raise UnreadableSource(msg)
    theirs = [cell.strip() for cell in cells]
    lacking = next((name for name in mapped if name not in map(str.casefold, theirs)), None)
    if lacking:
        found = ", ".join(shown(name[:30]) for name in theirs[:20])
        msg = f"{path}: no column named {lacking[:30]!r}, as --map says (found: {found})"
        raise UnreadableSource(msg)
    names = renamed(theirs, mapped)
    if "claim" not in set(map(our_name, names)):
        found = ", ".join(shown(name[:30]) for name in names[:8])
        such = next((shown(name) for name in names if 0 < len(name) <= 30 and not our_name(name)), "COLUMN")
        mend = f"name one 'claim', or say which one it is, as --map {shlex.quote(f'claim={such}')} does"
        msg = f"{path}: no column for the claim; {mend} (found: {found})"
        raise UnreadableSource(msg)
    twice = next((name for name, count in Counter(map(str.casefold, names)).items() if name and count > 1), None)
    if twice:
        msg = f"{path}: two columns are named {twice[:30]!r}; name one of them differently"
        raise UnreadableSource(msg)
    unknown = [shown(name[:30]) for name in names if name and not our_name(name)]
    if unknown:
        more = f" and {len(unknown) - 20:,} more" if len(unknown) > 20 else ""
        log.warning("%s: columns that are not used: %s%s", path.name, ", ".join(unknown[:20]), more)
    return names if mapped else cells


def _cells(header: list[str], cells: list[str], mend: str) -> dict[str, Any] | str:
    """The cells by their columns; `mend` is what to do where they are too many."""
    if len(cells) != len(header):
        mend = mend if len(cells) > len(header) else "write the empty ones too"
        return Misread(f"{len(cells)} cells where the header has {len(header)}; {mend}", "\t".join(cells))
    if header in _WRITTEN:  # by `write_feed`, which guards cells; another's texts stay as they are
        cells = list(map(unguarded, cells))
    return dict(zip(header, cells, strict=True))


READERS = {".csv": _read_csv, ".tsv": _read_tsv, ".jsonl": _read_jsonl, ".ndjson": _read_jsonl}
