"""`tracker check --html`: one page with everything at its exact place, and nothing that could run or be fetched."""

from __future__ import annotations

import re
import subprocess
import sys
from base64 import b64encode
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, strategies as st

from tests.conftest import EXAMPLE, WORKED_EXAMPLE
from tests.test_reports import fixture
from tracker.models import (
    Article,
    Check,
    Finding,
    NewClaim,
    NewVerdict,
    Outcome,
    Relation,
    Standing,
    Statement,
    Verdict,
)
from tracker.reports import html
from tracker.reports.report import Report
from tracker.reports.runs import cut
from tracker.reports.targets import Targets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import CommandLine
    from tracker.pipeline import Tracker

DAY = date(2026, 11, 22)
TAGS = """
html head meta title style body p a header h1 h2 h3 h4 form fieldset legend label input strong span div select option
button output nav ol li main article section details summary dl dt dd mark ul bdi time table caption tbody tr td footer
script
""".split()
LOADING = {"src", "srcset", "data", "action", "formaction", "poster", "background", "ping", "manifest", "style"}
SEED_QUOTE = "“NATO just went from a rapid reaction force of 40,000 to one of 300,000.”"
HOSTILE = "</style></script><script>alert(1)</script><img src=x onerror='alert(2)'>\"'`{{ 7*7 }}&amp;\x00\x1b"


def read(page: str) -> ET.Element:
    """The page by a parser that forgives nothing: every element closed, in order, every value quoted."""
    return ET.fromstring(page)


def by_class(root: ET.Element, name: str) -> Iterator[ET.Element]:
    return (one for one in root.iter() if name in one.get("class", "").split())


def told(element: ET.Element) -> str:
    return "".join(element.itertext())


def words(element: ET.Element) -> str:
    return " ".join(told(element).split())


def card(root: ET.Element, number: int) -> ET.Element:
    return next(one for one in by_class(root, "card") if any(e.get("id") == f"m{number}" for e in one.iter()))


def shown(*checks: Check, **more: Any) -> str:
    return html.page(Report("speech.txt", DAY, checks, **more))


@pytest.fixture
def seed(desk: CommandLine) -> tuple[str, Any]:
    """The report on the seed article, and the JSON of the same."""
    done = desk("check", EXAMPLE, "--html", "report.html", "--json")
    assert (done.code, done.err) == (0, "")
    return (desk.folder / "report.html").read_text(encoding="utf-8"), done.json


# --- the text ---------------------------------------------------------------------------------------------------------


def test_every_statement_is_marked_at_its_place(seed: tuple[str, Any]) -> None:
    """The text is the article's to the character; each mark is a statement, in order, with its outcome."""
    page, found = seed
    (text,) = by_class(read(page), "text")
    assert told(text) == found["article"]["text"]
    marks = list(by_class(text, "said"))
    assert [told(mark) for mark in marks] == [one["statement"]["text"] for one in found["findings"]]
    at = 0
    for mark, one in zip(marks, found["findings"], strict=True):
        at = found["article"]["text"].index(told(mark), at)
        assert at == one["statement"]["start"]
        assert f"is-{one['outcome']}" in mark.get("class", "").split()


def test_every_statement_leads_to_its_card_and_back(seed: tuple[str, Any]) -> None:
    """Links within the page name elements that are there, once each."""
    root = read(seed[0])
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    inside = [str(one.get("href")) for one in root.iter("a") if str(one.get("href")).startswith("#")]
    assert {target[1:] for target in inside} <= set(ids)
    for said in by_class(root, "said"):
        number = str(said.get("data-number"))
        assert said.get("href") == f"#m{number}"
        assert f"#t{number}" in [a.get("href") for a in card(root, int(number)).iter("a")]
        assert told(said) == told(next(by_class(card(root, int(number)), "quote")))


@given(st.data())
def test_passages_are_the_text(data: st.DataObject) -> None:
    """Whatever the text and where its statements are: nothing is lost, doubled or moved, and no mark is torn."""
    text = data.draw(st.text("ab \n\t.\r", max_size=60))
    ends = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=8)))
    spans = [(a, b) for a, b in zip(ends[::2], ends[1::2], strict=False) if text[a:b] == text[a:b].strip()]
    findings = tuple(Finding(Statement(text[a:b], a, b, 0.9), Outcome.UNMATCHED) for a, b in spans)
    (part,) = by_class(read(shown(Check(Article("a.txt", text), 1, findings))), "text")
    assert told(part) == text
    assert [told(mark) for mark in by_class(part, "said")] == [one.statement.text for one in findings]
    assert all(told(one).strip() for one in part.iter("p") if text.strip())


@given(st.text("ab ", max_size=30), st.lists(st.tuples(st.integers(-3, 33), st.integers(-3, 33)), max_size=6))
def test_runs_are_the_text(text: str, spans: list[tuple[int, int]]) -> None:
    """Spans may overlap, touch, be empty or lie outside: a character is covered by just those that hold it."""
    runs = list(cut(text, [(number, [span]) for number, span in enumerate(spans)]))
    assert "".join(run.text for run in runs) == text
    at = 0
    for run in runs:
        for i, character in enumerate(run.text, at):
            holding = {number for number, (start, end) in enumerate(spans) if start <= i < end}
            assert set(run.covered_by) <= holding
            assert character == " " or set(run.covered_by) == holding
        at += len(run.text)


# --- the matches ------------------------------------------------------------------------------------------------------


def test_a_match_shows_both_sentences_and_the_verdict(seed: tuple[str, Any]) -> None:
    """The deciding words marked on both sides, relation, probability, reasons, rating as worded and as read."""
    found = card(read(seed[0]), 11)
    assert [told(one) for one in found.iter("dd")] == [SEED_QUOTE, WORKED_EXAMPLE]
    assert [(told(one), one.get("data-why")) for one in found.iter("mark")] == [
        *(("40,000", "a"), ("300,000", "b")),
        *(("40,000", "a"), ("300,000 troops", "b")),
    ]
    text = words(found)
    for expected in (
        *("same claim probability 1.00", "figures agree: 40,000 figures agree: 300,000 the same change"),
        *("“Needs context” read as not rated: missing-context", "Claim tracker (worked example), 2026-11-22"),
        *("Charles Kupchan · check-worthiness 1.00", "It was a plan, not an existing force"),
    ):
        assert expected in text
    assert "On that other claim" not in text
    related = card(read(seed[0]), 10)
    assert "On that other claim: “Misleading” read as not rated: misleading Check Your Fact, 2022-04-25" in words(
        related
    )
    assert [told(one) for one in related.iter("mark")] == ["He went on:", "officially applied"]
    assert "What made the probability" not in text


def test_all_that_is_known_of_a_verdict_is_shown() -> None:
    """Period, remarks, tags, evidence with its copy; what was superseded or retracted is not."""
    root = read(shown(fixture()["check"]))
    text = words(card(root, 1))
    for expected in (
        *("Looked for as NATO went from 40,000 to 300,000.", "“Half True” read as mixed, outdated"),
        *("The desk, 2022-07-01, holds from 2022-06-01 to 2023-07-01 map its period is over", "It was a plan."),
        "Evidence: https://doc.example/1 Table 3 (copy: https://copy.example/1)",
        "Claim 7, said by A minister, 2022-06-27",
    ):
        assert expected in text
    assert "Pants on Fire" not in told(root)
    assert {str(one.get("class")) for one in by_class(root, "match")} == {"match is-contrast"}
    assert "Explanation and evidence: at statement 1" in words(card(root, 2))
    assert "speech.txt · A reporter · 2022-06-30 12 sentences, 4 worth checking." in words(next(root.iter("header")))
    assert "Their periods are held against the day of the article, 2022-06-30." in words(next(root.iter("header")))


def test_the_summary_counts(seed: tuple[str, Any]) -> None:
    """Each outcome with how many statements have it; all speakers, and how many statements they say."""
    root = read(seed[0])
    assert [words(one) for one in root.iter("label")][:4] == [
        *("1 checked before", "0 in contrast to a checked claim"),
        *("1 related to a checked claim", "22 not checked before"),
    ]
    (by, worth) = root.iter("select")
    said = [finding["statement"]["speaker"] for finding in seed[1]["findings"]]
    assert {told(one) for one in by} == {
        f"anybody ({len(said)})",
        *(f"{name or 'Nobody named'} ({said.count(name)})" for name in set(said)),
    }
    assert [told(one) for one in worth] == ["any", "0.7 and more", "0.8 and more", "0.9 and more", "1.0"]


def test_those_who_say_little_are_one_choice() -> None:
    """Thirty speakers can be chosen by name; the others together, however many a transcript has."""
    text = "".join(f"Wages rose by {n} percent. " for n in range(100))
    statements = [
        Statement(one[0], *one.span(), 0.9, f"Speaker {i % 40}")
        for i, one in enumerate(re.finditer(r"Wages[^.]+\.", text))
    ]
    check = Check(Article("a.txt", text), 100, tuple(Finding(one, Outcome.UNMATCHED) for one in statements))
    options = [told(one) for one in next(read(shown(check)).iter("select"))]
    assert len(options) == 32
    assert options[-1] == "Anybody else (20)"


# --- what a reader must know beside it --------------------------------------------------------------------------------


PORTUGUESE = "O governo não aumentou os impostos em 2021. A dívida foi de 4 milhões. Os preços também subiram."


def test_a_text_in_another_language_is_told(cli: CommandLine) -> None:
    """On top of the page, in Markdown and on the terminal; nothing is said of a threshold."""
    told_so = (
        "This text does not seem to be English (3 of 3 sentences). The check reads English only:"
        " that it finds nothing in it means nothing."
    )
    cli("add", "It rained in Calder.", "--rating", "True")
    page = read(cli("check", "-", "--html", "-", "--min-worth", "1", stdin=PORTUGUESE).out)
    assert told_so in words(next(by_class(page, "top")))
    assert "threshold" not in words(page)
    markdown = cli("check", "-", "--markdown", "-", stdin=PORTUGUESE)
    assert f"\n**{told_so}**\n" in markdown.out
    assert told_so in markdown.err
    assert told_so in " ".join(cli("check", "-", stdin=PORTUGUESE).out.split())


def test_sentences_in_another_language_are_counted(cli: CommandLine) -> None:
    """Where most of an article is English; nothing is said where all of it is, and then the threshold is named."""
    cli("add", "It rained in Calder.", "--rating", "True")
    english = "Wages in the north rose by 3 percent in 2021. Rents in the south fell by 4 percent."

    def page(text: str, worth: str = "0.5") -> str:
        return words(read(cli("check", "-", "--html", "-", "--min-worth", worth, stdin=text).out))

    mixed = page(f"{english} O governo não aumentou os impostos.")
    assert "1 of 3 sentences does not seem to be English. The check reads English only:" in mixed
    assert "English" not in page(english)
    assert "No sentence of this text is worth checking at this threshold." in page("Good evening, and hello!", "1")


def test_what_is_too_long_is_told(cli: CommandLine) -> None:
    """On top of the page and in Markdown, as on stderr: it was not examined."""
    cli("add", "It rained in Calder.", "--rating", "True")
    done = cli("check", "-", "--html", "-", "--markdown", "r.md", stdin="word " * 500 + "\n\nWages rose by 3 percent.")
    said = "1 sentence of more than 2,000 characters was not examined. Are full stops missing?"
    assert said in words(next(by_class(read(done.out), "top")))
    assert f"\n**{said}**\n" in (cli.folder / "r.md").read_text(encoding="utf-8")


def test_the_same_claim_whose_verdict_is_over_says_so() -> None:
    """At the relation itself; one of two verdicts that still holds is enough to leave it out."""
    check = fixture()["check"]
    match = replace(check.findings[0].matches[0], relation=Relation.SAME)
    over = replace(match.verdicts[0], standing=Standing.OVER)

    def relation(*verdicts: Verdict) -> str:
        finding = replace(check.findings[1], matches=(replace(match, verdicts=verdicts),))
        root = read(shown(replace(check, findings=(finding,))))
        return words(next(by_class(root, "relation")))

    assert relation(over) == "same claim, but its verdict is over probability 0.99"
    assert relation(over, match.verdicts[0]) == relation(match.verdicts[0]) == "same claim probability 0.99"
    footer = words(next(read(shown(check)).iter("footer")))
    assert "only where the relation is “same claim” and the verdict still holds. Check-worthiness" in footer


def test_a_closed_card_tells_of_a_claim_without_a_verdict() -> None:
    """Not checked before, and yet there is a claim: it is told in the head of the card."""
    check = fixture()["check"]
    taken_back = replace(check.findings[3].matches[0], verdicts=check.findings[3].matches[0].verdicts[2:])
    findings = (replace(check.findings[3], matches=(taken_back,)), replace(check.findings[3], matches=()))
    first, second = by_class(read(shown(replace(check, findings=findings))), "card")
    assert "a claim in the store, no verdict stands, what there was is retracted" in words(next(first.iter("summary")))
    assert "in the store" not in words(second)


def test_the_days_that_are_not_known_are_told() -> None:
    """The article's, unless another day is asked for; a verdict's, beside its publisher."""
    check = fixture()["check"]
    undated = replace(check, article=replace(check.article, published_on=None))
    said = "The day of the article is not known: their periods are held against the day of this report."
    assert said in words(read(shown(undated)))
    assert "is not known" not in words(read(shown(check)))
    assert "is not known" not in words(read(shown(replace(undated, as_of=DAY))))
    match = check.findings[0].matches[0]
    bare = replace(match, verdicts=(replace(match.verdicts[0], reviewed_on=None, normalized="unrated"),))
    card_1 = card(read(shown(replace(check, findings=(replace(check.findings[0], matches=(bare,)),)))), 1)
    assert "The desk, date not given, holds from" in words(card_1)
    assert "“Half True” a rating that we cannot read" in words(card_1)


def test_the_page_does_not_tell_where_the_files_lie(cli: CommandLine) -> None:
    """A file is told by its name, standard input as such; an address of the web stays whole."""
    folder = cli.folder / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text("Wages rose by 3 percent in 2021.", encoding="utf-8")
    (folder / "b.txt").write_text("Rents fell by 4 percent in 2022.", encoding="utf-8")
    (folder / "c.txt").write_bytes(b"\0\1\2")
    cli("add", "It rained in Calder.", "--rating", "True")
    for source in (folder, folder / "a.txt"):
        done = cli("check", source, "--html", "report.html", "--markdown", "report.md")
        assert str(folder) in done.out
        for name in ("report.html", "report.md"):
            written = (cli.folder / name).read_text(encoding="utf-8")
            assert str(cli.folder) not in written.replace("\\", "")
            assert "a.txt" in written
            assert ("articles/c.txt: " in written) == (source == folder)
    top = next(by_class(read(cli("check", "-", "--html", "-", stdin="Wages rose by 3 percent.").out), "top"))
    assert told(next(top.iter("h1"))) == "standard input"
    assert "1 sentence, 1 worth checking." in words(top)
    assert words(top).count("standard input") == 1
    address = "https://news.example/2021/a.html"
    assert address in words(read(shown(Check(Article(address, "Rents fell."), 1))))


def test_a_turn_of_the_reading_direction_stays_in_the_text() -> None:
    """The article keeps it; the card and the claim are shown without what would turn all that follows."""
    check = fixture("Rents \u202erose\u202c \u2067by 4 percent.")["check"]
    root = read(shown(replace(check, findings=check.findings[:1])))
    assert told(next(by_class(root, "text"))) == check.article.text
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", told(next(by_class(root, "statements"))))
    assert "Rents rose by 4 percent." in [told(one) for one in root.iter("dd")]


# --- hostile content --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "word", [HOSTILE, "javascript:alert(1)", "data:text/html,x", " JaVaScRiPt:x", "//evil.example"]
)
def test_nothing_hostile_comes_through(word: str) -> None:
    """In every text there is: no tag, no handler, no address to follow but those of the web."""
    page = shown(fixture(word)["check"], unread=(word,), explain=True)
    root = read(page)
    assert {one.tag for one in root.iter()} <= set(TAGS)
    for one in root.iter():
        assert not [name for name in one.attrib if name.startswith("on") or name in LOADING]
    assert not [one for one in root.iter("a") if not str(one.get("href")).startswith("#")]
    assert page.count("<script") == page.count("</script") == page.count("<style") == 1
    assert "{{ 7*7 }}" in told(root) or "{{" not in word
    assert word.replace("\x00", "\ufffd").replace("\x1b", "\ufffd") in told(root)


@given(st.text(st.characters(exclude_categories=()) | st.sampled_from("<>&\"'\x00\x0c\r\udc80\u202e"), min_size=1))
def test_whatever_the_texts_hold(word: str) -> None:
    """The page stays well-formed and can be written as UTF-8; what no page can hold is shown as a sign for it."""
    page = shown(
        Check(
            Article(word, word, word, word), 1, (Finding(Statement(word, 0, len(word), 0.5, word), Outcome.UNMATCHED),)
        )
    )
    root = read(page.encode().decode())
    (text,) = by_class(root, "text")
    assert len(told(text)) == len(word)
    assert all(b in {a, "\ufffd"} for a, b in zip(word, told(text), strict=True))


def test_addresses_of_the_web_are_links_that_tell_nothing() -> None:
    """To the review, the evidence and its copy, and to an article from the web; none of them learns who asks."""
    check = fixture()["check"]
    check = replace(check, article=replace(check.article, source='https://news.example/a?b=1&c="><script>'))
    root = read(shown(check))
    links = [one for one in root.iter("a") if not str(one.get("href")).startswith("#")]
    assert {str(one.get("href")) for one in links} == {
        *("https://desk.example/7", "https://doc.example/1", "https://copy.example/1"),
        'https://news.example/a?b=1&c="><script>',
    }
    assert {one.get("rel") for one in links} == {"noopener noreferrer external"}
    assert [one.get("content") for one in root.iter("meta") if one.get("name") == "referrer"] == ["no-referrer"]


def test_the_page_refers_to_nothing_outside(seed: tuple[str, Any]) -> None:
    """No font, picture, style or script is fetched; its own two are allowed by their hashes, and nothing else."""
    root = read(seed[0])
    assert {one.tag for one in root.iter()} <= set(TAGS)
    assert not [(one.tag, name) for one in root.iter() for name in one.attrib if name in LOADING]
    (style,), (script,) = root.iter("style"), root.iter("script")
    assert not re.search(r"url\(|@import|@font-face|image-set", told(style))
    assert not re.search(r"fetch|XMLHttp|WebSocket|import|eval|innerHTML|https?:", told(script))
    (policy,) = [str(m.get("content")) for m in root.iter("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    style_hash, script_hash = (b64encode(sha256(told(one).encode()).digest()).decode() for one in (style, script))
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{style_hash}'; script-src 'sha256-{script_hash}';"
        " base-uri 'none'; form-action 'none'"
    )


# --- size -------------------------------------------------------------------------------------------------------------


def test_a_long_transcript_stays_small(tracker: Tracker, tmp_path: Path) -> None:
    """12,000 words, with hundreds of matches of claims whose reviews are long: far below 2 MB."""
    text = transcript(tracker)
    check = tracker.check_article(Article("debate.txt", text))
    matches = sum(len(finding.matches) for finding in check.findings)
    assert len(text.split()) >= 12_000
    assert len(check.findings) > 200
    assert matches > 200
    (written,) = Targets(str(tmp_path / "report.html")).write(Report("debate.txt", DAY, (check,)))
    assert written.stat().st_size < 1_000_000
    (part,) = by_class(read(written.read_text(encoding="utf-8")), "text")
    assert told(part) == text


def transcript(tracker: Tracker) -> str:
    """12,000 words said in turns, figures and what people make of them; the store learns reviews of some figures."""
    towns = "Calder Northmoor Ashby Brindle Corley Dunmore Elston Farley Garton Holme".split()
    things = "wages rents fares prices taxes fees".split()
    review = "The figure is that of another year, and the office that counts it has changed how it does so. " * 20
    for i in range(24):
        claim = f"{things[i % 6].title()} in {towns[i % 10]} rose by {i + 3} percent in 2022."
        tracker.add(NewClaim(claim), NewVerdict("False", "Desk", url=f"https://desk.example/{i}", explanation=review))
    turns = []
    for i in range(210):
        thing, town, name = things[i % 6], towns[i % 10], f"SPEAKER {'ABCDE'[i % 5]}"
        said = f"In {town} {thing} rose by {i % 24 + 3} percent in {2000 + i % 23}."
        felt = f"I think that this is a shame, and I wish that we would talk about {thing} more kindly in {town}. "
        turns.append(f"{name}: {said} {felt * 2}What do you think, and why do you think so?")
    return "\n\n".join(turns)


# --- the command ------------------------------------------------------------------------------------------------------


def test_what_the_command_says(desk: CommandLine) -> None:
    """A line on what was found and one on where it is; the report replaces an older one, and nothing else is left."""
    (desk.folder / "report.html").write_text("old", encoding="utf-8")
    done = desk("check", EXAMPLE, "--html", "report.html", "--save")
    assert (done.code, done.err) == (0, "")
    first, saved, last = done.out.splitlines()
    assert first.endswith(
        "41 sentences, 24 worth checking: 1 checked before, 1 related to a checked claim, 22 not checked before"
    )
    assert saved == "saved as article 1: 23 new claims, 24 new appearances"
    assert last == "report written to report.html"
    assert not [path for path in desk.folder.iterdir() if path.name.startswith(".report")]
    assert read((desk.folder / "report.html").read_text(encoding="utf-8")).tag == "html"


def test_the_options_of_check_count(cli: CommandLine) -> None:
    """--as-of, --article-date, --min-worth, -k and --explain make the page what they make the text."""
    for number, day in (("40,000", "2022-01-05"), ("50,000", "2022-09-01")):
        cli("add", f"NATO's rapid reaction force has {number} troops.", "--rating", "True", "--date", day)
    text = f"{SEED_QUOTE}\n\nPerhaps it will rain. I like the rain."

    def page(*arguments: str) -> ET.Element:
        return read(cli("check", "-", "--html", "-", *arguments, stdin=text).out)

    assert len(list(by_class(page(), "match"))) == 2
    assert len(list(by_class(page("-k", "1"), "match"))) == 1
    assert len(list(by_class(page("--min-worth", "0"), "said"))) > len(list(by_class(page(), "said")))
    dated = words(page("--article-date", "2022-06-30"))
    assert "Their periods are held against the day of the article, 2022-06-30." in dated
    past = words(page("--as-of", "2022-06-30"))
    assert "The answer as of 2022-06-30: what was said by then, or holds for it." in past
    assert "no verdict that holds on that day" in past
    explained = words(page("--explain"))
    assert "What made the probability" in explained
    assert "The numbers say what made a probability" in explained
    assert "Cues: " in explained


def test_a_folder_makes_one_report(cli: CommandLine) -> None:
    """Several articles stand in one page, with contents; what cannot be read is named there and on stderr, code 4."""
    folder = cli.folder / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text("Wages rose by 3 percent in 2021.", encoding="utf-8")
    (folder / "b.txt").write_text("Rents fell by 4 percent in 2022.", encoding="utf-8")
    (folder / "c.txt").write_bytes(b"\0\1\2")
    cli("add", "It rained in Calder.", "--rating", "True")
    done = cli("check", folder, "--html", "report.html", "--markdown", "report.md")
    assert (done.code, done.err.count("\n")) == (4, 1)
    root = read((cli.folder / "report.html").read_text(encoding="utf-8"))
    assert [told(one) for one in by_class(root, "text")] == [
        "Wages rose by 3 percent in 2021.",
        "Rents fell by 4 percent in 2022.",
    ]
    assert [told(one) for one in root.iter("h2")] == ["a.txt", "b.txt"]
    assert [one.get("data-number") for one in by_class(root, "said")] == ["1", "2"]
    (contents,) = root.iter("nav")
    assert [one.get("href") for one in contents.iter("a")] == ["#article-1", "#article-2"]
    (unread,) = by_class(root, "remark")
    assert words(unread).startswith("Not in this report: ")
    assert "c.txt" in words(unread)
    assert "c.txt" in (cli.folder / "report.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        (["--html", "report.pdf"], 2, "--html report.pdf: the file's name must end in .html or .htm"),
        (["--html", "desk.db"], 2, "the file's name must end in .html or .htm"),
        (["--markdown", "report.html"], 2, "--markdown report.html: the file's name must end in .md or .markdown"),
        (["--html", "article.html"], 2, "--html article.html: is what is checked"),
        (["--html", "./sub/../article.html"], 2, "is what is checked"),
        (["--html", "linked.html"], 2, "is what is checked"),
        (["--html", "none/report.html"], 4, "cannot be written (there is no folder none); make it first"),
        (["--html", "sub.html"], 4, "sub.html: a folder; name a file"),
        (["--html", "store.html", "--store", "store.html"], 2, "is used by this very command"),
        (["--html", "-", "--markdown", "-"], 2, "'-' can stand for one of them only"),
        (["--html", "-", "--json"], 2, "'-' puts the report on stdout"),
        (["--html", "a.html", "--jsonl"], 2, "--jsonl does not go with --html or --markdown"),
        (["--open"], 2, "--open shows a page; name its file with --html FILE"),
        (["--html", "-", "--open"], 2, "--open shows a page"),
    ],
)
def test_what_cannot_be_a_report_is_refused_first(cli: CommandLine, arguments: list[str], code: int, why: str) -> None:
    """One line, its exit code, before the article is read; no file is made, none is changed."""
    article = cli.folder / "article.html"
    article.write_text("<p>Wages rose by 3 percent in 2021.</p>", encoding="utf-8")
    (cli.folder / "linked.html").symlink_to(article)
    for name in ("sub", "sub.html"):
        (cli.folder / name).mkdir()
    before = {path.name: path.stat().st_mtime_ns for path in cli.folder.iterdir()}
    done = cli("check", "article.html", *arguments)
    assert (done.code, done.out, done.err.count("\n")) == (code, "", 1), done.err
    assert why in done.err
    assert {path.name: path.stat().st_mtime_ns for path in cli.folder.iterdir()} == before


def test_no_report_is_written_into_the_folder_that_is_checked(cli: CommandLine) -> None:
    """The next check would read it as an article."""
    (cli.folder / "in").mkdir()
    (cli.folder / "in" / "a.txt").write_text("Wages rose by 3 percent in 2021.", encoding="utf-8")
    done = cli("check", "in", "--html", "in/report.html")
    assert (done.code, done.out) == (2, "")
    assert "is what is checked, or in the folder that is" in done.err


def test_an_article_that_cannot_be_read_makes_no_report(cli: CommandLine) -> None:
    """And leaves the one of yesterday alone."""
    (cli.folder / "report.html").write_text("old", encoding="utf-8")
    done = cli("check", "none.txt", "--html", "report.html")
    assert (done.code, done.out, done.err.count("\n")) == (4, "", 1)
    assert (cli.folder / "report.html").read_text(encoding="utf-8") == "old"


def test_a_report_on_stdout_is_all_there_is(desk: CommandLine) -> None:
    """What was found and saved is said on stderr then."""
    done = desk("check", EXAMPLE, "--html", "-", "--markdown", "report.md", "--save")
    assert read(done.out).tag == "html"
    assert (done.out[:16], done.out[-8:]) == ("<!DOCTYPE html>\n", "</html>\n")
    assert "saved as article 1" in done.err
    assert (desk.folder / "report.md").exists()


def test_the_browser_is_opened(desk: CommandLine) -> None:
    """With the page's address, by the browser that the user has named; without one that is said."""
    browser = desk.folder / "browser"
    browser.write_text('#!/bin/sh\necho "$1" > opened\n', encoding="utf-8")
    browser.chmod(0o755)
    done = desk("check", EXAMPLE, "--html", "report.html", "--open", BROWSER=f"{browser} %s")
    assert (done.code, done.err) == (0, "")
    assert (desk.folder / "opened").read_text(encoding="utf-8").strip() == (desk.folder / "report.html").as_uri()
    none = desk("check", EXAMPLE, "--html", "report.html", "--open", BROWSER="/bin/false %s", PATH="/nowhere")
    assert (none.code, none.err.count("\n")) == (0, 1)
    assert "no browser was found to open it with; open the file yourself" in none.err


@pytest.mark.parametrize(
    ("more", "loads"), [([], False), (["--markdown", "a.md"], False), (["--html", "a.html"], True)]
)
def test_only_a_page_loads_a_template_engine(desk: CommandLine, more: list[str], loads: bool) -> None:
    """A check without one pays nothing for it."""
    code = (
        "import atexit, sys; atexit.register(lambda: print('jinja2' in sys.modules, file=sys.stderr));"
        "from tracker.__main__ import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "check", str(EXAMPLE), *more],
        env=desk.environment,
        cwd=desk.folder,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr.strip() == str(loads)
