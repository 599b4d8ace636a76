"""From a yfinance table of daily bars to raw bars.

Yahoo restates all prices and volumes for every later split, and dividends as well. What was
traded that day is got back with the splits of the same answer, which reaches up to now: a price
is multiplied by all later splits, a volume divided by them. Where the prices show that Yahoo has
not restated them for a split that it lists (`scoring.doctor.footing`), that split is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from itertools import pairwise
from math import isnan
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from stockscore.providers.base import Bar
from stockscore.scoring.doctor.findings import RejectedValue
from stockscore.scoring.doctor.footing import footing
from stockscore.scoring.doctor.splits import mended

if TYPE_CHECKING:
    import pandas as pd

Column = NDArray[np.float64]

DIGITS = 7
"""Yahoo keeps prices in single precision: further digits (14.123000144958496) are noise."""


def raw_bars(table: pd.DataFrame, since: date | None) -> tuple[list[Bar], list[RejectedValue]]:
    """Bars with a close, oldest first, and the splits that Yahoo has not restated them for; bars
    before `since` only tell what was before it.

    `table` is that of `Ticker.history(auto_adjust=False, actions=True)`: columns Open, High, Low,
    Close, Volume, Dividends, Stock Splits, and days in the exchange's own time zone.
    """
    if table.empty:
        return [], []
    table = table.sort_index()
    closes = table["Close"].to_numpy(dtype=float)
    kept = np.isfinite(closes)
    splits = table["Stock Splits"].to_numpy(dtype=float)
    splits = np.where(np.isfinite(splits) & (splits > 0), splits, 1.0)
    dividends = np.nan_to_num(table["Dividends"].to_numpy(dtype=float))
    splits, dividends = _carried(splits, dividends, kept)
    table, splits, dividends = table[kept], splits[kept], dividends[kept]
    sessions = table.index.date
    later, findings = _later_splits(closes[kept], splits, sessions.tolist())
    prices = {
        name: _rounded(table[name].to_numpy(dtype=float) * later)
        for name in ("Open", "High", "Low", "Close")
    }
    volumes = np.round(table["Volume"].to_numpy(dtype=float) / later)
    dividends = _rounded(dividends * later)
    adjustments = _adjustments(prices["Close"], dividends, splits)
    asked = sessions >= since if since is not None else np.ones(len(sessions), dtype=bool)
    columns = [prices["Open"], prices["High"], prices["Low"], prices["Close"], volumes]
    columns += [dividends, splits, adjustments]
    figures = [_known(column[asked]) for column in columns]
    bars = [Bar(*row) for row in zip(sessions[asked].tolist(), *figures, strict=True)]
    return bars, findings


def with_dividends_in(
    unit: str,
    table: pd.DataFrame,
    paid_in: Mapping[int, str],
    factors: Mapping[str, float | None],
) -> tuple[pd.DataFrame, list[RejectedValue]]:
    """The table with its dividends in the unit of its prices, and those that are unknown in it,
    which are left out.

    `paid_in` is the currency of dividends by the moment (epoch) of each, `factors` what one unit of
    a currency is in that of the prices (None: not known).
    """
    dividends = table["Dividends"].to_numpy(dtype=float).copy()
    currencies = {
        datetime.fromtimestamp(moment, table.index.tz).date(): code
        for moment, code in paid_in.items()
    }
    unknown = []
    for place, session in enumerate(table.index.date):
        currency = currencies.get(session)
        if currency is None or not dividends[place] > 0:
            continue
        factor = factors[currency]
        if factor is None:
            unknown.append(_unknown_dividend(session, dividends[place], currency, unit))
        dividends[place] *= factor or 0.0
    return table.assign(Dividends=dividends), unknown


def _unknown_dividend(session: date, amount: float, currency: str, unit: str) -> RejectedValue:
    reason = (
        f"A dividend of {amount:g} {currency} on {session} is left out: "
        f"no exchange rate to {unit}, in which the price is quoted, could be had."
    )
    return RejectedValue("dividend-currency", "dividend", f"{amount:g}", None, reason, session)


def _later_splits(
    closes: Column, splits: Column, sessions: list[date]
) -> tuple[Column, list[RejectedValue]]:
    """Of each bar the product of the later splits that it is restated for, and what was found of
    the others."""
    # A close that is no price tells nothing of its footing, and is refused later.
    priced = np.where(closes > 0, closes, 1.0) if (closes > 0).any() else np.ones(len(closes))
    found = footing(priced, splits)
    findings = []
    for place, left in found.unrestated.items():
        bars = [sessions[index] for index in np.flatnonzero(left)]
        findings.append(mended(sessions[place], float(splits[place]), len(bars), bars[0], bars[-1]))
    return found.factors, findings


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


def _adjustments(closes: Column, dividends: Column, splits: Column) -> Column:
    """What earlier closes are multiplied with (`providers.base.Bar`).

    The dividend is paid on the shares after the split, so the close before is set on that footing
    first. A dividend of a whole share price cannot be one, and adjusts nothing.
    """
    factors = 1.0 / splits
    for previous, index in pairwise(range(len(closes))):
        if dividends[index] > 0.0:
            share = (
                dividends[index] * splits[index] / closes[previous] if closes[previous] > 0 else 1.0
            )
            factors[index] *= 1.0 - share if share < 1.0 else 1.0
    return factors


def _known(column: Column) -> list[float | None]:
    """Plain numbers, None where one is missing."""
    return [None if isnan(value) else value for value in column.tolist()]
