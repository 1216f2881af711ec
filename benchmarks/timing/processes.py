"""Fresh processes, timed: wall clock, CPU and peak memory of each, contenders taking turns.

Whoever measures imports nothing heavy: Linux counts the parent's memory to a child until that starts its program, so
all work is done in children, and what they find they print as one line of JSON.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

BENCHMARKS = Path(__file__).resolve().parent.parent
ROOT = BENCHMARKS.parent
TRACKER = str(Path(sys.executable).parent / "tracker")
FLOORS = BENCHMARKS / "timing" / "floors"
ARTICLE = ROOT / "examples" / "nato-rapid-reaction-force.txt"

Command = list[str]
_TAIL = 1 << 20  # bytes of its output that are read


@dataclass(frozen=True)
class Run:
    """One process from its start to its end."""

    seconds: float
    cpu: float
    peak_mb: float
    last_line: str

    @property
    def told(self) -> Any:
        """The last line that it printed, as JSON."""
        return json.loads(self.last_line)


def environment(**more: str) -> dict[str, str]:
    """What every process gets: no model hub, the benchmarks' own modules, and modules compiled once."""
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**own, "HF_HUB_OFFLINE": "1", "PYTHONPATH": str(BENCHMARKS), **more}


def run(command: Command, **env: str) -> Run:
    """Run a command to its end; one that fails ends the benchmark with what it said."""
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile("w+") as complained:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=said, stderr=complained, env=environment(**env), cwd=ROOT)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(max(0, said.tell() - _TAIL))  # the driver stays small
        complained.seek(0)
        if process.returncode:
            sys.exit(f"{' '.join(command)}: ended with {process.returncode}\n{complained.read()[-2000:]}")
        return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, _last_line(said.read()))


def _last_line(output: bytes) -> str:
    return output.decode(errors="replace").rstrip("\n").rpartition("\n")[2]


def module(name: str, *arguments: object, python: str = sys.executable) -> Command:
    """The command that runs one of the modules here."""
    return [python, "-m", f"timing.{name}", *map(str, arguments)]


def in_turns(contenders: Mapping[str, Callable[[int], Command]], rounds: int) -> dict[str, list[Run]]:
    """Each contender once a round, in the same order, after one round that only warms the disk's cache.

    A contender is told the round's number, so that all are asked the same in a round.
    """
    found: dict[str, list[Run]] = {name: [] for name in contenders}
    for number in range(rounds + 1):
        for name, command in contenders.items():
            done = run(command(number))
            if number:
                found[name].append(done)
            _tell(f"round {number} of {rounds}: {name} {done.seconds:.2f} s")
    _tell("")
    return found


def always(command: Command) -> Callable[[int], Command]:
    """A contender that is asked the same in every round."""
    return lambda _number: command


def _tell(what: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{what}", end="", file=sys.stderr, flush=True)


def summary(runs: Sequence[Run]) -> dict[str, float]:
    """Medians of seconds, CPU seconds and peak memory, and the fastest."""
    return {
        "seconds": statistics.median(one.seconds for one in runs),
        "fastest": min(one.seconds for one in runs),
        "cpu": statistics.median(one.cpu for one in runs),
        "peak_mb": statistics.median(one.peak_mb for one in runs),
    }


def ratio(ours: Sequence[Run], theirs: Sequence[Run]) -> float:
    """The median of the rounds' ratios: what slows the machine for a while slows both."""
    return statistics.median(a.seconds / b.seconds for a, b in zip(ours, theirs, strict=True))
