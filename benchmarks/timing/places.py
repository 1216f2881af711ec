"""The stores that are measured, the questions put to them, and the peers' own Python; made where they are missing."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from timing.processes import ROOT, module, run

if TYPE_CHECKING:
    from pathlib import Path

SPEED = ROOT / ".training-cache" / "speed"
PEERS_PYTHON = ROOT / ".bench-venv" / "bin" / "python"


@dataclass(frozen=True)
class Place:
    """What is measured: the store's file, its folder, and how many claims are in it."""

    claims: int
    folder: Path

    @property
    def store(self) -> Path:
        """The store's file."""
        return self.folder / "claims.db"

    @property
    def queries(self) -> list[str]:
        """The questions."""
        found: list[str] = json.loads((self.folder / "queries.json").read_text(encoding="utf-8"))
        return found


def place(claims: int, data: Path | None) -> Place:
    """The store of so many claims, made if it is not there or not whole."""
    found = Place(claims, SPEED / str(claims))
    if not (found.folder / "raw.faiss").is_file():
        print(f"making a store of {claims:,} claims", file=sys.stderr, flush=True)
        run(module("stores", claims, *(["--data", data] if data else [])))
    return found


def peers_python() -> str | None:
    """The Python that has the peers; None where nobody has made it."""
    return str(PEERS_PYTHON) if PEERS_PYTHON.is_file() else None
