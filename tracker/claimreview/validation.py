"""Anybody's markup examined: JSON, JSON lines, a page or a feed of such; each fault with its line and what to do.

Errors are what schema.org's types forbid and what Google requires of a ClaimReview; warnings what it recommends and
what readers are known to stumble over. The definitions are in `data/claimreview.json`, the rules in `rules`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from json import JSONDecodeError
from typing import TYPE_CHECKING, Any

from tracker.claimreview.feeds import is_feed
from tracker.claimreview.places import cause, lines_of, offsets, read_json
from tracker.claimreview.rules import Rules, Severity, same_address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tracker.claimreview.places import Lines, Path
    from tracker.claimreview.rules import Remark

    Finder = Callable[[Iterable[Path]], dict[Path, int]]  # tells the lines of paths in a value

__all__ = ["Examined", "Message", "Severity", "examine", "validate"]

_OPENING = re.compile(r"(?://|/\*)?\s*(?:<!\[CDATA\[|<!--)\s*(?:\*/)?")
_CLOSING = re.compile(r"(?://|/\*)?\s*(?:\]\]>|-->)\s*(?:\*/)?$")
_NONE = "no ClaimReview found; one is an object, or item, of the type ClaimReview"
_NONE_IN_FEED = "no ClaimReview in the items of this feed; it stands in an item's HTML, as a script or as microdata"
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
    if text.lstrip("\ufeff \t\r\n")[:1] != "<":
        work.json()
    elif is_feed(text):
        work.feed()
    else:
        work.html(text, lines_of(text))
    return work.done()


@dataclass(slots=True)
class _Work:
    """One file that is examined."""

    text: str
    where: str
    messages: list[Message] = field(default_factory=list)
    reviews: list[tuple[Path, dict[str, Any]]] = field(default_factory=list)
    nothing: str = _NONE  # to be said where there is no review
    may_lack: bool = False  # where it is no error that there is none
    broken: bool = False  # where it is known why there is none
    finders: list[Finder] = field(default_factory=list)  # of each value that was read, by its number in the file

    def feed(self) -> None:
        """Examine a feed: the HTML in its items."""
        from tracker.claimreview.pieces import read_pieces

        pieces = read_pieces(self.text)
        for html, lines in pieces.html:
            self.html(html, lines)
        self.nothing = _NONE_IN_FEED
        self.may_lack |= not pieces.items
        if pieces.fault:
            self.fail(pieces.fault.place, pieces.fault.text)

    def html(self, text: str, lines: Lines) -> None:
        """Examine a page: its scripts of JSON-LD and its microdata."""
        from tracker.claimreview.page import read_page

        page = read_page(text)
        for start, script in page.scripts:
            self.script(start, script, page.address, lines)
        for item in page.items:
            self.value(item.value, page.address, _finder(item.places, lines))
        if page.too_deep is not None:
            self.fail(lines.place(page.too_deep), _TOO_DEEP)

    def script(self, start: int, text: str, page: str, lines: Lines) -> None:
        """Examine a script of JSON-LD; marks of an older HTML around it are told and passed over."""
        begin = len(text) - len(text.lstrip())
        opening = _OPENING.match(text, begin)
        if opening:
            mark = f"{opening[0].strip()}: stands around the JSON; remove it, readers of JSON stop there"
            self.messages.append(Message(self.where, lines.line(start + begin), "", Severity.WARNING, mark))
            start, text = start + opening.end(), text[opening.end() :].rstrip()
            text = text[:-12] + _CLOSING.sub("", text[-12:])
        self.one_json(start, text, page, lines)

    def json(self) -> None:
        """Examine a JSON text, or one in each line where the first line is one by itself."""
        lines = lines_of(self.text)
        if not self.is_lines():
            self.one_json(0, self.text, "", lines)
            return
        for start, end in pairwise([*lines.starts, len(self.text)]):
            line = self.text[start:end]
            if line.strip("\ufeff \t\r\n"):
                self.one_json(start, line, "", lines)

    def is_lines(self) -> bool:
        """True where several lines hold something, the first of them a whole JSON text."""
        lines = [line for line in self.text.split("\n", 50) if line.strip("\ufeff \t\r")]
        try:
            return len(lines) > 1 and isinstance(read_json(lines[0].lstrip("\ufeff")), dict)
        except (ValueError, RecursionError):
            return False

    def one_json(self, start: int, text: str, page: str, lines: Lines) -> None:
        """Examine one JSON text that begins at a character of the file."""
        mark = len(text) - len(text.lstrip("\ufeff"))
        start, text = start + mark, text[mark:]
        try:
            value = read_json(text)
        except RecursionError:
            self.fail(lines.place(start), _TOO_DEEP)
        except ValueError as error:
            at = start + (error.pos if isinstance(error, JSONDecodeError) else 0)
            self.fail(lines.place(at), f"not JSON: {cause(text, error)}")
        else:
            self.value(
                value, page, lambda paths: {p: lines.line(start + at) for p, at in offsets(text, set(paths)).items()}
            )

    def value(self, value: Any, page: str, finder: Finder) -> None:
        """Examine what was read."""
        rules = Rules(page)
        try:
            rules.judge(value)
        except RecursionError:
            self.broken = True
            self.say([((), Severity.ERROR, _TOO_DEEP)], finder)
            return
        number = len(self.finders)
        self.finders.append(finder)
        self.reviews += [((number, *path), node) for path, node in rules.reviews]
        self.may_lack |= bool(rules.claims) or rules.is_list
        self.broken |= rules.is_answer
        self.say(rules.remarks, finder)

    def say(self, remarks: list[Remark], finder: Finder) -> None:
        """Make messages of remarks; one on something that is not in the file stands where its holder is."""
        if not remarks:
            return
        found = finder({path[:length] for path, _, _ in remarks for length in range(len(path) + 1)})
        for path, severity, text in remarks:
            nearest = next((path[:n] for n in range(len(path), -1, -1) if path[:n] in found), None)
            line = 1 if nearest is None else found[nearest]
            self.messages.append(Message(self.where, line, _shown(path), severity, text))

    def fail(self, place: tuple[int, int], text: str) -> None:
        """Say that something cannot be read at all."""
        self.broken = True
        line, column = place
        self.messages.append(Message(self.where, line, f"column {column}", Severity.ERROR, text))

    def done(self) -> Examined:
        """What was found, with what only the whole file shows."""
        told: dict[int, list[Remark]] = {}
        for (number, *path), severity, text in same_address(self.reviews):
            told.setdefault(int(number), []).append((tuple(path), severity, text))
        for number, remarks in told.items():
            self.say(remarks, self.finders[number])
        if not self.reviews and not self.broken:
            severity = Severity.WARNING if self.may_lack else Severity.ERROR
            self.messages.append(Message(self.where, 1, "", severity, self.nothing))
        return Examined(len(self.reviews), tuple(sorted(self.messages, key=lambda one: one.line)))


def _finder(places: dict[Path, int], lines: Lines) -> Finder:
    return lambda paths: {path: lines.line(places[path]) for path in paths if path in places}


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
