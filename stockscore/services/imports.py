"""Prices from CSV files into the store: the whole file in one transaction, or nothing of it.
(`fundamentals_import` does the same for fundamentals.)"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np

from stockscore.providers.csvfile import (
    BadFile,
    PriceTable,
    Progress,
    read_prices,
)
from stockscore.services.errors import InputError
from stockscore.store import bars, fetches, runs, stocks
from stockscore.store.transactions import transaction

SOURCE = "csv"

_ROWS_AT_ONCE = 50_000


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What an import did: `rows` of the file, of `stocks` stocks (`new_stocks` of them added to the
    universe); each row is `added`, `updated`, `unchanged` or `held_back`. `doubts` are sentences
    about what was held back, or taken although it is doubtful; `notes` about what was taken and
    may be measured otherwise than the file means."""

    rows: int
    stocks: int
    new_stocks: int
    added: int
    updated: int
    unchanged: int
    held_back: int = 0
    doubts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def import_prices(
    path: str | Path, now: datetime, on_progress: Progress | None = None
) -> ImportCounts:
    """Imports a price file (`providers.csvfile.prices`). What the file leaves out of a stored
    session (an empty cell, a missing column) stays as it is.

    Raises `InputError` with all that is wrong with the file; then nothing was changed.
    """
    ids = {stock.ticker_key: stock.id for stock in stocks.active()}
    with refused_as_input():
        table = read_prices(
            Path(path), tomorrow(now), lambda text: ids.get(stocks.ticker_key(text)), on_progress
        )
    with transaction():
        spans = table.by_stock()
        run = runs.start("import-prices", None, now, expected=len(spans))
        added, updated = _save_prices(table, on_progress)
        for stock_id, _ in spans:
            fetches.record(stock_id, "prices", fetches.OK, None, SOURCE, now)
        counts = ImportCounts(
            rows=len(table),
            stocks=len(spans),
            new_stocks=0,
            added=added,
            updated=updated,
            unchanged=len(table) - added - updated,
        )
        finish(run, now, path, counts)
    return counts


@contextmanager
def refused_as_input() -> Iterator[None]:
    """A refused file is wrong input."""
    try:
        yield
    except BadFile as error:
        raise InputError(str(error)) from error


def tomorrow(now: datetime) -> date:
    """The last day that is no future: in the east it begins while it is still today in UTC."""
    return now.date() + timedelta(days=1)


def finish(run: int | None, now: datetime, path: str | Path, counts: ImportCounts) -> None:
    """Closes the run of an import with what it did."""
    if run is not None:
        runs.finish(
            run,
            now,
            updated=counts.added + counts.updated,
            unchanged=counts.unchanged,
            quarantined=len(counts.doubts),
            message=f"{Path(path).name}: {counts.rows:,} rows of {counts.stocks:,} stocks",
        )


def _save_prices(table: PriceTable, on_progress: Progress | None) -> tuple[int, int]:
    """The numbers of bars added and updated."""
    added = updated = 0
    waiting: list[tuple[Any, ...]] = []
    for stock_id, rows in table.by_stock():
        first = date.fromordinal(int(table.days[rows.start]))
        new, changed = _bars(table, stock_id, rows, bars.of(stock_id, since=first))
        waiting += new + changed
        added += len(new)
        updated += len(changed)
        if len(waiting) >= _ROWS_AT_ONCE:
            bars.save_many(waiting)
            waiting.clear()
        if on_progress:
            on_progress(rows.stop, len(table), "saving")
    bars.save_many(waiting)
    return added, updated


_FIGURES = ("open", "high", "low", "close", "volume")
_STORED = attrgetter(*_FIGURES, "adjustment", "dividend", "split")
_WITHOUT_BAR = (*[np.nan] * len(_FIGURES), 1.0, 0.0, 1.0)

BarTuples = list[tuple[Any, ...]]


def _bars(
    table: PriceTable, stock_id: int, rows: slice, standing: Sequence[Any]
) -> tuple[BarTuples, BarTuples]:
    """The rows of one stock that are new, and those that differ from the stored bar, as
    `store.bars.save_many` takes them. `standing` are the stored bars of the stock, oldest first.

    What a row leaves out comes from the stored bar; dividends and splits always do, because a file
    has no columns for them.
    """
    days = table.days[rows]
    before = np.tile(_WITHOUT_BAR, (len(days), 1))
    standing_days = np.array([bar.session.toordinal() for bar in standing], dtype=np.int64)
    stands, places = np.isin(days, standing_days), np.searchsorted(standing_days, days)
    if standing:
        before[stands] = np.array([_STORED(bar) for bar in standing], dtype=np.float64)[
            places[stands]
        ]
    given = np.full_like(before, np.nan)
    for column, name in enumerate(_FIGURES):
        given[:, column] = table.values[name][rows]
    given[:, len(_FIGURES)] = _adjustments(table, rows)
    after = np.where(np.isnan(given), before, given)
    differs = ((after != before) & ~np.isnan(after)).any(axis=1)
    return (
        _tuples(stock_id, days[~stands], after[~stands]),
        _tuples(stock_id, days[stands & differs], after[stands & differs]),
    )


def _tuples(stock_id: int, days: np.ndarray, values: np.ndarray) -> BarTuples:
    return [
        (stock_id, date.fromordinal(day), *figures, dividend, split, adjustment, SOURCE)
        for day, (*figures, adjustment, dividend, split) in zip(
            days.tolist(), values.tolist(), strict=True
        )
    ]


def _adjustments(table: PriceTable, rows: slice) -> np.ndarray:
    """The adjustment of each bar (`providers.base.Bar`) by the rows of one stock, NaN where they do
    not tell it.

    With r = adjusted close / close (1 without an adjusted close), the adjustment of a bar is
    r of the bar before / r of its own: then closes times the adjustments of all later bars are
    the adjusted closes of the file, but for the r of its last row. The first row has no bar before
    it in the file, and tells nothing.
    """
    adjusted, closes = table.values["adj_close"][rows], table.values["close"][rows]
    given = ~np.isnan(adjusted)
    ratios = np.where(given, adjusted / closes, 1.0)
    adjustments = np.full(len(ratios), np.nan)
    adjustments[1:] = np.where(given[1:] | given[:-1], ratios[:-1] / ratios[1:], np.nan)
    return adjustments
