"""Feeds of claims and verdicts, row by row, in and out.

A row that cannot be read becomes a `Rejected` with its place and the reason; the rows around it are kept. The same
column names are written and read, so an export can be imported.
"""

from __future__ import annotations

import codecs
import logging
import re
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.errors import UnreadableSource
from tracker.feeds.rows import COLUMNS, Imported, Kin, Rejected, Row, parsed, row_of, row_or_rejected
from tracker.feeds.tables import READERS
from tracker.feeds.writing import write_feed
from tracker.progress import silent
from tracker.records import Misread
from tracker.sources import fail, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tracker.progress import Progress

__all__ = [
    "COLUMNS",
    "READERS",
    "STARTER",
    "Imported",
    "Kin",
    "Rejected",
    "Row",
    "open_feed",
    "read_again",
    "read_feed",
    "write_feed",
]

STARTER = Path(__file__).parent.parent / "data" / "starter-claims.csv"

# Files that hold markup alone; lines of JSON may be reviews or rows. What reads markup is imported for those alone,
# because every command imports this package.
_MARKUP = (".json", ".jsonld", ".html", ".htm", ".xhtml", ".xml", ".rss", ".atom")
_LINES = (".jsonl", ".ndjson")
_PACKED = (".gz", ".tgz", ".zip", ".bz2", ".xz", ".7z", ".zst")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

log = logging.getLogger(__name__)


def open_feed(
    source: str,
    mapped: Mapping[str, str] | None = None,
    *,
    limit: int | None = None,
    progress: Progress = silent,
) -> Iterator[Row | Rejected]:
    """The rows of a file (`read_feed`), or of an address, at most `limit` pages of it (`web.read_web`).

    Raises UnreadableSource at once where nothing can be read.
    """
    scheme = _SCHEME.match(source)
    if scheme is None:
        return read_feed(Path(source), mapped)
    if scheme[1].casefold() not in ("http", "https"):
        fail(source, f"{scheme[1]}:// is not supported", "name a file, or an address that begins with https://")
    if mapped:
        _warn_of_map(shown(source))
    from tracker.feeds.web import LIMIT, read_web

    rows = read_web(source, limit or LIMIT, progress)
    first = next(rows, None)
    return rows if first is None else chain([first], rows)


def read_feed(path: Path, mapped: Mapping[str, str] | None = None) -> Iterator[Row | Rejected]:
    """The rows of a feed in order, read as they are asked for.

    The kind is told by the name: .csv (RFC 4180; semicolons or tabs are recognised), .tsv (no quoting), .jsonl or
    .ndjson, and ClaimReview markup (`_MARKUP`). `mapped` are our columns by the names that a table has for
    them. Raises UnreadableSource at once where the file cannot be read or has no column for the claim.
    """
    if _is_markup(path):
        if mapped:
            _warn_of_map(path.name)
        from tracker.feeds.markup import read_markup

        return read_markup(path)
    rows = _read(path, {name.casefold(): ours for name, ours in (mapped or {}).items()})
    first = next(rows, None)
    return rows if first is None else chain([first], rows)


def read_again(where: str, raw: str, reason: str) -> Row | Rejected:
    """A row that was left out, read from what was kept of it; `reason` stands where nothing can be read from that."""
    try:
        values = parsed(raw)
    except ValueError:
        return Rejected(where, reason, raw)
    if not isinstance(values, dict):
        return Rejected(where, reason, raw)
    from tracker.feeds.markup import is_review, review_again

    found = row_of(where, values) if not is_review(values) else review_again(where, values)
    return replace(found or Rejected(where, reason), where=where, raw=raw)


def _warn_of_map(name: str) -> None:
    log.warning("%s: --map is not used for it: markup has names of its own, not a table's", name)


def _is_markup(path: Path) -> bool:
    suffix = path.suffix.casefold()
    if suffix == ".gz":
        return path.with_suffix("").suffix.casefold() in (*_MARKUP, *_LINES)
    return suffix in _MARKUP


def _read(path: Path, mapped: Mapping[str, str]) -> Iterator[Row | Rejected]:
    suffix = path.suffix.casefold()
    read = READERS.get(suffix)
    try:
        if path.is_dir():
            msg = f"{path}: a folder; name the feed's file"
            raise UnreadableSource(msg)
        if not path.exists():
            msg = f"{path}: no such file; check the name (a web address begins with https://)"
            raise UnreadableSource(msg)
        if read is None:
            packed = "; unpack it first" if path.suffix.casefold() in _PACKED else ""
            kinds = ", ".join((*READERS, *_MARKUP))
            msg = f"{path}: not a kind of feed that can be imported; its name must end in {kinds}{packed}"
            raise UnreadableSource(msg)
        if not path.is_file():  # to open a pipe or a device may block for ever
            msg = f"{path}: not a regular file; save its content in one"
            raise UnreadableSource(msg)
        encoding, errors = _encoding(path)
        with path.open(encoding=encoding, errors=errors, newline="") as file:
            rows = (
                (f"{path.name}:{number}", values if isinstance(values, dict | Misread) else Misread(values))
                for number, values in read(path, file, mapped)
            )
            if suffix in _LINES:
                from tracker.feeds.markup import rows_or_reviews

                yield from rows_or_reviews(rows)
            else:
                for where, values in rows:
                    yield row_or_rejected(where, values)
    except OSError as error:
        msg = f"{path}: cannot be read ({error.strerror})"
        raise UnreadableSource(msg) from error
    except UnicodeDecodeError as error:
        msg = f"{path}: ends in the middle of a character; save it anew, best as UTF-8"
        raise UnreadableSource(msg) from error


def _encoding(path: Path) -> tuple[str, str]:
    """UTF-8, or UTF-16 where a mark says so, as spreadsheets save it; and what to do with bytes that are neither.

    They become half characters, which `storable` refuses: the row is rejected, not the file.
    """
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith(_UTF_16):
        return "utf-16", "surrogatepass"
    if b"\0" in head:
        fail(str(path), "its encoding cannot be made out", "save it as text in UTF-8")
    return "utf-8-sig", "surrogateescape"
