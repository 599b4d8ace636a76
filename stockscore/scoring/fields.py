"""What can be asked of a stock: the score and its factors, the usual figures, and every metric.

The screener, the ready-made screens and the comparison read figures by this one table. A field
computes itself from what is known of one stock (`Field.read`) or of a whole market at once
(`Field.column`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stockscore.scoring.formulas import (
    Columns,
    Formula,
    MetricFigure,
    Plain,
    Points,
    Quotient,
    Reading,
    Values,
)
from stockscore.scoring.method import CHANGE_DAYS, FACTOR_LABELS, FACTOR_POINTS, FACTORS
from stockscore.scoring.methods import Metric, every_metric
from stockscore.scoring.stored_score import StoredScore

SCORE, PRICE = "Score and factors", "Price and size"
GROWTH, DIVIDEND, MARGINS = "Growth", "Dividend", "Margins"

QUOTED_PRICE = "quoted_price"
"""The key of the price as it is quoted; "price" is the input, in the currency of the reports."""

MARKET_VALUE = "market_cap_base"
"""The key of the market value in the base currency; "market_cap" is the input, in that of the
reports."""


@dataclass(frozen=True, slots=True)
class Field:
    """A figure that can be screened by; `key` stands in URLs. `unit` is one of `methods.Metric`, or
    "points", "signed_points", "money" or "price". `higher_is_better` is None where neither is.
    `metric` is the key of the metric that it is, None for other figures."""

    key: str
    label: str
    unit: str
    group: str
    meaning: str
    higher_is_better: bool | None
    formula: Formula
    metric: str | None = None

    def read(self, values: Values) -> Reading:
        """The figure of one stock."""
        return self.formula.read(values)

    def column(self, columns: Columns) -> Sequence[float]:
        """What bounds and orders look at of every stock, NaN where it meets no bound. Raises
        KeyError where a key of `formula.column_keys` is not among the columns."""
        return self.formula.column(columns)


def _of_metric(metric: Metric) -> Field:
    return Field(
        metric.key,
        metric.label,
        metric.unit,
        FACTOR_LABELS[metric.factor],
        metric.meaning,
        metric.higher_is_better,
        MetricFigure(metric.key),
        metric.key,
    )


_SCORES = (
    Field("score", "Score", "points", SCORE, "The total, 0 to 100.", True, Points("total")),
    *(
        Field(
            factor,
            f"{FACTOR_LABELS[factor]} points",
            "points",
            SCORE,
            f"Points of the factor {FACTOR_LABELS[factor]}, 0 to {FACTOR_POINTS}.",
            True,
            Points(factor),
        )
        for factor in FACTORS
    ),
    *(
        Field(
            f"change_{days}",
            f"Change in {days} {'day' if days == 1 else 'days'}",
            "signed_points",
            SCORE,
            f"Points that the score has gained since {days} {'day' if days == 1 else 'days'} ago.",
            True,
            Points(f"change_{days}"),
        )
        for days in CHANGE_DAYS
    ),
)

_USUAL = (
    Field(
        "pe", "P/E", "ratio", PRICE,
        "Price to earnings of twelve months; a loss has none.", False,
        Quotient("price", "eps_ttm", "there is no profit"),
    ),
    Field(
        "pb", "P/B", "ratio", PRICE,
        "Market value to equity; negative equity has none.", False,
        Quotient("market_cap", "total_equity", "equity is not above zero"),
    ),
    Field(
        "ps", "P/S", "ratio", PRICE, "Market value to revenue of twelve months.", False,
        Quotient("market_cap", "revenue_ttm", "no revenue"),
    ),
    Field(
        "ev_ebitda", "EV/EBITDA", "multiple", PRICE,
        "Enterprise value to EBITDA of twelve months; without EBITDA there is none.", False,
        Quotient(
            "enterprise_value", "ebitda_ttm", "no EBITDA", "cash exceeds price and debt"
        ),
    ),
    Field(
        "price", "Price", "price", PRICE, "The price as it is quoted.", None, Plain(QUOTED_PRICE),
    ),
    Field(
        "market_cap", "Market value", "money", PRICE,
        "In one currency at the day’s rate, by which stocks are ordered and screened.", None,
        Plain(MARKET_VALUE),
    ),
    Field(
        "revenue_growth", "Revenue growth", "signed_percent", GROWTH,
        "Revenue against the twelve months before.", True, Plain("revenue_growth"),
    ),
    Field(
        "eps_growth", "EPS growth", "signed_percent", GROWTH,
        "Earnings per share against the twelve months before.", True, Plain("eps_growth"),
    ),
    Field(
        "dividend_yield", "Dividend yield", "percent", DIVIDEND,
        "Dividends of twelve months over the price.", True,
        Quotient("dividend_per_share_ttm", "price"),
    ),
    Field(
        "payout", "Payout", "percent", DIVIDEND,
        "Dividends over earnings; a loss has none.", None,
        Quotient("dividend_per_share_ttm", "eps_ttm", "there is no profit"),
    ),
    Field(
        "gross_margin", "Gross margin", "percent", MARGINS, "Gross profit over revenue.", True,
        Quotient("gross_profit_ttm", "revenue_ttm", "no revenue"),
    ),
    Field(
        "operating_margin", "Operating margin", "percent", MARGINS, "EBIT over revenue.", True,
        Quotient("ebit_ttm", "revenue_ttm", "no revenue"),
    ),
    Field(
        "fcf_margin", "Free cash flow margin", "percent", MARGINS,
        "Free cash flow over revenue.", True, Quotient("fcf_ttm", "revenue_ttm", "no revenue"),
    ),
)  # fmt: skip

# A metric that only another version of the method has is a figure that is known of no stock.
FIELDS: tuple[Field, ...] = (*_SCORES, *_USUAL, *map(_of_metric, every_metric()))

BY_KEY: dict[str, Field] = {field.key: field for field in FIELDS}


def values_of(
    record: StoredScore,
    points: Mapping[str, int | None],
    quoted: float | None,
    market_value: float | None = None,
) -> Values:
    """What fields read of one stock: its record (all of it, or the metrics that are asked for), its
    points in hundredths (the total as "score", the factors, "change_7" …), its price as quoted and
    its market value in the base currency."""
    values: dict[str, float | None] = {**record.inputs, **points}
    values["total"] = points.get("score")
    values[QUOTED_PRICE], values[MARKET_VALUE] = quoted, market_value
    for result in record.metrics:
        values[f"{result.key}.value"] = result.value
        values[f"{result.key}.reason"] = result.reason
    return values
