"""A portfolio: shares of stocks, and what they cost."""

from __future__ import annotations

from datetime import datetime

from stockscore.services.errors import InputError
from stockscore.services.personal import entries
from stockscore.services.personal.entries import Line
from stockscore.store import positions
from stockscore.store.positions import Holding
from stockscore.store.transactions import transaction

MOST_POSITIONS = 500

CSV_COLUMNS = ("ticker", "shares", "average_price", "note")


def set_position(
    reader_id: int, ticker: str, shares: str, average_price: str, note: str, now: datetime
) -> Holding:
    """Adds a position, or replaces the one of the same stock. Raises `InputError`."""
    holding = _read(ticker, shares, average_price, note)
    _save(reader_id, [holding], now)
    return holding


def remove(reader_id: int, ticker: str) -> None:
    """Deletes a position. Raises `InputError` for a ticker that is none."""
    stock = entries.stock(ticker)
    with transaction():
        positions.remove(reader_id, stock.id)


def import_csv(reader_id: int, data: bytes, now: datetime) -> int:
    """Adds the positions of a CSV file (columns ticker, shares, average_price, note), the whole of
    it or nothing; their number. A position takes the place of one of the same stock, and a
    stock that the file has twice is refused. Raises `InputError`."""
    found: dict[int, Holding] = {}

    def take(row: Line) -> None:
        holding = _read(
            row["ticker"], row["shares"], row.get("average_price", ""), row.get("note", "")
        )
        if holding.stock_id in found:
            raise InputError(f"{holding.ticker} is there twice; add its lots up.")
        found[holding.stock_id] = holding

    entries.each(entries.rows(data, CSV_COLUMNS[:2]), take)
    _save(reader_id, list(found.values()), now)
    return len(found)


def _save(reader_id: int, holdings: list[Holding], now: datetime) -> None:
    with transaction():
        there = {holding.stock_id for holding in positions.of(reader_id)}
        if len(there | {holding.stock_id for holding in holdings}) > MOST_POSITIONS:
            raise InputError(f"A portfolio has room for {MOST_POSITIONS} positions.")
        positions.save(reader_id, holdings, now)


def _read(ticker: str, shares: str, average_price: str, note: str) -> Holding:
    stock = entries.stock(ticker)
    number = entries.number(shares, "The number of shares")
    if number is None:
        raise InputError(f"Say how many shares of {stock.ticker} there are.")
    price = entries.number(average_price, "The average price")
    return Holding(stock.id, stock.ticker, number, price, entries.note(note))
