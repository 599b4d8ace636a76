"""The methodology page, made from the method table that the engine scores with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stockscore.scoring import method
from stockscore.scoring.horizons import HORIZONS
from stockscore.scoring.inputs import INPUTS
from stockscore.scoring.methods import Metric, default_method
from stockscore.scoring.signals import FULL_POINT, THRESHOLDS
from stockscore.web.ui import format as fmt
from stockscore.web.ui.components import Table


@dataclass(frozen=True, slots=True)
class MetricEntry:
    """One metric: its points of the factor's 25, formula, how it is scored, and for whom.

    `curve` is empty for percentiles, else "0.5 → 1.00" and so on."""

    key: str
    label: str
    points: int
    definition: str
    meaning: str
    scoring: str
    curve: tuple[str, ...]
    applies_to: str
    source: str | None


@dataclass(frozen=True, slots=True)
class FactorEntry:
    """One factor. `totals` says how its points add up for each kind of company."""

    key: str
    label: str
    metrics: tuple[MetricEntry, ...]
    totals: str


@dataclass(frozen=True, slots=True)
class MethodologyView:
    """/methodology."""

    version: str
    factor_points: int
    factors: tuple[FactorEntry, ...]
    kinds: Table
    signals: Table
    hysteresis: str
    horizons: Table
    inputs: Table
    least_coverage: str
    least_rated: str
    shrinkage: int
    stale_sessions: int


def methodology_view() -> MethodologyView:
    """The whole method; it depends on no data."""
    return MethodologyView(
        version=default_method().version,
        factor_points=method.FACTOR_POINTS,
        factors=tuple(_factor(name) for name in method.FACTORS),
        kinds=_kinds(),
        signals=_signals(),
        hysteresis=fmt.points(FULL_POINT, 2),
        horizons=_horizons(),
        inputs=_inputs(),
        least_coverage=fmt.percent(default_method().least_coverage, 0),
        least_rated=fmt.words(default_method().least_rated),
        shrinkage=default_method().shrinkage,
        stale_sessions=default_method().stale_sessions,
    )


def _factor(name: str) -> FactorEntry:
    return FactorEntry(
        key=name,
        label=method.FACTOR_LABELS[name],
        metrics=tuple(_metric(metric) for metric in default_method().metrics_in(name)),
        totals=_totals(name),
    )


def _metric(metric: Metric) -> MetricEntry:
    return MetricEntry(
        key=metric.key,
        label=metric.label,
        points=metric.points,
        definition=metric.definition,
        meaning=metric.meaning,
        scoring=method.MODE_LABELS[metric.mode],
        curve=tuple(
            f"{_curve_value(value, metric.unit)}{fmt.SPACE}→{fmt.SPACE}{fmt.decimal(sub_score, 2)}"
            for value, sub_score in metric.curve
        ),
        applies_to=_applies_to(metric),
        source=metric.source,
    )


def _curve_value(value: float, unit: str) -> str:
    """A point of a curve as the method states it, with no more decimals than it has."""
    if unit in {"percent", "signed_percent"}:
        return fmt.percent(value, 0)
    return fmt.decimal(value, 1 if value * 10 == int(value * 10) else 2)


def _applies_to(metric: Metric) -> str:
    names = {
        method.FINANCIAL: "financials",
        method.REAL_ESTATE: "real estate",
        method.UTILITY: "utilities",
        method.GENERAL: "general companies",
    }
    if set(metric.kinds) == set(method.KINDS):
        return "all"
    if len(metric.kinds) == 1:
        return f"{names[metric.kinds[0]]} only"
    left_out = [names[kind] for kind in method.KINDS if kind not in metric.kinds]
    return f"all but {' and '.join(left_out)}"


def _totals(factor: str) -> str:
    """How many points the metrics have for each kind; they are scaled to the factor's 25."""
    sums: dict[int, list[str]] = {}
    for kind in method.KINDS:
        points = sum(m.points for m in default_method().metrics_of(kind) if m.factor == factor)
        sums.setdefault(points, []).append(method.KIND_LABELS[kind])
    if len(sums) == 1:
        return f"The points add up to {next(iter(sums))}."
    said = "; ".join(f"{points} for a {' or '.join(kinds)}" for points, kinds in sums.items())
    return f"The points that apply add up to {said}, and are scaled to {method.FACTOR_POINTS}."


def _kinds() -> Table:
    rows = tuple(
        (
            method.KIND_LABELS[kind].capitalize(),
            default_method().kind_rules[kind],
            str(len(default_method().metrics_of(kind))),
        )
        for kind in method.KINDS
    )
    return Table("Kinds of company", (("Kind", False), ("Rule", False), ("Metrics", True)), rows)


def _signals() -> Table:
    rows = tuple(
        (name, f"{fmt.points(least)} and more" if least else f"below {fmt.points(above)}")
        for (name, least), above in zip(THRESHOLDS.items(), (0, *THRESHOLDS.values()), strict=False)
    )
    return Table("Signals", (("Signal", False), ("Total", True)), rows)


def _horizons() -> Table:
    columns = (("Horizon", False), *((method.FACTOR_LABELS[f], True) for f in method.FACTORS))
    rows = tuple(
        (
            f"{horizon.label}, {horizon.span}",
            *(f"{weight}{fmt.SPACE}%" for weight in horizon.weights),
        )
        for horizon in HORIZONS
    )
    return Table("Weights of the factors by horizon", columns, rows)


def _inputs() -> Table:
    rows = tuple((entry.name, entry.meaning, entry.unit) for entry in INPUTS)
    return Table("Inputs", (("Name", False), ("Meaning", False), ("Unit", False)), rows)


def as_data() -> dict[str, Any]:
    """The method as JSON; curves are lists of (value, sub-score) pairs."""
    return {
        "method": default_method().version,
        "factor_points": method.FACTOR_POINTS,
        "factors": {
            factor: [_metric_data(metric) for metric in default_method().metrics_in(factor)]
            for factor in method.FACTORS
        },
        "kinds": default_method().kind_rules,
        "signals": [{"signal": name, "from": least / 100} for name, least in THRESHOLDS.items()],
        "hysteresis": FULL_POINT / 100,
        "horizons": {
            horizon.key: dict(
                zip(method.FACTORS, (weight / 100 for weight in horizon.weights), strict=True)
            )
            for horizon in HORIZONS
        },
        "least_coverage": default_method().least_coverage,
        "least_rated_factors": default_method().least_rated,
        "inputs": [
            {"name": entry.name, "unit": entry.unit, "meaning": entry.meaning} for entry in INPUTS
        ],
    }


def _metric_data(metric: Metric) -> dict[str, Any]:
    return {
        "key": metric.key,
        "label": metric.label,
        "points": metric.points,
        "definition": metric.definition,
        "mode": metric.mode,
        "unit": metric.unit,
        "curve": [list(point) for point in metric.curve] or None,
        "kinds": list(metric.kinds),
        "source": metric.source,
    }


CSV_HEADER = ("factor", "key", "label", "points", "definition", "mode", "unit", "curve", "kinds")


def csv_rows() -> list[tuple[Any, ...]]:
    """One line a metric, under `CSV_HEADER`."""
    return [
        (
            metric.factor,
            metric.key,
            metric.label,
            metric.points,
            metric.definition,
            metric.mode,
            metric.unit,
            " ".join(f"{value:g}:{sub_score:g}" for value, sub_score in metric.curve),
            " ".join(metric.kinds),
        )
        for metric in default_method().metrics
    ]
