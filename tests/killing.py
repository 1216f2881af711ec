"""A power cut at every point: a piece of work is done again and again, and killed a little later each time."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_SCRIPT = """
import logging, os, shutil, signal, sys
from pathlib import Path
import sqlite_utils  # once, not in every child
from tracker import backup, copies, schema

logging.disable()
copies.PAGES_A_STEP = 10
start, folder, every = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
ours = tuple(module.__file__ for module in (backup, copies, schema))


def work(here):
    WORK


def kill_at(point):
    left = point

    def tick(frame, event, arg):
        nonlocal left
        near = (frame, frame.f_back or frame)  # a function of theirs, or one that they call
        if event in ("call", "c_call", "c_return") and any(one.f_code.co_filename in ours for one in near):
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(tick)


point = every
while True:
    here = folder / f"{point:05}"
    shutil.copytree(start, here)
    child = os.fork()
    if child == 0:
        kill_at(point)
        work(here)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if not os.WIFSIGNALED(status):
        sys.exit(os.waitstatus_to_exitcode(status))
    point += every
"""


def killed(work: str, start: Path, folder: Path, *, every: int = 1) -> list[Path]:
    """What is left of the folder `start` after `work(here)` on a copy of it, killed at each (`every`th) call it makes.

    The last one of the list was not killed. `work` is a statement; `backup`, `copies` and `schema` are imported.
    """
    script = _SCRIPT.replace("WORK", work)
    arguments = [sys.executable, "-c", script, str(start), str(folder), str(every)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return sorted(folder.iterdir())
