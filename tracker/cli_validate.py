"""The command that examines ClaimReview markup, one's own or anybody's."""

from __future__ import annotations

import re
import sys
from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker.errors import InvalidClaim, UnreadableSource
from tracker.reports.plain import clean
from tracker.terminal import AsJson, print_json, print_lines, wants_json, warn

if TYPE_CHECKING:
    from tracker.claimreview.validation import Examined

_ADDRESS = re.compile(r"https?:/", re.IGNORECASE)  # of the two strokes a path keeps one
SIZE_LIMIT = 50_000_000  # bytes; a feed of a hundred thousand reviews


def validate(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="JSON-LD, JSONL, HTML, RSS, Atom; .gz too; '-' is stdin.")
    ],
    as_json: AsJson = False,
) -> None:
    """Examine ClaimReview markup: what is missing or wrong, each with its line. Ends with 5 where there are errors.

    Example: tracker validate page.html
    """
    from tracker.claimreview.validation import examine

    unread = 0
    found: list[tuple[str, Examined]] = []
    for file in files:
        try:
            found.append((clean(str(file)), examine(_read(file), clean(str(file)))))
        except UnreadableSource as error:
            unread += 1
            warn([str(error)])
        else:
            if not wants_json(as_json):
                print_lines(clean(str(message)) for message in found[-1][1].messages)
    if wants_json(as_json):
        print_json(_as_json(found))
    elif found:
        print_lines([_summary(found)])
    if unread:
        raise typer.Exit(UnreadableSource.exit_code)
    if any(one.errors for _, one in found):
        raise typer.Exit(InvalidClaim.exit_code)


def _read(file: Path) -> str:
    """The text of a file, unpacked. Raises UnreadableSource."""
    from tracker.claimreview.streams import Broken

    name = "standard input" if str(file) == "-" else str(file)
    if _ADDRESS.match(name):
        name = name.replace("/", "//", 1)
        raise UnreadableSource(
            f"{name}: an address; what is examined is a file of markup: save the page, name its file"
        )
    if file.suffix.casefold() in (".csv", ".tsv"):
        raise UnreadableSource(f"{name}: a table; what is examined is markup: use 'tracker import' for it")
    try:
        data = _bytes_of(file, name)
    except Broken as broken:
        raise UnreadableSource(f"{name}: {str(broken).partition(';')[0]}; fetch it again") from broken
    except (OSError, ValueError) as error:
        raise UnreadableSource(f"{name}: cannot be read ({getattr(error, 'strerror', None) or error})") from error
    if len(data) > SIZE_LIMIT:
        raise UnreadableSource(f"{name}: more than {SIZE_LIMIT / 1e6:g} MB; examine it in parts")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableSource(f"{name}: byte {error.start + 1:,} is not UTF-8; save it as UTF-8") from error


def _bytes_of(file: Path, name: str) -> bytes:
    """The bytes of a file, unpacked, or of standard input; of too many, more than the limit."""
    from tracker.claimreview.streams import bytes_of

    if str(file) == "-":
        if sys.stdin is None:  # closed, as under cron
            raise UnreadableSource(f"{name}: it is closed; name a file instead")
        data = sys.stdin.buffer.read(SIZE_LIMIT + 1)
        if data.startswith(b"\x1f\x8b"):
            raise UnreadableSource(f"{name}: packed by gzip; name the file, or unpack it with gunzip")
        return data
    if file.exists() and not file.is_file():  # to open a pipe or a device may block for ever
        raise UnreadableSource(f"{name}: not a regular file; name a file")
    unpacked = bytearray()
    for piece in bytes_of(file):
        unpacked += piece
        if len(unpacked) > SIZE_LIMIT:
            break
    return bytes(unpacked)


def _summary(found: list[tuple[str, Examined]]) -> str:
    reviews, errors = (sum(getattr(one, name) for _, one in found) for name in ("reviews", "errors"))
    warnings = sum(len(one.messages) for _, one in found) - errors
    told = _counted(errors, "error") if errors else "no errors"
    return f"{_counted(reviews, 'review')}, {told}" + (f", {_counted(warnings, 'warning')}" if warnings else "")


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' * (number != 1)}"


def _as_json(found: list[tuple[str, Examined]]) -> dict[str, Any]:
    return {
        "reviews": sum(one.reviews for _, one in found),
        "errors": sum(one.errors for _, one in found),
        "messages": [
            {
                "file": message.where,
                "line": message.line,
                "path": message.path,
                "severity": message.severity.value,
                "text": message.text,
            }
            for _, one in found
            for message in one.messages
        ],
    }
