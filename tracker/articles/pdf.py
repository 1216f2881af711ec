"""PDF: the lines of its pages, as running text; never by recognising letters in a picture."""

from __future__ import annotations

import logging
import re
from codecs import BOM_UTF8
from io import BytesIO
from math import hypot
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from tracker.articles import fields
from tracker.articles.decoding import looks_binary
from tracker.articles.html import MARKUP_TYPES
from tracker.articles.paragraphs import Line, running_text
from tracker.errors import UnreadableSource
from tracker.models import Article
from tracker.sources import Source, fail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pypdf import PageObject, PdfReader

PAGES_LIMIT = 500
TEXT_LIMIT = 10_000_000  # characters, unpacked
SECONDS = 60.0

_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_CONTROL = dict.fromkeys([*range(9), *range(0xB, 0x20), 0x7F])
_NO_TITLE = re.compile(
    r"[(<\[]?(?:anonymous|untitled|unspecified|unknown)\b.*|microsoft word\b.*"
    r"|.*\.(?:docx?|odt|rtf|pdf|indd|qxd|pptx?|tmp)",
    re.IGNORECASE,
)


class _Late(Exception):
    """The time is over; raised inside the library to end its work."""


class _Content(NamedTuple):
    """What the library takes out of a file."""

    pages: list[list[Line]]
    title: str | None
    author: str | None
    language: str | None


def is_pdf(raw: Source) -> bool:
    """Tell whether it is one, or at least is said to be: a text may speak of %PDF-."""
    return raw.data[:1024].removeprefix(BOM_UTF8).lstrip().startswith(b"%PDF-") or (
        raw.media_type not in MARKUP_TYPES and (raw.suffix == ".pdf" or raw.media_type == "application/pdf")
    )


def from_pdf(raw: Source) -> Article:
    """Read the text of a PDF, with the title, author and language that it states.

    Raises UnreadableSource: protected by a password, scanned, broken, too long, or not done after SECONDS.
    """
    if b"%PDF-" not in raw.data[:1024]:
        fail(raw.source, "it is no PDF, whatever its name says", "open it to see what it is, and rename it")
    import pypdf  # noqa: F401 - here, where it is missed as what it is

    late = Event()
    outcome: list[_Content | BaseException] = []

    def work() -> None:
        try:
            outcome.append(_read(raw, late))
        except BaseException as error:  # noqa: BLE001 - raised again by the thread that waits
            outcome.append(error)

    thread = Thread(target=work, daemon=True)  # a page made to take for ever holds nobody up
    thread.start()
    thread.join(SECONDS)
    late.set()
    if not outcome or isinstance(outcome[0], _Late):
        fail(raw.source, f"its text cannot be taken out within {SECONDS:g} s", "save it as text and name that file")
    if isinstance(outcome[0], UnreadableSource):
        raise outcome[0]
    if isinstance(outcome[0], BaseException):  # the library has no one error for what is wrong with a file
        _broken(raw.source)
    return _article(raw.source, outcome[0])


def _broken(source: str) -> NoReturn:
    fail(source, "the PDF is broken", "open it elsewhere and save it anew, or save it as text")


def _read(raw: Source, late: Event) -> _Content:
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it mends it need not tell
    reader = _open(raw)
    number = len(reader.pages)
    if not number:
        _broken(raw.source)
    if number > PAGES_LIMIT:
        fail(raw.source, f"it has {number:,} pages, the limit is {PAGES_LIMIT:,}", "cut out the pages to check")
    pages: list[list[Line]] = []
    size = 0
    for page in reader.pages:
        pages.append(_lines(page, late))
        size += sum(len(line.text) for line in pages[-1])
        if size > TEXT_LIMIT:
            fail(raw.source, f"it has more than {TEXT_LIMIT:,} characters", "cut out the pages to check")
    return _Content(pages, *_stated(reader))


def _open(raw: Source) -> PdfReader:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    hint = "open it, and print or save it as a PDF without one"
    try:
        reader = PdfReader(BytesIO(raw.data))
        is_open = not reader.is_encrypted or reader.decrypt("")  # it may only be printing that is restricted
    except DependencyError:  # AES is left to a library that few need
        fail(raw.source, "it is protected by a password, or against copying", hint.replace("one", "protection"))
    if not is_open:
        fail(raw.source, "it is protected by a password", hint)
    return reader


def _article(source: str, content: _Content) -> Article:
    text = running_text(content.pages)
    if not text:
        fail(source, "it has no text, only pictures (a scan?)", "run text recognition over it first")
    if looks_binary(text):
        fail(source, "its fonts do not tell which letters they show", "open it and copy the words into a text file")
    return Article(source, text, content.title, content.author, None, content.language)


def _stated(reader: PdfReader) -> tuple[str | None, str | None, str | None]:
    """Title, author and language; no day: a file's own is that of its making, not of its publication."""
    try:
        told: Any = reader.metadata or {}
        title, author = fields.line(told.get("/Title")), fields.line(told.get("/Author"))
        language = fields.language(str(reader.root_object.get("/Lang", "")))
    except Exception:  # noqa: BLE001 - a text is not lost for a faulty title
        return None, None, None
    return _unless_filler(title), _unless_filler(author), language


def _unless_filler(name: str | None) -> str | None:
    return None if name is None or _NO_TITLE.fullmatch(name) else name


def _lines(page: PageObject, late: Event) -> list[Line]:
    """The lines of a page in the order of its content, each with where it begins and how large its letters are."""
    lines: list[Line] = []
    parts: list[str] = []
    place: list[float] = []

    def note(text: str, shift: Sequence[float], matrix: Sequence[float], _font: object, size: float) -> None:
        first, *others = text.split("\n")
        for number, part in enumerate((first, *others)):
            if number:
                end()
            parts.append(part)
            if part.strip() and not place:
                place.extend(_place(shift, matrix, size))

    def end() -> None:
        text = " ".join("".join(parts).translate(_LIGATURES).translate(_CONTROL).split())
        if text:
            lines.append(Line(text.encode("utf-8", "replace").decode("utf-8"), *place))
        parts.clear()
        place.clear()

    def watch(*_: object) -> None:
        if late.is_set():
            raise _Late

    page.extract_text(visitor_text=note, visitor_operand_before=watch)
    watch()
    end()
    return lines


def _place(shift: Sequence[float], matrix: Sequence[float], size: float) -> tuple[float, float, float]:
    """Where on the page a piece of text stands (x, y) and how high its letters are."""
    x = matrix[4] * shift[0] + matrix[5] * shift[2] + shift[4]
    y = matrix[4] * shift[1] + matrix[5] * shift[3] + shift[5]
    return x, y, size * hypot(matrix[2], matrix[3]) * hypot(shift[2], shift[3])
