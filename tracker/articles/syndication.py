"""Feeds (RSS, Atom): each item an article, with its link as its source."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

from tracker.articles import fields
from tracker.articles.html import words
from tracker.errors import UnreadableSource
from tracker.models import Article
from tracker.sources import Source, fail

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

FEED_LIMIT = 200_000  # tags in a feed

_SUFFIXES = frozenset({".rss", ".atom", ".rdf"})
_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml"})
_ROOT = re.compile(r"<(?:rss|rdf:RDF|(?:\w{1,20}:)?feed)(?=\s{0,20}/?>|\s{1,20}[\w:.-]{1,40}\s{0,20}=)")
_ELEMENT = re.compile(r"<[A-Za-z_]")


def is_feed(text: str) -> bool:
    """Tell whether its first element is a feed's."""
    first = _ELEMENT.search(text) if text.lstrip()[:1] == "<" else None
    return bool(first and _ROOT.match(text, first.start()))


def is_named_feed(raw: Source) -> bool:
    """Tell whether it is one by its name or the server's word."""
    return raw.suffix in _SUFFIXES or raw.media_type in _TYPES


def from_feed(source: str, text: str) -> Sequence[Article | UnreadableSource]:
    """Read the items of a feed in its order; for one without text, the error.

    Raises UnreadableSource: no feed, no items, entities of its own, too much markup.
    """
    root = _ROOT.search(text)
    if root is None:
        fail(source, "it is no feed (RSS or Atom)", "give the address of the feed, or of an article")
    if "<!ENTITY" in text[: root.start()]:
        fail(source, "its XML declares entities of its own, as no feed does", "save the articles themselves")
    if text.count("<") > FEED_LIMIT:
        fail(source, "it has too much markup", "save the articles themselves")
    try:
        feed = _parsed(text[root.start() :])
    except Exception:  # noqa: BLE001 - the library mends most faults, and stumbles over others
        fail(source, "the feed is broken", "save the articles themselves")
    if not feed.entries:
        fail(source, "the feed has no articles", "try again when it has some, or give the address of one")
    told = fields.language(dict.get(feed.feed, "language"))
    return [_item(source, number, entry, feed.version, told) for number, entry in enumerate(feed.entries, start=1)]


def _parsed(text: str) -> Any:
    """The feed by the library, which is given bytes (a name it would open), and no document type (another name)."""
    import feedparser

    headers = {"content-type": "application/xml; charset=utf-8"}
    data = BytesIO(text.encode("utf-8", "replace"))
    return feedparser.parse(data, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)


def _item(source: str, number: int, entry: Any, version: str, language: str | None) -> Article | UnreadableSource:
    """Read one item; its source is its link, else the feed's with its number."""
    link = str(dict.get(entry, "link") or "").strip()
    name = link if re.match(r"https?://\S+$", link) else f"{source}#{number}"
    written, stated = _longest(entry)
    try:
        text = words(name, written)
        if not text:
            fail(name, "the feed gives no text for it", "give the article's own address")
        title = fields.line(words(name, str(dict.get(entry, "title") or "")))
    except UnreadableSource as error:
        return error
    return Article(name, text, title, _authors(entry), _day(entry, version), stated or language)


def _longest(entry: Any) -> tuple[str, str | None]:
    """The content of an item, else its summary, as HTML, with the language that it states."""
    for part in (*(dict.get(entry, "content") or ()), dict.get(entry, "summary_detail") or {}):
        value = str(part.get("value") or "")
        if value.strip():
            html = value if part.get("type") != "text/plain" else _escaped(value)
            return html, fields.language(part.get("language"))
    return "", None


def _escaped(text: str) -> str:
    lines = text.replace("&", "&amp;").replace("<", "&lt;").split("\n\n")
    return "".join(f"<p>{line}</p>" for line in lines)


def _authors(entry: Any) -> str | None:
    named = [fields.line(one.get("name")) for one in dict.get(entry, "authors") or ()]
    return "; ".join(dict.fromkeys(name for name in named if name)) or None


def _day(entry: Any, version: str) -> date | None:
    """The day of publication; RSS 1.0 has only one, which the library takes for that of the last change."""
    written = dict.get(entry, "published")
    return fields.day(written or (None if version.startswith("atom") else dict.get(entry, "updated")))
