"""Brings prices and statements of the stocks up to date from a source.

One ticker after the other: yfinance keeps its session in one object per process, and the rate limit
leaves nothing to gain from threads. Each ticker is one transaction, so that a run may be stopped at
any time and the next one goes on where it stopped: what is fresh is passed over, what was never
tried or tried longest ago comes first.

Fresh are prices fetched after the last close (or within half an hour), fundamentals fetched within
twenty hours. Only a whole, believed answer counts.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from stockscore.extensions import db
from stockscore.market import hours
from stockscore.providers.base import (
    BadData,
    Fundamentals,
    PriceHistory,
    Provider,
    ProviderError,
    RateLimited,
    Unavailable,
)
from stockscore.scoring.currency import major_unit
from stockscore.services.answers import (
    PARTIAL,
    QUARANTINED,
    Kept,
    Target,
    keep_fundamentals,
    keep_prices,
)
from stockscore.services.errors import InputError
from stockscore.services.listings import listing_of
from stockscore.store import bars, fetches, fx, runs, sessions, stocks
from stockscore.store.models import Stock
from stockscore.store.transactions import transaction

logger = logging.getLogger(__name__)

Progress = Callable[[int, int, str], None]

PRICES, FUNDAMENTALS = "prices", "fundamentals"
PARTS = {PRICES: (PRICES,), FUNDAMENTALS: (FUNDAMENTALS,), "all": (FUNDAMENTALS, PRICES)}
"""Fundamentals first: the profile tells the currency and the exchange of the prices."""

FRESH_PRICES = timedelta(minutes=30)
CLOSING_DELAY = timedelta(minutes=20)
"""How long after the close a source may still show an older price."""
FRESH_FUNDAMENTALS = timedelta(hours=20)
OVERLAP = timedelta(days=7)
"""Asked for again, because the last bars were provisional and corrections come late."""

ATTEMPTS = {RateLimited: 4, Unavailable: 2}
"""How often one thing of one stock is asked for; the rate limiter makes the pauses."""
GIVE_UP_AFTER = 10
"""Stocks in a row for which the source refused or could not be reached: it is down, not they."""


@dataclass(slots=True)
class Counts:
    """What a run did, in stocks. `errors` has a sentence for each that failed or was held back;
    `stopped` says why the rest was left for the next run."""

    expected: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: int = 0
    quarantined: int = 0
    errors: dict[str, str] = field(default_factory=dict)
    stopped: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of asking for one thing: an answer or an error."""

    what: str
    at: datetime
    answer: PriceHistory | Fundamentals | None = None
    error: ProviderError | None = None


def refresh(
    provider: Provider,
    clock: Callable[[], datetime],
    tickers: Sequence[str] | None = None,
    what: str = "all",
    force: bool = False,
    on_progress: Progress | None = None,
) -> Counts:
    """Refreshes all active stocks, or those named; `what` is "prices", "fundamentals" or "all".

    `force` also asks for what is fresh. Raises `InputError` for a ticker that is not followed; a
    source that fails raises nothing, it is counted and noted.
    """
    wanted = {stock.id: stock for stock in _wanted(tickers)}
    work = _work(wanted, PARTS[what], clock(), force)
    counts = Counts(expected=len(wanted), unchanged=len(wanted) - len(work))
    with transaction():
        run = runs.start("refresh", None, clock(), expected=counts.expected)
    interrupted = True
    try:
        _run(provider, clock, work, counts, on_progress)
        if counts.stopped is None:
            _keep_rates(provider, wanted.keys(), clock())
        interrupted = False
    finally:
        # Also after Ctrl-C or a defect: a run that has ended must not stay "running".
        _finish(run, clock(), counts, interrupted)
    return counts


def _finish(run: int | None, now: datetime, counts: Counts, interrupted: bool) -> None:
    done = counts.updated + counts.unchanged + counts.failed
    said = (
        f"{counts.updated} updated, {counts.unchanged} unchanged, {counts.failed} failed, "
        f"{counts.quarantined} held back"
    )
    if interrupted:
        said = f"Interrupted after {done} of {counts.expected} stocks; the next run goes on there."
    failed = interrupted or counts.stopped
    with transaction():
        runs.finish(
            run,
            now,
            runs.FAILED if failed else runs.DONE,
            updated=counts.updated,
            unchanged=counts.unchanged,
            failed=counts.failed,
            quarantined=counts.quarantined,
            message=counts.stopped or said,
        )


def _wanted(tickers: Sequence[str] | None) -> list[Stock]:
    """The stocks that are named, or all; raises `InputError` for one that is not followed."""
    if not tickers:
        return stocks.active()
    found = {}
    for ticker in tickers:
        stock = stocks.find(ticker)
        if stock is None or stock.removed_at is not None:
            near = ", ".join(one.ticker for one in stocks.near(ticker))
            hint = f"Near it are {near}." if near else "`flask universe list` shows those that are."
            raise InputError(f"{ticker} is not among the stocks that are followed. {hint}")
        found[stock.id] = stock
    return list(found.values())


def _work(
    chosen: Mapping[int, Stock], parts: Sequence[str], now: datetime, force: bool
) -> list[tuple[Target, list[str]]]:
    """What is to be asked, in the order in which it is to be asked.

    Ends the reading transaction: nothing is held open while the network is waited for.
    """
    places: dict[int, int] = {}
    due: dict[int, list[str]] = {}
    for part in parts:
        for place, stock in enumerate(fetches.due(part, _always(now))):
            places[stock.id] = min(place, places.get(stock.id, place))
        for stock_id in chosen if force else _due(part, chosen, now):
            due.setdefault(stock_id, []).append(part)
    last = bars.last_sessions()
    order = sorted(due, key=lambda stock_id: places.get(stock_id, 0))
    work = [(_target(chosen[one], last.get(one)), due[one]) for one in order]
    db.session.commit()
    return work


def _always(now: datetime) -> datetime:
    """A moment that every success so far lies before."""
    return now + timedelta(days=1)


def _due(part: str, chosen: Mapping[int, Stock], now: datetime) -> list[int]:
    """Ids of the chosen stocks of which a part is not fresh."""
    if part == FUNDAMENTALS:
        due = fetches.due(part, now - FRESH_FUNDAMENTALS)
        return [stock.id for stock in due if stock.id in chosen]
    found = []
    for exchange in sorted({stock.exchange for stock in chosen.values()}):
        due = fetches.due(part, _fresh_since(exchange, now))
        found += [stock.id for stock in due if stock.exchange == exchange and stock.id in chosen]
    return found


def _fresh_since(exchange: str, now: datetime) -> datetime:
    """Prices fetched since then are as good as prices fetched now."""
    recent = now - FRESH_PRICES
    known = sessions.around(exchange, now)
    closed = hours.last_closed(known, now)
    if closed is None:
        return recent
    state = hours.status(known, now, exchange)
    if state.is_open or state.reason is hours.Reason.LUNCH_BREAK:
        return recent
    return min(recent, closed.closes_at + CLOSING_DELAY)


def _target(stock: Stock, last_session: date | None) -> Target:
    return Target(stock.id, listing_of(stock), last_session)


def _run(
    provider: Provider,
    clock: Callable[[], datetime],
    work: Sequence[tuple[Target, list[str]]],
    counts: Counts,
    on_progress: Progress | None,
) -> None:
    """Asks for and keeps one stock after the other, until the source is evidently down."""
    in_vain = 0
    for done, (target, parts) in enumerate(work):
        outcomes = [_asked(provider, target, part, clock) for part in parts]
        _count(counts, target, _kept(target, outcomes, provider.name))
        reached = any(not isinstance(one.error, RateLimited | Unavailable) for one in outcomes)
        in_vain = 0 if reached else in_vain + 1
        if on_progress is not None:
            on_progress(done + 1, len(work), target.listing.ticker)
        if in_vain >= GIVE_UP_AFTER and done + 1 < len(work):
            counts.stopped = (
                f"{in_vain} stocks in a row could not be had, the last because: "
                f"{outcomes[-1].error} {len(work) - done - 1} stocks are left for the next run."
            )
            return


def _asked(provider: Provider, target: Target, part: str, clock: Callable[[], datetime]) -> Outcome:
    """One answer or the last error; refusals and failures that may pass are asked again."""
    attempt = 0
    while True:
        attempt += 1
        at = clock()
        try:
            if part == PRICES:
                since = target.last_session and target.last_session - OVERLAP
                return Outcome(part, at, provider.prices(target.listing, since, at))
            return Outcome(part, at, provider.fundamentals(target.listing, at))
        except ProviderError as error:
            if attempt >= ATTEMPTS.get(type(error), 1):
                return Outcome(part, at, error=error)
        except Exception as defect:  # a defect over one stock must not stop the rest
            logger.exception("the provider failed over %s", target.listing.ticker)
            sentence = f"{target.listing.ticker} could not be read ({type(defect).__name__})."
            return Outcome(part, at, error=BadData(sentence))


def _kept(target: Target, outcomes: Sequence[Outcome], source: str) -> list[Kept]:
    """Stores all outcomes of one stock in one transaction."""
    try:
        with transaction():
            return [_keep(target, outcome, source) for outcome in outcomes]
    except ValueError as error:  # the store refused a value; nothing of this stock was written
        logger.warning("%s was refused by the store: %s", target.listing.ticker, error)
        refused = BadData(f"{target.listing.ticker} had a value that cannot be stored: {error}.")
        with transaction():
            return [
                _keep(target, Outcome(outcome.what, outcome.at, error=refused), source)
                for outcome in outcomes
            ]


def _keep(target: Target, outcome: Outcome, source: str) -> Kept:
    if outcome.error is not None:
        kept = Kept(False, outcome.error.state, str(outcome.error))
    elif isinstance(outcome.answer, PriceHistory):
        kept = keep_prices(target, outcome.answer)
    else:
        kept = keep_fundamentals(target, outcome.answer)
    fetches.record(target.id, outcome.what, kept.state, kept.message, source, outcome.at)
    return kept


def _count(counts: Counts, target: Target, kept: Sequence[Kept]) -> None:
    """Counts a stock once: failed where a part gave an error, else updated or unchanged; and beside
    that as quarantined, where something of it was not believed."""
    counts.quarantined += any(one.state == QUARANTINED for one in kept)
    messages = list(dict.fromkeys(one.message for one in kept if one.message))
    if messages:
        counts.errors[target.listing.ticker] = " ".join(messages)
    if any(one.state not in (fetches.OK, PARTIAL, QUARANTINED) for one in kept):
        counts.failed += 1
    elif any(one.changed for one in kept):
        counts.updated += 1
    else:
        counts.unchanged += 1


def _keep_rates(provider: Provider, ids: Collection[int], now: datetime) -> None:
    """Fetches the rates that stocks need whose accounts are in another currency than their price.

    A rate that cannot be had is unknown: what mixes the two currencies is missing then.
    """
    pairs = sorted(
        {
            (major_unit(stock.currency)[0], stock.financial_currency)
            for stock in stocks.active()
            if stock.financial_currency and stock.id in ids
        }
    )
    db.session.commit()
    for base, quote in pairs:
        if base == quote:
            continue
        try:
            rate = provider.exchange_rate(base, quote, now)
        except ProviderError as error:
            logger.warning("no rate of %s in %s: %s", base, quote, error)
            continue
        with transaction():
            fx.save(base, quote, now.date(), rate, provider.name)
