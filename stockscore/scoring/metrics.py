"""The value of every metric for all stocks at once, with the reason where there is none.

What a metric is stands in the method's table; here is how arrays compute it (`metric_value` does
the same for one stock).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from stockscore.scoring import indicators
from stockscore.scoring.arrays import Codes, Flags, Floats, Integers
from stockscore.scoring.inputs import RECORDED
from stockscore.scoring.methods.definition import Comparison, Method, Metric, PriceMeasure
from stockscore.scoring.methods.expressions import Expression, Operations, computed
from stockscore.scoring.reasons import NOT_APPLICABLE, Reason, code
from stockscore.scoring.staleness import sessions_behind
from stockscore.scoring.universe import Universe

CONVERTED = ("price", "market_cap", "enterprise_value")
"""Inputs that are missing where the price cannot be converted, or is stale."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Of one metric for n stocks: `values` (NaN where missing), `decided` (a sub-score that a known
    input decides by itself, else NaN) and `reasons` (codes of `scoring.reasons`)."""

    values: Floats
    decided: Floats
    reasons: Codes


Columns = Mapping[str, Floats]


def measure(universe: Universe, method: Method, applies: Flags) -> list[Measured]:
    """All metrics of the method, in its order; `applies` (metrics, n) says for whom.

    Where a metric does not apply its value is NaN and the reason says so."""
    nothing = np.full(len(universe), np.nan)
    columns = {name: universe.inputs.get(name, nothing) for name in RECORDED}
    prices = _Prices.of(universe)
    results = []
    for metric, applied in zip(method.metrics, applies, strict=True):
        with np.errstate(all="ignore"):
            if metric.price_measure:
                measured = _of_prices(metric.price_measure, prices, method.stale_sessions)
            else:
                measured = measured_of_reports(metric, columns)
                late = prices.lag if method.doubts_prices else np.zeros_like(prices.lag)
                _name_missing_price(metric, measured.reasons, universe.rate_missing, late, method)
        outside = ~applied
        measured.values[outside] = np.nan
        measured.decided[outside] = np.nan
        measured.reasons[outside] = NOT_APPLICABLE
        results.append(measured)
    return results


_OPERATIONS: Operations[Floats] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}

_COMPARED: Mapping[str, Callable[[Floats, float], Flags]] = {
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    ">": operator.gt,
}


def _computed(expression: Expression, columns: Columns) -> Floats:
    return computed(expression, columns, _OPERATIONS, np.asarray)


def _holds(comparison: Comparison, columns: Columns) -> Flags:
    values = _computed(comparison.expression, columns)
    return _COMPARED[comparison.symbol](values, comparison.limit)


def measured_of_reports(metric: Metric, known: Columns) -> Measured:
    """Values of a metric of reports with the first reason against each: a decision, a missing
    input, one that must be above zero and is not, another obstacle, or a result that is no finite
    number."""
    columns = {name: known[name] for name in metric.inputs}
    for assumption in metric.assumptions:
        column = columns[assumption.name]
        column = np.where(np.isnan(column), assumption.unknown, column)
        columns[assumption.name] = np.clip(column, assumption.least, assumption.most)
    reasons = _obstacles(metric, known, columns)
    values = _computed(cast("Expression", metric.formula), columns)
    defined = np.isfinite(values) & (reasons == 0)
    reasons[~defined & (reasons == 0)] = code(Reason.OUT_OF_RANGE)
    decided = np.full(len(values), np.nan)
    for decision in reversed(metric.decisions):
        where = np.logical_and.reduce([_holds(comparison, columns) for comparison in decision.when])
        decided[where] = decision.sub_score
        reasons[where] = code(decision.reason)
        if not decision.keeps_value:
            defined &= ~where
    return Measured(np.where(defined, values, np.nan), decided, reasons)


def _obstacles(metric: Metric, known: Columns, columns: Columns) -> Codes:
    """The first reason against each ratio, 0 where there is none."""
    reasons = _named(metric, Reason.INPUT_MISSING, metric.required, known, np.isnan)
    if metric.deciding:
        # An unknown input that is not needed is named beside one that is.
        also = _named(metric, Reason.INPUT_MISSING, metric.deciding, known, np.isnan)
        reasons = np.where(reasons > 0, reasons | also, reasons)
    not_positive = _named(metric, Reason.NOT_POSITIVE, metric.positive, columns, lambda x: x <= 0)
    reasons = np.where(reasons == 0, not_positive, reasons)
    for obstacle in metric.obstacles:
        reasons[_holds(obstacle.when, columns) & (reasons == 0)] = code(obstacle.reason)
    return reasons


def _named(
    metric: Metric,
    reason: Reason,
    names: Sequence[str],
    columns: Columns,
    lacks: Callable[[Floats], Flags],
) -> Codes:
    """The reason with the mask of those of `names` that lack something; 0 where none does."""
    n = len(columns[metric.inputs[0]])
    mask = np.zeros(n, dtype=np.uint16)
    for bit, name in enumerate(metric.inputs):
        if name in names:
            mask |= lacks(columns[name]).astype(np.uint16) << np.uint16(bit)
    return np.where(mask > 0, mask | np.uint16(code(reason)), np.uint16(0))


def _name_missing_price(
    metric: Metric, reasons: Codes, rate_missing: Flags, lag: Integers, method: Method
) -> None:
    """Says "no exchange rate", or that the price is stale, where that alone is why inputs are
    missing."""
    converted = sum(1 << bit for bit, name in enumerate(metric.inputs) if name in CONVERTED)
    missing = reasons >> np.uint16(8) == Reason.INPUT_MISSING
    others = (reasons & np.uint16(0xFF & ~converted)) != 0
    alone = missing & ~others
    stale = alone & (lag > method.stale_sessions)
    reasons[alone & rate_missing] = code(Reason.NO_EXCHANGE_RATE)
    reasons[stale] = _late(lag)[stale]


def _late(lag: Integers) -> Codes:
    return np.minimum(lag, 0xFF).astype(np.uint16) | np.uint16(code(Reason.STALE_BARS))


@dataclass(frozen=True, slots=True)
class _Prices:
    """Bars by time (k, n), how many each stock has, and how many sessions its last one lags."""

    closes: Floats
    volumes: Floats
    bars: Integers
    lag: Integers

    @classmethod
    def of(cls, universe: Universe) -> _Prices:
        closes = np.ascontiguousarray(universe.closes.T)
        volumes = np.ascontiguousarray(universe.volumes.T)
        bars = (~np.isnan(closes)).sum(axis=0)
        last = np.where(bars > 0, universe.last_sessions, 0)
        lag = sessions_behind(universe.exchanges, last, universe.sessions)
        return cls(closes, volumes, bars, lag)


_FUNCTIONS: Mapping[str, Callable[..., Floats]] = {
    "total_return": lambda p, recent, distant: indicators.total_return(p.closes, recent, distant),
    "to_average": lambda p, window: indicators.to_average(p.closes, window),
    "rsi": lambda p: indicators.rsi(p.closes, p.bars),
    "volume_share": lambda p: indicators.volume_share(p.closes, p.volumes, p.bars),
}
"""The functions of bars that a `PriceMeasure` may name."""


def _of_prices(measure: PriceMeasure, prices: _Prices, stale_sessions: int) -> Measured:
    values = _FUNCTIONS[measure.function](prices, *measure.arguments)
    reasons = np.where(np.isnan(values), np.uint16(code(measure.unusable)), np.uint16(0))
    few = np.minimum(prices.bars, 0xFF).astype(np.uint16) | np.uint16(code(Reason.TOO_FEW_BARS))
    reasons = np.where(prices.bars < measure.bars, few, reasons)
    reasons = np.where(prices.lag > stale_sessions, _late(prices.lag), reasons)
    values = np.where(reasons == 0, values, np.nan)
    return Measured(values, np.full(len(values), np.nan), reasons)
