"""The commands about what was said: take back, join, tell apart, undo, and tell the story."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable  # noqa: TC003 - Typer reads the annotations
from dataclasses import asdict
from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import Annotated

import typer

from tracker.errors import UnreadableSource, UsageProblem
from tracker.reports.plain import clean
from tracker.terminal import (
    AsJson,
    Because,
    StorePath,
    asked_day,
    open_tracker,
    print_json,
    print_lines,
    wants_json,
    warn,
)

ClaimId = Annotated[int, typer.Argument(metavar="ID", help="The claim's number.")]


def retract(
    verdict_id: Annotated[int | None, typer.Argument(metavar="[VERDICT_ID]", help="The verdict to take back.")] = None,
    claim: Annotated[
        int | None, typer.Option("--claim", metavar="ID", help="Take back a whole claim: out of search and queue.")
    ] = None,
    because: Because = None,
    store: StorePath = None,
    as_json: AsJson = False,
) -> None:
    """Take back a verdict, or a claim with --claim. It stays readable, and 'tracker undo' brings it back.

    Example: tracker retract 12 --because "The source withdrew its figures."
    """
    if (verdict_id is None) == (claim is None):
        raise UsageProblem("retract: name a verdict by its number, or a claim with --claim")
    from tracker.reports import story

    with open_tracker(store, must_exist=True) as tracker:
        curation = tracker.store.curation
        if claim is not None:
            event = curation.retract_claim(claim, because=because)
        else:
            event = curation.retract_verdict(verdict_id or 0, because=because)
        done = tracker.store.log.event(event)
        found = tracker.show(done.claim_id or 0)
    if wants_json(as_json):
        print_json({"event_id": event, "verdict_id": verdict_id, "claim_id": found.claim.id})
    else:
        print_lines(story.retracted(done, found))


def merge(
    kept: Annotated[int, typer.Argument(metavar="A", help="The claim to keep.")],
    gone: Annotated[int, typer.Argument(metavar="B", help="The claim that is the same; its number leads to A.")],
    because: Because = None,
    store: StorePath = None,
    as_json: AsJson = False,
) -> None:
    """Make two entries of one claim one: B's verdicts and appearances become A's, and B's number leads to A.

    Example: tracker merge 12 40
    """
    from tracker.reports import story

    with open_tracker(store, must_exist=True) as tracker:
        one, other = tracker.store.claim(kept), tracker.store.claim(gone)
        event = tracker.store.curation.merge(kept, gone, because=because)
    warn(story.doubts(one, other))
    if wants_json(as_json):
        print_json({"event_id": event, "claim_id": one.id, "merged_id": other.id})
    else:
        print_lines(story.merged(one, other, event))


def suggest_merges(store: StorePath = None, as_json: AsJson = False) -> None:
    """List pairs of claims that seem to be one, in other words. Nothing is joined: that is for 'tracker merge'.

    Example: tracker suggest-merges
    """
    from tracker.reports import exchange as reports
    from tracker.reports.bars import bars

    with open_tracker(store, must_exist=True) as tracker:
        found = tracker.suggest_merges(bars)
    if wants_json(as_json):
        print_json(reports.suggested_json(found))
    else:
        print_lines(reports.suggested(found))


def link(
    claim_id: Annotated[int, typer.Argument(metavar="A", help="A claim.")],
    other_id: Annotated[int, typer.Argument(metavar="B", help="Another claim of its family.")],
    relation: Annotated[
        str,
        typer.Option(
            help="What A is to B: broader, narrower, different-figure, opposite, different-entity, different-time or"
            " related."
        ),
    ],
    because: Because = None,
    store: StorePath = None,
    as_json: AsJson = False,
) -> None:
    """Note how two claims belong together: A is RELATION to B.

    Example: tracker link 12 40 --relation different-figure
    """
    from tracker.reports import story

    with open_tracker(store, must_exist=True) as tracker:
        event, is_new = tracker.store.curation.link(claim_id, other_id, relation, because=because)
        one, other = tracker.store.claim(claim_id), tracker.store.claim(other_id)
    if wants_json(as_json):
        print_json({"event_id": event, "created": is_new})
    else:
        print_lines(story.linked(one, other, relation, event, is_new=is_new))


def undo(
    event_id: Annotated[int, typer.Argument(metavar="EVENT", help="The event's number, as history and log show it.")],
    because: Because = None,
    store: StorePath = None,
    as_json: AsJson = False,
) -> None:
    """Undo a retraction, a merge or a link. The log keeps both.

    Example: tracker undo 57 --because "They were two claims after all."
    """
    from tracker.reports import story

    with open_tracker(store, must_exist=True) as tracker:
        event = tracker.store.curation.undo(event_id, because=because)
        undone = tracker.store.log.event(event_id)
    if wants_json(as_json):
        print_json({"event_id": event, "undoes": event_id})
    else:
        print_lines([f"event {event_id} undone by event {event}: {clean(story.what(undone))}"])


def history(claim_id: ClaimId, store: StorePath = None, as_json: AsJson = False) -> None:
    """Tell a claim's whole story: what was said, when, by whom, on which evidence, and what changed since.

    Example: tracker history 12
    """
    from tracker.reports import json as to_json, story

    with open_tracker(store, must_exist=True) as tracker:
        tracker.warn_if_empty()
        found = tracker.history(claim_id)
    if wants_json(as_json):
        print_json(to_json.history(found))
    else:
        print_lines(story.history(found))


def log(
    claim: Annotated[
        int | None, typer.Option("--claim", metavar="ID", help="Only what happened to this claim.")
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(help="Only events of this kind: verdict-added, review-added (from a feed), claims-merged, ..."),
    ] = None,
    author: Annotated[str | None, typer.Option(help="Only what this person did.")] = None,
    since: Annotated[str | None, typer.Option(metavar="DAY", help="From this day on (UTC).")] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Up to and with this day (UTC).")] = None,
    limit: Annotated[int | None, typer.Option(min=1, max=10**9, help="Only the newest so many.")] = None,
    export: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the events to a .jsonl file, as they were hashed.")
    ] = None,
    store: StorePath = None,
    as_json: AsJson = False,
) -> None:
    """Show the event log: who did what, when and why; oldest first.

    Example: tracker log --claim 12
    """
    from tracker.reports import json as to_json, story

    with open_tracker(store, must_exist=True) as tracker, tracker.store.reading():
        tracker.warn_if_empty()
        entries = list(tracker.store.curation.members([tracker.store.claim(claim).id])) if claim is not None else []
        events = tracker.store.log.filtered(
            claim_ids=entries,
            kind=_kind(kind),
            author=author,
            since=asked_day("--since", since),
            until=asked_day("--until", until),
            newest=limit,
        )
        found = list(events)
        undone = tracker.store.log.undone_by()
    if export:
        _write(export, (json.dumps(asdict(event)) for event in found))
        whole = not any(value is not None for value in (claim, kind, author, since, until, limit))
        warn([] if whole else ["a part of the log: its chain can only be checked in the whole"])
        if str(export) != "-":
            print_lines([f"{len(found):,} events written to {clean(str(export))}"])
    elif wants_json(as_json):
        print_json({"events": [to_json.event(one, undone.get(one.id)) for one in found]})
    else:
        print_lines(story.log(found, undone))
        warn([] if found else ["no event fits"])


def verify(
    expect: Annotated[
        str | None, typer.Option(metavar="HASH", help="The head that an earlier 'verify' or 'backup' printed.")
    ] = None,
    store: StorePath = None,
    as_json: AsJson = False,
) -> None:
    """Prove that the event log is unbroken and that the store says what the log says; name the first damaged event.

    Whoever can write the file could write a new log: note the head somewhere else, and --expect it the next time.

    Example: tracker verify
    """
    from tracker.audit import verify as audit
    from tracker.reports import health
    from tracker.reports.bars import bars

    if expect is not None and not re.fullmatch(r"\s*[0-9a-fA-F]{64}\s*", expect):
        raise UsageProblem("--expect: not a head; it is the 64 digits and letters that 'verify' and 'backup' print")
    with open_tracker(store, must_exist=True) as tracker, tracker.store.reading():
        found = audit(tracker.store, expect=expect, progress=bars)
    if wants_json(as_json):
        print_json(health.audit_json(found))
    else:
        print_lines(health.audit(found))
    if found.breaks:
        raise typer.Exit(8)


def _kind(name: str | None) -> str | None:
    from tracker.events import EventKind

    if name is not None and name not in set(EventKind):
        msg = f"log: no kind of event is called {name!r}; there are {', '.join(EventKind)}"
        raise UsageProblem(msg)
    return name


def _write(target: Path, lines: Iterable[str]) -> None:
    """Write JSON lines, in ASCII, to a new file or to stdout."""
    if str(target) == "-":
        print_lines(lines)
        return
    try:
        with target.open("x", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
    except FileExistsError as error:
        msg = f"{target}: is there already; name another file"
        raise UsageProblem(msg) from error
    except OSError as error:
        msg = f"{target}: cannot be written ({error.strerror})"
        raise UnreadableSource(msg) from error
