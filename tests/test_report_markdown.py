"""`tracker check --markdown`: the findings as an issue or a CMS takes them, and nothing of a quote comes to life."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, strategies as st
from markdown_it import MarkdownIt  # noqa: TID253 - a test pays for it anyway

from tests.conftest import EXAMPLE, WORKED_EXAMPLE
from tests.test_reports import SEED, fixture
from tracker.models import Relation, Standing
from tracker.reports import markdown
from tracker.reports.plain import clean
from tracker.reports.report import Report

if TYPE_CHECKING:
    from markdown_it.token import Token

    from tests.conftest import CommandLine

DAY = date(2026, 11, 22)
ACTIVE = "\\`*_[]<>&#|~$!()+-=.:1@ \n\tab"
COMMONMARK = MarkdownIt("commonmark")
TABLES = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def tokens(page: str) -> list[Token]:
    """All that a reader of Markdown with tables and struck words makes of it, in order."""
    return [one for block in TABLES.parse(page) for one in (block, *(block.children or []))]


def told(page: str) -> str:
    """The letters that a reader sees, on one line."""
    return " ".join(" ".join(one.content for one in tokens(page) if one.type in ("text", "code_inline")).split())


def shown(checks: Any, **more: Any) -> str:
    return "\n".join(markdown.page(Report("speech.txt", DAY, checks, **more)))


# --- what it says -----------------------------------------------------------------------------------------------------


def test_the_findings_stand_by_outcome(desk: CommandLine) -> None:
    """Each statement as a quote; under it the match with the deciding words in bold, reasons, verdict, address."""
    done = desk("check", EXAMPLE, "--markdown", "report.md")
    assert (done.code, done.err) == (0, "")
    page = (desk.folder / "report.md").read_text(encoding="utf-8")
    assert [line for line in page.splitlines() if line.startswith("#")] == [
        "# nato-rapid-reaction-force.txt",
        "## Checked before",
        "## Related claims were checked (read both before you reuse a verdict)",
        "## Not checked before",
    ]
    for expected in (
        "\n> “NATO just went from a rapid reaction force of 40,000 to one of 300,000.”\n",
        "\nStatement 11: said by Charles Kupchan, check-worthiness 1.00, characters 1511 to 1584\n",
        "\n- **same claim**, probability 1.00: figures agree: 40,000; figures agree: 300,000; the same change\n",
        "\n  - here: “NATO just went from a rapid reaction force of **40,000** to one of **300,000**.”\n",
        "\n  - there, claim 61: NATO has increased its rapid reaction force from **40,000** to **300,000 troops**.\n",
        "\n  - “Needs context” (not rated: missing-context), Claim tracker (worked example), 2026-11-22\n",
        "\n  - that other claim: “Misleading” (not rated: misleading), Check Your Fact, 2022-04-25\n",
        "\n    - <https://checkyourfact.com/2022/04/25/fact-check-finland-sweden-nato-membership-application>\n",
        "41 sentences, 24 worth checking: 1 checked before, 1 related to a checked claim, 22 not checked before.",
    ):
        assert expected in page
    assert page.count("\n> ") == 24
    assert WORKED_EXAMPLE in told(page).replace(" .", ".")


def test_all_that_is_known_of_a_verdict_is_told() -> None:
    """Period, remarks, tags, evidence and its copy, and what made the probability where that is asked for."""
    page = shown((fixture()["check"],), explain=True)
    for expected in (
        "“Half True” (mixed, outdated), The desk, 2022-07-01, holds from 2022-06-01 to 2023-07-01 \\[map\\]",
        *("    - **its period is over**", "    - It was a plan."),
        "    - evidence: <https://doc.example/1> Table 3 (copy: <https://copy.example/1>)",
        "    - -2.0 a typical candidate",
    ):
        assert expected in page
    assert "Pants on Fire" not in page


def test_what_was_said_is_not_told_to_be_what_was_looked_for() -> None:
    """Where a pronoun gave way to a name, the label says so."""
    check = fixture()["check"]
    page = shown((check,))
    assert page.count("\n  - looked for as: NATO went from") == 4
    assert "\n  - here: " not in page
    finding = check.findings[0]
    plain = replace(check, findings=(replace(finding, statement=replace(finding.statement, claim="")),))
    assert f"\n  - here: {SEED[:16]}" in shown((plain,))


def test_what_does_not_hold_is_told() -> None:
    """The same claim whose verdict is over; a verdict without a day, and one that cannot be read."""
    check = fixture()["check"]
    match = check.findings[0].matches[0]
    verdict = replace(match.verdicts[0], standing=Standing.OVER, reviewed_on=None, normalized="unrated")
    same = replace(match, relation=Relation.SAME, verdicts=(verdict,))
    page = shown((replace(check, findings=(replace(check.findings[1], matches=(same,)),)),))
    assert "\n- **same claim, but its verdict is over**, probability 0.99" in page
    assert "\n  - “Half True” (a rating that we cannot read), The desk, date not given, held from " in page
    assert page.endswith("where the relation is “same claim” and the verdict still holds.")


def test_several_articles_stand_under_their_titles() -> None:
    """And what could not be read is named first."""
    check = fixture()["check"]
    lines = shown((check, check), unread=("c.txt: it is binary",)).splitlines()
    assert [line for line in lines if line.startswith(("# ", "## "))] == [
        *("# 2 articles from speech.txt", "## A speech", "## A speech")
    ]
    numbers = [int(line.split(":")[0].split()[1]) for line in lines if line.startswith("Statement ")]
    assert numbers == list(range(1, 9))  # as the page has them
    assert lines[2] == "**Not in this report:** c.txt: it is binary"


def test_a_report_in_markdown_goes_to_stdout(desk: CommandLine) -> None:
    """Whole and alone."""
    done = desk("check", EXAMPLE, "--markdown", "-")
    assert done.out.startswith("# nato-rapid-reaction-force.txt\n")
    assert done.out.count("\n> ") == 24


# --- what it does not do ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "word",
    [
        *(
            "# Heading",
            "- item",
            "1. item",
            "+ x",
            "===",
            "---",
            "> quote",
            "```sh\nrm\n```",
            "    code",
            "a | b\n--|--",
        ),
        *("[link](https://evil.example)", "![x](https://evil.example/x.png)", "<img src=x onerror=alert(1)>"),
        *(
            "<https://evil.example>",
            "see https://evil.example",
            "www.evil.example",
            "[a]: https://evil.example",
            "~~x~~",
        ),
        *(
            "**bold** _it_ `code` ***",
            "&lt;script&gt; &#42;",
            "a\\*b\\",
            "<!-- x -->",
            "$x$ ~x~",
            "javascript:alert(1)",
            "editor@desk.example @desk",
        ),
    ],
)
def test_nothing_that_is_quoted_comes_to_life(word: str) -> None:
    """In every text there is: its letters are shown, and the page has the shape that it always has."""
    page = shown((fixture(word)["check"],), unread=(word,), explain=True)
    plain = shown((fixture("word")["check"],), unread=("word",), explain=True)
    kinds = {
        "heading_open",
        "blockquote_open",
        "bullet_list_open",
        "paragraph_open",
        "hr",
        "inline",
        "text",
        "strong_open",
    }
    kinds |= {"code_inline"} if "@" in word else set()
    closing = {kind.replace("_open", "_close") for kind in kinds}
    assert {one.type for one in tokens(page)} <= kinds | closing | {"list_item_open", "list_item_close", "text_special"}
    blocks = ("heading_open", "blockquote_open", "hr")
    for kind in blocks:
        assert sum(one.type == kind for one in tokens(page)) == sum(one.type == kind for one in tokens(plain))
    assert clean(word) in told(page)
    assert not re.search(r"<(?!https?://)[a-z!/]", re.sub(r"\\.", "", page))


@given(st.text(st.sampled_from(ACTIVE) | st.characters(codec="utf-8"), max_size=40))
def test_an_escaped_text_is_its_letters(word: str) -> None:
    """As a paragraph, a heading, a quote, an item of a list, whatever it holds."""
    escaped = markdown.escaped(word)
    for lead in ("", "# ", "> ", "- ", "x\n\n  - "):
        inline = [one for block in COMMONMARK.parse(lead + escaped) for one in block.children or []]
        assert {one.type for one in inline} <= {"text", "text_special", "code_inline"}, lead
        assert all("@" in one.content for one in inline if one.type == "code_inline")
        assert not any(re.search(r"@\w", one.content) for one in inline if one.type != "code_inline")
        letters = "".join(one.content for one in inline)
        assert " ".join(letters.removeprefix("x" if lead[:1] == "x" else "").split()) == " ".join(
            clean(word).split()
        ), lead


@given(
    st.text(st.sampled_from(ACTIVE), max_size=30),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=4),
)
def test_marks_change_no_letter(word: str, spans: list[tuple[int, int]]) -> None:
    """What is in bold is what was marked; where Markdown can have no bold there, it is left out."""
    marked = markdown.marked(word, spans)
    inline = [one for block in COMMONMARK.parse(marked) for one in block.children or []]
    assert {one.type for one in inline} <= {"text", "text_special", "code_inline", "strong_open", "strong_close"}
    letters = "".join(one.content for one in inline)
    assert " ".join(letters.split()) == " ".join(clean(word).split())


@pytest.mark.parametrize(
    ("words", "spans", "shown"),
    [
        ("from 40,000 to 300,000.", [(5, 11), (15, 22)], "from **40,000** to **300,000**."),
        ("one two three", [(0, 3), (4, 7)], "**one two** three"),
        ("one two three", [(3, 8)], "one **two** three"),
        ("a*b", [(0, 3)], "**a\\*b**"),
        ("rose to$40", [(7, 10)], "rose to\\$40"),
        ("it rose", [], "it rose"),
        ("ask a.b@c.example, @c", [(0, 3), (19, 21)], "**ask** `a.b@c.example`, **`@c`**"),
    ],
)
def test_deciding_words_are_bold(words: str, spans: list[tuple[int, int]], shown: str) -> None:
    """Those that a reason rests on, without the blanks at their ends."""
    assert markdown.marked(words, spans) == shown


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.example/x_y?b=*c*", "<https://a.example/x_y?b=*c*>"),
        ("https://a.example/<b>", "<https://a.example/%3Cb%3E>"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("examples/my_file.txt", "examples/my\\_file.txt"),
        ("https://", "https\\://"),
    ],
)
def test_only_addresses_of_the_web_are_links(url: str, shown: str) -> None:
    """Others are shown as they stand."""
    assert markdown.address(url) == shown
