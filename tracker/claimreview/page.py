"""The markup in an HTML page with the characters that it begins at: JSON-LD scripts and microdata."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from tracker.claimreview.tags import Tag, read_tags

if TYPE_CHECKING:
    from tracker.claimreview.places import Path

_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_ENDS_P = frozenset(  # where one of these begins, an open paragraph is over
    """
    address article aside blockquote details div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr
    main nav ol p pre section table ul
    """.split()
)
_DEEPEST = 80  # steps to a property; `values.nodes_of` goes some further
_MOST_TEXTS = 20  # properties in each other, each of which holds the words of all within it
_UNKNOWN_PAGE = "https://this-page.invalid/"
_SCHEMA = re.compile(r"https?://(?:www\.)?schema\.org/")
_ATTRIBUTES = {"a": "href", "area": "href", "link": "href", "time": "datetime", "data": "value", "meter": "value"}
_ATTRIBUTES |= dict.fromkeys(["audio", "embed", "iframe", "img", "source", "track", "video"], "src")
_ATTRIBUTES |= {"object": "data"}


@dataclass(slots=True)
class Item:
    """A microdata item as JSON-LD would write it, with the character at which each of its properties begins."""

    value: dict[str, Any]
    places: dict[Path, int]


@dataclass(slots=True)
class Page:
    """What a page holds: scripts of JSON-LD as (the character at which it begins, its text), and microdata items.

    `too_deep` is where more begin in each other than are read.
    """

    scripts: list[tuple[int, str]] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    address: str = ""
    too_deep: int | None = None


def read_page(text: str) -> Page:
    """The markup of a page."""
    reader = _Reader()
    for one in read_tags(text):
        if not isinstance(one, Tag):
            reader.text(one.at, one.words, is_raw=one.is_raw)
        elif one.is_end:
            reader.end(one.name)
        else:
            reader.start(one)
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
    places: dict[Path, int] = field(default_factory=dict)


class _Reader:
    def __init__(self) -> None:
        self.page = Page()
        self._open: list[_Open] = []
        # Of those the tags by number, the items and the texts: a page may open a million elements and close none.
        self._tags = Counter[str]()
        self._items: list[_Open] = []
        self._texts: list[_Open] = []
        self._wanted: dict[str, _Open] = {}  # by id: elements that an item before them names as its own (`itemref`)
        self._is_script = False

    def start(self, tag: Tag) -> None:
        given = tag.attributes
        if tag.name in _ENDS_P:
            self.end("p")
        kind = given.get("type", "").partition(";")[0].strip().lower()
        self._is_script = tag.name == "script" and kind == "application/ld+json"
        if tag.name == "link" and "canonical" in given.get("rel", "").lower().split():
            self.page.address = self.page.address or given.get("href", "")
        opened = self._element(tag)
        if tag.name not in _VOID:
            self._open.append(opened)
            self._tags[tag.name] += 1
            self._items += [opened] * (opened.item is not None)
            self._texts += [opened] * (opened.words is not None)
            if tag.is_empty:
                self.end(tag.name)

    def text(self, at: int, words: str, *, is_raw: bool) -> None:
        if is_raw:
            self.page.scripts += [(at, words)] * self._is_script
            return
        for element in self._texts:
            element.words.append(words)  # type: ignore[union-attr] # each of them has words

    def end(self, tag: str) -> None:
        if self._tags[tag]:
            while self._close() != tag:
                pass

    def close(self) -> None:
        while self._open:
            self._close()

    def _element(self, tag: Tag) -> _Open:
        """What an element is to microdata: an item, a property with its value, or nothing."""
        given = tag.attributes
        claimed = self._wanted.pop(given.get("id", ""), None)
        holder = claimed or (self._items[-1] if self._items else None)
        names = given.get("itemprop", "").split() if holder else []
        if "itemscope" in given:
            if names and holder and len(holder.path) >= _DEEPEST:
                self._too_deep(tag)
                return _Open(tag.name, item={})  # takes what is in it, and is held by nothing
            return self._item(tag, holder if names else None, names)
        for name in names:
            attribute = "content" if "content" in given else _ATTRIBUTES.get(tag.name, "")
            path = self._note(tag, holder, name)
            if attribute in given:
                self._put(holder, name, self._value(attribute, given[attribute].strip()))
            elif tag.name not in _VOID:
                if len(self._texts) < _MOST_TEXTS:
                    return _Open(tag.name, name=name, path=path, words=[], holder=holder)
                self._too_deep(tag)
        return _Open(tag.name, claimed.item, path=claimed.path, places=claimed.places) if claimed else _Open(tag.name)

    def _too_deep(self, tag: Tag) -> None:
        self.page.too_deep = tag.at if self.page.too_deep is None else self.page.too_deep

    def _value(self, attribute: str, text: str) -> str:
        """An attribute's text; a link is completed by the page's address, as browsers do, or by one that is none."""
        if attribute not in {"href", "src"}:
            return text
        try:
            return urljoin(self.page.address or _UNKNOWN_PAGE, text)
        except ValueError:
            return text

    def _item(self, tag: Tag, holder: _Open | None, names: list[str]) -> _Open:
        kind = tag.attributes.get("itemtype", "").split()
        value: dict[str, Any] = {"@type": _SCHEMA.sub("", kind[0])} if kind else {}
        if tag.attributes.get("itemid"):
            value["@id"] = tag.attributes["itemid"].strip()
        if holder:
            path = self._note(tag, holder, names[0])
            self._put(holder, names[0], value)
            return self._want(_Open(tag.name, item=value, path=path, places=holder.places), tag)
        if kind and _SCHEMA.match(kind[0]):
            value = {"@context": "https://schema.org", **value}
        item = Item(value, {(): tag.at})
        self.page.items.append(item)
        return self._want(_Open(tag.name, item=value, places=item.places), tag)

    def _want(self, opened: _Open, tag: Tag) -> _Open:
        self._wanted |= dict.fromkeys(tag.attributes.get("itemref", "").split(), opened)
        return opened

    @staticmethod
    def _note(tag: Tag, holder: _Open | None, name: str) -> Path:
        """Note the place of a property, and give its path: with a number where it is not the first of its name."""
        assert holder is not None
        assert holder.item is not None
        path: Path = (*holder.path, name)
        there = holder.item.get(name)
        if there is not None:
            path = (*path, len(there) if isinstance(there, list) else 1)
        holder.places.setdefault(path, tag.at)
        return path

    @staticmethod
    def _put(holder: _Open | None, name: str, value: Any) -> None:
        assert holder is not None
        assert holder.item is not None
        there = holder.item.get(name)
        if isinstance(there, list):
            there.append(value)
        else:
            holder.item[name] = value if there is None else [there, value]

    def _close(self) -> str:
        element = self._open.pop()
        self._tags[element.tag] -= 1
        if element.item is not None:
            self._items.pop()
        if element.words is not None:
            self._texts.pop()
            self._put(element.holder, element.name, " ".join("".join(element.words).split()))
        return element.tag
