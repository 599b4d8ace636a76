"""What a split is: whether share counts change with it, and how it is said.

A spin-off is listed like a split, although no share becomes two: prices are restated for it, share
counts and figures per share are not.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from math import isfinite, log

from stockscore.scoring.doctor.findings import RejectedValue
from stockscore.scoring.inputs import clean
from stockscore.scoring.statements import Statement

Split = tuple[date, float]
"""The session from which a split counts, and new shares for one old."""

PLAIN_TERM = 25
"""Splits are agreed in small whole numbers; a spin-off's ratio follows from prices."""


def mended(session: date, ratio: float, bars: int, first: date, last: date) -> RejectedValue:
    """The finding that `bars` bars from `first` to `last` were not restated for a split."""
    return RejectedValue(
        "split-not-restated",
        "split",
        f"{ratio:g}",
        None,
        f"The source lists a split of {in_words(ratio)} on {session} and has not restated "
        f"{bars} {'bar' if bars == 1 else 'bars'} before it ({first} to {last}): their prices fall "
        "out of line by just that ratio. They are taken as they were traded.",
        session,
    )


def in_words(ratio: float) -> str:
    """New shares for old ones, as "4 for 1"."""
    plain = plain_ratio(ratio)
    if plain is None:
        return f"{ratio:g} for 1"
    return f"{plain.numerator} for {plain.denominator}"


def plain_ratio(ratio: float, tolerance: float = 1e-4) -> Fraction | None:
    """The ratio in small whole numbers that a split is agreed in, None where it has none."""
    if not isfinite(ratio) or ratio <= 0:
        return None
    larger = max(ratio, 1 / ratio)
    whole = round(larger)
    found = Fraction(whole)
    if abs(whole / larger - 1) > tolerance:
        found = Fraction(larger).limit_denominator(PLAIN_TERM)
        if found.numerator > PLAIN_TERM or abs(float(found) / larger - 1) > tolerance:
            return None
    return found if ratio >= 1 else 1 / found


def share_splits(splits: Sequence[Split], statements: Sequence[Statement]) -> list[Split]:
    """The splits that changed the number of shares.

    Share counts that were told before a split and of after it decide; where they are not known, a
    ratio of small whole numbers is a split, and any other one (1281 for 1000) a spin-off.
    """
    return [split for split in splits if _changes_shares(split, statements)]


def _changes_shares(split: Split, statements: Sequence[Statement]) -> bool:
    session, ratio = split
    if not ratio > 0 or ratio == 1:
        return False
    before = _count(
        [one for one in statements if one.period_end < session and one.known_at.date() < session]
    )
    # A count of an earlier period that is told after the split may be restated for it, or not.
    after = _count([one for one in statements if one.period_end >= session])
    if before is None or after is None:
        return plain_ratio(ratio) is not None
    # Not the logarithm of the quotient, which may be too small to be told from zero.
    change = log(after) - log(before)
    return abs(change - log(ratio)) < abs(change)


def _count(statements: Sequence[Statement]) -> float | None:
    """The newest share count: as it is told, or market value over price."""
    for statement in sorted(statements, key=lambda one: (one.period_end, one.known_at))[::-1]:
        names = ("shares", "market_cap", "price")
        count, cap, price = (clean(statement.figures.get(name)) for name in names)
        if not count and cap and price:
            count = cap / price
        if count and count > 0:
            return count
    return None
