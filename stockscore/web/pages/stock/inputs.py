"""/stocks/<ticker>/inputs.json: everything that is needed to compute a score by hand."""

from __future__ import annotations

from typing import Any

from stockscore.scoring.by_hand import SAME, as_lists
from stockscore.scoring.method import CURVE, FACTOR_POINTS
from stockscore.services.score_inputs import MetricInputs, ScoreInputs
from stockscore.store.models import Stock
from stockscore.web.ui import exports


def as_data(stock: Stock, found: ScoreInputs) -> dict[str, Any]:
    """The object of `/stocks/<ticker>/inputs.json`."""
    method = found.method
    return {
        "ticker": found.ticker,
        "name": stock.name,
        "exchange": stock.exchange,
        "sector": found.sector,
        "kind": found.kind,
        "session": exports.day(found.session),
        "known_at": exports.moment(found.known_at),
        "method": method.version,
        "method_digest": method.digest,
        "receipt": found.receipt,
        "receipt_rule": found.receipt_rule,
        # Where it is false, stocks of other exchanges were scored with these at a moment of which
        # no other record is kept; `flask score verify` computes them again.
        "percentiles_whole": found.is_whole,
        "rules": {
            "factor_points": FACTOR_POINTS,
            "least_coverage": method.least_coverage,
            "least_rated": method.least_rated,
            "shrinkage": method.shrinkage,
            "ties": SAME,
        },
        "inputs": found.inputs,
        "metrics": [_metric(metric, found.kind) for metric in found.metrics],
        "values": found.values,
    }


def _metric(found: MetricInputs, kind: str) -> dict[str, Any]:
    metric = found.metric
    return {
        "key": metric.key,
        "factor": metric.factor,
        "label": metric.label,
        "points": metric.points,
        "mode": metric.mode,
        "formula": None if metric.formula is None else as_lists(metric.formula),
        "assumed": found.assumed,
        "value": found.value,
        "decided": found.decided,
        "halved": kind in metric.halved,
        "curve": metric.curve if metric.mode == CURVE else None,
        "market": found.market,
        "sector": found.sector,
    }
