"""What an edition says of the market as a whole, computed once when it is published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from stockscore.scoring.engine import NOT_RATED, Scoring
from stockscore.scoring.method import FACTORS
from stockscore.scoring.reasons import NOT_APPLICABLE
from stockscore.scoring.signals import THRESHOLDS
from stockscore.services.market_inputs import MarketInputs
from stockscore.store.snapshots import SnapshotScore

HISTOGRAM_STEP = 250
"""Width of a bar of the histogram: 2.5 points, in hundredths."""


def summarise(
    market: MarketInputs,
    scoring: Scoring,
    changes_7: list[int | None],
    said: Mapping[int, SnapshotScore],
) -> dict[str, Any]:
    """The summary of an edition; all points in hundredths, medians None where nothing is rated.

    `said` is what the last daily snapshot said, by stock id.
    """
    rated = scoring.total != NOT_RATED
    totals = scoring.total[rated]
    edges = np.arange(0, 10_000 + HISTOGRAM_STEP, HISTOGRAM_STEP)
    # A perfect 100 belongs to the last bar, which numpy's closed last edge gives.
    counts, _ = np.histogram(totals, edges)
    sectors = np.array([sector or "" for sector in market.universe.sectors], dtype=object)
    rows = [
        {"sector": name, **_group(market, scoring, changes_7, sectors == name)}
        for name in sorted(set(sectors) - {""})
    ]
    rows.sort(
        key=lambda row: (-(row["median"] if row["median"] is not None else -1), row["sector"])
    )
    signals = [signal for signal in scoring.signals if signal]
    return {
        "histogram": {"step": HISTOGRAM_STEP, "counts": counts.tolist()},
        "median": _median(totals),
        "mean": _rounded(totals.mean()) if len(totals) else None,
        "signals": {name: signals.count(name) for name in THRESHOLDS},
        "previous": _previous(said),
        "market": _group(market, scoring, changes_7, np.ones(len(sectors), dtype=bool)),
        "sectors": rows,
        "metric_medians": scoring.medians,
        "metric_coverage": _metric_coverage(scoring),
        "factor_medians": {
            "": _factor_medians(scoring, np.ones(len(sectors), dtype=bool)),
            **{row["sector"]: _factor_medians(scoring, sectors == row["sector"]) for row in rows},
        },
        "exchanges": _exchanges(market),
        "day": market.day.isoformat(),
    }


def _group(
    market: MarketInputs, scoring: Scoring, changes_7: list[int | None], where: np.ndarray
) -> dict[str, Any]:
    """One row of the table of sectors."""
    rated = where & (scoring.total != NOT_RATED)
    places = np.flatnonzero(rated)
    changes = [changes_7[at] for at in places if changes_7[at] is not None]
    buys = sum(scoring.signals[at] in {"BUY", "STRONG BUY"} for at in places)
    best = min(places, key=lambda at: scoring.rank[at], default=None)
    return {
        "stocks": int(where.sum()),
        "rated": len(places),
        "median": _median(scoring.total[rated]),
        **_factor_medians(scoring, rated),
        "change_7": _median(np.array(changes)),
        "buy_share": buys / len(places) if len(places) else None,
        "best": None
        if best is None
        else {
            "ticker": market.stocks[best].ticker,
            "name": market.stocks[best].name,
            "total": int(scoring.total[best]),
        },
    }


def _median(points: np.ndarray) -> int | None:
    """The median in hundredths, half up; None of nothing."""
    return _rounded(np.median(points)) if len(points) else None


def _factor_medians(scoring: Scoring, where: np.ndarray) -> dict[str, int | None]:
    """Per factor the median of the stocks whose factor is rated."""
    medians = {}
    for at, factor in enumerate(FACTORS):
        points = scoring.factor_points[where, at]
        medians[factor] = _median(points[points != NOT_RATED])
    return medians


def _rounded(value: float) -> int:
    return int(np.floor(value + 0.5))


def _metric_coverage(scoring: Scoring) -> dict[str, list[int]]:
    """Of each metric for how many stocks it is known, and to how many it applies."""
    known = (~np.isnan(scoring.sub_scores)).sum(axis=0)
    applicable = (scoring.reasons != NOT_APPLICABLE).sum(axis=0)
    return {
        metric.key: [int(known[at]), int(applicable[at])]
        for at, metric in enumerate(scoring.method.metrics)
    }


def _previous(said: Mapping[int, SnapshotScore]) -> dict[str, Any] | None:
    totals = [one.total for one in said.values() if one.total is not None]
    if not totals:
        return None
    newest = max(one.session for one in said.values())
    return {"median": _median(np.array(totals)), "session": newest.isoformat()}


def _exchanges(market: MarketInputs) -> dict[str, Any]:
    """Of each exchange how many stocks there are and how many have its newest session."""
    mics = np.array(market.universe.exchanges, dtype=object)
    result = {}
    for mic in sorted(set(mics)):
        sessions = market.panel.sessions[mics == mic]
        newest = int(sessions.max())
        result[mic] = {
            "stocks": len(sessions),
            "newest_session": date.fromordinal(newest).isoformat() if newest else None,
            "fresh": int((sessions == newest).sum()) if newest else 0,
        }
    return result
