"""What an exchange shows of the moves: sessions with open, high, low, close and volume, raw as
traded, and the dividends and splits on the sessions they go ex."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from stockscore.market.hours import Session
from stockscore.providers.base import Bar
from stockscore.providers.demo.accounts import Ledger
from stockscore.providers.demo.companies import Company
from stockscore.providers.demo.dates import period_end
from stockscore.providers.demo.draws import reverting, roll, stream
from stockscore.providers.demo.register import Register
from stockscore.providers.demo.register import session_days as days_of
from stockscore.providers.demo.traits import Traits


@dataclass(frozen=True, slots=True)
class Tape:
    """All sessions of one exchange and the companies on it; arrays are (sessions, companies).

    Prices are in the currency of the quote (pence for GBX). A company trades from session
    `first` to before session `last` (indices); `last` is `len(sessions)` where no end is known.
    """

    sessions: Sequence[Session]
    companies: Sequence[Company]
    open: np.ndarray
    high: np.ndarray
    low: np.ndarray
    close: np.ndarray
    volume: np.ndarray
    dividend: np.ndarray
    split: np.ndarray
    first: np.ndarray
    last: np.ndarray

    def bars(self, column: int, start: int, stop: int) -> list[Bar]:
        """The bars of one company from session index `start` to before `stop`."""
        start, stop = max(start, int(self.first[column])), min(stop, int(self.last[column]))
        if stop <= start:
            return []
        span = slice(start, stop)
        close, dividend, split = (
            array[:, column] for array in (self.close, self.dividend, self.split)
        )
        before = (
            close[max(start - 1, 0) : stop - 1] if start else np.r_[close[0], close[: stop - 1]]
        )
        adjustment = (1 / split[span]) * (1 - dividend[span] / before)
        days = [session.session for session in self.sessions[span]]
        columns = [array[span, column].tolist() for array in (self.open, self.high, self.low)]
        rest = [
            array.tolist()
            for array in (close[span], self.volume[span, column], dividend[span], split[span])
        ]
        return list(map(Bar, days, *columns, *rest, adjustment.tolist()))


@dataclass(frozen=True, slots=True)
class SimulatedMarket:
    """What moves all exchanges: arrays of (weekdays, companies of a register). `log_price` is the
    logarithm of an unsplit share's price in the major unit, `money` the major units of the price
    currency for one of the accounts'."""

    days: np.ndarray
    log_price: np.ndarray
    money: np.ndarray
    ledger: Ledger
    traits: Traits


def record(
    register: Register, mic: str, columns: np.ndarray, market: SimulatedMarket, seed: int
) -> Tape:
    """The tape of one exchange; `columns` are the places in the register of the companies on it.
    More sessions only append."""
    sessions = register.sessions[mic]
    companies = [register.companies[place] for place in columns]
    session_days = days_of(sessions)
    rows = np.searchsorted(market.days, session_days)
    here = np.ix_(rows, columns)
    split, before = _splits(companies, columns, market.ledger, session_days)
    shares = before * np.cumprod(split, axis=0)
    minor = np.array([100.0 if company.currency == "GBX" else 1.0 for company in companies])
    path = market.log_price[here] + _class_spreads(companies, len(rows), seed)
    price = np.exp(path) * minor
    prices = _within_the_day(companies, price, market.traits.volatility[columns], seed)
    decimals = np.array([1 if company.currency == "GBX" else 2 for company in companies])
    raw = {name: _rounded(values / shares, decimals) for name, values in prices.items()}
    dividend = _dividends(companies, columns, market.ledger, session_days)
    dividend = np.round(dividend * market.money[here] * minor, 4)
    outstanding = market.ledger.lines["shares"][0, columns]
    volume = _volume(companies, price, shares, outstanding, seed)
    return Tape(
        sessions, companies, **raw, volume=volume, dividend=dividend, split=split,
        first=register.first[columns], last=register.last[columns],
    )  # fmt: skip


def _splits(
    companies: Sequence[Company],
    columns: np.ndarray,
    ledger: Ledger,
    session_days: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """New shares for one old, on the first session at least ten days into the fiscal quarter, and
    the shares that one had become before the first session."""
    split = np.ones((len(session_days), len(companies)))
    before = np.ones(len(companies))
    for quarter, place in zip(*np.nonzero(ledger.split[:, columns] != 1.0), strict=True):
        day = period_end(quarter - 1, companies[place].months_early) + timedelta(10)
        ratio = ledger.split[quarter, columns[place]]
        if np.datetime64(day) < session_days[0]:
            before[place] *= ratio
        else:
            _set(split, session_days, day, place, ratio)
    return split, before


def _dividends(
    companies: Sequence[Company],
    columns: np.ndarray,
    ledger: Ledger,
    session_days: np.ndarray,
) -> np.ndarray:
    """Money per share in the currency of the accounts, on a day in the middle of the quarter that
    is always about the same for a company, and always after the quarter's split."""
    dividend = np.zeros((len(session_days), len(companies)))
    for quarter, place in zip(*np.nonzero(ledger.dividend[:, columns] > 0), strict=True):
        begin = period_end(quarter - 1, companies[place].months_early)
        day = begin + timedelta(35 + roll(companies[place].key, "ex day", 35))
        _set(dividend, session_days, day, place, ledger.dividend[quarter, columns[place]])
    return dividend


def _set(target: np.ndarray, session_days: np.ndarray, day: date, place: int, value: float) -> None:
    row = int(np.searchsorted(session_days, np.datetime64(day)))
    if row < len(session_days) and session_days[0] <= np.datetime64(day):
        target[row, place] = value


def _class_spreads(companies: Sequence[Company], sessions: int, seed: int) -> np.ndarray:
    """Share classes of one company are worth the same, and trade a little apart; the logarithm of
    that, 0 for companies with one class."""
    spreads = np.zeros((sessions, len(companies)))
    for place, company in enumerate(companies):
        if "." in company.ticker:
            shocks = stream(seed, company.ticker, "spread").standard_normal(sessions)
            spreads[:, place] = reverting(0.003 * shocks, 15, 0.0)
    return spreads


def _within_the_day(
    companies: Sequence[Company], close: np.ndarray, volatility: np.ndarray, seed: int
) -> dict[str, np.ndarray]:
    """Open, high, low and close of unsplit shares."""
    z = np.stack(
        [stream(seed, c.ticker, "day").standard_normal((len(close), 3)) for c in companies], axis=1
    )
    before = np.vstack([close[:1], close[:-1]])
    opens = before * np.exp(0.35 * np.log(close / before) + 0.3 * volatility * z[:, :, 0])
    high = np.maximum(opens, close) * np.exp(np.abs(z[:, :, 1]) * 0.4 * volatility)
    low = np.minimum(opens, close) * np.exp(-np.abs(z[:, :, 2]) * 0.4 * volatility)
    return {"open": opens, "high": high, "low": low, "close": close}


def _volume(
    companies: Sequence[Company],
    price: np.ndarray,
    shares: np.ndarray,
    outstanding: np.ndarray,
    seed: int,
) -> np.ndarray:
    """Shares traded, in hundreds: more on days of large moves."""
    z = np.stack(
        [stream(seed, c.ticker, "volume").standard_normal(len(price)) for c in companies], axis=1
    )
    usual = np.array([0.002 + 0.00006 * roll(c.ticker, "turnover", 100) for c in companies])
    before = np.vstack([price[:1], price[:-1]])
    stir = np.minimum(np.abs(np.log(price / before)) * 14, 2.0)
    traded = outstanding * shares * usual * np.exp(0.32 * z + stir - 0.2)
    return np.maximum(np.round(traded, -2), 100.0)


def _rounded(values: np.ndarray, decimals: np.ndarray) -> np.ndarray:
    scale = 10.0**decimals
    return np.maximum(np.round(values * scale), 1.0) / scale
