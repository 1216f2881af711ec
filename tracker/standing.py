"""How a verdict stands on a day: verdicts have periods, are corrected and taken back; publishers disagree. Pure.

Two clocks run here. What holds in the world: a verdict's period, `valid_from` to `valid_to`. What had been said: the
day of the review, or of its entry where that is not known. Asked for a day in the past (`View.as_of`), the answer is
the one that could be given on it: later reviews are left out unless they name a period that had begun, and later
corrections and retractions are told as remarks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from tracker.entries import address_key, fold
from tracker.models import Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tracker.models import Verdict

_NO_RATING = ("unrated", "not-rated")  # then the publisher's own words count


@dataclass(frozen=True, slots=True)
class View:
    """From where verdicts are looked at.

    `day` is the day that periods are held against: today, the article's own, or the one asked for; with `as_of` it also
    decides what had been said. `article` is True where it is an article's.
    """

    day: date
    as_of: bool = False
    article: bool = False

    @classmethod
    def of(cls, as_of: date | None = None, article_day: date | None = None) -> View:
        """The view from today, from an article's own day, or from a day asked for."""
        if as_of:
            return cls(as_of, as_of=True)
        return cls(article_day or datetime.now(UTC).date(), article=article_day is not None)


def stand(verdicts: Iterable[Verdict], view: View) -> tuple[Verdict, ...]:
    """The verdicts on one claim with their standing and remarks on that day: those that speak first, then by entry."""
    known = {verdict.id: verdict for verdict in verdicts}
    found = [_seen(verdict, known, view) for verdict in known.values()]
    ordered = sorted(found, key=lambda verdict: (list(Standing).index(verdict.standing), verdict.id))
    return tuple(_told_twice(ordered))


def speaks(verdict: Verdict) -> bool:
    """True where a verdict is worth showing: it holds on the day, or held until its period was over."""
    return verdict.standing in (Standing.CURRENT, Standing.OVER)


def disagree(verdicts: Iterable[Verdict]) -> bool:
    """True where verdicts that hold on the day are rated differently; they are shown, never averaged.

    Ratings that we cannot read are different where their words are: “True” and “Misleading” are.
    """
    current = [verdict for verdict in verdicts if verdict.standing is Standing.CURRENT and verdict.rating]
    return len({v.normalized if v.normalized not in _NO_RATING else fold(v.rating) for v in current}) > 1


def known_from(verdict: Verdict) -> date:
    """The day from which the verdict could be known: of the review, else of its entry."""
    return verdict.reviewed_on or _day(verdict.recorded_at)


def _seen(verdict: Verdict, known: Mapping[int, Verdict], view: View) -> Verdict:
    standing, remarks = _said(verdict, known, view)
    if standing is Standing.CURRENT:
        standing, remarks = _period(verdict, view.day, remarks)
    if view.article and standing in (Standing.CURRENT, Standing.OVER, Standing.NOT_YET):
        remarks = [*remarks, *_against_article(verdict, view.day)]
    return replace(verdict, standing=standing, remarks=tuple(remarks))


def _told_twice(verdicts: Sequence[Verdict]) -> Iterator[Verdict]:
    """The same verdicts; one that another says word for word under another address is told to be the same review.

    Reviews without an explanation have too little in them to be told apart from others of one day.
    """
    first: dict[tuple[object, ...], Verdict] = {}
    for verdict in verdicts:
        whole = verdict.publisher and verdict.reviewed_on and verdict.explanation and verdict.url and speaks(verdict)
        other = first.setdefault(_review(verdict), verdict) if whole else verdict
        if other is verdict or address_key(other.url or "") == address_key(verdict.url or ""):
            yield verdict
        else:
            yield replace(verdict, remarks=(*verdict.remarks, f"verdict {other.id}, under another address"))


def _review(verdict: Verdict) -> tuple[object, ...]:
    """What makes a review, its address aside."""
    scale = verdict.rating_value, verdict.best_rating, verdict.worst_rating
    period = verdict.valid_from, verdict.valid_to, verdict.standing
    rests_on = verdict.explanation, verdict.tags, verdict.evidence
    return verdict.publisher, verdict.rating, scale, verdict.reviewed_on, rests_on, period


def _said(verdict: Verdict, known: Mapping[int, Verdict], view: View) -> tuple[Standing, list[str]]:
    """What had been said by the day: whether the verdict was there, and not yet corrected or taken back."""
    remarks = []
    if view.as_of and not _was_known(verdict, view.day):
        return Standing.NOT_YET, [_later(verdict)]
    if view.as_of and known_from(verdict) > view.day:
        remarks.append(f"{_later(verdict)}; its period had begun")
    if verdict.retracted:
        day = _day(verdict.retracted.recorded_at)
        why = f": {verdict.retracted.because}" if verdict.retracted.because else ""
        if not view.as_of or day <= view.day:
            return Standing.RETRACTED, [f"retracted on {day}{why}"]
        remarks.append(f"retracted since, on {day}{why}")
    corrections = list(_corrections(verdict, known))
    if (verdict.superseded_by and not view.as_of) or any(_was_known(later, view.day) for later in corrections):
        return Standing.SUPERSEDED, remarks
    remarks += [
        f"superseded since, on {known_from(later)}, by verdict {later.id}: {later.rating}" for later in corrections[:1]
    ]
    return Standing.CURRENT, remarks


def _corrections(verdict: Verdict, known: Mapping[int, Verdict]) -> Iterator[Verdict]:
    """The verdict that superseded this one, the one that superseded that, and so on."""
    number = verdict.superseded_by
    for _ in known:  # a chain is no longer than that, even in a damaged store
        later = known.get(number) if number else None
        if later is None:
            return
        yield later
        number = later.superseded_by


def _later(verdict: Verdict) -> str:
    return f"was {'reviewed' if verdict.reviewed_on else 'entered'} after that day, on {known_from(verdict)}"


def _was_known(verdict: Verdict, day: date) -> bool:
    """True where it had been said by the day, or names a period that had begun."""
    bounded = verdict.valid_from or verdict.valid_to
    return known_from(verdict) <= day or bool(bounded and (verdict.valid_from or day) <= day)


def _period(verdict: Verdict, day: date, remarks: list[str]) -> tuple[Standing, list[str]]:
    if verdict.valid_to and verdict.valid_to < day:
        return Standing.OVER, [*remarks, f"its period ended on {verdict.valid_to}"]
    if verdict.valid_from and verdict.valid_from > day:
        return Standing.NOT_YET, [*remarks, f"its period begins only on {verdict.valid_from}"]
    return Standing.CURRENT, remarks


def _against_article(verdict: Verdict, day: date) -> Sequence[str]:
    """What a reader of an article of that day must know about the verdict's own days."""
    if verdict.valid_to and verdict.valid_to < day:
        return [f"it was over when the article appeared ({day})"]
    if verdict.valid_from and verdict.valid_from > day:
        return [f"the article is from before that ({day})"]
    if verdict.valid_to:
        return [f"its period covers the day of the article ({day})"]
    if known_from(verdict) < day:
        return [f"this verdict is from before the article ({day}); the facts may have moved"]
    return []


def _day(moment: str) -> date:
    return date.fromisoformat(moment[:10])
