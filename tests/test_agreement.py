"""How well spotting agrees with labels: the measures by hand, and the floors that it must keep."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.test_json_schema import validate
from tracker.agreement import agreement
from tracker.encoders import Encoder, load_encoder
from tracker.progress import silent

if TYPE_CHECKING:
    from tests.conftest import CommandLine

DATA = Path(__file__).parent / "data"
HELD_OUT = sorted((DATA / "spotting-held-out").glob("*.tsv"))
ARTICLES = sorted((DATA / "spotting").glob("*.json"))


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder()


def test_the_measures_by_hand(tmp_path: Path, encoder: Encoder) -> None:
    """Three sentences, one of them cut otherwise than labelled, one with another speaker than labelled."""
    path = tmp_path / "dam.tsv"
    path.write_text(
        "break\tkind\tspeaker\ttext\n"
        "paragraph\tcheck-worthy\t\tThe dam was finished in 1962 and holds 40 million tonnes of water.\n"
        "\tquestion\tAna Boros\tIs it safe?\n"
        "paragraph\tboilerplate\t\tSubscribe to our newsletter for free.\n",
        encoding="utf-8",
    )
    found = agreement([path], 0.5, encoder, silent)
    assert found.together is None
    (report,) = found.articles.values()
    assert report.kinds == {
        ("check-worthy", "check-worthy"): 1,
        ("question", "question"): 1,
        ("boilerplate", "boilerplate"): 1,
    }
    assert report.macro_f1 == 1
    assert (report.worthy.rows, report.worthy.positive, report.worthy.f1) == (3, 1, 1)
    assert (report.speakers.right, report.speakers.wrong, report.speakers.missed) == (2, 0, 1)
    assert report.speakers.accuracy == pytest.approx(2 / 3)
    assert (report.speakers.named, report.speakers.precision, report.speakers.recall) == (1, 0, 0)
    assert (report.boilerplate.precision, report.boilerplate.recall, report.ends.f1) == (1, 1, 1)
    worse = path.read_text(encoding="utf-8").replace("water.\n", "water. Is it\n").replace("\tIs it safe?", "\tsafe?")
    path.write_text(worse, encoding="utf-8")
    (report,) = agreement([path], 0.5, encoder, silent).articles.values()
    assert report.ends.f1 == pytest.approx(1 / 3)


def test_articles_keep_their_floors(encoder: Encoder) -> None:
    """Three articles of ours, and nine that nothing was fitted to or chosen by."""
    for files, worthy, kinds, speakers, furniture in (
        (ARTICLES, 0.85, 0.70, 0.95, 0.97),
        (HELD_OUT, 0.80, 0.65, 0.90, 0.75),
    ):
        report = agreement(files, 0.5, encoder, silent).together
        assert report is not None
        assert report.worthy.f1 > worthy
        assert report.macro_f1 > kinds
        assert report.speakers.accuracy > speakers
        assert report.boilerplate.precision > furniture
        assert report.boilerplate.recall > furniture


def test_the_command_prints_articles_and_sentences(cli: CommandLine) -> None:
    """A table for each, the articles together too; in JSON the same figures."""
    sentences = cli.folder / "set.tsv"
    sentences.write_text(
        "Sentence_id\tText\tclass_label\n1\tWages rose by 4 percent in May.\tYes\n2\tThank you, Jim.\tNo\n",
        encoding="utf-8",
    )
    files = [*ARTICLES[:2], sentences]
    printed = cli("eval", "spotting", *files)
    assert printed.code == 0, printed.err
    assert printed.out.count("all articles") == 2
    found = cli("eval", "spotting", *files, "--json").json
    validate(found, "evalSpotting")
    assert list(found) == [str(sentences), *map(str, ARTICLES[:2]), "all articles"]
    assert (found[str(sentences)]["f1"], found[str(sentences)]["rows"]) == (1, 2)
    assert 0 < found["all articles"]["calibration_error"] < found["all articles"]["chance_error"] + 0.1
    assert found["all articles"]["rows"] == sum(found[str(file)]["rows"] for file in ARTICLES[:2])
    assert f"{found['all articles']['speakers']['accuracy']:.3f}" in printed.out


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.tsv", "Text\n", "no column 'class_label'"),
        ("a.tsv", "Text\tclass_label\nHello.\tPerhaps\n", "unknown label"),
        ("a.json", "{}", "not a list of sentences"),
        ("a.json", "[", "cannot be read"),
        ("a.json", json.dumps([{"text": "a", "kind": "boilerplate"}]), "no labelled rows"),
    ],
)
def test_a_file_without_labels_is_refused(cli: CommandLine, name: str, content: str, said: str) -> None:
    """One line on stderr, exit code 4, and no figure."""
    (cli.folder / name).write_text(content, encoding="utf-8")
    done = cli("eval", "spotting", name)
    assert (done.code, done.out, done.err.count("\n")) == (4, "", 1)
    assert said in done.err
