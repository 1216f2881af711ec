"""What two sentences have in common and in what they differ: the evidence on which their relation is decided.

Each difference is a rule that can be tested alone, and carries the words that it rests on. Nothing is decided here: two
sentences may differ in figures because they are about different things (`relations`).
"""

from __future__ import annotations

import math
import re
from itertools import combinations, product
from typing import TYPE_CHECKING, NamedTuple

from tracker.alignment import Alignment, align
from tracker.chronology import PeriodAgreement, compare_periods
from tracker.figures import Agreement, compare, spell
from tracker.lexicon import Kinship, direction
from tracker.models import Reason, Relation
from tracker.names import NameKind, compare as compare_names
from tracker.polarity import PASSIVE, spans_of, turned
from tracker.roles import named

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tracker.periods import Period
    from tracker.polarity import Part
    from tracker.quantities.quantity import Change, Quantities, Quantity
    from tracker.reading import Reading, Word

ON_ONE_SIDE = (  # with any of these the rest of the words may be the same, but what is said is not
    *("figure here only", "figure there only", "figures differ", "name here only", "name there only"),
    *("group on one side", "names differ", "planned on one side", "scope differs", "negated on one side"),
    *("time on one side", "times differ", "time within", "time unknown", "out of order", "names within"),
    *("voices differ", "denied on one side"),
)
_MOVES = frozenset("go move change shift take bring come".split())
_COUNTS = frozenset({"", "person", "times"})
_QUOTED = re.compile(r"[“\"]([^“”\"]+)[”\"]")
_FEW = 5  # words in quotation marks from which on they are a quotation, and no scare quotes
_DOUBTFUL = frozenset("could might may should plan plans planning expected".split())


class Evidence(NamedTuple):
    """`values` are the features, by name (`FEATURES`); `reasons` what was found, by the relation that it speaks for."""

    values: dict[str, float]
    reasons: dict[Relation, tuple[Reason, ...]]
    cautions: tuple[Reason, ...]


def weigh(
    here: Reading, there: Reading, cosine: float | None, said_on: date | None = None, claimed_on: date | None = None
) -> Evidence:
    """Compare a statement with a claim. `cosine` is that of their vectors, where there are any."""
    words = align(here.words, there.words)
    parts = (
        _about(here, there, words, cosine),
        _figures(_stated(here.quantities, there.quantities), _stated(there.quantities, here.quantities)),
        _changes(here.quantities.changes, there.quantities.changes),
        _times(here.periods, there.periods, said_on, claimed_on),
        turned(here, there, words),
        named(here, there, words),
        _scope(here, there),
        _order(here, there, words),
    )
    values: dict[str, float] = {}
    reasons: dict[Relation, list[Reason]] = {}
    for found, spoken in parts:
        values |= found
        for relation, reason in spoken:
            reasons.setdefault(relation, []).append(reason)
    if any(values[name] for name in ON_ONE_SIDE):
        values["same words"] = 0.0
    values["same change"] = float(_same_change(here, there, words, values))
    return Evidence(values, {relation: tuple(found) for relation, found in reasons.items()}, _cautions(here))


def _about(here: Reading, there: Reading, words: Alignment, cosine: float | None) -> Part:
    """How far the two are about one thing, whatever they say of it."""
    ours, theirs = words.covered_here(), words.covered_there()
    missing = sum(word.weight for word in words.here), sum(word.weight for word in words.there)
    values = {
        "cosine": cosine or 0.0,
        "covered here": ours,
        "covered there": theirs,
        "least covered": min(ours, theirs),
        "words here only": math.log1p(missing[0]),
        "words there only": math.log1p(missing[1]),
        "length": math.log1p(min(len(here.words), len(there.words))),
        "one word each": float(len(words.here) == len(words.there) == 1),
        "nothing left": float(not words.here and not words.there),
        "same words": float(not words.here and not words.there and all(p.kinship is Kinship.SAME for p in words.pairs)),
    }
    reasons = []
    if words.here or words.there:
        told = f"words: {_first(words.here)} here, {_first(words.there)} there"
        reasons.append((Relation.RELATED, Reason(told, spans_of(words.here), spans_of(words.there))))
    return values, reasons


def _stated(quantities: Quantities, other: Quantities) -> list[Quantity]:
    """Its figures; of a change that the other side does not tell, only what it came to, which is what holds now."""
    gone = [] if other.changes else [change.before for change in quantities.changes]
    return [one for one in quantities.found if one not in gone]


def _figures(ours: Sequence[Quantity], theirs: Sequence[Quantity]) -> Part:
    """Figures that agree, that contradict each other, and that only one of the two states."""
    left, right = list(ours), list(theirs)
    equal = [(a, b) for a, b in product(left, right) if _equal(a, b)]
    agreed: list[tuple[Quantity, Quantity]] = []
    for a, b in sorted(equal, key=lambda pair: pair[0].counted != pair[1].counted):
        if a in left and b in right:
            left.remove(a)
            right.remove(b)
            agreed.append((a, b))
    pairs = sorted(product(left, right), key=lambda pair: _unlike(*pair))
    apart: list[tuple[Quantity, Quantity]] = []
    for a, b in pairs:
        if a in left and b in right and _unlike(a, b) < 4:
            left.remove(a)
            right.remove(b)
            apart.append((a, b))
    order = [ours.index(a) for a, _ in agreed], [theirs.index(b) for _, b in agreed]
    crossed = len(agreed) > 1 and [x for _, x in sorted(zip(*order, strict=True))] != sorted(order[1])
    values = {
        "figures agree": float(min(2, len(agreed))),
        "figures differ": float(bool(apart)),
        "figures incomparable": float(any(compare(a, b).agreement is Agreement.INCOMPARABLE for a, b in apart)),
        "figures crossed": float(crossed),
        "money on one side": float(any((a.unit in _COUNTS) != (b.unit in _COUNTS) for a, b in agreed)),
        "figure here only": float(bool(left)),
        "figure there only": float(bool(right)),
    }
    reasons = [(Relation.DIFFERENT_FIGURE, _told_apart(a, b)) for a, b in apart]
    reasons += [(Relation.SAME, Reason(f"figures agree: {spell(b)}", (a.span,), (b.span,))) for a, b in agreed]
    if crossed:
        spans = tuple(a.span for a, _ in agreed), tuple(b.span for _, b in agreed)
        reasons.append((Relation.RELATED, Reason("the figures stand in another order", *spans)))
    reasons += [(Relation.RELATED, Reason(f"figure: none there, {spell(a)} here", (a.span,))) for a in left]
    reasons += [(Relation.RELATED, Reason(f"figure: {spell(b)} there, none here", (), (b.span,))) for b in right]
    return values, reasons


def _changes(ours: Sequence[Change], theirs: Sequence[Change]) -> Part:
    """A change that one tells from A to B and the other from B to A."""
    for a, b in product(ours, theirs):
        crossed = (a.before, b.after), (a.after, b.before)
        if all(_equal(*pair) for pair in crossed) and not _equal(a.before, a.after):
            told = f"change: from {spell(b.before)} to {spell(b.after)} there, the other way here"
            reason = Reason(told, (a.before.span, a.after.span), (b.before.span, b.after.span))
            return {"change reversed": 1.0}, [(Relation.OPPOSITE, reason)]
    return {"change reversed": 0.0}, []


def _same_change(here: Reading, there: Reading, words: Alignment, values: dict[str, float]) -> bool:
    """True where both tell one change of one thing, whatever they call it: the order of the figures says which way."""
    ours, theirs = here.quantities, there.quantities
    if not len(ours.changes) == len(theirs.changes) == 1 or len(ours.found) != 2 or len(theirs.found) != 2:
        return False
    (a,), (b,) = ours.changes, theirs.changes
    ends = all(compare(*pair).agreement is Agreement.EQUAL for pair in ((a.before, b.before), (a.after, b.after)))
    other = [word for word in (*words.here, *words.there) if not direction(word.lemma) and word.lemma not in _MOVES]
    counted = [name for name in (*here.names, *there.names) if name.kind is NameKind.GROUP]
    among = [one for one in ON_ONE_SIDE if not (one == "group on one side" and len(counted) == 1)]
    things = [pair for pair in words.pairs if not direction(pair.here.lemma) and pair.here.lemma not in _MOVES]
    one_thing = things and all(pair.kinship is Kinship.SAME for pair in things)
    return bool(ends and one_thing and not other and not any(values[one] for one in among))


def _equal(one: Quantity, other: Quantity) -> bool:
    """True for one figure, also where only one side says that it counts people, or times."""
    found = compare(one, other).agreement
    if found is not Agreement.INCOMPARABLE:
        return found is Agreement.EQUAL
    return one.value == other.value and one.per == other.per and {one.unit, other.unit} <= _COUNTS


def _unlike(one: Quantity, other: Quantity) -> int:
    """How little two figures look like the same thing measured: 0 the same unit and noun, 4 nothing in common."""
    if compare(one, other).agreement is Agreement.DIFFERENT:
        return int(one.unit != other.unit) + int(bool(one.counted and other.counted and one.counted != other.counted))
    money = len(one.unit) == len(other.unit) == 3 and one.unit.isupper() and other.unit.isupper()
    shares = {one.unit, other.unit} <= {"percent", "percentage-point", "ratio", "times"}
    alike = one.low == other.low or one.counted == other.counted != ""
    return 2 if money or shares else 3 if alike else 4


def _told_apart(here: Quantity, there: Quantity) -> Reason:
    factor = compare(there, here).factor
    times = ""
    if factor and factor > 0 and not 0.5 < factor < 2:
        times = f" (x {_short(factor)})" if factor > 1 else f" (x 1/{_short(1 / factor)})"
    return Reason(f"figure: {spell(there)} there, {spell(here)} here{times}", (here.span,), (there.span,))


def _short(factor: float) -> str:
    return f"{factor:,.0f}" if factor >= 100 else f"{factor:.3g}"


def _times(ours: Sequence[Period], theirs: Sequence[Period], said_on: date | None, claimed_on: date | None) -> Part:
    found = compare_periods(ours, theirs, said_on=said_on, claimed_on=claimed_on)
    is_ = found.agreement
    values = {
        "times agree": float(is_ is PeriodAgreement.SAME),
        "times differ": float(is_ is PeriodAgreement.DIFFERENT),
        "time within": float(is_ is PeriodAgreement.WITHIN),
        "time on one side": float(is_ is PeriodAgreement.ONE_SIDED),
        "time unknown": float(is_ is PeriodAgreement.UNKNOWN),
        "time relative": float(found.relative),
    }
    here, there = found.ours, found.theirs
    told = f"period: {there.text if there else 'none'} there, {here.text if here else 'none'} here"
    spans = ((here.start, here.end),) if here else (), ((there.start, there.end),) if there else ()
    if is_ is PeriodAgreement.DIFFERENT:
        return values, [(Relation.DIFFERENT_TIME, Reason(told, *spans))]
    if is_ in (PeriodAgreement.WITHIN, PeriodAgreement.ONE_SIDED, PeriodAgreement.UNKNOWN):
        return values, [(Relation.RELATED, Reason(told, *spans))]
    return values, []


def _scope(here: Reading, there: Reading) -> Part:
    """Whether one says it of all and the other of some, or plans what the other did."""
    modal = bool(here.modals) != bool(there.modals)
    doubtful = any(w.lemma in _DOUBTFUL for w in here.modals) != any(w.lemma in _DOUBTFUL for w in there.modals)
    scope = here.quantifiers != there.quantifiers
    values = {
        "planned on one side": float(modal),
        "possible on one side": float(doubtful),
        "scope differs": float(scope),
        "fragment": float(here.is_fragment or there.is_fragment),
        "reported": float(here.framing.reported is not None),
    }
    reasons = []
    if modal:
        told = f"scope: '{(here.modals or there.modals)[0].text}' {'here' if here.modals else 'there'} only"
        reasons.append((Relation.RELATED, Reason(told, spans_of(here.modals), spans_of(there.modals))))
    if scope:
        ours, theirs = (" and ".join(sorted(one.quantifiers)) or "nothing said" for one in (here, there))
        reasons.append((Relation.RELATED, Reason(f"scope: {ours} here, {theirs} there")))
    if here.is_fragment:
        reasons.append((Relation.RELATED, Reason("whom it is about is not said here", (), ())))
    return values, reasons


def _order(here: Reading, there: Reading, words: Alignment) -> Part:
    """How much of what both have stands in another order, 0 to 1: in one voice, the roles may be swapped."""
    anchors = [(p.here.start, p.there.start) for p in words.pairs if p.kinship is Kinship.SAME]
    anchors += [(a.start, b.start) for a, b in compare_names(here.names, there.names).matched]
    both = list(combinations(anchors, 2))
    crossed = sum((a[0] - b[0]) * (a[1] - b[1]) < 0 for a, b in both)
    voices = bool(PASSIVE.search(here.text)) != bool(PASSIVE.search(there.text))
    return {"out of order": crossed / len(both) if both else 0.0, "voices differ": float(voices)}, []


def _cautions(here: Reading) -> tuple[Reason, ...]:
    """What a reader should know whatever the relation is."""
    cautions = []
    if reported := here.framing.reported:
        said = here.text[slice(*reported)].strip(" ,:;–—-.")
        cautions.append(Reason(f"reported, not asserted: '{said}'", (reported,), ()))
    for found in _QUOTED.finditer(here.text, here.framing.start, here.framing.end):
        words = len(found[1].split())
        if 0 < words <= _FEW and 2 * words < len(here.text[here.framing.start : here.framing.end].split()):
            cautions.append(Reason(f"in quotation marks, perhaps not asserted: '{found[1]}'", (found.span(),), ()))
    return tuple(cautions)


def _first(found: Sequence[Word], most: int = 4) -> str:
    return f"'{' '.join(word.text for word in found[:most])}{' ...' * (len(found) > most)}'" if found else "nothing"
