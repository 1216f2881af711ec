"""Backups: one whole state of a store that is in use, and put back so that nothing is lost or half done."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.killing import killed
from tests.test_migrations import OLD, missing, read
from tracker import copies, events, schema
from tracker.backup import BackupReport, backup, restore
from tracker.errors import StoreDamaged, StoreTooNew, TrackerError, UnreadableSource, UsageProblem
from tracker.models import NewClaim, NewVerdict
from tracker.pipeline import Tracker
from tracker.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KEPT = "desk.db.before-restore.bak"


def fill(path: Path, *texts: str) -> Path:
    with Store.open(path) as store:
        for text in texts:
            store.verdicts.add(store.add_claim(NewClaim(text)).id, NewVerdict("False", publisher="Our desk"))
    return path


def texts(path: Path) -> list[str]:
    """The claims in a store, in a file of which nothing is changed; the file must be sound."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as conn:
        assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert conn.execute("PRAGMA foreign_key_check").fetchall() == []
        return [text for (text,) in conn.execute("SELECT text FROM claims ORDER BY id")]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A store with one claim, in a folder of its own."""
    (tmp_path / "desk").mkdir()
    return fill(tmp_path / "desk" / "desk.db", "The moon is made of cheese.")


@pytest.fixture
def saved(desk: Path, tmp_path: Path) -> Path:
    """A backup of it, made before the store got its second claim."""
    backup(desk, tmp_path / "saved.db")
    fill(desk, "It rains.")
    return tmp_path / "saved.db"


# --- backup -----------------------------------------------------------------------------------------------------------


def test_a_backup_holds_what_the_store_holds(desk: Path, tmp_path: Path) -> None:
    """Every row, in one file without side files; the report tells what is in it and the head of its log."""
    target = tmp_path / "saved.db"
    report = backup(desk, target)
    held = read(target)
    assert held == read(desk)
    last = held["events"][-1]
    assert report == BackupReport(target, 1, 1, last["id"], last["hash"])
    assert events.first_break([events.Event(**row) for row in held["events"]]) is None
    assert names(tmp_path) == ["desk", "saved.db"]
    with closing(sqlite3.connect(f"file:{target}?mode=ro", uri=True)) as conn:
        assert conn.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_a_backup_is_a_store(desk: Path, tmp_path: Path) -> None:
    """It can be used as it is."""
    with Tracker.open(desk) as tracker:
        tracker.embed()
    backup(desk, tmp_path / "saved.db")
    with Tracker.open(tmp_path / "saved.db") as tracker:
        assert tracker.search("The moon is made of cheese.").matches[0].claim.id == 1


def test_a_backup_of_a_store_that_others_write_to_is_one_state_of_it(
    desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written between two of its steps is not in it, neither whole nor in part; nobody has to wait."""
    monkeypatch.setattr(copies, "PAGES_A_STEP", 5)
    with Store.open(desk) as store:

        @contextmanager
        def writing_meanwhile(label: str, total: int | None) -> Iterator[Callable[[int], None]]:
            assert (label, bool(total)) == ("copying", True)

            def write(_steps: int) -> None:
                store.add_claim(NewClaim("It rains.", title="x" * 9000))

            yield write

        report = backup(desk, tmp_path / "saved.db", progress=writing_meanwhile)
        assert store.claim_count() > 5
    assert report.claims == 1
    assert texts(tmp_path / "saved.db") == ["The moon is made of cheese."]


def test_backups_while_another_process_writes(desk: Path, tmp_path: Path) -> None:
    """Each is sound, each claim in it has its verdict, and each holds at least what the one before holds."""
    code = (
        "import sys, pathlib; from tracker.store import Store; from tracker.models import NewClaim, NewVerdict\n"
        "store = Store.open(pathlib.Path(sys.argv[1]))\n"
        "for number in range(10**6):\n"
        "    with store.writing():\n"
        "        claim = store.add_claim(NewClaim(f'Claim {number}.'))\n"
        "        store.verdicts.add(claim.id, NewVerdict('False', publisher='Our desk'))\n"
    )
    writer = subprocess.Popen([sys.executable, "-c", code, str(desk)])
    try:
        reports = [backup(desk, tmp_path / f"{number}.db") for number in range(30)]
        assert writer.poll() is None
    finally:
        writer.kill()
        writer.wait()
    for report in reports:
        assert len(texts(report.path)) == report.claims == report.verdicts
    counts = [report.claims for report in reports]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_progress_counts_the_pages(desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them, in steps."""
    monkeypatch.setattr(copies, "PAGES_A_STEP", 7)
    seen: list[int] = []

    @contextmanager
    def watching(label: str, total: int | None) -> Iterator[Callable[[int], None]]:
        seen.append(total or 0)
        assert label
        yield seen.append

    backup(desk, tmp_path / "saved.db", progress=watching)
    assert len(seen) > 3
    assert sum(seen[1:]) == seen[0]


@pytest.mark.parametrize(
    "name", ["desk.db", "desk.db.faiss", "desk.db-wal", "desk.db-shm", "link.db", "../desk/desk.db"]
)
def test_a_backup_is_not_written_over_the_store(desk: Path, name: str) -> None:
    """Nor over its index, nor where SQLite puts its side files."""
    (desk.parent / "link.db").symlink_to(desk)
    with pytest.raises(UsageProblem, match="store itself"):
        backup(desk, desk.parent / name)
    assert texts(desk) == ["The moon is made of cheese."]


def test_a_backup_replaces_no_file(desk: Path, tmp_path: Path) -> None:
    """A target that is there stays as it is: another name is asked for."""
    target = tmp_path / "thesis.txt"
    target.write_text("A year's work.", encoding="utf-8")
    with pytest.raises(UsageProblem, match="name another file") as caught:
        backup(desk, target)
    assert caught.value.exit_code == 2
    assert target.read_text(encoding="utf-8") == "A year's work."


def test_a_file_that_appears_meanwhile_is_not_replaced_either(desk: Path, tmp_path: Path) -> None:
    """Even if another program writes it while the backup is made."""
    target = tmp_path / "saved.db"

    @contextmanager
    def somebody_writes(label: str, total: int | None) -> Iterator[Callable[[int], None]]:  # noqa: ARG001 - the protocol's
        target.write_text("mine", encoding="utf-8")
        yield lambda _steps: None

    with pytest.raises(UsageProblem, match="is there already"):
        backup(desk, target, progress=somebody_writes)
    assert target.read_text(encoding="utf-8") == "mine"
    assert names(tmp_path) == ["desk", "saved.db"]


def test_a_backup_of_no_store(tmp_path: Path) -> None:
    """No store, an empty file, a text, somebody else's database: one line, and nothing is written."""
    (tmp_path / "empty.db").touch()
    (tmp_path / "notes.db").write_text("just some text\n" * 200, encoding="utf-8")
    with closing(sqlite3.connect(tmp_path / "other.db")) as conn, conn:
        conn.execute("CREATE TABLE moz_places (url TEXT)")
    before = names(tmp_path)
    for name in ("none.db", "empty.db", "notes.db", "other.db"):
        with pytest.raises(StoreDamaged, match=name) as caught:
            backup(tmp_path / name, tmp_path / "saved.db")
        assert "\n" not in str(caught.value)
    assert names(tmp_path) == before


def test_a_damaged_store_gives_no_backup(desk: Path, tmp_path: Path) -> None:
    """A backup that is no good must not look like one."""
    spoil(desk, "verdicts")
    with pytest.raises(StoreDamaged, match="malformed"):
        backup(desk, tmp_path / "saved.db")
    assert names(tmp_path) == ["desk"]


def spoil(path: Path, table: str) -> None:
    """Overwrite the first page of a table with what is no page."""
    with closing(sqlite3.connect(path)) as conn:
        (root,) = conn.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", [table]).fetchone()
    with path.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(b"\xff" * 4096)


def test_a_backup_that_cannot_be_written(desk: Path, tmp_path: Path) -> None:
    """No such folder, a name too long: one line, exit code 4."""
    for target in (tmp_path / "nowhere" / "saved.db", tmp_path / ("x" * 300)):
        with pytest.raises(UnreadableSource, match=r"cannot be (written|reached)") as caught:
            backup(desk, target)
        assert "\n" not in str(caught.value)
    assert names(tmp_path) == ["desk"]


LIMITED = """
import pathlib, resource, sys
from tracker import backup, errors, schema
import sqlite_utils
resource.setrlimit(resource.RLIMIT_FSIZE, (70_000, 70_000))
try:
    getattr(backup, sys.argv[1])(*map(pathlib.Path, sys.argv[2:]))
except errors.TrackerError as error:
    print(error)
    sys.exit(error.exit_code)
"""


def limited(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Back up or restore where no file may grow."""
    return subprocess.run(
        [sys.executable, "-c", LIMITED, *map(str, arguments)], capture_output=True, text=True, check=False
    )


def test_without_room_there_is_no_half_backup(desk: Path, tmp_path: Path) -> None:
    """One line, exit code 4, and no file of that name."""
    done = limited("backup", desk, tmp_path / "saved.db")
    assert (done.returncode, done.stderr) == (4, "")
    assert "cannot be written" in done.stdout
    assert done.stdout.count("\n") == 1
    assert names(tmp_path) == ["desk"]


def test_a_kill_at_any_point_of_a_backup(desk: Path, tmp_path: Path) -> None:
    """There is the whole backup or none, and the store is as it was."""
    folder = tmp_path / "killed"
    folder.mkdir()
    left = killed("backup.backup(here / 'desk.db', here / 'saved.db')", desk.parent, folder, every=3)
    assert len(left) > 30
    for here in left:
        assert texts(here / "desk.db") == ["The moon is made of cheese."]
        if (here / "saved.db").exists():
            assert texts(here / "saved.db") == ["The moon is made of cheese."]
        backup(here / "desk.db", here / "next.db")
    assert not (left[0] / "saved.db").exists()
    assert names(left[-1]) == ["desk.db", "next.db", "saved.db"]


# --- restore ----------------------------------------------------------------------------------------------------------


def test_a_restore_puts_the_backup_in_the_stores_place(desk: Path, saved: Path) -> None:
    """The store is what the backup is; what it was is kept beside it."""
    was = read(desk)
    report = restore(saved, desk)
    assert read(desk) == read(saved)
    kept = desk.with_name(KEPT)
    assert read(kept) == was
    last = read(saved)["events"][-1]
    assert report == BackupReport(desk, 1, 1, last["id"], last["hash"], kept)
    assert names(desk.parent) == ["desk.db", KEPT]
    assert texts(saved) == ["The moon is made of cheese."]
    again = fill(desk, "Snow is black.")
    assert texts(again) == ["The moon is made of cheese.", "Snow is black."]


def test_each_restore_keeps_what_was_there(desk: Path, saved: Path) -> None:
    """An earlier copy is never overwritten; the very same one is not made twice."""
    kept = [restore(saved, desk).kept]
    for text in ("Snow is black.", "Grass is blue."):
        fill(desk, text)
        kept.append(restore(saved, desk).kept)
    assert [path and path.name for path in kept] == [
        KEPT,
        "desk.db.before-restore.2.bak",
        "desk.db.before-restore.3.bak",
    ]
    assert [texts(path)[-1] for path in kept if path] == ["It rains.", "Snow is black.", "Grass is blue."]


def test_a_restore_where_there_is_no_store(saved: Path, tmp_path: Path) -> None:
    """It makes one, folder and all; there is nothing to keep. An empty file counts as none."""
    for target in (tmp_path / "new" / "desk.db", tmp_path / "empty.db"):
        if target.name == "empty.db":
            target.touch()
        assert restore(saved, target).kept is None
        assert texts(target) == ["The moon is made of cheese."]
    assert names(tmp_path / "new") == ["desk.db"]


def test_a_stale_log_beside_no_store_does_not_spoil_the_restored_one(desk: Path, saved: Path) -> None:
    """Somebody deleted the store and left its write-ahead log: SQLite would mix it into the new file."""
    code = (
        "import os, sqlite3, sys; conn = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "conn.execute(\"INSERT INTO settings VALUES ('note', 'last words')\"); os._exit(1)"
    )
    subprocess.run([sys.executable, "-c", code, str(desk)], check=False)
    desk.unlink()
    assert desk.with_name("desk.db-wal").stat().st_size
    restore(saved, desk)
    with closing(sqlite3.connect(desk)) as conn:
        assert conn.execute("SELECT * FROM settings WHERE key = 'note'").fetchall() == []
    assert read(desk) == read(saved)


def test_processes_that_have_the_store_open_see_the_old_or_the_new_one(desk: Path, saved: Path) -> None:
    """A reader in the middle of a transaction keeps its state; after it, and for writers, the store is the new one."""
    with Store.open(desk) as store, closing(schema.connect(desk)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM claims").fetchone() == (2,)
        restore(saved, desk)
        assert reader.execute("SELECT count(*) FROM claims").fetchone() == (2,)
        reader.execute("COMMIT")
        assert reader.execute("SELECT count(*) FROM claims").fetchone() == (1,)
        assert store.claim_count() == 1
        assert store.add_claim(NewClaim("Snow is black.")).id == 2
    assert texts(desk) == ["The moon is made of cheese.", "Snow is black."]


def test_no_verdict_of_another_process_is_lost_in_a_restore(
    desk: Path, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What others add up to it is in the kept copy, what they add after it is in the store: they wait meanwhile."""
    keep = copies.keep
    added = threading.Event()

    def add() -> None:
        fill(desk, "Snow is black.")
        added.set()

    writer = threading.Thread(target=add)

    def while_another_writes(*arguments: object, **options: bool) -> Path:
        kept = keep(*arguments, **options)  # type: ignore[arg-type]
        writer.start()
        assert not added.wait(0.3)
        return kept

    monkeypatch.setattr(copies, "keep", while_another_writes)
    report = restore(saved, desk)
    writer.join()
    assert report.kept
    assert texts(report.kept) == ["The moon is made of cheese.", "It rains."]
    assert texts(desk) == ["The moon is made of cheese.", "Snow is black."]


def test_a_restore_waits_for_a_writer_and_not_for_ever(
    desk: Path, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the time that any write waits it is an error in one line."""
    monkeypatch.setattr(schema, "BUSY_TIMEOUT_S", 0.1)
    with closing(schema.connect(desk)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreDamaged, match="locked"):
            restore(saved, desk)
        writer.execute("ROLLBACK")
    assert names(desk.parent) == ["desk.db"]
    assert texts(desk) == ["The moon is made of cheese.", "It rains."]


@pytest.mark.parametrize("damage", ["text", "cut", "page 1", "schema"])
def test_a_damaged_store_is_replaced_and_its_files_are_kept(desk: Path, saved: Path, damage: str) -> None:
    """Whatever it is now: it is kept, byte for byte, with its log, and the backup is put in its place."""
    content = desk.read_bytes()
    if damage == "schema":
        spoil(desk, "claims")
    else:
        desk.write_bytes(
            {"text": b"no database at all\n" * 999, "cut": content[:9000], "page 1": b"\0" * 4096 + content}[damage]
        )
    was = desk.read_bytes()
    if damage == "text":
        desk.with_name("desk.db-wal").write_bytes(b"what else was there")
    report = restore(saved, desk)
    assert report.kept == desk.with_name(KEPT)
    if damage != "schema":  # that one SQLite can still copy page by page
        assert report.kept.read_bytes() == was
    if damage == "text":
        assert desk.with_name(KEPT + "-wal").read_bytes() == b"what else was there"
    assert texts(desk) == ["The moon is made of cheese."]
    fill(desk, "Snow is black.")


def test_somebody_elses_database_is_not_replaced(saved: Path, tmp_path: Path) -> None:
    """A slip in --store costs nobody their history."""
    path = tmp_path / "places.sqlite"
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("CREATE TABLE moz_places (url TEXT)")
    before = path.read_bytes()
    with pytest.raises(StoreDamaged, match="not a claim store"):
        restore(saved, path)
    assert path.read_bytes() == before


def test_only_a_sound_claim_store_is_put_back(desk: Path, saved: Path, tmp_path: Path) -> None:
    """Not a text, not another database, not a damaged or a newer store; the store stays as it is."""
    (tmp_path / "folder.db").mkdir()
    (tmp_path / "notes.db").write_text("just some text\n" * 200, encoding="utf-8")
    with closing(sqlite3.connect(tmp_path / "other.db")) as conn, conn:
        conn.execute("CREATE TABLE moz_places (url TEXT)")
    spoil(Path(shutil.copyfile(saved, tmp_path / "damaged.db")), "verdicts")
    with closing(sqlite3.connect(shutil.copyfile(saved, tmp_path / "newer.db"))) as conn, conn:
        conn.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('claim-tracker', '0999_x', 'now')"
        )
    expected: list[tuple[str, type[TrackerError]]] = [
        ("none.db", UnreadableSource),
        ("folder.db", UnreadableSource),
        ("notes.db", StoreDamaged),
        ("other.db", StoreDamaged),
        ("damaged.db", StoreDamaged),
        ("newer.db", StoreTooNew),
    ]
    before = desk.read_bytes()
    for name, error in expected:
        with pytest.raises(error, match=name) as caught:
            restore(tmp_path / name, desk)
        assert "\n" not in str(caught.value)
    assert desk.read_bytes() == before
    assert names(desk.parent) == ["desk.db"]


def test_a_store_is_not_restored_from_itself(desk: Path) -> None:
    """Nor from its index, nor from another name of the same file."""
    os.link(desk, desk.with_name("twin.db"))
    for name in ("desk.db", "twin.db", "desk.db.faiss"):
        with pytest.raises(UsageProblem, match="store itself"):
            restore(desk.with_name(name), desk)


def test_a_backup_of_an_earlier_schema(desk: Path) -> None:
    """It is put back as it is, and brought up to date when the store is next opened, with all its rows."""
    report = restore(OLD, desk)
    assert report.head is None
    assert report.last_event == len(read(OLD)["events"])
    assert read(desk) == read(OLD)
    schema.connect(desk).close()
    assert missing(read(OLD), read(desk)) == []


def test_a_backup_with_other_pages(desk: Path, saved: Path) -> None:
    """Somebody's copy may have pages of another size than the store."""
    with closing(sqlite3.connect(saved, isolation_level=None)) as conn:
        conn.execute("PRAGMA page_size = 8192")
        conn.execute("VACUUM")
    restore(saved, desk)
    assert texts(desk) == ["The moon is made of cheese."]


def test_a_backup_that_may_only_be_read(desk: Path, saved: Path) -> None:
    """The restored store can be written all the same."""
    saved.chmod(0o444)
    desk.unlink()
    restore(saved, desk)
    assert desk.stat().st_mode & 0o200


def test_the_index_notices_a_restore(desk: Path, tmp_path: Path) -> None:
    """Its file stays as it was; answers come from what the store is now."""
    with Tracker.open(desk) as tracker:
        tracker.embed()
        backup(desk, tmp_path / "saved.db")
        tracker.add(NewClaim("It rains in Bergen."))
        assert tracker.search("It rains in Bergen.").matches[0].claim.id == 2
        restore(tmp_path / "saved.db", desk)
        assert [match.claim.id for match in tracker.search("It rains in Bergen.").matches] == [1]
        tracker.add(NewClaim("Snow is black."))
        assert tracker.search("Snow is black.").matches[0].claim.text == "Snow is black."


def test_without_room_nothing_is_restored(desk: Path, saved: Path) -> None:
    """One line, exit code 8; the store is as it was."""
    before = read(desk)
    done = limited("restore", saved, desk)
    assert (done.returncode, done.stderr) == (8, "")
    assert "could not be put back" in done.stdout
    assert done.stdout.count("\n") == 1
    assert read(desk) == before
    assert names(desk.parent) == ["desk.db"]


@pytest.mark.parametrize("damaged", [False, True])
def test_a_kill_at_any_point_of_a_restore(desk: Path, saved: Path, tmp_path: Path, damaged: bool) -> None:
    """There is the old store or the new one; what was there is in its place or kept; a restore after it works."""
    start = tmp_path / "start"
    shutil.copytree(desk.parent, start)
    shutil.copy(saved, start)
    if damaged:
        (start / "desk.db").write_bytes(b"no database at all\n" * 999)
    folder = tmp_path / "killed"
    folder.mkdir()
    left = killed("backup.restore(here / 'saved.db', here / 'desk.db')", start, folder, every=8)
    assert len(left) > 30
    old, new = ["The moon is made of cheese.", "It rains."], ["The moon is made of cheese."]
    seen = set()
    for here in left:
        was = (start / "desk.db").read_bytes() if damaged else old
        now = (here / "desk.db").read_bytes() if damaged else texts(here / "desk.db")
        is_old = now == was
        seen.add(is_old)
        if not is_old:
            assert texts(here / "desk.db") == new
            assert ((here / KEPT).read_bytes() if damaged else texts(here / KEPT)) == was
        restore(here / "saved.db", here / "desk.db")
        assert texts(here / "desk.db") == new
    assert seen == {True, False}
