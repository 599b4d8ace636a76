"""One plain sentence about each metric of a score, from its result and the method that made it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from stockscore.scoring import inputs
from stockscore.scoring.altman_zones import DISTRESS, SAFE, altman_zone
from stockscore.scoring.method import CURVE, FACTOR_LABELS, GENERAL, KIND_LABELS, PCT_UNIVERSE
from stockscore.scoring.methods import Metric, method_of
from stockscore.scoring.numerals import SPACE, decimal, figure, half_up, per_hundred, percent
from stockscore.scoring.reasons import (
    NOT_APPLICABLE,
    Reason,
    decided,
    is_missing,
    listed,
    parts,
)
from stockscore.scoring.stored_score import SECTOR, MetricResult, StoredScore

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
    worse: by the place, or by the sub-score of a score whose places were not kept. `kind` matters
    for the debt ratios of utilities and real estate.
    """
    metric = result.metric
    if is_missing(result.reason):
        return missing_sentence(result)
    words = decided(result.reason)
    if words is not None:
        return words.sentence
    if result.value is None or result.sub_score is None:
        return "Not scored."
    text = value_sentence(metric, result.value)
    if metric.mode == CURVE:
        text += _judged(metric, result.sub_score)
        text += _against(metric, result.value, median, "sector" if sector else "market")
        halved = kind in metric.halved
        return text + (
            ". Half of it counts, as for every utility and real estate company." if halved else "."
        )
    return f"{text}{_standing(result, sector)}."


def value_sentence(metric: Metric, value: float) -> str:
    """The value in words, without a full stop; a metric that has no words of its own is named."""
    say = _SAID.get(metric.key)
    return say(value) if say else f"{metric.label} is {_written(metric, value)}"


def _written(metric: Metric, value: float) -> str:
    if metric.unit in {"percent", "signed_percent"}:
        return percent(value, signed=metric.unit == "signed_percent")
    return decimal(value, 1) if metric.unit == "index" else figure(value)


def _standing(result: MetricResult, sector: str | None) -> str:
    """How many of the sector or the market do worse; nothing where there are too few others."""
    if result.place is None:
        share = result.sub_score
        whole = result.metric.mode == PCT_UNIVERSE or not sector
    else:
        share, whole = result.place.share, result.place.among != SECTOR
    if share is None:
        return ""
    place = _place(share, *_PLACED.get(result.key, ("more", "less")))
    return f", {place} {'the market' if whole else 'its sector'}"


_PLACED = {"book_to_price": ("cheaper", "dearer")}


def _place(share: float, better: str, worse: str) -> str:
    """More than 64 in 100 of; a number from 50 to 99."""
    if _MIDDLE[0] <= share <= _MIDDLE[1]:
        return "about the middle of"
    above = share > 0.5
    hundredths = min(half_up(100 * (share if above else 1 - share)), 99)
    return f"{better if above else worse} than {hundredths} in 100 of"


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
    def written(value: float) -> str:
        if percent(value) == percent(0.0):
            return f"Unchanged in {span}, last month left out"
        return (
            f"{'Up' if value > 0 else 'Down'} {percent(abs(value))} in {span}, last month left out"
        )

    return written


def _from_average(days: int) -> Callable[[float], str]:
    def written(value: float) -> str:
        side = "above" if value >= 0 else "below"
        return f"{percent(abs(value))} {side} its average of {days} days"

    return written


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
    "distress": f"in the zone of distress below {DISTRESS}",
    "grey": f"in the grey zone between {DISTRESS} and {SAFE}",
    "safe": f"in the safe zone above {SAFE}",
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


def missing_sentence(result: MetricResult) -> str:
    """Why a metric has no sub-score, in a plain sentence."""
    reason, argument = parts(result.reason)
    if reason is Reason.NOT_APPLICABLE:
        return f"Does not apply: {_applies_to(result.metric)}."
    return f"Not scored: {_clause(result.metric, reason, argument)}."


def _clause(metric: Metric, reason: Reason, argument: int) -> str:
    named = [
        inputs.BY_NAME[name].label
        for bit, name in enumerate(metric.inputs)
        if argument >> bit & 1 and name in inputs.BY_NAME
    ]
    match reason:
        case Reason.INPUT_MISSING:
            if metric.key == "interest_coverage" and named == ["interest expense"]:
                return "there is debt, but the interest paid is not known"
            return f"{listed(named)} {_is(named)} unknown"
        case Reason.NOT_POSITIVE:
            return f"{listed(named)} {_is(named)} not above zero"
        case Reason.NO_EXCHANGE_RATE:
            return "price and reports are in different currencies, and no exchange rate is known"
        case Reason.TOO_FEW_BARS:
            have = "none" if argument == 0 else f"only {argument}"
            return f"it needs prices of {metric.bars} sessions, and there are {have}"
        case Reason.STALE_BARS:
            return (
                f"the last price is {argument}{'' if argument < 255 else ' or more'} sessions "
                "older than the newest of its exchange"
            )
        case Reason.NO_VOLUME:
            return "no volume is known of its rising and falling days"
        case Reason.NO_CAPITAL:
            return "debt and equity less cash leave no invested capital"
        case Reason.NEGATIVE_DEBT:
            return "total debt is below zero, which cannot be right"
        case _:
            return "the numbers are too extreme to compute with"


def _is(named: list[str]) -> str:
    plural = len(named) > 1 or named[-1].endswith(("assets", "liabilities", "earnings"))
    return "are" if plural else "is"


def _applies_to(metric: Metric) -> str:
    names = {
        "financial": "banks, insurers and other financial companies",
        "real_estate": "real estate companies",
        "utility": "utilities",
        "general": "general companies",
    }
    return f"it is for {listed([names[kind] for kind in metric.kinds])} only"


def not_rated_sentence(score: StoredScore, kind: str) -> str:
    """Why a stock has no total: which factors know too little, and how little."""
    method = method_of(score.method)
    lacking = [
        f"{FACTOR_LABELS[factor].lower()} ({decimal(share * 100, 0)}{SPACE}%)"
        for factor, share in coverage(score).items()
        if share < method.least_coverage
    ]
    return (
        f"Not rated: a total needs {method.least_rated} factors of which at least half is known, "
        f"and for this {KIND_LABELS[kind]} too little is known of {listed(lacking)}."
    )


def coverage(score: StoredScore) -> Mapping[str, float]:
    """Of each factor the share of its applicable points that are present."""
    present = dict.fromkeys(FACTOR_LABELS, 0)
    applicable = dict.fromkeys(FACTOR_LABELS, 0)
    for result in score.metrics:
        metric = result.metric
        if result.reason != NOT_APPLICABLE:
            applicable[metric.factor] += metric.points
            present[metric.factor] += metric.points * (result.sub_score is not None)
    return {
        factor: present[factor] / points if points else 0.0 for factor, points in applicable.items()
    }
