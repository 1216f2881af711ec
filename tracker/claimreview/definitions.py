"""What schema.org defines around a ClaimReview, and what Google asks for: `data/claimreview.json`, read once."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent.parent / "data" / "claimreview.json"
_IRI = ("http://schema.org/", "https://schema.org/", "http://www.schema.org/", "https://www.schema.org/", "schema:")


def short(name: str) -> str:
    """A type's or property's name without schema.org's address in front."""
    return next((name[len(start) :] for start in _IRI if name.startswith(start)), name)


def lineage(kind: str) -> tuple[str, ...]:
    """The types that define a type's properties, from itself or the nearest to Thing; empty for an unknown type."""
    types, holders = _definitions()["types"], _holders()
    name = kind if kind in types else holders.get(kind, "")
    found = []
    while name:
        found.append(name)
        name = types[name].get("is_a", "")
    return tuple(found)


def is_defined(kind: str) -> bool:
    """True for a type whose properties are all listed."""
    return kind in _definitions()["types"]


@cache
def expected(kind: str) -> dict[str, tuple[str, ...]]:
    """The properties of a type with the types of their values; nothing in it for one that is not judged."""
    found: dict[str, tuple[str, ...]] = {}
    for name in reversed(lineage(kind)):
        one = _definitions()["types"][name]
        found |= dict.fromkeys(one.get("also", "").split(), ())
        found |= {key: tuple(values) for key, values in one.get("properties", {}).items()}
    return found


@cache
def asked(kind: str, how: str) -> dict[str, str]:
    """The `required` or `recommended` properties of a type, each with what to write."""
    found: dict[str, str] = {}
    for name in reversed(lineage(kind)):
        found |= _definitions()["types"][name].get(how, {})
    return found


@cache
def single() -> frozenset[str]:
    """The properties of which readers expect one value."""
    return frozenset(_definitions()["single"].split())


def is_a(kind: str, other: str) -> bool:
    """True where a type is another one or a kind of it; a kind that is not known is none."""
    return kind == other or other in lineage(kind)


@cache
def _holders() -> dict[str, str]:
    return {kind: name for name, kinds in _definitions()["kinds"].items() for kind in kinds.split()}


@cache
def _definitions() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return found
