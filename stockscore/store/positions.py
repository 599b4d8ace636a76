"""The positions of readers' portfolios."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from stockscore.extensions import db
from stockscore.store.models import Position, Stock
from stockscore.store.upserts import upsert


@dataclass(frozen=True, slots=True)
class Holding:
    """A position: shares, and the price paid for one in the quote's currency (None: unknown)."""

    stock_id: int
    ticker: str
    shares: float
    average_price: float | None
    note: str | None


def of(reader_id: int) -> list[Holding]:
    """A reader's positions, in the order of tickers."""
    statement = (
        select(
            Position.stock_id, Stock.ticker, Position.shares, Position.average_price, Position.note
        )
        .join(Stock, Stock.id == Position.stock_id)
        .where(Position.reader_id == reader_id)
        .order_by(Stock.ticker)
    )
    return [Holding(**row) for row in db.session.execute(statement).mappings()]


def save(reader_id: int, holdings: Iterable[Holding], now: datetime) -> None:
    """Adds positions, or replaces those of the same stocks."""
    rows = [
        {
            "reader_id": reader_id,
            "stock_id": holding.stock_id,
            "shares": holding.shares,
            "average_price": holding.average_price,
            "note": holding.note,
            "added_at": now,
        }
        for holding in holdings
    ]
    changing = ("shares", "average_price", "note")
    upsert(Position, rows, keys=("reader_id", "stock_id"), update=changing)


def remove(reader_id: int, stock_id: int) -> None:
    """Deletes a position."""
    db.session.execute(
        delete(Position).where(Position.reader_id == reader_id, Position.stock_id == stock_id)
    )
