"""What `verify`, `doctor`, `backup` and `restore` have to say, for a person and for a program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.reports.plain import clean, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tracker.audit import Audit
    from tracker.backup import BackupReport
    from tracker.doctor import Report

Json = dict[str, Any]


def audit(found: Audit) -> Iterator[str]:
    """Whether the log is whole, and what it proves."""
    if not found.breaks:
        yield f"{found.events:,} events, each chained to the one before; the store says what they say"
        if found.expected:
            yield f"the expected head is event {found.expected}: nothing up to it was changed"
        yield f"head: {found.head or 'none yet'}"
        return
    yield f"DAMAGED: at least {len(found.breaks):,} places where the store is not what was recorded, the first first"
    for one in found.breaks:
        yield from wrapped(clean(one.what), "- ")
    yield "nothing was changed; 'tracker doctor' tells what can be mended, 'tracker restore' puts back a backup"


def distrust(found: Audit) -> Iterator[str]:
    """The warning that a copy is of a store that is not what was recorded."""
    if found.breaks:
        yield f"the store is not what was recorded ({clean(found.breaks[0].what)}); 'tracker verify' tells all of it"


def audit_json(found: Audit) -> Json:
    """The same for a program."""
    return {
        "events": found.events,
        "head": found.head or None,
        "expected_event": found.expected,
        "unbroken": not found.breaks,
        "breaks": [{"event_id": one.event_id, "what": one.what} for one in found.breaks],
    }


def report(found: Report) -> Iterator[str]:
    """A line a check, and what is wrong under it."""
    for check in found.checks:
        open_problems = [problem for problem in check.problems if not problem.mended]
        state = "damaged" if open_problems else "mended" if check.problems else "sound"
        yield from wrapped(clean(check.note or state), f"{check.name:13} ")
        for problem in check.problems:
            hint = f" ({clean(problem.hint)})" if problem.hint and not problem.mended else ""
            yield from wrapped(f"{clean(problem.what)}{': mended' if problem.mended else ''}{hint}", " " * 14)


def report_json(found: Report) -> Json:
    """The same for a program."""
    return {
        "sound": found.sound,
        "checks": [
            {
                "name": check.name,
                "note": check.note,
                "problems": [
                    {"what": problem.what, "mended": problem.mended, "hint": problem.hint} for problem in check.problems
                ],
            }
            for check in found.checks
        ],
    }


def backup(done: BackupReport) -> Iterator[str]:
    """What the copy holds, and the head to note."""
    yield f"{clean(str(done.path))}: {done.claims:,} claims, {done.verdicts:,} verdicts, {done.last_event:,} events"
    yield f"head of its log: {done.head or 'none yet'}; 'tracker verify --expect' it later"


def restored(done: BackupReport, source: Path) -> Iterator[str]:
    """What is in the store now, and where that which was there is kept."""
    yield f"{clean(str(done.path))}: put back from {clean(str(source))}"
    yield f"it holds {done.claims:,} claims, {done.verdicts:,} verdicts"
    if done.kept:
        yield f"what was there before is kept in {clean(str(done.kept))}; 'tracker restore' takes that too"


def backup_json(done: BackupReport) -> Json:
    """What a backup or the restored store holds."""
    return {
        "file": str(done.path),
        "claims": done.claims,
        "verdicts": done.verdicts,
        "events": done.last_event,
        "head": done.head or None,
        "kept": str(done.kept) if done.kept else None,
    }
