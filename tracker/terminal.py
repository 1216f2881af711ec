"""What the commands share: their options, the store that they open, and the three ways to print."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, TextIO, TypeVar

import typer

from tracker.errors import InvalidClaim, StoreDamaged, UnreadableSource, UsageProblem
from tracker.reports.plain import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date
    from pathlib import Path

    from tracker.models import Article
    from tracker.pipeline import Tracker

Found = TypeVar("Found")

StorePath = Annotated[str | None, typer.Option("--store", metavar="PATH", help="The store's file (or TRACKER_STORE).")]
EncoderName = Annotated[
    str | None, typer.Option("--encoder", metavar="NAME|FOLDER", help="Another encoder, for a new store.")
]
InferenceFolder = Annotated[
    str | None,
    typer.Option(
        "--inference",
        metavar="FOLDER",
        help="A language-inference model that you have, heeded too.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on stdout, for scripts.")]
AsJsonl = Annotated[bool, typer.Option("--jsonl", help="A line of JSON for each article of a feed or folder.")]
ArticleSource = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE", help="A file (text, HTML, PDF, Word, subtitles, ...), a folder, '-' or an address."
    ),
]
Nearest = Annotated[int, typer.Option("-k", min=1, max=1000, help="How many matches at most.")]
Explain = Annotated[bool, typer.Option("--explain", help="Say in words what made each probability.")]
Publisher = Annotated[str | None, typer.Option(help="Who published the verdict.")]
PublisherSite = Annotated[str | None, typer.Option(metavar="DOMAIN", help="The publisher's site, e.g. fullfact.org.")]
Url = Annotated[str | None, typer.Option(metavar="ADDRESS", help="Where the review stands.")]
ReviewDate = Annotated[str | None, typer.Option("--date", metavar="DAY", help="When it was reviewed, as 2022-06-27.")]
Note = Annotated[str | None, typer.Option(help="The explanation, in a sentence or two.")]
ValidFrom = Annotated[str | None, typer.Option(metavar="DAY", help="The first day the verdict holds for.")]
ValidTo = Annotated[str | None, typer.Option(metavar="DAY", help="The last day the verdict holds for.")]
Tags = Annotated[list[str] | None, typer.Option("--tag", help="A word beside the rating, e.g. outdated; repeatable.")]
EvidenceList = Annotated[
    list[str] | None,
    typer.Option(
        "--evidence", metavar="'ADDRESS | NOTE | COPY'", help="What it rests on; note, copy optional; repeatable."
    ),
]
DeviceName = Annotated[
    str | None,
    typer.Option(
        "--device", metavar="NAME", help="Where many texts are encoded: cpu, cuda, mps (default: a GPU if any)."
    ),
]
Because = Annotated[str | None, typer.Option(metavar="REASON", help="Why; the log keeps it.")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DAY", help="Answer as of that day, e.g. 2022-06-30.")]

# Controls but for the JSON's own line ends, marks that turn the reading direction or do not show, half characters.
_HARMFUL = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff"
    "\U000e0000-\U000e0fff]"
)


@dataclass
class Globals:
    """What was given before the command's name; the same options after it win."""

    store: str | None = None
    encoder: str | None = None
    inference: str | None = None
    as_json: bool = False


given = Globals()


def open_tracker(
    store: str | None,
    encoder: str | None = None,
    inference: str | None = None,
    *,
    device: str | None = None,
    must_exist: bool = False,
) -> Tracker:
    """Open the store that the command or the options before it name; `must_exist`: one that is there.

    Raises UsageProblem, StoreDamaged, StoreTooNew, ModelUnavailable.
    """
    from tracker.pipeline import Tracker

    path = named_store(store)
    if must_exist and not (path.exists() and (path.is_dir() or path.stat().st_size)):
        raise StoreDamaged(
            f"{path}: no store is here; name another with --store, or put a backup here: tracker restore"
        )
    return Tracker.open(path, encoder=encoder or given.encoder, inference=inference, device=device)


def named_inference(inference: str | None) -> str | None:
    """The inference model that the command, the options before it or `TRACKER_INFERENCE` name."""
    from tracker import settings

    return inference or given.inference or settings.inference_folder()


def named_store(store: str | None) -> Path:
    """The file of the store that the command or the options before it name. Raises UsageProblem."""
    from tracker import settings

    named = given.store if store is None else store
    if named is not None and not named.strip():
        raise UsageProblem("--store: no path; name the store's file")
    return settings.store_path(named)


def wants_json(as_json: bool) -> bool:
    """True where `--json` stands before or after the command."""
    return as_json or given.as_json


def day(text: str | None, *, ahead: bool = False) -> date | None:
    """Read a day given as an option, None for a blank one; `ahead` allows days to come. Raises InvalidClaim."""
    from tracker.dates import parse_day

    return parse_day(text, ahead=ahead) if text is not None and text.strip() else None


def asked_day(option: str, text: str | None) -> date | None:
    """Read the day that a question is about. Raises UsageProblem, also for a blank one: a variable that was not set."""
    from tracker.dates import parse_day

    try:
        return parse_day(text, ahead=True) if text is not None else None
    except InvalidClaim as error:
        raise UsageProblem(f"{option}: {error}") from error


def print_each(
    source: str,
    answer: Callable[[Article], Found],
    lines: Callable[[Found], Iterable[str]],
    to_json: Callable[[Found], dict[str, Any]],
    *,
    as_json: bool,
    as_jsonl: bool,
) -> None:
    """Answer for an article, or each of a feed or folder, and print the reports, one object, or a line of JSON each.

    What cannot be read in a folder or feed is said on stderr and as a line of JSON, the others are answered, and the
    command ends with 4. Raises UnreadableSource for a source that cannot be read itself, UsageProblem.
    """
    from tracker.articles import read_article, read_articles

    if as_json and as_jsonl:
        raise UsageProblem(
            "--jsonl is a line of JSON for each article, --json one object for one; leave out one of them"
        )
    if as_json:
        print_json(to_json(answer(read_article(source))))
        return
    unread = 0
    for number, article in enumerate(read_articles(source)):
        if isinstance(article, UnreadableSource):
            unread += 1
            warn([str(article)])
            print_lines([json_line({"error": str(article)})] if as_jsonl else [])
            continue
        found = answer(article)
        print_lines([json_line(to_json(found))] if as_jsonl else [*[""] * (number > 0), *lines(found)])
    if unread:
        raise typer.Exit(UnreadableSource.exit_code)


def is_terminal(stream: TextIO | None) -> bool:
    """True where a person sees this stream."""
    return stream is not None and stream.isatty()  # None: closed, as under cron


def print_lines(lines: Iterable[str]) -> None:
    """Print a report."""
    for line in lines:
        print(line)


def print_json(found: dict[str, Any] | list[dict[str, Any]]) -> None:
    """Print one JSON object or list; what a terminal would obey is written as JSON's own escapes."""
    print(_HARMFUL.sub(_escaped, json.dumps(found, ensure_ascii=False, indent=2)))


def json_line(found: dict[str, Any] | list[dict[str, Any]]) -> str:
    """The same on one line, as a row of JSONL."""
    return _HARMFUL.sub(_escaped, json.dumps(found, ensure_ascii=False))


def _escaped(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1]


def warn(lines: Iterable[str]) -> None:
    """Say something on stderr, a line each."""
    for line in lines:
        print(f"tracker: {clean(line)}", file=sys.stderr)
