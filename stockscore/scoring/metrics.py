"""The value of every metric for all stocks, with the reason where there is none.

The table in `method` says what a metric needs and for whom; here is only how it is computed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from stockscore.scoring import indicators
from stockscore.scoring.inputs import RECORDED
from stockscore.scoring.method import (
    METRICS,
    STALE_SESSIONS,
    TAX_RATE_RANGE,
    UNKNOWN_TAX_RATE,
    Metric,
)
from stockscore.scoring.reasons import NOT_APPLICABLE, Reason, code
from stockscore.scoring.universe import Universe

CONVERTED = ("price", "market_cap", "enterprise_value")
"""Inputs that are missing where the price cannot be converted."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Of one metric for n stocks: `values` (NaN where missing), `decided` (a sub-score that a known
    input decides by itself, else NaN) and `reasons` (codes of `scoring.reasons`)."""

    values: np.ndarray
    decided: np.ndarray
    reasons: np.ndarray


@dataclass(frozen=True, slots=True)
class Decision:
    """Where `where`, the sub-score is `sub_score` whatever else is missing."""

    where: np.ndarray
    sub_score: float
    reason: Reason


Columns = dict[str, np.ndarray]
Formula = Callable[[Columns], np.ndarray]


def measure(universe: Universe, applies: np.ndarray) -> list[Measured]:
    """All metrics of `METRICS`, in that order; `applies` (metrics, n) says for whom.

    Where a metric does not apply its value is NaN and the reason says so."""
    n = len(universe)
    nothing = np.full(n, np.nan)
    columns = {name: universe.inputs.get(name, nothing) for name in RECORDED}
    prices = _Prices.of(universe)
    results = []
    for place, metric in enumerate(METRICS):
        with np.errstate(all="ignore"):
            if metric.bars:
                measured = _of_prices(metric, prices)
            elif metric.key in _SPECIAL:
                measured = _SPECIAL[metric.key](metric, columns)
            else:
                formula, positive = _RATIOS[metric.key]
                measured = _settle(metric, columns, formula(columns), positive)
        _name_missing_rate(metric, measured.reasons, universe.rate_missing)
        outside = ~applies[place]
        measured.values[outside] = np.nan
        measured.decided[outside] = np.nan
        measured.reasons[outside] = NOT_APPLICABLE
        results.append(measured)
    return results


def _settle(
    metric: Metric,
    columns: Columns,
    values: np.ndarray,
    positive: Sequence[str] = (),
    decisions: Sequence[Decision] = (),
    blocked: Sequence[tuple[np.ndarray, Reason]] = (),
) -> Measured:
    """Values with the first reason against each: a decision, a missing input, one that must be
    above zero and is not, another obstacle (`blocked`), or a result that is no finite number."""
    reasons = _named(metric, Reason.INPUT_MISSING, metric.required, columns, np.isnan)
    not_positive = _named(metric, Reason.NOT_POSITIVE, positive, columns, lambda x: x <= 0)
    reasons = np.where(reasons == 0, not_positive, reasons)
    for where, reason in blocked:
        reasons[where & (reasons == 0)] = code(reason)
    finite = np.isfinite(values)
    reasons[~finite & (reasons == 0)] = code(Reason.OUT_OF_RANGE)
    decided = np.full(len(values), np.nan)
    missing = reasons != 0
    for decision in reversed(decisions):
        decided[decision.where] = decision.sub_score
        reasons[decision.where] = code(decision.reason)
    missing &= np.isnan(decided)
    return Measured(np.where(finite & ~missing, values, np.nan), decided, reasons)


def _named(
    metric: Metric,
    reason: Reason,
    names: Sequence[str],
    columns: Columns,
    lacks: Callable[[np.ndarray], np.ndarray],
) -> np.ndarray:
    """The reason with the mask of those of `names` that lack something; 0 where none does."""
    n = len(columns["price"])
    mask = np.zeros(n, dtype=np.uint16)
    for bit, name in enumerate(metric.inputs):
        if name in names:
            mask |= lacks(columns[name]).astype(np.uint16) << np.uint16(bit)
    return np.where(mask > 0, mask | np.uint16(code(reason)), np.uint16(0))


def _name_missing_rate(metric: Metric, reasons: np.ndarray, rate_missing: np.ndarray) -> None:
    """Says "no exchange rate" where that alone is why inputs are missing."""
    converted = sum(1 << bit for bit, name in enumerate(metric.inputs) if name in CONVERTED)
    missing = reasons >> np.uint16(8) == Reason.INPUT_MISSING
    others = (reasons & np.uint16(0xFF & ~converted)) != 0
    reasons[rate_missing & missing & ~others] = code(Reason.NO_EXCHANGE_RATE)


def _over(numerator: str, denominator: str) -> tuple[Formula, tuple[str, ...]]:
    return (lambda c: c[numerator] / c[denominator]), (denominator,)


def _altman_z2(c: Columns) -> np.ndarray:
    assets = c["total_assets"]
    working_capital = c["current_assets"] - c["current_liabilities"]
    return (
        6.56 * (working_capital / assets)
        + 3.26 * (c["retained_earnings"] / assets)
        + 6.72 * (c["ebit_ttm"] / assets)
        + 1.05 * (c["total_equity"] / c["total_liabilities"])
    )


_RATIOS: dict[str, tuple[Formula, tuple[str, ...]]] = {
    "earnings_yield": _over("net_income_ttm", "market_cap"),
    "ebitda_to_ev": _over("ebitda_ttm", "enterprise_value"),
    "fcf_yield": _over("fcf_ttm", "market_cap"),
    "book_to_price": _over("total_equity", "market_cap"),
    "gross_profitability": _over("gross_profit_ttm", "total_assets"),
    "roe": _over("net_income_ttm", "total_equity"),
    "net_margin": _over("net_income_ttm", "revenue_ttm"),
    "cash_conversion": (
        lambda c: (c["cfo_ttm"] - c["net_income_ttm"]) / c["total_assets"],
        ("total_assets",),
    ),
    "return_on_assets": _over("net_income_ttm", "total_assets"),
    "current_ratio": _over("current_assets", "current_liabilities"),
    "altman_z2": (_altman_z2, ("total_assets", "total_liabilities")),
    "equity_to_assets": _over("total_equity", "total_assets"),
}
"""Formulas that are plain divisions, each with the inputs that must be above zero."""


def _peg(metric: Metric, c: Columns) -> Measured:
    no_profit, no_growth = c["eps_ttm"] <= 0, c["eps_growth"] <= 0
    values = (c["price"] / c["eps_ttm"]) / (100 * c["eps_growth"])
    values = np.where(no_profit | no_growth, np.nan, values)
    decisions = (
        Decision(no_profit, 0.0, Reason.NO_PROFIT),
        Decision(no_growth, 0.0, Reason.NO_GROWTH),
    )
    return _settle(metric, c, values, ("price",), decisions)


def _roic(metric: Metric, c: Columns) -> Measured:
    known_rate = np.where(np.isnan(c["tax_rate"]), UNKNOWN_TAX_RATE, c["tax_rate"])
    capital = c["total_debt"] + c["total_equity"] - c["cash"]
    values = c["ebit_ttm"] * (1 - np.clip(known_rate, *TAX_RATE_RANGE)) / capital
    # An overflowing capital would make any return look like none.
    values = np.where(np.isfinite(capital), values, np.nan)
    return _settle(metric, c, values, blocked=((capital <= 0, Reason.NO_CAPITAL),))


def _debt_to_equity(metric: Metric, c: Columns) -> Measured:
    no_equity = c["total_equity"] <= 0
    values = np.where(no_equity, np.nan, c["total_debt"] / c["total_equity"])
    return _settle(
        metric,
        c,
        values,
        decisions=(Decision(no_equity, 0.0, Reason.NO_EQUITY),),
        blocked=((c["total_debt"] < 0, Reason.NEGATIVE_DEBT),),
    )


def _net_debt_to_ebitda(metric: Metric, c: Columns) -> Measured:
    net_debt, ebitda = c["total_debt"] - c["cash"], c["ebitda_ttm"]
    values = np.where(ebitda > 0, net_debt / ebitda, np.nan)
    decisions = (
        Decision(net_debt <= 0, 1.0, Reason.NET_CASH),
        Decision((net_debt > 0) & (ebitda <= 0), 0.0, Reason.NO_EBITDA),
    )
    return _settle(metric, c, values, decisions=decisions)


def _interest_coverage(metric: Metric, c: Columns) -> Measured:
    no_debt = c["total_debt"] == 0
    values = np.where(no_debt, np.nan, c["ebit_ttm"] / c["interest_expense_ttm"])
    measured = _settle(
        metric,
        c,
        values,
        ("interest_expense_ttm",),
        (Decision(no_debt, 1.0, Reason.NO_DEBT),),
    )
    # Unknown debt alone is no obstacle, but where something else is missing it is named with it.
    missing = measured.reasons >> np.uint16(8) == Reason.INPUT_MISSING
    debt_bit = np.uint16(1 << metric.inputs.index("total_debt"))
    measured.reasons[missing & np.isnan(c["total_debt"])] |= debt_bit
    return measured


_SPECIAL: dict[str, Callable[[Metric, Columns], Measured]] = {
    "peg": _peg,
    "roic": _roic,
    "debt_to_equity": _debt_to_equity,
    "net_debt_to_ebitda": _net_debt_to_ebitda,
    "interest_coverage": _interest_coverage,
}


@dataclass(frozen=True, slots=True)
class _Prices:
    """Bars by time (k, n), how many each stock has, and how many sessions its last one lags."""

    closes: np.ndarray
    volumes: np.ndarray
    bars: np.ndarray
    lag: np.ndarray

    @classmethod
    def of(cls, universe: Universe) -> _Prices:
        closes = np.ascontiguousarray(universe.closes.T)
        volumes = np.ascontiguousarray(universe.volumes.T)
        bars = (~np.isnan(closes)).sum(axis=0)
        return cls(closes, volumes, bars, _lag(universe, bars))


_INDICATORS: dict[str, Callable[[_Prices], np.ndarray]] = {
    "return_12_1": lambda p: indicators.total_return(p.closes, 21, 252),
    "return_6_1": lambda p: indicators.total_return(p.closes, 21, 126),
    "price_vs_sma200": lambda p: indicators.to_average(p.closes, 200),
    "price_vs_sma50": lambda p: indicators.to_average(p.closes, 50),
    "rsi_14": lambda p: indicators.rsi(p.closes, p.bars),
    "volume_trend": lambda p: indicators.volume_share(p.closes, p.volumes, p.bars),
}


def _of_prices(metric: Metric, prices: _Prices) -> Measured:
    values = _INDICATORS[metric.key](prices)
    unusable = Reason.NO_VOLUME if metric.key == "volume_trend" else Reason.OUT_OF_RANGE
    reasons = np.where(np.isnan(values), np.uint16(code(unusable)), np.uint16(0))
    short = prices.bars < metric.bars
    few = np.minimum(prices.bars, 0xFF).astype(np.uint16) | np.uint16(code(Reason.TOO_FEW_BARS))
    reasons = np.where(short, few, reasons)
    late = np.minimum(prices.lag, 0xFF).astype(np.uint16) | np.uint16(code(Reason.STALE_BARS))
    reasons = np.where(prices.lag > STALE_SESSIONS, late, reasons)
    values = np.where(reasons == 0, values, np.nan)
    return Measured(values, np.full(len(values), np.nan), reasons)


def _lag(universe: Universe, bars: np.ndarray) -> np.ndarray:
    """Sessions between a stock's last bar and the newest of its exchange; 0 where there is none."""
    lag = np.zeros(len(universe), dtype=np.int64)
    last = np.where(bars > 0, universe.last_sessions, 0)
    exchanges = np.array([str(exchange) for exchange in universe.exchanges], dtype=str)
    for exchange in np.unique(exchanges):
        at = np.flatnonzero((exchanges == exchange) & (last > 0))
        if len(at):
            lag[at] = _sessions_between(last[at], last[at].max(), universe.sessions.get(exchange))
    return lag


def _sessions_between(last: np.ndarray, newest: int, sessions: np.ndarray | None) -> np.ndarray:
    """How many sessions follow each ordinal of `last` up to `newest`: the known ones, and weekdays
    where those do not reach."""
    # Proleptic ordinal 719163 is 1970-01-01, where numpy's days begin.
    weekdays = np.busday_count(*((day - 719163).astype("datetime64[D]") for day in (last, newest)))
    if sessions is None or len(sessions) == 0 or newest > sessions[-1]:
        return weekdays
    counted = np.searchsorted(sessions, newest, side="right") - np.searchsorted(
        sessions, last, side="right"
    )
    return np.where(last >= sessions[0], counted, weekdays)
