"""The cells of a table that is written: none of them is a formula for the spreadsheet that opens it.

An apostrophe in front makes a text of what would be calculated, or would send what stands beside it to an address.
"""

from __future__ import annotations

import re

# How a formula begins for some spreadsheet, in full-width forms too; a text may have apostrophes of its own before it.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def guarded(cell: str) -> str:
    """The cell with an apostrophe in front where it begins like a formula, or like one with an apostrophe."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """The cell as it was before `guarded`."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
