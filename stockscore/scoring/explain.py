"""One plain sentence about each metric of a score, from its result and the method table alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from stockscore.scoring.checks.altman import altman_zone
from stockscore.scoring.method import (
    BY_KEY,
    CURVE,
    FACTOR_LABELS,
    GENERAL,
    KIND_LABELS,
    LEAST_COVERAGE,
    LEAST_RATED,
    METRICS,
    PCT_UNIVERSE,
    Metric,
)
from stockscore.scoring.numerals import SPACE, decimal, figure, half_up, per_hundred, percent
from stockscore.scoring.reasons import (
    NOT_APPLICABLE,
    Reason,
    is_missing,
    listed,
    missing_sentence,
    parts,
)
from stockscore.scoring.record import MetricResult, Record

_MIDDLE = (0.475, 0.525)
"""Percentiles between these are called the middle."""


def sentence(
    result: MetricResult,
    sector: str | None = None,
    median: float | None = None,
    kind: str = GENERAL,
) -> str:
    """What a metric says of its stock, or why it is missing, in one or two plain sentences.

    `median` is the metric's in the stock's sector, or in the whole market where the sector is None;
    it is mentioned for some metrics on a curve. Percentile metrics say how many of 100 stocks do
    worse, by the sub-score. `kind` matters for the debt ratios of utilities and real estate.
    """
    metric = BY_KEY[result.key]
    if is_missing(result.reason):
        return missing_sentence(result.key, result.reason)
    decided = _DECIDED.get(parts(result.reason)[0])
    if decided is not None:
        return decided
    if result.value is None or result.sub_score is None:
        return "Not scored."
    said = _SAID[result.key](result.value)
    if metric.mode == CURVE:
        said += _judged(metric, result.sub_score)
        said += _against(metric, result.value, median, "sector" if sector else "market")
        halved = kind in metric.halved
        return said + (
            ". Half of it counts, as for every utility and real estate company." if halved else "."
        )
    whole = metric.mode == PCT_UNIVERSE or not sector
    place = _place(result.sub_score, *_PLACED.get(metric.key, ("more", "less")))
    return f"{said}, {place} {'the market' if whole else 'its sector'}."


_DECIDED: dict[Reason, str] = {
    Reason.NO_PROFIT: "No points: there is no profit that a price could be set against.",
    Reason.NO_GROWTH: "No points: earnings per share do not grow, so no growth pays for the price.",
    Reason.NO_EQUITY: "No points: there is no equity to set the debt against.",
    Reason.NET_CASH: "All points: cash covers the whole debt.",
    Reason.NO_EBITDA: "No points: there is net debt, and no EBITDA to repay it from.",
    Reason.NO_DEBT: "All points: there is no debt, so there is no interest to cover.",
}


_PLACED = {"book_to_price": ("cheaper", "dearer")}


def _place(sub_score: float, better: str, worse: str) -> str:
    """More than 64 in 100 of; a number from 50 to 99."""
    if _MIDDLE[0] <= sub_score <= _MIDDLE[1]:
        return "about the middle of"
    above = sub_score > 0.5
    share = min(half_up(100 * (sub_score if above else 1 - sub_score)), 99)
    return f"{better if above else worse} than {share} in 100 of"


_JUDGED: dict[str, tuple[tuple[float, str], ...]] = {
    "peg": ((0.8, "cheap for its growth"), (0.55, "close to fair"), (0.0, "dear for its growth")),
    "volume_trend": (
        (0.55, "more is traded when the price rises"),
        (0.45, "rising and falling days trade alike"),
        (0.0, "more is traded when the price falls"),
    ),
    "interest_coverage": (
        (0.75, "comfortable"),
        (0.5, "enough"),
        (0.2, "thin"),
        (0.0, "too little"),
    ),
    "equity_to_assets": ((0.95, "a thick cushion"), (0.5, "a sound one"), (0.0, "a thin cushion")),
}
"""Words for sub-scores from a least one down, of curves where words help."""


def _judged(metric: Metric, sub_score: float) -> str:
    for least, words in _JUDGED.get(metric.key, ()):
        if sub_score >= least:
            return f": {words}"
    return ""


def _against(metric: Metric, value: float, median: float | None, whose: str) -> str:
    """The median beside the value, for metrics where that is what a reader asks next."""
    if median is None or metric.key not in _MEDIAN_SAID:
        return ""
    written, other = figure(value), figure(median)
    if written == other:
        return f", as the {whose} median"
    return f", {'more' if value > median else 'less'} than the {whose} median of {other}"


_MEDIAN_SAID = ("debt_to_equity", "net_debt_to_ebitda", "current_ratio")


def _signed(gains: str, loses: str) -> Callable[[float], str]:
    """A sentence for each sign; `{}` becomes the size in percent."""
    return lambda value: (gains if value >= 0 else loses).format(percent(abs(value)))


def _of_hundred(gains: str, loses: str) -> Callable[[float], str]:
    """As `_signed`, with the size in units of a hundred."""
    return lambda value: (gains if value >= 0 else loses).format(per_hundred(value))


def _moved(span: str) -> Callable[[float], str]:
    def said(value: float) -> str:
        if percent(value) == percent(0.0):
            return f"Unchanged in {span}, last month left out"
        return (
            f"{'Up' if value > 0 else 'Down'} {percent(abs(value))} in {span}, last month left out"
        )

    return said


def _from_average(days: int) -> Callable[[float], str]:
    def said(value: float) -> str:
        side = "above" if value >= 0 else "below"
        return f"{percent(abs(value))} {side} its average of {days} days"

    return said


def _book_to_price(value: float) -> str:
    if value <= 0:
        return "No book value stands behind the shares: liabilities exceed assets"
    return f"Costs {figure(1 / value)} times its book value"


def _rsi(value: float) -> str:
    if value < 30:
        return f"Oversold at {decimal(value, 1)}: sellers have had it all their way"
    if value < 45:
        return f"Cool at {decimal(value, 1)}: below 45 the method takes points away"
    if value <= 60:
        return f"Balanced at {decimal(value, 1)}, where the method gives all points"
    if value <= 70:
        return f"Warm at {decimal(value, 1)}: above 60 the method takes points away"
    return f"Overbought at {decimal(value, 1)}: buyers have had it all their way"


def _net_debt(value: float) -> str:
    return f"Repaying the net debt would take the EBITDA of {figure(value)} years"


_ZONES = {
    "distress": "in the zone of distress below 1.1",
    "grey": "in the grey zone between 1.1 and 2.6",
    "safe": "in the safe zone above 2.6",
}

_SAID: dict[str, Callable[[float], str]] = {
    "earnings_yield": _signed(
        "Earns {} of its market value a year", "Loses {} of its market value a year"
    ),
    "ebitda_to_ev": _signed(
        "EBITDA is {} of what the whole business costs",
        "Loses, before depreciation, {} of what the whole business costs",
    ),
    "fcf_yield": _signed(
        "Free cash flow is {} of its market value a year",
        "Uses up cash worth {} of its market value a year",
    ),
    "book_to_price": _book_to_price,
    "peg": lambda value: f"P/E is {figure(value)} times the growth of earnings in percent",
    "roic": _of_hundred(
        "Each 100 invested earns {} after tax", "Each 100 invested loses {} after tax"
    ),
    "gross_profitability": _of_hundred(
        "Each 100 of assets brings {} of gross profit",
        "Each 100 of assets brings a gross loss of {}",
    ),
    "roe": _of_hundred("Each 100 of equity earns {}", "Each 100 of equity loses {}"),
    "net_margin": _of_hundred("Keeps {} of every 100 in sales", "Loses {} on every 100 in sales"),
    "cash_conversion": _signed(
        "Cash flow exceeds earnings by {} of assets",
        "Cash flow falls short of earnings by {} of assets",
    ),
    "return_on_assets": _of_hundred("Each 100 of assets earns {}", "Each 100 of assets loses {}"),
    "return_12_1": _moved("eleven months"),
    "return_6_1": _moved("five months"),
    "price_vs_sma200": _from_average(200),
    "price_vs_sma50": _from_average(50),
    "rsi_14": _rsi,
    "volume_trend": lambda value: f"Rising days carry {percent(value)} of the volume",
    "debt_to_equity": lambda value: f"{figure(100 * value)} of debt for each 100 of equity",
    "net_debt_to_ebitda": _net_debt,
    "interest_coverage": lambda value: (
        f"Operating profit pays the interest {figure(value)} times over"
        if value >= 0
        else "An operating loss pays no interest"
    ),
    "current_ratio": lambda value: (
        f"{figure(value)} in short-term assets for each 1.00 due within a year"
    ),
    "altman_z2": lambda value: f"Z″ is {figure(value)}, {_ZONES[altman_zone(value)]}",
    "equity_to_assets": _of_hundred(
        "{} of every 100 in assets are its own", "Liabilities exceed assets by {} of every 100"
    ),
}


def not_rated_sentence(record: Record, kind: str) -> str:
    """Why a stock has no total, from its record: which factors know too little, and how little."""
    lacking = [
        f"{FACTOR_LABELS[factor].lower()} ({decimal(share * 100, 0)}{SPACE}%)"
        for factor, share in coverage(record).items()
        if share < LEAST_COVERAGE
    ]
    return (
        f"Not rated: a total needs {LEAST_RATED} factors of which at least half is known, and for "
        f"this {KIND_LABELS[kind]} too little is known of {listed(lacking)}."
    )


def coverage(record: Record) -> Mapping[str, float]:
    """Of each factor the share of its applicable points that are present."""
    present = dict.fromkeys(FACTOR_LABELS, 0)
    applicable = dict.fromkeys(FACTOR_LABELS, 0)
    for metric, result in zip(METRICS, record.metrics, strict=True):
        if result.reason == NOT_APPLICABLE:
            continue
        applicable[metric.factor] += metric.points
        present[metric.factor] += metric.points * (result.sub_score is not None)
    return {
        factor: present[factor] / points if points else 0.0 for factor, points in applicable.items()
    }
