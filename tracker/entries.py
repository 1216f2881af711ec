"""What may enter the store: texts trimmed, nothing empty, nothing that would come back other than it went in."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import fields, replace
from typing import Any, TypeVar

from tracker.errors import InvalidClaim
from tracker.models import NewClaim, NewVerdict

MAX_TEXT = 10_000  # characters; a longer text is an article, not a claim
MAX_URL = 2_000

Entry = TypeVar("Entry", NewClaim, NewVerdict)


def storable(entry: Entry) -> Entry:
    """The same entry with its texts trimmed and empty ones made None.

    Raises InvalidClaim for a claim without words, a verdict that says nothing or holds for no day, a text with
    characters that cannot be stored, one that is too long, or an address that is none.
    """
    texts: dict[str, Any] = {
        field.name: _clean("claim" if field.name == "text" else field.name, value)
        for field in fields(entry)
        if isinstance(value := getattr(entry, field.name), str)
    }
    clean = replace(entry, **texts)
    if isinstance(clean, NewClaim):
        _check_claim(clean)
    else:
        _check_url(clean.url)
        _check_verdict(clean)
    return clean


def fold(text: str | None) -> str | None:
    """A text without the difference between capitals and small letters and between ways to encode an accent."""
    return None if text is None else unicodedata.normalize("NFKC", text).casefold()


def text_key(text: str) -> str:
    """A claim's text folded so that case, white space, quotation marks and a final stop make no difference."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub(r"[\"'“”‘’«»„‚‹›`]", "", folded).split()).rstrip(". ")


def _clean(name: str, text: str) -> str | None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        msg = f"{name}: what stands at character {error.start + 1} is not UTF-8; save the file as UTF-8"
        raise InvalidClaim(msg) from error
    if "\0" in text:
        msg = f"{name}: holds a NUL character; remove it"
        raise InvalidClaim(msg)
    if len(text) > MAX_TEXT:
        msg = f"{name}: {len(text):,} characters; at most {MAX_TEXT:,} can be stored"
        raise InvalidClaim(msg)
    return text.strip() or None


def _check_claim(claim: NewClaim) -> None:
    if not claim.text or not any(character.isalnum() for character in claim.text):
        raise InvalidClaim("claim: it has no words; write the claim as a sentence")
    if claim.check_worthiness is not None and not 0 <= claim.check_worthiness <= 1:
        msg = f"claim: check-worthiness {claim.check_worthiness} is not between 0 and 1"
        raise InvalidClaim(msg)


def _check_url(url: str | None) -> None:
    if url and (len(url) > MAX_URL or not re.match(r"https?://[^\s/]+", url, re.IGNORECASE)):
        msg = f"address {url[:80]!r}: not a web address; it starts with https:// or http://"
        raise InvalidClaim(msg)


def _check_verdict(verdict: NewVerdict) -> None:
    if verdict.rating is None and verdict.url is None and verdict.explanation is None:
        raise InvalidClaim("verdict: it has no rating, no address and no explanation; give a rating")
    if verdict.valid_from and verdict.valid_to and verdict.valid_from > verdict.valid_to:
        msg = f"verdict: valid from {verdict.valid_from} to {verdict.valid_to} is no period"
        raise InvalidClaim(msg)
