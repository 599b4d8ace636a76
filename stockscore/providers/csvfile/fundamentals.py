"""What companies reported, from a CSV file: the profile (`ticker,name,exchange,currency,sector,
industry`), `as_of`, and the inputs of the method by name (fractions, plain money)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stockscore.providers.base import Listing
from stockscore.providers.csvfile import cells
from stockscore.providers.csvfile.lines import Progress
from stockscore.providers.csvfile.problems import Problems
from stockscore.providers.csvfile.table import TableBlock, TableColumns, rows
from stockscore.providers.csvfile.universe import industry, sector
from stockscore.scoring.currency import major_unit
from stockscore.scoring.inputs import RECORDED
from stockscore.scoring.statements import Period, Statement

FIGURE_OF = {column: column.removesuffix("_ttm") for column in RECORDED}
"""The figure of a statement that each column gives: `revenue_ttm` is a trailing `revenue`."""

COLUMNS = TableColumns(
    required=("ticker", "as_of"),
    optional=("name", "exchange", "currency", "sector", "industry", *FIGURE_OF),
)

_IN_PRICE_CURRENCY = ("price", "market_cap", "enterprise_value", "dividend_per_share_ttm")
_QUOTED = [list(FIGURE_OF).index(column) for column in _IN_PRICE_CURRENCY]
_PLACE = {column: place for place, column in enumerate(FIGURE_OF)}
_NEVER_NEGATIVE = ("market_cap", "total_assets", "dividend_per_share_ttm")
_FRACTIONS = ("eps_growth", "revenue_growth", "tax_rate")
_ENOUGH_ROWS, _NO_FRACTION = 10, 1.5
"""Half of so many companies do not grow, or pay taxes, by more than this fraction."""
_PROFILE = ("name", "exchange", "currency", "sector", "industry")


@dataclass(frozen=True, slots=True)
class FundamentalsTable:
    """Rows of a fundamentals file.

    `listings` are the stocks of the file: those that the universe has with what the file's newest
    row says of their profile, and new ones. Row i is of `listings[stocks[i]]`, of the day
    `days[i]` (an ordinal), in `currencies[i]` (a major unit); `figures[i]` are in the order of
    `FIGURE_OF`, NaN = missing, all money in that major unit.
    """

    listings: list[Listing]
    stocks: NDArray[np.int64]
    days: NDArray[np.int64]
    currencies: list[str]
    figures: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.days)

    def by_stock(self, known_at: datetime) -> Iterator[tuple[Listing, list[Statement]]]:
        """Each listing with its statements, oldest first, as known from `known_at` on. A row
        without any figure says nothing, and makes no statement.

        Statements keep what was quoted in the unit of the price: the pounds of a file become pence
        for a stock that trades in pence.
        """
        order = np.lexsort((self.days, self.stocks))
        starts = np.searchsorted(self.stocks[order], np.arange(len(self.listings) + 1))
        for place, listing in enumerate(self.listings):
            own = order[starts[place] : starts[place + 1]]
            units = np.ones(len(FIGURE_OF))
            units[_QUOTED] = round(1 / major_unit(listing.currency)[1])
            statements = (self._statement(int(row), units, known_at) for row in own)
            yield listing, [statement for statement in statements if statement.figures]

    def _statement(self, row: int, units: NDArray[np.float64], known_at: datetime) -> Statement:
        values = zip(FIGURE_OF.values(), (self.figures[row] * units).tolist(), strict=True)
        as_of = date.fromordinal(int(self.days[row]))
        return Statement(
            period=Period.TRAILING,
            period_end=as_of,
            known_at=known_at,
            currency=self.currencies[row],
            source="csv",
            figures={name: value for name, value in values if value == value},
            covers_to=as_of,
        )


def read_fundamentals(
    path: Path,
    latest: date,
    key: Callable[[str], str],
    find: Callable[[str], Listing | None],
    on_progress: Progress | None = None,
) -> FundamentalsTable:
    """Reads a fundamentals file. `latest` is the last day that is not refused as the future; `key`
    gives the spelling-free form of a ticker, `find` its listing in the universe (None: not there).

    Raises `BadFile` with all that is wrong with the file.
    """
    problems = Problems(str(path))
    stocks = _Stocks(key, find)
    parts: list[tuple[NDArray[np.float64], list[tuple[int, int, str]]]] = []
    for block in rows(path, COLUMNS, problems, on_progress):
        figures = np.column_stack([block.numbers(column) for column in FIGURE_OF])
        _refuse_below_zero(block, figures)
        parts.append((figures, list(stocks.rows(block, figures, latest))))
    problems.raise_if_any()
    _refuse_per_cent(problems, np.concatenate([figures for figures, _ in parts]))
    heads = [head for _, some in parts for head in some]
    return FundamentalsTable(
        listings=stocks.listings,
        stocks=np.array([head[0] for head in heads], dtype=np.int64),
        days=np.array([head[1] for head in heads], dtype=np.int64),
        currencies=[head[2] for head in heads],
        figures=np.concatenate([figures for figures, _ in parts]),
    )


def _refuse_below_zero(block: TableBlock, figures: NDArray[np.float64]) -> None:
    prices = figures[:, _PLACE["price"]]
    for position in np.flatnonzero(prices <= 0).tolist():
        block.refuse(
            block.lines[position], "price", f"is {prices[position]:g}; a price is above zero."
        )
    for column in _NEVER_NEGATIVE:
        values = figures[:, _PLACE[column]]
        for position in np.flatnonzero(values < 0).tolist():
            sentence = f"is {values[position]:g}, and cannot be below zero; correct it."
            block.refuse(block.lines[position], column, sentence)


def _refuse_per_cent(problems: Problems, figures: NDArray[np.float64]) -> None:
    """Refuses a file whose fractions are evidently per cents, where nearly every row shows it. (Of
    single rows the doctor judges.)"""
    for column in _FRACTIONS:
        values = np.abs(figures[:, _PLACE[column]])
        values = values[~np.isnan(values)]
        if len(values) >= _ENOUGH_ROWS and np.median(values) > _NO_FRACTION:
            sentence = (
                f"{column} is {np.median(values):.3g} in the middle of {len(values):,} rows; write "
                "fractions, 0.05 for 5 %."
            )
            problems.add(1, sentence)
    problems.raise_if_any()


class _Stocks:
    """The stocks of a file as its rows tell them, and which rows have been seen."""

    def __init__(self, key: Callable[[str], str], find: Callable[[str], Listing | None]) -> None:
        self.listings: list[Listing] = []
        self._key = key
        self._find = find
        self._place: dict[str, int | None] = {}
        self._newest: list[date] = []
        self._line: dict[tuple[int, date], int] = {}

    def rows(
        self, block: TableBlock, figures: NDArray[np.float64], latest: date
    ) -> Iterator[tuple[int, int, str]]:
        """Place of the listing, ordinal of the day, and currency of each row; what is wrong with a
        row is noted."""
        has_quotes = map(any, (~np.isnan(figures[:, _QUOTED])).tolist())
        tickers = block.parsed("ticker", cells.ticker, "")
        days = block.parsed("as_of", lambda text: cells.day_of_moment(text, latest), None)
        profiles = zip(*_profile_columns(block), strict=True)
        together = zip(block.lines, tickers, days, profiles, has_quotes, strict=True)
        for line, ticker, day, cells_of_profile, quotes in together:
            profile = dict(zip(_PROFILE, cells_of_profile, strict=True))
            place = self._stock(block, line, ticker, profile) if ticker else None
            if place is None or day is None:
                continue
            self._refuse_twice(block, line, place, day)
            self._check(block, line, place, profile, quotes)
            self._update(place, day, profile)
            currency = profile["currency"] or self.listings[place].currency
            yield place, day.toordinal(), major_unit(currency)[0]

    def _stock(
        self, block: TableBlock, line: int, ticker: str, profile: dict[str, str | None]
    ) -> int | None:
        """The place of a ticker's listing; None where it has none, which is noted once."""
        key = self._key(ticker)
        if key in self._place:
            return self._place[key]
        listing = self._find(ticker) or _new_listing(ticker, profile)
        if listing is None:
            self._place[key] = None
            block.refuse(
                line,
                "ticker",
                f"{cells.shown(ticker)} is not in the universe; import that first, or give name, "
                "exchange and currency in this row.",
            )
            return None
        self._place[key] = len(self.listings)
        self.listings.append(listing)
        self._newest.append(date.min)
        return self._place[key]

    def _refuse_twice(self, block: TableBlock, line: int, place: int, day: date) -> None:
        earlier = self._line.setdefault((place, day), line)
        if earlier != line:
            block.problems.add(
                line, f"has the ticker and as_of of line {earlier:,}; keep one of the two."
            )

    def _check(
        self, block: TableBlock, line: int, place: int, profile: dict[str, str | None], quotes: bool
    ) -> None:
        """Notes a row that contradicts the listing it is of."""
        listing = self.listings[place]
        exchange, currency = profile["exchange"], profile["currency"]
        if exchange and exchange != listing.exchange:
            sentence = f"is {exchange}, but {listing.ticker} is listed on {listing.exchange}"
            block.refuse(line, "exchange", f"{sentence}; correct it, or leave it empty.")
        if not currency or not quotes:
            return
        if major_unit(currency)[0] != major_unit(listing.currency)[0]:
            sentence = f"is {currency}, but {listing.ticker} is quoted in {listing.currency}"
            block.refuse(
                line, "currency", f"{sentence}; leave {', '.join(_IN_PRICE_CURRENCY)} empty."
            )

    def _update(self, place: int, day: date, profile: dict[str, str | None]) -> None:
        """Takes what the newest row says of name, sector and industry; empty cells say nothing."""
        if day < self._newest[place]:
            return
        self._newest[place] = day
        listing = self.listings[place]
        self.listings[place] = replace(
            listing,
            name=profile["name"] or listing.name,
            sector=profile["sector"] or listing.sector,
            industry=profile["industry"] or listing.industry,
        )


def _profile_columns(block: TableBlock) -> Iterator[list[str | None]]:
    parsers = {
        "name": cells.name,
        "exchange": cells.exchange,
        "currency": cells.currency,
        "sector": sector,
        "industry": industry,
    }
    for column in _PROFILE:
        yield block.parsed(column, _where_given(parsers[column]), None)


def _where_given(parse: Callable[[str], str | None]) -> Callable[[str], str | None]:
    return lambda text: parse(text) if text else None


def _new_listing(ticker: str, profile: dict[str, str | None]) -> Listing | None:
    """A listing for a stock that the universe does not have, if the row says enough of it."""
    exchange, currency = profile["exchange"], profile["currency"]
    if not exchange or not currency:
        return None
    return Listing(
        ticker=ticker,
        name=profile["name"] or ticker,
        exchange=exchange,
        currency=currency,
        sector=profile["sector"],
        industry=profile["industry"],
        financial_currency=major_unit(currency)[0],
    )
