"""A whole refresh in this process, as the command does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from stockscore.extensions import db
from stockscore.providers.base import Provider
from stockscore.services.errors import InputError
from stockscore.services.ingest import Target
from stockscore.services.refresh import due, stock
from stockscore.services.refresh.due import PARTS
from stockscore.services.refresh.rates import fetch_rates, fetch_rates_of
from stockscore.services.refresh.stock import Patience, RefreshCounts
from stockscore.store import runs, stocks
from stockscore.store.models import Stock
from stockscore.store.transactions import transaction

Progress = Callable[[int, int, str], None]


def refresh(
    provider: Provider,
    clock: Callable[[], datetime],
    tickers: Sequence[str] | None = None,
    what: str = "all",
    force: bool = False,
    on_progress: Progress | None = None,
) -> RefreshCounts:
    """Refreshes all active stocks, or those named; `what` is "prices", "fundamentals" or "all".

    `force` also asks for what is fresh. Raises `InputError` for a ticker that is not followed; a
    source that fails raises nothing, it is counted and noted.
    """
    wanted = {chosen.id: chosen for chosen in _wanted(tickers)}
    work = _work(wanted, PARTS[what], clock(), force)
    counts = RefreshCounts(expected=len(wanted), unchanged=len(wanted) - len(work))
    with transaction():
        run = runs.start("refresh", None, clock(), expected=counts.expected)
    interrupted = True
    try:
        _run(provider, clock, work, counts, on_progress)
        if counts.stopped is None:
            fetch_rates(provider, wanted.keys(), clock())
        interrupted = False
    finally:
        # Also after Ctrl-C or a defect: a run that has ended must not stay "running".
        _finish(run, clock(), counts, interrupted)
    return counts


def _finish(run: int, now: datetime, counts: RefreshCounts, interrupted: bool) -> None:
    done = counts.updated + counts.unchanged + counts.failed
    sentence = counts.sentence
    if interrupted:
        sentence = (
            f"Interrupted after {done} of {counts.expected} stocks; the next run goes on there."
        )
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
            message=counts.stopped or sentence,
        )


def _wanted(tickers: Sequence[str] | None) -> list[Stock]:
    """The stocks that are named, or all; raises `InputError` for one that is not followed."""
    if not tickers:
        return stocks.active()
    found = {}
    for ticker in tickers:
        followed = stocks.find(ticker)
        if followed is None or followed.removed_at is not None:
            near = ", ".join(other.ticker for other in stocks.near(ticker))
            hint = f"Near it are {near}." if near else "`flask universe list` shows those that are."
            raise InputError(f"{ticker} is not among the stocks that are followed. {hint}")
        found[followed.id] = followed
    return list(found.values())


def _work(
    chosen: dict[int, Stock], parts: Sequence[str], now: datetime, force: bool
) -> list[tuple[Target, list[str]]]:
    """What is to be asked, in the order in which it is to be asked.

    Ends the reading transaction: nothing is held open while the network is waited for.
    """
    everything = {part: list(chosen) for part in parts}
    wanted = everything if force else due.parts_due(chosen, parts, now)
    targets = due.targets(chosen)
    work = [(targets[stock_id], what) for stock_id, what in due.in_order(wanted, now)]
    db.session.commit()
    return work


def _run(
    provider: Provider,
    clock: Callable[[], datetime],
    work: Sequence[tuple[Target, list[str]]],
    counts: RefreshCounts,
    on_progress: Progress | None,
) -> None:
    """Asks for and saves stock after stock, until the source is evidently down."""
    patience = Patience()
    for done, (target, parts) in enumerate(work, 1):
        outcomes = stock.ask(provider, target, parts, clock)
        fetch_rates_of(provider, outcomes, clock())
        stock.count(counts, target, stock.save(target, outcomes, provider.name))
        patience.note(outcomes)
        if on_progress is not None:
            on_progress(done, len(work), target.listing.ticker)
        if patience.is_over and done < len(work):
            counts.stopped = patience.sentence(len(work) - done)
            return
