"""Scores the universe and publishes an edition; verifies a score that was published."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from stockscore.caching.editions import flipped
from stockscore.scoring.engine import NOT_RATED, Scoring, score
from stockscore.scoring.method import CHANGE_DAYS
from stockscore.scoring.methods import default_method
from stockscore.services import ratings
from stockscore.services.errors import InputError, ServiceError
from stockscore.services.market_inputs import MarketInputs, StockReports, assemble_market
from stockscore.services.summary import summarise
from stockscore.store import editions, panels, scores, snapshots, stocks
from stockscore.store.models import Edition, Snapshot, Stock
from stockscore.store.snapshots import SnapshotScore
from stockscore.store.transactions import transaction


@dataclass(frozen=True, slots=True)
class Published:
    """What a scoring did: `edition` is None where the inputs had not changed."""

    edition: int | None
    stocks: int
    rated: int

    @property
    def sentence(self) -> str:
        """What commands and pages say of it."""
        rated = f"{self.rated} of {self.stocks} stocks rated."
        if self.edition is None:
            return f"Nothing has changed: {rated}"
        return f"Edition {self.edition} is published: {rated}"


def publish(now: datetime) -> Published:
    """Scores every active stock on what is known now, and publishes an edition in one transaction.

    Unchanged inputs publish nothing. Raises `ServiceError` where there is no stock to score.
    """
    with transaction():
        market = load_market(stocks.active(), now)
        said = _said_before(market, 1)
        scoring = _score(market, said)
        rated = int((scoring.total != NOT_RATED).sum())
        fingerprint = _fingerprint(market, scoring)
        latest = editions.latest()
        if latest is not None and latest.fingerprint == fingerprint:
            return Published(None, len(market.stocks), rated)
        published = _write(market, scoring, said, fingerprint, now).id
    flipped(published)
    return Published(published, len(market.stocks), rated)


def _said_before(market: MarketInputs, days: int) -> dict[int, SnapshotScore]:
    """What the last snapshot on or before `days` calendar days ago said, by stock id."""
    return snapshots.said_on_or_before(market.day - timedelta(days=days))


def _score(market: MarketInputs, said: Mapping[int, SnapshotScore]) -> Scoring:
    """The scores of a market whose signals hold on to what the last daily snapshot said."""
    previous = {one.ticker: said[one.id].signal for one in market.stocks if one.id in said}
    return score(market.universe, default_method(), previous)


def load_market(
    active: Sequence[Stock], known_at: datetime, day: date | None = None
) -> MarketInputs:
    """The market of these stocks as known at a moment, with bars up to `day` (default: the newest).

    Raises `ServiceError` without stocks.
    """
    if not active:
        raise ServiceError(
            "There are no stocks to score; add some with `flask universe add sp500`, "
            "`flask universe import FILE` or `flask demo load`."
        )
    active = sorted(active, key=lambda stock: stock.ticker)
    # A session may be a day ahead of the UTC date (Tokyo, Sydney).
    last = day or known_at.date() + timedelta(days=1)
    panel = panels.panel([stock.id for stock in active], last)
    newest = int(panel.sessions.max())
    newest_day = date.fromordinal(newest) if newest else last
    return assemble_market(active, panel, StockReports.load(known_at), known_at, newest_day)


def _fingerprint(market: MarketInputs, scoring: Scoring) -> str:
    """A digest of all that an edition follows from."""
    digest = hashlib.sha256(f"{scoring.method.version}|{market.day}".encode())
    for stock, signal in zip(market.stocks, scoring.signals, strict=True):
        named = (stock.ticker, stock.name, stock.exchange, stock.sector, stock.industry, signal)
        digest.update(repr(named).encode())
    panel = market.panel
    for values in (panel.closes, panel.volumes, panel.last_closes, panel.sessions):
        digest.update(np.ascontiguousarray(values).tobytes())
    for values in market.universe.inputs.values():
        digest.update(values.tobytes())
    return digest.hexdigest()


def _write(
    market: MarketInputs,
    scoring: Scoring,
    said: Mapping[int, SnapshotScore],
    fingerprint: str,
    now: datetime,
) -> Edition:
    """Writes the edition and all current scores into the open transaction."""
    before = {days: said if days == 1 else _said_before(market, days) for days in CHANGE_DAYS}
    changes = {days: ratings.changes(market, scoring, before[days]) for days in CHANGE_DAYS}
    edition = editions.add(
        published_at=now,
        as_of=ratings.prices_as_of(market, now),
        known_at=now,
        method=scoring.method.version,
        fingerprint=fingerprint,
        simulated=any(stock.source == "demo" for stock in market.stocks),
        stocks=len(market.stocks),
        rated=int((scoring.total != NOT_RATED).sum()),
        summary=summarise(market, scoring, changes[7], said),
    )
    rows = [
        {
            "stock_id": stock.id,
            "edition_id": edition.id,
            **columns,
            **ratings.current_columns(market, scoring, at),
            **{f"change_{days}": changes[days][at] for days in CHANGE_DAYS},
            "previous_signal": said[stock.id].signal if stock.id in said else None,
            "previous_rank": said[stock.id].rank if stock.id in said else None,
        }
        for at, (stock, columns) in enumerate(
            zip(market.stocks, ratings.score_columns(market, scoring), strict=True)
        )
    ]
    scores.replace_all(rows)
    return edition


@dataclass(frozen=True, slots=True)
class Verification:
    """A published score beside the one computed again from the stored inputs (hundredths)."""

    ticker: str
    said_on: str
    said_total: int | None
    said_receipt: str
    total: int | None
    receipt: str

    @property
    def agrees(self) -> bool:
        """Whether the whole record is the same, byte for byte."""
        return self.said_receipt == self.receipt


def verify(ticker: str, session: date | None = None) -> Verification:
    """Computes again what was said of a stock, now or at the snapshot of a session.

    The universe is built anew from what the store says was known at that moment. Raises
    `InputError` for an unknown ticker or where nothing was said.
    """
    stock = stocks.find(ticker)
    if stock is None:
        near = ", ".join(one.ticker for one in stocks.near(ticker))
        raise InputError(f"No stock is called {ticker!r}." + (f" Near: {near}." if near else ""))
    said, known_at, day = _said(stock, session)
    market = load_market(stocks.active(known_at), known_at, day)
    scoring = _score(market, _said_before(market, 1))
    at = market.universe.tickers.index(stock.ticker)
    total = int(scoring.total[at])
    return Verification(
        ticker=stock.ticker,
        said_on=f"{day.isoformat()}",
        said_total=said.total,
        said_receipt=said.receipt,
        total=None if total == NOT_RATED else total,
        receipt=scoring.receipts[at],
    )


def _said(stock: Stock, session: date | None) -> tuple[Any, datetime, date]:
    """The published row with the moment and the day that its inputs were known up to."""
    if session is not None:
        snapshot: Snapshot | None = snapshots.of_stock(stock.id, session)
        if snapshot is None:
            raise InputError(
                f"There is no snapshot of {stock.ticker} for {session}; "
                "snapshots are taken once a session."
            )
        return snapshot, snapshot.known_at, session
    current, edition = scores.current(stock.id), editions.latest()
    if current is None or edition is None:
        raise InputError(f"{stock.ticker} has not been scored yet; run `flask score`.")
    return current, edition.known_at, date.fromisoformat(edition.summary["day"])
