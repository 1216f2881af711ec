"""`tracker mcp` as an assistant's program meets it: the official SDK's client, over the pipes of a real process."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import mcp_types as types
import pytest
from mcp import MCPError  # noqa: TID253 - what is tested

from tests.assisting import Assistant, assistant, events, starter, text, wire
from tests.conftest import EXAMPLE, ROOT, WORKED_EXAMPLE, CommandLine
from tests.test_json_schema import validate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


STATEMENT = "NATO went from a force of 40,000 to one of 300,000"
READING, WRITING = ["search", "check", "show"], ["add", "add_verdict"]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory, cache_folder: Path, _starter: Path) -> Iterator[Assistant]:
    """An assistant that may read, for all tests that write nothing."""
    with assistant(starter(tmp_path_factory.mktemp("reading"), cache_folder, _starter)) as found:
        yield found


@pytest.fixture(scope="module")
def writer(tmp_path_factory: pytest.TempPathFactory, cache_folder: Path, _starter: Path) -> Iterator[Assistant]:
    """An assistant that may write, in the older of the protocol's two handshakes."""
    cli = starter(tmp_path_factory.mktemp("writing"), cache_folder, _starter)
    with assistant(cli, "--allow-writing", mode="legacy") as found:
        yield found


# --- what is offered --------------------------------------------------------------------------------------------------


def test_reading_is_offered_and_writing_with_the_flag(reader: Assistant, writer: Assistant) -> None:
    """Every tool says whether it writes, and none reaches beyond the store."""
    assert [*reader.tools] == READING
    assert [*writer.tools] == READING + WRITING
    for name, tool in writer.tools.items():
        hints = tool.annotations
        assert hints
        assert hints.read_only_hint is (name in READING)
        assert (hints.destructive_hint, hints.idempotent_hint, hints.open_world_hint) == (False, True, False)


def test_a_model_is_told_what_a_verdict_is_worth(reader: Assistant) -> None:
    """Both tools that find something say when a verdict carries over, and so does the server."""
    for told in (reader.tools["search"].description, reader.tools["check"].description, reader.client.instructions):
        assert told
        for rule in ("ONLY where `relation` is `same`", "Never give the bare verdict", "calibrated", "`unrelated`"):
            assert rule in told
        assert "read both sentences" in told
        assert "periods" in told


def test_no_argument_names_a_file_or_an_address_to_open(reader: Assistant) -> None:
    """What looks like one is a text to check, even where there is such a file."""
    for path in (str(EXAMPLE), "https://example.org/article", "-"):
        assert reader.answer("check", text=path)["article"]["text"] == path
    assert "source" not in json.dumps([tool.input_schema for tool in reader.tools.values()])


def test_what_is_listed_is_what_is_promised(writer: Assistant) -> None:
    """The schemas have limits, refer to nothing outside, and the outputs' are those of the commands."""
    promised = json.loads((ROOT / "tracker" / "data" / "schema.json").read_text(encoding="utf-8"))["$defs"]
    for name, tool in writer.tools.items():
        output = tool.output_schema
        assert output
        assert output["properties"] == promised["addVerdict" if name == "add_verdict" else name]["properties"]
        referred = set(re.findall(r'"#/\$defs/(\w+)', json.dumps(output)))
        assert referred == {*output["$defs"]}
        assert tool.input_schema["additionalProperties"] is False
    given = {name: tool.input_schema["properties"] for name, tool in writer.tools.items()}
    assert given["search"]["text"]["maxLength"] == 2_000
    assert given["check"]["text"]["maxLength"] == 1_000_000
    assert (given["search"]["k"]["minimum"], given["search"]["k"]["maximum"]) == (1, 50)


# --- reading ----------------------------------------------------------------------------------------------------------


def test_search_answers_as_the_command_does(reader: Assistant) -> None:
    """The worked example is found; every field is that of `tracker search --json`."""
    found = reader.answer("search", text=STATEMENT, k=2)
    assert found["matches"][0]["claim"] == WORKED_EXAMPLE
    assert found["matches"][0]["claim_id"] == 61
    assert found == reader.cli("search", STATEMENT, "-k", "2", "--json").json
    validate(found, "search")


def test_search_heeds_what_is_known_about_a_statement(reader: Assistant) -> None:
    """The day, the speaker, the context and the day of the answer count as they do for the command."""
    more = {"as_of": "27 June 2022", "said_on": "2022-06-30", "speaker": "Charles Kupchan", "context": "He spoke."}
    options = [part for name, value in more.items() for part in (f"--{name.replace('_', '-')}", value)]
    found = reader.answer("search", text=STATEMENT, **more)
    assert found["as_of"] == "2022-06-27"
    assert found == reader.cli("search", STATEMENT, *options, "--json").json


def test_check_answers_as_the_command_does(reader: Assistant) -> None:
    """The example article, handed over as a text."""
    article = EXAMPLE.read_text(encoding="utf-8")
    found = reader.answer("check", text=article)
    assert found == reader.cli("check", "-", "--json", stdin=article).json
    assert [one["outcome"] for one in found["findings"]].count("checked") == 1
    validate(found, "check")


def test_check_takes_the_day_the_title_and_the_limits(reader: Assistant) -> None:
    """What is said about the article is in the answer; fewer sentences count, with fewer matches each."""
    article = EXAMPLE.read_text(encoding="utf-8")
    found = reader.answer("check", text=article, title="The alliance", published_on="2022-07-01", min_worth=0.97, k=1)
    assert (found["article"]["title"], found["article"]["published_on"]) == ("The alliance", "2022-07-01")
    worth = [one["statement"]["check_worthiness"] for one in found["findings"]]
    assert 0 < len(worth) < 24
    assert min(worth) >= 0.97
    assert max(len(one["matches"]) for one in found["findings"]) == 1


def test_show_answers_as_the_command_does(reader: Assistant) -> None:
    """A claim with its verdicts."""
    found = reader.answer("show", claim_id=61)
    assert found == reader.cli("show", "61", "--json").json
    validate(found, "show")


# --- what goes wrong --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tool", "arguments", "why"),
    [
        ("show", {"claim_id": 4711}, r"claim 4711: not in .*desk\.db; 'tracker list' shows what is"),
        ("show", {"claim_id": 2**70}, "claim_id: input should be less than"),
        ("show", {"claim_id": "61"}, "claim_id: input should be a valid integer"),
        ("show", {"claim_id": True}, "claim_id: input should be a valid integer"),
        ("show", {}, "claim_id: field required"),
        ("search", {"text": ""}, "it has no words"),
        ("search", {"text": "?!"}, "it has no words"),
        ("search", {"text": "x" * 2_001}, "text: string should have at most 2000 characters"),
        ("search", {"text": "a\0b"}, "NUL character"),
        ("search", {"text": STATEMENT, "k": 51}, "k: input should be less than or equal to 50"),
        ("search", {"text": STATEMENT, "k": 0, "file": "/etc/passwd"}, "k: .*; file: extra inputs are not permitted"),
        ("search", {"text": STATEMENT, "as_of": "06/07/2022"}, r"as_of: date '06/07/2022': .*which is the month"),
        ("search", {"text": STATEMENT, "said_on": ""}, "said_on: date ''"),
        ("search", {"text": ["no", "list"]}, "text: input should be a valid string"),
        ("search", {"text": STATEMENT, "x\x1b[2J\nx" * 99: 1}, "extra inputs are not permitted"),
        ("check", {"text": ""}, "cannot read the text: it has no text"),
        ("check", {"text": "x" * 1_000_001}, "text: string should have at most 1000000 characters"),
        ("check", {"text": "\0"}, "cannot read the text: it is binary"),
        ("check", {"text": "It rained.", "min_worth": 1.5}, "min_worth: input should be less than or equal to 1"),
        ("check", {"text": "It rained.", "published_on": "soon"}, "published_on: date 'soon'"),
    ],
)
def test_a_slip_is_one_line_and_the_server_goes_on(
    reader: Assistant, tool: str, arguments: dict[str, object], why: str
) -> None:
    """What is wrong and where, as a tool's error that the model can read."""
    assert re.search(why, reader.error(tool, **arguments))


@pytest.mark.parametrize("tool", WRITING)
def test_without_the_flag_nothing_can_be_written(reader: Assistant, tool: str) -> None:
    """A tool that is not listed cannot be called either, and the flag is named."""
    before = events(reader.cli)
    with pytest.raises(MCPError, match="only with --allow-writing"):
        reader.call(tool, claim="It rained.", claim_id=1, rating="False")
    assert events(reader.cli) == before


def test_half_characters_and_broken_lines_cost_no_other_answer(desk: CommandLine) -> None:
    """A text that was cut in the middle of an emoji is searched without that half."""
    with wire(desk) as server:
        server.send(b"no JSON {")
        server.send(b"\xff\xfe \\ud800")
        server.send(b"[" * 100_000 + b"\\ud800")
        found = server.call("search", {"text": "Rain \ud83d", "k": 1})
        assert found["result"]["structuredContent"]["query"] == "Rain ?"
        found = server.call("search", {"text": "Rain \U0001f327 \\ud83d", "k": 1})
        assert found["result"]["structuredContent"]["query"] == "Rain \U0001f327 \\ud83d"
        assert server.call("search", ["a list"])["error"]["code"] == types.INVALID_PARAMS


def test_what_a_reader_cannot_see_is_written_out(writer: Assistant) -> None:
    """Marks that turn the reading direction are escapes in the text that a model or a person is shown."""
    number = writer.answer("add", claim="The dam\u202eis safe.\u200b")["claim_id"]
    shown = text(writer.call("show", claim_id=number))
    assert "\\u202e" in shown
    assert "\u202e" not in shown


# --- writing ----------------------------------------------------------------------------------------------------------


def test_what_an_assistant_adds_is_found_and_says_so(writer: Assistant) -> None:
    """The claim is found at once, by both; the log names who used the assistant, and that it was one."""
    claim = "The Aldersea dam was finished in 1962."
    about: dict[str, Any] = {
        "rating": "False",
        "publisher": "Our desk",
        "url": "https://desk.example/1",
        "review_date": "2022-06-27",
    }
    evidence = [{"url": "https://archive.example/dam", "note": "the plans"}]
    about |= {"claimant": "A. Mayor", "tags": ["outdated"], "evidence": evidence}
    done = writer.answer("add", claim=claim, **about)
    validate(done, "add")
    assert done["created"]
    assert writer.answer("add", claim=claim, **about) == {**done, "created": False}
    found = writer.answer("search", text="The dam of Aldersea was finished in 1962", k=1)
    assert found["matches"][0]["claim_id"] == done["claim_id"]
    (verdict,) = found["matches"][0]["verdicts"]
    assert (verdict["rating"], verdict["publisher"], verdict["reviewed_on"]) == ("False", "Our desk", "2022-06-27")
    assert verdict["evidence"] == [{**evidence[0], "archive_url": None}]
    story = writer.cli("history", done["claim_id"], "--json").json
    assert {event["author"] for event in story["events"]} == {"tester (assistant)"}
    assert "tester (assistant)" in writer.cli("history", done["claim_id"]).out


def test_a_verdict_is_put_beside_and_corrected(writer: Assistant) -> None:
    """A correction keeps what it does not say anew, as the command's does, and the old verdict stays readable."""
    claim_id = writer.answer("add", claim="The Aldersea bridge carries 4,000 cars a day.")["claim_id"]
    said = {"publisher": "Our desk", "note": "Counted in May.", "valid_to": "2031-01-01", "tags": ["old count"]}
    first = writer.answer("add_verdict", claim_id=claim_id, rating="True", **said)
    validate(first, "addVerdict")
    assert first == {"verdict_id": first["verdict_id"], "claim_id": claim_id, "created": True}
    assert writer.answer("add_verdict", claim_id=claim_id, rating="True", **said) == {**first, "created": False}
    second = writer.answer(
        "add_verdict",
        claim_id=claim_id,
        rating="Mostly true",
        claim_date="2022-05-01",
        supersedes=first["verdict_id"],
        because="counted again",
    )
    old, new = writer.answer("show", claim_id=claim_id)["verdicts"]
    assert (old["standing"], old["superseded_by"]) == ("superseded", second["verdict_id"])
    assert (new["rating"], new["explanation"], new["valid_to"]) == ("Mostly true", "Counted in May.", "2031-01-01")
    assert (new["claimed_on"], new["tags"][0], new["because"]) == ("2022-05-01", "old-count", "counted again")


@pytest.mark.parametrize(
    ("tool", "arguments", "why"),
    [
        ("add", {"claim": "  "}, "it has no words"),
        ("add", {"claim": "It rained.", "publisher": "Desk"}, "verdict: it has no rating"),
        ("add", {"claim": "It rained.", "rating": "False", "url": "file:///etc/passwd"}, "not a web address"),
        ("add", {"claim": "It rained.", "rating": "False", "review_date": "2999-01-01"}, "review_date: date .*outside"),
        ("add", {"claim": "It rained.", "rating": "False", "evidence": [{"note": "x"}]}, r"evidence\.0\.url: field"),
        ("add", {"claim": "x" * 10_001}, "claim: string should have at most 10000 characters"),
        ("add_verdict", {"claim_id": 4711, "rating": "False"}, "claim 4711: not in"),
        ("add_verdict", {"claim_id": 1, "rating": "x", "supersedes": 4711}, "verdict 4711: not in"),
        ("add_verdict", {"claim_id": 1, "publisher": "Desk"}, "rating: field required"),
    ],
)
def test_what_cannot_be_stored_is_refused_whole(
    writer: Assistant, tool: str, arguments: dict[str, object], why: str
) -> None:
    """Nothing of it is in the store."""
    before = events(writer.cli)
    assert re.search(why, writer.error(tool, **arguments))
    assert events(writer.cli) == before


def test_two_writers_lose_nothing(writer: Assistant) -> None:
    """The command line and the assistant write into one store at once; every claim is there, and the log is whole."""
    own, others = [f"Mill {n} closed in 1990." for n in range(40)], [f"Pit {n} opened in 1890." for n in range(5)]
    with ThreadPoolExecutor(1) as thread:
        commands = thread.map(lambda claim: writer.cli("add", claim, "--yes", "--json"), others)
        added = [writer.answer("add", claim=claim) for claim in own]
        done = [*commands]
    assert [one.code for one in done] == [0] * len(others)
    stored = {claim["claim_id"]: claim["claim"] for claim in writer.cli("list", "--json").json["claims"]}
    assert [stored[one["claim_id"]] for one in added] == own
    assert [stored[one.json["claim_id"]] for one in done] == others
    assert writer.answer("search", text=others[-1], k=1)["matches"][0]["claim"] == others[-1]
    assert writer.cli("verify").code == 0
