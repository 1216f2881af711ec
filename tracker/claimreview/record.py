"""One review that was found in markup: what it says in our words, or why it was left out."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_TELLING = ("url", "publisher", "publisher_site", "review_date", "claimant", "valid_from", "valid_to")
_PERIOD = ("valid_from", "valid_to")
_NUMBERS = ("rating_value", "best_rating", "worst_rating")
_MAX_COMPARED = 50  # records that are compared with one; beyond them both are kept
MAX_RAW = 20_000  # characters of a review that are kept as they were found


@dataclass(frozen=True, slots=True)
class Record:
    """A review and the place where it stands; with a `reason` it was left out and has no values.

    `notes` tell what was mended or passed over by rule, each with the name of its field. `is_ours`: of an export of a
    tracker, in which every review stands for itself.
    """

    where: str
    values: Mapping[str, Any] = field(default_factory=dict)
    reason: str | None = None
    raw: str = ""
    notes: tuple[str, ...] = ()
    is_ours: bool = False


def raw_text(value: object) -> str:
    """What was found as it may be kept: the text, or the value's JSON; cut, and without half characters."""
    try:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    except (ValueError, TypeError, RecursionError):  # too deep, too long a number, a key that is no text
        text = ""
    return storable_text(text[:MAX_RAW])


def storable_text(text: str) -> str:
    """The same text without what no store takes: NUL, and halves of characters that stand alone."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def once(records: Iterable[Record]) -> list[Record]:
    """The records of one page, a review that stands on it twice only once.

    Two are one only where they have the same claim, rating and numbers, and contradict each other in nothing that tells
    reviews apart. What the second says more than the first is added; where they differ in the rest the first counts,
    and the notes name it. The same review under two addresses is kept twice.
    """
    kept: list[Record] = []
    alike: dict[tuple[str, str], _Alike] = {}
    for record in records:
        if record.reason or record.is_ours:
            kept.append(record)
            continue
        others = alike.setdefault((_folded(record, "claim"), _folded(record, "rating")), _Alike())
        twin = next((at for at in others.likely(record) if _is_twin(kept[at], record)), None)
        if twin is not None:
            others.forget(twin, kept[twin])
            kept[twin] = _merged(kept[twin], record)
            others.add(twin, kept[twin])
            continue
        others.add(len(kept), record)
        kept.append(record)
    return kept


class _Alike:
    """The numbers of records with one claim and rating, by what tells them apart, so that not all are gone through."""

    def __init__(self) -> None:
        self._all: dict[int, None] = {}
        self._by: dict[tuple[str, Any], dict[int, None]] = {}

    def add(self, at: int, record: Record) -> None:
        self._all[at] = None
        for key in _keys(record):
            self._by.setdefault(key, {})[at] = None

    def forget(self, at: int, record: Record) -> None:
        for key in _keys(record):
            self._by[key].pop(at, None)

    def likely(self, record: Record) -> list[int]:
        """Those that may be the same review: with its address, publisher and so on, or with none; not too many."""
        fewest: list[dict[int, None]] | None = None
        for name, value in _keys(record):
            if value is None:
                continue
            found = [self._by.get((name, value), {}), self._by.get((name, None), {})]
            if fewest is None or sum(map(len, found)) < sum(map(len, fewest)):
                fewest = found
        return sorted(at for one in fewest or [self._all] for at in islice(one, _MAX_COMPARED))


def _keys(record: Record) -> list[tuple[str, Any]]:
    named = _named(record)
    return [(name, named.get(name)) for name in _TELLING]


def _folded(record: Record, name: str) -> str:
    return " ".join(str(record.values.get(name, "")).casefold().split())


def _is_twin(first: Record, second: Record) -> bool:
    """Tell whether two records of one claim and rating are one review."""
    one, other = _named(first), _named(second)
    if any(one[name] != other[name] for name in _TELLING if name in one and name in other):
        return False
    if any(
        "publisher" not in this and "url" in this and "publisher" in that and "url" not in that
        for this, that in ((one, other), (other, one))
    ):
        return False
    periods = [tuple(this.get(name) for name in _PERIOD) for this in (one, other)]
    if all(map(any, periods)) and periods[0] != periods[1]:
        return False
    numbers = [tuple(_number(this.get(name)) for name in _NUMBERS) for this in (one, other)]
    # The numbers may be left out beside words, not in place of them.
    return numbers[0] == numbers[1] or ("rating" in one and not all(any(n is not None for n in of) for of in numbers))


def _number(written: Any) -> Any:
    try:
        return float(str(written).replace(",", ".")) if written is not None else None
    except ValueError:
        return written


def _named(record: Record) -> dict[str, Any]:
    """The values, without a publisher that is only the name of its site."""
    unnamed = record.values.get("publisher") == record.values.get("publisher_site")
    return {name: value for name, value in record.values.items() if not (unnamed and name == "publisher")}


def _merged(first: Record, second: Record) -> Record:
    more = {**second.values, **first.values, **_named(second), **_named(first)}
    differ = [name for name, value in second.values.items() if more[name] != value]
    note = "stands twice on the page; read once"
    if differ:
        note += f" (the second, {second.where}, differs in {', '.join(differ)})"
    return replace(first, values=more, notes=tuple(dict.fromkeys((*first.notes, note))))
