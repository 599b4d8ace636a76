"""Why a metric is missing, or why its sub-score was decided without its ratio.

A reason is a whole number of 16 bits, kept with the score: the kind in the high byte, an argument
in the low byte. 0 means that there is nothing to say: the metric was computed as defined.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum


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


@dataclass(frozen=True, slots=True)
class Decided:
    """What is said where a known input decided a metric: `sentence` and `in_place` of the value on
    the stock's page, `clause` after "because", `short` in a cell of a table of many stocks, `news`
    in a sentence about what moved a score. `compared_as` is the number that bounds and orders
    compare in place of the missing ratio, None where it meets no bound."""

    sentence: str
    in_place: str
    clause: str
    short: str
    news: str
    compared_as: float | None = None


DECIDED: Mapping[Reason, Decided] = {
    Reason.NO_PROFIT: Decided(
        "No points: there is no profit that a price could be set against.",
        "loss",
        "there is no profit",
        "no profit",
        "no profit",
    ),
    Reason.NO_GROWTH: Decided(
        "No points: earnings per share do not grow, so no growth pays for the price.",
        "no growth",
        "earnings do not grow",
        "no growth",
        "earnings do not grow",
    ),
    Reason.NO_EQUITY: Decided(
        "No points: there is no equity to set the debt against.",
        "no equity",
        "equity is not above zero",
        "no equity",
        "no equity left",
    ),
    Reason.NET_CASH: Decided(
        "All points: cash covers the whole debt.",
        "net cash",
        "cash covers the debt",
        "net cash",
        "cash covers the debt",
        compared_as=0.0,
    ),
    Reason.NO_EBITDA: Decided(
        "No points: there is net debt, and no EBITDA to repay it from.",
        "no EBITDA",
        "there is net debt without EBITDA",
        "no EBITDA",
        "net debt without EBITDA",
    ),
    Reason.NO_DEBT: Decided(
        "All points: there is no debt, so there is no interest to cover.",
        "no debt",
        "there is no debt",
        "no debt",
        "no debt",
        compared_as=math.inf,
    ),
}
"""The words for every reason by which a known input decides."""


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


def decided(kept: int) -> Decided | None:
    """The words where a known input decided, else None."""
    return DECIDED.get(parts(kept)[0])


def listed(named: Sequence[str]) -> str:
    """Words as a sentence lists them: "a", "a and b", "a, b and c"."""
    if len(named) < 2:
        return "".join(named)
    return f"{', '.join(named[:-1])} and {named[-1]}"
