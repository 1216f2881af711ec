"""The ClaimReviews that are embedded in the items of a feed (RSS, Atom)."""

from __future__ import annotations

import re
from io import BytesIO
from itertools import chain
from typing import TYPE_CHECKING, Any

from tracker.claimreview.html import claimreviews_in_html
from tracker.claimreview.record import Record, once
from tracker.sources import fail

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROOT = re.compile(r"<(?:rss|rdf:RDF|(?:\w{1,20}:)?feed)(?=\s{0,20}/?>|\s{1,20}[\w:.-]{1,40}\s{0,20}=)")


def is_feed(text: str) -> bool:
    """Tell whether a feed begins here."""
    return text.lstrip("\ufeff \t\r\n")[:1] == "<" and _ROOT.search(text[:10_000]) is not None


def claimreviews_in_feed(text: str, where: str, *, ours: bool = True) -> Iterator[Record]:
    """Read the reviews in the items of a feed; a review is that of its item's address where it names none.

    `ours`: whether what it says in our own terms counts (`extension`).
    Raises UnreadableSource: no feed, or one with entities of its own.
    """
    root = _ROOT.search(text)
    if root is None:
        fail(where, "it is no feed (RSS or Atom)", "give the feed's file, or that of a page")
    if "<!ENTITY" in text[: root.start()]:
        fail(where, "its XML declares entities of its own, as no feed does", "save the pages themselves")
    try:
        entries = _parsed(text[root.start() :]).entries
    except Exception:  # noqa: BLE001 - the library mends most faults, and stumbles over others
        fail(where, "the feed is broken", "save the pages themselves")
    for number, entry in enumerate(entries, start=1):
        link = str(dict.get(entry, "link") or "").strip()
        place = f"{where}: item {number}"
        found = [claimreviews_in_html(html, place, link, ours=ours) for html in _pieces(entry)]
        yield from once(chain.from_iterable(found))


def _parsed(text: str) -> Any:
    """The feed by the library, which is given bytes (a name it would open), and no document type."""
    import feedparser

    headers = {"content-type": "application/xml; charset=utf-8"}
    data = BytesIO(text.encode("utf-8", "replace"))
    return feedparser.parse(data, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)


def _pieces(entry: Any) -> list[str]:
    """The pieces of HTML in an item, each once."""
    parts = [*(dict.get(entry, "content") or ()), dict.get(entry, "summary_detail") or {}]
    return [html for html in dict.fromkeys(str(part.get("value") or "") for part in parts) if html.strip()]
