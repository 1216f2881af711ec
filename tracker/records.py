"""The records of a text file, lines or rows of CSV, one at a time and each of a limited size.

A line or a row of gigabytes costs no memory: it is passed over in pieces, and those after it are read.
"""

from __future__ import annotations

import csv
from collections import deque
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import TextIO

MAX_RECORD = 10_000_000  # characters
MAX_LINES = 100_000  # in a row of CSV: ten texts of the longest, with nothing but line breaks
MAX_AGAIN = 50_000_000  # characters of a file that are read a second time, after rows that are no CSV
MAX_RAW = 50_000  # characters of a record that could not be read, as they are kept
_PIECE = 65_536
_ENDS = ("\n", "\r")


class Misread(str):
    """Why a record could not be read; `raw` is the record as it stood there, as far as it is kept."""

    __slots__ = ("raw",)
    raw: str

    def __new__(cls, reason: str, raw: str = "") -> Self:
        """Make one of a reason and a text, which is cut to `MAX_RAW` characters."""
        made = super().__new__(cls, reason)
        made.raw = raw.strip("\r\n")[:MAX_RAW]
        return made


def text_lines(file: TextIO) -> Iterator[tuple[int, str | None]]:
    """The lines that hold anything, each with its number from 1; None for one of more than MAX_RECORD characters."""
    number = 0
    while (line := _read_line(file)) != "":
        number += 1
        if line is None or line.strip():
            yield number, line


def too_long() -> str:
    """Why a line was passed over."""
    return f"a line of more than {MAX_RECORD:,} characters"


def tsv_records(file: TextIO) -> Iterator[tuple[int, list[str] | str]]:
    """The rows of TSV that hold anything, each with its line; for one that is too long, that it is."""
    for number, line in text_lines(file):
        yield number, too_long() if line is None else line.rstrip("\r\n").split("\t")


def under_header(
    names: Sequence[str], records: Iterable[tuple[int, list[str] | str]]
) -> Iterator[tuple[int, dict[str, object] | str]]:
    """The rows by the names of their columns, each with its line; for one that is none, why."""
    for number, cells in records:
        if isinstance(cells, str):
            yield number, cells
        elif len(cells) != len(names):
            yield number, f"{len(cells)} cells where the header has {len(names)}"
        else:
            yield number, dict(zip(names, cells, strict=True))


def csv_records(file: TextIO, delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """The records that hold anything, each with the line it starts on; for one that is no CSV, why.

    After such a record reading goes on with the line after its first, so that a quotation mark left open costs one row
    and not all that follow. A file made to be read again and again is not: its lines are then passed over.
    """
    again: deque[str | None] = deque()
    taken: list[str | None] = []
    size, reread, start = 0, 0, 1

    def next_line() -> str:
        nonlocal size
        line = again.popleft() if again else _read_line(file)
        taken.append(line)
        size += len(line or "")
        if line is None:
            raise csv.Error(too_long())
        if size > MAX_RECORD or len(taken) > MAX_LINES:
            raise csv.Error(f"a row of {size:,} characters on {len(taken):,} lines")
        return line

    reader = csv.reader(iter(next_line, ""), strict=True, delimiter=delimiter)
    while True:
        taken.clear()
        size = 0
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            reader = csv.reader(iter(next_line, ""), strict=True, delimiter=delimiter)
            rest = [line for line in taken[1:] if line != ""]
            reread += size
            if reread <= MAX_AGAIN:
                yield start, Misread(f"not CSV ({error}); is a quotation mark left open?", taken[0] or "")
                again.extendleft(reversed(rest))
                start += 1
            else:
                lost = f"the {len(rest):,} lines after it were passed over with it"
                yield start, Misread(f"not CSV ({error}); {lost}", taken[0] or "")
                start += 1 + len(rest)
        else:
            if any(cell.strip() for cell in cells):
                yield start, cells
            start += len(taken)


def _read_line(file: TextIO) -> str | None:
    """The next line with its end, "" after the last; None for one that is too long, which is then passed over."""
    line = file.readline(MAX_RECORD)
    if len(line) < MAX_RECORD or line.endswith(_ENDS):
        return line
    piece = file.readline(_PIECE)
    while piece and not piece.endswith(_ENDS):
        piece = file.readline(_PIECE)
    return None
