"""From an article to its sentences, each with its kind, its speaker and how much it is worth checking."""

from __future__ import annotations

import logging
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from tracker.boilerplate import mark_boilerplate
from tracker.checkworthiness import judge
from tracker.encoders import BULK
from tracker.languages import is_foreign
from tracker.models import Kind, Spotted
from tracker.progress import batched, silent
from tracker.sentences import split_sentences
from tracker.sources import shown
from tracker.speakers import attribute

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.checkworthiness import Judgement
    from tracker.encoders import Encoder
    from tracker.models import Article, Sentence
    from tracker.progress import Progress

MAX_SENTENCE = 2_000  # characters; a longer one is no sentence, and is not judged
SURELY_FURNITURE = 0.9  # probability from which a line that no rule told is taken for boilerplate
_STEP = 256  # sentences read between two steps of the bar

log = logging.getLogger(__name__)


def spot(article: Article, encoder: Encoder, progress: Progress = silent) -> list[Spotted]:
    """Every sentence of an article, in reading order. Raises ModelUnavailable."""
    text = article.text
    sentences = attribute(text, mark_boilerplate(text, split_sentences(text)), article.named)
    too_long = sum(len(one.text) > MAX_SENTENCE for one in sentences)
    if too_long:
        what = f"sentences of more than {MAX_SENTENCE:,} characters are not checked; are full stops missing?"
        log.warning("%s: %d %s", shown(article.source), too_long, what)
    judged = judge_all([one.text for one in sentences if _is_judged(one)], encoder, progress)
    alone = _alone(text, sentences)
    return [
        _spotted(one, next(judged), alone=alone[i]) if _is_judged(one) else _left_out(one)
        for i, one in enumerate(sentences)
    ]


def judge_all(texts: Sequence[str], encoder: Encoder, progress: Progress = silent) -> Iterator[Judgement]:
    """Judge sentences that stand alone, in order; what the article around them says is not known."""
    bulk = len(texts) >= BULK
    with progress("reading", len(texts)) as advance:
        for part in batched(texts, _STEP):
            yield from judge(part, encoder.read_sentences(part, bulk=bulk))
            advance(len(part))


def unexamined(spotted: Sequence[Spotted]) -> tuple[int, int]:
    """How many of an article's sentences were too long to be judged, and how many do not seem to be English."""
    sentences = [one.sentence.text for one in spotted]
    return sum(len(one) > MAX_SENTENCE for one in sentences), sum(map(is_foreign, sentences))


def _is_judged(sentence: Sentence) -> bool:
    return not sentence.boilerplate and len(sentence.text) <= MAX_SENTENCE


def _alone(text: str, sentences: Sequence[Sentence]) -> list[bool]:
    """For each sentence whether it has its line for itself."""
    breaks = [True, *("\n" in text[a.end : b.start] for a, b in pairwise(sentences)), True]
    return [before and after for before, after in pairwise(breaks)]


def _spotted(sentence: Sentence, judged: Judgement, *, alone: bool) -> Spotted:
    """What is judged to be furniture is so only as a line of its own: a claim that goes unread costs more."""
    if alone and judged.boilerplate >= SURELY_FURNITURE:
        return _left_out(replace(sentence, boilerplate=True, speaker=None))
    return Spotted(sentence, judged.kind, judged.check_worthiness, judged.cues)


def _left_out(sentence: Sentence) -> Spotted:
    return Spotted(sentence, Kind.BOILERPLATE if sentence.boilerplate else Kind.OTHER, 0.0, is_judged=False)
