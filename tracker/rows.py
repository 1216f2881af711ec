"""Between the store's rows and the nouns: plain values in, frozen dataclasses out."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from tracker.errors import StoreDamaged
from tracker.models import Appearance, Claim, Evidence, Retraction, Standing, Verdict

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator


def iso(value: Any) -> Any:
    """A day as the store keeps it; anything else as it is."""
    return value.isoformat() if isinstance(value, date) else value


def now() -> str:
    """This moment as the store keeps it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def values_of(noun: Any, only: type | None = None) -> dict[str, Any]:
    """The fields of a noun by name; of a stored one, those of the noun `only` that it extends."""
    return {field.name: getattr(noun, field.name) for field in fields(only or noun)}


@contextmanager
def _readable(what: str) -> Iterator[None]:
    """A row that does not hold what it must is an error in one line. Raises StoreDamaged."""
    try:
        yield
    except (ValueError, TypeError) as error:
        raise StoreDamaged(f"{what}: damaged ({error}); 'tracker verify' tells what was recorded") from error


def read_claim(row: sqlite3.Row) -> Claim:
    """A claim from its row. Raises StoreDamaged."""
    with _readable(f"claim {row['id']}"):
        return _claim(row)


def _claim(row: sqlite3.Row) -> Claim:
    return Claim(**{**dict(row), "claimed_on": _day(row["claimed_on"])})


def read_verdict(row: sqlite3.Row, evidence: tuple[Evidence, ...] = ()) -> Verdict:
    """A verdict from its row, joined with what supersedes or retracts it. Raises StoreDamaged."""
    with _readable(f"verdict {row['id']}"):
        return _verdict(row, evidence)


def _verdict(row: sqlite3.Row, evidence: tuple[Evidence, ...]) -> Verdict:
    datetime.fromisoformat(row["recorded_at"])
    values = {field.name: row[field.name] for field in fields(Verdict) if field.name in row.keys()}  # noqa: SIM118
    values |= {name: _day(row[name]) for name in ("reviewed_on", "valid_from", "valid_to", "claimed_on")}
    retracted = None
    if row["retraction"]:
        retracted = Retraction(row["retraction"], row["retracted_by"], row["retracted_at"], row["retracted_because"])
    superseded = Standing.SUPERSEDED if row["superseded_by"] else Standing.CURRENT
    return Verdict(
        **{
            **values,
            "tags": tuple(json.loads(row["tags"] or "[]")),
            "evidence": evidence,
            "from_feed": bool(row["from_feed"]),
            "retracted": retracted,
            "standing": Standing.RETRACTED if retracted else superseded,
        }
    )


def read_appearance(row: sqlite3.Row) -> Appearance:
    """An appearance from its row, joined with its article's. Raises StoreDamaged."""
    with _readable(f"appearance {row['id']}"):
        return _appearance(row)


def _appearance(row: sqlite3.Row) -> Appearance:
    values = {field.name: row[field.name] for field in fields(Appearance)}
    return Appearance(**{**values, "published_on": _day(row["published_on"])})
