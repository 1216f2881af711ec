"""How mutants are related to what they were made of, and the share that is related as it must be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.errors import UnreadableSource
from tracker.feeds import Row, read_feed
from tracker.models import Relation
from tracker.mutations import Kind
from tracker.progress import silent
from tracker.records import text_lines, too_long
from tracker.resampling import wilson

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from tracker.mutations import Mutant
    from tracker.progress import Progress
    from tracker.relating import Relating


@dataclass(frozen=True, slots=True)
class Judged:
    """A mutant with its relation to what it was made of, as the statement (`forth`) and as the claim (`back`)."""

    mutant: Mutant
    forth: Relation
    back: Relation

    @property
    def is_right(self) -> bool:
        """True where neither is `same` after a breaking change, and both are after a keeping one."""
        found = (self.forth, self.back)
        if self.mutant.kind.is_breaking:
            return Relation.SAME not in found
        return set(found) == {Relation.SAME}


@dataclass(frozen=True, slots=True)
class Share:
    """How many of `mutants` are related rightly."""

    mutants: int
    right: int

    @property
    def value(self) -> float:
        """The share, 0 to 1; 0 where there are none."""
        return self.right / self.mutants if self.mutants else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The share's 95 % interval, 0 to 1 (`resampling.wilson`)."""
        found = wilson(self.right, self.mutants)
        return found.low, found.high


@dataclass(frozen=True, slots=True)
class MutationReport:
    """The shares that are right: of each kind that has mutants, of all breaking and all keeping ones; and the wrong."""

    by_kind: dict[Kind, Share]
    breaking: Share
    keeping: Share
    wrong: tuple[Judged, ...]


def judge(mutants: Sequence[Mutant], relating: Relating, progress: Progress = silent) -> MutationReport:
    """Relate each mutant and what it was made of, both ways round, and count what is right."""
    pairs = [(one.text, one.original) for one in mutants]
    found = [one.relation for one in relating.relate_all([*pairs, *((b, a) for a, b in pairs)], progress)]
    judged = [Judged(one, found[i], found[len(mutants) + i]) for i, one in enumerate(mutants)]
    by_kind = {kind: _share(one for one in judged if one.mutant.kind is kind) for kind in Kind}
    return MutationReport(
        {kind: share for kind, share in by_kind.items() if share.mutants},
        _share(one for one in judged if one.mutant.kind.is_breaking),
        _share(one for one in judged if not one.mutant.kind.is_breaking),
        tuple(one for one in judged if not one.is_right),
    )


def _share(judged: Iterable[Judged]) -> Share:
    found = [one.is_right for one in judged]
    return Share(len(found), sum(found))


def read_claims(path: Path) -> list[str]:
    """The claims of a feed as for import, or of a .txt file with one on each line; `#` begins a remark.

    Raises UnreadableSource.
    """
    claims = list(_lines(path) if path.suffix.casefold() == ".txt" else _rows(path))
    if not claims:
        raise UnreadableSource(f"{path}: no claims in it; a .txt file has one on each line")
    return claims


def _rows(path: Path) -> Iterator[str]:
    return (row.claim.text for row in read_feed(path) if isinstance(row, Row))


def _lines(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for number, line in text_lines(file):
                if line is None:
                    raise UnreadableSource(f"{path}:{number}: {too_long()}")
                if line.strip() and not line.startswith("#"):
                    yield line.strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise UnreadableSource(f"{path}: cannot be read ({reason})") from error
