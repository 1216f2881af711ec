"""The arrays of a safetensors file, mapped and not read: what is not used of them never leaves the disk.

Layout: the length of the header, the header as JSON, the raw data; see the specification of safetensors.
"""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

_TYPES = {"F32": "<f4", "F16": "<f2"}


def arrays(file: Path) -> dict[str, Any]:
    """Its arrays of floats by name; none of them can be written to."""
    import numpy as np

    header, start = _header(file)
    data = np.asarray(np.memmap(file, dtype=np.uint8, mode="r", offset=start))
    found = {}
    for name, entry in header.items():
        if kind := _TYPES.get(entry.get("dtype")):
            begin, end = entry["data_offsets"]
            found[name] = data[begin:end].view(kind).reshape(entry["shape"])
    return found


def notes(file: Path) -> dict[str, str]:
    """What it says of itself, beside the arrays."""
    found: dict[str, str] = _header(file)[0].get("__metadata__", {})
    return found


def _header(file: Path) -> tuple[dict[str, Any], int]:
    """The header, and where the data begin."""
    with file.open("rb") as opened:
        (size,) = struct.unpack("<Q", opened.read(8))
        return json.loads(opened.read(size)), 8 + size
