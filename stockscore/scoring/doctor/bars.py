"""Which bars of a new answer are believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import log
from statistics import median
from typing import Protocol, TypeVar

from stockscore.scoring.currency import major_unit
from stockscore.scoring.doctor.decisions import NOTHING_DECIDED, Decisions
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
LIKE_A_SPLIT = 0.035
"""A jump this close to a whole ratio (a tenth, three times) looks like a split that nobody told of,
and stays in doubt however long it lasts."""
BEGINNING = 11
"""First bars of a stock whose median level the first one is held against."""
QUOTE_DAYS = 30
"""Days between a quoted price and the close that it is held against."""
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


@dataclass(frozen=True, slots=True)
class QuotedPrice:
    """A price that the source quoted beside its figures, in the unit of the stock's prices."""

    day: date
    price: float


def vet_bars(
    bars: Sequence[AnyBar],
    last: PricedBar | None,
    decisions: Decisions = NOTHING_DECIDED,
    quoted: QuotedPrice | None = None,
    *,
    take_all: bool = False,
) -> tuple[list[AnyBar], list[RejectedValue]]:
    """The bars that are accepted, oldest first, and the first rejected value of each field.

    `last` is the last good bar before them; where there is none, the level of the answer itself
    counts as good, and the answer as a whole is held against the quoted price. A bar on an
    implausible price level is rejected, and so are those after it while they stay there. What a
    person has accepted is believed. With `take_all` everything is taken that can be a price, and
    the rejected values are those that were doubted, each time that the level changes.
    """
    good = last.close if last else _beginning(bars)
    accepted, rejected = _vetted(bars, good, last.session if last else None, decisions, take_all)
    unit = None if last or not accepted else _in_another_unit(bars, accepted, quoted)
    if unit is not None and not decisions.accepts(unit.field, unit.session, unit.value):
        if take_all:
            return accepted, [unit, *rejected]
        return [], [unit, *(value for value in rejected if value.field != unit.field)]
    return accepted, rejected


def _vetted(
    bars: Sequence[AnyBar],
    good: float | None,
    seen: date | None,
    decisions: Decisions,
    take_all: bool,
) -> tuple[list[AnyBar], list[RejectedValue]]:
    accepted: list[AnyBar] = []
    rejected: list[RejectedValue] = []
    split_level: float | None = None
    for index, bar in enumerate(bars):
        if good is not None and bar.split > 0 and (index or seen):
            good /= bar.split
        if split_level is not None and bar.split > 0:
            split_level /= bar.split
        value = _rejected_of(bars, index, good, seen)
        if value is None and _stays(bar, good, split_level):
            # The ratio drifts with the market, and the doubt is the same.
            value = _rejected("unlisted-split", bar, "close", good, rejected[-1].reason)
        if value is not None and decisions.accepts(value.field, bar.session, value.value):
            value = None
        if value is not None and take_all and value.rule != "no-price":
            rejected.append(value)
            value = None
        if value is None:
            accepted.append(bar)
            good, seen, split_level = bar.close, bar.session, None
            continue
        if value.rule == "unlisted-split":
            split_level = bar.close
        if value.field not in {other.field for other in rejected}:
            rejected.append(value)
    return accepted, rejected


def _beginning(bars: Sequence[PricedBar]) -> float | None:
    """The level on which a first answer begins, where its first bar is not on it.

    Where the answer changes its unit, that of most bars counts; else the median of its first bars.
    """
    priced = [bar for bar in bars if bar.close > 0 and bar.split > 0]
    if not priced:
        return None
    shares, levels = 1.0, [priced[0].close]
    for bar in priced[1:]:
        shares *= bar.split
        levels.append(bar.close * shares)
    units = [0]
    for before, level in pairwise(levels):
        step = log(level / before) / log(UNIT_FACTOR)
        units.append(units[-1] + int(step))
    most = max(sorted(set(units)), key=units.count)
    usual = [level for level, unit in zip(levels, units, strict=True) if unit == most]
    level = median(usual[:BEGINNING])
    return None if units[0] == most and abs(levels[0] / level - 1) <= JUMP else level


def _in_another_unit(
    bars: Sequence[PricedBar], accepted: Sequence[PricedBar], quoted: QuotedPrice | None
) -> RejectedValue | None:
    """The newest close, where all of a first answer is in another unit than the quoted price.

    Where an answer changes its unit, and the quote is in the one that is not believed, neither is a
    witness against the other.
    """
    if quoted is None or not quoted.price > 0:
        return None
    held = {bar.session for bar in bars} - {bar.session for bar in accepted}
    like_the_quote = [bar for bar in bars if bar.session in held and _alike(bar, quoted)]
    nearest = min(accepted, key=lambda bar: abs((bar.session - quoted.day).days))
    distance = abs((nearest.session - quoted.day).days)
    if len(like_the_quote) >= LASTING or distance > QUOTE_DAYS:
        return None
    if 1 / UNIT_FACTOR < nearest.close / quoted.price < UNIT_FACTOR:
        return None
    newest = accepted[-1]
    return RejectedValue(
        "price-unit",
        "close",
        f"{newest.close:g}",
        f"{quoted.price:.6g}",
        f"All {len(accepted)} prices are in another unit than the quoted price: a close of "
        f"{nearest.close:.6g} on {nearest.session} beside {quoted.price:.6g} on {quoted.day}.",
        newest.session,
    )


def _alike(bar: PricedBar, quoted: QuotedPrice) -> bool:
    return 1 / SAME_LEVEL < bar.close / quoted.price < SAME_LEVEL


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
    if abs(change) <= JUMP:
        return None
    lasts = _lasts(bars, index, good)
    times = max(bar.close / good, good / bar.close)
    like_a_split = lasts and abs(times / round(times) - 1) < LIKE_A_SPLIT
    if lasts and not like_a_split:
        return None
    since = f"between {seen} and {bar.session}" if seen else f"on {bar.session}"
    reason = (
        f"The close changed by {change:+.0%} {since} without a split: "
        f"{good:.6g} to {bar.close:.6g}."
    )
    if like_a_split:
        ratio = f"{round(times)} for 1" if change < 0 else f"1 for {round(times)}"
        reason += f" Its new level lasts, as after a split of {ratio}."
        return _rejected("unlisted-split", bar, "close", good, reason)
    return _rejected("price-jump", bar, "close", good, reason)


def _stays(bar: PricedBar, good: float | None, split_level: float | None) -> bool:
    """Whether a bar is still on the level that looks like a split which nobody told of."""
    if good is None or split_level is None:
        return False
    same = 1 / SAME_LEVEL < bar.close / split_level < SAME_LEVEL
    return same and abs(bar.close / good - 1.0) > JUMP


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
