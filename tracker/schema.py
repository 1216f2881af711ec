"""Open a store's file: refuse what is not ours, bring ours up to date, set SQLite the way the store needs it.

What looks at the file and then acts on what it saw does both in one transaction: other processes open it too. Before a
store is brought up to date it is copied beside, as `<store>.before-<script>.bak`.

The scripts in `db/migrations` are applied by sqlite-utils, which brings numpy with it; so a store that is up to date is
recognised by one plain query, and sqlite-utils is imported only to change one.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from tracker import copies, events
from tracker.errors import StoreDamaged, StoreTooNew, TrackerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    Object = tuple[str, str]  # "table", "index", "trigger" or "view", and its name

APPLICATION_ID = 0x434C4D54  # "CLMT", written by the first migration
MIGRATION_SET = "claim-tracker"
BUSY_TIMEOUT_S = 30.0
OLDEST_SQLITE = (3, 37, 0)  # STRICT tables
_PAUSE_S = 0.01

log = logging.getLogger(__name__)


def migration_scripts() -> list[Path]:
    """The migrations in the order to apply them: from the package's own `db/`, else from the checkout's."""
    here = Path(__file__).resolve().parent
    for root in (here, here.parent):
        scripts = sorted((root / "db" / "migrations").glob("*.sql"))
        if scripts:
            return scripts
    msg = f"{here}: the folder db/migrations is missing; install the package again"
    raise StoreDamaged(msg)


def connect(path: Path) -> sqlite3.Connection:
    """Open the store at `path`, made if there is none, migrated and checked; one that may not be written, to read.

    Raises StoreDamaged (not a store, damaged, not readable), StoreTooNew.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        msg = f"SQLite {sqlite3.sqlite_version} is too old; the store needs 3.37 or later"
        raise StoreDamaged(msg)
    make_room(path)
    try:
        return _open(path.absolute())  # absolute: SQLite reads `:memory:` and `file:` as something else
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise damaged(path, error) from error


def connect_as_is(path: Path, *, or_empty: bool = False) -> sqlite3.Connection:
    """Open a store that is there, of whatever schema, to copy from it or over it; nothing is made or migrated.

    `or_empty`: an empty file will do. Raises StoreDamaged (none there, not a store, damaged, not readable).
    """
    path = path.absolute()
    try:
        conn = sqlite3.connect(_address(path, "mode=rw"), uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None)
        try:
            application, tables, _ = _read_state(conn)
        except sqlite3.OperationalError as error:
            conn.close()
            if not (path.exists() and "unable to open" in str(error)):
                raise
            conn = _open_immutable(path)
            application, tables, _ = _read_state(conn)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise damaged(path, error) from error
    if application != APPLICATION_ID and not (or_empty and not tables):
        conn.close()
        msg = f"{path}: not a claim store"
        raise StoreDamaged(msg)
    return conn


def damaged(path: Path, error: sqlite3.Error | UnicodeDecodeError) -> TrackerError:
    """The one line that tells a user what SQLite found wrong with the store, and what to try.

    Where SQLite's complaint quotes damaged bytes, Python cannot read it, and its own complaint comes instead.
    """
    text = str(error)
    if "readonly" in text or "read-only" in text:
        return StoreDamaged(f"{path}: the store is read-only; copy it, or use another with --store")
    if "locked" in text or "busy" in text:
        return StoreDamaged(f"{path}: another process is writing to the store; try again")
    if "full" in text:
        return StoreDamaged(f"{path}: the disk is full; what was not acknowledged is not stored")
    if "disk I/O error" in text:
        return StoreDamaged(f"{path}: the disk is full or failing ({text}); what was not acknowledged is not stored")
    if "not a database" in text:
        return StoreDamaged(f"{path}: not a claim store (not an SQLite file); use another with --store")
    return StoreDamaged(
        f"{path}: the store cannot be used ({text}); 'tracker doctor' tells what is wrong, --fix mends it if it can"
    )


def make_room(path: Path) -> None:
    """Make the store's folder; refuse a path where SQLite could put no file or no side file."""
    try:
        if path.is_dir():
            msg = f"{path}: a folder, not a store; name a file with --store"
            raise StoreDamaged(msg)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_name(path.name + "-journal").exists()  # the longest name that SQLite will use
    except (OSError, ValueError) as error:
        msg = f"{path}: no store can be here ({getattr(error, 'strerror', None) or error}); name another with --store"
        raise StoreDamaged(msg) from error


def _open(path: Path) -> sqlite3.Connection:
    conn = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
    try:
        if pending(conn, path):
            _migrate(conn, path)
        configure(conn)
    except sqlite3.OperationalError as error:
        conn.close()
        if path.exists() and ("unable to open" in str(error) or "readonly" in str(error)):
            return _open_unwritable(path)
        raise
    except BaseException:
        conn.close()
        raise
    return conn


def _open_unwritable(path: Path) -> sqlite3.Connection:
    """Open a store in a folder where SQLite may not put its side files; it is then read as it stands."""
    conn = _open_immutable(path)
    if pending(conn, path):
        conn.close()
        msg = f"{path}: the store is read-only and must be brought up to date first; copy it to where it can be written"
        raise StoreDamaged(msg)
    return conn


def _open_immutable(path: Path) -> sqlite3.Connection:
    log_file = path.with_name(path.name + "-wal")
    if log_file.exists() and log_file.stat().st_size:
        msg = (
            f"{path}: read-only, with writes not yet merged in {log_file.name};"
            " copy both files to where they can be written"
        )
        raise StoreDamaged(msg)
    return sqlite3.connect(_address(path, "immutable=1"), uri=True, isolation_level=None)


def _address(path: Path, option: str) -> str:
    return f"file:{quote(os.fsencode(path))}?{option}"


def configure(conn: sqlite3.Connection) -> None:
    """Set a connection the way the store needs it. Raises sqlite3.Error."""
    conn.execute("PRAGMA foreign_keys = ON")
    conn.execute("PRAGMA recursive_triggers = ON")
    conn.execute("PRAGMA synchronous = FULL")  # an acknowledged verdict survives a pulled plug
    give_up = time.monotonic() + BUSY_TIMEOUT_S
    while conn.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            conn.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "readonly" in str(error):
                return
            if "locked" not in str(error) or time.monotonic() > give_up:
                raise
            time.sleep(_PAUSE_S)  # SQLite waits for every lock but this one
        else:
            return


def _read_state(conn: sqlite3.Connection) -> tuple[int, int, set[str]]:
    """The file's application id, how much its schema holds, and the scripts it has had: all of one moment."""
    with _one_moment(conn):
        application: int = conn.execute("PRAGMA application_id").fetchone()[0]
        tables: int = conn.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        applied: set[str] = set()
        if conn.execute("SELECT 1 FROM sqlite_schema WHERE name = '_sqlite_migrations'").fetchone():
            rows = conn.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = ?", [MIGRATION_SET])
            applied = {row[0] for row in rows}
    return application, tables, applied


@contextmanager
def _one_moment(conn: sqlite3.Connection) -> Iterator[None]:
    """All reads within see the file as it is at the first."""
    if conn.in_transaction:
        yield
        return
    conn.execute("BEGIN")
    try:
        yield
    finally:
        if conn.in_transaction:
            conn.execute("ROLLBACK")


def pending(conn: sqlite3.Connection, path: Path) -> list[Path]:
    """The scripts that this store has not had yet, in order; all of them for an empty file, a store to be.

    Raises StoreDamaged for an SQLite file that holds something else, StoreTooNew, sqlite3.Error.
    """
    application, tables, applied = _read_state(conn)
    if tables and application != APPLICATION_ID:
        msg = f"{path}: an SQLite file, but not a claim store; use another with --store"
        raise StoreDamaged(msg)
    scripts = migration_scripts()
    known = {script.stem for script in scripts}
    if not applied <= known:
        msg = f"{path}: made by a newer tracker ({max(applied - known)}); update this one, the store was not touched"
        raise StoreTooNew(msg)
    return [script for script in scripts if script.stem not in applied]


def _migrate(conn: sqlite3.Connection, path: Path) -> None:
    """Bring the store up to date in one transaction; a process that came second finds nothing left to do."""
    kept: Path | None = None
    conn.execute("BEGIN IMMEDIATE")
    try:
        scripts = pending(conn, path)
        if scripts:
            is_new = len(scripts) == len(migration_scripts())
            kept = None if is_new else _keep(path, scripts[0])
            _apply(conn, path, scripts)
        conn.execute("COMMIT")
    except BaseException:
        if conn.in_transaction:
            conn.execute("ROLLBACK")
        raise
    if kept:
        log.warning("%s: brought up to date (%s); as it was before: %s", path, scripts[-1].stem, kept)


def _keep(path: Path, script: Path) -> Path:
    """Copy the store as it is before a script, by another connection, which sees nothing of this one's transaction."""
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None)) as committed:
            return copies.keep(committed, path.with_name(f"{path.name}.before-{script.stem}.bak"), sound=True)
    except (OSError, sqlite3.Error) as error:
        why = getattr(error, "strerror", None) or error
        msg = (
            f"{path}: must be brought up to date, and no copy could be put beside it first ({why}); it was not touched"
        )
        raise StoreDamaged(msg) from error


def _apply(conn: sqlite3.Connection, path: Path, scripts: list[Path]) -> None:
    from sqlite_utils import Database, Migrations

    def applying(script: Path) -> Callable[[Database], None]:
        def apply(db: Database) -> None:
            try:
                for statement in statements(script.read_text(encoding="utf-8")):
                    db.conn.execute(statement)
            except sqlite3.Error as error:
                msg = f"{path}: could not be brought up to date by {script.name} ({error}); it is as it was"
                raise StoreDamaged(msg) from error

        return apply

    events.register(conn)
    migrations = Migrations(MIGRATION_SET)
    for script in scripts:
        migrations(name=script.stem)(applying(script))
    migrations.apply(Database(conn, execute_plugins=False))


def statements(script: str) -> Iterator[str]:
    """The statements of an SQL script one by one, triggers whole.

    `executescript` would commit the transaction that the migration and its record share.
    """
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
    if pending.strip():
        yield pending


def made() -> dict[Object, str]:
    """What the migrations make, in the order of making."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as conn:
        events.register(conn)
        for script in migration_scripts():
            for statement in statements(script.read_text(encoding="utf-8")):
                conn.execute(statement)
        return objects(conn.execute)


def objects(ask: Callable[[str], Iterable[Sequence[str]]]) -> dict[Object, str]:
    """The statements that make what a file holds; FTS5's own tables by name only, each SQLite words them its way."""
    rows = ask(  # GLOB: in LIKE the _ stands for any character
        "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL"
        " AND name NOT GLOB 'sqlite_*' AND tbl_name NOT GLOB '_sqlite_*' ORDER BY rowid"
    )
    return {(kind, name): "" if kind == "table" and name.startswith("claims_fts_") else sql for kind, name, sql in rows}


def dump(conn: sqlite3.Connection) -> str:
    """The statements that make the store's tables as they are now, for `db/schema.sql`; FTS5's own tables left out."""
    rows = conn.execute(
        "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_sqlite_%'"
        " AND name NOT LIKE 'claims_fts_%' OR type = 'trigger' ORDER BY rowid"
    )
    return "-- Written by `make docs`; the migrations are what counts.\n\n" + "".join(f"{sql};\n\n" for (sql,) in rows)
