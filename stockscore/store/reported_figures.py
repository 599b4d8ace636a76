"""The assembled figures of each stock's reports, as scoring reads them: derived from statements and
splits, rewritten in the transaction that changes either, and made anew by `derived.rebuild`."""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import delete, select

from stockscore.extensions import db
from stockscore.scoring.assemble import Growth, Reported, assemble
from stockscore.scoring.periods import Split
from stockscore.scoring.statements import Statement
from stockscore.store.models import ReportedFigures, StoredStatement
from stockscore.store.upserts import upsert


@dataclass(frozen=True)
class KeptFigures:
    """What is kept of one stock, as it is stored: up to which moment statements count in its
    figures, the newest split that they are restated for, and the figures as texts, which are read
    when they are asked for."""

    known_at: datetime
    split_on: date | None
    currency: str | None
    reported_shares: float | None
    newest_end: date | None
    classified: bool | None
    figures: str
    quoted_growth: str
    yearly_growth: str
    ends: str

    @cached_property
    def reported(self) -> Reported:
        """The figures, without their origins, which pages assemble for the one stock that they
        show."""
        texts = self.figures, self.quoted_growth, self.yearly_growth
        figures, quoted, yearly = json.loads(f"[{','.join(texts)}]")
        ends, quoted_ends, yearly_ends = _ends(self.ends)
        return Reported(
            currency=self.currency,
            figures=figures,
            ends=ends,
            reported_shares=self.reported_shares,
            newest_end=self.newest_end,
            quoted_growth=Growth(quoted, ends=quoted_ends),
            yearly_growth=Growth(yearly, ends=yearly_ends),
            classified=self.classified,
        )

    @property
    def text(self) -> str:
        """All the texts, which say whether anything has changed."""
        return f"{self.figures} {self.quoted_growth} {self.yearly_growth} {self.ends}"

    def holds_at(self, known_at: datetime, day: date) -> bool:
        """Whether nothing in it came later than a moment and a day."""
        return self.known_at <= known_at and (self.split_on is None or self.split_on <= day)


_COLUMNS = (
    ReportedFigures.stock_id,
    *(getattr(ReportedFigures, name) for name in KeptFigures.__dataclass_fields__),
)


def write(stock_id: int, known: Sequence[Statement], splits: Sequence[Split]) -> None:
    """Assembles the figures of a stock from all its statements (in the order they became known) and
    its splits, within the open transaction. Nothing is kept of a stock that has not reported."""
    if not known:
        return
    reported = assemble(known, splits)
    row = {
        "stock_id": stock_id,
        "known_at": known[-1].known_at,
        "split_on": splits[-1][0] if splits else None,
        "currency": reported.currency,
        "reported_shares": reported.reported_shares,
        "newest_end": reported.newest_end,
        "classified": reported.classified,
        "figures": _text(reported.figures),
        "quoted_growth": _text(reported.quoted_growth.figures),
        "yearly_growth": _text(reported.yearly_growth.figures),
        "ends": _ends_text(reported),
    }
    upsert(ReportedFigures, [row], keys=("stock_id",))


def _text(figures: dict[str, float]) -> str:
    return json.dumps(figures, allow_nan=False)


def _ends_text(reported: Reported) -> str:
    """The ends of figures, quoted and yearly growth: for each the names by day, because most
    figures share one."""
    found = []
    for part in (reported, reported.quoted_growth, reported.yearly_growth):
        names: dict[str, list[str]] = {}
        for name, end in part.ends.items():
            names.setdefault(end.isoformat(), []).append(name)
        found.append(names)
    return json.dumps(found)


@functools.lru_cache(4096)
def _ends(text: str) -> tuple[dict[str, date], ...]:
    """The ends by name, as `_ends_text` wrote them. Many companies report the same figures to the
    same day, so these are shared and never changed."""
    return tuple(
        {name: end for day, names in part.items() for end in (_day(day),) for name in names}
        for part in json.loads(text)
    )


_day = functools.lru_cache(1024)(date.fromisoformat)


def clear() -> None:
    """Deletes all of them, before they are made anew."""
    db.session.execute(delete(ReportedFigures))


def lacking() -> list[int]:
    """The stocks that have reported and of which nothing is kept."""
    kept = select(ReportedFigures.stock_id)
    query = select(StoredStatement.stock_id).distinct()
    return list(db.session.scalars(query.where(StoredStatement.stock_id.not_in(kept))))


def restated_since(stock_ids: Sequence[int], session: date) -> list[int]:
    """Those of these stocks whose kept figures are restated for a split on a day or later."""
    query = select(ReportedFigures.stock_id).where(
        ReportedFigures.stock_id.in_(stock_ids), ReportedFigures.split_on >= session
    )
    return list(db.session.scalars(query))


def of_all() -> dict[int, KeptFigures]:
    """What is kept of every stock that has reported, by stock id."""
    rows = db.session.execute(select(*_COLUMNS))
    return {stock_id: KeptFigures(*kept) for stock_id, *kept in rows}
