"""What may enter the store: texts trimmed, nothing empty, nothing that would come back other than it went in."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

from tracker.errors import InvalidClaim, UsageProblem
from tracker.models import Evidence, NewClaim, NewVerdict, Utterance

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_TEXT = 10_000  # characters; a longer text is an article, not a claim
MAX_URL = 2_000
MAX_TAG = 60
MAX_EVIDENCE = 100  # pieces a verdict rests on; with the next line small enough for one cell of a CSV file
MAX_EVIDENCE_TEXT = 20_000  # characters of all pieces together
_BAR = re.compile(r"(?<!\S)\||\|(?!\S)")  # one inside an address has no white space beside it

_CAMPAIGN = re.compile(r"(?:utm_\w+|fbclid|gclid|mc_[ce]id)(?:=|$)", re.IGNORECASE)  # how a reader came to a page
Entry = TypeVar("Entry", NewClaim, NewVerdict)


def storable(entry: Entry) -> Entry:
    """The same entry with its texts trimmed and empty ones made None.

    A verdict's tags become lower case with hyphens for spaces, each once. Raises InvalidClaim for a claim without
    words, a verdict that says nothing or holds for no day, a text with characters that cannot be stored, one that is
    too long, or an address that is none.
    """
    texts: dict[str, Any] = {
        field.name: _clean("claim" if field.name == "text" else field.name, value)
        for field in fields(entry)
        if isinstance(value := getattr(entry, field.name), str)
    }
    clean = replace(entry, **texts)
    if isinstance(clean, NewClaim):
        _check_claim(clean)
        return clean
    clean = replace(clean, tags=_clean_tags(clean.tags), evidence=tuple(map(_clean_evidence, clean.evidence)))
    _check_url(clean.url)
    _check_verdict(clean)
    return clean


def evidence_of(text: str) -> Evidence:
    """The evidence that `ADDRESS | NOTE | ARCHIVED ADDRESS` names; note, archived address or both may be left out.

    A note may hold bars: what stands after the last one is an archived address only where it begins as one. A bar
    inside an address has no white space beside it. Raises InvalidClaim.
    """
    address, *rest = _BAR.split(text.strip(), maxsplit=1)
    if not address.strip():
        raise InvalidClaim("evidence: it has no address; write it as 'https://... | NOTE | https://ARCHIVED-COPY'")
    note = rest[0] if rest else ""
    last = list(_BAR.finditer(note))
    start, end = last[-1].span() if last else (0, 0)
    tail = note[end:].strip()
    if not tail or re.match(r"https?://", tail, re.IGNORECASE):
        return _clean_evidence(Evidence(address, note[:start], tail))
    return _clean_evidence(Evidence(address, note))


def askable(said: Utterance) -> Utterance:
    """What is looked for with its texts trimmed and empty ones made None.

    Raises InvalidClaim for a text without words, characters that are none, or a text that is too long.
    """
    return Utterance(
        storable(NewClaim(said.text)).text,
        _clean("context", said.context or ""),
        _clean("speaker", said.speaker or ""),
        said.stated_on,
    )


def require_worth(min_worth: float) -> None:
    """Raise UsageProblem for what is no check-worthiness."""
    if not 0 <= min_worth <= 1:  # nor is NaN
        msg = f"check-worthiness {min_worth}: not between 0 and 1"
        raise UsageProblem(msg)


def storable_reason(because: str | None) -> str | None:
    """A reason as it may enter the log: trimmed, None where it is empty. Raises InvalidClaim."""
    return None if because is None else _clean("reason", because)


def fold(text: str | None) -> str | None:
    """A text without the difference between capitals and small letters and between ways to encode an accent."""
    return None if text is None else unicodedata.normalize("NFKC", text).casefold()


def text_key(text: str) -> str:
    """A claim's text folded so that case, white space, quotation marks and a final stop make no difference."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub(r"[\"'“”‘’«»„‚‹›`]", "", folded).split()).rstrip(". ")


def address_key(url: str) -> str:
    """An address without what makes no other page of it: http or https, "www.", a last "/", marks of campaigns.

    What follows "#" counts: pages of several reviews tell them apart by it.
    """
    page, mark, part = url.partition("#")
    page, _, query = page.partition("?")
    site, slash, path = re.sub(r"^https?://(?:www\.)?", "", page, flags=re.IGNORECASE).partition("/")
    asked = "&".join(one for one in query.split("&") if one and not _CAMPAIGN.match(one))
    return f"{site.lower()}{slash}{path}".rstrip("/") + (f"?{asked}" if asked else "") + mark + part


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


def _clean_tags(tags: Iterable[str]) -> tuple[str, ...]:
    clean = tuple(dict.fromkeys("-".join(tag.lower().split()) for one in tags if (tag := _clean("tag", one))))
    for tag in clean:
        if len(tag) > MAX_TAG or "," in tag:
            what = "a comma in it; give two tags" if "," in tag else f"{len(tag):,} characters; at most {MAX_TAG}"
            msg = f"tag {tag[:MAX_TAG]!r}: {what}"
            raise InvalidClaim(msg)
    _clean("tags", ",".join(clean))
    return clean


def _clean_evidence(given: Evidence) -> Evidence:
    texts = {name: _clean(f"evidence {name}", getattr(given, name) or "") for name in ("url", "note", "archive_url")}
    if texts["url"] is None:
        raise InvalidClaim("evidence: it has no address; give the address of what shows it")
    _check_url(texts["url"], "evidence")
    _check_url(texts["archive_url"], "archived evidence")
    return Evidence(texts["url"], texts["note"], texts["archive_url"])


def storable_address(url: str, name: str) -> str:
    """An address as it may be stored, trimmed. Raises InvalidClaim, with the `name` of what it is."""
    clean = _clean(name, url)
    if clean is None or len(clean.split()) != 1:
        raise InvalidClaim(f"{name} {url[:80]!r}: not a web address; it has no white space in it")
    _check_url(clean, name)
    return clean


def _check_url(url: str | None, name: str = "address") -> None:
    if url and (len(url) > MAX_URL or not re.match(r"https?://[^\s/]+", url, re.IGNORECASE)):
        msg = f"{name} {url[:80]!r}: not a web address; it starts with https:// or http://"
        raise InvalidClaim(msg)


def _check_verdict(verdict: NewVerdict) -> None:
    if verdict.rating is None and verdict.url is None and verdict.explanation is None:
        raise InvalidClaim("verdict: it has no rating, no address and no explanation; give a rating")
    if verdict.valid_from and verdict.valid_to and verdict.valid_from > verdict.valid_to:
        msg = f"verdict: valid from {verdict.valid_from} to {verdict.valid_to} is no period"
        raise InvalidClaim(msg)
    size = sum(len(text or "") for one in verdict.evidence for text in (one.url, one.note, one.archive_url))
    if len(verdict.evidence) > MAX_EVIDENCE or size > MAX_EVIDENCE_TEXT:
        msg = (
            f"evidence: {len(verdict.evidence):,} pieces of {size:,} characters in all; at most {MAX_EVIDENCE} of"
            f" {MAX_EVIDENCE_TEXT:,} can be stored"
        )
        raise InvalidClaim(msg)
