"""Mid-rank percentiles, shrunk towards the universe, with medians and ranks of totals.

A group is a whole number per stock, -1 for "unknown"; values are finite wherever asked for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SAME = 1e-12
"""Neighbours whose difference is below this part of their size are ties: without it the last bit of
a division (the same company in another currency) would order what is equal."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Within its group of each value: `fraction` = (mid-rank − 0.5) / `count`, between 0 and 1."""

    fraction: np.ndarray
    count: np.ndarray


def standing(values: np.ndarray, groups: np.ndarray) -> tuple[Standing, dict[int, float]]:
    """The standing of each of m values in its group, ascending, ties sharing their mean rank; and
    the median of each group.

    `values` (m,) finite, `groups` (m,) whole numbers."""
    m = len(values)
    if m == 0:
        return Standing(np.empty(0), np.empty(0, dtype=np.int64)), {}
    order = np.lexsort((values, groups))
    ordered, ordered_groups = values[order], groups[order]
    place = np.arange(m)
    opens = np.concatenate([[True], ordered_groups[1:] != ordered_groups[:-1]])
    with np.errstate(over="ignore", under="ignore"):
        step = ordered[1:] - ordered[:-1] > SAME * np.maximum(
            np.abs(ordered[1:]), np.abs(ordered[:-1])
        )
    first, size = _runs(opens)
    tie_first, tie_size = _runs(opens | np.concatenate([[True], step]))
    middle = tie_first + (tie_size - 1) / 2 - first
    fraction, count = np.empty(m), np.empty(m, dtype=np.int64)
    fraction[order], count[order] = (middle + 0.5) / size, size
    starts = place[opens]
    medians = _medians(ordered, starts, size[starts])
    return Standing(fraction, count), dict(
        zip(ordered_groups[starts].tolist(), medians.tolist(), strict=True)
    )


def shrunk(within: Standing, overall: np.ndarray, known: np.ndarray, weight: float) -> np.ndarray:
    """(n_s · p_s + weight · p_u) / (n_s + weight), and p_u alone where the group is not known."""
    count = within.count
    mixed = (count * within.fraction + weight * overall) / (count + weight)
    return np.where(known, mixed, overall)


def ranks(totals: np.ndarray, groups: np.ndarray, tiebreak: np.ndarray) -> np.ndarray:
    """Ranks from 1, best first, within each group; equal totals by `tiebreak`, smallest first."""
    order = np.lexsort((tiebreak, -totals, groups))
    opens = np.ones(len(order), dtype=bool)
    opens[1:] = groups[order][1:] != groups[order][:-1]
    first, _ = _runs(opens)
    result = np.empty(len(order), dtype=np.int64)
    result[order] = np.arange(len(order)) - first + 1
    return result


def _runs(opens: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of each element the place where its run begins, and the run's length."""
    starts = np.flatnonzero(opens)
    lengths = np.diff(np.append(starts, len(opens)))
    return np.repeat(starts, lengths), np.repeat(lengths, lengths)


def _medians(ordered: np.ndarray, starts: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    low, high = ordered[starts + (sizes - 1) // 2], ordered[starts + sizes // 2]
    # Halved before they are added, because the sum of two large numbers may overflow.
    return np.where(low == high, low, low / 2 + high / 2)
