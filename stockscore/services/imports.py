"""Fundamentals from CSV files into the store: the whole file in one transaction, or nothing of it.
(`price_import` does the same for prices.)"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from stockscore.providers.csvfile import BadFile, Progress, read_fundamentals
from stockscore.services.errors import InputError
from stockscore.services.listings import listing_of
from stockscore.store import fetches, runs, statements, stocks
from stockscore.store.transactions import transaction

SOURCE = "csv"


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What an import did: `rows` of the file, of `stocks` stocks (`new_stocks` of them added to the
    universe); each row is `added`, `updated`, `unchanged` or `held_back`. `doubts` are sentences
    about what was held back, or taken although it is doubtful; `notes` about what was taken and
    may be measured otherwise than the file means."""

    rows: int
    stocks: int
    new_stocks: int
    added: int
    updated: int
    unchanged: int
    held_back: int = 0
    doubts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def import_fundamentals(
    path: str | Path, now: datetime, on_progress: Progress | None = None
) -> ImportCounts:
    """Imports a fundamentals file (`providers.csvfile.fundamentals`) as statements that became
    known now. A stock that the universe does not have is added.

    Raises `InputError` with all that is wrong with the file; then nothing was changed.
    """
    known = {stock.ticker_key: listing_of(stock) for stock in stocks.active()}
    with refused_as_input():
        table = read_fundamentals(
            Path(path),
            tomorrow(now),
            stocks.ticker_key,
            lambda text: known.get(stocks.ticker_key(text)),
            on_progress,
        )
    with transaction():
        run = runs.start("import-fundamentals", None, now, expected=len(table.listings))
        changed = [
            listing
            for listing in table.listings
            if listing != known.get(stocks.ticker_key(listing.ticker))
        ]
        new_stocks, _ = stocks.save_listings(changed, SOURCE, now)
        ids = {stock.ticker_key: stock.id for stock in stocks.active()}
        added = 0
        for done, (listing, reported) in enumerate(table.by_stock(now), 1):
            stock_id = ids[stocks.ticker_key(listing.ticker)]
            added += statements.save(stock_id, reported)
            if reported:
                fetches.record(stock_id, "fundamentals", fetches.OK, None, SOURCE, now)
            if on_progress:
                on_progress(done, len(table.listings), "saving")
        counts = ImportCounts(
            rows=len(table),
            stocks=len(table.listings),
            new_stocks=new_stocks,
            added=added,
            updated=0,
            unchanged=len(table) - added,
        )
        finish(run, now, path, counts)
    return counts


@contextmanager
def refused_as_input() -> Iterator[None]:
    """A refused file is wrong input."""
    try:
        yield
    except BadFile as error:
        raise InputError(str(error)) from error


def tomorrow(now: datetime) -> date:
    """The last day that is no future: in the east it begins while it is still today in UTC."""
    return now.date() + timedelta(days=1)


def finish(run: int | None, now: datetime, path: str | Path, counts: ImportCounts) -> None:
    """Closes the run of an import with what it did."""
    if run is not None:
        runs.finish(
            run,
            now,
            updated=counts.added + counts.updated,
            unchanged=counts.unchanged,
            quarantined=len(counts.doubts),
            message=f"{Path(path).name}: {counts.rows:,} rows of {counts.stocks:,} stocks",
        )
