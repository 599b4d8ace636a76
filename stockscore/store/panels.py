"""Daily bars of all stocks as matrices for the scoring engine; the one module here with numpy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta

import numpy as np
from sqlalchemy import String, bindparam, select, type_coerce

from stockscore.extensions import db
from stockscore.store.models import StoredBar

WINDOW = 253
"""Bars that the method looks back on: return_12_1 needs P[t-252]."""

_CALENDAR_DAYS = 550
"""Days in which any exchange holds more than 253 sessions, long closures included."""


@dataclass(frozen=True, slots=True)
class Panel:
    """Bars of n stocks in the order of `stock_ids`, up to one day.

    `closes` (adjusted), `volumes` (restated for splits) are (n, WINDOW), the last bar of each stock
    in the last column, NaN on the left where a stock has fewer. `last_closes` and `previous_closes`
    are raw and adjusted to the last bar respectively, so that their ratio is the day's change;
    `sessions` the ordinals of the last bars (0: none); `dividends` the sum of dividends per share
    of the year before the last bar, restated for splits (NaN without bars).
    """

    stock_ids: tuple[int, ...]
    closes: np.ndarray
    volumes: np.ndarray
    last_closes: np.ndarray
    previous_closes: np.ndarray
    sessions: np.ndarray
    dividends: np.ndarray

    def of(self, stock_ids: Sequence[int]) -> Panel:
        """The same of some of the stocks, in the order asked for."""
        index_of = {stock_id: index for index, stock_id in enumerate(self.stock_ids)}
        indices = np.array([index_of[stock_id] for stock_id in stock_ids], dtype=np.int64)
        arrays = (
            getattr(self, column.name)[indices]
            for column in fields(self)
            if column.name != "stock_ids"
        )
        return Panel(tuple(stock_ids), *arrays)


@dataclass(frozen=True, slots=True)
class PanelHistory:
    """All bars of some stocks as flat arrays sorted by stock and session, from which the panel of
    any day can be cut. `starts[i]:starts[i + 1]` are the bars of `stock_ids[i]`."""

    stock_ids: tuple[int, ...]
    starts: np.ndarray
    sessions: np.ndarray
    closes: np.ndarray
    volumes: np.ndarray
    dividends: np.ndarray
    splits: np.ndarray
    adjustments: np.ndarray

    def panel(self, day: date) -> Panel:
        """The panel that was known at the end of a day: adjusted by nothing that came later."""
        ends = self.starts[:-1] + np.array(
            [
                np.searchsorted(self.sessions[a:b], day.toordinal(), side="right")
                for a, b in zip(self.starts[:-1], self.starts[1:], strict=True)
            ],
            dtype=np.int64,
        )
        columns = ends[:, None] - np.arange(WINDOW, 0, -1)[None, :]
        known = columns >= self.starts[:-1, None]
        indices = np.where(known, columns, 0)

        def window(values: np.ndarray, missing: float) -> np.ndarray:
            return np.where(known, values[indices] if len(values) else missing, missing)

        later = _of_later_bars(window(self.adjustments, 1.0))
        later_splits = _of_later_bars(window(self.splits, 1.0))
        sessions = window(self.sessions, 0.0)
        closes = window(self.closes, np.nan)
        adjusted = closes * later
        last_year = sessions > sessions[:, -1:] - 365
        paid = np.where(last_year, window(self.dividends, 0.0) / later_splits, 0.0).sum(axis=1)
        has_bars = known[:, -1]
        return Panel(
            stock_ids=self.stock_ids,
            closes=adjusted,
            volumes=window(self.volumes, np.nan) * later_splits,
            last_closes=closes[:, -1],
            previous_closes=adjusted[:, -2],
            sessions=sessions[:, -1].astype(np.int64),
            dividends=np.where(has_bars, paid, np.nan),
        )


def _of_later_bars(factors: np.ndarray) -> np.ndarray:
    """For each bar the product of the factors of all bars after it (1 for the last)."""
    products = np.cumprod(factors[:, ::-1], axis=1)[:, ::-1]
    ones = np.ones((len(factors), 1))
    return np.concatenate([products[:, 1:], ones], axis=1)


def history(stock_ids: Sequence[int], first: date, last: date) -> PanelHistory:
    """Bars of these stocks from WINDOW sessions before `first` up to `last`, in one query."""
    columns = (
        StoredBar.stock_id,
        # SQLite keeps dates as text; numpy reads whole columns of either form, a date each would
        # cost more than all the rest.
        type_coerce(StoredBar.session, String) if _is_sqlite() else StoredBar.session,
        StoredBar.close,
        StoredBar.volume,
        StoredBar.dividend,
        StoredBar.split,
        StoredBar.adjustment,
    )
    query = (
        select(*columns)
        .where(StoredBar.session >= bindparam("first"), StoredBar.session <= bindparam("last"))
        .order_by(StoredBar.stock_id, StoredBar.session)
    )
    span = {"first": first - timedelta(days=_CALENDAR_DAYS), "last": last}
    rows = db.session.execute(query, span).fetchall()
    ids, sessions, *figures = zip(*rows, strict=True) if rows else [()] * len(columns)
    ordinals = np.array(sessions, dtype="datetime64[D]").astype(np.int64) + _EPOCH
    return _in_order(
        stock_ids,
        np.array(ids, dtype=np.int64),
        [ordinals, *(np.array(column, dtype=np.float64) for column in figures)],
    )


_EPOCH = date(1970, 1, 1).toordinal()


def _is_sqlite() -> bool:
    return db.session.get_bind().dialect.name == "sqlite"


def _in_order(stock_ids: Sequence[int], ids: np.ndarray, columns: list[np.ndarray]) -> PanelHistory:
    """The history of these stocks in this order, from columns sorted by stock id."""
    first = np.searchsorted(ids, stock_ids, side="left")
    last = np.searchsorted(ids, stock_ids, side="right")
    lengths = last - first
    starts = np.concatenate([[0], np.cumsum(lengths)])
    rows = np.repeat(first - starts[:-1], lengths) + np.arange(starts[-1])
    return PanelHistory(tuple(stock_ids), starts, *(column[rows] for column in columns))


def panel(stock_ids: Sequence[int], day: date) -> Panel:
    """The panel of one day (see `PanelHistory.panel`)."""
    return history(stock_ids, day, day).panel(day)
