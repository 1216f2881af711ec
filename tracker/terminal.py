"""What the commands share: their options, the store that they open, and the three ways to print."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker.errors import UsageProblem
from tracker.reports.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from tracker.pipeline import Tracker

StorePath = Annotated[str | None, typer.Option("--store", metavar="PATH", help="The store's file (or TRACKER_STORE).")]
EncoderName = Annotated[
    str | None, typer.Option("--encoder", metavar="NAME|FOLDER", help="Another encoder, for a new store.")
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on stdout, for scripts.")]
Nearest = Annotated[int, typer.Option("-k", min=1, max=1000, help="How many matches at most.")]
Explain = Annotated[bool, typer.Option("--explain", help="Show the scores that made the rank.")]
Publisher = Annotated[str | None, typer.Option(help="Who published the verdict.")]
PublisherSite = Annotated[str | None, typer.Option(metavar="DOMAIN", help="The publisher's site, e.g. fullfact.org.")]
Url = Annotated[str | None, typer.Option(metavar="ADDRESS", help="Where the review stands.")]
ReviewDate = Annotated[str | None, typer.Option("--date", metavar="DAY", help="When it was reviewed, as 2022-06-27.")]
Note = Annotated[str | None, typer.Option(help="The explanation, in a sentence or two.")]
ValidFrom = Annotated[str | None, typer.Option(metavar="DAY", help="The first day the verdict holds for.")]
ValidTo = Annotated[str | None, typer.Option(metavar="DAY", help="The last day the verdict holds for.")]


@dataclass
class Globals:
    """What was given before the command's name; the same options after it win."""

    store: str | None = None
    encoder: str | None = None
    as_json: bool = False


given = Globals()


def open_tracker(store: str | None, encoder: str | None = None) -> Tracker:
    """Open the store that the command or the options before it name. Raises UsageProblem, StoreDamaged, StoreTooNew."""
    from tracker.pipeline import Tracker

    named = given.store if store is None else store
    if named is not None and not named.strip():
        raise UsageProblem("--store: no path; name the store's file")
    return Tracker.open(named, encoder=encoder or given.encoder)


def wants_json(as_json: bool) -> bool:
    """True where `--json` stands before or after the command."""
    return as_json or given.as_json


def day(text: str | None) -> date | None:
    """Read a day given as an option. Raises InvalidClaim."""
    from tracker.dates import parse_day

    return parse_day(text) if text is not None else None


def print_lines(lines: Iterable[str]) -> None:
    """Print a report."""
    for line in lines:
        print(line)


def print_json(found: dict[str, Any]) -> None:
    """Print one JSON object."""
    print(json.dumps(found, ensure_ascii=False, indent=2))


def warn(lines: Iterable[str]) -> None:
    """Say something on stderr, a line each."""
    for line in lines:
        print(f"tracker: {clean(line)}", file=sys.stderr)
