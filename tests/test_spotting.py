"""Spotting: every sentence of an article with kind, speaker and check-worthiness, from the command line too."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import EXAMPLE
from tests.tiny_bert import tiny_bert
from tracker.encoders import Encoder, load_encoder
from tracker.models import Article, Kind
from tracker.spotting import MAX_SENTENCE, judge_all, spot

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import CommandLine

SEED = "NATO just went from a rapid reaction force of 40,000 to one of 300,000."


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory, cache_folder: Path) -> Any:
    from tests.conftest import CommandLine

    done = CommandLine(tmp_path_factory.mktemp("spot"), cache_folder)("spot", EXAMPLE, "--json")
    assert done.code == 0, done.err
    return done.json


def test_every_sentence_of_the_seed_article(found: Any) -> None:
    """Offsets refer to the text in the same answer; nothing of the article but white space is left out."""
    text = found["article"]["text"]
    at = 0
    for one in found["sentences"]:
        assert text[one["start"] : one["end"]] == one["text"]
        assert not text[at : one["start"]].strip()
        assert set(one) == {"text", "start", "end", "speaker", "kind", "check_worthiness", "cues"}
        assert (one["check_worthiness"] >= 0.5) is (one["kind"] == "check-worthy")
        at = one["end"]
    assert not text[at:].strip()
    assert len(found["sentences"]) == found["article"]["sentences"]


def test_the_seed_sentence_and_its_speaker(found: Any) -> None:
    """The 300,000 sentence is Charles Kupchan's, whose name stands two paragraphs above."""
    (seed,) = [one for one in found["sentences"] if "one of 300,000" in one["text"]]
    assert seed["kind"] == "check-worthy"
    assert seed["speaker"] == "Charles Kupchan"
    assert "a figure" in seed["cues"] or "hundreds or more" in seed["cues"]


def test_boilerplate_is_marked_and_never_spotted(found: Any) -> None:
    """Cookie and sign-up notices are kept in the text, with no check-worthiness."""
    furniture = [one for one in found["sentences"] if one["kind"] == "boilerplate"]
    assert furniture
    assert all(one["check_worthiness"] == 0 and one["speaker"] is None for one in furniture)


def test_the_report_names_cues_and_speaker(cli: CommandLine) -> None:
    """The check-worthy sentences, or with --all every one."""
    some, everything = cli("spot", EXAMPLE), cli("spot", EXAMPLE, "--all")
    assert (some.code, everything.code) == (0, 0)
    assert "said by Charles Kupchan" in some.out
    assert "cues: " in some.out
    assert "boilerplate, check-worthiness 0.00" in everything.out
    assert "boilerplate, check-worthiness" not in some.out
    assert some.out.count("check-worthiness") < everything.out.count("check-worthiness")
    assert not cli.store.exists()


def test_sentences_of_a_file_in_order(cli: CommandLine) -> None:
    """A line of JSON each, for TSV with a Text column and for JSONL; null and exit code 5 for a row that is none."""
    (cli.folder / "set.tsv").write_text(
        f'Sentence_id\tText\tclass_label\n7\t{SEED}\tYes\n8\t"Well, ""thanks"", Jim."\tNo\n', encoding="utf-8"
    )
    done = cli("spot", "--file", "set.tsv", "--jsonl")
    assert done.code == 0, done.err
    first, second = map(json.loads, done.out.splitlines())
    assert (first["text"], first["kind"]) == (SEED, "check-worthy")
    assert second["check_worthiness"] < 0.5
    rows = [json.dumps({"Text": SEED, "qid": "q1", "speaker": "Ana Boros"}), '{"text": ', json.dumps({"text": "Why?"})]
    (cli.folder / "set.jsonl").write_text("\n".join(rows), encoding="utf-8")
    done = cli("spot", "--file", "set.jsonl", "--jsonl")
    assert done.code == 5
    one, none, last = map(json.loads, done.out.splitlines())
    assert (one["qid"], one["speaker"], none, last["qid"], last["kind"]) == ("q1", "Ana Boros", None, "3", "question")
    assert "set.jsonl:2" in done.err


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("a.txt", "--file", "b.tsv"),
        ("a.txt", "--jsonl", "--json"),
        ("--file", "b.tsv"),
        ("--file", "b", "--json"),
        ("--file", "b", "--json", "--jsonl"),
    ],
)
def test_what_does_not_go_together_is_usage(cli: CommandLine, arguments: tuple[str, ...]) -> None:
    done = cli("spot", *arguments)
    assert (done.code, done.out) == (2, "")


def test_with_another_encoder_the_cues_decide(tmp_path: Path) -> None:
    """Every sentence is judged all the same."""
    tiny = Encoder("tiny", tiny_bert(tmp_path / "tiny", 1))
    claim, greeting = judge_all(["Unemployment fell to 4.2 per cent last year.", "Good evening."], tiny)
    assert claim.kind is Kind.CHECK_WORTHY
    assert greeting.kind is not Kind.CHECK_WORTHY


def test_a_text_without_stops_is_not_judged(caplog: pytest.LogCaptureFixture) -> None:
    """A warning says so, and the sentences beside it are judged."""
    text = "word " * MAX_SENTENCE + f"\n\n{SEED}"
    spotted = spot(Article("endless.txt", text), load_encoder())
    assert [one.is_judged for one in spotted] == [False, True]
    assert "endless.txt: 1 sentences of more than 2,000 characters" in caplog.text


def test_the_documents_own_word_on_who_speaks_is_taken() -> None:
    """What a transcript names is not asked of the words again; furniture that no rule knows is told."""
    text, encoder = "The dam broke in May.\n\nLog in to reply", load_encoder()
    end = text.index("\n")
    spotted = spot(Article("hearing.vtt", text, named=((0, end, "Ana Boros"),)), encoder)
    assert [one.sentence.speaker for one in spotted] == ["Ana Boros", None]
    assert [one.kind is Kind.BOILERPLATE for one in spotted] == [False, True]
