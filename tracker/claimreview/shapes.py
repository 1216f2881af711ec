"""The ClaimReviews in a JSON value, whatever shape it has: alone, in lists, in an `@graph`, nested in other things."""

from __future__ import annotations

import json
import re
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tracker.claimreview.texts import of_scalar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_DEPTH = 100  # levels of objects and lists; markup has ten
MAX_VALUES = 1_000  # values of one property that are looked at

EXTENSION = "tracker:claim"  # the property of our own (`extension`)

_PREFIX = re.compile(r"(?:schema:|https?://(?:www\.)?schema\.org/)", re.IGNORECASE)
_PAGES = ("article", "page", "posting", "datafeeditem", "report")
_THINGS = frozenset({"itemReviewed", "author", "publisher", "reviewRating"})  # a text may stand for one of these
_MARKS = ("claimReviewed", "ClaimReview", "claimReview")


@dataclass(frozen=True, slots=True)
class Found:
    """A review as it was found: its place in the value, and the address of the thing that holds it.

    With a `reason` it cannot be read.
    """

    path: str
    review: dict[str, Any]
    page: str = ""
    reason: str | None = None
    notes: tuple[str, ...] = ()


class Document:
    """JSON values that stand in one document, so that one may refer to another's parts by `@id`."""

    def __init__(self, values: Iterable[Any]) -> None:
        self._found: list[list[Found]] = []
        self._parts: dict[str, dict[str, Any]] = {}
        for value in values:
            self._found.append(self._walk(value))

    def reviews(self, number: int = 0) -> Iterator[Found]:
        """The reviews in one of the values, in its order; a mere reference to one that stands elsewhere is none."""
        for found in self._found[number]:
            if not (_is_reference(found.review) and self.resolved(found.review) is not found.review):
                yield found

    def resolved(self, value: Any) -> Any:
        """What a reference stands for, or the value itself."""
        if isinstance(value, dict) and _is_reference(value):
            return self._parts.get(_id(value), value)
        return value

    def values(self, thing: dict[str, Any], name: str) -> list[Any]:
        """The values of a property as one flat list, references resolved, empty ones left out."""
        flat: list[Any] = []
        queue = deque([names(thing).get(name)])
        steps = 0
        while queue and steps < MAX_VALUES:
            steps += 1
            value = self.resolved(queue.popleft())
            if isinstance(value, str) and (name in _THINGS or value.startswith("_:")):
                value = self._parts.get(value, value)
            if isinstance(value, dict) and (listed := value.get("@list", value.get("@set"))) is not None:
                value = listed
            if isinstance(value, list):
                queue.extendleft(reversed(value[:MAX_VALUES]))
            elif value is not None and value not in ("", {}):
                flat.append(value)
        return flat

    def _walk(self, value: Any) -> list[Found]:
        """Find the reviews, and remember what has an `@id`."""
        found: list[Found] = []
        too_deep = False
        # Each entry: the value, its place (its own step and the places above, which are shared), its page, its depth.
        stack: list[tuple[Any, tuple[Any, ...], str, int]] = [(value, (), "", 0)]
        while stack:
            one, place, page, depth = stack.pop()
            if depth > MAX_DEPTH:
                too_deep = True
                continue
            children: list[tuple[Any, Any]]
            if isinstance(one, dict):
                self._remember(one)
                found += _as_review(one, place, page)
                page = _page(one) or page
                children = [(key, child) for key, child in one.items() if isinstance(child, dict | list)]
            else:
                children = (
                    [(at, child) for at, child in enumerate(one) if isinstance(child, dict | list)]
                    if isinstance(one, list)
                    else []
                )
            stack += [(child, (place, key), page, depth + 1) for key, child in reversed(children)]
        if too_deep:
            found.append(Found("", {}, reason=f"nested more than {MAX_DEPTH} deep; what is deeper was not read"))
        return found

    def _remember(self, thing: dict[str, Any]) -> None:
        name = _id(thing)
        if name and not _is_reference(thing) and len(thing) > len(self._parts.get(name, ())):
            self._parts[name] = thing


def looks_like_claimreview(given: Any) -> bool:
    """Tell ClaimReview markup from other JSON by a parsed value, or by the first bytes or characters of a file.

    A row of our own feeds, which may have a `claimReviewed` but no `reviewRating` or `itemReviewed`, is none.
    """
    if isinstance(given, bytes):
        given = given.decode("utf-8-sig", "replace")
    if isinstance(given, str):
        return _text_looks_like_it(given.lstrip("\ufeff \t\r\n"))
    if isinstance(given, list):
        return any(looks_like_claimreview(one) for one in given[:3] if isinstance(one, dict | list))
    if not isinstance(given, dict):
        return False
    named = names(given)
    return (
        bool(named.keys() & {"@type", "@graph", "@context", "dataFeedElement"})
        or _is_untyped_review(named)
        or any(isinstance(named.get(name), list) for name in ("claims", "claimReview"))
    )


def names(thing: dict[str, Any]) -> dict[str, Any]:
    """The properties of a thing by their plain names: `schema:url` and `https://schema.org/url` are `url`."""
    if not any(":" in key for key in thing):
        return thing
    return {_PREFIX.sub("", key, count=1): value for key, value in thing.items()}


def kinds(thing: dict[str, Any]) -> set[str]:
    """The types of a thing by their plain names in lower case."""
    named = thing.get("@type", thing.get("type"))
    listed = named[:20] if isinstance(named, list) else [named]
    return {re.split(r"[/#:]", one.rstrip("/ "))[-1].strip().lower() for one in listed if isinstance(one, str)}


def mentions_reviews(text: str) -> bool:
    """Tell whether a text that is no JSON has anything to do with ClaimReview."""
    return any(mark in text for mark in _MARKS)


def _text_looks_like_it(text: str) -> bool:
    first = text.partition("\n")[0]
    try:
        return looks_like_claimreview(json.loads(first))
    except (ValueError, RecursionError):
        pass
    if text[:1] not in ("{", "["):
        return False
    has = {name for name in ("claimReviewed", "reviewRating", "itemReviewed") if f'"{name}"' in text}
    return (
        any(f'"{name}"' in text for name in ("@type", "@graph", "@context", "dataFeedElement", "claimReview"))
        or len(has) > 1
    )


def _is_untyped_review(named: dict[str, Any]) -> bool:
    return "claimReviewed" in named and ("reviewRating" in named or "itemReviewed" in named)


def _as_review(thing: dict[str, Any], place: tuple[Any, ...], page: str) -> list[Found]:
    if "claimreview" in kinds(thing):
        return [Found(_path(place), names(thing), page)]
    named = names(thing)
    if EXTENSION in named and "claim" in kinds(thing):
        return [Found(_path(place), named, page)]  # a claim of our own export that nobody has reviewed
    if _is_untyped_review(named):
        return [Found(_path(place), named, page, notes=("@type: not named as a ClaimReview; read as one",))]
    return _of_google(named, place, page) if "claimReview" in named else []


def _of_google(claim: dict[str, Any], place: tuple[Any, ...], page: str) -> list[Found]:
    """The reviews of one claim as Google's Fact Check Tools interface answers, as markup says the same."""
    given = claim["claimReview"]
    reviews = [
        (at, one)
        for at, one in enumerate(given if isinstance(given, list) else [given])
        if isinstance(one, dict) and "claimreview" not in kinds(one)
    ]
    return [Found(_path((((place, "claimReview")), at)), _as_markup(claim, one), page) for at, one in reviews]


def _as_markup(claim: dict[str, Any], review: dict[str, Any]) -> dict[str, Any]:
    publisher = review.get("publisher")
    named = publisher if isinstance(publisher, dict) else {"name": publisher}
    return {
        "@type": "ClaimReview",
        "claimReviewed": claim.get("text"),
        "itemReviewed": {
            "@type": "Claim",
            "author": {"name": claim.get("claimant")},
            "datePublished": claim.get("claimDate"),
        },
        "author": {"@type": "Organization", "name": named.get("name"), "url": named.get("site")},
        "url": review.get("url"),
        "headline": review.get("title"),
        "datePublished": review.get("reviewDate"),
        "reviewRating": {"@type": "Rating", "alternateName": review.get("textualRating")},
        "inLanguage": review.get("languageCode"),
    }


def _page(thing: dict[str, Any]) -> str:
    """The address of an article, page or item of a feed, for what is nested in it."""
    address = names(thing).get("url")
    holds = any(kind.endswith(_PAGES) for kind in kinds(thing))  # a Claim's own address is no page of the checker's
    return of_scalar(address) if holds and isinstance(address, str) else ""


def _id(thing: dict[str, Any]) -> str:
    name = thing.get("@id")
    return name if isinstance(name, str) else ""


def _is_reference(thing: dict[str, Any]) -> bool:
    return bool(_id(thing)) and not thing.keys() - {"@id", "@type"}


def _path(place: tuple[Any, ...]) -> str:
    steps: list[str] = []
    while place:
        place, step = place
        steps.append(str(step).replace("/", "~1")[:80])
    return "".join(f"/{step}" for step in reversed(steps))
