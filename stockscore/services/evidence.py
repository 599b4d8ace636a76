"""Brings the score's own record up to the newest complete date; see `docs/evidence.md`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app

from stockscore.scoring.evidence.days import Day, Result
from stockscore.scoring.evidence.record import WARM_UP, Record
from stockscore.services.evidence_days import (
    FOLLOWED_FOR,
    Dates,
    Returns,
    Snapshots,
    Stocks,
    complete_dates,
    pack_returns,
    read_returns,
)
from stockscore.services.market_values import base_currency
from stockscore.store import cross_sections, evidence
from stockscore.store.portions import portions
from stockscore.store.transactions import transaction

KEPT_RETURNS = 400
"""Dates whose returns are kept: more than any exchange needs for its `WARM_UP` sessions."""

AT_ONCE = 20
"""Dates whose snapshots are read at a time."""


@dataclass(frozen=True, slots=True)
class Updated:
    """How many dates are new, of how many methods, and the newest that there is."""

    dates: int
    methods: int
    newest: date | None

    @property
    def sentence(self) -> str:
        """What commands and pages say of it."""
        if self.newest is None:
            return "Evidence: there is no complete date yet."
        if not self.dates:
            return f"Evidence: nothing is new since {self.newest}."
        return f"Evidence: {self.dates} new dates up to {self.newest}, {self.methods} methods."


@dataclass(frozen=True, slots=True)
class _Plan:
    """Of a method the dates to read, and how many of the first only lead up to those wanted."""

    method: str
    days: Sequence[date]
    warm_up: int


def update(rebuild: bool = False) -> Updated:
    """Adds what the dates that are complete have shown; `rebuild` makes all of them anew. What it
    writes is one transaction, and a second run adds nothing."""
    recorded = evidence.recorded_sessions()
    dates = complete_dates(recorded)
    last = {} if rebuild else evidence.last_days()
    plans = _plans(dates, last)
    rows: list[dict[str, Any]] = []
    stocks, returns = None, Returns()
    if plans:
        stocks = Stocks.read()
        if rebuild:
            with transaction():
                # Kept returns are made from bars too, and the bars may have been put right.
                evidence.forget_returns(date.max)
        needed = sorted({day for plan in plans for day in plan.days})
        bought = frozenset(current_app.config["EVIDENCE_CASH_OFFERS"])
        returns = read_returns(needed, stocks, dates, recorded, bought)
        snapshots = Snapshots(stocks, base_currency())
        for plan in plans:
            rows += _read(plan, stocks, dates, returns, snapshots)
    with transaction():
        if rebuild:
            evidence.clear()
        evidence.save(rows)
        if stocks is not None:
            _keep_returns(returns, stocks, dates)
    newest = dates.days[-1] if dates.days else None
    return Updated(len({row["session"] for row in rows}), len(plans), newest)


def _plans(dates: Dates, last: Mapping[str, date]) -> list[_Plan]:
    plans = []
    for method, (first, _, _) in sorted(cross_sections.recorded_by_method().items()):
        own = [day for day in dates.days if day >= first]
        done = sum(day <= last[method] for day in own) if method in last else 0
        if done < len(own):
            begin = _begin(own[:done], dates)
            plans.append(_Plan(method, own[begin:], done - begin))
    return plans


def _begin(done: Sequence[date], dates: Dates) -> int:
    """From which of the dates that are done on to read, so that every exchange that was still
    followed has `WARM_UP` sessions behind it."""
    places: dict[str, list[int]] = {}
    for place in range(len(done) - 1, -1, -1):
        for mic in dates.trading[done[place]]:
            own = places.setdefault(mic, [])
            # One that has not traded since is followed no more, and nothing of it counts.
            if len(own) < WARM_UP and (own or done[-1] - done[place] <= FOLLOWED_FOR):
                own.append(place)
        followed = [own for own in places.values() if own]
        if followed and all(len(own) == WARM_UP for own in followed):
            return place
    return 0


def _read(
    plan: _Plan, stocks: Stocks, dates: Dates, returns: Returns, snapshots: Snapshots
) -> list[dict[str, Any]]:
    """The rows of a method's new dates."""
    record = Record(stocks.exchanges)
    rows = []
    for some in portions(enumerate(plan.days), AT_ONCE):
        sections = cross_sections.recorded_between(plan.method, some[0][1], some[-1][1])
        said = snapshots.read(sections)
        for number, day in some:
            known = Day(
                day.toordinal(),
                dates.trading[day],
                returns.values[day],
                returns.assumed[day],
                said.get(day),
            )
            result = record.add(known, measured=number >= plan.warm_up - 1)
            if number >= plan.warm_up:
                rows.append(_row(plan.method, day, result, stocks))
    return rows


def _row(method: str, day: date, result: Result, stocks: Stocks) -> dict[str, Any]:
    return {
        "method": method,
        "session": day,
        "figures": {str(horizon): dict(own) for horizon, own in result.values.items()},
        "charged": [int(stocks.ids[place]) for place in result.charged],
    }


def _keep_returns(returns: Returns, stocks: Stocks, dates: Dates) -> None:
    """Keeps the returns of the last dates, which the next one needs."""
    kept = dates.days[-KEPT_RETURNS:]
    already: Collection[date] = evidence.returns_of(kept[0], kept[-1])
    for day in kept:
        if day in returns.values and day not in already:
            packed = pack_returns(returns.values[day], returns.assumed[day], stocks)
            evidence.save_returns(day, *packed)
    evidence.forget_returns(kept[0])
