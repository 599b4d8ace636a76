"""How a figure comes about from what is known of a stock, or of all stocks of a market at once.

What is known stands under the keys of a cross-section: "total", the factors, "change_7" … in
hundredths of a point; inputs by their names; "roic.value" and "roic.reason" of a metric.

A figure that a loss, negative equity or the like has turned negative is not cheap: it meets no
bound. A figure that is unknown meets none either.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from stockscore.scoring import inputs
from stockscore.scoring.methods import METHODS
from stockscore.scoring.reasons import DECIDED, Reason, decided

Values = Mapping[str, float | None]
"""What is known of one stock, by key; None (or no such key) where it is unknown."""

Columns = Mapping[str, Sequence[float]]
"""The same of all stocks of a market, in one order: NaN where unknown, points that are unknown any
number below -10,000."""

_UNKNOWN = math.nan
_LARGEST = math.nextafter(math.inf, 0)
_LEAST_POINTS = -10_000


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure of one stock. `compared` is what bounds and orders look at, None where it meets no
    bound; it differs from `value` where a known fact decides without a number (no debt: endless
    coverage of interest). `note` says why there is no value."""

    value: float | None
    compared: float | None
    note: str | None = None


class Formula(Protocol):
    """How a figure comes about. `keys` is all that a reading looks at, `column_keys` the part of it
    that the compared numbers of a whole market are computed from."""

    @property
    def keys(self) -> tuple[str, ...]: ...

    @property
    def column_keys(self) -> tuple[str, ...]: ...

    def read(self, values: Values) -> Reading:
        """The figure of one stock."""
        ...

    def column(self, columns: Columns) -> Sequence[float]:
        """`Reading.compared` of every stock, NaN where it is None. Raises KeyError where one of
        `column_keys` is not among the columns."""
        ...


@dataclass(frozen=True, slots=True)
class Plain:
    """A number as it is kept."""

    key: str

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.key,)

    column_keys = keys

    def read(self, values: Values) -> Reading:
        value = values.get(self.key)
        return Reading(value, value)

    def column(self, columns: Columns) -> Sequence[float]:
        return columns[self.key]


@dataclass(frozen=True, slots=True)
class Points:
    """Points, of hundredths of them."""

    key: str

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.key,)

    column_keys = keys

    def read(self, values: Values) -> Reading:
        hundredths = values.get(self.key)
        known = hundredths is not None and hundredths >= _LEAST_POINTS
        value = hundredths / 100 if hundredths is not None and known else None
        return Reading(value, value)

    def column(self, columns: Columns) -> Sequence[float]:
        return [
            hundredths / 100 if hundredths >= _LEAST_POINTS else _UNKNOWN
            for hundredths in columns[self.key]
        ]


@dataclass(frozen=True, slots=True)
class Quotient:
    """One number over another that must be above zero: `lack` is the note where it is not, None
    where the ratio is then merely unknown. `excess` is the note where the number above is not above
    zero, None where it need not be."""

    above: str
    below: str
    lack: str | None = None
    excess: str | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.above, self.below)

    column_keys = keys

    def read(self, values: Values) -> Reading:
        above, below = values.get(self.above), values.get(self.below)
        if self.excess and above is not None and above <= 0:
            return Reading(None, None, self.excess)
        if below is not None and below <= 0:
            return Reading(None, None, self.lack)
        ratio = None if above is None or below is None else inputs.clean(above / below)
        return Reading(ratio, ratio)

    def column(self, columns: Columns) -> Sequence[float]:
        least = math.nextafter(0, 1) if self.excess else -_LARGEST
        return [
            ratio
            if below > 0 and above >= least and -_LARGEST <= (ratio := above / below) <= _LARGEST
            else _UNKNOWN
            for above, below in zip(columns[self.above], columns[self.below], strict=True)
        ]


_COMPARED_AS: Mapping[str, tuple[Reason, float]] = {
    metric.key: (decision.reason, number)
    for method in METHODS.values()
    for metric in method.metrics
    for decision in metric.decisions
    if (number := DECIDED[decision.reason].compared_as) is not None
}
"""Metrics that bounds compare with a number where that reason decided them; where another did, they
meet no bound."""


@dataclass(frozen=True, slots=True)
class MetricFigure:
    """The ratio of a metric. Net cash has one, below zero, wherever there is EBITDA."""

    key: str

    @property
    def keys(self) -> tuple[str, ...]:
        return (f"{self.key}.value", f"{self.key}.reason")

    @property
    def column_keys(self) -> tuple[str, ...]:
        return self.keys if self.key in _COMPARED_AS else self.keys[:1]

    def read(self, values: Values) -> Reading:
        value, kept = (values.get(key) for key in self.keys)
        words = None if kept is None else decided(int(kept))
        if value is not None or words is None:
            return Reading(value, value)
        return Reading(None, words.compared_as, words.short)

    def column(self, columns: Columns) -> Sequence[float]:
        values = columns[f"{self.key}.value"]
        if self.key not in _COMPARED_AS:
            return values
        decisive, number = _COMPARED_AS[self.key]
        reasons = columns[f"{self.key}.reason"]
        return [
            number if value != value and int(kept) >> 8 == decisive else value
            for value, kept in zip(values, reasons, strict=True)
        ]
