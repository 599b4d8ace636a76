"""Scores the sessions of the past, each on what was known at its end, and records them: the daily
record that a market would have, had it been followed since then."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from stockscore.scoring.assemble import Reported
from stockscore.scoring.methods import Method
from stockscore.services import kept_steps, ratings, score_sections, scores
from stockscore.services.earlier import earlier_scores
from stockscore.services.market_inputs import MarketInputs, StockReports, assemble_market
from stockscore.store import panels, sessions, snapshots, stocks
from stockscore.store.panels import Panel, PanelHistory
from stockscore.store.portions import portions
from stockscore.store.snapshots import SnapshotRow
from stockscore.store.stocks import ListedStock, Membership
from stockscore.store.transactions import transaction

KNOWN_AFTER_CLOSE = timedelta(minutes=30)
"""A snapshot is taken this long after the close."""

YEAR = timedelta(days=365)

IN_ONE_TRANSACTION = 20
"""Days that are written at once (see `store.snapshots.append`)."""

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class RecordingMethods:
    """The method by which past sessions are recorded, and the one that is recorded beside it at
    the last `shadow_days` of them (None: none)."""

    method: Method
    shadow: Method | None = None
    shadow_days: int = 0


def replay(
    now: datetime, on_progress: Progress, recording: RecordingMethods, most: int | None = None
) -> int:
    """Scores each session of the last year that has no snapshot (or of the last `most` sessions of
    each exchange), oldest first; the number of snapshots of stocks.

    Some days at a time are a transaction, so that another replay goes on where one broke off."""
    members = stocks.memberships()
    days = _missing_days({member.stock.exchange for member in members}, now, most)
    if not days:
        return 0
    # Price windows are of now: the past is read from the bars.
    history = panels.history([member.stock.id for member in members], min(days), max(days))
    reports = StockReports(now)
    shadowed = set(sorted(days)[-recording.shadow_days :]) if recording.shadow else set()
    taken = 0
    for some in portions(enumerate(sorted(days.items()), start=1), IN_ONE_TRANSACTION):
        rows: list[SnapshotRow] = []
        with transaction():
            for done, (day, closing) in some:
                known_at = max(closing.values()) + KNOWN_AFTER_CLOSE
                past = _past_market(members, history, reports, known_at, day)
                rows += _record(
                    past.under(recording.method),
                    past.under(recording.shadow) if recording.shadow and day in shadowed else None,
                    closing,
                    known_at,
                )
                on_progress(done, len(days), day.isoformat())
            taken += snapshots.append(rows)
    with transaction():
        kept_steps.keep_all()
    return taken


def _missing_days(
    exchanges: Iterable[str], now: datetime, most: int | None
) -> dict[date, dict[str, datetime]]:
    """Per day of the past the exchanges without a snapshot of it and when each closed."""
    days: dict[date, dict[str, datetime]] = {}
    for mic in exchanges:
        closed = [
            session
            for session in sessions.between(mic, (now - YEAR).date(), now.date())
            if session.closes_at + KNOWN_AFTER_CLOSE <= now
        ]
        taken = snapshots.days_of(mic)
        for session in closed if most is None else closed[-most:]:
            if session.session not in taken:
                days.setdefault(session.session, {})[mic] = session.closes_at
    return days


@dataclass(frozen=True, slots=True)
class _PastMarket:
    """The stocks that were followed at a moment, with what was known of them then."""

    stocks: Sequence[ListedStock]
    panel: Panel
    reported: Sequence[Reported]
    day: date
    known_at: datetime

    def under(self, method: Method) -> MarketInputs:
        """The market to be scored by a method."""
        return assemble_market(
            self.stocks, self.panel, self.reported, self.day, self.known_at, method
        )


def _past_market(
    members: Sequence[Membership],
    history: PanelHistory,
    reports: StockReports,
    known_at: datetime,
    day: date,
) -> _PastMarket:
    present = [member.stock for member in members if member.includes(known_at)]
    ids = [stock.id for stock in present]
    panel = history.panel(day).of(ids)
    reported = reports.known_of(ids, known_at, day)
    return _PastMarket(present, panel, reported, day, known_at)


def _record(
    market: MarketInputs,
    shadow: MarketInputs | None,
    closing: Collection[str],
    known_at: datetime,
) -> list[SnapshotRow]:
    """Scores the market of a past day and records it for the exchanges that closed on it, beside
    what a shadow says of it; the snapshots that are still to be written."""
    before = earlier_scores([stock.id for stock in market.stocks], market.day - timedelta(days=1))
    scored = scores.score_market(market, before)
    shared = ratings.shared_columns(market, scored)
    beside = scores.score_market(shadow, before) if shadow else None
    rows: list[SnapshotRow] = []
    for mic in sorted(closing):
        indices = [index for index, stock in enumerate(market.stocks) if stock.exchange == mic]
        ids = [market.stocks[index].id for index in indices]
        own = {name: [values[index] for index in indices] for name, values in shared.items()}
        rows += snapshots.rows_of(market.day, ids, own)
        score_sections.write_session(market, scored, indices, mic, known_at)
        if shadow and beside:
            score_sections.write_session(shadow, beside, indices, mic, known_at, published=False)
        snapshots.record_day(mic, market.day, "taken", known_at, stocks=len(ids))
    return rows
