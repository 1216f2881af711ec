"""The JSON that scripts rely on is what tracker/data/schema.json promises."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from tests.conftest import EXAMPLE, ROOT

if TYPE_CHECKING:
    from tests.conftest import CommandLine

SCHEMA = json.loads((ROOT / "tracker" / "data" / "schema.json").read_text(encoding="utf-8"))


def strict(schema: Any) -> Any:
    """The schema with every undocumented field refused: fields may be added, but not without being documented."""
    if not isinstance(schema, dict):
        return [strict(one) for one in schema] if isinstance(schema, list) else schema
    closed = {"additionalProperties": False} if isinstance(schema.get("properties"), dict) else {}
    return closed | {name: strict(one) for name, one in schema.items()}


def validate(found: Any, name: str) -> None:
    schema = {"$schema": SCHEMA["$schema"], "$defs": strict(SCHEMA["$defs"]), "$ref": f"#/$defs/{name}"}
    jsonschema.validate(found, schema, format_checker=jsonschema.FormatChecker())


def test_every_command_keeps_its_promise(desk: CommandLine) -> None:
    """Each command's JSON validates, on a store with superseded verdicts, appearances and claims that wait."""
    (desk.folder / "feed.csv").write_text(
        "id,claim,rating,url,claim_date\nf1,It rained.,False,https://e.example/1,2022-01-02\n"
        "f2,It snowed.,,,\nf1,It rained.,True,https://e.example/1,\nbad,,,,\n",
        encoding="utf-8",
    )
    answers = [f"Text number {row // 3} on NATO,{row % 3 + 1},{'no' if row % 3 else 'yes'}" for row in range(60)]
    (desk.folder / "answers.csv").write_text(
        "query,claim_id,answer\n" + "\n".join([*answers, "bad,,"]), encoding="utf-8"
    )
    calls: dict[str, list[object]] = {
        "import": ["import", "feed.csv"],
        "quarantine": ["quarantine", "list"],
        "ratings": ["ratings"],
        "ratingMapped": ["ratings", "map", "Scam", "false", "--tag", "scam"],
        "check": ["check", EXAMPLE, "--min-worth", "0.1", "--save"],
        "spot": ["spot", EXAMPLE],
        "search": ["search", "NATO has 300,000 troops", "-k", "20"],
        "relate": ["relate", "NATO has 300,000 troops", "NATO has 40,000 troops"],
        "add": [
            "add",
            "NATO has increased its rapid reaction force from 40,000 to 300,000 troops!!",
            "--rating",
            "Scam",
        ],
        "addVerdict": ["verdict", "1", "Outdated", "--publisher", "Desk", "--valid-from", "2022-05-18"],
        "list": ["list"],
        "stats": ["stats"],
        "suggestMerges": ["suggest-merges"],
        "export": ["export", "out.csv"],
        "reindex": ["reindex"],
        "retract": ["retract", "2", "--because", "withdrawn"],
        "feedback": ["feedback", "300,000 troops are ready", "61", "yes", "--because", "the same"],
        "feedbackFile": ["feedback", "--file", "answers.csv"],
        "answers": ["feedback"],
        "tune": ["tune"],
        "tuneReset": ["tune", "--reset"],
        "merge": ["merge", "61", "65"],
        "linkDone": ["link", "1", "2", "--relation", "broader"],
        "log": ["log"],
        "verify": ["verify"],
        "doctor": ["doctor"],
        "backup": ["backup", "copy.db"],
        "restore": ["restore", "copy.db"],
    }
    found = {name: desk(*arguments, "--json").json for name, arguments in calls.items()}
    found["history"] = desk("history", "61", "--json").json
    found["dropped"] = desk("quarantine", "drop", "--all", "--json").json
    assert found["dropped"]["dropped"] == [one["id"] for one in found["quarantine"]["quarantined"]] != []
    found["validate"] = desk("validate", ROOT / "examples" / "publisher-feed.json", "--json").json
    assert found["validate"]["errors"]
    found["undo"] = desk("undo", found["merge"]["event_id"], "--json").json
    for name, one in found.items():
        validate(one, name)
    for claim in found["list"]["claims"]:
        validate(desk("show", claim["claim_id"], "--json").json if claim["external_id"] else {**_shown(claim)}, "show")
    assert found["add"]["near_duplicates"]
    assert {len(claim["verdicts"]) for claim in found["list"]["claims"]} == {0, 1, 2}
    seen = desk("show", "61", "--json").json
    validate(seen, "show")
    assert seen["appearances"]
    assert found["check"]["article"]["language"] is None  # a plain text states none


def _shown(claim: dict[str, Any]) -> dict[str, Any]:
    """A listed claim in the shape of `show`, so that not every one of them costs a process."""
    return {
        "claim": {name: value for name, value in claim.items() if name != "verdicts"},
        "verdicts": claim["verdicts"],
        "appearances": [],
        "disagreement": False,
        "merged": [],
        "links": [],
        "retracted": None,
        "sightings": [],
    }


@pytest.mark.parametrize(
    "broken", [{"query": "x"}, {"query": "x", "matches": [{}]}, {"query": "x", "matches": [], "y": 1}]
)
def test_the_schema_refuses_what_was_not_promised(broken: dict[str, Any]) -> None:
    """A missing or an undocumented field is an error, so the schema cannot fall behind."""
    with pytest.raises(jsonschema.ValidationError):
        validate(broken, "search")
