"""The commands that read what a sentence says: its quantities."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import Annotated

import typer

from tracker.errors import UsageProblem
from tracker.terminal import AsJson, json_line, print_json, print_lines, wants_json, warn


def quantities(
    text: Annotated[str | None, typer.Argument(metavar="[TEXT]", help="A sentence.")] = None,
    file: Annotated[
        str | None, typer.Option(metavar="FILE|-", help="Many texts: one a line, or CSV, TSV, JSONL with text.")
    ] = None,
    as_json: AsJson = False,
    as_jsonl: Annotated[bool, typer.Option("--jsonl", help="With --file: a line of JSON each, in order.")] = False,
) -> None:
    """Read the quantities of a text: value, unit, hedge and place, and changes "from A to B".

    Example: tracker quantities "NATO went from a force of 40,000 to one of 300,000 troops"
    """
    from tracker.quantities import quantities as read
    from tracker.reports import quantities as report

    if (text is None) == (file is None):
        raise UsageProblem("quantities: give a text, or --file with many, and not both")
    if as_jsonl != (file is not None) or (as_jsonl and wants_json(as_json)):
        raise UsageProblem("quantities: --file goes with --jsonl, a line of JSON each, and --json with one text")
    if file is not None:
        _read_all(file)
    elif wants_json(as_json):
        print_json(report.found_json(read(text or "")))
    else:
        print_lines(report.found(text or "", read(text or "")))


def eval_quantities(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="TSV with id, text and expected_json.")],
    errors: Annotated[bool, typer.Option("--errors", help="Show the phrases that are read wrongly.")] = False,
    as_json: AsJson = False,
) -> None:
    """Measure how many labelled phrases are read exactly right, every object of them.

    Example: tracker eval quantities tests/data/quantities-dev.tsv --errors
    """
    from tracker import phrases
    from tracker.reports import quantities as report

    found = phrases.measure(phrases.read_phrases(file))
    if wants_json(as_json):
        print_json(report.phrases_json(found))
    else:
        print_lines(report.phrases(found, errors=errors))


COMMANDS = (quantities,)


def _read_all(file: str) -> None:
    """A line a row: a list as for one text, or null for a row that is none, so that line and row stay together."""
    from tracker.feeds import Rejected
    from tracker.quantities import quantities as read
    from tracker.questions import read_questions
    from tracker.reports import quantities as report

    rejected = []
    for row in read_questions(file):
        if isinstance(row, Rejected):
            rejected.append(row)
            print_lines(["null"])
        else:
            print_lines([json_line(report.found_json(read(row.said.text)))])
    if rejected:
        warn(f"rejected {one.where}: {one.reason}" for one in rejected)
        raise typer.Exit(5)
