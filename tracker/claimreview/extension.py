"""The one property of our own in markup: what schema.org has no place for, and what our reader would not give back.

Its name and the names in it hold a colon, so that to JSON-LD they are no words of schema.org: others pass over them,
and the context stays the one that readers ask for. The reader of anybody's markup mends, cleans and leaves out; so each
review is read by it as soon as it is written, and the columns that would come back changed are named here as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.claimreview.shapes import EXTENSION

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["EXTENSION", "FORMAT", "extended", "extension_of"]

FORMAT = 1  # a later one may hold what this one does not know

_PREFIX = "tracker:"


def extended(node: Mapping[str, Any], columns: Mapping[str, Any], about: Mapping[str, Any]) -> dict[str, Any]:
    """The node with the extension that makes our reader find these columns in it, and with what is `about` the claim.

    A column that it would fill and that is empty stands there as null. A bare claim, which it does not read, has all.
    """
    read = _as_read(node) if node["@type"] == "ClaimReview" else {}
    held = {name: None if value in ("", []) else value for name, value in columns.items()}
    told = {name: value for name, value in held.items() if value != (read.get(name) or None)}
    told |= dict.fromkeys(name for name in read if name not in columns)
    return {**node, EXTENSION: _prefixed({"format": FORMAT, **told, **about})}


def extension_of(node: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a feed that our extension names in a review or bare claim; nothing where it has none.

    They go before what the rest of the markup says, and a None says that the column is empty. Beside the columns there
    may be `check_worthiness`, `ids` (of other publishers), `links`, `merged`, and `entry`, by which links name claims.
    """
    held = node.get(EXTENSION)
    if not isinstance(held, dict):
        return {}
    columns: dict[str, Any] = _unprefixed(held)
    columns.pop("format", None)
    return columns


def _as_read(node: Mapping[str, Any]) -> Mapping[str, Any]:
    from tracker.claimreview.fields import records_of
    from tracker.claimreview.shapes import Document

    return next((record.values for record in records_of(Document([node]), 0, "")), {})


def _prefixed(held: Any) -> Any:
    if isinstance(held, dict):
        return {_PREFIX + name: _prefixed(value) for name, value in held.items()}
    return [_prefixed(one) for one in held] if isinstance(held, list) else held


def _unprefixed(held: Any) -> Any:
    if isinstance(held, dict):
        return {str(name).removeprefix(_PREFIX): _unprefixed(value) for name, value in held.items()}
    return [_unprefixed(one) for one in held] if isinstance(held, list) else held
