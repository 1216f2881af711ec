"""The floor of a command that needs no vector: a bare Typer script that opens SQLite and prints rows.

python benchmarks/timing/floors/bare_typer.py STORE [--help | list [--limit N] | show ID]
"""

from __future__ import annotations

import sqlite3
import sys
from typing import Annotated

import typer

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
STORE = sys.argv.pop(1)


@app.command(name="list")
def list_claims(limit: Annotated[int, typer.Option()] = -1) -> None:
    """Print claims, the newest first."""
    for number, text in sqlite3.connect(STORE).execute("SELECT id, text FROM claims ORDER BY id DESC LIMIT ?", [limit]):
        print(f"[{number}] {text}")


@app.command()
def show(number: int) -> None:
    """Print a claim with its verdicts."""
    conn = sqlite3.connect(STORE)
    print(*conn.execute("SELECT id, text, title, claimant FROM claims WHERE id = ?", [number]).fetchone())
    for row in conn.execute("SELECT rating, publisher, url FROM verdicts WHERE claim_id = ?", [number]):
        print(*row)


app()
