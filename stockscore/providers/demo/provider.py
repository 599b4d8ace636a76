"""The simulated market as a provider."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from stockscore.providers.base import Fundamentals, Listing, NotFound, PriceHistory, Unavailable
from stockscore.providers.demo import currencies, names
from stockscore.providers.demo.cases import cases_of
from stockscore.providers.demo.companies import (
    USUAL_STOCKS,
    cohort_of,
    cohorts_for,
    members,
)
from stockscore.providers.demo.dates import GENESIS, weekdays
from stockscore.providers.demo.register import Register, register_of
from stockscore.providers.demo.reports import SOURCE, statements_at
from stockscore.providers.demo.simulation import Simulation, simulate

INDEX = "demo"

FIRST_MOMENT = datetime(2024, 1, 1, tzinfo=UTC)
"""From here on the market has five years of bars, and nine quarters of reports."""

SHOWN_AFTER_DELISTING = timedelta(days=365)
"""A delisted stock stays in the universe for so long."""

_FIXING_HOUR = 16


class DemoProvider:
    """A market that does not exist: companies, prices, statements and exchange rates that follow
    from `seed` alone.

    It keeps no state: what was true at a moment is answered the same whenever it is asked, and
    asking for a later moment only appends. Nothing that became known after `now` is ever shown,
    and only sessions that have closed have bars. `now` must not be before `FIRST_MOMENT`.

    `stocks` is about how many trade in the index at any time, 14 to 12,014. A larger market holds
    the smaller ones, and every company is the same in all; prices and statements are answered for
    all companies, in the index or not. Companies are simulated in cohorts of about 500, each a
    second or two of work: the usual market's and the last other one are kept and reused up to the
    end of their year, so that asking in the order of the index is fast.
    """

    name = SOURCE
    simulated = True

    def __init__(self, seed: int = 7, stocks: int = USUAL_STOCKS) -> None:
        self.seed = seed
        self.stocks = stocks
        self._cohorts = cohorts_for(stocks)
        self._registers: dict[int, Register] = {}
        self._simulations: dict[int, Simulation] = {}

    def universe(self, index: str, now: datetime) -> Sequence[Listing]:
        """The stocks of the index "demo" that have traded by `now`, delisted ones for a year more.

        Raises `NotFound` for another index."""
        if index != INDEX:
            raise NotFound(f"The simulated market has no index {index!r}; it has {INDEX!r}.")
        return [
            listing
            for cohort in range(self._cohorts)
            for _, listing in self._listings(self._register(cohort, now), cohort, now)
        ]

    def prices(self, listing: Listing, since: date | None, now: datetime) -> PriceHistory:
        """Daily bars of all closed sessions from `since` (None: five years).

        Raises `NotFound` for a ticker that is not listed, `Unavailable` where no session of it
        has closed since."""
        cohort, place = self._find(listing.ticker, now)
        market = self._simulation(cohort, now)
        history = self._history(market, place, since or years_before(now, 5), now)
        if not history.bars:
            raise Unavailable(f"{listing.ticker} has not traded since {since}.")
        return history

    def fundamentals(self, listing: Listing, now: datetime) -> Fundamentals:
        """Profile and the quarterly statements published by `now`, at most sixteen.

        Raises `NotFound` for a ticker that is not listed, `Unavailable` where a company has
        published none."""
        cohort, place = self._find(listing.ticker, now)
        found = self._fundamentals(self._simulation(cohort, now), place, now)
        if not found.statements:
            raise Unavailable(f"{listing.ticker} has published no statements.")
        return found

    def exchange_rate(self, base: str, quote: str, now: datetime) -> float:
        """Units of `quote` for one `base` at the last fixing (16:00 UTC on weekdays).

        Raises `Unavailable` for a currency that the simulated market does not quote."""
        for code in (base, quote):
            if code not in currencies.QUOTED:
                raise Unavailable(
                    f"The simulated market has no rate from {base} to {quote}: it knows "
                    f"{', '.join(sorted(currencies.QUOTED))}."
                )
        _check(now)
        moment = now.astimezone(UTC)
        fixed = moment.date() if moment.hour >= _FIXING_HOUR else moment.date() - timedelta(days=1)
        return currencies.rate_between(base, quote, len(weekdays(fixed)) - 1, self.seed)

    def market(
        self, now: datetime, since: date | None = None
    ) -> Iterator[tuple[Listing, PriceHistory, Fundamentals]]:
        """The whole universe, stock by stock and in its order: what `universe`, `prices` and
        `fundamentals` would answer, but for statements that are empty where a company has published
        none. Only the cohort of the present stock is held."""
        since = since or years_before(now, 5)
        for cohort in range(self._cohorts):
            market = self._simulation(cohort, now)
            for place, listing in self._listings(market.register, cohort, now):
                yield (
                    listing,
                    self._history(market, place, since, now),
                    self._fundamentals(market, place, now),
                )

    def cases(self, now: datetime) -> dict[str, list[str]]:
        """The awkward cases (names of `cases.CASES`) and the tickers they are true of at `now`."""
        today = now.astimezone(UTC).date()
        return cases_of(self.market(now, since=today - timedelta(days=460)), today)

    def _register(self, cohort: int, now: datetime) -> Register:
        _check(now)
        year_end = date(now.astimezone(UTC).year, 12, 31)
        kept = self._registers.get(cohort)
        if kept is None or kept.until < year_end:
            kept = self._registers[cohort] = register_of(cohort, year_end)
        return kept

    def _simulation(self, cohort: int, now: datetime) -> Simulation:
        register = self._register(cohort, now)
        kept = self._simulations.get(cohort)
        if kept is None or kept.register is not register:
            # What is not kept goes first: a simulation needs much memory while it is made.
            usual = {} if cohort == 0 else self._simulations
            self._simulations = {key: found for key, found in usual.items() if key == 0}
            kept = self._simulations[cohort] = simulate(self.seed, register)
        return kept

    def _find(self, ticker: str, now: datetime) -> tuple[int, int]:
        """The cohort of a company and its place there. Raises `NotFound`."""
        _check(now)
        cohort = cohort_of(ticker)
        if cohort is not None:
            register = self._register(cohort, now)
            place = register.places.get(ticker)
            if place is not None and register.is_listed(place, now):
                return cohort, place
        raise NotFound(f"{ticker} is not listed in the simulated market.")

    def _listings(
        self, register: Register, cohort: int, now: datetime
    ) -> Iterator[tuple[int, Listing]]:
        """The stocks of the index in a cohort, with their places."""
        for place, is_member in enumerate(members(register.companies, cohort, self.stocks)):
            listing = self._listing(register, place, now) if is_member else None
            if listing is not None:
                yield place, listing

    def _listing(self, register: Register, place: int, now: datetime) -> Listing | None:
        if not register.is_listed(place, now):
            return None
        delisted_on = register.delisted_on(place, now)
        if delisted_on and delisted_on < (now - SHOWN_AFTER_DELISTING).date():
            return None
        company = register.companies[place]
        return Listing(
            ticker=company.ticker,
            name=company.name,
            exchange=company.exchange,
            currency=company.currency,
            sector=company.industry.sector,
            industry=company.industry.name,
            isin=names.isin_for(company.ticker),
            financial_currency=company.accounts,
            listed_on=register.listed_on(place),
            delisted_on=delisted_on,
        )

    def _history(self, market: Simulation, place: int, since: date, now: datetime) -> PriceHistory:
        register = market.register
        company = register.companies[place]
        tape = market.tapes[company.exchange]
        start = bisect_left(tape.sessions, since, key=lambda session: session.session)
        bars = tape.bars(int(market.columns[place]), start, register.closed(place, now))
        return PriceHistory(company.ticker, company.currency, bars, SOURCE, now)

    def _fundamentals(self, market: Simulation, place: int, now: datetime) -> Fundamentals:
        register = market.register
        company = register.companies[place]
        statements = statements_at(
            company,
            place,
            market.ledger,
            register.plan.gap,
            market.published[place],
            register.delisted_on(place, now),
            now,
        )
        listing = self._listing(register, place, now)
        return Fundamentals(company.ticker, listing, statements, SOURCE, now)


def years_before(now: datetime, years: int) -> date:
    """The same day so many years before, or the genesis of the market where that is later."""
    day = now.astimezone(UTC).date()
    leap = day.month == 2 and day.day == 29
    return max(day.replace(year=day.year - years, day=28 if leap else day.day), GENESIS)


def _check(now: datetime) -> None:
    if now.tzinfo is None:
        raise ValueError(f"a moment needs a time zone: {now!r}")
    if now < FIRST_MOMENT:
        raise Unavailable(f"The simulated market begins on {FIRST_MOMENT:%d %B %Y}.")
