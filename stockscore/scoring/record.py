"""The record of one score as its present readers name it; the parts live in `stored_score` and
`record_0_1`."""

from __future__ import annotations

from stockscore.scoring.record_0_1 import LAYOUT, SIZE, pack, receipt, unpack
from stockscore.scoring.stored_score import NONE as NO_POINTS
from stockscore.scoring.stored_score import MetricResult
from stockscore.scoring.stored_score import StoredScore as Record

__all__ = ["LAYOUT", "NO_POINTS", "SIZE", "MetricResult", "Record", "pack", "receipt", "unpack"]
