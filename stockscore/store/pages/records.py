"""The packed records and the points of many stocks at once, for pages that compute over a whole
edition: the order of the top picks and what a screen admits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute

from stockscore.extensions import db
from stockscore.scoring.method import CHANGE_DAYS, FACTORS
from stockscore.store.models import Score, Stock
from stockscore.store.pages.lists import (
    Filter,
    StockLine,
    joined,
    line_columns,
    line_of,
)

PORTION = 5_000
"""Ids in one statement, well under the parameters that a database takes."""


@dataclass(frozen=True, slots=True)
class FactorStanding:
    """A rated stock with its rank and its four factors in hundredths."""

    id: int
    rank: int
    factors: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Scored:
    """A stock of the edition with its packed record. `points` has the total as "score", the
    factors, and the changes as "change_7" and so on, all in hundredths; `price` is in the quoted
    unit."""

    id: int
    ticker: str
    sector: str | None
    rank: int | None
    price: float | None
    points: Mapping[str, int | None]
    record: bytes


POINTS = ("score", *FACTORS, *(f"change_{days}" for days in CHANGE_DAYS))


def standings(wanted: Filter) -> list[FactorStanding]:
    """The rated stocks that fit, best rank first."""
    columns = [getattr(Score, factor).label(factor) for factor in FACTORS]
    statement = (
        select(Score.stock_id, Score.rank, *columns)
        .join(Stock, Stock.id == Score.stock_id)
        .where(*_where(wanted), Score.rank.is_not(None))
        .order_by(Score.rank)
    )
    return [
        FactorStanding(row["stock_id"], row["rank"], {factor: row[factor] for factor in FACTORS})
        for row in db.session.execute(statement).mappings()
    ]


def scored(wanted: Filter) -> list[Scored]:
    """The listed stocks of the edition that fit, rated or not, in no order."""
    points = [_column_of(name).label(name) for name in POINTS]
    statement = (
        select(Stock.id, Stock.ticker, Stock.sector, Score.rank, Score.price, Score.record, *points)
        .join(Score, Stock.id == Score.stock_id)
        .where(*_where(wanted))
    )
    return [
        Scored(
            id=row["id"],
            ticker=row["ticker"],
            sector=row["sector"],
            rank=row["rank"],
            price=row["price"],
            points={name: row[name] for name in POINTS},
            record=row["record"],
        )
        for row in db.session.execute(statement).mappings()
    ]


def lines_of(ids: Sequence[int]) -> list[StockLine]:
    """The stocks of these ids, in the order of the ids."""
    found: dict[int, StockLine] = {}
    for portion in _portions(ids):
        statement = joined(select(*line_columns())).where(Stock.id.in_(portion))
        lines = [line_of(row) for row in db.session.execute(statement)]
        found |= {line.id: line for line in lines}
    return [found[stock_id] for stock_id in ids]


def records_of(ids: Sequence[int]) -> dict[int, bytes]:
    """The packed records of these stocks, by id."""
    found: dict[int, bytes] = {}
    for portion in _portions(ids):
        statement = select(Score.stock_id, Score.record).where(Score.stock_id.in_(portion))
        found |= {row.stock_id: row.record for row in db.session.execute(statement)}
    return found


def _column_of(name: str) -> InstrumentedAttribute[int | None]:
    """The column of one of `POINTS`."""
    column: InstrumentedAttribute[int | None] = getattr(Score, "total" if name == "score" else name)
    return column


def _portions(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), PORTION):
        yield ids[start : start + PORTION]


def _where(wanted: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Stock.removed_at.is_(None)]
    for column, value in (
        (Stock.sector, wanted.sector),
        (Stock.exchange, wanted.exchange),
        (Score.signal, wanted.signal),
    ):
        if value:
            conditions.append(column == value)
    if wanted.min_total is not None:
        conditions.append(Score.total >= wanted.min_total)
    return conditions
