"""Figures of one report that contradict each other, or cannot be."""

from __future__ import annotations

from collections.abc import Sequence

from stockscore.scoring.doctor.findings import RejectedValue
from stockscore.scoring.statements import Period, Statement

SHEET = ("total_assets", "total_liabilities", "total_equity")
EXCESS = 1.1
"""Liabilities and equity are hardly more than the assets: shares of minorities that are below zero
are in neither (6 % at a casino with minorities in Macau). They may be less by what belongs to
minorities and by preferred stock outside of equity."""
LEAST = 0.3
"""Below this fraction of the assets something is in another unit."""


def vet_accounts(answered: Sequence[Statement]) -> tuple[list[Statement], list[RejectedValue]]:
    """The statements without figures that cannot be, and what was rejected."""
    accepted, rejected = [], []
    for statement in answered:
        found = [
            (names, value)
            for names, value in (
                (("revenue", "gross_profit"), _negative_revenue(statement)),
                (SHEET, _unbalanced(statement)),
            )
            if value is not None
        ]
        for names, value in found:
            statement = statement.without(names)
            rejected.append(value)
        accepted.append(statement)
    return accepted, rejected


def _negative_revenue(statement: Statement) -> RejectedValue | None:
    revenue = statement.figures.get("revenue")
    if revenue is None or revenue >= 0:
        return None
    span = "twelve months" if statement.period is Period.TRAILING else f"the {statement.period}"
    reason = (
        f"Revenue of {span} to {statement.end} is {revenue:,.0f}: nobody sells less than nothing."
    )
    return RejectedValue(
        "negative-revenue", "revenue", f"{revenue:.6g}", None, reason, statement.end
    )


def _unbalanced(statement: Statement) -> RejectedValue | None:
    """A balance sheet whose sides are not equal."""
    assets, liabilities, equity = (statement.figures.get(name) for name in SHEET)
    if assets is None or liabilities is None or equity is None or assets <= 0:
        return None
    if LEAST * assets <= liabilities + equity <= EXCESS * assets:
        return None
    reason = (
        f"At {statement.end} total assets are {assets:,.0f}, but liabilities of {liabilities:,.0f} "
        f"and equity of {equity:,.0f} make {liabilities + equity:,.0f}: none of the three is "
        "believed."
    )
    return RejectedValue(
        "balance-sheet", "total_assets", f"{assets:.6g}", None, reason, statement.end
    )
