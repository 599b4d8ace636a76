"""Ranks of one day.

A recorded rank is a place in the whole market at the session of its exchange. Where exchanges had
their last sessions on different days (a holiday in one country), recorded ranks are of different
markets: they are counted anew then, from the last score of every stock.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date


def are_of_one_day(sessions: Collection[date]) -> bool:
    """Whether the recorded ranks of these sessions can be compared with one another."""
    return len(set(sessions)) <= 1


def counted(totals: Mapping[int, int]) -> dict[int, int]:
    """The rank of each stock by its total (hundredths), the best one first; ties in the order that
    they are given in, which is that of their tickers."""
    best_first = sorted(totals, key=totals.__getitem__, reverse=True)
    return {stock_id: rank for rank, stock_id in enumerate(best_first, start=1)}
