"""What the values in markup are: days, numbers, addresses, nothing at all; and how a message names them."""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from tracker.claimreview.addresses import host
from tracker.claimreview.definitions import short
from tracker.claimreview.shapes import MAX_DEPTH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.claimreview.places import Path

# A thousand reviews may refer to one thing, which is looked at for each of them: no further than this.
MOST_TYPES = 20
LONG_NAME = 500

_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}(:\d{2}(:\d{2}([.,]\d+)?)?)?\s?(Z|[+-]\d{2}(:?\d{2})?)?")
_MONTH = re.compile(r"\d{4}(-(0[1-9]|1[0-2]))?")


def is_day(text: str) -> bool:
    """True for a day, a time, a month or a year as ISO 8601 writes them."""
    text = text.strip()
    try:
        if _TIME.fullmatch(text):
            datetime.fromisoformat(text[:10])
            datetime.fromisoformat(re.sub(r"\s", "", text.replace(",", ".")))
            return True
        return bool(date.fromisoformat(text)) if len(text) in (8, 10) else bool(_MONTH.fullmatch(text))
    except ValueError:
        return False


def nodes_of(value: Any, path: Path = ()) -> Iterator[tuple[Path, dict[str, Any]]]:
    """All objects in a value, from the outermost, each with its path. Raises RecursionError below MAX_DEPTH."""
    waiting: list[tuple[Path, Any]] = [(path, value)]
    while waiting:
        at, one = waiting.pop()
        if len(at) > MAX_DEPTH:  # a path for each of a million objects in a thousand lists would fill the memory
            raise RecursionError
        if isinstance(one, dict):
            yield at, one
            waiting += [((*at, name), inner) for name, inner in one.items()]
        elif isinstance(one, list):
            waiting += [((*at, number), inner) for number, inner in enumerate(one)]


def is_named(node: dict[str, Any]) -> bool:
    """True for an object that others may refer to by its `@id`."""
    return isinstance(node.get("@id"), str) and not node.keys() <= {"@id", "@type"}


def kinds_of(node: Any) -> list[str]:
    """The first types of an object, by their short names."""
    given = node.get("@type") if isinstance(node, dict) else None
    return [short(one.strip()) for one in listed(given)[:MOST_TYPES] if isinstance(one, str)]


def listed(value: Any) -> list[Any]:
    """A value as a list: itself, if it is one, nothing for none."""
    return value if isinstance(value, list) else [] if value is None else [value]


def first_of(value: Any) -> Any:
    """The first of several values, or the value; bare, where it is written as `@value`."""
    one = next(iter(value), None) if isinstance(value, list) else value
    return one["@value"] if isinstance(one, dict) and "@value" in one else one


def is_empty(value: Any) -> bool:
    """True for nothing, a text without words such as a dash, an empty list or object, a list of such."""
    if isinstance(value, str):
        return not value.strip().strip("-–—").strip()
    return value is None or value in ([], {}) or (isinstance(value, list) and all(map(is_empty, value)))


def name_of(node: Any) -> str:
    """The beginning of an object's name, or of the text that stands for one, with single spaces."""
    name = first_of(node.get("name")) if isinstance(node, dict) else node
    return " ".join(name[:LONG_NAME].split()) if isinstance(name, str) else ""


def number_of(value: Any) -> float | None:
    """A number, or one that is written as a text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def is_whole_address(text: Any) -> bool:
    """True for an http(s) address with its site."""
    if not isinstance(text, str):
        return False
    text = text.strip()
    return bool(re.fullmatch(r"https?://[^\s/]\S*", text, re.IGNORECASE)) and bool(host(text))


def types_in_words(types: tuple[str, ...]) -> str:
    """The types that are expected, as a message names them."""
    names = [_NAMES.get(one, f"a{'n' * (one[0] in 'AEIOU')} {one}") for one in types]
    return " or ".join(dict.fromkeys(names))


_NAMES = {
    "Text": "a text",
    "URL": "an address",
    "Date": "a day",
    "DateTime": "a time",
    "Number": "a number",
    "Integer": "a number",
}


def in_words(value: Any) -> str:
    """What a value that is no object is, as a message names it."""
    if isinstance(value, bool):
        return "true or false"
    return "a number" if isinstance(value, int | float) else "a list in a list" if isinstance(value, list) else "a text"


def kind_in_words(kind: str) -> str:
    """A type with its article."""
    return f"a{'n' * (kind[0] in 'AEIOU')} {quoted(kind)}"


def quoted(text: str) -> str:
    """The beginning of somebody's text in a message: in quotation marks, on one line, nothing that a terminal obeys."""
    text = text if len(text) <= 60 else text[:59] + "…"
    return '"' + "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text) + '"'
