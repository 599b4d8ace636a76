"""Where a stock stands in its sector, in sentences."""

from __future__ import annotations

from stockscore.scoring.method import FACTORS, PCT_SECTOR
from stockscore.scoring.stored_score import StoredScore
from stockscore.services.sector_comparison import SectorComparison
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
"""Percentile metrics that have a sentence of their own, with the number of the breakdown."""


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
        result = results[key]
        sub_score = result.sub_score
        if result.metric.mode == PCT_SECTOR and sub_score is not None and result.reason == 0:
            comparisons.append(_told(phrases, sub_score))
    return tuple(f"{comparison} of its sector." for comparison in comparisons)


def _told(phrases: tuple[str, str], share: float) -> str:
    above = share >= 0.5
    number = share if above else 1 - share
    return f"{phrases[0 if above else 1]} {fmt.percent(min(number, 0.99), 0)}"
