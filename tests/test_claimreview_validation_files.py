"""What `tracker validate` takes: packed files, and what it says of those that hold no markup."""

from __future__ import annotations

import gzip
import json
import re
from typing import TYPE_CHECKING

import pytest

from tracker import cli_validate
from tracker.claimreview.validation import examine

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import CommandLine

FEED = json.dumps({"@context": "https://schema.org", "@type": "ClaimReview", "url": "x"}, indent=1)
ANSWER = {
    "claims": [
        {
            "text": "The pier has 40 lamps.",
            "claimant": "Jo",
            "claimReview": [
                {
                    "publisher": {"name": "Desk", "site": "desk.example"},
                    "url": "https://desk.example/1",
                    "textualRating": "False",
                }
            ],
        },
    ]
    * 2,
    "nextPageToken": "x",
}
GOOGLE = (
    "claimReview: an answer of Google's Fact Check Tools API, no markup; 'tracker import' reads it, "
    "here nothing in it is examined"
)


@pytest.mark.parametrize("name", ["feed.json.gz", "page.html.gz", "packed"])
def test_a_packed_file_is_examined_with_the_lines_of_its_text(cli: CommandLine, name: str) -> None:
    """Whatever it is called; in two parts, as logs are packed."""
    text = f'<p>\n<script type="application/ld+json">\n{FEED}</script>' if "html" in name else "\n\n" + FEED
    data = text.encode()
    (cli.folder / name).write_bytes(gzip.compress(data[:40]) + gzip.compress(data[40:]))
    (cli.folder / "plain").write_bytes(data)

    packed, plain = cli("validate", name), cli("validate", "plain")
    assert packed.out == plain.out.replace("plain:", f"{name}:")
    assert f"{name}:6: error: url:" in packed.out
    assert packed.code == plain.code == 5


def test_a_damaged_packed_file_ends_with_4_and_the_others_are_examined(cli: CommandLine) -> None:
    """One line says whether it is cut or damaged, as an import does."""
    whole = gzip.compress(FEED.encode() * 50)
    damaged = bytearray(whole)
    damaged[20] ^= 0xFF
    for data, why in [(whole[:-20], "ends in the middle"), (bytes(damaged), "damaged"), (whole + b"x", "damaged")]:
        (cli.folder / "bad.json.gz").write_bytes(data)
        (cli.folder / "good.json").write_text("{}", encoding="utf-8")
        done = cli("validate", "bad.json.gz", "good.json")
        assert done.code == 4
        assert done.err.startswith("tracker: bad.json.gz: the packed file ")
        assert why in done.err
        assert done.err.endswith("; fetch it again\n")
        assert done.err.count("\n") == 1
        assert done.out.endswith("0 reviews, 1 error\n")


def test_a_small_file_that_unpacks_to_a_large_one_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit holds for what is unpacked."""
    monkeypatch.setattr(cli_validate, "SIZE_LIMIT", 1_000_000)
    packed = tmp_path / "large.json.gz"
    packed.write_bytes(gzip.compress(b" " * 2_000_000))

    with pytest.raises(Exception) as raised:  # noqa: PT011 - Typer's own way to end
        cli_validate.validate([packed])
    assert getattr(raised.value, "exit_code", None) == 4
    assert "more than 1 MB; examine it in parts" in capsys.readouterr().err


def test_packed_standard_input_is_refused_with_what_to_do(cli: CommandLine) -> None:
    """Not as a text that is no UTF-8."""
    done = cli("validate", "-", stdin=gzip.compress(FEED.encode()))

    assert (done.code, done.out) == (4, "")
    assert done.err == "tracker: standard input: packed by gzip; name the file, or unpack it with gunzip\n"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("https://desk.example/1", "an address; .* save the page"),
        ("table.CSV", "a table; .* use 'tracker import'"),
        ("table.tsv", "a table; .* use 'tracker import'"),
    ],
)
def test_what_is_no_file_of_markup_is_told_with_what_to_do(cli: CommandLine, source: str, reason: str) -> None:
    """Addresses are not fetched and tables not read here; whether they are there is not asked."""
    done = cli("validate", source)
    assert (done.code, done.out) == (4, "")
    assert re.fullmatch(f"tracker: {re.escape(source)}: {reason}.*\n", done.err)


def test_an_answer_of_google_s_interface_is_named_and_never_passed() -> None:
    """It is no markup; once for a file, at its first claim."""
    text = json.dumps(ANSWER, indent=1)
    found = examine(text, "f").messages

    assert [(one.text, one.path, one.severity) for one in found] == [(GOOGLE, "$.claims[0].claimReview", "error")]
    assert '"claimReview"' in text.split("\n")[found[0].line - 1]
    for other in (ANSWER["claims"], [ANSWER, ANSWER], {"claimReview": {"textualRating": "False"}}):
        assert [one.text for one in examine(json.dumps(other), "f").messages if one.path] == [GOOGLE]
    lines = "\n".join(json.dumps(one) for one in ANSWER["claims"])
    assert [one.text for one in examine(lines, "f").messages] == [GOOGLE, GOOGLE]


def test_a_property_of_google_s_name_that_holds_markup_is_examined() -> None:
    """Some sites wrap their markup so."""
    text = json.dumps({"claimReview": json.loads(FEED)})

    assert examine(text, "f").reviews == 1
    assert not any(one.text == GOOGLE for one in examine(text, "f").messages)


def test_a_reference_to_a_review_is_no_second_one() -> None:
    """It is judged where it stands, and not for the same address as itself."""
    review = {**json.loads(FEED), "@id": "#x"}
    whole = examine(json.dumps([review]), "f")
    referring = examine(json.dumps([review, {"@type": "ClaimReview", "@id": "#x"}]), "f")

    assert referring.reviews == whole.reviews == 1
    assert [one.text for one in referring.messages if "@context" not in one.text] == [
        one.text for one in whole.messages
    ]
