"""Writing the current scores; pages read them through `store.pages`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete, insert, select

from stockscore.extensions import db
from stockscore.store.models import Score


def replace_all(rows: Iterable[Mapping[str, Any]]) -> None:
    """Puts these rows in the place of all current scores, within the open transaction."""
    db.session.execute(delete(Score))
    rows = list(rows)
    if rows:
        db.session.execute(insert(Score.__table__), rows)


def current(stock_id: int) -> Score | None:
    """The current score of a stock."""
    return db.session.get(Score, stock_id)


def all_by_stock() -> dict[int, Score]:
    """All current scores by stock id."""
    return {score.stock_id: score for score in db.session.scalars(select(Score))}
