"""What is the page's furniture and what is the article's own text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from tracker.boilerplate import mark_boilerplate
from tracker.sentences import split_sentences

DATA = Path(__file__).parent / "data"
ARTICLES = sorted((DATA / "spotting").glob("*.txt"))

LEAD = "The council voted 31 to 22 on Tuesday for a tram line that will cost £412 million."


def marked(text: str) -> list[str]:
    return [sentence.text for sentence in mark_boilerplate(text, split_sentences(text)) if sentence.boilerplate]


def labelled_pages() -> dict[str, tuple[str, list[bool]]]:
    """Read pages.txt: "= name", then lines that begin with - (furniture) or +; "||" parts their sentences."""
    pages = {}
    for page in (DATA / "sources" / "pages.txt").read_text("utf-8").split("= ")[1:]:
        name, _, body = page.partition("\n")
        lines = body.strip("\n").split("\n")
        text = "\n".join(line[2:].replace(" || ", " ") for line in lines)
        labels = [line[0] == "-" for line in lines if line for _ in line.split(" || ")]
        pages[name] = (text, labels)
    return pages


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_annotated_articles_are_marked_as_annotated(path: Path) -> None:
    """In three annotated articles exactly the sentences labelled boilerplate are marked."""
    rows = json.loads(path.with_suffix(".json").read_text("utf-8"))
    expected = [row["text"] for row in rows if row["kind"] == "boilerplate"]
    assert marked(path.read_text("utf-8")) == expected


def test_real_content_is_never_marked_on_the_labelled_pages() -> None:
    """No content line of nine pages is lost, and 95 in 100 furniture lines are found."""
    hits = total = 0
    for name, (text, labels) in labelled_pages().items():
        sentences = mark_boilerplate(text, split_sentences(text))
        assert len(sentences) == len(labels), name
        lost = [s.text for s, label in zip(sentences, labels, strict=True) if s.boilerplate and not label]
        assert lost == []
        hits += sum(s.boilerplate for s, label in zip(sentences, labels, strict=True) if label)
        total += sum(labels)
    assert hits / total > 0.95


@pytest.mark.parametrize(
    "content",
    [
        "Cookies on 2.1 million devices were set without consent, the regulator found.",
        "Subscriptions rose by a third to 4.4 million last year.",
        "Copyright law was changed in 2019.",
        "“You can unsubscribe at any time,” the e-mails claimed.",
        "By signing up, customers handed over their date of birth.",
        "Share prices fell 3 per cent after the speech.",
        "Follow the money and you find three firms.",
        "Comments by the minister angered two unions.",
        "Related offences rose 12 per cent.",
        "We know that third parties paid for the adverts.",
        "Our website was attacked on Sunday, and our services were down for 11 hours.",
        "“We had to. You can unsubscribe at any time,” he said.",
    ],
)
def test_sentences_about_cookies_copyright_and_the_like_are_content(content: str) -> None:
    """The furniture's words alone do not make furniture."""
    assert marked(f"{LEAD}\n\n{content}\n\n{LEAD}") == []


def test_a_notice_carries_on_over_its_line_and_stops_at_the_article() -> None:
    """Sentences that speak to the reader go with the notice; the news on the same line does not."""
    line = "We use cookies to improve our site. This may include adverts from us. More info"
    assert marked(f"{line}\n\n{LEAD}") == [
        "We use cookies to improve our site.",
        "This may include adverts from us.",
        "More info",
    ]
    assert marked(f"You can unsubscribe at any time. {LEAD}") == ["You can unsubscribe at any time."]


def test_headlines_at_the_top_are_not_a_list_of_links() -> None:
    """Headline, sub-headline and byline stand unpunctuated in a row, and are the article's own."""
    top = "Council backs tram line after long debate\nOpposition calls it a costly folly\nBy Owen Tully, City Reporter"
    assert marked(f"{top}\n\n{LEAD}") == []


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_run_of_headlines_after_the_lead_is_a_list_of_links(gap: str) -> None:
    """Three headlines in a row are links, with or without blank lines; one alone is a sub-heading."""
    links = [
        "Man found safe after two days on moor",
        "Town sign striker from Malta",
        "Who pays for your bins this week?",
    ]
    assert marked(f"{LEAD}\n\n{gap.join(links)}\n\n{LEAD}") == links
    assert marked(f"{LEAD}\n\n{links[0]}\n\n{LEAD}") == []


def test_an_announced_list_or_a_table_is_content() -> None:
    """Lines after a colon, bulleted lines and rows of figures are read."""
    measures = (
        "Fuel duty up 5p a litre from April\nIncome tax threshold frozen until 2028\nMinimum wage to rise to £11.44"
    )
    assert marked(f"{LEAD} These are the measures:\n\n{measures}\n\n{LEAD}") == []
    assert (
        marked(f"{LEAD}\n\n- Fuel duty up 5p a litre\n- Income tax frozen until 2028\n- Wages to rise in May\n\n{LEAD}")
        == []
    )
    assert marked(f"{LEAD}\n\nLabour 412\nConservative 121\nGreens 4\nOthers 6\n\n{LEAD}") == []


def test_lines_under_a_links_header_are_links_even_if_few() -> None:
    """One headline under "Related stories" is a link."""
    assert marked(f"{LEAD}\n\nRelated stories\nMan found safe after two days\n\n{LEAD}") == [
        "Related stories",
        "Man found safe after two days",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Source: Read Full Article",
        "READ MORE: Tram works to close High Street",
        "Tory MP in tears [VIDEO]",
        "© Mail Ltd.",
        "* * *",
    ],
)
def test_labelled_lines_are_furniture(line: str) -> None:
    """Source lines, labelled and tagged links and ornaments are marked wherever they stand below the headline."""
    assert marked(f"{LEAD}\n\n{line}\n\n{LEAD}") == [line]
    assert marked(f"{LEAD}\n\n{LEAD}") == []


@given(st.text())
def test_marking_changes_nothing_but_the_mark(text: str) -> None:
    """Every sentence comes back, in order, with its text and span."""
    sentences = split_sentences(text)
    after = mark_boilerplate(text, sentences)
    assert [(s.text, s.start, s.end) for s in after] == [(s.text, s.start, s.end) for s in sentences]
