"""Arrays of a safetensors file, as the package of that name writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tracker.arrays import arrays, notes

if TYPE_CHECKING:
    from pathlib import Path


def test_floats_are_read_as_they_were_written(tmp_path: Path) -> None:
    """Single and half precision, of any shape; whole numbers are no weights and are left out."""
    import numpy as np
    from safetensors.numpy import save_file

    written: dict[str, Any] = {
        "single": np.arange(6, dtype=np.float32).reshape(2, 3) / 7,
        "half": np.arange(4, dtype=np.float16) / 3,
        "one": np.array([[0.5]], np.float32),
    }
    file = tmp_path / "some.safetensors"
    save_file({**written, "ids": np.arange(3)}, file, metadata={"encoder": "x:1"})
    found = arrays(file)
    assert found.keys() == written.keys()
    for name, array in written.items():
        assert found[name].dtype == array.dtype
        assert np.array_equal(found[name], array)
    with pytest.raises(ValueError, match="read-only"):
        found["single"][0, 0] = 1
    assert notes(file) == {"encoder": "x:1"}


def test_a_file_without_notes(tmp_path: Path) -> None:
    """Says nothing of itself."""
    import numpy as np
    from safetensors.numpy import save_file

    save_file({"a": np.zeros(1, np.float32)}, tmp_path / "a.safetensors")
    assert notes(tmp_path / "a.safetensors") == {}
