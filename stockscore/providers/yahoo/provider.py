"""The provider `yahoo`."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from stockscore.providers.base import (
    BadData,
    Fundamentals,
    Listing,
    NotFound,
    PriceHistory,
    ProviderError,
    RateLimited,
    Unavailable,
)
from stockscore.providers.ratelimit import Limiter, RateLimiter
from stockscore.providers.yahoo import places, prices, statements, universe
from stockscore.providers.yahoo.client import Client
from stockscore.providers.yahoo.session import UnknownSymbol
from stockscore.scoring.currency import major_unit
from stockscore.scoring.doctor.findings import RejectedValue
from stockscore.scoring.sectors import industry_of, sector_of

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")

FREQUENCIES = ("quarterly", "yearly")
"""Yahoo's tables, in the order in which they are asked for: what is newest first."""

TableKey = tuple[str, str]
"""A frequency and a name of `statements.ROWS`."""

HISTORY = timedelta(days=5 * 366)
LEAD_IN = timedelta(days=12)
"""Asked for before `since`, so that a dividend on its first session finds the close before it."""
CONFIRMATION_SPAN = timedelta(days=10)


class YahooProvider:
    """Yahoo Finance. One instance paces all its requests; it may be shared between threads, which
    then take turns."""

    name = "yahoo"
    simulated = False

    def __init__(
        self,
        rate_per_second: float,
        cooldown_seconds: float = 60.0,
        timeout_seconds: float = 15.0,
        *,
        limiter: Limiter | None = None,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._client = Client(
            limiter or RateLimiter(rate_per_second, cooldown_seconds, sleep=sleep),
            timeout_seconds,
        )

    def universe(
        self,
        index: str,
        now: datetime,  # noqa: ARG002 - the lists are those of the release, whatever the day
    ) -> Sequence[Listing]:
        """The members of an index as pytickersymbols ships them."""
        return universe.members(index)

    def prices(self, listing: Listing, since: date | None, now: datetime) -> PriceHistory:
        """Raw daily bars from `since` (None: five years)."""
        symbol = listing.symbol or listing.ticker
        start = since - LEAD_IN if since else now.date() - HISTORY
        try:
            table, currency, paid_in = self._chart(symbol, listing.exchange, start, now)
        except UnknownSymbol as error:
            raise self._confirmed(error, partial(self._quote, symbol)) from error
        unit = currency or listing.currency
        table, unknown = self._with_dividends_in(unit, table, paid_in, now)
        bars, mended = prices.raw_bars(table, since)
        if not bars:
            raise Unavailable(f"Yahoo gave no prices of {symbol} since {since or start}.")
        found = (*mended, *unknown)
        return PriceHistory(listing.ticker, unit, bars, self.name, now, found)

    def fundamentals(self, listing: Listing, now: datetime) -> Fundamentals:
        """Profile, statements of quarters (or halves) and years, and trailing figures.

        Where some of the statements fail the rest comes all the same, and `missing` says which.
        """
        symbol = listing.symbol or listing.ticker
        try:
            info = self._quote(symbol)
        except UnknownSymbol as error:
            start = now.date() - CONFIRMATION_SPAN
            ask = partial(self._chart, symbol, listing.exchange, start, now)
            raise self._confirmed(error, ask) from error
        profile = _profile(listing, info)
        tables, failures = self._tables(symbol)
        quarterly, yearly = (
            {name: tables[freq, name] for name in statements.ROWS if (freq, name) in tables}
            for freq in FREQUENCIES
        )
        currency = statements.financial_currency(info) or major_unit(profile.currency)[0]
        found = statements.reports(quarterly, yearly, info, currency, now)
        summary = statements.trailing(info, found, profile.currency, now)
        found += [summary] if summary else []
        missing = [
            f"No {name if freq == FREQUENCIES[0] else f'{freq} {name}'}: {error}"
            for (freq, name), error in failures.items()
        ]
        return Fundamentals(
            listing.ticker,
            profile,
            found,
            self.name,
            now,
            missing=" ".join(missing),
            reports_at=statements.reports_at(info),
            quoted_eps=places.number(info.get("trailingEps")),
        )

    def exchange_rate(
        self,
        base: str,
        quote: str,
        now: datetime,  # noqa: ARG002 - the pair is asked for its latest days
    ) -> float:
        """Units of `quote` for one `base`: the last close of Yahoo's pair."""
        if base == quote:
            return 1.0
        symbol = f"{base}{quote}=X"
        with self._client.call(symbol, "Europe/London") as ticker:
            closes = ticker.history(period="5d", auto_adjust=False)["Close"].dropna()
        if closes.empty or not closes.iloc[-1] > 0:
            raise Unavailable(f"Yahoo gave no rate of {base} in {quote}.")
        return float(closes.iloc[-1])

    def _with_dividends_in(
        self, unit: str, table: pd.DataFrame, paid_in: Mapping[int, str], now: datetime
    ) -> tuple[pd.DataFrame, list[RejectedValue]]:
        """The table with its dividends in the unit of its prices, and those whose worth in it is
        not known."""
        factors = {code: self.worth(code, unit, now) for code in sorted(set(paid_in.values()))}
        if all(factor == 1.0 for factor in factors.values()):
            return table, []
        return prices.with_dividends_in(unit, table, paid_in, factors)

    def worth(self, currency: str, unit: str, now: datetime) -> float | None:
        """Units of a price for one unit of a dividend's currency, None where no rate is known."""
        (base, small), (quote, smaller) = major_unit(unit), major_unit(currency)
        if base == quote:
            return smaller / small
        try:
            rate = self.exchange_rate(base, quote, now)
        except ProviderError:
            try:
                rate = 1 / self.exchange_rate(quote, base, now)
            except ProviderError:
                return None
        return smaller / (small * rate)

    def _chart(
        self, symbol: str, exchange: str, start: date, now: datetime
    ) -> tuple[pd.DataFrame, str | None, Mapping[int, str]]:
        """Daily bars with actions as Yahoo gives them, their currency, and those of dividends by
        the moment of each."""
        end = now.date() + timedelta(days=2)  # exclusive; it is tomorrow already in the east
        with self._client.call(symbol, places.zone_of(exchange)) as ticker:
            table = ticker.history(start=start, end=end, auto_adjust=False, actions=True)
            currency = ticker.get_history_metadata().get("currency")
            paid_in = dict(self._client.dividend_currencies)
        return table, places.currency_of(currency), paid_in

    def _quote(self, symbol: str) -> Mapping[str, Any]:
        """Yahoo's profile and summary of a stock."""
        from yfinance.exceptions import YFException

        with self._client.call(symbol) as ticker:
            try:
                info = ticker.info
            except (ProviderError, YFException, ValueError):
                # The PEG ratio is asked last and not needed: the rest is kept, without a request.
                info = ticker.info
                if not info:
                    raise
        kind = info.get("quoteType")
        if not kind or kind == "NONE":
            raise Unavailable(f"Yahoo answered nothing for {symbol}.")
        if kind != "EQUITY":
            raise BadData(f"Yahoo says that {symbol} is no stock but {kind.lower()}.")
        return info

    def _tables(
        self, symbol: str
    ) -> tuple[dict[TableKey, pd.DataFrame], dict[TableKey, ProviderError]]:
        """The statements that came, and why the others did not.

        Each has a second chance, because everything else of the stock has come already. After a
        refusal of both the others are not asked for."""
        wanted = [(freq, name) for freq in FREQUENCIES for name in statements.ROWS]
        tables: dict[TableKey, pd.DataFrame] = {}
        failures: dict[TableKey, ProviderError] = {}
        for key in wanted:
            try:
                tables[key] = _twice(partial(self._table, symbol, *key))
            except RateLimited as error:
                rest = [other for other in wanted if other not in tables and other not in failures]
                return tables, failures | dict.fromkeys(rest, error)
            except ProviderError as error:
                failures[key] = error
        return tables, failures

    def _table(self, symbol: str, freq: str, name: str) -> pd.DataFrame:
        """One statement; empty where Yahoo has none of the company."""
        with self._client.call(symbol) as ticker:
            ask = {
                "income": ticker.get_income_stmt,
                "balance sheet": ticker.get_balance_sheet,
                "cash flow": ticker.get_cash_flow,
            }[name]
            return ask(freq=freq)

    @staticmethod
    def _confirmed(unknown: UnknownSymbol, ask_elsewhere: Callable[[], object]) -> ProviderError:
        """`NotFound` where a second endpoint does not know the symbol either, else `Unavailable`:
        Yahoo says "may be delisted" for many reasons."""
        try:
            ask_elsewhere()
        except UnknownSymbol:
            return NotFound(str(unknown))
        except ProviderError as error:
            return error
        return Unavailable(f"{unknown} It does at another place, so this may pass.")


def _twice(ask: Callable[[], T]) -> T:
    """The answer, to the second question where the first one failed."""
    try:
        return ask()
    except ProviderError:
        return ask()


def _profile(listing: Listing, info: Mapping[str, Any]) -> Listing:
    """The listing with what Yahoo knows of it; the rest stays as it was."""
    return replace(
        listing,
        name=places.text(info.get("longName"))
        or places.text(info.get("shortName"))
        or listing.name,
        exchange=places.mic_of(info.get("exchange")) or listing.exchange,
        currency=places.currency_of(info.get("currency")) or listing.currency,
        sector=sector_of(places.text(info.get("sector"))) or listing.sector,
        industry=industry_of(places.text(info.get("industry"))) or listing.industry,
        financial_currency=statements.financial_currency(info) or listing.financial_currency,
    )
