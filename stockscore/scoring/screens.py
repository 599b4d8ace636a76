"""Conditions on stocks, for one stock with its reading and for all stocks of a market by column."""

from __future__ import annotations

import dataclasses
import math
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import compress
from operator import add

from stockscore.scoring.fields import Field
from stockscore.scoring.formulas import Columns, Reading, Values


@dataclass(frozen=True, slots=True)
class Condition:
    """At least `low` and at most `high` of a field; None is no bound. The bounds are included, or
    where it is `strict` left out."""

    field: Field
    low: float | None = None
    high: float | None = None
    strict: bool = False
    least: float = dataclasses.field(init=False, compare=False, repr=False)
    most: float = dataclasses.field(init=False, compare=False, repr=False)
    """The least and the most number that meet the condition."""

    def __post_init__(self) -> None:
        least = -math.inf if self.low is None else self.low
        most = math.inf if self.high is None else self.high
        if self.strict:
            least = math.nextafter(least, math.inf) if self.low is not None else least
            most = math.nextafter(most, -math.inf) if self.high is not None else most
        object.__setattr__(self, "least", least)
        object.__setattr__(self, "most", most)

    def admits(self, reading: Reading) -> bool | None:
        """Whether a reading meets the condition; None where the figure is unknown."""
        if reading.compared is None:
            return None if reading.note is None else False
        return self.least <= reading.compared <= self.most


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one condition: `passed` is None where the figure is unknown."""

    passed: bool | None
    reading: Reading


def verdicts(conditions: Iterable[Condition], values: Values) -> tuple[Verdict, ...]:
    """What becomes of each condition for one stock."""
    found = []
    for condition in conditions:
        reading = condition.field.read(values)
        found.append(Verdict(condition.admits(reading), reading))
    return tuple(found)


class MarketFigures:
    """The figures of all stocks of a market, a sequence each, computed where they are first asked
    for. `columns` are what is known of `stocks` stocks in one order (see `formulas.Columns`);
    where one is lacking, the figures that need it are unknown of every stock.
    """

    def __init__(self, columns: Columns, stocks: int) -> None:
        self.columns = columns
        self.stocks = stocks
        self._figures: dict[str, Sequence[float]] = {}

    def of(self, field: Field) -> Sequence[float]:
        """What bounds and orders look at of every stock, NaN where it meets no bound."""
        if field.key not in self._figures:
            lacking = any(key not in self.columns for key in field.formula.column_keys)
            unknown = [math.nan] * self.stocks
            found = unknown if lacking else field.column(self.columns)
            # A list of numbers takes four times the memory of an array of them.
            self._figures[field.key] = array("d", found) if isinstance(found, list) else found
        return self._figures[field.key]

    def values(self, position: int, keys: Iterable[str]) -> Values:
        """What is known of the stock at a position, as `Field.read` takes it."""
        return {
            key: _known(self.columns[key][position]) if key in self.columns else None
            for key in keys
        }


def _known(value: float) -> float | None:
    return None if value != value else value  # only NaN differs from itself


def fits(
    figures: MarketFigures, conditions: Iterable[Condition], among: Sequence[int] | None = None
) -> list[int]:
    """The positions of the stocks that meet all conditions, of those in `among` (None: of all) and
    in that order."""
    found: Sequence[int] = range(figures.stocks) if among is None else among
    for condition in conditions:
        found = list(compress(found, _met(figures, condition, found)))
    return list(found)


def fits_and_near(
    figures: MarketFigures, conditions: Sequence[Condition], among: Sequence[int] | None = None
) -> tuple[list[int], list[int]]:
    """The positions that meet all conditions and those that miss exactly one, of those in `among`
    (None: of all) and in that order. What is unknown is missed."""
    asked: Sequence[int] = range(figures.stocks) if among is None else among
    met = [0] * len(asked)
    for condition in conditions:
        met = list(map(add, met, _met(figures, condition, asked)))
    all_of_them = len(conditions)
    fit = [position for position, number in zip(asked, met, strict=True) if number == all_of_them]
    near = [
        position for position, number in zip(asked, met, strict=True) if number == all_of_them - 1
    ]
    return fit, near


def _met(figures: MarketFigures, condition: Condition, positions: Sequence[int]) -> list[bool]:
    """Of the stock at each position, whether it meets the condition."""
    column, least, most = figures.of(condition.field), condition.least, condition.most
    in_place = positions == range(len(column))
    compared = column if in_place else map(column.__getitem__, positions)
    # One comparison where there is one bound: this looks at every stock of the market.
    if condition.high is None:
        return [number >= least for number in compared]
    if condition.low is None:
        return [number <= most for number in compared]
    return [least <= number <= most for number in compared]


def ordered(
    figures: MarketFigures, field: Field, positions: Iterable[int], *, falling: bool
) -> list[int]:
    """Positions by a figure; ties stay in their order, and what is unknown comes last in both
    directions."""
    column, asked = figures.of(field), list(positions)
    known = [position for position in asked if column[position] == column[position]]
    unknown = [position for position in asked if column[position] != column[position]]
    # Sorting is stable in reverse too.
    known.sort(key=column.__getitem__, reverse=falling)
    return known + unknown
