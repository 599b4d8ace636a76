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


def rate(base: str, quote: str, day: date) -> float | None:
    """Units of `quote` for one `base` on a day: the newest rate up to it, whichever of the two
    directions was saved; None where it is unknown or stale."""
    if base == quote:
        return 1.0
    straight, inverse = _newest(base, quote, day), _newest(quote, base, day)
    if inverse is not None and (straight is None or inverse.day > straight.day):
        return 1 / inverse.rate
    return None if straight is None else straight.rate


def is_of(base: str, quote: str, day: date) -> bool:
    """Whether a rate of that very day is stored."""
    return db.session.get(FxRate, (base, quote, day)) is not None


def _newest(base: str, quote: str, day: date) -> FxRate | None:
    query = (
        select(FxRate)
        .where(FxRate.base == base, FxRate.quote == quote)
        .where(FxRate.day <= day, FxRate.day > day - STALE_AFTER)
        .order_by(FxRate.day.desc())
    )
    return db.session.scalars(query.limit(1)).first()
