"""HTML: the main text of a page, or all the words of a piece of one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tracker.articles.stated import stated_day, stated_language
from tracker.models import Article
from tracker.sources import fail

if TYPE_CHECKING:
    from collections.abc import Iterator

MARKUP_TYPES = frozenset({"text/html", "application/xhtml+xml"})
MARKUP_LIMIT = 50_000  # tags in a page; the extraction's time grows with their square


def from_html(source: str, text: str) -> Article:
    """Take the main text of a page and what it says about itself."""
    _limit_markup(source, text)
    from trafilatura import bare_extraction, load_html

    tree = load_html(_REFERENCE.sub(_unless_control, text))
    if tree is None:
        fail(source, "the page has no main text", "copy the article's words into a text file")
    day, language = stated_day(tree), stated_language(tree)  # first: the extraction changes the tree
    page = bare_extraction(
        tree,
        include_comments=False,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if page is None or isinstance(page, dict) or not (page.text or "").strip():
        fail(source, "the page has no main text", "copy the article's words into a text file")
    plain = re.sub(r"^- ", "", _without_surrogates(page.text or ""), flags=re.MULTILINE)
    return Article(source, plain, page.title or None, page.author or None, day, language)


def _limit_markup(source: str, text: str) -> None:
    if text.count("<") > MARKUP_LIMIT:
        fail(source, "it has too much markup", "copy the article's words into a text file")


_REFERENCE = re.compile(r"&#(?:x([0-9a-f]{1,8})|(\d{1,8}));", re.IGNORECASE)


def _unless_control(reference: re.Match[str]) -> str:
    """Drop a reference to a control character: one of them and the parser gives up on the page."""
    number = int(reference[2]) if reference[2] else int(reference[1], 16)
    return reference[0] if number >= ord(" ") or number in {0x9, 0xA, 0xD} else ""


def _without_surrogates(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


# A piece of a page, as feeds and e-mails have them, is all text: there is no menu to tell it from.

_UNSEEN = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "object"})
_CONTROL = dict.fromkeys(code for code in range(ord(" ")) if code not in {0x9, 0xA, 0xD})
_LINES = frozenset({"br", "li", "tr", "dt", "dd", "option"})
_BLOCKS = frozenset(
    """
    p div h1 h2 h3 h4 h5 h6 blockquote pre ul ol dl table section article aside header footer figure figcaption
    hr form address main nav
    """.split()
)


def words(source: str, fragment: str) -> str:
    """Return all words of a piece of HTML, paragraphs with blank lines between them, items and rows without.

    Raises UnreadableSource for more than MARKUP_LIMIT tags.
    """
    _limit_markup(source, fragment)
    from lxml import etree

    plain = _REFERENCE.sub(_unless_control, f"<div>{fragment}</div>").translate(_CONTROL)
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    tree = etree.fromstring(plain.encode("utf-8", "replace"), parser)
    text = "" if tree is None else "".join(_pieces(tree))
    lines = (line.strip(" |") for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _pieces(tree: Any) -> Iterator[str]:
    """Yield the words between the tags, each with one space where there is any, and the breaks that the tags make."""
    from lxml.etree import iterwalk

    unseen = 0
    for event, element in iterwalk(tree, events=("start", "end")):
        begins = event == "start"
        unseen += _is_unseen(element) * (1 if begins else -1)
        if element.tag in _BLOCKS:
            yield "\n\n"
        elif begins and element.tag in _LINES:
            yield "\n"
        elif not begins and element.tag in {"td", "th"}:
            yield " | "
        written = element.text if begins else element.tail
        if not unseen and written:
            yield re.sub(r"[ \t\n\r\f]+", " ", _without_surrogates(written))


def _is_unseen(element: Any) -> bool:
    """Tell what no reader sees: scripts, and the line that a newsletter hides for the list of messages."""
    style = str(element.get("style") or "").replace(" ", "").lower()
    return element.tag in _UNSEEN or "display:none" in style
