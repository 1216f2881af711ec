"""Who checked and who said it: the publisher of a review, and the claimant, which are often mixed up in markup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.claimreview import addresses
from tracker.claimreview.texts import of_scalar, says_nothing
from tracker.claimreview.thing import Thing

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_NAME = 1_000  # characters
_NO_TYPE = frozenset({"thing", ""})
_NO_ORGANIZATION = frozenset({"person"})


def read_publisher(review: Thing, url: str, page: str) -> dict[str, Any]:
    """Read the publisher's name and site: the organisation that is author or publisher, else who else is named."""
    authors, publishers = review.values("author"), review.values("publisher")
    if len(authors) > 1:
        review.note(f"publisher: a list of {len(authors)} authors; the first organisation taken")
    named = [*_organizations(review, "author"), *_organizations(review, "publisher")]
    texts = [
        text
        for value in (*authors, *publishers)
        if (text := of_scalar(value)) and not says_nothing(text) and len(text) <= MAX_NAME
    ]
    named.sort(key=lambda thing: not thing.kinds - _NO_TYPE)  # an author of no type may be a person
    names = [name for thing in named if (name := thing.text("name", limit=MAX_NAME))]
    name = (names or [text for text in texts if not addresses.is_address(text)] or [""])[0]
    if not name:
        name = next((one for thing in review.things("author") if (one := thing.text("name"))), "")
        if name:
            review.note("publisher: a person; no organisation is named")
    _tell_of_author(review, named, name)
    site = addresses.host(url) or next((s for s in _sites(named) if s), "") or addresses.host(page)
    if not name and site:
        review.note("publisher: not named; its site taken")
        name = site
    return {"publisher": name, "publisher_site": site}


def _tell_of_author(review: Thing, named: list[Thing], name: str) -> None:
    """Note an author of no type who was passed over for an organisation that has one."""
    if not (named and named[0].kinds - _NO_TYPE):
        return
    untyped = [Thing(one, review.document, []) for one in review.values("author") if isinstance(one, dict)]
    authors = [thing.text("name", limit=MAX_NAME) for thing in untyped if not thing.kinds - _NO_TYPE]
    authors += [text for value in review.values("author") if not says_nothing(text := of_scalar(value))]
    for author in dict.fromkeys(authors):
        if author and author.casefold() != name.casefold() and not addresses.is_address(author):
            review.note(f"publisher: {name[:80]!r}, the organisation; the author {author[:80]!r} has no type")


def read_claimant(item: Thing, publisher: str, own: Sequence[str]) -> str:
    """Read who made the claim; nobody where the checker names itself, as some systems do by default."""
    names, hosts = [], []
    for value in item.values("author"):
        name = of_scalar(value)
        if isinstance(value, dict):
            author = Thing(value, item.document, item.notes)
            name = author.text("name", called="claimant") or _in_same_as(author)
            hosts += [addresses.host(one) for one in (*author.texts("url"), *author.texts("sameAs"))]
        if name and not says_nothing(name) and not addresses.is_address(name):
            names.append(name)
    names = list(dict.fromkeys(names))
    told = [name for name in names if name.casefold() != publisher.casefold() and addresses.site(name) not in own]
    if len(told) < len(names):
        item.note("claimant: the checker itself is named; not kept")
    elif names and any(addresses.same_site(one, site) for one in hosts for site in own):
        item.note("claimant: its address is the checker's")
    return "; ".join(told)[:MAX_NAME]


def checker_addresses(review: Thing) -> list[str]:
    """The addresses that author and publisher name as their own, none of them on a social network."""
    named = [*review.things("author"), *review.things("publisher")]
    found = [text for thing in named for text in thing.texts("url") if addresses.is_address(text)]
    return [text for text in found if not addresses.is_social(addresses.host(text))]


def checker_sites(review: Thing) -> list[str]:
    """The sites that author and publisher name as their own."""
    return [site for site in _sites([*review.things("author"), *review.things("publisher")]) if site]


def _organizations(review: Thing, name: str) -> list[Thing]:
    return [thing for thing in review.things(name) if not thing.kinds & _NO_ORGANIZATION]


def _sites(things: list[Thing]) -> list[str]:
    """The sites of organisations; a page on a social network is none."""
    sites = [addresses.site(text) for thing in things for text in thing.texts("url")]
    return [site for site in sites if not addresses.is_social(site)]


def _in_same_as(author: Thing) -> str:
    """A claimant that was written into `sameAs`, which is for addresses."""
    names = [text for text in author.texts("sameAs") if "://" not in text and not text.startswith("www.")]
    if names:
        author.note("claimant: no name; the words in sameAs taken")
    return names[0] if names else ""
