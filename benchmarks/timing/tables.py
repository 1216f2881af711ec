"""What was measured, as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


def target(what: str, value: float, limit: float, *, at_least: bool = False, unit: str = "x") -> dict[str, Any]:
    """One figure beside what was asked for."""
    return {"what": what, "value": value, "limit": limit, "at_least": at_least, "unit": unit}


def target_lines(targets: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Each figure with its limit, and whether it is kept."""
    for one in targets:
        kept = one["value"] >= one["limit"] if one["at_least"] else one["value"] < one["limit"]
        sign, word = (">=" if one["at_least"] else "<"), ("kept" if kept else "MISSED")
        yield f"  {one['what']:62} {one['value']:9.3g} {one['unit']:4} (asked: {sign} {one['limit']:g})  {word}"


def table_lines(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Rows of named values as columns; the first is the name of the row."""
    if not rows:
        return
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = [[_cell(row.get(name)) for name in names] for row in rows]
    widths = [max(len(line[i]) for line in [names, *cells]) for i in range(len(names))]
    for line in [names, *cells]:
        first, *others = (text.ljust(w) if i == 0 else text.rjust(w) for i, (text, w) in _numbered(line, widths))
        yield "  " + "  ".join([first, *others]).rstrip()


def _numbered(line: list[str], widths: list[int]) -> Iterator[tuple[int, tuple[str, int]]]:
    return enumerate(zip(line, widths, strict=True))


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.4g}" if abs(value) < 1000 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
