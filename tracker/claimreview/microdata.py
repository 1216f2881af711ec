"""Microdata: what `itemscope`, `itemtype` and `itemprop` say, in the shape that JSON-LD has.

Our own small reader: extruct, which reads all kinds of markup, brings rdflib, pyRdfa3 and mf2py with it, and
the package `microdata` brings html5lib; both are far heavier than the hundred lines that ClaimReview needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.claimreview.shapes import MAX_DEPTH

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_ELEMENTS = 200_000  # that are gone through in all; `itemref` may lead to the same ones again and again

_ADDRESS_IN = {
    **dict.fromkeys(("a", "area", "link"), "href"),
    **dict.fromkeys(("audio", "embed", "iframe", "img", "source", "track", "video"), "src"),
    "object": "data",
    "data": "value",
    "meter": "value",
    "time": "datetime",
    "meta": "content",
}
_UNSEEN = frozenset({"script", "style", "template"})


def items(tree: Any) -> Iterator[tuple[Any, dict[str, Any]]]:
    """The outermost things of a page that are, or hold, a ClaimReview, each with its element."""
    reader = _Reader(tree)
    for element in tree.iter():
        if element.get("itemscope") is None or "claimreview" not in str(element.get("itemtype") or "").lower():
            continue
        if not reader.is_read(element):
            yield element, reader.item(element, 0)


class _Reader:
    """Reads the things of one page, each once, however many lead to it."""

    def __init__(self, tree: Any) -> None:
        self._read: dict[Any, dict[str, Any]] = {}
        self._left = MAX_ELEMENTS
        self._by_id: dict[str, Any] | None = None
        self._tree = tree

    def is_read(self, element: Any) -> bool:
        """Tell whether a thing was read as a part of one before."""
        return element in self._read

    def item(self, element: Any, depth: int) -> dict[str, Any]:
        """One thing with its properties; a property that stands several times is a list."""
        if element in self._read:
            return {"@id": self._read[element].get("@id", "")}  # not the thing again: it may hold this one
        thing: dict[str, Any] = {}
        self._read[element] = thing
        types = str(element.get("itemtype") or "").split()
        if types:
            thing["@type"] = types
        if element.get("itemid"):
            thing["@id"] = str(element.get("itemid")).strip()
        if depth > MAX_DEPTH:
            return thing
        for found in self._properties(element):
            value = self._value(found, depth)
            for name in str(found.get("itemprop")).split():
                thing.setdefault(name, []).append(value)
        return {name: value[0] if name[0] != "@" and len(value) == 1 else value for name, value in thing.items()}

    def _properties(self, element: Any) -> Iterator[Any]:
        """The elements that name a property of a thing: those within it, and within what `itemref` names."""
        named = [self._named(name) for name in str(element.get("itemref") or "").split()[:100]]
        stack = [*reversed([one for one in named if one is not None and one is not element]), *reversed(element)]
        while stack and self._left > 0:
            self._left -= 1
            one = stack.pop()
            if not isinstance(one.tag, str):
                continue
            if one.get("itemprop"):
                yield one
            if one.get("itemscope") is None:
                stack += reversed(one)

    def _value(self, element: Any, depth: int) -> Any:
        if element.get("itemscope") is not None:
            return self.item(element, depth + 1)
        if element.get("content") is not None:  # on any element: that is how pages write it
            return str(element.get("content"))
        attribute = _ADDRESS_IN.get(element.tag)
        if attribute and element.get(attribute) is not None:
            return str(element.get(attribute)).strip()
        return "".join(_words(element))

    def _named(self, name: str) -> Any:
        if self._by_id is None:
            self._by_id = {}
            for element in self._tree.iter():
                if element.get("id"):
                    self._by_id.setdefault(element.get("id"), element)
        return self._by_id.get(name)


def _words(element: Any) -> Iterator[str]:
    """The words that a reader sees in an element."""
    for one in element.iter():
        if isinstance(one.tag, str) and one.tag not in _UNSEEN and one.text:
            yield one.text
        if one is not element and one.tail:
            yield one.tail
