"""Figures of stocks, any that can be screened by or that a score is made from: what they are called
and how people read them."""

from __future__ import annotations

import math

from stockscore.scoring.fields import BY_KEY as FIELDS_BY_KEY
from stockscore.scoring.fields import Field
from stockscore.scoring.formulas import Reading
from stockscore.scoring.inputs import BY_NAME
from stockscore.web.ui import format as fmt

IN_FULL = {"dividend_per_share_ttm": "Dividend per share"}
"""Inputs that sentences call by less than stands well alone."""

SHORT = {"roic": "ROIC", "return_12_1": "12–1 return", "debt_to_equity": "Debt/equity"}
"""For the head of a column, which has no room for the name; only the table of peers has such."""


def label_of(name: str) -> str:
    """What a figure is called wherever it has a label: as the table of fields says, else as the
    table of inputs does. Raises `KeyError` for what is in neither."""
    if name in FIELDS_BY_KEY:
        return FIELDS_BY_KEY[name].label
    label = IN_FULL.get(name) or BY_NAME[name].label.removeprefix("the ")
    return f"{label[0].upper()}{label[1:]}"


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
