"""Where figures come from and how old they are.

Ages count up to the edition's publication, because a page is a function of its edition; the strip
says how old the edition is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from stockscore.scoring.assemble import MARKED_DAYS, Reported
from stockscore.scoring.methods import Metric
from stockscore.scoring.periods import Origin
from stockscore.scoring.statements import BALANCES, FLOWS, Period
from stockscore.store.pages.lists import StockLine
from stockscore.web.ui import format as fmt

NAMES = {"demo": "simulated (demo)", "yahoo": "Yahoo Finance", "csv": "an imported file"}

PRICED = frozenset({"price", "market_cap", "enterprise_value", "dividend_per_share_ttm"})
"""Inputs that move with the price."""

_YEARS_OF = {
    Period.QUARTER: "four quarters",
    Period.HALF: "two halves",
    Period.YEAR: "year",
    Period.TRAILING: "twelve months",
}
"""What twelve months are made of."""

OLD = "more than nine months before the prices"
"""Of a figure whose period ended long ago."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """The source of a metric, and the newest moment of what it is made of."""

    source: str | None
    as_of: datetime | None


def period_of(name: str, origin: Origin) -> str:
    """What an input covers, in words: a span of time, a day, or the day on which it was quoted.

    "Twelve months" is said only of what adds up over them, and only where their end is known."""
    day = fmt.day(origin.period_end)
    figure = name.removesuffix("_ttm")
    if figure in BALANCES:
        return f"quoted on {day}" if origin.is_quoted else f"balance of {day}"
    if origin.period is not Period.TRAILING:
        return f"{_YEARS_OF[origin.period]} to {day}"
    if name.endswith("_growth"):
        return f"as the source quotes it, {'on' if origin.is_quoted else 'to'} {day}"
    if origin.is_quoted:
        return f"twelve months, quoted on {day}" if figure in FLOWS else f"quoted on {day}"
    return f"{_YEARS_OF[origin.period]} to {day}"


def twelve_months_end(reported: Reported) -> date | None:
    """The end of the newest twelve months that any figure covers, None where none is known."""
    ends = (
        origin.period_end
        for name, origin in reported.origins.items()
        if name in FLOWS and not origin.is_quoted
    )
    return max(ends, default=None)


def is_old(origin: Origin, day: date) -> bool:
    """Whether its period ended (or it was quoted) more than nine months before a day."""
    return (day - origin.period_end).days > MARKED_DAYS


def named(source: str) -> str:
    """A source's name for people."""
    return NAMES.get(source, source)


def provenance(
    metric: Metric, line: StockLine, reported: Reported, price_source: str
) -> Provenance:
    """Of one metric: the price's for what the price alone makes, else that of its reports."""
    if metric.bars:
        return Provenance(price_source, line.price_as_of)
    origins = [reported.origin_of(name) for name in metric.inputs]
    found = [(origin.source, origin.known_at) for origin in origins if origin is not None]
    if PRICED & set(metric.inputs) and line.price_as_of is not None:
        found.append((price_source, line.price_as_of))
    if not found:
        return Provenance(None, None)
    sources = _unique(source for source, _ in found)
    return Provenance(" + ".join(sources), max(moment for _, moment in found))


def _unique(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def statements_note(reported: Reported, published: datetime) -> str:
    """On the reports: source, period, when they became known, and their age; and of when those
    figures are that the source only quotes, which are as new as the last look at them."""
    origins, end = list(reported.origins.values()), reported.newest_end
    if end is None:
        return "No statements are known."
    if not origins:
        return (
            f"The newest statements, to {fmt.day(end)}, are more than fifteen months older than "
            "the prices: nothing is computed from them."
        )
    sources = " and ".join(named(source) for source in _unique(o.source for o in origins))
    known = max((o.known_at for o in origins if o.period_end <= end), default=None)
    since = f", known since {fmt.day(known)}" if known else ""
    note = (
        f"Source: {sources}. Statements to {fmt.day(end)}{since}, "
        f"{fmt.age(end, published)} when scored."
    )
    quoted = max((o.period_end for o in origins if o.period_end > end), default=None)
    return f"{note} Figures quoted without a report: of {fmt.day(quoted)}." if quoted else note
