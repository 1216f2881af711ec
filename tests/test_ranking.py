"""The measures of retrieval: fractions worked out by hand, and trec_eval's own answers on random runs."""

from __future__ import annotations

from fractions import Fraction

import pytest
import pytrec_eval
from hypothesis import given, settings, strategies as st

from tracker import ranking
from tracker.ranking import Cuts, measures
from tracker.trec import read_qrels, read_run, run_lines


@pytest.mark.parametrize(
    ("found", "relevant", "expected"),
    [
        ("abc", "a", {"MAP@1": 1, "MAP@3": 1, "MRR": 1, "P@1": 1, "P@3": "1/3", "recall@1": 1}),
        ("abc", "b", {"MAP@1": 0, "MAP@3": "1/2", "MRR": "1/2", "P@1": 0, "P@3": "1/3", "recall@1": 0, "recall@3": 1}),
        # two relevant: divided by min(2, k), so that the first place alone can be perfect
        ("abc", "ac", {"MAP@1": 1, "MAP@3": "5/6", "P@3": "2/3", "recall@1": "1/2", "recall@3": 1}),
        ("abc", "bc", {"MAP@1": 0, "MAP@3": "7/12", "MRR": "1/2"}),  # (1/2 + 2/3) / 2
        # seven relevant, five places, all right: 1, where trec_eval's map_cut would say 5/7
        ("abcde", "abcdefg", {"MAP@1": 1, "MAP@3": 1, "MAP@5": 1, "recall@5": "5/7", "recall@50": "5/7", "P@5": 1}),
        # the right one is beyond every cut of MAP: only the full depth sees it
        ("vwxyzabc", "a", {"MAP@5": 0, "MRR": "1/6", "P@5": 0, "recall@5": 0, "recall@10": 1}),
        ("ab", "c", {"MAP@5": 0, "MRR": 0, "recall@50": 0}),
        ("", "c", {"MAP@5": 0, "MRR": 0, "P@1": 0, "recall@50": 0}),
        ("a", "abc", {"MAP@1": 1, "MAP@3": "1/3", "P@3": "1/3", "recall@3": "1/3"}),
    ],
)
def test_measures_by_hand(found: str, relevant: str, expected: dict[str, int | str]) -> None:
    """Documents are letters; each measure is the fraction that its definition gives."""
    measured = measures(found, set(relevant), Cuts())
    for name, value in expected.items():
        assert measured[name] == pytest.approx(float(Fraction(value)), abs=1e-12), name


def test_cuts_that_are_asked_for_replace_the_usual_ones() -> None:
    """Each rank once, in order, in every measure; the reciprocal rank stays whole beside its cuts."""
    assert list(measures("ab", {"b"}, Cuts.at([2, 1, 2]))) == [
        *("MAP@1", "MAP@2", "MRR", "MRR@1", "MRR@2", "P@1", "P@2", "recall@1", "recall@2")
    ]
    assert Cuts.at([]) == Cuts()
    assert measures("ab", {"b"}, Cuts.at([1]))["MRR@1"] == 0
    assert measures("ab", {"b"}, Cuts.at([2]))["MRR@2"] == 1 / 2


documents = st.text("abcdefgh", min_size=1, max_size=2)
grades = st.dictionaries(documents, st.integers(-1, 2), min_size=1, max_size=8)
scores = st.dictionaries(
    documents, st.sampled_from([-1.0, 0.0, 0.1, 0.1 + 1e-10, 0.25, 0.5, 0.5, 1.0, 1e30]), max_size=12
)
queries = st.sampled_from(["q1", "q2", "q3"])


@settings(deadline=None, max_examples=300)
@given(st.dictionaries(queries, grades, min_size=1), st.dictionaries(queries, scores))
def test_measures_are_those_of_trec_eval(
    tmp_path_factory: pytest.TempPathFactory, judged: dict[str, dict[str, int]], scored: dict[str, dict[str, float]]
) -> None:
    """Ties (also those of single precision alone), documents that nobody judged, queries that a run misses."""
    folder = tmp_path_factory.mktemp("trec")
    if not any(grade > 0 for of_query in judged.values() for grade in of_query.values()):
        return
    (folder / "qrels").write_text("".join(f"{q} 0 {d} {g}\n" for q, of in judged.items() for d, g in of.items()))
    lines = [f"{q} Q0 {d} 1 {s!r} x\n" for q, of in scored.items() for d, s in of.items()]
    (folder / "run").write_text("".join(lines) or "none Q0 a 1 0 x\n")
    qrels, run = read_qrels(folder / "qrels"), read_run(folder / "run")
    names = {"map_cut.1,3,5", "recip_rank", "P.1,3,5", "recall.1,3,5,10,20,50"}
    theirs = pytrec_eval.RelevanceEvaluator(judged, names).evaluate(scored)
    for qid, relevant in qrels.items():
        if not relevant:
            continue
        ours = measures(run.get(qid, ()), relevant, Cuts())
        expected = theirs.get(qid, {})
        for k in (1, 3, 5):
            their_map = expected.get(f"map_cut_{k}", 0) * len(relevant) / min(len(relevant), k)
            assert ours[f"MAP@{k}"] == pytest.approx(their_map, abs=1e-6)
            assert ours[f"P@{k}"] == pytest.approx(expected.get(f"P_{k}", 0))
        for k in (1, 3, 5, 10, 20, 50):
            assert ours[f"recall@{k}"] == pytest.approx(expected.get(f"recall_{k}", 0))
        assert ours["MRR"] == pytest.approx(expected.get("recip_rank", 0))


@settings(deadline=None)
@given(st.lists(st.sampled_from([0.0, 1e-9, 0.5, 0.5 + 1e-12, 1 - 1e-12, 1.0]), min_size=1, max_size=9))
def test_a_run_that_is_written_keeps_its_order(
    tmp_path_factory: pytest.TempPathFactory, probabilities: list[float]
) -> None:
    """For us and for trec_eval, though the probabilities may be equal, and the ids are in the order of no tie rule."""
    path = tmp_path_factory.mktemp("trec") / "run"
    falling = sorted(probabilities, reverse=True)
    ids = ["mzabyc"[n % 6] + str(n) for n in range(len(falling))]
    path.write_text("\n".join(run_lines([("q", ids, falling)])))
    assert list(read_run(path)["q"]) == ids
    scored = {line.split()[2]: float(line.split()[4]) for line in path.read_text().splitlines()}
    for rank, document in enumerate(ids, 1):
        found = pytrec_eval.RelevanceEvaluator({"q": {document: 1}}, {"recip_rank"}).evaluate({"q": scored})
        assert found["q"]["recip_rank"] == pytest.approx(1 / rank)


def test_first_hit() -> None:
    """Its rank from 1, None where nothing is right."""
    assert ranking.first_hit([False, True, True]) == 2
    assert ranking.first_hit([False]) is None
