"""What `import` says of feeds it cannot read or need not map, how columns are named by hand, and whose is exported."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tracker.feeds import Row, read_feed
from tracker.models import NewClaim, NewVerdict
from tracker.pipeline import Tracker

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


def test_any_name_that_we_know_for_a_column_may_stand_in_map(cli: CommandLine) -> None:
    """`date` is the day of the review; it and `review_date` are one column."""
    write(cli.folder, liste_csv="Aussage;Urteil;Datum;D\nEs regnet.;Falsch;03.04.2022;x\n")
    assert cli("import", "liste.csv", "--map", "Statement=Aussage,review.url=D", "--map", "rating=Urteil").code == 2
    assert cli("import", "liste.csv", "--map", "statement=Aussage,date=Datum", "--map", "rating=Urteil").code == 0
    [claim] = cli("list", "--json").json["claims"]
    assert (claim["claim"], claim["verdicts"][0]["reviewed_on"]) == ("Es regnet.", "2022-04-03")
    twice = cli("import", "liste.csv", "--map", "claim=Aussage,date=Datum,review_date=D")
    assert (twice.code, "named twice" in twice.err) == (2, True)


OURS = ("Our Desk", "our desk", "Others", "")


@pytest.mark.parametrize("name", ["o.csv", "o.tsv", "o.jsonl", "o.jsonld", "o.json", "o.html", "o.atom"])
def test_one_publisher_s_verdicts_are_exported_alone(tracker: Tracker, name: str) -> None:
    """By its name, whatever its capitals: nobody else's words, no claim without one of its own, no other's id."""
    for number, publisher in enumerate(OURS):
        claim = NewClaim("The dam leaks.", external_id=f"id-of-{publisher or 'nobody'}")
        said = NewVerdict("False", publisher=publisher or None, explanation=f"By {publisher or 'nobody'}.")
        tracker.import_rows([Row(f"feed:{number}", claim, said)])
    tracker.import_rows([Row("feed:9", NewClaim("It rains."), NewVerdict("True", publisher="Others"))])
    tracker.add(NewClaim("Nobody has checked this."))
    target = tracker.store.path.with_name(name)
    assert tracker.export(target) > 2
    assert "It rains." in target.read_text("utf-8")
    assert tracker.export(target, publisher="OUR desk") == 2
    written = target.read_text("utf-8")
    assert all(one in written for one in ("By Our Desk.", "By our desk."))
    assert not [one for one in ("Others", "nobody", "It rains", "Nobody") if one in written]
    assert tracker.export(target, publisher="Our") == tracker.export(target, publisher="") == 0


def test_a_publisher_that_has_no_verdict_is_told_with_those_that_have(cli: CommandLine) -> None:
    """On stderr, a few of them, the most frequent first; the file is there, without a row."""
    names = "".join(f"Claim {number}.,False,Desk {number}\n" for number in range(6))
    write(cli.folder, feed_csv=f"claim,rating,publisher\nIt rains.,False,Desk 5\n{names}")
    assert cli("import", "feed.csv").code == 0
    done = cli("export", "ours.csv", "--publisher", "Desk", "--json")
    assert (done.code, done.json) == (0, {"rows": 0, "file": "ours.csv"})
    told = "no verdict of “Desk”; there are those of Desk 5, Desk 0, Desk 1, Desk 2, Desk 3, ..."
    assert done.err == f"tracker: {told}\n"
    assert cli("export", "-", "--publisher", "desk 5").out.count("\n") == 3
    assert cli("export", "ours.json", "--publisher", "Desk 4").out == "1 row written to ours.json\n"


@pytest.mark.parametrize("name", ["o.json", "o.jsonld"])
def test_nothing_is_noted_of_what_our_own_export_says_better(tracker: Tracker, tmp_path: Path, name: str) -> None:
    """A verdict without a publisher comes back without one; that markup alone would name its site is not told."""
    given = NewVerdict("False", publisher_site="desk.example", url="https://desk.example/1")
    tracker.add(NewClaim("The dam leaks."), given)
    tracker.export(tmp_path / name)
    with Tracker.open(tmp_path / "other.db") as other:
        done = other.import_rows(read_feed(tmp_path / name))
        [record] = other.list_claims()
    assert (done.added, dict(done.repaired), record.verdicts[0].publisher) == (1, {}, None)


def test_a_rating_that_is_not_read_is_told_where_it_is_given(cli: CommandLine) -> None:
    """On stderr; a label that is known, or no rating at all, says nothing, and JSON is as it was."""
    told = "tracker: “Flse” is not read as any rating; 'tracker ratings map' says what it means\n"
    done = cli("add", "It rains.", "--rating", "Flse", "--publisher", "X", "--json")
    assert (done.err, sorted(done.json)) == (told, ["claim_id", "created", "near_duplicates", "verdict_id"])
    done = cli("verdict", 1, "Flse", "--publisher", "Y")
    assert (done.err, done.out.startswith("verdict 2 added")) == (told, True)
    assert cli("verdict", 1, "Misleading", "--publisher", "Z").err == ""
    assert cli("add", "It snows.", "--note", "Not yet.").err == ""
    assert cli("ratings", "map", "Flse", "false").code == 0
    assert cli("verdict", 1, "Flse", "--publisher", "Z", "--url", "https://z.example/1").err == ""


def test_map_is_not_for_markup(cli: CommandLine) -> None:
    """That it is not used is said, a line a file; the markup is read by its own names."""
    write(cli.folder, page_json=json.dumps(REVIEW), table_csv="Satz\nEs regnet.\n")
    done = cli("import", "page.json", "table.csv", "--map", "claim=Satz")
    assert (done.code, done.out) == (0, "2 added, 0 updated, 0 unchanged, 0 rejected\n")
    assert done.err == "tracker: page.json: --map is not used for it: markup has names of its own, not a table's\n"
