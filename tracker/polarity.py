"""What turns a claim round: negations, verbs that deny, opposites, directions, and comparisons the other way round."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.lexicon import Kinship
from tracker.models import Reason, Relation
from tracker.names import compare as compare_names
from tracker.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tracker.alignment import Alignment, Pair
    from tracker.models import Span
    from tracker.reading import Reading, Word

    Part = tuple[dict[str, float], list[tuple[Relation, Reason]]]

PASSIVE = pattern(
    r"\b(?:was|were|been|being|is|are|be|gets?|got)\b(?: \w+)? \w+(?:ed|en|n|t|wn|ld|un|ung)\b.{0,60}\bby\b",
    re.IGNORECASE,
)
THAN = pattern(
    r"\bthan\b|\b(?:out(?:pac|strip|number|perform|weigh|do|sell|spen)|exceed|overt(?:ak|ook)|surpass)\w*",
    re.IGNORECASE,
)


def turned(here: Reading, there: Reading, words: Alignment) -> Part:
    """Negations, opposites and directions: an odd number of them turns the claim round, two may cancel out."""
    opposites = [*words.of(Kinship.OPPOSITE), *_in_their_places(here, there, words)]
    ours, theirs = {sign for _, sign in here.directions}, {sign for _, sign in there.directions}
    directed = len(ours) == len(theirs) == 1 and ours != theirs
    turns = len(opposites) or int(directed)
    crossed = _compared_the_other_way(here, there, words)
    hard = here.negated != there.negated
    soft = hard != ((len(_lone(here, words)) - len(_lone(there, words))) % 2 == 1)
    odd = (turns + hard + crossed) % 2 == 1
    values = {
        "negated on one side": float(hard),
        "said to be false": float(hard and here.framing.denied and not opposites),
        "denied on one side": float(soft and not hard),
        "negation and denial cancel": float(hard and not soft),
        "opposites": float(min(2, len(opposites))),
        "directions differ": float(directed),
        "comparison crossed": float(crossed),
        "turned": float(odd),
        "turned twice": float(not odd and bool(turns or hard or crossed)),
        "negations": float(min(3, len(here.negations) + len(there.negations))),
    }
    lone = [*_lone(here, words), *_lone(there, words)] if soft else []
    found = _turning(here, there, opposites, lone, directed=directed, crossed=crossed)
    return values, [(Relation.OPPOSITE, reason) for reason in found]


def _lone(one: Reading, words: Alignment) -> list[Word]:
    """Its verbs that deny, fail or prevent, without those for which the other side has the same in its own word."""
    paired = [word for pair in words.of(Kinship.SAME) for word in (pair.here, pair.there)]
    return [word for word in one.denials if word not in paired]


def _turning(
    here: Reading, there: Reading, opposites: Sequence[Pair], lone: Sequence[Word], *, directed: bool, crossed: bool
) -> Iterable[Reason]:
    if here.negated != there.negated:
        side, one = ("here", here) if here.negated else ("there", there)
        marks = [(word.start, word.end) for word in one.negations] or list(one.framing.marks)
        word = one.text[slice(*marks[0])].strip(" :,-–—") if marks else ""
        spans = (tuple(marks), ()) if side == "here" else ((), tuple(marks))
        yield Reason(f"negation: '{word}' {side} only", *spans)
    for pair in opposites:
        yield Reason(
            f"opposite: '{pair.there.text}' there, '{pair.here.text}' here",
            spans_of([pair.here]),
            spans_of([pair.there]),
        )
    if directed and not opposites:
        (ours, up), (theirs, _) = here.directions[0], there.directions[0]
        told = "down there, up here" if up > 0 else "up there, down here"
        yield Reason(f"direction: {told}", spans_of([ours]), spans_of([theirs]))
    if lone and here.negated == there.negated:
        side = "here" if lone[0] in here.denials else "there"
        marked = [spans_of(word for word in lone if word in one.denials) for one in (here, there)]
        yield Reason(f"denial: '{lone[0].text}' {side} only", *marked)
    if crossed:
        yield Reason("comparison: the other way round", (), ())


def _in_their_places(here: Reading, there: Reading, words: Alignment) -> list[Pair]:
    """Words that tell one event from two sides ("buy", "sell"), where those concerned did not change places too."""
    passive = bool(PASSIVE.search(here.text)) != bool(PASSIVE.search(there.text))
    anchors = _anchors(here, there, words)
    found = []
    for pair in words.pairs:
        sides = {(a < pair.here.start, b < pair.there.start) for a, b in anchors}
        if pair.converse and pair.kinship is Kinship.OPPOSITE and ({(True, False), (False, True)} <= sides) == passive:
            found.append(pair)
    return found


def _anchors(here: Reading, there: Reading, words: Alignment) -> list[Span]:
    """Where what both have starts, here and there."""
    found = [(p.here.start, p.there.start) for p in words.pairs if p.kinship in (Kinship.SAME, Kinship.DERIVED)]
    return found + [(a.start, b.start) for a, b in compare_names(here.names, there.names).matched]


def _compared_the_other_way(here: Reading, there: Reading, words: Alignment) -> bool:
    """True where both compare two things, and the one that comes first here comes last there."""
    if not (THAN.search(here.text) and THAN.search(there.text)):
        return False
    anchors = _anchors(here, there, words)
    cut = [match.start() for one in (here, there) if (match := THAN.search(one.text))]
    sides = [(a < cut[0], b < cut[1]) for a, b in anchors]
    return (True, False) in sides and (False, True) in sides


def spans_of(found: Iterable[Word]) -> tuple[Span, ...]:
    """The characters of each word."""
    return tuple((one.start, one.end) for one in found)
