"""Read the ClaimReviews of a file, whatever kind of file it is, or of a page or a JSON value at hand."""

from __future__ import annotations

import codecs
import json
from itertools import chain
from typing import TYPE_CHECKING, Any

from tracker.articles.decoding import decode
from tracker.claimreview.dumps import MAX_REVIEW, parts
from tracker.claimreview.feeds import claimreviews_in_feed, is_feed
from tracker.claimreview.fields import records_of
from tracker.claimreview.html import claimreviews_in_html
from tracker.claimreview.record import Record, once, raw_text
from tracker.claimreview.repair import Unmendable, parse
from tracker.claimreview.shapes import Document, looks_like_claimreview, mentions_reviews
from tracker.claimreview.streams import Broken, bytes_of, text_of
from tracker.sources import SIZE_LIMIT, Source, fail

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["claimreviews_in_html", "claimreviews_in_json", "looks_like_claimreview", "read_claimreviews"]

_HEAD = 65_536  # bytes by which the kind of a file is told
_LINES = (".jsonl", ".ndjson")
_PAGES = (".html", ".htm", ".xhtml", ".xml", ".rss", ".atom")
_HINT = "save the page of one review as HTML, or a feed of ClaimReviews as JSON"


def read_claimreviews(path: Path) -> Iterator[Record]:
    """Read the reviews of a file as they are asked for: JSON, JSON lines, a page or a feed, each also packed (.gz).

    The kind is told by the content where that is plain, else by the name. Raises UnreadableSource at once where the
    file cannot be read or the first review is not found.
    """
    records = _read(path)
    first = next(records, None)
    if first is None:
        fail(str(path), "no ClaimReview in it", _HINT)
    return chain([first], records)


def claimreviews_in_json(value: Any, where: str, page: str = "", *, ours: bool = True) -> Iterator[Record]:
    """Read the reviews in a parsed JSON value, in whatever shape; one that stands there twice is read once.

    `page` is the address of the JSON, where it has one: relative addresses are completed by it, but it is not that of a
    review which names none. `ours`: the extension of our own exports is obeyed; from the web it is not to be.
    """
    yield from once(records_of(Document([value], ours=ours), 0, where, base=page))


def _read(path: Path) -> Iterator[Record]:
    try:
        if path.is_dir():
            fail(str(path), "it is a folder", "name one file in it")
        if not path.exists():
            fail(str(path), "no such file", "check the name")
        if not path.is_file():  # to open a pipe or a device may block for ever
            fail(str(path), "it is not a regular file", "save its content in one")
        head = _head(path)
        suffix = next((one.lower() for one in reversed(path.suffixes) if one.lower() != ".gz"), "")
        kind = _kind(path, head, suffix)
        yield from kind(path)
    except OSError as error:
        fail(str(path), error.strerror or str(error), "check the file and its access rights")


def _head(path: Path) -> str:
    """The first characters of a file."""
    data = b""
    try:
        for piece in bytes_of(path):
            data += piece
            if len(data) >= _HEAD:
                break
    except Broken as broken:
        if not data:
            fail(str(path), str(broken).partition(";")[0], "fetch it again")
    if not data.strip():
        fail(str(path), "it is empty", "fetch it again")
    marks = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    return data[:_HEAD].decode("utf-16" if data.startswith(marks) else "utf-8-sig", "replace")


def _kind(path: Path, head: str, suffix: str) -> Any:
    """The function that reads such a file."""
    start = head.lstrip("\ufeff \t\r\n")
    if "\0" in head:
        fail(str(path), "it is binary, not text", _HINT)
    if start[:1] == "<":
        return _read_feed if is_feed(head) else _read_page
    if start[:1] in ("{", "["):
        return _read_lines if _is_lines(start, suffix) else _read_document
    if suffix in _PAGES:
        return _read_page
    if "{" not in start:
        fail(str(path), "neither JSON nor a page nor a feed", _HINT)
    return _read_lines if suffix in _LINES else _read_document


def _is_lines(start: str, suffix: str) -> bool:
    """Tell JSON lines, one value a line, from one value on several."""
    first, _, rest = start.partition("\n")
    if suffix in _LINES:
        return first.strip() not in ("{", "[")
    try:
        return rest.lstrip()[:1] == "{" and isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def _read_document(path: Path) -> Iterator[Record]:
    for part in parts(text_of(path)):
        where = path.name + (f":{part.path}" if part.path else "")
        if part.reason:
            yield Record(where, reason=part.reason, raw=raw_text(part.raw))
        else:
            yield from once(records_of(Document([part.value]), 0, path.name, at=part.path, mended=part.notes))


def _read_lines(path: Path) -> Iterator[Record]:
    stream = text_of(path)
    number = 0
    for number, line in stream.lines(MAX_REVIEW):
        where = f"{path.name}:{number}"
        if line is None:
            yield Record(where, reason=f"a line of more than {MAX_REVIEW:,} characters")
            continue
        try:
            value, notes = parse(line)
        except Unmendable as error:
            if mentions_reviews(line) or stream.ended:
                yield Record(where, reason=stream.fault or str(error), raw=raw_text(line))
                if stream.fault:
                    return
        else:
            yield from once(records_of(Document([value]), 0, where, mended=notes))
    if stream.fault:
        yield Record(f"{path.name}:{number}", reason=stream.fault)


def _read_page(path: Path) -> Iterator[Record]:
    yield from claimreviews_in_html(_text(path), path.name)


def _read_feed(path: Path) -> Iterator[Record]:
    yield from claimreviews_in_feed(_text(path), path.name)


def _text(path: Path) -> str:
    """The whole text of a page or a feed, which are of limited size."""
    data = b""
    try:
        for piece in bytes_of(path):
            data += piece
            if len(data) > SIZE_LIMIT:
                fail(str(path), f"it has more than {SIZE_LIMIT / 1e6:g} MB", "cut out the part with the reviews")
    except Broken as broken:
        fail(str(path), str(broken).partition(";")[0], "fetch it again")
    return decode(Source(str(path), data, name=path.name))
