"""The text of a file of any size, packed or not, piece by piece, as far as it can be read."""

from __future__ import annotations

import codecs
import gzip
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

PIECE = 262_144  # bytes

_GZIP = b"\x1f\x8b"
_MARKS = {  # UTF-32 before UTF-16: the one begins like the other
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


class Broken(Exception):
    """The rest of a file cannot be read; its message says why."""


class Stream:
    """Pieces of a text; `fault` says why they end where the text does not."""

    def __init__(self, pieces: Iterable[str]) -> None:
        self._pieces = iter(pieces)
        self.ended = False
        self.fault: str | None = None

    def read(self) -> str:
        """The next piece, nothing at the end."""
        piece = ""
        try:
            piece = next((piece for piece in self._pieces if piece), "")
        except Broken as broken:
            self.fault = str(broken)
        self.ended = not piece
        return piece

    def lines(self, limit: int) -> Iterator[tuple[int, str | None]]:
        """The lines that hold anything, each with its number from 1; None for a longer one, which is passed over."""
        number, held, too_long = 1, "", False
        while piece := self.read():
            *whole, rest = (held + piece).split("\n")
            for line in whole:
                if too_long or len(line) > limit:
                    yield number, None
                elif line.strip():
                    yield number, line
                number, too_long = number + 1, False
            held = rest if len(rest) <= limit and not too_long else ""
            too_long = too_long or len(rest) > limit
        if too_long or held.strip():
            yield number, None if too_long else held


def text_of(path: Path) -> Stream:
    """The text of a file, unpacked where it is packed by gzip; bytes that are no UTF-8 become half characters."""
    return Stream(_decoded(bytes_of(path)))


def bytes_of(path: Path) -> Iterator[bytes]:
    """The bytes of a file, unpacked where it is packed. Raises Broken after the last that can be unpacked."""
    with path.open("rb") as raw:
        is_packed = raw.peek(2)[:2] == _GZIP
        file = gzip.GzipFile(fileobj=raw) if is_packed else raw
        try:
            while piece := file.read1(PIECE):
                yield piece
        except EOFError as error:
            raise Broken("the packed file ends in the middle; what stands before was read") from error
        except (zlib.error, gzip.BadGzipFile) as error:
            msg = f"the packed file is damaged ({error}); what stands before was read"
            raise Broken(msg) from error


def _decoded(pieces: Iterator[bytes]) -> Iterator[str]:
    decoder: codecs.IncrementalDecoder | None = None
    for piece in pieces:
        if decoder is None:
            mark = next((codec for mark, codec in _MARKS.items() if piece.startswith(mark)), None)
            decoder = codecs.getincrementaldecoder(mark or "utf-8-sig")("replace" if mark else "surrogateescape")
        yield decoder.decode(piece)
    if decoder is not None:
        yield decoder.decode(b"", final=True)
