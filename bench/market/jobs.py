"""What is done after the close of a session, through the services that do it in earnest.

Each function prepares and returns what is measured (see `process`). Moments are ISO 8601.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from stockscore.extensions import db
from stockscore.providers.base import Bar, Fundamentals, Listing, PriceHistory, Unavailable
from stockscore.services import refresh as refresh_service
from stockscore.services import scores, snapshots
from stockscore.store import bars, sessions, stocks
from stockscore.store.transactions import transaction

OVERLAP = timedelta(days=7)
"""Days before its last bar that a source is asked for again."""

AFTER_CLOSE = timedelta(hours=1)
RISE = 1.01
"""Of a close to the next; anything that is believed."""

Work = Callable[[], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ReadyAnswers:
    """A source that has its answers ready, so that only our own work is measured."""

    bars: Mapping[str, Sequence[Bar]]
    name: str = "bench"
    simulated: bool = True

    def universe(self, index: str, now: datetime) -> Sequence[Listing]:
        """It has no index."""
        raise Unavailable(f"{index} is not known.")

    def prices(self, listing: Listing, since: date | None, now: datetime) -> PriceHistory:
        """The bars of a stock, whatever is asked for."""
        found = self.bars.get(listing.ticker)
        if not found:
            raise Unavailable(f"{listing.ticker} has no prices.")
        return PriceHistory(listing.ticker, listing.currency, found, self.name, now)

    def fundamentals(self, listing: Listing, now: datetime) -> Fundamentals:
        """It has none."""
        raise Unavailable(f"{listing.ticker} has no statements.")

    def exchange_rate(self, base: str, quote: str, now: datetime) -> float:
        """It has none; the last one known goes on counting."""
        raise Unavailable(f"{base} in {quote} is not known.")


def refresh(most: int) -> Work:
    """Refreshes prices at the end of the session after the newest that is stored: a week of bars
    that stand and a new one for each stock. At most so many stocks are refreshed, from all over the
    market; the others are given their new bar without being measured, because a large market would
    take minutes and say nothing else."""
    followed = stocks.active()
    part = followed[:: -(-len(followed) // most)] if followed else []
    last = bars.last_sessions()
    ends = _next_sessions(
        (stock.exchange, last[stock.id]) for stock in followed if stock.id in last
    )
    answers = {}
    others = {}
    measured = {stock.id for stock in part}
    for stock in followed:
        if stock.id in last and stock.exchange in ends:
            stored = bars.of(stock.id, last[stock.id] - OVERLAP)
            answer = _with_one_more(stored, ends[stock.exchange][0])
            if stock.id in measured:
                answers[stock.ticker] = answer
            else:
                others[stock.id] = answer[-1:]
    now = max(closes_at for _, closes_at in ends.values()) + AFTER_CLOSE
    db.session.commit()
    for stock_id, new in others.items():
        bars.save(stock_id, new, "bench")
    db.session.commit()

    def work() -> dict[str, Any]:
        counts = refresh_service.refresh(
            ReadyAnswers(answers), lambda: now, list(answers), "prices", force=True
        )
        found = {"updated": counts.updated, "failed": counts.failed}
        return {"now": now.isoformat(), "stocks": len(answers), **found}

    return work


def _next_sessions(newest: Iterable[tuple[str, date]]) -> dict[str, tuple[date, datetime]]:
    """By exchange the session after the newest that any of its stocks has, and its close."""
    by_exchange: dict[str, date] = {}
    for exchange, session in newest:
        by_exchange[exchange] = max(session, by_exchange.get(exchange, session))
    found = {mic: sessions.next_after(mic, session) for mic, session in by_exchange.items()}
    return {mic: (next_.session, next_.closes_at) for mic, next_ in found.items() if next_}


def _with_one_more(stored: Sequence[Any], session: date) -> list[Bar]:
    names = ("session", "open", "high", "low", "close", "volume", "dividend", "split", "adjustment")
    answered = [Bar(*(getattr(bar, name) for name in names)) for bar in stored]
    close = round(answered[-1].close * RISE, 4)
    return [*answered, Bar(session, close, close, close, close, answered[-1].volume)]


def first_refresh(count: int, years: int) -> Work:
    """Refreshes `count` stocks that are new, each with the bars of some years."""
    newest = max(bars.last_sessions().values())
    days = [newest - timedelta(days=back) for back in range(366 * years)]
    days = [day for day in days if day.isoweekday() < 6][::-1]
    history = [_bar(day, index) for index, day in enumerate(days)]
    listings = [
        Listing(f"B{number:05d}", f"Bench {number}", "XNYS", "USD") for number in range(count)
    ]
    now = datetime.fromisoformat(f"{newest}T23:00:00+00:00")
    with transaction():
        stocks.save_listings(listings, "bench", now)
    source = ReadyAnswers({listing.ticker: history for listing in listings})
    tickers = [listing.ticker for listing in listings]

    def work() -> dict[str, Any]:
        refresh_service.refresh(source, lambda: now, tickers, "prices", True)
        return {"bars": count * len(history)}

    return work


def _bar(day: date, index: int) -> Bar:
    close = 100.0 + index % 50
    return Bar(day, close, close + 1, close - 1, close, 1e6 + index)


def score(now: str) -> Work:
    """Scores the universe; publishes an edition where anything has changed."""
    moment = datetime.fromisoformat(now)

    def work() -> dict[str, Any]:
        published = scores.publish(moment)
        return {"edition": published.edition, "stocks": published.stocks}

    return work


def snapshot(now: str) -> Work:
    """Records the session that closed last on each exchange."""
    moment = datetime.fromisoformat(now)
    exchanges = stocks.exchanges()
    db.session.commit()

    def work() -> dict[str, Any]:
        taken = [snapshots.take(exchange, moment) for exchange in exchanges]
        return {"stocks": sum(exchange.stocks for exchange in taken)}

    return work


def nothing() -> Work:
    """What the start of a process that scores costs: memory alone."""
    return dict
