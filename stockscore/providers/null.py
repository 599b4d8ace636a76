"""A provider for tests: it answers what it was given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from stockscore.providers.base import (
    Bar,
    Fundamentals,
    Listing,
    NotFound,
    PriceHistory,
    ProviderError,
    Unavailable,
)
from stockscore.scoring.statements import Statement


@dataclass
class NullProvider:
    """Answers from its own fields, the same each time; it knows nothing but them.

    `indices` are universes by name, `bars` and `statements` are by ticker, `rates` by (base,
    quote). `errors` are raised first, each once and in order, by (method, ticker): after them
    comes the answer, as of a source that recovers. For `universe` and `exchange_rate` the key is
    the index and "base/quote". `asked` notes every question in the same form.

    Bars after the day of `now` and statements that became known later are not given out: a test may
    hold a whole history and move its clock through it.
    """

    indices: Mapping[str, Sequence[Listing]] = field(default_factory=dict)
    bars: Mapping[str, Sequence[Bar]] = field(default_factory=dict)
    statements: Mapping[str, Sequence[Statement]] = field(default_factory=dict)
    rates: Mapping[tuple[str, str], float] = field(default_factory=dict)
    errors: dict[tuple[str, str], list[ProviderError]] = field(default_factory=dict)
    name: str = "null"
    simulated: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)

    def universe(self, index: str, now: datetime) -> Sequence[Listing]:
        """The listings of `indices[index]` that are not delisted; else `NotFound`."""
        self._question("universe", index)
        if index not in self.indices:
            known = ", ".join(sorted(self.indices)) or "none"
            raise NotFound(f"There is no index {index!r}; the known ones are: {known}.")
        return [
            listing
            for listing in self.indices[index]
            if listing.delisted_on is None or listing.delisted_on > now.date()
        ]

    def prices(self, listing: Listing, since: date | None, now: datetime) -> PriceHistory:
        """The bars of a ticker; `NotFound` without an entry, `Unavailable` without any bar."""
        self._question("prices", listing.ticker)
        if listing.ticker not in self.bars:
            raise NotFound(f"There are no prices of {listing.ticker}.")
        first = since or date.min
        bars = [bar for bar in self.bars[listing.ticker] if first <= bar.session <= now.date()]
        if not bars:
            raise Unavailable(f"There are no prices of {listing.ticker} now.")
        return PriceHistory(listing.ticker, listing.currency, bars, self.name, now)

    def fundamentals(self, listing: Listing, now: datetime) -> Fundamentals:
        """The listing as given, and the statements of its ticker known by now; `NotFound` without
        an entry, `Unavailable` without any statement."""
        self._question("fundamentals", listing.ticker)
        if listing.ticker not in self.statements:
            raise NotFound(f"There are no statements of {listing.ticker}.")
        known = [
            statement for statement in self.statements[listing.ticker] if statement.known_at <= now
        ]
        if not known:
            raise Unavailable(f"There are no statements of {listing.ticker} now.")
        return Fundamentals(listing.ticker, listing, known, self.name, now)

    def exchange_rate(self, base: str, quote: str, now: datetime) -> float:
        """The rate as given; `Unavailable` without one."""
        self._question("exchange_rate", f"{base}/{quote}")
        if (base, quote) not in self.rates:
            raise Unavailable(f"There is no rate of {base} in {quote} at {now:%Y-%m-%d}.")
        return self.rates[base, quote]

    def _question(self, method: str, about: str) -> None:
        self.asked.append((method, about))
        waiting = self.errors.get((method, about))
        if waiting:
            raise waiting.pop(0)
