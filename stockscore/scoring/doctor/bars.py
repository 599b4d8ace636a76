"""Which bars of a new answer are believed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol, TypeVar

from stockscore.scoring.currency import major_unit
from stockscore.scoring.doctor.findings import RejectedValue

JUMP = 0.8
"""A close that changes by more than this fraction without a split is rejected at first."""
LASTING = 5
"""Later sessions that must keep a changed price level until it is accepted after all."""
SAME_LEVEL = 2.0
"""Prices within this factor of each other are on one level."""
UNIT_FACTOR = 80.0
"""A price moves this far only where a unit is mistaken (pence for pounds) or a reverse split is
missing; such a level is rejected however long it lasts."""
PRICE_FIELDS = ("currency", "close", "dividend")


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


def vet_currency(answered: str, known: str) -> RejectedValue | None:
    """A price currency other than that of the bars that are stored already.

    Two spellings of one unit (GBp, GBX) are no change."""
    if major_unit(answered) == major_unit(known):
        return None
    return RejectedValue(
        "price-currency",
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
        return _rejected(
            "no-price", bar, "close", good, f"A close of {bar.close:g} cannot be a price."
        )
    if not bar.split > 0:
        return _rejected(
            "no-price", bar, "close", good, f"A split of {bar.split:g} for 1 cannot be."
        )
    if good is None:
        return None
    if bar.dividend >= JUMP * good:
        reason = f"A dividend of {bar.dividend:g} on a price of {good:.6g} looks like another unit."
        return _rejected("dividend-unit", bar, "dividend", good, reason)
    change = bar.close / good - 1.0
    if abs(change) <= JUMP or _lasts(bars, index, good):
        return None
    reason = (
        f"The close changed by {change:+.0%} between {seen} and {bar.session} without a split: "
        f"{good:.6g} to {bar.close:.6g}."
    )
    return _rejected("price-jump", bar, "close", good, reason)


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


def _rejected(
    rule: str, bar: PricedBar, field: str, good: float | None, reason: str
) -> RejectedValue:
    value = bar.dividend if field == "dividend" else bar.close
    return RejectedValue(
        rule, field, f"{value:g}", None if good is None else f"{good:.6g}", reason, bar.session
    )
