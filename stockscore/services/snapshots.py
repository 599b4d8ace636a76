"""Takes the daily snapshot of an exchange, dated by its session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from stockscore.services.errors import InputError
from stockscore.store import editions, sessions, snapshots
from stockscore.store.transactions import transaction


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one session: `stocks` new snapshots, or a recorded gap with its reason."""

    exchange: str
    session: date
    stocks: int
    gap: str | None = None

    @property
    def sentence(self) -> str:
        """What commands and pages say of it."""
        if self.gap:
            return f"{self.exchange} {self.session}: a gap is recorded, {self.gap}."
        return f"{self.exchange} {self.session}: {self.stocks} new snapshots."


def take(exchange: str, now: datetime, session: date | None = None) -> Taken:
    """Records the current scores as those of a session (default: the last that closed).

    A session whose data is no longer there is recorded as a gap, never faked; a second run adds
    nothing. Raises `InputError` for a day without a session, one that has not closed, or where
    nothing was published yet.
    """
    with transaction():
        row = (
            sessions.last_closed(exchange, now)
            if session is None
            else sessions.of(exchange, session)
        )
        if row is None:
            raise InputError(
                f"{exchange} had no session on {session}."
                if session
                else f"No closed session of {exchange} is known; run `flask market sync`."
            )
        if row.closes_at > now:
            raise InputError(f"The session {row.session} of {exchange} has not closed yet.")
        edition = editions.latest()
        if edition is None:
            raise InputError("Nothing is published yet; run `flask score` first.")
        newest = edition.summary["exchanges"].get(exchange, {}).get("newest_session")
        if newest != row.session.isoformat():
            gap = f"the data at hand is of {newest or 'no session'}, not of {row.session}"
            snapshots.record_day(exchange, row.session, "gap", now, gap)
            return Taken(exchange, row.session, 0, gap)
        return Taken(exchange, row.session, snapshots.take(exchange, row.session, now))
