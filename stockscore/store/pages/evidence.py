"""What /evidence reads."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from stockscore.extensions import db
from stockscore.store.models import EvidenceDay, Stock


@dataclass(frozen=True, slots=True)
class ShownDay:
    """What a date has shown of a method: values by horizon and series, and the ids of the stocks
    whose end was assumed on it."""

    session: date
    figures: Mapping[str, Mapping[str, float]]
    charged: Collection[int]

    def value(self, horizon: int, key: str) -> float | None:
        """A value, None where the date has none."""
        return self.figures.get(str(horizon), {}).get(key)


def days() -> dict[str, list[ShownDay]]:
    """What is kept of each method, oldest first."""
    query = select(
        EvidenceDay.method, EvidenceDay.session, EvidenceDay.figures, EvidenceDay.charged
    ).order_by(EvidenceDay.method, EvidenceDay.session)
    found: dict[str, list[ShownDay]] = {}
    for method, session, figures, charged in db.session.execute(query):
        found.setdefault(method, []).append(ShownDay(session, figures, charged))
    return found


def names(stock_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Tickers and names of stocks by their ids."""
    if not stock_ids:
        return {}
    query = select(Stock.id, Stock.ticker, Stock.name).where(Stock.id.in_(sorted(stock_ids)))
    return {row.id: (row.ticker, row.name) for row in db.session.execute(query)}
