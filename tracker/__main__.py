"""Run the command line, as `tracker` or as `python -m tracker`: its streams, its warnings, and how it ends."""

from __future__ import annotations

import contextlib
import errno
import gc
import logging
import os
import sys


def main() -> None:
    """Run the command line; Ctrl-C ends it quietly, before it is up too."""
    try:
        _run()
    except KeyboardInterrupt:
        sys.exit(130)


def _run() -> None:
    gc.set_threshold(100_000)  # what a command makes while it starts stays: to look through it again and again is idle
    from tracker import settings
    from tracker.cli import app
    from tracker.reports.plain import clean

    settings.one_blas_thread()

    class OneLine(logging.Formatter):
        """A warning as one line that cannot move the cursor."""

        def format(self, record: logging.LogRecord) -> str:
            return f"tracker: {clean(record.getMessage())}"

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLine())
    logging.getLogger("tracker").addHandler(handler)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):  # closed, or replaced by something else
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # a TextIOWrapper here
    try:
        try:
            app()
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except OSError as error:
        if error.errno not in (errno.EPIPE, errno.ENOSPC, errno.EIO):
            raise
        _give_up_output(error)


def _give_up_output(error: OSError) -> None:
    """End without a traceback where nobody reads what we print, or it cannot be written."""
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - or Python complains at exit
    if error.errno != errno.EPIPE:  # else the reader has seen enough, as `head` does
        print(f"tracker: the output cannot be written ({error.strerror})", file=sys.stderr)
        sys.exit(1)
    sys.exit(0)


if __name__ == "__main__":
    main()
