"""Piecewise linear curves from a value to a sub-score."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def on_curve(values: np.ndarray, curve: Sequence[tuple[float, float]]) -> np.ndarray:
    """Sub-scores of values: linear between the curve's (value, sub-score) points, which rise in
    value, and clamped at both ends. NaN stays NaN."""
    xs, ys = zip(*curve, strict=True)
    return np.interp(values, xs, ys)
