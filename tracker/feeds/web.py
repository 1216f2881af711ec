"""Feeds on the web: one page with markup, a feed, or a sitemap whose pages are read one after the other, politely.

A site's robots.txt is obeyed (RFC 9309), and between two pages there is a pause. Nothing is fetched but what the user
named, the robots.txt of its site, and the pages that a sitemap names on that site.
"""

from __future__ import annotations

import json
import re
import time
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from tracker.articles.decoding import decode
from tracker.claimreview.feeds import claimreviews_in_feed, is_feed
from tracker.claimreview.reading import claimreviews_in_html, claimreviews_in_json
from tracker.errors import UnreadableSource
from tracker.feeds.markup import rows_of
from tracker.feeds.rows import Rejected
from tracker.progress import silent
from tracker.sources import fail, read_source, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tracker.claimreview.record import Record
    from tracker.feeds.rows import Row
    from tracker.progress import Progress

PAUSE_S = 1.0  # between two pages of a site, where its robots.txt asks for none
MAX_PAUSE_S = 30.0
LIMIT = 100  # pages of a sitemap
_AGENT = "claim-tracker"
_JSON = ("application/json", "application/ld+json")
_MISSING = re.compile(r"the server answers 4\d\d")
_SITEMAP = re.compile(r"<(?:\w+:)?(urlset|sitemapindex)\b")
_LOC = "{*}loc"
_MAX_MAPS = 50  # sitemaps that a sitemap names


def read_web(
    url: str, limit: int = LIMIT, progress: Progress = silent, pause: Callable[[float], None] = time.sleep
) -> Iterator[Row | Rejected]:
    """The reviews at an address, as rows; at a sitemap those of its first `limit` pages.

    A page of a sitemap that cannot be read is a `Rejected`, one without markup is passed over. Raises UnreadableSource
    for an address that cannot be read itself, may not by the site's robots.txt, or holds no review.
    """
    site = _Site(url, pause)
    text = site.read(url)
    if not _SITEMAP.search(text[:2_000]):
        rows = list(rows_of(_reviews(text, url)))
        if not rows:
            fail(url, "no ClaimReview in it", "name the page of one fact-check, or the site's sitemap with --limit")
        yield from rows
        return
    pages = list(islice(dict.fromkeys(_pages(site, text)), limit))
    if not pages:
        fail(url, "a sitemap without pages of its own site", "name another sitemap; its robots.txt may list them")
    with progress("fetching", len(pages)) as advance:
        for page in pages:
            try:
                found = rows_of(_reviews(site.read(page), page))
            except UnreadableSource as error:
                yield Rejected(shown(page), str(error))
            else:
                yield from found
            advance(1)


class _Site:
    """The host of an address: what may be read there, and how fast."""

    def __init__(self, url: str, pause: Callable[[float], None]) -> None:
        self._host = urlsplit(url).netloc
        self._pause, self._asked = pause, 0
        self._robots = RobotFileParser()
        self._robots.parse(_robots(urljoin(url, "/robots.txt")).splitlines())
        asked = float(self._robots.crawl_delay(_AGENT) or PAUSE_S)
        self._seconds = min(max(asked, PAUSE_S), MAX_PAUSE_S)

    def has(self, url: str) -> bool:
        """True for an address on this host."""
        return urlsplit(url).netloc == self._host

    def read(self, url: str) -> str:
        """The text at an address, after the pause. Raises UnreadableSource, also where robots.txt forbids it."""
        if not self._robots.can_fetch(_AGENT, url):
            fail(url, "the site's robots.txt asks not to read it", "save the page and import the file")
        if self._asked:
            self._pause(self._seconds)
        self._asked += 1
        return decode(read_source(url, also=_JSON))


def _robots(url: str) -> str:
    """A site's robots.txt; "" where it has none.

    Raises UnreadableSource where that cannot be told: nothing may be read then (RFC 9309, 2.3.1.4).
    """
    try:
        return decode(read_source(url))
    except UnreadableSource as error:
        if _MISSING.search(str(error)):
            return ""
        raise


def _pages(site: _Site, text: str) -> Iterator[str]:
    """The pages that a sitemap names on its own site, those of the sitemaps that it names too."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=True)
    root = etree.fromstring(text.encode(), parser)
    if root is None:
        return
    inside = [(one.text or "").strip() for one in root.iterfind(f".//{_LOC}")]
    own = [one for one in inside if site.has(one)]
    if etree.QName(root).localname != "sitemapindex":
        yield from own
        return
    for address in own[:_MAX_MAPS]:
        inner = site.read(address)
        if "<sitemapindex" not in inner[:2_000]:  # the protocol knows no deeper nesting
            yield from _pages(site, inner)


def _reviews(text: str, url: str) -> Iterator[Record]:
    """The reviews in what stands at an address: JSON, a feed, or a page."""
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            fail(url, "it is no whole JSON", "save it as a file and import that")
        yield from claimreviews_in_json(value, shown(url))
    elif is_feed(text):
        yield from claimreviews_in_feed(text, shown(url))
    else:
        yield from claimreviews_in_html(text, shown(url), url)
