"""The rating of a review: the publisher's words verbatim, its numbers, and the words that explain it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.claimreview.texts import of_scalar
from tracker.claimreview.thing import Thing, Unusable, folded
from tracker.entries import MAX_TEXT

if TYPE_CHECKING:
    from typing import Any

_SHOWN = 80  # characters of a label in a message
_NUMBERS = {"rating_value": "ratingValue", "best_rating": "bestRating", "worst_rating": "worstRating"}
_NUMBER = re.compile(r"\s*([+-]?\d{1,15}(?:[.,]\d{1,15})?)\s*(?:/\s*\d{1,15}|%|)\s*")


def read_rating(review: Thing) -> dict[str, Any]:
    """Read rating, its numbers and its explanation; nothing of it is guessed, the scale is not brought to another.

    Raises Unusable.
    """
    rating = _rating(review)
    values: dict[str, Any] = {"rating": _words(rating)}
    values |= {ours: rating.text(theirs, called=ours) for ours, theirs in _NUMBERS.items()}
    value = values["rating_value"]
    if value and _number(value) is None:
        if values["rating"]:
            rating.note(f"rating_value: {value[:60]!r} is no number; kept as written")
        else:
            rating.note("rating: alternateName is missing; the words in ratingValue taken")
            values["rating"], values["rating_value"] = value, ""
    _compare(rating, values)
    explained = rating.text("ratingExplanation", called="explanation")
    values["explanation"] = explained or review.text("ratingExplanation", called="explanation")
    return values


def _rating(review: Thing) -> Thing:
    """The rating as one thing: of several that agree the first with words; a text is the words."""
    given = review.values("reviewRating")
    if len(given) > 1:
        review.note(f"rating: a list of {len(given)}; the first with words taken")
    things = [_unpacked(review, value) for value in given]
    inner = [one for value in given if isinstance(value, dict) for one in _whole(review, value)]
    _agree([*things, *inner])
    worded = [thing for thing in things if _label(thing)]
    return (worded or things or [review.empty()])[0]


def _whole(review: Thing, value: dict[str, Any]) -> list[Thing]:
    """A rating as it is written, and what stands under its properties."""
    thing = Thing(value, review.document, review.notes)
    return [thing, *thing.things("properties")]


def _agree(things: list[Thing]) -> None:
    """See that the ratings say the same, each label and each number. Raises Unusable."""
    named = [thing.labels("alternateName") or thing.labels("name")[:1] for thing in things]
    told = [[folded(label) for label in labels] for labels in named]
    _same([label for labels in named for label in labels], [label for labels in told for label in labels])
    for name in _NUMBERS.values():
        numbers = [text for thing in things for text in thing.texts(name)]
        _same(numbers, [folded(text) if _number(text) is None else _number(text) for text in numbers])


def _same(written: list[str], meant: list[Any]) -> None:
    for text, meaning in zip(written, meant, strict=True):
        if meaning != meant[0]:
            msg = f"two ratings that differ: {written[0][:_SHOWN]!r} and {text[:_SHOWN]!r}"
            raise Unusable(msg)


def _unpacked(review: Thing, value: Any) -> Thing:
    if not isinstance(value, dict):
        text = of_scalar(value)
        review.note("rating: reviewRating is a text, not a Rating; taken as its words")
        return Thing({"alternateName": text}, review.document, review.notes)
    thing = Thing(value, review.document, review.notes)
    inner = thing.things("properties")
    if inner:
        review.note("rating: stands under properties")
        return Thing({**value, **inner[0].given}, review.document, review.notes)
    if of_scalar(value.get("@value")):
        return Thing({"alternateName": value["@value"]}, review.document, review.notes)
    return thing


def _words(rating: Thing) -> str:
    label = _label(rating)
    if len(label) > MAX_TEXT:
        rating.note(f"rating: {len(label):,} characters; not kept")
        return ""
    if label and not rating.labels("alternateName"):
        rating.note("rating: alternateName is missing; name taken")
    return label


def _label(rating: Thing) -> str:
    """The words of a rating as they stand there, "Unknown" and "N/A" too: else its numbers would decide."""
    return next(iter((*rating.labels("alternateName"), *rating.labels("name"))), "")


def _compare(rating: Thing, values: dict[str, Any]) -> None:
    """Note numbers that do not go together; they are kept as they are written."""
    value, best, worst = (_number(values[name]) for name in _NUMBERS)
    if best is not None and best == worst:
        rating.note(f"rating_value: best and worst are both {values['best_rating']}; the numbers say nothing")
    elif value is not None and (
        (best is not None and worst is not None and not min(best, worst) <= value <= max(best, worst))
        or (best is not None and worst is None and value > best)
        or (worst is not None and best is None and value < worst)
    ):
        span = f"{values['worst_rating'] or '?'} to {values['best_rating'] or '?'}"
        rating.note(f"rating_value: {values['rating_value']} is outside {span}; kept as written")
    if values["rating_value"] and not values["rating"]:
        rating.note("rating: only a number, no words")


def _number(text: str) -> float | None:
    found = _NUMBER.fullmatch(text)
    return float(found[1].replace(",", ".")) if found else None
