"""What the committed benchmark of matching measures: every way to ask, on a small store, and its tables."""

from __future__ import annotations

import importlib.util
import json
import sys
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import ROOT
from tracker import matching
from tracker.models import Utterance
from tracker.posts import read_post
from tracker.queries import Query
from tracker.trials import Bench, bench_of_docs
from tracker.words import fts_query

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CLAIMS = {
    "dam": ("The dam above Northmoor was built in 1962.", "2019-07-01"),
    "bridge": ("The bridge over the Calder was closed for repairs in May.", "2019-07-05"),
    "measles": ("Northmoor had twelve cases of measles in 2019.", "2019-09-01"),
    "bus": ("Bus fares in the county rose by 8 percent last year.", "2012-01-01"),
}
TWEET = "They built the dam above #Northmoor in 1962! https://t.co/x1 — Jane Roe (@jroe) July 2, 2019"
QUERIES = [
    Query("q1", TWEET, frozenset({"dam"})),
    Query("q2", "Bus fares rose by 8 percent.", frozenset({"bus"}), context="What of the county?", speaker="Ann Lee"),
    Query("q3", "Nobody ever said this."),
]


@pytest.fixture(scope="module")
def benchmark() -> Iterator[Any]:
    """The script; its folder is no package."""
    folder = str(ROOT / "benchmarks")
    sys.path.insert(0, folder)
    spec = importlib.util.spec_from_file_location("benchmarks_matching", ROOT / "benchmarks" / "matching.py")
    assert spec
    assert spec.loader
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = loaded  # dataclasses look their module up
    spec.loader.exec_module(loaded)
    yield loaded
    sys.path.remove(folder)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    docs = tmp_path / "docs.jsonl"
    rows = [{"id": name, "claim": text, "claim_date": day} for name, (text, day) in CLAIMS.items()]
    docs.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    with bench_of_docs(docs, None, None) as made:
        made.tracker.embed()
        yield made


def day_of(query: Query) -> date | None:
    """The day that the product reads in a query."""
    return read_post(Utterance(query.text, stated_on=query.stated_on)).stated_on


def test_a_query_is_asked_as_the_row_says(benchmark: Any) -> None:
    """The text alone tells the same words and no day; said again, a later day; a sentence alone nothing else."""
    tweet, sentence, _ = QUERIES
    alone = benchmark.text_alone(tweet)
    assert day_of(tweet) == date(2019, 7, 2)
    assert day_of(alone) is None
    assert read_post(Utterance(alone.text)).text == read_post(Utterance(tweet.text)).text
    assert alone.relevant == tweet.relevant
    assert day_of(benchmark.said_again(tweet)) == date(2020, 7, 2)
    assert benchmark.said_again(sentence) == benchmark.as_it_is(sentence) == sentence
    assert benchmark.sentence_alone(sentence) == Query("q2", sentence.text, sentence.relevant)


def test_the_day_lifts_a_claim_of_the_same_week_and_only_where_it_is_known(benchmark: Any, bench: Bench) -> None:
    """The three rows of one tweet differ in its day alone."""
    first = {
        asked.__name__: benchmark.by_the_product(bench, [asked(QUERIES[0])])[0].present.probabilities[0]
        for asked in (benchmark.text_alone, benchmark.as_it_is, benchmark.said_again)
    }
    assert first["as_it_is"] > first["text_alone"]
    assert first["as_it_is"] > first["said_again"]


def test_each_way_to_answer_ranks_by_what_it_says(benchmark: Any, bench: Bench) -> None:
    """BM25 as FTS5 orders, the cosine as brute force does; without the right claims the others move up."""
    store, labelled = bench.tracker.store, QUERIES[:2]
    texts = [read_post(Utterance(query.text)).text for query in labelled]
    cosines = bench.tracker.encode(texts) @ bench.tracker.encode([text for text, _ in CLAIMS.values()]).T
    for query, text, row, worded, near in zip(
        labelled,
        texts,
        cosines,
        *(ask(bench, labelled) for ask in (benchmark.by_bm25, benchmark.by_cosine)),
        strict=True,
    ):
        assert list(worded.present.claims) == store.find_words(fts_query(text), 50)
        expected = sorted(zip(row.tolist(), CLAIMS, strict=True), reverse=True)
        assert [bench.names[number] for number in near.present.claims] == [name for _, name in expected]
        assert list(near.present.probabilities) == pytest.approx([cosine for cosine, _ in expected], abs=1e-5)
        for twice in (worded, near):
            assert list(twice.absent.claims) == [
                n for n in twice.present.claims if bench.names[n] not in query.relevant
            ]


def test_the_model_for_other_encoders_is_asked_and_put_back(benchmark: Any, bench: Bench) -> None:
    """Its probabilities are those that the words alone give, and the next row has the cosine again."""
    labelled = QUERIES[:2]
    plain, threshold = benchmark.by_the_product(bench, labelled)[0], bench.threshold
    with benchmark.without_coefficients():
        worded, lower = benchmark.by_the_product(bench, labelled)[0], bench.threshold
    again = benchmark.by_the_product(bench, labelled)[0]
    assert lower == matching.model_for(None).threshold != threshold == bench.threshold
    assert worded.present.probabilities != plain.present.probabilities == again.present.probabilities
    wanted = bench.tracker.retrieval.wanted([Utterance(labelled[0].text)])
    (candidates,) = bench.tracker.retrieval.candidates(wanted)
    decided = matching.decide(wanted.statements[0], candidates, "another encoder")
    assert worded.present.probabilities == pytest.approx([match.probability for match in decided])


def test_every_row_is_measured_and_shown(benchmark: Any, bench: Bench) -> None:
    """The figures of a small store are those that can be counted; queries without a right claim are left out."""
    tables = benchmark.tables
    found: dict[str, Any] = {"collections": {}, "rows": []}
    for row in benchmark.ROWS:
        found["rows"].append(benchmark.measured(row, bench, QUERIES))
        found["collections"][row.collection] = benchmark.known(bench, QUERIES)
    for row in found["rows"]:
        assert row["queries"] == 2
        assert row["measures"]["MAP@1"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert found["collections"]["ct22-2a"] == {
        "queries": 3,
        "claims": 4,
        "known": {"context": 1, "speaker": 2, "stated_on": 1},
        "days": {"median": 1, "within a week": 1.0, "any claim within a week": 0.5},
    }
    shown = list(tables.ranking(found, "ct22-2a", cited=True))
    assert len(shown) == 2 + 6 + 6
    assert "*not measured here" not in shown[7]
    assert all("*not measured here" in line for line in shown[8:])
    assert len(list(tables.probabilities(found, "ct22-2b"))) == 2 + 3
    assert len(list(tables.shipped(found, found))) == 2 + 2 * 5


def test_a_target_is_reached_on_devtest_alone(benchmark: Any, bench: Bench) -> None:
    """Not on dev; at the very figure where "at least" is asked for, and only there."""
    tables = benchmark.tables
    rows = [benchmark.measured(row, bench, QUERIES) for row in benchmark.ROWS if row.scored and row.stated]
    for row in rows:
        row["measures"] = {"MAP@1": {"value": 0.94}, "MAP@5": {"value": 0.96}}
        row["no_match"]["found"]["value"] = 0.88
        row["calibration"] = {"first": {"ece": 0.03}, "first_five": {"ece": 0.029}}
    unmeasured = list(tables.targets({"rows": rows}, None))[2:]
    assert all(line.endswith("|  | not measured yet |") for line in unmeasured)
    reached = [line.split(" | ")[-1] for line in list(tables.targets({"rows": rows}, {"rows": rows}))[2:]]
    assert reached == [*["no |"] * 4, *["**yes** |"] * 4, *(["no |"] * 2 + ["**yes** |"] * 2) * 2]


@pytest.mark.parametrize("split", ["dev", "devtest"])
def test_the_figures_shown_are_of_what_is_shipped(benchmark: Any, split: str) -> None:
    """Whoever fits again measures again."""
    found = benchmark.tables.read(f"matching-{split}.json")
    if found is None:
        pytest.skip(f"{split} was not measured yet")
    assert found["coefficients"] == benchmark.tables.fitted(), "'python benchmarks/matching.py' measures again"


def test_the_ablation_is_shown_group_by_group(benchmark: Any) -> None:
    """As `training/matching.py --ablate` writes it."""
    dev = {name: {"MAP@5": 0.9, "found at 5 % false alarms": 0.8} for name in ("ct22-2a own day", "ct22-2b ")}
    shown = benchmark.tables.ablation([{"without": None, "dev": dev}, {"without": "day", "dev": dev}])
    assert list(shown) == [
        "| without | tweets, own day | debates |",
        "|---|---|---|",
        "| **nothing** | 0.900, 0.800 | 0.900, 0.800 |",
        "| day | 0.900, 0.800 | 0.900, 0.800 |",
    ]
