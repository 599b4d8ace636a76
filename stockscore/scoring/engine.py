"""From the inputs of a universe to its scores (scoring.md, section 5), all stocks at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from stockscore.scoring import percentiles, record_0_1
from stockscore.scoring.arrays import Codes, Flags, Floats, Integers
from stockscore.scoring.curves import Curve
from stockscore.scoring.method import CURVE, FACTOR_POINTS, FACTORS, KINDS, PCT_UNIVERSE
from stockscore.scoring.methods import Method, Metric
from stockscore.scoring.metrics import Measured, measure
from stockscore.scoring.percentiles import Standing
from stockscore.scoring.signals import FULL_POINT
from stockscore.scoring.stored_score import LEAST_COMPANY, MARKET, SECTOR
from stockscore.scoring.universe import Universe

NOT_RATED = -1
"""Stands for "no points" in columns of whole numbers."""

_FULL = 100 * FACTOR_POINTS
_FINE = 1_000_000
"""Parts of a hundredth to which sums are rounded before hundredths are, so that the noise of binary
fractions (0.5 that came out as 0.4999…) cannot turn a half down."""


@dataclass(frozen=True)
class Scoring:
    """The scores of n stocks, in the order of the universe; points are hundredths.

    `kind_codes` (n,) are places in `KINDS`. `total`, `uncertainty` (n,), `factor_points` (n, 4) and
    `points` (n, metrics) are whole numbers, `NOT_RATED` where there are none. `coverage` (n,) and
    `factor_coverage` (n, 4) are fractions. `signal_codes` (n,) are places in the signals of the
    method, `NOT_RATED` where there is none. `rank` and `sector_rank` count from 1, 0 where
    unranked; `percentile` and `sector_percentile` are (count − rank + 0.5) / count, NaN where
    unranked. `values` and `sub_scores` (n, metrics) are NaN where missing, `reasons` are codes of
    `scoring.reasons`. `places` (n, metrics) are shares as in `stored_score.Place`, NaN where there
    is none, and `places_among` say of whom. `medians` maps a sector, or "" for the whole universe,
    to the median of each metric that any of its stocks has.
    """

    universe: Universe
    method: Method
    kind_codes: Integers
    total: Integers
    uncertainty: Integers
    coverage: Floats
    factor_points: Integers
    factor_coverage: Floats
    signal_codes: Integers
    rank: Integers
    percentile: Floats
    sector_rank: Integers
    sector_percentile: Floats
    values: Floats
    sub_scores: Floats
    points: Integers
    reasons: Codes
    places: Floats
    places_among: Integers
    medians: dict[str, dict[str, float]]

    def __len__(self) -> int:
        return len(self.universe)

    @property
    def tickers(self) -> list[str]:
        """The tickers of the universe."""
        return self.universe.tickers

    @cached_property
    def kinds(self) -> list[str]:
        """The kind of each company."""
        return [KINDS[code] for code in self.kind_codes.tolist()]

    @cached_property
    def signals(self) -> list[str | None]:
        """The signal of each stock, None where it is not rated."""
        names = (*self.method.thresholds, None)
        return [names[code] for code in self.signal_codes.tolist()]

    @cached_property
    def records(self) -> list[bytes]:
        """The bytes that `record_0_1.pack` gives; only of method 1.0."""
        return _records(self)

    @cached_property
    def receipts(self) -> list[str]:
        """The receipts of release 0.1, `record_0_1.receipt`; only of method 1.0."""
        points = np.column_stack([self.total, self.factor_points]).tolist()
        return [
            record_0_1.receipt(self.method.version, ticker, packed, *_total_and_factors(row))
            for ticker, packed, row in zip(self.tickers, self.records, points, strict=True)
        ]


def score(
    universe: Universe,
    method: Method,
    previous_signals: Mapping[str, str | None] | None = None,
) -> Scoring:
    """Scores every stock of the universe under a version of the method.

    `previous_signals` maps tickers to the signals of the last daily snapshot, for the hysteresis.
    Raises nothing for any content of a universe, the empty one included.
    """
    kinds = _kinds(universe, method)
    applies = _applies(kinds, method)
    measured = measure(universe, method, applies)
    sectors = _Sectors.of(universe.sectors)
    standings = [_Standings.of(found.values, sectors) for found in measured]
    of_metrics = list(zip(method.metrics, measured, standings, strict=True))
    sub_scores = np.stack([_sub_scores(*found, kinds, method.shrinkage) for found in of_metrics])
    present = ~np.isnan(sub_scores)
    points = np.array([metric.points for metric in method.metrics], dtype=np.int64)
    factors = []
    for factor in FACTORS:
        own = np.array([metric.factor == factor for metric in method.metrics])
        factors.append(
            _factor(sub_scores[own], present[own], applies[own], points[own], method.least_coverage)
        )
    factor_points = np.stack([factor.points for factor in factors], axis=1)
    total = _totals(factor_points, method.least_rated)
    places, places_among = _places(method, sub_scores, standings, sectors)
    ranks = _ranks(universe.tickers, total, np.zeros_like(sectors.codes))
    sector_ranks = _ranks(universe.tickers, total, sectors.codes)
    return Scoring(
        universe=universe,
        method=method,
        kind_codes=kinds,
        total=total,
        uncertainty=np.where(total == NOT_RATED, NOT_RATED, _uncertainty(factors)),
        coverage=np.mean([factor.coverage for factor in factors], axis=0),
        factor_points=factor_points,
        factor_coverage=np.stack([factor.coverage for factor in factors], axis=1),
        signal_codes=_signals(universe.tickers, total, method, previous_signals or {}),
        rank=ranks.rank,
        percentile=ranks.percentile,
        sector_rank=sector_ranks.rank,
        sector_percentile=sector_ranks.percentile,
        values=np.stack([found.values for found in measured]).T,
        sub_scores=sub_scores.T,
        points=np.concatenate([factor.metric_points for factor in factors]).T,
        reasons=np.stack([found.reasons for found in measured]).T,
        places=places.T,
        places_among=places_among.T,
        medians=_medians(method, standings, sectors),
    )


def _kinds(universe: Universe, method: Method) -> Integers:
    """The place in `KINDS` of each stock's kind."""
    classified = universe.classified.tolist()
    profiles = list(zip(universe.sectors, universe.industries, classified, strict=True))
    codes = {
        profile: KINDS.index(method.kind_of(profile[0], profile[1], _CLASSIFIED[profile[2]]))
        for profile in set(profiles)
    }
    return np.array([codes[profile] for profile in profiles], dtype=np.int64)


_CLASSIFIED = {-1: None, 0: False, 1: True}
"""What `Universe.classified` means."""


def _applies(kinds: Integers, method: Method) -> Flags:
    """(metrics, n): whether a metric applies to a stock of that kind."""
    table = np.array([[kind in metric.kinds for kind in KINDS] for metric in method.metrics])
    return table[:, kinds]


@dataclass(frozen=True, slots=True)
class _Sectors:
    """A number per stock, -1 where its sector is unknown, and the names of the numbers."""

    codes: Integers
    names: list[str]

    @classmethod
    def of(cls, sectors: Sequence[str | None]) -> _Sectors:
        names = sorted({sector for sector in sectors if sector})
        codes = {name: code for code, name in enumerate(names)}
        return cls(
            np.array([codes.get(sector or "", -1) for sector in sectors], dtype=np.int64), names
        )


@dataclass(frozen=True, slots=True)
class _Standings:
    """Of a row of numbers the positions of the known ones, their sectors, their standing in the
    whole universe and in their sector, and the medians of both: the universe is group 0, an unknown
    sector -1."""

    known: Integers
    sectors: Integers
    overall: Standing
    within: Standing
    median: dict[int, float]
    sector_medians: dict[int, float]

    @classmethod
    def of(cls, row: Floats, sectors: _Sectors) -> _Standings:
        known = np.flatnonzero(~np.isnan(row))
        values, own = row[known], sectors.codes[known]
        order = percentiles.ascending(values)
        overall, median = percentiles.standing(values, np.zeros_like(own), order)
        within, sector_medians = percentiles.standing(values, own, order)
        return cls(known, own, overall, within, median, sector_medians)


def _sub_scores(
    metric: Metric, measured: Measured, found: _Standings, kinds: Integers, shrinkage: int
) -> Floats:
    """(n,) sub-scores from 0 to 1 of a metric, NaN where missing."""
    known = found.known
    if metric.mode == CURVE:
        placed = _on_curve(_halved(metric, measured.values[known], kinds[known]), metric.curve)
    elif metric.mode == PCT_UNIVERSE:
        placed = found.overall.fraction
    else:
        placed = percentiles.shrunk(
            found.within, found.overall.fraction, found.sectors >= 0, shrinkage
        )
    sub_scores = measured.decided.copy()
    undecided = np.isnan(measured.decided[known])
    sub_scores[known[undecided]] = placed[undecided]
    return sub_scores


def _places(
    method: Method, sub_scores: Floats, standings: Sequence[_Standings], sectors: _Sectors
) -> tuple[Floats, Integers]:
    """(metrics, n) the place of each stock and among whom it is, see `stored_score.Place`: by value
    in percentiles, by sub-score on curves, where neither end of the values need be the better."""
    shares = np.full(sub_scores.shape, np.nan)
    among = np.full(sub_scores.shape, NOT_RATED)
    for row, (metric, of_values) in enumerate(zip(method.metrics, standings, strict=True)):
        on_curve = metric.mode == CURVE
        found = _Standings.of(sub_scores[row], sectors) if on_curve else of_values
        in_sector = (found.sectors >= 0) & (found.within.count >= LEAST_COMPANY)
        if metric.mode == PCT_UNIVERSE:
            in_sector[:] = False
        in_market = ~in_sector & (found.overall.count >= LEAST_COMPANY)
        for code, standing, where in (
            (SECTOR, found.within, in_sector),
            (MARKET, found.overall, in_market),
        ):
            positions = found.known[where]
            shares[row, positions] = percentiles.ahead(standing)[where]
            among[row, positions] = code
    return shares, among


def _medians(
    method: Method, standings: Sequence[_Standings], sectors: _Sectors
) -> dict[str, dict[str, float]]:
    """By sector, or "" for the whole universe, the median of each metric that has one."""
    medians: dict[str, dict[str, float]] = {name: {} for name in ("", *sectors.names)}
    for metric, found in zip(method.metrics, standings, strict=True):
        for median in found.median.values():
            medians[""][metric.key] = median
        for code, median in found.sector_medians.items():
            if code >= 0:
                medians[sectors.names[code]][metric.key] = median
    return medians


def _signals(
    tickers: Sequence[str], total: Integers, method: Method, previous: Mapping[str, str | None]
) -> Integers:
    """The places of the signals in the method's thresholds: `signals.signal_of` of all totals."""
    codes = {name: code for code, name in enumerate(method.thresholds)}
    least = np.array(list(method.thresholds.values()))[:, None]
    before = np.array([codes.get(previous.get(ticker) or "", NOT_RATED) for ticker in tickers])
    last = len(codes) - 1
    # The first threshold that a total reaches is also how many it does not reach.
    plain, up, down = (
        np.minimum((total < least + extra).sum(axis=0), last)
        for extra in (0, FULL_POINT, -FULL_POINT)
    )
    held = np.maximum(np.minimum(before, up), down)
    return np.where(total == NOT_RATED, NOT_RATED, np.where(before < 0, plain, held))


def _on_curve(values: Floats, curve: Curve) -> Floats:
    """`curves.place_on` of many values at once; NaN stays NaN."""
    inputs, sub_scores = zip(*curve, strict=True)
    found: Floats = np.interp(values, np.array(inputs), np.array(sub_scores))
    return found


def _halved(metric: Metric, values: Floats, kinds: Integers) -> Floats:
    if not metric.halved:
        return values
    return np.where(
        np.isin(kinds, [KINDS.index(kind) for kind in metric.halved]), values / 2, values
    )


@dataclass(frozen=True, slots=True)
class _Factor:
    """Of one factor for n stocks: points in hundredths, those of its metrics (metrics, n), and its
    coverage as fraction and as the share of it that enters the uncertainty."""

    points: Integers
    metric_points: Integers
    coverage: Floats
    unknown: Floats


def _factor(
    sub_scores: Floats, present: Flags, applies: Flags, points: Integers, least_coverage: float
) -> _Factor:
    """The factor of these metrics: `points` is (metrics,), the other arrays (metrics, n)."""
    weight = points[:, None]
    applicable = (applies * weight).sum(axis=0)
    known = (present * weight).sum(axis=0)
    rated = known >= least_coverage * applicable
    earned = np.zeros(present.shape[1])
    parts = np.zeros(present.shape)
    for place, row in enumerate(sub_scores):
        part = _FULL * points[place] * np.where(present[place], row, 0.0) / np.maximum(known, 1)
        parts[place] = part
        earned += part
    total = _half_up(earned)
    metric_points = _largest_remainder(parts, earned, total, present, weight, known)
    return _Factor(
        points=np.where(rated, total, NOT_RATED),
        metric_points=np.where(present & rated, metric_points, NOT_RATED),
        coverage=known / applicable,
        unknown=np.where(rated, applicable - known, applicable) / applicable,
    )


def _half_up(hundredths: Floats) -> Integers:
    """Whole hundredths, half rounded up, of numbers ≥ 0."""
    fine = np.rint(hundredths * _FINE).astype(np.int64)
    return (fine + _FINE // 2) // _FINE


def _largest_remainder(
    parts: Floats,
    earned: Floats,
    total: Integers,
    present: Flags,
    weight: Integers,
    known: Integers,
) -> Integers:
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
    rounded: Integers = floors + (place < left)
    return rounded


def _totals(factor_points: Integers, least_rated: int) -> Integers:
    """Exact sums of four factors, 4/3 of three (half up, in whole numbers), else `NOT_RATED`."""
    rated = factor_points != NOT_RATED
    count = rated.sum(axis=1)
    summed = np.where(rated, factor_points, 0).sum(axis=1)
    scaled = (8 * summed + 3) // 6
    return np.where(
        count == len(FACTORS), summed, np.where(count >= least_rated, scaled, NOT_RATED)
    )


def _uncertainty(factors: list[_Factor]) -> Integers:
    """(total(0.75) − total(0.25)) / 2: of each factor's points a quarter of the unknown share."""
    unknown = np.sum([_FULL * factor.unknown for factor in factors], axis=0)
    return _half_up(unknown * (0.75 - 0.25) / 2)


@dataclass(frozen=True, slots=True)
class _Ranks:
    """Ranks from 1, 0 where unranked, and percentiles, NaN where unranked."""

    rank: Integers
    percentile: Floats


def _ranks(tickers: Sequence[str], total: Integers, groups: Integers) -> _Ranks:
    """Among the rated stocks of each group that is not -1, equal totals by ticker."""
    n = len(tickers)
    by_ticker = np.empty(n, dtype=np.int64)
    by_ticker[sorted(range(n), key=tickers.__getitem__)] = np.arange(n)
    ranked = np.flatnonzero((total != NOT_RATED) & (groups >= 0))
    own = groups[ranked]
    rank, percentile = np.zeros(n, dtype=np.int64), np.full(n, np.nan)
    rank[ranked] = percentiles.ranks(total[ranked], own, by_ticker[ranked])
    count = np.bincount(own, minlength=1)[own]
    percentile[ranked] = (count - rank[ranked] + 0.5) / count
    return _Ranks(rank, percentile)


def _records(scoring: Scoring) -> list[bytes]:
    """The bytes that `record_0_1.pack` gives, of all stocks at once."""
    per_metric = np.dtype(
        [("value", "<f8"), ("sub_score", "<f8"), ("points", "<i2"), ("reason", "<u2")]
    )
    layout = np.dtype(
        [
            ("layout", "<u2"),
            ("inputs", "<f8", (len(record_0_1.INPUTS),)),
            ("metrics", per_metric, (len(scoring.method.metrics),)),
        ]
    )
    rows = np.zeros(len(scoring), dtype=layout)
    rows["layout"] = record_0_1.LAYOUT
    for place, name in enumerate(record_0_1.INPUTS):
        rows["inputs"][:, place] = scoring.universe.inputs.get(name, np.nan)
    metrics = rows["metrics"]
    metrics["value"], metrics["sub_score"] = scoring.values, scoring.sub_scores
    metrics["points"], metrics["reason"] = scoring.points, scoring.reasons
    packed, size = rows.tobytes(), layout.itemsize
    return [packed[start : start + size] for start in range(0, len(packed), size)]


def _total_and_factors(row: list[int]) -> tuple[int | None, tuple[int | None, ...]]:
    total, *factors = (None if points == NOT_RATED else points for points in row)
    return total, tuple(factors)
