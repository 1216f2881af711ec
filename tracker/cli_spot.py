"""The commands that pick what is worth checking, in an article or sentence by sentence, and its measure."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.errors import UsageProblem
from tracker.terminal import (
    AsJson,
    EncoderName,
    given,
    json_line,
    print_each,
    print_json,
    print_lines,
    wants_json,
    warn,
)

if TYPE_CHECKING:
    from tracker.encoders import Encoder
    from tracker.feeds import Rejected


def spot(
    source: Annotated[
        str | None, typer.Argument(metavar="[SOURCE]", help="As for check: a file, a folder, '-' or an address.")
    ] = None,
    file: Annotated[
        str | None,
        typer.Option(metavar="FILE|-", help="Many sentences: one a line, or CSV, TSV, JSONL with text."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Show every sentence, not the check-worthy ones.")] = False,
    encoder: EncoderName = None,
    as_json: AsJson = False,
    as_jsonl: Annotated[
        bool, typer.Option("--jsonl", help="A line of JSON for each sentence of --file, or each article.")
    ] = False,
) -> None:
    """Say of each sentence what kind it is, who says it, and how much it is worth checking, with the cues for that.

    Needs no store. Example: tracker spot article.txt
    """
    if (source is None) == (file is None):
        raise UsageProblem("spot: give an article, or --file with many sentences, and not both")
    if file is not None and (wants_json(as_json) or not as_jsonl):
        raise UsageProblem("spot: --file goes with --jsonl, a line of JSON for each sentence")
    from tracker.encoders import load_encoder
    from tracker.models import Spotting
    from tracker.reports import spotting as report
    from tracker.reports.bars import bars
    from tracker.spotting import spot as spotted

    model = load_encoder(encoder or given.encoder)
    if file is not None:
        _spot_all(file, model)
        return
    print_each(
        source or "",
        lambda article: Spotting(article, tuple(spotted(article, model, bars))),
        lambda found: report.spotting(found, everything=everything),
        report.spotting_json,
        as_json=wants_json(as_json),
        as_jsonl=as_jsonl,
    )


def eval_spotting(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="Articles: NAME.json beside NAME.txt, or TSV (break, kind, speaker, text). "
            "Sentences: TSV (Text, class_label) or JSON (text, kind).",
        ),
    ],
    threshold: Annotated[
        float, typer.Option(min=0, max=1, help="Check-worthiness from which a sentence counts.")
    ] = 0.5,
    encoder: EncoderName = None,
    as_json: AsJson = False,
) -> None:
    """Measure spotting on labelled files: check-worthiness; for whole articles kinds, speakers and boilerplate too.

    Example: tracker eval spotting ct24-dev-test.tsv
    """
    from tracker.agreement import agreement
    from tracker.encoders import load_encoder
    from tracker.reports import spotting as report
    from tracker.reports.bars import bars

    found = agreement(files, threshold, load_encoder(encoder or given.encoder), bars)
    if wants_json(as_json):
        print_json(report.agreement_json(found))
    else:
        print_lines(report.agreement(found))


def _spot_all(file: str, encoder: Encoder) -> None:
    """Judge the sentences of a file in their order, `null` for a row that is none, and say which those are."""
    from tracker.feeds import Rejected
    from tracker.labelled import unquoted
    from tracker.questions import read_questions
    from tracker.reports import spotting as report
    from tracker.reports.bars import bars
    from tracker.spotting import judge_all

    rows = list(read_questions(file))
    bare = unquoted if file.casefold().endswith(".tsv") else str  # TSV has no quoting, but public sets do
    texts = [bare(row.said.text) for row in rows if not isinstance(row, Rejected)]
    judged = judge_all(texts, encoder, bars)
    rejected: list[Rejected] = []
    for row in rows:
        if isinstance(row, Rejected):
            rejected.append(row)
            print_lines(["null"])
        else:
            print_lines([json_line(report.judged_json(row.qid, row.said, next(judged)))])
    if rejected:
        warn(f"rejected {one.where}: {one.reason}" for one in rejected)
        raise typer.Exit(5)
