"""Turns: what speakers say, as text in which each turn is a paragraph that begins with the speaker's name. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

_NOBODY = re.compile(r"\W*|(?:unknown|unidentified|n/a)\b.*", re.IGNORECASE)


class Turn(NamedTuple):
    """What one speaker says, or a part of it; None for a speaker that is not named.

    `is_told` where the document tells who speaks, or that it is somebody else; `is_labelled` where `text` already
    begins with the name.
    """

    speaker: str | None
    text: str
    is_told: bool = True
    is_labelled: bool = False


def as_text(turns: Iterable[Turn]) -> tuple[str, tuple[tuple[int, int, str | None], ...]]:
    """Write one paragraph a turn; what the same speaker says next stands on a line of its own, without the name.

    Returns the text, and the spans of it of which the document tells who speaks.
    """
    pieces: list[str] = []
    spans: list[tuple[int, int, str | None]] = []
    length = 0
    last: str | None = None
    for turn in turns:
        goes_on = turn.speaker is not None and turn.speaker == last and not turn.is_labelled
        gap = ("\n" if goes_on else "\n\n") if pieces else ""
        label = "" if goes_on or turn.speaker is None or turn.is_labelled else f"{turn.speaker}: "
        start = spans.pop()[0] if goes_on else length + len(gap)
        pieces += [gap, label, turn.text]
        length += len(gap) + len(label) + len(turn.text)
        if turn.is_told:
            spans.append((start, length, _named(turn.speaker)))
        last = None if turn.is_labelled else turn.speaker
    return "".join(pieces), tuple(spans)


def _named(written: str | None) -> str | None:
    """The name, where what is written in its place is one."""
    return None if written is None or _NOBODY.fullmatch(written) else written


def speaker(written: str) -> str | None:
    """Return a speaker's name as it stands before a colon; None for an empty one."""
    return " ".join(written.replace(":", " ").split()) or None
