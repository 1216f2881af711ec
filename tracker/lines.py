"""The lines of a text file that somebody names, each with where it stands, and a file that is written whole or not."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from tracker.errors import UnreadableSource, UsageProblem
from tracker.records import text_lines, too_long

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


def read_lines(path: Path) -> Iterator[tuple[str, str]]:
    """The lines of a UTF-8 file that hold anything, each with its `file:line`, as they are asked for.

    Raises UnreadableSource: no regular file, nothing in it, bytes that are no text, a line of millions of characters.
    """
    try:
        if path.is_dir():
            msg = f"{path}: a folder; name a file"
            raise UnreadableSource(msg)
        if path.exists() and not path.is_file():  # to open a pipe or a device may block for ever
            msg = f"{path}: not a regular file; save its content in one"
            raise UnreadableSource(msg)
        where = ""
        with path.open(encoding="utf-8-sig") as file:
            for number, line in text_lines(file):
                where = f"{path}:{number}"
                if line is None:
                    msg = f"{where}: {too_long()}"
                    raise UnreadableSource(msg)
                yield where, line
    except UnicodeDecodeError as error:
        msg = f"{path}: not UTF-8 text; save it as UTF-8"
        raise UnreadableSource(msg) from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        msg = f"{path}: cannot be read ({getattr(error, 'strerror', None) or error})"
        raise UnreadableSource(msg) from error
    if not where:
        msg = f"{path}: empty"
        raise UnreadableSource(msg)


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Write a UTF-8 file, replacing one that is there, as a whole or not at all. Raises UnreadableSource."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with fresh.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in lines)
        fresh.replace(path)
    except (OSError, ValueError) as error:
        raise unwritable(path, error) from error
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)


def require_writable(path: Path, taken: Iterable[Path | None] = ()) -> None:
    """Make sure that a file could be written there, before the work that fills it.

    Raises UnreadableSource; UsageProblem for one of the files `taken`, which the same work reads or writes.
    """
    if path.resolve() in {other.resolve() for other in taken if other}:
        msg = f"{path}: is used by this very command; name another file to write to"
        raise UsageProblem(msg)
    if path.is_dir() or not path.name:
        msg = f"{path}: a folder; name a file"
        raise UnreadableSource(msg)
    if not path.parent.is_dir():
        msg = f"{path}: cannot be written (there is no folder {path.parent}); make it first"
        raise UnreadableSource(msg)
    if not os.access(path.parent, os.W_OK):
        msg = f"{path}: cannot be written (the folder {path.parent} is read-only)"
        raise UnreadableSource(msg)


def unwritable(path: Path, error: Exception) -> UnreadableSource:
    """The error for a file that cannot be written."""
    return UnreadableSource(f"{path}: cannot be written ({getattr(error, 'strerror', None) or error})")
