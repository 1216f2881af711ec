"""The commands by which a desk fits the tracker to itself: say what was right, refit the probabilities."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.errors import InvalidClaim, UsageProblem
from tracker.terminal import (
    AsJson,
    Because,
    EncoderName,
    StorePath,
    open_tracker,
    print_json,
    print_lines,
    wants_json,
    warn,
)

if TYPE_CHECKING:
    from tracker.pipeline import Tracker


def feedback(
    query: Annotated[str | None, typer.Argument(metavar="[TEXT]", help="What was searched for, or stated.")] = None,
    claim_id: Annotated[int | None, typer.Argument(metavar="[CLAIM_ID]", help="The claim's number.")] = None,
    answer: Annotated[str | None, typer.Argument(metavar="[yes|no]", help="Whether it is about the same.")] = None,
    by: Annotated[str | None, typer.Option(metavar="NAME", help="Whose answer it is, if not the writer's.")] = None,
    because: Because = None,
    file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Many answers: CSV, TSV or JSONL with query, claim_id, answer."),
    ] = None,
    store: StorePath = None,
    as_json: AsJson = False,
) -> None:
    """Say whether a claim is what a text is about, for 'tracker tune'. Without arguments: list what was said.

    Another answer on the same text and claim takes the place of the one before; both stay readable.

    Example: tracker feedback "NATO has 300,000 soldiers on alert" 12 yes
    """
    given = (query, claim_id, answer)
    if file is not None and given != (None, None, None):
        raise UsageProblem("feedback: a text, a claim's number and an answer, or --file, not both")
    if file is None and None in given and (given != (None, None, None) or by or because):
        raise UsageProblem("feedback: give a text, a claim's number and yes or no; without any of them it lists")
    with open_tracker(store, must_exist=True) as tracker:
        if file is not None:
            _take(tracker, file, by, because, as_json=as_json)
        elif query is None or claim_id is None or answer is None:
            _list(tracker, as_json=as_json)
        else:
            _answer(tracker, query, claim_id, answer, by, because, as_json=as_json)


def tune(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Measure, and leave the calibration as it is.")] = False,
    reset: Annotated[bool, typer.Option("--reset", help="Go back to the calibration that came with it.")] = False,
    because: Because = None,
    store: StorePath = None,
    encoder: EncoderName = None,
    as_json: AsJson = False,
) -> None:
    """Refit the probabilities to the answers that 'tracker feedback' kept, and show what that is worth.

    A new calibration is taken up only where it is better, cross-validated, by more than its standard error.

    Example: tracker tune --dry-run
    """
    if reset and dry_run:
        raise UsageProblem("tune: --dry-run measures, --reset goes back; leave out one of them")
    with open_tracker(store, encoder, must_exist=True) as tracker:
        if reset:
            _reset(tracker, because, as_json=as_json)
        else:
            _tune(tracker, because, dry_run=dry_run, as_json=as_json)


def _answer(
    tracker: Tracker, text: str, claim_id: int, said: str, by: str | None, because: str | None, *, as_json: bool
) -> None:
    """Keep one answer."""
    from tracker.answers import is_yes
    from tracker.reports import tuning as report

    try:
        is_about = is_yes(said)
    except InvalidClaim as error:
        raise UsageProblem(f"feedback: {error}") from error
    answer, is_new = tracker.feedback(text, claim_id, is_about, by=by, because=because)
    if wants_json(as_json):
        print_json({"answer_id": answer.id, "claim_id": answer.claim_id, "created": is_new})
    else:
        print_lines(report.answered(answer, tracker.store.claim(answer.claim_id), is_new=is_new))


def _take(tracker: Tracker, file: Path, by: str | None, because: str | None, *, as_json: bool) -> None:
    """Keep the answers of a file, and say which were refused."""
    from tracker.answers import read_answers, take_up
    from tracker.reports import json as to_json, text
    from tracker.reports.bars import bars

    done = take_up(tracker.store, read_answers(file), by=by, because=because, progress=bars)
    if wants_json(as_json):
        print_json(to_json.imported(done))
    else:
        print_lines(text.imported(done))
    if done.rejected:
        warn(f"rejected {one.where}: {one.reason}" for one in done.rejected)
        raise typer.Exit(5)


def _list(tracker: Tracker, *, as_json: bool) -> None:
    """Show every answer."""
    from tracker.reports import tuning as report

    with tracker.store.reading():
        found = tracker.store.feedback.all()
        claims = tracker.store.claims({one.claim_id for one in found})
    if wants_json(as_json):
        print_json(report.answers_json(found, claims))
    else:
        print_lines(report.answers(found, claims))


def _tune(tracker: Tracker, because: str | None, *, dry_run: bool, as_json: bool) -> None:
    """Refit, and show before and after."""
    from tracker.reports import tuning as report
    from tracker.reports.bars import bars

    found = tracker.tune(dry_run=dry_run, because=because, progress=bars)
    if wants_json(as_json):
        print_json(report.tuned_json(found, dry_run=dry_run))
    else:
        print_lines(report.tuned(found, dry_run=dry_run))


def _reset(tracker: Tracker, because: str | None, *, as_json: bool) -> None:
    """Go back to the shipped calibration."""
    from tracker.tuning import reset

    was_tuned = reset(tracker.store, because=because)
    if wants_json(as_json):
        print_json({"reset": was_tuned})
    else:
        print_lines([f"the shipped calibration {'is in use again' if was_tuned else 'was in use already'}"])
