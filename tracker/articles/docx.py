"""Word documents (.docx): the paragraphs and tables of their text, with tracked changes accepted.

Two parts of the archive are read, each only so far unpacked as its limit goes, and no entity of a stranger's XML is
ever resolved.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from tracker.articles import fields
from tracker.articles.html import MARKUP_TYPES
from tracker.models import Article
from tracker.sources import Source, fail

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

UNPACKED_LIMIT = 50_000_000  # bytes of markup: a book has some ten million

_ARCHIVE = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0"  # an encrypted document is wrapped in the older kind of file
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_TEXT = re.compile(r"word/document\d{0,3}\.xml")
_PROPERTIES = "docProps/core.xml"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_TERMS = "{http://purl.org/dc/elements/1.1/}"
_SKIPPED = frozenset({"Fallback", "del", "moveFrom"})  # a second copy, and what was struck out
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


class _Block(NamedTuple):
    text: str
    tight: bool = False  # an item of a list or a row of a table


def is_docx(raw: Source) -> bool:
    """Tell whether it is one, or at least is named like one."""
    if raw.data.startswith(_ARCHIVE):
        return _main(raw) is not None or raw.suffix == ".docx"
    if raw.data.startswith(_COMPOUND):
        return _ENCRYPTED in raw.data
    return raw.suffix == ".docx" and raw.media_type not in MARKUP_TYPES


def from_docx(raw: Source) -> Article:
    """Read the text of a document, with the title, author and language that it states.

    Raises UnreadableSource: protected by a password, broken, larger than UNPACKED_LIMIT.
    """
    if _ENCRYPTED in raw.data and raw.data.startswith(_COMPOUND):
        fail(raw.source, "it is protected by a password", "open it and save it without one")
    if not raw.data.startswith(_ARCHIVE):
        fail(
            raw.source, "it is no Word document (.docx), whatever its name says", "open it and save it anew, or as text"
        )
    from lxml.etree import LxmlError

    try:
        text, title = _read_text(_part(raw, _main(raw) or ""))
        told = _properties(_part(raw, _PROPERTIES)) if _PROPERTIES in _names(raw) else {}
    except LxmlError:
        _broken(raw.source)
    return Article(raw.source, text, told.get("title") or title, told.get("creator"), None, told.get("language"))


def _names(raw: Source) -> frozenset[str]:
    try:
        with zipfile.ZipFile(BytesIO(raw.data)) as archive:
            return frozenset(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError):
        return frozenset()


def _main(raw: Source) -> str | None:
    return next((name for name in sorted(_names(raw)) if _TEXT.fullmatch(name)), None)


def _broken(source: str) -> NoReturn:
    fail(source, "the Word document is broken", "open it and save it anew, or save it as text")


def _part(raw: Source, name: str) -> bytes:
    """Unpack one part, no further than the limit, whatever the archive says of its size."""
    try:
        with zipfile.ZipFile(BytesIO(raw.data)) as archive, archive.open(name) as part:
            data = part.read(UNPACKED_LIMIT + 1)
    except (
        *(zipfile.BadZipFile, zlib.error, EOFError, OSError),
        *(KeyError, ValueError, NotImplementedError, RuntimeError),  # missing, nonsense, packed oddly, encrypted
    ):
        _broken(raw.source)
    if len(data) > UNPACKED_LIMIT:
        fail(raw.source, f"it has more than {UNPACKED_LIMIT / 1e6:g} MB unpacked", "save the part to check as text")
    if b"<!DOCTYPE" in data[:4096]:  # where entities are declared; no program writes one
        _broken(raw.source)
    return data


def _events(data: bytes) -> Iterator[tuple[str, str, _Element]]:
    """Yield each element's start and end with its local name, and forget it after; comments have no name."""
    from lxml.etree import iterparse

    for event, element in iterparse(
        BytesIO(data), events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    ):
        name = element.tag if isinstance(element.tag, str) else ""
        yield event, name.removeprefix(_WORD).removeprefix(_STRICT).rpartition("}")[2], element
        if event == "end":
            element.clear(keep_tail=True)


def _properties(data: bytes) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for event, name, element in _events(data):
        if event == "end" and element.tag == f"{_TERMS}{name}":
            found[name] = fields.language(element.text) if name == "language" else fields.line(element.text)
    return found


def _read_text(data: bytes) -> tuple[str, str | None]:
    """The text, and the paragraph that is styled as its title."""
    reader = _Reader()
    for event, name, element in _events(data):
        (reader.start if event == "start" else reader.end)(name, element)
    return reader.text(), fields.line(reader.title)


class _Reader:
    """Collects the blocks of a document while its elements pass by; paragraphs and tables may stand in one another."""

    def __init__(self) -> None:
        self.title: str | None = None
        self._skipped = 0
        self._in_properties = 0
        self._paragraphs: list[list[str]] = []
        self._listed: list[bool] = []
        self._rows: list[list[list[_Block]]] = []  # the cells of the rows that are open
        self._blocks: list[_Block] = []

    def start(self, name: str, _element: _Element) -> None:
        if name in _SKIPPED:
            self._skipped += 1
        elif name == "pPr":
            self._in_properties += 1
        elif name == "p":
            self._paragraphs.append([])
            self._listed.append(False)
        elif name == "tr":
            self._rows.append([])
        elif name == "tc" and self._rows:
            self._rows[-1].append([])

    def end(self, name: str, element: _Element) -> None:
        if name in _SKIPPED:
            self._skipped -= 1
        elif name == "pPr":
            self._in_properties -= 1
        elif name == "p":
            self._end_paragraph()
        elif name == "tr":
            self._end_row(self._rows.pop())
        elif self._paragraphs and not self._skipped:
            self._within(name, element)

    def _within(self, name: str, element: _Element) -> None:
        if name == "t":
            self._paragraphs[-1].append(element.text or "")
        elif name == "numPr":
            self._listed[-1] = True
        elif name == "pStyle" and not self.title and self._value(element) == "Title":
            self.title = ""  # till its end is reached
        elif name in _SIGNS and not self._in_properties and self._value(element, "type") != "page":
            self._paragraphs[-1].append(_SIGNS[name])

    @staticmethod
    def _value(element: _Element, attribute: str = "val") -> str:
        return str(element.get(f"{_WORD}{attribute}") or element.get(f"{_STRICT}{attribute}") or "")

    def _end_paragraph(self) -> None:
        lines = "".join(self._paragraphs.pop()).split("\n")
        listed = self._listed.pop()
        text = "\n".join(line for line in (" ".join(one.split()) for one in lines) if line)
        if self.title == "":
            self.title = text
        if text:
            self._put(_Block(text, listed))

    def _end_row(self, cells: list[list[_Block]]) -> None:
        filled = [cell for cell in cells if cell]
        if len(filled) == 1:  # a table that only lays out the page
            for block in filled[0]:
                self._put(block)
        elif filled:
            self._put(_Block(" | ".join(" ".join(block.text for block in cell) for cell in filled), tight=True))

    def _put(self, block: _Block) -> None:
        open_row = next((row for row in reversed(self._rows) if row), None)
        (open_row[-1] if open_row else self._blocks).append(block)

    def text(self) -> str:
        """The blocks with blank lines between them, but none between items or rows."""
        text = ""
        tight = False
        for block in self._blocks:
            text += ("\n" if tight and block.tight else "\n\n" if text else "") + block.text
            tight = block.tight
        return text
