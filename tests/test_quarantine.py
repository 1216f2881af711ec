"""What a feed brings and cannot be taken up is kept: listed with its reason and its text, tried again, or dropped."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.soundness import assert_whole
from tracker import intake
from tracker.errors import ClaimNotFound
from tracker.feeds import Rejected, read_feed
from tracker.models import NewVerdict
from tracker.records import MAX_RAW
from tracker.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import CommandLine

FEED = """id,claim,rating,url,date
f1,It rained.,False,https://e.example/1,2022-01-02
f2,,False,https://e.example/2,2022-01-02
f3,It snowed.,False,e.example/3,2022-01-02
f4,"It hailed, twice.",True
f5,"never closed,True,https://e.example/5,
f6,It froze.,True,https://e.example/6,
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "desk.db") as opened:
        yield opened


def feed(tmp_path: Path, text: str, name: str = "feed.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_what_is_left_out_is_kept_with_place_reason_and_text(store: Store, tmp_path: Path) -> None:
    """The good rows beside it are taken up; each bad one stands in quarantine once, however often the feed comes."""
    path = feed(tmp_path, FEED)
    for _ in range(2):
        done = intake.take_up(store, read_feed(path))
        kept = store.quarantine.all()
        assert [(one.where, one.reason) for one in done.rejected] == [(one.place, one.reason) for one in kept]
        assert [one.place for one in kept] == [f"feed.csv:{line}" for line in (3, 4, 5, 6)]
    assert store.claim_count() == 2
    assert json.loads(kept[0].raw)["id"] == "f2"
    assert json.loads(kept[1].raw)["claim"] == "It snowed."
    assert kept[2].raw == "f4\tIt hailed, twice.\tTrue"
    assert kept[3].raw == 'f5,"never closed,True,https://e.example/5,'
    assert_whole(store)


def test_a_row_of_json_lines_is_kept_as_it_stands(store: Store, tmp_path: Path) -> None:
    """Half characters, NULs and endless rows too, as far as SQLite and sense allow."""
    long = json.dumps({"claim": "x" * 70_000})
    path = tmp_path / "feed.jsonl"
    path.write_bytes(b'{"claim": \n{"claim": "caf\xe9"}\n{"claim": "a\\u0000b"}\n[1]\n' + long.encode() + b"\n")
    intake.take_up(store, read_feed(path))
    kept = store.quarantine.all()
    assert [one.place for one in kept] == [f"feed.jsonl:{line}" for line in (1, 2, 3, 4, 5)]
    assert kept[0].raw == '{"claim": '
    assert "caf\\udce9" in kept[1].raw
    assert "\\u0000" in kept[2].raw
    assert kept[3].raw == "[1]"
    assert len(kept[4].raw) == MAX_RAW


def test_a_row_that_the_store_refuses_is_tried_again_when_the_store_has_changed(store: Store, tmp_path: Path) -> None:
    """What contradicts a claim leaves the quarantine once nothing stands against it; the others stay, and are told."""
    intake.take_up(store, read_feed(feed(tmp_path, FEED)))
    said = "id,claim,rating,url\nf1,It did not rain.,True,https://e.example/9\n"
    done = intake.take_up(store, read_feed(feed(tmp_path, said, "other.csv")))
    assert "another claim in the store" in done.rejected[0].reason
    last = store.quarantine.all()[-1]
    assert last.place == "other.csv:2"
    again = intake.retry(store, [last.id])
    assert (again.added, len(again.rejected)) == (0, 1)
    store.quarantine.keep([Rejected("mended.csv:2", "by hand", json.dumps({"claim": "It thawed.", "rating": "True"}))])
    again = intake.retry(store)
    assert (again.added, len(again.rejected)) == (1, 5)
    assert [one.place for one in store.quarantine.all()] == [
        *(f"feed.csv:{line}" for line in (3, 4, 5, 6)),
        "other.csv:2",
    ]
    assert_whole(store)


def test_rows_are_dropped_by_number(store: Store) -> None:
    """Only those that are named; a number that is not there drops nothing."""
    store.quarantine.keep([Rejected("a:1", "no", "x"), Rejected("a:2", "no", "y"), Rejected("a:1", "no", "z")])
    store.quarantine.keep([Rejected("a:1", "still no", "x")])
    assert [(one.id, one.reason) for one in store.quarantine.all()] == [(1, "still no"), (2, "no"), (3, "no")]
    with pytest.raises(ClaimNotFound, match="row 9"):
        store.quarantine.all([1, 9])
    store.quarantine.drop([1, 3])
    assert [one.id for one in store.quarantine.all()] == [2]


def test_columns_are_named_by_the_user(tmp_path: Path) -> None:
    """`--map`: what a table calls them, in a CSV and in lines of JSON; a name that is not there is an error."""
    mapped = {"aussage": "claim", "Urteil": "rating"}
    table = feed(tmp_path, "Aussage;Urteil;claim id\nEs regnet.;Falsch;7\n")
    lines = feed(tmp_path, '{"AUSSAGE": "Es regnet.", "Urteil": "Falsch"}\n', "feed.jsonl")
    for path in (table, lines):
        [row] = read_feed(path, mapped)
        assert not isinstance(row, Rejected)
        assert (row.claim.text, row.verdict and row.verdict.rating) == ("Es regnet.", "Falsch")
    with pytest.raises(Exception, match="no column named 'satz'"):
        list(read_feed(table, {"satz": "claim"}))


def test_a_table_made_of_markup_is_recognised(tmp_path: Path) -> None:
    """The columns of ClaimReview, flattened as tables of fact-checks are, whatever stands between the parts."""
    names = "claimReviewed,author.name,author/url,datePublished,itemReviewed.author.name,reviewRating.alternateName"
    numbers = "reviewRating.ratingValue,reviewRating.bestRating,reviewRating.worstRating,url"
    cells = "It rained.,Desk,https://desk.example,2022-01-02,A mayor,Mostly false,2,5,1,https://desk.example/1"
    [row] = read_feed(feed(tmp_path, f"{names},{numbers}\n{cells}\n"))
    assert not isinstance(row, Rejected)
    assert row.claim.claimant == "A mayor"
    verdict = row.verdict
    assert verdict
    assert (verdict.publisher, verdict.publisher_site) == ("Desk", "https://desk.example")
    assert (verdict.rating, verdict.rating_value, verdict.best_rating, verdict.worst_rating) == (
        *("Mostly false", "2", "5", "1"),
    )
    assert str(verdict.reviewed_on) == "2022-01-02"


REVIEW = """id,claim,rating,publisher,url,date,appearances
,It rained.,False,Desk,https://e.example/1,2022-01-02,
,It rained.,True,Desk,https://e.example/1,2022-01-02,https://seen.example/1
"""


def test_what_contradicts_is_not_taken_up_by_trying_again(store: Store, tmp_path: Path) -> None:
    """The one verdict stands, however often the other row is tried; and a rejected row leaves nothing behind."""
    for _ in range(2):
        intake.take_up(store, read_feed(feed(tmp_path, REVIEW)))
        done = intake.retry(store)
        assert [one.reason.partition(";")[0] for one in done.rejected] == ["another version of this review stands"]
    assert [one.rating for one in store.record(1).verdicts] == ["False"]
    assert store.record(1).sightings == ()
    assert len(store.quarantine.all()) == 1


def test_the_desks_correction_outlives_other_words_of_the_review(store: Store, tmp_path: Path) -> None:
    """A feed that tells more of a review than before, or tells it otherwise, has concluded nothing new."""
    row = "claim,rating,publisher,url,date,explanation,ratingValue\nIt rained.,{},Desk,https://e.example/1,2022-01-02,{},{}\n"
    intake.take_up(store, read_feed(feed(tmp_path, row.format("False", "", ""))))
    told = NewVerdict("True", publisher="Desk", url="https://e.example/1", reviewed_on=date(2022, 1, 2))
    store.verdicts.add(1, told, supersedes=1, because="misread")
    done = intake.take_up(store, read_feed(feed(tmp_path, row.format("False", "More words.", "1"))))
    assert (done.updated, done.unchanged) == (0, 1)
    assert [one.rating for one in store.verdicts.current(1)] == ["True"]
    done = intake.take_up(store, read_feed(feed(tmp_path, row.format("Mixed", "More words.", "1"))))
    assert [one.rating for one in store.verdicts.current(1)] == ["Mixed"]


def test_a_row_is_what_it_says_whatever_stands_around_it(store: Store, tmp_path: Path) -> None:
    """Reviews and rows of our columns in one file; true and false without quotation marks are nobody's words."""
    review = {
        "@type": "ClaimReview",
        "claimReviewed": "It froze.",
        "author": {"name": "Desk"},
        "reviewRating": {"alternateName": "False"},
    }
    plain = {"claim": "It thawed.", "rating": "True"}
    lines = [plain, review, *[{**plain, "claim": f"It thawed {n} times."} for n in range(30)]]
    lines += [{**review, "claimReviewed": "It froze again."}, {"claim": "It hailed.", "rating": False}]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    done = intake.take_up(store, read_feed(feed(tmp_path, text, "feed.jsonl")))
    assert (done.added, [one.reason for one in done.rejected]) == (33, ["rating: a text was expected"])
    found = {one.claim.text: one.verdicts[0] for one in store.entries()}
    assert (found["It froze again."].rating, found["It froze again."].publisher) == ("False", "Desk")


def test_an_id_that_cannot_be_stored_rejects_its_row(store: Store, tmp_path: Path) -> None:
    """And no other: what an export says of ids is looked at as all else is."""
    ids = [{"tracker:publisher": "\ud800", "tracker:id": "1"}]
    claim = {
        "@type": "Claim",
        "text": "It rained.",
        "tracker:claim": {"tracker:claim": "It rained.", "tracker:ids": ids},
    }
    good = {"@type": "Claim", "text": "It froze.", "tracker:claim": {"tracker:claim": "It froze."}}
    path = feed(tmp_path, json.dumps({"@context": "https://schema.org", "@graph": [claim, good]}), "x.jsonld")
    done = intake.take_up(store, read_feed(path))
    assert (done.added, len(done.rejected)) == (1, 1)
    plain = feed(
        tmp_path, json.dumps({"claim": "It thawed.", "ids": [{"publisher": "PolitiFact", "id": "77"}]}), "x.jsonl"
    )
    intake.take_up(store, read_feed(plain))
    assert store.claim_of_feed("PolitiFact", "77") is None


def test_the_commands(cli: CommandLine) -> None:
    """Import ends with 5 and says where the rest is; list, retry and drop work on it."""
    feed(cli.folder, FEED)
    done = cli("import", "feed.csv")
    assert done.code == 5
    assert done.out.startswith("2 added, 0 updated, 0 unchanged, 4 rejected")
    assert "tracker quarantine list" in done.err
    listed = cli("quarantine", "list")
    assert "[2] feed.csv:4: address 'e.example/3'" in listed.out
    assert "4 rows in quarantine" in listed.out
    assert listed.out.endswith("correct it, import it again, then 'tracker quarantine drop ID'\n")
    assert cli("quarantine", "retry", "2").code == 5
    assert cli("quarantine", "drop").code == 2
    assert cli("quarantine", "drop", "7").code == 3
    assert cli("quarantine", "drop", "--all").out == "4 rows dropped\n"
    assert cli("quarantine", "list").out == "nothing is in quarantine\n"
    feed(cli.folder, "Satz,Urteil\nEs regnet.,Falsch\n", "de.csv")
    assert cli("import", "de.csv", "--map", "claim=Satz,rating=Urteil").code == 0
    for wrong in ("claim", "satz=claim", "claim=Satz,claim=Urteil", "claim=Nichts"):
        assert cli("import", "de.csv", "--map", wrong).code in (2, 4), wrong
