"""Read the text to check from a file, standard input or a web page.

Whatever comes (text, Markdown, HTML, in whatever encoding) leaves as one `Article` with plain text,
or as one `UnreadableSource`. The network is touched only for a source that is a URL. The heavy
libraries are imported where they are needed: an article in plain text costs none of them.
"""

from __future__ import annotations

import codecs
import os
import re
import stat
import sys
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path, PurePosixPath
from time import monotonic
from typing import TYPE_CHECKING, BinaryIO, NoReturn
from urllib.parse import urlsplit

from tracker import __version__
from tracker.errors import UnreadableSource
from tracker.models import Article

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import httpx
    from markdown_it.token import Token

SIZE_LIMIT = 10_000_000  # bytes, as stored and as unpacked
MARKUP_LIMIT = 50_000  # tags in a page; the extraction's time grows with their square
FETCH_SECONDS = 20.0
MAX_REDIRECTS = 5

_SHOWN_LENGTH = 200

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
_HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_MARKDOWN_SUFFIXES = frozenset({".md", ".markdown"})
_UNTOLD_TYPES = frozenset({"", "application/octet-stream", "binary/octet-stream"})

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


@dataclass(frozen=True, slots=True)
class _Raw:
    """What was read, before it is decoded; `name` is the file's or the address's path."""

    source: str
    data: bytes
    name: str = ""
    media_type: str = ""
    charset: str = ""

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.name).suffix.lower()


def read_article(source: str, *, stdin: BinaryIO | None = None) -> Article:
    """Read a file, a web page (http or https) or standard input (`-`) as an article.

    Every newline becomes a line feed, a byte order mark goes; HTML and Markdown become plain paragraphs, with
    title, author and date where the page or its front matter gives them.

    Raises `UnreadableSource` for whatever cannot be read as text: missing, empty, binary, larger
    than `SIZE_LIMIT`, out of reach.
    """
    raw = _raw(source, stdin)
    _refuse_documents(raw)
    text = _decode(raw)
    if _is_html(raw, text):
        article = _from_html(source, text)
    elif raw.suffix in _MARKDOWN_SUFFIXES or raw.media_type == "text/markdown":
        article = _from_markdown(source, text)
    else:
        article = Article(source, text)
    if not article.text.strip():
        _fail(source, "it has no text", "give an article with some words in it")
    return article


def _fail(source: str, what: str, hint: str) -> NoReturn:
    msg = f"cannot read {shown(source)}: {what}; {hint}"
    raise UnreadableSource(msg) from None


def shown(source: str) -> str:
    """Return a source as it may stand in a message: one printable line, no password."""
    name = "standard input" if source == "-" else re.sub(r"(?<=://)[^/?#@]*@", "", source)
    plain = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name)
    return plain if len(plain) <= _SHOWN_LENGTH else f"{plain[:150]}…{plain[-40:]}"


# Where the bytes come from


def _raw(source: str, stdin: BinaryIO | None) -> _Raw:
    if source == "-":
        return _read_stdin(stdin)
    scheme = _SCHEME.match(source)
    if scheme is None:
        return _read_file(source)
    if scheme[1].lower() not in {"http", "https"}:
        _fail(source, f"{scheme[1]}:// is not supported", "give a file, - or an http(s) address")
    return _fetch(source)


def _read_stdin(stdin: BinaryIO | None) -> _Raw:
    stream = stdin or getattr(sys.stdin, "buffer", None)
    if stream is None:
        _fail("-", "it is closed", "name a file instead")
    try:
        data = stream.read(SIZE_LIMIT + 1)
    except (OSError, ValueError) as error:
        _fail("-", str(error), "name a file instead")
    if len(data) > SIZE_LIMIT:
        _too_large("-", None)
    return _Raw("-", data)


def _read_file(source: str) -> _Raw:
    try:
        status = os.stat(source)  # noqa: PTH116 - Path("") would be the folder
        if stat.S_ISDIR(status.st_mode):
            _fail(source, "it is a folder", "name one file in it")
        if not stat.S_ISREG(status.st_mode):  # to open a pipe or a device may block for ever
            _fail(source, "it is not a regular file", "pipe its content in and give - as the source")
        if status.st_size > SIZE_LIMIT:
            _too_large(source, status.st_size)
        with Path(source).open("rb") as file:
            data = file.read(SIZE_LIMIT + 1)
    except FileNotFoundError:
        _fail(
            source,
            "no such file",
            "check the name (a web address begins with https://; a claim is looked up by 'tracker search')",
        )
    except PermissionError:
        _fail(source, "permission denied", "check the file's access rights")
    except (OSError, ValueError) as error:  # ValueError: a NUL or a lone surrogate in the name
        _fail(source, getattr(error, "strerror", None) or str(error), "check the name")
    if len(data) > SIZE_LIMIT:
        _too_large(source, None)
    return _Raw(source, data, name=source)


def _too_large(source: str, size: int | None) -> NoReturn:
    limit = f"{SIZE_LIMIT / 1e6:g} MB"
    what = f"it has {size / 1e6:.1f} MB" if size else f"it has more than {limit}"
    _fail(source, f"{what}, the limit is {limit}", "cut out the part to check")


def _fetch(url: str) -> _Raw:
    """Download a page; size and time are limited whatever the server announces."""
    import httpx

    headers = {"User-Agent": f"claim-tracker/{__version__}", "Accept-Encoding": "gzip"}
    try:
        with (
            httpx.Client(
                follow_redirects=True,
                max_redirects=MAX_REDIRECTS,
                timeout=FETCH_SECONDS,
                headers=headers,
            ) as client,
            client.stream("GET", url) as response,
        ):
            return _receive(url, response)
    except httpx.TimeoutException:
        _timed_out(url)
    except httpx.TooManyRedirects:
        _fail(url, f"it redirects more than {MAX_REDIRECTS} times", "open it in a browser and save it")
    except (httpx.HTTPError, httpx.InvalidURL, httpx.CookieConflict, UnicodeError) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        _fail(url, reason[:200], "check the address and the connection, or save the page as a file")


def _timed_out(url: str) -> NoReturn:
    _fail(url, f"no answer within {FETCH_SECONDS:g} s", "try again, or save the page as a file")


def _receive(url: str, response: httpx.Response) -> _Raw:
    deadline = monotonic() + FETCH_SECONDS
    if not response.is_success:
        what = f"the server answers {response.status_code} {response.reason_phrase}".rstrip()
        _fail(url, what, "check the address, or save the page as a file")
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    _refuse_media_type(url, media_type)
    # Nested packing grows a thousandfold per layer before any count of ours could stop it.
    if response.headers.get("content-encoding", "identity") not in {"identity", "gzip", "deflate"}:
        _fail(url, "it is packed in a way not asked for", "save the page as a file")
    data = bytearray()
    for chunk in response.iter_bytes():
        data += chunk
        if len(data) > SIZE_LIMIT:
            _too_large(url, None)
        if monotonic() > deadline:
            _timed_out(url)
    name = urlsplit(str(response.url)).path
    return _Raw(url, bytes(data), name, media_type, response.charset_encoding or "")


# What they are


def _refuse_media_type(url: str, media_type: str) -> None:
    readable = media_type in _HTML_TYPES or media_type in _UNTOLD_TYPES
    documents = (known for _, _, known in _DOCUMENTS.values())  # refused later, by name
    if readable or media_type.startswith(("text/", *documents)):
        return
    _fail(url, f"it is {media_type}, not a page or a text", "give the address of the article itself")


def _refuse_documents(raw: _Raw) -> None:
    """Name the formats that hold text but are not read here."""
    for kind, (magic, suffixes, media_type) in _DOCUMENTS.items():
        named = raw.suffix in suffixes or raw.media_type.startswith(media_type)
        if raw.data.startswith(magic) or (named and raw.media_type not in _HTML_TYPES):
            _fail(raw.source, f"it is a document ({kind})", "save it as text or HTML first")


def _is_html(raw: _Raw, text: str) -> bool:
    if raw.media_type in _HTML_TYPES or _HTML_START.match(text):
        return True
    return raw.suffix in _HTML_SUFFIXES and raw.media_type != "text/plain"


def _decode(raw: _Raw) -> str:
    """Return the text: by its byte order mark, as UTF-8, as declared, or as can be guessed."""
    data = raw.data
    mark = next((codec for mark, codec in _BYTE_ORDER_MARKS.items() if data.startswith(mark)), None)
    if mark is None and b"\x00" in data:
        _fail(raw.source, "it is binary, not text", "save it as text or HTML first")
    text = next(_decodings(data, [mark] if mark else _codecs(raw)), None)
    if text is None:
        text = None if mark else _guess(data)
    if text is None or _looks_binary(text):
        _fail(raw.source, "its encoding cannot be made out", "save it as text in UTF-8")
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")


def _codecs(raw: _Raw) -> Iterator[str]:
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
        _fail(source, "it has too much markup", "copy the article's words into a text file")
    from trafilatura import bare_extraction

    page = bare_extraction(
        _REFERENCE.sub(_unless_control, text),
        include_comments=False,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if page is None or isinstance(page, dict) or not (page.text or "").strip():
        _fail(source, "the page has no main text", "copy the article's words into a text file")
    plain = re.sub(r"^- ", "", _without_surrogates(page.text or ""), flags=re.MULTILINE)
    return Article(source, plain, page.title or None, page.author or None, _date(page.date))


def _unless_control(reference: re.Match[str]) -> str:
    """Drop a reference to a control character: one of them and the parser gives up on the page."""
    number = int(reference[2]) if reference[2] else int(reference[1], 16)
    return reference[0] if number >= ord(" ") or number in {0x9, 0xA, 0xD} else ""


def _without_surrogates(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _date(written: str | None) -> date | None:
    try:
        return date.fromisoformat((written or "")[:10])
    except ValueError:
        return None


_REFERENCE = re.compile(r"&#(?:x([0-9a-f]{1,8})|(\d{1,8}));", re.IGNORECASE)
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
