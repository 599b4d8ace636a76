"""Loads the simulated market: its listings, bars and reports, and the record of past scores.

The past daily snapshots are made by running the engine on what was known at the end of each
session, never drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from stockscore.providers.base import Bar, Fundamentals, Listing, PriceHistory, Unavailable
from stockscore.providers.demo import DemoProvider
from stockscore.providers.demo.provider import INDEX, years_before
from stockscore.scoring.currency import major_unit
from stockscore.scoring.methods import METHODS
from stockscore.services import calendars, evidence, kept_moves, methods, replay, scores
from stockscore.services.errors import InputError
from stockscore.services.market_values import base_currency
from stockscore.services.replay import RecordingMethods
from stockscore.store import bars, editions, fetches, fx, statements, stocks, upkeep
from stockscore.store.portions import portions
from stockscore.store.transactions import transaction

PAST_SESSIONS = 130
"""Sessions of the past that get a snapshot; at least 120 are promised."""

SHADOW_SESSIONS = 20
"""Sessions of the past at which the method of now is recorded beside the one before it."""

YEARS = 5
"""Years of bars that are loaded."""

SOURCE = "demo"

IN_ONE_TRANSACTION = 100
"""Stocks whose bars are written at once: some 125,000 bars."""

Progress = Callable[[int, int, str], None]
Answer = tuple[Listing, PriceHistory, Fundamentals]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load added: stocks of the market, bars and snapshots written, and the edition; and the
    bytes that the whole database takes."""

    stocks: int
    bars: int
    snapshots: int
    edition: int | None
    disk: int

    @property
    def sentence(self) -> str:
        """What commands and pages say of it."""
        news = f"edition {self.edition} is published" if self.edition else "nothing has changed"
        return (
            f"{self.stocks} simulated stocks, {self.bars} new bars, {self.snapshots} new "
            f"snapshots; {news}."
        )

    @property
    def disk_sentence(self) -> str:
        """How much room the database takes."""
        return f"The database takes {self.disk / 1e6:,.0f} MB."


def load(
    provider: DemoProvider,
    now: datetime,
    on_progress: Progress,
    past_sessions: int | None = PAST_SESSIONS,
    years: int = YEARS,
) -> Loaded:
    """Loads the simulated market as it stands at `now`, with the bars of so many years; a second
    run adds only what is new, and one after a run that broke off adds what it left out. The last
    `past_sessions` sessions of each exchange (None: all of a year) get a snapshot.

    Only some stocks at a time are in memory. Raises `InputError` where the database holds real
    stocks: the two must never mix.
    """
    listings = provider.universe(INDEX, now)
    with transaction():
        _refuse_a_real_market()
        ids = _save_listings(listings, now)
        _save_rates(provider, listings, now)
    calendars.sync({listing.exchange for listing in listings}, now)
    spans = bars.spans()
    written, done = 0, 0
    market = provider.market(now, years_before(now, years))
    for answers in portions(market, IN_ONE_TRANSACTION):
        with transaction():
            written += _save_answers(answers, ids, spans, now)
        done += len(answers)
        on_progress(done, len(listings), answers[-1][0].ticker)
    taken = replay.replay(now, on_progress, _recording(), past_sessions)
    published = scores.publish(now)
    evidence.update()
    kept_moves.keep()
    if written or taken:
        # Statistics of the new rows, and (SQLite) all of them in the one file.
        upkeep.run_upkeep()
    return Loaded(len(listings), written, taken, published.edition, upkeep.size())


def _recording() -> RecordingMethods:
    """The past of a new market is recorded by the method before the published one, with that one
    as a shadow over the last sessions, as whoever changes the method does it; what came after an
    edition by the published one."""
    published = methods.published()
    versions = list(METHODS)
    place = versions.index(published.version)
    if editions.latest() is not None or place == 0:
        return RecordingMethods(published)
    return RecordingMethods(METHODS[versions[place - 1]], published, SHADOW_SESSIONS)


def _refuse_a_real_market() -> None:
    real = [stock.ticker for stock in stocks.active() if stock.source != SOURCE]
    if real:
        raise InputError(
            f"This database holds {len(real)} stocks of a real market ({real[0]}, …); the "
            "simulated one needs its own: set DATABASE_URL to another file, for example "
            "sqlite:///instance/demo.db."
        )


def _save_listings(listings: Sequence[Listing], now: datetime) -> dict[str, int]:
    """The ids of the stocks by ticker. Each counts from the day it was listed to the day it was
    delisted, so that the past can be scored with the members it had."""
    stocks.save_listings(listings, SOURCE, now)
    ids = stocks.ids([listing.ticker for listing in listings])
    spans = {}
    for listing in listings:
        added_at = _midnight(listing.listed_on or date(2000, 1, 1))
        gone = _midnight(listing.delisted_on) if listing.delisted_on else None
        spans[ids[listing.ticker]] = added_at, gone if gone and gone <= now else None
    stocks.follow_between(spans)
    return ids


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _save_answers(
    answers: Iterable[Answer],
    ids: Mapping[str, int],
    spans: Mapping[int, tuple[date, date]],
    now: datetime,
) -> int:
    """Writes what was answered of some stocks; the number of bars, of which those within the spans
    are stored already."""
    rows: list[bars.BarRow] = []
    attempts = []
    for listing, prices, reports in answers:
        stock_id = ids[listing.ticker]
        first, last = spans.get(stock_id, (date.max, date.min))
        rows += (_row(stock_id, bar) for bar in prices.bars if not first <= bar.session <= last)
        for what, answer in (("prices", prices.bars), ("fundamentals", reports.statements)):
            state = fetches.OK if answer else Unavailable.state
            message = None if answer else f"{listing.ticker} has published no {what}."
            attempts.append(fetches.Attempt(stock_id, what, state, message))
    bars.save_many(rows)
    fetches.record_many(attempts, SOURCE, now)
    for listing, _, reports in answers:
        statements.save(ids[listing.ticker], reports.statements)
    return len(rows)


def _row(stock_id: int, bar: Bar) -> bars.BarRow:
    return (
        stock_id,
        bar.session,
        bar.open,
        bar.high,
        bar.low,
        bar.close,
        bar.volume,
        bar.dividend,
        bar.split,
        bar.adjustment,
        SOURCE,
    )


def _save_rates(provider: DemoProvider, listings: Iterable[Listing], now: datetime) -> None:
    """Exchange rates of each day that may be replayed, for stocks that report in another currency
    and for market values in the base currency; a pair without a rate stays unknown."""
    pairs: set[tuple[str, str]] = set()
    for listing in listings:
        price = major_unit(listing.currency)[0]
        reports = major_unit(listing.financial_currency or price)[0]
        pairs.add((price, reports))
        if (base_currency(), reports) not in pairs:  # a rate counts in both directions
            pairs.add((reports, base_currency()))
    days = (replay.YEAR + fx.STALE_AFTER).days
    for base, quote in sorted(pair for pair in pairs if pair[0] != pair[1]):
        with suppress(Unavailable):
            moments = (now - timedelta(days=back) for back in range(days))
            rates = {
                moment.date(): provider.exchange_rate(base, quote, moment) for moment in moments
            }
            fx.save_days(base, quote, rates, SOURCE)
