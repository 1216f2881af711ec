"""What a page states of itself for machines: the day on which it was published, and its language."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from tracker.articles import fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

# The day on which a page was published. The extraction's own date is not used: even without its
# extensive search it reads addresses, sentences, footers and modified times, and takes 03/04/2022 for a day.

_ARTICLE_TYPES = frozenset(
    """
    article newsarticle analysisnewsarticle askpublicnewsarticle backgroundnewsarticle opinionnewsarticle
    reportagenewsarticle reviewnewsarticle advertisercontentarticle satiricalarticle scholarlyarticle
    medicalscholarlyarticle techarticle report blogposting liveblogposting socialmediaposting
    discussionforumposting
    """.split()
)
_PAGE_TYPES = _ARTICLE_TYPES | {"creativework", "webpage"}  # what themes call the article in microdata
_DAY_NAMES = (
    *("datepublished", "date", "pubdate", "publish-date", "dc.date", "dc.date.issued", "dcterms.created"),
    *("parsely-pub-date", "sailthru.date", "citation_publication_date"),
)


def stated_day(page: Any) -> date | None:
    """Return the day that the page itself names as that of its publication.

    The first place that names one day counts; a place with no whole day, or with several, says nothing.
    """
    for written in _places(page):
        days = {day for value in written if (day := fields.day(value))}
        if len(days) == 1:
            return days.pop()
    return None


def stated_language(page: Any) -> str | None:
    """Return the language that the page names: its article's in JSON-LD where that names one, else its root's."""
    named = {code for node in _linked_data(page) for code in _named_languages(node.get("inLanguage"))}
    if len(named) == 1:
        return named.pop()
    root = page.getroottree().getroot()
    return fields.language(root.get("lang")) or fields.language(root.get("xml:lang"))


def _named_languages(written: object) -> Iterator[str]:
    """Yield the codes in `inLanguage`: a tag, a `Language` with a tag, or several of them."""
    for one in written if isinstance(written, list) else [written]:
        tags = [one.get("alternateName"), one.get("name")] if isinstance(one, dict) else [one]
        yield from (code for tag in tags if (code := fields.language(tag)))


def _places(page: Any) -> Iterator[Iterable[object]]:
    """Yield what stands in each place where a page may name its day, the most explicit first."""
    yield [node.get("datePublished") for node in _linked_data(page)]
    metas = list(page.iter("meta"))
    yield [meta.get("content") for meta in metas if _word(meta, "property") == "article:published_time"]
    own = [meta for meta in metas if meta.get("itemprop") is None or _is_of_the_page(meta)]
    for name in _DAY_NAMES:
        yield [meta.get("content") for meta in own if name in {_word(meta, "name"), *_words(meta, "itemprop")}]
    times = [time for time in page.iter("time") if _is_of_the_page(time)]
    yield [time.get("datetime") for time in times if time.get("pubdate") is not None]
    yield [time.get("datetime") for time in times if "datepublished" in _words(time, "itemprop")]


def _word(element: Any, attribute: str) -> str:
    return str(element.get(attribute) or "").strip().lower()


def _words(element: Any, attribute: str) -> list[str]:
    return _word(element, attribute).split()


def _is_of_the_page(element: Any) -> bool:
    """Tell an article's own day from that of a comment, a teaser or whatever else the page describes."""
    if element.xpath("ancestor::aside or ancestor::nav or ancestor::article/ancestor::article"):
        return False
    scope = element.xpath("ancestor::*[@itemscope][1]")
    return not scope or _is_any_of(_PAGE_TYPES, _words(scope[0], "itemtype"))


def _linked_data(page: Any) -> Iterator[dict[str, Any]]:
    """Yield the articles in JSON-LD, not what they mention, quote or contain."""
    nodes: list[Any] = []
    for script in page.iter("script"):
        if _word(script, "type").partition(";")[0].rstrip() == "application/ld+json":
            try:
                nodes.append(json.loads(script.text or "", strict=False))
            except (ValueError, RecursionError):
                continue
    while nodes:
        node = nodes.pop()
        if isinstance(node, list):
            nodes += node
        elif isinstance(node, dict):
            nodes += [node.get("@graph"), node.get("mainEntity")]
            kinds = node.get("@type")
            if _is_any_of(_ARTICLE_TYPES, kinds if isinstance(kinds, list) else [kinds]):
                yield node


def _is_any_of(types: frozenset[str], named: Iterable[object]) -> bool:
    """Tell whether a type is among them, as `NewsArticle`, `schema:NewsArticle` or by its address."""
    return any(isinstance(name, str) and re.split(r"[/#:]", name)[-1].lower() in types for name in named)
