"""When reports are published, and what stands in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from stockscore.providers.demo.accounts import Ledger
from stockscore.providers.demo.companies import Company
from stockscore.providers.demo.dates import on_a_weekday, period_end, quarter_of
from stockscore.providers.demo.draws import roll, stream
from stockscore.scoring.statements import BALANCES, FLOWS, Period, Statement

SOURCE = "demo"

HISTORY_QUARTERS = 16
"""So many of the newest known quarters are shown."""

BEFORE_FLOTATION = 5
"""So many quarters are in the prospectus of a company that goes public."""

_FIGURES = FLOWS + BALANCES
_NO_GROSS_PROFIT = frozenset({"gross_profit", "ebit", "ebitda"})
_NO_CURRENT = frozenset({"current_assets", "current_liabilities"})
_CASH_FLOWS = frozenset({"cfo", "fcf"})

_HOURS = {"early": time(11, 30), "late": time(21, 15), "london": time(7, 0)}
"""UTC: before New York opens, after it has closed, and before London opens, all year round."""


def publication(company: Company, quarters: int, seed: int) -> list[datetime]:
    """When the report of each of the first quarters is published, three to seven weeks after
    the period's end, on a weekday. More quarters only append."""
    usual = 24 + roll(company.key, "usual delay", 18)
    delays = usual + stream(seed, company.key, "delays").integers(0, 8, quarters)
    if company.exchange == "XLON":
        hour = _HOURS["london"]
    else:
        hour = _HOURS["late" if roll(company.key, "hour", 2) else "early"]
    moments = []
    for quarter, delay in enumerate(delays.tolist()):
        day = on_a_weekday(period_end(quarter, company.months_early) + timedelta(days=delay))
        moments.append(datetime.combine(day, hour, UTC))
    return moments


def reaction_days(published: Sequence[Sequence[datetime]], days: np.ndarray) -> np.ndarray:
    """The index of the weekday on which prices react to each report, (quarters, companies): the
    same day, the next for reports after the close, -1 for those before the first day."""
    moments = np.array(
        [[m.date() + timedelta(days=int(m.hour >= 16)) for m in column] for column in published],
        dtype="datetime64[D]",
    ).T
    return np.where(moments < days[0], -1, np.searchsorted(days, moments))


def statements_at(
    company: Company,
    column: int,
    ledger: Ledger,
    gaps: np.ndarray,
    published: Sequence[datetime],
    delisted_on: date | None,
    now: datetime,
) -> list[Statement]:
    """The quarterly statements of a company that are known at `now`, oldest first, at most
    `HISTORY_QUARTERS`; none for a company that publishes none, and no more after it is delisted."""
    if not company.reports:
        return []
    first, listed = 0, None
    if company.floated is not None:
        first = quarter_of(company.floated) - BEFORE_FLOTATION
        listed = datetime.combine(company.floated, time(11, 0), UTC)
    known = [
        quarter
        for quarter in range(max(first, 0), len(published))
        if published[quarter] <= now
        and (delisted_on is None or published[quarter].date() < delisted_on)
    ]
    known = known[-HISTORY_QUARTERS:]
    if not known:
        return []
    names = [name for name in _FIGURES if name in ledger.lines and name not in _never(company)]
    span = slice(known[0], known[-1] + 1)
    rows = zip(*(ledger.lines[name][span, column].tolist() for name in names), strict=True)
    found = []
    for quarter, row in zip(known, rows, strict=True):
        figures = dict(zip(names, row, strict=True))
        if gaps[quarter, column]:
            figures = {name: value for name, value in figures.items() if name not in _CASH_FLOWS}
        end = period_end(quarter, company.months_early)
        moment = max(published[quarter], listed) if listed else published[quarter]
        if moment <= now:
            found.append(Statement(Period.QUARTER, end, moment, company.accounts, SOURCE, figures))
    return found


def _never(company: Company) -> frozenset[str]:
    """Figures that a company's reports never give."""
    never = company.omits
    if company.industry.keeps_no_gross_profit:
        never |= _NO_GROSS_PROFIT
    if company.industry.is_unclassified:
        never |= _NO_CURRENT
    return never
