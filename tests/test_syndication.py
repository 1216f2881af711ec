"""Feeds: each item an article, good and bad, from files and from a real server on the loopback address."""

from __future__ import annotations

from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from tracker.articles import read_article, read_articles
from tracker.errors import UnreadableSource
from tracker.models import Article

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCES = Path(__file__).parent / "data" / "sources"
RSS = str(SOURCES / "desk.rss")
ATOM = str(SOURCES / "desk.atom")


def items(text: str | bytes) -> list[Article | UnreadableSource]:
    data = text.encode() if isinstance(text, str) else text
    return list(read_articles("-", stdin=BytesIO(data)))


def item(content: str) -> str:
    return f'<rss version="2.0"><channel><item>{content}</item></channel></rss>'


def test_each_item_of_an_rss_feed_is_an_article() -> None:
    """Content before summary, the link as the source, the feed's language; an item without text is an error."""
    first, second, third = read_articles(RSS)
    assert first == Article(
        "https://desk.example/bridges",
        "The county owns 412 bridges.\n\nTwo are closed.\n37 have a limit.\n\nRepairs cost £4.5\xa0million.",
        "412 bridges & counting",
        "Fäy Lister",
        date(2022, 6, 27),
        "en",
    )
    assert second == Article(
        f"{RSS}#2", "The oldest bridge dates from 1768.", "Only a summary", None, date(2022, 6, 28), "en"
    )
    assert str(third) == (
        "cannot read https://desk.example/none: the feed gives no text for it; give the article's own address"
    )


def test_each_entry_of_an_atom_feed_is_an_article() -> None:
    """The entry's own language; the day of the last change is not that of publication; only web links are sources."""
    assert list(read_articles(ATOM)) == [
        Article(
            "https://desk.example/bruecken",
            "Der Kreis besitzt 412 Brücken.\n\nZwei sind gesperrt.",
            "Brücken",
            "Fay Lister; Bo Marsh",
            date(2022, 6, 27),
            "de",
        ),
        Article(f"{ATOM}#2", "Fewer than 5 < 6 bridges.", "No day of its own", None, None, "en"),
    ]


def test_a_feed_is_no_single_article() -> None:
    """Unless it has just one."""
    with pytest.raises(UnreadableSource) as caught:
        read_article(ATOM)
    assert str(caught.value) == (
        f"cannot read {ATOM}: it is a feed with 2 articles;"
        " ask for all of them with --jsonl, or give the address of one"
    )
    single = item("<description>One bridge.</description>").encode()
    assert read_article("-", stdin=BytesIO(single)).text == "One bridge."
    with pytest.raises(UnreadableSource, match="the feed gives no text for it"):
        read_article("-", stdin=BytesIO(item("<title>x</title>").encode()))


@pytest.mark.parametrize(
    ("feed", "text"),
    [
        (item("<description>A &amp;amp; B &#8364;5</description>"), "A & B €5"),
        (item("<description>Faulty &nbsp;entity</description>"), "Faulty \xa0entity"),
        (item("<description>&lt;p&gt;A&#x1b;&lt;/p&gt;&lt;p hidden&gt;B</description>"), "A\n\nB"),
        (f"<!-- a comment --><?xml-stylesheet href='x'?>{item('<description>After.</description>')}", "After."),
        (
            (
                '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
                "<channel/><item><description>Old form.</description></item></rdf:RDF>"
            ),
            "Old form.",
        ),
    ],
)
def test_feeds_of_all_forms_and_faults_are_read(feed: str, text: str) -> None:
    """Escaped markup, unknown entities, control characters, what stands before them, the form of the year 2000."""
    (found,) = items(feed)
    assert isinstance(found, Article)
    assert found.text == text


@pytest.mark.parametrize("text", ["<feed the poor, he said.", "<feed: the poor>", "<rss is old>, he said."])
def test_a_text_that_begins_with_a_feeds_name_is_none(text: str) -> None:
    """The element ends, or has attributes."""
    assert read_article("-", stdin=BytesIO(text.encode())).text == text


def test_of_a_feed_that_ends_in_the_middle_the_whole_items_are_read() -> None:
    """The last one is an error."""
    feed = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><summary>Whole.</summary></entry><entry><summary>Cut sho'
    first, second = items(feed)
    assert isinstance(first, Article)
    assert first.text == "Whole."
    assert str(second) == "cannot read -#2: the feed gives no text for it; give the article's own address"


def test_no_file_that_a_feed_names_is_opened(tmp_path: Path) -> None:
    """A document type or an entity may name a file of this machine; none is looked at."""
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    feed = item("<description>Text &secret;</description>")
    (found,) = items(f'<!DOCTYPE rss SYSTEM "{secret.as_uri()}">{feed}')
    assert "the secret" not in str(found)
    with pytest.raises(UnreadableSource, match="its XML declares entities of its own, as no feed does"):
        items(f'<!DOCTYPE rss [<!ENTITY secret SYSTEM "{secret.as_uri()}">]>{feed}')


BOMB = (
    '<!DOCTYPE rss [<!ENTITY a0 "aaaaaaaaaa">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
    + "]>"
)


@pytest.mark.parametrize(
    ("feed", "reason"),
    [
        (BOMB + item("<description>&a8;</description>"), "its XML declares entities of its own, as no feed does; "),
        ('<rss version="2.0"><channel></channel></rss>', "the feed has no articles; try again when it has some"),
        (item("<b>" * 200_001), "it has too much markup; save the articles themselves"),
        ('<rss version="2.0" xmlns:x="a\xa0b"><channel><item><x:y/></item></channel></rss>', "the feed is broken; "),
        ("<rss \x00", "it is binary, not text; "),
    ],
)
def test_hostile_and_broken_feeds_are_refused(feed: str, reason: str) -> None:
    """Entity bombs, nothing in it, endless markup, names that are none: one line."""
    with pytest.raises(UnreadableSource) as caught:
        items(feed)
    assert str(caught.value).isprintable()
    assert str(caught.value).startswith(f"cannot read standard input: {reason}")


def test_an_item_with_too_much_markup_does_not_cost_the_others() -> None:
    """It is yielded as the error, in its place."""
    long = "&lt;b&gt;" * 60_000
    both = f"<description>{long}</description></item><item><description>Short.</description>"
    first, second = items(item(both))
    assert str(first).startswith("cannot read -#1: it has too much markup; ")
    assert isinstance(second, Article)
    assert second.text == "Short."


@pytest.mark.parametrize("name", ["a.rss", "a.atom"])
def test_what_only_calls_itself_a_feed_is_refused(tmp_path: Path, name: str) -> None:
    """By its name; other XML is text, as it was."""
    path = tmp_path / name
    path.write_text("Just a text.")
    with pytest.raises(UnreadableSource, match=r"it is no feed \(RSS or Atom\)"):
        read_articles(str(path))
    other = b"<?xml version='1.0'?><note>One bridge.</note>"
    assert read_article("-", stdin=BytesIO(other)).text == other.decode()


class Feeds(BaseHTTPRequestHandler):
    """The sample feed under three types, as servers give it."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", self.path[1:].replace("_", "/"))
        self.end_headers()
        self.wfile.write(Path(RSS).read_bytes())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep the test's output clean."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Feeds)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("kind", ["application_rss+xml", "application_xml", "text_html"])
def test_a_feed_is_read_from_its_address(site: str, kind: str) -> None:
    """Under whatever type; an item without a link has the feed's address and its number."""
    first, second, _ = read_articles(f"{site}/{kind}")
    assert isinstance(first, Article)
    assert (first.source, first.author) == ("https://desk.example/bridges", "Fäy Lister")
    assert isinstance(second, Article)
    assert second.source == f"{site}/{kind}#2"
