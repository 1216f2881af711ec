"""What a person sees on a terminal, and the JSON that scripts rely on."""

from __future__ import annotations

import json
import textwrap
import unicodedata
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, strategies as st

from tracker.agreement import Agreement, ArticleReport, Speakers
from tracker.evaluation import Decision, RelationReport
from tracker.events import Event, EventKind
from tracker.feeds import Imported, Rejected
from tracker.log import History
from tracker.models import (
    Addition,
    Appearance,
    Article,
    Check,
    Claim,
    ClaimRecord,
    Evidence,
    Finding,
    Kind,
    Link,
    Match,
    Outcome,
    Reason,
    Related,
    Relation,
    Retraction,
    Saved,
    Search,
    Sentence,
    Spotted,
    Spotting,
    Standing,
    Statement,
    Verdict,
)
from tracker.reports import json as to_json, relations as relations_report, spotting, story, text
from tracker.reports.plain import clean, wrapped
from tracker.resampling import Estimate, wilson

SEED = "NATO just went from a rapid reaction force of 40,000 to one of 300,000."
EVIL = "ev\x1b[31mil\u202e\u2066 \x9b2J\x07\x00text\r\nnew\u2028line\u200b\ufeff\udc80\ue000"
SHOWN = "ev[31mil 2Jtext new line"


def fixture(word: str = "") -> dict[str, Any]:
    """One of each noun, filled in whole; with `word`, in every text there is."""
    claim = Claim(
        word or "NATO has 300,000 troops on alert.",
        id=7,
        external_id=word or "nato-7",
        title=word or "How many troops?",
        claimant=word or "A minister",
        claimed_on=date(2022, 6, 27),
        language=word or "en",
        check_worthiness=0.875,
        recorded_at="2024-01-02T03:04:05.000+00:00",
    )
    verdict = Verdict(
        word or "Half True",
        publisher=word or "The desk",
        publisher_site=word or "desk.example",
        url=word or "https://desk.example/7",
        reviewed_on=date(2022, 7, 1),
        explanation=word or "It was a plan.",
        valid_from=date(2022, 6, 1),
        valid_to=date(2023, 7, 1),
        id=3,
        claim_id=7,
        normalized="mixed",
        tags=(word or "map",),
        rating_tags=("outdated",),
        evidence=(Evidence(word or "https://doc.example/1", word or "Table 3", word or "https://copy.example/1"),),
        author=word or "tester",
        supersedes=2,
        because=word or "A slip of the pen",
        remarks=(word or "its period is over",),
    )
    earlier = replace(
        verdict,
        id=2,
        rating=word or "Pants on Fire",
        normalized="false",
        rating_tags=(),
        supersedes=None,
        superseded_by=3,
        standing=Standing.SUPERSEDED,
    )
    taken_back = replace(
        verdict,
        id=4,
        standing=Standing.RETRACTED,
        retracted=Retraction(9, word or "tester", "2024-01-02T03:04:05.000+00:00", word or "No source"),
    )
    match = Match(
        claim,
        0.98765,
        Relation.DIFFERENT_FIGURE,
        (Reason(word or "figure: 300,000 there, 40,000 here", ((44, 50),), ((9, 16),)),),
        (verdict, earlier, taken_back),
        {"cosine": 0.912345, "claim covered": 0.5},
        {"a typical candidate": -2.0, "cosine": 5.123456, "claim covered": 1.5, "rivals": -0.24},
    )
    made = (word or "a figure",), word or "NATO went from 40,000 to 300,000.", word or f"“{SEED}”"
    statement = Statement(word or SEED, 10, 81, 0.91, word or "Joe Biden", *made)
    article = Article(word or "speech.txt", word or SEED, word or "A speech", word or "A reporter", date(2022, 6, 30))
    seen = Appearance(
        *(7, 1, word or "speech.txt", word or "A speech", date(2022, 6, 30), word or SEED, 10, 81, word or "Joe Biden"),
        *(0.91, "2024-01-02T03:04:05.000+00:00"),
    )
    return {
        "claim": claim,
        "verdict": verdict,
        "match": match,
        "record": ClaimRecord(
            claim,
            (earlier, verdict, taken_back),
            (seen,),
            merged=(replace(claim, id=8),),
            links=(Link(replace(claim, id=9), "broader", 12, word or "Says more"),),
            retracted=taken_back.retracted,
        ),
        "search": Search(word or SEED, (match,)),
        "check": Check(article, 12, tuple(Finding(statement, outcome, (match,)) for outcome in Outcome)),
        "addition": Addition(7, created=True, near_duplicates=(match,)),
        "imported": Imported(1, 2, 3, (Rejected(word or "a.csv:5", word or "claim: it has no words"),)),
    }


def events(word: str) -> list[Event]:
    """One event of each kind, and one of a kind that is not known yet, with the word in every text."""
    row = dict.fromkeys(("text", "rating", "publisher", "external_id", "source", "quote", "relation", "value"), word)
    changes = json.dumps(
        [["+", "claims", row | {"key": "encoder_name"}], ["-", "claims", row | {"key": "encoder_name"}]]
    )
    return [
        Event(number, "2024-01-02T03:04:05.000+00:00", word, kind, 7, 8, 3, 1, 1, word, changes, "")
        for number, kind in enumerate([*EventKind, "told-by-a-later-version"], 1)
    ]


def every_line(nouns: dict[str, Any]) -> list[str]:
    """All that the reports make of these nouns."""
    unchecked = ClaimRecord(replace(nouns["claim"], check_worthiness=None))
    return [
        *text.check(nouns["check"], explain=True),
        *text.search(nouns["search"], explain=True),
        *text.searches([(nouns["claim"].text, nouns["search"])], explain=True),
        *text.record(nouns["record"]),
        *text.listing([nouns["record"], unchecked]),
        *text.due([(nouns["record"], [nouns["claim"].text])]),
        *story.history(History(nouns["record"], tuple(events(nouns["claim"].text)), {1: 2})),
        *text.addition(nouns["addition"]),
        *text.near_duplicates(nouns["addition"].near_duplicates),
        *text.imported(nouns["imported"]),
        *text.saved(Saved(1, 2, 3)),
        *text.stats({"store": nouns["claim"].text, "claims": 1, "encoder": None, "ratings": {nouns["claim"].text: 1}}),
        *spotting.agreement(Agreement({nouns["claim"].text: Decision(1, 1, 1.0, 1.0, 1.0)}, {}, None)),
        *spotting.spotting(
            Spotting(
                nouns["check"].article,
                (Spotted(Sentence(nouns["claim"].text, 0, 1, speaker=nouns["claim"].text), Kind.CHECK_WORTHY, 1.0),),
            ),
            everything=True,
        ),
    ]


# --- control characters -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("\x9b31mred", "31mred"),
        ("\x1b]0;title\x07text", "]0;titletext"),
        ("one\r\ntwo\tthree\x0bfour\u2028five\x85six", "one two three four five six"),
        ("  a  b  ", "a b"),
        ("\u202egnorw\u202c \u2066x\u2069 \u200fy", "gnorw x y"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("half \udc80", "half "),
        ("private \ue000", "private "),
        ("\0\x08\x7f", ""),
        ("👩\u200d🚀 Orbán – “naïve” 北约", "👩\u200d🚀 Orbán – “naïve” 北约"),
        (EVIL, SHOWN),
    ],
)
def test_a_text_is_cleaned_for_the_terminal(raw: str, shown: str) -> None:
    """No control character, escape sequence or mark of direction is left; letters, signs and emoji are."""
    assert clean(raw) == shown


@given(st.text(st.characters() | st.sampled_from("\x1b\x9b\u202e\r\n\u2028"), max_size=80))
def test_a_cleaned_text_is_one_harmless_line(raw: str) -> None:
    """Whatever the text: one line, nothing that a terminal would obey, and printable as UTF-8."""
    shown = clean(raw)
    assert len(shown.splitlines()) <= 1
    assert all(unicodedata.category(c) not in ("Cc", "Cf", "Cs") or c == "\u200d" for c in shown)
    assert shown.encode().decode() == shown


def test_no_report_shows_an_escape_sequence() -> None:
    """A hostile claim, verdict, speaker, source or address never reaches a terminal as it stands."""
    lines = every_line(fixture(EVIL))
    assert len(lines) > 40
    for line in lines:
        assert line.isprintable(), ascii(line)
    assert sum("ev[31mil" in line for line in lines) > 25


# --- text -------------------------------------------------------------------------------------------------------------


def test_a_check_groups_findings_by_outcome() -> None:
    """What was checked before comes first; the contrast is headed as no verdict; spans and scores are named."""
    lines = list(text.check(fixture()["check"]))
    assert lines[0] == (
        "speech.txt: 12 sentences, 4 worth checking: 1 checked before, 1 in contrast to a checked claim,"
        " 1 related to a checked claim, 1 not checked before"
    )
    assert [line for line in lines if line[:1].isupper()] == [
        "CHECKED BEFORE",
        "A CONTRASTING CLAIM, OR ANOTHER PERIOD, WAS CHECKED (its verdict does not carry over)",
        "RELATED CLAIMS WERE CHECKED (read both before you reuse a verdict)",
        "NOT CHECKED BEFORE",
    ]
    assert lines[1] == "the article is of 2022-06-30; periods of verdicts are held against that day"
    assert lines[4:13] == [
        "",
        f" 1. {SEED}",
        "    check-worthiness 0.91, said by Joe Biden, characters 10 to 81",
        "    looked for as: NATO went from 40,000 to 300,000.",
        "    - another figure, p 0.99 (figure: 300,000 there, 40,000 here)",
        "      [7] NATO has 300,000 troops on alert.",
        "          that other claim: “Half True” (mixed, outdated), The desk, 2022-07-01, holds from",
        "          2022-06-01 to 2023-07-01 [map]",
        "          ! its period is over",
    ]
    assert lines[13:17] == [
        "          https://desk.example/7",
        "          It was a plan.",
        "          evidence: https://doc.example/1: Table 3",
        "            copy: https://copy.example/1",
    ]
    assert "Pants on Fire" not in "\n".join(lines)


def test_a_record_shows_superseded_verdicts_as_such() -> None:
    """Everything that is known of a claim, the oldest verdict first, and where it was seen."""
    lines = list(text.record(fixture()["record"]))
    assert lines[0] == "[7] NATO has 300,000 troops on alert."
    assert "    said by: A minister" in lines
    said = " ".join(" ".join(lines).split())
    assert "verdict 2: “Pants on Fire” (false), The desk, 2022-07-01" in said
    assert "(superseded by verdict 3)" in said
    assert "verdict 3: “Half True” (mixed, outdated), The desk, 2022-07-01, holds from 2022-06-01 to 2023-07-01" in said
    assert "corrects verdict 2 (because: A slip of the pen)" in said
    assert (
        "verdict 4: “Half True” (mixed, outdated), The desk, 2022-07-01, holds from 2022-06-01 to 2023-07-01 [map]"
        in said
    )
    assert "[map] (retracted)" in said
    assert "retracted on 2024-01-02 by tester: No source (event 9)" in said
    assert "another entry of it: [8]" in said
    assert "broader: [9] NATO has 300,000 troops on alert. (because: Says more)" in said
    assert " ".join(" ".join(lines[-2:]).split()) == f"speech.txt, characters 10 to 81: “{SEED}”"


def test_a_listing_shows_current_verdicts_or_that_there_is_none() -> None:
    """A claim that waits shows how check-worthy it is."""
    record = fixture()["record"]
    waiting = ClaimRecord(record.claim)
    unknown = ClaimRecord(replace(record.claim, id=8, check_worthiness=None))
    assert list(text.listing([record, waiting, unknown])) == [
        "[7] NATO has 300,000 troops on alert.",
        "      “Half True” (mixed, outdated), The desk, 2022-07-01, holds from 2022-06-01 to 2023-07-01 [map]",
        "[7] NATO has 300,000 troops on alert.",
        "      said by A minister, no verdict yet (check-worthiness 0.88)",
        "[8] NATO has 300,000 troops on alert.",
        "      said by A minister, no verdict yet",
    ]


def test_a_verdict_with_nothing_but_an_address() -> None:
    """A missing rating and publisher are said to be missing."""
    record = ClaimRecord(Claim(SEED, id=1), (Verdict(None, url="https://a.example/"),))
    assert "      verdict 0: a review whose rating is not recorded, publisher not given" in list(text.record(record))


@pytest.mark.parametrize(
    ("rating", "normalized", "tags", "told"),
    [
        ("Pants on Fire", "false", (), "“Pants on Fire” (false), "),
        ("Missing context", "not-rated", ("missing-context",), "“Missing context” (not rated: missing-context), "),
        ("Half True", "mixed", ("outdated", "satire"), "“Half True” (mixed, outdated, satire), "),
        ("Not rated", "not-rated", (), "“Not rated”, "),
        ("Toss-up", "unrated", (), "“Toss-up” (a rating that we cannot read), "),
        ("False", "false", (), "“False”, "),
        ("MOSTLY TRUE!", "mostly-true", (), "“MOSTLY TRUE!”, "),
        ("False (satire)", "false", ("satire",), "“False (satire)”, "),
        ("Fake", "false", ("map",), "“Fake” (false), "),
        ("No\u202e proof", "unproven", (), "“No proof” (unproven), "),
    ],
)
def test_a_rating_is_followed_by_our_reading_where_that_says_something_else(
    rating: str, normalized: str, tags: tuple[str, ...], told: str
) -> None:
    """In brackets, once; a tag that is the desk's own too stands with those."""
    verdict = Verdict(rating, publisher="Desk", normalized=normalized, rating_tags=tags, tags=("map",))
    assert text.said(verdict) == f"{told}Desk [map]"
    claim = Claim(SEED, id=1)
    record = ClaimRecord(claim, (verdict,))
    search = Search(SEED, (Match(claim, 0.9, Relation.SAME, verdicts=(verdict,)),))
    for lines in (text.record(record), text.listing([record]), text.search(search)):
        assert any(f"{told}Desk [map]" in line for line in lines)


def test_a_record_says_where_feeds_saw_the_claim() -> None:
    """The addresses, before the articles, under one heading; nothing where it was seen nowhere."""
    seen = fixture()["record"].appearances
    sightings = ("https://a.example/1", "https://b.example/\x1b[2J")
    lines = list(text.record(ClaimRecord(Claim(SEED, id=1), appearances=seen, sightings=sightings)))
    at = lines.index("    seen in:")
    assert lines[at + 1 : at + 3] == ["      https://a.example/1", "      https://b.example/[2J"]
    assert lines[at + 3].startswith("      speech.txt, characters 10 to 81: ")
    assert "    seen in:" in text.record(ClaimRecord(Claim(SEED, id=1), sightings=sightings))
    assert "    seen in:" not in text.record(ClaimRecord(Claim(SEED, id=1)))


@pytest.mark.parametrize(
    ("best", "worst", "told"), [("5", "1", "3 on a scale of 1 to 5"), (None, "1", "3 on a scale of unknown ends")]
)
def test_a_rating_that_is_a_number_alone(best: str | None, worst: str | None, told: str) -> None:
    verdict = Verdict(None, url="https://a.example/", rating_value="3", best_rating=best, worst_rating=worst)
    assert text.said(verdict) == f"{told} (a rating that we cannot read), publisher not given"
    assert text.said(replace(verdict, normalized="mixed")) == f"{told} (mixed), publisher not given"


def test_a_search_says_when_there_is_no_match() -> None:
    """Nothing at all, and nothing but claims about something else, are two answers."""
    match = replace(fixture()["match"], relation=Relation.UNRELATED, verdicts=())
    assert list(text.search(Search(SEED, ()))) == [
        "No match: the store has no claim that shares a word or a meaning with this."
    ]
    lines = list(text.search(Search(SEED, (match,))))
    assert lines[0].startswith("No match: no claim in the store says this")
    assert lines[2].startswith("- no match, p 0.99")
    assert lines[2].endswith("no verdict yet")
    found = replace(match, relation=Relation.RELATED)
    assert "no match" not in "\n".join(text.search(Search(SEED, (found, match))))


def test_the_lines_are_at_most_100_columns_wide() -> None:
    """Long claims are wrapped under their number; a word is never broken."""
    claim = Claim("word " * 60 + "x" * 120, id=12)
    lines = list(text.listing([ClaimRecord(claim)]))
    assert [len(line) > 100 for line in lines] == [False] * 4 + [True, False]
    assert all(line.startswith("     ") for line in lines[1:])


def test_the_confusion_matrix_is_a_line_a_label() -> None:
    """Counts stand under the relation found, measures with their intervals; the wrong pairs only when asked for."""
    wrong = ("NATO has 4 dams.", "NATO has 5 dams.", "same"), Related(Relation.RELATED, 0.75, (Reason("words"),))
    report = RelationReport(
        {("same", "related"): 3, ("opposite", "opposite"): 12},
        Decision(15, 3, 0.0, 0.0, 0.0),
        wilson(0, 0),
        wilson(0, 3),
        Estimate(0.5, 0.25, 0.75),
        (wrong,),
    )
    lines = list(relations_report.relations(report, errors=False))
    assert len(lines) == 11
    assert lines[1].split() == ["same", "0", "0", "0", "0", "0", "3", "0"]
    assert lines[3].split() == ["opposite", "0", "0", "12", "0", "0", "0", "0"]
    assert lines[3].index("12") + 2 == lines[0].index("opposite") + len("opposite")
    assert lines[-3:] == [
        "macro-F1          0.500, 95 % interval 0.250 to 0.750 (bootstrap over pairs)",
        "'same' precision  0.000, 95 % interval 0.000 to 1.000 (Wilson)",
        "'same' recall     0.000, 95 % interval 0.000 to 0.561",
    ]
    assert list(relations_report.relations(report, errors=True))[11:] == [
        "",
        "labelled same, found related, p 0.75",
        "  claim: NATO has 5 dams.",
        "  said:  NATO has 4 dams.",
        "  why:   words",
    ]


def test_the_measures_stand_in_columns() -> None:
    """A file without scores has a dash for the average precision, one without boilerplate for its rates."""
    found = {"a.tsv": Decision(9, 3, 0.5, 0.25, 1 / 3, 0.75), "b.tsv": Decision(1, 0, 0, 0, 0)}
    lines = list(spotting.agreement(Agreement(found, {}, None)))
    assert [line.split() for line in lines] == [
        ["check-worthy"],
        ["precision", "recall", "F1", "AP", "ECE", "rows", "file"],
        ["0.500", "0.250", "0.333", "0.750", "-", "9", "a.tsv"],
        ["0.000", "0.000", "0.000", "-", "-", "1", "b.tsv"],
    ]
    whole = ArticleReport(
        Decision(4, 2, 1, 0.5, 2 / 3, 1),
        {("check-worthy", "check-worthy"): 1, ("check-worthy", "opinion"): 1, ("opinion", "opinion"): 2},
        Speakers(4, 3, 1, 0, 2, 2),
        Decision(4, 0, 0, 0, 0),
        Decision(4, 4, 1, 1, 1),
    )
    lines = list(spotting.agreement(Agreement({}, {"c.json": whole}, None)))
    assert lines[-1].split() == ["0.733", "0.750", "1", "0.667", "1.000", "-", "-", "1.000", "c.json"]


# --- JSON -------------------------------------------------------------------------------------------------------------

MATCH_KEYS = ["claim_id", "external_id", "claim", "probability", "relation", "reasons", "evidence", "verdicts"]
MATCH_KEYS += ["disagreement", "scores", "parts"]
VERDICT_KEYS = {
    *("rating", "normalized", "tags", "publisher", "url", "reviewed_on", "valid_from", "valid_to", "superseded_by"),
}


def test_a_match_as_json() -> None:
    """The keys that scripts rely on, numbers rounded to four places; what was retracted is not offered to scripts."""
    found = to_json.match(fixture()["match"])
    assert list(found) == MATCH_KEYS
    assert found | {"verdicts": []} == {
        "claim_id": 7,
        "external_id": "nato-7",
        "claim": "NATO has 300,000 troops on alert.",
        "probability": 0.9877,
        "relation": "different-figure",
        "reasons": ["figure: 300,000 there, 40,000 here"],
        "evidence": [
            {"reason": "figure: 300,000 there, 40,000 here", "statement": [[44, 50]], "claim": [[9, 16]]},
        ],
        "verdicts": [],
        "disagreement": False,
        "scores": {"cosine": 0.9123, "claim covered": 0.5},
        "parts": {"a typical candidate": -2.0, "cosine": 5.1235, "claim covered": 1.5, "rivals": -0.24},
    }
    assert [(one["rating"], one["superseded_by"]) for one in found["verdicts"]] == [
        ("Half True", None),
        ("Pants on Fire", 3),
    ]


def test_a_verdict_as_json() -> None:
    """The publisher's words beside our reading, days as ISO dates or null."""
    found = to_json.verdict(fixture()["verdict"])
    assert found.keys() >= VERDICT_KEYS
    assert {key: found[key] for key in VERDICT_KEYS} == {
        "rating": "Half True",
        "normalized": "mixed",
        "tags": ["map", "outdated"],
        "publisher": "The desk",
        "url": "https://desk.example/7",
        "reviewed_on": "2022-07-01",
        "valid_from": "2022-06-01",
        "valid_to": "2023-07-01",
        "superseded_by": None,
    }
    bare = to_json.verdict(Verdict(None, url="https://a.example/"))
    assert [bare[key] for key in ("rating", "reviewed_on", "valid_from", "normalized")] == [None, None, None, "unrated"]


def test_a_check_as_json() -> None:
    """An article and its findings: statement with its span, outcome, matches."""
    found = to_json.check(fixture()["check"])
    assert list(found) == ["article", "as_of", "findings"]
    assert found["article"]["text"] == SEED
    assert found["article"]["published_on"] == "2022-06-30"
    assert [list(one) for one in found["findings"]] == [["statement", "outcome", "matches"]] * 4
    assert [one["outcome"] for one in found["findings"]] == ["checked", "contrast", "related", "unmatched"]
    assert found["findings"][0]["statement"] == {
        "text": SEED,
        "start": 10,
        "end": 81,
        "speaker": "Joe Biden",
        "check_worthiness": 0.91,
        "cues": ["a figure"],
        "claim": "NATO went from 40,000 to 300,000.",
        "quote": f"“{SEED}”",
    }
    assert list(found["findings"][0]["matches"][0]) == MATCH_KEYS


def test_a_record_as_json() -> None:
    """A claim with every verdict, superseded ones too, and its appearances."""
    found = to_json.record(fixture()["record"])
    assert list(found)[:3] == ["claim", "verdicts", "appearances"]
    assert found["merged"] == [{"claim_id": 8, "claim": "NATO has 300,000 troops on alert."}]
    assert [(one["claim_id"], one["relation"]) for one in found["links"]] == [(9, "broader")]
    assert found["retracted"]["event_id"] == 9
    assert found["claim"] | {"recorded_at": ""} == {
        "claim_id": 7,
        "external_id": "nato-7",
        "claim": "NATO has 300,000 troops on alert.",
        "title": "How many troops?",
        "claimant": "A minister",
        "claimed_on": "2022-06-27",
        "language": "en",
        "check_worthiness": 0.875,
        "recorded_at": "",
    }
    assert [one["superseded_by"] for one in found["verdicts"]] == [3, None, None]
    assert found["verdicts"][2]["retracted"]["because"] == "No source"
    assert found["appearances"][0].items() >= {"source": "speech.txt", "start": 10, "end": 81, "quote": SEED}.items()


def test_the_other_answers_as_json() -> None:
    """Search, add, import, list and save."""
    nouns = fixture()
    match = to_json.match(nouns["match"])
    assert to_json.search(nouns["search"]) == {"query": SEED, "as_of": None, "matches": [match]}
    assert to_json.addition(nouns["addition"]) == {
        "claim_id": 7,
        "created": True,
        "verdict_id": None,
        "near_duplicates": [match],
    }
    assert to_json.imported(nouns["imported"]) == {
        "added": 1,
        "updated": 2,
        "unchanged": 3,
        "rejected": [{"where": "a.csv:5", "reason": "claim: it has no words"}],
        "repaired": {},
    }
    assert to_json.listing([nouns["record"]]) == {
        "claims": [to_json.claim(nouns["claim"]) | {"verdicts": match["verdicts"]}]
    }
    assert to_json.saved(Saved(1, 2, 3)) == {"article_id": 1, "claims_added": 2, "appearances_added": 3}


def test_json_keeps_texts_as_they_are() -> None:
    """Scripts get what is stored, whatever it holds, and JSON's own escapes keep it harmless on the way."""
    evil = EVIL.replace("\udc80", "")
    found = to_json.record(fixture(evil)["record"])
    assert json.loads(json.dumps(found, ensure_ascii=False)) == found
    assert found["claim"]["claim"] == evil
    assert "\x1b" not in json.dumps(found, ensure_ascii=False)


@given(st.text(max_size=130), st.sampled_from(["", "- ", "      because: "]))
def test_a_line_that_fits_is_wrapped_as_textwrap_wraps_it(raw: str, lead: str) -> None:
    """The short way and the long way give the same."""
    flat = clean(raw)
    long_way = textwrap.wrap(
        flat,
        100,
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_long_words=False,
        break_on_hyphens=False,
    )
    assert wrapped(flat, lead) == long_way
