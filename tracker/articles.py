"""Read the text to check from a file, standard input or a web page.

Whatever comes (text, Markdown, HTML, in whatever encoding) leaves as one `Article` with plain text,
or as one `UnreadableSource`. The network is touched only for a source that is a URL. The heavy
libraries are imported where they are needed: an article in plain text costs none of them.
"""

from __future__ import annotations

import codecs
import json
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any, BinaryIO

from tracker.dates import parse_day
from tracker.errors import InvalidClaim
from tracker.models import Article
from tracker.sources import Source, fail, read_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from markdown_it.token import Token

MARKUP_LIMIT = 50_000  # tags in a page; the extraction's time grows with their square

_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
_HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_MARKDOWN_SUFFIXES = frozenset({".md", ".markdown"})

_DOCUMENTS = {
    "PDF": (b"%PDF-", frozenset({".pdf"}), "application/pdf"),
    "Word or OpenDocument": (
        b"PK\x03\x04",
        frozenset({".docx", ".odt", ".pptx", ".xlsx"}),
        "application/vnd.",
    ),
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

_BYTE_ORDER_MARKS = {  # UTF-32 before UTF-16: the one begins like the other
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_META_CHARSET = re.compile(rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
# Pages may name any codec of Python's; some of those are slow or make no text.
_TRUSTED_CODEC = re.compile(r"utf-(?:8|16)|cp\d+|iso8859|koi8|mac|gb|big5|euc|shift_jis|iso2022")
# What a Western text holds beside ASCII; a short one is too little for the guesser to go by.
_WESTERN = frozenset("£€§°©®™«»“”„‘’‚–—…•·½¼¾¡¿\xa0áàâäãåæçéèêëíìîïñóòôöõøœúùûüýÿßÁÀÂÄÃÅÆÇÉÈÊËÍÌÎÏÑÓÒÔÖÕØŒÚÙÛÜÝ")
# The guesser knows a hundred encodings and takes texts for the rarest; newsrooms meet these.
_GUESSES = (
    *("cp1252", "cp1250", "cp1254", "cp1257", "cp1251", "koi8_r", "cp1253", "cp1255", "cp1256"),
    *("gb18030", "big5", "shift_jis", "euc_jp", "euc_kr"),
)
_UNPRINTED = re.compile(r"[\x00-\x08\x0e-\x1a\x7f\ufffd]")


def read_article(source: str, *, stdin: BinaryIO | None = None) -> Article:
    """Read a file, a web page (http or https) or standard input (`-`) as an article.

    Every newline becomes a line feed, a byte order mark goes; HTML and Markdown become plain paragraphs, with
    title, author and date where the page or its front matter gives them.

    Raises `UnreadableSource` for whatever cannot be read as text: missing, empty, binary, larger
    than `sources.SIZE_LIMIT`, out of reach.
    """
    raw = read_source(source, stdin)
    _refuse_documents(raw)
    text = _decode(raw)
    if _is_html(raw, text):
        article = _from_html(source, text)
    elif raw.suffix in _MARKDOWN_SUFFIXES or raw.media_type == "text/markdown":
        article = _from_markdown(source, text)
    else:
        article = Article(source, text)
    if not article.text.strip():
        fail(source, "it has no text", "give an article with some words in it")
    return article


# What they are


def _refuse_documents(raw: Source) -> None:
    """Name the formats that hold text but are not read here."""
    for kind, (magic, suffixes) in _PACKED.items():
        named = raw.suffix in suffixes and raw.media_type not in _HTML_TYPES
        if named or (raw.data.startswith(magic) and b"\0" in raw.data):
            fail(raw.source, f"it is packed ({kind})", "unpack it and name the article's own file")
    for kind, (magic, suffixes, media_type) in _DOCUMENTS.items():
        named = raw.suffix in suffixes or raw.media_type.startswith(media_type)
        if raw.data.startswith(magic) or (named and raw.media_type not in _HTML_TYPES):
            fail(raw.source, f"it is a document ({kind})", "save it as text or HTML first")


def _is_html(raw: Source, text: str) -> bool:
    if raw.media_type in _HTML_TYPES or _HTML_START.match(text):
        return True
    return raw.suffix in _HTML_SUFFIXES and raw.media_type != "text/plain"


def _decode(raw: Source) -> str:
    """Return the text: by its byte order mark, as UTF-8, as declared, or as can be guessed."""
    data = raw.data
    mark = next((codec for mark, codec in _BYTE_ORDER_MARKS.items() if data.startswith(mark)), None)
    if mark is None and b"\x00" in data:
        fail(raw.source, "it is binary, not text", "save it as text or HTML first")
    text = next(_decodings(data, [mark] if mark else _codecs(raw)), None)
    if text is None:
        text = None if mark else _guess(data)
    if text is None or _looks_binary(text):
        fail(raw.source, "its encoding cannot be made out", "save it as text in UTF-8")
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")


def _codecs(raw: Source) -> Iterator[str]:
    """Yield the encodings to try, by their Python names: UTF-8, then what page or server declare."""
    yield "utf-8"
    meta = _META_CHARSET.search(raw.data, 0, 4096)
    for declared in (raw.charset, meta[1].decode("ascii") if meta else ""):
        try:
            codec = codecs.lookup(declared).name
        except (LookupError, ValueError):
            continue
        if codec == "iso8859-1":
            codec = "cp1252"  # as every browser reads it
        if _TRUSTED_CODEC.match(codec):
            yield codec


def _decodings(data: bytes, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        try:
            yield data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue


def _guess(data: bytes) -> str | None:
    from charset_normalizer import from_bytes

    western = data.decode("cp1252", "replace")
    if all(character.isascii() or character in _WESTERN for character in western):
        return western
    best = from_bytes(data, cp_isolation=list(_GUESSES)).best()
    return None if best is None else str(best)


def _looks_binary(text: str) -> bool:
    return "\x00" in text or len(_UNPRINTED.findall(text)) > 0.02 * len(text)


# How they become plain text


def _from_html(source: str, text: str) -> Article:
    """Take the main text of a page and what it says about itself."""
    if text.count("<") > MARKUP_LIMIT:
        fail(source, "it has too much markup", "copy the article's words into a text file")
    from trafilatura import bare_extraction, load_html

    tree = load_html(_REFERENCE.sub(_unless_control, text))
    if tree is None:
        fail(source, "the page has no main text", "copy the article's words into a text file")
    day = _stated_day(tree)  # first: the extraction changes the tree
    page = bare_extraction(
        tree,
        include_comments=False,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if page is None or isinstance(page, dict) or not (page.text or "").strip():
        fail(source, "the page has no main text", "copy the article's words into a text file")
    plain = re.sub(r"^- ", "", _without_surrogates(page.text or ""), flags=re.MULTILINE)
    return Article(source, plain, page.title or None, page.author or None, day)


_REFERENCE = re.compile(r"&#(?:x([0-9a-f]{1,8})|(\d{1,8}));", re.IGNORECASE)


def _unless_control(reference: re.Match[str]) -> str:
    """Drop a reference to a control character: one of them and the parser gives up on the page."""
    number = int(reference[2]) if reference[2] else int(reference[1], 16)
    return reference[0] if number >= ord(" ") or number in {0x9, 0xA, 0xD} else ""


def _without_surrogates(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _date(written: object) -> date | None:
    """Return the day where one is written that everybody reads alike."""
    try:
        return parse_day(written) if isinstance(written, str) else None
    except InvalidClaim:
        return None


# The day on which a page was published. The extraction's own date is not used: even without its
# extensive search it reads addresses, sentences, footers and modified times, and takes 03/04/2022 for a day.

_ARTICLE_TYPES = frozenset(
    """
    article newsarticle analysisnewsarticle askpublicnewsarticle backgroundnewsarticle opinionnewsarticle
    reportagenewsarticle reviewnewsarticle advertisercontentarticle satiricalarticle scholarlyarticle
    medicalscholarlyarticle techarticle report blogposting liveblogposting socialmediaposting
    discussionforumposting
    """.split()
)
_PAGE_TYPES = _ARTICLE_TYPES | {"creativework", "webpage"}  # what themes call the article in microdata
_DAY_NAMES = (
    *("datepublished", "date", "pubdate", "publish-date", "dc.date", "dc.date.issued", "dcterms.created"),
    *("parsely-pub-date", "sailthru.date", "citation_publication_date"),
)


def _stated_day(page: Any) -> date | None:
    """Return the day that the page itself names as that of its publication.

    The first place that names one day counts; a place with no whole day, or with several, says nothing.
    """
    for written in _places(page):
        days = {day for value in written if (day := _date(value))}
        if len(days) == 1:
            return days.pop()
    return None


def _places(page: Any) -> Iterator[Iterable[object]]:
    """Yield what stands in each place where a page may name its day, the most explicit first."""
    yield _linked_data(page)
    metas = list(page.iter("meta"))
    yield [meta.get("content") for meta in metas if _word(meta, "property") == "article:published_time"]
    own = [meta for meta in metas if meta.get("itemprop") is None or _is_of_the_page(meta)]
    for name in _DAY_NAMES:
        yield [meta.get("content") for meta in own if name in {_word(meta, "name"), *_words(meta, "itemprop")}]
    times = [time for time in page.iter("time") if _is_of_the_page(time)]
    yield [time.get("datetime") for time in times if time.get("pubdate") is not None]
    yield [time.get("datetime") for time in times if "datepublished" in _words(time, "itemprop")]


def _word(element: Any, attribute: str) -> str:
    return str(element.get(attribute) or "").strip().lower()


def _words(element: Any, attribute: str) -> list[str]:
    return _word(element, attribute).split()


def _is_of_the_page(element: Any) -> bool:
    """Tell an article's own day from that of a comment, a teaser or whatever else the page describes."""
    if element.xpath("ancestor::aside or ancestor::nav or ancestor::article/ancestor::article"):
        return False
    scope = element.xpath("ancestor::*[@itemscope][1]")
    return not scope or _is_any_of(_PAGE_TYPES, _words(scope[0], "itemtype"))


def _linked_data(page: Any) -> Iterator[object]:
    """Yield `datePublished` of the articles in JSON-LD, not of what they mention, quote or contain."""
    nodes: list[Any] = []
    for script in page.iter("script"):
        if _word(script, "type").partition(";")[0].rstrip() == "application/ld+json":
            try:
                nodes.append(json.loads(script.text or "", strict=False))
            except (ValueError, RecursionError):
                continue
    while nodes:
        node = nodes.pop()
        if isinstance(node, list):
            nodes += node
        elif isinstance(node, dict):
            nodes += [node.get("@graph"), node.get("mainEntity")]
            kinds = node.get("@type")
            if _is_any_of(_ARTICLE_TYPES, kinds if isinstance(kinds, list) else [kinds]):
                yield node.get("datePublished")


def _is_any_of(types: frozenset[str], named: Iterable[object]) -> bool:
    """Tell whether a type is among them, as `NewsArticle`, `schema:NewsArticle` or by its address."""
    return any(isinstance(name, str) and re.split(r"[/#:]", name)[-1].lower() in types for name in named)


# Markdown

_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_FIELD = re.compile(r"^(title|author|date)[ \t]*:[ \t]*(.+?)[ \t]*$", re.IGNORECASE | re.MULTILINE)


def _from_markdown(source: str, text: str) -> Article:
    """Render Markdown as plain paragraphs: words and links' texts stay, marks and code go."""
    from markdown_it import MarkdownIt

    front = _FRONT_MATTER.match(text)
    found = _FIELD.findall(front[1] if front else "")
    fields = {key.lower(): value.strip("\"'") for key, value in found}
    tokens = MarkdownIt("commonmark").enable("table").parse(text[front.end() if front else 0 :])
    heading = next((_inline(after) for token, after in pairwise(tokens) if token.tag == "h1"), None)
    title = fields.get("title") or heading or None
    plain = _plain(tokens)
    return Article(source, plain, title, fields.get("author"), _date(fields.get("date")))


def _plain(tokens: Sequence[Token]) -> str:
    """Join the blocks by blank lines; a list's items and a table's rows take one line each."""
    parts: list[str] = []
    lists = 0
    for token in tokens:
        if token.type in {"bullet_list_open", "ordered_list_open", "table_open"}:
            lists += 1
        elif token.type in {"bullet_list_close", "ordered_list_close", "table_close"}:
            lists -= 1
            parts.append("\n" if not lists else "")
        elif token.type in {"th_close", "td_close"}:
            parts.append(" | ")
        elif token.type == "tr_close":
            parts[-1:] = ["\n"]
        elif token.type == "inline":
            parts.append(_inline(token))
        elif token.type in {"paragraph_close", "heading_close"}:
            parts.append("\n" if lists else "\n\n")
    return "".join(parts).strip()


def _inline(token: Token) -> str:
    breaks = {"softbreak": " ", "hardbreak": "\n"}
    words = {"text", "code_inline"}
    return "".join(
        breaks.get(child.type, child.content if child.type in words else "") for child in token.children or ()
    )
