"""The report that is written to a file: checks of one article or several, and what a reader must know beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.reports.plain import clean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from tracker.models import Article, Check


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
        return f"{len(self.checks)} articles from {clean(self.source)}"


def title(article: Article) -> str:
    """The title that an article states, else the name under which it was read."""
    return clean(article.title or "") or clean(article.source.rstrip("/").rpartition("/")[2]) or "An article"


def when(found: Check, made_on: date) -> Iterator[str]:
    """Sentences that say as of which day the verdicts are shown, and which day their periods are held against."""
    if found.as_of:
        yield f"The answer as of {found.as_of}: what was said by then, or holds for it."
        return
    yield f"Verdicts as they stood on {made_on}."
    if found.article.published_on:
        yield f"Their periods are held against the day of the article, {found.article.published_on}."
