"""From spotted sentences to what is looked for: statements that stand alone, with what is known around them.

A sentence with two claims makes two statements. A pronoun gives way to the name it stands for where that is safe; the
quote stays as it was written.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.checkworthiness import CUT
from tracker.clauses import clauses
from tracker.models import Kind, Statement, Utterance
from tracker.pronouns import resolve
from tracker.spotting import judge_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.encoders import Encoder
    from tracker.models import Article, Spotted

_BEFORE = 3
_LABEL = re.compile(
    r"(?:[\[(]?\d{1,2}:\d\d(?::\d\d)?[\])]?\s{1,3})?([^\W\d_][\w .'’-]{0,60}?)(?:\s?\([^()]{1,30}\))?:\s+(?=\S)"
)


def statements(
    article: Article, spotted: Sequence[Spotted], min_worth: float, encoder: Encoder
) -> list[tuple[Statement, Utterance]]:
    """What of an article is worth at least `min_worth`, in reading order, and how it is looked for."""
    content = [one for one in spotted if one.is_judged]
    found = []
    for i, one in enumerate(content):
        if one.check_worthiness >= min(min_worth, CUT):
            before = _before(article, content, i)
            for statement in _parts(one, encoder):
                if statement.check_worthiness < min_worth:
                    continue
                claim = resolve(_without_label(statement), before, one.sentence.speaker)
                # Not the article's day: what the day is worth was learnt from posts, which were reviewed within days.
                # An article tells what was said long ago as well.
                said = Utterance(claim, before[-1] if before else None, one.sentence.speaker)
                found.append((replace(statement, claim=claim), said))
    return found


def _parts(spotted: Spotted, encoder: Encoder) -> Iterator[Statement]:
    """The sentence as one statement, or its clauses where two or more of them are check-worthy by themselves.

    Whatever is asked for: the same article has the same statements.
    """
    whole = spotted.sentence
    spans = clauses(whole.text)
    if len(spans) > 1:
        texts = [whole.text[start:end] for start, end in spans]
        judged = list(judge_all(texts, encoder))
        if sum(one.kind is Kind.CHECK_WORTHY for one in judged) > 1:
            for (start, end), one in zip(spans, judged, strict=True):
                yield _statement(spotted, whole.start + start, whole.start + end, one.check_worthiness, one.cues)
            return
    yield _statement(spotted, whole.start, whole.end, spotted.check_worthiness, spotted.cues)


def _statement(spotted: Spotted, start: int, end: int, worth: float, cues: tuple[str, ...]) -> Statement:
    sentence = spotted.sentence
    text = sentence.text[start - sentence.start : end - sentence.start]
    return Statement(text, start, end, worth, sentence.speaker, cues, text, sentence.text)


def _without_label(statement: Statement) -> str:
    """What is said, without the speaker's name that a transcript has before it."""
    label = _LABEL.match(statement.text)
    spoken = label and statement.speaker and label[1].split()[-1].casefold() in statement.speaker.casefold().split()
    if label and (spoken or label[1].isupper()):  # "INTERVIEWER:" is nobody with a name
        return statement.text[label.end() :]
    return statement.text


def _before(article: Article, content: Sequence[Spotted], i: int) -> list[str]:
    """The few sentences right before one in its paragraph, the nearest last."""
    found: list[str] = []
    following = content[i].sentence
    for one in reversed(content[max(0, i - _BEFORE) : i]):
        between = article.text[one.sentence.end : following.start]
        if between.strip() or between.count("\n") > 1:
            break
        found.insert(0, one.sentence.text)
        following = one.sentence
    return found
