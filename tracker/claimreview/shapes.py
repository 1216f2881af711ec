"""The ClaimReviews in a JSON value, whatever shape it has: alone, in lists, in an `@graph`, nested in other things."""

from __future__ import annotations

import json
import re
from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tracker.claimreview.texts import of_scalar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MAX_DEPTH = 100  # levels of objects and lists; markup has ten
MAX_VALUES = 1_000  # values of one property that are looked at

EXTENSION = "tracker:claim"  # the property of our own (`extension`)

_PREFIX = re.compile(r"(?:schema:|https?://(?:www\.)?schema\.org/)", re.IGNORECASE)
_PAGES = ("article", "page", "posting", "datafeeditem", "report")
_THINGS = frozenset({"itemReviewed", "author", "publisher", "reviewRating"})  # a text may stand for one of these
# A reference here is an address first; which of two things it stands for changes no verdict.
_ADDRESSES = frozenset(
    """
    @id url sameAs mainEntityOfPage contentUrl appearance firstAppearance archivedAt citation isPartOf inLanguage
    keywords
    """.split()
)
_MARKS = ("claimReviewed", "ClaimReview", "claimReview")


@dataclass(slots=True, eq=False)
class Scope:
    """A part of a document in which an `@id` has one meaning: a graph, an item of a feed, a document in a list.

    `own` are the things that stand in it, `all` those with a whole address as their `@id`, in its inner scopes too.
    """

    parent: Scope | None = None
    own: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    all: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def meant(self, name: str) -> list[dict[str, Any]]:
        """The things that an `@id` stands for here: those of the nearest scope, outwards, that has any."""
        scope: Scope | None = self
        while scope is not None:
            if found := scope.own.get(name) or scope.all.get(name):
                return found
            scope = scope.parent
        return []


@dataclass(frozen=True, slots=True)
class Found:
    """A review as it was found: its place in the value, and the address of the thing that holds it.

    With a `reason` it cannot be read. `is_bare`: a claim of our own export that nobody has reviewed.
    """

    path: str
    review: dict[str, Any]
    page: str = ""
    reason: str | None = None
    notes: tuple[str, ...] = ()
    scope: Scope = field(default_factory=Scope, compare=False, repr=False)
    is_bare: bool = False


class Document:
    """JSON values that stand in one document, so that one may refer to another's parts by `@id`.

    An `@id` is looked for in the nearest graph, item of a feed or document of a list, and outwards from there; the
    parts of another item are not looked at, for many use the same few names. What stands for two things stands for
    none. `ours`: the extension of our own exports is obeyed (`extension`).
    """

    def __init__(self, values: Iterable[Any], *, ours: bool = True) -> None:
        self.ours = ours
        self._found: list[list[Found]] = []
        self._page = Scope()
        self._scopes: dict[int, Scope] = {}  # by the identity of the objects, which are kept as long as this is
        self._kept: list[Any] = []
        for value in values:
            self._kept.append(value)
            self._found.append(self._walk(value))

    def reviews(self, number: int = 0) -> Iterator[Found]:
        """The reviews in one of the values, in its order; a mere reference to one that stands elsewhere is none."""
        for found in self._found[number]:
            if not (_is_reference(found.review) and found.scope.meant(_id(found.review))):
                yield found

    def seen_from(self, found: Found) -> View:
        """The document as a review in it sees it."""
        return View(found.scope, self._scopes)

    def _walk(self, value: Any) -> list[Found]:
        """Find the reviews, and remember what has an `@id`."""
        found: list[Found] = []
        too_deep = False
        # Each entry: the value, its place (its own step and the places above, which are shared), its page, its depth.
        stack: list[tuple[Any, tuple[Any, ...], str, int, Scope]] = [(value, (), "", 0, Scope(self._page))]
        while stack:
            one, place, page, depth, scope = stack.pop()
            if depth > MAX_DEPTH:
                too_deep = True
                continue
            children: list[tuple[Any, Any]]
            if isinstance(one, dict):
                scope = self._scope_of(one, place, scope, is_listed=isinstance(value, list) and len(value) > 1)
                found += (replace(review, scope=scope) for review in _as_review(one, place, page, ours=self.ours))
                page = _page(one) or page
                children = [(key, child) for key, child in one.items() if isinstance(child, dict | list)]
            else:
                children = (
                    [(at, child) for at, child in enumerate(one) if isinstance(child, dict | list)]
                    if isinstance(one, list)
                    else []
                )
            stack += [(child, (place, key), page, depth + 1, scope) for key, child in reversed(children)]
        if too_deep:
            found.append(Found("", {}, reason=f"nested more than {MAX_DEPTH} deep; what is deeper was not read"))
        return found

    def _scope_of(self, thing: dict[str, Any], place: tuple[Any, ...], around: Scope, *, is_listed: bool) -> Scope:
        """The scope in which an object stands, its own where it is a document in another; remember its `@id`."""
        scope = around
        if place and _is_document(thing, place, is_listed=is_listed):
            scope = Scope(around)
        self._scopes[id(thing)] = scope
        name = _id(thing)
        if name and not _is_reference(thing):
            is_outermost = scope.parent is self._page or around.parent is self._page
            for one in (scope, around, *([self._page] if is_outermost else [])):
                _remember(one.own, name, thing)
            if "://" in name:
                outer = scope.parent
                while outer is not None:
                    _remember(outer.all, name, thing)
                    outer = outer.parent
        return scope


class View:
    """A document as one review sees it; `doubtful` are the ids that it refers to and that stand for two things."""

    def __init__(self, scope: Scope, scopes: Mapping[int, Scope]) -> None:
        self.doubtful: list[str] = []
        self._scope = scope
        self._scopes = scopes

    def values(self, thing: dict[str, Any], name: str) -> list[Any]:
        """The values of a property as one flat list, references resolved, empty ones left out.

        What several references stand for is there once.
        """
        scope = self._scopes.get(id(thing), self._scope)
        flat: list[Any] = []
        referred: set[int] = set()
        queue = deque([names(thing).get(name)])
        steps = 0
        while queue and steps < MAX_VALUES:
            steps += 1
            given = queue.popleft()
            value = self._resolved(given, name, scope)
            if value is not given:
                if id(value) in referred:
                    continue
                referred.add(id(value))
            if isinstance(value, dict) and (listed := value.get("@list", value.get("@set"))) is not None:
                value = listed
            if isinstance(value, list):
                queue.extendleft(reversed(value[:MAX_VALUES]))
            elif value is not None and value not in ("", {}):
                flat.append(value)
        return flat

    def _resolved(self, value: Any, name: str, scope: Scope) -> Any:
        """What a reference stands for, or the value itself."""
        if isinstance(value, dict) and _is_reference(value):
            wanted = _id(value)
            scope = self._scopes.get(id(value), scope)
        elif isinstance(value, str) and (name in _THINGS or value.startswith("_:")):
            wanted = value
        else:
            return value
        meant = scope.meant(wanted)
        if len(meant) > 1 and name not in _ADDRESSES:
            self.doubtful.append(wanted)
        return meant[0] if len(meant) == 1 else value


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


def _as_review(thing: dict[str, Any], place: tuple[Any, ...], page: str, *, ours: bool) -> list[Found]:
    if "claimreview" in kinds(thing):
        return [Found(_path(place), names(thing), page)]
    named = names(thing)
    if ours and EXTENSION in named and "claim" in kinds(thing):
        return [Found(_path(place), named, page, is_bare=True)]
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


def _is_document(thing: dict[str, Any], place: tuple[Any, ...], *, is_listed: bool) -> bool:
    """Tell an object with names of its own: in a list of documents, an item of a feed, a graph within another."""
    above, step = place
    listed_in = _PREFIX.sub("", str(above[1] if isinstance(step, int) and above else step))
    if is_listed and not above:
        return True
    own = listed_in == "dataFeedElement" or "datafeeditem" in kinds(thing)
    return own or "@graph" in thing or "@context" in thing


def _remember(table: dict[str, list[dict[str, Any]]], name: str, thing: dict[str, Any]) -> None:
    """Remember what has an `@id`; what is said of one thing in two places is put together."""
    known = table.setdefault(name, [])
    if any(one is thing for one in known) or len(known) > 1:
        return
    if known and (whole := _put_together(known[0], thing)) is not None:
        known[0] = whole
    else:
        known.append(thing)


def _put_together(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any] | None:
    """One thing of which two places tell; None where they do not agree, or have nothing in common."""
    if max(len(one), len(other)) > MAX_VALUES or (kinds(one) and kinds(other) and not kinds(one) & kinds(other)):
        return None
    told, also = (thing.keys() - {"@id", "@type", "@context"} for thing in (one, other))
    shared = told & also
    try:
        if any(one[name] != other[name] for name in shared):
            return None
    except RecursionError:
        return None
    if told >= also or also >= told:
        return one if told >= also else other
    return {**one, **other} if shared else None


def _is_reference(thing: dict[str, Any]) -> bool:
    return bool(_id(thing)) and not thing.keys() - {"@id", "@type"}


def _path(place: tuple[Any, ...]) -> str:
    steps: list[str] = []
    while place:
        place, step = place
        steps.append(str(step).replace("/", "~1")[:80])
    return "".join(f"/{step}" for step in reversed(steps))
