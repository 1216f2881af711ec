"""The HTML in the items of a feed (RSS, Atom), piece by piece, with the lines of the feed's file.

Read strictly, unlike `feeds`: a feed that is no XML is a fault to be told, not to be mended.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING
from xml.parsers import expat

from tracker.claimreview.places import Lines

if TYPE_CHECKING:
    from xml.parsers.expat import XMLParserType

_ITEMS = frozenset({"item", "entry"})
_HTML = frozenset({"description", "summary", "content", "encoded", "body"})  # in an item, whatever their prefix
_HINTS = {
    "not well-formed (invalid token)": "often a bare & or <; write &amp; or &lt;",
    "undefined entity": "write the character itself; XML knows &amp; &lt; &gt; &quot; and &apos;",
    "mismatched tag": "an element before it is not closed",
    "no element found": "the end is missing",
    "XML or text declaration not at start of entity": "remove what stands before <?xml",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Why the rest of a feed cannot be read, and its line and column."""

    place: tuple[int, int]
    text: str


@dataclass(slots=True)
class Pieces:
    """What a feed holds: how many items, and their HTML with its lines, the same text of an item once."""

    items: int = 0
    html: list[tuple[str, Lines]] = field(default_factory=list)
    fault: Fault | None = None


def read_pieces(text: str) -> Pieces:
    """The HTML in a feed's items, as far as the feed can be read."""
    parser = expat.ParserCreate("utf-8")  # which the text is given in, whatever it declares
    reader = _Reader(parser)
    try:
        parser.Parse(text.removeprefix("\ufeff").encode("utf-8", "replace"), True)  # noqa: FBT003 - it is the end
    except expat.ExpatError as error:
        what = expat.ErrorString(error.code)
        hint = _HINTS.get(what, "readers of feeds stop here")
        reader.pieces.fault = Fault((error.lineno, error.offset + 1), f"not XML: {what}; {hint}")
    except _OwnEntities:
        text = "the feed declares entities of its own, as none does; write the characters themselves"
        reader.pieces.fault = Fault((parser.CurrentLineNumber, parser.CurrentColumnNumber + 1), text)
    return reader.pieces


class _OwnEntities(Exception):
    """A few of them, each made of others, could stand for gigabytes."""


class _Reader:
    def __init__(self, parser: XMLParserType) -> None:
        self.pieces = Pieces()
        self._parser = parser
        self._depth = 0
        self._item = 0  # the depth at which an item is open, and the piece in it; nothing is at depth 0
        self._piece = 0
        self._raw = 0  # the depth of a script, in which HTML knows no entities
        self._words: list[str] = []
        self._length = 0
        self._lines = Lines([], [])
        self._seen: set[str] = set()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = self._entity

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        plain = name.rpartition(":")[2].lower()
        if self._piece:  # markup that is not escaped, as in Atom's XHTML, is written as HTML again
            given = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
            self._add(f"<{plain}{given}>")
            self._raw = self._raw or self._depth * (plain in {"script", "style"})
        elif not self._item and plain in _ITEMS:
            self._item = self._depth
            self.pieces.items += 1
            self._seen = set()
        elif self._item and self._depth == self._item + 1 and plain in _HTML:
            self._piece = self._depth
            self._words, self._length, self._lines = [], 0, Lines([], [])

    def _text(self, data: str) -> None:
        if self._piece:
            is_html = self._depth == self._piece or self._raw
            self._add(data if is_html else escape(data, quote=False))

    def _end(self, name: str) -> None:
        if self._piece == self._depth:
            self._keep("".join(self._words))
            self._piece = 0
        elif self._piece:
            self._add(f"</{name.rpartition(':')[2].lower()}>")
        self._item *= self._item != self._depth
        self._raw *= self._raw != self._depth
        self._depth -= 1

    def _add(self, text: str) -> None:
        """Add to the piece what the file says here, which is never more than one line of it."""
        self._lines.starts.append(self._length)
        self._lines.marks.append((self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1))
        self._words.append(text)
        self._length += len(text)

    def _keep(self, html: str) -> None:
        if html.strip() and html not in self._seen:
            self._seen.add(html)
            self.pieces.html.append((html, self._lines))

    @staticmethod
    def _entity(*_: object) -> None:
        raise _OwnEntities
