"""Texts as markup holds them, made plain: no tags, no entities, one space for any white space."""

from __future__ import annotations

import html
import re

from tracker.claimreview.record import storable_text

# Only names of HTML are tags: "<5 %" and "<unclear>" are words of the review.
_INLINE = "a abbr b bdi bdo big cite code del dfn em font i img ins kbd label mark q s small span strike strong sub sup"
_INLINE += " time tt u var"
_BLOCKS = "address article aside blockquote br center dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6"
_BLOCKS += " header hr iframe li main nav ol p pre section summary table tbody td tfoot th thead tr ul video"
_UNSEEN = re.compile(r"<(?:(script|style)\b[^<>]{0,2000}>|!--)", re.IGNORECASE)
_LONGEST = 200_000  # characters that are looked at; a text a tenth as long cannot be stored
_REST = r"(?:\s[^<>]{0,2000})?/?>"
_INLINE_TAG = re.compile(rf"</?(?:{'|'.join(_INLINE.split())}){_REST}", re.IGNORECASE)
_BLOCK_TAG = re.compile(rf"</?(?:{'|'.join(_BLOCKS.split())}){_REST}", re.IGNORECASE)
# With its semicolon only: "?a=1&copy=2" has none.
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_CONTROL = dict.fromkeys([*(code for code in range(ord(" ")) if code not in {9, 10, 13}), 0x7F, 0xFEFF], " ")
_NOTHING = " \t\n\r-–—−_.,;:?*/|"
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}  # `lower` makes two characters of some
_BLANK = " \t\n\r-–—−"
_NOTHING_WORDS = frozenset({"n/a", "none", "null", "undefined", "nan", "unknown", "[object object]"})


def plain(written: str) -> str:
    """Take entities (escaped twice at most), tags and superfluous white space out of a text."""
    text = written[:_LONGEST].translate(_CONTROL)
    for _ in range(2):
        text = unescape(text)
    if "<" in text:
        text = _without_unseen(text)
        text = _INLINE_TAG.sub("", _BLOCK_TAG.sub(" ", text))
    return " ".join(storable_text(text).split())


def _without_unseen(text: str) -> str:
    """A text without scripts, styles and comments; one that is left open is a text like any other."""
    pieces, at = [], 0
    lowered = text.translate(_LOWER)
    for found in _UNSEEN.finditer(text):
        if found.start() < at:
            continue
        end = "-->" if found[1] is None else f"</{found[1].lower()}"
        until = lowered.find(end, found.end())
        if until < 0:
            break  # and not looked for again: a text made of openings would take hours
        pieces.append(text[at : found.start()])
        at = (text.find(">", until) + 1) or len(text)
    return " ".join([*pieces, text[at:]])


def unescape(text: str) -> str:
    """Resolve entities once."""
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), text) if "&" in text else text


def says_nothing(text: str) -> bool:
    """Tell what stands in a field that was left empty: nothing, a dash, `null`."""
    return not text.strip(_NOTHING) or text.strip().casefold() in _NOTHING_WORDS


def is_blank(text: str) -> bool:
    """Tell a label that is none: a dash at most. "Unknown" and "N/A" are words with which a review may end."""
    return not text.strip(_BLANK)


def of_scalar(value: object) -> str:
    """The plain text of a text or a number; nothing for anything else."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    try:
        return str(value)
    except ValueError:  # a number of thousands of digits
        return ""
