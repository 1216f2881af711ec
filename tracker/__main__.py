"""Run the command line: as `tracker`, or as `python -m tracker`."""

import sys


def main() -> None:
    """Run the command line; Ctrl-C before it is up ends quietly too."""
    try:
        from tracker.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
