"""Anybody's markup examined: JSON, JSON lines or an HTML page, and for each fault its line and what to do.

Errors are what schema.org's types forbid and what Google requires of a ClaimReview; warnings what it recommends and
what readers are known to stumble over. The definitions are in `data/claimreview.json`, the rules in `rules`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from json import JSONDecodeError
from typing import TYPE_CHECKING, Any

from tracker.claimreview.places import cause, offsets, read_json
from tracker.claimreview.rules import Rules, Severity, same_address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tracker.claimreview.places import Path
    from tracker.claimreview.rules import Remark

__all__ = ["Examined", "Message", "Severity", "examine", "validate"]

_OPENING = re.compile(r"(?://|/\*)?\s*(?:<!\[CDATA\[|<!--)\s*(?:\*/)?")
_CLOSING = re.compile(r"(?://|/\*)?\s*(?:\]\]>|-->)\s*(?:\*/)?$")
_TOO_DEEP = "nested too deeply to be read; write the objects side by side"


@dataclass(frozen=True, slots=True)
class Message:
    """What is wrong at a place, and what to do; `where` is the file, `line` counts from 1, `path` is in the JSON."""

    where: str
    line: int
    path: str
    severity: Severity
    text: str

    def __str__(self) -> str:
        """Return it on one line, as compilers write theirs."""
        return f"{self.where}:{self.line}: {self.severity}: {self.text}" + (f" ({self.path})" if self.path else "")


@dataclass(frozen=True, slots=True)
class Examined:
    """How many ClaimReviews a file holds, and the messages in the order of their lines."""

    reviews: int
    messages: tuple[Message, ...]

    @property
    def errors(self) -> int:
        """How many of the messages are errors."""
        return sum(message.severity is Severity.ERROR for message in self.messages)


def validate(text: str, where: str) -> list[Message]:
    """What is wrong with the markup in a text, in the order of its lines; `where` is its name in the messages."""
    return list(examine(text, where).messages)


def examine(text: str, where: str) -> Examined:
    """The same with the number of reviews."""
    work = _Work(text, where)
    begin = text.lstrip("\ufeff \t\r\n")[:1]
    if begin == "<":
        work.html()
    else:
        work.json()
    return work.done()


@dataclass(slots=True)
class _Work:
    """One file that is examined."""

    text: str
    where: str
    messages: list[Message] = field(default_factory=list)
    reviews: list[tuple[Path, dict[str, Any]]] = field(default_factory=list)
    claims: int = 0
    has_list: bool = False
    broken: bool = False
    # Where each line begins; of each value that was read the way to its lines, by its number in the file
    starts: list[int] = field(default_factory=list)
    line_of: list[Callable[[Iterable[Path]], dict[Path, int]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.starts = [0, *(found.end() for found in re.finditer("\n", self.text))]

    def html(self) -> None:
        """Examine a page: its scripts of JSON-LD and its microdata."""
        from tracker.claimreview.page import read_page

        page = read_page(self.text)
        for start, script in page.scripts:
            self.script(start, script, page.address)
        for item in page.items:
            self.value(item.value, page.address, _known_lines(item.lines))

    def script(self, start: int, text: str, page: str) -> None:
        """Examine a script of JSON-LD; marks of an older HTML around it are told and passed over."""
        begin = len(text) - len(text.lstrip())
        opening = _OPENING.match(text, begin)
        if opening:
            mark = f"{opening[0].strip()}: stands around the JSON; remove it, readers of JSON stop there"
            self.messages.append(Message(self.where, self.line(start + begin), "", Severity.WARNING, mark))
            start, text = start + opening.end(), text[opening.end() :].rstrip()
            text = text[:-12] + _CLOSING.sub("", text[-12:])
        self.one_json(start, text, page)

    def json(self) -> None:
        """Examine a JSON text, or one in each line where the first line is one by itself."""
        if not self.is_lines():
            self.one_json(0, self.text.removeprefix("\ufeff"), "")
            return
        for number, start in enumerate(self.starts):
            end = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.text)
            line = self.text[start:end]
            if line.strip("\ufeff \t\r\n"):
                self.one_json(start, line, "")

    def is_lines(self) -> bool:
        """True where several lines hold something, the first of them a whole JSON text."""
        lines = [line for line in self.text.split("\n", 50) if line.strip("\ufeff \t\r")]
        try:
            return len(lines) > 1 and isinstance(read_json(lines[0].lstrip("\ufeff")), dict)
        except (ValueError, RecursionError):
            return False

    def one_json(self, start: int, text: str, page: str) -> None:
        """Examine one JSON text that begins at a character of the file."""
        mark = len(text) - len(text.lstrip("\ufeff"))
        start, text = start + mark, text[mark:]
        try:
            value = read_json(text)
        except RecursionError:
            self.fail(start, _TOO_DEEP)
        except ValueError as error:
            self.fail(
                start + (error.pos if isinstance(error, JSONDecodeError) else 0), f"not JSON: {cause(text, error)}"
            )
        else:
            self.value(
                value, page, lambda paths: {p: self.line(start + at) for p, at in offsets(text, set(paths)).items()}
            )

    def value(self, value: Any, page: str, lines: Callable[[Iterable[Path]], dict[Path, int]]) -> None:
        """Examine what was read; `lines` tells the lines of paths in it."""
        rules = Rules(page)
        try:
            rules.judge(value)
        except RecursionError:
            self.fail(0, _TOO_DEEP)
            return
        number = len(self.line_of)
        self.line_of.append(lines)
        self.reviews += [((number, *path), node) for path, node in rules.reviews]
        self.claims += rules.claims
        self.has_list |= rules.is_list
        self.say(rules.remarks, lines)

    def say(self, remarks: list[Remark], lines: Callable[[Iterable[Path]], dict[Path, int]]) -> None:
        """Make messages of remarks; one on something that is not in the file stands where its holder is."""
        if not remarks:
            return
        found = lines({path[:length] for path, _, _ in remarks for length in range(len(path) + 1)})
        for path, severity, text in remarks:
            nearest = next((path[:n] for n in range(len(path), -1, -1) if path[:n] in found), None)
            line = 1 if nearest is None else found[nearest]
            self.messages.append(Message(self.where, line, _shown(path), severity, text))

    def fail(self, offset: int, text: str) -> None:
        """Say that something cannot be read at all."""
        self.broken = True
        at = self.line(offset)
        column = offset - self.starts[at - 1] + 1
        self.messages.append(Message(self.where, at, f"column {column}", Severity.ERROR, text))

    def line(self, offset: int) -> int:
        """The line that a character stands on."""
        return bisect_right(self.starts, offset)

    def done(self) -> Examined:
        """What was found, with what only the whole file shows."""
        told: dict[int, list[Remark]] = {}
        for (number, *path), severity, text in same_address(self.reviews):
            told.setdefault(int(number), []).append((tuple(path), severity, text))
        for number, remarks in told.items():
            self.say(remarks, self.line_of[number])
        if not self.reviews and not self.broken:
            severity = Severity.WARNING if self.claims or self.has_list else Severity.ERROR
            text = "no ClaimReview found; one is an object, or item, of the type ClaimReview"
            self.messages.append(Message(self.where, 1, "", severity, text))
        return Examined(len(self.reviews), tuple(sorted(self.messages, key=lambda one: one.line)))


def _known_lines(lines: dict[Path, int]) -> Callable[[Iterable[Path]], dict[Path, int]]:
    return lambda paths: {path: lines[path] for path in paths if path in lines}


def _shown(path: Path) -> str:
    """A path as JSONPath writes it."""
    steps = [
        f"[{step}]"
        if isinstance(step, int)
        else f".{step}"
        if re.fullmatch(r"[@\w-]{1,60}", step)
        else f"[{step[:60]!r}]"
        for step in path
    ]
    return "$" + "".join(steps)
