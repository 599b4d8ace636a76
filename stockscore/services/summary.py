"""Computes the summary of an edition when it is published."""

from __future__ import annotations

from datetime import date

import numpy as np

from stockscore.scoring.engine import NOT_RATED, Scoring
from stockscore.scoring.method import FACTORS
from stockscore.scoring.reasons import NOT_APPLICABLE
from stockscore.scoring.signals import THRESHOLDS
from stockscore.services.earlier import EarlierScores
from stockscore.services.market_inputs import MarketInputs
from stockscore.store.columns import MISSING
from stockscore.store.summary import (
    WHOLE_MARKET,
    BestStock,
    EditionSummary,
    ExchangeSummary,
    GroupSummary,
    MetricCoverage,
    PreviousMedian,
    TotalsHistogram,
)

HISTOGRAM_STEP = 250
"""Width of a bar of the histogram: 2.5 points, in hundredths."""


def summarise(
    market: MarketInputs,
    scoring: Scoring,
    changes_7: np.ndarray,
    before: EarlierScores,
) -> EditionSummary:
    """The summary of an edition.

    `changes_7` are the changes of the totals over a week, NaN where unknown, and `before` is what
    the last daily snapshots said.
    """
    rated = scoring.total != NOT_RATED
    totals = scoring.total[rated]
    edges = np.arange(0, 10_000 + HISTOGRAM_STEP, HISTOGRAM_STEP)
    # A perfect 100 belongs to the last bar, which numpy's closed last edge gives.
    counts, _ = np.histogram(totals, edges)
    sectors = np.array([sector or "" for sector in market.universe.sectors], dtype=object)
    names = sorted(set(sectors) - {""})
    groups = [_group(market, scoring, changes_7, name, sectors == name) for name in names]
    groups.sort(key=lambda group: -1 if group.median is None else group.median, reverse=True)
    signals = [signal for signal in scoring.signals if signal]
    everywhere = np.ones(len(sectors), dtype=bool)
    return EditionSummary(
        day=market.day,
        histogram=TotalsHistogram(HISTOGRAM_STEP, tuple(counts.tolist())),
        median=_median(totals),
        mean=_rounded(totals.mean()) if len(totals) else None,
        signals={name: signals.count(name) for name in THRESHOLDS},
        previous=_previous(before),
        market=_group(market, scoring, changes_7, None, everywhere),
        sectors=tuple(groups),
        metric_medians=scoring.medians,
        metric_coverage=_metric_coverage(scoring),
        factor_medians={
            WHOLE_MARKET: _factor_medians(scoring, everywhere),
            **{name: _factor_medians(scoring, sectors == name) for name in names},
        },
        exchanges=_exchanges(market),
    )


def _group(
    market: MarketInputs,
    scoring: Scoring,
    changes_7: np.ndarray,
    sector: str | None,
    members: np.ndarray,
) -> GroupSummary:
    """The summary of the stocks that the mask `members` chooses."""
    rated = members & (scoring.total != NOT_RATED)
    indices: list[int] = np.flatnonzero(rated).tolist()
    changes = changes_7[rated]
    buys = sum(scoring.signals[index] in {"BUY", "STRONG BUY"} for index in indices)
    best = min(indices, key=lambda index: scoring.rank[index], default=None)
    return GroupSummary(
        sector=sector,
        stocks=int(members.sum()),
        rated=len(indices),
        median=_median(scoring.total[rated]),
        factors=_factor_medians(scoring, rated),
        change_7=_median(changes[~np.isnan(changes)]),
        buy_share=buys / len(indices) if len(indices) else None,
        best=None
        if best is None
        else BestStock(
            market.stocks[best].ticker, market.stocks[best].name, int(scoring.total[best])
        ),
    )


def _median(points: np.ndarray) -> int | None:
    """The median in hundredths, half up; None of nothing."""
    return _rounded(np.median(points)) if len(points) else None


def _factor_medians(scoring: Scoring, members: np.ndarray) -> dict[str, int | None]:
    """By factor the median of the members whose factor is rated."""
    medians = {}
    for index, factor in enumerate(FACTORS):
        points = scoring.factor_points[members, index]
        medians[factor] = _median(points[points != NOT_RATED])
    return medians


def _rounded(value: float) -> int:
    return int(np.floor(value + 0.5))


def _metric_coverage(scoring: Scoring) -> dict[str, MetricCoverage]:
    """By metric for how many stocks it is known, and to how many it applies."""
    known = (~np.isnan(scoring.sub_scores)).sum(axis=0)
    applicable = (scoring.reasons != NOT_APPLICABLE).sum(axis=0)
    return {
        metric.key: MetricCoverage(int(known[index]), int(applicable[index]))
        for index, metric in enumerate(scoring.method.metrics)
    }


def _previous(before: EarlierScores) -> PreviousMedian | None:
    totals = before.total[before.total != MISSING]
    if before.session is None or not len(totals):
        return None
    return PreviousMedian(_median(totals), before.session, dict(before.sessions))


def _exchanges(market: MarketInputs) -> dict[str, ExchangeSummary]:
    """The exchanges of the market, by MIC."""
    mics = np.array(market.universe.exchanges, dtype=object)
    result = {}
    for mic in sorted(set(mics)):
        sessions = market.panel.sessions[mics == mic]
        newest = int(sessions.max())
        result[mic] = ExchangeSummary(
            stocks=len(sessions),
            newest_session=date.fromordinal(newest) if newest else None,
            fresh=int((sessions == newest).sum()) if newest else 0,
        )
    return result
