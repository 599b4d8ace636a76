"""The assembled figures of each stock's reports, as scoring reads them: derived from statements and
splits, rewritten in the transaction that changes either, and made anew by `rebuild`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select

from stockscore.extensions import db
from stockscore.scoring.assemble import Reported, assemble
from stockscore.store import bars, statements
from stockscore.store.models import ReportedFigures, StoredStatement
from stockscore.store.upserts import upsert

_COLUMNS = tuple(ReportedFigures.__table__.columns)


@dataclass(frozen=True, slots=True)
class KeptFigures:
    """What is kept of one stock: its figures, up to which moment statements count in them, and the
    newest split that they are restated for. `text` are the figures as they are stored."""

    reported: Reported
    known_at: datetime
    split_on: date | None
    text: str

    def holds_at(self, known_at: datetime, day: date) -> bool:
        """Whether nothing in it came later than a moment and a day."""
        return self.known_at <= known_at and (self.split_on is None or self.split_on <= day)


def rewrite(stock_ids: Iterable[int]) -> None:
    """Assembles the figures of these stocks anew, within the open transaction. A stock without
    statements has none."""
    for stock_id in sorted(set(stock_ids)):
        known = statements.known(stock_id)
        splits = bars.splits_of(stock_id)
        if known:
            _save(stock_id, assemble(known, splits), known[-1].known_at, splits)


def _save(
    stock_id: int, reported: Reported, known_at: datetime, splits: list[tuple[date, float]]
) -> None:
    row = {
        "stock_id": stock_id,
        "known_at": known_at,
        "split_on": splits[-1][0] if splits else None,
        "currency": reported.currency,
        "reported_shares": reported.reported_shares,
        "newest_end": reported.newest_end,
        "figures": json.dumps(reported.figures, allow_nan=False),
    }
    upsert(ReportedFigures, [row], keys=("stock_id",))


def rebuild() -> int:
    """Makes all of them anew from the statements; how many there are."""
    db.session.execute(delete(ReportedFigures))
    ids = list(db.session.scalars(select(StoredStatement.stock_id).distinct()))
    rewrite(ids)
    return len(ids)


def of_all() -> dict[int, KeptFigures]:
    """What is kept of every stock that has reported, by stock id; without the origins of the
    figures, which pages assemble for the one stock that they show."""
    found = {}
    for row in db.session.execute(select(*_COLUMNS)):
        reported = Reported(
            currency=row.currency,
            figures=json.loads(row.figures),
            reported_shares=row.reported_shares,
            newest_end=row.newest_end,
        )
        found[row.stock_id] = KeptFigures(reported, row.known_at, row.split_on, row.figures)
    return found
