"""The files that a report is written to: looked at before the work that fills them, written whole or not at all."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.errors import UsageProblem
from tracker.lines import require_writable, write_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tracker.reports.report import Report

STDOUT = "-"
_ENDINGS = {"--html": (".html", ".htm"), "--markdown": (".md", ".markdown")}


@dataclass(frozen=True, slots=True)
class Targets:
    """A page of HTML, a Markdown file, or both; `-` is standard output."""

    html: str | None = None
    markdown: str | None = None

    @property
    def named(self) -> dict[str, str]:
        """The targets that there are, by the option that names them."""
        given = {"--html": self.html, "--markdown": self.markdown}
        return {option: name for option, name in given.items() if name is not None}

    @property
    def on_stdout(self) -> bool:
        """True where standard output is taken by a report."""
        return STDOUT in self.named.values()

    def require(self, source: str, taken: Iterable[Path]) -> None:
        """Make sure that they can be written, and are neither what is read nor one of the files `taken`.

        A name must end as such a file's name does: so no store and no document is overwritten by a slip of the hand.
        Raises UsageProblem, UnreadableSource.
        """
        if list(self.named.values()).count(STDOUT) > 1:
            raise UsageProblem("--html and --markdown: '-' can stand for one of them only")
        files = {option: Path(name) for option, name in self.named.items() if name != STDOUT}
        for option, path in files.items():
            if path.suffix.casefold() not in _ENDINGS[option]:
                msg = f"{option} {path}: the file's name must end in {' or '.join(_ENDINGS[option])}"
                raise UsageProblem(msg)
            if _is_read(path, source):
                msg = f"{option} {path}: is what is checked, or in the folder that is; name another file"
                raise UsageProblem(msg)
            require_writable(path, taken)

    def write(self, report: Report) -> Iterator[Path]:
        """Write the report to each of them, replacing a file that is there; the files, as they are written.

        Raises UnreadableSource where one cannot be written.
        """
        for option, name in self.named.items():
            text = _rendered(option, report)
            if name == STDOUT:
                sys.stdout.write(text)
            else:
                write_lines(Path(name), [text.rstrip("\n")])
                yield Path(name)


def _is_read(path: Path, source: str) -> bool:
    """True for the file that is checked, under whatever name, and for every file in a folder that is."""
    read = Path(source)
    try:
        if read.is_dir():
            return path.resolve().is_relative_to(read.resolve())
        return read.exists() and path.exists() and read.samefile(path)
    except (OSError, ValueError):  # an address, or a name that no file can have
        return False


def _rendered(option: str, report: Report) -> str:
    if option == "--html":
        from tracker.reports.html import page  # it brings a template engine, which no other report needs

        return page(report)
    from tracker.reports.markdown import page as lines

    return "".join(f"{line}\n" for line in lines(report))
