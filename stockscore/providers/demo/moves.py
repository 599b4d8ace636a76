"""How prices move: the logarithm of every company's price on every weekday.

A price is the fair worth of the share, read smoothly between the ends of fiscal quarters, times a
mood that reverts slowly: the market's, the sector's and the company's own. Reports move the own
mood by as much as they surprise.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from stockscore.providers.demo.accounts import Ledger
from stockscore.providers.demo.companies import Company
from stockscore.providers.demo.currencies import dollars
from stockscore.providers.demo.dates import GENESIS, period_end
from stockscore.providers.demo.draws import fat_tailed, normals, reverting, stream
from stockscore.providers.demo.events import Events, delisting_day
from stockscore.providers.demo.traits import Traits

MARKET_MOVE = 0.0082
SECTOR_MOVE = 0.0048
"""Standard deviations of a day's common moves."""

_MOOD_HALF_LIFE = 260
_REPORT_MOVE = 0.028


def log_prices(
    companies: Sequence[Company],
    traits: Traits,
    ledger: Ledger,
    events: Events,
    reported_on: np.ndarray,
    days: np.ndarray,
    seed: int,
) -> np.ndarray:
    """Natural logarithms of prices, shape (days, companies), in the major unit of the price
    currency and in shares as they were before any split.

    `reported_on` is the index of the weekday that reacts to a quarter's report, of shape
    (quarters, companies). More days only append.
    """
    keys = [c.key for c in companies]
    own = fat_tailed(seed, keys, "moves", len(days)) * traits.volatility
    own *= _calm_and_storm(len(days), seed)[:, None]
    _add_reports(own, ledger.surprise, reported_on, traits, seed, keys)
    start = normals(seed, keys, "first mood", 1, 2)[0]
    mood = reverting(own, _MOOD_HALF_LIFE, 0.25 * start[:, 0])
    mood += _trends(keys, len(days), start[:, 1], seed)
    mood += _common(companies, traits, len(days), seed)
    mood += np.log(_fair(companies, ledger, days))
    mood += np.log(conversion(companies, len(days), seed))
    _end_stories(mood, companies, events, days)
    return mood


def _calm_and_storm(days: int, seed: int) -> np.ndarray:
    """A factor on every move of a day: quiet and wild times follow each other."""
    shocks = 0.06 * stream(seed, "market", "storms").standard_normal(days)
    return np.exp(reverting(shocks, 25, 0.0) - 0.05)


def _common(companies: Sequence[Company], traits: Traits, days: int, seed: int) -> np.ndarray:
    storms = _calm_and_storm(days, seed)
    market = fat_tailed(seed, ["market"], "moves", days)[:, 0] * MARKET_MOVE * storms
    sectors = sorted({c.industry.sector for c in companies})
    moves = fat_tailed(seed, sectors, "sector moves", days) * SECTOR_MOVE
    market_mood = reverting(market, 400, 0.0)
    sector_mood = reverting(moves, 300, 0.0)
    place = [sectors.index(c.industry.sector) for c in companies]
    return market_mood[:, None] * traits.beta + sector_mood[:, place]


def _trends(keys: list[str], days: int, start: np.ndarray, seed: int) -> np.ndarray:
    """Slow swings of some months: what makes a rise likely to go on for a while."""
    shocks = np.stack([stream(seed, key, "trend").standard_normal(days) for key in keys], axis=1)
    drift = reverting(shocks * 0.00011, 45, start * 0.0006)
    return reverting(drift, 180, 0.0)


def _add_reports(
    moves: np.ndarray,
    surprise: np.ndarray,
    reported_on: np.ndarray,
    traits: Traits,
    seed: int,
    keys: list[str],
) -> None:
    chance = normals(seed, keys, "reactions", len(surprise), 1)[:, :, 0]
    size = _REPORT_MOVE * traits.volatility / 0.015
    jumps = size * (0.6 * surprise + 0.7 * chance)
    quarters, columns = np.nonzero((reported_on >= 0) & (reported_on < len(moves)))
    rows = reported_on[quarters, columns]
    np.add.at(moves, (rows, columns), jumps[quarters, columns])


def _fair(companies: Sequence[Company], ledger: Ledger, days: np.ndarray) -> np.ndarray:
    """The worth of an unsplit share, interpolated geometrically between quarter ends."""
    unsplit = np.log(ledger.worth * np.cumprod(ledger.split, axis=0))
    genesis = np.datetime64(GENESIS)
    elapsed = (days - genesis).astype(float)
    fair = np.empty((len(days), len(companies)))
    for early in {c.months_early for c in companies}:
        ends = [np.datetime64(period_end(q, early)) for q in range(len(unsplit))]
        known = (np.array(ends) - genesis).astype(float)
        for index, company in enumerate(companies):
            if company.months_early == early:
                fair[:, index] = np.interp(elapsed, known, unsplit[:, index])
    return np.exp(fair)


def conversion(companies: Sequence[Company], days: int, seed: int) -> np.ndarray:
    """Major units of the price currency for one unit of the accounts' currency."""
    columns = [
        dollars(c.accounts, days, seed)
        / dollars("GBP" if c.currency == "GBX" else c.currency, days, seed)
        for c in companies
    ]
    return np.stack(columns, axis=1)


def _end_stories(
    path: np.ndarray, companies: Sequence[Company], events: Events, days: np.ndarray
) -> None:
    """A takeover lifts the price at once and then holds it near the offer; ruin drags it down."""
    for column in np.flatnonzero(events.delisted_in >= 0).tolist():
        end = delisting_day(companies[column], int(events.delisted_in[column]))
        taken_over = events.taken_over[column]
        start = weekday_index(end - timedelta(days=56 if taken_over else 210), days)
        base, tail = path[start - 1, column], path[start:, column]
        if taken_over:
            path[start:, column] = base + 0.22 + 0.05 * (tail - base)
        else:
            path[start:, column] = tail - 2.0 * np.minimum(np.arange(len(tail)) / 150, 1.0)


def weekday_index(day: date, days: np.ndarray) -> int:
    """The index of the first weekday on or after `day`."""
    return int(np.searchsorted(days, np.datetime64(day)))
