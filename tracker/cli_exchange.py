"""The commands between the store and others: feeds in and out, what of them was left out, how ratings are read."""

from __future__ import annotations

import re
import sys
from itertools import chain
from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.errors import UnreadableSource, UsageProblem
from tracker.reports.plain import clean
from tracker.terminal import (
    AsJson,
    Because,
    DeviceName,
    EncoderName,
    Publisher,
    StorePath,
    Tags,
    is_terminal,
    open_tracker,
    print_json,
    print_lines,
    wants_json,
    warn,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tracker.feeds import Imported, Rejected, Row

_NEXT_PAIR = re.compile(r",(?=\s*[\w.]+\s*=)")  # of --map
_NAMED = 5  # publishers, where the one that was asked for is not there

Ids = Annotated[list[int] | None, typer.Argument(metavar="ID...", help="Rows in quarantine, by their numbers.")]

quarantine = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, add_completion=False, help="Rows of feeds that were left out."
)
ratings = typer.Typer(
    invoke_without_command=True,
    rich_markup_mode=None,
    add_completion=False,
    help="List the ratings in the store, how each is read and by which rule, the commonest first.\n\n"
    "Example: tracker ratings --unknown",
)


def import_feeds(
    feeds: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SOURCE...", help="CSV, TSV, JSONL, ClaimReview markup; the address of a page or sitemap."
        ),
    ] = None,
    starter: Annotated[bool, typer.Option("--starter", help="The starter claims that come with the tracker.")] = False,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--map", metavar="OURS=THEIRS,...", help="What a table calls a column, e.g. claim=statement; repeatable."
        ),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Of a sitemap, how many pages at most (default 100).")
    ] = None,
    device: DeviceName = None,
    store: StorePath = None,
    encoder: EncoderName = None,
    as_json: AsJson = False,
) -> None:
    """Take up claims and verdicts from feeds. The same feed twice changes nothing.

    A feed that cannot be read costs no other. Example: tracker import reviews.csv
    """
    from tracker.feeds import STARTER, read_feed
    from tracker.reports.bars import bars

    mapped = _mapped(columns or [])
    if not (starter or feeds):
        raise UsageProblem("import: name a file, or --starter")
    unread: list[UnreadableSource] = []
    with open_tracker(store, encoder, device=device) as tracker:
        rows = _rows(feeds or [], mapped, limit, unread)
        done = tracker.import_rows(chain(read_feed(STARTER), rows) if starter else rows, bars)
    _tell(done, unread, as_json=as_json)


def _rows(
    sources: Sequence[str], mapped: Mapping[str, str], limit: int | None, unread: list[UnreadableSource]
) -> Iterator[Row | Rejected]:
    """The rows of feeds, one feed after the other; the errors of those that cannot be read go to `unread`."""
    from tracker.feeds import open_feed
    from tracker.reports.bars import bars

    for source in sources:
        try:
            yield from open_feed(source, mapped, limit=limit, progress=bars)
        except UnreadableSource as error:
            unread.append(error)


def _mapped(given: Sequence[str]) -> dict[str, str]:
    """Our columns by what a table calls them, in whose names commas may stand. Raises UsageProblem."""
    from tracker.feeds.rows import COLUMNS, our_name

    found: dict[str, str] = {}
    for pair in (one for text in given for one in _NEXT_PAIR.split(text) if one.strip()):
        called, _, theirs = (part.strip() for part in pair.partition("="))
        ours = our_name(called)
        if ours is None or not theirs:
            raise UsageProblem(f"--map {pair!r}: write OURS=THEIRS; ours is one of {', '.join(COLUMNS)}")
        if theirs.casefold() in found or ours in found.values():
            raise UsageProblem(f"--map {pair!r}: named twice")
        found[theirs.casefold()] = ours
    return found


def _tell(done: Imported, unread: Sequence[UnreadableSource] = (), *, as_json: bool) -> None:
    """Say what an import did; it ends with 4 where a feed could not be read, else with 5 where rows were left out."""
    from tracker.feeds import Imported
    from tracker.reports import json as to_json, text

    is_empty = done == Imported(0, 0, 0)
    if not (unread and is_empty):
        if wants_json(as_json):
            print_json(to_json.imported(done))
        else:
            print_lines(text.imported(done))
    if done.rejected:
        warn(f"rejected {one.where}: {one.reason}" for one in done.rejected)
        warn(["what was rejected is kept: 'tracker quarantine list' shows it"])
    if unread:
        warn(map(str, unread))
        warn([] if is_empty else ["all that could be read is imported"])
        raise typer.Exit(UnreadableSource.exit_code)
    if done.rejected:
        raise typer.Exit(5)


def export(
    target: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="Its ending says what: .csv, .tsv, .jsonl, .jsonld, ...; '-' is CSV on stdout."
        ),
    ],
    publisher: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only this publisher's verdicts; without it, everybody's.")
    ] = None,
    store: StorePath = None,
    as_json: AsJson = False,
) -> None:
    """Write every claim with its current verdicts: tables (.csv, .tsv), lines (.jsonl), or ClaimReview markup.

    Markup is a graph (.jsonld), a DataFeed (.json), a page of snippets for a CMS (.html) or a feed of fact-checks
    (.atom). 'tracker import' reads all but the last again.

    Example: tracker export ours.json --publisher "Our desk"
    """
    if str(target) == "-" and wants_json(as_json):
        raise UsageProblem(
            "export: '-' puts the claims on stdout, where --json would put its own; leave out one of them"
        )

    if str(target) == "-" and is_terminal(sys.stdout):
        raise UsageProblem("export: on a terminal the claims' texts could move the cursor; name a file, or pipe it")
    with open_tracker(store) as tracker:
        tracker.warn_if_empty()
        if str(target) != "-":
            rows = tracker.export(target, publisher=publisher)
        else:
            rows = tracker.export_to(sys.stdout, ".csv", publisher=publisher)
        if publisher is not None and not rows:
            known = [name for name, _ in tracker.store.tallies.of_verdicts("publisher")]
            names = ", ".join([*known[:_NAMED], *(["..."] if len(known) > _NAMED else [])])
            warn([f"no verdict of “{publisher}”; there are those of {names}" if known else "no verdict of a publisher"])
    if wants_json(as_json):
        print_json({"rows": rows, "file": str(target)})
    elif str(target) != "-":
        print_lines([f"{rows:,} {'row' if rows == 1 else 'rows'} written to {clean(str(target))}"])


@quarantine.command("list")
def quarantine_list(store: StorePath = None, as_json: AsJson = False) -> None:
    """Show the rows of feeds that were left out: where each stood, why, and what stood there.

    Example: tracker quarantine list
    """
    from tracker.reports import exchange as reports

    with open_tracker(store, must_exist=True) as tracker:
        found = tracker.store.quarantine.all()
    if wants_json(as_json):
        print_json(reports.quarantined_json(found))
    else:
        print_lines(reports.quarantined(found))


@quarantine.command("retry")
def quarantine_retry(ids: Ids = None, store: StorePath = None, as_json: AsJson = False) -> None:
    """Try rows again, all or some: those that can be taken up now leave the quarantine.

    Example: tracker quarantine retry
    """
    from tracker.reports.bars import bars

    with open_tracker(store, must_exist=True) as tracker:
        done = tracker.retry(ids or [], bars)
    _tell(done, as_json=as_json)


@quarantine.command("drop")
def quarantine_drop(
    ids: Ids = None,
    everything: Annotated[bool, typer.Option("--all", help="All of them.")] = False,
    store: StorePath = None,
    as_json: AsJson = False,
) -> None:
    """Let go of rows in quarantine for good.

    Example: tracker quarantine drop 3 7
    """
    if bool(ids) == everything:
        raise UsageProblem("quarantine drop: name rows by their numbers, or --all")
    with open_tracker(store, must_exist=True) as tracker, tracker.store.writing():
        gone = tracker.store.quarantine.all(ids or [])
        tracker.store.quarantine.drop([one.id for one in gone])
    if wants_json(as_json):
        print_json({"dropped": [one.id for one in gone]})
    else:
        print_lines([f"{len(gone):,} {'row' if len(gone) == 1 else 'rows'} dropped"])


@ratings.callback()
def ratings_list(
    ctx: typer.Context,
    unknown: Annotated[bool, typer.Option("--unknown", help="Only those that are read as nothing.")] = False,
    store: StorePath = None,
    as_json: AsJson = False,
) -> None:
    """List the ratings in the store, how each is read and by which rule, the commonest first.

    Example: tracker ratings --unknown
    """
    if ctx.invoked_subcommand:
        return
    from tracker.reports import exchange as reports

    with open_tracker(store, must_exist=True) as tracker:
        found = tracker.store.ratings.found()
    found = [one for one in found if one.reading.normalized == "unrated" or not unknown]
    if wants_json(as_json):
        print_json(reports.labels_json(found))
    else:
        print_lines(reports.labels(found, unknown=unknown))


Label = Annotated[str, typer.Argument(metavar="LABEL", help="A rating in a publisher's own words.")]


@ratings.command("map")
def ratings_map(
    label: Label,
    rating: Annotated[str, typer.Argument(metavar="RATING", help="How to read it: true, mostly-true, mixed, ...")],
    publisher: Publisher = None,
    tags: Tags = None,
    because: Because = None,
    store: StorePath = None,
    as_json: AsJson = False,
) -> None:
    """Read a label this way from now on, in all verdicts or in one publisher's. The label itself stays as it is.

    Example: tracker ratings map "Pants on Fire" false --publisher PolitiFact
    """
    from tracker.reports import exchange as reports

    with open_tracker(store, must_exist=True) as tracker:
        tracker.store.ratings.use(label, rating, publisher=publisher, tags=tags or [], because=because)
        found = tracker.store.ratings.read(label, publisher, None, None, None, None)
        covered = tracker.store.ratings.covered(label, publisher)
    if wants_json(as_json):
        print_json({"label": label, "publisher": publisher, "normalized": found.normalized, "tags": list(found.tags)})
    else:
        print_lines(reports.mapped(label, publisher, found, covered))


@ratings.command("unmap")
def ratings_unmap(
    label: Label, publisher: Publisher = None, because: Because = None, store: StorePath = None, as_json: AsJson = False
) -> None:
    """Read a label as it was read before the desk said how.

    Example: tracker ratings unmap "Pants on Fire" --publisher PolitiFact
    """
    with open_tracker(store, must_exist=True) as tracker:
        if not tracker.store.ratings.forget(label, publisher=publisher, because=because):
            raise UsageProblem(f"ratings unmap: {label[:60]!r} is not mapped; 'tracker ratings' shows the rules")
        found = tracker.store.ratings.read(label, publisher, None, None, None, None)
    if wants_json(as_json):
        print_json({"label": label, "publisher": publisher, "normalized": found.normalized, "tags": list(found.tags)})
    else:
        print_lines([f"“{clean(label)}” is read as {', '.join([found.normalized, *found.tags])}"])
