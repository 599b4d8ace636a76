"""What screens can ask of a stock: every metric, the score and its factors, and the usual figures.

A figure that a loss, negative equity or the like has turned negative is not cheap: it meets no
bound. A figure that is unknown meets none either.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from stockscore.scoring import inputs, strategies
from stockscore.scoring.method import CHANGE_DAYS, FACTOR_LABELS, FACTOR_POINTS, FACTORS, GENERAL
from stockscore.scoring.methods import Metric, default_method
from stockscore.scoring.reasons import Reason, parts
from stockscore.scoring.record import LAYOUT, SIZE, MetricResult, Record
from stockscore.scoring.strategies import FIGURES

SCORE, PRICE = "Score and factors", "Price and size"
GROWTH, DIVIDEND, MARGINS = "Growth", "Dividend", "Margins"


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure of one stock. `compared` is what bounds and orders look at, None where it meets no
    bound; it differs from `value` where a known fact decides without a number (no debt: endless
    coverage of interest). `note` says why there is no value."""

    value: float | None
    compared: float | None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """A stock to read figures of: its record (see `partial`), its points in hundredths ("score",
    the factors, "change_7" …; missing ones None) and its price as quoted."""

    record: Record
    points: Mapping[str, int | None]
    price: float | None


@dataclass(frozen=True, slots=True)
class Field:
    """A figure that can be screened by; `key` stands in URLs. `unit` is one of `method.Metric`, or
    "points", "signed_points", "money" or "price". `higher_is_better` is None where neither is."""

    key: str
    label: str
    unit: str
    group: str
    meaning: str
    higher_is_better: bool | None
    read: Callable[[Subject], Reading]
    metric: str | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """At least `low` and at most `high` of a field, both included; None is no bound."""

    field: Field
    low: float | None
    high: float | None

    def admits(self, reading: Reading) -> bool | None:
        """Whether a reading lies in the range; None where the figure is unknown."""
        at = reading.compared
        if at is None:
            return None if reading.note is None else False
        return (self.low is None or at >= self.low) and (self.high is None or at <= self.high)


_PLAIN = struct.Struct(f"<H{len(inputs.RECORDED)}d")
_METRIC = struct.Struct("<ddhH")
_AT = {
    metric.key: _PLAIN.size + at * _METRIC.size
    for at, metric in enumerate(default_method().metrics)
}


def partial(kept: bytes, metrics: Collection[str]) -> Record:
    """A packed record with only some of its metrics, and without their `max_points`.

    A screen reads the whole market and asks for few metrics; `record.unpack` works out all of them,
    which takes ten times as long. Raises ValueError as it does.
    """
    values = _PLAIN.unpack_from(kept) if len(kept) == SIZE else (None,)
    if values[0] != LAYOUT:
        raise ValueError(f"these {len(kept)} bytes are no record of layout {LAYOUT}")
    known = {
        name: None if value != value else value  # only NaN differs from itself
        for name, value in zip(inputs.RECORDED, values[1:], strict=True)
    }
    method = default_method()
    results = tuple(_result(kept, method.by_key[key]) for key in metrics)
    return Record(known, results, method.version, GENERAL)


def _result(kept: bytes, metric: Metric) -> MetricResult:
    value, sub_score, points, reason = _METRIC.unpack_from(kept, _AT[metric.key])
    return MetricResult(
        metric,
        None if math.isnan(value) else value,
        None if math.isnan(sub_score) else sub_score,
        None if points < 0 else points,
        0,
        reason,
    )


_STRATEGY_METRICS = frozenset({"peg", "roic", "net_margin", "fcf_yield", "debt_to_equity"})
"""The metrics among the figures of strategies."""


def metrics_for(fields: Collection[Field], with_strategy: bool) -> frozenset[str]:
    """The metrics that `partial` must read for these fields, and for strategies."""
    asked = frozenset(field.metric for field in fields if field.metric)
    return asked | _STRATEGY_METRICS if with_strategy else asked


_DECIDED: Mapping[Reason, tuple[float | None, str]] = {
    Reason.NO_PROFIT: (None, "no profit"),
    Reason.NO_GROWTH: (None, "no growth"),
    Reason.NO_EQUITY: (None, "no equity"),
    Reason.NET_CASH: (0.0, "net cash"),
    Reason.NO_EBITDA: (None, "no EBITDA"),
    Reason.NO_DEBT: (math.inf, "no debt"),
}
"""Where a known input decided: what bounds compare, and the words for it."""


def _metric(key: str) -> Callable[[Subject], Reading]:
    def read(subject: Subject) -> Reading:
        result = next(one for one in subject.record.metrics if one.key == key)
        reason = parts(result.reason)[0]
        decided = _DECIDED.get(reason)
        # Net cash has a ratio, below zero, wherever there is EBITDA to divide by.
        if decided is None or (reason is Reason.NET_CASH and result.value is not None):
            return Reading(result.value, result.value)
        return Reading(None, *decided)

    return read


def _figure(key: str) -> Callable[[Subject], Reading]:
    """A figure of the strategies, so that both mean the same by it."""

    def read(subject: Subject) -> Reading:
        figure = FIGURES[key](subject.record)
        return Reading(figure.value, figure.value, figure.fails)

    return read


def _ratio(above: str, below: str, lack: str) -> Callable[[Subject], Reading]:
    """One input over another that must be above zero; `lack` says so where it is not."""

    def read(subject: Subject) -> Reading:
        top, bottom = subject.record.inputs[above], subject.record.inputs[below]
        if bottom is not None and bottom <= 0:
            return Reading(None, None, lack)
        ratio = None if top is None or bottom is None else inputs.clean(top / bottom)
        return Reading(ratio, ratio)

    return read


def _enterprise_multiple(subject: Subject) -> Reading:
    value = subject.record.inputs["enterprise_value"]
    if value is not None and value <= 0:
        return Reading(None, None, "cash exceeds price and debt")
    return _ratio("enterprise_value", "ebitda_ttm", "no EBITDA")(subject)


def _input(name: str) -> Callable[[Subject], Reading]:
    def read(subject: Subject) -> Reading:
        value = subject.record.inputs[name]
        return Reading(value, value)

    return read


def _points(key: str) -> Callable[[Subject], Reading]:
    def read(subject: Subject) -> Reading:
        points = subject.points[key]
        value = None if points is None else points / 100
        return Reading(value, value)

    return read


def _price(subject: Subject) -> Reading:
    return Reading(subject.price, subject.price)


def _of_metric(metric: Metric) -> Field:
    return Field(
        metric.key,
        metric.label,
        metric.unit,
        FACTOR_LABELS[metric.factor],
        metric.meaning,
        metric.higher_is_better,
        _metric(metric.key),
        metric.key,
    )


_SCORES = (
    Field("score", "Score", "points", SCORE, "The total, 0 to 100.", True, _points("score")),
    *(
        Field(
            factor,
            f"{FACTOR_LABELS[factor]} points",
            "points",
            SCORE,
            f"Points of the factor {FACTOR_LABELS[factor]}, 0 to {FACTOR_POINTS}.",
            True,
            _points(factor),
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
            _points(f"change_{days}"),
        )
        for days in CHANGE_DAYS
    ),
)

_USUAL = (
    Field(
        "pe", "P/E", "ratio", PRICE,
        "Price to earnings of twelve months; a loss has none.", False, _figure("pe"),
    ),
    Field(
        "pb", "P/B", "ratio", PRICE,
        "Market value to equity; negative equity has none.", False, _figure("pb"),
    ),
    Field(
        "ps", "P/S", "ratio", PRICE, "Market value to revenue of twelve months.", False,
        _ratio("market_cap", "revenue_ttm", "no revenue"),
    ),
    Field(
        "ev_ebitda", "EV/EBITDA", "multiple", PRICE,
        "Enterprise value to EBITDA of twelve months; without EBITDA there is none.", False,
        _enterprise_multiple,
    ),
    Field("price", "Price", "price", PRICE, "The price as it is quoted.", None, _price),
    Field(
        "market_cap", "Market value", "money", PRICE,
        "In the currency of the reports, not converted.", None, _input("market_cap"),
    ),
    Field(
        "revenue_growth", "Revenue growth", "signed_percent", GROWTH,
        "Revenue against the twelve months before.", True, _figure("revenue_growth"),
    ),
    Field(
        "eps_growth", "EPS growth", "signed_percent", GROWTH,
        "Earnings per share against the twelve months before.", True, _input("eps_growth"),
    ),
    Field(
        "dividend_yield", "Dividend yield", "percent", DIVIDEND,
        "Dividends of twelve months over the price.", True, _figure("dividend_yield"),
    ),
    Field(
        "payout", "Payout", "percent", DIVIDEND,
        "Dividends over earnings; a loss has none.", None, _figure("payout"),
    ),
    Field(
        "gross_margin", "Gross margin", "percent", MARGINS, "Gross profit over revenue.", True,
        _ratio("gross_profit_ttm", "revenue_ttm", "no revenue"),
    ),
    Field(
        "operating_margin", "Operating margin", "percent", MARGINS, "EBIT over revenue.", True,
        _ratio("ebit_ttm", "revenue_ttm", "no revenue"),
    ),
    Field(
        "fcf_margin", "Free cash flow margin", "percent", MARGINS,
        "Free cash flow over revenue.", True, _ratio("fcf_ttm", "revenue_ttm", "no revenue"),
    ),
)  # fmt: skip

FIELDS: tuple[Field, ...] = (*_SCORES, *_USUAL, *map(_of_metric, default_method().metrics))

BY_KEY: dict[str, Field] = {field.key: field for field in FIELDS}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one condition: `passed` is None where the figure is unknown."""

    passed: bool | None
    reading: Reading


_SHORT = {
    "there is no profit": "no profit",
    "earnings do not grow": "no growth",
    "equity is not above zero": "no equity",
}
"""The notes of strategies, short enough for a cell of a table."""


def strategy_verdicts(strategy: strategies.Strategy, record: Record) -> tuple[Verdict, ...]:
    """The conditions of a ready-made screen, in its order."""
    return tuple(
        Verdict(one.passed, Reading(one.value, one.value, one.note and _SHORT.get(one.note)))
        for one in strategies.evaluate(strategy, record).outcomes
    )


def fits(strategy: strategies.Strategy, record: Record) -> bool:
    """Whether a ready-made screen admits a stock, as `strategies.evaluate` says it; this stops at
    the first condition that is not met, because the whole market is asked."""
    for condition in strategy.conditions:
        value = FIGURES[condition.figure](record).value
        if value is None:
            return False
        if not (
            value < condition.limit if condition.comparison == "<" else value > condition.limit
        ):
            return False
    return True


def range_verdicts(ranges: Collection[Range], subject: Subject) -> tuple[Verdict, ...]:
    """The ranges of a custom screen, in their order."""
    readings = ((one, one.field.read(subject)) for one in ranges)
    return tuple(Verdict(one.admits(reading), reading) for one, reading in readings)
