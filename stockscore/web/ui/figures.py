"""Figures of stocks, any that can be screened by, as people read them."""

from __future__ import annotations

import math

from stockscore.scoring.screens import Field, Reading
from stockscore.web.ui import format as fmt


def figure(field: Field, reading: Reading) -> str:
    """A figure as people read it; where there is none, why."""
    if reading.value is None or not math.isfinite(reading.value):
        return reading.note or fmt.UNKNOWN
    if field.unit == "points":
        return fmt.decimal(reading.value, 1)
    if field.unit == "signed_points":
        return fmt.signed_decimal(reading.value, 1)
    if field.unit == "money":
        return fmt.money(reading.value)
    if field.unit == "price":
        return fmt.price(reading.value)
    return fmt.by_unit(reading.value, field.unit)
