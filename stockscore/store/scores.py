"""Writing the current scores; pages read them through `store.pages`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Date, delete, select

from stockscore.extensions import db
from stockscore.store import bulk
from stockscore.store.models import Score


def replace_all(rows: Iterable[Mapping[str, Any]]) -> None:
    """Puts these rows, each with all columns, in the place of all current scores, within the open
    transaction."""
    db.session.execute(delete(Score))
    names = [column.name for column in Score.__table__.columns]
    # The driver of SQLite takes days as texts.
    days = [name for name in names if isinstance(Score.__table__.c[name].type, Date)]
    as_text = days if bulk.is_sqlite() else []
    written = []
    for row in rows:
        texts = {name: row[name].isoformat() for name in as_text if row[name] is not None}
        values = {**row, **texts} if texts else row
        written.append(tuple([values[name] for name in names]))
    bulk.upsert_tuples(Score, written, keys=("stock_id",))


def current(stock_id: int) -> Score | None:
    """The current score of a stock."""
    return db.session.get(Score, stock_id)


def all_by_stock() -> dict[int, Score]:
    """All current scores by stock id."""
    return {score.stock_id: score for score in db.session.scalars(select(Score))}
