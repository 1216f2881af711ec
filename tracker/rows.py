"""Between the store's rows and the nouns: plain values in, frozen dataclasses out."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING, Any

from tracker import ratings
from tracker.models import Appearance, Claim, Verdict

if TYPE_CHECKING:
    import sqlite3


def iso(value: Any) -> Any:
    """A day as the store keeps it; anything else as it is."""
    return value.isoformat() if isinstance(value, date) else value


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def values_of(noun: Any, only: type | None = None) -> dict[str, Any]:
    """The fields of a noun by name; of a stored one, those of the noun `only` that it extends."""
    return {field.name: getattr(noun, field.name) for field in fields(only or noun)}


def read_claim(row: sqlite3.Row) -> Claim:
    """A claim from its row."""
    return Claim(**{**dict(row), "claimed_on": _day(row["claimed_on"])})


def read_verdict(row: sqlite3.Row) -> Verdict:
    """A verdict from its row, with our reading of the rating."""
    days = {name: _day(row[name]) for name in ("reviewed_on", "valid_from", "valid_to")}
    rating = row["rating"]
    return Verdict(**{**dict(row), **days}, normalized=ratings.normalize(rating), tags=ratings.tags(rating))


def read_appearance(row: sqlite3.Row) -> Appearance:
    """An appearance from its row, joined with its article's."""
    values = {field.name: row[field.name] for field in fields(Appearance)}
    return Appearance(**{**values, "published_on": _day(row["published_on"])})
