"""Scores that can be sorted."""

from __future__ import annotations

from typing import Any

import numpy as np

LOWEST = -1e9


def finite(scores: Any) -> list[float]:
    """Floats, one a text; what is no number (half precision can overflow) is worse than everything else.

    A model with several classes gives a row per text: its last column is the class "relevant".
    """
    rows = np.asarray(scores, dtype=np.float64)
    if rows.ndim > 1:
        rows = rows[:, -1]
    return [float(score) for score in np.where(np.isfinite(rows), rows, LOWEST)]
