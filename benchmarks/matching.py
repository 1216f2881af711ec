"""Measure matching on the public collections, through the product, and keep the result.

    python benchmarks/matching.py --data ../shared/data/benchmarks [--split dev|devtest] [--only ROW]

Each row puts the queries of a split to a store of the collection's claims, twice: with the right claims in it and with
them taken out (`tracker.trials`), and is measured as `tracker eval` measures. Writes
`benchmarks/results/matching-SPLIT.json`, from which `docs/evaluation.md` is made; with `--only`, prints alone.
`devtest` is there to be looked at once, when nothing is chosen any more.

The stores are those of `training/matching.py`, in `.training-cache/`; made here where they are missing, in minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import matching_tables as tables
from spotting import RESULTS, versions

from tracker import evaluation, matching, settings
from tracker.errors import TrackerError
from tracker.models import Utterance
from tracker.posts import read_post
from tracker.queries import Query, read_queries
from tracker.ranking import Cuts
from tracker.reports.bars import bars
from tracker.trials import Bench, Trial, Twice, bench_of_docs
from tracker.words import fts_query

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".training-cache"
SHOWN = ("MAP@1", "MAP@5", "MRR")
LATER = timedelta(days=366)
WEEK = 7

Ask = Callable[[Bench, Sequence[Query]], list[Twice]]


@dataclass(frozen=True)
class Row:
    """One way to ask a collection's queries, by one way to answer them.

    `scored`: answers have scores, so a threshold can be put on the first; `stated`: they are stated as probabilities;
    `fitted`: with the coefficients for the encoder.
    """

    collection: str
    name: str
    what: str
    asked_as: Callable[[Query], Query]
    ask: Ask
    scored: bool = True
    stated: bool = True
    fitted: bool = True


# --- how a query is asked ---------------------------------------------------------------------------------------------


def as_it_is(query: Query) -> Query:
    """With all that its file has; a tweet's signature tells its day too."""
    return query


def text_alone(query: Query) -> Query:
    """A tweet as its words, without the day that its signature tells. Then no claim's day is looked at either."""
    post = read_post(Utterance(query.text, speaker=query.speaker))
    alone = replace(query, text=post.text, speaker=post.speaker, stated_on=None)
    if read_post(Utterance(alone.text)).stated_on:
        msg = f"{query.qid}: still tells its day"
        raise ValueError(msg)
    return alone


def said_again(query: Query) -> Query:
    """A tweet as if it had been written a year and a day later than it was."""
    day = read_post(Utterance(query.text, stated_on=query.stated_on)).stated_on
    return replace(query, stated_on=day + LATER) if day else query


def sentence_alone(query: Query) -> Query:
    """A sentence of a debate out of it: neither who says it nor what was said before."""
    return replace(query, context=None, speaker=None)


# --- how it is answered -----------------------------------------------------------------------------------------------


def by_the_product(bench: Bench, queries: Sequence[Query]) -> list[Twice]:
    """As `tracker search` answers."""
    return bench.ask_twice(queries, bars)


def by_bm25(bench: Bench, queries: Sequence[Query]) -> list[Twice]:
    """The order in which FTS5 finds claims by words; it is asked for no scores."""
    store = bench.tracker.store
    found = [store.find_words(fts_query(_words_of(query)), matching.DEPTH) for query in queries]
    return _twice(bench, queries, [[(number, 0.0) for number in numbers] for numbers in found])


def by_cosine(bench: Bench, queries: Sequence[Query]) -> list[Twice]:
    """The nearest claims by the encoder's own vectors, as the index has them."""
    wanted = bench.tracker.retrieval.wanted([Utterance(_words_of(query)) for query in queries], progress=bars)
    deep = matching.DEPTH + max(len(query.relevant) for query in queries)
    return _twice(bench, queries, bench.tracker.embedding.index().search(wanted.vectors, deep))


@contextmanager
def without_coefficients() -> Iterator[None]:
    """As the product answers with an encoder that it has no coefficients for: vectors find claims, words decide."""
    known = matching.is_fitted_for
    matching.is_fitted_for = lambda _encoder: False
    try:
        yield
    finally:
        matching.is_fitted_for = known


def _words_of(query: Query) -> str:
    return read_post(Utterance(query.text)).text


def _twice(bench: Bench, queries: Sequence[Query], found: Sequence[Sequence[tuple[int, float]]]) -> list[Twice]:
    """Rankings (claim and score, best first) as trials: with the right claims, and with those left out."""
    trials = []
    for query, ranked in zip(queries, found, strict=True):
        right = _right(bench, query)
        others = [pair for pair in ranked if pair[0] not in right]
        halves = (pairs[: matching.DEPTH] for pairs in (ranked, others))
        trials.append(Twice(*(Trial(query, right, *_columns(pairs), first=()) for pairs in halves)))
    return trials


def _columns(pairs: Sequence[tuple[int, float]]) -> tuple[tuple[int, ...], tuple[float, ...]]:
    return tuple(number for number, _ in pairs), tuple(score for _, score in pairs)


ROWS = (
    Row("ct22-2a", "bm25", "BM25 alone (FTS5)", text_alone, by_bm25, scored=False, stated=False),
    Row("ct22-2a", "cosine", "the encoder's cosine alone", text_alone, by_cosine, stated=False),
    Row("ct22-2a", "words", "the model for other encoders, text alone", text_alone, by_the_product, fitted=False),
    Row("ct22-2a", "text", "**shipped, text alone**", text_alone, by_the_product),
    Row("ct22-2a", "day", "**shipped, with the day**", as_it_is, by_the_product),
    Row("ct22-2a", "later", "shipped, as if said again a year and a day later", said_again, by_the_product),
    Row("ct22-2b", "bm25", "BM25 alone (FTS5)", sentence_alone, by_bm25, scored=False, stated=False),
    Row("ct22-2b", "cosine", "the encoder's cosine alone", sentence_alone, by_cosine, stated=False),
    Row(
        "ct22-2b", "words", "the model for other encoders, sentence alone", sentence_alone, by_the_product, fitted=False
    ),
    Row("ct22-2b", "sentence", "**shipped, sentence alone**", sentence_alone, by_the_product),
    Row("ct22-2b", "context", "**shipped, with context and speaker**", as_it_is, by_the_product),
)


# --- measuring --------------------------------------------------------------------------------------------------------


def measured(row: Row, bench: Bench, queries: Sequence[Query]) -> dict[str, Any]:
    """What one row comes to, with 95 % intervals where there are any."""
    with nullcontext() if row.fitted else without_coefficients():
        twice = row.ask(bench, [row.asked_as(query) for query in queries if query.relevant])
        threshold = bench.threshold
    present = [one.present for one in twice]
    found = evaluation.retrieval(bench.run(present), bench.qrels(present), Cuts())
    return {
        "collection": row.collection,
        "row": row.name,
        "what": row.what,
        "queries": found.queries,
        "measures": {name: _rounded(asdict(found.measures[name])) for name in SHOWN},
        "no_match": _no_match(twice, threshold, own=row.stated) if row.scored else None,
        "calibration": _calibration(twice) if row.stated else None,
    }


def _no_match(twice: Sequence[Twice], threshold: float, *, own: bool) -> dict[str, Any]:
    """Right first answers at 5 % false alarms, and what the threshold that is shipped gives."""
    found = evaluation.no_match([one.asked for one in twice], threshold)
    at_own = {"own": _rounded(asdict(found.own))} if own else {}
    return {"allowed": found.usual_rate, "found": _rounded(asdict(found.recall)), **at_own}


def _calibration(twice: Sequence[Twice]) -> dict[str, Any]:
    first, first_five = ([answer for one in twice for answer in one.answers(n)] for n in (1, 5))
    found = asdict(evaluation.calibration(len(twice), first, first_five))
    kept = ("answers", "right", "ece", "chance", "brier", "log_loss")
    return {name: _rounded({key: found[name][key] for key in kept}) for name in ("first", "first_five")}


def _rounded(values: dict[str, Any]) -> dict[str, Any]:
    return {name: round(value, 4) for name, value in values.items()}


def measure(data: Path, split: str, rows: Sequence[Row]) -> dict[str, Any]:
    """Every row's figures, told as they come, and what is known of the collections; one's rows share its store."""
    labelled = _labelled()
    found: dict[str, Any] = {"collections": {}, "rows": []}
    for name in dict.fromkeys(row.collection for row in rows):
        folder = CACHE / "measured"
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{name}-{split}.jsonl"
        lines = [json.dumps(query, ensure_ascii=False) for query in labelled.read(data, name, split)]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        queries = read_queries(file)
        with bench_of_docs(labelled.docs(data, name, folder), CACHE / f"{name}.db", None, bars) as bench:
            for row in (one for one in rows if one.collection == name):
                found["rows"].append(measured(row, bench, queries))
                print(tables.line(found["rows"][-1]), flush=True)
            found["collections"][name] = known(bench, queries)
    return found


def known(bench: Bench, queries: Sequence[Query]) -> dict[str, Any]:
    """How many queries and claims there are, of how many queries more than the text is known, and how days lie."""
    posts = [read_post(Utterance(one.text, one.context, one.speaker, one.stated_on)) for one in queries]
    around = {name: sum(bool(getattr(one, name)) for one in posts) for name in ("context", "speaker", "stated_on")}
    return {"queries": len(queries), "claims": len(bench.names), "known": around, "days": _days(bench, queries, posts)}


def _days(bench: Bench, queries: Sequence[Query], posts: Sequence[Utterance]) -> dict[str, Any] | None:
    """How many days lie between a tweet and its right claim, and between it and any; None where no day is known."""
    with bench.tracker.store.reading():
        claims = bench.tracker.store.claims(bench.names)
    days = {number: claim.claimed_on for number, claim in claims.items() if claim.claimed_on}
    asked = [
        (post.stated_on, days[number])
        for post, query in zip(posts, queries, strict=True)
        for number in _right(bench, query)
        if post.stated_on and number in days
    ]
    if not asked:
        return None
    near = [sum(abs((day - said).days) <= WEEK for day in days.values()) / len(days) for said, _ in asked]
    gaps = [abs((day - said).days) for said, day in asked]
    return _rounded(
        {
            "median": statistics.median(gaps),
            "within a week": statistics.mean(gap <= WEEK for gap in gaps),
            "any claim within a week": statistics.mean(near),
        }
    )


def _right(bench: Bench, query: Query) -> frozenset[int]:
    return frozenset(number for name in query.relevant for number in bench.numbers[str(name)])


def _labelled() -> Any:
    """The module that reads the collections and keeps their splits apart; `training` is no package."""
    sys.path.append(str(ROOT / "training"))
    import queries

    return queries


def about(split: str) -> dict[str, Any]:
    """When, with what and on what kind of machine."""
    return {
        "when": str(datetime.now(UTC).date()),
        "versions": versions(),
        "machine": f"{os.cpu_count()} cores, {_processor()}",
        "split": split,
        "coefficients": tables.fitted(),
    }


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    lines = known.read_text(encoding="utf-8").splitlines() if known.exists() else []
    named = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or "processor not named"


def main() -> None:
    """Measure every row of a split once."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with ct22-2a, ct22-2b and checkworthiness")
    parser.add_argument("--split", choices=("dev", "devtest"), default="dev")
    parser.add_argument("--only", choices=sorted({row.name for row in ROWS}), help="print this row; write nothing")
    options = parser.parse_args()
    rows = [row for row in ROWS if options.only in (None, row.name)]
    missing = [row.collection for row in rows if not (options.data / row.collection).is_dir()]
    if missing:
        parser.error(f"--data {options.data}: no folder {missing[0]}; name the one that the collections are in")
    settings.one_blas_thread()
    measured_with = about(options.split)  # before: what is fitted may be written anew meanwhile
    try:
        found = measure(options.data, options.split, rows)
    except TrackerError as error:
        sys.exit(f"matching: {error}")
    except KeyboardInterrupt:
        sys.exit("matching: interrupted; nothing is written")
    if options.only:
        print(json.dumps(found["rows"], indent=1))
    else:
        RESULTS.mkdir(exist_ok=True)
        target = RESULTS / f"matching-{options.split}.json"
        target.write_text(json.dumps({**measured_with, **found}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
