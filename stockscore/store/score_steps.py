"""Why the larger steps of scores happened, kept beside the record that they are derived from."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import astuple, dataclass
from datetime import date

from sqlalchemy import delete, select

from stockscore.extensions import db
from stockscore.store import written
from stockscore.store.bulk import is_sqlite, upsert_tuples
from stockscore.store.models import ScoreStep
from stockscore.store.portions import portions


@dataclass(frozen=True, slots=True)
class KeptStep:
    """Why a score moved from the session `since` to `session`; the parts are in hundredths."""

    stock_id: int
    session: date
    since: date
    price: int
    statements: int
    peers: int
    method: int
    sentence: str
    short: str


def kept(stock_ids: Collection[int]) -> set[tuple[int, date, date]]:
    """The steps of these stocks that are kept, as (stock id, since, session)."""
    query = select(ScoreStep.stock_id, ScoreStep.since, ScoreStep.session)
    return {
        (stock_id, since, session)
        for some in portions(stock_ids)
        for stock_id, since, session in db.session.execute(
            query.where(ScoreStep.stock_id.in_(some))
        )
    }


def save(steps: Iterable[KeptStep]) -> None:
    """Keeps steps; one that is there already is replaced."""
    # SQLite's driver takes days as ISO text.
    kind = date.isoformat if is_sqlite() else _as_it_is
    rows = [
        (stock_id, kind(session), kind(since), *rest)
        for stock_id, session, since, *rest in map(astuple, steps)
    ]
    upsert_tuples(ScoreStep, rows, keys=("stock_id", "session"))


def _as_it_is(day: date) -> date:
    return day


def forget(stock_ids: Iterable[int], before: date) -> None:
    """Deletes those of these stocks that lead to a session before a day."""
    for some in portions(stock_ids):
        old = ScoreStep.stock_id.in_(some), ScoreStep.session < before
        written.execute(delete(ScoreStep).where(*old))


def clear() -> None:
    """Deletes them all."""
    written.execute(delete(ScoreStep))
