"""What explains a change of a score: the two records, and the reports and splits between them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, cast, null, select, union_all

from stockscore.extensions import db
from stockscore.scoring.methods import METHODS, method_of
from stockscore.scoring.statements import Period
from stockscore.scoring.stored_score import StoredScore, stored_score
from stockscore.store import cross_sections, stored_scores
from stockscore.store.cross_sections import Excerpt, Section
from stockscore.store.models import Stock, StoredBar, StoredStatement

PORTION = 5_000
"""Ids in one statement, well under the parameters that a database takes."""


@dataclass(frozen=True, slots=True)
class RecordedScore:
    """A rated snapshot: its total in hundredths, and what it was made from by a version of the
    method. Reports that became known until `known_at` are in it."""

    session: date
    total: int
    method: str
    known_at: datetime
    record: StoredScore


@dataclass(frozen=True, slots=True)
class Arrival:
    """A report of a stock, and the moment at which it became known."""

    stock_id: int
    known_at: datetime
    period: Period
    period_end: date


def recorded_scores(
    wanted: Collection[tuple[Section, Sequence[int]]],
) -> dict[tuple[int, date], RecordedScore]:
    """What was recorded of rated stocks (by their ids) at sessions, by stock id and session.

    What is by a method that this program does not know is left out, and a session of which too
    little was recorded. One statement.
    """
    places: list[list[int]] = []
    parts: list[Excerpt] = []
    for section, ids in wanted:
        if section.method not in METHODS:
            continue
        indices = [index for stock_id in ids if (index := section.index_of(stock_id)) is not None]
        places.append(indices)
        keys = ["total", *stored_scores.keys_of_a_change(method_of(section.method))]
        parts.append(Excerpt(section, indices, keys))
    found = {}
    for part, indices, columns in zip(parts, places, cross_sections.excerpts(parts), strict=True):
        section, totals = part.section, columns.get("total")
        if section.session is None or totals is None or not stored_scores.suffice(columns, section):
            continue
        for place, index in enumerate(indices):
            if totals[place] >= 0:
                found[section.stock_ids[index], section.session] = RecordedScore(
                    section.session,
                    totals[place],
                    section.method,
                    section.known_at,
                    stored_score(columns, place, section.method),
                )
    return found


@dataclass(slots=True)
class StockNews:
    """What else happened to a stock: its splits as (session, new shares for one old), and its
    reports."""

    splits: list[tuple[date, float]] = field(default_factory=list)
    reports: list[Arrival] = field(default_factory=list)


def news(ids: Sequence[int], day: date, after: datetime, until: datetime) -> dict[int, StockNews]:
    """By stock id the splits after `day`, and the reports that became known after `after` and not
    later than `until`; without stocks that have neither. One statement for so many stocks as fit
    into one."""
    found: dict[int, StockNews] = {}
    for portion in _portions(ids):
        nothing = [cast(null(), column.type) for column in (StoredBar.session, StoredBar.split)]
        reports = _arrivals(after, until).where(StoredStatement.stock_id.in_(portion))
        splits = select(
            StoredBar.stock_id,
            *(cast(null(), column.type) for column in _OF_A_REPORT),
            StoredBar.session,
            StoredBar.split,
        ).where(StoredBar.stock_id.in_(portion), StoredBar.session > day, StoredBar.split != 1)
        both = union_all(reports.add_columns(*nothing), splits)
        for stock_id, known_at, period, period_end, session, ratio in db.session.execute(both):
            own = found.setdefault(stock_id, StockNews())
            if session is None:
                own.reports.append(Arrival(stock_id, known_at, Period(period), period_end))
            else:
                own.splits.append((session, ratio))
    return found


def arrivals_in(sector: str, after: datetime, until: datetime) -> list[Arrival]:
    """The same for all listed stocks of a sector."""
    statement = (
        _arrivals(after, until)
        .join(Stock, Stock.id == StoredStatement.stock_id)
        .where(Stock.sector == sector, Stock.removed_at.is_(None))
    )
    return [_arrival(row) for row in db.session.execute(statement)]


def arrivals_by_stock(after: datetime, until: datetime) -> dict[int, list[Arrival]]:
    """The same for all stocks, by their ids."""
    found: dict[int, list[Arrival]] = {}
    for row in db.session.execute(_arrivals(after, until)):
        found.setdefault(row.stock_id, []).append(_arrival(row))
    return found


def sectors() -> dict[int, str | None]:
    """The sectors of all stocks by id, removed ones too."""
    return {row.id: row.sector for row in db.session.execute(select(Stock.id, Stock.sector))}


def arrivals_by_sector(after: datetime, until: datetime) -> dict[str, list[Arrival]]:
    """The same for every sector, in order of the moments."""
    statement = (
        _arrivals(after, until)
        .add_columns(Stock.sector)
        .join(Stock, Stock.id == StoredStatement.stock_id)
        .where(Stock.sector.is_not(None), Stock.removed_at.is_(None))
        .order_by(StoredStatement.known_at)
    )
    found: dict[str, list[Arrival]] = {}
    for row in db.session.execute(statement):
        found.setdefault(row.sector, []).append(_arrival(row))
    return found


_OF_A_REPORT = (StoredStatement.known_at, StoredStatement.period, StoredStatement.period_end)


def _arrivals(after: datetime, until: datetime) -> Select[Any]:
    columns = [getattr(StoredStatement, name) for name in Arrival.__dataclass_fields__]
    return select(*columns).where(
        StoredStatement.known_at > after, StoredStatement.known_at <= until
    )


def _arrival(row: Row[Any]) -> Arrival:
    return Arrival(row.stock_id, row.known_at, Period(row.period), row.period_end)


def _portions(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), PORTION):
        yield ids[start : start + PORTION]
