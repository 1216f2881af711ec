"""Folders: the files in them, in the order of their names, sub-folders in their places."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tracker.errors import UnreadableSource
from tracker.sources import fail

if TYPE_CHECKING:
    from collections.abc import Iterator


def is_folder(source: str) -> bool:
    """Tell whether it is one; false for whatever cannot be asked."""
    return os.path.isdir(source)  # noqa: PTH112 - Path("") would be the folder


def files(folder: str) -> Iterator[str | UnreadableSource]:
    """Yield the paths of the files in a folder and below it; the error for a sub-folder that cannot be opened.

    Hidden ones are passed over, and links to folders are not followed: they may lead round in a circle.
    Raises UnreadableSource where the folder itself cannot be opened.
    """
    waiting = _entries(folder)
    while waiting:
        path, is_branch = waiting.pop()
        if not is_branch:
            yield path
            continue
        try:
            waiting += _entries(path)
        except UnreadableSource as error:
            yield error


def _entries(folder: str) -> list[tuple[str, bool]]:
    """The paths in one folder, the last first, each with whether it is a folder that is entered."""
    try:
        with os.scandir(folder) as entries:
            found = [
                (entry.path, entry.is_dir(follow_symlinks=False))
                for entry in entries
                if not entry.name.startswith(".") and (entry.is_dir(follow_symlinks=False) or not entry.is_dir())
            ]
    except OSError as error:
        fail(folder, error.strerror or str(error), "check the folder's access rights")
    return sorted(found, reverse=True)
