"""Daily bars of the stocks: raw, each with its actions (see `models.StoredBar`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from math import isfinite
from typing import Any, Protocol

from sqlalchemy import Row, func, select

from stockscore.extensions import db
from stockscore.store import derived
from stockscore.store.bulk import is_sqlite, upsert_tuples
from stockscore.store.models import Stock, StoredBar
from stockscore.store.portions import portions

_KEYS = ("stock_id", "session")
_COLUMNS = tuple(column for column in StoredBar.__table__.columns if column.name != "stock_id")


BarRow = tuple[
    int,
    date,
    float | None,
    float | None,
    float | None,
    float,
    float | None,
    float,
    float,
    float,
    str,
]
"""`(stock_id, session, open, high, low, close, volume, dividend, split, adjustment, source)`."""


class BarFigures(Protocol):
    """What a bar to be saved has; `providers.base.Bar` does."""

    @property
    def session(self) -> date: ...
    @property
    def open(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
    @property
    def low(self) -> float | None: ...
    @property
    def close(self) -> float: ...
    @property
    def volume(self) -> float | None: ...
    @property
    def dividend(self) -> float: ...
    @property
    def split(self) -> float: ...
    @property
    def adjustment(self) -> float: ...


def save(stock_id: int, bars: Iterable[BarFigures], source: str) -> int:
    """Saves bars of one stock over those of the same sessions; the number of new and changed ones.

    Raises `ValueError` for a bar without a date or without a positive close.
    """
    return save_many(
        (
            stock_id,
            bar.session,
            bar.open,
            bar.high,
            bar.low,
            bar.close,
            bar.volume,
            bar.dividend,
            bar.split,
            bar.adjustment,
            source,
        )
        for bar in bars
    )


def save_many(rows: Iterable[BarRow]) -> int:
    """`save` for many stocks at once, the rows in any order."""
    as_text = is_sqlite()
    checked = [_checked(row, as_text) for row in rows]
    changed = upsert_tuples(StoredBar, checked, _KEYS)
    if changed:
        derived.follow_bars(checked)
    return changed


def _checked(row: Sequence[Any], as_text: bool) -> tuple[Any, ...]:
    """The row as a driver takes it; NaN and infinities are missing, as everywhere."""
    stock_id, session, *figures, source = row
    # A datetime is a date to Python; stored, it would be another session on SQLite.
    if type(session) is not date:
        raise ValueError(f"a bar needs the date of its session: {session!r}")
    opened, high, low, close, volume, dividend, split, adjustment = map(_number, figures)
    if close is None or close <= 0:
        raise ValueError(f"the bar of {session} needs a positive close: {figures[3]!r}")
    return (
        int(stock_id),
        session.isoformat() if as_text else session,
        opened,
        high,
        low,
        close,
        volume,
        dividend or 0.0,
        split or 1.0,
        adjustment or 1.0,
        source,
    )


def _number(value: Any) -> float | None:
    if value is None:
        return None
    number = float(value)
    return number if isfinite(number) else None


def of(stock_id: int, since: date | None = None) -> list[Row[Any]]:
    """The bars of a stock from `since` on (default: all), oldest first; every row has the
    attributes of `BarFigures`, and `source`."""
    query = select(*_COLUMNS).where(StoredBar.stock_id == stock_id).order_by(StoredBar.session)
    if since is not None:
        query = query.where(StoredBar.session >= since)
    return list(db.session.execute(query))


def last_bar(stock_id: int, until: date | None = None) -> Row[Any] | None:
    """The newest bar of a stock, or the newest up to a day; None without any."""
    query = (
        select(*_COLUMNS).where(StoredBar.stock_id == stock_id).order_by(StoredBar.session.desc())
    )
    if until is not None:
        query = query.where(StoredBar.session <= until)
    return db.session.execute(query.limit(1)).first()


def last_sessions(ids: Iterable[int] | None = None) -> dict[int, date]:
    """The newest session of every stock that has bars (or of these stocks), by stock id."""
    # One look-up by primary key a stock: grouping would walk the bars of all years.
    newest = (
        select(func.max(StoredBar.session)).where(StoredBar.stock_id == Stock.id).scalar_subquery()
    )
    query = select(Stock.id, newest.label("session"))
    queries = (
        [query]
        if ids is None
        else [query.where(Stock.id.in_(portion)) for portion in portions(ids)]
    )
    rows = [row for query in queries for row in db.session.execute(query)]
    return {row.id: row.session for row in rows if row.session is not None}


def spans() -> dict[int, tuple[date, date]]:
    """The first and the last session of every stock that has bars, by stock id."""
    own = StoredBar.stock_id == Stock.id
    first = select(func.min(StoredBar.session)).where(own).scalar_subquery()
    last = select(func.max(StoredBar.session)).where(own).scalar_subquery()
    rows = db.session.execute(select(Stock.id, first.label("first"), last.label("last")))
    return {row.id: (row.first, row.last) for row in rows if row.first is not None}
