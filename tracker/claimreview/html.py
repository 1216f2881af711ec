"""The ClaimReviews in a page: in its scripts of JSON-LD, and in its microdata."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tracker.claimreview import addresses
from tracker.claimreview.dumps import Part, parts
from tracker.claimreview.fields import records_of
from tracker.claimreview.microdata import items
from tracker.claimreview.record import Record, once, raw_text
from tracker.claimreview.shapes import Document, mentions_reviews
from tracker.claimreview.streams import Stream

if TYPE_CHECKING:
    from collections.abc import Iterator

_CONTROL = dict.fromkeys(code for code in range(ord(" ")) if code not in {9, 10, 13})
# What old systems put around a script so that old browsers do not show it.
_WRAPPING = re.compile(
    r"\s*(?://|/\*)?\s*(?:<!--|<!\[CDATA\[)\s*(?:\*/|//)?|(?://|/\*)?\s*(?:-->|\]\]>)\s*(?:\*/)?\s*$"
)


@dataclass(frozen=True, slots=True)
class _Block:
    """Markup in one place of a page."""

    where: str
    part: Part


def claimreviews_in_html(text: str, where: str, page: str = "", *, ours: bool = True) -> Iterator[Record]:
    """Read the reviews in a page, those in scripts first; one that stands there twice is read once.

    `page` is the page's address where it is known; else the one that it names as its own. `ours`: the extension of our
    own exports is obeyed; on a page of anybody's it is not, for it goes before what the page says.
    """
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    data = text.translate(_CONTROL).encode("utf-8", "replace")
    tree = etree.fromstring(data, parser) if data.strip() else None
    if tree is None:
        return
    page = page or _address(tree)
    blocks = [*_scripts(tree, where), *_microdata(tree, where)]
    document = Document((block.part.value for block in blocks), ours=ours)
    records: list[Record] = []
    for number, block in enumerate(blocks):
        if block.part.reason:
            where = block.where + (f":{block.part.path}" if block.part.path else "")
            records.append(Record(where, reason=block.part.reason, raw=raw_text(block.part.raw)))
        else:
            records += records_of(document, number, block.where, at=block.part.path, page=page, mended=block.part.notes)
    yield from once(records)


def _scripts(tree: Any, where: str) -> Iterator[_Block]:
    number = 0
    for script in tree.iter("script"):
        if "ld+json" not in str(script.get("type") or "").lower():
            continue
        number += 1
        text = script.text or ""
        place = f"{where}: script {number}, line {script.sourceline}"
        for part in parts(Stream([_WRAPPING.sub("", text.lstrip("\ufeff"))])):
            if part.reason is None or mentions_reviews(text):
                yield _Block(place, part)


def _microdata(tree: Any, where: str) -> Iterator[_Block]:
    for element, item in items(tree):
        yield _Block(f"{where}: microdata, line {element.sourceline}", Part("", item))


def _address(tree: Any) -> str:
    """The address that a page names as its own."""
    found = [
        link.get("href") for link in tree.iter("link") if "canonical" in str(link.get("rel") or "").lower().split()
    ]
    found += [meta.get("content") for meta in tree.iter("meta") if meta.get("property") == "og:url"]
    found += [base.get("href") for base in tree.iter("base")]
    return next((one.strip() for one in found if one and addresses.is_address(one.strip())), "")
