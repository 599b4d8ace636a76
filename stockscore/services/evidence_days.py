"""Reads the dates of the record as `scoring.evidence` takes them: returns from bars, scores from
the cross-sections of snapshots."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np

from stockscore.scoring.evidence.days import Exchange, Recorded
from stockscore.scoring.evidence.returns import (
    ABSENT_SESSIONS,
    LONGEST_GAP,
    VANISHED,
    Closes,
    stock_returns,
)
from stockscore.scoring.evidence.series import SCORES
from stockscore.scoring.signals import SIGNALS
from stockscore.store import cross_sections, evidence, fx, panels
from stockscore.store.columns import MISSING
from stockscore.store.cross_sections import Column, Excerpt, Section
from stockscore.store.evidence import FollowedStock, RecordedSessions
from stockscore.store.panels import PanelHistory
from stockscore.store.portions import portions

LATE = timedelta(days=5)
"""How long a date waits for the snapshot of an exchange that has one less than the others."""

FOLLOWED_FOR = timedelta(days=14)
"""An exchange without a snapshot for longer is no longer followed."""

COLUMNS = (*SCORES, "signal", "sector", "market_cap")

NEVER = date.max.toordinal()


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of the record that are complete, in order, and the exchanges with a session on
    each."""

    days: Sequence[date]
    trading: Mapping[date, frozenset[str]]


def complete_dates(recorded: RecordedSessions) -> Dates:
    """The dates on which every exchange with a session has its snapshot, or never will."""
    known = {
        mic: sorted(recorded.taken[mic] | recorded.gaps.get(mic, set())) for mic in recorded.taken
    }
    newest = max((days[-1] for days in known.values()), default=date.min)
    trading: dict[date, set[str]] = {}
    waits: set[date] = set()
    for mic, sessions in recorded.calendar.items():
        own = known[mic]
        for day in sessions:
            before = bisect_right(own, day)
            if not before or day - own[before - 1] > FOLLOWED_FOR:
                continue
            trading.setdefault(day, set()).add(mic)
            if day > own[-1] and newest - day < LATE:
                waits.add(day)
    first_wait = min(waits, default=date.max)
    days = [day for day in sorted(trading) if day < first_wait]
    return Dates(days, {day: frozenset(trading[day]) for day in days})


@dataclass(frozen=True, slots=True)
class Stocks:
    """All stocks that ever were, in the order of every column: by exchange and id."""

    followed: Sequence[FollowedStock]
    ids: np.ndarray
    exchanges: Sequence[Exchange]
    _order: np.ndarray
    currencies: Sequence[str]
    currency_codes: np.ndarray

    @classmethod
    def read(cls) -> Stocks:
        """As they are in the database."""
        followed = evidence.followed()
        ids = np.array([stock.id for stock in followed], dtype=np.int64)
        exchanges: list[Exchange] = []
        for place, stock in enumerate(followed):
            if exchanges and exchanges[-1].mic == stock.exchange:
                exchanges[-1] = replace(exchanges[-1], end=place + 1)
            else:
                exchanges.append(Exchange(stock.exchange, place, place + 1))
        currencies = sorted({stock.currency for stock in followed})
        codes = {currency: code for code, currency in enumerate(currencies)}
        own = np.array([codes[stock.currency] for stock in followed], dtype=np.int64)
        return cls(followed, ids, exchanges, np.argsort(ids), currencies, own)

    def places(self, ids: np.ndarray) -> np.ndarray:
        """The places of stocks by their ids."""
        found: np.ndarray = self._order[np.searchsorted(self.ids, ids, sorter=self._order)]
        return found


@dataclass(slots=True)
class Returns:
    """Total returns of dates: `values` of all stocks in their order, `assumed` marks those that
    were assumed of stocks that vanished."""

    values: dict[date, np.ndarray] = field(default_factory=dict)
    assumed: dict[date, np.ndarray] = field(default_factory=dict)


def read_returns(
    days: Sequence[date],
    stocks: Stocks,
    dates: Dates,
    recorded: RecordedSessions,
    bought: Collection[str] = (),
) -> Returns:
    """The returns of some dates: those that are kept as they are, others from bars. `bought` are
    the tickers of stocks that ended by a known cash offer."""
    found = Returns()
    if not days:
        return found
    for day, (ids, values) in evidence.returns_of(days[0], days[-1]).items():
        _unpack(found, day, stocks, ids, values)
    lacking = [day for day in days if day not in found.values]
    if lacking:
        _from_bars(found, lacking, stocks, dates, recorded, bought)
    return found


def _from_bars(
    found: Returns,
    days: Sequence[date],
    stocks: Stocks,
    dates: Dates,
    recorded: RecordedSessions,
    bought: Collection[str],
) -> None:
    ordinals = np.array([day.toordinal() for day in days], dtype=np.int64)
    values = np.full((len(days), len(stocks.ids)), np.nan)
    assumed = np.zeros(values.shape, dtype=bool)
    taken = {
        mic: np.array(sorted(day.toordinal() for day in sessions), dtype=np.int64)
        for mic, sessions in recorded.taken.items()
    }
    first = days[0] - timedelta(days=LONGEST_GAP)
    never = np.empty(0, dtype=np.int64)
    for some in portions(range(len(stocks.ids))):
        bars = panels.between([stocks.followed[place].id for place in some], first, days[-1])
        unusual = _usual(bars, some, ordinals, values)
        for place, begin, end in zip(some, bars.starts[:-1], bars.starts[1:], strict=True):
            if place not in unusual:
                continue
            own = slice(int(begin), int(end))
            closes = Closes(bars.sessions[own], bars.closes[own], bars.adjustments[own])
            stock = stocks.followed[place]
            sessions, earned, ends = stock_returns(
                closes,
                taken.get(stock.exchange, never),
                int(ordinals[-1]),
                _no_end_from(stock, bought),
            )
            rows = np.searchsorted(ordinals, sessions)
            on_dates = rows < len(ordinals)
            on_dates[on_dates] = ordinals[rows[on_dates]] == sessions[on_dates]
            values[rows[on_dates], place] = earned[on_dates]
            for ended in ends:
                row = int(np.searchsorted(ordinals, ended))
                if row < len(ordinals) and ordinals[row] == ended:
                    values[row, place] = VANISHED
                    assumed[row, place] = True
    for row, day in enumerate(days):
        closed = [e for e in stocks.exchanges if e.mic not in dates.trading[day]]
        for exchange in closed:
            values[row, exchange.first : exchange.end] = np.nan
            assumed[row, exchange.first : exchange.end] = False
        found.values[day], found.assumed[day] = values[row], assumed[row]


def _usual(
    bars: PanelHistory, places: Sequence[int], ordinals: np.ndarray, values: np.ndarray
) -> set[int]:
    """Fills in the returns of stocks that traded throughout, all at once, as `stock_returns` makes
    them one by one; the places of all others."""
    lengths = np.diff(bars.starts)
    owner = np.repeat(np.asarray(places), lengths)
    gaps = np.diff(bars.sessions)
    same = owner[1:] == owner[:-1]
    ended = np.zeros(len(places), dtype=bool)
    with_bars = lengths > 0
    newest = bars.sessions[bars.starts[1:][with_bars] - 1]
    ended[with_bars] = newest <= ordinals[-1] - ABSENT_SESSIONS
    unusual = set(owner[1:][same & (gaps > ABSENT_SESSIONS)].tolist())
    unusual.update(np.asarray(places)[ended].tolist())
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        earned = bars.closes[1:] / (bars.closes[:-1] * bars.adjustments[1:]) - 1
    earned[~np.isfinite(earned) | (earned <= -1)] = np.nan
    sessions = bars.sessions[1:]
    rows = np.minimum(np.searchsorted(ordinals, sessions), len(ordinals) - 1)
    chosen = same & (ordinals[rows] == sessions) & ~np.isin(owner[1:], list(unusual))
    values[rows[chosen], owner[1:][chosen]] = earned[chosen]
    return unusual


def _no_end_from(stock: FollowedStock, bought: Collection[str]) -> int:
    """From which ordinal on the end of a stock is not assumed: it was bought for cash, or somebody
    took it out of the market, which is no end of the company."""
    if stock.ticker in bought:
        return 0
    if stock.removed_on is not None and stock.delisted_on is None:
        return stock.removed_on.toordinal()
    return NEVER


def pack_returns(values: np.ndarray, assumed: np.ndarray, stocks: Stocks) -> tuple[bytes, bytes]:
    """The known returns of a date as they are kept."""
    known = np.flatnonzero(~np.isnan(values))
    ids = np.where(assumed[known], -stocks.ids[known], stocks.ids[known])
    return ids.astype("<i4").tobytes(), values[known].astype("<f8").tobytes()


def _unpack(found: Returns, day: date, stocks: Stocks, ids: bytes, values: bytes) -> None:
    signed = np.frombuffer(ids, dtype="<i4").astype(np.int64)
    places = stocks.places(np.abs(signed))
    found.values[day] = np.full(len(stocks.ids), np.nan)
    found.values[day][places] = np.frombuffer(values, dtype="<f8")
    found.assumed[day] = np.zeros(len(stocks.ids), dtype=bool)
    found.assumed[day][places[signed < 0]] = True


class Snapshots:
    """Reads what methods said at sessions; one reader, so that sectors have one code each."""

    def __init__(self, stocks: Stocks, base: str) -> None:
        self._stocks = stocks
        self._sectors: dict[str, int] = {}
        self._rates = evidence.rates([c for c in stocks.currencies if c != base], base)
        self._base = base

    def read(self, sections: Sequence[Section]) -> dict[date, Recorded]:
        """What was said in these cross-sections of one method, by date."""
        read = cross_sections.excerpts([Excerpt(section, None, COLUMNS) for section in sections])
        found: dict[date, Recorded] = {}
        for section, columns in zip(sections, read, strict=True):
            if section.session is None or section.exchange is None:
                continue
            day = found.get(section.session) or Recorded.empty(len(self._stocks.ids))
            found[section.session] = self._with(day, section, columns)
        return found

    def _with(self, day: Recorded, section: Section, columns: Mapping[str, Column]) -> Recorded:
        places = self._stocks.places(np.frombuffer(section.stock_ids, dtype=np.int32))
        day.present[places] = True
        for row, score in enumerate(SCORES):
            if score in columns:
                day.scores[row, places] = np.asarray(columns[score])
        if "signal" in columns:
            codes = [SIGNALS.index(word) for word in section.labels.get("signal", SIGNALS)]
            day.signals[places] = _coded(columns["signal"], codes)
        if "sector" in columns:
            codes = [self._sector(word) for word in section.labels["sector"]]
            day.sectors[places] = _coded(columns["sector"], codes)
        if "market_cap" in columns and section.session is not None:
            rates = self._rates_on(section.session)[self._stocks.currency_codes[places]]
            day.market_values[places] = np.asarray(columns["market_cap"]) * rates
        return replace(day, exchanges=day.exchanges | {section.exchange or ""})

    def _sector(self, word: str) -> int:
        return self._sectors.setdefault(word, len(self._sectors))

    def _rates_on(self, day: date) -> np.ndarray:
        """By currency the newest rate up to a day, NaN where it is unknown or stale."""
        found = np.full(len(self._stocks.currencies), np.nan)
        for code, currency in enumerate(self._stocks.currencies):
            if currency == self._base:
                found[code] = 1.0
                continue
            own = self._rates[currency]
            before = bisect_right(own, (day, float("inf")))
            if before and day - own[before - 1][0] < fx.STALE_AFTER:
                found[code] = own[before - 1][1]
        return found


def _coded(column: Column, codes: Sequence[int]) -> np.ndarray:
    """A column of codes under other codes."""
    own = np.asarray(column)
    return np.array([*codes, MISSING], dtype=np.int32)[np.where(own >= 0, own, len(codes))]
