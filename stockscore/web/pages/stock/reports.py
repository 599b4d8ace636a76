"""The statements of a stock as tables, by year, half-year and quarter, with growth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from stockscore.scoring.periods import Settled, Split, settle
from stockscore.scoring.statements import BALANCES, FLOWS, Period, Statement
from stockscore.web.pages.stock.annual import BASIS_NOTES, annual
from stockscore.web.pages.stock.report_table import ReportTable, report_table
from stockscore.web.ui import exports
from stockscore.web.ui import format as fmt

YEARS, HALVES, QUARTERS = 5, 6, 8
"""Periods that are shown."""


@dataclass(frozen=True, slots=True)
class ReportsView:
    """`tables` is empty where nothing is reported; `unit` says what plain figures are in."""

    unit: str
    tables: tuple[ReportTable, ...]
    note: str


def reports_view(statements: Sequence[Statement], splits: Sequence[Split]) -> ReportsView:
    """The tables of what is known, restated for splits."""
    reports = settle(statements, splits)
    currency = reports.currency or ""
    years = annual(reports)
    tables = [
        report_table("By year", years.years, YEARS, currency, BASIS_NOTES[years.basis]),
        report_table("By half-year", reports.halves, HALVES, currency, ""),
        report_table("By quarter", reports.quarters, QUARTERS, currency, ""),
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


def as_data(statements: Sequence[Statement], splits: Sequence[Split]) -> dict[str, Any]:
    """All periods as JSON, newest first, in plain money of `currency`."""
    reports = settle(statements, splits)
    years = annual(reports)
    return {
        "currency": reports.currency,
        "annual_basis": years.basis if years.years else None,
        "annual": [_period_data(period) for period in years.years],
        "half_yearly": [_period_data(period) for period in reports.halves],
        "quarterly": [_period_data(period) for period in reports.quarters],
    }


def _period_data(period: Settled) -> dict[str, Any]:
    names = (*FLOWS, *BALANCES)
    return {
        "period_end": exports.day(period.period_end),
        "figures": {name: exports.number(period.figures.get(name)) for name in names},
    }
