"""Sentences spotted, and how well spotting agrees with labels, for a person and for a program."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tracker.models import Kind
from tracker.reports.json import about_article
from tracker.reports.plain import clean, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.agreement import Agreement, ArticleReport
    from tracker.checkworthiness import Judgement
    from tracker.evaluation import Decision
    from tracker.models import Spotted, Spotting, Utterance

Json = dict[str, Any]

_RATES = ("accuracy", "precision", "recall")


def spotting(found: Spotting, *, everything: bool) -> Iterator[str]:
    """The check-worthy sentences in reading order, or all; first how many there are of each kind."""
    counts = Counter(one.kind for one in found.sentences)
    told = ", ".join(f"{counts[kind]} {kind.value}" for kind in Kind if counts[kind])
    yield f"{clean(found.article.source)}: {len(found.sentences)} sentences: {told}"
    for number, one in enumerate(found.sentences, start=1):
        if everything or one.kind is Kind.CHECK_WORTHY:
            yield from _spotted(one, number, everything=everything)


def spotting_json(found: Spotting) -> Json:
    """The same for a program, every sentence; offsets refer to `article.text`."""
    return {
        "article": about_article(found.article, len(found.sentences)),
        "sentences": [_spotted_json(one) for one in found.sentences],
    }


def judged_json(qid: str, said: Utterance, judged: Judgement) -> Json:
    """One sentence that stands alone, under its row's own name or number."""
    return {
        "qid": qid,
        "text": said.text,
        "start": 0,
        "end": len(said.text),
        "speaker": said.speaker,
        "kind": judged.kind.value,
        "check_worthiness": judged.check_worthiness,
        "cues": list(judged.cues),
    }


def agreement(found: Agreement) -> Iterator[str]:
    """A table of check-worthiness by file, then what is measured on whole articles only."""
    worthy = found.sentences | {name: one.worthy for name, one in found.articles.items()}
    if found.together:
        worthy["all articles"] = found.together.worthy
    yield "check-worthy"
    yield "precision  recall     F1     AP    ECE   rows  file"
    for name, one in worthy.items():
        average, error = (
            f"{value:6.3f}" if value is not None else "     -"
            for value in (one.average_precision, one.calibration_error)
        )
        yield f"{one.precision:9.3f}  {one.recall:6.3f} {one.f1:6.3f} {average} {error} {one.rows:6}  {clean(name)}"
    articles = found.articles | ({"all articles": found.together} if found.together else {})
    if articles:
        yield ""
        yield "kinds     speakers                           boilerplate          ends"
        yield "macro-F1  right  wrong  precision  recall     precision  recall    F1     file"
    for name, report in articles.items():
        speakers, furniture = report.speakers, report.boilerplate
        yield (
            f"{report.macro_f1:8.3f}  {speakers.accuracy:5.3f} {speakers.wrong:6} {speakers.precision:10.3f} "
            f"{speakers.recall:7.3f}    "
            f"{_rate(furniture.precision, furniture)} {_rate(furniture.recall, furniture)}  {report.ends.f1:6.3f}"
            f"   {clean(name)}"
        )


def agreement_json(found: Agreement) -> Json:
    """The same for a program: for each file its measures, for the articles together those under `all articles`."""
    measured = {name: asdict(one) for name, one in found.sentences.items()}
    measured |= {name: _article_json(one) for name, one in found.articles.items()}
    return measured | ({"all articles": _article_json(found.together)} if found.together else {})


def _rate(value: float, of: Decision) -> str:
    return f"{value:10.3f}" if of.positive else f"{'-':>10}"


def _article_json(one: ArticleReport) -> Json:
    kinds = [{"label": label, "found": found, "count": n} for (label, found), n in sorted(one.kinds.items())]
    return asdict(one.worthy) | {
        "kinds": kinds,
        "kinds_macro_f1": one.macro_f1,
        "speakers": asdict(one.speakers) | {name: getattr(one.speakers, name) for name in _RATES},
        "boilerplate": asdict(one.boilerplate),
        "ends": asdict(one.ends),
    }


def _spotted(one: Spotted, number: int, *, everything: bool) -> Iterator[str]:
    sentence = one.sentence
    kind = f"{one.kind.value}, " if everything else ""
    who = f", said by {clean(sentence.speaker)}" if sentence.speaker else ""
    yield ""
    yield from wrapped(clean(sentence.text), f"{number:2}. ")
    worth = f"{kind}check-worthiness {one.check_worthiness:.2f}{who}, characters {sentence.start} to {sentence.end}"
    yield f"    {worth}"
    if one.cues:
        yield from wrapped(f"cues: {clean(', '.join(one.cues))}", "    ")


def _spotted_json(one: Spotted) -> Json:
    sentence = one.sentence
    return {
        "text": sentence.text,
        "start": sentence.start,
        "end": sentence.end,
        "speaker": sentence.speaker,
        "kind": one.kind.value,
        "check_worthiness": one.check_worthiness,
        "cues": list(one.cues),
    }
