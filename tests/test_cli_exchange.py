"""What `import` says of feeds that it cannot read or need not map, and how a desk names a table's columns."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import CommandLine

REVIEW = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "url": "https://desk.example/1",
    "claimReviewed": "The dam was built in 1962.",
    "author": {"@type": "Organization", "name": "Desk"},
    "reviewRating": {"@type": "Rating", "alternateName": "False"},
}


def write(folder: Path, **files: str) -> list[str]:
    """Files by their names, with a stop for the underscore."""
    for name, content in files.items():
        (folder / name.replace("_", ".")).write_text(content, encoding="utf-8")
    return [name.replace("_", ".") for name in files]


def test_a_feed_that_cannot_be_read_costs_no_other(cli: CommandLine) -> None:
    """Those before and after it are imported; it is named, with the reason, and the exit code says so."""
    write(cli.folder, good_csv="claim\nIt rains.\n", later_csv="claim\nIt snows.\n", notes_odt="x")
    done = cli("import", "good.csv", "missing.csv", "notes.odt", "gone.json", "later.csv", "--json")
    assert (done.code, done.json["added"], done.json["rejected"]) == (4, 2, [])
    lines = done.err.splitlines()
    for line, said in zip(
        lines,
        (
            "missing.csv: no such file",
            "notes.odt: not a kind of feed",
            "cannot read gone.json: no such file",
            "all that",
        ),
        strict=True,
    ):
        assert line.startswith(f"tracker: {said}")
    assert [one["claim"] for one in cli("list", "--json").json["claims"]] == ["It snows.", "It rains."]
    assert cli("quarantine", "list").out == "nothing is in quarantine\n"


def test_an_unreadable_feed_beside_bad_rows(cli: CommandLine) -> None:
    """Both are told; the exit code is that of the feed."""
    write(cli.folder, some_csv="claim,claim_date\nIt rains.,soon\nIt snows.,\n")
    done = cli("import", "missing.csv", "some.csv")
    assert (done.code, done.out) == (4, "1 added, 0 updated, 0 unchanged, 1 rejected\n")
    assert [line.split(":")[1].strip() for line in done.err.splitlines()] == [
        "rejected some.csv",
        "what was rejected is kept",
        "missing.csv",
        "all that could be read is imported",
    ]


def test_feeds_none_of_which_can_be_read(cli: CommandLine) -> None:
    """A line each, and nothing on stdout."""
    done = cli("import", "missing.csv", "gone.csv", "--json")
    assert (done.code, done.out, done.err.count("\n")) == (4, "", 2)
    assert "is imported" not in done.err


def test_a_feed_that_breaks_off_is_imported_up_to_there(cli: CommandLine) -> None:
    """Its rows are stored and can be found, and the reason is told."""
    (cli.folder / "cut.csv").write_bytes("claim\r\nIt rains.\r\nIt snows.\r\n".encode("utf-16") + b"x")
    done = cli("import", "cut.csv")
    assert (done.code, done.out) == (4, "2 added, 0 updated, 0 unchanged, 0 rejected\n")
    assert done.err.splitlines() == [
        "tracker: cut.csv: ends in the middle of a character; save it anew, best as UTF-8",
        "tracker: all that could be read is imported",
    ]
    assert cli("search", "It snows.", "--json").json["matches"][0]["relation"] == "same"


@pytest.mark.parametrize("address", ["ftp://desk.example/feed.csv", "file:///tmp/feed.csv"])
def test_an_address_of_another_kind_is_refused_as_one(cli: CommandLine, address: str) -> None:
    """It is not looked for as a file."""
    done = cli("import", address)
    scheme = address.partition("://")[0]
    assert done.code == 4
    assert done.err == (
        f"tracker: cannot read {address}: {scheme}:// is not supported; name a file, or an address that begins with"
        " https://\n"
    )


@pytest.mark.parametrize(
    "options",
    [
        ["--map", "claim=Statement, full,rating=Verdict, in a word"],
        ["--map", "claim=Statement, full", "--map", "rating = verdict, in a word"],
    ],
)
def test_a_column_with_a_comma_in_its_name(cli: CommandLine, options: list[str]) -> None:
    """A comma parts two pairs only where OURS= follows it; `--map` may be repeated."""
    write(cli.folder, table_csv='"Statement, full","Verdict, in a word"\nIt rains.,False\n')
    assert cli("import", "table.csv", *options).code == 0
    [claim] = cli("list", "--json").json["claims"]
    assert (claim["claim"], claim["verdicts"][0]["rating"]) == ("It rains.", "False")


def test_a_slip_in_map_is_told(cli: CommandLine) -> None:
    """After a comma too: which names there are, and that one stands twice."""
    write(cli.folder, table_csv="Satz,Urteil\nEs regnet.,Falsch\n")
    slip = cli("import", "table.csv", "--map", "claim=Satz,raitng=Urteil")
    assert (slip.code, "--map 'raitng=Urteil': write OURS=THEIRS; ours is one of id, claim," in slip.err) == (2, True)
    twice = cli("import", "table.csv", "--map", "claim=Satz", "--map", "claim=Urteil")
    assert (twice.code, "named twice" in twice.err) == (2, True)


def test_map_is_not_for_markup(cli: CommandLine) -> None:
    """That it is not used is said, a line a file; the markup is read by its own names."""
    write(cli.folder, page_json=json.dumps(REVIEW), table_csv="Satz\nEs regnet.\n")
    done = cli("import", "page.json", "table.csv", "--map", "claim=Satz")
    assert (done.code, done.out) == (0, "2 added, 0 updated, 0 unchanged, 0 rejected\n")
    assert done.err == "tracker: page.json: --map is not used for it: markup has names of its own, not a table's\n"
