"""Read what is to be checked from a file, a folder, standard input or the web.

Whatever comes (text, Markdown, HTML, PDF, Word, subtitles, transcripts, e-mail, feeds, in whatever encoding) leaves as
`Article`s with plain text, or as `UnreadableSource`. The network is touched only for a source that is a URL. The heavy
libraries are imported where they are needed: an article in plain text costs none of them.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from tracker.articles import folders
from tracker.articles.kinds import read_all
from tracker.errors import UnreadableSource
from tracker.sources import SIZE_LIMIT, Source, fail, is_web_address, read_source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.models import Article

__all__ = ["read_article", "read_articles", "read_content", "read_page"]


def read_article(source: str, *, stdin: BinaryIO | None = None) -> Article:
    """Read a file, a web page (http or https) or standard input (`-`) as one article.

    Every newline becomes a line feed, a byte order mark goes, and what is no plain text becomes plain paragraphs, with
    title, author, date and language where the document states them. A feed or a folder may be named if it has one
    article.

    Raises UnreadableSource for whatever cannot be read as one text: missing, empty, binary, larger than
    `sources.SIZE_LIMIT`, out of reach, several articles.
    """
    if source != "-" and folders.is_folder(source):
        files = list(folders.files(source))
        if len(files) > 1:
            fail(source, f"it is a folder with {len(files):,} files", "name one of them, or ask for all with --jsonl")
    return _only(source, list(read_articles(source, stdin=stdin)), "ask for all of them with --jsonl")


def read_content(data: bytes, name: str = "") -> Article:
    """Read a document that is at hand, as `read_article` reads a file; `name` may tell its kind. No file is opened.

    Raises UnreadableSource.
    """
    source = name or "-"
    if len(data) > SIZE_LIMIT:
        fail(source, f"it has {len(data) / 1e6:.1f} MB, the limit is {SIZE_LIMIT / 1e6:g} MB", "cut out a part")
    return _only(source, read_all(Source(source, data, name)), "save one of them")


def read_page(address: str, *, inside: bool = False) -> Article:
    """Read a web page for somebody who must not read files through us, nor, but for `inside`, our own network.

    Raises UnreadableSource, also for a source that is no address and an address that is not of the public web.
    """
    if not is_web_address(address):
        fail(address, "not a web address", "give one that begins with https://")
    return _only(address, read_all(read_source(address, public_only=not inside)), "give the address of one")


def read_articles(source: str, *, stdin: BinaryIO | None = None) -> Iterator[Article | UnreadableSource]:
    """Read all articles of a source: one, or those of a feed, or of all files in a folder, in their order.

    A file of a folder or an item of a feed that cannot be read is yielded as the error, and the others go on; hidden
    files are passed over. Raises UnreadableSource at once for a source that cannot be read itself.
    """
    if source == "-" or not folders.is_folder(source):
        return iter(read_all(read_source(source, stdin)))
    if not any(True for _ in islice(folders.files(source), 1)):
        fail(source, "it is a folder without files", "put the articles in it, or name another one")
    return _of_folder(source)


def _only(source: str, found: Sequence[Article | UnreadableSource], hint: str) -> Article:
    if len(found) > 1:
        fail(source, f"it is a feed with {len(found):,} articles", f"{hint}, or give the address of one")
    if isinstance(found[0], UnreadableSource):
        raise found[0]
    return found[0]


def _of_folder(folder: str) -> Iterator[Article | UnreadableSource]:
    for file in folders.files(folder):
        try:
            if isinstance(file, UnreadableSource):
                yield file
            else:
                yield from read_all(read_source(file))
        except UnreadableSource as error:
            yield error
