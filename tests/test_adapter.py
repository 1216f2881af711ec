"""The map from a statement's vector to the claim's."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from tracker.adapter import FILE, adapt, turned


def unit_rows(count: int, dimension: int, seed: int = 1) -> Any:
    import numpy as np

    rows = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_a_zero_matrix_changes_nothing() -> None:
    """As q + q0 is q, which has length 1 already."""
    import numpy as np

    rows = unit_rows(5, 8)
    assert np.allclose(turned(rows, np.zeros((8, 8), np.float32)), rows, atol=1e-6)


def test_a_matrix_turns_by_hand() -> None:
    """(1, 0) and (0, 1) by W = ((0, 1), (0, 0)): (1, 1) / sqrt(2), and (0, 1) as it was."""
    import numpy as np

    moved = turned(np.eye(2, dtype=np.float32), np.array([[0, 1], [0, 0]], np.float32))
    assert moved.tolist() == [pytest.approx([0.5**0.5] * 2), pytest.approx([0.0, 1.0])]


def test_a_vector_that_is_turned_to_nothing_stays_finite() -> None:
    """W = -1 leaves no direction: zeros, and no division by zero."""
    import numpy as np

    moved = turned(unit_rows(3, 4), -np.eye(4, dtype=np.float32))
    assert not moved.any()


def test_the_shipped_matrix() -> None:
    """It fits the default encoder's vectors, gives unit vectors of their type, turns each a little, row by row."""
    import numpy as np

    assert FILE.stat().st_size < 400_000
    rows = unit_rows(50, 384)
    moved = adapt(rows)
    assert moved.shape == rows.shape
    assert moved.dtype == rows.dtype
    assert np.allclose(np.linalg.norm(moved, axis=1), 1, atol=1e-5)
    kept = (moved * rows).sum(axis=1)
    assert 0.3 < kept.min() < kept.max() < 0.9999
    assert np.allclose(adapt(rows[7:8]), moved[7:8], atol=1e-6)
    assert adapt(rows[:0]).shape == (0, 384)


def test_the_adapter_is_the_one_that_the_weights_were_fitted_with() -> None:
    """Both files come from one run of `training/matching.py`; one of another would answer wrongly without a word."""
    fitted = json.loads(FILE.with_name("matching.json").read_text(encoding="utf-8"))
    assert hashlib.sha256(FILE.read_bytes()).hexdigest()[:16] == fitted["adapter"]
