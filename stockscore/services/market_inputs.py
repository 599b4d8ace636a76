"""From rows of the database to the universe that the engine scores, as it was known at a moment."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from stockscore.scoring.assemble import Reported, assemble
from stockscore.scoring.currency import major_unit
from stockscore.scoring.input_columns import figure_column, input_columns
from stockscore.scoring.methods import Method
from stockscore.scoring.metrics import CONVERTED
from stockscore.scoring.staleness import sessions_behind
from stockscore.scoring.universe import Universe
from stockscore.services.errors import ServiceError
from stockscore.store import (
    derived,
    fx,
    panels,
    price_windows,
    reported_figures,
    sessions,
    splits,
    statements,
)
from stockscore.store import stocks as listings
from stockscore.store.portions import portions
from stockscore.store.reported_figures import KeptFigures
from stockscore.store.stocks import ListedStock


class StockReports:
    """What each stock has reported, put together as of one moment after another.

    Putting statements together is the costly step, and between two reports nothing changes: the
    last result of a stock is kept until another statement or split counts. The statements
    themselves are read when they count, some stocks at a time, and not kept.
    """

    def __init__(self, until: datetime) -> None:
        """For all stocks, and moments up to `until`."""
        self._moments = statements.moments_of_all(until)
        self._splits = splits.of_all()
        self._days = {
            stock_id: [session for session, _ in own] for stock_id, own in self._splits.items()
        }
        self._counts: dict[int, tuple[int, int]] = {}
        self._assembled: dict[int, Reported] = {}

    def known_of(self, stock_ids: Sequence[int], known_at: datetime, day: date) -> list[Reported]:
        """What is reported of each of these stocks at a moment, restated for splits until `day`."""
        counts = {
            stock_id: (
                bisect_right(self._moments.get(stock_id, ()), known_at),
                bisect_right(self._days.get(stock_id, ()), day),
            )
            for stock_id in stock_ids
        }
        changed = [
            stock_id for stock_id in stock_ids if self._counts.get(stock_id) != counts[stock_id]
        ]
        for some in portions(changed):
            known = statements.known_of(some, known_at)
            for stock_id in some:
                split_count = counts[stock_id][1]
                counted = self._splits.get(stock_id, [])[:split_count]
                self._assembled[stock_id] = assemble(known.get(stock_id, ()), counted)
                self._counts[stock_id] = counts[stock_id]
        return [self._assembled[stock_id] for stock_id in stock_ids]


@dataclass(frozen=True, slots=True)
class MarketInputs:
    """All that one scoring needs: stocks in ticker order, their bars, reports and currencies, put
    together as a method asks for them."""

    stocks: tuple[ListedStock, ...]
    panel: panels.Panel
    reported: tuple[Reported, ...]
    universe: Universe
    day: date
    method: Method


class Rates:
    """Exchange rates of a day as they were known at a moment, each looked up once."""

    def __init__(self, day: date, known_at: datetime) -> None:
        self._day = day
        self._known_on = known_at.date()
        self.known: dict[tuple[str, str], float | None] = {}

    def between(self, price_currency: str, financial_currency: str | None) -> float | None:
        """Units of the financial currency for one major unit of the price currency; None where
        unknown."""
        if not financial_currency or financial_currency == price_currency:
            return 1.0
        pair = major_unit(price_currency)[0], major_unit(financial_currency)[0]
        if pair[0] == pair[1]:
            return 1.0
        if pair not in self.known:
            self.known[pair] = fx.rate(*pair, self._day, self._known_on)
        return self.known[pair]


@dataclass(frozen=True, slots=True)
class MarketSources:
    """What the scores of now follow from, as it is stored ready to be scored: stocks in ticker
    order, the digest of their price windows and what is in these, assembled figures by stock id,
    and the day of the newest price."""

    stocks: tuple[ListedStock, ...]
    windows_digest: str
    figures: Mapping[int, KeptFigures]
    panel: panels.Panel
    known_at: datetime
    day: date

    @classmethod
    def read(cls, known_at: datetime) -> MarketSources:
        """What is stored of the stocks that are followed now. Raises `ServiceError` without any."""
        derived.complete()
        stocks = tuple(_some(listings.listed()))
        ids = [stock.id for stock in stocks]
        windows = price_windows.of(ids)
        last = _last_day(known_at)
        panel = price_windows.panel(ids, windows, last)
        return cls(
            stocks,
            hashlib.sha256(windows).hexdigest(),
            reported_figures.of_all(),
            panel,
            known_at,
            _newest_day(stocks, panel, last),
        )

    def digest(self) -> str:
        """A digest of all of it, of the exchange rates in use and of the calendars."""
        digest = hashlib.sha256(f"{self.day.isoformat()} {self.windows_digest}".encode())
        rates = Rates(self.day, self.known_at)
        for stock in self.stocks:
            kept = self.figures.get(stock.id)
            currency = kept.currency if kept else None
            digest.update(repr((stock, currency)).encode())
            if kept is not None:
                others = kept.reported_shares, kept.newest_end, kept.classified
                digest.update(f"{kept.text} {others}".encode())
            rates.between(stock.currency, currency or stock.financial_currency)
        digest.update(repr(sorted(rates.known.items())).encode())
        for mic in sorted({stock.exchange for stock in self.stocks}):
            digest.update(_recent_sessions(mic, self.day).tobytes())
        return digest.hexdigest()

    def market(self, method: Method) -> MarketInputs:
        """The market that they make, to be scored by a method."""
        reported = [self._reported(stock.id) for stock in self.stocks]
        return assemble_market(self.stocks, self.panel, reported, self.day, self.known_at, method)

    def _reported(self, stock_id: int) -> Reported:
        kept = self.figures.get(stock_id)
        if kept is None:
            return Reported()
        if kept.holds_at(self.known_at, self.day):
            return kept.reported
        # The clock stands before something that was stored: a rare case, read from its source.
        known = statements.known(stock_id, self.known_at)
        return assemble(known, [split for split in splits.of(stock_id) if split[0] <= self.day])


def market_as_known(
    stocks: Sequence[ListedStock], known_at: datetime, method: Method, day: date | None = None
) -> MarketInputs:
    """The market of these stocks as it was known at a moment, to be scored by a method, with bars
    up to `day` (default: the newest), from bars and statements themselves.

    Raises `ServiceError` without stocks.
    """
    last = day or _last_day(known_at)
    panel = panels.panel([stock.id for stock in _some(stocks)], last)
    newest = _newest_day(stocks, panel, last)
    ids = [stock.id for stock in stocks]
    reported = StockReports(known_at).known_of(ids, known_at, newest)
    return assemble_market(stocks, panel, reported, newest, known_at, method)


def _some(stocks: Sequence[ListedStock]) -> Sequence[ListedStock]:
    if not stocks:
        raise ServiceError(
            "There are no stocks to score; add some with `flask universe add sp500`, "
            "`flask universe import FILE` or `flask demo load`."
        )
    return stocks


def _last_day(known_at: datetime) -> date:
    """A session may be a day ahead of the UTC date (Tokyo, Sydney)."""
    return known_at.date() + timedelta(days=1)


def _newest_day(stocks: Sequence[ListedStock], panel: panels.Panel, last: date) -> date:
    """The newest day of a trade of any stock. A bar that is stored of a day without a session is no
    day of the market: then the session before it counts."""
    exchanges = np.array([stock.exchange for stock in stocks])
    days = []
    for mic in sorted(set(exchanges.tolist())):
        newest = int(panel.traded[exchanges == mic].max())
        if newest:
            days.append(_session_up_to(mic, date.fromordinal(newest)))
    return max(days, default=last)


def _session_up_to(exchange: str, day: date) -> date:
    """The last session of an exchange up to a day, the day itself where that is not known."""
    known = sessions.span(exchange)
    if known is None or not known[0] <= day <= known[1]:
        return day
    found = sessions.between(exchange, max(known[0], day - timedelta(days=21)), day)
    return found[-1].session if found else day


def assemble_market(
    stocks: Sequence[ListedStock],
    panel: panels.Panel,
    reported: Sequence[Reported],
    day: date,
    known_at: datetime,
    method: Method,
) -> MarketInputs:
    """The market of these stocks, with their bars and what they have reported in the same order, to
    be scored by a method on what was known at a moment. Figures whose period ended too long before
    `day` are missing."""
    counting = [known.on(day) for known in reported]
    figures = [known.with_growth(quoted=method.quoted_growth) for known in counting]
    paid, last = panel.dividends, panel.sessions
    if method.doubts_prices:
        paid, last = panel.yearly_dividends, panel.traded
    columns = input_columns(
        figures,
        panel.last_closes,
        [stock.currency for stock in stocks],
        _dividends(figures, paid),
        _rates(stocks, figures, day, known_at),
    )
    rate_missing = np.isfinite(panel.last_closes) & np.isnan(columns["price"])
    exchanges = [stock.exchange for stock in stocks]
    sessions_of = {mic: _recent_sessions(mic, day) for mic in set(exchanges)}
    if method.doubts_prices:
        stale = sessions_behind(exchanges, last, sessions_of) > method.stale_sessions
        for name in CONVERTED:
            columns[name] = np.where(stale, np.nan, columns[name])
    universe = Universe(
        tickers=[stock.ticker for stock in stocks],
        exchanges=exchanges,
        sectors=[stock.sector for stock in stocks],
        industries=[stock.industry for stock in stocks],
        inputs=columns,
        closes=panel.closes,
        volumes=panel.volumes,
        last_sessions=last,
        rate_missing=rate_missing,
        sessions=sessions_of,
    )
    return MarketInputs(tuple(stocks), panel, tuple(reported), universe, day, method)


def _dividends(reported: Sequence[Reported], paid: np.ndarray) -> np.ndarray:
    """Dividends per share of twelve months: what was paid by the bars; where they show none, what
    the provider answers, because some sources leave actions out of their bars."""
    answered = figure_column(reported, "dividend_per_share")
    return np.where((paid == 0) & ~np.isnan(answered), answered, paid)


def _rates(
    stocks: Sequence[ListedStock], reported: Sequence[Reported], day: date, known_at: datetime
) -> np.ndarray:
    """Units of the reports' currency for one major unit of the price currency, NaN where
    unknown."""
    rates = Rates(day, known_at)
    found = (
        rates.between(stock.currency, known.currency or stock.financial_currency)
        for stock, known in zip(stocks, reported, strict=True)
    )
    return np.array([np.nan if rate is None else rate for rate in found])


def _recent_sessions(exchange: str, day: date) -> np.ndarray:
    """Ordinals of the sessions of the last year up to a day, by which staleness is counted."""
    rows = sessions.between(exchange, day - timedelta(days=400), day)
    return np.array([row.session.toordinal() for row in rows], dtype=np.int64)
