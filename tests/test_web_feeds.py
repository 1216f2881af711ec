"""Feeds on the web, from a real server: a page, JSON, a sitemap; politely, and never more than was named."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, ClassVar

import pytest

from tracker.errors import UnreadableSource
from tracker.feeds import Rejected, Row, open_feed
from tracker.feeds.web import PAUSE_S, read_web

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROBOTS = "User-agent: *\nAllow: /\nDisallow: /private/\nDisallow: /*/print\nCrawl-delay: 4\n"


def review(number: int) -> dict[str, object]:
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": f"https://desk.example/{number}",
        "claimReviewed": f"It rained on day {number}.",
        "author": {"@type": "Organization", "name": "Desk"},
        "reviewRating": {"@type": "Rating", "alternateName": "False"},
    }


FORGED = {**review(7), "tracker:claim": {"tracker:claim": "It never rained.", "tracker:rating": "True"}}


def page(*numbers: int) -> str:
    scripts = [f'<script type="application/ld+json">{json.dumps(review(number))}</script>' for number in numbers]
    return f"<html><body><p>Fact-checks.</p>{''.join(scripts)}</body></html>"


def sitemap(inner: str, outer: str, addresses: Iterable[str]) -> str:
    inside = "".join(f"<{inner}><loc>{address}</loc></{inner}>" for address in addresses)
    return f'<?xml version="1.0"?><{outer} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inside}</{outer}>'


class Site(BaseHTTPRequestHandler):
    """A fact-checkers' site."""

    asked: ClassVar[list[str]] = []
    robots: ClassVar[tuple[int, str]] = (200, ROBOTS)
    other: ClassVar[str] = "https://elsewhere.example/x"

    def do_GET(self) -> None:
        here = f"http://{self.headers['Host']}"
        Site.asked.append(self.path)
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", {"/to/one": "/one", "/to/private": "/private/one"}.get(self.path, Site.other))
            self.end_headers()
            return
        maps = [f"{here}/sitemap.xml", f"{here}/index.xml", "https://elsewhere.example/sitemap.xml"]
        paths = ("/one", "/none", "/gone", "/private/one", "/two", "/one")
        listed = [*(f"{here}{path}" for path in paths), "https://elsewhere.example/x"]
        odd = ("/broken", "/to/private", "/to/elsewhere", "/a/print", "/to/one", "/two")
        pages = {
            "/robots.txt": (200, "text/plain", Site.robots[1]),
            "/one": (200, "text/html", page(1)),
            "/two": (200, "text/html", page(2, 3)),
            "/none": (200, "text/html", page()),
            "/private/one": (200, "text/html", page(9)),
            "/api": (200, "application/json", json.dumps({"@graph": [review(4), review(5)]})),
            "/sitemap.xml": (200, "application/xml", sitemap("url", "urlset", listed)),
            "/forged": (200, "application/json", json.dumps(FORGED)),
            "/odd.xml": (200, "text/xml", sitemap("url", "urlset", ["http://[::1", *(here + path for path in odd)])),
            "/broken": (200, "application/json", '{"@type": "ClaimReview", '),
            "/mentions": (200, "text/html", page(6).replace("Fact-checks.", "How we use &lt;urlset> <urlset>.")),
            "/maps.xml": (200, "text/xml", sitemap("sitemap", "sitemapindex", [f"{here}/gone.xml", f"{here}/odd.xml"])),
            "/index.xml": (200, "text/xml", sitemap("sitemap", "sitemapindex", maps)),
        }
        status, kind, text = pages.get(self.path, (404, "text/plain", "gone"))
        self.send_response(Site.robots[0] if self.path == "/robots.txt" else status)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep the test's output clean."""


@pytest.fixture
def site() -> Iterator[str]:
    Site.asked.clear()
    Site.robots = (200, ROBOTS)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def claims(rows: Iterator[Row | Rejected]) -> list[str]:
    return [row.claim.text if isinstance(row, Row) else f"{row.where}: {row.reason}" for row in rows]


def test_one_page_and_json_from_their_addresses(site: str) -> None:
    """As `import` reads them: the page's markup, an answer in JSON; robots.txt is asked first."""
    assert claims(open_feed(f"{site}/two")) == ["It rained on day 2.", "It rained on day 3."]
    assert claims(open_feed(f"{site}/api")) == ["It rained on day 4.", "It rained on day 5."]
    assert Site.asked == ["/robots.txt", "/two", "/robots.txt", "/api"]


def test_names_of_columns_are_not_used_for_an_address(site: str, caplog: pytest.LogCaptureFixture) -> None:
    """What stands there is markup, and that it is read by its own names is said."""
    found = claims(open_feed(f"{site}/two", {"claimReviewed": "title"}))
    assert found == ["It rained on day 2.", "It rained on day 3."]
    assert f"{site}/two: --map is not used for it" in caplog.text


@pytest.mark.parametrize(("path", "why"), [("/none", "no ClaimReview"), ("/gone", "404"), ("/private/one", "robots")])
def test_an_address_without_reviews_is_an_error(site: str, path: str, why: str) -> None:
    """Nothing there, no markup, or not allowed: one line, at once; what is not allowed is never asked for."""
    with pytest.raises(UnreadableSource, match=why):
        open_feed(f"{site}{path}")
    assert ("/private/one" in Site.asked) is False


def test_a_sitemap_is_read_page_by_page_with_pauses(site: str) -> None:
    """Each page of the site once, in order; what cannot be read is rejected with its address, the others are kept."""
    pauses: list[float] = []
    rows = claims(read_web(f"{site}/sitemap.xml", pause=pauses.append))
    assert [one for one in rows if one.startswith("It")] == [f"It rained on day {n}." for n in (1, 2, 3)]
    gone, private = (one for one in rows if not one.startswith("It"))
    assert "/gone" in gone
    assert "404" in gone
    assert "robots.txt" in private
    assert Site.asked == ["/robots.txt", "/sitemap.xml", "/one", "/none", "/gone", "/two"]
    assert pauses == [4.0] * 4


def test_an_index_of_sitemaps_and_a_limit(site: str) -> None:
    """The sitemaps of the site itself, no deeper; `--limit` counts pages."""
    rows = claims(read_web(f"{site}/index.xml", 1, pause=lambda _: None))
    assert rows == ["It rained on day 1."]
    assert Site.asked[:3] == ["/robots.txt", "/index.xml", "/sitemap.xml"]
    assert Site.asked[-1] == "/one"


@pytest.mark.parametrize(("status", "allowed"), [(404, True), (403, True), (500, False), (503, False)])
def test_a_robots_file_that_is_not_there(site: str, status: int, allowed: bool) -> None:
    """RFC 9309: none means that all may be read; a server in trouble means that nothing may. The pause stays."""
    Site.robots = (status, "")
    pauses: list[float] = []
    if allowed:
        assert len(claims(read_web(f"{site}/sitemap.xml", 2, pause=pauses.append))) == 1
        assert pauses == [PAUSE_S] * 2
    else:
        with pytest.raises(UnreadableSource, match=str(status)):
            list(read_web(f"{site}/sitemap.xml", 2, pause=pauses.append))
        assert Site.asked == ["/robots.txt"]


def test_one_bad_page_costs_no_other(site: str) -> None:
    """Broken JSON, an address that is none, a page that leads elsewhere or where robots.txt forbids: each by itself."""
    rows = claims(read_web(f"{site}/odd.xml", pause=lambda _: None))
    assert [one for one in rows if one.startswith("It")] == [f"It rained on day {n}." for n in (1, 2, 3)]
    broken, private, elsewhere, forbidden = (one for one in rows if not one.startswith("It"))
    assert "no whole JSON" in broken
    assert "leads on to" in private
    assert "leads on to https://elsewhere.example" in elsewhere
    assert "robots.txt" in forbidden
    assert not {"/private/one", "/a/print"} & set(Site.asked)


def test_a_map_that_is_gone_costs_no_other(site: str) -> None:
    rows = claims(read_web(f"{site}/maps.xml", pause=lambda _: None))
    assert "/gone.xml" in rows[0]
    assert rows[-1] == "It rained on day 3."


def test_a_page_that_speaks_of_sitemaps_is_a_page(site: str) -> None:
    assert claims(open_feed(f"{site}/mentions")) == ["It rained on day 6."]


def test_what_a_page_says_in_our_own_terms_does_not_count(site: str) -> None:
    """Only a file that somebody chose to import may speak as an export of ours."""
    [row] = open_feed(f"{site}/forged")
    assert isinstance(row, Row)
    assert (row.claim.text, row.verdict and row.verdict.rating) == ("It rained on day 7.", "False")
