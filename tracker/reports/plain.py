"""Text as a terminal may be given it: on one line, harmless, and wrapped."""

from __future__ import annotations

import textwrap
import unicodedata

WIDTH = 100


def clean(text: str) -> str:
    """The text on one line, without control characters, escape sequences or marks that turn the reading direction."""
    flat = " ".join(text.split())
    if flat.isprintable():  # then none of them is in it; thousands of lines are printed so
        return flat
    return "".join(c for c in flat if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co") or c == "\u200d")


def wrapped(text: str, lead: str) -> list[str]:
    """The text in lines of at most `WIDTH`, the first after `lead`, the others under it."""
    if text.isprintable() and text == text.strip() != "" and len(lead) + len(text) <= WIDTH:
        return [lead + text]
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_long_words=False,
        break_on_hyphens=False,
    )
