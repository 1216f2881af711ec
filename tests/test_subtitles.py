"""Subtitles: what is spoken in them, to the letter."""

from __future__ import annotations

from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest

from tracker.articles import read_article
from tracker.errors import UnreadableSource

SOURCES = Path(__file__).parent / "data" / "sources"
VTT = "WEBVTT\n\n"


def spoken(text: str) -> str:
    return read_article("-", stdin=BytesIO(text.encode())).text


def srt(*cues: tuple[float, float, str]) -> str:
    """A subtitle file of cues: from when, till when, what."""
    return "\n".join(
        f"{number}\n00:00:{start:06.3f} --> 00:00:{end:06.3f}\n{text}\n".replace(".", ",", 2)
        for number, (start, end, text) in enumerate(cues, start=1)
    )


def test_subtitles_become_running_text() -> None:
    """Without numbers, timings, tags and places; a dash, an arrow, or a pause after a sentence begin a paragraph."""
    article = read_article(str(SOURCES / "hearing.srt"))
    assert article.text.split("\n\n") == [
        "The county owns 412 bridges, and 37 of them carry a weight limit. Two were closed in January.",
        "The council has set aside £4.5 million.",
        "Is that enough?",
        "No. It is -5 % on last year.",
        "We need a new bridge & soon.",
        "MAYOR: It will open in 2027.",
    ]
    assert (article.title, article.author, article.published_on, article.language) == (None, None, None, None)


def test_voices_become_turns() -> None:
    """The first paragraph of a turn says whose it is; styles, notes, classes and times within a line go."""
    article = read_article(str(SOURCES / "hearing.vtt"))
    assert article.text.split("\n\n") == [
        "Fay Lister: The county owns 412 bridges, and 37 carry a limit.\nTwo were closed in January.",
        "Dr. Bo Marsh MP: Is that enough?",
        "Fay Lister: No.",
    ]
    assert article.language == "en"


def test_captions_that_roll_up_are_read_once() -> None:
    """A line that is shown again while the next one comes up does not count again."""
    assert read_article(str(SOURCES / "live.vtt")).text == "the county owns 412 bridges and many of them are old."


@pytest.mark.parametrize(
    ("cues", "text"),
    [
        ([(1, 2, "We will"), (2, 3, "We will build"), (3, 4, "We will build it.")], "We will build it."),
        ([(1, 2, "One\nTwo"), (2, 3, "Two\nThree"), (3, 4, "Three\nFour")], "One Two Three Four"),
        ([(1, 2, "One."), (1, 2, "One.")], "One."),
        ([(1, 2, "No."), (2, 3, "No."), (3, 4, "No.")], "No. No. No."),
        ([(1, 2, "No."), (2.1, 3, "No."), (3.1, 4, "No.")], "No. No. No."),
        ([(1, 2, "No."), (2, 2.05, "No."), (2.05, 4, "No.\nIt is closed.")], "No. It is closed."),
        ([(1, 2, "No."), (2, 3, "No.\nNo.")], "No. No."),
        ([(1, 2, "The bridge is old."), (2, 3, "The bridge is old.")], "The bridge is old."),
        ([(1, 2, "The bridge is old."), (2.1, 3, "The bridge is old.")], "The bridge is old. The bridge is old."),
        ([(1, 2, "it is"), (2, 3, "it is"), (3, 4, "it is\nold")], "it is old"),
        ([(1, 2, "Yes."), (2, 3, "- Yes.")], "Yes.\n\nYes."),
        ([(1, 2, "No!"), (4, 5, "No!")], "No! No!"),
        ([(1, 2, "No!"), (4.5, 5, "No!")], "No!\n\nNo!"),
        ([(1, 2, "The bridge"), (9, 10, "is closed.")], "The bridge is closed."),
        ([(1, 2, "It is closed."), (4, 5, "It is old.")], "It is closed. It is old."),
        ([(1, 2, "It is closed.”"), (4.1, 5, "It is old.")], "It is closed.”\n\nIt is old."),
        ([(1, 2, "- Closed?\n- Yes.\n– Why?")], "Closed?\n\nYes.\n\nWhy?"),
        ([(1, 2, "-40 degrees"), (2, 3, "- 3 is less.")], "-40 degrees - 3 is less."),
        (
            [(1, 2, ">>> GOV. HILL: It is"), (2, 3, "closed."), (3, 4, "DR. MARSH 2: No.")],
            "GOV. HILL: It is closed.\n\nDR. MARSH 2: No.",
        ),
        ([(1, 2, "{\\an8}<b>A &lt; B</b> <font color='red'>and</font> 3 <4> 5")], "A < B and 3 <4> 5"),
        ([(1, 2, ""), (2, 3, "<i></i>"), (3, 4, "2027")], "2027"),
    ],
)
def test_cues_are_joined_as_they_were_spoken(cues: list[tuple[float, float, str]], text: str) -> None:
    """Sentences run across cues; a repeated sentence counts twice where it was spoken twice."""
    assert spoken(srt(*cues)) == text


def spans(text: str) -> list[tuple[str, str | None]]:
    """What stands in the spans, and who the document says is speaking there."""
    article = read_article("-", stdin=BytesIO(text.encode()))
    assert all(end <= start for (_, end, _), (start, _, _) in pairwise(article.named))
    return [(article.text[start:end], name) for start, end, name in article.named]


def test_the_turns_of_subtitles_are_named_to_the_letter() -> None:
    """By voices, by labels, or by a mark alone; who speaks before the first mark is not told."""
    voices = read_article(str(SOURCES / "hearing.vtt"))
    assert voices.named == ((0, 90, "Fay Lister"), (92, 124, "Dr. Bo Marsh MP"), (126, 141, "Fay Lister"))
    assert voices.text[0:90] == (
        "Fay Lister: The county owns 412 bridges, and 37 carry a limit.\nTwo were closed in January."
    )
    assert voices.text[126:141] == "Fay Lister: No."
    labels = read_article(str(SOURCES / "hearing.srt"))
    assert labels.named == ((136, 151, None), (153, 181, None), (183, 211, None), (213, 241, "MAYOR"))
    assert [labels.text[start:end] for start, end, _ in labels.named] == labels.text.split("\n\n")[2:]
    assert read_article(str(SOURCES / "live.vtt")).named == ()


@pytest.mark.parametrize(
    ("cues", "named"),
    [
        (
            [
                (1, 2, ">> DR. MARSH 2:"),
                (2, 3, "It is closed."),
                (9, 10, "And old."),
                (10, 11, ">> Why?"),
                (11, 12, "X"),
            ],
            [("DR. MARSH 2: It is closed.\n\nAnd old.", "DR. MARSH 2"), ("Why? X", None)],
        ),
        (
            [
                (1, 2, ">>> Fay de Lister: One."),
                (2, 3, ">> Bo: Two."),
                (3, 4, ">> Look: three."),
                (4, 5, ">> So: four."),
            ],
            [
                ("Fay de Lister: One.", "Fay de Lister"),
                ("Bo: Two.", "Bo"),
                ("Look: three.", None),
                ("So: four.", None),
            ],
        ),
        ([(1, 2, "HILL: One."), (2, 3, "HILL: Two.")], [("HILL: One.", "HILL"), ("HILL: Two.", "HILL")]),
        ([(1, 2, "- HILL: One.\n- Two."), (9, 10, "Three.")], [("HILL: One.", "HILL"), ("Two.", None)]),
        (
            [(1, 2, "HILL: One."), (2, 3, "BREAKING NEWS: Two.")],
            [("HILL: One.", "HILL"), ("BREAKING NEWS: Two.", None)],
        ),
        ([(1, 2, "One."), (9, 10, "Two.")], []),
    ],
)
def test_labels_and_marks_name_turns(cues: list[tuple[float, float, str]], named: list[tuple[str, str | None]]) -> None:
    """With all that is said till the next mark; a notice and a word before a colon are nobody."""
    assert spans(srt(*cues)) == named


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (
            (
                f"{VTT}00:01.000 --> 00:02.000\nOne.\n\n00:02.000 --> 00:03.000\n<v Fay>Two.\n\n"
                "00:03.000 --> 00:04.000\nThree.\n\n00:04.000 --> 00:05.000\n<v Fay>Four.\n\n"
                "00:09.000 --> 00:10.000\n<v Fay>Five."
            ),
            [("Fay: Two.", "Fay"), ("Three.", None), ("Fay: Four.\nFive.", "Fay")],
        ),
        (
            f"{VTT}00:01.000 --> 00:02.000\n<v Speaker 1>One. <v speaker 2>>> HILL: Two.",
            [("Speaker 1: One.", "Speaker 1"), ("speaker 2: HILL: Two.", "speaker 2")],
        ),
        (f"{VTT}00:01.000 --> 00:02.000\n<v Unknown>One.", [("Unknown: One.", None)]),
        (
            f"{VTT}00:01.000 --> 00:02.000\n<v Fay>No.\n\n00:02.000 --> 00:03.000\n<v Bo>No.",
            [("Fay: No.", "Fay"), ("Bo: No.", "Bo")],
        ),
    ],
)
def test_voices_name_turns(text: str, named: list[tuple[str, str | None]]) -> None:
    """Whatever the name's case; a cue without a voice after one with a voice is somebody's who is not named."""
    assert spans(text) == named


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "WEBVTT\n\n00:01.000 --> 00:02.000\n<v.a.b Fay>One.</v> <v Bo>Two.\n\n00:02.000 --> 00:03.000\nThree.",
            "Fay: One.\n\nBo: Two.\n\nThree.",
        ),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nOne.\n\nNOTE two\nlines\n\n00:02.000 --> 00:03.000\nTwo.", "One. Two."),
        ("1\n0:0:1.5-->0:0:2\nOne.\n2\n00:00:03,000 --> 00:00:04,000\nTwo.", "One. Two."),
        ("\n\n00:00:01,000 --> 00:00:02,000\nOne,\n\n\n00:00:02,000 --> 00:00:03,000\n\ntwo.\n\n", "One, two."),
    ],
)
def test_loosely_written_files_are_read_too(text: str, said: str) -> None:
    """Voices within a line, notes, no numbers, no blank lines or too many."""
    assert spoken(text) == said


def test_a_speech_about_times_is_no_subtitle_file() -> None:
    """An arrow within a text does not make it one."""
    text = "From 00:01:00 --> 00:02:00 nothing was said."
    assert spoken(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "WEBVTT is a format.\n\nIt has cues.",
        "WEBVTT\n\nIs a format.",
        "WEBVTT: a format.\n\n00:01.000 --> 00:02.000\nOne.",
        "WEBVTT is a format; from 00:01.000 --> 00:02.000 is a timing.",
    ],
)
def test_a_text_about_subtitles_is_none(tmp_path: Path, text: str) -> None:
    """The sign stands alone on its line, or before a header, and cues follow."""
    path = tmp_path / "a.txt"
    path.write_text(text)
    assert read_article(str(path)).text == text


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        (
            "a.srt",
            b"Just a text.",
            "it has no subtitles; give a file with timed cues (SRT or WebVTT), or rename it to .txt",
        ),
        ("a.vtt", b"WEBVTT\n\nNOTE nothing\n", "it has no subtitles; "),
        ("a.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\n<i></i>\n", "it has no text; "),
        ("a.srt", b"", "it has no subtitles; "),
        ("a.srt", b"\x00\x01\x02\x03", "it is binary, not text; "),
        ("a.srt", bytes(range(1, 256)) * 8, "its encoding cannot be made out; "),
        ("a.srt", b"-->" * 1_000_000, "it has no subtitles; "),
    ],
)
def test_what_is_no_subtitle_file_is_refused(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    """Texts, junk and empty ones with the name of subtitles."""
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(UnreadableSource) as caught:
        read_article(str(path))
    assert str(caught.value).startswith(f"cannot read {path}: {reason}")


def test_a_cue_of_very_many_lines_is_read_in_their_number() -> None:
    """And so is a file of very many cues: time does not grow with their square."""
    assert spoken("WEBVTT\n\n00:01.000 --> 00:02.000\n" + "a b\n" * 100_000) == " ".join(["a b"] * 100_000)
    assert spoken("WEBVTT\n\n" + "00:01.000 --> 00:09.000\nOne.\n\n" * 50_000) == "One."
