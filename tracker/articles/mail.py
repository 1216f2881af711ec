"""E-mail (.eml): its words, its subject as the title, its sender as the author."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.utils import parseaddr, parsedate_to_datetime
from typing import TYPE_CHECKING

from tracker.articles import fields
from tracker.articles.decoding import decode
from tracker.articles.html import words
from tracker.errors import UnreadableSource
from tracker.models import Article
from tracker.sources import Source, fail

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from email.message import Message

_PARTS_LIMIT = 1000  # and as deep, at most, as Python itself allows
_HEADER_LIMIT = 2000  # characters of a header; the rest says nothing that is shown
_HEADERS = rb"(?:message-id|mime-version|received|return-path|delivered-to|dkim-signature|x-mailer)"
_CONTENT = re.compile(rb"^content-(?:type|disposition):.*(?:\n[ \t].*)*", re.IGNORECASE | re.MULTILINE)
_PARAMETERS_LIMIT = 20_000  # characters; the time that the standard library takes grows with their square
_START = re.compile(rb"[A-Za-z][A-Za-z-]{1,40}:[^\n]*\n")
_TOLD = re.compile(rb"^" + _HEADERS + rb":", re.IGNORECASE | re.MULTILINE)
_SIGNATURE = re.compile(r"^-- $", re.MULTILINE)
_SIGNATURE_LINES = 15
_SIGNATURE_LENGTH = 1500  # characters: fifteen lines that the sender's program broke
_LINK = re.compile(r"[<(\[]?\b(?:https?://|www\.)\S+")
_ELSEWHERE = re.compile(r"\b(?:web)?browser|\bhtml\b|\b(?:online|web)[ -]?version\b", re.IGNORECASE)
_STUB = 30  # words that a plain part which only says where to read the message has at most
_LESS = 5  # times as many words as the plain part has make the HTML part the message


def is_mail(raw: Source) -> bool:
    """Tell whether it is one: by its name, the server's word, or headers that only mail programs write."""
    if raw.suffix == ".eml" or raw.media_type == "message/rfc822":
        return True
    head = re.split(rb"\r?\n\r?\n", raw.data[:20_000], maxsplit=1)[0]
    return bool(_START.match(head)) and len(_TOLD.findall(head)) > 1


def from_mail(raw: Source) -> Article:
    """Read the text of an e-mail: its plain part, else all of its HTML part; attachments are not read.

    A plain part that only says where to read the message, or has little of it, is none. The HTML is not read as a
    page: newsletters stand in tables, of which a page's main text keeps no paragraph.

    Raises UnreadableSource: no headers, no text, nested beyond measure.
    """
    if any(len(header[0]) > _PARAMETERS_LIMIT for header in _CONTENT.finditer(raw.data)):
        fail(raw.source, "a header of it has no end", "save its words as text")
    try:
        return _article(raw.source, message_from_bytes(raw.data))
    except (RecursionError, MessageError):
        fail(raw.source, "its parts are nested too deeply", "save its words as text")


def _article(source: str, message: Message) -> Article:
    if not message.keys():
        fail(source, "it is no e-mail, whatever its name says", "save the message anew, or as text")
    name, address = parseaddr(_header(message, "From"))
    return Article(
        source,
        _text(source, message),
        fields.line(_header(message, "Subject")),
        fields.line(name) or fields.line(address),
        _day(_header(message, "Date")),
        fields.language(_header(message, "Content-Language")),
    )


def _text(source: str, message: Message) -> str:
    """The words of the first plain part that has some, or of the HTML part that has more to say."""
    plain, choice = "", 0
    pages: list[tuple[Message, int]] = []
    for number, (part, one_of) in enumerate(_parts(message)):
        if number > _PARTS_LIMIT and not plain:
            fail(source, f"it has more than {_PARTS_LIMIT:,} parts", "save its words as text")
        if number > _PARTS_LIMIT:
            break
        kind = part.get_content_type()
        if part.is_multipart() or part.get_content_disposition() == "attachment":
            continue
        if kind == "text/html":
            pages.append((part, one_of))
        elif kind == "text/plain" and not plain and (text := _decoded(source, part)).strip():
            plain, choice = _unwrapped(part, _unsigned(text)).strip(), one_of
    if plain:
        return _fuller(source, plain, [page for page, one_of in pages if one_of == choice != 0], pages)
    page = next((text for part, _ in pages if (text := _decoded(source, part))), "")
    if not page:
        fail(source, "it has no text", "save its attachment, and name that file")
    return words(source, page)


def _parts(message: Message) -> Iterator[tuple[Message, int]]:
    """Yield the parts, each with the number of the choice (multipart/alternative) that it is one of; 0 for none."""
    choices = {id(message): 0}
    for number, part in enumerate(message.walk(), start=1):
        choice = choices[id(part)]
        yield part, choice
        if part.is_multipart():
            inner = number if part.get_content_type() == "multipart/alternative" else choice
            choices |= {id(one): inner for one in part.get_payload()}


def _fuller(source: str, plain: str, same: Sequence[Message], pages: Sequence[tuple[Message, int]]) -> str:
    """The plain part, unless it is only a stub of the HTML part, `same` as it or anywhere."""
    count = _count(plain)
    is_pointer = count <= _STUB and _ELSEWHERE.search(plain) is not None
    part = next(iter(same), pages[0][0] if pages and is_pointer else None)
    if part is None:
        return plain
    try:
        page = words(source, _decoded(source, part))
    except UnreadableSource:
        return plain
    return page if _count(page) > (count if is_pointer else _LESS * count) else plain


def _count(text: str) -> int:
    """How many words there are, without links."""
    return len(re.findall(r"\w+", _LINK.sub("", text)))


def _unsigned(text: str) -> str:
    """The text without the signature that ends it; a line of dashes may also part two stories."""
    mark = list(_SIGNATURE.finditer(text))[-1:]
    behind = text[mark[0].end() :].strip() if mark else ""
    if not mark or behind.count("\n") >= _SIGNATURE_LINES or len(behind) > _SIGNATURE_LENGTH:
        return text
    return text[: mark[0].start()]


def _decoded(source: str, part: Message) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes) or not data.strip():
        return ""
    return decode(Source(source, data, charset=str(part.get_content_charset() or "")))


def _unwrapped(part: Message, text: str) -> str:
    """Join the lines that the sender's program broke, where it says which ones (RFC 3676)."""
    if str(part.get_param("format", "")).lower() != "flowed":
        return text
    joint = "" if str(part.get_param("delsp", "")).lower() == "yes" else " "
    return re.sub(r"(?<=\S) \n(?=[^\s>])", joint, re.sub(r"^ ", "", text, flags=re.MULTILINE))


def _header(message: Message, name: str) -> str:
    """A header's text, its encoded words decoded; empty for none."""
    written = " ".join(str(message.get(name, ""))[:_HEADER_LIMIT].split())
    try:
        return str(make_header(decode_header(written)))
    except (MessageError, LookupError, ValueError):
        return written


def _day(written: str) -> date | None:
    """The day on which the sender says it was sent, where the sender is."""
    try:
        return fields.day(parsedate_to_datetime(written).date().isoformat())
    except (ValueError, TypeError, OverflowError):
        return None
