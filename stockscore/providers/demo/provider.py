"""The simulated market as a provider."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from stockscore.providers.base import Fundamentals, Listing, NotFound, PriceHistory, Unavailable
from stockscore.providers.demo import currencies, names
from stockscore.providers.demo.cases import cases_of
from stockscore.providers.demo.companies import Company
from stockscore.providers.demo.dates import GENESIS, weekdays
from stockscore.providers.demo.reports import SOURCE, statements_at
from stockscore.providers.demo.simulation import Simulation, simulate
from stockscore.providers.demo.trading import Tape

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
    and only sessions that have closed have bars. `now` must not be before `FIRST_MOMENT`. The
    simulation behind it (a second or two) is kept and reused up to the end of its year.
    """

    name = SOURCE
    simulated = True

    def __init__(self, seed: int = 7) -> None:
        self.seed = seed
        self._simulation: Simulation | None = None

    def universe(self, index: str, now: datetime) -> Sequence[Listing]:
        """The stocks of the index "demo" that have traded by `now`, delisted ones for a year more.

        Raises `NotFound` for another index."""
        if index != INDEX:
            raise NotFound(f"The simulated market has no index {index!r}; it has {INDEX!r}.")
        market = self._at(now)
        listings = (self._listing(market, company, now) for company in market.companies)
        return [listing for listing in listings if listing is not None]

    def prices(self, listing: Listing, since: date | None, now: datetime) -> PriceHistory:
        """Daily bars of all closed sessions from `since` (None: five years).

        Raises `NotFound` for a ticker that is not listed, `Unavailable` where no session of it
        has closed since."""
        market = self._at(now)
        tape, column = self._seat(market, listing.ticker, now)
        history = self._history(tape, column, since or _five_years_before(now), now)
        if not history.bars:
            raise Unavailable(f"{listing.ticker} has not traded since {since}.")
        return history

    def fundamentals(self, listing: Listing, now: datetime) -> Fundamentals:
        """Profile and the quarterly statements published by `now`, at most sixteen.

        Raises `NotFound` for a ticker that is not listed, `Unavailable` where a company has
        published none."""
        market = self._at(now)
        self._seat(market, listing.ticker, now)
        found = self._fundamentals(market, market.companies[market.place[listing.ticker]], now)
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
        """The whole universe at once, stock by stock: what `universe`, `prices` and `fundamentals`
        would answer, but for statements that are empty where a company has published none."""
        market = self._at(now)
        for listing in self.universe(INDEX, now):
            tape, column = self._seat(market, listing.ticker, now)
            company = market.companies[market.place[listing.ticker]]
            yield (
                listing,
                self._history(tape, column, since or _five_years_before(now), now),
                self._fundamentals(market, company, now),
            )

    def cases(self, now: datetime) -> dict[str, list[str]]:
        """The awkward cases (names of `cases.CASES`) and the tickers they are true of at `now`."""
        today = now.astimezone(UTC).date()
        return cases_of(self.market(now, since=today - timedelta(days=460)), today)

    def _at(self, now: datetime) -> Simulation:
        _check(now)
        year_end = date(now.astimezone(UTC).year, 12, 31)
        if self._simulation is None or self._simulation.last < year_end:
            self._simulation = simulate(self.seed, year_end)
        return self._simulation

    def _seat(self, market: Simulation, ticker: str, now: datetime) -> tuple[Tape, int]:
        if ticker in market.seat:
            mic, column = market.seat[ticker]
            tape = market.tapes[mic]
            if _closed(tape, now) > tape.first[column]:
                return tape, column
        raise NotFound(f"{ticker} is not listed in the simulated market.")

    def _listing(self, market: Simulation, company: Company, now: datetime) -> Listing | None:
        mic, column = market.seat[company.ticker]
        tape = market.tapes[mic]
        first = int(tape.first[column])
        if _closed(tape, now) <= first:
            return None
        delisted_on = _delisted_on(tape, column, now)
        if delisted_on and delisted_on < (now - SHOWN_AFTER_DELISTING).date():
            return None
        return Listing(
            ticker=company.ticker,
            name=company.name,
            exchange=company.exchange,
            currency=company.currency,
            sector=company.industry.sector,
            industry=company.industry.name,
            isin=names.isin_for(company.ticker),
            financial_currency=company.accounts,
            listed_on=tape.sessions[first].session if company.floated else None,
            delisted_on=delisted_on,
        )

    def _history(self, tape: Tape, column: int, since: date, now: datetime) -> PriceHistory:
        company = tape.companies[column]
        start = bisect_left(tape.sessions, since, key=lambda session: session.session)
        bars = tape.bars(column, start, _closed(tape, now))
        return PriceHistory(company.ticker, company.currency, bars, SOURCE, now)

    def _fundamentals(self, market: Simulation, company: Company, now: datetime) -> Fundamentals:
        place = market.place[company.ticker]
        mic, column = market.seat[company.ticker]
        statements = statements_at(
            company,
            place,
            market.ledger,
            market.plan.gap,
            market.published[place],
            _delisted_on(market.tapes[mic], column, now),
            now,
        )
        listing = self._listing(market, company, now)
        return Fundamentals(company.ticker, listing, statements, SOURCE, now)


def _closed(tape: Tape, now: datetime) -> int:
    """How many sessions have closed by `now`."""
    return bisect_right(tape.sessions, now, key=lambda session: session.closes_at)


def _delisted_on(tape: Tape, column: int, now: datetime) -> date | None:
    """The first session without it, once that has closed."""
    last = int(tape.last[column])
    return tape.sessions[last].session if last < _closed(tape, now) else None


def _five_years_before(now: datetime) -> date:
    day = now.astimezone(UTC).date()
    leap = day.month == 2 and day.day == 29
    return max(day.replace(year=day.year - 5, day=28 if leap else day.day), GENESIS)


def _check(now: datetime) -> None:
    if now.tzinfo is None:
        raise ValueError(f"a moment needs a time zone: {now!r}")
    if now < FIRST_MOMENT:
        raise Unavailable(f"The simulated market begins on {FIRST_MOMENT:%d %B %Y}.")
