"""The statements of a stock as tables, by year and by quarter, with growth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from stockscore.scoring.inputs import clean
from stockscore.scoring.periods import (
    QUARTER_DAYS,
    YEAR_DAYS,
    Reports,
    Settled,
    Split,
    consecutive,
    settle,
    summed,
)
from stockscore.scoring.statements import BALANCES, FLOWS, Period, Statement
from stockscore.web.ui import exports
from stockscore.web.ui import format as fmt

YEARS, QUARTERS = 5, 8
"""Periods that are shown."""

GROUPS = (
    (
        "Income",
        (
            ("revenue", "Revenue"),
            ("gross_profit", "Gross profit"),
            ("ebitda", "EBITDA"),
            ("ebit", "Operating profit (EBIT)"),
            ("interest_expense", "Interest expense"),
            ("pretax_income", "Profit before tax"),
            ("tax_provision", "Income tax"),
            ("net_income", "Net income"),
            ("eps", "Earnings per share"),
        ),
    ),
    (
        "Balance sheet",
        (
            ("cash", "Cash"),
            ("current_assets", "Current assets"),
            ("fixed_assets", "Fixed assets"),
            ("total_assets", "Total assets"),
            ("current_liabilities", "Current liabilities"),
            ("long_term_debt", "Long-term debt"),
            ("total_debt", "Total debt"),
            ("total_liabilities", "Total liabilities"),
            ("retained_earnings", "Retained earnings"),
            ("total_equity", "Equity"),
            ("shares", "Shares"),
        ),
    ),
    (
        "Cash flow",
        (("cfo", "Operating cash flow"), ("fcf", "Free cash flow")),
    ),
)
"""The figures of each statement, in the order of the statement."""

UNITS = {"eps": "{currency} a share", "shares": "millions"}
"""What is not in millions of the currency."""

PRIORITIES = ("", "", "second", "second", "third", "fourth", "fourth", "fourth")
"""From which width on a column is shown: the newest two always."""


@dataclass(frozen=True, slots=True)
class ReportCell:
    """A figure as written, and its growth over a year, empty where the year before is unknown."""

    value: str
    growth: str


@dataclass(frozen=True, slots=True)
class ReportLine:
    label: str
    unit: str
    cells: tuple[ReportCell, ...]


@dataclass(frozen=True, slots=True)
class ReportTable:
    """Columns are (end of the period, priority class), newest first; groups are (label, rows)."""

    title: str
    caption: str
    columns: tuple[tuple[str, str], ...]
    groups: tuple[tuple[str, tuple[ReportLine, ...]], ...]
    note: str


@dataclass(frozen=True, slots=True)
class ReportsView:
    """`tables` is empty where nothing is reported; `unit` says what plain figures are in."""

    unit: str
    tables: tuple[ReportTable, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Annual:
    """Years, newest first, and how they were made: "reported", "summed" or "trailing"."""

    years: tuple[Settled, ...]
    basis: str


BASIS_NOTES = {
    "reported": "Years as the source reports them.",
    "summed": (
        "The source reports quarters: each column is the sum of four, to the quarter that ends it; "
        "balances are those at its end."
    ),
    "trailing": "The source's own summary of twelve months; it reports no years and no quarters.",
}


def annual(reports: Reports) -> Annual:
    """The years of the source; without any, sums of four consecutive quarters back from the newest;
    without those, the source's summary of twelve months."""
    if reports.years:
        return Annual(reports.years, "reported")
    sums = []
    for first in range(0, len(reports.quarters), 4):
        four = reports.quarters[first : first + 4]
        if not consecutive(four, 4, QUARTER_DAYS):
            break
        sums.append(_sum_of(four))
    if sums:
        return Annual(tuple(sums), "summed")
    return Annual((reports.trailing,) if reports.trailing else (), "trailing")


def _sum_of(four: Sequence[Settled]) -> Settled:
    newest = four[0]
    figures = {name: newest.figures[name] for name in BALANCES if name in newest.figures}
    flows = {name: summed(four, name) for name in FLOWS}
    figures |= {name: value for name, value in flows.items() if value is not None}
    return Settled(newest.period_end, figures, newest.origins)


def reports_view(statements: Sequence[Statement], splits: Sequence[Split]) -> ReportsView:
    """The tables of what is known, restated for splits."""
    reports = settle(statements, splits)
    currency = reports.currency or ""
    years = annual(reports)
    tables = [
        _table("By year", years.years, YEARS, currency, BASIS_NOTES[years.basis]),
        _table("By quarter", reports.quarters, QUARTERS, currency, ""),
    ]
    return ReportsView(
        unit=f"Millions of {currency}",
        tables=tuple(table for table in tables if table),
        note=_other_currencies(statements, currency),
    )


def _other_currencies(statements: Sequence[Statement], currency: str) -> str:
    """A sentence on periods that are left out because their money is another."""
    periods = {
        (statement.period, statement.period_end)
        for statement in statements
        if statement.currency != currency and statement.period is not Period.TRAILING
    }
    if not periods:
        return ""
    return f"{fmt.plural(len(periods), 'period')} reported in another currency left out."


def _table(
    title: str, periods: Sequence[Settled], most: int, currency: str, note: str
) -> ReportTable | None:
    shown = periods[:most]
    if not shown:
        return None
    before = [_year_before(period.period_end, periods) for period in shown]
    groups, lacking = [], []
    for label, names in GROUPS:
        rows = []
        for name, line_label in names:
            if any(name in period.figures for period in shown):
                rows.append(_row(name, line_label, shown, before, currency))
            else:
                lacking.append(
                    line_label if line_label.isupper() else line_label[0].lower() + line_label[1:]
                )
        if rows:
            groups.append((label, tuple(rows)))
    if lacking:
        note = f"{note} Unknown in all of these periods: {', '.join(lacking)}.".strip()
    priorities = PRIORITIES[: len(shown)]
    return ReportTable(
        title=title,
        caption=f"Statements {title.lower()}, newest first; under each figure its growth over a "
        "year, where that is known",
        columns=tuple(
            (fmt.day(period.period_end), priority)
            for period, priority in zip(shown, priorities, strict=True)
        ),
        groups=tuple(groups),
        note=note,
    )


def _year_before(end: date, periods: Iterable[Settled]) -> Settled | None:
    """The period of the same kind that ended a year earlier."""
    least, most = YEAR_DAYS
    return next(
        (period for period in periods if least <= (end - period.period_end).days <= most), None
    )


def _row(
    name: str,
    label: str,
    shown: Sequence[Settled],
    before: Sequence[Settled | None],
    currency: str,
) -> ReportLine:
    values = [period.figures.get(name) for period in shown]
    size = 1.0 if name == "eps" else 1e6
    scaled = [None if value is None else value / size for value in values]
    places = _places(scaled)
    return ReportLine(
        label=label,
        unit=UNITS.get(name, "").format(currency=currency),
        cells=tuple(
            ReportCell(
                fmt.decimal(value, places), growth(now, year.figures.get(name) if year else None)
            )
            for value, now, year in zip(scaled, values, before, strict=True)
        ),
    )


def _places(values: Sequence[float | None]) -> int:
    """Decimals for a row, so that its figures align and its largest has three figures or more."""
    largest = max((abs(value) for value in values if value is not None), default=0.0)
    return 0 if largest >= 100 else 1 if largest >= 10 else 2


def growth(now: float | None, before: float | None) -> str:
    """Growth over a year in words and figures: none where either is unknown or both are zero, and
    no percentage where a sign changes, because it would mean nothing."""
    if now is None or before is None or (before == 0 and now == 0):
        return ""
    if before <= 0:
        return "was zero" if before == 0 else "still negative" if now < 0 else "was negative"
    if now < 0:
        return "turned negative"
    part = clean(now / before - 1)
    return fmt.signed_percent(part, 1 if part is not None and part < 10 else 0)


def as_data(statements: Sequence[Statement], splits: Sequence[Split]) -> dict[str, Any]:
    """All periods as JSON, newest first, in plain money of `currency`."""
    reports = settle(statements, splits)
    years = annual(reports)
    return {
        "currency": reports.currency,
        "annual_basis": years.basis if years.years else None,
        "annual": [_period_data(period) for period in years.years],
        "quarterly": [_period_data(period) for period in reports.quarters],
    }


def _period_data(period: Settled) -> dict[str, Any]:
    names = (*FLOWS, *BALANCES)
    return {
        "period_end": exports.day(period.period_end),
        "figures": {name: exports.number(period.figures.get(name)) for name in names},
    }
