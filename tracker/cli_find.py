"""The commands that find what was checked before: by an article's statements, by a text, by a file of texts."""

from __future__ import annotations

import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker.errors import UnreadableSource, UsageProblem
from tracker.reports.plain import clean
from tracker.terminal import (
    ArticleSource,
    AsJson,
    AsJsonl,
    AsOf,
    EncoderName,
    Explain,
    InferenceFolder,
    Nearest,
    StorePath,
    asked_day,
    is_terminal,
    json_line,
    named_inference,
    named_store,
    open_tracker,
    print_each,
    print_json,
    print_lines,
    wants_json,
    warn,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from tracker.feeds import Rejected
    from tracker.models import Article, Check, Saved
    from tracker.pipeline import Tracker
    from tracker.questions import Question
    from tracker.reports.targets import Targets


def check(
    source: ArticleSource,
    min_worth: Annotated[
        float, typer.Option(min=0, max=1, help="Check-worthiness from which a sentence counts.")
    ] = 0.5,
    k: Nearest = 3,
    as_of: AsOf = None,
    article_date: Annotated[
        str | None, typer.Option(metavar="DAY", help="The article's own day, where the page does not say it.")
    ] = None,
    explain: Explain = False,
    save: Annotated[bool, typer.Option("--save", help="Record the article and its statements.")] = False,
    html: Annotated[
        str | None,
        typer.Option(metavar="FILE|-", help="Write the report as one page: the text, each statement marked in it."),
    ] = None,
    markdown: Annotated[
        str | None, typer.Option(metavar="FILE|-", help="Write the report in Markdown, for an issue or a CMS.")
    ] = None,
    show: Annotated[bool, typer.Option("--open", help="With --html: show the page in your browser.")] = False,
    store: StorePath = None,
    encoder: EncoderName = None,
    inference: InferenceFolder = None,
    as_json: AsJson = False,
    as_jsonl: AsJsonl = False,
) -> None:
    """Say of each check-worthy sentence of an article whether it was checked before; of a feed or folder, for each.

    Example: tracker check article.txt --save
    """
    from tracker.entries import require_worth
    from tracker.reports import json as to_json, text
    from tracker.reports.bars import bars

    targets = _targets(source, html, markdown, store, as_json=wants_json(as_json), as_jsonl=as_jsonl, show=show)
    day, own_day = asked_day("--as-of", as_of), asked_day("--article-date", article_date)
    require_worth(min_worth)

    def checked(article: Article) -> tuple[Check, Saved | None]:
        dated = replace(article, published_on=own_day) if own_day else article
        found = tracker.check_article(dated, min_worth=min_worth, k=k, as_of=day, progress=bars)
        return found, tracker.save(found) if save else None

    def lines(done: tuple[Check, Saved | None]) -> Iterator[str]:
        yield from text.check(done[0], explain=explain)
        if done[1]:
            yield from ("", *text.saved(done[1]))

    def as_object(done: tuple[Check, Saved | None]) -> dict[str, Any]:
        return to_json.check(done[0]) | ({"saved": to_json.saved(done[1])} if done[1] else {})

    with open_tracker(store, encoder, named_inference(inference)) as tracker:
        if targets is None:
            print_each(source, checked, lines, as_object, as_json=wants_json(as_json), as_jsonl=as_jsonl)
        else:
            _report(targets, source, checked, as_object if wants_json(as_json) else None, explain=explain, show=show)


def search(
    query: Annotated[str | None, typer.Argument(metavar="[TEXT]", help="A claim in any words.")] = None,
    file: Annotated[
        str | None,
        typer.Option(metavar="FILE|-", help="Many texts: one a line, or CSV, TSV, JSONL with text, speaker, ..."),
    ] = None,
    k: Nearest = 5,
    as_of: AsOf = None,
    context: Annotated[str | None, typer.Option(metavar="TEXT", help="What was said right before.")] = None,
    speaker: Annotated[str | None, typer.Option(metavar="NAME", help="Who says it.")] = None,
    said_on: Annotated[str | None, typer.Option(metavar="DAY", help="When it was said, e.g. 2022-06-30.")] = None,
    explain: Explain = False,
    store: StorePath = None,
    encoder: EncoderName = None,
    inference: InferenceFolder = None,
    as_json: AsJson = False,
    as_jsonl: Annotated[bool, typer.Option("--jsonl", help="With --file: a line of JSON each, as they come.")] = False,
) -> None:
    """Find the claims in the store that are nearest to a text, or to each text of a file.

    A pasted post is read with its signature ("— Name (@handle) July 8, 2019").

    Example: tracker search "Finland has joined NATO" -k 3
    """
    from tracker.reports import json as to_json, text
    from tracker.reports.bars import bars

    if (query is None) == (file is None):
        raise UsageProblem("search: give a text, or --file with many, and not both")
    if as_jsonl and (file is None or wants_json(as_json)):
        raise UsageProblem("search: --jsonl goes with --file, and in the place of --json")
    if file is not None and context is not None:
        raise UsageProblem("search: --context goes with one text; in a file each row may have its own")
    day, stated_on = asked_day("--as-of", as_of), asked_day("--said-on", said_on)
    if file is not None:
        from tracker.questions import read_questions

        rows = read_questions(file, speaker=speaker, stated_on=stated_on)
        with open_tracker(store, encoder, named_inference(inference)) as tracker:
            _search_all(tracker, rows, k, day, explain=explain, as_json=wants_json(as_json), as_jsonl=as_jsonl)
        return
    with open_tracker(store, encoder, named_inference(inference)) as tracker:
        tracker.embedding.index(bars)  # to build a large one anew takes a while
        found = tracker.search(query or "", k, as_of=day, context=context, speaker=speaker, stated_on=stated_on)
    if wants_json(as_json):
        print_json(to_json.search(found))
    else:
        print_lines(text.search(found, explain=explain))


def _targets(
    source: str,
    html: str | None,
    markdown: str | None,
    store: str | None,
    *,
    as_json: bool,
    as_jsonl: bool,
    show: bool,
) -> Targets | None:
    """The files that a report goes to, None where there are none. Raises UsageProblem, UnreadableSource."""
    if show and html in (None, "-"):
        raise UsageProblem("check: --open shows a page; name its file with --html FILE")
    if html is None and markdown is None:
        return None
    from tracker.reports.targets import Targets

    targets = Targets(html, markdown)
    if as_jsonl:
        raise UsageProblem("check: --jsonl does not go with --html or --markdown; ask for the report by itself")
    if as_json and targets.on_stdout:
        raise UsageProblem(
            "check: '-' puts the report on stdout, where --json would put its own; leave out one of them"
        )
    if html == "-" and is_terminal(sys.stdout):
        raise UsageProblem("check: --html -: on a terminal the page could move the cursor; name a file, or pipe it")
    targets.require(source, [named_store(store)])
    return targets


def _report(
    targets: Targets,
    source: str,
    checked: Callable[[Article], tuple[Check, Saved | None]],
    as_object: Callable[[tuple[Check, Saved | None]], dict[str, Any]] | None,
    *,
    explain: bool,
    show: bool,
) -> None:
    """Write the report on every article of a source, and say in a line or two what is in it, or print the JSON of one.

    What cannot be read is said on stderr and in the report, the others are in it, and the command ends with 4.
    """
    from tracker.articles import read_article, read_articles
    from tracker.reports import text
    from tracker.reports.report import Report

    done, unread = [], []
    for article in [read_article(source)] if as_object else read_articles(source):
        if isinstance(article, UnreadableSource):
            unread.append(str(article))
            warn([str(article)])
        else:
            done.append(checked(article))
    tell = warn if targets.on_stdout else print_lines
    if done:
        report = Report(source, datetime.now(UTC).date(), tuple(one for one, _ in done), tuple(unread), explain)
        written = [f"report written to {clean(str(path))}" for path in targets.write(report)]
        if as_object:
            print_json(as_object(done[0]))
        else:
            for found, kept in done:
                told = text.saved(kept) if kept else ()
                tell([f"{clean(found.article.source)}: {text.summary(found)}", *text.foreign(found), *told])
            tell(written)
        if show:
            _open(Path(str(targets.html)))
    if unread:
        raise typer.Exit(UnreadableSource.exit_code)


def _open(page: Path) -> None:
    """Show a page in the user's browser, or say that there is none."""
    import webbrowser

    if not webbrowser.open(page.resolve().as_uri()):
        warn([f"{page}: no browser was found to open it with; open the file yourself"])


def _search_all(
    tracker: Tracker,
    rows: Iterable[Question | Rejected],
    k: int,
    as_of: date | None,
    *,
    explain: bool,
    as_json: bool,
    as_jsonl: bool,
) -> None:
    """Answer the questions of a file in their order, and say which rows are none."""
    from tracker.feeds import Rejected
    from tracker.reports import json as to_json, text
    from tracker.reports.bars import bars

    read = list(rows)
    asked = [row for row in read if not isinstance(row, Rejected)]
    rejected = [row for row in read if isinstance(row, Rejected)]
    with closing(tracker.search_all([one.said for one in asked], k, as_of=as_of, progress=bars)) as coming:
        answers = list(coming) if is_terminal(sys.stdout) else coming  # there the bar comes first, then the answers
        found = zip([one.qid for one in asked], answers, strict=True)
        if as_json:
            print_json(to_json.searches(found, rejected))
        elif as_jsonl:
            print_lines(json_line(to_json.named(*one)) for one in found)
        else:
            print_lines(text.searches(found, explain=explain))
    if rejected:
        warn(f"rejected {one.where}: {one.reason}" for one in rejected)
        raise typer.Exit(5)
