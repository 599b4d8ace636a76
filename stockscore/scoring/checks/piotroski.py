"""Piotroski's F-score (2000): nine yes-or-no tests of a year's reports against the year before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from stockscore.scoring.checks.ratios import Ratio, divided, name_of, sentence
from stockscore.scoring.numerals import SPACE, decimal, figure, money, percent, told_apart
from stockscore.scoring.periods import (
    HALF_DAYS,
    QUARTER_DAYS,
    YEAR_DAYS,
    Settled,
    Split,
    in_step,
    settle,
    summed,
)
from stockscore.scoring.statements import BALANCES, FLOWS, Statement

LACKING = "not in the reports compared"
"""Of a figure that the two years do not have: a source may quote it of other twelve months."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One of the nine tests. `passed` is None where a number is missing.

    `now` and `before` are the two values compared (`before` None where the test is against zero),
    in `unit` ("percent", "ratio" or "count"); `arithmetic` shows how they came about, or what is
    missing."""

    key: str
    label: str
    unit: str
    passed: bool | None
    now: float | None
    before: float | None
    arithmetic: str


@dataclass(frozen=True, slots=True)
class Piotroski:
    """`score` tests passed of `known` ones; `year_end` and `previous_end` are the years compared,
    `fiscal` is False where years are sums of four quarters or two halves."""

    score: int
    known: int
    tests: tuple[Criterion, ...]
    year_end: date | None
    previous_end: date | None
    fiscal: bool


@dataclass(frozen=True, slots=True)
class _Year:
    end: date
    figures: Mapping[str, float]


def piotroski(statements: Iterable[Statement], splits: Sequence[Split] = ()) -> Piotroski:
    """The F-score of the newest year against the one before.

    As published: return on assets, operating cash flow and asset turnover are over the assets at
    the *start* of each year, long-term debt is over the average of both ends. Annual reports are
    used where they answer as many tests as years made of four quarters or two halves do. "Rose"
    and "fell" are strict.
    """
    reports = settle(statements, splits)
    annual = _fiscal_years(reports.years)
    rolling = max(
        _rolling_years(in_step(reports.quarters, QUARTER_DAYS), 4),
        _rolling_years(in_step(reports.halves, HALF_DAYS), 2),
        key=lambda years: _known(_tests(years)),
    )
    annual, rolling = (_completed(years, reports.trailing) for years in (annual, rolling))
    of_annual, of_rolling = _tests(annual), _tests(rolling)
    fiscal = _known(of_annual) >= _known(of_rolling)
    years, tests = (annual, of_annual) if fiscal else (rolling, of_rolling)
    return Piotroski(
        score=sum(test.passed is True for test in tests),
        known=_known(tests),
        tests=tests,
        year_end=years[0].end if years else None,
        previous_end=years[1].end if len(years) > 1 else None,
        fiscal=fiscal,
    )


def _known(tests: tuple[Criterion, ...]) -> int:
    return sum(test.passed is not None for test in tests)


def _completed(years: list[_Year], trailing: Settled | None) -> list[_Year]:
    """The years, the newest with flows that its reports lack and the source's sum of the same
    twelve months has: one figure must not be known here and unknown there."""
    if not years or trailing is None or trailing.period_end != years[0].end:
        return years
    quoted = {name: trailing.figures[name] for name in FLOWS if name in trailing.figures}
    return [_Year(years[0].end, quoted | dict(years[0].figures)), *years[1:]]


def _fiscal_years(years: tuple[Settled, ...]) -> list[_Year]:
    """Up to three consecutive years, newest first."""
    return [_Year(year.period_end, year.figures) for year in in_step(years, YEAR_DAYS)[:3]]


def _rolling_years(periods: tuple[Settled, ...], in_a_year: int) -> list[_Year]:
    """Up to three years of consecutive quarters or halves; of the oldest the balances are
    enough."""
    years = []
    for start in range(0, 3 * in_a_year, in_a_year):
        if start >= len(periods):
            break
        whole = periods[start : start + in_a_year]
        flows = {}
        if len(whole) == in_a_year:
            flows = {name: summed(whole, name) for name in FLOWS}
        balances = {name: whole[0].figures.get(name) for name in BALANCES}
        known = {name: value for name, value in (flows | balances).items() if value is not None}
        years.append(_Year(whole[0].period_end, known))
    return years


class _Ratios:
    """The ratios of the tests for one year, given the year and the one before it."""

    def __init__(self, years: list[_Year], index: int) -> None:
        self._now = years[index].figures if index < len(years) else {}
        self._opening = years[index + 1].figures if index + 1 < len(years) else {}

    def over_opening_assets(self, name: str) -> Ratio:
        return divided(
            (name, self._now.get(name)),
            ("total assets at the start of the year", self._opening.get("total_assets")),
            percent,
            LACKING,
        )

    def turnover(self) -> Ratio:
        return divided(
            ("revenue", self._now.get("revenue")),
            ("total assets at the start of the year", self._opening.get("total_assets")),
            figure,
            LACKING,
        )

    def leverage(self) -> Ratio:
        end, opening = self._now.get("total_assets"), self._opening.get("total_assets")
        average = None if end is None or opening is None else end / 2 + opening / 2
        return divided(
            ("long_term_debt", self._now.get("long_term_debt")),
            ("average total assets", average),
            percent,
            LACKING,
        )

    def of_year(self, numerator: str, denominator: str, written: Callable[[float], str]) -> Ratio:
        return divided(
            (numerator, self._now.get(numerator)),
            (name_of(denominator), self._now.get(denominator)),
            written,
            LACKING,
        )

    def shares(self) -> Ratio:
        shares = self._now.get("shares")
        if shares is None:
            return Ratio(None, f"{LACKING}: the number of shares")
        return Ratio(shares, money(shares), "shares")


def _tests(years: list[_Year]) -> tuple[Criterion, ...]:
    now, before = _Ratios(years, 0), _Ratios(years, 1)
    roa, cash = now.over_opening_assets("net_income"), now.over_opening_assets("cfo")
    return (
        _above_zero("roa", "Return on assets above zero", roa),
        _above_zero("cfo", "Operating cash flow above zero", cash),
        _compared(
            "roa_rose",
            "Return on assets rose",
            "percent",
            roa,
            before.over_opening_assets("net_income"),
        ),
        _compared("accruals", "Cash flow above earnings", "percent", cash, roa, against="earnings"),
        _compared(
            "leverage",
            "Long-term debt to assets fell",
            "percent",
            now.leverage(),
            before.leverage(),
            falls=True,
        ),
        _compared(
            "liquidity",
            "Current ratio rose",
            "ratio",
            now.of_year("current_assets", "current_liabilities", figure),
            before.of_year("current_assets", "current_liabilities", figure),
        ),
        _compared(
            "shares",
            "No new shares",
            "count",
            now.shares(),
            before.shares(),
            falls=True,
            ties=True,
        ),
        _compared(
            "margin",
            "Gross margin rose",
            "percent",
            now.of_year("gross_profit", "revenue", percent),
            before.of_year("gross_profit", "revenue", percent),
        ),
        _compared("turnover", "Asset turnover rose", "ratio", now.turnover(), before.turnover()),
    )


def _above_zero(key: str, label: str, ratio: Ratio) -> Criterion:
    passed = None if ratio.value is None else ratio.value > 0
    return Criterion(key, label, "percent", passed, ratio.value, None, sentence(ratio.arithmetic))


def _compared(
    key: str,
    label: str,
    unit: str,
    now: Ratio,
    before: Ratio,
    *,
    falls: bool = False,
    ties: bool = False,
    against: str = "the year before",
) -> Criterion:
    """A test that passes where the ratio rose (or fell); `ties` lets an equal one pass."""
    if now.value is None or before.value is None:
        lacking = now.arithmetic if now.value is None else f"{against}, {before.arithmetic}"
        return Criterion(key, label, unit, None, now.value, before.value, sentence(lacking))
    better = now.value < before.value if falls else now.value > before.value
    passed = better or (ties and now.value == before.value)
    arithmetic = sentence(_side_by_side(now, before, unit, against))
    return Criterion(key, label, unit, passed, now.value, before.value, arithmetic)


def _side_by_side(now: Ratio, before: Ratio, unit: str, against: str) -> str:
    """The arithmetic of both, their results with enough digits to see which is greater."""
    written = [ratio.arithmetic.rpartition(" = ")[2] for ratio in (now, before)]
    if now.value is None or before.value is None or written[0] != written[1]:
        return f"{now.arithmetic}; {against} {before.arithmetic}"
    if now.value == before.value:
        return f"{now.arithmetic}; {against} {before.arithmetic}"
    results = told_apart(now.value, before.value, *_RESULTS[unit])
    if unit == "count":
        return f"{results[0]}; {against} {results[1]}"
    return f"{now.formula} = {results[0]}; {against} {before.formula} = {results[1]}"


def _as_percent(value: float, digits: int) -> str:
    return f"{decimal(value * 100, digits)}{SPACE}%"


def _as_millions(value: float, digits: int) -> str:
    return f"{decimal(value / 1e6, digits)}{SPACE}million"


_RESULTS: Mapping[str, tuple[Callable[[float, int], str], int]] = {
    "percent": (_as_percent, 2),
    "ratio": (decimal, 2),
    "count": (_as_millions, 2),
}
