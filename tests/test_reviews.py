"""How a review from a feed finds its place: its address in other spellings, other feeds' words for it, its own day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from tracker.entries import address_key
from tracker.feeds import Imported, Kin, Row
from tracker.intake import take_up
from tracker.models import NewClaim, NewVerdict
from tracker.standing import View, stand
from tracker.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CLAIM = "The harbour of Sandholm has lost 4,000 jobs."
PAGE = "https://harbourcheck.example/jobs"
TODAY = View(date(2026, 11, 1))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "desk.db") as store:
        yield store


def review(url: str | None = PAGE, rating: str | None = "False", **more: Any) -> NewVerdict:
    """A review as a feed gives it."""
    given: dict[str, Any] = {
        "publisher": "Harbour Check",
        "reviewed_on": date(2022, 5, 1),
        "explanation": "Two hundred.",
    } | more
    return NewVerdict(rating, url=url, **given)


def take(store: Store, *verdicts: NewVerdict, **claim: Any) -> Imported:
    """Import these reviews of one claim, each in a feed of its own."""
    rows = [Row(f"feed.csv:{line}", NewClaim(CLAIM, **claim), one) for line, one in enumerate(verdicts, 2)]
    done = [take_up(store, [row]) for row in rows]
    assert [one.rejected for one in done] == [()] * len(rows)
    return done[-1]


def current(store: Store) -> list[tuple[str | None, str | None]]:
    return [(one.rating, one.url) for one in store.verdicts.current(1)]


@pytest.mark.parametrize(
    "other",
    [
        "http://harbourcheck.example/jobs",
        "https://www.HarbourCheck.example/jobs",
        "https://harbourcheck.example/jobs/",
        "https://harbourcheck.example/jobs?utm_source=feed&utm_medium=rss",
        "https://harbourcheck.example/jobs/?fbclid=abc",
    ],
)
def test_an_address_in_another_spelling_is_the_same_review(store: Store, other: str) -> None:
    """It is not stored twice, and where its rating has changed it takes the place of what it said before."""
    take(store, review())
    assert take(store, review(other)).unchanged == 1
    assert current(store) == [("False", PAGE)]
    take(store, review(other, "Half true", reviewed_on=date(2022, 6, 1)))
    assert current(store) == [("Half true", PAGE)]


def test_one_feed_with_both_spellings_does_not_contradict_itself(store: Store) -> None:
    """As long as it says the same under both."""
    pages = [PAGE, "http://www.harbourcheck.example/jobs/"]
    done = take_up(store, [Row(f"feed.csv:{line}", NewClaim(CLAIM), review(url)) for line, url in enumerate(pages)])
    assert (done.added, done.unchanged, done.rejected) == (1, 1, ())


@pytest.mark.parametrize("other", ["/jobs?id=2", "/jobs#second", "/Jobs", "/jobs/2", "/jobs?page=2&utm_source=feed"])
def test_another_page_is_another_review(store: Store, other: str) -> None:
    """A page's number, its part and capitals in its path make another page."""
    take(store, review(), review("https://harbourcheck.example" + other, "Half true"))
    assert [rating for rating, _ in current(store)] == ["False", "Half true"]


def test_keys_of_addresses() -> None:
    """What is left of an address is readable, and an address that has nothing to lose is itself."""
    assert address_key("https://www.x.example/") == "x.example"
    assert address_key("http://x.example/a/?b=1&utm_id=7&c=2#d") == "x.example/a?b=1&c=2#d"
    assert address_key("https://x.example/a?UTM_Source=7") == "x.example/a"
    assert address_key("https://x.example/?q=utm_source") == "x.example?q=utm_source"


def test_a_feed_that_tells_less_of_a_review_changes_nothing(store: Store) -> None:
    """Two feeds that tell one review differently do not supersede each other with every import."""
    full, short = review(rating_value="1", best_rating="5"), review(explanation=None, reviewed_on=None)
    for _ in range(3):
        take(store, full, short)
    assert len(store.verdicts.of_claim(1)) == 1
    assert take(store, short).unchanged == 1


def test_a_feed_that_tells_more_of_a_review_is_taken_up_once(store: Store) -> None:
    """The fuller words supersede the shorter ones, and the shorter ones do not come back."""
    full, short = review(rating_value="1", best_rating="5"), review(explanation=None, reviewed_on=None)
    for _ in range(3):
        take(store, short, full)
    assert [one.explanation for one in store.verdicts.of_claim(1)] == [None, "Two hundred."]


@pytest.mark.parametrize("less", [{"rating": None}, {"rating": "FALSE", "explanation": None}, {"publisher": None}])
def test_what_is_missing_takes_nothing_back(store: Store, less: dict[str, Any]) -> None:
    """A feed that leaves out the rating, the publisher or the end of the period, or writes the rating in capitals."""
    take(store, review(valid_to=date(2024, 1, 1)), review(**less))
    assert current(store) == [("False", PAGE)]
    assert take(store, review(**less)).unchanged == 1


def test_a_publisher_that_is_named_later_makes_no_second_verdict(store: Store) -> None:
    """As where a table is imported again with --map publisher=COLUMN."""
    take(store, review(publisher=None), review())
    assert [one.publisher for one in store.verdicts.current(1)] == ["Harbour Check"]
    assert take(store, review(publisher=None)).unchanged == 1


def test_a_review_without_a_publisher_takes_no_place_among_several(store: Store) -> None:
    """Which of two publishers with a review at one address it would correct, nobody can tell; with one it is clear."""
    take(store, review(), review(publisher="Dock Watch"), review(rating="True", publisher=None))
    assert [(one.publisher, one.rating) for one in store.verdicts.current(1)] == [
        ("Harbour Check", "False"),
        ("Dock Watch", "False"),
        (None, "True"),
    ]
    take(store, review(rating="Mixed", publisher=None))
    assert [one.rating for one in store.verdicts.current(1)] == ["False", "False", "Mixed"]
    assert take(store, review(publisher=None)).unchanged == 1  # two of them have said this
    assert [one.rating for one in store.verdicts.current(1)] == ["False", "False", "Mixed"]


def test_reviews_of_nobody_are_told(store: Store) -> None:
    """Most often a column of the table was not recognised."""
    notes = take(store, review(publisher=None)).repaired
    assert notes == {"publisher: not named; where a column of a table holds it: --map publisher=COLUMN": 1}
    assert take(store, review("https://b.example/")).repaired == {}


def test_the_whole_of_a_review_may_take_something_back(store: Store) -> None:
    """Our own exports tell all: a note that the desk withdrew there is withdrawn here."""
    take(store, review(tags=("misleading",)))
    withdrawn = Row("e.json:/0", NewClaim(CLAIM), review(explanation=None), kin=Kin(entry=1))
    assert take_up(store, [withdrawn]).updated == 1
    [verdict] = store.verdicts.current(1)
    assert (verdict.explanation, verdict.tags) == (None, ())


def test_of_two_spellings_that_are_both_there_the_exact_one_is_corrected(store: Store) -> None:
    """An older tracker kept them as two reviews."""
    other = "http://harbourcheck.example/jobs"
    take(store, review())
    row = {"claim_id": 1, "rating": "False", "publisher": "Harbour Check", "url": other, "author": "a"}
    with store.writing():
        store.put("verdicts", {**row, "recorded_at": "2022-05-02", "reviewed_on": "2022-05-01"})
    take(store, review(rating="True", reviewed_on=date(2022, 6, 1)))
    assert current(store) == [("False", other), ("True", PAGE)]


def test_several_sources_of_one_import_do_not_contradict_each_other(store: Store) -> None:
    """A newer feed beside an older one corrects it; one feed that says two things is refused."""
    old, new = review(), review(rating="True", reviewed_on=date(2022, 6, 1))
    done = take_up(store, [Row("a.csv:2", NewClaim(CLAIM), old), Row("b.csv:2", NewClaim(CLAIM), new)])
    assert done.rejected == ()
    done = take_up(store, [Row("c.csv:2", NewClaim(CLAIM), old), Row("c.csv:3", NewClaim(CLAIM), new)])
    assert [one.reason for one in done.rejected] == ["contradicts an earlier row of this feed about the same review"]


def test_one_feed_may_tell_a_review_twice_once_with_less(store: Store) -> None:
    """In either order, and in two spellings."""
    rich, poor = review(), review(PAGE + "?utm_source=feed", explanation=None)
    for first, second in ((rich, poor), (poor, rich)):
        done = take_up(store, [Row("a.csv:2", NewClaim(CLAIM), first), Row("a.csv:3", NewClaim(CLAIM), second)])
        assert done.rejected == ()
    assert [one.explanation for one in store.verdicts.of_claim(1)] == ["Two hundred."]


def test_the_day_of_the_claim_can_be_changed_back(store: Store) -> None:
    """What the review says last counts, also where it is the entry's own day again."""
    for day in (1, 5, 1, 1):
        done = take(store, review(), claimed_on=date(2022, 6, day))
    assert done.unchanged == 1
    assert [one.claimed_on for one in store.verdicts.current(1)] == [date(2022, 6, 1)]


@pytest.mark.parametrize("change", [{"rating": "Half true"}, {"valid_to": date(2023, 1, 1)}, {"explanation": "No."}])
def test_a_review_that_says_something_else_is_taken_up(store: Store, change: dict[str, Any]) -> None:
    """To say less is one thing, to conclude otherwise another."""
    take(store, review(), review(**change))
    assert len(store.verdicts.of_claim(1)) == 2


def test_a_review_under_two_addresses_is_told_to_be_one(store: Store) -> None:
    """Both addresses are kept; the second says which verdict it repeats, and only where they are the same in all."""
    take(store, review(), review("https://partner.example/jobs"), review(PAGE + "/again", "Half true"))
    first, second, third = stand(store.verdicts.of_claim(1), TODAY)
    assert (first.remarks, third.remarks) == ((), ())
    assert second.remarks == ("verdict 1, under another address",)


def test_two_publishers_with_the_same_words_are_two_reviews(store: Store) -> None:
    """Nothing is told of them, nor of two reviews whose day is not known."""
    take(store, review(), review("https://b.example/", publisher="B"))
    for nothing in ({"reviewed_on": None}, {"explanation": None}):
        take(store, review("https://c.example/1", publisher="C", **nothing))
        take(store, review("https://c.example/2", publisher="C", **nothing))
    assert {one.remarks for one in stand(store.verdicts.of_claim(1), TODAY)} == {()}


def test_a_review_keeps_its_own_day_of_the_claim(store: Store) -> None:
    """Where the entry that it joins was made on another day, or names none, its verdict says which day it is about."""
    take(store, review())
    told = review("https://b.example/", publisher="B")
    take(store, told, claimed_on=date(2021, 3, 4))
    assert [one.claimed_on for one in store.verdicts.of_claim(1)] == [None, date(2021, 3, 4)]
    assert take(store, told, claimed_on=date(2021, 3, 4)).unchanged == 1


def test_the_day_of_the_claim_is_not_told_twice(store: Store) -> None:
    """Where the entry has the same day, the verdict needs none."""
    take(store, review(), claimed_on=date(2021, 3, 4))
    assert take(store, review(), claimed_on=date(2021, 3, 4)).unchanged == 1
    assert store.verdicts.of_claim(1)[0].claimed_on is None


def test_a_claimant_that_is_left_out_is_told(store: Store) -> None:
    """An entry that names nobody stays so: the reviews before would be of somebody whom they did not name."""
    take(store, review())
    done = take(store, review("https://b.example/", publisher="B"), claimant="Ann Reed")
    assert store.claim(1).claimant is None
    assert list(done.repaired) == ["claimant: the review names one and the claim that it joins does not; left out"]
