"""What a naive program does for the same results, as the figures of StockScore's own are read
beside: a Python object for each row, a loop over the stocks for each of them."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from statistics import fmean, pstdev
from typing import Any

from sqlalchemy import Column, MetaData, Table, inspect, select
from sqlalchemy.orm import registry

from stockscore.extensions import db
from stockscore.store import bars, statements, stocks
from stockscore.store.models import Score, Stock, StoredBar

LOOK_BACK = timedelta(days=550)
"""As far as the method looks back."""

YEAR, MONTH = 252, 21
PER_PAGE = 50

Work = Callable[[], dict[str, Any]]


def score() -> Work:
    """Reads all bars as objects, measures each stock by itself, and compares each with each of its
    sector; keeps nothing."""

    def work() -> dict[str, Any]:
        began = time.process_time()
        since = max(bars.last_sessions().values()) - LOOK_BACK
        histories: dict[int, list[StoredBar]] = defaultdict(list)
        ordered = select(StoredBar).order_by(StoredBar.stock_id, StoredBar.session)
        for bar in db.session.scalars(ordered.where(StoredBar.session >= since)):
            histories[bar.stock_id].append(bar)
        read = time.process_time()
        followed = stocks.active()
        measures = {stock.id: _measures(stock, histories[stock.id]) for stock in followed}
        totals = {stock.id: _total(stock, followed, measures) for stock in followed}
        return {
            "read_cpu": read - began,
            "score_cpu": time.process_time() - read,
            "bars": sum(map(len, histories.values())),
            "stocks": len(totals),
        }

    return work


def _measures(stock: Stock, history: Sequence[StoredBar]) -> dict[str, float]:
    """Returns, trend and calm of the price, and the ratios of the newest statement."""
    measures = {}
    closes = _adjusted(history)
    for name, days in (("month", MONTH), ("half", YEAR // 2), ("year", YEAR)):
        if len(closes) > days:
            measures[name] = closes[-1] / closes[-1 - days] - 1
    if len(closes) > YEAR:
        steps = [closes[index] / closes[index - 1] - 1 for index in range(-YEAR, 0)]
        measures["calm"] = -pstdev(steps)
        measures["trend"] = closes[-1] / fmean(closes[-200:])
    known = statements.known(stock.id)
    if known:
        figures = {name: value for name, value in known[-1].figures.items() if value is not None}
        revenue = figures.get("revenue")
        if revenue:
            measures |= {f"{name} margin": value / revenue for name, value in figures.items()}
    return measures


def _adjusted(history: Sequence[StoredBar]) -> list[float]:
    """Closes adjusted for what came later, oldest first."""
    factor, closes = 1.0, []
    for bar in reversed(history):
        closes.append(bar.close * factor)
        factor *= bar.adjustment
    return closes[::-1]


def _total(
    stock: Stock, followed: Sequence[Stock], measures: Mapping[int, Mapping[str, float]]
) -> float:
    """The mean share of its sector's stocks that a stock beats, over its measures."""
    peers = [other for other in followed if other.sector == stock.sector]
    shares = []
    for name, value in measures[stock.id].items():
        others = [measures[peer.id][name] for peer in peers if name in measures[peer.id]]
        shares.append(sum(other < value for other in others) / len(others))
    return fmean(shares) if shares else 0.0


def page() -> Work:
    """Reads every score as an object and sorts them, to show the first fifty."""

    def work() -> dict[str, Any]:
        scored = list(db.session.scalars(select(Score)))
        scored.sort(key=lambda score: (score.total is None, -(score.total or 0)))
        return {"shown": len(scored[:PER_PAGE])}

    return work


def snapshot() -> Work:
    """Adds an object for each current score."""
    model = _copy_of(Score.__table__)

    def work() -> dict[str, Any]:
        names = [column.name for column in Score.__table__.columns]
        scored = list(db.session.scalars(select(Score)))
        db.session.add_all(
            model(**{name: getattr(score, name) for name in names}) for score in scored
        )
        db.session.commit()
        _drop(model)
        return {"stocks": len(scored)}

    return work


def write(count: int, bars_each: int) -> Work:
    """Adds an object for each bar, a transaction a stock."""
    model = _copy_of(StoredBar.__table__)
    days = [date(2020, 1, 1) + timedelta(days=offset) for offset in range(bars_each)]

    def work() -> dict[str, Any]:
        for stock_id in range(1, count + 1):
            for day in days:
                db.session.add(
                    model(
                        stock_id=stock_id,
                        session=day,
                        open=100.0,
                        high=101.0,
                        low=99.0,
                        close=100.0,
                        volume=1e6,
                        dividend=0.0,
                        split=1.0,
                        adjustment=1.0,
                        source="bench",
                    )
                )
            db.session.commit()
        _drop(model)
        return {"bars": count * bars_each}

    return work


def _copy_of(table: Table) -> Any:
    """A new class on an empty table with the same columns."""
    columns = [
        Column(column.name, column.type, primary_key=column.primary_key, nullable=column.nullable)
        for column in table.columns
    ]
    copy = Table(f"naive_{table.name}", MetaData(), *columns)
    copy.drop(db.engine, checkfirst=True)
    copy.create(db.engine)
    model = type("Naive", (), {})
    registry().map_imperatively(model, copy)
    return model


def _drop(model: Any) -> None:
    inspect(model).local_table.drop(db.engine)
