"""A scored market of 10,000 stocks, made of a small one whose stocks are listed many times over."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select

from stockscore.services import scores
from stockscore.store.models import Score, Stock
from stockscore.store.transactions import transaction
from tests.support import small_market

STOCKS = 10_000


def fill() -> None:
    """Fills the application's empty database."""
    small_market.save()
    scores.publish(small_market.NOW)
    with transaction() as session:
        for model, key in ((Stock, "id"), (Score, "stock_id")):
            columns = model.__table__.columns
            rows = [dict(row._mapping) for row in session.execute(select(*columns))]  # noqa: SLF001  its public name
            session.execute(insert(model), [_copy(rows, key, index) for index in range(12, STOCKS)])


def _copy(rows: list[dict[str, Any]], key: str, index: int) -> dict[str, Any]:
    row = dict(rows[index % len(rows)])
    row[key] = index + 1
    if "ticker" in row:
        row |= {"ticker": f"C{index}", "ticker_key": f"C{index}", "symbol": f"C{index}"}
    if "rank" in row:
        row["rank"] = index + 1
    return row
