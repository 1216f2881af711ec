"""Where things stand in a text: its lines, and the places in JSON, whose reader tells values only.

Those are looked for afterwards, and only of what there is something to say about: a sound file of 50 MB is read
at the speed of `json`.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection

Path = tuple[str | int, ...]  # of keys and of positions in lists, from the whole text inwards

_LEAVE_OUT = "leave the property out"
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a text, or those of the file that it was taken from: from which characters on it stands where.

    `marks` are line and column, both from 1, of the characters `starts`; in between there is no break.
    """

    starts: list[int]
    marks: list[tuple[int, int]]

    def place(self, offset: int) -> tuple[int, int]:
        """The line and the column of a character."""
        number = max(bisect_right(self.starts, offset) - 1, 0)
        line, column = self.marks[number]
        return line, column + offset - self.starts[number]

    def line(self, offset: int) -> int:
        """The line of a character."""
        return self.place(offset)[0]


def lines_of(text: str) -> Lines:
    """The lines of a file's whole text."""
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    return Lines(starts, [(number, 1) for number in range(1, len(starts) + 1)])


class Twice(dict[str, Any]):
    """An object in which a key stands twice; the last one counts."""

    keys_twice: tuple[str, ...] = ()


def read_json(text: str) -> Any:
    """What a JSON text holds. Raises ValueError, as JSONDecodeError where the place is known; RecursionError."""
    return json.loads(text, object_pairs_hook=_object, parse_constant=_no_number)


def offsets(text: str, paths: Collection[Path]) -> dict[Path, int]:
    """The character at which each of these properties, objects or values begins, in a text that is JSON."""
    found: dict[Path, int] = {}
    wanted = set(paths)
    deepest = max(map(len, wanted), default=-1)
    within: list[str | int] = []
    open_: list[str] = []
    is_key = False
    for match in _TOKEN.finditer(text):
        mark = match[0]
        if mark in {"}", "]"}:
            open_.pop()
            within.pop()
            is_key = False
        elif mark == ",":
            if open_[-1] == "[":
                within[-1] += 1  # type: ignore[operator] # in a list it is a number
            is_key = open_[-1] == "{"
        elif is_key:
            within[-1] = json.loads(mark)
            is_key = False
            if len(within) <= deepest and (path := tuple(within)) in wanted:
                found[path] = match.start()
        elif mark != ":":
            in_object = bool(open_) and open_[-1] == "{"  # its place is that of its key
            if not in_object and len(within) <= deepest and (path := tuple(within)) in wanted:
                found[path] = match.start()
            if mark in {"{", "["}:
                open_.append(mark)
                within.append("" if mark == "{" else 0)
                is_key = mark == "{"
    return found


def cause(text: str, error: ValueError) -> str:
    """What is probably wrong where a text stopped being JSON, and what to do."""
    if not isinstance(error, json.JSONDecodeError):  # `_no_number`'s, or Python's, whose words are for programmers
        return str(error) if str(error).endswith(_LEAVE_OUT) else "a number of thousands of digits; write a shorter one"
    here, before = text[error.pos : error.pos + 1], text[: error.pos].rstrip()[-1:]
    if re.match(r"&(?:quot|#34|#x22);", text[error.pos :]):
        return 'quotation marks are written as &quot;; write "'
    for start, marks, words in _CAUSES:
        if error.msg.startswith(start) and (here or "end") in (marks or [here or "end"]):
            return words
    if error.msg.startswith("Expecting ',' delimiter"):
        if here == '"':
            return "a comma is missing before it"
        if before == '"':
            return 'probably a quotation mark inside the text before it; write it as \\"'
    return error.msg[:1].lower() + error.msg[1:]


_CAUSES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("Invalid control character", (), "a line break, tab or other control stands in a text; write a break as \\n"),
    ("Unterminated string", (), 'a text is not closed; its last quotation mark is missing, or stands as \\"'),
    ("Invalid \\", (), "a backslash in a text; write it as \\\\"),
    ("Extra data", (), "something follows after the end; one object or list is the whole"),
    ("Illegal trailing comma", (), "a comma too many before it; remove it"),
    ("Expecting property name", ("}",), "a comma too many before it; remove it"),
    ("Expecting property name", ("'", "“", "”", "‘", "’", "„", "«"), 'another quotation mark where " belongs'),
    ("Expecting value", ("]", "}", ","), "a value is missing, or a comma is too many"),
    ("Expecting value", ("'", "“", "”", "‘", "’", "„", "«"), 'another quotation mark where " belongs'),
    ("Expecting value", ("end",), "nothing follows where a value belongs; the end is missing"),
    ("Expecting value", (), "neither a text in quotation marks nor a number, an object or a list"),
    ("Expecting", ("end",), "the end is missing: a bracket is not closed"),
)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) == len(pairs):
        return values
    twice = Twice(values)
    twice.keys_twice = tuple(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
    return twice


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number in JSON; {_LEAVE_OUT}")
