"""The pages for searching, for a claim and for adding one: what they say, what they write, what they refuse."""

from __future__ import annotations

import re
from contextlib import contextmanager
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import WORKED_EXAMPLE
from tests.serving import PAGE, TOKEN, asking
from tracker.pipeline import Tracker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.testclient import TestClient

    from tests.conftest import CommandLine

OTHER_FIGURE = "NATO has raised its rapid reaction force from 40,000 to 500,000 troops."
REEF = 46  # "The Great Barrier Reef is thriving."


@contextmanager
def browsing(cli: CommandLine) -> Iterator[TestClient]:
    """A browser that has the token's cookie."""
    with asking(cli) as client:
        client.headers.update(PAGE)
        assert client.get("/", params={"token": TOKEN}).status_code == 303
        yield client


@pytest.fixture
def client(desk: CommandLine) -> Iterator[TestClient]:
    """A browser at the desk with the starter claims."""
    with browsing(desk) as opened:
        yield opened


def csrf(client: TestClient) -> str:
    """What proves that a form is the desk's own."""
    found = re.search(r'name="csrf" value="(\w+)"', client.get("/new").text)
    assert found
    return found[1]


def send(client: TestClient, path: str, **fields: str) -> Any:
    """A form of the desk, filled in."""
    return client.post(path, data={"csrf": csrf(client), **fields})


def words(page: str) -> str:
    """A page as it is read: without tags, white space as one blank, none before a comma."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split()).replace(" ,", ",")


def events(cli: CommandLine) -> int:
    """How many things have happened to the store."""
    with Tracker.open(cli.store) as tracker:
        return tracker.store.log.head()[0]


def value(page: str, name: str) -> str:
    """What a field of a form holds."""
    found = re.search(rf'<input[^>]* name="{name}" value="([^"]*)"', page)
    found = found or re.search(rf'<textarea[^>]* name="{name}"[^>]*>\n?([^<]*)<', page)
    assert found, name
    return unescape(found[1])


# --- search -----------------------------------------------------------------------------------------------------------


def test_the_search_finds_the_same_claim_with_its_verdict(client: TestClient) -> None:
    """Relation, probability, rating in the publisher's words and as it is read, and the way to the claim."""
    page = client.get("/", params={"q": WORKED_EXAMPLE}).text
    told = words(page)
    assert "same claim probability 1.00" in told
    assert "“Needs context” read as not rated: missing-context" in told
    assert "Claim tracker (worked example), 2026-11-22" in told
    assert "On that other claim" not in told.split("Claim 61: every verdict")[0]
    assert 'href="/claim/61"' in page
    assert "1 claim found" in told or "claims found" in told


def test_a_contrast_shows_no_bare_verdict(client: TestClient) -> None:
    """Every verdict of it stands behind words that say whose it is, and what decides is marked."""
    page = client.get("/results", params={"q": OTHER_FIGURE}).text
    assert "another figure" in page
    assert re.search(r"<mark[^>]*>500,000 troops</mark>", page)
    assert re.search(r"<mark[^>]*>300,000 troops</mark>", page)
    shown = page.split('class="verdict"')[1:]
    assert shown
    for one in shown:
        assert one.index("On that other claim:") < one.index("Needs context")
    assert "same claim</strong>" not in page


def test_no_match_is_an_answer(client: TestClient) -> None:
    """It says so, shows no verdict, and carries the text over to the form for a new claim."""
    text = "Bananas & plums are blue in summer"
    page = client.get("/", params={"q": text}).text
    assert "<h2>No match</h2>" in page
    assert 'class="verdict"' not in page
    assert 'class="match' not in page
    link = re.search(r'href="(/new\?claim=[^"]+)"', page)
    assert link
    assert value(client.get(unescape(link[1])).text, "claim") == text


def test_an_empty_store_says_so_and_what_to_do(cli: CommandLine) -> None:
    """On the first page, with and without a query."""
    with browsing(cli) as client:
        for query in ({}, {"q": "Rents rose."}):
            page = client.get("/", params=query).text
            assert "This desk has no claims yet" in page
            assert 'href="/new"' in page
        assert "first claim of this desk" in client.get("/new/checked", params={"claim": "Rents rose."}).text


def test_what_is_known_around_a_sentence_is_heeded(client: TestClient) -> None:
    """A day that is none is told, with all that was typed; an answer as of a day says so."""
    asked = {"q": "It is thriving.", "context": "We talked about the Great Barrier Reef.", "speaker": "Jay Lehr"}
    page = client.get("/", params={**asked, "said_on": "the other day"})
    assert page.status_code == 422
    assert "When it was said: 'the other day': not a day that can be read" in words(page.text)
    assert value(page.text, "context") == asked["context"]
    page = client.get("/", params={"q": "The Great Barrier Reef is thriving.", "as_of": "2022-01-01"})
    assert "As of 2022-01-01." in words(page.text)
    assert "no verdict that holds on that day" in words(page.text)
    assert "“Mostly false”" not in page.text


def test_too_long_a_question_is_told(client: TestClient) -> None:
    """And one without words."""
    assert "check a longer text as an article" in words(client.get("/", params={"q": "ab " * 1000}).text)
    assert "no words" in words(client.get("/results", params={"q": "?!"}).text)


def test_answers_are_kept_for_those_who_may_write(desk: CommandLine) -> None:
    """Once, by name; the results say what was answered. Who may only read sees no buttons."""
    with browsing(desk) as client:
        before = events(desk)
        for _ in range(2):
            done = send(client, "/answer", q=OTHER_FIGURE, claim="61", about="no")
            assert done.status_code == 303
        assert events(desk) == before + 1
        page = client.get(done.headers["location"]).text
        assert "No, this is not what it is about: tester" in words(page)
        client.cookies.clear()
        assert 'action="/answer"' not in (page := client.get("/", params={"q": OTHER_FIGURE}).text)
        assert "You are reading." in page


# --- a claim ----------------------------------------------------------------------------------------------------------


def test_a_claims_page_tells_all_of_it(desk: CommandLine) -> None:
    """Disagreement, periods, what was superseded and retracted and why, family, and a timeline with its list."""
    desk("verdict", REEF, "False", "--publisher", "North", "--date", "2023-05-02", "--valid-to", "2022-12-31")
    desk("verdict", REEF, "Sort of", "--publisher", "South", "--date", "2024-06-11")
    desk("verdict", REEF, "True", "--supersedes", 63, "--because", "A new survey")
    desk("verdict", REEF, "Half true", "--publisher", "Blog", "--date", "2025-01-01")
    desk("retract", 65, "--because", "They took it down")
    desk("link", REEF, 45, "--relation", "related")
    desk("merge", REEF, 12)
    with browsing(desk) as client:
        page = client.get(f"/claim/{REEF}").text
        told = words(page)
        moved = client.get("/claim/12")
    assert "These verdicts differ; none is averaged or left out." in told
    assert "Superseded by verdict 64" in told
    assert "because: A new survey" in told
    assert "Retracted on" in told
    assert "They took it down" in told
    assert "its period ended on 2022-12-31" in told
    assert 'href="/claim/45"' in page
    assert "the same, entry 12:" in told
    assert page.count('class="sign') >= 5
    assert "is-open" in page
    assert "reviewed, verdict 62: “False”, North, held from the start to 2022-12-31, over" in told
    assert (moved.status_code, moved.headers["location"]) == (303, f"/claim/{REEF}")


@pytest.mark.parametrize("number", ["999", "0", "abc", "9" * 30, "-1", "1.5"])
def test_an_unknown_claim_is_a_page_that_says_so(client: TestClient, number: str) -> None:
    """Whatever stands in the address; where the store lies is not told."""
    answer = client.get(f"/claim/{number}")
    assert answer.status_code == 404
    assert "search for its words" in answer.text
    assert "desk.db" not in answer.text
    assert send(client, f"/claim/{number}/verdict", rating="True").status_code == 404


def test_a_verdict_is_added_and_found(desk: CommandLine) -> None:
    """With all its fields, in her name; the same sent twice is one verdict."""
    sent = {
        "rating": "False",
        "publisher": "Our desk",
        "reviewed_on": "27 June 2023",
        "url": "https://example.org/reef",
        "explanation": "It bleached.",
        "evidence": "https://example.org/a | A survey | https://archive.example/a\nhttps://example.org/b",
        "tags": "Reef, sea",
        "valid_from": "2022-01-01",
        "valid_to": "2099-12-31",
        "author": "Jürgen Ö.",
    }
    with browsing(desk) as client:
        before = events(desk)
        done = send(client, f"/claim/{REEF}/verdict", **sent)
        assert (done.status_code, done.headers["location"]) == (303, f"/claim/{REEF}?done=added-62#verdict-62")
        assert "Verdict 62 added." in words(client.get(done.headers["location"]).text)
        again = send(client, f"/claim/{REEF}/verdict", **sent)
        assert "there-62" in again.headers["location"]
        assert events(desk) == before + 1
        page = client.get("/", params={"q": "The Great Barrier Reef is thriving."}).text
        assert value(client.get(f"/claim/{REEF}").text, "author") == "Jürgen Ö."
    told = words(page)
    assert "Our desk, 2023-06-27, holds from 2022-01-01 to 2099-12-31 reef sea" in told
    assert 'href="https://archive.example/a" rel="noopener noreferrer external"' in page
    with Tracker.open(desk.store) as tracker:
        new = tracker.show(REEF).verdicts[-1]
    assert (new.author, [one.note for one in new.evidence]) == ("Jürgen Ö.", ["A survey", None])


def test_a_correction_keeps_both(desk: CommandLine) -> None:
    """The form is filled in; what no field asks for stays; a reason is asked for; the same twice is one."""
    with browsing(desk) as client:
        page = client.get(f"/claim/{REEF}", params={"correct": "46"}).text
        names = ("rating", "publisher", "url", "explanation", "evidence", "tags", "valid_from", "valid_to")
        filled = {name: value(page, name) for name in names}
        assert (filled["rating"], filled["publisher"]) == ("Mostly false", "Newswise")
        assert value(page, "supersedes") == "46"
        filled |= {"rating": "False", "reviewed_on": "2023-01-01", "supersedes": "46"}
        refused = send(client, f"/claim/{REEF}/verdict", **filled)
        assert refused.status_code == 422
        assert "Why: it is empty" in words(refused.text)
        assert value(refused.text, "rating") == "False"
        for how in ("corrected-62", "there-62"):
            done = send(client, f"/claim/{REEF}/verdict", **filled, because="They changed it")
            assert how in done.headers["location"]
        page = words(client.get(f"/claim/{REEF}").text)
        assert "Corrects verdict 46, because: They changed it" in page
        assert "Superseded by verdict 62" in page
        other = send(client, f"/claim/{REEF}/verdict", **filled | {"publisher": "X", "supersedes": "62"}, because="No")
    assert other.status_code == 422
    assert "--" not in (told := words(other.text).partition("Nothing was changed")[0])
    assert "a correction is the same publisher's" in told
    with Tracker.open(desk.store) as tracker:
        old, new = tracker.show(REEF).verdicts
    assert (old.rating, old.superseded_by, new.rating, new.supersedes) == ("Mostly false", 62, "False", 46)
    assert (new.explanation, new.claimed_on, new.url) == (old.explanation, old.claimed_on, old.url)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"rating": ""}, "Rating: it is empty"),
        ({"reviewed_on": "03/04/2022"}, "When it was reviewed: '03/04/2022': not a day that everybody reads alike"),
        ({"valid_from": "soon"}, "Holds from: 'soon': not a day"),
        ({"valid_from": "2023-01-01", "valid_to": "2022-01-01"}, "is no period"),
        ({"url": "javascript:alert(1)"}, "not a web address"),
        ({"evidence": "javascript:alert(1) | x"}, "not a web address"),
        ({"tags": "x" * 61}, "at most 60"),
        ({"rating": "x" * 1001}, "Rating: 1,001 characters"),
        ({"explanation": "x" * 10001}, "at most 10,000"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_is_kept(desk: CommandLine, wrong: dict[str, str], told: str) -> None:
    """On the claim's page and with a new claim; nothing is written."""
    sent = {"rating": "Half <b>true", "publisher": "Our & desk", "explanation": "Because.", "author": "Eva"} | wrong
    with browsing(desk) as client:
        before = events(desk)
        for path, more in ((f"/claim/{REEF}/verdict", {}), ("/new", {"claim": "Rents rose by 4 percent."})):
            answer = send(client, path, **sent, **more)
            assert answer.status_code == 422
            assert told in words(answer.text)
            assert "'tracker" not in words(answer.text)
            for name, given in (sent | more).items():
                assert name == "author" or value(answer.text, name) == given.strip(), name
    assert events(desk) == before


def test_a_second_word_of_one_review_is_told_without_options(client: TestClient) -> None:
    """What the command line advises is no use here."""
    sent = {"rating": "False", "publisher": "Our desk", "url": "https://example.org/reef"}
    send(client, f"/claim/{REEF}/verdict", **sent)
    answer = send(client, f"/claim/{REEF}/verdict", **sent | {"rating": "True"})
    assert answer.status_code == 422
    assert "verdict 62 is this review already" in words(answer.text).replace("Verdict", "verdict")
    assert "supersedes 62" not in words(answer.text)


def test_a_verdict_and_a_claim_are_taken_back_and_brought_back(desk: CommandLine) -> None:
    """With a reason; a verdict of another claim is not this one's, nor is an event."""
    with browsing(desk) as client:
        path = f"/claim/{REEF}/retract"
        assert send(client, path, verdict="46").status_code == 422
        assert send(client, path, verdict="45", because="x").status_code == 422
        assert send(client, path, verdict="46", because="Withdrawn").status_code == 303
        page = words(client.get(f"/claim/{REEF}").text)
        assert "No verdict stands: what there was is retracted." in page
        event = str(events(desk))
        assert send(client, "/claim/45/undo", event=event).status_code == 422
        done = send(client, f"/claim/{REEF}/undo", event=event, because="It was not")
        assert f"Event {event} undone." in words(client.get(done.headers["location"]).text)
        assert send(client, path, because="Not a claim", claim=str(REEF)).status_code == 303
        page = client.get(f"/claim/{REEF}").text
        assert "This claim was taken back" in words(page)
        assert 'id="add"' not in page
        refused = send(client, "/new", claim="The Great Barrier Reef is thriving.", sure="yes")
        assert refused.status_code == 422
        assert "is retracted; undo that in its history" in words(refused.text)
        assert send(client, f"/claim/{REEF}/undo", event=str(events(desk))).status_code == 303
        assert "“Mostly false”" in client.get(f"/claim/{REEF}").text


def test_long_lists_are_turned_over(desk: CommandLine) -> None:
    """Fifty events a page, whatever page is asked for."""
    with browsing(desk) as client:
        with Tracker.open(desk.store) as tracker:
            for number in range(60):
                tracker.feedback(f"The reef is fine, says man {number}.", REEF, answer=False)
        page = client.get(f"/claim/{REEF}").text
        assert page.count('<li id="event-') == 50
        assert "Page 1 of 2" in words(page)
        for asked in ("2", "9999", "-3", "x"):
            assert "of 2" in words(client.get(f"/claim/{REEF}", params={"events": asked}).text)


def test_a_file_is_told_by_its_name_alone(desk: CommandLine) -> None:
    """Where an article lay on somebody's machine is nobody's business."""
    (desk.folder / "a-speech.txt").write_text("The Great Barrier Reef is thriving.\n")
    desk("check", desk.folder / "a-speech.txt", "--save")
    with browsing(desk) as client:
        page = client.get(f"/claim/{REEF}").text.partition('<h2 id="history">')[0]
    assert "a-speech.txt" in page
    assert str(desk.folder) not in page


# --- adding -----------------------------------------------------------------------------------------------------------


def test_a_claim_with_a_verdict_is_added_once(desk: CommandLine) -> None:
    """The same form again joins what is there and says so."""
    sent = {
        "claim": "Rents in Riga rose by 4 percent in 2021.",
        "claimant": "Eva",
        "claimed_on": "2022-01-05",
        "language": "EN",
        "rating": "True",
        "publisher": "Our desk",
    }
    with browsing(desk) as client:
        done = send(client, "/new", **sent)
        assert (done.status_code, done.headers["location"]) == (303, "/claim/62?done=rated-62")
        before = events(desk)
        again = send(client, "/new", **sent)
        assert "joined-62" in again.headers["location"]
        assert "there already, as claim 62" in words(client.get(again.headers["location"]).text)
        assert events(desk) == before
        page = words(client.get("/", params={"q": sent["claim"]}).text)
        bare = send(client, "/new", claim=sent["claim"])
        assert "known-62" in bare.headers["location"]
    assert "same claim probability 1.00" in page
    assert "“True”" in page


def test_near_duplicates_are_asked_about(desk: CommandLine) -> None:
    """Nothing is written until she says that it is another claim."""
    near = "NATO increased its rapid reaction force from 40,000 to 300,000 troops."
    with browsing(desk) as client:
        before = events(desk)
        asked = send(client, "/new", claim=near, claimant="Eva")
        assert asked.status_code == 422
        assert "Nearly the same claim is there already" in words(asked.text)
        assert 'href="/claim/61#add"' in asked.text
        assert 'name="sure"' in asked.text
        assert value(asked.text, "claimant") == "Eva"
        assert events(desk) == before
        assert send(client, "/new", claim=near, sure="yes").headers["location"] == "/claim/62?done=claim-62"
        assert "No verdict yet. It waits in the queue." in words(client.get("/claim/62").text)


def test_what_is_typed_is_answered_live(client: TestClient) -> None:
    """The very claim, a contrast (whose verdict is not hers to take), and nothing."""

    def live(text: str) -> str:
        return client.get("/new/checked", params={"claim": text}).text

    assert "This very claim is there already, as claim 61" in words(live(WORKED_EXAMPLE))
    contrast = live(OTHER_FIGURE)
    assert "another figure" in contrast
    assert "Put your verdict there" not in words(contrast).replace("Where it says the same, put", "")
    assert "No match: it is new to this desk." in words(live("Bananas are blue in summer"))
