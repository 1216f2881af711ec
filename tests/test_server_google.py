"""Google's own Python client, pointed at `tracker serve`: it finds the desk's claims as it finds Google's."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import googleapiclient
import httplib2  # type: ignore[import-untyped]
import pytest
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from tests.conftest import CommandLine
from tests.serving import TOKEN, Served, served
from tracker.claimreview.addresses import site

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

QUERY = "NATO has sent troops to Ukraine"
MANY = "NATO has sent 550 troops to Ukraine."  # which a dozen claims say with other figures
# What a claim and a review have here that they do not have there.
OUR_CLAIM = {"claimId": int, "relation": str, "probability": float, "reasons": list}
OUR_REVIEW = {"normalizedRating": str, "validFrom": str, "validTo": str}


def theirs() -> Any:
    """The discovery document of Google's API, as their client carries it."""
    folder = next(iter(googleapiclient.__path__))
    with open(f"{folder}/discovery_cache/documents/factchecktools.v1alpha1.json", encoding="utf-8") as file:  # noqa: PTH123
        return json.load(file)


@contextmanager
def client(address: str, key: str = TOKEN) -> Iterator[Any]:
    """Their client with two of its usual arguments changed: the key and the address."""
    with build(
        "factchecktools",
        "v1alpha1",
        developerKey=key,
        http=httplib2.Http(timeout=120, proxy_info=None),
        static_discovery=True,
        client_options={"api_endpoint": address},
    ) as service:
        yield service


@pytest.fixture(scope="module")
def google(
    tmp_path_factory: pytest.TempPathFactory, _starter: Path, cache_folder: Path
) -> Iterator[tuple[Served, Any]]:
    """A server on the starter claims and on two of our own, and their client."""
    cli = CommandLine(tmp_path_factory.mktemp("google"), cache_folder)
    for ending in ("", ".faiss"):
        (cli.folder / f"desk.db{ending}").write_bytes(_starter.with_name(f"desk.db{ending}").read_bytes())
    rows = (
        f"{100 * n},NATO has sent {100 * n} troops to Ukraine.,False,https://counts.example/{n}" for n in range(1, 13)
    )
    (cli.folder / "feed.csv").write_text("\n".join(["id,claim,rating,url", *rows]), encoding="utf-8")
    imported = cli("import", "feed.csv")
    assert imported.out.startswith("12 added"), imported.err
    today = datetime.now(UTC).date()
    for text, language, days in (
        ("Die NATO hat Truppen in die Ukraine geschickt.", "de-AT", 10),
        ("A dog ran.", "", 3),
    ):
        claim = ("add", text, *(("--language", language) if language else ()))
        day = today - timedelta(days=days)
        added = cli(
            *claim, "--rating", "False", "--publisher", "Our desk", "--publisher-site", "desk.example", "--date", day
        )
        assert added.code == 0, added.err
    assert cli("add", "NATO has sent troops to Ukraine, it says here, and nobody has checked it.").code == 0
    with served(cli) as server, client(server.address) as service:
        yield server, service


def search(google: tuple[Served, Any], **asked: Any) -> Any:
    return google[1].claims().search(**asked).execute()


def all_pages(google: tuple[Served, Any], **asked: Any) -> list[list[Any]]:
    """Every page, by their client's own way from one to the next."""
    resource = google[1].claims()
    request, pages = resource.search(**asked), []
    while request is not None:
        answer = request.execute()
        pages.append(answer.get("claims", []))
        request = resource.search_next(request, answer)
    return pages


def test_a_query_finds_claims_with_reviews_and_says_how_they_relate(google: tuple[Served, Any]) -> None:
    worked_example = "NATO has increased its rapid reaction force from 40,000 to 300,000 troops"
    best = search(google, query=worked_example)["claims"][0]
    assert best["relation"] == "same"
    assert best["probability"] > 0.9
    assert best["claimReview"][0]["textualRating"] == "Needs context"
    contrast = search(google, query=worked_example.replace("300,000", "30,000"))["claims"][0]
    assert contrast["claimId"] == best["claimId"]
    assert contrast["relation"] == "different-figure"
    assert all(one["relation"] != "unrelated" for one in search(google, query=QUERY)["claims"])


def test_what_nothing_is_about_finds_nothing(google: tuple[Served, Any]) -> None:
    assert search(google, query="The recipe takes two eggs and a pinch of nutmeg.") == {}


def test_the_fields_are_theirs(google: tuple[Served, Any]) -> None:
    """Every field is in Google's discovery document with its type, or is one of those that our docs name as ours."""
    schemas = theirs()["schemas"]
    claim, review, publisher = (
        schemas[f"GoogleFactcheckingFactchecktoolsV1alpha1{name}"]["properties"]
        for name in ("Claim", "ClaimReview", "Publisher")
    )
    seen: set[str] = set()

    def holds(found: Any, fields: Any, ours: Mapping[str, type]) -> None:
        for name, value in found.items():
            seen.add(name)
            if name in ours:
                assert isinstance(value, ours[name]), name
                assert name not in fields
            elif fields[name].get("format") == "google-datetime":
                assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", value)
            else:
                assert type(value) is {"string": str, "array": list, None: dict}[fields[name].get("type")], name

    for answer in (search(google, query=QUERY, pageSize=100), search(google, reviewPublisherSiteFilter="fullfact.org")):
        for one in answer["claims"]:
            holds(one, claim, OUR_CLAIM)
            for each in one["claimReview"]:
                holds(each, review, OUR_REVIEW)
                holds(each["publisher"], publisher, {})
    assert seen >= {
        "text",
        "claimant",
        "claimReview",
        "publisher",
        "name",
        "site",
        "url",
        "reviewDate",
        "textualRating",
    }


def test_every_parameter_of_theirs_is_taken(google: tuple[Served, Any]) -> None:
    there = theirs()["resources"]["claims"]["methods"]["search"]
    assert there["path"] == "v1alpha1/claims:search"
    described = google[0].client.get("/openapi.json").json()["paths"]["/v1alpha1/claims:search"]["get"]["parameters"]
    ours = {one["name"]: one["schema"] for one in described}
    assert set(ours) == set(there["parameters"])
    for name, schema in ours.items():
        kinds = {one.get("type") for one in schema.get("anyOf", [schema])} - {"null"}
        assert kinds == {there["parameters"][name]["type"]}, name


@pytest.mark.parametrize("size", [1, 3, 7, 100])
def test_pages_have_each_claim_once(google: tuple[Served, Any], size: int) -> None:
    at_once = search(google, query=MANY, pageSize=100)["claims"]
    assert len(at_once) > 8
    pages = all_pages(google, query=MANY, pageSize=size)
    assert [one for page in pages for one in page] == at_once
    assert all(len(page) == size for page in pages[:-1])
    assert 0 < len(pages[-1]) <= size
    assert len({one["claimId"] for one in at_once}) == len(at_once)


def test_ten_a_page_unless_told_otherwise_and_a_hundred_at_most(google: tuple[Served, Any]) -> None:
    everything = search(google, query=MANY, pageSize=2**31 - 1)["claims"]
    assert search(google, query=MANY)["claims"] == search(google, query=MANY, pageSize=0)["claims"] == everything[:10]


def test_an_offset_is_heeded_without_a_token_only(google: tuple[Served, Any]) -> None:
    everything = search(google, query=MANY, pageSize=100)["claims"]
    assert search(google, query=MANY, offset=2, pageSize=3)["claims"] == everything[2:5]
    token = search(google, query=MANY, pageSize=3)["nextPageToken"]
    assert search(google, query=MANY, pageSize=3, pageToken=token, offset=1)["claims"] == everything[3:6]
    assert search(google, query=MANY, offset=10_000) == {}


def test_a_token_is_of_one_search(google: tuple[Served, Any]) -> None:
    token = search(google, query=MANY, pageSize=1)["nextPageToken"]
    for asked in (
        {"query": "NATO", "pageToken": token},
        {"query": MANY, "pageToken": "x"},
        {"query": MANY, "pageToken": "ÿ"},
    ):
        with pytest.raises(HttpError) as caught:
            search(google, **asked)
        assert caught.value.status_code == 400
        assert caught.value.reason == "pageToken: not one of this search; send the same fields as before"


def test_a_publisher_narrows_a_query(google: tuple[Served, Any]) -> None:
    found = search(google, query=QUERY, reviewPublisherSiteFilter="counts.example", pageSize=100)["claims"]
    everything = search(google, query=QUERY, pageSize=100)["claims"]
    assert 0 < len(found) < len(everything)
    assert all(site(each["publisher"]["site"]) == "counts.example" for one in found for each in one["claimReview"])


@pytest.mark.parametrize("name", ["fullfact.org", "www.fullfact.org", "https://fullfact.org/europe/", "FULLFACT.ORG"])
def test_a_publisher_alone_lists_its_claims(google: tuple[Served, Any], name: str) -> None:
    found = [one for page in all_pages(google, reviewPublisherSiteFilter=name, pageSize=2) for one in page]
    assert found
    assert [one["claimId"] for one in found] == sorted({one["claimId"] for one in found}, reverse=True)
    assert all(each["publisher"]["site"] == "fullfact.org" for one in found for each in one["claimReview"])
    assert all("relation" not in one and "probability" not in one for one in found)
    assert search(google, reviewPublisherSiteFilter="nobody.example") == {}


def test_days_since_the_claim_or_its_review(google: tuple[Served, Any]) -> None:
    ours = {"reviewPublisherSiteFilter": "desk.example"}
    assert len(search(google, **ours)["claims"]) == 2
    assert [one["text"] for one in search(google, maxAgeDays=5, **ours)["claims"]] == ["A dog ran."]
    assert search(google, maxAgeDays=1, **ours) == {}
    assert len(search(google, maxAgeDays=2**31 - 1, **ours)["claims"]) == 2
    recent = search(google, query="NATO hat Truppen in die Ukraine geschickt", maxAgeDays=30)["claims"]
    assert [one["claimReview"][0]["publisher"]["name"] for one in recent] == ["Our desk"]


def test_languages_are_told_apart(google: tuple[Served, Any]) -> None:
    query = "Die NATO hat Truppen in die Ukraine geschickt."
    for code in ("de", "de-DE", "DE"):
        found = search(google, query=query, languageCode=code)["claims"]
        assert {each["languageCode"] for one in found for each in one["claimReview"]} == {"de"}
    english = search(google, query=QUERY, languageCode="en-US", pageSize=100)["claims"]
    assert {each["languageCode"] for one in english for each in one["claimReview"]} == {"en"}
    assert search(google, query=query, languageCode="fr") == {}


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({}, "query: required unless reviewPublisherSiteFilter is given"),
        ({"query": " "}, "query: no words in it"),
        ({"query": "x", "pageSize": -1}, "pageSize: Input should be greater than or equal to 0"),
        ({"query": "x", "offset": 2**40}, "offset: Input should be less than or equal to 2147483647"),
        ({"query": "x" * 20_000}, "query: String should have at most 10000 characters"),
    ],
)
def test_an_error_is_told_as_theirs_are(google: tuple[Served, Any], asked: Any, reason: str) -> None:
    with pytest.raises(HttpError) as caught:
        search(google, **asked)
    assert (caught.value.status_code, caught.value.reason) == (400, reason)


def test_a_claim_that_nobody_has_checked_is_none(google: tuple[Served, Any]) -> None:
    found = search(google, query="NATO has sent troops to Ukraine, it says here", pageSize=100)["claims"]
    assert not any("nobody has checked" in one["text"] for one in found)
    assert all(one["claimReview"] for one in found)


def test_a_retracted_or_corrected_verdict_says_nothing(desk: CommandLine) -> None:
    corrected = desk("verdict", 61, "False", "--supersedes", 61, "--because", "a slip")
    assert corrected.code == 0, corrected.err
    assert desk("retract", 10, "--because", "withdrawn").code == 0
    with served(desk) as server, client(server.address) as service:
        best = search((server, service), query="NATO has increased its rapid reaction force to 300,000 troops.")
        (one,) = [one for one in best["claims"] if one["claimId"] == 61]
        assert [each["textualRating"] for each in one["claimReview"]] == ["False"]
        assert 10 not in [one["claimId"] for one in search((server, service), query=QUERY, pageSize=100)["claims"]]


def test_reading_here_takes_no_key(google: tuple[Served, Any]) -> None:
    with client(google[0].address, "any key at all") as service:
        assert "claims" in search((google[0], service), query=QUERY)


def test_a_long_query_comes_as_their_client_sends_it(google: tuple[Served, Any]) -> None:
    """From 2,048 characters of address on, it sends a form and says that it means a GET."""
    long = f"{QUERY}. " + "This was said on Monday, and on other days. " * 100
    found = search(google, query=long, pageSize=3)
    assert QUERY[:4] in found["claims"][0]["text"]
    with pytest.raises(HttpError, match="no words in it"):
        search(google, query=" " * 5_000)
