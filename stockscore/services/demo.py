"""Loads the simulated market: its listings, bars and reports, and the record of past scores.

The past daily snapshots are made by running the engine on what was known at the end of each
session, never drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from stockscore.providers.base import Fundamentals, Listing, PriceHistory, Unavailable
from stockscore.providers.demo import DemoProvider
from stockscore.scoring.currency import major_unit
from stockscore.services import calendars, methods, ratings, score_sections, scores
from stockscore.services.earlier import earlier_scores
from stockscore.services.errors import InputError
from stockscore.services.market_inputs import MarketInputs, StockReports, assemble_market
from stockscore.store import bars, fetches, fx, panels, sessions, snapshots, statements, stocks
from stockscore.store.models import Stock
from stockscore.store.transactions import transaction

PAST_SESSIONS = 130
"""Sessions of the past that get a snapshot; at least 120 are promised."""

KNOWN_AFTER_CLOSE = timedelta(minutes=30)
"""A snapshot is taken this long after the close."""

DAYS_BACK = 300
"""Calendar days that surely hold that many sessions."""

SOURCE = "demo"

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load added: stocks of the market, bars and snapshots written, and the edition."""

    stocks: int
    bars: int
    snapshots: int
    edition: int | None

    @property
    def sentence(self) -> str:
        """What commands and pages say of it."""
        news = f"edition {self.edition} is published" if self.edition else "nothing has changed"
        return (
            f"{self.stocks} simulated stocks, {self.bars} new bars, {self.snapshots} new "
            f"snapshots; {news}."
        )


def load(
    provider: DemoProvider,
    now: datetime,
    on_progress: Progress,
    past_sessions: int = PAST_SESSIONS,
) -> Loaded:
    """Loads the simulated market as it stands at `now`; a second run adds only what is new, and
    one after a run that broke off adds what it left out. The last `past_sessions` sessions of each
    exchange get a snapshot.

    Raises `InputError` where the database holds real stocks: the two must never mix.
    """
    with transaction():
        real = [stock.ticker for stock in stocks.active() if stock.source != SOURCE]
        if real:
            raise InputError(
                f"This database holds {len(real)} stocks of a real market ({real[0]}, …); the "
                "simulated one needs its own: set DATABASE_URL to another file, for example "
                "sqlite:///instance/demo.db."
            )
        market = list(provider.market(now))
        listed = _save_listings([listing for listing, _, _ in market], now)
        written = _save_market(market, listed, now, on_progress)
        _save_rates(provider, [listing for listing, _, _ in market], now)
    calendars.sync({listing.exchange for listing, _, _ in market}, now)
    with transaction():
        taken = _replay(now, on_progress, past_sessions)
    published = scores.publish(now)
    return Loaded(len(market), written, taken, published.edition)


def _save_listings(listings: Sequence[Listing], now: datetime) -> dict[str, Stock]:
    """Stocks by ticker. Each counts from the day it was listed to the day it was delisted, so that
    the past can be scored with the members it had."""
    stocks.save_listings(listings, SOURCE, now)
    listed = {}
    for listing in listings:
        stock = stocks.find(listing.ticker)
        if stock is None:
            raise LookupError(f"{listing.ticker} was not saved")
        stock.added_at = _midnight(listing.listed_on or date(2000, 1, 1))
        gone = listing.delisted_on
        stock.removed_at = _midnight(gone) if gone and _midnight(gone) <= now else None
        listed[listing.ticker] = stock
    return listed


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _save_market(
    market: Sequence[tuple[Listing, PriceHistory, Fundamentals]],
    listed: dict[str, Stock],
    now: datetime,
    on_progress: Progress,
) -> int:
    known_until = bars.last_sessions()
    written = 0
    for done, (listing, prices, reports) in enumerate(market, start=1):
        stock = listed[listing.ticker]
        last = known_until.get(stock.id)
        new = [bar for bar in prices.bars if last is None or bar.session > last]
        bars.save(stock.id, new, SOURCE)
        written += len(new)
        for what, answer in (("prices", prices.bars), ("fundamentals", reports.statements)):
            state = fetches.OK if answer else Unavailable.state
            message = None if answer else f"{listing.ticker} has published no {what}."
            fetches.record(stock.id, what, state, message, SOURCE, now)
        statements.save(stock.id, reports.statements)
        on_progress(done, len(market), listing.ticker)
    return written


def _save_rates(provider: DemoProvider, listings: Iterable[Listing], now: datetime) -> None:
    """Exchange rates of each day that is replayed, for stocks that report in another currency; a
    pair without a rate stays unknown."""
    pairs = {
        (major_unit(listing.currency)[0], major_unit(listing.financial_currency)[0])
        for listing in listings
        if listing.financial_currency
    }
    for base, quote in sorted(pair for pair in pairs if pair[0] != pair[1]):
        with suppress(Unavailable):
            moments = (now - timedelta(days=back) for back in range(DAYS_BACK))
            rates = {
                moment.date(): provider.exchange_rate(base, quote, moment) for moment in moments
            }
            fx.save_days(base, quote, rates, SOURCE)


def _replay(now: datetime, on_progress: Progress, past_sessions: int) -> int:
    """Scores each missing session of the past on what was known then, oldest first; the number of
    snapshots of stocks."""
    members = stocks.memberships()
    days = _missing_days({member.stock.exchange for member in members}, now, past_sessions)
    if not days:
        return 0
    history = panels.history([member.stock.id for member in members], min(days), max(days))
    reports = StockReports.load(now)
    taken = 0
    for done, (day, closing) in enumerate(sorted(days.items()), start=1):
        known_at = max(closing.values()) + KNOWN_AFTER_CLOSE
        present = [member.stock for member in members if member.includes(known_at)]
        ids = [stock.id for stock in present]
        reported = [reports.known_of(stock_id, known_at, day) for stock_id in ids]
        panel = history.panel(day).of(ids)
        market = assemble_market(present, panel, reported, day, methods.published())
        taken += _record(market, closing, known_at)
        on_progress(done, len(days), day.isoformat())
    return taken


def _record(market: MarketInputs, closing: Collection[str], known_at: datetime) -> int:
    """Scores the market of a past day and records it for the exchanges that closed on it."""
    before = earlier_scores([stock.id for stock in market.stocks], market.day - timedelta(days=1))
    rated = scores.score_market(market, before)
    rows = ratings.snapshot_rows(market, rated)
    taken = 0
    for mic in sorted(closing):
        indices = [index for index, stock in enumerate(market.stocks) if stock.exchange == mic]
        snapshots.append(
            {
                "stock_id": market.stocks[index].id,
                "session": market.day,
                "known_at": known_at,
                "edition_id": None,
                **rows[index],
            }
            for index in indices
        )
        score_sections.write_session(market, rated, indices, mic, known_at)
        snapshots.record_day(mic, market.day, "taken", known_at)
        taken += len(indices)
    return taken


def _missing_days(
    exchanges: Iterable[str], now: datetime, past_sessions: int
) -> dict[date, dict[str, datetime]]:
    """Per day of the past the exchanges without a snapshot of it and when each closed."""
    days: dict[date, dict[str, datetime]] = {}
    for mic in exchanges:
        closed = [
            session
            for session in sessions.between(
                mic, (now - timedelta(days=DAYS_BACK)).date(), now.date()
            )
            if session.closes_at + KNOWN_AFTER_CLOSE <= now
        ]
        taken = snapshots.days_of(mic)
        for session in closed[-past_sessions:]:
            if session.session not in taken:
                days.setdefault(session.session, {})[mic] = session.closes_at
    return days
