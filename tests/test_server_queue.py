"""`/queue`: what waits for a verdict, in the order that was asked for, a page at a time."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from tests.serving import TOKEN, asking
from tracker.models import Article, Check, Finding, NewClaim, NewVerdict, Outcome, Statement
from tracker.pipeline import Tracker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.testclient import TestClient

    from tests.conftest import CommandLine

HOSTILE = "</style></script><script>alert(1)</script><img src=x onerror='alert(2)'>"
RAIN, SNOW, WIND = (f"{what} fell on Lisbon in March 2021." for what in ("Rain", "Snow", "Wind"))


@pytest.fixture
def client(cli: CommandLine) -> Iterator[TestClient]:
    """A browser with the token, on a store that is empty at first."""
    with asking(cli) as found:
        found.get(f"/?token={TOKEN}")
        yield found


@pytest.fixture
def store(cli: CommandLine) -> Iterator[Tracker]:
    """The same store, for what the tests put into it."""
    with Tracker.open(cli.store) as tracker:
        yield tracker


def article(source: str, *said: str, title: str | None = None) -> Check:
    """A check of an article that says just this, nothing of it known."""
    text, findings = "\n".join(said), []
    for number, words in enumerate(said):
        start = text.index(words)
        statement = Statement(words, start, start + len(words), 0.9 - number / 10, "Ana Costa")
        findings.append(Finding(statement, Outcome.UNMATCHED))
    return Check(Article(source, text, title), len(said), tuple(findings))


def listed(page: Any) -> list[str]:
    return [unescape(one) for one in re.findall(r'<p class="quote" dir="auto"><a [^>]*>(.*?)</a>', page.text)]


def words(page: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def test_an_empty_queue_says_how_claims_come_into_it(client: TestClient) -> None:
    """With a way to both."""
    page = client.get("/queue")
    assert page.status_code == 200
    assert "The queue is empty." in page.text
    assert 'href="/article"' in page.text
    assert 'href="/new"' in page.text


def test_the_order_is_by_worth_by_appearances_or_by_age(client: TestClient, store: Tracker) -> None:
    """The second article says the second claim again, the third too; what was merged counts to what it is read as."""
    store.save(article("a.txt", RAIN, SNOW))
    store.save(article("https://example.org/b", SNOW, title="Winter in Lisbon"))
    again = store.add(NewClaim(WIND)).claim_id
    assert listed(client.get("/queue")) == [RAIN, SNOW, WIND]
    assert listed(client.get("/queue?sort=appearances")) == [SNOW, RAIN, WIND]
    assert listed(client.get("/queue?sort=newest")) == [WIND, SNOW, RAIN]
    assert listed(client.get("/queue?sort=nonsense")) == [RAIN, SNOW, WIND]
    for day in range(3):
        store.save(article(f"{day}.txt", WIND, f"{day}"))
    other = store.add(NewClaim("There was wind over Lisbon in March of 2021.")).claim_id
    store.store.curation.merge(other, again)
    page = client.get("/queue?sort=appearances&text=Lisbon")
    assert listed(page)[:2] in ([WIND, SNOW], ["There was wind over Lisbon in March of 2021.", SNOW])
    assert "seen 3 times" in words(page)
    assert 'aria-current="true">Seen most often' in page.text


def test_each_claim_says_where_it_was_seen(client: TestClient, store: Tracker) -> None:
    """The last articles first, at most three, with a link where there is one; and leads to the form for a verdict."""
    for number in range(5):
        store.save(article(f"https://example.org/{number}", SNOW, f"{number}", title=f"Article {number}"))
    page = client.get("/queue?text=snow+fell")
    assert listed(page) == [SNOW]
    assert re.findall(r"<bdi>(Article \d)</bdi>", page.text) == ["Article 4", "Article 3", "Article 2"]
    assert "2 more" in words(page)
    assert "Ana Costa · check-worthiness 0.90 · seen 5 times" in words(page)
    assert 'href="/claim/1#add"' in page.text
    assert 'href="https://example.org/4" rel="noopener noreferrer external"' in page.text


def test_a_verdict_takes_a_claim_out(client: TestClient, store: Tracker) -> None:
    """And so does taking it back; what has one never comes in."""
    store.save(article("a.txt", RAIN, SNOW))
    store.add(NewClaim(WIND), NewVerdict("False", publisher="Our desk"))
    assert listed(client.get("/queue")) == [RAIN, SNOW]
    store.add_verdict(1, NewVerdict("True", publisher="Our desk"))
    assert listed(client.get("/queue")) == [SNOW]
    assert "1 claim waits" in words(client.get("/queue"))
    store.store.curation.retract_claim(2, because="a slip")
    assert "The queue is empty." in client.get("/queue").text


def test_it_is_shown_a_page_at_a_time(client: TestClient, store: Tracker) -> None:
    """Fifty each, in their order; the filter and the order go with the links."""
    for number in range(103):
        store.store.add_claim(NewClaim(f"Claim number {number} & more.", check_worthiness=number / 200))
    seen: list[str] = []
    for number in (1, 2, 3):
        page = client.get(f"/queue?sort=newest&text=%26&page={number}")
        seen += listed(page)
        assert ('rel="next"' in page.text) == (number < 3)
        assert ('rel="prev"' in page.text) == (number > 1)
    assert seen == [f"Claim number {number} & more." for number in reversed(range(103))]
    assert 'href="/queue?sort=newest&amp;text=%26&amp;page=2"' in page.text
    assert "The queue is not that long" in client.get("/queue?page=9").text
    assert "No claim that waits has these letters" in client.get("/queue?text=zebra").text
    assert client.get("/queue?page=0").status_code == client.get("/queue?page=x").status_code == 422


def test_others_words_are_words(client: TestClient, store: Tracker) -> None:
    """The claim, who says it, the title, the source, what is looked for."""
    found = article(HOSTILE, f"It rained {HOSTILE}", title=HOSTILE)
    store.save(found)
    for address in ("/queue", f"/queue?text={HOSTILE}", "/queue?text=rained&sort=<script>"):
        page = client.get(address)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img" not in page.text


def test_the_command_sorts_too(cli: CommandLine, store: Tracker) -> None:
    """`tracker list --unverified --sort`."""
    store.save(article("a.txt", RAIN, SNOW))
    store.save(article("b.txt", SNOW))

    def order(*options: str) -> list[str]:
        return [one["claim"] for one in cli("list", "--unverified", "--json", *options).json["claims"]]

    assert order() == order("--sort", "worth") == [RAIN, SNOW]
    assert order("--sort", "appearances") == order("--sort", "newest") == [SNOW, RAIN]
    refused = cli("list", "--sort", "age")
    assert (refused.code, "worth, appearances or newest" in refused.err) == (2, True)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("fullfact.org", [1, 2, 3, 4]),
        ("FULLFACT.org", [1, 2, 3, 4]),
        ("health.fullfact.org", [4]),
        ("fact.org", []),
        ("example.org", [6]),
    ],
)
def test_claims_of_a_site(tracker: Tracker, asked: str, found: list[int]) -> None:
    """By the publisher's own site or by the address of the review; a longer name is another's."""
    for site, url in (
        ("fullfact.org", None),
        ("https://www.fullfact.org/", None),
        (None, "https://fullfact.org/a?b=https://example.org/"),
        (None, "http://Health.FullFact.org:80/x"),
        ("notfullfact.org", "https://fullfact.org.example.com/"),
        ("fullfact.org", "https://example.org/x"),
    ):
        text = f"Claim {len(tracker.list_claims())}."
        tracker.add(NewClaim(text), NewVerdict("False", publisher="A", publisher_site=site, url=url))
    tracker.add_verdict(6, NewVerdict("True", publisher="B", url="https://example.org/y"), supersedes=6)
    assert sorted(one.claim.id for one in tracker.list_claims(site=asked)) == found
