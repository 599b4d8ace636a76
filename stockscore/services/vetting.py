"""Which values of a new answer are accepted: pure rules over the stored values and the new ones.

Sources mistake units, currencies and splits now and then. A value that cannot follow from the last
good one is rejected with a reason, and the last good one stays in use until a later answer is
plausible again, or has repeated the value for long enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from stockscore.scoring.currency import major_unit
from stockscore.scoring.statements import Period, Statement

JUMP = 0.8
"""A close that changes by more than this fraction without a split is rejected at first."""
LASTING = 5
"""Later sessions that must keep a changed price level until it is accepted after all."""
SAME_LEVEL = 2.0
"""Prices within this factor of each other are on one level."""
UNIT_FACTOR = 80.0
"""A price moves this far only where a unit is mistaken (pence for pounds) or a reverse split is
missing; such a level is rejected however long it lasts."""
CAP_STEP = 20.0
"""A market value that changes by more than this factor while the price does not is in another
unit."""
MONEY_STEP = 100.0
"""The same for twelve months of sales: thousands taken for units."""

PRICE_FIELDS = ("currency", "close", "dividend")
STATEMENT_FIELDS = ("fundamentals", "financial_currency", "market_cap", "revenue")


class PricedBar(Protocol):
    """What the rules look at; stored bars and those of a provider both have it."""

    @property
    def session(self) -> date:
        """The exchange's own date."""

    @property
    def close(self) -> float:
        """The raw close."""

    @property
    def dividend(self) -> float:
        """Money per share going ex that day."""

    @property
    def split(self) -> float:
        """New shares for one old that day (1: none)."""


AnyBar = TypeVar("AnyBar", bound=PricedBar)


@dataclass(frozen=True, slots=True)
class RejectedValue:
    """A value that did not pass, the reason (a sentence), and the value that stays in use."""

    field: str
    value: str
    last_good: str | None
    reason: str
    session: date | None = None


def vet_currency(answered: str, known: str) -> RejectedValue | None:
    """A price currency other than that of the bars that are stored already.

    Two spellings of one unit (GBp, GBX) are no change."""
    if major_unit(answered) == major_unit(known):
        return None
    return RejectedValue(
        "currency",
        answered,
        known,
        f"Prices came in {answered}, but all earlier ones are in {known}.",
    )


def vet_bars(
    bars: Sequence[AnyBar], last: PricedBar | None
) -> tuple[list[AnyBar], list[RejectedValue]]:
    """The bars that are accepted, oldest first, and the first rejected value of each field.

    `last` is the last good bar before them (None: the first one counts as good). A bar on an
    implausible price level is rejected, and so are those after it while they stay there.
    """
    accepted: list[AnyBar] = []
    rejected: list[RejectedValue] = []
    good = last.close if last else None
    seen = last.session if last else None
    for index, bar in enumerate(bars):
        if good is not None and bar.split > 0:
            good /= bar.split
        value = _rejected_of(bars, index, good, seen)
        if value is None:
            accepted.append(bar)
            good, seen = bar.close, bar.session
        elif value.field not in {other.field for other in rejected}:
            rejected.append(value)
    return accepted, rejected


def _rejected_of(
    bars: Sequence[PricedBar], index: int, good: float | None, seen: date | None
) -> RejectedValue | None:
    """What is rejected of a bar, compared with the last good close restated for its split."""
    bar = bars[index]
    if not bar.close > 0:
        return _rejected(bar, "close", good, f"A close of {bar.close:g} cannot be a price.")
    if not bar.split > 0:
        return _rejected(bar, "close", good, f"A split of {bar.split:g} for 1 cannot be.")
    if good is None:
        return None
    if bar.dividend >= JUMP * good:
        reason = f"A dividend of {bar.dividend:g} on a price of {good:.6g} looks like another unit."
        return _rejected(bar, "dividend", good, reason)
    change = bar.close / good - 1.0
    if abs(change) <= JUMP or _lasts(bars, index, good):
        return None
    reason = (
        f"The close changed by {change:+.0%} between {seen} and {bar.session} without a split: "
        f"{good:.6g} to {bar.close:.6g}."
    )
    return _rejected(bar, "close", good, reason)


def _lasts(bars: Sequence[PricedBar], index: int, good: float) -> bool:
    """Whether the sessions after a jump keep its level, so that the market did move."""
    level = bars[index].close
    if not 1 / UNIT_FACTOR < level / good < UNIT_FACTOR:
        return False
    following = bars[index + 1 : index + 1 + LASTING]
    for bar in following:
        if not (bar.split > 0 and bar.close > 0):
            return False
        level /= bar.split
        if not 1 / SAME_LEVEL < bar.close / level < SAME_LEVEL:
            return False
    return len(following) == LASTING


def _rejected(bar: PricedBar, field: str, good: float | None, reason: str) -> RejectedValue:
    value = bar.dividend if field == "dividend" else bar.close
    return RejectedValue(
        field, f"{value:g}", None if good is None else f"{good:.6g}", reason, bar.session
    )


def vet_statements(
    answered: Sequence[Statement], known: Sequence[Statement]
) -> tuple[list[Statement], list[RejectedValue]]:
    """The statements that are accepted, and the rejected values.

    `known` are those stored already. An answer in another currency is rejected whole; where a unit
    is mistaken, only the trailing statement that shows it.
    """
    if not any(_figures(statement) for statement in answered):
        return [], [RejectedValue("fundamentals", "none", None, "The answer had no figure at all.")]
    currencies = {statement.currency for statement in answered}
    last = max(known, key=lambda statement: statement.known_at, default=None)
    if last is not None and last.currency not in currencies:
        came = ", ".join(sorted(currencies))
        reason = f"Accounts came in {came}, but all earlier ones are in {last.currency}."
        return [], [RejectedValue("financial_currency", came, last.currency, reason)]
    earlier = _last_trailing(known)
    accepted, rejected = [], []
    for statement in answered:
        value = None
        if statement.period is Period.TRAILING and earlier is not None:
            value = _in_another_unit(statement, earlier)
        if value is None:
            accepted.append(statement)
        else:
            rejected.append(value)
    return accepted, rejected


def _in_another_unit(statement: Statement, earlier: Statement) -> RejectedValue | None:
    """A figure of a trailing statement that moved as only a change of unit moves it."""
    for name, step in (("market_cap", CAP_STEP), ("revenue", MONEY_STEP)):
        before, after = earlier.figures.get(name), statement.figures.get(name)
        if not before or not after or before <= 0 or after <= 0:
            continue
        if 1 / step < after / before < step:
            continue
        if name == "market_cap" and not _same_price(statement, earlier):
            continue
        title = "market value" if name == "market_cap" else "sales of twelve months"
        reason = (
            f"The {title} changed by a factor of {after / before:.3g} in one step "
            f"({before:.4g} to {after:.4g}), which only another unit explains."
        )
        return RejectedValue(name, f"{after:.6g}", f"{before:.6g}", reason, statement.period_end)
    return None


def _same_price(statement: Statement, other: Statement) -> bool:
    """Whether the prices of two statements are on one level; unknown prices count as such."""
    here, there = statement.figures.get("price"), other.figures.get("price")
    if not here or not there:
        return True
    return 1 / SAME_LEVEL < here / there < SAME_LEVEL


def _last_trailing(known: Sequence[Statement]) -> Statement | None:
    trailing = [statement for statement in known if statement.period is Period.TRAILING]
    return max(trailing, key=lambda statement: statement.known_at, default=None)


def _figures(statement: Statement) -> list[float]:
    return [value for value in statement.figures.values() if value is not None]
