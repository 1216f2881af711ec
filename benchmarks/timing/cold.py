"""Cold starts: `tracker search` and the plain commands as fresh processes, against floors and peers (points 1)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from timing.peers import llm_command
from timing.places import place
from timing.processes import FLOORS, TRACKER, always, in_turns, ratio, summary
from timing.tables import target

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from timing.processes import Command

FLOOR, SEARCH, HEAVY, LLM = "floor of a search", "tracker search", "sentence-transformers script", "llm similar"
PLAIN = {
    "--help": (["--help"], ["--help"]),
    "list --limit 20": (["list", "--limit", "20"], ["list", "--limit", "20"]),
    "list": (["list"], ["list"]),
    "show 7": (["show", "7"], ["show", "7"]),
}


def measure(options: Namespace) -> dict[str, Any]:
    """Rounds of all contenders, each round with another question."""
    here = place(options.claims, options.data)
    asked, store = here.queries, str(here.store)

    def script(name: str, *arguments: str) -> Command:
        return [sys.executable, str(FLOORS / name), store, *arguments]

    contenders: dict[str, Callable[[int], Command]] = {
        FLOOR: lambda n: script("find.py", asked[n]),
        SEARCH: lambda n: [TRACKER, "--store", store, "search", asked[n]],
        HEAVY: lambda n: script("heavy.py", asked[n]),
    }
    if llm := llm_command(here):
        contenders[LLM] = lambda n: [*llm, asked[n]]
    for name, (ours, bare) in PLAIN.items():
        contenders[f"bare Typer script, {name}"] = always(script("bare_typer.py", *bare))
        contenders[f"tracker {name}"] = always([TRACKER, "--store", store, *ours])
    found = in_turns(contenders, options.rounds)
    targets = [
        target("tracker search / floor", ratio(found[SEARCH], found[FLOOR]), 1.3),
        target("sentence-transformers script / tracker search", ratio(found[HEAVY], found[SEARCH]), 15, at_least=True),
    ]
    if llm:
        targets.append(target("llm similar / tracker search", ratio(found[LLM], found[SEARCH]), 15, at_least=True))
    for name in PLAIN:
        both = found[f"tracker {name}"], found[f"bare Typer script, {name}"]
        targets.append(target(f"tracker {name} / bare Typer script", ratio(*both), 1.5))
    rows = [{"process": name, **summary(runs)} for name, runs in found.items()]
    return {"claims": here.claims, "rounds": options.rounds, "rows": rows, "targets": targets}
