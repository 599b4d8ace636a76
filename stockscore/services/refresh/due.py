"""Which stocks are to be asked for what, and in which order.

Fresh are prices fetched after the last close (or within half an hour), fundamentals fetched within
twenty hours. Only a whole answer counts, of which nothing is quarantined.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from stockscore.market import hours
from stockscore.services.ingest import Target
from stockscore.services.listings import listing_of
from stockscore.store import bars, fetches, sessions
from stockscore.store.models import Stock

PRICES, FUNDAMENTALS = "prices", "fundamentals"
PARTS = {PRICES: (PRICES,), FUNDAMENTALS: (FUNDAMENTALS,), "all": (FUNDAMENTALS, PRICES)}
"""Fundamentals first: the profile tells the currency and the exchange of the prices."""

FRESH_PRICES = timedelta(minutes=30)
CLOSING_DELAY = timedelta(minutes=20)
"""How long after the close a source may still show an older price."""
FRESH_FUNDAMENTALS = timedelta(hours=20)


def parts_due(
    chosen: Mapping[int, Stock], parts: Sequence[str], now: datetime
) -> dict[str, list[int]]:
    """Ids of the chosen stocks of which each part is not fresh, those tried longest ago first."""
    return {part: _due(part, chosen, now) for part in parts}


def _due(part: str, chosen: Mapping[int, Stock], now: datetime) -> list[int]:
    if part == FUNDAMENTALS:
        first = reported(chosen, now)
        rest = before(part, now - FRESH_FUNDAMENTALS, chosen)
        return [*first, *(stock_id for stock_id in rest if stock_id not in set(first))]
    found = []
    for exchange in sorted({stock.exchange for stock in chosen.values()}):
        listed = [stock_id for stock_id, stock in chosen.items() if stock.exchange == exchange]
        found += before(part, _fresh_since(exchange, now), listed)
    return found


def reported(ids: Collection[int], now: datetime) -> list[int]:
    """Those of the stocks whose companies have published figures that we have not asked for."""
    wanted = set(ids)
    return [stock_id for stock_id in fetches.reported(FUNDAMENTALS, now) if stock_id in wanted]


def before(part: str, moment: datetime, ids: Collection[int]) -> list[int]:
    """Those of the stocks whose last success lies before a moment, tried longest ago first."""
    wanted = set(ids)
    return [stock.id for stock in fetches.due(part, moment) if stock.id in wanted]


def in_order(wanted: Mapping[str, Sequence[int]], now: datetime) -> list[tuple[int, list[str]]]:
    """What is wanted of each stock, by stock, in the order in which it is to be asked: never tried
    or tried longest ago first. The order of `wanted` is that of the parts of a stock."""
    places: dict[int, int] = {}
    work: dict[int, list[str]] = {}
    for part, ids in wanted.items():
        for place, stock in enumerate(fetches.due(part, now + timedelta(days=1))):
            places[stock.id] = min(place, places.get(stock.id, place))
        for stock_id in ids:
            work.setdefault(stock_id, []).append(part)
    return sorted(work.items(), key=lambda item: places.get(item[0], 0))


def targets(wanted: Mapping[int, Stock]) -> dict[int, Target]:
    """What is asked with, apart from the database session, by stock id."""
    last = bars.last_sessions(wanted)
    return {stock_id: _target(stock, last.get(stock_id)) for stock_id, stock in wanted.items()}


def _target(stock: Stock, last_session: date | None) -> Target:
    return Target(stock.id, listing_of(stock), last_session)


def _fresh_since(exchange: str, now: datetime) -> datetime:
    """Prices fetched since then are as good as prices fetched now."""
    recent = now - FRESH_PRICES
    known = sessions.around(exchange, now)
    closed = hours.last_closed(known, now)
    if closed is None:
        return recent
    state = hours.status(known, now, exchange)
    if state.is_open or state.reason is hours.StatusReason.LUNCH_BREAK:
        return recent
    return min(recent, closed.closes_at + CLOSING_DELAY)
