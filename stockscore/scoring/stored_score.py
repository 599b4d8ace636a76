"""What was said of one stock, read back from the columns in which all stocks of a moment are kept.

A column is a sequence with one number per stock, under a key. Numbers that are none are NaN in a
column of floats and -1 in one of whole numbers.

| key | number |
|---|---|
| `total`, `uncertainty`, the factors (`value` …) | hundredths of a point |
| `coverage`, `percentile`, `sector_percentile` | fraction |
| `signal`, `kind` | place in `signals.SIGNALS`, in `method.KINDS` |
| `rank`, `sector_rank` | from 1 |
| the names of `inputs.RECORDED`, `inputs.CLASSIFIED` | input |
| `roe.value` | the ratio of a metric |
| `roe.sub_score` | ten-thousandths (release 0.1: a float, the fraction itself) |
| `roe.points` | hundredths |
| `roe.reason` | code of `reasons`, 0 where there is nothing to say |
| `roe.place` | ten-thousandths: how many of 10,000 others it is ahead of, see `Place` |
| `roe.place_among` | `SECTOR` or `MARKET`: who the others are |
"""

from __future__ import annotations

import hashlib
import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from stockscore.scoring.inputs import CLASSIFIED, RECORDED
from stockscore.scoring.method import FACTOR_POINTS, FACTORS, KINDS
from stockscore.scoring.methods import Method, method_of
from stockscore.scoring.methods.definition import Metric
from stockscore.scoring.metric_value import metric_value
from stockscore.scoring.reasons import NOT_APPLICABLE

NONE = -1
"""Stands for "none" in columns of whole numbers."""

TEN_THOUSAND = 10_000
"""Parts of a whole sub-score, and of a whole place."""

SECTOR, MARKET = 0, 1
"""Among whom a place is."""

LEAST_COMPANY = 5
"""Stocks that must have a metric for a place among them to be said."""

VALUE, SUB_SCORE, POINTS, REASON, PLACE, PLACE_AMONG = OF_METRIC = (
    "value",
    "sub_score",
    "points",
    "reason",
    "place",
    "place_among",
)
"""What is kept of a metric, each under its own key."""

Columns = Mapping[str, Sequence[int | float]]
"""One number per stock under each key: arrays of the standard library, or of numpy."""


OF_SCORE = (
    *("total", "uncertainty", "signal", "kind", "coverage"),
    *("rank", "sector_rank", "percentile", "sector_percentile"),
    *FACTORS,
)
"""What is kept of a score as a whole, each under its own key."""


def key_of(metric: str, what: str) -> str:
    """The key of a metric's column; `what` is one of `OF_METRIC`."""
    return f"{metric}.{what}"


@cache
def _keys_of(metric: str) -> tuple[str, ...]:
    """The keys of all of a metric's columns, in the order of `OF_METRIC`."""
    return tuple(key_of(metric, what) for what in OF_METRIC)


def score_keys(method: Method) -> tuple[str, ...]:
    """The keys of all that is said under a method and that a receipt is of."""
    of_metrics = (key_of(metric.key, what) for metric in method.metrics for what in OF_METRIC)
    return (*OF_SCORE, *RECORDED, CLASSIFIED, *of_metrics)


def derived_keys(method: Method) -> frozenset[str]:
    """The keys that `stored_score` can do without: ratios that follow from the inputs."""
    return frozenset(key_of(metric.key, VALUE) for metric in method.metrics if metric.formula)


@dataclass(frozen=True, slots=True)
class Place:
    """Of the others that have a metric the share that it is ahead of, ties counting half: (worse +
    half of the ties) / (n − 1). `among` is `SECTOR` or `MARKET`; both are None where fewer than
    five stocks have the metric."""

    share: float | None
    among: int | None


@dataclass(frozen=True, slots=True)
class MetricResult:
    """What became of one metric of the method that made the score.

    `sub_score` (0 to 1) is None where the metric is missing; `points` (hundredths) also where its
    factor is not rated. `max_points` (hundredths, rounded up) is what the metric can earn: of a
    present metric of a rated factor its share of 25 among the present ones, else its share among
    all that apply. `value` may be None although there is a sub-score, where a known input decided
    (see `reasons`); `reason` is the code of that, or of why the metric is missing, else 0. `place`
    is None where it was not kept.
    """

    metric: Metric
    value: float | None
    sub_score: float | None
    points: int | None
    max_points: int
    reason: int = 0
    place: Place | None = None

    @property
    def key(self) -> str:
        """The key of the metric."""
        return self.metric.key


@dataclass(frozen=True, slots=True)
class StoredScore:
    """`inputs` has every name of `inputs.RECORDED`, None where missing; `metrics` has every metric
    of the method that made it, in its order, those that do not apply included (`max_points` 0).
    `method` is its version, `kind` the kind of company."""

    inputs: Mapping[str, float | None]
    metrics: tuple[MetricResult, ...]
    method: str
    kind: str

    @property
    def by_key(self) -> dict[str, MetricResult]:
        """The metrics by their keys."""
        return {result.key: result for result in self.metrics}


def stored_score(columns: Columns, position: int, version: str) -> StoredScore:
    """The inputs and metrics of the stock at a position, under the version that made the score.

    The ratio of a metric of reports may be left out of the columns: it follows from the inputs.
    Raises ValueError for an unknown version and KeyError where another key is lacking."""
    method = method_of(version)
    inputs = {
        name: _number(columns[name][position]) if name in columns else None for name in RECORDED
    }
    return StoredScore(
        inputs,
        metric_results(method, columns, position, inputs),
        version,
        KINDS[int(columns["kind"][position])],
    )


def metric_results(
    method: Method, columns: Columns, position: int, inputs: Mapping[str, float | None]
) -> tuple[MetricResult, ...]:
    """What became of each metric of the method for the stock at a position."""
    found = [_reading(metric, columns, position, inputs) for metric in method.metrics]
    present = dict.fromkeys(FACTORS, 0)
    applicable = dict.fromkeys(FACTORS, 0)
    for metric, reading in zip(method.metrics, found, strict=True):
        applicable[metric.factor] += metric.points * (reading.reason != NOT_APPLICABLE)
        present[metric.factor] += metric.points * (reading.points is not None)
    return tuple(
        MetricResult(
            metric,
            reading.value,
            reading.sub_score,
            reading.points,
            _most(metric, reading, present[metric.factor], applicable[metric.factor]),
            reading.reason,
            reading.place,
        )
        for metric, reading in zip(method.metrics, found, strict=True)
    )


class _Reading(NamedTuple):
    """A metric as the columns give it."""

    value: float | None
    sub_score: float | None
    points: int | None
    reason: int
    place: Place | None


def _reading(
    metric: Metric, columns: Columns, position: int, inputs: Mapping[str, float | None]
) -> _Reading:
    of_value, of_sub_score, of_points, of_reason, of_place, of_among = _keys_of(metric.key)
    reason = int(columns[of_reason][position])
    values = columns.get(of_value)
    if values is not None:
        value = _number(values[position])
    else:
        value = None if reason == NOT_APPLICABLE else metric_value(metric, inputs).value
    shares, among = columns.get(of_place), columns.get(of_among)
    return _Reading(
        value,
        _share(columns[of_sub_score][position]),
        _whole(columns[of_points][position]),
        reason,
        None
        if shares is None or among is None
        else Place(_share(shares[position]), _whole(among[position])),
    )


def _most(metric: Metric, reading: _Reading, present: int, applicable: int) -> int:
    """Hundredths, rounded up, so that rounding never lifts a metric above its maximum."""
    if reading.reason == NOT_APPLICABLE:
        return 0
    among = applicable if reading.points is None else present
    return -(-100 * FACTOR_POINTS * metric.points // among)


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _whole(value: float) -> int | None:
    return None if value == NONE else int(value)


def _is_float(value: object) -> bool:
    """Whether a number comes from a column of floats; those of numpy are floats too."""
    return isinstance(value, float)


def _share(value: float) -> float | None:
    """A fraction, kept as such or in ten-thousandths."""
    if _is_float(value):
        return _number(value)
    return None if value == NONE else int(value) / TEN_THOUSAND


def values_of(columns: Columns, position: int) -> dict[str, float | None]:
    """All numbers of the stock at a position by their keys, whole ones as int; None where there is
    none."""
    return {key: _kept(column[position]) for key, column in columns.items()}


def _kept(value: float) -> float | None:
    return _number(value) if _is_float(value) else _whole(value)


def receipt(version: str, ticker: str, values: Mapping[str, int | float | None]) -> str:
    """The first 12 hex digits of the SHA-256 of all that was said of a stock.

    Hashed are, in UTF-8 with a line feed between, the method's version, the ticker, and a line
    `key=value` for each value in the order of the keys: whole numbers in decimal, floats as the 16
    hexadecimal digits of their IEEE 754 bits, highest first, a dash for none."""
    lines = (f"{key}={_text(values[key])}" for key in sorted(values))
    return hashlib.sha256("\n".join((version, ticker, *lines)).encode()).hexdigest()[:12]


def _text(value: float | None) -> str:
    if value is None:
        return "-"
    return struct.pack(">d", value).hex() if _is_float(value) else str(value)


def day_receipt(receipts: Mapping[str, str]) -> str:
    """The SHA-256 of the sorted lines `ticker receipt` of all stocks of a day, in UTF-8 with a line
    feed between; `receipts` are by ticker."""
    lines = sorted(f"{ticker} {kept}" for ticker, kept in receipts.items())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
