"""Labelled phrases: which quantities each holds, and how many phrases are read exactly right."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tracker.errors import UnreadableSource
from tracker.lines import read_lines
from tracker.quantities import quantities
from tracker.resampling import Estimate, wilson

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tracker.quantities.quantity import Quantities, Quantity

Json = dict[str, Any]

COLUMNS = ("id", "text", "expected_json")
TOLERANCE = 1e-4  # of a share in words: 0.6667 for two-thirds


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase and what it holds: objects of `value`, `unit`, `qualifier`, then one `change` each."""

    id: str
    text: str
    expected: tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class PhraseReport:
    """How many phrases are read exactly right, with a 95 % interval (Wilson 1927); which are not, and how.

    `empty` phrases hold no quantity, in `invented` of them one was found. `wrong` has each phrase with what was found.
    """

    phrases: int
    right: Estimate
    empty: int
    invented: int
    wrong: tuple[tuple[Phrase, tuple[Json, ...]], ...]


def measure(phrases: Sequence[Phrase]) -> PhraseReport:
    """Read each phrase (at least one) and compare every object with what is expected, in order."""
    found = [(phrase, as_objects(quantities(phrase.text))) for phrase in phrases]
    wrong = tuple((phrase, got) for phrase, got in found if not _same(got, phrase.expected))
    empty = [got for phrase, got in found if not phrase.expected]
    return PhraseReport(
        len(phrases), wilson(len(phrases) - len(wrong), len(phrases)), len(empty), sum(map(bool, empty)), wrong
    )


def as_objects(found: Quantities) -> tuple[Json, ...]:
    """The quantities as the objects of a labelled phrase, changes last."""
    changes = [{"change": {"from": value(one.before), "to": value(one.after)}} for one in found.changes]
    objects = [{"value": value(one), "unit": one.unit, "qualifier": one.qualifier.value} for one in found.found]
    return (*objects, *changes)


def value(one: Quantity) -> float | list[float]:
    """A quantity's value as JSON has it: whole numbers without a point, a range as a list."""
    low, high = (int(end) if end == int(end) else end for end in (one.low, one.high))
    return [low, high] if isinstance(one.value, tuple) else low


def read_phrases(path: Path) -> list[Phrase]:
    """The phrases of a TSV file with `id`, `text` and `expected_json`, in order. Raises UnreadableSource."""
    lines = read_lines(path)
    names = next(lines)[1].rstrip("\r\n").split("\t")
    if not set(COLUMNS) <= set(names):
        msg = f"{path}: its header lacks a column; a file of labelled phrases has {', '.join(COLUMNS)}, in TSV"
        raise UnreadableSource(msg)
    phrases = []
    for where, line in lines:
        cells = line.rstrip("\r\n").split("\t")
        if len(cells) != len(names):
            msg = f"{where}: {len(cells)} cells where the header has {len(names)}"
            raise UnreadableSource(msg)
        row = dict(zip(names, cells, strict=True))
        phrases.append(Phrase(row["id"], row["text"], _expected(where, row["expected_json"])))
    if not phrases:
        msg = f"{path}: no labelled rows"
        raise UnreadableSource(msg)
    return phrases


def _expected(where: str, cell: str) -> tuple[Json, ...]:
    """The objects of a cell. Raises UnreadableSource."""
    try:
        objects = json.loads(cell)
    except (ValueError, RecursionError) as error:
        msg = f"{where}: 'expected_json' is not JSON ({getattr(error, 'msg', error)})"
        raise UnreadableSource(msg) from error
    if not isinstance(objects, list) or not all(map(_is_object, objects)):
        msg = f'{where}: \'expected_json\' is not a list of {{"value", "unit", "qualifier"}} and {{"change"}}'
        raise UnreadableSource(msg)
    return tuple(objects)


def _is_object(one: object) -> bool:
    if not isinstance(one, dict):
        return False
    change = one.get("change")
    if isinstance(change, dict):
        return _are_numbers([change.get("from"), change.get("to")])
    ends = one.get("value")
    numbers = ends if isinstance(ends, list) and len(ends) == 2 else [ends]
    return _are_numbers(numbers) and isinstance(one.get("unit"), str) and isinstance(one.get("qualifier"), str)


def _are_numbers(values: list[Any]) -> bool:
    return all(isinstance(one, int | float) and not isinstance(one, bool) for one in values)


def _same(found: Sequence[Json], expected: Sequence[Json]) -> bool:
    return len(found) == len(expected) and all(map(_is_same, found, expected))


def _is_same(found: Json, expected: Json) -> bool:
    if "change" in expected or "change" in found:
        ours, theirs = found.get("change", {}), expected.get("change", {})
        return bool(ours and theirs) and all(_close(ours[end], theirs[end]) for end in ("from", "to"))
    names = all(found[name] == expected[name] for name in ("unit", "qualifier"))
    return names and _close(found["value"], expected["value"], share=expected["unit"] == "ratio")


def _close(found: Any, expected: Any, *, share: bool = False) -> bool:
    if isinstance(found, list) or isinstance(expected, list):
        both = isinstance(found, list) and isinstance(expected, list)
        return both and all(_close(one, other, share=share) for one, other in zip(found, expected, strict=True))
    # A share below the tolerance itself is held to its digits: 1 in 100,000 is not 0.
    reach = TOLERANCE if share and abs(expected) >= 10 * TOLERANCE else 1e-9 * abs(expected)
    return bool(abs(found - expected) <= reach)
