"""The words that every version of the method shares: factors, kinds of company, modes.

What a version says with them is data in `scoring.methods`.
"""

from __future__ import annotations

FACTORS = ("value", "quality", "momentum", "health")
FACTOR_LABELS = {
    "value": "Value",
    "quality": "Quality",
    "momentum": "Momentum",
    "health": "Health",
}
FACTOR_POINTS = 25
LEAST_RATED = 3
"""Rated factors that a total needs, and a horizon's fit with it."""

FINANCIAL, REAL_ESTATE, UTILITY, GENERAL = KINDS = (
    "financial",
    "real_estate",
    "utility",
    "general",
)
KIND_LABELS = {
    FINANCIAL: "financial company",
    REAL_ESTATE: "real estate company",
    UTILITY: "utility",
    GENERAL: "general company",
}

PCT_SECTOR, PCT_UNIVERSE, CURVE = MODES = ("pct-sector", "pct-universe", "curve")
MODE_LABELS = {
    PCT_SECTOR: "percentile, mostly of the sector",
    PCT_UNIVERSE: "percentile of the whole market",
    CURVE: "place on a fixed curve",
}

CHANGE_DAYS = (1, 7, 30, 90)
"""Calendar days over which changes of the total are kept ready."""
