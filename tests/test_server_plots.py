"""The plots of `tracker serve`: ratings over time and by publisher, and claims by their verdicts."""

from __future__ import annotations

import random
import re
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from tests.serving import LOCAL, PAGE, asking
from tracker.models import NewClaim, NewVerdict
from tracker.overview import COLUMNS, Chosen, Overview, Told, by_publisher, over_time
from tracker.pipeline import Tracker
from tracker.ratings import NORMALIZED, Reading
from tracker.server.pages.ratings import NAMES, ticks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.testclient import TestClient

    from tests.conftest import CommandLine

HOSTILE = "<script>alert(1)</script>"
LONG = "The very long name " + "of a publisher " * 18 + "with no end"
LABELS = ("True", "Mostly true", "Half true", "Mostly false", "False", "False", "Unproven", "Satire", "See below")


def fill(tracker: Tracker, verdicts: int) -> None:
    """Verdicts over twelve years by forty publishers, some without a day or a name; two names are a nuisance."""
    drawn = random.Random(7)
    ids = [one.claim.id for one in tracker.list_claims()]
    names = [f"Publisher {number}" for number in range(38)] + [HOSTILE, LONG]
    with tracker.store.writing():
        for number in range(verdicts):
            day = date(2014, 1, 1) + timedelta(days=drawn.randrange(4380))
            said = NewVerdict(
                HOSTILE if number % 31 == 0 else drawn.choice(LABELS),
                publisher=None if number % 29 == 0 else names[min(int(drawn.paretovariate(0.5)) - 1, 39)],
                reviewed_on=None if number % 50 == 0 else day,
                url=f"https://desk.example/{number}",
            )
            tracker.store.verdicts.add(ids[number % len(ids)], said)


def tree(client: TestClient, path: str, status: int = 200) -> Any:
    """The page, read by a parser."""
    from lxml import html

    shown = client.get(path, headers=PAGE)
    assert shown.status_code == status, shown.text[:500]
    return html.fromstring(shown.text)


def pick(found: Any, selectors: str) -> list[Any]:
    """The elements below that have a tag, classes and an attribute, as a style sheet would name them."""
    paths = []
    for one in selectors.split(", "):
        path = "."
        for step in re.findall(r"(?:\[[^\]]*\]|[^\s\[])+", one):
            tag, classes, attribute = re.fullmatch(r"(\w*)((?:\.[\w-]+)*)((?:\[[^\]]*\])?)", step).groups()  # type: ignore[union-attr]
            of = [f"contains(concat(' ', @class, ' '), ' {name} ')" for name in classes.split(".")[1:]]
            of += [f"@{name}='{value}'" for name, value in re.findall(r"([\w-]+)='?([^'\]]*)", attribute)]
            path += f"//{tag or '*'}" + "".join(f"[{each}]" for each in of)
        paths.append(path)
    return list(found.xpath(" | ".join(paths)))


def said(found: Any) -> str:
    return " ".join(found.text_content().split())


def legend(page: Any) -> dict[str, int]:
    """How many verdicts are read as what, as the page says beside the swatches."""
    of = {name: kind for kind, name in NAMES.items()}
    return {of[said(one.find("a"))]: _number(said(one.find_class("n")[0])) for one in pick(page, ".legend li")}


def bars(page: Any) -> dict[str, int]:
    found = pick(page, ".bars li")
    return {said(one.find_class("who")[0]): _number(said(one.find_class("n")[0])) for one in found}


def table(page: Any, name: str) -> dict[str, list[int]]:
    """The rows of the table in this region, with the header's names as the row ""."""
    (region,) = pick(page, f"[aria-label='{name}']")
    rows = {said(row.find("th")): [_number(said(one)) for one in row.iter("td")] for row in region.iter("tr")}
    return {name: figures for name, figures in rows.items() if figures}


def _number(text: str) -> int:
    return int(text.replace(",", ""))


# --- what is counted --------------------------------------------------------------------------------------------------


def test_the_page_says_what_the_store_says(desk: CommandLine) -> None:
    """By rating and by publisher, as `stats` counts them; the plot over time and its table as SQL does."""
    stats = desk("stats", "--json").json
    with asking(desk) as client:
        page = tree(client, "/ratings")
    assert legend(page) == stats["ratings"]
    assert len(bars(page)) == 20
    assert bars(page).items() <= stats["publishers"].items()
    assert table(page, "Verdicts by publisher")["3 others"][-1] == sum(stats["publishers"].values()) - sum(
        bars(page).values()
    )
    with Tracker.open(desk.store) as tracker:
        sql = "SELECT substr(reviewed_on, 1, 4), count(*) FROM verdicts WHERE reviewed_on IS NOT NULL GROUP BY 1"
        by_year = {row[0]: row[1] for row in tracker.store.rows(sql)}
        (undated,) = tracker.store.rows("SELECT count(*) FROM verdicts WHERE reviewed_on IS NULL")[0]
    shown = {year: figures[-1] for year, figures in table(page, "Verdicts over time").items()}
    assert {year: count for year, count in shown.items() if count} == by_year
    assert f"{undated} more name no day" in said(page)


def test_a_verdict_that_is_gone_does_not_count(desk: CommandLine) -> None:
    """Neither one that was corrected nor one that was taken back."""
    with Tracker.open(desk.store) as tracker:
        verdict = next(one for one in tracker.list_claims(rating="false")).verdicts[0]
        before = dict(tracker.store.tallies.of_verdicts("normalized"))
        new = NewVerdict("True", publisher=verdict.publisher, url=verdict.url)
        tracker.add_verdict(verdict.claim_id, new, supersedes=verdict.id)
        other = next(one for one in tracker.list_claims(rating="mostly-false")).verdicts[0]
        tracker.store.curation.retract_verdict(other.id)
    with asking(desk) as client:
        found = legend(tree(client, "/ratings"))
        falses = tree(client, "/claims-with?rating=false")
    wanted = Counter(before) + Counter({"true": 1})
    wanted.subtract({"false": 1, "mostly-false": 1})
    assert Counter(found) == +wanted
    assert f"/claim/{verdict.claim_id}" not in [one.get("href") for one in falses.iter("a")]


def test_a_store_without_verdicts(cli: CommandLine) -> None:
    """Says so, and what to do; no plot is drawn."""
    with asking(cli) as client:
        page = tree(client, "/ratings")
        assert "There is no verdict in the store yet." in said(page)
        assert pick(page, "svg") == []
        assert "No claims have a verdict" in said(tree(client, "/claims-with"))
        assert "0 labels" in said(tree(client, "/ratings/labels"))


@pytest.mark.parametrize("day", [None, date(2024, 2, 29)])
def test_a_store_with_one_verdict(cli: CommandLine, day: date | None) -> None:
    """One column of a month, one bar; without a day no plot over time."""
    with Tracker.open(cli.store) as tracker:
        tracker.add(NewClaim("Rents rose by 4 percent."), NewVerdict("False", publisher="Desk", reviewed_on=day))
    with asking(cli) as client:
        page = tree(client, "/ratings")
        (month,) = table(page, "Verdicts over time").items() if day else [("2024-02", [1, 1])]
        claims = tree(client, "/claims-with?since=2024-02-01&until=2024-02-29")
    assert (legend(page), bars(page), month) == ({"false": 1}, {"Desk": 1}, ("2024-02", [1, 1]))
    assert ("None of these verdicts names the day" in said(page)) is (day is None)
    assert ("1 claim has a verdict from 2024-02-01 to 2024-02-29" in said(claims)) is (day is not None)


def test_three_thousand_verdicts(desk: CommandLine) -> None:
    """Twelve years, forty publishers: every figure is one of the store's, and the twenty first are shown."""
    with Tracker.open(desk.store) as tracker:
        fill(tracker, 3000)
        stats = tracker.stats()
    with asking(desk) as client:
        page = tree(client, "/ratings")
    assert legend(page) == stats["ratings"]
    whole = dict(sorted(stats["publishers"].items(), key=lambda one: -one[1]))
    shown = bars(page)
    assert len(shown) == 20
    named = {name: count for name, count in shown.items() if name != "Publisher not given"}
    assert {name: whole[" ".join(name.split())] for name in named} == named
    assert min(named.values()) >= max(count for name, count in whole.items() if name not in named)
    by_time, by_name = table(page, "Verdicts over time"), table(page, "Verdicts by publisher")
    assert sum(row[-1] for row in by_name.values()) == sum(stats["ratings"].values())
    assert all(sum(row[:-1]) == row[-1] for row in [*by_time.values(), *by_name.values()])
    assert len(pick(page, ".over-time .ground rect")) == sum(n > 0 for row in by_time.values() for n in row[:-1])


def test_what_is_drawn_is_what_is_told(desk: CommandLine) -> None:
    """Each piece of a column is as high as its figure, one on the other, and none leaves the plot."""
    with asking(desk) as client:
        page = tree(client, "/ratings")
    (top,) = [max(_number(said(one)) for one in pick(page, ".over-time .y-axis text"))]
    above: dict[str, float] = {}
    for piece in pick(page, ".over-time .ground rect"):
        place, height, y = (float(piece.get(name).rstrip("%")) for name in ("x", "height", "y"))
        (count,) = re.findall(r": ([\d,]+) ", said(piece))
        assert height == pytest.approx(100 * _number(count) / top, abs=0.01)
        assert y + height == pytest.approx(above.get(str(place), 100), abs=0.01)
        above[str(place)] = y
        assert -0.01 <= y <= 100
        assert 0 <= place <= 100


# --- names and labels -------------------------------------------------------------------------------------------------


def test_names_and_labels_are_only_text(desk: CommandLine) -> None:
    """On every page that shows them; their links lead to their claims."""
    with Tracker.open(desk.store) as tracker:
        fill(tracker, 300)
        claim = tracker.list_claims()[0].claim.id
        hostile = NewVerdict(HOSTILE, publisher=HOSTILE, reviewed_on=date(2020, 1, 1))
        tracker.add_verdict(claim, hostile)
        for number in range(9):
            tracker.add_verdict(claim, NewVerdict(f"False {number}", publisher=LONG, reviewed_on=date(2020, 1, 1)))
    with asking(desk) as client:
        for path in ("/ratings", "/ratings/labels", "/claims-with?label=%3Cscript%3Ealert(1)%3C/script%3E"):
            page = tree(client, path)
            assert pick(page, "script") == []
            assert HOSTILE in said(page)
        page = tree(client, "/ratings")
        (link,) = [one for one in pick(page, ".bars a") if said(one) == " ".join(LONG.split())]
        assert "claims have a verdict by The very long name" in said(tree(client, link.get("href")))


def test_labels_are_listed_unread_first(desk: CommandLine) -> None:
    """Fifty a page; a label that the desk teaches is read so at once."""
    with Tracker.open(desk.store) as tracker:
        claim = tracker.list_claims()[0].claim.id
        for number in range(60):
            tracker.add_verdict(claim, NewVerdict(f"Riddle {number}", publisher="Desk"))
        labels = [one for one in tracker.store.ratings.found() if one.rating]
        unread = sum(one.reading.normalized == "unrated" for one in labels)
    with asking(desk) as client:
        first, last = tree(client, "/ratings/labels"), tree(client, "/ratings/labels?page=999")
        rows = [said(row) for page in (first, last) for row in pick(page, "tbody tr")]
        assert len(rows) == len(labels)
        assert [("we cannot read" in row) for row in rows] == [True] * unread + [False] * (len(labels) - unread)
        assert [one.get("href") for one in pick(first, ".pager a")] == ["/ratings/labels?page=2"]
        with Tracker.open(desk.store) as tracker:
            tracker.store.ratings.use("Riddle 7", "false", publisher="Desk")
        (row,) = [
            one for one in pick(tree(client, "/ratings/labels?publisher=Desk&page=2"), "tr") if "Riddle 7”" in said(one)
        ]
        assert said(row) == "“Riddle 7” Desk false as your desk says 1"


def test_one_publisher_however_it_is_spelled() -> None:
    """Capitals make no other publisher; the usual spelling is shown, and one without a name stands for itself."""
    reading = Reading("false", (), "label: en")
    told = [Told("False", name, reading, None, count) for name, count in (("SNOPES", 1), ("Snopes", 3), (None, 2))]
    assert [(one.name, one.total) for one in by_publisher(told)] == [("Snopes", 4), ("", 2)]


# --- time -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "columns", "named"),
    [
        ("2020-05", "2020-05", 1, ["2020-05", "2020-05"]),
        ("2020-11", "2024-02", 40, ["2020-11", "2024-02"]),
        ("2020-11", "2024-03", 5, ["2020", "2024"]),
        ("1986-01", "2024-12", 39, ["1986", "2024"]),
        ("1985-01", "2024-12", 40, ["1985", "2024"]),
        ("1985-12", "2025-01", 21, ["1984\u20131985", "2024\u20132025"]),
        ("0001-01", "9999-12", 40, ["0001\u20130249", "9750\u20139999"]),
    ],
)
def test_few_enough_columns(first: str, last: str, columns: int, named: Sequence[str]) -> None:
    """Months where they are few, else years, else more of them at a time; each verdict in the one of its day."""
    reading = Reading("true", (), "label: en")
    stacks = over_time([Told("True", "Desk", reading, month, 1) for month in (first, last)])
    assert len(stacks) == columns <= COLUMNS
    assert [stacks[0].name, stacks[-1].name] == named
    assert (stacks[0].total, stacks[-1].total) == ((2, 2) if first == last else (1, 1))
    days = [(one.since, one.until) for one in stacks if one.since and one.until]
    assert all(before[1] < after[0] for before, after in pairwise(days))


@pytest.mark.parametrize("most", [0, 1, 2, 3, 4, 5, 7, 10, 19, 99, 480, 3000, 12345, 10**9])
def test_round_numbers_at_the_lines(most: int) -> None:
    """From nothing to at least the most, in equal steps, at most five lines."""
    found = ticks(most)
    assert found[0] == 0
    assert found[-1] >= max(most, 1) > found[-2]
    assert len(found) <= 5
    assert len({after - before for before, after in pairwise(found)}) == 1


# --- filters and claims -----------------------------------------------------------------------------------------------


def test_filters_by_publisher_and_days(desk: CommandLine) -> None:
    """As SQL would choose; what was typed stays in the form."""
    with Tracker.open(desk.store) as tracker:
        fill(tracker, 400)
        sql = "SELECT count(*) FROM verdicts WHERE {}"
        by_name = tracker.store.rows(sql.format("publisher = 'Publisher 1'"))[0][0]
        in_time = tracker.store.rows(sql.format("reviewed_on BETWEEN '2016-01-01' AND '2017-06-30'"))[0][0]
        nobody = tracker.store.rows(sql.format("publisher IS NULL"))[0][0]
    with asking(desk) as client:
        page = tree(client, "/ratings?publisher=publisher+1")
        assert sum(legend(page).values()) == by_name
        assert page.get_element_by_id("publisher").get("value") == "publisher 1"
        page = tree(client, "/ratings?publisher=&since=2016-01-01&until=2017-06-30")
        assert sum(legend(page).values()) == in_time
        assert "more name" not in said(page)
        assert sum(legend(tree(client, "/ratings?unnamed=1")).values()) == nobody
        assert "No verdict by Nobody Else" in said(tree(client, "/ratings?publisher=Nobody+Else"))


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("since=2022", "not a day that can be read"),
        ("since=2022-02-01&until=2022-01-01", "The first day is after the last"),
        ("rating=wrong", "none of our words for a rating"),
        ("publisher=" + "x" * 1001, "longer than 1,000 characters"),
    ],
)
@pytest.mark.parametrize("path", ["/ratings", "/ratings/labels", "/claims-with"])
def test_what_cannot_be_read_is_said(desk: CommandLine, path: str, query: str, told: str) -> None:
    """In a line, with the form as it was; no figure is shown that would be of something else."""
    with asking(desk) as client:
        page = tree(client, f"{path}?{query}", 422)
    (alert,) = pick(page, "[role=alert]")
    assert told in said(alert)
    assert pick(page, "tbody tr, .legend li, .found li") == []


def test_the_claims_are_those_of_list(desk: CommandLine) -> None:
    """By rating and publisher the same claims as `list` has, newest first, fifty a page."""
    with Tracker.open(desk.store) as tracker:
        fill(tracker, 200)
        wanted = [one.claim.id for one in tracker.list_claims(publisher="Publisher 0")]
        falses = [one.claim.id for one in tracker.list_claims(rating="false", publisher="Publisher 0")]
        assert Overview(tracker.store).claims(Chosen(rating="false", publisher="publisher 0")) == falses
        assert Overview(tracker.store).claims(Chosen(publisher="Publisher 0")) == wanted
    with asking(desk) as client:
        first, second = (tree(client, f"/claims-with?publisher=Publisher+0&page={n}") for n in (1, 2))
        everything = [tree(client, f"/claims-with?page={n}") for n in (1, 2, 0, "x", 10**30)]
    assert _claims(first) + (_claims(second) if len(wanted) > 50 else []) == wanted
    assert [len(_claims(page)) for page in everything] == [50, 11, 50, 50, 50]
    assert [one.get("href") for one in pick(everything[1], ".pager a")] == ["/claims-with?page=1"]
    assert all("Publisher 0" in said(one) for one in pick(first, ".said"))


def _claims(page: Any) -> list[int]:
    return [int(one.get("href").removeprefix("/claim/")) for one in pick(page, ".words a")]


def test_a_merged_claim_is_the_one_that_stays(desk: CommandLine) -> None:
    """And a retracted one is not there."""
    with Tracker.open(desk.store) as tracker:
        one, other, third = (record.claim.id for record in tracker.list_claims(rating="false")[:3])
        tracker.store.curation.merge(one, other)
        tracker.store.curation.retract_claim(third)
        wanted = {record.claim.id for record in tracker.list_claims(rating="false")}
        assert set(Overview(tracker.store).claims(Chosen(rating="false"))) == wanted
        assert len({one, other} & wanted) == 1
        assert third not in wanted


def test_every_rating_has_a_name_and_a_pattern(desk: CommandLine) -> None:
    """In the order from true to false, then those that say neither; no page has a style or a script within it."""
    with asking(desk) as client:
        pages = [client.get(path, headers=PAGE).text for path in ("/ratings", "/evaluation", "/claims-with")]
    assert tuple(NAMES) == NORMALIZED
    assert re.findall(r'<pattern id="p-([\w-]+)"', pages[0]) == list(NORMALIZED)
    for text in pages:
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=", text)
    assert LOCAL not in "".join(pages)
