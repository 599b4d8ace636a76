"""From rows of the database to the universe that the engine scores, as it was known at a moment."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import numpy as np

from stockscore.scoring.assemble import Reported, assemble, inputs_at
from stockscore.scoring.currency import major_unit
from stockscore.scoring.inputs import RECORDED
from stockscore.scoring.statements import Statement
from stockscore.scoring.universe import Universe
from stockscore.store import bars, fx, panels, sessions, statements
from stockscore.store.models import Stock


@dataclass(slots=True)
class StockReports:
    """What each stock has reported, put together as of any moment.

    Putting statements together is the costly step, and between two reports nothing changes: the
    last result of a stock is kept until another statement or split counts.
    """

    statements: Mapping[int, Sequence[Statement]]
    splits: Mapping[int, Sequence[tuple[date, float]]]
    _assembled: dict[int, tuple[tuple[int, int], Reported]] = field(default_factory=dict)

    @classmethod
    def load(cls, known_at: datetime) -> StockReports:
        """Everything that was known by then, of all stocks, in two queries."""
        known = {
            stock_id: sorted(rows, key=lambda row: row.known_at)
            for stock_id, rows in statements.known_of_all(known_at).items()
        }
        return cls(known, bars.splits_of_all())

    def at(self, stock_id: int, known_at: datetime, day: date) -> Reported:
        """What is reported of a stock at a moment, restated for splits until `day`."""
        rows = self.statements.get(stock_id, ())
        splits = self.splits.get(stock_id, ())
        counts = (
            bisect_right(rows, known_at, key=lambda row: row.known_at),
            bisect_right(splits, day, key=lambda split: split[0]),
        )
        last = self._assembled.get(stock_id)
        if last is None or last[0] != counts:
            last = counts, assemble(rows[: counts[0]], splits[: counts[1]])
            self._assembled[stock_id] = last
        return last[1]


@dataclass(frozen=True, slots=True)
class MarketInputs:
    """All that one scoring needs: stocks in ticker order, their bars, reports and currencies."""

    stocks: tuple[Stock, ...]
    panel: panels.Panel
    reported: tuple[Reported, ...]
    universe: Universe
    day: date


class Rates:
    """Exchange rates of a day, each looked up once."""

    def __init__(self, day: date) -> None:
        self._day = day
        self._rates: dict[tuple[str, str], float | None] = {}

    def between(self, price_currency: str, financial_currency: str | None) -> float | None:
        """Units of the financial currency for one major unit of the price currency; None where
        unknown."""
        pair = major_unit(price_currency)[0], major_unit(financial_currency or price_currency)[0]
        if pair[0] == pair[1]:
            return 1.0
        if pair not in self._rates:
            self._rates[pair] = fx.rate(*pair, self._day)
        return self._rates[pair]


def assemble_market(
    stocks: Sequence[Stock],
    panel: panels.Panel,
    reports: StockReports,
    known_at: datetime,
    day: date,
) -> MarketInputs:
    """The market of these stocks (in the panel's order) as it was known at a moment."""
    reported = tuple(reports.at(stock.id, known_at, day) for stock in stocks)
    rates = Rates(day)
    inputs = []
    for index, (stock, figures) in enumerate(zip(stocks, reported, strict=True)):
        currency = figures.currency or stock.financial_currency
        price = _known(panel.last_closes[index])
        dividends = _dividends(figures, _known(panel.dividends[index]))
        rate = rates.between(stock.currency, currency)
        inputs.append(inputs_at(figures, price, stock.currency, dividends, rate))
    priced = np.isfinite(panel.last_closes)
    columns = {
        name: np.array(
            [np.nan if row[name] is None else row[name] for row in inputs], dtype=np.float64
        )
        for name in RECORDED
    }
    exchanges = [stock.exchange for stock in stocks]
    universe = Universe(
        tickers=[stock.ticker for stock in stocks],
        exchanges=exchanges,
        sectors=[stock.sector for stock in stocks],
        industries=[stock.industry for stock in stocks],
        inputs=columns,
        closes=panel.closes,
        volumes=panel.volumes,
        last_sessions=panel.sessions,
        rate_missing=priced & np.isnan(columns["price"]),
        sessions={mic: _recent_sessions(mic, day) for mic in set(exchanges)},
    )
    return MarketInputs(tuple(stocks), panel, reported, universe, day)


def _dividends(reported: Reported, paid: float | None) -> float | None:
    """Dividends per share of twelve months: what was paid by the bars; where they show none, what
    the provider answers, because some sources leave actions out of their bars."""
    answered = reported.figures.get("dividend_per_share")
    return answered if paid == 0 and answered is not None else paid


def _recent_sessions(exchange: str, day: date) -> np.ndarray:
    """Ordinals of the sessions of the last year up to a day, by which staleness is counted."""
    rows = sessions.between(exchange, day - timedelta(days=400), day)
    return np.array([row.session.toordinal() for row in rows], dtype=np.int64)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
