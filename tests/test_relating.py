"""Relating pairs: with the real encoder and without one, what no model may overrule, and `tracker relate`."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.test_json_schema import validate
from tests.tiny_bert import tiny_bert
from tracker.encoders import Encoder
from tracker.errors import ModelUnavailable
from tracker.models import Relation
from tracker.relating import Relating

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path
    from typing import Any

    from tests.conftest import CommandLine
    from tracker.models import Related

NATO = "NATO has 300,000 troops on alert.", "NATO has 40,000 troops on alert."
DAM = "The dam in Leeds broke.", "The dam in Leeds broke."
FAR = "Bananas are curved because they grow towards the light.", "Tesco cut 3,000 jobs in Wales in 2021."
KINDS = ("together", "apart", "words")


@pytest.fixture(scope="module")
def relatings() -> dict[str, Relating]:
    """With the real encoder and its reading of pairs, with its vectors alone, and without one."""
    return {"together": Relating.open(), "apart": Relating.open(together=False), "words": Relating(None)}


@pytest.fixture(params=KINDS)
def relating(request: pytest.FixtureRequest, relatings: dict[str, Relating]) -> Relating:
    return relatings[request.param]


def told(found: Related) -> list[str]:
    return [str(reason) for reason in found.reasons]


# --- what holds whatever decides --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "claim"),
    [
        NATO,
        ("The fund is worth £4bn.", "The fund is worth £4m."),
        ("Google paid €2.1bn for Fitbit.", "Google paid $2.1bn for Fitbit."),
        ("Japan makes 10 million cars a day.", "Japan makes 10 million cars a year."),
        ("Unemployment fell in Wales in 2021.", "Unemployment fell in Wales in 2019."),
        ("Debt went from 40,000 to 300,000.", "Debt went from 300,000 to 40,000."),
        ("300 people died and 20 were hurt.", "20 people died and 300 were hurt."),
        ("The fine for litter is at least £500.", "The fine for litter is at most £500."),
    ],
)
def test_other_figures_and_times_are_never_the_same(relating: Relating, statement: str, claim: str) -> None:
    """However near the two are, both ways round: no verdict carries over."""
    for pair in ((statement, claim), (claim, statement)):
        assert relating.relate(*pair).relation is not Relation.SAME


@pytest.mark.parametrize(
    ("statement", "claim"),
    [
        ("The treaty was never signed.", "The treaty was signed."),
        ("The dam in Leeds did not break.", "The dam in Leeds broke."),
        ("It is false that the dam in Leeds broke.", "The dam in Leeds broke."),
        ("There is no evidence that the dam in Leeds broke.", "The dam in Leeds broke."),
        ("The dam in Leeds broke. That's a lie.", "False: the dam in Leeds broke."),
        ("Taxes rose in Wales.", "Taxes fell in Wales."),
        ("Labour won the election.", "Labour lost the election."),
        ("The EU does not have 27 members.", "The EU has 27 members."),
    ],
)
def test_what_turns_a_claim_round_is_never_the_same(relating: Relating, statement: str, claim: str) -> None:
    """A verdict on one would be wrong on the other."""
    assert relating.relate(statement, claim).relation is not Relation.SAME


@pytest.mark.parametrize("pair", [NATO, DAM, FAR, ("", ""), ("?", "!"), ("x", "The dam in Leeds broke.")])
def test_there_is_always_an_answer_with_a_reason(relating: Relating, pair: tuple[str, str]) -> None:
    """A probability from 0 to 1 and at least one reason, whose spans are in the texts."""
    found = relating.relate(*pair)
    assert 0 <= found.probability <= 1
    assert all(told(found))
    assert found.reasons
    for reason in found.reasons:
        assert all(0 <= start < end <= len(pair[0]) for start, end in reason.here)
        assert all(0 <= start < end <= len(pair[1]) for start, end in reason.there)


@pytest.mark.parametrize("kind", ["apart", "words"])
def test_no_contrast_without_evidence(relatings: dict[str, Relating], kind: str) -> None:
    """Where nothing differs that a rule could name, there is no contrast; reading together may see one."""
    pairs = [
        DAM,
        FAR,
        ("The mayor opened a library.", "The mayor painted a library."),
        ("Wages matter.", "Dams break."),
    ]
    assert [pair for pair in pairs if relatings[kind].relate(*pair).relation.is_contrast] == []


def test_the_same_words_are_the_same(relating: Relating) -> None:
    """Said word for word, in quotation marks or in somebody's name, which is told."""
    assert relating.relate(*DAM).relation is Relation.SAME
    assert relating.relate(f"“{DAM[0]}”", DAM[1]).relation is Relation.SAME
    reported = relating.relate(f"The mayor of Leeds said that {DAM[0][0].lower()}{DAM[0][1:]}", DAM[1])
    assert "reported, not asserted: 'The mayor of Leeds said that'" in told(reported)


def test_a_figure_that_differs_is_said(relating: Relating) -> None:
    """The contrast that the project is for, with the words on both sides."""
    found = relating.relate(*NATO)
    assert found.relation is Relation.DIFFERENT_FIGURE
    assert told(found)[0] == "figure: 40,000 there, 300,000 here (x 7.5)"
    (here,), (there,) = found.reasons[0].here, found.reasons[0].there
    assert (NATO[0][slice(*here)], NATO[1][slice(*there)]) == ("300,000 troops", "40,000 troops")


# --- many at once -----------------------------------------------------------------------------------------------------


def test_pairs_are_related_in_order_whatever_stands_beside_them(relating: Relating) -> None:
    """As each is alone, also beyond one step of the progress bar, and the progress is told a pair at a time."""
    pairs = [NATO, DAM, FAR] * 22
    seen: list[int] = []

    class Bar:
        def __call__(self, label: str, total: int | None) -> AbstractContextManager[Any]:
            from contextlib import contextmanager

            assert (label, total) == ("relating", len(pairs))

            @contextmanager
            def advancing() -> Iterator[Any]:
                yield seen.append

            return advancing()

    found = list(relating.relate_all(pairs, Bar()))
    alone = [relating.relate(*pair) for pair in pairs[:3]]
    assert [one.relation for one in found] == [one.relation for one in alone] * 22
    assert [one.probability for one in found] == pytest.approx([one.probability for one in alone] * 22, abs=1e-4)
    assert seen == [1] * len(pairs)
    assert list(relating.relate_all([])) == []


def test_together_is_asked_for(relatings: dict[str, Relating]) -> None:
    """It is another model than vectors alone, and than words."""
    pair = "The mayor of Leeds opened a library.", "A library in Leeds was opened by the mayor."
    assert len({round(one.relate(*pair).probability, 9) for one in relatings.values()}) == 3


def test_another_encoder_reads_nothing_together(tmp_path: Path) -> None:
    """Its vectors decide then, with or without `together`."""
    other = Encoder("tiny", tiny_bert(tmp_path / "tiny", 1))
    assert Relating(other).relate(*NATO) == Relating(other, together=False).relate(*NATO)


def test_an_encoder_that_is_named_must_be_there(tmp_path: Path) -> None:
    """An error; only the default's absence is made up for."""
    with pytest.raises(ModelUnavailable):
        Relating.open(str(tmp_path / "none"))


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_command_tells_relation_and_reasons(cli: CommandLine) -> None:
    """The relation with its probability on the first line, a reason a line; nothing on stderr."""
    done = cli("relate", *NATO)
    first, *reasons = done.out.splitlines()
    assert (done.code, done.err) == (0, "")
    assert re.fullmatch(r"different-figure, p (0\.\d\d|1\.00)", first)
    assert reasons[0] == "  figure: 40,000 there, 300,000 here (x 7.5)"


def test_the_command_as_json(cli: CommandLine) -> None:
    """What data/schema.json promises: the reasons as words and with their spans, the quantities of both sides."""
    found = cli("relate", *NATO, "--json").json
    validate(found, "relate")
    assert found["relation"] == "different-figure"
    assert [one["reason"] for one in found["evidence"]] == found["reasons"]
    (here,), (there,) = found["evidence"][0]["statement"], found["evidence"][0]["claim"]
    assert (NATO[0][slice(*here)], NATO[1][slice(*there)]) == ("300,000 troops", "40,000 troops")
    assert [one["value"] for side in found["quantities"].values() for one in side] == [300_000, 40_000]


def test_a_text_cannot_steer_the_terminal(cli: CommandLine) -> None:
    """Control characters of either text do not reach it."""
    done = cli("relate", "Ev\x1b[31mil\u202e said that the dam in Leeds broke.", "The dam\x9b in Leeds broke 5 times.")
    assert done.code == 0
    assert not {"\x1b", "\u202e", "\x9b"} & set(done.out)


@pytest.mark.parametrize("kind", ["tsv", "jsonl"])
def test_a_file_of_pairs(cli: CommandLine, kind: str) -> None:
    """A line of JSON a row, in order, null for a row that is none, which is named; the exit code is 5 then."""
    rows = [NATO, DAM, ("", "no statement"), FAR]
    if kind == "tsv":
        content = "statement\tverified_claim\n" + "".join(f"{one}\t{other}\n" for one, other in rows)
    else:
        objects = [{"statement": one, "verified_claim": other} for one, other in rows]
        content = "".join(json.dumps(row) + "\n" for row in objects)
    (cli.folder / f"pairs.{kind}").write_text(content, encoding="utf-8")
    done = cli("relate", "--file", f"pairs.{kind}", "--jsonl", "--apart")
    found = [json.loads(line) for line in done.out.splitlines()]
    assert done.code == 5
    assert [one is None for one in found] == [False, False, True, False]
    for one in (found[0], found[1], found[3]):
        validate(one, "relate")
    assert [found[0]["relation"], found[1]["relation"]] == ["different-figure", "same"]
    line = 4 if kind == "tsv" else 3
    expected = f"rejected pairs.{kind}:{line}: no statement and verified_claim in it, or an empty one"
    assert expected in done.err
    assert "Traceback" not in done.err


def test_a_good_file_ends_well(cli: CommandLine) -> None:
    """And one pair by file is what it is by arguments."""
    (cli.folder / "pairs.tsv").write_text(f"verified_claim\tstatement\n{NATO[1]}\t{NATO[0]}\n", encoding="utf-8")
    done = cli("relate", "--file", "pairs.tsv", "--jsonl")
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out) == cli("relate", *NATO, "--json").json


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        ((), 2, "relate: give a statement and a claim, or --file with many, and not both"),
        (("A dam broke.",), 2, "relate: give a statement and a claim"),
        (("A dam broke.", "It broke.", "--file", "pairs.tsv", "--jsonl"), 2, "and not both"),
        (("--file", "pairs.tsv"), 2, "relate: --file goes with --jsonl"),
        (("A dam broke.", "It broke.", "--jsonl"), 2, "relate: --file goes with --jsonl"),
        (("--file", "pairs.tsv", "--jsonl", "--json"), 2, "relate: --file goes with --jsonl"),
        (("--file", "none.tsv", "--jsonl"), 4, "none.tsv"),
        (("--file", "bad.tsv", "--jsonl"), 4, "bad.tsv: no column 'verified_claim'"),
        (("A dam broke.", "It broke.", "--encoder", "./none"), 6, "encoder ./none: no such folder"),
    ],
)
def test_errors_are_one_line(cli: CommandLine, arguments: tuple[str, ...], code: int, reason: str) -> None:
    """What is wrong, on stderr, with its exit code, and nothing on stdout."""
    (cli.folder / "pairs.tsv").write_text(f"statement\tverified_claim\n{NATO[0]}\t{NATO[1]}\n", encoding="utf-8")
    (cli.folder / "bad.tsv").write_text("statement\tclaim\nA\tB\n", encoding="utf-8")
    done = cli("relate", *arguments)
    assert (done.code, done.out) == (code, ""), done.err
    assert done.err.count("\n") == 1
    assert reason in done.err


def test_measures_on_labelled_pairs(cli: CommandLine) -> None:
    """The JSON of `eval relations` is what tracker/data/schema.json promises, with and without the wrong pairs."""
    rows = [(*NATO, "different-figure"), (*DAM, "same"), (*FAR, "same")]
    content = "".join("\t".join(row) + "\n" for row in [("statement", "verified_claim", "relation"), *rows])
    (cli.folder / "labelled.tsv").write_text(content, encoding="utf-8")
    plain = cli("eval", "relations", "labelled.tsv", "--apart", "--json").json
    shown = cli("eval", "relations", "labelled.tsv", "--apart", "--json", "--errors").json
    for one in (plain, shown):
        validate(one, "evalRelations")
    assert plain["errors"] is None
    assert [one["statement"] for one in shown["errors"]] == [FAR[0]]
    assert (plain["same"]["precision"], plain["same"]["recall"]) == (1.0, 0.5)
