"""Why a metric is missing, or why its sub-score was decided without its ratio.

A reason is a whole number of 16 bits, kept in records: the kind in the high byte, an argument in
the low byte. 0 means that there is nothing to say: the metric was computed as defined.
"""

from __future__ import annotations

from enum import IntEnum

from stockscore.scoring import inputs
from stockscore.scoring.method import (
    BY_KEY,
    Metric,
)


class Reason(IntEnum):
    """The kinds of reason. The argument is a mask over `Metric.inputs` (bit 0 the first) where
    inputs are to be named, a number of bars or sessions (at most 255) where bars are."""

    NONE = 0
    NOT_APPLICABLE = 1
    INPUT_MISSING = 2
    NOT_POSITIVE = 3
    NO_EXCHANGE_RATE = 4
    TOO_FEW_BARS = 5
    STALE_BARS = 6
    NO_VOLUME = 7
    NO_CAPITAL = 8
    NEGATIVE_DEBT = 9
    OUT_OF_RANGE = 10
    # From here on the metric is present: a known input decided its sub-score.
    NO_PROFIT = 32
    NO_GROWTH = 33
    NO_EQUITY = 34
    NET_CASH = 35
    NO_EBITDA = 36
    NO_DEBT = 37


def code(reason: Reason, argument: int = 0) -> int:
    """The number that is kept."""
    return int(reason) << 8 | argument


NOT_APPLICABLE = code(Reason.NOT_APPLICABLE)


def parts(kept: int) -> tuple[Reason, int]:
    """The kind and the argument of a kept number."""
    return Reason(kept >> 8), kept & 0xFF


def is_missing(kept: int) -> bool:
    """Whether the reason says that there is no sub-score."""
    return Reason.NONE < kept >> 8 < Reason.NO_PROFIT


def missing_sentence(key: str, kept: int) -> str:
    """Why the metric `key` has no sub-score, in a plain sentence."""
    metric = BY_KEY[key]
    reason, argument = parts(kept)
    if reason is Reason.NOT_APPLICABLE:
        return f"Does not apply: {_applies_to(metric)}."
    return f"Not scored: {_clause(metric, reason, argument)}."


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


def listed(named: list[str]) -> str:
    """Words as a sentence lists them: "a", "a and b", "a, b and c"."""
    if len(named) < 2:
        return "".join(named)
    return f"{', '.join(named[:-1])} and {named[-1]}"


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
