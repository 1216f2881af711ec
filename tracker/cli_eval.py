"""The commands under `tracker eval`: measure the models, a store, or another system's runs on labelled files."""

from __future__ import annotations

from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker.errors import UsageProblem
from tracker.terminal import (
    AsJson,
    EncoderName,
    StorePath,
    given,
    json_line,
    named_store,
    open_tracker,
    print_json,
    print_lines,
    wants_json,
    warn,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tracker.ranking import Cuts, Qrels
    from tracker.trials import Bench

Docs = Annotated[
    Path | None, typer.Option(metavar="FILE", help="The claims to search, a feed as for import; else the store's.")
]
Keep = Annotated[
    Path | None, typer.Option(metavar="STORE", help="Keep the store of the docs in this file, and use it again.")
]
Queries = Annotated[
    Path, typer.Option(metavar="FILE", help="JSONL: qid, text, relevant (the ids of the right claims).")
]
Plot = Annotated[Path | None, typer.Option(metavar="FILE", help="Draw it too, as .svg or .png (extra 'plots').")]


def eval_retrieval(
    queries: Annotated[
        Path | None, typer.Option(metavar="FILE", help="JSONL: qid, text, relevant (the ids of the right claims).")
    ] = None,
    docs: Docs = None,
    keep: Keep = None,
    run: Annotated[Path | None, typer.Option(metavar="FILE", help="Measure this TREC run instead of a store.")] = None,
    compare: Annotated[
        tuple[Path, Path] | None,
        typer.Option(metavar="A B", help="Compare two TREC runs, and test whether they differ."),
    ] = None,
    qrels: Annotated[
        Path | None, typer.Option(metavar="FILE", help="TREC qrels for --run and --compare, instead of --queries.")
    ] = None,
    k: Annotated[
        list[int] | None,
        typer.Option(
            "-k", min=1, max=1000, help="Take every measure at this rank; repeatable. Default: the usual ones."
        ),
    ] = None,
    run_out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write what was found as a TREC run.")] = None,
    per_query: Annotated[
        str | None,
        typer.Option(metavar="FILE|-", help="Write a line of JSON for each query; '-': that alone, to stdout."),
    ] = None,
    store: StorePath = None,
    encoder: EncoderName = None,
    as_json: AsJson = False,
) -> None:
    """Measure how well right claims are found: MAP, MRR, precision, recall, with 95 % intervals.

    Example: tracker eval retrieval --queries dev.jsonl --docs docs.jsonl
    """
    from tracker.ranking import Cuts

    cuts, shown = Cuts.at(k or ()), not wants_json(as_json)
    if per_query == "-" and not shown:
        raise UsageProblem("eval retrieval: --json and '--per-query -' both want stdout; name a file for the rows")
    if not (run or compare):
        _refuse("a store is measured with --queries", qrels=qrels)
        _require_targets((run_out, _file(per_query)), _read(queries, docs, keep, store))
        _measure_store(queries, _source(docs, keep, store, encoder), cuts, run_out, per_query, shown=shown)
        return
    _refuse("a run is measured as it is", docs=docs, keep=keep, store=store, encoder=encoder, run_out=run_out)
    _require_targets((_file(per_query),), (queries, qrels, run))
    judged = _judged(queries, qrels)
    if compare:
        _refuse("two runs are compared as they are", run=run, per_query=per_query)
        _compare_runs(compare, judged, cuts, shown=shown)
    elif run:
        _measure_run(run, judged, cuts, per_query, shown=shown)


def eval_no_match(
    queries: Queries,
    docs: Docs = None,
    keep: Keep = None,
    plot: Plot = None,
    store: StorePath = None,
    encoder: EncoderName = None,
    as_json: AsJson = False,
) -> None:
    """Measure what "no match" costs: each query is asked with its right claims in the store and without them.

    Example: tracker eval no-match --queries dev.jsonl --docs docs.jsonl --plot curve.svg
    """
    from tracker import evaluation
    from tracker.queries import read_queries
    from tracker.reports import measures, plots
    from tracker.reports.bars import bars

    if plot:
        plots.require_plots(plot, _read(queries, docs, keep, store))
    asked = read_queries(queries)
    with _source(docs, keep, store, encoder) as bench:
        trials = bench.ask_twice(asked, bars)
        found = evaluation.no_match([one.asked for one in trials], bench.threshold)
        about = measures.about(bench)
    if plot:
        plots.draw_no_match(found, plot)
    left_out = len(asked) - len(trials)
    warn(measures.notes(left_out))
    _show(
        measures.no_match(found, about), measures.no_match_json(found, about, left_out), shown=not wants_json(as_json)
    )


def eval_calibration(
    queries: Queries,
    docs: Docs = None,
    keep: Keep = None,
    equal_width: Annotated[
        bool, typer.Option("--equal-width", help="Bins of equal width, not of equally many answers.")
    ] = False,
    plot: Plot = None,
    store: StorePath = None,
    encoder: EncoderName = None,
    as_json: AsJson = False,
) -> None:
    """Measure whether a probability means it, so that seven in ten of the answers given with 0.7 are right.

    Example: tracker eval calibration --queries dev.jsonl --docs docs.jsonl --plot reliability.svg
    """
    from tracker import evaluation
    from tracker.queries import read_queries
    from tracker.reports import measures, plots
    from tracker.reports.bars import bars

    if plot:
        plots.require_plots(plot, _read(queries, docs, keep, store))
    asked = read_queries(queries)
    with _source(docs, keep, store, encoder) as bench:
        trials = bench.ask_twice(asked, bars)
        about = measures.about(bench)
    first, first_five = ([answer for one in trials for answer in one.answers(n)] for n in (1, 5))
    found = evaluation.calibration(len(trials), first, first_five, equal_width=equal_width)
    if plot:
        plots.draw_reliability(found, plot)
    left_out = len(asked) - len(trials)
    warn(measures.notes(left_out))
    as_found = measures.calibration_json(found, about, left_out, equal_width=equal_width)
    _show(measures.calibration(found, about), as_found, shown=not wants_json(as_json))


@contextmanager
def _source(docs: Path | None, keep: Path | None, store: str | None, encoder: str | None) -> Iterator[Bench]:
    """The store to measure: one of these docs, else the user's own."""
    from tracker import trials
    from tracker.reports.bars import bars

    if docs:
        _refuse("--docs makes a store of its own, for which --keep names the file", store=store)
        with trials.bench_of_docs(docs, keep, encoder or given.encoder, bars) as bench:
            yield bench
        return
    _refuse("--keep goes with --docs", keep=keep)
    with open_tracker(store, encoder, must_exist=True) as tracker:
        yield trials.bench_of_store(tracker)


def _measure_store(
    queries: Path | None,
    source: AbstractContextManager[Bench],
    cuts: Cuts,
    run_out: Path | None,
    per_query: str | None,
    *,
    shown: bool,
) -> None:
    from tracker import evaluation, lines, trec
    from tracker.queries import read_queries
    from tracker.reports import measures
    from tracker.reports.bars import bars

    if queries is None:
        raise UsageProblem("eval retrieval: --queries FILE is needed, or --run FILE with --qrels FILE")
    asked = read_queries(queries)
    with source as bench:
        if run_out:
            trec.require_names([*(query.qid for query in asked), *bench.names.values()])
        trials = bench.ask(asked, bars)
        found = evaluation.retrieval(bench.run(trials), bench.qrels(trials), cuts)
        about = measures.about(bench)
    if run_out:
        ranked = ((trial.query.qid, bench.named(trial), trial.probabilities) for trial in trials)
        lines.write_lines(run_out, trec.run_lines(ranked))
    warn(measures.notes(found.left_out))
    rows = (measures.trial_json(trial, bench, found.by_query.get(trial.query.qid)) for trial in trials)
    if not _write_rows(per_query, rows):
        _show(measures.retrieval(found, about), measures.retrieval_json(found, about), shown=shown)


def _measure_run(run: Path, judged: Qrels, cuts: Cuts, per_query: str | None, *, shown: bool) -> None:
    from tracker import evaluation, trec
    from tracker.reports import measures

    ranked = trec.read_run(run)
    found = evaluation.retrieval(ranked, judged, cuts)
    warn(measures.notes(found.left_out, found.queries, {str(run): found.unanswered}))
    rows = (
        measures.query_json(qid, relevant, ranked.get(qid, ()), found.by_query.get(qid))
        for qid, relevant in judged.items()
    )
    if not _write_rows(per_query, rows):
        _show(measures.retrieval(found), measures.retrieval_json(found), shown=shown)


def _compare_runs(runs: tuple[Path, Path], judged: Qrels, cuts: Cuts, *, shown: bool) -> None:
    from tracker import evaluation, trec
    from tracker.reports import measures

    found = evaluation.comparison(trec.read_run(runs[0]), trec.read_run(runs[1]), judged, cuts)
    names = (str(runs[0]), str(runs[1]))
    warn(measures.notes(found.left_out, found.queries, dict(zip(names, found.unanswered, strict=True))))
    _show(measures.comparison(found, *names), measures.comparison_json(found, *names), shown=shown)


def _judged(queries: Path | None, qrels: Path | None) -> Qrels:
    """What is right for each query, by either kind of file. Raises UsageProblem, UnreadableSource."""
    from tracker.queries import read_queries
    from tracker.trec import read_qrels

    if queries and not qrels:
        return {query.qid: frozenset(map(str, query.relevant)) for query in read_queries(queries)}
    if qrels and not queries:
        return read_qrels(qrels)
    raise UsageProblem("eval retrieval: --run and --compare need one of --qrels FILE and --queries FILE")


def _refuse(because: str, **options: object) -> None:
    """Make sure that none of these options is given. Raises UsageProblem."""
    for name, value in options.items():
        if value is not None:
            msg = f"eval: --{name.replace('_', '-')} does not go with the other options: {because}"
            raise UsageProblem(msg)


def _read(queries: Path | None, docs: Path | None, keep: Path | None, store: str | None) -> list[Path | None]:
    """The files that a measurement reads, which nothing may be written over."""
    from tracker.index import index_path
    from tracker.postings import postings_path

    holds = keep if docs else named_store(store)
    return [queries, docs, holds, holds and index_path(holds), holds and postings_path(holds)]


def _require_targets(targets: Sequence[Path | None], taken: Sequence[Path | None]) -> None:
    """Make sure that each file to be written is one of its own. Raises UsageProblem, UnreadableSource."""
    from tracker.lines import require_writable

    for number, target in enumerate(targets):
        if target:
            require_writable(target, (*taken, *targets[:number]))


def _file(per_query: str | None) -> Path | None:
    return Path(per_query) if per_query not in (None, "-") else None


def _write_rows(per_query: str | None, rows: Iterable[dict[str, Any]]) -> bool:
    """Write a line of JSON a query where they are wanted; True where they have taken stdout for themselves."""
    from tracker.lines import write_lines

    target = _file(per_query)
    if target:
        write_lines(target, map(json_line, rows))
    elif per_query:
        print_lines(map(json_line, rows))
    return per_query == "-"


def _show(lines: Iterable[str], found: dict[str, Any], *, shown: bool) -> None:
    """Print a report, for a person or for a program."""
    if shown:
        print_lines(lines)
    else:
        print_json(found)
