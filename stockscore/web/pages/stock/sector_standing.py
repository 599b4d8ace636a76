"""Where a stock stands in its sector, in sentences."""

from __future__ import annotations

from stockscore.scoring.method import FACTORS, PCT_SECTOR
from stockscore.scoring.stored_score import SECTOR, MetricResult, StoredScore
from stockscore.store.pages.stock import SectorComparison
from stockscore.web.ui import format as fmt

LEAST_OTHERS = 5
"""Among fewer others a percentage says nothing."""

PHRASES = {
    "total": ("Scores higher than", "Scores lower than"),
    "value": ("Better value than", "Worse value than"),
    "quality": ("Better quality than", "Worse quality than"),
    "momentum": ("Stronger momentum than", "Weaker momentum than"),
    "health": ("Sounder finances than", "Weaker finances than"),
}

METRICS = {
    "earnings_yield": ("Cheaper by its earnings than", "Dearer by its earnings than"),
    "roic": ("More profitable on its capital than", "Less profitable on its capital than"),
    "net_margin": ("Wider net margin than", "Thinner net margin than"),
    "cash_conversion": (
        "Turns more of its profit into cash than",
        "Turns less of its profit into cash than",
    ),
}
"""Percentile metrics that have a sentence of their own, with the place in the sector; nothing is
said of one that the method lacks."""


def sentences(record: StoredScore, standing: SectorComparison | None) -> tuple[str, ...]:
    """How a stock compares with its sector; empty where there are too few others."""
    if standing is None or standing.others["total"] < LEAST_OTHERS:
        return ()
    comparisons = [
        _told(PHRASES[name], standing.below[name] / standing.others[name])
        for name in ("total", *FACTORS)
        if standing.others.get(name)
    ]
    results = record.by_key
    for key, phrases in METRICS.items():
        share = _share_in_sector(results.get(key))
        if share is not None:
            comparisons.append(_told(phrases, share))
    return tuple(f"{comparison} of its sector." for comparison in comparisons)


def _share_in_sector(result: MetricResult | None) -> float | None:
    """The share of its sector that a stock is ahead of by a metric; None where that is not known.

    Scores of 0.1 kept no places: of them the sub-score is told, as it was then."""
    if result is None or result.metric.mode != PCT_SECTOR or result.reason:
        return None
    if result.place is None:
        return result.sub_score
    return result.place.share if result.place.among == SECTOR else None


def _told(phrases: tuple[str, str], share: float) -> str:
    above = share >= 0.5
    number = share if above else 1 - share
    return f"{phrases[0 if above else 1]} {fmt.percent(min(number, 0.99), 0)}"
