"""Every point of one score: factors and metrics, for the page and for JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from stockscore.scoring import explain, method
from stockscore.scoring.altman_zones import altman_zone
from stockscore.scoring.assemble import Reported
from stockscore.scoring.method import FACTOR_LABELS, FACTOR_POINTS, FACTORS
from stockscore.scoring.methods import Metric
from stockscore.scoring.reasons import NOT_APPLICABLE, decided, is_missing
from stockscore.scoring.stored_score import MetricResult, StoredScore
from stockscore.store.pages.lists import StockLine
from stockscore.web.pages.stock.sources import provenance
from stockscore.web.ui import exports
from stockscore.web.ui import format as fmt
from stockscore.web.ui.components import Factor, MetricLine

STRONG, WEAK = 0.6, 0.4
"""Sub-scores from which a factor's summary names a metric."""

NAMED = 2
"""Metrics that a summary names on each side."""

Medians = Mapping[str, float | None]


def applicable(record: StoredScore, factor: str) -> list[MetricResult]:
    """The results of a factor's metrics that apply to this kind of company."""
    return [
        result
        for result in record.metrics
        if result.metric.factor == factor and result.reason != NOT_APPLICABLE
    ]


def coverage(results: Sequence[MetricResult]) -> float:
    """The share of a factor's applicable points that are known."""
    points = sum(result.metric.points for result in results)
    known = sum(r.metric.points for r in results if r.sub_score is not None)
    return known / points if points else 0.0


def factors(
    line: StockLine, record: StoredScore, medians: Medians, factor_medians: Mapping[str, int | None]
) -> tuple[Factor, ...]:
    """The four factors of a score. `medians` are those of the stock's sector, by metric."""
    return tuple(
        _factor(name, line, applicable(record, name), medians, factor_medians.get(name))
        for name in FACTORS
    )


def _factor(
    name: str,
    line: StockLine,
    results: Sequence[MetricResult],
    medians: Medians,
    median: int | None,
) -> Factor:
    points, covered = line.factors[name], coverage(results)
    return Factor(
        key=name,
        name=FACTOR_LABELS[name],
        points=points,
        # A missing metric may lie anywhere between a quarter and three quarters (scoring.md, 5.4).
        uncertainty=None if points is None else round(FACTOR_POINTS * 25 * (1 - covered)),
        median=median,
        coverage=covered,
        known=sum(result.sub_score is not None for result in results),
        applicable=len(results),
        summary=summary(results),
        metrics=tuple(_line(result, medians.get(result.key), line) for result in results),
    )


def summary(results: Sequence[MetricResult]) -> str:
    """What lifts a factor and what holds it down, in one sentence."""
    known = sorted(
        (result for result in results if result.sub_score is not None),
        key=lambda result: result.sub_score or 0.0,
    )
    if not known:
        return "Nothing is known."
    best = [r for r in reversed(known) if (r.sub_score or 0.0) >= STRONG and not _is_grey(r)]
    worst = [r for r in known if (r.sub_score or 0.0) <= WEAK and not _is_grey(r)]
    sides = []
    if best:
        sides.append(f"strong on {_listed(best[:NAMED])}")
    if worst:
        sides.append(f"weak on {_listed(worst[:NAMED])}")
    text = "; ".join(sides) or "near the middle on all that is known"
    return f"{text[0].upper()}{text[1:]}."


def _is_grey(result: MetricResult) -> bool:
    """Whether a metric lies in a zone that its own authors call neither good nor bad."""
    if result.key != "altman_z2" or result.value is None:
        return False
    return altman_zone(result.value) == "grey"


def _listed(results: Sequence[MetricResult]) -> str:
    return " and ".join(result.metric.phrase for result in results)


def _line(result: MetricResult, median: float | None, line: StockLine) -> MetricLine:
    metric = result.metric
    return MetricLine(
        label=metric.label,
        value=_value(result, metric),
        median=None if median is None else fmt.by_unit(median, metric.unit),
        place=result.sub_score,
        points=result.points,
        max_points=result.max_points,
        sentence=explain.sentence(result, line.sector, median, line.kind or method.GENERAL),
        curve=metric.mode == method.CURVE,
    )


def _value(result: MetricResult, metric: Metric) -> str:
    if result.value is None and result.sub_score is not None:
        words = decided(result.reason)
        return words.in_place if words else "decided"
    return fmt.by_unit(result.value, metric.unit)


def sum_line(line: StockLine) -> str:
    """How the total follows from the factors."""
    rated = [points for points in line.factors.values() if points is not None]
    if line.total is None:
        return "A total needs three rated factors."
    if len(rated) == len(FACTORS):
        return "The exact sum of the four factors."
    return f"Four thirds of {fmt.points(sum(rated), 2)}, the sum of the three rated factors."


def band_note(line: StockLine, record: StoredScore) -> str:
    """What the ± of a score is made of."""
    results = [result for factor in FACTORS for result in applicable(record, factor)]
    missing = [result for result in results if result.sub_score is None]
    if not missing:
        return "Every metric is known, so nothing could move the score but new data."
    points = sum(result.metric.points for result in missing)
    number = fmt.words(len(missing)).capitalize()
    single = len(missing) == 1
    return (
        f"{number} {'metric' if single else 'metrics'} worth {points} points "
        f"{'is' if single else 'are'} unknown. That is the whole of the "
        f"{fmt.plus_minus(line.uncertainty)}."
    )


def known_of(record: StoredScore) -> tuple[int, int]:
    """How many metrics are known, of how many that apply."""
    results = [result for factor in FACTORS for result in applicable(record, factor)]
    return sum(result.sub_score is not None for result in results), len(results)


def as_data(
    line: StockLine,
    record: StoredScore,
    medians: Medians,
    reported: Reported,
    price_source: str,
) -> dict[str, Any]:
    """The `factors` object of a stock's JSON."""
    return {
        factor: _factor_data(
            factor, line, applicable(record, factor), medians, reported, price_source
        )
        for factor in FACTORS
    }


def _factor_data(
    factor: str,
    line: StockLine,
    results: Sequence[MetricResult],
    medians: Medians,
    reported: Reported,
    price_source: str,
) -> dict[str, Any]:
    points = line.factors[factor]
    return {
        "points": exports.points(points),
        "max": FACTOR_POINTS,
        "coverage": coverage(results),
        "rated": points is not None,
        "metrics": [
            _metric_data(result, line, medians.get(result.key), reported, price_source)
            for result in results
        ],
    }


def _metric_data(
    result: MetricResult,
    line: StockLine,
    median: float | None,
    reported: Reported,
    price_source: str,
) -> dict[str, Any]:
    metric = result.metric
    origin = provenance(metric, line, reported, price_source)
    missing = is_missing(result.reason)
    return {
        "key": result.key,
        "value": exports.number(result.value),
        "unit": metric.unit,
        "sub_score": exports.number(result.sub_score),
        "points": exports.points(result.points),
        "max": exports.points(result.max_points),
        "mode": metric.mode,
        "sector_median": exports.number(median),
        "source": origin.source,
        "as_of": exports.moment(origin.as_of),
        "missing_reason": explain.missing_sentence(result) if missing else None,
    }
