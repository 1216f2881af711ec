"""How well spotting agrees with labels: check-worthiness, kinds, speakers, boilerplate and where sentences end."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tracker.errors import UnreadableSource
from tracker.evaluation import Decision, check_labels, decision, macro_f1, read_columns
from tracker.labelled import LabelledSentence, is_labelled_article, read_article, unquoted
from tracker.models import Article, Kind, Spotted
from tracker.reliability import reliability
from tracker.spotting import judge_all, spot

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tracker.encoders import Encoder
    from tracker.progress import Progress

YES = frozenset({"yes", "1", Kind.CHECK_WORTHY})
NO = frozenset({"no", "0", *(kind for kind in Kind if kind is not Kind.CHECK_WORTHY)})

Answer = tuple[LabelledSentence, Spotted | None]  # what is labelled, and what was found there


@dataclass(frozen=True, slots=True)
class Speakers:
    """How many sentences have the right speaker, None counted too; of the others, where one was wrong or missed.

    `named` are those that are labelled with a name, and `named_right` those of them that were given it.
    """

    sentences: int
    right: int
    wrong: int
    missed: int
    named: int
    named_right: int

    @property
    def accuracy(self) -> float:
        """The share of sentences with the right speaker."""
        return self.right / self.sentences

    @property
    def precision(self) -> float:
        """The share of the names given that are right."""
        given = self.named_right + self.wrong
        return self.named_right / given if given else 0.0

    @property
    def recall(self) -> float:
        """The share of the sentences labelled with a name that were given it."""
        return self.named_right / self.named if self.named else 0.0


@dataclass(frozen=True, slots=True)
class ArticleReport:
    """Articles spotted, against their labels; `kinds` counts each pair of (label, found).

    `worthy` has each labelled sentence, boilerplate too. `ends` are sentences cut exactly as labelled.
    """

    worthy: Decision
    kinds: dict[tuple[str, str], int]
    speakers: Speakers
    boilerplate: Decision
    ends: Decision

    @property
    def macro_f1(self) -> float:
        """The mean of F1 over the kinds that are labelled."""
        return macro_f1(Counter(self.kinds))


@dataclass(frozen=True, slots=True)
class Agreement:
    """The measures by file: single sentences by check-worthiness alone, articles whole, and all articles together."""

    sentences: dict[str, Decision]
    articles: dict[str, ArticleReport]
    together: ArticleReport | None


def agreement(files: Sequence[Path], threshold: float, encoder: Encoder, progress: Progress) -> Agreement:
    """Spot what is labelled in each file and compare. Raises UnreadableSource, ModelUnavailable."""
    sentences: dict[str, Decision] = {}
    articles: dict[str, ArticleReport] = {}
    answers: list[Answer] = []
    spans: list[tuple[int, int]] = []
    for file in files:
        if not is_labelled_article(file):
            sentences[str(file)] = _sentences(file, threshold, encoder, progress)
            continue
        labelled = read_article(file)
        spotted = spot(Article(str(file), labelled.text), encoder, progress)
        found = _answers(labelled.sentences, spotted)
        span = (len(spotted), sum(_same_span(*one) for one in found))
        articles[str(file)] = _report(found, [span], threshold)
        answers += found
        spans.append(span)
    return Agreement(sentences, articles, _report(answers, spans, threshold) if len(articles) > 1 else None)


def read_sentences(path: Path) -> list[tuple[str, bool]]:
    """Labelled sentences: TSV with `Text` and `class_label` (Yes, No), or a JSON list of objects with `text`, `kind`.

    Raises UnreadableSource.
    """
    if path.suffix == ".json":
        rows = [(str(row["text"]), str(row["kind"])) for row in _json(path) if row["kind"] != Kind.BOILERPLATE]
    else:
        rows = [(unquoted(row[0]), row[1]) for row in read_columns(path, "Text", "class_label")]
    check_labels(path, {label.casefold() for _, label in rows}, YES | NO)
    return [(text, label.casefold() in YES) for text, label in rows]


def _sentences(path: Path, threshold: float, encoder: Encoder, progress: Progress) -> Decision:
    """Check-worthiness from `threshold` on against the labels of single sentences."""
    rows = read_sentences(path)
    scores = [one.check_worthiness for one in judge_all([text for text, _ in rows], encoder, progress)]
    return _decided([label for _, label in rows], scores, threshold)


def _decided(labels: Sequence[bool], scores: Sequence[float], threshold: float) -> Decision:
    """The decision at a threshold, with how well the probabilities mean what they say."""
    made = decision(labels, [score >= threshold for score in scores], scores)
    if not scores:
        return made
    measured = reliability(list(zip(scores, labels, strict=True)))
    return replace(made, calibration_error=measured.ece, chance_error=measured.chance)


def _answers(labelled: Sequence[LabelledSentence], spotted: Sequence[Spotted]) -> list[Answer]:
    """For each labelled sentence the found one that shares most characters with it; both are in reading order."""
    answers: list[Answer] = []
    at = 0
    for one in labelled:
        while at < len(spotted) and spotted[at].sentence.end <= one.start:
            at += 1
        best, most, near = None, 0, at
        while near < len(spotted) and spotted[near].sentence.start < one.end:
            other = spotted[near].sentence
            shared = min(one.end, other.end) - max(one.start, other.start)
            if shared > most:
                best, most = spotted[near], shared
            near += 1
        answers.append((one, best))
    return answers


def _report(answers: Sequence[Answer], spans: Sequence[tuple[int, int]], threshold: float) -> ArticleReport:
    scores = [found.check_worthiness if found else 0.0 for _, found in answers]
    kinds = [(label.kind, found.kind if found else Kind.OTHER) for label, found in answers]
    cut, exact = (sum(column) for column in zip(*spans, strict=True))
    precision, recall = exact / cut if cut else 0.0, exact / len(answers)
    f1 = 2 * exact / (cut + len(answers))
    return ArticleReport(
        _decided([label is Kind.CHECK_WORTHY for label, _ in kinds], scores, threshold),
        dict(Counter((label.value, found.value) for label, found in kinds)),
        _speakers(answers),
        decision([a is Kind.BOILERPLATE for a, _ in kinds], [b is Kind.BOILERPLATE for _, b in kinds]),
        Decision(len(answers), len(answers), precision, recall, f1),
    )


def _speakers(answers: Sequence[Answer]) -> Speakers:
    """Names are compared without regard to case: a transcript's labels are in capitals."""
    told = [(_folded(label.speaker), _folded(found.sentence.speaker if found else None)) for label, found in answers]
    right = sum(label == found for label, found in told)
    missed = sum(label is not None and found is None for label, found in told)
    named = [(label, found) for label, found in told if label is not None]
    named_right = sum(label == found for label, found in named)
    return Speakers(len(told), right, len(told) - right - missed, missed, len(named), named_right)


def _folded(name: str | None) -> str | None:
    return None if name is None else " ".join(name.casefold().replace("’", "'").split())


def _same_span(label: LabelledSentence, found: Spotted | None) -> bool:
    return found is not None and (found.sentence.start, found.sentence.end) == (label.start, label.end)


def _json(path: Path) -> list[dict[str, object]]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        msg = f"{path}: cannot be read ({error})"
        raise UnreadableSource(msg) from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) and {"text", "kind"} <= row.keys() for row in rows):
        msg = f"{path}: not a list of sentences with 'text' and 'kind'"
        raise UnreadableSource(msg)
    return rows
