r"""JSON that is not quite JSON, mended where only one reading is left.

Pages hold quotation marks that nobody escaped, line breaks within texts, commas after the last value, comments, a
closing bracket too few. The libraries that mend JSON are made for what language models write: they always answer, and
drop words on the way (json-repair 0.64 reads `"The 5" pipe, which ..."` as "The 5"). Here signs are added or taken
away between the words only, no word is lost, and what has two readings is refused.
"""

from __future__ import annotations

import html
import json
import re
from typing import Any

MAX_MENDED = 200_000  # characters; a review has a few thousand

_MISSING_BRACKETS = 2  # at the end; more of them, and the rest of the text is missing too
_SPACE = re.compile(r"(?:\s++|//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/)*+")
_LITERAL = re.compile(r"(?:-?(?:0|[1-9]\d{0,30})(?:\.\d{1,30})?(?:[eE][+-]?\d{1,3})?|true|false|null)(?![\w.])")
_QUOTES = {'"': '"', "“": '"”“', "”": '"”“', "„": '"”“'}  # what opens a text, and what may close it
_KEY = r"[\"“”„][^\"“”\n]{1,200}[\"“”]\s*:"
# What follows a text's last quotation mark: where it is a key, a value in an object, a value in a list.
_AFTER_KEY = re.compile(r"\s*:")
_AFTER_VALUE = re.compile(rf"\s*(?:,\s*(?:{_KEY}|[}}]|//|/\*|$)|[}}]\s*(?:[,}}\];]|$)|//|/\*|$|\n\s*{_KEY})")
_AFTER_ENTRY = re.compile(r"\s*(?:,\s*(?:[\"“”„{\[\-0-9tfn\]]|//|/\*|$)|\]|$)")
_ESCAPE = re.compile(r"\\(?:[\"\\/bfnrt]|u[0-9a-fA-F]{4})")
_SWALLOWED = re.compile(r"[\"“”]\s*:\s*(?:[\"“„{\[\d]|true|false|null)")  # a key and its value within a text


class Unmendable(ValueError):
    """The text is no JSON, and there is no one way to make it JSON; its message says why."""


def parse(text: str, *, mend: bool = True) -> tuple[Any, tuple[str, ...]]:
    """What a JSON text holds, numbers as they are written, and what had to be mended.

    A key that stands twice in one object has both values. Raises Unmendable.
    """
    text = text.lstrip("\ufeff").strip()
    try:
        return _loads(text), ()
    except ValueError as error:
        fault = str(error)
    except RecursionError as error:
        raise Unmendable("nested too deeply") from error
    escaped = '"' not in text and "&quot;" in text
    if escaped:
        text = html.unescape(text)
    if not mend or len(text) > MAX_MENDED:
        msg = f"not JSON ({fault})"
        raise Unmendable(msg)
    mender = _Mender(text)
    try:
        value = _loads(mender.mended())
    except (Unmendable, ValueError) as error:
        msg = f"not JSON ({fault}), and not to be mended: {error}"
        raise Unmendable(msg) from error
    except RecursionError as error:
        raise Unmendable("nested too deeply") from error
    if mender.quoted and any(map(_SWALLOWED.search, _texts(value))):
        msg = f"not JSON ({fault}), and a text that is mended may hold more than one field"
        raise Unmendable(msg)
    notes = ["HTML entities in place of signs"] * escaped + sorted(mender.done)
    return value, (f"JSON mended: {', '.join(notes)}",) if notes else ()


def _loads(text: str) -> Any:
    return json.loads(text, parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=_object)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) == len(pairs):
        return values
    several: dict[str, list[Any]] = {}
    for key, value in pairs:
        if value not in several.setdefault(key, []):
            several[key].append(value)
    return {key: found if len(found) > 1 else found[0] for key, found in several.items()}


def _texts(value: Any) -> list[str]:
    texts, stack = [], [value]
    while stack:
        one = stack.pop()
        if isinstance(one, str):
            texts.append(one)
        elif isinstance(one, dict):
            stack += one.values()
        elif isinstance(one, list):
            stack += one
    return texts


class _Mender:
    """Reads a text sign by sign and writes it again as JSON; `done` names what was mended."""

    def __init__(self, text: str) -> None:
        self.done: set[str] = set()
        self.quoted = False  # quotation marks were escaped: whether they ended the text was judged
        self._text = text
        self._at = 0
        self._out: list[str] = []
        self._open: list[str] = []

    def mended(self) -> str:
        """The whole text as JSON. Raises Unmendable."""
        wanted = "value"
        while True:
            self._pass_space()
            if self._at >= len(self._text) or (wanted == "end" and not self._open):
                self._close(wanted)
                return "".join(self._out)
            sign = self._text[self._at]
            if wanted == "end":
                wanted = self._after_value(sign)
            elif sign in "}]" and self._out[-1:] in (["{"], ["["]):
                wanted = self._end_of(sign)
            elif wanted == "key":
                wanted = self._key(sign)
            else:
                wanted = self._value(sign)

    def _pass_space(self) -> None:
        found = _SPACE.match(self._text, self._at)
        if found:
            self._at = found.end()
            if "/" in found[0]:
                self.done.add("comments")

    def _key(self, sign: str) -> str:
        if sign not in _QUOTES:
            raise self._fault("a name in quotation marks is missing")
        self._string(sign, _AFTER_KEY)
        colon = _AFTER_KEY.match(self._text, self._at)
        assert colon is not None
        self._at = colon.end()
        self._out.append(":")
        return "value"

    def _value(self, sign: str) -> str:
        if sign in "{[":
            self._at += 1
            self._out.append(sign)
            self._open.append(sign)
            return "key" if sign == "{" else "value"
        if sign in _QUOTES:
            self._string(sign, _AFTER_VALUE if self._open[-1:] != ["["] else _AFTER_ENTRY)
            return "end"
        literal = _LITERAL.match(self._text, self._at)
        if literal is None:
            raise self._fault("a value is missing")
        self._at = literal.end()
        self._out.append(literal[0])
        return "end"

    def _after_value(self, sign: str) -> str:
        """What stands between a value and the next: a comma, or the end of the object or list."""
        if sign in "}]":
            return self._end_of(sign)
        if sign == ",":
            commas = re.compile(r"[,\s]*").match(self._text, self._at)
            assert commas is not None
            self._at = commas.end()
            self._pass_space()
            if self._at >= len(self._text):
                raise Unmendable("it ends in the middle")
            several = commas[0].count(",") > 1
            if self._text[self._at : self._at + 1] in ("}", "]"):
                self.done.add("a comma after the last value")
                return "end"
            if several:
                self.done.add("several commas in place of one")
        elif sign in "{[" or sign in _QUOTES:
            self.done.add("a missing comma")
        else:
            raise self._fault("a comma is missing")
        self._out.append(",")
        return "key" if self._open[-1] == "{" else "value"

    def _end_of(self, sign: str) -> str:
        if not self._open or self._open.pop() + sign not in ("{}", "[]"):
            raise self._fault("brackets that do not go together")
        self._at += 1
        self._out.append(sign)
        return "end"

    def _close(self, wanted: str) -> None:
        if self._text[self._at :].strip(" \t\r\n;}]"):
            raise self._fault("words after the end")
        if self._text[self._at :].strip():
            self.done.add("signs after the end")
        if self._open:
            if wanted != "end" or len(self._open) > _MISSING_BRACKETS:
                raise Unmendable("it ends in the middle")
            self.done.add("a missing bracket at the end")
            self._out += ["}" if sign == "{" else "]" for sign in reversed(self._open)]

    def _string(self, opening: str, after: re.Pattern[str]) -> None:
        """Write one text; a quotation mark ends it where what follows it is what follows a text."""
        if opening != '"':
            self.done.add("typographic quotation marks")
        at = self._at + 1
        pieces = ['"']
        marks = re.compile(rf"[\"{_QUOTES[opening]}\\\x00-\x1f]")
        while found := marks.search(self._text, at):
            pieces.append(self._text[at : found.start()])
            sign, at = found[0], found.end()
            if sign == "\\":
                piece, at = self._escape(found.start())
                pieces.append(piece)
            elif sign < " ":
                self.done.add("line breaks or control signs in a text")
                pieces.append(json.dumps(sign)[1:-1])
            elif sign in _QUOTES[opening] and after.match(self._text, at):
                self._out.append("".join([*pieces, '"']))
                self._at = at
                return
            else:
                self.done.add("quotation marks in a text")
                self.quoted = True
                pieces.append('\\"' if sign == '"' else sign)
        raise Unmendable("a text has no end")

    def _escape(self, at: int) -> tuple[str, int]:
        if found := _ESCAPE.match(self._text, at):
            return found[0], found.end()
        self.done.add("escapes that JSON does not know")
        follows = self._text[at + 1 : at + 2]
        return (follows, at + 2) if follows in ("'", "`") and follows else ("\\\\", at + 1)

    def _fault(self, what: str) -> Unmendable:
        return Unmendable(f"{what} at {self._text[self._at : self._at + 30]!r}")
