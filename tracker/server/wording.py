"""The words of errors, which are written for the command line, for those who have none before them."""

from __future__ import annotations

import re

from tracker import settings

# What the command line is told to try: in its place, what a program can send.
_FOR_PROGRAMS = (
    (r"'tracker list' shows what is", "GET /claims lists what is"),
    (r"'tracker show (\w+)' lists (?:what is|a claim's verdicts)", r"GET /claims/\1/verdicts lists them"),
    (r"'--supersedes (\d+)' corrects it", r"send 'supersedes': \1 to correct it"),
    (r"leave out --supersedes", "leave out 'supersedes'"),
    (r"cannot read standard input: ", "cannot read the text: "),
)
# And what a reader of pages can do.
_FOR_READERS = (
    (r"'tracker list' shows what is", "the search finds what is"),
    (r"; '--supersedes \d+' corrects it", "; to say something else now, correct that verdict"),
    (r"; leave out --supersedes to put yours beside it", "; to put yours beside it, add a verdict instead"),
    (r"; 'tracker undo \d+' brings (?:it|them) back", "; undo that in its history to bring it back"),
    (r"; 'tracker undo \d+' first", "; undo that in its history first"),
    (r"; 'tracker retract \d+' takes the other back", "; take the other back instead"),
    (r"; 'tracker show \w+' lists (?:what is|a claim's verdicts)", "; the claim's page has them all"),
    (r"^(\w+ \d+): not in .*", r"\1 is not in the store"),
    (r"cannot read standard input: ", "This text cannot be read: "),
    (r"; '(?:tracker|--)[^']*'.*", ""),
)


def for_programs(message: str, store: str | None) -> str:
    """An error's words for a program; where the store lies is nobody's business."""
    return _with(_FOR_PROGRAMS, _without_path(message, store))


def for_readers(message: str, store: str | None = None) -> str:
    """An error's words for somebody who reads pages."""
    told = _with(_FOR_READERS, _without_path(message, store))
    return told[:1].upper() + told[1:]


def _with(words: tuple[tuple[str, str], ...], message: str) -> str:
    for pattern, instead in words:
        message = re.sub(pattern, instead, message)
    return message


def _without_path(message: str, store: str | None) -> str:
    for path in {str(settings.store_path(store)), store or ""} - {""}:
        message = message.replace(path, "this store")
    return message
