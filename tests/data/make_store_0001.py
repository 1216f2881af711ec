"""How store-0001.db came to be: run once, with the tracker whose newest migration was 0001_initial.

    PYTHONPATH=<a checkout of commit a5d2c6c> python tests/data/make_store_0001.py tests/data/store-0001.db

The texts are our own. The file is kept so that every later tracker is tried on a store that an earlier one really made;
it is never made again.
"""
# It was written for the tracker of that commit:
# mypy: ignore-errors

from __future__ import annotations

import sqlite3
import sys
from datetime import date
from pathlib import Path

from tracker import schema
from tracker.feeds import Row
from tracker.models import Article, NewClaim, NewVerdict
from tracker.pipeline import Tracker

ARTICLE = """Harbour wall to be raised

The harbour wall at Sandholm will be raised by two metres, the port authority said on Monday.
The harbour at Sandholm handled 4.2 million tonnes of grain in 2019.
Unemployment in Sandholm fell to 3.1 per cent last year, the mayor told the council.
Have a nice day!
"""


def main(path: Path) -> None:
    assert [script.stem for script in schema.migration_scripts()] == ["0001_initial"], "another tracker's schema"
    with Tracker.open(path) as tracker:
        grain = tracker.add(
            NewClaim(
                "The harbour at Sandholm handled 4.2 million tonnes of grain in 2019.",
                external_id="1",
                title="Did Sandholm handle 4.2 million tonnes of grain?",
                claimant="Port authority",
                claimed_on=date(2020, 2, 11),
                language="en",
            ),
            NewVerdict(
                "Mostly true",
                publisher="Coast Check",
                publisher_site="coastcheck.example",
                url="https://coastcheck.example/1",
                reviewed_on=date(2020, 3, 1),
                explanation="The port's yearbook says 4.17 million.",
                valid_from=date(2019, 1, 1),
                valid_to=date(2019, 12, 31),
            ),
        ).claim_id
        tracker.add_verdict(grain, NewVerdict("Correct", publisher="Grain Facts", reviewed_on=date(2020, 3, 4)))
        wolves = tracker.add(
            NewClaim("Wolves “killed” 300 sheep in the Fell valley in one night – so they say.", claimant="A farmer"),
            NewVerdict("False", publisher="Our desk", explanation="Seven sheep."),
        )
        first = tracker.add_verdict(
            wolves.claim_id,
            NewVerdict("Mostly false", publisher="Our desk", explanation="Seventy sheep."),
            supersedes=wolves.verdict_id,
        )[0]
        tracker.add_verdict(
            wolves.claim_id,
            NewVerdict("Unproven", publisher="Our desk", explanation="Nobody counted them."),
            supersedes=first,
        )
        tracker.import_rows(
            [
                Row(
                    "feed 1",
                    NewClaim("The lighthouse of Nørrevig is the oldest in the country.", external_id="1"),
                    NewVerdict("Missing context", publisher="Grain Facts", url="https://grainfacts.example/lighthouse"),
                ),
                Row("feed 2", NewClaim("The harbour at Sandholm has no customs office.", external_id="77"), None),
            ]
        )
        tracker.store.add_claim(NewClaim("A third of all ferries run late.", check_worthiness=1 / 3))  # and no vector
        article = Article(source="harbour.txt", text=ARTICLE, author="A. Writer", published_on=date(2020, 2, 12))
        tracker.save(tracker.check_article(article, min_worth=0.2))
    conn = sqlite3.connect(path)
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    conn.close()
    path.with_name(path.name + ".faiss").unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
