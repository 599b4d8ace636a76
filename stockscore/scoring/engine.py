"""From the inputs of a universe to its scores (scoring.md, section 5), all stocks at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from stockscore.scoring import percentiles, record
from stockscore.scoring.curves import Curve
from stockscore.scoring.inputs import RECORDED
from stockscore.scoring.method import (
    CURVE,
    FACTOR_POINTS,
    FACTORS,
    KINDS,
    LEAST_COVERAGE,
    LEAST_RATED,
    METRICS,
    PCT_UNIVERSE,
    SHRINKAGE,
    VERSION,
    Metric,
    kind_of,
)
from stockscore.scoring.metrics import Measured, measure
from stockscore.scoring.signals import signal_of
from stockscore.scoring.universe import Universe

NOT_RATED = -1
"""Stands for "no points" in columns of whole numbers."""

_FULL = 100 * FACTOR_POINTS
_FINE = 1_000_000
"""Parts of a hundredth to which sums are rounded before hundredths are, so that the noise of binary
fractions (0.5 that came out as 0.4999…) cannot turn a half down."""

_POINTS = np.array([metric.points for metric in METRICS], dtype=np.int64)
_PLACES = {
    factor: np.array([at for at, metric in enumerate(METRICS) if metric.factor == factor])
    for factor in FACTORS
}


@dataclass(frozen=True, slots=True)
class Scoring:
    """The scores of n stocks, in the order of the universe; points are hundredths.

    `total`, `uncertainty` (n,), `factor_points` (n, 4) and `points` (n, metrics) are whole numbers,
    `NOT_RATED` where there are none. `coverage` (n,) and `factor_coverage` (n, 4) are fractions.
    `rank` and `sector_rank` count from 1, 0 where unranked; `percentile` and `sector_percentile`
    are (count − rank + 0.5) / count, NaN where unranked. `values` and `sub_scores` (n, metrics) are
    NaN where missing, `reasons` are codes of `scoring.reasons`. `medians` maps a sector, or "" for
    the whole universe, to the median of each metric that any of its stocks has. `records` and
    `receipts` are those of `scoring.record`.
    """

    tickers: list[str]
    kinds: list[str]
    total: np.ndarray
    uncertainty: np.ndarray
    coverage: np.ndarray
    factor_points: np.ndarray
    factor_coverage: np.ndarray
    signals: list[str | None]
    rank: np.ndarray
    percentile: np.ndarray
    sector_rank: np.ndarray
    sector_percentile: np.ndarray
    values: np.ndarray
    sub_scores: np.ndarray
    points: np.ndarray
    reasons: np.ndarray
    medians: dict[str, dict[str, float]]
    records: list[bytes]
    receipts: list[str]

    def __len__(self) -> int:
        return len(self.tickers)


def score(universe: Universe, previous_signals: Mapping[str, str | None] | None = None) -> Scoring:
    """Scores every stock of the universe.

    `previous_signals` maps tickers to the signals of the last daily snapshot, for the hysteresis.
    Raises nothing for any content of a universe, the empty one included.
    """
    kinds = _kinds(universe)
    applies = _applies(kinds)
    measured = measure(universe, applies)
    sectors, sector_names = _sector_codes(universe.sectors)
    sub_scores, medians = _sub_scores(measured, kinds, sectors, sector_names)
    present = ~np.isnan(sub_scores)
    factors = [
        _factor(sub_scores[at], present[at], applies[at], _POINTS[at]) for at in _PLACES.values()
    ]
    factor_points = np.stack([factor.points for factor in factors], axis=1)
    total = _totals(factor_points)
    uncertainty = np.where(total == NOT_RATED, NOT_RATED, _uncertainty(factors))
    metric_points = np.concatenate([factor.metric_points for factor in factors])
    values = np.stack([one.values for one in measured])
    reasons = np.stack([one.reasons for one in measured])
    records = _records(universe, values, sub_scores, metric_points, reasons)
    previous = previous_signals or {}
    return Scoring(
        tickers=universe.tickers,
        kinds=[KINDS[kind] for kind in kinds],
        total=total,
        uncertainty=uncertainty,
        coverage=np.mean([factor.coverage for factor in factors], axis=0),
        factor_points=factor_points,
        factor_coverage=np.stack([factor.coverage for factor in factors], axis=1),
        signals=[
            signal_of(None if points == NOT_RATED else points, previous.get(ticker))
            for ticker, points in zip(universe.tickers, total.tolist(), strict=True)
        ],
        **_ranks(universe.tickers, total, sectors),
        values=values.T,
        sub_scores=sub_scores.T,
        points=metric_points.T,
        reasons=reasons.T,
        medians=medians,
        records=records,
        receipts=_receipts(universe.tickers, records, total, factor_points),
    )


def _kinds(universe: Universe) -> np.ndarray:
    """The place in `KINDS` of each stock's kind."""
    profiles = list(zip(universe.sectors, universe.industries, strict=True))
    codes = {profile: KINDS.index(kind_of(*profile)) for profile in set(profiles)}
    return np.array([codes[profile] for profile in profiles], dtype=np.int64)


def _applies(kinds: np.ndarray) -> np.ndarray:
    """(metrics, n): whether a metric applies to a stock of that kind."""
    table = np.array([[kind in metric.kinds for kind in KINDS] for metric in METRICS])
    return table[:, kinds]


def _sector_codes(sectors: Sequence[str | None]) -> tuple[np.ndarray, list[str]]:
    """A number per sector, -1 where it is unknown, and their names."""
    names = sorted({sector for sector in sectors if sector})
    codes = {name: at for at, name in enumerate(names)}
    return np.array([codes.get(sector or "", -1) for sector in sectors], dtype=np.int64), names


def _sub_scores(
    measured: list[Measured], kinds: np.ndarray, sectors: np.ndarray, sector_names: list[str]
) -> tuple[np.ndarray, dict[str, dict[str, float]]]:
    """(metrics, n) sub-scores from 0 to 1, NaN where missing; and the medians of the values."""
    sub_scores = np.full((len(METRICS), len(kinds)), np.nan)
    medians: dict[str, dict[str, float]] = {name: {} for name in ("", *sector_names)}
    for at, (metric, one) in enumerate(zip(METRICS, measured, strict=True)):
        known = np.flatnonzero(~np.isnan(one.values))
        values, groups = one.values[known], sectors[known]
        overall, whole = percentiles.standing(values, np.zeros_like(groups))
        within, by_sector = percentiles.standing(values, groups)
        if metric.mode == CURVE:
            placed = _on_curve(_halved(metric, values, kinds[known]), metric.curve)
        elif metric.mode == PCT_UNIVERSE:
            placed = overall.fraction
        else:
            placed = percentiles.shrunk(within, overall.fraction, groups >= 0, SHRINKAGE)
        sub_scores[at, known] = placed
        sub_scores[at] = np.where(np.isnan(one.decided), sub_scores[at], one.decided)
        # The only group of the whole universe is 0; of the sectors -1 is "unknown".
        named = [("", median) for median in whole.values()]
        named += [(sector_names[at], median) for at, median in by_sector.items() if at >= 0]
        for name, median in named:
            medians[name][metric.key] = median
    return sub_scores, medians


def _on_curve(values: np.ndarray, curve: Curve) -> np.ndarray:
    """`curves.place_on` of many values at once; NaN stays NaN."""
    return np.interp(values, *zip(*curve, strict=True))


def _halved(metric: Metric, values: np.ndarray, kinds: np.ndarray) -> np.ndarray:
    if not metric.halved:
        return values
    return np.where(
        np.isin(kinds, [KINDS.index(kind) for kind in metric.halved]), values / 2, values
    )


@dataclass(frozen=True, slots=True)
class _Factor:
    """Of one factor for n stocks: points in hundredths, those of its metrics (metrics, n), and its
    coverage as fraction and as the share of it that enters the uncertainty."""

    points: np.ndarray
    metric_points: np.ndarray
    coverage: np.ndarray
    unknown: np.ndarray


def _factor(
    sub_scores: np.ndarray, present: np.ndarray, applies: np.ndarray, points: np.ndarray
) -> _Factor:
    """The factor of these metrics, each argument (metrics, n) but `points` (metrics,)."""
    weight = points[:, None]
    applicable = (applies * weight).sum(axis=0)
    known = (present * weight).sum(axis=0)
    rated = known >= LEAST_COVERAGE * applicable
    earned = np.zeros(present.shape[1])
    parts = np.zeros(present.shape)
    for at, row in enumerate(sub_scores):
        parts[at] = _FULL * points[at] * np.where(present[at], row, 0.0) / np.maximum(known, 1)
        earned += parts[at]
    total = _half_up(earned)
    metric_points = _largest_remainder(parts, earned, total, present, weight, known)
    return _Factor(
        points=np.where(rated, total, NOT_RATED),
        metric_points=np.where(present & rated, metric_points, NOT_RATED),
        coverage=known / applicable,
        unknown=np.where(rated, applicable - known, applicable) / applicable,
    )


def _half_up(hundredths: np.ndarray) -> np.ndarray:
    """Whole hundredths, half rounded up, of numbers ≥ 0."""
    fine = np.rint(hundredths * _FINE).astype(np.int64)
    return (fine + _FINE // 2) // _FINE


def _largest_remainder(
    parts: np.ndarray,
    earned: np.ndarray,
    total: np.ndarray,
    present: np.ndarray,
    weight: np.ndarray,
    known: np.ndarray,
) -> np.ndarray:
    """Whole hundredths per metric that sum to `total`: the parts are scaled to it, rounded down,
    and what is left goes to the largest remainders, of equal ones to the first in the table.

    A metric that already has all it can earn is passed over: scaling may have left it a remainder.
    """
    scale = np.divide(total, earned, out=np.zeros(len(earned)), where=earned > 0)
    fine = np.rint(parts * scale * _FINE).astype(np.int64)
    floors, remainders = fine // _FINE, fine % _FINE
    most = -(-_FULL * weight // np.maximum(known, 1))
    remainders[floors >= most] = -1
    remainders[~present] = -2
    left = total - floors.sum(axis=0)
    order = np.argsort(-remainders, axis=0, kind="stable")
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.arange(len(parts))[:, None], axis=0)
    return floors + (place < left)


def _totals(factor_points: np.ndarray) -> np.ndarray:
    """Exact sums of four factors, 4/3 of three (half up, in whole numbers), else `NOT_RATED`."""
    rated = factor_points != NOT_RATED
    count = rated.sum(axis=1)
    summed = np.where(rated, factor_points, 0).sum(axis=1)
    scaled = (8 * summed + 3) // 6
    return np.where(
        count == len(FACTORS), summed, np.where(count >= LEAST_RATED, scaled, NOT_RATED)
    )


def _uncertainty(factors: list[_Factor]) -> np.ndarray:
    """(total(0.75) − total(0.25)) / 2: of each factor's points a quarter of the unknown share."""
    return _half_up(sum(_FULL * factor.unknown for factor in factors) * (0.75 - 0.25) / 2)


def _ranks(tickers: list[str], total: np.ndarray, sectors: np.ndarray) -> dict[str, np.ndarray]:
    """Ranks and percentiles among the rated stocks, of the universe and of known sectors."""
    n = len(tickers)
    by_ticker = np.empty(n, dtype=np.int64)
    by_ticker[sorted(range(n), key=tickers.__getitem__)] = np.arange(n)
    columns = {}
    for name, groups, ranked in (
        ("", np.zeros(n, dtype=np.int64), total != NOT_RATED),
        ("sector_", sectors, (total != NOT_RATED) & (sectors >= 0)),
    ):
        at = np.flatnonzero(ranked)
        rank = np.zeros(n, dtype=np.int64)
        percentile = np.full(n, np.nan)
        rank[at] = percentiles.ranks(total[at], groups[at], by_ticker[at])
        count = np.bincount(groups[at], minlength=1)[groups[at]]
        percentile[at] = (count - rank[at] + 0.5) / count
        columns |= {f"{name}rank": rank, f"{name}percentile": percentile}
    return columns


def _records(
    universe: Universe,
    values: np.ndarray,
    sub_scores: np.ndarray,
    points: np.ndarray,
    reasons: np.ndarray,
) -> list[bytes]:
    """The bytes that `record.pack` gives, of all stocks at once; matrices are (metrics, n)."""
    per_metric = np.dtype(
        [("value", "<f8"), ("sub_score", "<f8"), ("points", "<i2"), ("reason", "<u2")]
    )
    layout = np.dtype(
        [
            ("layout", "<u2"),
            ("inputs", "<f8", (len(RECORDED),)),
            ("metrics", per_metric, (len(METRICS),)),
        ]
    )
    rows = np.zeros(len(universe), dtype=layout)
    rows["layout"] = record.LAYOUT
    for at, name in enumerate(RECORDED):
        rows["inputs"][:, at] = universe.inputs.get(name, np.nan)
    metrics = rows["metrics"]
    metrics["value"], metrics["sub_score"] = values.T, sub_scores.T
    metrics["points"], metrics["reason"] = points.T, reasons.T
    kept, size = rows.tobytes(), layout.itemsize
    return [kept[at : at + size] for at in range(0, len(kept), size)]


def _receipts(
    tickers: list[str], records: list[bytes], total: np.ndarray, factor_points: np.ndarray
) -> list[str]:
    said = np.column_stack([total, factor_points]).tolist()
    return [
        record.receipt(VERSION, ticker, kept, *_total_and_factors(row))
        for ticker, kept, row in zip(tickers, records, said, strict=True)
    ]


def _total_and_factors(row: list[int]) -> tuple[int | None, tuple[int | None, ...]]:
    total, *factors = (None if one == NOT_RATED else one for one in row)
    return total, tuple(factors)
