"""Transcripts in tables: who says what, to the letter."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracker.articles import read_article
from tracker.errors import UnreadableSource

SOURCES = Path(__file__).parent / "data" / "sources"
DEBATE = [
    "Mary Ann Hill: Good evening.\nWe are live from Brackwater.",
    "Bo Marsh: The county owns 412 bridges, she said: “all old”.",
    "Mary Ann Hill: And how many are closed?",
    "Bo Marsh: Two, since January.",
]


@pytest.mark.parametrize("name", ["debate.tsv", "debate.csv"])
def test_a_transcript_becomes_turns(name: str) -> None:
    """With a header or without; only the first row of a turn says whose it is."""
    article = read_article(str(SOURCES / name))
    assert article.text.split("\n\n") == DEBATE
    assert (article.title, article.author, article.published_on, article.language) == (None, None, None, None)


@pytest.mark.parametrize(
    ("name", "table", "text"),
    [
        ("a.csv", "speaker,text\nFay,One.\nBo,Two.\n", "Fay: One.\n\nBo: Two."),
        ("a.csv", "Start;Speaker;Text\n0;Fay;One, two.\n", "Fay: One, two."),
        ("a.csv", 'text,name\n"One, ""two"".",Fay\n"Three\nfour.",Fay\n', 'Fay: One, "two".\nThree four.'),
        ("a.tsv", "who\tsentence\nFay\tOne.\n\n\t\nFay\tTwo.\n", "Fay: One.\nTwo."),
        ("a.tsv", "Fay\tOne.\nBo\tTwo.\n", "Fay: One.\n\nBo: Two."),
        ("a.tsv", "1\tFay\tOne\ttwo.\n2\tFay\t\n3\tFay\tThree.\n", "Fay: One two.\nThree."),
        ("a.tsv", '1\tFay\t"He said ""one""."\n2\tFay\t"Two."\n', 'Fay: He said "one".\n"Two."'),
        ("a.csv", "text\nOne.\nTwo.\n", "One.\n\nTwo."),
        ("a.csv", "speaker,text\n,One.\n,Two.\nFay:,Three.\n,Four.\n", "One.\n\nTwo.\n\nFay: Three.\n\nFour."),
        ("a.csv", "1,Fay,One.\n2,Bo,Two.\n", "Fay: One.\n\nBo: Two."),
        ("a.csv", "Fay,One; two.\nBo,Three.\n", "Fay: One; two.\n\nBo: Three."),
        ("a.csv", "1;Fay;One, two, three.\n", "Fay: One, two, three."),
        ("a.csv", '"speaker";"text"\n"Fay";"One, two; three."\n', "Fay: One, two; three."),
        ("a.tsv", "1\tFay\tOne, two, three, four; five; six.\n", "Fay: One, two, three, four; five; six."),
    ],
)
def test_columns_are_found_by_their_names_or_by_what_they_hold(
    tmp_path: Path, name: str, table: str, text: str
) -> None:
    """Commas, semicolons or tabs; quotation marks that the table needs go, the text's own stay."""
    path = tmp_path / name
    path.write_bytes(table.encode())
    assert read_article(str(path)).text == text


@pytest.mark.parametrize("name", ["debate.tsv", "debate.csv"])
def test_the_turns_of_a_transcript_are_named_to_the_letter(name: str) -> None:
    """A span has the label and all lines of its turn."""
    article = read_article(str(SOURCES / name))
    assert article.named == (
        (0, 57, "Mary Ann Hill"),
        (59, 118, "Bo Marsh"),
        (120, 159, "Mary Ann Hill"),
        (161, 190, "Bo Marsh"),
    )
    assert [article.text[start:end] for start, end, _ in article.named] == DEBATE


@pytest.mark.parametrize(
    ("table", "named"),
    [
        (
            "speaker,text\nSpeaker 1,One.\nSpeaker 1,Two.\nfay lister,Three.\nHILL:,Four.\n",
            [
                ("Speaker 1: One.\nTwo.", "Speaker 1"),
                ("fay lister: Three.", "fay lister"),
                ("HILL: Four.", "HILL"),
            ],
        ),
        (
            "speaker,text\n,One.\n,Two.\nFay,Three.\n ,Four.\nFay,Five.\nFay,\n",
            [("One.", None), ("Two.", None), ("Fay: Three.", "Fay"), ("Four.", None), ("Fay: Five.", "Fay")],
        ),
        (
            "speaker,text\n-,One.\nUNIDENTIFIED MALE,Two.\nN/A,Three.\n",
            [("-: One.", None), ("UNIDENTIFIED MALE: Two.", None), ("N/A: Three.", None)],
        ),
        ("Fay,One.\nBo,Two.\n", [("Fay: One.", "Fay"), ("Bo: Two.", "Bo")]),
        ("text\nFay: One.\nTwo.\n", []),
    ],
)
def test_speakers_are_named_as_the_table_has_them(
    tmp_path: Path, table: str, named: list[tuple[str, str | None]]
) -> None:
    """In whatever case; an empty cell is somebody unnamed, and a table without speakers tells nothing."""
    path = tmp_path / "a.csv"
    path.write_text(table)
    article = read_article(str(path))
    assert [(article.text[start:end], name) for start, end, name in article.named] == named


def test_a_transcript_is_read_in_its_encoding(tmp_path: Path) -> None:
    """As a spreadsheet writes it, too."""
    path = tmp_path / "a.csv"
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        path.write_bytes("speaker;text\r\nFäy;£4.5 million.\r\n".encode(encoding))
        assert read_article(str(path)).text == "Fäy: £4.5 million."


@pytest.mark.parametrize(
    ("name", "table", "reason"),
    [
        (
            "a.csv",
            "party,seats,votes\nReds,31,9\n",
            "it is no transcript; name two columns in its first row: speaker,text",
        ),
        ("a.tsv", "Just a text.\n", "it is no transcript; "),
        (
            "a.csv",
            "speaker,text\nFay,One.\nBo\n",
            "line 3 has only 1 of its cells; mend that line, or save the table anew",
        ),
        ("a.csv", "speaker;text\nFay;One; two.\n", "line 2 has 3 cells where the header has 2; mend that line"),
        ("a.csv", 'speaker,text\nFay,"One.\n', "line 2: not CSV (unexpected end of data)"),
        ("a.csv", "", "it has no text; "),
        ("a.csv", "speaker,text\n", "it has no text; "),
        ("a.tsv", "\x00\x01\x02", "it is binary, not text; "),
    ],
)
def test_what_is_no_transcript_is_refused(tmp_path: Path, name: str, table: str, reason: str) -> None:
    """A row that cannot be read is named by its line; nothing is left out in silence."""
    path = tmp_path / name
    path.write_text(table)
    with pytest.raises(UnreadableSource) as caught:
        read_article(str(path))
    message = str(caught.value)
    assert message.isprintable()
    assert message.startswith(f"cannot read {path}: {reason}")
