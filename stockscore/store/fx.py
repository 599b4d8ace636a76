"""Exchange rates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import select

from stockscore.extensions import db
from stockscore.store.models import FxRate
from stockscore.store.upserts import upsert

STALE_AFTER = timedelta(days=31)
"""A rate older than this is no rate: what mixes two currencies is missing then, never wrong."""

SOON_AFTER = timedelta(days=7)
"""A rate that is first known this long after a session still counts for it."""


def save(base: str, quote: str, day: date, rate: float, source: str) -> None:
    """Saves the units of `quote` for one `base` (ISO codes, no minor units) on a day.

    Raises `ValueError` for a rate that is not a positive number.
    """
    save_days(base, quote, {day: rate}, source)


def save_days(base: str, quote: str, rates: Mapping[date, float], source: str) -> None:
    """`save` for many days at once."""
    wrong = [rate for rate in rates.values() if not 0 < rate < float("inf")]
    if wrong:
        raise ValueError(f"an exchange rate is a positive number: {base}/{quote} {wrong[0]!r}")
    rows = [
        {"base": base, "quote": quote, "day": day, "rate": float(rate), "source": source}
        for day, rate in rates.items()
    ]
    upsert(FxRate, rows, keys=("base", "quote", "day"))


def rate(base: str, quote: str, day: date, known_on: date | None = None) -> float | None:
    """Units of `quote` for one `base` on a day: the newest rate up to it, whichever of the two
    directions was saved; None where it is unknown or stale.

    Where there is none up to the day, the first one of the week after it counts that was known on
    `known_on`: a session's rate may be fetched for the first time at a weekend, or after midnight.
    """
    if base == quote:
        return 1.0
    found = _nearer(_newest(base, quote, day), _newest(quote, base, day), latest=True)
    if found is None and known_on is not None and known_on > day:
        last = min(known_on, day + SOON_AFTER)
        found = _nearer(
            _first_after(base, quote, day, last), _first_after(quote, base, day, last), latest=False
        )
    if found is None:
        return None
    return found.rate if found.base == base else 1 / found.rate


def _nearer(straight: FxRate | None, inverse: FxRate | None, *, latest: bool) -> FxRate | None:
    """The rate of the latest (or of the earliest) day, the straight one where both are of it."""
    if straight is None or inverse is None:
        return straight or inverse
    if straight.day == inverse.day:
        return straight
    return inverse if (inverse.day > straight.day) is latest else straight


def is_of(base: str, quote: str, day: date) -> bool:
    """Whether a rate of that very day is stored."""
    return db.session.get(FxRate, (base, quote, day)) is not None


def _first_after(base: str, quote: str, day: date, last: date) -> FxRate | None:
    query = (
        select(FxRate)
        .where(FxRate.base == base, FxRate.quote == quote)
        .where(FxRate.day > day, FxRate.day <= last)
        .order_by(FxRate.day)
    )
    return db.session.scalars(query.limit(1)).first()


def _newest(base: str, quote: str, day: date) -> FxRate | None:
    query = (
        select(FxRate)
        .where(FxRate.base == base, FxRate.quote == quote)
        .where(FxRate.day <= day, FxRate.day > day - STALE_AFTER)
        .order_by(FxRate.day.desc())
    )
    return db.session.scalars(query.limit(1)).first()
