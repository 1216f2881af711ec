"""The rules of markup, on values that were read: what is missing, of another type, or a stumbling block for readers."""

from __future__ import annotations

import math
import re
from difflib import get_close_matches
from enum import StrEnum
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING, Any

from tracker.claimreview.addresses import host, is_image, same_site
from tracker.claimreview.definitions import asked, expected, is_a, is_defined, lineage, short, single
from tracker.claimreview.places import Twice
from tracker.claimreview.values import (
    first_of,
    in_words,
    is_day,
    is_empty,
    is_named,
    is_whole_address,
    kind_in_words,
    kinds_of,
    listed,
    name_of,
    nodes_of,
    number_of,
    quoted,
    types_in_words,
)
from tracker.entries import MAX_URL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.claimreview.places import Path

LONG_CLAIM = 75  # characters; Google's advice
LONG_RATING = 60  # a verdict in words, not in a sentence
MOST_PLACES = 100  # of a claim's appearances, which are looked at for each review of it

_GOOGLE = "claimReview"
_WORDS = frozenset({"Text", "URL", "Number", "Integer", "Boolean", "Date", "DateTime"})
_CONTEXT = re.compile(r"https?://schema\.org/?")
_ENTITY = re.compile(r"&(#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)
_TAG = re.compile(r"</?(a|b|br|div|em|i|p|span|strong)\b[^<>]*>", re.IGNORECASE)
_KEYWORDS = frozenset({"@context", "@type", "@id", "@graph", "@value", "@language", "@list", "@set", "@reverse"})


class Severity(StrEnum):
    """How bad it is: an error costs readers the review or a value, a warning may."""

    ERROR = "error"
    WARNING = "warning"


Remark = tuple["Path", Severity, str]


class Rules:
    """Goes through one JSON-LD value, or microdata item, and remarks on it; `reviews` are those that it met.

    `page` is the address of the page that it stands on, where that is known.
    """

    def __init__(self, page: str = "") -> None:
        self.remarks: list[Remark] = []
        self.reviews: list[tuple[Path, dict[str, Any]]] = []
        self.claims = 0
        self.is_list = False
        self.is_answer = False
        self._page = host(page)
        self._named: dict[str, dict[str, Any]] = {}
        self._places: dict[int, Path] = {}
        self._followed: set[int] = set()  # the nodes that a reference led to: each once, for they may lead in circles

    def judge(self, root: Any) -> None:
        """Remark on everything in a value that belongs to a ClaimReview, a bare Claim or a DataFeed."""
        named = [(path, node) for path, node in nodes_of(root) if is_named(node)]
        self._named = {node["@id"]: node for _, node in named}
        self._places = {id(node): path for path, node in named}
        self._keys_twice(root)
        before = len(self.reviews) + self.claims
        self._walk(root, ())
        if len(self.reviews) + self.claims > before or self.is_list:
            self._context(root)
        self.remarks = list(dict.fromkeys(self.remarks))  # a node may be met twice: where it stands, and by reference

    # --- finding what is to be judged --------------------------------------------------------------------------------

    def _walk(self, value: Any, path: Path) -> None:
        """Judge the reviews, bare claims and feeds in a value; other things are only looked into."""
        if isinstance(value, list):
            for number, one in enumerate(value):
                self._walk(one, (*path, number))
        if not isinstance(value, dict) or self._meant(value) is not value:  # that is judged where it stands
            return
        kinds = kinds_of(value)
        self.is_list |= "@graph" in value or "DataFeed" in kinds
        kind = next((one for one in ("ClaimReview", "Claim", "DataFeed", "DataFeedItem") if one in kinds), None)
        if kind is None:
            self._misspelt(kinds, path)
            self._answer(value, path)
            inner = list(value)
        elif kind in {"ClaimReview", "Claim"}:
            self.claims += kind == "Claim"
            self._node(value, path, kind)
            inner = []
        else:
            self._node(value, path, kind, deep=False)
            inner = ["dataFeedElement", "item"]
        for name in inner:
            if name in value and name != "@context":
                self._walk(value[name], (*path, name))

    def _misspelt(self, kinds: list[str], path: Path) -> None:
        for kind in kinds:
            if re.sub(r"[^a-z]", "", kind.casefold()) == "claimreview":
                self._say((*path, "@type"), Severity.ERROR, f"type {quoted(kind)}: write ClaimReview, just so")

    def _answer(self, node: dict[str, Any], path: Path) -> None:
        """Tell a claim as Google's Fact Check Tools API answers: its reviews have no types and names of their own."""
        if not self.is_answer and any(isinstance(one, dict) and not kinds_of(one) for one in listed(node.get(_GOOGLE))):
            self.is_answer = True
            text = f"{_GOOGLE}: an answer of Google's Fact Check Tools API, no markup; 'tracker import' reads it"
            self._say((*path, _GOOGLE), Severity.ERROR, f"{text}, here nothing in it is examined")

    def _context(self, root: Any) -> None:
        """Judge the context: readers of ClaimReview take schema.org's, and look no other up."""
        tops = [((), root)] if isinstance(root, dict) else [((n,), one) for n, one in enumerate(root)]
        for path, top in tops:
            if not isinstance(top, dict):
                continue
            given = top.get("@context")
            if given is None:
                self._say(path, Severity.ERROR, '@context: missing; write "@context": "https://schema.org"')
            elif not (isinstance(given, str) and _CONTEXT.fullmatch(given.strip())):
                known = "schema.org" in str(given)
                severity = Severity.WARNING if known else Severity.ERROR
                self._say((*path, "@context"), severity, 'not schema.org alone; write "https://schema.org"')

    def _keys_twice(self, root: Any) -> None:
        for path, node in nodes_of(root):
            for key in node.keys_twice if isinstance(node, Twice) else ():
                self._say((*path, key), Severity.WARNING, f"{quoted(key)}: stands twice in the object; the last counts")

    # --- one node ----------------------------------------------------------------------------------------------------

    def _node(self, node: dict[str, Any], path: Path, kind: str, *, deep: bool = True) -> None:
        """Judge a node as one of a type, and with `deep` what stands in it."""
        self._missing(node, path, kind)
        known = expected(kind)
        for name, value in node.items():
            plain, here = short(name), (*path, name)
            if name.startswith("@"):
                if name not in _KEYWORDS:
                    self._say(here, Severity.WARNING, f"{quoted(name)}: no word of JSON-LD; remove it")
            elif plain in known:
                self._property(plain, value, here, known[plain], deep=deep)
            elif ":" not in name and is_defined(kind):
                near = _near(name, kind)
                hint = f"did you mean {near}?" if near else "readers pass over it"
                self._say(here, Severity.WARNING, f"{quoted(name)}: no property of {kind} at schema.org; {hint}")
        if deep and kind == "ClaimReview":
            self.reviews.append((path, node))
            self._review(node, path)
        elif deep and kind == "Rating":
            self._rating(node, path)

    def _meant(self, value: Any) -> Any:
        """The node that a bare `@id` refers to, where it stands in the same text."""
        if isinstance(value, dict) and "@id" in value and value.keys() <= {"@id", "@type"}:
            return self._named.get(str(value["@id"]), value)
        return value

    def _missing(self, node: dict[str, Any], path: Path, kind: str) -> None:
        held = {short(name) for name, value in node.items() if not is_empty(value)}
        if node.keys() <= {"@id", "@type"} and "@id" in node:
            return  # it is described elsewhere
        for name, hint in asked(kind, "required").items():
            if name not in held:
                empty = next((given for given in node if short(given) == name), None)
                what = "missing" if empty is None else "empty"
                self._say((*path, empty) if empty else path, Severity.ERROR, f"{name}: {what}; {hint}")
        for name, hint in asked(kind, "recommended").items():
            either = {name, "firstAppearance"} if name == "appearance" else {name}
            if not either & held:
                self._say(path, Severity.WARNING, f"{name}: missing or empty; {hint}")

    def _property(self, name: str, value: Any, path: Path, types: tuple[str, ...], *, deep: bool) -> None:
        if isinstance(value, dict) and value.keys() & {"@list", "@set"} and len(value) == 1:
            value = next(iter(value.values()))
        if isinstance(value, list):
            if name in single():
                self._say(
                    path, Severity.WARNING, f"{name}: a list; write one value, many readers take the first or none"
                )
            for number, one in enumerate(value):
                self._one(name, one, (*path, number), types, deep=deep)
        else:
            self._one(name, value, path, types, deep=deep)

    def _one(self, name: str, value: Any, path: Path, types: tuple[str, ...], *, deep: bool) -> None:
        """Judge one value of a property by the types that schema.org expects."""
        if isinstance(value, dict) and "@value" in value:
            self._say(path, Severity.WARNING, f'{name}: written as {{"@value": ...}}; many readers want the bare value')
            value = value["@value"]
        if not types or value is None or is_empty(value):
            return
        if isinstance(value, dict):
            node = self._meant(value)
            known = node is not value and id(node) in self._followed
            self._followed |= {id(node)} if node is not value else set()
            self._object(name, node, self._places.get(id(node), path), types, deep=deep and not known)
        elif isinstance(value, str) and (set(types) & _WORDS):
            self._text(name, value, path, types)
        elif isinstance(value, list) or not self._fits(name, value, types):
            self._say(path, Severity.ERROR, f"{name}: {in_words(value)} where {types_in_words(types)} belongs")

    @staticmethod
    def _fits(name: str, value: Any, types: tuple[str, ...]) -> bool:
        """True for a number, truth value, or text instead of an object where it may stand."""
        if isinstance(value, bool):
            return "Boolean" in types
        if isinstance(value, int | float):
            return bool({"Number", "Integer"} & set(types)) and math.isfinite(value)
        # An address may stand for the thing that it is the address of, but not for what a review must say itself.
        return name not in {"reviewRating", "itemReviewed"} and (bool(is_whole_address(value)) or "Thing" in types)

    def _object(self, name: str, node: dict[str, Any], path: Path, types: tuple[str, ...], *, deep: bool) -> None:
        classes = [one for one in types if one not in _WORDS]
        kinds = kinds_of(node)
        if not classes:
            self._say(path, Severity.ERROR, f"{name}: an object where {types_in_words(types)} belongs")
            return
        if not kinds and node.keys() != {"@id"}:
            self._say(path, Severity.WARNING, f"{name}: has no @type; write {types_in_words(tuple(classes))}")
        fitting = next((kind for kind in kinds for one in classes if is_a(kind, one)), None)
        if kinds and fitting is None:
            unknown = [kind for kind in kinds if not lineage(kind)]
            if unknown:
                near = get_close_matches(unknown[0][:60], classes, 1, 0.75)
                hint = f"did you mean {near[0]}?" if near else f"readers expect {types_in_words(tuple(classes))}"
                self._say((*path, "@type"), Severity.WARNING, f"{name}: type {quoted(unknown[0])} is not known; {hint}")
            else:
                self._say(
                    (*path, "@type"),
                    Severity.ERROR,
                    f"{name}: {kind_in_words(kinds[0])} where {types_in_words(types)} belongs",
                )
        if deep:
            self._node(node, path, fitting or next((one for one in classes if is_defined(one)), "Thing"))

    def _text(self, name: str, text: str, path: Path, types: tuple[str, ...]) -> None:
        expects = set(types)
        if "Text" in expects:
            self._words(name, text, path)
        elif expects & {"Date", "DateTime"} and not is_day(text):
            self._say(path, Severity.ERROR, f"{name}: {quoted(text)} is no day or time; write it as 2022-06-27")
        elif "URL" in expects and not is_whole_address(text):
            many = "several addresses; write a list" if text.count("://") > 1 else "no whole address"
            self._say(
                path, Severity.ERROR, f"{name}: {quoted(text)} is {many}; it begins with https:// and names a site"
            )
        elif expects & {"Number", "Integer"} and number_of(text) is None:
            self._say(path, Severity.ERROR, f"{name}: {quoted(text)} is no number")

    def _words(self, name: str, text: str, path: Path) -> None:
        found = _ENTITY.search(text) or _TAG.search(text)
        if found and name in {"claimReviewed", "alternateName", "name", "ratingExplanation", "headline"}:
            plain = quoted(unescape(found[0])) if found[0].startswith("&") else "the words alone"
            self._say(path, Severity.WARNING, f"{name}: HTML in the text ({quoted(found[0])}); write {plain}")
        if name == "claimReviewed" and len(text) > LONG_CLAIM:
            self._say(path, Severity.WARNING, f"{name}: {len(text):,} characters; better at most {LONG_CLAIM}")

    # --- a review and its rating ------------------------------------------------------------------------------------

    def _review(self, node: dict[str, Any], path: Path) -> None:
        url = next((first_of(value) for name, value in node.items() if short(name) == "url"), None)
        if isinstance(url, str) and is_whole_address(url):
            if self._page and not same_site(host(url), self._page):
                self._say(
                    (*path, "url"), Severity.ERROR, f"url: not on this page's site ({self._page}); readers ask for that"
                )
            if is_image(url):
                self._say((*path, "url"), Severity.WARNING, "url: of an image; write the address of the check's page")
        checker = self._meant(first_of(node.get("author")))
        item = self._meant(first_of(node.get("itemReviewed")))
        if not isinstance(item, dict):
            return
        if "Claim" not in kinds_of(item) and not is_empty(item):
            self._say((*path, "itemReviewed"), Severity.WARNING, "itemReviewed: an older form; write a Claim")
        claimant = self._meant(first_of(item.get("author")))
        names = [name_of(one) for one in (checker, claimant)]
        if names[0] and names[0].casefold() == names[1].casefold():
            text = "author: the claimant is the checker; write who made the claim"
            self._say((*path, "itemReviewed", "author"), Severity.WARNING, text)
        self._own_site(checker, url, item, (*path, "itemReviewed"))

    def _own_site(self, checker: Any, url: Any, item: dict[str, Any], path: Path) -> None:
        """Judge where the claim is said to have appeared: on the checker's own site is the check, not the claim."""
        home = checker.get("url") if isinstance(checker, dict) else ""
        own = {host(one[:MAX_URL]) for one in (url, home) if isinstance(one, str)}
        for name in ("appearance", "firstAppearance"):
            for one in listed(item.get(name))[:MOST_PLACES]:
                address = one.get("url") if isinstance(one, dict) else one
                if isinstance(address, str) and any(same_site(host(address[:MAX_URL]), site) for site in own):
                    text = f"{name}: on the checker's own site; write where the claim itself was made"
                    self._say((*path, name), Severity.WARNING, text)

    def _rating(self, node: dict[str, Any], path: Path) -> None:
        words = first_of(node.get("alternateName"))
        if isinstance(words, str) and len(words) > LONG_RATING:
            text = f"alternateName: {len(words):,} characters; write a word or two, the sentence as ratingExplanation"
            self._say((*path, "alternateName"), Severity.WARNING, text)
        given = {name: first_of(node.get(name)) for name in ("ratingValue", "bestRating", "worstRating")}
        numbers = {name: number_of(value) for name, value in given.items()}
        for name, value in given.items():
            if not is_empty(value) and numbers[name] is None:
                self._say(
                    (*path, name), Severity.WARNING, f"{name}: {quoted(str(value))} is no number; write one, e.g. 4.5"
                )
        value, best, worst = numbers.values()
        if value == -1:
            text = "ratingValue: -1 says that the claim cannot be rated; leave all numbers out where you have no scale"
            self._say((*path, "ratingValue"), Severity.WARNING, text)
        elif value is not None:
            self._range(value, best, worst, path)

    def _range(self, value: float, best: float | None, worst: float | None, path: Path) -> None:
        for name, number in (("bestRating", best), ("worstRating", worst)):
            if number is None:
                self._say(path, Severity.WARNING, f"{name}: missing; without it readers assume 1 to 5")
        low, high = 1 if worst is None else worst, 5 if best is None else best
        severity = Severity.WARNING if None in (best, worst) else Severity.ERROR
        if low >= high:
            text = f"bestRating: {high:g} is not above worstRating, {low:g}; the better, the higher"
            self._say((*path, "bestRating") if best is not None else path, severity, text)
        elif not low <= value <= high:
            text = f"ratingValue: {value:g} is not within {low:g} to {high:g}"
            self._say((*path, "ratingValue"), severity, text)

    def _say(self, path: Path, severity: Severity, text: str) -> None:
        self.remarks.append((path, severity, text))


def same_address(reviews: list[tuple[Path, dict[str, Any]]]) -> Iterator[Remark]:
    """Remark on the reviews of a page that share their address: readers cannot tell them apart without an anchor."""
    first: set[str] = set()
    for path, node in reviews:
        url = first_of(node.get("url"))
        if isinstance(url, str) and url.strip() in first:
            text = f"url: another review here has the same, {quoted(url)}; add an anchor, e.g. #claim-2"
            yield (*path, "url"), Severity.WARNING, text
        first.add(url.strip() if isinstance(url, str) else "")


@lru_cache(1_000)
def _near(name: str, kind: str) -> str:
    """The property of a type that a name is probably meant to be, or nothing."""
    return next(iter(get_close_matches(name[:60], expected(kind), 1, 0.75)), "")
