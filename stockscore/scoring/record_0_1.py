"""Release 0.1 kept what it said of a stock as a few bytes, and its receipt is of those bytes.

They are read into the columns of `stored_score`, and made again from them, so that a receipt of
0.1 stays verifiable for ever. All of it is of method 1.0.

Layout, little-endian: a 16-bit layout number; the inputs of `INPUTS` as float64, NaN where missing;
for each metric of method 1.0 its value and sub-score as float64 (NaN where there is none), its
points in hundredths as int16 (-1 where there are none) and its reason as uint16.
"""

from __future__ import annotations

import hashlib
import math
import struct
from array import array
from collections.abc import Sequence

from stockscore.scoring.method import FACTORS, GENERAL, KINDS
from stockscore.scoring.methods.method_1_0 import METHOD
from stockscore.scoring.reasons import NOT_APPLICABLE
from stockscore.scoring.stored_score import (
    NONE,
    POINTS,
    REASON,
    SUB_SCORE,
    VALUE,
    Columns,
    MetricResult,
    StoredScore,
    key_of,
    metric_results,
)

LAYOUT = 1

INPUTS = (
    "price",
    "market_cap",
    "enterprise_value",
    "eps_ttm",
    "eps_growth",
    "revenue_ttm",
    "gross_profit_ttm",
    "ebit_ttm",
    "ebitda_ttm",
    "net_income_ttm",
    "cfo_ttm",
    "fcf_ttm",
    "interest_expense_ttm",
    "tax_rate",
    "total_assets",
    "total_liabilities",
    "total_debt",
    "cash",
    "total_equity",
    "retained_earnings",
    "current_assets",
    "current_liabilities",
    "dividend_per_share_ttm",
    "revenue_growth",
)
"""The inputs of a record, in its order."""

_OF_METRIC = ((VALUE, "d"), (SUB_SCORE, "d"), (POINTS, "h"), (REASON, "h"))
"""What a record keeps of each metric, in its order, and the type of its column."""

KEYS = (
    *((name, "d") for name in INPUTS),
    *(
        (key_of(metric.key, what), typecode)
        for metric in METHOD.metrics
        for what, typecode in _OF_METRIC
    ),
)
"""The keys of a record in its order, each with the type of its column."""

_FORMAT = struct.Struct("<H" + "".join(typecode for _, typecode in KEYS))
SIZE = _FORMAT.size


def unpack(packed: bytes) -> StoredScore:
    """The record of some bytes. Raises ValueError for bytes of another layout."""
    columns = {key: (value,) for (key, _), value in zip(KEYS, _values(packed), strict=True)}
    inputs = {name: _or_none(columns[name][0]) for name in INPUTS}
    results = metric_results(METHOD, columns, 0, inputs)
    return StoredScore(inputs, results, METHOD.version, _kind(results))


def _kind(results: tuple[MetricResult, ...]) -> str:
    """The kind of company, which a record does not name: to each kind other metrics apply."""
    applied = tuple(result.metric for result in results if result.reason != NOT_APPLICABLE)
    return next((kind for kind in KINDS if applied == METHOD.metrics_of(kind)), GENERAL)


def _values(packed: bytes) -> tuple[float, ...]:
    if len(packed) == SIZE:
        layout, *values = _FORMAT.unpack(packed)
        if layout == LAYOUT:
            return tuple(values)
    raise ValueError(f"these {len(packed)} bytes are no record of layout {LAYOUT}")


def columns_of(records: Sequence[bytes]) -> dict[str, array[float] | array[int]]:
    """The columns of `KEYS` that say what these records say. Raises ValueError as `unpack` does."""
    by_stock = [_values(packed) for packed in records]
    return {
        key: array(typecode, [values[place] for values in by_stock])
        for place, (key, typecode) in enumerate(KEYS)
    }


def packed(columns: Columns, position: int) -> bytes:
    """The record of the stock at a position, from columns in which sub-scores are fractions."""
    return _FORMAT.pack(
        LAYOUT,
        *(
            int(columns[key][position]) if typecode == "h" else columns[key][position]
            for key, typecode in KEYS
        ),
    )


def pack(score: StoredScore) -> bytes:
    """The bytes of a record; `max_points` follow from the rest and are not kept."""
    values: list[float | int] = [_or_nan(score.inputs.get(name)) for name in INPUTS]
    for result in score.metrics:
        points = NONE if result.points is None else result.points
        values += (_or_nan(result.value), _or_nan(result.sub_score), points, result.reason)
    return _FORMAT.pack(LAYOUT, *values)


def receipt(
    version: str,
    ticker: str,
    packed: bytes,
    total: int | None,
    factors: tuple[int | None, ...],
) -> str:
    """The first 12 hex digits of the SHA-256 of all that was said and what it was said from.

    Hashed are the lines method version, ticker, total and factors (hundredths, a dash where not
    rated), in UTF-8, and then the record's bytes."""
    points = ("-" if number is None else str(number) for number in (total, *factors))
    head = "\n".join((version, ticker, *points))
    return hashlib.sha256(head.encode() + b"\n" + packed).hexdigest()[:12]


def receipt_of(columns: Columns, position: int, ticker: str) -> str:
    """The receipt that release 0.1 gave, of the stock at a position, from columns of `KEYS`, the
    total and the factors."""
    total, *factors = (
        None if (points := int(columns[key][position])) == NONE else points
        for key in ("total", *FACTORS)
    )
    return receipt(METHOD.version, ticker, packed(columns, position), total, tuple(factors))


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else value
