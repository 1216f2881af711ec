"""PDF and Word documents, good and bad: what is read of them, to the letter, and why the others are refused."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import pytest

from tracker.articles import docx, pdf, read_article
from tracker.errors import UnreadableSource

SOURCES = Path(__file__).parent / "data" / "sources"
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def refusal(path: Path) -> str:
    """Return what is wrong with a file, without its name: always one line."""
    with pytest.raises(UnreadableSource) as caught:
        read_article(str(path))
    message = str(caught.value)
    assert message.isprintable()
    return message.removeprefix(f"cannot read {path}: ")


def a_pdf(content: bytes, *, pages: int = 1) -> bytes:
    """The smallest PDF with a page of such content, any number of times."""
    packed = zlib.compress(content, 9)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b"3 0 R " * pages, pages),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body = b"%PDF-1.4\n"
    places = []
    for number, one in enumerate(objects, start=1):
        places.append(b"%010d 00000 n \n" % len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"xref\n0 6\n0000000000 65535 f \n" + b"".join(places)
    return body + table + b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % len(body)


def shown(*lines: str, step: int = 14, size: int = 12) -> bytes:
    """Page content that shows lines one below the other."""
    return b"BT /F %d Tf 72 700 Td %d TL\n%s ET" % (size, step, b"".join(b"(%s) Tj T*\n" % x.encode() for x in lines))


def a_docx(body: str, name: str = "word/document.xml", head: str = "") -> bytes:
    """The smallest Word document with such a body."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, f'<?xml version="1.0"?>{head}<w:document {WORD}><w:body>{body}</w:body></w:document>')
    return file.getvalue()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


# PDF


def test_a_pdf_becomes_running_text_in_paragraphs() -> None:
    """Broken words and lines are joined, across pages too; the running header and the page numbers go."""
    article = read_article(str(SOURCES / "bridges.pdf"))
    assert article.text.split("\n\n") == [
        "The state of the bridges",
        (
            "The county owns 412 bridges, of which 37 carry a weight limit. The inspectors closed two of them in "
            "January, and the council set aside 4.5 million pounds for repairs."
        ),
        (
            "Traffic on the Marsh Lane bridge has doubled since 2011. It carries 18,000 vehicles a day, a third of "
            "them lorries, and a long-term repair would cost twice as much as a new bridge, the report says."
        ),
        "- Two bridges are closed.",
        "- Nine wait for money.",
        (
            "The council will decide in June. Its engineers advise a new bridge, which could open in 2027 and would "
            "last a hundred years."
        ),
        "No bridge has failed.",
        (
            "The oldest one dates from 1768 and is listed. It was repaired in 1954, and again in 1998, at a cost of "
            "240,000 pounds."
        ),
        "2031",
        "A long-term plan is due next year, and the self-governing parishes will be asked.",
        "The report was written by three engineers of the county.",
    ]


def test_a_pdf_states_title_author_and_language_but_no_day() -> None:
    """The day on which a file was made is not that of its publication."""
    article = read_article(str(SOURCES / "bridges.pdf"))
    assert (article.title, article.author) == ("The state of the bridges", "Fay Lister")
    assert (article.language, article.published_on) == ("en", None)


def test_a_pdf_is_known_by_its_beginning(tmp_path: Path) -> None:
    """Whatever its name says, and from standard input too."""
    data = a_pdf(shown("The county owns 412 bridges."))
    (tmp_path / "report.txt").write_bytes(data)
    assert read_article(str(tmp_path / "report.txt")).text == "The county owns 412 bridges."
    assert read_article("-", stdin=BytesIO(data)).text == "The county owns 412 bridges."


@pytest.mark.parametrize(
    ("lines", "step", "text"),
    [
        (["The bridge is closed", "since January."], 14, "The bridge is closed since January."),
        (["The bridge is closed", "since January."], 30, "The bridge is closed since January."),
        (["The bridge is 100", "years old."], 14, "The bridge is 100 years old."),
        (["It is re-", "paired."], 14, "It is repaired."),
        (["A tax-free day, and no tax-", "free night."], 14, "A tax-free day, and no tax-free night."),
        (["The London-", "Paris line."], 14, "The London-Paris line."),
        (
            ["One.", "A longer line that ends with no sign", "here."],
            14,
            "One.\n\nA longer line that ends with no sign here.",
        ),
    ],
)
def test_lines_are_joined_by_how_they_stand(tmp_path: Path, lines: list[str], step: int, text: str) -> None:
    """A text with wide lines is one text; a hyphen stays where the word has it elsewhere, or before a capital."""
    path = tmp_path / "lines.pdf"
    path.write_bytes(a_pdf(shown(*lines, step=step)))
    assert read_article(str(path)).text == text


def test_a_sentence_goes_on_in_the_next_column(tmp_path: Path) -> None:
    """And a new paragraph begins there where one has ended; larger letters are a headline."""
    path = tmp_path / "columns.pdf"
    columns = [
        (72, 700, 18, "Bridges closed"),
        (72, 670, 12, "Two bridges are"),
        (300, 670, 12, "closed."),
        (300, 500, 12, "One is old."),
    ]
    path.write_bytes(
        a_pdf(b"".join(b"BT /F %d Tf %d %d Td (%s) Tj ET\n" % (s, x, y, t.encode()) for x, y, s, t in columns))
    )
    assert read_article(str(path)).text == "Bridges closed\n\nTwo bridges are closed.\n\nOne is old."


def test_a_pdf_that_restricts_only_printing_is_read() -> None:
    """Its text is shown to whoever opens it."""
    assert read_article(str(SOURCES / "restricted.pdf")).text == "The county owns 412 bridges."


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("locked.pdf", "it is protected by a password; open it, and print or save it as a PDF without one"),
        ("locked-aes.pdf", "it is protected by a password"),
        ("scan.pdf", "it has no text, only pictures (a scan?); run text recognition over it first"),
    ],
)
def test_a_pdf_without_text_to_read_says_why(name: str, reason: str) -> None:
    """A password and a scan are told apart, each with what to do."""
    assert refusal(SOURCES / name).startswith(reason)


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7",
        (SOURCES / "bridges.pdf").read_bytes()[:900],
        b"%PDF-1.4\n" + b"<</a " * 200_000,
        b"%PDF-1.4\n" + b"1 0 obj\n" * 100_000,
        b"%PDF-1.4\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 1 /Prev 9 >>\nstartxref\n9\n%%EOF",
        a_pdf(b"(" * 100_000),
        a_pdf(b" " * 100_000_000),
    ],
    ids=["head", "cut", "nested", "objects", "circle", "brackets", "bomb"],
)
def test_a_broken_pdf_is_refused_in_one_line(tmp_path: Path, data: bytes) -> None:
    """Cut, nested without end, circular, or packed a thousandfold: never a traceback."""
    path = tmp_path / "broken.pdf"
    path.write_bytes(data)
    assert refusal(path) == "the PDF is broken; open it elsewhere and save it anew, or save it as text"


def test_a_text_that_calls_itself_a_pdf_is_refused(tmp_path: Path) -> None:
    """So is binary junk with the name of a PDF."""
    for data in (b"Just a text.", bytes(range(256)) * 9):
        path = tmp_path / "report.pdf"
        path.write_bytes(data)
        assert refusal(path) == "it is no PDF, whatever its name says; open it to see what it is, and rename it"


def test_a_pdf_has_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of pages, of characters, and of time: a page that takes long is given up in the middle."""
    path = tmp_path / "long.pdf"
    path.write_bytes(a_pdf(b"", pages=501))
    assert refusal(path) == "it has 501 pages, the limit is 500; cut out the pages to check"
    path.write_bytes(a_pdf(shown(*["The county owns 412 bridges."] * 3000), pages=400))
    monkeypatch.setattr(pdf, "TEXT_LIMIT", 50_000)
    assert refusal(path) == "it has more than 50,000 characters; cut out the pages to check"
    monkeypatch.setattr(pdf, "TEXT_LIMIT", 10_000_000)
    monkeypatch.setattr(pdf, "SECONDS", 0.2)
    assert refusal(path) == "its text cannot be taken out within 0.2 s; save it as text and name that file"


def test_control_characters_of_a_pdf_go(tmp_path: Path) -> None:
    """Control characters in between the letters go."""
    path = tmp_path / "font.pdf"
    path.write_bytes(a_pdf(b"BT /F 12 Tf 72 700 Td (The\\001 bridge.) Tj ET"))
    assert read_article(str(path)).text == "The bridge."


# Word


def test_a_word_document_becomes_paragraphs_with_changes_accepted() -> None:
    """Items and rows take a line each; what was struck out, and the page's header, are not there."""
    article = read_article(str(SOURCES / "bridges.docx"))
    assert article.text.split("\n\n") == [
        "The state of the bridges",
        "The county owns 412 bridges, of which 37 carry a weight limit.",
        "Traffic has doubled since 2011.",
        "Two bridges are closed.\nNine wait for money.\nBridge | Opened\nMarsh Lane | 1768",
        "A box with one cell.",
        "Line one\nLine two",
    ]


def test_a_word_document_states_title_author_and_language() -> None:
    """The paragraph styled as the title is it where the properties have none; the day of making is not taken."""
    article = read_article(str(SOURCES / "bridges.docx"))
    assert (article.title, article.author) == ("The state of the bridges", "Fay Lister")
    assert (article.language, article.published_on) == ("en", None)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (f'<w:p><w:moveFrom w:id="1"><w:r><w:t>gone</w:t></w:r></w:moveFrom></w:p>{paragraph("Here.")}', "Here."),
        ("<w:p><w:hyperlink><w:r><w:t>A</w:t><w:tab/><w:t>link</w:t></w:r></w:hyperlink></w:p>", "A link"),
        (f"<w:sdt><w:sdtContent>{paragraph('In a box.')}</w:sdtContent></w:sdt>", "In a box."),
        ("<w:p><w:r><w:instrText>PAGE</w:instrText><w:t>Text</w:t></w:r></w:p>", "Text"),
        (
            "<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>Plain</w:t><w:br w:type='page'/></w:r></w:p>",
            "Plain",
        ),
        (f"<w:p><w:r><w:pict>{paragraph('Beside.')}</w:pict><w:t>Outer.</w:t></w:r></w:p>", "Beside.\n\nOuter."),
        (
            (
                f"<w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc>{paragraph('a')}</w:tc><w:tc>{paragraph('b')}</w:tc></w:tr></w:tbl>"
                f"</w:tc><w:tc>{paragraph('c')}{paragraph('d')}</w:tc><w:tc/></w:tr></w:tbl>"
            ),
            "a | b | c d",
        ),
    ],
)
def test_whatever_a_reader_sees_of_a_word_document_is_read(tmp_path: Path, body: str, text: str) -> None:
    """Links, boxes and tables in tables; not what was moved away, field codes, tab stops and page breaks."""
    path = tmp_path / "one.docx"
    path.write_bytes(a_docx(body))
    assert read_article(str(path)).text == text


def test_a_word_document_is_known_by_its_content(tmp_path: Path) -> None:
    """Whatever its name, also where its program numbers the main part."""
    (tmp_path / "note.bin").write_bytes(a_docx(paragraph("A note."), "word/document2.xml"))
    assert read_article(str(tmp_path / "note.bin")).text == "A note."


BOMB = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "data",
    [
        (SOURCES / "bridges.docx").read_bytes()[:5000],
        b"PK\x03\x04" + bytes(range(256)) * 9,
        a_docx("<w:p>"),
        a_docx(paragraph("&b;"), head=BOMB),
        a_docx(paragraph("&undeclared;")),
        a_docx("<w:p>" * 1000 + "</w:p>" * 1000),
        a_docx(paragraph("x"), "word/other.xml"),
    ],
    ids=["cut", "junk", "unclosed", "bomb", "entity", "nested", "no text"],
)
def test_a_broken_word_document_is_refused_in_one_line(tmp_path: Path, data: bytes) -> None:
    """Truncated, faulty, with entities, nested without end: never a traceback, and nothing is expanded."""
    path = tmp_path / "broken.docx"
    path.write_bytes(data)
    assert refusal(path) == "the Word document is broken; open it and save it anew, or save it as text"


def test_a_word_document_is_unpacked_no_further_than_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small archive may hold gigabytes."""
    monkeypatch.setattr(docx, "UNPACKED_LIMIT", 1_000_000)
    path = tmp_path / "bomb.docx"
    path.write_bytes(a_docx(paragraph("a" * 2_000_000)))
    assert path.stat().st_size < 10_000
    assert refusal(path) == "it has more than 1 MB unpacked; save the part to check as text"


def test_an_encrypted_or_misnamed_word_document_is_told(tmp_path: Path) -> None:
    """An encrypted one is an older kind of file, in which the new one is hidden."""
    path = tmp_path / "note.docx"
    path.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(100))
    assert refusal(path) == "it is protected by a password; open it and save it without one"
    path.write_bytes(b"A text.")
    assert refusal(path).startswith("it is no Word document (.docx), whatever its name says; ")


def test_a_document_without_text_is_refused(tmp_path: Path) -> None:
    """As any other source is."""
    path = tmp_path / "empty.docx"
    path.write_bytes(a_docx(""))
    assert refusal(path) == "it has no text; give an article with some words in it"


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.odt", "Word or OpenDocument"), ("a.xlsx", "Word or OpenDocument"), ("a.doc", "Word"), ("a.rtf", "RTF")],
)
def test_other_documents_keep_their_message(tmp_path: Path, name: str, kind: str) -> None:
    """What is not read is named."""
    path = tmp_path / name
    path.write_bytes(b"whatever")
    assert refusal(path) == f"it is a document ({kind}); save it as text or HTML first"


@pytest.mark.parametrize("name", ["a.txt", "-"])
def test_a_text_about_pdf_files_is_none(tmp_path: Path, name: str) -> None:
    """Only one that begins with the sign is one, or one whose name or server says so."""
    text = "A PDF begins with %PDF-1.7, as everybody knows."
    path = tmp_path / name
    path.write_text(text)
    assert read_article(str(path)).text == text
    path.write_bytes(b"\xef\xbb\xbf \n%PDF-1.7")
    with pytest.raises(UnreadableSource, match="the PDF is broken"):
        read_article(str(path))
    pdf = tmp_path / "a.pdf"
    pdf.write_text(text)
    with pytest.raises(UnreadableSource, match="the PDF is broken"):
        read_article(str(pdf))
