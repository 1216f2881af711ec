"""Couples: a file of statements, each with the claim that it is to be related to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tracker.errors import UnreadableSource
from tracker.feeds import Rejected
from tracker.lines import read_lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    Couple = tuple[str, str]

COLUMNS = ("statement", "verified_claim")


def read_couples(path: Path) -> Iterator[Couple | Rejected]:
    """The couples in order: TSV without quoting, or JSONL by its name; a row that is none is rejected, the others read.

    Raises UnreadableSource where the file cannot be read or its header lacks a column.
    """
    yield from _jsonl(path) if path.suffix.casefold() in (".jsonl", ".ndjson") else _tsv(path)


def _tsv(path: Path) -> Iterator[Couple | Rejected]:
    lines = read_lines(path)
    names = next(lines)[1].rstrip("\r\n").split("\t")
    for name in COLUMNS:
        if name not in names:
            msg = f"{path}: no column {name!r}; a file of pairs has the columns {', '.join(COLUMNS)}, in TSV"
            raise UnreadableSource(msg)
    for where, line in lines:
        cells = line.rstrip("\r\n").split("\t")
        if len(cells) != len(names):
            yield Rejected(where, f"{len(cells)} cells where the header has {len(names)}")
        else:
            yield _couple(where, dict(zip(names, cells, strict=True)))


def _jsonl(path: Path) -> Iterator[Couple | Rejected]:
    for where, line in read_lines(path):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            yield Rejected(where, "not JSON")
            continue
        yield _couple(where, row if isinstance(row, dict) else {})


def _couple(where: str, row: dict[str, object]) -> Couple | Rejected:
    statement, claim = (row.get(name) for name in COLUMNS)
    if not isinstance(statement, str) or not isinstance(claim, str) or not statement.strip() or not claim.strip():
        return Rejected(where, "no statement and verified_claim in it, or an empty one")
    return statement, claim
