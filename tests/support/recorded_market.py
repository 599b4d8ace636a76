"""A small record written straight into the database: 48 stocks of two exchanges, with bars and
snapshots of two methods, one stock that vanishes and one that was removed by hand."""

from __future__ import annotations

from array import array
from datetime import UTC, date, datetime, timedelta

import numpy as np

from stockscore.market.hours import Session
from stockscore.providers.base import Bar, Listing
from stockscore.scoring.method import FACTORS
from stockscore.scoring.signals import SIGNALS
from stockscore.store import bars, cross_sections, sessions, stocks
from stockscore.store.transactions import transaction

FIRST = date(2026, 9, 1)
SECTORS = ("Energy", "Technology")
VANISHES, REMOVED = 5, 7
ENDED = 28
"""Sessions after which these two have no more bars and no snapshots."""


def weekdays(count: int) -> list[date]:
    """The sessions of both exchanges, but for a holiday of the second."""
    days, day = [], FIRST
    while len(days) < count:
        if day.isoweekday() < 6:
            days.append(day)
        day += timedelta(days=1)
    return days


def fill(count: int) -> list[date]:
    """Writes so many sessions; the sessions."""
    days = weekdays(count)
    rng = np.random.default_rng(1)
    closes = 50 * np.exp(np.cumsum(rng.normal(0, 0.02, (48, count)), axis=1))
    totals = np.clip(5000 + np.cumsum(rng.normal(0, 100, (48, count)), axis=1), 0, 9999)
    with transaction():
        ids = _listings()
        for mic, hidden in (("XNYS", None), ("XLON", days[15])):
            own = [day for day in days if day != hidden]
            sessions.save([_session(mic, day) for day in own])
            here = range(24) if mic == "XNYS" else range(24, 48)
            for place in here:
                ended = ENDED if place in (VANISHES, REMOVED) else count
                known = [day for day in days[:ended] if day in own]
                made = [_bar(day, place, closes[place][days.index(day)]) for day in known]
                bars.save(ids[place], made, "test")
            for number, day in enumerate(days):
                if day in own and (mic, number) != ("XNYS", 20):  # a gap that nobody recorded
                    _snapshot(mic, day, number, here, ids, totals)
        ended_at = datetime.combine(days[ENDED], datetime.min.time(), UTC)
        stocks.remove([ids[REMOVED]], ended_at)
    return days


def _listings() -> list[int]:
    made = [
        Listing(
            ticker=f"S{place:02d}",
            name=f"Stock {place}",
            exchange="XNYS" if place < 24 else "XLON",
            currency="USD" if place < 24 else "GBP",
            sector=SECTORS[place % 2],
        )
        for place in range(48)
    ]
    stocks.save_listings(made, "test", datetime(2026, 1, 1, tzinfo=UTC))
    return [stocks.find(listing.ticker).id for listing in made]


def _session(mic: str, day: date) -> Session:
    opens = datetime(day.year, day.month, day.day, 14, 30, tzinfo=UTC)
    return Session(mic, day, opens, opens + timedelta(hours=6))


def _bar(day: date, place: int, close: float) -> Bar:
    paid = 0.5 if day.day == 10 and place % 3 == 0 else 0.0
    return Bar(day, close, close, close, close, 1000, paid, 1.0, 1 - paid / (close + paid))


def _snapshot(
    mic: str, day: date, number: int, here: range, ids: list[int], totals: np.ndarray
) -> None:
    members = [p for p in here if number < ENDED or p not in (VANISHES, REMOVED)]
    total = [int(totals[place][number]) for place in members]
    codes = [int(value < 7000) + int(value < 6000) + int(value < 4500) for value in total]
    values = {
        "total": array("h", total),
        **{factor: array("h", [value // 4 for value in total]) for factor in FACTORS},
        "signal": array("h", codes),
        "sector": array("h", [place % 2 for place in members]),
        "market_cap": array("d", [1e9 * (place + 1) for place in members]),
    }
    for method in ("1.0", "1.1") if number >= 3 else ("1.0",):
        cross_sections.write(
            array("i", [ids[place] for place in members]),
            values,
            kind=cross_sections.SNAPSHOT,
            method=method,
            published=method == "1.0",
            known_at=_session(mic, day).closes_at,
            labels={"signal": SIGNALS, "sector": SECTORS},
            receipt_rule="1",
            day_receipt="0" * 64,
            exchange=mic,
            session=day,
        )
