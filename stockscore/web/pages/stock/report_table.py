"""One table of statements: a column a period, a line a figure, with growth over a year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from stockscore.scoring.inputs import clean
from stockscore.scoring.periods import YEAR_DAYS, Settled
from stockscore.web.ui import format as fmt

GROUPS = (
    (
        "Income",
        (
            ("revenue", "Revenue"),
            ("gross_profit", "Gross profit"),
            ("ebitda", "EBITDA"),
            ("ebit", "EBIT"),
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
    """One figure of all periods; `unit` is empty for millions of the currency."""

    label: str
    unit: str
    cells: tuple[ReportCell, ...]


@dataclass(frozen=True, slots=True)
class ReportTable:
    """Columns are (end of the period, class for the width it is shown from), newest first; groups
    are (label, lines)."""

    title: str
    caption: str
    columns: tuple[tuple[str, str], ...]
    groups: tuple[tuple[str, tuple[ReportLine, ...]], ...]
    note: str


def report_table(
    title: str, periods: Sequence[Settled], most: int, currency: str, note: str
) -> ReportTable | None:
    """The newest periods, at most so many; None where there are none. Periods come newest first and
    in one currency, and figures in plain money."""
    shown = periods[:most]
    if not shown:
        return None
    before = [_year_before(period.period_end, periods) for period in shown]
    reported = {name for period in shown for name in period.figures}
    groups = []
    for group, figures in GROUPS:
        lines = tuple(
            _line(name, label, shown, before, currency)
            for name, label in figures
            if name in reported
        )
        if lines:
            groups.append((group, lines))
    lacking = [
        _in_sentence(label)
        for _, figures in GROUPS
        for name, label in figures
        if name not in reported
    ]
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


def _in_sentence(label: str) -> str:
    return label if label.isupper() else label[0].lower() + label[1:]


def _year_before(end: date, periods: Iterable[Settled]) -> Settled | None:
    """The period of the same kind that ended a year earlier."""
    least, most = YEAR_DAYS
    return next(
        (period for period in periods if least <= (end - period.period_end).days <= most), None
    )


def _line(
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
    """Decimals for a line, so that its figures align and its largest has three figures or more."""
    largest = max((abs(value) for value in values if value is not None), default=0.0)
    return 0 if largest >= 100 else 1 if largest >= 10 else 2


def growth(now: float | None, before: float | None) -> str:
    """Growth over a year as it is written: empty where either figure is unknown or both are zero,
    and words where the sign changes, because a percentage would mean nothing there."""
    if now is None or before is None or (before == 0 and now == 0):
        return ""
    if before <= 0:
        return "was zero" if before == 0 else "still negative" if now < 0 else "was negative"
    if now < 0:
        return "turned negative"
    part = clean(now / before - 1)
    return fmt.signed_percent(part, 1 if part is not None and part < 10 else 0)
