"""The list of stocks that are followed: from an index of a provider, or from a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from stockscore.providers.base import Listing, NotFound, Provider, ProviderError
from stockscore.providers.csvfile import Progress, read_universe
from stockscore.services.errors import InputError, ServiceError
from stockscore.services.imports import SOURCE, refused_as_input
from stockscore.services.listings import unknown_names
from stockscore.store import bars, runs, stocks
from stockscore.store.models import Stock
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
    listings = _listings(index, provider, now)
    counts = _save(listings, "universe-add", provider.name, index, now)
    with transaction():
        key = index.strip().casefold()
        ids = stocks.ids_named([listing.ticker for listing in listings])
        # Adding removes nothing: whoever has left stays a member until `sync` looks.
        stocks.set_members(key, stocks.members(key) | set(ids), now)
    return counts


def _listings(index: str, provider: Provider, now: datetime) -> Sequence[Listing]:
    try:
        return provider.universe(index, now)
    except NotFound as error:
        raise InputError(str(error)) from error
    except ProviderError as error:
        raise ServiceError(str(error)) from error


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


@dataclass(frozen=True, slots=True)
class SyncCounts:
    """What a list of an index changed: the tickers that came, and those that left and are no longer
    scored. `kept` left the index and are on the list of another one; `unknown` are followed and
    have never had a price, because their source does not know them."""

    index: str
    members: int
    came: tuple[str, ...]
    left: tuple[str, ...]
    kept: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def sentences(self) -> list[str]:
        """What a person must know of it."""
        found = [
            f"{self.index}: {self.members} members; {len(self.came)} came, {len(self.left)} left."
        ]
        if self.came:
            found.append(f"Followed from now on: {', '.join(self.came)}.")
        if self.left:
            found.append(f"No longer scored, and kept with their record: {', '.join(self.left)}.")
        if self.kept:
            found.append(f"Left, but on another index that is followed: {', '.join(self.kept)}.")
        if self.unknown:
            found.append(
                f"Without any price, because the source does not know them: "
                f"{', '.join(self.unknown)}. If one was renamed: `flask universe rename OLD NEW`; "
                "if it is gone: `flask universe remove TICKER`."
            )
        return found


def sync(index: str, provider: Provider, now: datetime) -> SyncCounts:
    """Follows the members that an index has now: those that came since it was last asked for start
    now, those that left are no longer scored, unless another index has them. Nothing about the past
    changes. The first time only notes who is a member, because nobody knows who was.

    Raises `InputError` for an index that the provider does not know, `ServiceError` where it cannot
    answer, or answers with less than half of the members that are known."""
    listings = _listings(index, provider, now)
    key = index.strip().casefold()
    with transaction():
        before = stocks.members(key)
        if len(listings) < len(before) / 2:
            raise ServiceError(
                f"The list of {index} has {len(listings)} members and had {len(before)}; that is "
                "not believed, and nothing was changed. `flask universe remove` removes single "
                "stocks."
            )
        followed = {stock.id for stock in stocks.active()}
        stocks.save_listings(listings, provider.name, now)
        ids = set(stocks.ids_named([listing.ticker for listing in listings]))
        elsewhere = stocks.of_other_indices(key)
        gone = before - ids
        stocks.remove(sorted(gone - elsewhere), now)
        stocks.set_members(key, ids, now)
        names = {stock.id: stock.ticker for stock in stocks.everyone()}
        counts = SyncCounts(
            index=index,
            members=len(ids),
            came=_tickers(names, ids - followed),
            left=_tickers(names, (gone - elsewhere) & followed),
            kept=_tickers(names, gone & elsewhere),
            unknown=_tickers(names, (ids & followed) - bars.last_sessions().keys()),
        )
        run = runs.start("universe-sync", None, now, expected=len(listings))
        runs.finish(
            run,
            now,
            updated=len(counts.came) + len(counts.left),
            unchanged=len(ids) - len(counts.came),
            message=" ".join(counts.sentences),
        )
    return counts


def _tickers(names: Mapping[int, str], ids: Iterable[int]) -> tuple[str, ...]:
    return tuple(sorted(names[stock_id] for stock_id in ids))


def remove(tickers: Sequence[str], now: datetime) -> list[str]:
    """No longer follows these stocks; their pages and all that was said of them stay. The tickers
    of those that were followed until now. All or nothing.

    Raises `InputError` for a ticker that no stock has."""
    found = [_stock(ticker) for ticker in tickers]
    with transaction():
        followed = [stock for stock in found if stock.removed_at is None]
        names = sorted({stock.ticker for stock in followed})
        stocks.remove([stock.id for stock in followed], now)
        _noted("universe-remove", now, len(names), f"Removed: {', '.join(names) or 'none'}")
    return names


def rename(old: str, new: str, now: datetime, symbol: str | None = None) -> str:
    """Gives a stock another ticker; its history stays, and the old spelling leads to the new one. A
    source that knew it by its ticker asks for the new one, or for `symbol`. What was done, as a
    sentence.

    Raises `InputError` for a ticker that no stock has, or a new one that cannot be one or that
    another stock has."""
    stock = _stock(old)
    ticker = " ".join(new.split())
    key = stocks.ticker_key(ticker)
    if not key or len(ticker) > LONGEST or not ticker.isprintable():
        raise InputError(f"{new!r} cannot be a ticker.")
    if key == stock.ticker_key:
        raise InputError(f"{stock.ticker} is called so already.")
    other = stocks.find(ticker)
    if other is not None and other.id != stock.id:
        raise InputError(
            f"{other.ticker} ({other.name}) is another stock; remove it first if it is the same "
            "company, or choose another ticker."
            if other.ticker_key == key
            else f"{ticker} is what {other.ticker} was called before."
        )
    before = stock.ticker
    with transaction():
        asked = symbol or (ticker if stock.symbol == before else stock.symbol)
        stocks.rename(stock, ticker, asked, now)
        _noted("universe-rename", now, 1, f"{before} is called {ticker} from now on")
    return f"{before} is called {ticker} from now on, and is asked for as {asked}."


LONGEST = 32
"""Characters of a ticker."""


def _stock(ticker: str) -> Stock:
    stock = stocks.find(ticker)
    if stock is None:
        near = ", ".join(other.ticker for other in stocks.near(ticker))
        raise InputError(f"No stock is called {ticker!r}." + (f" Near: {near}." if near else ""))
    return stock


def _noted(job: str, now: datetime, updated: int, message: str) -> None:
    runs.finish(runs.start(job, None, now), now, updated=updated, message=message)


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
