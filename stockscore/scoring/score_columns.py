"""The scores of all stocks as columns under the keys of `stored_score`, and their receipts."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from stockscore.scoring.arrays import Floats
from stockscore.scoring.engine import Scoring
from stockscore.scoring.inputs import CLASSIFIED, RECORDED
from stockscore.scoring.method import FACTORS
from stockscore.scoring.stored_score import (
    NONE,
    PLACE,
    PLACE_AMONG,
    POINTS,
    REASON,
    SUB_SCORE,
    TEN_THOUSAND,
    VALUE,
    key_of,
)
from stockscore.scoring.universe import Universe

Column: TypeAlias = "NDArray[np.float64] | NDArray[np.int32] | NDArray[np.int16]"

ScoreColumns = dict[str, Column]


def score_columns(universe: Universe, scoring: Scoring) -> ScoreColumns:
    """All that was said of the n stocks of a universe and what it was said from, (n,) under each
    key.

    Fractions, inputs and ratios are float64, ranks int32, all others int16."""
    columns: ScoreColumns = {
        "total": _short(scoring.total),
        "uncertainty": _short(scoring.uncertainty),
        "signal": _short(scoring.signal_codes),
        "kind": _short(scoring.kind_codes),
        "coverage": scoring.coverage,
        "rank": np.where(scoring.rank > 0, scoring.rank, NONE).astype("<i4"),
        "sector_rank": np.where(scoring.sector_rank > 0, scoring.sector_rank, NONE).astype("<i4"),
        "percentile": scoring.percentile,
        "sector_percentile": scoring.sector_percentile,
    }
    for place, factor in enumerate(FACTORS):
        columns[factor] = _short(scoring.factor_points[:, place])
    inputs, nothing = universe.inputs, np.full(len(universe), np.nan)
    columns |= {name: inputs.get(name, nothing) for name in (*RECORDED, CLASSIFIED)}
    for place, metric in enumerate(scoring.method.metrics):
        columns |= {
            key_of(metric.key, VALUE): np.ascontiguousarray(scoring.values[:, place]),
            key_of(metric.key, SUB_SCORE): _ten_thousandths(scoring.sub_scores[:, place]),
            key_of(metric.key, POINTS): _short(scoring.points[:, place]),
            key_of(metric.key, REASON): _short(scoring.reasons[:, place]),
            key_of(metric.key, PLACE): _ten_thousandths(scoring.places[:, place]),
            key_of(metric.key, PLACE_AMONG): _short(scoring.places_among[:, place]),
        }
    return columns


def full_sub_scores(scoring: Scoring) -> dict[str, Floats]:
    """The sub-scores as fractions, as `record_0_1.receipt_of` needs them in place of the others."""
    return {
        key_of(metric.key, SUB_SCORE): scoring.sub_scores[:, place]
        for place, metric in enumerate(scoring.method.metrics)
    }


def _short(numbers: NDArray[np.integer]) -> NDArray[np.int16]:
    return numbers.astype("<i2")


def _ten_thousandths(shares: Floats) -> NDArray[np.int16]:
    known = ~np.isnan(shares)
    whole = np.rint(TEN_THOUSAND * np.where(known, shares, 0.0))
    return np.where(known, whole, NONE).astype("<i2")


def receipts(version: str, tickers: Sequence[str], columns: Mapping[str, Column]) -> list[str]:
    """`stored_score.receipt` of every stock, of all columns that are given."""
    found = []
    for first in range(0, len(tickers), AT_ONCE):
        some = slice(first, first + AT_ONCE)
        part = {key: column[some] for key, column in columns.items()}
        found += _receipts(version, tickers[some], part)
    return found


AT_ONCE = 2_500
"""Stocks whose lines are in memory at a time: 200 of each."""


def _receipts(version: str, tickers: Sequence[str], columns: Mapping[str, Column]) -> list[str]:
    lines = [_lines(key, columns[key]) for key in sorted(columns)]
    of_stocks = zip(*lines, strict=True) if lines else iter([()] * len(tickers))
    return [
        hashlib.sha256("\n".join((version, ticker, *own)).encode()).hexdigest()[:12]
        for ticker, own in zip(tickers, of_stocks, strict=True)
    ]


def _lines(key: str, column: Column) -> list[str]:
    """The line of each stock."""
    if column.dtype.kind == "f":
        known = np.where(np.isnan(column), np.nan, column)
        texts = known.astype(">f8").tobytes().hex(" ", 8).replace(_NAN, "-")
        return f"{key}={texts.replace(' ', f' {key}=')}".split(" ") if len(column) else []
    numbers = column.tolist()
    # A column of whole numbers has few different ones, so each line is written once.
    written = {number: f"{key}={number}" for number in set(numbers)}
    written[NONE] = f"{key}=-"
    return list(map(written.__getitem__, numbers))


_NAN = struct.pack(">d", np.nan).hex()
