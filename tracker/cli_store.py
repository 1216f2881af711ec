"""The commands about the store as a whole: count it, keep it sound."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import Annotated

import typer

from tracker.reports.plain import clean
from tracker.terminal import (
    AsJson,
    Because,
    DeviceName,
    StorePath,
    given,
    named_store,
    open_tracker,
    print_json,
    print_lines,
    wants_json,
    warn,
)


def stats(store: StorePath = None, as_json: AsJson = False) -> None:
    """Count what the store holds.

    Example: tracker stats
    """
    from tracker.reports import text

    with open_tracker(store) as tracker:
        tracker.warn_if_empty()
        found = tracker.stats()
    if wants_json(as_json):
        print_json(found)
    else:
        print_lines(text.stats(found))


def reindex(
    new_encoder: Annotated[
        str | None, typer.Option("--encoder", metavar="NAME|FOLDER", help="Change the store's encoder to this one.")
    ] = None,
    because: Because = None,
    device: DeviceName = None,
    store: StorePath = None,
    as_json: AsJson = False,
) -> None:
    """Embed the claims that have no vector yet and bring the index up to date. Can be stopped and goes on.

    With --encoder the store changes to another one; until that is finished the old vectors answer.

    Example: tracker reindex
    """
    from tracker.reports.bars import bars

    with open_tracker(store, device=device) as tracker:
        embedded = tracker.reindex(new_encoder or given.encoder, because=because, progress=bars)
    if wants_json(as_json):
        print_json({"embedded": embedded})
    else:
        print_lines([f"{embedded:,} claims embedded; the index is up to date"])


def doctor(
    fix: Annotated[
        bool,
        typer.Option(
            "--fix",
            help="Mend what follows from the rest: words, vectors, index, triggers, and from the log: merges, links,"
            " retractions.",
        ),
    ] = False,
    store: StorePath = None,
    as_json: AsJson = False,
) -> None:
    """Examine the store: file, schema, references, event log, words, vectors, index. Nothing that was said is changed.

    Example: tracker doctor
    """
    from tracker.reports import health
    from tracker.reports.bars import bars

    with open_tracker(store, must_exist=True) as tracker:
        found = tracker.doctor(fix=fix, progress=bars)
    if wants_json(as_json):
        print_json(health.report_json(found))
    else:
        print_lines(health.report(found))
    if not found.sound:
        raise typer.Exit(8)


def backup(
    target: Annotated[Path, typer.Argument(metavar="FILE", help="The copy to be made.")],
    store: StorePath = None,
    as_json: AsJson = False,
) -> None:
    """Copy the store to a file, whole and consistent, while others go on working.

    Example: tracker backup desk-2022-07-01.db
    """
    from tracker.audit import verify as audit
    from tracker.backup import backup as copy
    from tracker.reports import health
    from tracker.reports.bars import bars

    with open_tracker(store, must_exist=True) as tracker:  # brought up to date, or refused
        path = tracker.store.path
        warn(health.distrust(audit(tracker.store, progress=bars)))
    done = copy(path, target, progress=bars)
    if wants_json(as_json):
        print_json(health.backup_json(done))
    else:
        print_lines(health.backup(done))


def restore(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="A copy that 'tracker backup' made.")],
    because: Because = None,
    store: StorePath = None,
    as_json: AsJson = False,
) -> None:
    """Put a copy in the store's place. What is there now is kept beside it, and the log notes it.

    Example: tracker restore desk-2022-07-01.db
    """
    from tracker.audit import verify as audit
    from tracker.backup import restore as put_back
    from tracker.entries import storable_reason
    from tracker.reports import health
    from tracker.reports.bars import bars

    because = storable_reason(because)  # refused before anything is replaced
    done = put_back(source, named_store(store), progress=bars)
    with open_tracker(store) as tracker:
        warn(health.distrust(audit(tracker.store, progress=bars)))
        tracker.store.log.note_restored(because or f"from {clean(source.name)}")
    if wants_json(as_json):
        print_json(health.backup_json(done))
    else:
        print_lines(health.restored(done, source))
