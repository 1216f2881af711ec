"""The commands that read what a sentence says, its quantities and how it relates to another, and their measures."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.errors import UsageProblem
from tracker.terminal import (
    AsJson,
    EncoderName,
    InferenceFolder,
    given,
    json_line,
    named_inference,
    print_json,
    print_lines,
    wants_json,
    warn,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.feeds import Rejected
    from tracker.relating import Relating

Together = Annotated[
    bool, typer.Option("--together/--apart", help="Read both sentences together, some 20 ms a pair; or by rules alone.")
]


def quantities(
    text: Annotated[str | None, typer.Argument(metavar="[TEXT]", help="A sentence.")] = None,
    file: Annotated[
        str | None, typer.Option(metavar="FILE|-", help="Many texts: one a line, or CSV, TSV, JSONL with text.")
    ] = None,
    as_json: AsJson = False,
    as_jsonl: Annotated[bool, typer.Option("--jsonl", help="With --file: a line of JSON each, in order.")] = False,
) -> None:
    """Read the quantities of a text: value, unit, hedge and place, and changes "from A to B".

    Example: tracker quantities "NATO went from a force of 40,000 to one of 300,000 troops"
    """
    from tracker.quantities import quantities as read
    from tracker.reports import quantities as report

    if (text is None) == (file is None):
        raise UsageProblem("quantities: give a text, or --file with many, and not both")
    if as_jsonl != (file is not None) or (as_jsonl and wants_json(as_json)):
        raise UsageProblem("quantities: --file goes with --jsonl, a line of JSON each, and --json with one text")
    if file is not None:
        _read_all(file)
    elif wants_json(as_json):
        print_json(report.found_json(read(text or "")))
    else:
        print_lines(report.found(text or "", read(text or "")))


def relate(
    statement: Annotated[str | None, typer.Argument(metavar="[STATEMENT]", help="What somebody says now.")] = None,
    claim: Annotated[str | None, typer.Argument(metavar="[CLAIM]", help="What was checked.")] = None,
    file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Many pairs: TSV or JSONL with statement and verified_claim.")
    ] = None,
    together: Together = True,
    inference: InferenceFolder = None,
    encoder: EncoderName = None,
    as_json: AsJson = False,
    as_jsonl: Annotated[bool, typer.Option("--jsonl", help="With --file: a line of JSON each, in order.")] = False,
) -> None:
    """Say how a statement relates to a claim: same, another figure, the opposite, somebody else, another time, ...

    Example: tracker relate "The fund is worth £4bn" "The fund is worth £4m"
    """
    if (file is None) == (statement is None or claim is None):
        raise UsageProblem("relate: give a statement and a claim, or --file with many, and not both")
    if as_jsonl != (file is not None) or (as_jsonl and wants_json(as_json)):
        raise UsageProblem("relate: --file goes with --jsonl, a line of JSON each, and --json with one pair")
    from tracker.quantities import quantities as read
    from tracker.relating import Relating
    from tracker.reports import relations as report

    relating = Relating.open(encoder or given.encoder, named_inference(inference), together=together)
    if file is not None:
        _relate_all(file, relating)
        return
    said, checked = statement or "", claim or ""
    found = relating.relate(said, checked)
    if wants_json(as_json):
        print_json(report.related_json(found, read(said), read(checked)))
    else:
        print_lines(report.related(found))


def eval_relations(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="TSV with statement, verified_claim and relation.")],
    errors: Annotated[bool, typer.Option("--errors", help="Show the pairs that are related wrongly.")] = False,
    together: Together = True,
    inference: InferenceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Measure the relations on labelled pairs: the confusion matrix, and how far `same` can be trusted.

    Example: tracker eval relations relations-dev.tsv
    """
    from tracker import evaluation
    from tracker.relating import Relating
    from tracker.reports import relations as report
    from tracker.reports.bars import bars

    pairs = evaluation.read_pairs(file)
    found = evaluation.relations(
        pairs, Relating.open(given.encoder, named_inference(inference), together=together), bars
    )
    if wants_json(as_json):
        print_json(report.relations_json(found, errors=errors))
    else:
        print_lines(report.relations(found, errors=errors))


def eval_mutations(
    docs: Annotated[
        list[Path], typer.Option(metavar="FILE", help="Claims: a feed as for import, or .txt, one a line; repeatable.")
    ],
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many mutants of each kind at most.")] = 100,
    seed: Annotated[int, typer.Option(help="Which of them are drawn.")] = 1,
    errors: Annotated[bool, typer.Option("--errors", help="Show the mutants that are related wrongly.")] = False,
    together: Together = True,
    inference: InferenceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Change claims by program, and measure whether the relation notices: `same` must end, or must stay.

    Example: tracker eval mutations --docs docs.jsonl --errors
    """
    from tracker.mutations import judging, mutants
    from tracker.relating import Relating
    from tracker.reports import mutations as report
    from tracker.reports.bars import bars

    claims = [claim for file in docs for claim in judging.read_claims(file)]
    relating = Relating.open(given.encoder, named_inference(inference), together=together)
    found = judging.judge(mutants(claims, limit, seed, bars), relating, bars)
    if wants_json(as_json):
        print_json(report.mutations_json(found, len(claims), limit, seed, errors=errors))
    else:
        print_lines(report.mutations(found, len(claims), seed, errors=errors))


def eval_quantities(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="TSV with id, text and expected_json.")],
    errors: Annotated[bool, typer.Option("--errors", help="Show the phrases that are read wrongly.")] = False,
    as_json: AsJson = False,
) -> None:
    """Measure how many labelled phrases are read exactly right, every object of them.

    Example: tracker eval quantities tests/data/quantities-dev.tsv --errors
    """
    from tracker import phrases
    from tracker.reports import quantities as report

    found = phrases.measure(phrases.read_phrases(file))
    if wants_json(as_json):
        print_json(report.phrases_json(found))
    else:
        print_lines(report.phrases(found, errors=errors))


def _relate_all(file: Path, relating: Relating) -> None:
    """A line a pair, in order, or null for a row that is none, so that line and row stay together."""
    from tracker.couples import read_couples
    from tracker.feeds import Rejected
    from tracker.quantities import quantities as read
    from tracker.reports import relations as report
    from tracker.reports.bars import bars

    rows = list(read_couples(file))
    found = relating.relate_all([row for row in rows if not isinstance(row, Rejected)], bars)
    for row in rows:
        if isinstance(row, Rejected):
            print_lines(["null"])
        else:
            print_lines([json_line(report.related_json(next(found), *map(read, row)))])
    _end_with([row for row in rows if isinstance(row, Rejected)])


def _read_all(file: str) -> None:
    """A line a row: a list as for one text, or null for a row that is none, so that line and row stay together."""
    from tracker.feeds import Rejected
    from tracker.quantities import quantities as read
    from tracker.questions import read_questions
    from tracker.reports import quantities as report

    rejected = []
    for row in read_questions(file):
        if isinstance(row, Rejected):
            rejected.append(row)
            print_lines(["null"])
        else:
            print_lines([json_line(report.found_json(read(row.said.text)))])
    _end_with(rejected)


def _end_with(rejected: Sequence[Rejected]) -> None:
    if rejected:
        warn(f"rejected {one.where}: {one.reason}" for one in rejected)
        raise typer.Exit(5)
