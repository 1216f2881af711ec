"""A copy of a database: one state of it while others write, whole or not there, never over a file that is there."""

from __future__ import annotations

import errno
import filecmp
import os
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.progress import silent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.progress import Progress

PAGES_A_STEP = 1024
_MALFORMED = "database disk image is malformed"


@contextmanager
def snapshot(source: sqlite3.Connection, folder: Path, progress: Progress = silent) -> Iterator[Path]:
    """Copy what `source` sees now into `folder`, in a hidden folder of its own that is gone when the block ends.

    The copy is one file without side files, so that it can be read where nothing can be written. Raises OSError,
    sqlite3.Error.
    """
    with tempfile.TemporaryDirectory(prefix=".tracker-", dir=folder, ignore_cleanup_errors=True) as name:
        copy = Path(name) / "copy.db"
        with closing(sqlite3.connect(copy, isolation_level=None)) as target:
            target.execute("PRAGMA synchronous = OFF")  # `place` syncs it once, before it gets its name
            _copy_pages(source, target, progress)
            target.execute("PRAGMA journal_mode = DELETE")
        original = source.execute("PRAGMA database_list").fetchone()[2]
        copy.chmod(Path(original).stat().st_mode & 0o666 | 0o600)  # whoever may read the store may read its copy
        yield copy


def check(copy: Path) -> None:
    """Let SQLite look at every page of a copy. Raises sqlite3.DatabaseError with the first thing that is wrong."""
    with closing(sqlite3.connect(copy, isolation_level=None)) as conn:
        found: str = conn.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        msg = f"{_MALFORMED}: {' '.join(found.split())}"
        raise sqlite3.DatabaseError(msg)


def is_damage(error: BaseException | None) -> bool:
    """True where SQLite says that a file's bytes are not a sound database, whatever is tried with it."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB} or _MALFORMED in str(error)


def place(copy: Path, target: Path) -> None:
    """Give a copy its name once its bytes are on disk. Raises FileExistsError where there is a file, OSError."""
    settle(copy)
    try:
        os.link(copy, target)  # unlike a rename, it refuses to replace
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
        copy.rename(target)
    settle(target.parent)


def keep(source: sqlite3.Connection, wished: Path, *, sound: bool = False) -> Path:
    """Put a copy of what `source` sees beside it as `wished` (a `.bak`), or under the next free number; return where.

    One that is there and holds the same is not made again. `sound`: only a copy that passes `check` counts. Raises
    OSError, sqlite3.Error.
    """
    with snapshot(source, wished.parent) as copy:
        if sound:
            check(copy)
        for name in free_names(wished):
            if name.is_file() and filecmp.cmp(name, copy, shallow=False):
                return name
            if not os.path.lexists(name):
                place(copy, name)
                return name
    raise AssertionError


def free_names(wished: Path) -> Iterator[Path]:
    """A file's name, then the same with 2, 3, ... before its suffix."""
    yield wished
    for number in count(2):
        yield wished.with_name(f"{wished.stem}.{number}{wished.suffix}")


def settle(path: Path) -> None:
    """Wait until a file, or what a folder lists, is on disk. Raises OSError."""
    if path.is_dir() and os.name == "nt":  # folders cannot be opened there
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _copy_pages(source: sqlite3.Connection, target: sqlite3.Connection, progress: Progress) -> None:
    """Copy one state of the database in steps; a transaction holds it, or each write would start the copy over."""
    begun = not source.in_transaction
    if begun:
        source.execute("BEGIN")
    try:
        pages: int = source.execute("PRAGMA page_count").fetchone()[0]
        left = pages
        with progress("copying", pages) as advance:

            def told(_status: int, remaining: int, _total: int) -> None:
                nonlocal left
                advance(left - remaining)
                left = remaining

            source.backup(target, pages=PAGES_A_STEP, progress=told)
    finally:
        if begun and source.in_transaction:
            source.execute("ROLLBACK")
