"""What `feedback` and `tune` have to say, for a person and for a program."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tracker.calibration import SHIPPED
from tracker.reports.plain import clean, wrapped
from tracker.tuning import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tracker.feedback import Answer
    from tracker.models import Claim
    from tracker.reliability import Reliability
    from tracker.tuning import Refit

Json = dict[str, Any]


def answered(answer: Answer, claim: Claim, *, is_new: bool) -> Iterator[str]:
    """What was answered about which claim, and how to say otherwise."""
    known = "" if is_new else " (was answered so before)"
    yield from wrapped(f"answer {answer.id}: claim {claim.id} {_is(answer)} what the text is about{known}", "")
    yield from wrapped(f"“{clean(answer.query)}”", "    text:  ")
    yield from wrapped(f"“{clean(claim.text)}”", "    claim: ")


def answers(found: Sequence[Answer], claims: Mapping[int, Claim]) -> Iterator[str]:
    """Every answer, oldest first, and how many count."""
    for one in found:
        later = f"; superseded by answer {one.superseded_by}" if one.superseded_by else ""
        gone = "; its claim is retracted" if one.is_retracted else ""
        yield from wrapped(f"{_word(one)}: “{clean(one.query)}”", f"[{one.id}] ")
        yield from wrapped(f"“{clean(claims[one.claim_id].text)}”", f"      claim {one.claim_id} ")
        yield f"      {clean(one.author)}, {one.recorded_at[:10]}{later}{gone}"
        if one.because:
            yield from wrapped(clean(one.because), "      because: ")
    count, yes = _counted(found)
    yield f"{count:,} answers count: {yes:,} yes, {count - yes:,} no"


def tuned(found: Refit, *, dry_run: bool) -> Iterator[str]:
    """Before and after in a table, and what was decided and why."""
    yield f"{found.answers:,} answers ({found.yes:,} yes, {found.no:,} no) on {found.texts:,} texts"
    yield ""
    yield "log loss   Brier     ECE"
    yield f"{_measures(found.shipped)}  as shipped"
    if found.in_use != SHIPPED:
        yield f"{_measures(found.before)}  in use now: {in_words(found.in_use)}"
    parts = "each text left out in turn" if found.folds == found.texts else f"{found.folds} folds, none shares a text"
    yield f"{_measures(found.after)}  refitted, cross-validated ({parts})"
    yield ""
    how = "better" if found.gain.mean > 0 else "worse"
    yield f"{how} by {abs(found.gain.mean):.4f} in log loss, standard error {found.gain.error:.4f}"
    new, old = in_words(found.fitted), in_words(found.in_use)
    if found.refused:
        yield from wrapped(f"KEPT as it is ({old}): {found.refused}", "")
    elif dry_run:
        yield from wrapped(f"would be TUNED: {new}; without --dry-run it is taken up", "")
    else:
        yield from wrapped(f"TUNED: {new}; 'tracker tune --reset' goes back to the shipped one", "")


def answers_json(found: Sequence[Answer], claims: Mapping[int, Claim]) -> Json:
    """Every answer, oldest first, and how many count."""
    count, yes = _counted(found)
    return {
        "answers": [
            {
                "answer_id": one.id,
                "query": one.query,
                "claim_id": one.claim_id,
                "claim": claims[one.claim_id].text,
                "answer": _word(one),
                "by": one.author,
                "because": one.because,
                "recorded_at": one.recorded_at,
                "superseded_by": one.superseded_by,
                "counts": one.counts,
            }
            for one in found
        ],
        "yes": yes,
        "no": count - yes,
    }


def tuned_json(found: Refit, *, dry_run: bool) -> Json:
    """Before and after, and what was decided and why."""
    return {
        "answers": found.answers,
        "yes": found.yes,
        "no": found.no,
        "texts": found.texts,
        "folds": found.folds,
        "shipped": _measures_json(found.shipped),
        "before": _measures_json(found.before),
        "after": _measures_json(found.after),
        "gain": found.gain.mean,
        "gain_error": found.gain.error,
        "in_use": asdict(found.in_use),
        "fitted": asdict(found.fitted),
        "taken_up": found.refused is None and not dry_run,
        "refused": found.refused,
    }


def _is(answer: Answer) -> str:
    return "is" if answer.is_about else "is not"


def _word(answer: Answer) -> str:
    return "yes" if answer.is_about else "no"


def _counted(found: Sequence[Answer]) -> tuple[int, int]:
    """How many answers count, and how many of them are yes."""
    counting = [one for one in found if one.counts]
    return len(counting), sum(one.is_about for one in counting)


def _measures(found: Reliability) -> str:
    return f"{found.log_loss:8.4f} {found.brier:7.4f} {found.ece:7.4f}"


def _measures_json(found: Reliability) -> Json:
    return {"log_loss": found.log_loss, "brier": found.brier, "ece": found.ece}
