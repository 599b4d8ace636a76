"""Watchlists and what is on them. Nothing here asks whose a list is: services do."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, update

from stockscore.extensions import db
from stockscore.store.models import Stock, Watchlist, WatchlistEntry
from stockscore.store.upserts import upsert


@dataclass(frozen=True, slots=True)
class ListRow:
    """A watchlist and the number of stocks on it."""

    id: int
    name: str
    feed_key: str
    created_at: datetime
    stocks: int


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A stock on a list."""

    watchlist_id: int
    stock_id: int
    ticker: str
    note: str | None
    added_at: datetime


def of(reader_id: int) -> list[ListRow]:
    """A reader's lists, by name."""
    return _lists(Watchlist.reader_id == reader_id)


def by_feed_key(feed_key: str) -> ListRow | None:
    """The list that a feed's address names."""
    return next(iter(_lists(Watchlist.feed_key == feed_key)), None)


def entries(list_ids: Collection[int]) -> list[EntryRow]:
    """What is on these lists, by list, in the order of tickers."""
    statement = (
        select(
            WatchlistEntry.watchlist_id,
            WatchlistEntry.stock_id,
            Stock.ticker,
            WatchlistEntry.note,
            WatchlistEntry.added_at,
        )
        .join(Stock, Stock.id == WatchlistEntry.stock_id)
        .where(WatchlistEntry.watchlist_id.in_(list(list_ids)))
        .order_by(WatchlistEntry.watchlist_id, Stock.ticker)
    )
    return [EntryRow(**row) for row in db.session.execute(statement).mappings()]


def add(reader_id: int, name: str, now: datetime) -> int:
    """A new list; its id."""
    made = Watchlist(
        reader_id=reader_id, name=name, feed_key=secrets.token_urlsafe(18), created_at=now
    )
    db.session.add(made)
    db.session.flush()
    return made.id


def rename(list_id: int, name: str) -> None:
    """Gives a list another name."""
    db.session.execute(update(Watchlist).where(Watchlist.id == list_id).values(name=name))


def remove(list_id: int) -> None:
    """Deletes a list with its entries."""
    db.session.execute(delete(WatchlistEntry).where(WatchlistEntry.watchlist_id == list_id))
    db.session.execute(delete(Watchlist).where(Watchlist.id == list_id))


def put(list_id: int, notes: Mapping[int, str | None], now: datetime) -> None:
    """Puts stocks on a list, by their ids; one that is there keeps its date, and its note where
    none is given."""
    for noted, update_of in ((True, ("note",)), (False, ())):
        rows = [
            {"watchlist_id": list_id, "stock_id": stock_id, "note": note, "added_at": now}
            for stock_id, note in notes.items()
            if (note is not None) == noted
        ]
        upsert(WatchlistEntry, rows, keys=("watchlist_id", "stock_id"), update=update_of)


def annotate(list_id: int, stock_id: int, note: str | None) -> None:
    """Sets the note of a stock on a list."""
    db.session.execute(
        update(WatchlistEntry)
        .where(WatchlistEntry.watchlist_id == list_id, WatchlistEntry.stock_id == stock_id)
        .values(note=note)
    )


def take_off(list_id: int, stock_id: int) -> None:
    """Takes a stock off a list."""
    db.session.execute(
        delete(WatchlistEntry).where(
            WatchlistEntry.watchlist_id == list_id, WatchlistEntry.stock_id == stock_id
        )
    )


def _lists(which: ColumnElement[bool]) -> list[ListRow]:
    statement = (
        select(
            Watchlist.id,
            Watchlist.name,
            Watchlist.feed_key,
            Watchlist.created_at,
            func.count(WatchlistEntry.stock_id).label("stocks"),
        )
        .outerjoin(WatchlistEntry, WatchlistEntry.watchlist_id == Watchlist.id)
        .where(which)
        .group_by(Watchlist.id)
        .order_by(func.lower(Watchlist.name), Watchlist.id)
    )
    return [ListRow(**row) for row in db.session.execute(statement).mappings()]
