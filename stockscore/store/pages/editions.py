"""The edition that readers see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from stockscore.extensions import db
from stockscore.store.models import Edition
from stockscore.store.summary import EditionSummary


@dataclass(frozen=True, slots=True)
class EditionRow:
    """One published scoring of the market; see `store.models.Edition` for the fields."""

    id: int
    published_at: datetime
    as_of: datetime | None
    known_at: datetime
    method: str
    fingerprint: str
    simulated: bool
    stocks: int
    rated: int
    summary: EditionSummary


COLUMNS = (
    Edition.id,
    Edition.published_at,
    Edition.as_of,
    Edition.known_at,
    Edition.method,
    Edition.fingerprint,
    Edition.simulated,
    Edition.stocks,
    Edition.rated,
    Edition.summary,
)


def current() -> EditionRow | None:
    """The newest edition, None before the first."""
    newest = select(*COLUMNS).order_by(Edition.id.desc()).limit(1)
    row = db.session.execute(newest).mappings().first()
    return EditionRow(**row) if row else None


def age_of_current(now: datetime) -> tuple[int, float] | None:
    """Number of the newest edition and its age in seconds, None before the first."""
    newest = select(Edition.id, Edition.published_at).order_by(Edition.id.desc()).limit(1)
    row = db.session.execute(newest).first()
    return (row.id, (now - row.published_at).total_seconds()) if row else None
