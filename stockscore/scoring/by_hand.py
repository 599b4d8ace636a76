"""Where a value stands among others, computed for one value with the standard library alone; the
same numbers as `percentiles` gives for all at once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from stockscore.scoring.methods.expressions import Expression, Operation

SAME = 1e-12
"""Neighbours whose difference is below this part of their size are ties, as in `percentiles`."""


def mid_rank(value: float, ascending: Sequence[float]) -> float:
    """(mid-rank − 0.5) / count of a value that is one of these, which rise; ties share their mean
    rank."""
    first = last = min(bisect_left(ascending, value), len(ascending) - 1)
    while first > 0 and _tied(ascending[first - 1], ascending[first]):
        first -= 1
    while last < len(ascending) - 1 and _tied(ascending[last], ascending[last + 1]):
        last += 1
    return ((first + last) / 2 + 0.5) / len(ascending)


def _tied(low: float, high: float) -> bool:
    return high - low <= SAME * max(abs(low), abs(high))


def mixed(within: float, count: int, overall: float, weight: float) -> float:
    """The place within a sector of so many stocks, drawn towards that in the whole market."""
    return (count * within + weight * overall) / (count + weight)


def as_lists(expression: Expression) -> Any:
    """An expression as JSON can hold it: the name of an input, a number, or a list of a symbol and
    what stands on its left and right."""
    if isinstance(expression, Operation):
        return [expression.symbol, as_lists(expression.left), as_lists(expression.right)]
    return expression
