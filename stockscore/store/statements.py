"""What companies reported, in all versions, each with the moment it became known to us."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from math import isfinite
from typing import Any

from sqlalchemy import Select, insert, select

from stockscore.extensions import db
from stockscore.scoring import statements as reported
from stockscore.store import reported_figures, splits, stocks
from stockscore.store.models import StoredStatement

_COLUMNS = (
    StoredStatement.period,
    StoredStatement.period_end,
    StoredStatement.known_at,
    StoredStatement.currency,
    StoredStatement.source,
    StoredStatement.figures,
    StoredStatement.covers_to,
    StoredStatement.withdrawn,
)
_ONE_TICK = timedelta(microseconds=1)

Version = tuple[datetime, str, dict[str, float], date | None, str | None]
"""When it became known, its currency, its figures, to which day they go, and what it withdraws."""


def save(stock_id: int, statements: Iterable[reported.Statement]) -> int:
    """Adds new versions of statements; the number of rows added.

    A statement that equals the last known version of its period adds nothing, and no row is ever
    changed. Two versions that became known at the same moment keep their order, a microsecond
    apart. Raises `ValueError` for a figure that the method does not know.
    """
    stocks.lock(stock_id)
    versions = _versions(stock_id)
    rows = []
    for statement in sorted(statements, key=lambda statement: statement.known_at):
        known = versions.setdefault((statement.period, statement.period_end), [])
        figures, known_at = _figures(statement), statement.known_at
        before = [earlier for earlier in known if earlier[0] <= known_at]
        withdrawn = " ".join(sorted(statement.withdrawn)) or None
        version = statement.currency, figures, statement.covers_to, withdrawn
        if before and before[-1][1:] == version:
            continue
        moments = {earlier[0] for earlier in known}
        while known_at in moments:
            known_at += _ONE_TICK
        known.append((known_at, *version))
        known.sort(key=lambda earlier: earlier[0])
        rows.append(
            {
                "stock_id": stock_id,
                "period": str(statement.period),
                "period_end": statement.period_end,
                "known_at": known_at,
                "currency": statement.currency,
                "source": statement.source,
                "figures": figures,
                "covers_to": statement.covers_to,
                "withdrawn": withdrawn,
            }
        )
    if rows:
        db.session.execute(insert(StoredStatement), rows)
        derive_figures(stock_id)
    return len(rows)


def derive_figures(stock_id: int) -> None:
    """Assembles the figures of a stock's reports anew (see `store.reported_figures`)."""
    reported_figures.write(stock_id, known(stock_id), splits.of(stock_id))


def _versions(stock_id: int) -> dict[tuple[str, date], list[Version]]:
    """All known versions of each period, oldest first."""
    versions: dict[tuple[str, date], list[Version]] = {}
    for row in db.session.execute(_known(None).where(StoredStatement.stock_id == stock_id)):
        version = row.known_at, row.currency, row.figures, row.covers_to, row.withdrawn
        versions.setdefault((row.period, row.period_end), []).append(version)
    return versions


def _figures(statement: reported.Statement) -> dict[str, float]:
    """The figures that are known: a missing one is left out."""
    unknown = set(statement.figures) - set(reported.FIGURES)
    if unknown:
        raise ValueError(f"a statement has figures of no known name: {', '.join(sorted(unknown))}")
    return {
        name: float(value)
        for name, value in statement.figures.items()
        if value is not None and isfinite(value)
    }


def known(stock_id: int, moment: datetime | None = None) -> list[reported.Statement]:
    """All statements of a stock known at a moment (default: now), in the order they became known,
    restated ones too."""
    query = _known(moment).where(StoredStatement.stock_id == stock_id)
    return [_statement(row) for row in db.session.execute(query)]


def known_of(stock_ids: Sequence[int], moment: datetime) -> dict[int, list[reported.Statement]]:
    """`known` of those of these (few) stocks that have any, by stock id."""
    query = _known(moment, StoredStatement.stock_id)
    found: dict[int, list[reported.Statement]] = {}
    for stock_id, *row in db.session.execute(query.where(StoredStatement.stock_id.in_(stock_ids))):
        found.setdefault(stock_id, []).append(_statement(row))
    return found


def moments_of_all(until: datetime) -> dict[int, list[datetime]]:
    """The moments up to `until` at which statements became known, in order, by stock id."""
    query = (
        select(StoredStatement.stock_id, StoredStatement.known_at)
        .where(StoredStatement.known_at <= until)
        .order_by(StoredStatement.stock_id, StoredStatement.known_at)
    )
    found: dict[int, list[datetime]] = {}
    for stock_id, moment in db.session.execute(query):
        found.setdefault(stock_id, []).append(moment)
    return found


def _known(moment: datetime | None, *more: Any) -> Select[Any]:
    query = select(*more, *_COLUMNS).order_by(StoredStatement.known_at, StoredStatement.period_end)
    return query if moment is None else query.where(StoredStatement.known_at <= moment)


def _statement(row: Iterable[Any]) -> reported.Statement:
    period, *rest, withdrawn = row
    statement = reported.Statement(reported.Period(period), *rest)
    return replace(statement, withdrawn=tuple(withdrawn.split())) if withdrawn else statement
