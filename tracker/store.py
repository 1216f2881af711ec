"""The store: one SQLite file that is the truth. Claims, verdicts, articles, appearances and an event log.

A write either is on disk when the method returns or has not happened. Nothing a desk has said is changed in place:
a correction is a new verdict that supersedes the old one, and triggers in the schema refuse anything else. Vectors live
in the same file (`vectors.py`), so that claim and vector are never out of step.
"""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from tracker import ratings, schema, settings
from tracker.entries import fold, storable, text_key
from tracker.errors import ClaimNotFound, InvalidClaim
from tracker.models import (
    Article,
    Claim,
    ClaimRecord,
    NewClaim,
    NewVerdict,
    Statement,
    Verdict,
)
from tracker.rows import iso, read_appearance, read_claim, read_verdict, values_of
from tracker.vectors import Vectors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

_NOT_TEXT = "what was given holds bytes that are not UTF-8; write it as UTF-8"
_TOO_LARGE = 2**63
_SLICE = 500  # ids in one query; SQLite takes 999 parameters at the least

_CLAIM = (
    "c.id, (SELECT e.external_id FROM external_ids e WHERE e.claim_id = c.id ORDER BY e.id LIMIT 1) AS external_id,"
    " c.text, c.title, c.claimant, c.claimed_on, c.language, c.check_worthiness, c.recorded_at"
)
_VERDICT = (
    "v.id, v.claim_id, v.rating, v.publisher, v.publisher_site, v.url, v.reviewed_on, v.explanation, v.valid_from,"
    " v.valid_to, v.author, v.recorded_at, (SELECT n.id FROM verdicts n WHERE n.supersedes = v.id) AS superseded_by"
)


class Store:
    """A claim store in one file. Use `Store.open` and close it, or use it in a `with` block."""

    def __init__(self, conn: sqlite3.Connection, path: Path) -> None:
        self.path = path
        self._conn = conn
        conn.row_factory = sqlite3.Row
        conn.create_function("normalized", 1, ratings.normalize, deterministic=True)
        conn.create_function("fold", 1, fold, deterministic=True)  # SQLite's lower() knows ASCII alone
        self.vectors = Vectors(self)

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
        except sqlite3.Error as error:
            raise schema.damaged(self.path, error) from error
        except UnicodeEncodeError as error:
            raise InvalidClaim(_NOT_TEXT) from error

    def insert(self, sql: str, params: Sequence[object]) -> int:
        """Run one INSERT and return the new row's id."""
        try:
            return self._conn.execute(sql, params).lastrowid or 0
        except sqlite3.Error as error:
            raise schema.damaged(self.path, error) from error
        except UnicodeEncodeError as error:
            raise InvalidClaim(_NOT_TEXT) from error

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction, taken for writing at once: the store changes as a whole or not at all. Nests."""
        if self._conn.in_transaction:
            yield
            return
        self.rows("BEGIN IMMEDIATE")
        try:
            yield
            self.rows("COMMIT")
        except BaseException:
            if self._conn.in_transaction:
                self._conn.rollback()
            raise

    # --- claims -------------------------------------------------------------------------------------------------------

    def add_claim(self, claim: NewClaim, *, publisher: str = "") -> Claim:
        """Store a new claim and return it with its id; `external_id` is the publisher's. Raises InvalidClaim."""
        clean = storable(claim)
        now = _now()
        with self.writing():
            number = self.insert(
                "INSERT INTO claims (text, text_key, title, claimant, claimed_on, language, check_worthiness,"
                " recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    *(clean.text, text_key(clean.text), clean.title, clean.claimant, iso(clean.claimed_on)),
                    *(clean.language, clean.check_worthiness, now),
                ],
            )
            if clean.external_id:
                self.add_external_id(number, publisher, clean.external_id)
            self._record("claim-added", claim_id=number)
        return Claim(**values_of(clean), id=number, recorded_at=now)

    def add_external_id(self, claim_id: int, publisher: str, external_id: str) -> None:
        """Note that a publisher's feed knows the claim by this id. Raises InvalidClaim where it is another claim's."""
        with self.writing():
            known = self.claim_of_feed(publisher, external_id)
            if known and known.id != claim_id:
                msg = f"id {external_id}: is claim {known.id} in the store ({known.text[:60]!r})"
                raise InvalidClaim(msg)
            if not known:
                self.insert(
                    "INSERT INTO external_ids (publisher, external_id, claim_id) VALUES (?, ?, ?)",
                    [publisher, external_id, claim_id],
                )

    def claim(self, claim_id: int) -> Claim:
        """The claim with this id. Raises ClaimNotFound."""
        found = self.claims([claim_id])
        if claim_id not in found:
            msg = f"claim {claim_id}: not in {self.path}; 'tracker list' shows what is"
            raise ClaimNotFound(msg)
        return found[claim_id]

    def claims(self, ids: Iterable[int]) -> dict[int, Claim]:
        """The claims with these ids, those that exist."""
        rows = self._rows_in(f"SELECT {_CLAIM} FROM claims c WHERE c.id IN", ids)  # noqa: S608 - own column names
        return {row["id"]: read_claim(row) for row in rows}

    def claim_like(self, claim: NewClaim, *, publisher: str = "") -> Claim | None:
        """The oldest claim with the same text (but for case, white space, quotation marks) and no other claimant.

        A publisher that has given a claim an id means another claim by another id, whatever the text.
        """
        rows = self.rows(
            f"SELECT {_CLAIM} FROM claims c WHERE c.text_key = ?"  # noqa: S608 - own column names
            " AND (c.claimant IS NULL OR ? IS NULL OR fold(c.claimant) = fold(?))"
            " AND (? IS NULL OR NOT EXISTS (SELECT 1 FROM external_ids e WHERE e.claim_id = c.id AND e.publisher = ?))"
            " ORDER BY c.id LIMIT 1",
            [text_key(claim.text), claim.claimant, claim.claimant, claim.external_id, publisher],
        )
        return read_claim(rows[0]) if rows else None

    def claim_of_feed(self, publisher: str, external_id: str) -> Claim | None:
        """The claim that a publisher's feed knows by this id."""
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
        limit: int | None = None,
    ) -> list[ClaimRecord]:
        """Claims with their verdicts, newest first; `unverified`: those that wait for one, most check-worthy first.

        `rating` is a publisher's own words or a normalised rating, `publisher` a name, `text` a part of the claim; case
        does not matter. Superseded verdicts do not count.
        """
        current = "NOT EXISTS (SELECT 1 FROM verdicts n WHERE n.supersedes = v.id)"
        where, params = ["1"], list[object]()
        if unverified:
            where.append("NOT EXISTS (SELECT 1 FROM verdicts v WHERE v.claim_id = c.id)")
        if rating is not None or publisher is not None:
            about = [current]
            if rating is not None:
                about.append("(fold(v.rating) = fold(?) OR normalized(v.rating) = fold(?))")
                params += [rating, rating]
            if publisher is not None:
                about.append("fold(v.publisher) = fold(?)")
                params.append(publisher)
            where.append(f"EXISTS (SELECT 1 FROM verdicts v WHERE v.claim_id = c.id AND {' AND '.join(about)})")  # noqa: S608
        if text is not None:
            where.append("instr(fold(c.text), fold(?)) > 0")
            params.append(text)
        order = "c.check_worthiness DESC NULLS LAST, c.id DESC" if unverified else "c.id DESC"
        params.append(-1 if limit is None else limit)
        sql = f"SELECT {_CLAIM} FROM claims c WHERE {' AND '.join(where)} ORDER BY {order} LIMIT ?"  # noqa: S608
        found = [read_claim(row) for row in self.rows(sql, params)]
        numbers = [claim.id for claim in found]
        verdicts, ids = self.verdicts(numbers), self._external_ids(numbers)
        return [ClaimRecord(claim, verdicts.get(claim.id, ()), (), ids.get(claim.id, ())) for claim in found]

    def record(self, claim_id: int) -> ClaimRecord:
        """A claim with every verdict and appearance. Raises ClaimNotFound."""
        claim = self.claim(claim_id)
        rows = self.rows(
            "SELECT p.*, a.source, a.title, a.published_on FROM appearances p JOIN articles a ON a.id = p.article_id"
            " WHERE p.claim_id = ? ORDER BY p.id",
            [claim_id],
        )
        verdicts, ids = self.verdicts([claim_id]), self._external_ids([claim_id])
        seen = tuple(read_appearance(row) for row in rows)
        return ClaimRecord(claim, verdicts.get(claim_id, ()), seen, ids.get(claim_id, ()))

    def find_words(self, query: str, k: int) -> list[int]:
        """The ids of the `k` best claims for an FTS5 query, by BM25, best first."""
        sql = "SELECT rowid AS id FROM claims_fts WHERE claims_fts MATCH ? ORDER BY rank LIMIT ?"
        return [row["id"] for row in self.rows(sql, [query, k])]

    # --- verdicts -----------------------------------------------------------------------------------------------------

    def add_verdict(self, claim_id: int, verdict: NewVerdict, *, supersedes: int | None = None) -> tuple[int, bool]:
        """Put a verdict beside the claim's others; return its id and whether it is new.

        A verdict that says exactly what a current one says is not recorded again. `supersedes` names the verdict on the
        same claim that this one corrects. Raises ClaimNotFound, InvalidClaim.
        """
        clean = storable(verdict)
        with self.writing():
            self.claim(claim_id)
            current = self.current_verdicts(claim_id)
            for known in current:
                if known.id != supersedes and NewVerdict(**values_of(known, NewVerdict)) == clean:
                    return known.id, False
            if supersedes is not None and supersedes not in {known.id for known in current}:
                msg = f"verdict {supersedes}: not current on claim {claim_id}; 'tracker show {claim_id}' lists what is"
                raise InvalidClaim(msg)
            columns = [field.name for field in fields(NewVerdict)]
            number = self.insert(
                f"INSERT INTO verdicts (claim_id, {', '.join(columns)}, supersedes, author, recorded_at)"  # noqa: S608
                f" VALUES (?, {', '.join('?' * len(columns))}, ?, ?, ?)",
                [
                    claim_id,
                    *(iso(getattr(clean, name)) for name in columns),
                    *(supersedes, settings.author(), _now()),
                ],
            )
            self._record("verdict-added", claim_id=claim_id, verdict_id=number)
        return number, True

    def add_review(self, claim_id: int, verdict: NewVerdict) -> tuple[int, bool]:
        """Take up a review from a feed: a changed one supersedes what it said before.

        As `add_verdict`, but where the same review (same publisher, same address) is recorded with other words. A
        review older than the one recorded changes nothing. Raises InvalidClaim for one that was never recorded.
        """
        clean = storable(verdict)
        with self.writing():
            recorded = self.verdicts([claim_id]).get(claim_id, ())
            same = [old for old in recorded if old.url and (old.url, old.publisher) == (clean.url, clean.publisher)]
            latest = next((old for old in same if old.superseded_by is None), None)
            if latest and clean.reviewed_on and latest.reviewed_on and clean.reviewed_on < latest.reviewed_on:
                for old in same:
                    if NewVerdict(**values_of(old, NewVerdict)) == clean:
                        return old.id, False
                msg = f"review of {clean.reviewed_on}: older than the one recorded ({latest.reviewed_on})"
                raise InvalidClaim(msg)
            if latest and NewVerdict(**values_of(latest, NewVerdict)) == clean:
                return latest.id, False
            return self.add_verdict(claim_id, clean, supersedes=latest.id if latest else None)

    def current_verdicts(self, claim_id: int) -> list[Verdict]:
        """The verdicts on a claim that no later one supersedes, oldest first."""
        return [known for known in self.verdicts([claim_id]).get(claim_id, ()) if known.superseded_by is None]

    def verdicts(self, claim_ids: Iterable[int]) -> dict[int, tuple[Verdict, ...]]:
        """Every verdict on these claims, superseded ones too, oldest entry first."""
        found: dict[int, list[Verdict]] = {}
        for row in self._rows_in(f"SELECT {_VERDICT} FROM verdicts v WHERE v.claim_id IN", claim_ids):  # noqa: S608
            found.setdefault(row["claim_id"], []).append(read_verdict(row))
        return {claim_id: tuple(sorted(group, key=lambda v: v.id)) for claim_id, group in found.items()}

    # --- articles -----------------------------------------------------------------------------------------------------

    def add_article(self, article: Article) -> tuple[int, bool]:
        """Store an article; return its id and whether it is new (the same text is the same article)."""
        digest = hashlib.sha256(article.text.encode()).hexdigest()
        with self.writing():
            known = self.rows("SELECT id FROM articles WHERE text_sha256 = ?", [digest])
            if known:
                return known[0]["id"], False
            number = self.insert(
                "INSERT INTO articles (source, title, author, published_on, text, text_sha256, recorded_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    *(article.source, article.title, article.author, iso(article.published_on)),
                    *(article.text, digest, _now()),
                ],
            )
            self._record("article-saved", article_id=number)
        return number, True

    def has_appearance(self, article_id: int, statement: Statement) -> bool:
        """True where this place in the article was noted before."""
        place = [article_id, statement.start, statement.end]
        return bool(self.rows('SELECT 1 FROM appearances WHERE article_id = ? AND start = ? AND "end" = ?', place))

    def add_appearance(self, claim_id: int, article_id: int, statement: Statement) -> None:
        """Note that an article states a claim at this place."""
        with self.writing():
            self.insert(
                'INSERT INTO appearances (claim_id, article_id, quote, start, "end", speaker, check_worthiness,'
                " recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    *(claim_id, article_id, statement.text, statement.start, statement.end, statement.speaker),
                    *(statement.check_worthiness, _now()),
                ],
            )

    # --- the store itself ---------------------------------------------------------------------------------------------

    def setting(self, key: str) -> str | None:
        """A setting of this store, e.g. `store_id`."""
        rows = self.rows("SELECT value FROM settings WHERE key = ?", [key])
        return rows[0]["value"] if rows else None

    def set_setting(self, key: str, value: str) -> None:
        """Write a setting of this store."""
        with self.writing():
            self.insert(
                "INSERT INTO settings (key, value) VALUES (?, ?)"
                " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                [key, value],
            )

    def claim_count(self) -> int:
        """How many claims there are."""
        return int(self.rows("SELECT count(*) FROM claims")[0][0])

    def counts(self) -> dict[str, int]:
        """How many rows of each noun there are, and how many claims wait for a verdict."""
        tables = ("claims", "verdicts", "articles", "appearances", "vectors", "events")
        found = {name: self.rows(f"SELECT count(*) FROM {name}")[0][0] for name in tables}  # noqa: S608 - own names
        found["unverified"] = self.rows("SELECT count(*) FROM claims WHERE id NOT IN (SELECT claim_id FROM verdicts)")[
            0
        ][0]
        return found

    def tally(self, column: str) -> list[tuple[str, int]]:
        """How often each `publisher`, `rating` or `normalized` rating occurs among current verdicts, most first."""
        value = {"publisher": "v.publisher", "rating": "v.rating", "normalized": "normalized(v.rating)"}[column]
        rows = self.rows(
            f"SELECT {value} AS value, count(*) AS n FROM verdicts v WHERE value IS NOT NULL"  # noqa: S608 - from the table above
            " AND NOT EXISTS (SELECT 1 FROM verdicts n WHERE n.supersedes = v.id) GROUP BY value ORDER BY n DESC, value"
        )
        return [(row["value"], row["n"]) for row in rows]

    def _external_ids(self, claim_ids: Iterable[int]) -> dict[int, tuple[tuple[str, str], ...]]:
        sql = "SELECT claim_id, publisher, external_id FROM external_ids WHERE claim_id IN"
        found: dict[int, list[tuple[str, str]]] = {}
        for row in self._rows_in(sql, claim_ids):
            found.setdefault(row["claim_id"], []).append((row["publisher"], row["external_id"]))
        return {claim_id: tuple(group) for claim_id, group in found.items()}

    def _record(self, kind: str, **subjects: int) -> None:
        names = ["recorded_at", "author", "kind", *subjects]
        marks = ", ".join("?" * len(names))
        self.insert(
            f"INSERT INTO events ({', '.join(names)}) VALUES ({marks})",  # noqa: S608 - own column names
            [_now(), settings.author(), kind, *subjects.values()],
        )

    def _rows_in(self, sql: str, ids: Iterable[int]) -> list[sqlite3.Row]:
        """Run `sql` followed by a list of ids, in slices; an id larger than SQLite's integers is no row's."""
        wanted, found = [number for number in ids if abs(number) < _TOO_LARGE], list[sqlite3.Row]()
        for start in range(0, len(wanted), _SLICE):
            part = wanted[start : start + _SLICE]
            found += self.rows(f"{sql} ({', '.join('?' * len(part))})", part)
        return found


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
