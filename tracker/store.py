"""The store: one SQLite file that is the truth, and the claims in it.

A write either is on disk when the method returns or has not happened. Nothing a desk has said is changed in place, and
every write leaves an event (`log.py`). Verdicts, appearances, vectors and what joins or takes back claims live in the
same file; each has a module of its own and a part here: `store.verdicts`, `.appearances`, `.vectors`, `.curation`,
`.feedback`, `.ratings`, `.quarantine`, `.tallies`, `.log`.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from tracker import schema
from tracker.appearances import ORDERS, Appearances
from tracker.curation import FAMILY, STANDING, Curation
from tracker.desk_ratings import DeskRatings
from tracker.entries import fold, storable, text_key
from tracker.errors import ClaimNotFound, InvalidClaim
from tracker.events import KEYS, LOGGED_SETTINGS, EventKind
from tracker.feedback import Feedback
from tracker.log import Log
from tracker.models import Claim, ClaimRecord, NewClaim
from tracker.quarantine import Quarantine
from tracker.rows import iso, now, read_claim, values_of
from tracker.tallies import Tallies
from tracker.vectors import Vectors
from tracker.verdicts import CURRENT, Verdicts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from tracker.events import Change
    from tracker.models import Verdict

_NOT_TEXT = "what was given holds bytes that are not UTF-8; write it as UTF-8"
_TOO_LARGE = 2**63
_SLICE = 500  # ids in one query; SQLite takes 999 parameters at the least

_CLAIM = (
    "c.id, (SELECT e.external_id FROM external_ids e WHERE e.claim_id = c.id ORDER BY e.id LIMIT 1) AS external_id,"
    " c.text, c.title, c.claimant, c.claimed_on, c.language, c.check_worthiness, c.recorded_at"
)
_NORMALIZED = (
    "normalized(v.rating, v.publisher, v.publisher_site, v.rating_value, v.best_rating, v.worst_rating,"
    " (SELECT language FROM claims WHERE id = v.claim_id))"
)


class Store:
    """A claim store in one file. Use `Store.open` and close it, or use it in a `with` block."""

    def __init__(self, conn: sqlite3.Connection, path: Path) -> None:
        self.path = path
        self._conn = conn
        self._only_reading = False
        self._rollbacks = 0
        conn.row_factory = sqlite3.Row
        self.ratings = DeskRatings(self)
        conn.create_function("normalized", 7, lambda *rating: self.ratings.read(*rating).normalized)
        conn.create_function("is_on", 2, _is_on, deterministic=True)
        conn.create_function("fold", 1, fold, deterministic=True)  # SQLite's lower() knows ASCII alone
        self.log = Log(self)
        self.vectors = Vectors(self)
        self.curation = Curation(self)
        self.verdicts = Verdicts(self)
        self.appearances = Appearances(self)
        self.feedback = Feedback(self)
        self.quarantine = Quarantine(self)
        self.tallies = Tallies(self)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the store at `path`, made if there is none. Raises StoreDamaged, StoreTooNew."""
        return cls(schema.connect(path), path)

    def close(self) -> None:
        """Close the file; the store cannot be used after."""
        self._conn.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    # --- the one way to SQLite ----------------------------------------------------------------------------------------

    def rows(self, sql: str, params: Sequence[object] = ()) -> list[sqlite3.Row]:
        """Run one statement and return its rows; SQLite's complaints become TrackerErrors."""
        try:
            return self._conn.execute(sql, params).fetchall()
        except (sqlite3.Error, UnicodeDecodeError) as error:  # the latter: SQLite's complaint quotes damaged bytes
            raise schema.damaged(self.path, error) from error
        except UnicodeEncodeError as error:
            raise InvalidClaim(_NOT_TEXT) from error

    def each(self, sql: str) -> Iterator[sqlite3.Row]:
        """The same row by row, where all together would not be kept."""
        try:
            yield from self._conn.execute(sql)
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise schema.damaged(self.path, error) from error

    def insert(self, sql: str, params: Sequence[object]) -> int:
        """Run one INSERT and return the new row's id."""
        try:
            return self._conn.execute(sql, params).lastrowid or 0
        except (sqlite3.Error, UnicodeDecodeError) as error:  # the latter: SQLite's complaint quotes damaged bytes
            raise schema.damaged(self.path, error) from error
        except UnicodeEncodeError as error:
            raise InvalidClaim(_NOT_TEXT) from error

    def put(self, table: str, row: dict[str, Any]) -> Change:
        """Insert a row (named columns) into a table that numbers its own, and return it with its id, as a change."""
        columns = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join("?" * len(row))
        number = self.insert(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(row.values()))  # noqa: S608 - own names
        return "+", table, {"id": number, **row}

    def apply(self, change: Change) -> None:
        """Add or remove the row that a change names, in one of the tables that may lose rows."""
        sign, table, row = change
        if sign == "+":
            columns, marks = ", ".join(row), ", ".join("?" * len(row))
            self.insert(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(row.values()))  # noqa: S608 - own names
        else:
            key = " AND ".join(f"{name} = ?" for name in KEYS[table])
            self.rows(f"DELETE FROM {table} WHERE {key}", [row[name] for name in KEYS[table]])  # noqa: S608 - own names

    def rows_in(self, sql: str, ids: Iterable[int], params: Sequence[object] = ()) -> list[sqlite3.Row]:
        """Run `sql` followed by a list of ids, in slices; an id larger than SQLite's integers is no row's."""
        wanted, found = [number for number in ids if abs(number) < _TOO_LARGE], list[sqlite3.Row]()
        for start in range(0, len(wanted), _SLICE):
            part = wanted[start : start + _SLICE]
            found += self.rows(f"{sql} ({', '.join('?' * len(part))})", [*params, *part])
        return found

    def stamp(self) -> tuple[int, int, int]:
        """What is never the same again once anybody has written to the file, or taken back what was not yet written."""
        return self.rows("PRAGMA data_version")[0][0], self._conn.total_changes, self._rollbacks

    @property
    def is_writing(self) -> bool:
        """Whether a transaction is under way that may yet come to nothing."""
        return self._conn.in_transaction and not self._only_reading

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One state of the store for all that is read inside, whatever others write meanwhile. Nests."""
        if self._conn.in_transaction:
            yield
            return
        self.rows("BEGIN")
        self._only_reading = True
        try:
            yield
        finally:
            self._only_reading = False
            if self._conn.in_transaction:
                self._conn.rollback()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction, taken for writing at once: the store changes as a whole or not at all. Nests."""
        if self._only_reading:  # it would be rolled back with the reading, without a word
            msg = "a write inside Store.reading()"
            raise RuntimeError(msg)
        if self._conn.in_transaction:
            yield
            return
        self.rows("BEGIN IMMEDIATE")
        try:
            yield
            self.rows("COMMIT")
        except BaseException:
            self._rollbacks += 1
            if self._conn.in_transaction:
                self._conn.rollback()
            raise

    # --- claims -------------------------------------------------------------------------------------------------------

    def add_claim(self, claim: NewClaim, *, publisher: str = "") -> Claim:
        """Store a new claim and return it with its id; `external_id` is the publisher's. Raises InvalidClaim."""
        clean = storable(claim)
        at = now()
        row = {name: iso(value) for name, value in values_of(clean).items() if name != "external_id"}
        with self.writing():
            change = self.put("claims", {**row, "text_key": text_key(clean.text), "recorded_at": at})
            number: int = change[2]["id"]
            self.log.append(EventKind.CLAIM_ADDED, [change], at=at, claim_id=number)
            if clean.external_id:
                self.add_external_id(number, publisher, clean.external_id)
        return Claim(**values_of(clean), id=number, recorded_at=at)

    def add_external_id(self, claim_id: int, publisher: str, external_id: str) -> None:
        """Note that a publisher's feed knows the claim by this id. Raises InvalidClaim where it is another claim's."""
        with self.writing():
            known = self.claim_of_feed(publisher, external_id)
            if known and self.curation.root(known.id) != self.curation.root(claim_id):
                msg = f"id {external_id}: is claim {known.id} in the store ({known.text[:60]!r})"
                raise InvalidClaim(msg)
            if not known:
                row = {"publisher": publisher, "external_id": external_id, "claim_id": claim_id}
                self.log.append(EventKind.FEED_ID_ADDED, [self.put("external_ids", row)], at=now(), claim_id=claim_id)

    def claim(self, claim_id: int) -> Claim:
        """The claim that this id is read as: its own, or the one it was merged into. Raises ClaimNotFound."""
        root = self.curation.root(claim_id)
        found = self.claims([root])
        if root not in found:
            msg = f"claim {claim_id}: not in {self.path}; 'tracker list' shows what is"
            raise ClaimNotFound(msg)
        return found[root]

    def claims(self, ids: Iterable[int]) -> dict[int, Claim]:
        """The entries with these ids, those that exist, each as it was entered."""
        rows = self.rows_in(f"SELECT {_CLAIM} FROM claims c WHERE c.id IN", ids)  # noqa: S608 - own column names
        return {row["id"]: read_claim(row) for row in rows}

    def claim_like(self, claim: NewClaim, *, publisher: str = "") -> Claim | None:
        """The oldest entry with the same text and no other claimant, retracted ones last.

        Case, white space and quotation marks make no difference.

        A publisher that has given a claim an id means another claim by another id, whatever the text.
        """
        rows = self.rows(
            f"SELECT {_CLAIM} FROM claims c WHERE c.text_key = ?"  # noqa: S608 - own column names
            " AND (c.claimant IS NULL OR ? IS NULL OR fold(c.claimant) = fold(?))"
            " AND (? IS NULL OR NOT EXISTS (SELECT 1 FROM external_ids e WHERE e.claim_id = c.id AND e.publisher = ?))"
            " ORDER BY c.id IN (SELECT claim_id FROM retracted_claims), c.id LIMIT 1",
            [text_key(claim.text), claim.claimant, claim.claimant, claim.external_id, publisher],
        )
        return read_claim(rows[0]) if rows else None

    def claim_of_feed(self, publisher: str, external_id: str) -> Claim | None:
        """The entry that a publisher's feed knows by this id."""
        rows = self.rows(
            f"SELECT {_CLAIM} FROM claims c JOIN external_ids x ON x.claim_id = c.id"  # noqa: S608 - own column names
            " WHERE x.publisher = ? AND x.external_id = ?",
            [publisher, external_id],
        )
        return read_claim(rows[0]) if rows else None

    def list_claims(
        self,
        *,
        rating: str | None = None,
        publisher: str | None = None,
        text: str | None = None,
        unverified: bool = False,
        site: str | None = None,
        order: str | None = None,
        offset: int = 0,
        limit: int | None = None,
    ) -> list[ClaimRecord]:
        """Claims with their verdicts, newest first; `unverified`: those that wait for one, most check-worthy first.

        `rating` is a publisher's own words or a normalised rating, `publisher` a name, `text` a part of the claim; case
        does not matter. `site`: with a verdict by this site or on it. `order` is another one (`appearances.ORDERS`).
        Superseded and retracted verdicts do not count; merged and retracted claims are not listed.
        """
        where, params = [STANDING], list[object]()
        verdicts = (
            "SELECT coalesce(f.root_id, v.claim_id) FROM verdicts v LEFT JOIN family f ON f.claim_id = v.claim_id"
        )
        if unverified:
            where.append(f"c.id NOT IN ({verdicts} WHERE {CURRENT})")
        if rating is not None:
            where.append(
                f"c.id IN ({verdicts} WHERE {CURRENT} AND (fold(v.rating) = fold(?) OR {_NORMALIZED} = fold(?))"
                + (" AND fold(v.publisher) = fold(?))" if publisher is not None else ")")
            )
            params += [rating, rating, *([publisher] if publisher is not None else [])]
        elif publisher is not None:
            where.append(f"c.id IN ({verdicts} WHERE {CURRENT} AND fold(v.publisher) = fold(?))")
            params.append(publisher)
        if text is not None:
            where.append(
                "(instr(fold(c.text), fold(?)) > 0 OR c.id IN (SELECT f.root_id FROM family f JOIN claims o"
                " ON o.id = f.claim_id WHERE instr(fold(o.text), fold(?)) > 0))"
            )
            params += [text, text]
        if site is not None:
            where.append(f"c.id IN ({verdicts} WHERE {CURRENT} AND (is_on(v.publisher_site, ?) OR is_on(v.url, ?)))")
            params += [site, site]
        sorting = ORDERS[order or ("worth" if unverified else "newest")]
        params += [-1 if limit is None else limit, offset]
        wanted = f"{' AND '.join(where)} ORDER BY {sorting} LIMIT ? OFFSET ?"
        sql = f"{FAMILY} SELECT {_CLAIM} FROM claims c WHERE {wanted}"  # noqa: S608 - own names
        found = [read_claim(row) for row in self.rows(sql, params)]
        numbers = [claim.id for claim in found]
        said, ids = self.verdicts.of(numbers), self._external_ids(numbers)
        return [ClaimRecord(claim, said.get(claim.id, ()), (), ids.get(claim.id, ())) for claim in found]

    def entries(self) -> Iterator[ClaimRecord]:
        """Every entry as it was made, oldest first, with the verdicts and ids given to it; not retracted claims.

        Its family, and the entries that were merged with it, stand with the entry that they are read as.
        """
        numbers = [row["id"] for row in self.rows("SELECT id FROM claims ORDER BY id")]
        families = self.curation.families()
        merged = self.curation.roots(row["claim_id"] for row in self.rows("SELECT claim_id FROM merged"))
        absorbing = set(merged.values())
        for start in range(0, len(numbers), _SLICE):
            part = numbers[start : start + _SLICE]
            root_of = self.curation.roots(part)
            retracted = self.curation.retracted_claims(root_of.values())
            said: dict[int, list[Verdict]] = {}
            for verdict in (v for group in self.verdicts.of(set(root_of.values())).values() for v in group):
                said.setdefault(verdict.claim_id, []).append(verdict)
            ids = self._external_ids(part, by_entry=True)
            seen = self.appearances.sightings(part)
            for number, claim in sorted(self.claims(part).items()):
                if root_of[number] not in retracted:
                    own = [entry for entry, root in merged.items() if root == number] if number in absorbing else []
                    yield ClaimRecord(
                        claim,
                        tuple(said.get(number, ())),
                        external_ids=ids.get(number, ()),
                        merged=tuple(entry for _, entry in sorted(self.claims(own).items())),
                        links=self.curation.links(number) if number in families else (),
                        sightings=seen.get(number, ()),
                    )

    def record(self, claim_id: int) -> ClaimRecord:
        """A claim with every verdict and appearance, the entries merged with it, its family. Raises ClaimNotFound."""
        with self.reading():
            claim = self.claim(claim_id)
            entries = sorted(self.curation.members([claim.id]))
            return ClaimRecord(
                claim,
                self.verdicts.of_claim(claim.id),
                self.appearances.of(entries),
                self._external_ids([claim.id]).get(claim.id, ()),
                tuple(entry for number, entry in sorted(self.claims(entries).items()) if number != claim.id),
                self.curation.links(claim.id),
                self.curation.retraction(claim.id),
                tuple(dict.fromkeys(chain.from_iterable(self.appearances.sightings(entries).values()))),
            )

    def find_words(self, query: str, k: int) -> list[int]:
        """The ids of the `k` best claims for an FTS5 query, by BM25, best first."""
        sql = "SELECT rowid AS id FROM claims_fts WHERE claims_fts MATCH ? ORDER BY rank LIMIT ?"
        return [row["id"] for row in self.rows(sql, [query, k])]

    # --- the store itself ---------------------------------------------------------------------------------------------

    def setting(self, key: str) -> str | None:
        """A setting of this store, e.g. `store_id`."""
        rows = self.rows("SELECT value FROM settings WHERE key = ?", [key])
        return rows[0]["value"] if rows else None

    def set_settings(
        self, because: str | None = None, *, kind: EventKind = EventKind.ENCODER_SET, **values: str | None
    ) -> None:
        """Write settings of this store, or remove those that are None; those that decide answers leave an event."""
        changes: list[Change] = []
        with self.writing():
            for key, value in values.items():
                old = self.setting(key)
                changes += [("-", "settings", {"key": key, "value": old})] * (old is not None)
                changes += [("+", "settings", {"key": key, "value": value})] * (value is not None)
            for change in changes:
                self.apply(change)
            logged = [change for change in changes if change[2]["key"] in LOGGED_SETTINGS]
            if logged:
                self.log.append(kind, logged, at=now(), because=because)

    def claim_count(self) -> int:
        """How many entries there are, merged and retracted ones too: the last one's number, as none is ever deleted."""
        return int(self.rows("SELECT coalesce(max(id), 0) FROM claims")[0][0])

    def _external_ids(
        self, claim_ids: Sequence[int], *, by_entry: bool = False
    ) -> dict[int, tuple[tuple[str, str], ...]]:
        root_of = {number: number for number in claim_ids} if by_entry else self.curation.members(claim_ids)
        found: dict[int, list[tuple[str, str]]] = {}
        sql = "SELECT id, claim_id, publisher, external_id FROM external_ids WHERE claim_id IN"
        for row in sorted(self.rows_in(sql, root_of), key=lambda row: row["id"]):
            found.setdefault(root_of[row["claim_id"]], []).append((row["publisher"], row["external_id"]))
        return {claim_id: tuple(group) for claim_id, group in found.items()}


def _is_on(address: str | None, site: str) -> bool:
    """Tell whether an address or the bare name of a site is that site, or a part of it."""
    named = (address or "").strip().lower()
    try:
        host = urlsplit(named if "://" in named else f"//{named}").hostname or ""
    except ValueError:
        return False
    return f".{host}".endswith(f".{site.strip().lower().removeprefix('www.')}")
