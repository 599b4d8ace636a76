"""What pages of a past day read beside the columns of that day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, tuple_

from stockscore.extensions import db
from stockscore.store.models import ExchangeSession, Score, Stock, StoredBar
from stockscore.store.portions import portions


@dataclass(frozen=True, slots=True)
class Listed:
    """What is known of a stock for all time, whatever it scored."""

    id: int
    ticker: str
    name: str
    exchange: str
    currency: str
    financial_currency: str | None
    industry: str | None
    source: str


_LISTED = [getattr(Stock, name) for name in Listed.__dataclass_fields__]


def listed(ids: Iterable[int]) -> dict[int, Listed]:
    """These stocks by id, those removed since too."""
    return {
        row.id: Listed(*row)
        for some in portions(ids)
        for row in db.session.execute(select(*_LISTED).where(Stock.id.in_(some)))
    }


def closes_at(sessions: Iterable[tuple[str, date]]) -> dict[tuple[str, date], datetime]:
    """When sessions closed, by exchange and session."""
    wanted = sorted(set(sessions))
    if not wanted:
        return {}
    query = select(
        ExchangeSession.exchange, ExchangeSession.session, ExchangeSession.closes_at
    ).where(tuple_(ExchangeSession.exchange, ExchangeSession.session).in_(wanted))
    return {(row.exchange, row.session): row.closes_at for row in db.session.execute(query)}


@dataclass(frozen=True, slots=True)
class LastPrice:
    """The last price of a stock, raw, with its session; `ended` says that there is to be no other
    because it was delisted or removed."""

    price: float
    session: date
    ended: bool


def last_prices(ids: Sequence[int]) -> dict[int, LastPrice]:
    """The last price of each of these stocks: that of the current scores, of a stock without one
    its last bar's."""
    found: dict[int, LastPrice] = {}
    for some in portions(ids):
        query = (
            select(Stock.id, Stock.removed_at, Score.price, Score.price_session)
            .outerjoin(Score, Score.stock_id == Stock.id)
            .where(Stock.id.in_(some))
        )
        rows = db.session.execute(query).all()
        ended = {row.id: row.removed_at is not None for row in rows}
        for row in rows:
            if row.price is not None and row.price_session is not None and not ended[row.id]:
                found[row.id] = LastPrice(row.price, row.price_session, False)
        rest = [stock_id for stock_id in some if stock_id not in found]
        found |= _last_bars(rest, ended)
    return found


def _last_bars(ids: Sequence[int], ended: dict[int, bool]) -> dict[int, LastPrice]:
    if not ids:
        return {}
    newest = (
        select(StoredBar.stock_id, func.max(StoredBar.session).label("session"))
        .where(StoredBar.stock_id.in_(ids))
        .group_by(StoredBar.stock_id)
        .subquery()
    )
    query = select(StoredBar.stock_id, StoredBar.close, StoredBar.session).join(
        newest,
        (newest.c.stock_id == StoredBar.stock_id) & (newest.c.session == StoredBar.session),
    )
    return {
        row.stock_id: LastPrice(row.close, row.session, ended.get(row.stock_id, False))
        for row in db.session.execute(query)
    }


def adjustments_since(ids: Sequence[int], day: date) -> dict[int, list[tuple[date, float]]]:
    """By stock id what all closes before a session are multiplied with, for its dividend or split,
    to compare them with those after it (see `providers.base.Bar`); of the sessions after a day."""
    found: dict[int, list[tuple[date, float]]] = {}
    for some in portions(ids):
        query = select(StoredBar.stock_id, StoredBar.session, StoredBar.adjustment).where(
            StoredBar.stock_id.in_(some), StoredBar.session > day, StoredBar.adjustment != 1
        )
        for stock_id, session, adjustment in db.session.execute(query):
            found.setdefault(stock_id, []).append((session, adjustment))
    return found
