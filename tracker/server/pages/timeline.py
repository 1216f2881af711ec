"""When what was said of a claim: its verdicts, the periods they hold for, and where it was seen, on one axis. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from tracker.claimreview.addresses import is_address
from tracker.models import Standing
from tracker.reports.plain import clean
from tracker.reports.text import period, rating
from tracker.server.pages.verdict import shape
from tracker.standing import known_from

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.models import Appearance, ClaimRecord, Verdict

ROWS = 40  # verdicts that are drawn, the last ones; all of them are in the list
_LABEL = 46  # characters that have room on a telephone
_TICKS = 5
_EDGE = 2.5  # percent on either side, so that no sign is cut off
_YEAR = 365
_BECAME = {
    Standing.CURRENT: "",
    Standing.OVER: "over",
    Standing.NOT_YET: "not yet",
    Standing.SUPERSEDED: "superseded",
    Standing.RETRACTED: "retracted",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A verdict: the place of its day and of the period it holds for in percent, and how it is drawn."""

    verdict: Verdict
    label: str
    at: float
    bar: tuple[float, float] | None
    shape: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole plot; places are percent of its width. `lines` say the same in words, oldest first."""

    rows: tuple[Row, ...]
    left_out: int
    seen: tuple[float, ...]
    said: float | None
    today: float
    ticks: tuple[tuple[float, str], ...]
    lines: tuple[tuple[date, str], ...]


@dataclass(frozen=True, slots=True)
class _Axis:
    first: date
    last: date

    def at(self, day: date) -> float:
        """The place of a day, at the edge for one outside."""
        share = (day - self.first).days / (self.last - self.first).days
        return round(_EDGE + (100 - 2 * _EDGE) * min(max(share, 0.0), 1.0), 2)


def timeline(found: ClaimRecord, today: date) -> Timeline | None:
    """What happened to a claim in the world, on one axis; None where there is nothing to draw."""
    if not found.verdicts and not found.appearances:
        return None
    axis = _axis(found, today)
    drawn = sorted(found.verdicts, key=lambda one: (known_from(one), one.id))
    rows = tuple(_row(one, axis) for one in drawn[-ROWS:])
    seen = sorted({_seen_on(one) for one in found.appearances})
    said = found.claim.claimed_on
    return Timeline(
        rows=rows,
        left_out=len(drawn) - len(rows),
        seen=tuple(axis.at(day) for day in seen),
        said=axis.at(said) if said else None,
        today=axis.at(today),
        ticks=tuple((axis.at(day), label) for day, label in _ticks(axis)),
        lines=tuple(sorted(_lines(found), key=lambda line: line[0])),
    )


def _axis(found: ClaimRecord, today: date) -> _Axis:
    """From the first to the last day that there is; a period's far end does not squeeze the rest."""
    days = [today, *map(known_from, found.verdicts), *map(_seen_on, found.appearances)]
    days += [found.claim.claimed_on] if found.claim.claimed_on else []
    first, last = min(days), max(days)
    room = max(last - first, timedelta(days=_YEAR))
    ends = [day for one in found.verdicts for day in (one.valid_from, one.valid_to) if day]
    near = [day for day in ends if (first - day) <= room and (day - last) <= room]
    first, last = min([first, *near]), max([last, *near])
    if (last - first).days < 14:  # a week around what happened in a day
        return _Axis(first - timedelta(days=14), last + timedelta(days=2))
    return _Axis(first, last)


def _row(verdict: Verdict, axis: _Axis) -> Row:
    bar = None
    if verdict.valid_from or verdict.valid_to:
        start, end = axis.at(verdict.valid_from or axis.first), axis.at(verdict.valid_to or axis.last)
        bar = (start, round(max(end - start, 0.8), 2))
    became = _BECAME[verdict.standing]
    label = f"{rating(verdict)}, {clean(verdict.publisher or 'publisher not given')}"
    label = f"{_short(label, _LABEL - len(became))}{f' ({became})' if became else ''}"
    is_open = verdict.standing in (Standing.SUPERSEDED, Standing.RETRACTED)
    return Row(verdict, label, axis.at(known_from(verdict)), bar, shape(verdict.normalized), is_open)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _seen_on(seen: Appearance) -> date:
    """The article's day, or that on which it was saved."""
    return seen.published_on or datetime.fromisoformat(seen.recorded_at).astimezone(UTC).date()


def _ticks(axis: _Axis) -> Iterator[tuple[date, str]]:
    """Round days along the axis, never more than can be read beside each other."""
    span = (axis.last - axis.first).days
    if span > 3 * _YEAR:
        step = -(-span // (_YEAR * _TICKS))
        years = range(axis.first.year + 1, axis.last.year + 1)
        yield from ((date(year, 1, 1), str(year)) for year in years if year % step == 0)
    elif span > 120:
        step = next(one for one in (1, 2, 3, 6, 12) if span / 30.5 / one <= _TICKS or one == 12)
        months = [divmod(n, 12) for n in range(axis.first.year * 12 + axis.first.month, axis.last.year * 12 + 12)]
        days = [date(year, month + 1, 1) for year, month in months if month % step == 0]
        yield from ((day, f"{day:%b %Y}") for day in days if day <= axis.last)
    else:
        step = max(span // (_TICKS - 1), 1)
        days = [axis.first + timedelta(days=step * n) for n in range(1, _TICKS)]
        yield from ((day, f"{day.day} {day:%b}") for day in days if day <= axis.last)


def _lines(found: ClaimRecord) -> Iterator[tuple[date, str]]:
    if found.claim.claimed_on:
        yield found.claim.claimed_on, "the claim was made"
    for one in found.verdicts:
        more = [clean(one.publisher or "publisher not given"), period(one), _BECAME[one.standing]]
        how = "reviewed" if one.reviewed_on else "entered"
        yield known_from(one), f"{how}, verdict {one.id}: {rating(one)}, {', '.join(part for part in more if part)}"
    for day, group in groupby(sorted(found.appearances, key=_seen_on), key=_seen_on):
        yield day, f"seen: {_names(list(group))}"


def named(seen: Appearance) -> str:
    """What an article is called: its title, its address, or its file's name without the folder, which is nobody's."""
    return seen.title or (seen.source if is_address(seen.source) else re.split(r"[\\/]", seen.source)[-1])


def _names(seen: Sequence[Appearance]) -> str:
    names = list(dict.fromkeys(clean(named(one)) for one in seen))
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"{'; '.join(names[:3])}{more}"
