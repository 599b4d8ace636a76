"""The methodology page, made from the method table that the engine scores with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from stockscore.scoring.horizons import HORIZONS
from stockscore.scoring.inputs import INPUTS
from stockscore.scoring.method import (
    FACTOR_LABELS,
    FACTOR_POINTS,
    FACTORS,
    FINANCIAL,
    GENERAL,
    KIND_LABELS,
    KINDS,
    MODE_LABELS,
    REAL_ESTATE,
    UTILITY,
)
from stockscore.scoring.methods import Method, Metric
from stockscore.scoring.signals import FULL_POINT, THRESHOLDS
from stockscore.web.ui import exports
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
    doubts_prices: bool
    versions: Table
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the method: how it is used ("published", "recorded beside it" or "known"), and
    of which sessions there are snapshots made by it (None: of none)."""

    version: str
    use: str
    first: date | None = None
    last: date | None = None
    sessions: int = 0


def methodology_view(method: Method, versions: Sequence[Version]) -> MethodologyView:
    """A version of the method, and the list of all."""
    return MethodologyView(
        version=method.version,
        factor_points=FACTOR_POINTS,
        factors=tuple(_factor(method, name) for name in FACTORS),
        kinds=_kinds(method),
        signals=_signals(),
        hysteresis=fmt.points(FULL_POINT, 2),
        horizons=_horizons(),
        inputs=_inputs(),
        least_coverage=fmt.percent(method.least_coverage, 0),
        least_rated=fmt.words(method.least_rated),
        shrinkage=method.shrinkage,
        stale_sessions=method.stale_sessions,
        doubts_prices=method.doubts_prices,
        versions=_versions(versions),
        changes=method.changes,
    )


def _versions(versions: Sequence[Version]) -> Table:
    return Table(
        "Versions of the method",
        (("Version", False), ("Use", False), ("Recorded", False), ("Sessions", True)),
        tuple(
            (
                version.version,
                version.use,
                f"{fmt.day(version.first)} to {fmt.day(version.last)}"
                if version.first and version.last
                else "not yet",
                fmt.count(version.sessions),
            )
            for version in versions
        ),
    )


def _factor(method: Method, name: str) -> FactorEntry:
    return FactorEntry(
        key=name,
        label=FACTOR_LABELS[name],
        metrics=tuple(_metric(metric) for metric in method.metrics_in(name)),
        totals=_totals(method, name),
    )


def _metric(metric: Metric) -> MetricEntry:
    return MetricEntry(
        key=metric.key,
        label=metric.label,
        points=metric.points,
        definition=metric.definition,
        meaning=metric.meaning,
        scoring=MODE_LABELS[metric.mode],
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
        FINANCIAL: "financials",
        REAL_ESTATE: "real estate",
        UTILITY: "utilities",
        GENERAL: "general companies",
    }
    if set(metric.kinds) == set(KINDS):
        return "all"
    if len(metric.kinds) == 1:
        return f"{names[metric.kinds[0]]} only"
    left_out = [names[kind] for kind in KINDS if kind not in metric.kinds]
    return f"all but {' and '.join(left_out)}"


def _totals(method: Method, factor: str) -> str:
    """How many points the metrics have for each kind; they are scaled to the factor's 25."""
    sums: dict[int, list[str]] = {}
    for kind in KINDS:
        points = sum(m.points for m in method.metrics_of(kind) if m.factor == factor)
        sums.setdefault(points, []).append(KIND_LABELS[kind])
    if len(sums) == 1:
        return f"The points add up to {next(iter(sums))}."
    text = "; ".join(f"{points} for a {' or '.join(kinds)}" for points, kinds in sums.items())
    return f"The points that apply add up to {text}, and are scaled to {FACTOR_POINTS}."


def _kinds(method: Method) -> Table:
    rows = tuple(
        (
            KIND_LABELS[kind].capitalize(),
            method.kind_rules[kind],
            str(len(method.metrics_of(kind))),
        )
        for kind in KINDS
    )
    return Table("Kinds of company", (("Kind", False), ("Rule", False), ("Metrics", True)), rows)


def _signals() -> Table:
    rows = tuple(
        (name, f"{fmt.points(least)} and more" if least else f"below {fmt.points(above)}")
        for (name, least), above in zip(THRESHOLDS.items(), (0, *THRESHOLDS.values()), strict=False)
    )
    return Table("Signals", (("Signal", False), ("Total", True)), rows)


def _horizons() -> Table:
    columns = (("Horizon", False), *((FACTOR_LABELS[f], True) for f in FACTORS))
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


def as_data(method: Method, versions: Sequence[Version]) -> dict[str, Any]:
    """The method as JSON; curves are lists of (value, sub-score) pairs."""
    return {
        "method": method.version,
        "factor_points": FACTOR_POINTS,
        "factors": {
            factor: [_metric_data(metric) for metric in method.metrics_in(factor)]
            for factor in FACTORS
        },
        "kinds": method.kind_rules,
        "signals": [{"signal": name, "from": least / 100} for name, least in THRESHOLDS.items()],
        "hysteresis": FULL_POINT / 100,
        "horizons": {
            horizon.key: dict(
                zip(FACTORS, (weight / 100 for weight in horizon.weights), strict=True)
            )
            for horizon in HORIZONS
        },
        "least_coverage": method.least_coverage,
        "least_rated_factors": method.least_rated,
        "inputs": [
            {"name": entry.name, "unit": entry.unit, "meaning": entry.meaning} for entry in INPUTS
        ],
        "changes": list(method.changes),
        "versions": [
            {
                "version": version.version,
                "use": version.use,
                "first_session": exports.day(version.first) if version.first else None,
                "last_session": exports.day(version.last) if version.last else None,
                "sessions": version.sessions,
            }
            for version in versions
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


def csv_rows(method: Method) -> list[tuple[Any, ...]]:
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
        for metric in method.metrics
    ]
