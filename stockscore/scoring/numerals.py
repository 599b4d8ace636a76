"""Numbers as people read them in a sentence: half rounds up (away from zero), a true minus, grouped
thousands, a no-break space before a unit."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache

MINUS = "\N{MINUS SIGN}"
SPACE = "\N{NO-BREAK SPACE}"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))


def decimal(value: float, digits: int = 2, *, signed: bool = False) -> str:
    """`value` with exactly `digits` decimals: 2.675 is "2.68", -1234.5 is "−1,234.50".

    Rounding works on the shortest decimal form of the float, so that halves are those one sees.
    A value that rounds to zero has no sign."""
    if math.isinf(value):
        return f"{MINUS if value < 0 else ''}∞"
    rounded = Decimal(repr(float(value))).quantize(_step(digits), ROUND_HALF_UP, _WIDE)
    sign = "" if not rounded else MINUS if rounded < 0 else "+" if signed else ""
    return f"{sign}{rounded.copy_abs():,.{digits}f}"


_WIDE = Context(prec=400)
"""Room for the widest float, so that quantize never overflows."""


@cache
def _step(digits: int) -> Decimal:
    return Decimal(1).scaleb(-digits)


def percent(fraction: float, *, signed: bool = False) -> str:
    """A fraction in percent with three telling digits: 0.0596 is "5.96 %", 1.204 is "120 %"."""
    return f"{decimal(fraction * 100, _digits(fraction * 100), signed=signed)}{SPACE}%"


def per_hundred(fraction: float) -> str:
    """The size of a fraction in hundredths with three telling digits: -0.145 is "14.5"."""
    return decimal(abs(fraction) * 100, _digits(fraction * 100))


def figure(value: float) -> str:
    """A plain ratio: two decimals, fewer where it is large ("0.60", "12.4", "310")."""
    return decimal(value, _digits(value))


def money(value: float) -> str:
    """An amount, scaled: 641e6 is "641 million", 950 is "950"."""
    for scale, word in SCALES:
        if abs(value) >= scale:
            return f"{figure(value / scale)}{SPACE}{word}"
    return decimal(value, 0) if abs(value) >= 100 else decimal(value, 2)


MOST_DIGITS = 8
"""Beyond these two figures are the same to any reader."""


def told_apart(
    value: float, other: float, write: Callable[[float, int], str], digits: int
) -> tuple[str, str]:
    """Two figures by `write(value, digits)`, with as many more digits as it takes to see that they
    differ, where they do."""
    while value != other and digits < MOST_DIGITS and write(value, digits) == write(other, digits):
        digits += 1
    return write(value, digits), write(other, digits)


def half_up(value: float) -> int:
    """The nearest whole number, half away from zero."""
    return int(Decimal(repr(float(value))).quantize(Decimal(1), ROUND_HALF_UP))


def day(found: date) -> str:
    """24 Nov 2026."""
    return f"{short_day(found)}{SPACE}{found.year}"


def short_day(found: date) -> str:
    """24 Nov."""
    return f"{found.day}{SPACE}{MONTHS[found.month - 1]}"


def _digits(value: float) -> int:
    size = abs(value)
    return 2 if size < 9.995 else 1 if size < 99.95 else 0
