"""Labelled queries put to a real store: with the right claims in it, and as if they had never been there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tracker import matching
from tracker.alarms import Asked
from tracker.errors import ClaimNotFound, UnreadableSource, UsageProblem
from tracker.models import NewClaim, NewVerdict, Utterance
from tracker.pipeline import Tracker
from tracker.queries import Query
from tracker.trials import bench_of_docs, bench_of_store

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tracker.models import Match

CLAIMS = {
    "dam": "The dam above Northmoor was built in 1962.",
    "bridge": "The bridge over the Calder was closed for repairs in May.",
    "measles": "Northmoor had twelve cases of measles in 2019.",
    "bus": "Bus fares in the county rose by 8 percent last year.",
    "school": "The county closed four village schools in ten years.",
    "grid": "The island gets 90 percent of its power from the wind.",
}
QUERIES = [
    Query("q1", "They built the dam above Northmoor in 1962!", frozenset({"dam"})),
    Query("q2", "Bus fares rose by 8 percent in our county.", frozenset({"bus"})),
    Query("q3", "Nobody ever said anything about this.", frozenset()),
    Query("q4", "Twelve children had measles, and the bridge is closed.", frozenset({"measles", "bridge"})),
]


def write_docs(path: Path, claims: dict[str, str], **more: str) -> Path:
    rows = [{"id": name, "claim": text, "verdict": "False", **more} for name, text in claims.items()]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    return write_docs(tmp_path / "docs.jsonl", CLAIMS)


def said(matches: Sequence[Match]) -> list[tuple[str, Any]]:
    """What matches say, whatever numbers their claims have."""
    return [(one.claim.text, pytest.approx(one.probability, abs=1e-6)) for one in matches]


def test_rank_is_what_search_chooses_from(docs: Path, tmp_path: Path) -> None:
    """Claim by claim, probability by probability, in the order of the queries, a text that comes twice too."""
    with bench_of_docs(docs, tmp_path / "docs.db", None) as bench:
        bench.tracker.embed()
        ranked = list(bench.tracker.rank([*QUERIES, QUERIES[0]]))
        for query, found in zip([*QUERIES, QUERIES[0]], ranked, strict=True):
            assert said(found) == said(bench.tracker.search(query.text, 50).matches)
            assert len(found) == len(CLAIMS)


def test_queries_are_asked_after_many_claims_were_embedded(docs: Path) -> None:
    """The road for many texts, once taken, is the one that queries go too."""
    with bench_of_docs(docs, None, None) as bench:
        bench.tracker.encoder.encode(["Sentence-transformers is loaded now."], bulk=True)
        assert bench.run(bench.ask(QUERIES))["q1"][0] == "dam"


def test_a_query_without_its_right_claim_is_answered_as_if_it_had_never_been_there(docs: Path, tmp_path: Path) -> None:
    """The same matches as from a store that never had it, features that compare claims included."""
    with bench_of_docs(docs, None, None) as bench:
        bench.tracker.embed()
        (number,) = bench.numbers["dam"]
        (without,) = bench.tracker.rank([QUERIES[0]], without=[{number}])
    rest = write_docs(tmp_path / "rest.jsonl", {name: text for name, text in CLAIMS.items() if name != "dam"})
    with bench_of_docs(rest, None, None) as bench:
        bench.tracker.embed()
        (never,) = bench.tracker.rank([QUERIES[0]])
    assert said(without) == said(never)
    assert len(without) == len(CLAIMS) - 1


def test_a_claim_that_is_left_out_takes_no_place(docs: Path) -> None:
    """As many candidates as asked for are left, from either search, also where entries were merged into it."""
    with bench_of_docs(docs, None, None) as bench:
        tracker = bench.tracker
        tracker.embed()
        wanted = tracker.retrieval.wanted([Utterance(CLAIMS["dam"])])
        near, *_ = tracker.retrieval.candidates(wanted, 1)
        ((dam,), (bus,)) = (bench.numbers[name] for name in ("dam", "bus"))
        assert [one.claim.id for one in near] == [dam]
        adapted = wanted.rows(0, fitted=True)[1:]
        nearest, *_ = [
            number for number, _ in tracker.embedding.index().search(adapted, 6)[0] if number not in (dam, bus)
        ]
        tracker.store.curation.merge(dam, bus)
        left = [one.claim.id for one in next(tracker.retrieval.candidates(wanted, 1, without=[{dam}]))]
        assert nearest in left
        assert not {dam, bus} & set(left)


def test_queries_are_asked_twice(docs: Path) -> None:
    """Those that have a right claim: with it there the first answer is right, without it another, less likely."""
    with bench_of_docs(docs, None, None) as bench:
        trials = bench.ask_twice(QUERIES)
        assert [one.present.query.qid for one in trials] == ["q1", "q2", "q4"]
        for one in trials:
            assert one.present.claims[0] in one.present.right
            assert not one.present.right & set(one.absent.claims)
            assert len(one.absent.claims) == len(CLAIMS) - len(one.present.right)
            assert one.asked == Asked(one.present.probabilities[0], one.absent.probabilities[0])
            assert one.asked.right > one.asked.alarm
            assert one.answers(1) == [(one.asked.right, True), (one.asked.alarm, False)]
            assert [right for _, right in one.answers(5)].count(True) == len(one.present.right)
        assert 0 < bench.threshold < 1
        assert bench.threshold == matching.model_for(bench.tracker.encoder.fingerprint).threshold


def test_a_wrong_first_answer_is_never_right(docs: Path) -> None:
    """However probable it is."""
    mislabelled = Query("q", CLAIMS["dam"], frozenset({"grid"}))
    with bench_of_docs(docs, None, None) as bench:
        (one,) = bench.ask_twice([mislabelled])
    assert one.asked.right == float("-inf")
    assert one.answers(1) == [(one.present.probabilities[0], False), (one.absent.probabilities[0], False)]


def test_runs_and_qrels_name_claims_as_the_docs_do(docs: Path) -> None:
    """By the feed's ids; a query without a right claim has none."""
    with bench_of_docs(docs, None, None) as bench:
        trials = bench.ask(QUERIES)
        assert bench.qrels(trials) == {"q1": {"dam"}, "q2": {"bus"}, "q3": frozenset(), "q4": {"measles", "bridge"}}
        run = bench.run(trials)
    assert run["q1"][0] == "dam"
    assert set(run["q1"]) == set(CLAIMS)


def test_a_store_that_was_kept_is_not_embedded_again(docs: Path, tmp_path: Path) -> None:
    """It is used as it is, by name and vector; what is missing in it is added; other docs are refused."""
    kept = tmp_path / "kept.db"
    with bench_of_docs(docs, kept, None) as bench:
        bench.ask(QUERIES)
        before = bench.tracker.store.log.head()
    with bench_of_docs(docs, kept, None) as bench:
        assert bench.run(bench.ask(QUERIES))["q2"][0] == "bus"
        assert bench.tracker.store.log.head() == before
    more = write_docs(tmp_path / "more.jsonl", CLAIMS | {"rain": "It rained in Northmoor on 3 May."})
    with bench_of_docs(more, kept, None) as bench:
        assert bench.run(bench.ask([Query("q", "Rain in Northmoor!", frozenset({"rain"}))]))["q"][0] == "rain"
        assert bench.tracker.store.tallies.of_rows()["vectors"] == 7
    with (
        pytest.raises(UsageProblem, match=r"kept\.db: has 1 claims that are not in .*docs\.jsonl; name a new file"),
        bench_of_docs(docs, kept, None),
    ):
        pass


def test_a_users_own_store_is_not_taken_for_one_of_docs(docs: Path, tmp_path: Path) -> None:
    """Nothing is imported into a store that holds anything else."""
    with Tracker.open(tmp_path / "desk.db") as tracker:
        tracker.add(NewClaim("It rained in Northmoor on 3 May."))
        before = tracker.store.tallies.of_rows()
    with pytest.raises(UsageProblem), bench_of_docs(docs, tmp_path / "desk.db", None):
        pass
    with Tracker.open(tmp_path / "desk.db") as tracker:
        assert tracker.store.tallies.of_rows() == before


def test_docs_with_one_id_for_two_claims(tmp_path: Path) -> None:
    """Two publishers may have one id in a store; in files of queries and runs it would mean both."""
    rows = [{"id": "1", "claim": f"Claim by {name}.", "verdict": "False", "publisher": name} for name in "AB"]
    path = tmp_path / "docs.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    with pytest.raises(UnreadableSource, match="the id '1' stands for two claims"), bench_of_docs(path, None, None):
        pass


def test_rows_that_cannot_be_stored_are_told(docs: Path, caplog: pytest.LogCaptureFixture) -> None:
    """How many, and the first with its place."""
    docs.write_text(docs.read_text(encoding="utf-8") + '{"id": "x"}\n{"id": "y"}\n', encoding="utf-8")
    with bench_of_docs(docs, None, None) as bench:
        assert "2 rows are left out, the first: docs.jsonl:7: claim: it has no words" in caplog.text
        with pytest.raises(ClaimNotFound, match=r"query 'q': the relevant id 'x' is no claim's in .*docs.jsonl; are"):
            bench.ask([Query("q", "A claim.", frozenset({"x"}))])


def test_ids_that_are_no_claims(docs: Path) -> None:
    """The first is named with its query, the others are counted, each once."""
    queries = [*QUERIES, Query("q5", "A.", frozenset({"zz", 12, "dam"})), Query("q6", "B.", frozenset({"zz"}))]
    with bench_of_docs(docs, None, None) as bench:
        with pytest.raises(
            ClaimNotFound, match=r"query 'q5': the relevant id 12 .*, nor are 1 more ids; are these its"
        ):
            bench.ask(queries)
        assert bench.tracker.store.tallies.of_rows()["vectors"] == 0  # found out before the time that these take


def test_numbers_are_ids_where_docs_have_them(tmp_path: Path) -> None:
    """A feed's id 7 is meant by "7" and by 7."""
    docs = write_docs(tmp_path / "docs.jsonl", {"7": CLAIMS["dam"], "8": CLAIMS["bus"]})
    with bench_of_docs(docs, None, None) as bench:
        (trial,) = bench.ask([Query("q", CLAIMS["dam"], frozenset({7, "7"}))])
        assert bench.qrels([trial]) == {"q": {"7"}}


def test_the_users_own_store(tracker: Tracker) -> None:
    """A number is a claim's own, a text is an id in a feed; merged entries lead to their claim; nothing is written."""
    numbers = {name: tracker.add(NewClaim(text, name)).claim_id for name, text in CLAIMS.items()}
    twin = tracker.add(NewClaim("The Northmoor dam dates from 1962.", "twin")).claim_id
    tracker.store.curation.merge(numbers["dam"], twin)
    tracker.add(NewClaim("Claim by A.", "shared"), NewVerdict("False", publisher="A"))
    tracker.add(NewClaim("Claim by B.", "shared"), NewVerdict("False", publisher="B"))
    tracker.store.curation.retract_claim(numbers["grid"])
    before = tracker.store.log.head()
    bench = bench_of_store(tracker)
    names: list[str | int] = ["dam", numbers["dam"], twin, "twin"]
    for name in names:
        (trial,) = bench.ask([Query("q", QUERIES[0].text, frozenset({name}))])
        assert bench.qrels([trial]) == {"q": {str(numbers["dam"])}}
        assert bench.run([trial])["q"][0] == str(numbers["dam"])
    for name, reason in (
        ("shared", "stands for 2 claims"),
        (999, "is no claim's"),
        (str(twin), "is no claim's"),  # no feed has an id that looks like this number
        ("grid", "is no claim's"),  # it was taken back
    ):
        with pytest.raises(ClaimNotFound, match=f"{reason} in .*a text is an id in a feed, a number a claim's own"):
            bench.ask([Query("q", "A claim.", frozenset({name}))])
    assert tracker.store.log.head() == before
