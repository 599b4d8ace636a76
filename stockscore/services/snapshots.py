"""Takes the daily snapshot of an exchange, dated by its session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from stockscore.market import slots
from stockscore.market.hours import Session
from stockscore.scoring.methods import METHODS
from stockscore.services import kept_steps, score_sections
from stockscore.services.errors import InputError
from stockscore.store import cross_sections, editions, runs, sessions, snapshots
from stockscore.store.models import Edition
from stockscore.store.transactions import transaction

WAIT_SECONDS = 60
"""How long a snapshot waits before it looks again whether the session's figures are all in."""

WITHOUT_REFRESH = timedelta(hours=2)
"""How long after the close a snapshot waits for a closing refresh that nobody has begun."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one session: `stocks` new snapshots, or a recorded gap with its reason, or
    what is still to be waited for."""

    exchange: str
    session: date
    stocks: int
    gap: str | None = None
    waits: str | None = None

    @property
    def sentence(self) -> str:
        """What commands and pages say of it."""
        if self.waits:
            return self.waits
        if self.gap:
            return f"{self.exchange} {self.session}: a gap is recorded, {self.gap}."
        return f"{self.exchange} {self.session}: {self.stocks} new snapshots."


def take(exchange: str, now: datetime, session: date | None = None) -> Taken:
    """Records the current scores as those of a session (default: the last that closed).

    A session whose data is no longer there is recorded as a gap, never faked; a second run adds
    nothing. Raises `InputError` for a day without a session, one that has not closed, or where
    nothing was published yet, or only by a newer release's method.
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
        listed = edition.summary.exchanges.get(exchange)
        newest = listed.newest_session if listed else None
        if newest != row.session:
            gap = f"the data at hand is of {newest or 'no session'}, not of {row.session}"
            snapshots.record_day(exchange, row.session, "gap", now, gap)
            return Taken(exchange, row.session, 0, gap)
        return Taken(exchange, row.session, _record(edition, exchange, row.session, now))


def take_due(exchanges: Sequence[str], now: datetime) -> list[Taken]:
    """Records the last closed session of each exchange whose figures are at hand and that is not
    recorded yet. Unlike `take` it records no gap: a session that is over when a site begins was
    never to be recorded."""
    taken = []
    with transaction():
        edition = editions.latest()
        if edition is None:
            return []
        for mic in exchanges:
            row = sessions.last_closed(mic, now)
            listed = edition.summary.exchanges.get(mic)
            if row is None or listed is None or listed.newest_session != row.session:
                continue
            if count := _record(edition, mic, row.session, now):
                taken.append(Taken(mic, row.session, count))
    return taken


def _record(edition: Edition, exchange: str, session: date, now: datetime) -> int:
    """Copies what the edition (and a shadow beside it) says of an exchange; the number of stocks, 0
    where the session is recorded already."""
    published = cross_sections.of_edition(edition.id)
    if published is None or cross_sections.of_session(exchange, session) is not None:
        return 0
    if published.method not in METHODS:
        raise InputError(
            f"The newest edition was made by method {published.method}, which this program does "
            "not know: use the release that published it, or run `flask score` first."
        )
    taken = snapshots.take(exchange, session, now)
    if not taken:
        # Another process has recorded the session since, and this one has waited for it.
        return 0
    tickers, receipts = snapshots.tickers_and_receipts(exchange, session)
    shadows = cross_sections.shadows_of_edition(edition.id)
    for section in (published, *(other for other in shadows if other.method in METHODS)):
        score_sections.copy_session(section, tickers, receipts, exchange, session)
    kept_steps.keep(exchange, session)
    return taken


def of_slot(slot_id: str, now: datetime, exchanges: Sequence[str]) -> list[Taken]:
    """Takes the snapshot of a slot as soon as the closing prices of its session are scored, or (for
    any other id) those of the last sessions of all `exchanges`, as they are.

    Waits for the closing refresh and its score until the next session begins, then takes what there
    is. Raises `InputError` as `take` does.
    """
    try:
        slot = slots.parse(slot_id)
    except ValueError:
        return [take(exchange, now) for exchange in exchanges]
    if slot.exchange is None:
        return [take(exchange, now) for exchange in exchanges]
    session = sessions.of(slot.exchange, slot.session)
    waits = session and _waits_for(session, now)
    if waits:
        return [Taken(slot.exchange, slot.session, 0, waits=waits)]
    return [take(slot.exchange, now, slot.session)]


def _waits_for(session: Session, now: datetime) -> str | None:
    """What must happen before a session may be recorded; None where nothing (more) is waited for.

    A clock that stepped back may show a moment before the close.
    """
    name = f"{session.exchange} {session.session}"
    if now < session.closes_at:
        return f"{name} has not closed yet."
    following = sessions.next_after(session.exchange, session.session)
    if following is not None and now >= following.opens_at:
        return None
    closing = [
        run
        for run in runs.refreshes_since(session.exchange, session.closes_at)
        if _is_closing(run.slot, session)
    ]
    if not closing:
        waiting = now < session.closes_at + WITHOUT_REFRESH
        return f"Waits for the closing refresh of {name}." if waiting else None
    if closing[-1].state == runs.SKIPPED:
        return None
    if closing[-1].state == runs.RUNNING:
        return f"Waits until {closing[-1].slot} has ended."
    score = runs.of_slot(f"score-{closing[-1].id}")
    if score is None or score.state != runs.DONE:
        return f"Waits for the score after {closing[-1].slot}."
    return None


def _is_closing(slot_id: str | None, session: Session) -> bool:
    """Whether a refresh that began after a session's close is of prices after the close."""
    try:
        moment = slots.parse(slot_id or "").due_at
    except ValueError:  # by hand, which is of the moment it began
        return True
    return moment is None or moment >= session.closes_at
