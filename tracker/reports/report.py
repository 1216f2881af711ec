"""The report that is written to a file: checks of one article or several, and what a reader must know beside them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from tracker.claimreview.addresses import is_address
from tracker.reports import text
from tracker.reports.plain import clean
from tracker.sources import shown
from tracker.spotting import MAX_SENTENCE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from tracker.models import Article, Check

CAUTION = (
    "Before you reuse a verdict, read both sentences and the review itself. A verdict carries over only where the"
    " relation is “same claim” and the verdict still holds."
)
UNDATED = "date not given"


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in the articles of a source, on which day; `unread` says which of them could not be read, and why.

    `explain` asks for what made each probability.
    """

    source: str
    made_on: date
    checks: tuple[Check, ...]
    unread: tuple[str, ...] = ()
    explain: bool = False

    @property
    def title(self) -> str:
        """The article's title, or how many articles there are."""
        if len(self.checks) == 1:
            return title(self.checks[0].article)
        return f"{len(self.checks)} articles from {clean(named(self.source))}"

    @property
    def left_out(self) -> Iterator[str]:
        """What could not be read, and why, without the folders that are on the way to it."""
        source = shown(self.source.rstrip("/"))
        way = source.removesuffix(named(source))
        return (reason.replace(way, "") if way else reason for reason in self.unread)


def title(article: Article) -> str:
    """The title that an article states, else the name under which it was read."""
    name = named(article.source).rstrip("/").rpartition("/")[2]
    return clean(article.title or "") or clean(name) or "An article"


def named(source: str) -> str:
    """A source as it may be told to others: an address as it stands, of a file its name and not where it lies."""
    if source == "-":
        return "standard input"
    return source if is_address(source) else PurePath(source).name or source


def origin(article: Article) -> str:
    """Where an article is from; nothing where its title says just that."""
    name = named(article.source)
    return "" if clean(name) == title(article) else name


def unexamined(found: Check) -> Iterator[str]:
    """Sentences that say what of an article was not examined, so that nobody takes it for free of claims."""
    yield from text.foreign(found)
    if found.too_long:
        many = f"{text.sentences(found.too_long)} of more than {MAX_SENTENCE:,} characters"
        yield f"{many} {'was' if found.too_long == 1 else 'were'} not examined. Are full stops missing?"


def nothing(found: Check) -> str:
    """What stands in the place of an article's statements where there are none."""
    if any(unexamined(found)):
        return "No statement worth checking was found in what could be examined."
    return "No sentence of this text is worth checking at this threshold."


def when(found: Check, made_on: date) -> Iterator[str]:
    """Sentences that say as of which day the verdicts are shown, and which day their periods are held against."""
    if found.as_of:
        yield f"The answer as of {found.as_of}: what was said by then, or holds for it."
        return
    yield f"Verdicts as they stood on {made_on}."
    if found.article.published_on:
        yield f"Their periods are held against the day of the article, {found.article.published_on}."
    else:
        yield "The day of the article is not known: their periods are held against the day of this report."
