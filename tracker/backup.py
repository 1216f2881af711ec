"""Back a store up while it is in use, and put a backup back: whole or not at all, and nothing is lost by it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tracker import copies, schema
from tracker.errors import StoreDamaged, UnreadableSource, UsageProblem
from tracker.progress import silent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.progress import Progress

_KEPT = ".before-restore.bak"
_SIDE_FILES = ("-wal", "-shm", "-journal")
_CANNOT_WRITE = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What was written where: how much the copy holds, and the head of its event log.

    `last_event` is 0 for an empty log; `head` is that event's hash, None in a store from before events had one. `kept`
    is where a restore put what was there before.
    """

    path: Path
    claims: int
    verdicts: int
    last_event: int
    head: str | None
    kept: Path | None = None


def backup(store_path: Path, target: Path, *, progress: Progress = silent) -> BackupReport:
    """Write one state of the store, checked, to the new file `target`; others may read and write meanwhile.

    Raises UsageProblem for a target that is there or is the store's own, UnreadableSource where it cannot be written,
    StoreDamaged, StoreTooNew.
    """
    _refuse_own(target, store_path)
    if os.path.lexists(target):
        raise _taken(target)
    with closing(_open_known(store_path)) as source:
        try:
            with copies.snapshot(source, target.absolute().parent, progress) as copy:
                copies.check(copy)
                report = _report(copy, target)
                copies.place(copy, target)
        except FileExistsError as error:
            raise _taken(target) from error
        except OSError as error:
            msg = f"{target}: cannot be written ({error.strerror}); name another file"
            raise UnreadableSource(msg) from error
        except sqlite3.Error as error:
            if _cannot_write(error):
                msg = f"{target}: cannot be written ({error}); make room or name another file"
                raise UnreadableSource(msg) from error
            raise schema.damaged(store_path, error) from error
    return report


def restore(source: Path, store_path: Path, *, progress: Progress = silent) -> BackupReport:
    """Make the store what the backup `source` is; what it was before is kept as `<store>.before-restore.bak`.

    Processes that have the store open see the one or the other. A backup of an earlier schema is brought up to date
    when the store is next opened. Raises UsageProblem, UnreadableSource for no such file, StoreDamaged, StoreTooNew;
    the store is untouched then.
    """
    _refuse_own(source, store_path)
    if not source.is_file():
        msg = f"{source}: no such file; name a backup of a claim store"
        raise UnreadableSource(msg)
    schema.make_room(store_path)
    store = store_path.resolve()  # a link stays one
    with _sound_copy(source, store, progress) as fresh:
        report = _report(fresh, store_path)
        try:
            kept = _put(fresh, store)
        except (OSError, sqlite3.Error) as error:
            raise _not_restored(store_path, error) from error
    return replace(report, kept=kept)


def _refuse_own(path: Path, store: Path) -> None:
    try:
        own = {_beside(store, suffix).resolve() for suffix in ("", ".faiss", ".words", *_SIDE_FILES)}
        if path.resolve() in own or (path.exists() and store.exists() and path.samefile(store)):
            msg = f"{path}: belongs to the store itself; name another file"
            raise UsageProblem(msg)
    except (OSError, ValueError, RuntimeError) as error:  # closed, too long, with a NUL, a circle of links
        msg = f"{path}: cannot be reached ({getattr(error, 'strerror', None) or error})"
        raise UnreadableSource(msg) from error


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _taken(target: Path) -> UsageProblem:
    return UsageProblem(f"{target}: is there already; name another file")


def _not_restored(store: Path, error: OSError | sqlite3.Error) -> StoreDamaged:
    why = getattr(error, "strerror", None) or error
    return StoreDamaged(f"{store}: the backup could not be put back ({why}); the store is as it was")


def _cannot_write(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _CANNOT_WRITE


def _open_known(path: Path) -> sqlite3.Connection:
    """Open a store of this tracker's schema or an earlier one, to copy it. Raises StoreDamaged, StoreTooNew."""
    conn = schema.connect_as_is(path)
    try:
        schema.pending(conn, path)
    except BaseException:
        conn.close()
        raise
    return conn


def _report(copy: Path, path: Path) -> BackupReport:
    with closing(sqlite3.connect(copy, isolation_level=None)) as conn:
        claims, verdicts = conn.execute(
            "SELECT (SELECT count(*) FROM claims), (SELECT count(*) FROM verdicts)"
        ).fetchone()
        conn.row_factory = sqlite3.Row
        last = conn.execute("SELECT * FROM events ORDER BY id DESC LIMIT 1").fetchone()
    head = last["hash"] if last and "hash" in last.keys() else None  # noqa: SIM118 - a Row is searched by value
    return BackupReport(path, claims, verdicts, last["id"] if last else 0, head)


@contextmanager
def _sound_copy(source: Path, store: Path, progress: Progress) -> Iterator[Path]:
    """A copy of the backup beside the store, checked; what is put back is what was checked."""
    with closing(_open_known(source)) as conn:
        try:
            with copies.snapshot(conn, store.parent, progress) as copy:
                copies.check(copy)
                conn.close()
                yield copy
        except OSError as error:
            raise _not_restored(store, error) from error
        except sqlite3.Error as error:
            raise (_not_restored(store, error) if _cannot_write(error) else schema.damaged(source, error)) from error


def _put(fresh: Path, store: Path) -> Path | None:
    """Put the copy in the store's place; where what was there is kept, None if nothing was."""
    if not os.path.lexists(store):
        _set_aside(store)
        try:
            copies.place(fresh, store)
        except FileExistsError:  # another process has made a store meanwhile
            return _replace_content(fresh, store)
        return None
    try:
        return _replace_content(fresh, store)
    except (StoreDamaged, sqlite3.Error) as error:
        if not (copies.is_damage(error) or copies.is_damage(error.__cause__)):
            raise
    return _replace_files(fresh, store)


def _replace_content(fresh: Path, store: Path) -> Path | None:
    """Write the copy's pages over the store's in one transaction of SQLite's, which others honour."""
    kept: Path | None = None
    with (
        closing(schema.connect_as_is(store, or_empty=True)) as live,
        closing(sqlite3.connect(fresh, isolation_level=None)) as source,
    ):
        schema.configure(live)
        (page_size,) = live.execute("PRAGMA page_size").fetchone()
        if source.execute("PRAGMA page_size").fetchone()[0] != page_size:  # a store in WAL mode keeps its own
            source.execute(f"PRAGMA page_size = {page_size}")
            source.execute("VACUUM")

        def locked(status: int, remaining: int, _total: int) -> None:
            nonlocal kept
            if status == sqlite3.SQLITE_BUSY:  # after as long as SQLite waits; Python would try again for ever
                msg = "database is locked"
                raise sqlite3.OperationalError(msg)
            if kept is None and remaining:  # from the first step on nobody else can write, so nothing is lost between
                with closing(sqlite3.connect(store, isolation_level=None)) as committed:
                    if committed.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                        kept = copies.keep(committed, _beside(store, _KEPT))

        pages: int = source.execute("PRAGMA page_count").fetchone()[0]
        source.backup(live, pages=min(copies.PAGES_A_STEP, pages - 1), progress=locked)  # in two steps at the least
    return kept


def _replace_files(fresh: Path, store: Path) -> Path | None:
    """Put the copy where a file is that SQLite cannot read; that one is kept as it is."""
    kept = _set_aside(store)
    copies.settle(fresh)
    fresh.replace(store)
    copies.settle(store.parent)
    return kept


def _set_aside(store: Path) -> Path | None:
    """Copy the store's file to a free name, if there is one; side files, which would spoil a new one, move there."""
    parts = ("", *_SIDE_FILES)
    names = copies.free_names(_beside(store, _KEPT))
    kept = next(name for name in names if not any(os.path.lexists(_beside(name, part)) for part in parts))
    is_there = os.path.lexists(store)
    if is_there:
        with tempfile.TemporaryDirectory(prefix=".tracker-", dir=store.parent, ignore_cleanup_errors=True) as folder:
            copies.place(Path(shutil.copy2(store, folder)), kept)
    for part in _SIDE_FILES:
        if os.path.lexists(_beside(store, part)):
            _beside(store, part).rename(_beside(kept, part))
    return kept if is_there else None
