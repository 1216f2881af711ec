"""Verdicts with a history at the command line: periods, corrections, evidence, disagreement, the article's own day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conftest import CommandLine

DAM = "The dam holds 40 million cubic metres of water."
PAGE = """<html lang="en"><head><title>The dam</title>
<meta property="article:published_time" content="2022-06-30T08:00:00Z"></head>
<body><article><h1>The dam</h1>
<p>The dam holds 40 million cubic metres of water.</p>
<p>The minister visited it on Thursday with a delegation of engineers from three countries.</p>
</article></body></html>"""


@pytest.fixture
def dam(cli: CommandLine) -> CommandLine:
    """True in 2022, false since 2024, and the second verdict corrected once."""
    for arguments in (
        (
            *("add", DAM, "--rating", "True", "--publisher", "Desk A", "--date", "2022-01-05"),
            *("--valid-from", "2022-01-01", "--valid-to", "2023-12-31"),
        ),
        ("verdict", "1", "Flase", "--publisher", "Desk B", "--date", "2024-02-01", "--valid-from", "2024-01-01"),
        (
            *("verdict", "1", "False", "--publisher", "Desk B", "--date", "2024-03-01", "--valid-from", "2024-01-01"),
            *("--supersedes", "2", "--because", "A misprint.", "--tag", "Old Data", "--claim-date", "2023-12-24"),
            *("--evidence", "https://dam.example/report | Table 3 | https://archive.example/42"),
        ),
    ):
        done = cli(*arguments)
        assert done.code == 0, done.err
    return cli


def verdicts(cli: CommandLine, *options: str) -> list[tuple[Any, ...]]:
    found = cli("search", DAM, "--json", *options).json
    return [(v["rating"], v["standing"]) for v in found["matches"][0]["verdicts"]]


def test_search_answers_as_of_a_day(dam: CommandLine) -> None:
    """True then, false now; the JSON says which day was asked for."""
    assert verdicts(dam, "--as-of", "2022-06-30") == [("True", "current")]
    assert verdicts(dam, "--as-of", "2024-06-30") == [("False", "current"), ("True", "over"), ("Flase", "superseded")]
    assert verdicts(dam) == verdicts(dam, "--as-of", "2024-06-30")
    assert dam("search", DAM, "--as-of", "30 June 2022", "--json").json["as_of"] == "2022-06-30"
    shown = dam("search", DAM, "--as-of", "2022-06-30").out
    assert shown.startswith("as of 2022-06-30:\n- same claim")
    assert "“True”, Desk A, 2022-01-05" in shown
    assert "False" not in shown
    assert "no verdict that holds on that day" in dam("search", DAM, "--as-of", "2021-01-01").out
    for day in ("last week", ""):
        refused = dam("search", DAM, "--as-of", day)
        assert (refused.code, refused.err.count("\n")) == (2, 1)


def test_check_answers_as_of_a_day(dam: CommandLine) -> None:
    """An article is checked with what could be known; a day without a verdict is "not checked before"."""

    def outcome(*options: str) -> tuple[str, list[str]]:
        found = dam("check", "-", "--json", "--min-worth", "0", *options, stdin=f"{DAM}\n").json
        (finding,) = found["findings"]
        return finding["outcome"], [one["rating"] for one in finding["matches"][0]["verdicts"]]

    assert outcome("--as-of", "2022-06-30") == ("checked", ["True"])
    assert outcome("--as-of", "2025-01-01") == ("checked", ["False", "True", "Flase"])
    assert outcome("--as-of", "2021-12-31") == ("unmatched", [])
    assert outcome("--article-date", "2022-06-30") == ("checked", ["True", "Flase"])


def test_a_verdict_whose_period_is_over_does_not_carry_over(cli: CommandLine) -> None:
    """The same claim, of another period, is a contrast; for an article of its period it is checked."""
    cli(
        "add",
        DAM,
        "--rating",
        "True",
        "--publisher",
        "Desk A",
        "--valid-from",
        "2022-01-01",
        "--valid-to",
        "2023-12-31",
    )
    found = cli("check", "-", "--json", "--min-worth", "0", stdin=f"{DAM}\n").json["findings"][0]
    assert (found["outcome"], found["matches"][0]["relation"]) == ("contrast", "same")
    assert found["matches"][0]["verdicts"][0]["standing"] == "over"
    shown = cli("check", "-", "--min-worth", "0", stdin=f"{DAM}\n").out
    assert "CHECKED BEFORE" not in shown
    assert "its verdict does not carry over" in shown
    assert cli("list", "--rating", "True", "--json").json["claims"] == []
    assert len(cli("list", "--publisher", "Desk A", "--json").json["claims"]) == 1
    then = cli("check", "-", "--json", "--min-worth", "0", "--article-date", "2022-06-30", stdin=f"{DAM}\n").json
    assert then["findings"][0]["outcome"] == "checked"


def test_a_correction_keeps_what_is_not_given_anew(dam: CommandLine) -> None:
    """Publisher, period, note, evidence and tags stay; an empty option clears; another publisher is refused."""
    assert dam("verdict", "1", "Mostly false", "--supersedes", "3", "--because", "Too strong.", "--tag", "").code == 0
    new = dam("show", "1", "--json").json["verdicts"][-1]
    assert (new["publisher"], new["valid_from"], new["reviewed_on"]) == ("Desk B", "2024-01-01", None)
    assert (len(new["evidence"]), new["tags"], new["because"]) == (1, [], "Too strong.")
    done = dam("verdict", "1", "True", "--supersedes", "4", "--publisher", "Desk Z")
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert "verdict 4 is Desk B's" in done.err
    assert dam("verdict", "1", "True", "--supersedes", "99").code == 3


def test_the_articles_own_day_is_shown_against_the_verdicts(dam: CommandLine) -> None:
    """Periods are held against the day of the article: the verdict that covers it speaks, today's does not."""
    dam("verdict", "1", "Half true", "--publisher", "Desk C", "--date", "2022-03-01")
    (dam.folder / "page.html").write_text(PAGE, encoding="utf-8")
    found = dam("check", "page.html", "--json", "--min-worth", "0").json
    assert found["article"]["published_on"] == "2022-06-30"
    matches = [one["matches"][0] for one in found["findings"] if one["statement"]["text"] == DAM]
    remarks = {one["rating"]: one["remarks"] for one in matches[0]["verdicts"]}
    assert remarks == {
        "True": ["its period covers the day of the article (2022-06-30)"],
        "Half true": ["this verdict is from before the article (2022-06-30); the facts may have moved"],
        "Flase": [],
    }
    shown = dam("check", "page.html", "--min-worth", "0").out
    assert "the article is of 2022-06-30" in shown
    assert "! this verdict is from before the article (2022-06-30); the facts may have moved" in shown


def test_publishers_who_disagree_stand_side_by_side(dam: CommandLine) -> None:
    """Both verdicts are shown and the disagreement is flagged, in words and as JSON."""
    assert not dam("search", DAM, "--json").json["matches"][0]["disagreement"]
    dam("verdict", "1", "Half true", "--publisher", "Desk C", "--date", "2024-05-01")
    assert dam("search", DAM, "--json").json["matches"][0]["disagreement"]
    assert dam("show", "1", "--json").json["disagreement"]
    lines = dam("search", DAM).out.splitlines()
    flag = next(number for number, line in enumerate(lines) if "these verdicts differ" in line)
    assert "“False”, Desk B" in lines[flag + 1]
    assert any("“Half true” (mixed), Desk C" in line for line in lines[flag + 2 :])


def test_a_verdict_keeps_its_evidence_tags_and_dates(dam: CommandLine) -> None:
    """What a verdict rests on, with a note and an archived copy, comes back as it was given; so does the correction."""
    found = dam("show", "1", "--json").json["verdicts"]
    old, new = found[1], found[2]
    assert new["evidence"] == [
        {"url": "https://dam.example/report", "note": "Table 3", "archive_url": "https://archive.example/42"}
    ]
    assert (new["tags"], new["claimed_on"], new["because"]) == (["old-data"], "2023-12-24", "A misprint.")
    assert (old["standing"], old["superseded_by"], new["supersedes"]) == ("superseded", 3, 2)
    shown = dam("show", "1").out
    assert "(superseded by verdict 3)" in " ".join(shown.split())
    assert "evidence: https://dam.example/report: Table 3" in shown
    assert "copy: https://archive.example/42" in shown
    assert "corrects verdict 2 (because: A misprint.)" in " ".join(shown.split())


def test_what_was_retracted_is_not_offered_to_scripts(dam: CommandLine) -> None:
    """A script that takes the first verdict of a match never meets one that the desk took back."""
    assert dam("retract", "3", "--because", "The report was withdrawn.").code == 0
    assert verdicts(dam) == [("True", "over"), ("Flase", "superseded")]
    dam("retract", "1")
    assert verdicts(dam) == []
    assert "no verdict stands, what there was is retracted" in " ".join(dam("search", DAM).out.split())
    assert [one["claim_id"] for one in dam("list", "--unverified", "--json").json["claims"]] == [1]
    assert [one["standing"] for one in dam("show", "1", "--json").json["verdicts"]] == [
        *("retracted", "superseded", "retracted"),
    ]


def test_a_merged_entry_is_found_by_its_words_and_shown_as_the_claim(dam: CommandLine) -> None:
    """The words of either entry lead to the one claim, once, with the verdicts of both; so does the old id."""
    other = "Forty million cubic metres is what the dam can hold."
    dam("add", other, "--rating", "True", "--publisher", "Desk D", "-y")
    assert dam("merge", "1", "2", "--json").json["claim_id"] == 1
    matches = dam("search", other, "--json").json["matches"]
    assert [one["claim_id"] for one in matches] == [1]
    assert matches[0]["relation"] == "same"
    assert f"by its other entry 2: “{other}”" in matches[0]["reasons"]
    assert "Desk D" in {one["publisher"] for one in matches[0]["verdicts"]}
    assert dam("show", "2", "--json").json["claim"]["claim_id"] == 1
    assert dam("verdict", "2", "True", "--publisher", "Desk E", "--json").json["claim_id"] == 1


def test_many_retracted_claims_hide_nothing(cli: CommandLine) -> None:
    """A mistaken import that was taken back takes no place among the candidates."""
    cli("add", "Finland will pay NATO about 300 million euros a year.", "--rating", "False")
    (cli.folder / "feed.csv").write_text(
        "claim\n" + "".join(f"Finland will pay NATO 300 million euros ({n}).\n" for n in range(60)), encoding="utf-8"
    )
    cli("import", "feed.csv")
    from tracker.pipeline import Tracker

    with Tracker.open(cli.store) as tracker:
        for number in range(2, 62):
            tracker.store.curation.retract_claim(number, because="a mistaken import")
    found = cli("search", "Finland will pay NATO 300 million euros.", "--json").json["matches"]
    assert [one["claim_id"] for one in found] == [1]
    assert found[0]["relation"] != "unrelated"


def test_a_retracted_claim_is_not_found_and_not_added_again(dam: CommandLine) -> None:
    """Out of search; entering it again names the way back."""
    event = dam("retract", "--claim", "1", "--because", "A joke.", "--json").json["event_id"]
    assert dam("search", DAM, "--json").json["matches"] == []
    for again in (("add", DAM, "-y"), ("verdict", "1", "True")):
        done = dam(*again)
        assert (done.code, done.err.count("\n")) == (5, 1)
        assert f"tracker undo {event}" in done.err
    assert dam("undo", str(event)).code == 0
    assert len(verdicts(dam)) == 3
