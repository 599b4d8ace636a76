"""Currencies in which prices are quoted, and their major units."""

from __future__ import annotations

MINOR_UNITS: dict[str, tuple[str, float]] = {
    "GBX": ("GBP", 0.01),
    "GBp": ("GBP", 0.01),
    "ZAC": ("ZAR", 0.01),
    "ZAc": ("ZAR", 0.01),
    "ILA": ("ILS", 0.01),
    "ILa": ("ILS", 0.01),
}
"""Units in which exchanges quote a hundredth of their currency, as sources spell them. The case
matters: GBp is a penny, GBP a pound."""


def major_unit(code: str) -> tuple[str, float]:
    """The ISO currency of `code` and how many of it one unit is: ("GBP", 0.01) for GBX."""
    code = code.strip()
    return MINOR_UNITS.get(code, (code.upper(), 1.0))
