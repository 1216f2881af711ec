"""The markup in an HTML page with the lines that it stands on: JSON-LD scripts and microdata.

Python's own HTML reader is used because it tells every tag's place in the file as it was written.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

if TYPE_CHECKING:
    from tracker.claimreview.places import Path

_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_ENDS_P = frozenset(  # where one of these begins, an open paragraph is over
    """
    address article aside blockquote details div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr
    main nav ol p pre section table ul
    """.split()
)
_UNKNOWN_PAGE = "https://this-page.invalid/"
_SCHEMA = re.compile(r"https?://(?:www\.)?schema\.org/")
_ATTRIBUTES = {"a": "href", "area": "href", "link": "href", "time": "datetime", "data": "value", "meter": "value"}
_ATTRIBUTES |= dict.fromkeys(["audio", "embed", "iframe", "img", "source", "track", "video"], "src")
_ATTRIBUTES |= {"object": "data"}


@dataclass(slots=True)
class Item:
    """A microdata item as JSON-LD would write it, with the line of each of its properties."""

    value: dict[str, Any]
    lines: dict[Path, int]


@dataclass(slots=True)
class Page:
    """What a page holds: scripts of JSON-LD as (the character at which it begins, its text), and microdata items."""

    scripts: list[tuple[int, str]] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    address: str = ""


def read_page(text: str) -> Page:
    """The markup of a page."""
    reader = _Reader(text)
    reader.feed(text)
    reader.close()
    return reader.page


@dataclass(slots=True)
class _Open:
    """An element that is not closed yet: the item that it makes, or the property whose text it holds."""

    tag: str
    item: dict[str, Any] | None = None
    name: str = ""
    path: Path = ()
    words: list[str] | None = None
    holder: _Open | None = None
    lines: dict[Path, int] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self._open: list[_Open] = []
        # Of those the tags by number, the items and the texts: a page may open a million elements and close none.
        self._tags = Counter[str]()
        self._items: list[_Open] = []
        self._texts: list[_Open] = []
        self._wanted: dict[str, _Open] = {}  # by id: elements that an item before them names as its own (`itemref`)
        self._script: list[str] | None = None
        self._script_at = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _ENDS_P:
            self.handle_endtag("p")
        if tag == "script" and given.get("type", "").partition(";")[0].strip().lower() == "application/ld+json":
            self._script = []
            self._script_at = self._offset() + len(self.get_starttag_text() or "")
        if tag == "link" and "canonical" in given.get("rel", "").lower().split():
            self.page.address = self.page.address or given.get("href", "")
        opened = self._element(tag, given)
        if tag not in _VOID:
            self._open.append(opened)
            self._tags[tag] += 1
            self._items += [opened] * (opened.item is not None)
            self._texts += [opened] * (opened.words is not None)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        if self._script is not None:
            self._script.append(data)
        for element in self._texts:
            element.words.append(data)  # type: ignore[union-attr] # each of them has words

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._script is not None:
            self.page.scripts.append((self._script_at, "".join(self._script)))
            self._script = None
        if self._tags[tag]:
            while self._close() != tag:
                pass

    def close(self) -> None:
        super().close()
        if self._script is not None:  # the page ends in it
            self.page.scripts.append((self._script_at, "".join(self._script)))
        while self._open:
            self._close()

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._starts[line - 1] + column

    def _element(self, tag: str, given: dict[str, str]) -> _Open:
        """What an element is to microdata: an item, a property with its value, or nothing."""
        claimed = self._wanted.pop(given.get("id", ""), None)
        holder = claimed or (self._items[-1] if self._items else None)
        names = given.get("itemprop", "").split() if holder else []
        if "itemscope" in given:
            return self._item(tag, given, holder if names else None, names)
        for name in names:
            attribute = "content" if "content" in given else _ATTRIBUTES.get(tag, "")
            path = self._note(holder, name)
            if attribute in given:
                self._put(holder, name, self._value(attribute, given[attribute].strip()))
            elif tag not in _VOID:
                return _Open(tag, name=name, path=path, words=[], holder=holder)
        return _Open(tag, item=claimed.item, path=claimed.path, lines=claimed.lines) if claimed else _Open(tag)

    def _value(self, attribute: str, text: str) -> str:
        """An attribute's text; a link is completed by the page's address, as browsers do, or by one that is none."""
        if attribute not in {"href", "src"}:
            return text
        try:
            return urljoin(self.page.address or _UNKNOWN_PAGE, text)
        except ValueError:
            return text

    def _item(self, tag: str, given: dict[str, str], holder: _Open | None, names: list[str]) -> _Open:
        kind = given.get("itemtype", "").split()
        value: dict[str, Any] = {"@type": _SCHEMA.sub("", kind[0])} if kind else {}
        if given.get("itemid"):
            value["@id"] = given["itemid"].strip()
        if holder:
            path = self._note(holder, names[0])
            self._put(holder, names[0], value)
            return self._want(_Open(tag, item=value, path=path, lines=holder.lines), given)
        if kind and _SCHEMA.match(kind[0]):
            value = {"@context": "https://schema.org", **value}
        item = Item(value, {(): self.getpos()[0]})
        self.page.items.append(item)
        return self._want(_Open(tag, item=value, lines=item.lines), given)

    def _want(self, opened: _Open, given: dict[str, str]) -> _Open:
        self._wanted |= dict.fromkeys(given.get("itemref", "").split(), opened)
        return opened

    def _note(self, holder: _Open | None, name: str) -> Path:
        """Note the line of a property, and give its path: with a number where it is not the first of its name."""
        assert holder is not None
        assert holder.item is not None
        path: Path = (*holder.path, name)
        there = holder.item.get(name)
        if there is not None:
            path = (*path, len(there) if isinstance(there, list) else 1)
        holder.lines.setdefault(path, self.getpos()[0])
        return path

    @staticmethod
    def _put(holder: _Open | None, name: str, value: Any) -> None:
        assert holder is not None
        assert holder.item is not None
        there = holder.item.get(name)
        if there is None:
            holder.item[name] = value
        else:
            holder.item[name] = [*there, value] if isinstance(there, list) else [there, value]

    def _close(self) -> str:
        element = self._open.pop()
        self._tags[element.tag] -= 1
        if element.item is not None:
            self._items.pop()
        if element.words is not None:
            self._texts.pop()
            self._put(element.holder, element.name, " ".join("".join(element.words).split()))
        return element.tag
