"""`tracker eval retrieval`, `no-match` and `calibration` as their users run them, and what they say to bad input."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.test_json_schema import validate
from tests.test_trials import CLAIMS, write_docs

if TYPE_CHECKING:
    from tests.conftest import CommandLine

QUERIES: list[dict[str, Any]] = [
    {"qid": "q1", "text": "They built the dam above Northmoor in 1962!", "relevant": ["dam", "dam"]},
    {"qid": "q2", "text": "Bus fares rose by 8 percent in our county.", "relevant": ["bus"], "context": "Fares."},
    {"qid": "q3", "text": "Nobody ever said anything about this.", "relevant": []},
    {"qid": "q4", "text": "Twelve measles cases in Northmoor in 2019.", "relevant": ["measles", "bridge"]},
]
LABELLED = ("--docs", "docs.jsonl", "--queries", "queries.jsonl")


@pytest.fixture
def labelled(cli: CommandLine) -> CommandLine:
    """A folder with docs.jsonl, queries.jsonl and the qrels that say the same."""
    write_docs(cli.folder / "docs.jsonl", CLAIMS)
    write(cli, "queries.jsonl", *map(json.dumps, QUERIES))
    write(
        cli,
        "qrels",
        *(f"{one['qid']} 0 {name} 1" for one in QUERIES for name in sorted({*one["relevant"]})),
        "q3 0 bus 0",
    )
    return cli


def write(cli: CommandLine, name: str, *lines: str) -> None:
    (cli.folder / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def test_retrieval_on_docs(labelled: CommandLine) -> None:
    """Every measure with its interval, a run and a line a query beside it; the user's own store is not made."""
    arguments = ("eval", "retrieval", *LABELLED, "--run-out", "out.run", "--per-query", "rows.jsonl")
    done = labelled(*arguments, "--json")
    assert done.code == 0, done.err
    assert done.err == "tracker: queries without a right claim, left out: 1\n"
    validate(done.json, "evalRetrieval")
    assert (done.json["queries"], done.json["left_out"], done.json["unanswered"]) == (3, 1, 0)
    assert done.json["store"]["claims"] == len(CLAIMS)
    measures = done.json["measures"]
    assert measures["MAP@1"] == {"value": 1, "low": 1, "high": 1}
    assert measures["recall@1"]["value"] == pytest.approx((1 + 1 + 1 / 2) / 3, abs=1e-6)
    assert measures["recall@10"]["value"] == 1
    rows = [json.loads(line) for line in (labelled.folder / "rows.jsonl").read_text(encoding="utf-8").splitlines()]
    for row in rows:
        validate(row, "evalQuery")
    assert [(row["qid"], row["rank"]) for row in rows] == [("q1", 1), ("q2", 1), ("q3", None), ("q4", 1)]
    assert rows[2]["measures"] is None
    assert rows[0]["first"][0]["claim"] == CLAIMS["dam"]
    assert len(rows[0]["first"]) == 5
    ran = labelled("eval", "retrieval", "--run", "out.run", "--qrels", "qrels", "--json")
    assert ran.json["measures"] == measures
    assert ran.json["store"] is None
    by_queries = labelled("eval", "retrieval", "--run", "out.run", "--queries", "queries.jsonl", "--json")
    assert by_queries.json == ran.json
    shown = labelled(*arguments)
    assert "MAP@5       " in shown.out
    assert "95% interval" in shown.out
    assert "3 queries\n6 claims of docs.jsonl, by sentence-transformers/all-MiniLM-L6-v2\n" in shown.out
    assert not labelled.store.exists()


def test_rows_on_stdout_stand_there_alone(labelled: CommandLine) -> None:
    """One JSON object a line, in the order of the queries; the run's own rows have no words to show."""
    done = labelled("eval", "retrieval", *LABELLED, "--per-query", "-", "-k", "2", "--run-out", "out.run")
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert [row["qid"] for row in rows] == ["q1", "q2", "q3", "q4"]
    assert list(rows[0]["measures"]) == ["MAP@2", "MRR", "MRR@2", "P@2", "recall@2"]
    ran = labelled("eval", "retrieval", "--run", "out.run", "--qrels", "qrels", "--per-query", "-", "-k", "2")
    for row, of_store in zip(map(json.loads, ran.out.splitlines()), rows, strict=False):
        validate(row, "evalQuery")
        if row["qid"] == of_store["qid"]:
            assert row["measures"] == of_store["measures"]
            assert [one["id"] for one in row["first"]] == [one["id"] for one in of_store["first"]]


def test_retrieval_on_the_users_own_store(desk: CommandLine) -> None:
    """Claims are named by their numbers, and nothing is written."""
    (first, *_) = desk("list", "--limit", "1", "--json").json["claims"]
    write(desk, "q.jsonl", json.dumps({"qid": "1", "text": first["claim"], "relevant": [first["claim_id"]]}))
    before = desk("verify", "--json").json["head"]
    done = desk("eval", "retrieval", "--queries", "q.jsonl", "--json", "--run-out", "out.run")
    assert done.json["measures"]["MRR"]["value"] == 1, done.err
    assert (desk.folder / "out.run").read_text(encoding="utf-8").startswith(f"1 Q0 {first['claim_id']} 1 0.")
    for command in ("no-match", "calibration"):
        assert desk("eval", command, "--queries", "q.jsonl").code == 0
    assert desk("verify", "--json").json["head"] == before


def test_two_runs_are_compared(cli: CommandLine) -> None:
    """Both columns, the difference, and the exact p-value; queries that a run misses count as 0, with a warning."""
    write(cli, "qrels", *(f"q{n} 0 right 1" for n in range(6)))
    write(cli, "a.run", *(f"q{n} Q0 {'wrong' if n < 4 else 'right'} 1 1 a" for n in range(6)))
    write(cli, "b.run", *(f"q{n} Q0 right 1 1 b" for n in range(5)))
    done = cli("eval", "retrieval", "--compare", "a.run", "b.run", "--qrels", "qrels", "--json", "-k", "1")
    validate(done.json, "evalComparison")
    assert done.err == "tracker: b.run: has nothing for 1 of 6 queries; each counts as 0\n"
    # four queries better, one worse: of 32 assignments 12 are as far from 0 as +3
    expected = {"a": 0.333333, "b": 0.833333, "difference": 0.5, "p": 12 / 32}
    assert done.json["measures"]["MAP@1"] == expected
    assert done.json["unanswered"] == {"a": 0, "b": 1}
    shown = cli("eval", "retrieval", "--compare", "a.run", "b.run", "--qrels", "qrels", "-k", "1")
    assert "MAP@1       0.333   0.833   +0.500   0.3750" in shown.out


def test_no_match(labelled: CommandLine) -> None:
    """A row for each share of false alarms, the tracker's own threshold, the whole curve; the store is kept."""
    done = labelled("eval", "no-match", *LABELLED, "--keep", "kept.db", "--json")
    assert done.code == 0, done.err
    validate(done.json, "evalNoMatch")
    assert (done.json["queries"], done.json["left_out"]) == (3, 1)
    assert [one["allowed"] for one in done.json["at_false_alarms"]] == [0.01, 0.02, 0.05, 0.1, 0.2]
    assert all(one["false_alarms"] == 0 for one in done.json["at_false_alarms"])  # none of three may be one
    assert done.json["curve"][-1]["false_alarms"] == 1
    assert [point["threshold"] for point in done.json["curve"]] == sorted(
        (point["threshold"] for point in done.json["curve"]), reverse=True
    )
    shown = labelled("eval", "no-match", *LABELLED, "--keep", "kept.db")
    assert "\n    own   " in shown.out
    assert f"{done.json['recall_at_5_percent']['value']:.1%} (" in shown.out


def test_calibration(labelled: CommandLine) -> None:
    """The first answers of both halves, and the first five; bins of either kind."""
    done = labelled("eval", "calibration", *LABELLED, "--json")
    assert done.code == 0, done.err
    validate(done.json, "evalCalibration")
    assert (done.json["first"]["answers"], done.json["first"]["right"]) == (6, 3)
    # five of six claims with the right ones there, and what is left without them: 5, 5 and 4
    assert done.json["first_five"]["answers"] == 15 + 14
    assert done.json["bins"] == "equal-mass"
    wide = labelled("eval", "calibration", *LABELLED, "--equal-width", "--json")
    assert wide.json["bins"] == "equal-width"
    assert wide.json["first"]["brier"] == done.json["first"]["brier"]
    shown = labelled("eval", "calibration", *LABELLED)
    assert f"the first         6        3   {done.json['first']['ece']:.4f}" in shown.out


@pytest.mark.parametrize("command", ["no-match", "calibration"])
def test_plots_are_the_same_to_the_byte(labelled: CommandLine, command: str) -> None:
    """SVG and PNG, without a display, whatever else is drawn the same day."""
    for kind, head in (("svg", b"<?xml"), ("png", b"\x89PNG")):
        drawn = []
        for name in (f"one.{kind}", f"two.{kind}"):
            done = labelled("eval", command, *LABELLED, "--keep", "kept.db", "--plot", name, DISPLAY="")
            assert done.code == 0, done.err
            drawn.append((labelled.folder / name).read_bytes())
        assert drawn[0] == drawn[1]
        assert drawn[0].startswith(head)


def test_a_plot_without_matplotlib(labelled: CommandLine) -> None:
    """One line that names the extra, before anything is measured; the measures do not need it."""
    run = "import sys; sys.modules['matplotlib'] = None; from tracker.__main__ import main; main()"

    def without(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", run, "eval", "no-match", *LABELLED, *arguments]
        return subprocess.run(
            command, env=labelled.environment, cwd=labelled.folder, capture_output=True, text=True, check=False
        )

    done = without("--plot", "x.svg")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "tracker: --plot: needs matplotlib; install the extra 'plots', as in: pip install 'claim-tracker[plots]'\n"
    )
    assert without().returncode == 0


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (["retrieval"], 2, "eval retrieval: --queries FILE is needed, or --run FILE with --qrels FILE"),
        (["retrieval", "--run", "a.run"], 2, "need one of --qrels FILE and --queries FILE"),
        (["retrieval", "--run", "a.run", "--qrels", "qrels", "--queries", "queries.jsonl"], 2, "need one of"),
        (["retrieval", "--queries", "queries.jsonl", "--qrels", "qrels"], 2, "--qrels does not go with"),
        (["retrieval", "--run", "a.run", "--qrels", "qrels", "--docs", "docs.jsonl"], 2, "--docs does not go with"),
        (["retrieval", "--run", "a.run", "--qrels", "qrels", "--run-out", "b"], 2, "--run-out does not go with"),
        (["retrieval", "--compare", "a.run", "a.run", "--qrels", "qrels", "--run", "a.run"], 2, "--run does not go"),
        (["retrieval", *LABELLED, "--store", "x.db"], 2, "--store does not go with the other options: --docs makes"),
        (["no-match", "--queries", "queries.jsonl", "--keep", "x.db"], 2, "--keep goes with --docs"),
        (["retrieval", *LABELLED, "--json", "--per-query", "-"], 2, "both want stdout"),
        (["calibration", *LABELLED, "--plot", "x.pdf"], 2, "x.pdf: not a kind of file that can be drawn"),
        (["calibration", *LABELLED, "--plot", "no/x.svg"], 4, "no/x.svg: cannot be written (there is no folder no)"),
        (["retrieval", *LABELLED, "--run-out", "no/x"], 4, "no/x: cannot be written (there is no folder no)"),
        (["retrieval", *LABELLED, "--run-out", "queries.jsonl"], 2, "queries.jsonl: is used by this very command"),
        (["retrieval", *LABELLED, "--per-query", "docs.jsonl"], 2, "docs.jsonl: is used by this very command"),
        (["retrieval", *LABELLED, "--per-query", "x", "--run-out", "x"], 2, "x: is used by this very command"),
        (["retrieval", "--queries", "queries.jsonl", "--run-out", "desk.db"], 2, "desk.db: is used by this very"),
        (["retrieval", "--queries", "queries.jsonl", "--run-out", "desk.db.faiss"], 2, "desk.db.faiss: is used by"),
        (["retrieval", "--run", "a.run", "--qrels", "qrels", "--per-query", "a.run"], 2, "a.run: is used by this"),
        (["retrieval", *LABELLED, "--per-query", "."], 4, ".: a folder; name a file"),
        (["retrieval", "--queries", "none.jsonl"], 4, "none.jsonl: cannot be read (No such file or directory)"),
        (["retrieval", "--queries", "empty"], 4, "empty: empty"),
        (["retrieval", "--queries", "bad.jsonl"], 4, "bad.jsonl:2: not JSON"),
        (["retrieval", "--queries", "queries.jsonl", "--docs", "none.jsonl"], 4, "none.jsonl: no such file"),
        (["retrieval", "--queries", "queries.jsonl", "--docs", "empty"], 4, "not a kind of feed"),
        (["retrieval", "--queries", "queries.jsonl"], 8, "desk.db: no store is here"),
        (["retrieval", "--queries", "unknown.jsonl", "--docs", "docs.jsonl"], 3, "'u1': the relevant id 'nowhere'"),
        (["retrieval", "--run", "short.run", "--qrels", "qrels"], 4, "short.run:1: 5 columns where there must be 6"),
        (["retrieval", "--run", "nan.run", "--qrels", "qrels"], 4, "nan.run:1: the score 'nan' is not a number"),
        (["retrieval", "--run", "a.run", "--qrels", "a.run"], 4, "a.run:1: 6 columns where there must be 4"),
        (["retrieval", "--run", "other.run", "--qrels", "qrels"], 2, "the run has nothing for any of the 3 queries"),
        (["retrieval", *LABELLED, "--run-out", "docs.jsonl/x"], 4, "docs.jsonl/x: cannot be written"),
        (
            ["retrieval", "--docs", "docs.jsonl", "--queries", "space.jsonl", "--run-out", "x"],
            4,
            "'a b' has white space",
        ),
    ],
)
def test_bad_input_is_one_line(labelled: CommandLine, arguments: list[str], code: int, reason: str) -> None:
    """What is wrong, where, on stderr, with its exit code; nothing on stdout and no file left behind."""
    write(labelled, "a.run", "q1 Q0 dam 1 0.5 x")
    write(labelled, "other.run", "1 Q0 dam 1 0.5 x")
    write(labelled, "short.run", "q1 Q0 dam 1 0.5")
    write(labelled, "nan.run", "q1 Q0 dam 1 nan x")
    write(labelled, "bad.jsonl", json.dumps(QUERIES[0]), "{")
    write(labelled, "empty")
    write(labelled, "unknown.jsonl", '{"qid": "u1", "text": "A claim.", "relevant": ["nowhere"]}')
    write(labelled, "space.jsonl", '{"qid": "a b", "text": "A claim.", "relevant": ["dam"]}')
    before = set(labelled.folder.iterdir())
    done = labelled("eval", *arguments)
    assert (done.code, done.out) == (code, ""), done.err
    assert done.err.startswith("tracker: ")
    assert done.err.count("\n") == 1
    assert reason in done.err
    assert set(labelled.folder.iterdir()) == before
