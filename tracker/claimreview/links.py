"""What a review links to: its own page, the places at which the claim was seen, and what it was checked by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.claimreview import addresses
from tracker.claimreview.people import checker_addresses, checker_sites
from tracker.claimreview.texts import of_scalar, says_nothing
from tracker.claimreview.thing import Thing
from tracker.entries import MAX_EVIDENCE, MAX_EVIDENCE_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAX_APPEARANCES = 200
_SHOWN = 80
_SEEN_IN = ("firstAppearance", "appearance", "url", "sameAs")
_ADDRESS_OF = ("url", "@id", "contentUrl", "sameAs", "mainEntityOfPage")


def read_address(review: Thing, page: str, base: str = "") -> str:
    """Read the review's own address: `url`, else its page's; one that leads elsewhere is not kept.

    `base` is the address of the file, by which addresses are completed; it is that of no review.
    """
    base = page or base or next(iter(checker_addresses(review)), "")
    sites = [site for site in (*checker_sites(review), addresses.host(page)) if site]
    for name in ("url", "mainEntityOfPage", "@id"):
        given = [text for value in review.values(name) for text in _addresses_of(value, review)]
        if name == "url" and len(given) > 1:
            review.note(f"url: a list of {len(given)}; the first that can be the review's taken")
        for text in given:
            address, fault = _usable(text, base, sites)
            if address:
                if name != "url":
                    review.note(f"url: missing or not kept; {name} taken")
                elif address != text:
                    review.note(f"url: {text[:_SHOWN]!r} completed by the address of its page or publisher")
                return address
            if name == "url":
                review.note(f"url: {text[:_SHOWN]!r} {fault}; not kept")
    if addresses.is_address(page):
        review.note("url: missing or not kept; the page's own taken")
        return page
    return ""


def read_appearances(review: Thing, own: Sequence[str]) -> list[str]:
    """Read the addresses at which the claim was seen, the first appearance first, none of the checker's own."""
    found: dict[str, None] = {}
    items = review.things("itemReviewed")
    for name in _SEEN_IN:
        looked_at: set[Any] = set()  # what many claims refer to is looked at once
        for item in items:
            for value in item.values(name):
                known = value if isinstance(value, str) else id(value)
                if known in looked_at:
                    continue
                looked_at.add(known)
                for text in _addresses_of(value, review):
                    found.update(dict.fromkeys(_seen_at(text, name, review)))
    for value in review.values("itemReviewed"):
        found.update(dict.fromkeys(addresses.addresses_in(of_scalar(value))))
    kept = [one for one in found if not any(addresses.same_site(addresses.host(one), site) for site in own)]
    if len(kept) < len(found):
        review.note("appearances: an address of the checker's own site; not kept")
    if len(kept) > MAX_APPEARANCES:
        review.note(f"appearances: {len(kept):,} addresses; the first {MAX_APPEARANCES} kept")
    return kept[:MAX_APPEARANCES]


def read_evidence(review: Thing) -> list[dict[str, str]]:
    """Read what the review cites, each with its address; what has none is no evidence that can be looked at."""
    evidence: list[dict[str, str]] = []
    left_out, size = 0, 0
    for value in review.values("citation"):
        piece = _piece(value, review)
        if piece in evidence:
            continue
        size += sum(map(len, piece.values()))
        if not piece or size > MAX_EVIDENCE_TEXT or len(evidence) == MAX_EVIDENCE:
            left_out += 1
        else:
            evidence.append(piece)
    if left_out:
        review.note(f"evidence: {left_out} of the citations have no address, or are too many or too long; not kept")
    return evidence


def _piece(value: Any, review: Thing) -> dict[str, str]:
    if not isinstance(value, dict):
        text = of_scalar(value)
        found = addresses.addresses_in(text)
        note = addresses.other_words(text)
        return {"url": found[0], **({"note": note} if note else {})} if found else {}
    thing = Thing(value, review.document, review.notes)
    found = [one for text in _addresses_of(value, review) for one in addresses.addresses_in(text)]
    archived = [one for text in thing.texts("archivedAt") for one in addresses.addresses_in(text)]
    note = next((text for name in ("name", "headline", "description", "text") if (text := thing.text(name))), "")
    if not found:
        return {}
    piece = {"url": found[0], "note": note, "archive_url": archived[0] if archived else ""}
    return {name: text for name, text in piece.items() if text}


def _addresses_of(value: Any, review: Thing) -> Iterator[str]:
    """The texts in which a value names its address: itself, or the first property of a thing that is one."""
    if not isinstance(value, dict):
        if text := of_scalar(value):
            yield text
        return
    thing = Thing(value, review.document, review.notes)
    for name in ("@value", *_ADDRESS_OF):
        texts = [text for text in thing.texts(name) if not says_nothing(text)]
        if name == "@id" and not any(map(addresses.is_address, texts)):
            continue
        if texts:
            yield from texts
            return


def _seen_at(text: str, name: str, review: Thing) -> list[str]:
    found = addresses.addresses_in(text)
    if len(found) > 1:
        review.note(f"appearances: {len(found)} addresses in one text; taken apart")
    if (not found and name != "sameAs") or (found and addresses.other_words(text)):
        review.note(f"appearances: {text[:_SHOWN]!r} has words that are no web address; not kept")
    return found


def _usable(text: str, base: str, sites: list[str]) -> tuple[str | None, str]:
    """An address that may be the review's, or what speaks against it."""
    address = addresses.absolute(text, base)
    if address is None:
        return None, "is no web address"
    if addresses.is_image(address):
        return None, "is an image"
    site = addresses.host(address)
    if addresses.is_social(site) and sites and not any(addresses.same_site(site, one) for one in sites):
        return None, "leads to a social network, not to the review"
    return address, ""
