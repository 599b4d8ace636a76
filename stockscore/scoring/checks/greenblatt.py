"""The two ratios of Greenblatt's magic formula (2005)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stockscore.scoring.assemble import Reported
from stockscore.scoring.checks.ratios import Ratio, divided, name_of, sentence
from stockscore.scoring.inputs import clean
from stockscore.scoring.method import FINANCIAL
from stockscore.scoring.numerals import percent


@dataclass(frozen=True, slots=True)
class Greenblatt:
    """EBIT over enterprise value, and over net working capital plus net fixed assets. `note` says
    where something had to stand in for a figure that the source does not give."""

    earnings_yield: Ratio
    return_on_capital: Ratio
    note: str | None = None


def greenblatt(
    inputs: Mapping[str, float | None], reported: Reported | None, kind: str
) -> Greenblatt:
    """The two ratios of the magic formula.

    Net working capital is current assets without cash less current liabilities without short-term
    debt, and not below zero; net fixed assets are property, plant and equipment. Where the source
    gives no fixed assets all non-current assets stand in, and where it does not split debt by term
    none of it counts as short-term; `note` then says so.
    """
    if kind == FINANCIAL:
        unfit = Ratio(None, "Not meant for banks, insurers and other financial companies.")
        return Greenblatt(unfit, unfit)
    ebit = ("ebit_ttm", inputs.get("ebit_ttm"))
    earnings_yield = divided(ebit, ("enterprise value", inputs.get("enterprise_value")), percent)
    figures = reported.figures if reported else {}
    capital, lacking, notes = _tangible_capital(inputs, figures)
    if capital is None:
        on_capital = Ratio(None, f"unknown: {lacking}")
    else:
        on_capital = divided(ebit, ("working capital and fixed assets", capital), percent)
    return Greenblatt(
        _ended(earnings_yield), _ended(on_capital), " ".join(notes) if notes else None
    )


def _ended(ratio: Ratio) -> Ratio:
    return Ratio(ratio.value, sentence(ratio.arithmetic))


def _tangible_capital(
    inputs: Mapping[str, float | None], figures: Mapping[str, float]
) -> tuple[float | None, str, list[str]]:
    """Net working capital plus net fixed assets; what is missing; and what stood in."""
    known = {name: value for name, value in inputs.items() if value is not None}
    names = ("current_assets", "current_liabilities", "cash")
    missing = [name_of(name) for name in names if name not in known]
    fixed, notes = figures.get("fixed_assets"), []
    if fixed is None and not missing:
        if "total_assets" not in known:
            missing.append(name_of("fixed_assets"))
        else:
            fixed = known["total_assets"] - known["current_assets"]
            notes.append("All non-current assets stand in for net fixed assets.")
    if missing or fixed is None:
        return None, ", ".join(missing), []
    debt, long_term = known.get("total_debt"), figures.get("long_term_debt")
    short_term = 0.0
    if debt is not None and long_term is not None:
        short_term = min(max(debt - long_term, 0.0), known["current_liabilities"])
    elif debt != 0:
        notes.append("Debt is not split by term, so none counts as short-term.")
    working = (known["current_assets"] - known["cash"]) - (
        known["current_liabilities"] - short_term
    )
    capital = clean(max(working, 0.0) + fixed)
    return capital, "numbers that can be computed with", notes
