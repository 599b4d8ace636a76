"""A version 1.2 of the method that nobody publishes, for tests of methods that change."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from stockscore.scoring.method import PCT_SECTOR, PCT_UNIVERSE
from stockscore.scoring.methods import METHODS, Method, Metric
from stockscore.scoring.methods.definition import PriceMeasure
from stockscore.scoring.methods.expressions import over, plus

VERSION = "1.2"

CASH_AND_EARNINGS_YIELD = Metric(
    "cash_and_earnings_yield",
    "value",
    "Cash and earnings yield",
    5,
    "(net income + free cash flow) / market value",
    PCT_SECTOR,
    "percent",
    "Both kinds of profit for each unit that the shares cost.",
    inputs=("net_income_ttm", "fcf_ttm", "market_cap"),
    formula=over(plus("net_income_ttm", "fcf_ttm"), "market_cap"),
    positive=("market_cap",),
)
RETURN_3_1 = Metric(
    "return_3_1",
    "momentum",
    "Return, months 3 to 1",
    4,
    "P[t−21] / P[t−63] − 1",
    PCT_UNIVERSE,
    "signed_percent",
    "Change of the price over two months, the last month left out.",
    price_measure=PriceMeasure("total_return", (21, 63), bars=64),
)


def made_up(without: Collection[str] = ("volume_trend",)) -> Method:
    """A version with two more metrics than 1.1, one of value with three inputs, and one fewer, or
    without those that are named."""
    earlier = METHODS["1.1"]
    value, quality, momentum, health = (
        [metric for metric in earlier.metrics_in(factor) if metric.key not in without]
        for factor in ("value", "quality", "momentum", "health")
    )
    metrics = (*value, CASH_AND_EARNINGS_YIELD, *quality, *momentum, RETURN_3_1, *health)
    return replace(earlier, version=VERSION, metrics=metrics)
