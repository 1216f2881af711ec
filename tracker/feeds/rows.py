"""A row of a feed: its columns, whatever they are called there, read into a claim and a verdict.

A row that cannot be read becomes a `Rejected` with its place and the reason; the rows around it are kept.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tracker.dates import parse_day
from tracker.entries import storable, storable_address
from tracker.errors import InvalidClaim
from tracker.models import Evidence, NewClaim, NewVerdict
from tracker.records import MAX_RAW, Misread

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

# Our column, and the other names that feeds use for it.
COLUMNS = {
    "id": ("external_id", "itemreviewed.identifier"),
    "claim": ("claim_reviewed", "claimreviewed", "text", "statement"),
    "title": ("headline",),
    "claimant": ("speaker", "itemreviewed.author.name"),
    "claim_date": ("claimed_on", "itemreviewed.datepublished"),
    "language": ("lang", "inlanguage"),
    "rating": ("verdict", "reviewrating.alternatename", "alternatename", "alternativename"),
    "publisher": ("author.name",),
    "publisher_site": ("site", "author.url"),
    "url": ("review_url",),
    "review_date": ("reviewed_on", "date", "datepublished"),
    "explanation": ("rating_explanation", "note", "reviewrating.ratingexplanation", "ratingexplanation"),
    "valid_from": (),
    "valid_to": (),
    "reviewed_claim_date": (),
    "tags": ("keywords",),
    "evidence": (),
    "rating_value": ("reviewrating.ratingvalue", "ratingvalue"),
    "best_rating": ("reviewrating.bestrating", "bestrating"),
    "worst_rating": ("reviewrating.worstrating", "worstrating"),
    "appearances": ("itemreviewed.appearance.url",),
    "check_worthiness": (),
}
FIRST_COLUMNS = 17  # that an earlier tracker wrote
_OUR_NAME = {other: name for name, others in COLUMNS.items() for other in (name, *others)}
_LISTS = ("tags", "evidence", "appearances")  # columns that may hold a list
_PARTS = re.compile(r"[./:>\[\]]+")  # how tables that were made of markup part the names of nested fields
_STATED_ON = re.compile(r"\s*stated on (?P<day>[A-Z][a-z]+ \d{1,2}, \d{4})\b")


@dataclass(frozen=True, slots=True)
class Kin:
    """An entry's number in an export, further ids that publishers gave it, its family, and the entries merged into it.

    A link names the other entry, what that is to this one, and why.
    """

    entry: int | None = None
    ids: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[int, str, str | None], ...] = ()
    merged: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a feed: a claim, its verdict if the row has one, where it was seen, and where the row stands.

    `raw` is the row as JSON, to keep it if the store refuses it; `notes` say what of it was mended or left out.
    `kin` is what an export of a tracker says of the entry beside that.
    """

    where: str
    claim: NewClaim
    verdict: NewVerdict | None
    appearances: tuple[str, ...] = ()
    raw: str = ""
    notes: tuple[str, ...] = ()
    kin: Kin = Kin()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was left out: where it stands, why, and the row itself as far as it could be kept."""

    where: str
    reason: str
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: rows that brought a claim, rows that changed one, rows known before, rows left out.

    `repaired` says what was mended or left out within rows that were taken up, and how often.
    """

    added: int
    updated: int
    unchanged: int
    rejected: tuple[Rejected, ...] = ()
    repaired: Mapping[str, int] = field(default_factory=dict)


def row_of(where: str, given: Mapping[str, Any], *, ours: bool = False) -> Row | Rejected:
    """The claim and the verdict that named values are, under our names for the columns or those that feeds use.

    `ours`: of an export of a tracker, which may say more of an entry (`Kin`).
    """
    raw = json.dumps(given, ensure_ascii=False, default=str)[:MAX_RAW]
    held = [(_plain(str(name)), value) for name, value in given.items() if _holds(value)]
    named = dict(held)
    values: dict[str, Any] = {}
    for other, column in _OUR_NAME.items():  # our own name for a column comes first, then the others
        if other in named and column not in values:
            value = named[other]
            if isinstance(value, bool) or (isinstance(value, dict | list) and column not in _LISTS):
                return Rejected(where, f"{other}: a text was expected", raw)  # true and false are no words of anybody
            values[column] = value if isinstance(value, dict | list) else str(value)
    twice = next((name for name, count in Counter(name for name, _ in held).items() if count > 1), None)
    if twice in _OUR_NAME:
        return Rejected(where, f"{twice}: stands twice in the row", raw)
    try:
        seen = _addresses(values.get("appearances", []))
        return Row(where, _claim(values), _verdict(values), seen, raw, kin=_kin(given) if ours else Kin())
    except InvalidClaim as error:
        return Rejected(where, str(error), raw)


def row_or_rejected(where: str, line: dict[str, Any] | Misread) -> Row | Rejected:
    """The same for what may be no row at all."""
    return row_of(where, line) if isinstance(line, dict) else Rejected(where, line, line.raw)


def our_name(name: str) -> str | None:
    """Our name for a feed's column; None for one that we do not know."""
    return _OUR_NAME.get(_plain(name))


def _plain(name: str) -> str:
    """A column's name in small letters, the parts of a nested one with stops between them."""
    return _PARTS.sub(".", name.strip().casefold())


def _holds(value: object) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value not in (None, [], {})


def _claim(values: dict[str, Any]) -> NewClaim:
    stated = _STATED_ON.match(values.get("review_date", ""))
    if stated:  # PolitiFact's "stated on October 22, 2019 in a mailer": the day of the claim, not of the review
        values["claim_date"] = stated["day"]
        del values["review_date"]
    return storable(
        NewClaim(
            values.get("claim", ""),
            external_id=values.get("id"),
            title=values.get("title"),
            claimant=values.get("claimant"),
            claimed_on=_day(values, "claim_date"),
            language=values.get("language"),
            check_worthiness=_share(values.get("check_worthiness")),
        )
    )


def _verdict(values: dict[str, Any]) -> NewVerdict | None:
    if not any(name in values for name in ("rating", "rating_value", "url", "explanation", "evidence")):
        return None
    return storable(
        NewVerdict(
            values.get("rating"),
            publisher=values.get("publisher"),
            publisher_site=values.get("publisher_site"),
            url=values.get("url"),
            reviewed_on=_day(values, "review_date"),
            explanation=values.get("explanation"),
            rating_value=values.get("rating_value"),
            best_rating=values.get("best_rating"),
            worst_rating=values.get("worst_rating"),
            valid_from=_day(values, "valid_from", ahead=True),
            valid_to=_day(values, "valid_to", ahead=True),
            claimed_on=_day(values, "reviewed_claim_date"),
            tags=_tags(values.get("tags", [])),
            evidence=_evidence(values.get("evidence", [])),
        )
    )


def _tags(given: Any) -> tuple[str, ...]:
    tags = given.split(",") if isinstance(given, str) else given
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise InvalidClaim("tags: words were expected, with a comma between them")
    return tuple(tags)


def _addresses(given: Any) -> tuple[str, ...]:
    """Read a list of addresses, or a text of some with white space between them."""
    found = given.split() if isinstance(given, str) else given
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise InvalidClaim("appearances: addresses were expected, with white space between them")
    return tuple(dict.fromkeys(storable_address(one, "appearance") for one in found))


def _kin(given: Mapping[str, Any]) -> Kin:
    """Read what our own export says; anything else under these names is passed over."""
    ids = [(one.get("publisher", ""), one.get("id")) for one in _objects(given, "ids")]
    links = [(_number(one), one.get("relation"), one.get("because")) for one in _objects(given, "links")]
    merged = [_number(one) for one in _objects(given, "merged")]
    return Kin(
        _number(given),
        tuple(_id(by, text) for by, text in ids if isinstance(by, str) and isinstance(text, str) and text.strip()),
        tuple(
            (other, relation, because if isinstance(because, str) else None)
            for other, relation, because in links
            if other is not None and isinstance(relation, str)
        ),
        tuple(one for one in merged if one is not None),
    )


def _id(by: str, text: str) -> tuple[str, str]:
    """A publisher and the id it gave, as they may be stored. Raises InvalidClaim."""
    clean = storable(NewClaim("id", external_id=text, claimant=by))
    return clean.claimant or "", clean.external_id or ""


def _number(given: Mapping[str, Any]) -> int | None:
    """The number of an entry; readers of markup give numbers as they are written."""
    text = str(given.get("entry"))
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _objects(given: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    listed = given.get(name)
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _evidence(given: Any) -> tuple[Evidence, ...]:
    """Read a list of objects, or the JSON of one."""
    form = 'write it as [{"url": "https://...", "note": "...", "archive_url": "https://..."}]'
    try:
        pieces = parsed(given) if isinstance(given, str) else given
        if not isinstance(pieces, list):
            raise InvalidClaim(f"evidence: not a list; {form}")
        return tuple(_piece(one, form) for one in pieces)
    except ValueError as error:
        raise InvalidClaim(f"evidence: {error}; {form}") from error


def _piece(given: Any, form: str) -> Evidence:
    names = ("url", "note", "archive_url")
    if not isinstance(given, dict) or not given.keys() <= set(names):
        raise InvalidClaim(f"evidence: not an address with a note and a copy's address; {form}")
    if not all(isinstance(value, str | None) for value in given.values()):
        raise InvalidClaim(f"evidence: a text was expected; {form}")
    return Evidence(given.get("url") or "", given.get("note"), given.get("archive_url"))


def _share(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        return float(text)
    except ValueError as error:
        raise InvalidClaim(f"check_worthiness: {text[:20]!r} is no number") from error


def _day(values: dict[str, Any], column: str, *, ahead: bool = False) -> date | None:
    text = values.get(column)
    try:
        return parse_day(text, ahead=ahead) if text and text.strip() else None
    except InvalidClaim as error:
        msg = f"{column}: {error}"
        raise InvalidClaim(msg) from error


def parsed(text: str) -> Any:
    """What a JSON text holds, numbers as they are written. Raises ValueError with the reason."""
    try:
        return json.loads(
            text, parse_int=str, parse_float=str, parse_constant=_no_number, object_pairs_hook=_each_key_once
        )
    except json.JSONDecodeError as error:
        msg = f"not JSON ({error.msg})"
        raise ValueError(msg) from error
    except RecursionError as error:
        raise ValueError("not JSON (nested too deeply)") from error


def _no_number(name: str) -> None:
    msg = f"not JSON ({name} is no number)"
    raise ValueError(msg)


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise ValueError("not JSON (a key stands twice in one object)")
    return values
