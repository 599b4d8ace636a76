"""From a yfinance table of daily bars to raw bars.

Yahoo restates all prices and volumes for every later split, and dividends as well. What was
traded that day is got back with the splits of the same answer, which reaches up to now: a price
is multiplied by all later splits, a volume divided by them.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from math import isnan
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from stockscore.providers.base import Bar

if TYPE_CHECKING:
    import pandas as pd

Column = NDArray[np.float64]

DIGITS = 7
"""Yahoo keeps prices in single precision: further digits (14.123000144958496) are noise."""


def raw_bars(table: pd.DataFrame, since: date | None) -> list[Bar]:
    """Bars with a close, oldest first; those before `since` only tell the close before it.

    `table` is that of `Ticker.history(auto_adjust=False, actions=True)`: columns Open, High, Low,
    Close, Volume, Dividends, Stock Splits, and days in the exchange's own time zone.
    """
    if table.empty:
        return []
    table = table.sort_index()
    sessions = table.index.date
    splits = table["Stock Splits"].to_numpy(dtype=float)
    splits = np.where(np.isfinite(splits) & (splits > 0), splits, 1.0)
    later = np.append(np.cumprod(splits[::-1])[::-1][1:], 1.0)
    prices = {
        name: _rounded(table[name].to_numpy(dtype=float) * later)
        for name in ("Open", "High", "Low", "Close")
    }
    volumes = np.round(table["Volume"].to_numpy(dtype=float) / later)
    dividends = _rounded(np.nan_to_num(table["Dividends"].to_numpy(dtype=float)) * later)
    kept = np.isfinite(prices["Close"])
    splits, dividends = _carried(splits, dividends, kept)
    adjustments = _adjustments(prices["Close"], dividends, splits, kept)
    if since is not None:
        kept &= sessions >= since
    columns = [prices["Open"], prices["High"], prices["Low"], prices["Close"], volumes]
    columns += [dividends, splits, adjustments]
    figures = [_known(column[kept]) for column in columns]
    return [Bar(*row) for row in zip(sessions[kept].tolist(), *figures, strict=True)]


def _rounded(values: Column) -> Column:
    """Values with as many significant digits as Yahoo has."""
    sizes = np.abs(np.where(np.isfinite(values) & (values != 0), values, 1.0))
    places = 10.0 ** (DIGITS - 1 - np.floor(np.log10(sizes)))
    return np.round(values * places) / places


def _carried(splits: Column, dividends: Column, kept: NDArray[np.bool_]) -> tuple[Column, Column]:
    """Actions on a day without a close belong to the next day that has one."""
    splits, dividends = splits.copy(), dividends.copy()
    for index in np.flatnonzero(~kept & ((splits != 1.0) | (dividends != 0.0))):
        following = np.flatnonzero(kept[index:])
        if len(following):
            splits[index + following[0]] *= splits[index]
            dividends[index + following[0]] += dividends[index]
    return splits, dividends


def _adjustments(
    closes: Column, dividends: Column, splits: Column, kept: NDArray[np.bool_]
) -> Column:
    """What earlier closes are multiplied with (`providers.base.Bar`).

    The dividend is paid on the shares after the split, so the close before is set on that footing
    first. A dividend of a whole share price cannot be one, and adjusts nothing.
    """
    factors = 1.0 / splits
    for previous, index in pairwise(np.flatnonzero(kept)):
        if dividends[index] > 0.0:
            share = (
                dividends[index] * splits[index] / closes[previous] if closes[previous] > 0 else 1.0
            )
            factors[index] *= 1.0 - share if share < 1.0 else 1.0
    return factors


def _known(column: Column) -> list[float | None]:
    """Plain numbers, None where one is missing."""
    return [None if isnan(value) else value for value in column.tolist()]
