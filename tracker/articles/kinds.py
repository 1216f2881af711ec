"""Kinds of sources: what the bytes are, by their beginning, their name or the server's word, and who reads them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.articles import docx, mail, pdf, subtitles, syndication, transcripts
from tracker.articles.decoding import decode
from tracker.articles.html import MARKUP_TYPES, from_html
from tracker.articles.markdown import from_markdown
from tracker.models import Article
from tracker.sources import Source, fail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.errors import UnreadableSource


_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
_HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
_MARKDOWN_SUFFIXES = frozenset({".md", ".markdown"})

_DOCUMENTS = {
    "Word or OpenDocument": (b"PK\x03\x04", frozenset({".odt", ".pptx", ".xlsx"}), "application/vnd."),
    "Word": (b"\xd0\xcf\x11\xe0", frozenset({".doc"}), "application/msword"),
    "RTF": (b"{\\rtf", frozenset({".rtf"}), "application/rtf"),
}
_PACKED = {  # never unpacked: a small one may hold gigabytes
    "gzip": (b"\x1f\x8b", frozenset({".gz", ".tgz"})),
    "bzip2": (b"BZh", frozenset({".bz2"})),
    "xz": (b"\xfd7zXZ", frozenset({".xz"})),
    "7z": (b"7z\xbc\xaf", frozenset({".7z"})),
    "zstandard": (b"\x28\xb5\x2f\xfd", frozenset({".zst"})),
    "zip": (b"PK\x05\x06", frozenset({".zip"})),
}


def read_all(raw: Source) -> Sequence[Article | UnreadableSource]:
    """Read the articles of a source: one, or a feed's. Raises UnreadableSource where it is none of the kinds."""
    _refuse_packed(raw)
    if pdf.is_pdf(raw):
        return [_with_text(pdf.from_pdf(raw))]
    if docx.is_docx(raw):
        return [_with_text(docx.from_docx(raw))]
    _refuse_documents(raw)
    if mail.is_mail(raw):
        return [_with_text(mail.from_mail(raw))]
    text = decode(raw)
    if syndication.is_feed(text) or (syndication.is_named_feed(raw) and not _is_html(raw, text)):
        return syndication.from_feed(raw.source, text)
    return [_with_text(_from_text(raw, text))]


def _from_text(raw: Source, text: str) -> Article:
    if _is_html(raw, text):
        return from_html(raw.source, text)
    if subtitles.is_subtitles(raw, text):
        return subtitles.from_subtitles(raw.source, text)
    if transcripts.is_table(raw):
        return transcripts.from_table(raw.source, text)
    if raw.suffix in _MARKDOWN_SUFFIXES or raw.media_type == "text/markdown":
        return from_markdown(raw.source, text)
    return Article(raw.source, text)


def _with_text(article: Article) -> Article:
    if not article.text.strip():
        fail(article.source, "it has no text", "give an article with some words in it")
    return article


def _refuse_packed(raw: Source) -> None:
    for kind, (magic, suffixes) in _PACKED.items():
        named = raw.suffix in suffixes and raw.media_type not in MARKUP_TYPES
        if named or (raw.data.startswith(magic) and b"\0" in raw.data):
            fail(raw.source, f"it is packed ({kind})", "unpack it and name the article's own file")


def _refuse_documents(raw: Source) -> None:
    """Name the formats that hold text but are not read here."""
    for kind, (magic, suffixes, media_type) in _DOCUMENTS.items():
        named = raw.suffix in suffixes or raw.media_type.startswith(media_type)
        if raw.data.startswith(magic) or (named and raw.media_type not in MARKUP_TYPES):
            fail(raw.source, f"it is a document ({kind})", "save it as text or HTML first")


def _is_html(raw: Source, text: str) -> bool:
    if raw.media_type in MARKUP_TYPES or _HTML_START.match(text):
        return True
    return raw.suffix in _HTML_SUFFIXES and raw.media_type != "text/plain"
