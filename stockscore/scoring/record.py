"""The record of one score: every input, and of every metric what became of it, in a few bytes.

Layout, little-endian: a 16-bit layout number; the inputs of `inputs.RECORDED` as float64, NaN where
missing; for each metric of `method.METRICS` its value and sub-score as float64 (NaN where there is
none), its points in hundredths as int16 (-1 where there are none) and its reason as uint16.
"""

from __future__ import annotations

import hashlib
import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from stockscore.scoring import inputs, method
from stockscore.scoring.reasons import NOT_APPLICABLE

LAYOUT = 1
NO_POINTS = -1
_FORMAT = struct.Struct(f"<H{len(inputs.RECORDED)}d" + "ddhH" * len(method.METRICS))
SIZE = _FORMAT.size
_PER_METRIC = 4


@dataclass(frozen=True, slots=True)
class MetricResult:
    """What became of one metric.

    `sub_score` (0 to 1) is None where the metric is missing; `points` (hundredths) also where its
    factor is not rated. `max_points` (hundredths, rounded up) is what the metric can earn: of a
    present metric of a rated factor its share of 25 among the present ones, else its share among
    all that apply. `value` may be None although there is a sub-score, where a known input decided
    (see `reasons`); `reason` is the code of that, or of why the metric is missing, else 0.
    """

    key: str
    value: float | None
    sub_score: float | None
    points: int | None
    max_points: int
    reason: int = 0


@dataclass(frozen=True, slots=True)
class Record:
    """`inputs` has every name of `inputs.RECORDED`, None where missing; `metrics` has every metric
    of the method in its order, those that do not apply included (`max_points` 0)."""

    inputs: Mapping[str, float | None]
    metrics: tuple[MetricResult, ...]

    @property
    def by_key(self) -> dict[str, MetricResult]:
        """The metrics by their keys."""
        return {result.key: result for result in self.metrics}


def pack(record: Record) -> bytes:
    """The bytes of a record; `max_points` follow from the rest and are not kept."""
    values: list[float | int] = [LAYOUT]
    values += (_or_nan(record.inputs.get(name)) for name in inputs.RECORDED)
    for result in record.metrics:
        points = NO_POINTS if result.points is None else result.points
        values += (_or_nan(result.value), _or_nan(result.sub_score), points, result.reason)
    return _FORMAT.pack(*values)


def unpack(kept: bytes) -> Record:
    """The record of some bytes. Raises ValueError for bytes of another layout."""
    if len(kept) != SIZE or (values := _FORMAT.unpack(kept))[0] != LAYOUT:
        raise ValueError(f"these {len(kept)} bytes are no record of layout {LAYOUT}")
    first = 1 + len(inputs.RECORDED)
    known = dict(zip(inputs.RECORDED, map(_or_none, values[1:first]), strict=True))
    rows = [values[at : at + _PER_METRIC] for at in range(first, len(values), _PER_METRIC)]
    return Record(known, tuple(_results(rows)))


def _results(rows: list[tuple]) -> list[MetricResult]:
    present = dict.fromkeys(method.FACTORS, 0)
    applicable = dict.fromkeys(method.FACTORS, 0)
    for metric, (_, _, points, reason) in zip(method.METRICS, rows, strict=True):
        applicable[metric.factor] += metric.points * (reason != NOT_APPLICABLE)
        present[metric.factor] += metric.points * (points != NO_POINTS)
    results = []
    for metric, (value, sub_score, points, reason) in zip(method.METRICS, rows, strict=True):
        scored = points != NO_POINTS
        among = present[metric.factor] if scored else applicable[metric.factor]
        most = 0 if reason == NOT_APPLICABLE else _share_of_factor(metric.points, among)
        results.append(
            MetricResult(
                metric.key,
                _or_none(value),
                _or_none(sub_score),
                points if scored else None,
                most,
                reason,
            )
        )
    return results


def _share_of_factor(points: int, among: int) -> int:
    """Hundredths, rounded up, so that rounding never lifts a metric above its maximum."""
    return -(-100 * method.FACTOR_POINTS * points // among)


def receipt(
    version: str,
    ticker: str,
    record: bytes,
    total: int | None,
    factors: tuple[int | None, ...],
) -> str:
    """The first 12 hex digits of the SHA-256 of all that was said and what it was said from.

    Hashed are the lines method version, ticker, total and factors (hundredths, a dash where not
    rated), in UTF-8, and then the record's bytes."""
    said = (version, ticker, *("-" if one is None else str(one) for one in (total, *factors)))
    return hashlib.sha256("\n".join(said).encode() + b"\n" + record).hexdigest()[:12]


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else value
