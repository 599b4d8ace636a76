"""Piecewise linear curves from a value to a sub-score, and back."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

Curve = Sequence[tuple[float, float]]
"""(value, sub-score) points that rise in value; clamped at both ends."""


def place_on(value: float, curve: Curve) -> float:
    """The sub-score of a value."""
    if value <= curve[0][0]:
        return curve[0][1]
    for (left, low), (right, high) in pairwise(curve):
        if value <= right:
            return low + (high - low) * (value - left) / (right - left)
    return curve[-1][1]


def values_at(sub_score: float, curve: Curve) -> list[float]:
    """The values on the curve whose sub-score is this one, rising; of a level stretch both ends."""
    found = []
    for (left, low), (right, high) in pairwise(curve):
        if min(low, high) <= sub_score <= max(low, high):
            if low == high:
                found += [left, right]
            else:
                found.append(left + (right - left) * (sub_score - low) / (high - low))
    return sorted(set(found))
