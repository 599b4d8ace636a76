"""Rank correlations of many lines over the same stocks, sorted once and exact."""

from __future__ import annotations

import math

import numpy as np

LEAST_STOCKS = 20
"""Fewer stocks than these have no correlation worth a value."""


def ordered(values: np.ndarray) -> np.ndarray:
    """The indices of the known values, lowest first; equal ones in any order."""
    known = np.flatnonzero(~np.isnan(values))
    return known[np.argsort(values[known])]


def double_ranks(values: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Twice the mid-ranks (from 1) of the values at some indices that are in order of them; whole
    numbers, in the order of the indices."""
    count = len(order)
    in_order = values[order]
    begins = np.empty(count, dtype=bool)
    begins[:1] = True
    np.not_equal(in_order[1:], in_order[:-1], out=begins[1:])
    if begins.all():
        return np.arange(2, 2 * count + 1, 2, dtype=np.int64)
    first = np.flatnonzero(begins)
    last = np.append(first[1:], count)
    found: np.ndarray = np.repeat(first + last + 1, last - first)
    return found


def correlation(one: np.ndarray, other: np.ndarray) -> float | None:
    """Pearson's correlation of two columns of whole numbers (double ranks), exact until the last
    division; None for too few stocks, or where all are equal."""
    count = len(one)
    if count < LEAST_STOCKS:
        return None
    sum_one, sum_other = int(one.sum()), int(other.sum())
    both = count * int(np.dot(one, other)) - sum_one * sum_other
    own = count * int(np.dot(one, one)) - sum_one**2
    others = count * int(np.dot(other, other)) - sum_other**2
    return both / math.sqrt(own * others) if own and others else None


class Ranked:
    """A column (NaN where unknown) with its order, so that its ranks among any of the stocks cost
    no further sorting."""

    def __init__(self, values: np.ndarray) -> None:
        self.values = values
        self.order = ordered(values)
        self.known = ~np.isnan(values)
        self._found: dict[bytes, np.ndarray] = {}

    def among(self, chosen: np.ndarray) -> np.ndarray:
        """Twice the mid-ranks among the chosen stocks (a mask of stocks that are known here), in
        the order of the stocks."""
        asked = chosen.tobytes()
        if asked not in self._found:  # the same stocks are asked for again by other lines
            order = self.order[chosen[self.order]]
            ranks = np.empty(len(chosen), dtype=np.int64)
            ranks[order] = double_ranks(self.values, order)
            self._found[asked] = ranks[chosen]
        return self._found[asked]


def rank_correlation(one: Ranked, other: Ranked, among: np.ndarray | None = None) -> float | None:
    """The rank correlation over all stocks that have both (and are `among` these, a mask)."""
    both = one.known & other.known
    if among is not None:
        both &= among
    return correlation(one.among(both), other.among(both))


def less_group_means(values: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """The values less the mean of their group (codes from −1 on), NaN where unknown."""
    known = ~np.isnan(values)
    codes = groups[known] + 1
    sums, counts = np.bincount(codes, values[known]), np.bincount(codes)
    found = np.full(len(values), np.nan)
    found[known] = values[known] - (sums / np.maximum(counts, 1))[codes]
    return found
