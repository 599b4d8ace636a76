"""Altman's Z″ (Altman, Hartzell and Peck 1995) with its zones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stockscore.scoring.altman_zones import altman_zone
from stockscore.scoring.checks.ratios import name_of, sentence
from stockscore.scoring.inputs import clean
from stockscore.scoring.method import GENERAL
from stockscore.scoring.numerals import money

_INPUTS = (
    "current_assets",
    "current_liabilities",
    "retained_earnings",
    "ebit_ttm",
    "total_equity",
    "total_assets",
    "total_liabilities",
)

_EXTREME = "The numbers are too extreme to compute with."


@dataclass(frozen=True, slots=True)
class AltmanTerm:
    """One part of a sum: `value` = `weight` · ratio."""

    label: str
    weight: float
    ratio: float
    value: float
    arithmetic: str


@dataclass(frozen=True, slots=True)
class Altman:
    """`zone` is "distress", "grey" or "safe"; both None, with a `reason`, where unknown."""

    z: float | None
    zone: str | None
    terms: tuple[AltmanTerm, ...] = ()
    reason: str | None = None


def altman(inputs: Mapping[str, float | None], kind: str) -> Altman:
    """Z″ from inputs of `scoring.inputs`; only for general companies, as in the method."""
    if kind != GENERAL:
        return Altman(None, None, reason="Z″ is not meant for this kind of company.")
    known = {name: value for name, value in inputs.items() if value is not None}
    missing = [name_of(name) for name in _INPUTS if name not in known]
    if missing:
        return Altman(None, None, reason=sentence(f"unknown: {', '.join(missing)}"))
    assets, liabilities = known["total_assets"], known["total_liabilities"]
    if assets <= 0 or liabilities <= 0:
        return Altman(None, None, reason="Total assets or total liabilities are not above zero.")
    working_capital = clean(known["current_assets"] - known["current_liabilities"])
    if working_capital is None:
        return Altman(None, None, reason=_EXTREME)
    terms = (
        _term("Working capital to assets", 6.56, working_capital, assets),
        _term("Retained earnings to assets", 3.26, known["retained_earnings"], assets),
        _term("EBIT to assets", 6.72, known["ebit_ttm"], assets),
        _term("Equity to liabilities", 1.05, known["total_equity"], liabilities),
    )
    z = clean(sum(term.value for term in terms))
    if z is None:
        return Altman(None, None, reason=_EXTREME)
    return Altman(z, altman_zone(z), terms)


def _term(label: str, weight: float, above: float, below: float) -> AltmanTerm:
    ratio = above / below
    arithmetic = f"{weight} · {money(above)} / {money(below)}"
    return AltmanTerm(label, weight, ratio, weight * ratio, arithmetic)
