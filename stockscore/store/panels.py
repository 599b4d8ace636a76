"""Daily bars of all stocks as matrices for the scoring engine; the one module here with numpy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Select, String, bindparam, select, type_coerce

from stockscore.extensions import db
from stockscore.scoring.dividends import of_twelve_months
from stockscore.scoring.staleness import traded
from stockscore.store.models import StoredBar
from stockscore.store.portions import portions

WINDOW = 253
"""Bars that the method looks back on: return_12_1 needs P[t-252]."""

_CALENDAR_DAYS = 550
"""Days in which any exchange holds more than 253 sessions, long closures included."""


WINDOWS = np.dtype(
    [
        ("last_close", "<f8"),
        ("sessions", "<i4", (WINDOW,)),
        ("closes", "<f8", (WINDOW,)),
        ("volumes", "<f8", (WINDOW,)),
        ("dividends", "<f8", (WINDOW,)),
    ]
)
"""The last bars of one stock: the ordinals of their sessions (0 where there is no bar), adjusted
closes and volumes restated for splits (NaN where there is no bar), dividends per share restated for
splits; the last bar is the last of each, and `last_close` is its close as it was quoted."""


@dataclass(frozen=True, slots=True)
class Panel:
    """Bars of n stocks in the order of `stock_ids`, up to one day.

    `closes` (adjusted), `volumes` (restated for splits) are (n, WINDOW), the last bar of each stock
    in the last column, NaN on the left where a stock has fewer. `last_closes` and `previous_closes`
    are raw and adjusted to the last bar respectively, so that their ratio is the day's change;
    `sessions` the ordinals of the last bars (0: none), `traded` those of the last bars of a trade;
    `dividends` the sum of dividends per share of the year before the last bar, restated for splits
    (NaN without bars), `yearly_dividends` of as many of them as the stock pays in a year.
    """

    stock_ids: tuple[int, ...]
    closes: np.ndarray
    volumes: np.ndarray
    last_closes: np.ndarray
    previous_closes: np.ndarray
    sessions: np.ndarray
    traded: np.ndarray
    dividends: np.ndarray
    yearly_dividends: np.ndarray

    @classmethod
    def of_windows(cls, stock_ids: Sequence[int], windows: np.ndarray) -> Panel:
        """The panel of some stocks' windows (`WINDOWS`, in the order of the ids)."""
        sessions = windows["sessions"].astype(np.int64)
        last = sessions[:, -1]
        last_year = sessions > last[:, None] - 365
        paid = np.where(last_year, windows["dividends"], 0.0).sum(axis=1)
        return cls(
            stock_ids=tuple(stock_ids),
            closes=windows["closes"],
            volumes=windows["volumes"],
            last_closes=windows["last_close"],
            previous_closes=windows["closes"][:, -2],
            sessions=last,
            traded=np.where(traded(windows["closes"], windows["volumes"]), sessions, 0).max(axis=1),
            dividends=np.where(last > 0, paid, np.nan),
            yearly_dividends=of_twelve_months(sessions, windows["dividends"]),
        )

    def of(self, stock_ids: Sequence[int]) -> Panel:
        """The rows of some of the stocks, in the order asked for."""
        places = {stock_id: place for place, stock_id in enumerate(self.stock_ids)}
        chosen = np.array([places[stock_id] for stock_id in stock_ids], dtype=np.int64)
        rows = (
            getattr(self, column.name)[chosen]
            for column in fields(self)
            if column.name != "stock_ids"
        )
        return Panel(tuple(stock_ids), *rows)


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
        return Panel.of_windows(self.stock_ids, self.windows(day))

    def windows(self, day: date) -> np.ndarray:
        """The `WINDOWS` of the stocks at the end of a day."""
        ends = self.starts[:-1] + np.array(
            [
                np.searchsorted(self.sessions[a:b], day.toordinal(), side="right")
                for a, b in zip(self.starts[:-1], self.starts[1:], strict=True)
            ],
            dtype=np.int64,
        )
        columns = ends[:, None] - np.arange(WINDOW, 0, -1)[None, :]
        known = columns >= self.starts[:-1, None]
        places = np.where(known, columns, 0)

        def window(values: np.ndarray, missing: float) -> np.ndarray:
            return np.where(known, values[places] if len(values) else missing, missing)

        later = _of_later_bars(window(self.adjustments, 1.0))
        later_splits = _of_later_bars(window(self.splits, 1.0))
        closes = window(self.closes, np.nan)
        rows = np.zeros(len(self.stock_ids), dtype=WINDOWS)
        rows["last_close"] = closes[:, -1]
        rows["sessions"] = window(self.sessions, 0.0)
        rows["closes"] = closes * later
        rows["volumes"] = window(self.volumes, np.nan) * later_splits
        rows["dividends"] = window(self.dividends, 0.0) / later_splits
        return rows


def since(windows: np.ndarray, first: date) -> np.ndarray:
    """Windows without the bars before a day, as if a stock had begun on it."""
    old = (windows["sessions"] < first.toordinal()) & (windows["sessions"] > 0)
    if not old.any():
        return windows
    rows = windows.copy()
    rows["sessions"][old], rows["dividends"][old] = 0, 0.0
    rows["closes"][old], rows["volumes"][old] = np.nan, np.nan
    rows["last_close"][old[:, -1]] = np.nan
    return rows


def _of_later_bars(factors: np.ndarray) -> np.ndarray:
    """For each bar the product of the factors of all bars after it (1 for the last)."""
    products = np.cumprod(factors[:, ::-1], axis=1)[:, ::-1]
    ones = np.ones((len(factors), 1))
    return np.concatenate([products[:, 1:], ones], axis=1)


def history(stock_ids: Sequence[int], first: date, last: date) -> PanelHistory:
    """Bars of these stocks from WINDOW sessions before `first` up to `last`."""
    return between(stock_ids, oldest(first), last)


def between(stock_ids: Sequence[int], first: date, last: date) -> PanelHistory:
    """Bars of these stocks from one date to another, both included."""
    query = _bars().where(
        StoredBar.session >= bindparam("first"), StoredBar.session <= bindparam("last")
    )
    span = {"first": first, "last": last}
    # In portions, so that the rows as Python objects never fill the memory.
    parts = [
        _read(some, db.session.execute(query.where(StoredBar.stock_id.in_(some)), span).fetchall())
        for some in portions(stock_ids)
    ]
    return _joined(parts)


def _joined(parts: Sequence[PanelHistory]) -> PanelHistory:
    """The histories of several groups of stocks as one."""
    if not parts:
        return _read((), [])
    lengths = np.concatenate([np.diff(part.starts) for part in parts])
    columns = (
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("sessions", "closes", "volumes", "dividends", "splits", "adjustments")
    )
    ids = tuple(stock_id for part in parts for stock_id in part.stock_ids)
    return PanelHistory(ids, np.concatenate([[0], np.cumsum(lengths)]), *columns)


def oldest(day: date) -> date:
    """The first day whose bars count on a day: older ones are no picture of the last year."""
    return day - timedelta(days=_CALENDAR_DAYS)


def _of_stocks(stock_ids: Sequence[int]) -> PanelHistory:
    """The last WINDOW bars of each of these (few) stocks, however old they are."""
    rows: list[Any] = []
    for stock_id in sorted(stock_ids):
        newest_first = (
            _bars(StoredBar.session.desc()).where(StoredBar.stock_id == stock_id).limit(WINDOW)
        )
        rows += db.session.execute(newest_first).fetchall()[::-1]
    return _read(stock_ids, rows)


def _bars(*order: Any) -> Select[Any]:
    columns: tuple[Any, ...] = (
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
    return select(*columns).order_by(*(order or (StoredBar.stock_id, StoredBar.session)))


def _read(stock_ids: Sequence[int], rows: Sequence[Any]) -> PanelHistory:
    """The history of these stocks from rows of `_bars` sorted by stock and session."""
    ids, sessions, *figures = zip(*rows, strict=True) if rows else [()] * 7
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


def newest_windows(stock_ids: Sequence[int]) -> np.ndarray:
    """The `WINDOWS` of the newest bars of these stocks, each of its own last day."""
    return _of_stocks(stock_ids).windows(date.max)


def panel(stock_ids: Sequence[int], day: date) -> Panel:
    """The panel of one day (see `PanelHistory.panel`)."""
    return history(stock_ids, day, day).panel(day)
