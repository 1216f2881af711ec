"""Why a claim's verdicts should be looked at again: old, over, or overtaken by newer ones. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tracker.models import Standing
from tracker.standing import disagree, known_from

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from tracker.models import Claim, Verdict

MAX_AGE = 365  # days after which a verdict without a period is due


def reasons(
    verdicts: Sequence[Verdict],
    family: Sequence[tuple[Claim, str, Sequence[Verdict]]],
    day: date,
    max_age: int = MAX_AGE,
) -> Iterator[str]:
    """Each reason to check a claim again on `day`; none where there is nothing to do or no verdict yet.

    `verdicts` and those in `family` (linked claims, what they are to this one, their verdicts) have their standing on
    that day (`standing.stand`). `max_age` counts days since the review.
    """
    current = [verdict for verdict in verdicts if verdict.standing is Standing.CURRENT]
    over = [verdict for verdict in verdicts if verdict.standing is Standing.OVER]
    for verdict in over if not current else ():
        yield f"verdict {verdict.id}: its period ended on {verdict.valid_to}"
    for verdict in current:
        if not (verdict.valid_to or known_from(verdict) + timedelta(days=max_age) >= day):
            yield f"verdict {verdict.id}: {_dated(verdict)}, more than {max_age} days ago"
    if disagree(verdicts):
        newest = max(current, key=lambda verdict: (known_from(verdict), verdict.id))
        yield f"its verdicts differ; the newest is verdict {newest.id}, {_dated(newest)}"
    said = [*current, *over]
    last = max(map(known_from, said), default=day)
    for claim, relation, others in family:
        newer = [v for v in others if v.standing is Standing.CURRENT and known_from(v) > last]
        if said and newer:
            yield f"claim {claim.id} ({relation}) got a newer verdict, {newer[-1].id}, on {known_from(newer[-1])}"


def _dated(verdict: Verdict) -> str:
    return f"{'reviewed' if verdict.reviewed_on else 'entered'} on {known_from(verdict)}"
