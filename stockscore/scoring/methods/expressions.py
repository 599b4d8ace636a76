"""Formulas as data: inputs, numbers and the four operations on them.

The same expression is computed of one stock with plain numbers and of all stocks with arrays, with
the same operations in the same order, so that both give the same bits.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

Expression: TypeAlias = "str | float | Operation"
"""The name of an input, a number, or an operation on two expressions."""

Quantity = TypeVar("Quantity")
"""A number, or an array of the numbers of all stocks."""


@dataclass(frozen=True, slots=True)
class Operation:
    """`symbol` is one of + − × ÷, written "+", "-", "*", "/"."""

    symbol: str
    left: Expression
    right: Expression


def plus(first: Expression, *others: Expression) -> Expression:
    """The sum, added from left to right."""
    total = first
    for other in others:
        total = Operation("+", total, other)
    return total


def minus(first: Expression, second: Expression) -> Operation:
    """The difference."""
    return Operation("-", first, second)


def times(first: Expression, second: Expression) -> Operation:
    """The product."""
    return Operation("*", first, second)


def over(numerator: Expression, denominator: Expression) -> Operation:
    """The quotient."""
    return Operation("/", numerator, denominator)


def names_in(expression: Expression) -> tuple[str, ...]:
    """The inputs of an expression, each once, in the order in which they stand."""
    if isinstance(expression, str):
        return (expression,)
    if isinstance(expression, Operation):
        both = names_in(expression.left) + names_in(expression.right)
        return tuple(dict.fromkeys(both))
    return ()


Operations = Mapping[str, Callable[[Quantity, Quantity], Quantity]]


def computed(
    expression: Expression,
    values: Mapping[str, Quantity],
    operations: Operations[Quantity],
    number: Callable[[float], Quantity],
) -> Quantity:
    """The value of an expression; `number` makes a quantity of a number that stands in it."""
    if isinstance(expression, str):
        return values[expression]
    if isinstance(expression, Operation):
        left = computed(expression.left, values, operations, number)
        right = computed(expression.right, values, operations, number)
        return operations[expression.symbol](left, right)
    return number(expression)


def _divided(above: float, below: float) -> float:
    """As arrays divide: by zero it is infinite, and zero by zero is NaN."""
    if below:
        return above / below
    return math.nan if not above or math.isnan(above) else above * math.copysign(math.inf, below)


_OF_NUMBERS: Operations[float] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divided,
}


def of_one(expression: Expression, values: Mapping[str, float]) -> float:
    """The value for one stock; `values` are NaN where missing, and so is what follows from them."""
    return computed(expression, values, _OF_NUMBERS, float)
