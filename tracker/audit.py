"""The audit of a store: whether its event log is whole and the tables hold what it tells.

What this proves and what it cannot: the hash chain shows that an event was changed, taken out, put in or moved, unless
whoever did it computed every hash after it anew. Anybody can do that who can write the file; nothing inside a file
proves otherwise. What does is a hash noted elsewhere: the last event's names the whole log up to it, so a log that
still holds a noted hash still holds, unchanged, all that led to it. `expect` asks for that.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tracker.entries import text_key
from tracker.errors import StoreDamaged
from tracker.events import DERIVED, KEYS, LOGGED_SETTINGS, first_break, key_of, numbered, replay
from tracker.progress import silent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tracker.events import Event, State
    from tracker.progress import Progress
    from tracker.store import Store

Replayed = tuple["State", dict[tuple[str, Any], int]]

LOG = "events"  # the table of a break in the log itself
STANDING = ("merged", "links", "retracted_claims", "retracted_verdicts", "settings")  # tables that may lose rows
_NAMES = {
    "claims": "claim",
    "external_ids": "feed id",
    "verdicts": "verdict",
    "evidence": "evidence",
    "articles": "article",
    "appearances": "appearance",
    "sightings": "sighting",
    "feedback": "answer",
    "merged": "the merge of claim",
    "links": "the link of claims",
    "retracted_claims": "the retraction of claim",
    "retracted_verdicts": "the retraction of verdict",
    "settings": "the setting",
}
_ODD = (ValueError, TypeError, KeyError, RecursionError)  # what changes raise that are JSON, but none of ours
_BATCH = 500  # rows read at a time
_SHOWN = 60  # characters of a value
_BEFORE = 20  # of them before the place where two values part


@dataclass(frozen=True, slots=True)
class Break:
    """One thing that is not as it was recorded, in a line for the user.

    `event_id` is the damaged event, or the one that recorded the row; None where no event tells of it. `table` is
    "events" for the log itself; `column` is None where a row as a whole is missing or too many.
    """

    event_id: int | None
    what: str
    table: str = LOG
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Audit:
    """What `verify` found: how many events, the hash to note (of the last event, "" for none), and the breaks."""

    events: int
    head: str
    breaks: tuple[Break, ...]
    expected: int | None = None  # the event whose hash was expected, where it was found

    @property
    def log_is_whole(self) -> bool:
        """True where the log itself can be believed, whatever the tables hold."""
        return not any(one.table == LOG for one in self.breaks)


def verify(store: Store, *, expect: str | None = None, progress: Progress = silent) -> Audit:
    """Prove the event log unbroken and the tables to be what it tells, or say what is not, first damage first.

    `expect` is a head's hash noted earlier, in full; the log must still hold it. Looks at one state of the store and
    changes nothing. Raises StoreDamaged only where the log's table cannot be read at all.
    """
    with store.reading():
        count, last = store.rows("SELECT count(*), coalesce(max(id), 0) FROM events")[0]
        reader = _Reader(store)
        with progress("verifying", 2 * count) as advance:
            broken = first_break(_counted(reader.events(), advance))
            state, origin = _replayed(reader, advance)
        log = list(_of_log(store, broken, reader, last))
        held = store.rows("SELECT id FROM events WHERE hash = ?", [expect.strip().lower()]) if expect else []
        if expect and not held:
            why = "it was rewritten or cut, or an older backup was put back"
            log.append(Break(None, f"the log does not continue the one whose head was {_short(expect)}: {why}"))
        rows = list(_of_tables(store, state, origin))
        head = store.log.head()[1] if last not in reader.unreadable else ""
    first = min((one.event_id for one in log if one.event_id is not None), default=None)
    return Audit(
        count, head, tuple(sorted(log + rows, key=lambda one: _order(one, first))), held[0]["id"] if held else None
    )


def differing(store: Store, state: State, table: str) -> tuple[list[int], list[dict[str, Any]]]:
    """The numbers in the file of rows that are not as the log tells, and the rows that it tells and are not there."""
    wrong, lacking = list[int](), dict(state[table])
    for number, row in _rows(store, table):
        told = None if row is None else state[table].get(key_of(table, row))
        if row is None or told is None or _columns_apart(table, told, row):
            wrong.append(number)
        else:
            del lacking[key_of(table, row)]
    return wrong, list(lacking.values())


def told_state(store: Store) -> State:
    """The state that the log replays to; events that cannot be read are passed over."""
    return _replayed(_Reader(store), lambda _: None)[0]


# --- the log ----------------------------------------------------------------------------------------------------------


class _Reader:
    """Reads a log past events that cannot be read, and remembers those."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.unreadable: dict[int, str] = {}

    def events(self) -> Iterator[Event]:
        """The events that can be read, oldest first."""
        last = 0
        try:
            for event in self._store.log.events():
                yield event
                last = event.id
        except StoreDamaged:
            yield from self._one_by_one(last)

    def _one_by_one(self, last: int) -> Iterator[Event]:
        try:
            ids = [row["id"] for row in self._store.rows("SELECT id FROM events WHERE id > ? ORDER BY id", [last])]
        except StoreDamaged:
            self.unreadable[last + 1] = f"what stands after event {last} cannot be read"
            return
        for number in ids:
            try:
                event = self._store.log.event(number)
            except StoreDamaged:
                self.unreadable[number] = f"event {number} cannot be read"
            else:
                yield event


def _counted(events: Iterator[Event], advance: Callable[[int], None]) -> Iterator[Event]:
    """The events, each told to who waits."""
    for event in events:
        yield event
        advance(1)


def _replayed(reader: _Reader, advance: Callable[[int], None]) -> Replayed:
    try:
        return replay(_counted(reader.events(), advance))
    except _ODD:
        return replay(_told(reader))


def _told(reader: _Reader) -> Iterator[Event]:
    """The events whose changes can be read as changes of the tables that the log tells of; the others are noted."""
    for event in reader.events():
        try:
            replay([event])
        except _ODD:
            reader.unreadable[event.id] = f"event {event.id}: its changes are none that a tracker records"
        else:
            yield event


def _of_log(store: Store, broken: tuple[int, str] | None, reader: _Reader, last: int) -> Iterator[Break]:
    if broken and broken[0] not in reader.unreadable:
        yield Break(*broken)
    yield from (Break(number, what) for number, what in reader.unreadable.items())
    for row in store.rows("SELECT id FROM events WHERE id < 1 ORDER BY id"):
        yield Break(row["id"], f"event {row['id']} was put in: events are numbered from 1")
    rows = store.rows("SELECT seq FROM sqlite_sequence WHERE name = 'events'")
    given = rows[0]["seq"] if rows else 0
    if given > last:
        yield Break(last + 1, f"{numbered(last + 1, given)} gone from the end")
    elif given < last:
        what = f"the file has counted {given} events and holds event {last}: its count was changed"
        yield Break(None, what)


def _order(one: Break, first: int | None) -> tuple[bool, int, bool]:
    """Oldest damage first. What a damaged event may have undone counts as that event's damage, not an older one's."""
    number = one.event_id
    if number is not None and first is not None and one.table in STANDING:
        number = max(number, first)
    return number is None, number or 0, one.table != LOG


# --- the tables -------------------------------------------------------------------------------------------------------


def _of_tables(store: Store, state: State, origin: dict[tuple[str, Any], int]) -> Iterator[Break]:
    for table, told in state.items():
        try:
            yield from _of_table(store, table, told, origin)
        except StoreDamaged as error:
            yield Break(None, f"the table {table} cannot be read: {_safe(str(error))}", table)


def _of_table(
    store: Store, table: str, told: dict[Any, dict[str, Any]], origin: dict[tuple[str, Any], int]
) -> Iterator[Break]:
    """Where a table and what the log tells of it part, both ways."""
    seen = set[Any]()
    for number, row in _rows(store, table):
        if row is None:
            seen.add(number)
            name = (
                _name(table, number) if KEYS[table] != ("key",) and len(KEYS[table]) == 1 else f"{table}, row {number}"
            )
            yield Break(origin.get((table, number)), f"{name}: cannot be read", table)
            continue
        key = key_of(table, row)
        seen.add(key)
        if key not in told:
            yield Break(None, f"{_name(table, key)}: no event tells of it", table)
        else:
            yield from _of_row(table, told[key], row, origin[table, key])
    for key in told.keys() - seen:
        event = origin[table, key]
        yield Break(event, f"{_name(table, key)}: event {event} recorded it, and it is not there", table)


def _of_row(table: str, told: dict[str, Any], row: dict[str, Any], event: int) -> Iterator[Break]:
    name = _name(table, key_of(table, row))
    for column in _columns_apart(table, told, row):
        recorded, stands = _pair(told.get(column), row.get(column))
        yield Break(event, f"{name}: {column} is {stands}; event {event} recorded {recorded}", table, column)
    if table == "claims" and row["text_key"] != (key := text_key(str(told.get("text")))):
        recorded, stands = _pair(key, row["text_key"])
        what = f"{name}: text_key is {stands}; the text that event {event} recorded gives {recorded}"
        yield Break(event, what, table, "text_key")
    if table == "articles" and hashlib.sha256(str(row["text"]).encode()).hexdigest() != told.get("text_sha256"):
        yield Break(event, f"{name}: its text is not the one whose SHA-256 event {event} recorded", table, "text")


def _columns_apart(table: str, told: dict[str, Any], row: dict[str, Any]) -> list[str]:
    """The columns in which a row is not what was recorded; one added to the table since was recorded as NULL."""
    names = dict.fromkeys([*told, *row])
    return [name for name in names if name not in DERIVED.get(table, ()) and told.get(name) != row.get(name)]


def _rows(store: Store, table: str) -> Iterator[tuple[int, dict[str, Any] | None]]:
    """Every row that the log should tell of, with its number in the file; None for one that cannot be read."""
    logged = ", ".join(f"'{name}'" for name in LOGGED_SETTINGS)
    which = f" WHERE key IN ({logged})" if table == "settings" else ""
    # NOT INDEXED: an index that lacks a row would hide it
    sql = f"SELECT rowid FROM {table} NOT INDEXED{which} ORDER BY rowid"  # noqa: S608 - own names
    numbers: list[int] = [row[0] for row in store.rows(sql)]
    for start in range(0, len(numbers), _BATCH):
        part = numbers[start : start + _BATCH]
        try:
            found = _fetch(store, table, part)
        except StoreDamaged:
            found = {}
            for number in part:
                try:
                    found |= _fetch(store, table, [number])
                except StoreDamaged:
                    continue
        yield from ((number, found.get(number)) for number in part)


def _fetch(store: Store, table: str, numbers: list[int]) -> dict[int, dict[str, Any]]:
    sql = f"SELECT rowid AS _number, * FROM {table} WHERE rowid IN"  # noqa: S608 - own names
    rows = (dict(row) for row in store.rows_in(sql, numbers))
    return {row.pop("_number"): row for row in rows}


# --- words ------------------------------------------------------------------------------------------------------------


def _name(table: str, key: Any) -> str:
    parts = [_safe(str(part)) for part in (key if isinstance(key, tuple) else (key,))]
    return f"{_NAMES[table]} {' and '.join(parts)}"


def _pair(recorded: Any, stands: Any) -> tuple[str, str]:
    """Two values that differ, each shortened around the place where they part."""
    if not (isinstance(recorded, str) and isinstance(stands, str)):
        return _short(recorded), _short(stands)
    same = next((i for i, (a, b) in enumerate(zip(recorded, stands, strict=False)) if a != b), None)
    start = min(len(recorded), len(stands)) if same is None else same
    start = max(0, start - _BEFORE) if max(len(recorded), len(stands)) > _SHOWN else 0
    return _short(recorded, start), _short(stands, start)


def _short(value: Any, start: int = 0) -> str:
    """A value in one short line of printable characters."""
    if value is None:
        return "nothing"
    if not isinstance(value, str):
        return _safe(repr(value))
    part = value[start : start + _SHOWN]
    before, after = "…" * (start > 0), "…" * (start + _SHOWN < len(value))
    return repr(before + part + after)


def _safe(text: str) -> str:
    """A text of our own or of SQLite's without what a terminal would act on."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text[:300])
