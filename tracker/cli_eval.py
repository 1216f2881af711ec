"""The commands under `tracker eval`: measure the models on labelled files."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path  # noqa: TC003
from typing import Annotated

import typer

from tracker.terminal import AsJson, EncoderName, given, print_json, print_lines, wants_json

evaluate = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Measure the models on labelled files.")


@evaluate.command("spotting")
def eval_spotting(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="TSV (Text, class_label) or JSON (text, kind).")
    ],
    threshold: Annotated[
        float, typer.Option(min=0, max=1, help="Check-worthiness from which a sentence counts.")
    ] = 0.5,
    encoder: EncoderName = None,
    as_json: AsJson = False,
) -> None:
    """Measure check-worthiness on labelled sentences: precision, recall, F1 and average precision.

    Example: tracker eval spotting ct24-dev-test.tsv
    """
    from tracker import evaluation
    from tracker.encoders import load_encoder
    from tracker.reports import text

    model = load_encoder(encoder or given.encoder)
    found = {str(file): evaluation.spotting(evaluation.read_sentences(file), threshold, model) for file in files}
    if wants_json(as_json):
        print_json({name: asdict(one) for name, one in found.items()})
    else:
        print_lines(text.decisions(found))


@evaluate.command("relations")
def eval_relations(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="TSV with statement, verified_claim and relation.")],
    as_json: AsJson = False,
) -> None:
    """Measure the relations on labelled pairs: the confusion matrix, and how far `same` can be trusted.

    Example: tracker eval relations relations-dev.tsv
    """
    from tracker import evaluation
    from tracker.reports import text

    found = evaluation.relations(evaluation.read_pairs(file))
    if wants_json(as_json):
        pairs = [{"label": label, "found": got, "pairs": n} for (label, got), n in sorted(found.confusion.items())]
        print_json({"confusion": pairs, "same": asdict(found.same), "macro_f1": found.macro_f1})
    else:
        print_lines(text.relations(found))
