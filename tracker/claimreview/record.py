"""One review that was found in markup: what it says in our words, or why it was left out."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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

    What the second says more than the first is added; where they differ the first counts, and the notes name it. The
    same review under two addresses is kept twice, with a note.
    """
    kept: list[Record] = []
    alike: dict[tuple[str, str], list[int]] = {}
    for record in records:
        key = (_folded(record, "claim"), _folded(record, "rating"))
        others = [] if record.reason or record.is_ours else alike.setdefault(key, [])
        twin = next((at for at in others if _is_twin(kept[at], record)), None)
        if twin is not None:
            kept[twin] = _merged(kept[twin], record)
            continue
        if others and (first := kept[others[0]]).values.get("publisher") == record.values.get("publisher"):
            note = f"url: the same review stands under {first.values.get('url')} too"
            record = replace(record, notes=(*record.notes, note))  # noqa: PLW2901
        if not record.reason:
            others.append(len(kept))
        kept.append(record)
    return kept


def _folded(record: Record, name: str) -> str:
    return str(record.values.get(name, "")).casefold()


def _is_twin(first: Record, second: Record) -> bool:
    one, other = _named(first), _named(second)
    return all(one[name] == other[name] for name in ("url", "publisher", "claimant") if name in one and name in other)


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
