"""Articles: a cold `tracker check` on the example article, against the floor with its sentences (point 5)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from timing.places import place
from timing.processes import ARTICLE, FLOORS, TRACKER, in_turns, module, ratio, run, summary
from timing.tables import target

if TYPE_CHECKING:
    from argparse import Namespace


def measure(options: Namespace) -> dict[str, Any]:
    """The floor encodes every sentence that the tracker reads in the article."""
    here = place(options.claims, options.data)
    sentences: list[str] = run(module("articles", ARTICLE)).told
    found = in_turns(
        {
            "floor with all sentences": lambda _: [
                *(sys.executable, str(FLOORS / "find.py"), str(here.store)),
                *sentences,
            ],
            "tracker check": lambda _: [TRACKER, "--store", str(here.store), "check", str(ARTICLE)],
        },
        options.rounds,
    )
    return {
        "claims": here.claims,
        "sentences": len(sentences),
        "rounds": options.rounds,
        "rows": [{"process": name, **summary(runs)} for name, runs in found.items()],
        "targets": [
            target(
                f"tracker check / floor with its {len(sentences)} sentences",
                ratio(found["tracker check"], found["floor with all sentences"]),
                1.5,
            )
        ],
    }


def main() -> None:
    """Print the sentences of an article as one line of JSON."""
    import json

    from tracker.articles import read_article
    from tracker.sentences import split_sentences

    print(json.dumps([one.text for one in split_sentences(read_article(sys.argv[1]).text)]))


if __name__ == "__main__":
    main()
