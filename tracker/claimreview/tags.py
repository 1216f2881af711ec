"""The tags and texts of an HTML page, each with the character at which it begins, told apart as browsers do.

Python's own reader looks for the end of what is never closed again and again, so a broken page takes it a time that
grows with the square of the length; lxml tells no characters. Here each is passed once or twice, whatever stands there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_BEGINNING = re.compile(r"<(?=[a-z/!?])", re.IGNORECASE)
_NAME = re.compile(r"</?([a-z][^ \t\n\f\r/>]*+)", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"""[ \t\n\f\r/]*+
    (?:(?P<name>=[^ \t\n\f\r/>=]*+|[^ \t\n\f\r/>=]++)
       (?:[ \t\n\f\r]*+=[ \t\n\f\r]*+(?:"(?P<double>[^"]*+)"?|'(?P<single>[^']*+)'?|(?P<bare>[^ \t\n\f\r>]*+)))?
    )?""",
    re.VERBOSE,
)
_COMMENT = re.compile(r"<!--(?:-?>|.*?--!?>)", re.DOTALL)
_ENDLESS = re.compile(r"&#[0-9]{20,}+;?")  # no character, and Python refuses to read numbers of thousands of digits
_TITLES = frozenset({"textarea", "title"})  # in them a tag is text
_RAW = frozenset({"iframe", "noembed", "noframes", "script", "style", "xmp"})  # in them an entity is text too


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag that opens or closes an element; `is_empty` where it does both, as XML writes it."""

    at: int
    name: str
    attributes: dict[str, str]
    is_end: bool
    is_empty: bool


@dataclass(frozen=True, slots=True)
class Text:
    """What stands between two tags; `is_raw` in a script and the like, where it is nothing to read."""

    at: int
    words: str
    is_raw: bool = False


def read_tags(text: str) -> Iterator[Tag | Text]:
    """The tags and texts of a page in their order; what is not closed goes on to its end."""
    at = 0
    while beginning := _BEGINNING.search(text, at):
        start = beginning.start()
        if start > at:
            yield Text(at, plain(text[at:start]))
        named = _NAME.match(text, start)
        if named is None:
            at = _after_comment(text, start)
            continue
        attributes, is_empty, at = _attributes(text, named.end())
        if at > len(text):
            return
        tag = Tag(start, named[1].lower(), attributes, text[start + 1] == "/", is_empty)
        yield tag
        if tag.name in _TITLES | _RAW and not tag.is_end and not is_empty:
            closing = _closing(tag.name).search(text, at)
            start, at = at, closing.start() if closing else len(text)
            raw = tag.name in _RAW
            yield Text(start, text[start:at] if raw else plain(text[start:at]), raw)
    if at < len(text):
        yield Text(at, plain(text[at:]))


def plain(text: str) -> str:
    """A text without entities."""
    return unescape(_ENDLESS.sub("\ufffd", text)) if "&" in text else text


def _attributes(text: str, at: int) -> tuple[dict[str, str], bool, int]:
    """The attributes of a tag, the first of each name; whether it ends with a slash; the character after it."""
    found: dict[str, str] = {}
    for one in _ATTRIBUTE.finditer(text, at):  # it matches anything, so they follow each other
        if one["name"] is None:
            break
        value = next((value for value in one.group("double", "single", "bare") if value is not None), "")
        found.setdefault(one["name"].lower(), plain(value))
    return found, one[0].endswith("/"), one.end() + 1


def _after_comment(text: str, at: int) -> int:
    """The character after a comment, a declaration or an instruction."""
    if text.startswith("<!--", at):
        comment = _COMMENT.match(text, at)
        return comment.end() if comment else len(text)
    return text.find(">", at) + 1 or len(text)


@cache
def _closing(name: str) -> re.Pattern[str]:
    return re.compile(rf"</{name}(?=[ \t\n\f\r/>])", re.IGNORECASE)
