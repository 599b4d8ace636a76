"""Prices from CSV files into the store: the whole file in one transaction, or nothing of it.

A row that contradicts the calendar of its exchange is refused with its line, like one that no
price can have. What is only doubtful (`scoring.doctor.bars`) is held back, as in a refresh.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np

from stockscore.providers.base import Bar
from stockscore.providers.csvfile import PriceTable, Progress, read_prices
from stockscore.scoring.doctor.bars import JUMP, UNIT_FACTOR, QuotedPrice, vet_bars
from stockscore.scoring.doctor.findings import RejectedValue
from stockscore.scoring.doctor.footing import told_splits
from stockscore.scoring.statements import Statement
from stockscore.services import price_vetting
from stockscore.services.imports import SOURCE, ImportCounts, finish, refused_as_input, tomorrow
from stockscore.services.ingest import QUARANTINED
from stockscore.services.trading_days import TradingDays
from stockscore.store import bars, fetches, quarantine, runs, statements, stocks
from stockscore.store.models import Stock
from stockscore.store.portions import portions
from stockscore.store.transactions import transaction

BY_IMPORT = "import"
"""Who has accepted what `--accept-doubtful` takes."""

_ROWS_AT_ONCE = 50_000


def import_prices(
    path: str | Path,
    now: datetime,
    on_progress: Progress | None = None,
    *,
    accept_doubtful: bool = False,
) -> ImportCounts:
    """Imports a price file (`providers.csvfile.prices`). What the file leaves out of a stored
    session (an empty cell, a missing column) stays as it is.

    Doubtful prices are held back, or with `accept_doubtful` taken and recorded as accepted. Raises
    `InputError` with all that is wrong with the file; then nothing was changed.
    """
    followed = stocks.active()
    ids = {stock.ticker_key: stock.id for stock in followed}
    with refused_as_input():
        table = read_prices(
            Path(path),
            tomorrow(now),
            lambda text: ids.get(stocks.ticker_key(text)),
            on_progress,
            _Objections(followed, now),
        )
    with transaction():
        spans = table.by_stock()
        run = runs.start("import-prices", None, now, expected=len(spans))
        saving = _Saving(now, accept_doubtful, {stock.id: stock.ticker for stock in followed})
        saving.save(table, on_progress)
        counts = ImportCounts(
            rows=len(table),
            stocks=len(spans),
            new_stocks=0,
            added=saving.added,
            updated=saving.updated,
            unchanged=len(table) - saving.added - saving.updated - saving.held_back,
            held_back=saving.held_back,
            doubts=tuple(saving.doubts),
        )
        finish(run, now, path, counts)
    return counts


class _Objections:
    """Which days cannot be days of a price of a stock; each day of an exchange is looked at once.

    A calendar is only read for an exchange that the file has prices of."""

    def __init__(self, followed: Sequence[Stock], now: datetime) -> None:
        self._exchanges = {stock.id: stock.exchange for stock in followed}
        self._now = now
        self._days: dict[str, TradingDays] = {}
        self._known: dict[str, dict[int, str | None]] = {}

    def __call__(self, stock_id: int, days: list[int]) -> dict[int, str]:
        exchange = self._exchanges[stock_id]
        if exchange not in self._days:
            self._days[exchange] = TradingDays.of(exchange, self._now)
        known = self._known.setdefault(exchange, {})
        for day in set(days) - known.keys():
            known[day] = self._days[exchange].objection(date.fromordinal(day))
        found = ((day, known[day]) for day in days)
        return {day: objection for day, objection in found if objection is not None}


@dataclass
class _Saving:
    """Saves the rows of a file stock by stock, and counts them."""

    now: datetime
    accept_doubtful: bool
    tickers: dict[int, str]
    added: int = 0
    updated: int = 0
    held_back: int = 0
    doubts: list[str] = field(default_factory=list)

    def save(self, table: PriceTable, on_progress: Progress | None) -> None:
        """Vets and saves all rows."""
        waiting: BarTuples = []
        in_doubt = {case.stock_id for case in quarantine.open_items() if case.field == "close"}
        for some in portions(table.by_stock()):
            quoted = statements.known_of([stock_id for stock_id, _ in some], self.now)
            for stock_id, rows in some:
                first = date.fromordinal(int(table.days[rows.start]))
                standing = bars.of(stock_id, since=first - price_vetting.BEFORE)
                prices = _Prices.of(table, rows, standing)
                before = bisect_left(standing, first, key=attrgetter("session"))
                witnesses = _Witnesses.of(standing, before, quoted.get(stock_id, ()))
                prices, rejected = self._vetted(stock_id, prices, witnesses)
                new, changed = _bars(stock_id, prices, standing[before:])
                waiting += new + changed
                self.added += len(new)
                self.updated += len(changed)
                if not rejected and stock_id in in_doubt:
                    quarantine.resolve(stock_id, "close", self.now)
                if len(waiting) >= _ROWS_AT_ONCE:
                    bars.save_many(waiting)
                    waiting.clear()
                if on_progress:
                    on_progress(rows.stop, len(table), "saving")
        bars.save_many(waiting)

    def _vetted(
        self, stock_id: int, prices: _Prices, witnesses: _Witnesses
    ) -> tuple[_Prices, list[RejectedValue]]:
        """The prices of a stock that are believed, and what was doubted but not taken."""
        rejected: list[RejectedValue] = []
        if not prices.are_plausible(witnesses):
            accepted, rejected = vet_bars(
                prices.as_bars(),
                witnesses.last,
                quarantine.decisions_on(stock_id),
                witnesses.quoted,
                take_all=self.accept_doubtful,
            )
            self.held_back += len(prices.days) - len(accepted)
            prices = prices.only([bar.session.toordinal() for bar in accepted])
        for value in rejected:
            self.doubts.append(f"{self.tickers[stock_id]}: {value.reason}")
            if self.accept_doubtful:
                quarantine.add_accepted(stock_id, value, SOURCE, self.now, BY_IMPORT)
            else:
                quarantine.add(stock_id, value, SOURCE, self.now)
        held = [] if self.accept_doubtful else rejected
        message = " ".join(value.reason for value in held) or None
        state = QUARANTINED if held else fetches.OK
        fetches.record(stock_id, "prices", state, message, SOURCE, self.now)
        return prices, held


@dataclass(frozen=True, slots=True)
class _Witnesses:
    """What the prices of a file are held against: the last stored bar before them, or where there
    is none another stored close or the quoted price."""

    last: Any | None
    quoted: QuotedPrice | None

    @classmethod
    def of(cls, standing: Sequence[Any], before: int, known: Sequence[Statement]) -> _Witnesses:
        """`standing` are the stored bars, so many of them before those of the file."""
        if before:
            return cls(standing[before - 1], None)
        level = price_vetting.level_of(standing) or price_vetting.quoted_price(known)
        return cls(None, level)


@dataclass(frozen=True, slots=True)
class _Prices:
    """The rows of one stock, oldest first: `days` are ordinals, `values` as in `PriceTable`, and
    `stored_splits` the splits that are stored of these days."""

    days: np.ndarray
    values: dict[str, np.ndarray]
    stored_splits: np.ndarray

    @classmethod
    def of(cls, table: PriceTable, rows: slice, standing: Sequence[Any]) -> _Prices:
        days = table.days[rows]
        stored = np.ones(len(days))
        for bar in standing:
            if bar.split != 1:
                stored[days == bar.session.toordinal()] = bar.split
        values = {name: table.values[name][rows] for name in table.values}
        return cls(days, values, stored)

    def only(self, days: Sequence[int]) -> _Prices:
        """The rows of some days."""
        kept = np.isin(self.days, days)
        values = {name: self.values[name][kept] for name in self.values}
        return _Prices(self.days[kept], values, self.stored_splits[kept])

    @property
    def all_splits(self) -> np.ndarray:
        """Those that the file tells of, and where it does not the stored ones."""
        told = self.splits()
        return np.where(np.isnan(told), self.stored_splits, told)

    def splits(self) -> np.ndarray:
        """The splits that adjusted closes tell of (`told_splits`)."""
        closes = self.values["close"]
        if len(closes) == 0:
            return closes
        return told_splits(closes, self.values["adj_close"] / closes)

    def adjustments(self) -> np.ndarray:
        """The adjustment of each bar (`providers.base.Bar`), NaN where the rows do not tell it.

        With r = adjusted close / close (1 without an adjusted close), the adjustment of a bar is
        r of the bar before / r of its own: then closes times the adjustments of all later bars are
        the adjusted closes of the file, but for the r of its last row. The first row has no bar
        before it in the file, and tells nothing.
        """
        adjusted, closes = self.values["adj_close"], self.values["close"]
        given = ~np.isnan(adjusted)
        ratios = np.where(given, adjusted / closes, 1.0)
        adjustments = np.full(len(ratios), np.nan)
        adjustments[1:] = np.where(given[1:] | given[:-1], ratios[:-1] / ratios[1:], np.nan)
        return adjustments

    def are_plausible(self, witnesses: _Witnesses) -> bool:
        """Whether `vet_bars` would certainly believe all of them, told at once for all rows."""
        closes, splits = self.values["close"], self.all_splits
        last, quoted = witnesses.last, witnesses.quoted
        before = np.concatenate([[last.close if last else closes[0]], closes[:-1]])
        if (np.abs(closes * splits / before - 1.0) > JUMP).any():
            return False
        if quoted is None:
            return True
        ratios = closes / quoted.price
        return bool(((ratios > 1 / UNIT_FACTOR) & (ratios < UNIT_FACTOR)).all())

    def as_bars(self) -> list[Bar]:
        """The rows as bars, with what the rules look at."""
        columns = self.days, self.values["close"], self.all_splits
        figures = zip(*(column.tolist() for column in columns), strict=True)
        return [
            Bar(date.fromordinal(day), None, None, None, close, None, split=split)
            for day, close, split in figures
        ]


_FIGURES = ("open", "high", "low", "close", "volume")
_ADJUSTMENT, _SPLIT = len(_FIGURES), len(_FIGURES) + 2
_STORED = attrgetter(*_FIGURES, "adjustment", "dividend", "split")
_WITHOUT_BAR = (*[np.nan] * len(_FIGURES), 1.0, 0.0, 1.0)

BarTuples = list[tuple[Any, ...]]


def _bars(stock_id: int, prices: _Prices, standing: Sequence[Any]) -> tuple[BarTuples, BarTuples]:
    """The rows of one stock that are new, and those that differ from the stored bar, as
    `store.bars.save_many` takes them. `standing` are the stored bars of the stock, oldest first.

    What a row leaves out comes from the stored bar; dividends always do, because a file has no
    column for them, and splits where no adjusted close tells of them.
    """
    days = prices.days
    before = np.tile(_WITHOUT_BAR, (len(days), 1))
    standing_days = np.array([bar.session.toordinal() for bar in standing], dtype=np.int64)
    stands, places = np.isin(days, standing_days), np.searchsorted(standing_days, days)
    if standing:
        before[stands] = np.array([_STORED(bar) for bar in standing], dtype=np.float64)[
            places[stands]
        ]
    given = np.full_like(before, np.nan)
    for column, name in enumerate(_FIGURES):
        given[:, column] = prices.values[name]
    given[:, _ADJUSTMENT], given[:, _SPLIT] = prices.adjustments(), prices.splits()
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
