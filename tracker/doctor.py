"""The doctor of a store: examines everything that it rests on, and mends what follows from the rest.

What was said (claims, verdicts, evidence, feed ids, articles, appearances, events) is never mended, only reported:
a backup has it, or nothing does. What is mended: triggers and indexes from the migrations, merges, links, retractions
and the encoder from an event log that is whole, the words from the claims, vectors and the index file by making them
again.
"""

from __future__ import annotations

import re
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from itertools import dropwhile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tracker import audit, schema
from tracker.errors import StoreDamaged, TrackerError
from tracker.index import index_path, read_index, require_rows
from tracker.postings import postings_path
from tracker.postings.building import require_words
from tracker.progress import silent
from tracker.sealed import Outdated, Unusable
from tracker.vectors import NORM_TOLERANCE, chain_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tracker.progress import Progress
    from tracker.store import Store

MAX_PROBLEMS = 20  # of one check that are told one by one
_FIX = "'tracker doctor --fix' mends it"
_RESTORE = "'tracker restore' puts back a backup"
_BY_HAND = "it is not the tracker's; whoever made it decides"
_EMBED = "'tracker reindex' embeds them"
_BATCH = 2_000  # vectors read at a time
_OF_INDEX = re.compile(r"\bindex (\w+)$")
_WRITING = {"schema", "words"}  # checks that find out what can be written, so they are in no transaction yet
_OF_FTS = "FTS5 table"  # newer SQLites look at the words with the file; the check `words` does so with any SQLite

_WORDS = ("table", "claims_fts")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, in a line for the user; `hint` says what to do about it, where it is not mended."""

    what: str
    mended: bool = False
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """What one check found; `note` says why it was not made."""

    name: str
    problems: tuple[Problem, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What `examine` found, check by check, and how many claims have no vector now."""

    checks: tuple[Check, ...]
    missing: int = 0

    @property
    def sound(self) -> bool:
        """True where nothing is wrong, or nothing any more."""
        return all(problem.mended for check in self.checks for problem in check.problems)


def examine(
    store: Store, *, fix: bool = False, embed: Callable[[], object] | None = None, progress: Progress = silent
) -> Report:
    """Examine the store and its index; with `fix` mend what is derived, one transaction a check, and look again.

    `embed` is called where claims have no vector, once the bad ones are taken out. What SQLite refuses to read is a
    problem in the report, and the other checks go on. Raises StoreDamaged for `fix` on a store that cannot be written.
    """
    if fix:
        _write_nothing(store)
    found: dict[str, Check] = {}
    with progress("examining", len(_CHECKS)) as advance:
        for name in _CHECKS:
            found[name] = _look(store, name)
            if fix and found[name].problems:
                found[name] = _mend(store, found[name], embed)
            advance(1)
    if fix and any(check.problems for check in found.values()):
        found = {name: _compared(check, _look(store, name)) for name, check in found.items()}
    missing = 0
    with suppress(TrackerError):
        missing = len(store.vectors.missing())
    return Report(tuple(map(_shortened, found.values())), missing)


def _look(store: Store, name: str) -> Check:
    """Make one check."""
    if name == "words" and (reason := _unwritable(store)):  # FTS5 is asked by an INSERT that inserts nothing
        return Check(name, note=f"not examined: {reason}")
    problems: list[Problem] = []
    try:
        with store.reading() if name not in _WRITING else nullcontext():
            for problem in _CHECKS[name][0](store):
                problems.append(problem)  # noqa: PERF402 - those before an error count
    except TrackerError as error:
        problems.append(Problem(f"could not be examined to the end: {error}", hint=_RESTORE))
    return Check(name, tuple(problems))


def _mend(store: Store, check: Check, embed: Callable[[], object] | None) -> Check:
    """Mend what one check found, as far as that can be; where it fails, why becomes the hint."""
    mend = _CHECKS[check.name][1]
    try:
        if mend:
            with store.writing():
                mend(store)
        if embed and check.name == "vectors" and store.vectors.missing():
            embed()
    except (TrackerError, OSError) as error:
        return replace(check, problems=tuple(replace(problem, hint=str(error)) for problem in check.problems))
    return check


def _compared(before: Check, after: Check) -> Check:
    """What was found first, marked as mended where it is not found any more, and what is found only now."""
    left, known = {problem.what for problem in after.problems}, {problem.what for problem in before.problems}
    old = [one if one.what in left else replace(one, mended=True, hint=None) for one in before.problems]
    return replace(after, problems=(*old, *(one for one in after.problems if one.what not in known)))


def _shortened(check: Check) -> Check:
    shown, rest = check.problems[:MAX_PROBLEMS], check.problems[MAX_PROBLEMS:]
    if rest:
        shown += (Problem(f"and {len(rest):,} more", all(problem.mended for problem in rest)),)
    return replace(check, problems=shown)


# --- file and schema --------------------------------------------------------------------------------------------------


def _file(store: Store) -> Iterator[Problem]:
    """What SQLite finds wrong with the file's pages, rows and indexes."""
    for row in store.rows("PRAGMA integrity_check"):
        for line in str(row[0]).splitlines():
            if line != "ok" and _OF_FTS not in line:
                yield Problem(line, hint=_FIX if _OF_INDEX.search(line) else _RESTORE)


def _mend_file(store: Store) -> None:
    """Make the indexes anew that do not fit their tables."""
    found = {match[1] for problem in _file(store) if (match := _OF_INDEX.search(problem.what))}
    for name in sorted(found):
        store.rows(f'REINDEX "{name}"')


def _schema(store: Store) -> Iterator[Problem]:
    """How the tables, indexes and triggers differ from those that the migrations make, and the file's marks."""
    made, there = schema.made(), schema.objects(store.rows)
    for (kind, name), sql in made.items():
        hint = _FIX if kind in {"index", "trigger"} or (kind, name) == _WORDS else _RESTORE
        if (kind, name) not in there:
            yield Problem(f"{kind} {name}: missing", hint=hint)
        elif _words_of(sql) != _words_of(there[kind, name]):
            yield Problem(f"{kind} {name}: not as the migrations make it", hint=hint)
    for kind, name in there:
        if (kind, name) not in made:
            yield Problem(f"{kind} {name}: none that the migrations make", hint=_BY_HAND)
    if store.rows("PRAGMA application_id")[0][0] != schema.APPLICATION_ID:
        yield Problem("the file is not marked as a claim store", hint=_FIX)
    if store.rows("PRAGMA journal_mode")[0][0] != "wal" and not _unwritable(store):
        yield Problem("SQLite keeps no write-ahead log here", hint="put the store on a disk of this machine")


def _mend_schema(store: Store) -> None:
    """Make triggers and indexes anew where they are not as the migrations make them."""
    there = schema.objects(store.rows)
    for (kind, name), sql in schema.made().items():
        if kind in {"index", "trigger"} and _words_of(there.get((kind, name), "")) != _words_of(sql):
            store.rows(f'DROP {kind} IF EXISTS "{name}"')
            store.rows(sql)
    store.rows(f"PRAGMA application_id = {schema.APPLICATION_ID}")


def _words_of(sql: str) -> list[str]:
    """A statement without its comments and white space."""
    return [word for word in re.findall(r"'(?:[^']|'')*'|--[^\n]*|[^\s'-]+|-", sql) if not word.startswith("--")]


# --- references, events and words -------------------------------------------------------------------------------------


def _foreign_keys(store: Store) -> Iterator[Problem]:
    """The rows that name a row that is not there."""
    for table, number, parent, key in store.rows("PRAGMA foreign_key_check"):
        names = [one["from"] for one in store.rows(f'PRAGMA foreign_key_list("{table}")') if one["id"] == key]
        hint = _FIX if table in {*audit.STANDING, "vectors"} else _RESTORE
        yield Problem(f"{table}, row {number}: {', '.join(names)} names one of {parent} that is not there", hint=hint)


def _events(store: Store) -> Iterator[Problem]:
    """Where the event log is broken, or the tables do not hold what it tells."""
    found = audit.verify(store)
    for one in found.breaks:
        yield Problem(one.what, hint=_FIX if found.log_is_whole and one.table in audit.STANDING else _RESTORE)


def _mend_events(store: Store) -> None:
    """Let merges, links, retractions and the encoder stand as the log tells, where the log itself is whole."""
    if not audit.verify(store).log_is_whole:
        return
    state = audit.told_state(store)
    for table in audit.STANDING:
        wrong, lacking = audit.differing(store, state, table)
        for number in wrong:
            store.rows(f"DELETE FROM {table} WHERE rowid = ?", [number])  # noqa: S608 - own names
        columns = {row["name"] for row in store.rows(f"PRAGMA table_info({table})")}
        for row in lacking:
            if set(row) <= columns:
                store.apply(("+", table, row))


def _words(store: Store) -> Iterator[Problem]:
    """Whether the full-text index holds the claims' words, all of them and no others."""
    store.rows("BEGIN IMMEDIATE")
    try:
        store.rows("INSERT INTO claims_fts (claims_fts, rank) VALUES ('integrity-check', 1)")  # 1: with the claims
    except StoreDamaged:
        yield Problem("the index of words does not fit the claims", hint=_FIX)
    finally:
        with suppress(StoreDamaged):  # SQLite may have ended it
            store.rows("ROLLBACK")
    for row in store.rows("SELECT id FROM claims WHERE id NOT IN (SELECT id FROM claims_fts_docsize) ORDER BY id"):
        yield Problem(f"claim {row['id']}: not found by its words", hint=_FIX)


def _mend_words(store: Store) -> None:
    """Make the table of words anew from the claims."""
    if _WORDS in schema.objects(store.rows):
        store.rows("INSERT OR REPLACE INTO claims_fts_config VALUES ('version', 4)")  # else FTS5 refuses to drop it
        store.rows("DROP TABLE claims_fts")
    store.rows(schema.made()[_WORDS])
    store.rows("INSERT INTO claims_fts (claims_fts) VALUES ('rebuild')")


def _unwritable(store: Store) -> str | None:
    """Why nothing can be written now; None where it can."""
    try:
        _write_nothing(store)
    except StoreDamaged as error:
        return str(error)
    return None


def _write_nothing(store: Store) -> None:
    with store.writing():
        store.rows("DELETE FROM settings WHERE key IS NULL")  # to begin a transaction is not refused yet


# --- vectors and index ------------------------------------------------------------------------------------------------


class _Row(NamedTuple):
    """A stored vector and what is wrong with it."""

    seq: int
    claim_id: int
    vector: bytes
    wrong: str | None


def _vectors(store: Store) -> Iterator[Problem]:
    """Vectors that are not what an encoder gave for a claim of the store, and claims without one."""
    own = _encoders(store)
    for encoder in own:
        for row in _judged(store, encoder):
            if row.wrong:
                yield Problem(f"the vector of claim {row.claim_id} {row.wrong}", hint=_FIX)
    others = f"SELECT count(*) FROM vectors WHERE encoder NOT IN ({', '.join('?' * len(own))})"  # noqa: S608 - marks
    if store.rows(others, own)[0][0]:
        yield Problem("there are vectors of an encoder that is not the store's", hint=_FIX)
    missing = len(store.vectors.missing())
    if missing:
        yield Problem("there are claims without a vector", hint=f"{missing:,} of {store.claim_count():,}; {_EMBED}")


def _encoders(store: Store) -> list[str]:
    """The encoder that answers and the one that the store is changing to, those that there are."""
    return [name for key in ("encoder", "next_encoder") if (name := store.setting(key)) is not None]


def _judged(store: Store, encoder: str) -> Iterator[_Row]:
    """The vectors of an encoder in their order, each held against its claim, the others and its place in the chain."""
    lengths = store.rows(
        "SELECT length(vector) AS n FROM vectors WHERE encoder = ? GROUP BY n ORDER BY count(*) DESC, min(seq) LIMIT 1",
        [encoder],
    )
    size = lengths[0]["n"] if lengths else 0
    chain, seq = b"", -(2**63)
    sql = (
        "SELECT v.seq, v.claim_id, CAST(v.vector AS BLOB) AS vector, CAST(v.chain AS BLOB) AS chain,"
        " EXISTS (SELECT 1 FROM claims c WHERE c.id = v.claim_id) AS known"
        " FROM vectors v WHERE v.encoder = ? AND v.seq > ? ORDER BY v.seq LIMIT ?"
    )
    while rows := store.rows(sql, [encoder, seq, _BATCH]):
        unit = _unit([row["vector"] for row in rows], size)
        for row, is_unit in zip(rows, unit, strict=True):
            wrong = None
            if not row["known"]:
                wrong = "is of no claim in the store"
            elif len(row["vector"]) != size:
                wrong = "has not the length of the others"
            elif not is_unit:
                wrong = "is no unit vector"
            elif row["chain"] != chain_hash(chain, row["claim_id"], row["vector"]):
                wrong = "is not the one that was stored after the one before it"
            yield _Row(row["seq"], row["claim_id"], row["vector"], wrong)
            chain, seq = row["chain"], row["seq"]


def _unit(blobs: Sequence[bytes], size: int) -> list[bool]:
    """Which of these are vectors of `size` bytes and of unit length."""
    import numpy as np

    width = size if size % 4 == 0 else 0
    filled = b"".join(blob if len(blob) == width else bytes(width) for blob in blobs)
    rows = np.frombuffer(filled, dtype="<f4").reshape(len(blobs), width // 4)
    with np.errstate(over="ignore", invalid="ignore"):
        lengths = np.linalg.norm(rows.astype(np.float64), axis=1)
    return [bool(abs(length - 1) < NORM_TOLERANCE) for length in lengths]  # NaN is not


def _mend_vectors(store: Store) -> None:
    """Take out the bad vectors, and chain anew the good ones after them, which their own hashes prove."""
    own = _encoders(store)
    for encoder in own:
        rows = list(dropwhile(lambda row: row.wrong is None, _judged(store, encoder)))
        if rows:
            store.rows("DELETE FROM vectors WHERE encoder = ? AND seq >= ?", [encoder, rows[0].seq])
            good = [row for row in rows if row.wrong is None]
            store.vectors.add([row.claim_id for row in good], [row.vector for row in good], encoder)
    if own:  # else all would go, and the encoder may yet be found to be theirs
        marks = ", ".join("?" * len(own))
        store.rows(f"DELETE FROM vectors WHERE encoder NOT IN ({marks})", own)  # noqa: S608 - marks


def _index(store: Store) -> Iterator[Problem]:
    """Whether the files beside the store, those that there are, are whole and hold its vectors and its claims' words.

    To be behind is no problem.
    """
    for path, why in _unusable(store).items():
        yield Problem(f"{path.name}: {why}", hint=_FIX)


def _unusable(store: Store) -> dict[Path, Unusable]:
    """The files that cannot be used, and why."""
    vectors, words, found = index_path(store.path), postings_path(store.path), dict[Path, Unusable]()
    checks: dict[Path, Callable[[], None]] = {
        vectors: lambda: require_rows(read_index(vectors, store, store.vectors.state()), store),
        words: lambda: require_words(store, words),
    }
    for path, require in checks.items():
        try:
            require()
        except (FileNotFoundError, Outdated):
            continue
        except Unusable as reason:
            found[path] = reason
    return found


def _mend_index(store: Store) -> None:
    """Delete them: the next search makes its index anew, `reindex` the postings, without which FTS5 answers."""
    for path in _unusable(store):
        path.unlink(missing_ok=True)


_CHECKS: dict[str, tuple[Callable[[Store], Iterator[Problem]], Callable[[Store], None] | None]] = {
    "file": (_file, _mend_file),
    "schema": (_schema, _mend_schema),
    "foreign keys": (_foreign_keys, None),
    "events": (_events, _mend_events),
    "words": (_words, _mend_words),
    "vectors": (_vectors, _mend_vectors),
    "index": (_index, _mend_index),
}
