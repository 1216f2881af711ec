"""Sentence boundaries: exact offsets always, and the cases that news prose is made of."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import fill

import pytest
from hypothesis import given, settings, strategies as st

from tests.conftest import cpu_seconds
from tracker.sentences import split_sentences

SPOTTING = Path(__file__).parent / "data" / "spotting"
ARTICLES = sorted(SPOTTING.glob("*.txt"))

any_text = st.text(st.characters(exclude_categories=()), max_size=200)  # lone surrogates too
prose_like = st.lists(
    st.sampled_from(
        ["The", "U.S.", "Gen.", "No.", "10", "“", "”", '"', "’", ".", "?", "…", ")", "(", " ", "\n", "\n\n", "a"]
    )
).map("".join)


def texts(source: str) -> list[str]:
    return [sentence.text for sentence in split_sentences(source)]


def check_spans(text: str) -> None:
    sentences = split_sentences(text)
    ends = [0, *(sentence.end for sentence in sentences)]
    starts = [*(sentence.start for sentence in sentences), len(text)]
    for sentence in sentences:
        assert text[sentence.start : sentence.end] == sentence.text
        assert sentence.text
        assert sentence.text == sentence.text.strip()
    for end, start in zip(ends, starts, strict=True):
        assert end <= start
        assert not text[end:start].strip()


@given(any_text)
def test_any_text_is_covered_by_exact_ordered_spans(text: str) -> None:
    """Spans slice back to their text, ascend, and leave out white space only, whatever the characters."""
    check_spans(text)


@settings(max_examples=200)
@given(prose_like)
def test_prose_fragments_are_covered_by_exact_ordered_spans(text: str) -> None:
    """The same holds where every token touches a rule: abbreviations, quotes, line breaks."""
    check_spans(text)


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_annotated_articles_are_split_as_annotated(path: Path) -> None:
    """Three annotated articles come out with every sentence as labelled, to the character."""
    expected = [(row["start"], row["end"]) for row in json.loads(path.with_suffix(".json").read_text("utf-8"))]
    found = [(sentence.start, sentence.end) for sentence in split_sentences(path.read_text("utf-8"))]
    assert found == expected


@pytest.mark.parametrize(
    "marked",
    [
        "Gen. Mark Reyes and Lt. Col. Ana Ruiz testified.|Both denied it.",
        "MS. GRANT: Norway spends $129,000 a prisoner.|SEN. JONES (D-OH): It does.",
        "Det. Chief Insp. Ruth Vane leads the inquiry.|She gave no names.",
        "He moved to the U.S. in 1998.|Exports to the U.S. fell.|The U.S. Senate voted.",
        "The minister spoke outside No. 10 Downing Street.|It ranked No. 2.|Nos. 3 and 4 were shut.",
        "Growth was 2.5 per cent.|Inflation was 10.1 per cent.",
        "J. K. Harrow wrote it.|George R. R. Brandt edited it.",
        "The talks ended at 5 p.m. on Monday.|They met at 10 p.m.|He left.|It closed at 5 p.m.|Nobody came.",
        "MOBILE, Ala. (AP) — Two men died.|A third was hurt.",
        "It happened in Salem, Ore.|Police are investigating.",
        "The bill passed 5 to 4; Labour abstained.|It is law.",
        "1. The budget doubled.|It did not.",
        "He said he would go … and then did not.|Odd.",
        "Profits fell.|“Terrible,” said Ms. Roy.",
    ],
)
def test_abbreviations_and_figures_do_not_end_sentences(marked: str) -> None:
    """Titles, initials, numbers and datelines stay inside; the bar marks the true boundaries."""
    assert texts(marked.replace("|", " ")) == marked.split("|")


@pytest.mark.parametrize(
    "marked",
    [
        "“We will win,” he said.|“Nobody doubts it.”|She laughed.",
        "“Why now?” he asked.|“Because we must!” she said.",
        '"It is a lie," she said.|"All of it."|He left.',
        "‘It’s over.’|He shut the door.",
        "“There are 1,000 of them.|None is fit,” said Mr. Orr.",
        "He called it “a farce.”|The court disagreed.",
        "« Oui ! »|Il part.",
    ],
)
def test_a_closing_quotation_mark_stays_with_its_sentence(marked: str) -> None:
    """A quotation is cut inside, never between its words and its closing mark."""
    assert texts(marked.replace("|", " ")) == marked.split("|")


def test_a_headline_is_one_unit_even_after_a_question() -> None:
    """A line of a list of links is not cut at its question mark; prose of the same form is."""
    assert texts("Where is it safest? Top 20 areas\nPutin’s deadline") == [
        "Where is it safest? Top 20 areas",
        "Putin’s deadline",
    ]
    assert texts("Where is it safest? Nobody knows.") == ["Where is it safest?", "Nobody knows."]


def test_a_line_break_separates_unless_the_text_is_hard_wrapped() -> None:
    """Items on lines of their own stay apart, though none ends with a mark."""
    items = "Tanks sent to the front in May\nshells bought from two countries\nHelmets\nDrones paid for by the public"
    assert texts(items) == items.split("\n")
    assert texts("eggs\nmilk\nflour") == ["eggs", "milk", "flour"]


@pytest.mark.parametrize("width", [60, 72, 100])
def test_a_hard_wrapped_text_is_split_as_if_it_were_not(width: int) -> None:
    """Line breaks at a fixed width do not cut sentences; the words come out the same."""
    paragraphs = (SPOTTING / "calder-lake-dam.txt").read_text("utf-8").split("\n\n")[:-1]
    wrapped = "\n\n".join(fill(paragraph, width, break_on_hyphens=False) for paragraph in paragraphs)
    assert "\n" in wrapped.split("\n\n")[2]
    assert [" ".join(text.split()) for text in texts(wrapped)] == texts("\n\n".join(paragraphs))


def test_a_bulleted_list_in_a_wrapped_text_keeps_its_items_apart() -> None:
    """A bullet begins a unit even after a full line."""
    wrapped = "The alliance listed what each of the member\nstates had sent to the front so far:\n- tanks\n- shells"
    assert texts(wrapped)[1:] == ["- tanks", "- shells"]


def test_nothing_comes_of_white_space() -> None:
    """An empty or blank text has no sentences."""
    assert split_sentences("") == []
    assert split_sentences(" \n\u2028\t\xa0\n ") == []


@pytest.mark.parametrize("piece", ["The cat sat on the mat. ", "( ", "Gov. He ", "A b\n", "“a. ", "? "])
def test_a_long_text_ends_in_time(piece: str) -> None:
    """200,000 characters take a second or two; work that grows with the square of the length would take minutes."""
    text = (piece * 100_000)[:200_000]
    with cpu_seconds(60):
        assert split_sentences(text)
