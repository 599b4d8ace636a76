"""Which statements of a new answer are believed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date

from stockscore.scoring.doctor.accounts import vet_accounts
from stockscore.scoring.doctor.bars import SAME_LEVEL
from stockscore.scoring.doctor.findings import RejectedValue
from stockscore.scoring.doctor.periods import vet_periods
from stockscore.scoring.doctor.report_currency import vet_report_currency
from stockscore.scoring.statements import Period, Statement

CAP_STEP = 20.0
"""A market value that changes by more than this factor while the price does not is in another
unit."""
MONEY_STEP = 100.0
"""The same for twelve months of sales and for all assets: thousands taken for units."""
_STEPS = (("market_cap", CAP_STEP), ("revenue", MONEY_STEP), ("total_assets", MONEY_STEP))
_TITLES = {"market_cap": "market value", "revenue": "sales of twelve months"}


def vet_statements(
    answered: Sequence[Statement],
    known: Sequence[Statement],
    doubted: Collection[date] = (),
    is_accepted: Callable[[RejectedValue], bool] = lambda _: False,
) -> tuple[list[Statement], list[RejectedValue]]:
    """The statements that are accepted, and the rejected values.

    `known` are those stored already. An answer in another currency is rejected whole until it
    stands (`doubted`: see `vet_report_currency`); where a unit is mistaken, only the trailing
    statement that shows it; what other figures of the answer contradict is left out of its
    statement. What a person has accepted (`is_accepted`) is not rejected.
    """
    if not any(_figures(statement) for statement in answered):
        return [], [
            RejectedValue(
                "no-figures", "fundamentals", "none", None, "The answer had no figure at all."
            )
        ]
    other_currency = vet_report_currency(answered, known, doubted)
    if other_currency is not None and not is_accepted(other_currency):
        return [], [other_currency]
    earlier = last_trailing(known)
    accepted, rejected = [], []
    for statement in sorted(answered, key=lambda statement: statement.period_end):
        value = None
        same = earlier is not None and statement.currency == earlier.currency
        if earlier is not None and same and statement.period is Period.TRAILING:
            value = _in_another_unit(statement, earlier)
        if value is None or is_accepted(value):
            accepted.append(statement)
            earlier = statement if statement.period is Period.TRAILING else earlier
        else:
            rejected.append(value)
    for vet in (vet_accounts, vet_periods):
        kept, found = vet(accepted)
        if found and all(map(is_accepted, found)):
            continue
        accepted = kept
        rejected += found
    return accepted, rejected


def _in_another_unit(statement: Statement, earlier: Statement) -> RejectedValue | None:
    """A figure of a trailing statement that moved as only a change of unit moves it."""
    for name, step in _STEPS:
        before, after = earlier.figures.get(name), statement.figures.get(name)
        if not before or not after or before <= 0 or after <= 0:
            continue
        if 1 / step < after / before < step:
            continue
        if name == "market_cap" and not _same_price(statement, earlier):
            continue
        title = _TITLES.get(name, name.replace("_", " "))
        reason = (
            f"The {title} changed by a factor of {after / before:.3g} in one step "
            f"({before:.4g} to {after:.4g}), which only another unit explains."
        )
        return RejectedValue(
            "money-unit", name, f"{after:.6g}", f"{before:.6g}", reason, statement.period_end
        )
    return None


def _same_price(statement: Statement, other: Statement) -> bool:
    """Whether the prices of two statements are on one level; unknown prices count as such."""
    here, there = statement.figures.get("price"), other.figures.get("price")
    if not here or not there:
        return True
    return 1 / SAME_LEVEL < here / there < SAME_LEVEL


def last_trailing(known: Iterable[Statement]) -> Statement | None:
    """The summary that became known last, None without any."""
    trailing = [statement for statement in known if statement.period is Period.TRAILING]
    return max(
        trailing, key=lambda statement: (statement.known_at, statement.period_end), default=None
    )


def _figures(statement: Statement) -> list[float]:
    return [value for value in statement.figures.values() if value is not None]
