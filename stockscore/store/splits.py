"""The splits that bars tell of, as (session, new shares for one old), oldest first."""

from __future__ import annotations

from datetime import date

from sqlalchemy import and_, select

from stockscore.extensions import db
from stockscore.store.models import Stock, StoredBar


def of(stock_id: int) -> list[tuple[date, float]]:
    """The splits of one stock."""
    query = (
        select(StoredBar.session, StoredBar.split)
        .where(StoredBar.stock_id == stock_id, StoredBar.split != 1)
        .order_by(StoredBar.session)
    )
    return [(session, split) for session, split in db.session.execute(query)]


def of_all_since(day: date) -> dict[int, list[tuple[date, float]]]:
    """The splits of all stocks after a day, by stock id, without those that had none."""
    # From the stocks on, so that only the bars of those days are read.
    query = (
        select(Stock.id, StoredBar.session, StoredBar.split)
        .join(StoredBar, and_(StoredBar.stock_id == Stock.id, StoredBar.session > day))
        .where(StoredBar.split != 1)
        .order_by(Stock.id, StoredBar.session)
    )
    found: dict[int, list[tuple[date, float]]] = {}
    for stock_id, session, split in db.session.execute(query):
        found.setdefault(stock_id, []).append((session, split))
    return found


def of_all() -> dict[int, list[tuple[date, float]]]:
    """The splits of all stocks that had any, by stock id."""
    query = (
        select(StoredBar.stock_id, StoredBar.session, StoredBar.split)
        .where(StoredBar.split != 1)
        .order_by(StoredBar.stock_id, StoredBar.session)
    )
    splits: dict[int, list[tuple[date, float]]] = {}
    for stock_id, session, split in db.session.execute(query):
        splits.setdefault(stock_id, []).append((session, split))
    return splits
