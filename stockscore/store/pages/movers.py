"""What changed between the edition and the snapshots some days before it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from stockscore.extensions import db
from stockscore.store.models import Score, Stock
from stockscore.store.pages.lists import StockLine, joined, line_columns, line_of


@dataclass(frozen=True, slots=True)
class RankedStock:
    """Where a rated stock stands now."""

    id: int
    signal: str | None
    rank: int


def risen_and_fallen(
    days: int, limit: int | None = None
) -> tuple[list[StockLine], list[StockLine]]:
    """The stocks whose score rose most and fell most over so many days; only real rises and falls,
    ties by ticker. All of them without a limit."""
    change = getattr(Score, f"change_{days}")
    base = joined(select(*line_columns())).where(Stock.removed_at.is_(None))
    up = base.where(change > 0).order_by(change.desc(), Stock.ticker).limit(limit)
    down = base.where(change < 0).order_by(change, Stock.ticker).limit(limit)
    rose = [line_of(row) for row in db.session.execute(up)]
    fell = [line_of(row) for row in db.session.execute(down)]
    return rose, fell


def newcomers(top: int) -> list[tuple[StockLine, int | None]]:
    """The stocks among the `top` best that were not among them in the last daily snapshot, best
    first, each with its rank there, None where it had none."""
    before = Score.previous_rank
    statement = (
        joined(select(*line_columns(), before.label("rank_before")))
        .where(Stock.removed_at.is_(None), Score.rank <= top, (before > top) | before.is_(None))
        .order_by(Score.rank)
    )
    return [(line_of(row), row.rank_before) for row in db.session.execute(statement)]


def counts(days: int) -> tuple[int, int]:
    """How many scores rose and how many fell over so many days."""
    change = getattr(Score, f"change_{days}")
    statement = (
        select(func.count().filter(change > 0), func.count().filter(change < 0))
        .select_from(Score)
        .join(Stock, Stock.id == Score.stock_id)
        .where(Stock.removed_at.is_(None))
    )
    rose, fell = db.session.execute(statement).one()
    return rose, fell


def places() -> list[RankedStock]:
    """The rated stocks, best first."""
    statement = (
        select(Score.stock_id, Score.signal, Score.rank)
        .join(Stock, Stock.id == Score.stock_id)
        .where(Stock.removed_at.is_(None), Score.rank.is_not(None))
        .order_by(Score.rank)
    )
    return [
        RankedStock(row.stock_id, row.signal, row.rank) for row in db.session.execute(statement)
    ]
