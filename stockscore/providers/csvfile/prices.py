"""Daily bars from a CSV file: `ticker,date,open,high,low,close,adj_close,volume`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stockscore.providers.csvfile import cells
from stockscore.providers.csvfile.lines import Progress
from stockscore.providers.csvfile.problems import Problems
from stockscore.providers.csvfile.table import TableBlock, TableColumns, rows

COLUMNS = TableColumns(
    required=("ticker", "date", "close"), optional=("open", "high", "low", "adj_close", "volume")
)
VALUES = ("open", "high", "low", "close", "adj_close", "volume")
_PRICES = VALUES[:-1]

_LOWEST, _HIGHEST = 1e-12, 1e15
"""Between these lies every price of any currency; beyond them the unit is wrong, and ratios of
prices would leave the range of floating-point numbers."""

Floats = NDArray[np.float64]

Objections = Callable[[int, list[int]], Mapping[int, str]]
"""From a stock and days (ordinals) to those that are no day of a price, with a clause that says
why."""


@dataclass(frozen=True, slots=True)
class PriceTable:
    """Rows of a price file, sorted by stock and day; no day of a stock twice.

    `stocks` are what `find` gave for the ticker, `days` ordinals; `values[name]` holds the column
    `name` of `VALUES`, NaN = missing (`close` never is). All of length n.
    """

    stocks: NDArray[np.int64]
    days: NDArray[np.int64]
    values: dict[str, Floats]

    def __len__(self) -> int:
        return len(self.days)

    def by_stock(self) -> list[tuple[int, slice]]:
        """For each stock of the file the slice of its rows, oldest first."""
        ids, starts = np.unique(self.stocks, return_index=True)
        ends = [*starts[1:].tolist(), len(self)]
        spans = zip(ids.tolist(), starts.tolist(), ends, strict=True)
        return [(stock, slice(start, end)) for stock, start, end in spans]


def read_prices(
    path: Path,
    latest: date,
    find: Callable[[str], int | None],
    on_progress: Progress | None = None,
    objections: Objections = lambda _, __: {},
) -> PriceTable:
    """Reads a price file. `latest` is the last day that is not refused as the future; `find` gives
    the number (> 0) of a stock from its ticker, None for one that the universe does not have;
    `objections` gives of days (ordinals) of a stock those on which it cannot have a price.

    Raises `BadFile` with all that is wrong with the file.
    """
    problems = Problems(str(path))
    stock_of = _Meanings(lambda text: _stock(text, find))
    day_of = _Meanings(lambda text: cells.day(text, latest).toordinal())
    blocks = rows(path, COLUMNS, problems, on_progress)
    parts = [_block(block, stock_of, day_of) for block in blocks]
    lines, stocks, days, *values = (np.concatenate(part) for part in zip(*parts, strict=True))
    order = np.lexsort((lines, days, stocks))
    lines, stocks, days = lines[order], stocks[order], days[order]
    _refuse_twice(lines, stocks, days, problems)
    problems.raise_if_any()
    table = PriceTable(
        stocks, days, {name: column[order] for name, column in zip(VALUES, values, strict=True)}
    )
    _refuse_closed(lines, table, objections, problems)
    problems.raise_if_any()
    return table


class _Meanings(dict[str, int]):
    """What each spelling of a column means, found out once; 0 for one that is refused."""

    def __init__(self, parse: Callable[[str], int]) -> None:
        super().__init__()
        self._parse = parse
        self._told: set[str] = set()

    def __missing__(self, text: str) -> int:
        try:
            meaning = self._parse(text.strip())
        except cells.CellError:
            meaning = 0
        self[text] = meaning
        return meaning

    def column(self, block: TableBlock, column: str) -> list[int]:
        """The meanings of a column. Each wrong spelling is noted at its first row only: a thousand
        rows of an unknown ticker are one thing to put right and not a thousand."""
        texts = block.columns[column]
        values = [self[text] for text in texts]
        if 0 in values:
            for line, text, value in zip(block.lines, texts, values, strict=True):
                if not value and text not in self._told:
                    self._told.add(text)
                    self._refuse(block, line, column, text)
        return values

    def _refuse(self, block: TableBlock, line: int, column: str, text: str) -> None:
        try:
            self._parse(text.strip())
        except cells.CellError as error:
            block.refuse(line, column, str(error))


def _stock(text: str, find: Callable[[str], int | None]) -> int:
    ticker = cells.ticker(text)
    number = find(ticker)
    if number is None:
        raise cells.CellError(f"{cells.shown(ticker)} is not in the universe; import that first.")
    return number


def _block(block: TableBlock, stock_of: _Meanings, day_of: _Meanings) -> list[NDArray[np.generic]]:
    head = [block.lines, stock_of.column(block, "ticker"), day_of.column(block, "date")]
    values = {name: block.numbers(name) for name in VALUES}
    _refuse_bad_prices(block, values)
    return [*(np.array(part, dtype=np.int64) for part in head), *values.values()]


def _refuse_bad_prices(block: TableBlock, values: dict[str, Floats]) -> None:
    """Notes what no price and no volume can be. Comparisons with NaN are false, so that what is
    missing passes, but for the close."""
    for name in VALUES[:-1]:
        for position in np.flatnonzero(values[name] <= 0).tolist():
            block.refuse(
                block.lines[position],
                name,
                f"is {values[name][position]:g}; a price is above zero.",
            )
        for position in np.flatnonzero(
            (values[name] > _HIGHEST) | ((values[name] > 0) & (values[name] < _LOWEST))
        ).tolist():
            block.refuse(
                block.lines[position], name, f"is {values[name][position]:g}; check the unit."
            )
    for position in np.flatnonzero(values["volume"] < 0).tolist():
        block.refuse(
            block.lines[position], "volume", f"is {values['volume'][position]:g}; correct it."
        )
    for position in np.flatnonzero(values["high"] < values["low"]).tolist():
        high, low = values["high"][position], values["low"][position]
        block.refuse(
            block.lines[position], "high", f"({high:g}) is below low ({low:g}); correct them."
        )
    for position in np.flatnonzero(np.isnan(values["close"])).tolist():
        if not block.columns["close"][position].strip():
            block.refuse(
                block.lines[position], "close", "is empty; give the close or remove the row."
            )


def _refuse_closed(
    lines: NDArray[np.int64], table: PriceTable, objections: Objections, problems: Problems
) -> None:
    """Notes the rows of days on which their stock cannot have a price."""
    for stock, rows_of in table.by_stock():
        days = table.days[rows_of].tolist()
        refused = objections(stock, days)
        for line, day in zip(lines[rows_of].tolist(), days, strict=True) if refused else ():
            if day in refused:
                shown = cells.shown(date.fromordinal(day).isoformat())
                problems.add(line, f"date {shown} {refused[day]}; correct or remove the row.")


def _refuse_twice(
    lines: NDArray[np.int64],
    stocks: NDArray[np.int64],
    days: NDArray[np.int64],
    problems: Problems,
) -> None:
    """Notes the rows that have the stock and day of the row before them (all sorted)."""
    same = (stocks[1:] == stocks[:-1]) & (days[1:] == days[:-1]) & (stocks[1:] > 0) & (days[1:] > 0)
    for position in np.flatnonzero(same).tolist():
        problems.add(
            int(lines[position + 1]),
            f"has the ticker and date of line {lines[position]:,}; keep one of the two.",
        )
