"""Mid-rank percentiles, shrunk towards the universe, with medians and ranks of totals.

A group is a whole number per stock, -1 for "unknown"; values are finite wherever asked for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stockscore.scoring.arrays import Flags, Floats, Integers

SAME = 1e-12
"""Neighbours whose difference is below this part of their size are ties: without it the last bit of
a division (the same company in another currency) would order what is equal."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Within its group of each value: `fraction` = (mid-rank − 0.5) / `count`, between 0 and 1."""

    fraction: Floats
    count: Integers


def ascending(values: Floats) -> Integers:
    """The positions of finite values in ascending order."""
    return np.argsort(values, kind="stable")


def standing(
    values: Floats, groups: Integers, order: Integers | None = None
) -> tuple[Standing, dict[int, float]]:
    """The standing of each of m values in its group, ascending, ties sharing their mean rank; and
    the median of each group.

    `values` (m,) finite, `groups` (m,) whole numbers from -1 to 32,767; `order` spares the sorting
    where it is known already (`ascending`)."""
    m = len(values)
    if m == 0:
        return Standing(np.empty(0), np.empty(0, dtype=np.int64)), {}
    if order is None:
        order = ascending(values)
    # Numbers of 16 bits are sorted several times faster.
    order = order[np.argsort(groups[order].astype(np.int16), kind="stable")]
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


def ahead(found: Standing) -> Floats:
    """Of the others of its group the share that each value is ahead of, ties counting half; NaN
    where there are no others."""
    # What a value is ahead of is a whole number of halves, which division has blurred.
    halves = np.rint(2 * found.fraction * found.count - 1)
    with np.errstate(invalid="ignore"):
        share: Floats = halves / (2.0 * (found.count - 1))
    return share


def shrunk(within: Standing, overall: Floats, known: Flags, weight: float) -> Floats:
    """(n_s · p_s + weight · p_u) / (n_s + weight), and p_u alone where the group is not known."""
    count = within.count
    mixed = (count * within.fraction + weight * overall) / (count + weight)
    return np.where(known, mixed, overall)


def ranks(totals: Integers, groups: Integers, tiebreak: Integers) -> Integers:
    """Ranks from 1, best first, within each group; equal totals by `tiebreak`, smallest first."""
    order = np.lexsort((tiebreak, -totals, groups))
    opens = np.ones(len(order), dtype=bool)
    opens[1:] = groups[order][1:] != groups[order][:-1]
    first, _ = _runs(opens)
    result = np.empty(len(order), dtype=np.int64)
    result[order] = np.arange(len(order)) - first + 1
    return result


def _runs(opens: Flags) -> tuple[Integers, Integers]:
    """Of each element the place where its run begins, and the run's length."""
    starts = np.flatnonzero(opens)
    lengths = np.diff(np.append(starts, len(opens)))
    return np.repeat(starts, lengths), np.repeat(lengths, lengths)


def _medians(ordered: Floats, starts: Integers, sizes: Integers) -> Floats:
    low, high = ordered[starts + (sizes - 1) // 2], ordered[starts + sizes // 2]
    # Halved before they are added, because the sum of two large numbers may overflow.
    middle: Floats = np.where(low == high, low, low / 2 + high / 2)
    return middle
