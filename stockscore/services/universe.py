"""The list of stocks that are followed: from an index of a provider, or from a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from stockscore.providers.base import Listing, NotFound, Provider, ProviderError
from stockscore.providers.csvfile import Progress, read_universe
from stockscore.services.errors import InputError, ServiceError
from stockscore.services.imports import SOURCE, refused_as_input
from stockscore.services.listings import unknown_names
from stockscore.store import bars, runs, stocks
from stockscore.store.transactions import transaction


@dataclass(frozen=True, slots=True)
class UniverseCounts:
    """Of `listings` that were given, how many were `added` to the universe, `updated` (something
    about them was new), or `unchanged`. `notes` are sentences about sectors and industries that the
    method does not know."""

    listings: int
    added: int
    updated: int
    unchanged: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """A stock of the universe; `last_session` is that of its newest bar, None without any."""

    ticker: str
    name: str
    exchange: str
    currency: str
    sector: str | None
    industry: str | None
    source: str
    last_session: date | None


def add(index: str, provider: Provider, now: datetime) -> UniverseCounts:
    """Adds the members of an index to the universe and updates those it has; nothing is removed.

    Raises `InputError` for an index that the provider does not know (the message names those it
    does), `ServiceError` where it cannot answer.
    """
    try:
        listings = provider.universe(index, now)
    except NotFound as error:
        raise InputError(str(error)) from error
    except ProviderError as error:
        raise ServiceError(str(error)) from error
    return _save(listings, "universe-add", provider.name, index, now)


def import_file(
    path: str | Path, now: datetime, on_progress: Progress | None = None
) -> UniverseCounts:
    """Adds the stocks of a CSV file to the universe and updates those it has; nothing is removed.
    All or nothing, in one transaction.

    Raises `InputError` with all that is wrong with the file.
    """
    with refused_as_input():
        listings = read_universe(Path(path), stocks.ticker_key, on_progress)
    return _save(listings, "universe-import", SOURCE, Path(path).name, now)


def listing() -> list[Member]:
    """The stocks that are followed, in ticker order."""
    last_sessions = bars.last_sessions()
    return [
        Member(
            ticker=stock.ticker,
            name=stock.name,
            exchange=stock.exchange,
            currency=stock.currency,
            sector=stock.sector,
            industry=stock.industry,
            source=stock.source,
            last_session=last_sessions.get(stock.id),
        )
        for stock in stocks.active()
    ]


def _save(
    listings: Sequence[Listing], job: str, source: str, origin: str, now: datetime
) -> UniverseCounts:
    with transaction():
        run = runs.start(job, None, now, expected=len(listings))
        added, updated = stocks.save_listings(listings, source, now)
        unchanged = len(listings) - added - updated
        counts = UniverseCounts(len(listings), added, updated, unchanged, unknown_names(listings))
        if run is not None:
            runs.finish(
                run,
                now,
                updated=added + updated,
                unchanged=counts.unchanged,
                message=f"{origin}: {len(listings):,} stocks",
            )
    return counts
