"""Transcripts: tables (.csv, .tsv) with who speaks in one column and what in another."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, NamedTuple

from tracker.articles.turns import Turn, as_text, speaker
from tracker.models import Article
from tracker.records import csv_records, tsv_records
from tracker.sources import Source, fail

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SUFFIXES = frozenset({".csv", ".tsv", ".tab"})
_TYPES = frozenset({"text/csv", "text/tab-separated-values"})
_TEXT = ("text", "utterance", "sentence", "statement", "transcript", "speech", "content")
_SPEAKER = ("speaker", "speaker_name", "name", "who", "voice")
_MEND = "mend that line, or save the table anew"
_LONGEST_NAME = 60
_SEEN = 20  # rows that tell what the columns of a table without a header hold


class _Columns(NamedTuple):
    speaker: int | None
    text: int
    last: bool = False  # the text goes on in the cells after it
    header: int = 0  # how many cells it has


def is_table(raw: Source) -> bool:
    """Tell whether it is one, by its name or the server's word."""
    return raw.suffix in _SUFFIXES or raw.media_type in _TYPES


def from_table(source: str, text: str) -> Article:
    """Read a transcript: a header names its columns, or each row is number, speaker and text, or speaker and text.

    Raises UnreadableSource for a table that has no such columns, and for a row without them: nothing is left out.
    """
    rows = list(_rows(source, text))
    columns = _columns([cells for _, cells in rows[:_SEEN]])
    if columns is None:
        hint = "name two columns in its first row: speaker,text" if rows else "give a transcript with some rows in it"
        fail(source, "it is no transcript" if rows else "it has no text", hint)
    written, named = as_text(_turns(source, rows[bool(columns.header) :], columns))
    return Article(source, written, named=named)


def _rows(source: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that hold anything, each with its line."""
    first = text.lstrip("\n").partition("\n")[0]
    separator = _separator(first)
    file = StringIO(text, newline="")
    for number, cells in tsv_records(file) if separator == "\t" else csv_records(file, separator):
        if isinstance(cells, str):
            fail(source, f"line {number}: {cells}", _MEND)
        if any(cell.strip() for cell in cells):
            yield number, [_unquoted(cell) for cell in cells] if separator == "\t" else cells


def _separator(first: str) -> str:
    """What stands between the cells of the first line: not what is most frequent there, as texts have commas too."""
    if "\t" in first:
        return "\t"
    columns = _columns([first.split(";")])
    return ";" if columns and (columns.header or columns.last) and ";" in first else ","


def _unquoted(cell: str) -> str:
    """A cell without the quotation marks that a spreadsheet puts around one that has some; others are the text's."""
    inner = cell[1:-1]
    around = len(cell) > 1 and cell[0] == cell[-1] == '"'
    return inner.replace('""', '"') if around and '""' in inner and '"' not in inner.replace('""', "") else cell


def _columns(rows: Sequence[Sequence[str]]) -> _Columns | None:
    """Find the columns: by their names, else by what stands in them."""
    names = [cell.strip(' "').casefold() for cell in rows[0]] if rows else []
    text = next((names.index(name) for name in _TEXT if name in names), None)
    if text is not None:
        return _Columns(next((names.index(name) for name in _SPEAKER if name in names), None), text, header=len(names))
    if rows and all(len(row) > 2 and row[0].strip().isdigit() and _is_name(row[1]) for row in rows):
        return _Columns(1, 2, last=True)
    if rows and all(len(row) == 2 and _is_name(row[0]) for row in rows):
        return _Columns(0, 1)
    return None


def _is_name(cell: str) -> bool:
    return len(cell) <= _LONGEST_NAME and not cell.strip().isdigit()


def _turns(source: str, rows: Sequence[tuple[int, Sequence[str]]], columns: _Columns) -> Iterator[Turn]:
    for number, cells in rows:
        if len(cells) <= max(columns.text, columns.speaker or 0):
            fail(source, f"line {number} has only {len(cells)} of its cells", _MEND)
        if len(cells) > columns.header > 0:  # a separator within the text: what follows would be lost
            fail(source, f"line {number} has {len(cells)} cells where the header has {columns.header}", _MEND)
        said = " ".join(" ".join(cells[columns.text :] if columns.last else [cells[columns.text]]).split())
        if said and columns.speaker is None:
            yield Turn(None, said, is_told=False)
        elif said and columns.speaker is not None:
            yield Turn(speaker(cells[columns.speaker]), said)
