"""The value of a metric for one stock, from its inputs and the method's table alone.

It gives what the engine gives for all stocks at once, to the bit, without numpy.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from stockscore.scoring.curves import place_on
from stockscore.scoring.methods.definition import Comparison, Metric
from stockscore.scoring.methods.expressions import of_one
from stockscore.scoring.reasons import Reason, code

COMPARED: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    ">": operator.gt,
}


@dataclass(frozen=True, slots=True)
class MetricValue:
    """`value` is None where there is no ratio. `decided` is the sub-score where a known input
    decided it, else None. `reason` is a code of `scoring.reasons`."""

    value: float | None
    decided: float | None
    reason: int


def metric_value(metric: Metric, inputs: Mapping[str, float | None]) -> MetricValue:
    """A metric of reports for a stock of a kind that it applies to. That an exchange rate is
    missing cannot be told from the inputs: the reason is then that they are missing. Raises
    ValueError for a metric of prices."""
    if metric.formula is None:
        raise ValueError(f"{metric.key} is computed from prices")
    known_inputs = ((name, inputs.get(name)) for name in metric.inputs)
    values = {name: math.nan if value is None else value for name, value in known_inputs}
    for assumption in metric.assumptions:
        known = values[assumption.name]
        known = assumption.unknown if math.isnan(known) else known
        values[assumption.name] = min(max(known, assumption.least), assumption.most)
    reason = _obstacle(metric, inputs, values)
    value = of_one(metric.formula, values)
    defined = math.isfinite(value) and not reason
    for decision in metric.decisions:
        if all(_holds(comparison, values) for comparison in decision.when):
            kept = value if defined and decision.keeps_value else None
            return MetricValue(kept, decision.sub_score, code(decision.reason))
    if defined:
        return MetricValue(value, None, 0)
    return MetricValue(None, None, reason or code(Reason.OUT_OF_RANGE))


def sub_score_on_curve(metric: Metric, found: MetricValue, kind: str) -> float | None:
    """The sub-score of a metric on a curve, None where it is missing."""
    if found.decided is not None or found.value is None:
        return found.decided
    value = found.value / 2 if kind in metric.halved else found.value
    return place_on(value, metric.curve)


def _obstacle(
    metric: Metric, inputs: Mapping[str, float | None], values: Mapping[str, float]
) -> int:
    """The first reason against a ratio, 0 where there is none."""
    unknown = {name for name in metric.required if inputs.get(name) is None}
    if unknown:
        also = {name for name in metric.deciding if inputs.get(name) is None}
        return code(Reason.INPUT_MISSING, _mask(metric, unknown | also))
    not_positive = {name for name in metric.positive if values[name] <= 0}
    if not_positive:
        return code(Reason.NOT_POSITIVE, _mask(metric, not_positive))
    for obstacle in metric.obstacles:
        if _holds(obstacle.when, values):
            return code(obstacle.reason)
    return 0


def _mask(metric: Metric, names: set[str]) -> int:
    return sum(1 << bit for bit, name in enumerate(metric.inputs) if name in names)


def _holds(comparison: Comparison, values: Mapping[str, float]) -> bool:
    return COMPARED[comparison.symbol](of_one(comparison.expression, values), comparison.limit)
