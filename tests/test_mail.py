"""E-mail: its words, its subject, its sender and its day."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest

from tracker.articles import read_article
from tracker.errors import UnreadableSource

SOURCES = Path(__file__).parent / "data" / "sources"


def text_of(tmp_path: Path, message: bytes) -> str:
    path = tmp_path / "a.eml"
    path.write_bytes(message)
    return read_article(str(path)).text


def test_the_plain_part_is_preferred() -> None:
    """Decoded by its encoding, without the signature; subject, sender and day are those of the sender."""
    article = read_article(str(SOURCES / "release.eml"))
    assert article.text == (
        "The county owns 412 bridges. It has set aside £4.5 million for their repair.\n\nTwo of them are closed."
    )
    assert (article.title, article.author) == ("412 bridges, £4.5 million", "Fäy Lister")
    assert (article.published_on, article.language) == (date(2022, 6, 27), None)


def test_without_plain_text_the_html_part_is_read() -> None:
    """In paragraphs, though it stands in a table; an attachment is not read."""
    article = read_article(str(SOURCES / "newsletter.eml"))
    assert article.text.split("\n\n") == [
        "Brücken",
        "Der Kreis besitzt 412 Brücken, 37 davon haben eine Gewichtsgrenze.",
        "Zwei wurden im Januar gesperrt.",
    ]
    assert (article.title, article.author) == ("Newsletter", "press@county.example")
    assert (article.published_on, article.language) == (None, "de")


def test_an_e_mail_from_standard_input_is_known_by_its_headers() -> None:
    """A transcript in which speakers are named before a colon is not taken for one."""
    data = (SOURCES / "release.eml").read_bytes()
    assert read_article("-", stdin=BytesIO(data)).title == "412 bridges, £4.5 million"
    speech = "From: the council\nSubject: bridges\n\nText."
    assert read_article("-", stdin=BytesIO(speech.encode())).text == speech


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (b"Subject: x\n\nOne.\nTwo.\n", "One.\nTwo."),
        (
            b"Content-Type: text/plain; format=flowed\n\nOne line \nthat goes on. \n> quoted \n> text\n",
            "One line that goes on. \n> quoted \n> text",
        ),
        (b"Content-Type: text/plain; format=flowed; delsp=yes\n\nBrid \nges\n", "Bridges"),
        (b"Content-Type: text/plain; charset=iso-2022-jp\n\n" + "橋".encode("iso2022_jp") + b"\n", "橋"),
        (b"Content-Type: text/plain; charset=nonsense\n\nBr\xc3\xbccke\n", "Brücke"),
        (b"Content-Type: text/plain; charset=koi8-r\n\n" + "мост".encode("koi8-r") + b"\n", "мост"),
        (b"Content-Type: text/html\n\n<p style='display: none'>Preview</p><td>A<td>B<br>C<style>x</style>", "A | B\nC"),
        (b"Content-Transfer-Encoding: base64\nContent-Type: text/plain\n\n!!!VGV4dA\n", "Text"),
        (b"Content-Type: message/rfc822\n\nSubject: y\n\nForwarded.\n", "Forwarded."),
    ],
)
def test_the_text_is_what_the_sender_wrote(tmp_path: Path, message: bytes, text: str) -> None:
    """Lines that the sender's program broke are joined where it says so; odd encodings do no harm."""
    assert text_of(tmp_path, message) == text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("First story.\n--\nSecond story: 412 bridges.", "First story.\n--\nSecond story: 412 bridges."),
        ("Story.\n-- \nFay\nPress office\n", "Story."),
        ("Story.\n-- \n" + "Line.\n" * 15, "Story."),
        ("Story.\n-- \n" + "Line.\n" * 16, "Story.\n-- \n" + "\n".join(["Line."] * 16)),
        ("Story.\n-- \n" + "word " * 400, "Story.\n-- \n" + ("word " * 400).strip()),
        ("One.\n-- \nTwo.\n-- \nFay", "One.\n-- \nTwo."),
    ],
)
def test_only_a_signature_at_the_end_is_left_out(tmp_path: Path, body: str, text: str) -> None:
    """The line has a space behind its dashes; two stories may be parted by dashes."""
    assert text_of(tmp_path, b"Subject: x\n\n" + body.encode()) == text


STUB = "View this email in your browser: https://x.y"
LONG = "The county owns 412 bridges, and 37 of them carry a weight limit."


@pytest.mark.parametrize(
    ("kind", "plain", "page", "text"),
    [
        ("alternative", STUB, f"<p>{LONG}", LONG),
        ("alternative", STUB, f"<p>{LONG * 9}", LONG * 9),
        ("mixed", STUB, f"<p>{LONG}", LONG),
        ("alternative", "Bridges https://x.y/a", f"<p>{LONG}", LONG),
        ("alternative", "https://x.y", f"<p>{LONG}", LONG),
        ("alternative", "The county owns 412 bridges.", f"<p>{LONG}", "The county owns 412 bridges."),
        ("mixed", "See below.", f"<p>{LONG}", "See below."),
        ("alternative", STUB, "<img src=x>", STUB),
        ("alternative", STUB, "", STUB),
        ("alternative", STUB, "<b>" * 60_000, STUB),
        ("alternative", f"{LONG} Open it in a browser. {LONG} {LONG}", f"<p>{LONG * 4}", None),
    ],
)
def test_a_plain_part_that_is_a_stub_gives_way(
    tmp_path: Path, kind: str, plain: str, page: str, text: str | None
) -> None:
    """It says only where to read the message, or has less than a fifth of its words; a page of no use does not win."""
    parts = f"--b\nContent-Type: text/plain\n\n{plain}\n--b\nContent-Type: text/html\n\n{page}\n--b--\n"
    message = f"Content-Type: multipart/{kind}; boundary=b\n\n{parts}"
    assert text_of(tmp_path, message.encode()) == (plain if text is None else text)


def test_a_page_deeper_in_the_same_choice_counts(tmp_path: Path) -> None:
    """As it stands beside its pictures; that of a forwarded message is none of it."""
    message = (
        "Content-Type: multipart/alternative; boundary=a\n\n--a\nContent-Type: text/plain\n\nBridges.\n--a\n"
        f"Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>{LONG}\n--b--\n--a--\n"
    )
    assert text_of(tmp_path, message.encode()) == LONG
    forward = (
        "Content-Type: multipart/mixed; boundary=z\n\n--z\nContent-Type: text/plain\n\nThis is wrong.\n--z\n"
        f"Content-Type: message/rfc822\n\n{message}\n--z--\n"
    )
    assert text_of(tmp_path, forward.encode()) == "This is wrong."


@pytest.mark.parametrize(
    ("written", "day"),
    [
        (b"Mon, 27 Jun 2022 00:10:00 +1200 (NZST)", date(2022, 6, 27)),
        (b"27 Jun 2022 09:30:00 GMT", date(2022, 6, 27)),
        (b"Mon, 27 Jun 2999 09:30:00 GMT", None),
        (b"yesterday", None),
        (b"9" * 5000, None),
    ],
)
def test_the_day_is_the_senders(tmp_path: Path, written: bytes, day: date | None) -> None:
    """Where the sender is, not here; a day to come or none at all is not taken."""
    path = tmp_path / "a.eml"
    path.write_bytes(b"Date: " + written + b"\n\nText.")
    assert read_article(str(path)).published_on == day


def nested(depth: int) -> bytes:
    parts = (b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth))
    return b"Subject: x\n" + b"".join(parts) + b"Content-Type: text/plain\n\nDeep.\n"


def test_a_nested_e_mail_is_read_to_a_depth(tmp_path: Path) -> None:
    """Replies to replies are; what was made to be deep is refused."""
    assert text_of(tmp_path, nested(50)) == "Deep."
    with pytest.raises(UnreadableSource, match="its parts are nested too deeply; save its words as text"):
        text_of(tmp_path, nested(20_000))


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (b"Just a text.", "it is no e-mail, whatever its name says; save the message anew, or as text"),
        (b"", "it is no e-mail, whatever its name says; "),
        (bytes(range(256)) * 9, "it is no e-mail, whatever its name says; "),
        (b"Subject: x\n\n", "it has no text; save its attachment, and name that file"),
        (b"Content-Type: image/png\n\n\x89PNG", "it has no text; save its attachment, "),
        (b"Content-Type: text/html\n\n<script>x</script>", "it has no text; give an article "),
        (b"Content-Type: text/html\n\n" + b"<b>" * 60_000, "it has too much markup; "),
        (b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * 5000, "it has more than 1,000 parts; "),
        (b"Content-Type: text/plain; " + b"a;" * 200_000 + b"\n\nText.", "a header of it has no end; "),
        (b"From: " + b"(" * 100_000 + b"\n\nText.", "its parts are nested too deeply; "),
    ],
)
def test_what_is_no_readable_e_mail_is_refused(tmp_path: Path, message: bytes, reason: str) -> None:
    """Texts, junk, no text, too many parts, headers made to take for ever: one line."""
    with pytest.raises(UnreadableSource) as caught:
        text_of(tmp_path, message)
    assert str(caught.value).isprintable()
    assert str(caught.value).startswith(f"cannot read {tmp_path / 'a.eml'}: {reason}")
