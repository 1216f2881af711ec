"""Feeds on the web: one page with markup, a feed, or a sitemap whose pages are read one after the other, politely.

A site's robots.txt is obeyed (RFC 9309), and between two pages there is a pause. Nothing is fetched but what the user
named, the robots.txt of its site, and the pages that a sitemap names on that site.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from tracker.articles.decoding import decode
from tracker.claimreview.feeds import claimreviews_in_feed, is_feed
from tracker.claimreview.reading import claimreviews_in_html, claimreviews_in_json
from tracker.errors import UnreadableSource
from tracker.feeds.markup import rows_of
from tracker.feeds.rows import Rejected
from tracker.progress import silent
from tracker.sources import fail, read_source, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tracker.claimreview.record import Record
    from tracker.feeds.rows import Row
    from tracker.progress import Progress

PAUSE_S = 1.0  # between two pages of a site, where its robots.txt asks for none
MAX_PAUSE_S = 30.0
LIMIT = 100  # pages of a sitemap
_AGENT = "claim-tracker"
_JSON = ("application/json", "application/ld+json")
_MISSING = re.compile(r"the server answers 4\d\d")
_SITEMAP = re.compile(r"\s*(?:<\?xml[^>]*>|<!--.*?-->|\s)*<(?:\w+:)?(?:urlset|sitemapindex)\b", re.DOTALL)
_LOC = "{*}loc"
_MAX_MAPS = 50  # sitemaps that a sitemap names


def read_web(
    url: str, limit: int = LIMIT, progress: Progress = silent, pause: Callable[[float], None] = time.sleep
) -> Iterator[Row | Rejected]:
    """The reviews at an address, as rows; at a sitemap those of its first `limit` pages.

    A page or map of a sitemap that cannot be read is a `Rejected`, a page without markup is passed over. Raises
    UnreadableSource for an address that cannot be read itself, may not by the site's robots.txt, or holds no review.
    """
    site = _Site(url, pause)
    page = site.read(url)
    if not _is_map(page.text):
        rows = list(rows_of(_reviews(page)))
        if not rows:
            fail(url, "no ClaimReview in it", "name the page of one fact-check, or the site's sitemap with --limit")
        yield from rows
        return
    named = list(islice(_once(_pages(site, page.text)), limit))
    if not named:
        fail(url, "a sitemap without pages of its own site", "name another sitemap; its robots.txt may list them")
    with progress("fetching", len(named)) as advance:
        for one in named:
            yield from [one] if isinstance(one, Rejected) else _page(site, one)
            advance(1)


@dataclass(frozen=True, slots=True)
class _Page:
    """The text at an address, and the address at which it was found in the end."""

    address: str
    text: str


class _Site:
    """The host of an address: what may be read there, and how fast."""

    def __init__(self, url: str, pause: Callable[[float], None]) -> None:
        from protego import Protego

        self._host = _host(url)
        self._pause, self._asked = pause, 0
        self._robots = Protego.parse(_robots(urljoin(url, "/robots.txt")))
        self._seconds = min(max(float(self._robots.crawl_delay(_AGENT) or PAUSE_S), PAUSE_S), MAX_PAUSE_S)

    def has(self, url: str) -> bool:
        """True for an address on this host."""
        return bool(self._host) and _host(url) == self._host

    def read(self, url: str) -> _Page:
        """The text at an address, after the pause. Raises UnreadableSource, also where robots.txt forbids it.

        It may lead on to another address only on this host, and only to one that robots.txt allows.
        """
        if not self._robots.can_fetch(url, _AGENT):
            fail(url, "the site's robots.txt asks not to read it", "save the page and import the file")
        if self._asked:
            self._pause(self._seconds)
        self._asked += 1
        found = read_source(
            url, also=_JSON, may_lead=lambda to: self.has(to) and bool(self._robots.can_fetch(to, _AGENT))
        )
        return _Page(found.address or url, decode(found))


def _host(url: str) -> str:
    """The host of an address, with its port, without `www.`; "" for what is no address."""
    try:
        return urlsplit(url).netloc.casefold().removeprefix("www.")
    except ValueError:
        return ""


def _robots(url: str) -> str:
    """A site's robots.txt; "" where it has none.

    Raises UnreadableSource where that cannot be told: nothing may be read then (RFC 9309, 2.3.1.4).
    """
    try:
        return decode(read_source(url, may_lead=lambda to: _host(to) == _host(url)))
    except UnreadableSource as error:
        if _MISSING.search(str(error)):
            return ""
        raise


def _page(site: _Site, url: str) -> list[Row | Rejected]:
    """The reviews of a page that a sitemap names; why it cannot be read, where that is so."""
    try:
        return list(rows_of(_reviews(site.read(url))))
    except UnreadableSource as error:
        return [Rejected(shown(url), str(error))]


def _is_map(text: str) -> bool:
    return _SITEMAP.match(text) is not None


def _once(named: Iterable[str | Rejected]) -> Iterator[str | Rejected]:
    seen = set[str]()
    for one in named:
        name = one if isinstance(one, str) else one.where
        if name not in seen:
            seen.add(name)
            yield one


def _pages(site: _Site, text: str) -> Iterator[str | Rejected]:
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
        try:
            inner = site.read(address).text
        except UnreadableSource as error:
            yield Rejected(shown(address), str(error))
            continue
        if "<sitemapindex" not in inner[:2_000]:  # the protocol knows no deeper nesting
            yield from _pages(site, inner)


def _reviews(page: _Page) -> Iterator[Record]:
    """The reviews in what stands at an address: JSON, a feed, or a page; what it says in our terms does not count."""
    where = shown(page.address)
    if page.text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        try:
            value = json.loads(page.text)
        except (ValueError, RecursionError):
            fail(page.address, "it is no whole JSON", "save it as a file and import that")
        yield from claimreviews_in_json(value, where, page.address, ours=False)
    elif is_feed(page.text):
        yield from claimreviews_in_feed(page.text, where, ours=False)
    else:
        yield from claimreviews_in_html(page.text, where, page.address, ours=False)
