"""Databases as release 0.1 left them: of each stock and session one packed record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import flask_migrate
from sqlalchemy import MetaData, Table, and_, insert, update

from stockscore.extensions import db
from stockscore.scoring.engine import Scoring
from stockscore.scoring.method import FACTORS
from stockscore.scoring.methods import METHODS

REVISION = "0004"
"""The newest migration of release 0.1."""


def rows_of(scoring: Scoring) -> dict[str, dict[str, Any]]:
    """What release 0.1 kept of each stock of a scoring by method 1.0, by ticker."""
    assert scoring.method is METHODS["1.0"]
    return {ticker: _row(scoring, index) for index, ticker in enumerate(scoring.tickers)}


def _row(scoring: Scoring, index: int) -> dict[str, Any]:
    def whole(values, least: int = 0) -> int | None:
        number = int(values[index])
        return None if number < least else number

    def fraction(values) -> float | None:
        number = float(values[index])
        return None if number != number else number

    factors = dict(zip(FACTORS, scoring.factor_points.T, strict=True))
    return {
        "kind": scoring.kinds[index],
        "total": whole(scoring.total),
        "uncertainty": whole(scoring.uncertainty),
        "coverage": float(scoring.coverage[index]),
        "signal": scoring.signals[index],
        **{factor: whole(points) for factor, points in factors.items()},
        "rank": whole(scoring.rank, 1),
        "percentile": fraction(scoring.percentile),
        "sector": scoring.universe.sectors[index],
        "sector_rank": whole(scoring.sector_rank, 1),
        "sector_percentile": fraction(scoring.sector_percentile),
        "price": fraction(scoring.universe.inputs["price"]),
        "method": scoring.method.version,
        "receipt": scoring.receipts[index],
        "record": scoring.records[index],
    }


class Database:
    """The open database, migrated down to release 0.1. Whatever was recorded before is still there
    without its records; `upgrade` brings it back to now."""

    def __init__(self) -> None:
        db.session.remove()
        flask_migrate.downgrade(revision=REVISION)
        metadata = MetaData()
        names = ("snapshots", "snapshot_days", "scores", "editions")
        self.tables = {
            name: Table(name, metadata, autoload_with=db.engine, resolve_fks=False)
            for name in names
        }

    def execute(self, *statements: Any) -> None:
        """Executes statements in a transaction."""
        with db.engine.begin() as connection:
            for statement in statements:
                connection.execute(statement)

    def add_snapshots(
        self,
        rows: Mapping[str, Mapping[str, Any]],
        ids: Mapping[str, int],
        session: date,
        known_at: datetime,
    ) -> None:
        """Adds the snapshots of a session (rows of `rows_of`)."""
        table = self.tables["snapshots"]
        moment = {"session": session, "known_at": known_at}
        self.execute(
            insert(table).values(
                [{"stock_id": ids[ticker], **moment, **row} for ticker, row in rows.items()]
            )
        )

    def change_snapshots(
        self,
        rows: Mapping[str, Mapping[str, Any]],
        ids: Mapping[str, int],
        session: date,
        known_at: datetime,
    ) -> None:
        """Puts such rows into the place of the snapshots of a session that are there."""
        table = self.tables["snapshots"]
        self.execute(
            *(
                update(table)
                .where(and_(table.c.stock_id == ids[ticker], table.c.session == session))
                .values(**row, known_at=known_at)
                for ticker, row in rows.items()
            )
        )

    def change_scores(self, rows: Mapping[str, Mapping[str, Any]], ids: Mapping[str, int]) -> None:
        """Puts such rows into the place of the current scores."""
        table = self.tables["scores"]
        self.execute(
            *(
                update(table).where(table.c.stock_id == ids[ticker]).values(row)
                for ticker, row in rows.items()
            )
        )

    def upgrade(self) -> None:
        """Migrates to now."""
        flask_migrate.upgrade()
