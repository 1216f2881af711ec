"""How store-0003.db came to be: run once, with the tracker whose newest migration was 0003_feedback.

    PYTHONPATH=<a checkout of commit c33f7a4> python tests/data/make_store_0003.py tests/data/store-0003.db

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
from tracker.models import Article, Evidence, NewClaim, NewVerdict
from tracker.pipeline import Tracker

ARTICLE = """Ferry to Nørrevig runs again

The ferry to Nørrevig carried 12,000 passengers in 2021, the company said.
The old pier was built in 1874.
Good night!
"""


def main(path: Path) -> None:
    scripts = [script.stem for script in schema.migration_scripts()]
    assert scripts == ["0001_initial", "0002_history", "0003_feedback"], "another tracker's schema"
    with Tracker.open(path) as tracker:
        said = NewVerdict(
            "Half true",
            publisher="Coast Check",
            publisher_site="coastcheck.example",
            url="https://coastcheck.example/ferry",
            reviewed_on=date(2022, 1, 5),
            valid_from=date(2021, 1, 1),
            valid_to=date(2021, 12, 31),
            claimed_on=date(2022, 1, 2),
            tags=("rounded",),
            evidence=(Evidence("https://ferry.example/2021", "the “yearbook”", "https://copies.example/1"),),
        )
        ferry = tracker.add(NewClaim("The ferry to Nørrevig carried 12,000 passengers in 2021.", "1"), said)
        tracker.add_verdict(
            ferry.claim_id,
            NewVerdict("Mostly true", publisher="Coast Check"),
            supersedes=ferry.verdict_id,
            because="The yearbook was corrected.",
        )
        told = NewClaim("Some 12,000 people took the ferry to Nørrevig in 2021.", claimant="A mayor")
        other = tracker.add(told).claim_id
        pier = tracker.add(NewClaim("The old pier of Nørrevig was built in 1874."), NewVerdict("True")).claim_id
        later = tracker.add(NewClaim("The old pier of Nørrevig was built in 1894."), NewVerdict("False")).claim_id
        curation = tracker.store.curation
        curation.undo(curation.merge(ferry.claim_id, pier, because="a slip"), because="they are two")
        curation.merge(ferry.claim_id, other, because="the same, told otherwise")
        curation.link(pier, later, "different-figure")
        wrong = tracker.add(NewClaim("Nørrevig has two lighthouses."), NewVerdict("True", publisher="Our desk"))
        curation.retract_verdict(wrong.verdict_id, because="There is one.")
        gone = tracker.add(NewClaim("Nørrevig lies on an island of its own.")).claim_id
        curation.retract_claim(gone, because="Nobody said so.")
        tracker.import_rows(
            [Row("feed 1", NewClaim("A third of all ferries to Nørrevig run late.", "9", check_worthiness=1 / 3), None)]
        )
        tracker.store.add_claim(NewClaim("The ferry company has four ships."))  # and no vector
        article = Article(source="ferry.txt", text=ARTICLE, author="A. Writer", published_on=date(2022, 1, 3))
        tracker.feedback("Norrevig's pier dates from 1874", pier, answer=True, because="the same pier")
        tracker.save(tracker.check_article(article, min_worth=0.2))
    conn = sqlite3.connect(path)
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    conn.close()
    path.with_name(path.name + ".faiss").unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
