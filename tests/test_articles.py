"""Sources of every kind, good and bad, with real files and a real server on the loopback address."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import socket
import subprocess
import sys
import tracemalloc
import zlib
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from itertools import repeat
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, ClassVar

import pytest

from tracker import __version__, sources
from tracker.articles import read_article
from tracker.errors import UnreadableSource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SOURCES = Path(__file__).parent / "data" / "sources"
PAGE = (SOURCES / "tram.html").read_bytes()


def refusal(source: str, data: bytes | None = None) -> str:
    """Return the message with which a source is refused: always one line."""
    with pytest.raises(UnreadableSource) as caught:
        read_article(source, stdin=None if data is None else BytesIO(data))
    message = str(caught.value)
    assert message.startswith("cannot read ")
    assert message.isprintable()
    return message


def from_stdin(data: bytes) -> str:
    return read_article("-", stdin=BytesIO(data)).text


# Text


def test_text_is_taken_as_it_is_with_line_feeds(tmp_path: Path) -> None:
    """Newlines of all systems become line feeds; nothing else changes."""
    path = tmp_path / "speech.txt"
    path.write_bytes(b"One.\r\nTwo.\rThree.  \n* four # five")
    article = read_article(str(path))
    assert article.text == "One.\nTwo.\nThree.  \n* four # five"
    assert (article.source, article.title, article.author, article.published_on) == (str(path), None, None, None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_western_text_is_read_in_its_encoding(encoding: str) -> None:
    """Umlauts, quotation marks and the pound sign survive; a byte order mark does not."""
    text = "Die Größe der Streitkräfte: “40.000”, £4m"
    assert from_stdin(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Североатлантический союз увеличит силы до 300 тысяч человек.", "cp1251"),
        ("北大西洋条約機構は即応部隊を増強する。発表によると三十万人になる。", "shift_jis"),
        ("It cost £4m", "cp1252"),
    ],
)
def test_other_encodings_are_guessed(text: str, encoding: str) -> None:
    """Text in neither UTF-8 nor Western letters is recognised; a single pound sign is enough for those."""
    assert from_stdin(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it has no text"),
        (b" \n\t\n", "it has no text"),
        (b"PNG\x00\x01\x02", "it is binary, not text"),
        (bytes(range(1, 256)) * 8, "its encoding cannot be made out"),
        (b"\xff\xfe\x00\xd8a\x00", "its encoding cannot be made out"),
        (b"%PDF-1.7 1 0 obj", "the PDF is broken; open it elsewhere and save it anew, or save it as text"),
        (b"{\\rtf1 a text}", "it is a document (RTF); save it as text or HTML first"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "it is a document (Word)"),
        (b"PK\x03\x04word/document.xml", "it is a document (Word or OpenDocument)"),
        (gzip.compress(b"a" * 1000, mtime=0), "it is packed (gzip); unpack it and name the article's own file"),
        (bz2.compress(b"a" * 100_000), "it is packed (bzip2)"),
        (lzma.compress(b"a" * 1000), "it is packed (xz)"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, reason: str) -> None:
    """Empty, binary, undecodable and document formats are refused, each by its name."""
    assert refusal("-", data).startswith(f"cannot read standard input: {reason}")


@pytest.mark.parametrize("name", ["a.zip", "a.txt.gz", "a.7z"])
def test_a_packed_file_is_refused_by_its_name(tmp_path: Path, name: str) -> None:
    """It is never unpacked, whatever it holds."""
    (tmp_path / name).write_bytes(b"a text")
    assert "it is packed (" in refusal(str(tmp_path / name))


def test_a_source_over_the_limit_is_refused_with_both_sizes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file says its size and the limit; standard input is read no further than the limit."""
    monkeypatch.setattr(sources, "SIZE_LIMIT", 1_000_000)
    path = tmp_path / "long.txt"
    path.write_bytes(b"a" * 1_500_000)
    assert "it has 1.5 MB, the limit is 1 MB" in refusal(str(path))
    assert "it has more than 1 MB, the limit is 1 MB" in refusal("-", b"a" * 1_000_001)
    assert len(from_stdin(b"a" * 1_000_000)) == 1_000_000


# Files


def test_what_is_no_readable_file_is_refused(tmp_path: Path) -> None:
    """Missing files, folders, pipes and odd names are told apart; a pipe is never waited for."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert "no such file" in refusal(str(tmp_path / "none.txt"))
    assert "it is not a regular file" in refusal(str(tmp_path))  # all that is in it
    assert "it is not a regular file" in refusal(str(pipe))
    assert "it is not a regular file" in refusal("/dev/zero")
    assert "File name too long" in refusal("x" * 5000)
    assert refusal("a\x00b").startswith("cannot read a\\x00b: ")
    assert refusal("\ud800\n").startswith("cannot read \\ud800\\n: ")
    assert "no such file" in refusal("")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_read_permission_is_refused(tmp_path: Path) -> None:
    """The message says that access is what is missing."""
    path = tmp_path / "closed.txt"
    path.write_text("secret")
    path.chmod(0)
    assert "permission denied" in refusal(str(path))


# HTML and Markdown


def test_a_page_gives_its_main_text_and_what_it_says_of_itself() -> None:
    """Menu, script and footer go; headline, paragraphs and list items stay, one a line."""
    article = read_article(str(SOURCES / "tram.html"))
    assert article.title == "Council backs tram line"
    assert article.author == "Fay Lister"
    assert article.published_on == date(2023, 3, 14)
    lines = article.text.split("\n")
    assert lines[-3].startswith(
        "The line will carry 18,000 passengers a day, according to the council’s own forecast, and"
    )
    assert lines[-2] == "Fares will be frozen for two years after the opening of the line."
    assert "Two depots will be built, at Marsh Lane and at the old brewery." in lines
    assert "Sport" not in article.text
    assert "tracking" not in article.text
    assert "rights reserved" not in article.text


def day_of(head: str = "", body: str = "", root: str = "") -> date | None:
    """Return the day that a page is read to name."""
    text = (
        "<p>Councillors in Brackwater voted 31 to 22 on Tuesday for a tram line that will cost £412 million.</p>"
        "<p>The line will carry 18,000 passengers a day, according to the council's own forecast of last year.</p>"
    )
    page = (
        f'<!doctype html>\n<html {root}><head><meta charset="utf-8"><title>A tram</title>{head}</head>'
        f"<body><article>{text}{body}</article></body></html>"
    )
    article = read_article("-", stdin=BytesIO(page.encode()))
    assert "voted 31 to 22" in article.text
    return article.published_on


def linked(data: str) -> str:
    return f'<script type="application/ld+json">{data}</script>'


STATED = "2022-06-27T09:30:00+02:00"
NEWS = f'{{"@type": "NewsArticle", "datePublished": "{STATED}"}}'
OTHER_NEWS = NEWS.replace("2022", "2019")
PROPERTY = '<meta property="article:published_time" content="{}">'
TIME = '<time itemprop="datePublished" datetime="{}">then</time>'


@pytest.mark.parametrize(
    "head",
    [
        PROPERTY.format("03/04/2022"),
        PROPERTY.format("2022-06"),
        PROPERTY.format("06-05-2022"),
        PROPERTY.format("1656315000"),
        PROPERTY.format("2022-02-30"),
        PROPERTY.format("2999-01-01"),
        PROPERTY.format(""),
        '<meta property="article:published_time">',
        '<meta property="article:modified_time" content="2022-06-27">',
        '<meta property="og:updated_time" content="2022-06-27">',
        '<meta name="last-modified" content="2022-06-27">',
        '<meta http-equiv="date" content="2022-06-27">',
        '<meta name="expiry date" content="2022-06-27">',
        '<meta itemprop="copyrightYear" content="2022">',
        '<link rel="canonical" href="https://mail.example/2022/06/27/tram">',
        '<meta property="og:url" content="https://mail.example/2022/06/27/tram">',
        linked('{"@type": "NewsArticle", "dateModified": "2022-06-27", "dateCreated": "2022-06-27"}'),
        linked('{"@type": "NewsArticle", "datePublished": "03/04/2022"}'),
        linked('{"@type": "NewsArticle", "datePublished": 20220627}'),
        linked('{"@type": "ClaimReview", "datePublished": "2022-06-27"}'),
        linked('{"@type": "WebPage", "datePublished": "2022-06-27"}'),
        linked('{"datePublished": "2022-06-27"}'),
        linked(f'{{"@type": "ClaimReview", "itemReviewed": {NEWS}}}'),
        linked(f'{{"@type": "ItemList", "itemListElement": [{NEWS}]}}'),
        linked(f'{{"@type": "NewsArticle", "citation": {NEWS}, "hasPart": [{NEWS}]}}'),
        linked(f"[{NEWS}, {OTHER_NEWS}]"),
        linked(NEWS) + linked(OTHER_NEWS),
        linked(NEWS[:-1]),
        linked("[" * 100_000),
        linked(f'{{"@type": {"[" * 800}{"]" * 800}, "datePublished": "2022-06-27"}}'),
        linked("1" * 5000),
        linked(""),
        f"<script>{NEWS}</script>",
        PROPERTY.format("2022-06-27") + PROPERTY.format("2019-06-27"),
    ],
)
def test_a_day_that_the_page_does_not_state_is_not_guessed(head: str) -> None:
    """Not from figures in either order, a part of a day, a modified time, an address, or another article."""
    assert day_of(head) is None


@pytest.mark.parametrize(
    "body",
    [
        '<p>The flood of <time datetime="1999-07-01">July 1999</time> is not forgotten.</p>',
        '<time class="entry-date" datetime="2022-06-27">27 June 2022</time>',
        '<abbr class="published" title="2022-06-27">27 June 2022</abbr>',
        '<time itemprop="dateModified" datetime="2022-06-27">27 June 2022</time>',
        '<time itemprop="datePublished">27 June 2022</time>',
        TIME.format("03/04/2022"),
        "<footer>Published 03/04/2022</footer>",
        '<p class="date">Published 2022-06-27</p>',
        '<img src="/2022/06/27/tram.jpg">',
        f"<aside>{TIME.format(STATED)}</aside>",
        f"<article>{TIME.format(STATED)}</article>",
        f'<article><time pubdate datetime="{STATED}">a comment</time></article>',
        f'<div itemprop="comment" itemscope itemtype="https://schema.org/Comment">{TIME.format(STATED)}</div>',
        f'<div itemscope itemtype="https://schema.org/Review"><meta itemprop="datePublished" content="{STATED}"></div>',
        f"<div itemscope>{TIME.format(STATED)}</div>",
        TIME.format("2022-06-27") + TIME.format("2019-06-27"),
    ],
)
def test_a_day_in_the_text_is_not_the_pages(body: str) -> None:
    """The text, its footer, and the days of comments and teasers say nothing of the page's own day."""
    assert day_of(body=body) is None


@pytest.mark.parametrize(
    "written", [STATED, "2022-06-27", "27 June 2022", "June 27, 2022", "Mon, 27 Jun 2022 09:30 GMT"]
)
def test_a_whole_day_is_read_in_every_form_that_has_one_reading(written: str) -> None:
    assert day_of(PROPERTY.format(written)) == date(2022, 6, 27)


@pytest.mark.parametrize(
    "data",
    [
        *(NEWS.replace("NewsArticle", kind) for kind in ("Article", "NewsArticle", "BlogPosting", "Report")),
        NEWS.replace("NewsArticle", "https://schema.org/ReportageNewsArticle"),
        NEWS.replace('"NewsArticle"', '["WebPage", "schema:Article"]'),
        f"[{NEWS}]",
        f"[{NEWS}, {NEWS}]",
        f'{{"@context": "https://schema.org", "@graph": [{{"@type": "WebSite"}}, [{NEWS}]]}}',
        f'{{"@type": "WebPage", "datePublished": "2019-01-01", "mainEntity": {NEWS}}}',
        f'[null, 1, "x", {{"@type": [null, {{}}]}}, {NEWS}]',
    ],
)
def test_linked_data_names_the_day(data: str) -> None:
    """`datePublished` of an article of any kind, by itself, in a list, in a graph, or as a page's main entity."""
    assert day_of(linked(data)) == date(2022, 6, 27)
    assert day_of(f'<script type="Application/LD+JSON; charset=utf-8">{data}</script>') == date(2022, 6, 27)


@pytest.mark.parametrize("attribute", ["name", "itemprop"])
@pytest.mark.parametrize(
    "name",
    """
    datePublished date pubdate publish-date dc.date dc.date.issued DC.date.issued dcterms.created
    parsely-pub-date sailthru.date citation_publication_date
    """.split(),
)
def test_a_meta_element_names_the_day(attribute: str, name: str) -> None:
    """Under each of the names in use, in whatever case, whatever the page's root is said to be."""
    meta = f'<meta {attribute}="{name}" content="{STATED}">'
    assert day_of(meta) == date(2022, 6, 27)
    assert day_of(meta, root='itemscope itemtype="http://schema.org/WebPage"') == date(2022, 6, 27)


@pytest.mark.parametrize(
    "body",
    [
        f'<time pubdate datetime="{STATED}">Monday</time>',
        f'<time pubdate="pubdate" datetime="{STATED}">Monday</time>',
        f'<time itemprop="datePublished" datetime="{STATED}">Monday</time>',
        f'<time itemprop="dateCreated datePublished" datetime="{STATED}">Monday</time>',
        f'<div itemscope itemtype="https://schema.org/NewsArticle">{TIME.format(STATED)}</div>',
        f'<div itemscope itemtype="https://schema.org/CreativeWork">{TIME.format(STATED)}</div>',
    ],
)
def test_a_marked_time_element_names_the_day(body: str) -> None:
    """`pubdate` or `itemprop` say that it is the day of publication; an unmarked one beside it does not matter."""
    assert day_of(body=body) == date(2022, 6, 27)
    assert day_of(body=f'<time datetime="1999-07-01">July 1999</time>{body}') == date(2022, 6, 27)


def test_of_two_stated_days_the_more_explicit_one_counts() -> None:
    """Linked data, then the property, then the names in their order, then the time elements; wherever they stand."""
    places = [
        linked(NEWS.replace("2022", "2010")),
        PROPERTY.format("2011-06-27"),
        '<meta name="datePublished" content="2012-06-27">',
        '<meta name="date" content="2013-06-27">',
        '<meta itemprop="sailthru.date" content="2014-06-27">',
        '<time pubdate datetime="2015-06-27">then</time>',
        TIME.format("2016-06-27"),
    ]
    for first in range(len(places)):
        assert day_of(body="".join(reversed(places[first:]))) == date(2010 + first, 6, 27)


def test_a_place_without_a_whole_day_leaves_the_next_one_its_say() -> None:
    """What cannot be read, or names two days, is passed over."""
    unread = linked(NEWS.replace(STATED, "03/04/2022")) + PROPERTY.format("03/04/2022")
    two = linked(f"[{NEWS}, {OTHER_NEWS}]")
    modified = '<meta property="article:modified_time" content="2023-01-01">'
    for head in (unread, two, modified):
        assert day_of(head, TIME.format("27 June 2022")) == date(2022, 6, 27)


def test_html_is_recognised_by_its_beginning() -> None:
    """A page without a telling name is still a page, and markup inside a text does not make it one."""
    assert read_article("-", stdin=BytesIO(PAGE)).title == "Council backs tram line"
    assert from_stdin(b"He typed <html> and left.") == "He typed <html> and left."


def test_a_page_is_read_in_the_encoding_that_it_declares() -> None:
    """A Cyrillic page that is not UTF-8 says so in its head."""
    sentence = "Альянс увеличит силы быстрого реагирования до 300 тысяч человек, заявил генсек."
    page = f'<html><head><meta charset="koi8-r"></head><body><article><p>{sentence}</p></article></body></html>'
    assert from_stdin(page.encode("koi8-r")) == sentence


def test_hostile_pages_are_read_or_refused_but_never_crash() -> None:
    """Deep nesting, references to control characters, no text at all: one line, or the article."""
    body = "<p>The council voted 31 to 22 on Tuesday for a tram line that will cost a fortune.</p>"
    deep = f"<html><body>{'<div>' * 20_000}{body}</body></html>".encode()
    assert "the page has no main text" in refusal("-", deep)
    assert "it has too much markup" in refusal("-", b"<html>" + b"<b>" * 100_000)
    assert "the page has no main text" in refusal("-", b"<html><body><script>x</script></body></html>")
    assert "voted 31 to 22" in from_stdin(f"<html><body>{body}<p>a&#27;&#0;&#xD800;b</p></body></html>".encode())


def test_extraction_prints_nothing(tmp_path: Path) -> None:
    """The library's own warnings do not reach standard error."""
    page = tmp_path / "empty.html"
    page.write_text("<html><body></body></html>")
    script = (
        "from tracker.articles import read_article\n"
        f"try: read_article({str(page)!r})\n"
        "except Exception as error: print(type(error).__name__)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("UnreadableSource\n", "")


def test_markdown_becomes_plain_paragraphs() -> None:
    """Marks, code and markup go, links keep their words, items and rows take a line each."""
    article = read_article(str(SOURCES / "tram.md"))
    assert article.text.split("\n\n") == [
        "Tram line approved",
        "Councillors voted 31 to 22 for a tram line that will cost £412\xa0million.",
        "Fares frozen for two years\nTwo depots\nMarsh Lane",
        "“We were promised a bus,” she said.",
        "Party | Seats\nReds | 31",
    ]
    assert article.title == "Council backs tram line"
    assert article.author == "Fay Lister"
    assert article.published_on == date(2023, 3, 14)


def test_a_markdown_file_without_front_matter_has_its_heading_as_title(tmp_path: Path) -> None:
    """The first heading of the first level is the title; without one there is none."""
    path = tmp_path / "note.markdown"
    path.write_text("## Small\n\n# The *tram*\n\nText.")
    assert read_article(str(path)).title == "The tram"
    path.write_text("Text only.")
    assert read_article(str(path)).title is None


@pytest.mark.parametrize(
    ("written", "day"),
    [("2022-06-27", date(2022, 6, 27)), ('"27 June 2022"', date(2022, 6, 27)), ("03/04/2022", None), ("2022", None)],
)
def test_front_matter_names_a_whole_day_or_none(tmp_path: Path, written: str, day: date | None) -> None:
    """The date of a Markdown file is read as strictly as a page's."""
    path = tmp_path / "note.md"
    path.write_text(f"---\ndate: {written}\n---\nText.")
    assert read_article(str(path)).published_on == day


@pytest.mark.parametrize(
    ("written", "language"),
    [("lang: en-GB", "en"), ("language: DE", "de"), ("lang: English", None), ("lang: zz", None), ("draft: en", None)],
)
def test_front_matter_names_a_language_by_its_code(tmp_path: Path, written: str, language: str | None) -> None:
    """A tag of ISO 639-1, with a region or without; nothing else is taken for one."""
    path = tmp_path / "note.md"
    path.write_text(f"---\n{written}\n---\nText.")
    assert read_article(str(path)).language == language


def language_of(root: str, head: str = "") -> str | None:
    """Return the language that a page is read to state."""
    text = "<p>Councillors in Brackwater voted 31 to 22 on Tuesday for a tram line that will cost £412 million.</p>" * 2
    page = f"<!doctype html><html {root}><head><title>A tram</title>{head}</head><body><article>{text}</article></body>"
    return read_article("-", stdin=BytesIO(page.encode())).language


@pytest.mark.parametrize(
    ("root", "data", "language"),
    [
        ("", "", None),
        ('lang="en"', "", "en"),
        ('lang="pt-BR"', "", "pt"),
        ('xml:lang="de_AT"', "", "de"),
        ('lang="english"', "", None),
        ('lang="en"', '{"@type": "NewsArticle", "inLanguage": "de-DE"}', "de"),
        ('lang="en"', '{"@type": "NewsArticle", "inLanguage": {"@type": "Language", "alternateName": "fr"}}', "fr"),
        ('lang="en"', '{"@type": "NewsArticle", "inLanguage": ["de", "fr"]}', "en"),
        ('lang="en"', '{"@type": "NewsArticle", "inLanguage": [{}, null, 7, "German"]}', "en"),
        ('lang="en"', '{"@type": "WebSite", "inLanguage": "de"}', "en"),
    ],
)
def test_a_page_states_its_language_or_none(root: str, data: str, language: str | None) -> None:
    """The article's own in its linked data, where that names one; else the page's; never a guess."""
    assert language_of(root, linked(data)) == language


# The web


HEAD = b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n"
PACKED = HEAD + b"Content-Encoding: gzip\r\n\r\n"


def bomb() -> Iterator[bytes]:
    """A gigabyte of zeros, packed, without packing more than a megabyte of it."""
    packer = zlib.compressobj(9, wbits=31)
    start = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    megabyte = packer.compress(bytes(1_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    yield PACKED + start + megabyte * 1000


def never_ending() -> Iterator[bytes]:
    yield HEAD + b"\r\n"
    yield from repeat(b"a" * 65_536)


def nothing_for_ever() -> Iterator[bytes]:
    """Packed blocks that hold nothing: no size is ever reached."""
    yield PACKED + b"\x1f\x8b\x08\0\0\0\0\0\0\x03"
    yield from repeat(b"\0\0\0\xff\xff" * 10_000)


def after_the_end() -> Iterator[bytes]:
    yield PACKED + gzip.compress(b"The tram line will be built.")
    yield from repeat(b"x" * 65_536)


def trickle(head: bytes, body: bytes) -> Iterator[bytes]:
    """A byte now and then, each within the time that a single wait may take."""
    yield head
    for number in range(len(body)):
        Pages.gate.wait(0.05)
        yield body[number : number + 1]


class Pages(BaseHTTPRequestHandler):
    """A small site; `seen` keeps the requests' headers by page, `gate` holds one back, `raw` has bare bytes."""

    seen: ClassVar[dict[str, list[dict[str, str]]]] = {}
    gate = Event()
    raw: ClassVar[dict[str, Callable[[], Iterator[bytes]]]] = {
        "/gigabyte": bomb,
        "/endless": never_ending,
        "/empty-blocks": nothing_for_ever,
        "/after-the-end": after_the_end,
        "/cut": lambda: iter([PACKED + gzip.compress(b"The tram line will be built.")[:-10]]),
        "/trickle": lambda: trickle(HEAD + b"\r\n", b"The tram line will be built. " * 4),
        "/trickled-head": lambda: trickle(b"HTTP/1.0 200 OK\r\n", b"X-Mood: " + b"x" * 100 + b"\r\n\r\nA tram."),
        "/trickled-waits": lambda: trickle(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 4 + HEAD + b"\r\nA tram."),
    }

    def do_GET(self) -> None:
        self.seen.setdefault(self.path, []).append(dict(self.headers))
        answer = {
            "/article": (200, {"Content-Type": "text/html"}, PAGE),
            "/moved": (302, {"Location": "/article"}, b""),
            "/loop": (302, {"Location": "/loop"}, b""),
            "/away": (302, {"Location": "ftp://127.0.0.1/article"}, b""),
            "/note.md": (200, {"Content-Type": "text/plain"}, b"# The *tram*"),
            "/latin": (200, {"Content-Type": "text/plain; charset=koi8-r"}, "силы".encode("koi8-r")),
            "/image": (200, {"Content-Type": "image/png"}, b"\x89PNG"),
            "/report": (200, {"Content-Type": "application/pdf"}, b"%PDF-1.7"),
            "/large": (200, {"Content-Type": "text/plain"}, b"a" * 3_000_000),
            "/bomb": (200, {"Content-Type": "text/plain", "Content-Encoding": "gzip"}, gzip.compress(b"a" * 3_000_000)),
            "/nested": (200, {"Content-Type": "text/plain", "Content-Encoding": "gzip, gzip"}, b"x"),
            "/broken": (200, {"Content-Type": "text/plain", "Content-Encoding": "gzip"}, b"not gzip"),
        }
        if self.path == "/slow":
            self.gate.wait(5)
        if self.path in self.raw:
            self.wfile.flush()
            for piece in self.raw[self.path]():
                if self.gate.is_set() or not self.write(piece):
                    return
            return
        status, headers, body = answer.get(self.path, (404, {}, b"none"))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.write(body)

    def write(self, body: bytes) -> bool:
        try:
            self.wfile.write(body)
        except OSError:
            self.close_connection = True  # the reader had enough
            return False
        return True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep the test's output clean."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    Pages.gate.set()
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_page_is_fetched_with_an_honest_name(site: str) -> None:
    """A redirect is followed, the source stays as given, and the program says who it is."""
    article = read_article(f"{site}/moved")
    assert article.source == f"{site}/moved"
    assert article.title == "Council backs tram line"
    assert Pages.seen["/moved"][0]["User-Agent"] == f"claim-tracker/{__version__}"


def test_kind_and_encoding_come_from_the_address_and_the_server(site: str) -> None:
    """Markdown is known by its address, an encoding by the server's word."""
    assert read_article(f"{site}/note.md").text == "The tram"
    assert read_article(f"{site}/latin").text == "силы"


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("/none", "the server answers 404"),
        ("/loop", "it redirects more than 5 times"),
        ("/away", "unsupported protocol"),
        ("/image", "it is image/png, not a page or a text"),
        ("/report", "the PDF is broken"),
        ("/nested", "it is packed in a way not asked for"),
        ("/broken", "incorrect header check"),
    ],
)
def test_an_answer_that_is_no_article_is_refused(site: str, page: str, reason: str) -> None:
    """Error codes, endless redirects, other types and broken packing are each named."""
    message = refusal(f"{site}{page}")
    assert message.startswith(f"cannot read {site}{page}: ")
    assert reason in message


def test_a_redirect_is_followed_five_times_and_no_more(site: str) -> None:
    """An endless redirect costs six requests."""
    Pages.seen.clear()
    refusal(f"{site}/loop")
    assert len(Pages.seen["/loop"]) == 6


@pytest.mark.parametrize("page", ["/large", "/bomb"])
def test_a_download_stops_at_the_limit(site: str, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What counts is the unpacked size."""
    monkeypatch.setattr(sources, "SIZE_LIMIT", 1_000_000)
    assert "it has more than 1 MB" in refusal(f"{site}{page}")


@pytest.mark.parametrize("page", ["/gigabyte", "/endless"])
def test_a_page_without_end_takes_little_memory(site: str, page: str) -> None:
    """Neither an endless page nor a gigabyte packed into a megabyte is unpacked much beyond the limit."""
    tracemalloc.start()
    try:
        assert "it has more than 10 MB" in refusal(f"{site}{page}")
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()


def test_a_packed_page_ends_where_it_ends(site: str) -> None:
    """What is sent after the end is not kept, and a page that was cut is not taken for a whole one."""
    assert read_article(f"{site}/after-the-end").text == "The tram line will be built."
    assert "it ends in the middle" in refusal(f"{site}/cut")


@pytest.mark.parametrize("page", ["/trickle", "/trickled-head", "/trickled-waits", "/empty-blocks"])
def test_a_server_that_keeps_talking_is_given_up(site: str, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte now and then, in the page, in its head or before it, does not hold the reader for ever."""
    monkeypatch.setattr(sources, "FETCH_SECONDS", 0.5)
    assert "no whole answer within 0.5 s" in refusal(f"{site}{page}")


def test_a_silent_server_is_given_up(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No answer in time ends in a line that says how long was waited."""
    monkeypatch.setattr(sources, "FETCH_SECONDS", 0.2)
    assert "no whole answer within 0.2 s" in refusal(f"{site}/slow")


def test_an_unreachable_address_is_refused_without_its_password() -> None:
    """A closed port is named; the password in the address is not shown."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    message = refusal(f"http://desk:secret@127.0.0.1:{port}/page")
    assert message.startswith(f"cannot read http://127.0.0.1:{port}/page: ")
    assert "secret" not in message


@pytest.mark.parametrize(
    "address", ["ftp://host/x", "file:///etc/hostname", "http://", "http://\ud800", "https://[", "http://a b\n"]
)
def test_what_is_no_web_address_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unknown schemes and malformed addresses end in one line; no name is looked up outside this machine."""

    def unknown(*_host: object, **_rest: object) -> None:
        raise socket.gaierror("no such host")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert refusal(address)


def test_reading_a_text_imports_nothing_heavy(tmp_path: Path) -> None:
    """A plain file costs neither the page reader nor the network client nor the encoding guesser."""
    path = tmp_path / "note.txt"
    path.write_text("Größe", encoding="utf-8")
    heavy = {"trafilatura", "httpx", "charset_normalizer", "lxml", "numpy", "torch", "markdown_it"}
    heavy |= {"pypdf", "feedparser"}
    script = (
        "import sys; from tracker.articles import read_article; "
        f"read_article({str(path)!r}); print(sorted({heavy!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
