"""Does one chunk of a refresh, stock by stock, each in a transaction of its own.

The transaction that saves a stock also notes that the chunk is one stock further. Whatever stops a
chunk, the next execution begins at the next stock: no stock is asked for twice, counted twice or
left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from stockscore.extensions import db
from stockscore.providers.base import CoolingDown, Provider
from stockscore.services.ingest import Target
from stockscore.services.refresh import due, finish, stock
from stockscore.services.refresh.rates import fetch_rates, fetch_rates_of
from stockscore.services.refresh.stock import Patience, RefreshCounts
from stockscore.store import chunks, fetches, runs, stocks
from stockscore.store.chunks import LostLease, Task
from stockscore.store.models import RefreshChunk
from stockscore.store.transactions import transaction

LEASE = timedelta(minutes=3)
"""How long an execution that gives no sign of life holds its chunk against another job."""

POISON_AFTER = 3
"""After so many executions that died over one stock, that stock is passed over."""

PATIENCE = timedelta(hours=2)
"""How long after its start a run still waits for a source that refuses."""


@dataclass(frozen=True, slots=True)
class ChunkResult:
    """What became of a chunk: `closed` says that its run has ended, `pause` after how many seconds
    an execution must go on with it (None: none needs to)."""

    closed: bool = False
    pause: float | None = None


@dataclass(slots=True)
class LeasedChunk:
    """A chunk in the hands of this execution."""

    run_id: int
    number: int
    holder: str
    source: str
    started_at: datetime
    tasks: list[Task] = field(default_factory=list)
    targets: dict[int, Target] = field(default_factory=dict)

    @property
    def key(self) -> tuple[int, int]:
        """How the store calls it."""
        return self.run_id, self.number


def work(
    provider: Provider,
    clock: Callable[[], datetime],
    run_id: int,
    number: int,
    job_id: str,
    holder: str,
    stop: Callable[[], bool],
) -> ChunkResult:
    """Goes through what is left of a chunk until `stop()` says that it is to be given back.

    `job_id` is the job's: where it is the one that the chunk was given to, an earlier execution of
    it is known to be dead and its lease does not count. `holder` names this execution.
    """
    with transaction():
        run = runs.locked(run_id)
        chunk = chunks.locked(run_id, number)
        if chunk is None or not chunk.is_open or run.state != runs.RUNNING:
            return ChunkResult(closed=run.state != runs.RUNNING)
        now = clock()
        seconds = _seconds_of_another(chunk, job_id, now)
        if seconds is not None:
            return ChunkResult(pause=seconds + 1)
        leased = _taken(chunk, provider, run.started_at, job_id, holder, now)
        if reason := chunks.gave_up(run_id):
            return _ended(leased, now, f"Left, because another part was given up: {reason}")
    try:
        return _go_through(provider, clock, leased, stop)
    except LostLease:
        return ChunkResult()


def _seconds_of_another(chunk: RefreshChunk, job_id: str, now: datetime) -> float | None:
    """For how many seconds another job has the chunk; None where none has."""
    if chunk.lease_until is None or not chunk.is_held(now) or chunk.job_id == job_id:
        return None
    return (chunk.lease_until - now).total_seconds()


def _taken(
    chunk: RefreshChunk,
    provider: Provider,
    started_at: datetime,
    job_id: str,
    holder: str,
    now: datetime,
) -> LeasedChunk:
    """Writes that this execution holds the chunk, past a stock that has stopped several."""
    leased = LeasedChunk(chunk.run_id, chunk.number, holder, provider.name, started_at)
    chunk.state, chunk.job_id, chunk.holder = chunks.RUNNING, job_id, holder
    chunk.lease_until = now + LEASE
    chunk.attempts += 1
    db.session.flush()
    tasks = [(stock_id, parts) for stock_id, parts in chunk.tasks[chunk.done :]]
    if chunk.attempts > POISON_AFTER and tasks:
        _pass_over(leased, tasks.pop(0), now)
    leased.tasks = tasks
    leased.targets = due.targets(stocks.by_ids(stock_id for stock_id, _ in tasks))
    return leased


def _pass_over(leased: LeasedChunk, task: Task, now: datetime) -> None:
    stock_id, parts = task
    message = f"{POISON_AFTER} workers in a row ended over this stock without a word."
    for part in parts:
        fetches.record(stock_id, part, "failed", message, leased.source, now)
    chunks.advance(leased.key, leased.holder, chunks.ChunkCounts(failed=1), now + LEASE)


def _go_through(
    provider: Provider, clock: Callable[[], datetime], leased: LeasedChunk, stop: Callable[[], bool]
) -> ChunkResult:
    patience = Patience()
    for done, (stock_id, parts) in enumerate(leased.tasks):
        if stop():
            return _given_back(leased, 0)
        target = leased.targets.get(stock_id)
        if target is None:  # removed meanwhile
            _advanced(leased, chunks.ChunkCounts(unchanged=1), clock())
            continue
        try:
            outcomes = stock.ask(provider, target, parts, clock)
        except CoolingDown as cooling:
            if clock() - leased.started_at < PATIENCE:
                return _given_back(leased, cooling.retry_after)
            with transaction():
                return _ended(leased, clock(), f"{cooling} The rest is left for the next run.")
        fetch_rates_of(provider, outcomes, clock())
        _save(leased, target, outcomes, clock())
        patience.note(outcomes)
        left = len(leased.tasks) - done - 1
        if patience.is_over and left:
            with transaction():
                return _ended(leased, clock(), patience.sentence(left))
    fetch_rates(provider, list(leased.targets), clock())
    with transaction():
        return _ended(leased, clock())


def _save(
    leased: LeasedChunk, target: Target, outcomes: list[stock.RefreshOutcome], now: datetime
) -> None:
    """Saves the answers about one stock, and that the chunk is one stock further."""
    with transaction():
        counts = RefreshCounts()
        stock.count(counts, target, stock.save(target, outcomes, leased.source))
        chunks.advance(
            leased.key,
            leased.holder,
            chunks.ChunkCounts(counts.updated, counts.unchanged, counts.failed, counts.quarantined),
            now + LEASE,
        )


def _advanced(leased: LeasedChunk, counts: chunks.ChunkCounts, now: datetime) -> None:
    with transaction():
        chunks.advance(leased.key, leased.holder, counts, now + LEASE)


def _given_back(leased: LeasedChunk, pause: float) -> ChunkResult:
    with transaction():
        chunks.give_back(leased.key, leased.holder)
    return ChunkResult(pause=pause)


def _ended(leased: LeasedChunk, now: datetime, reason: str | None = None) -> ChunkResult:
    """Ends the chunk in the open transaction, and with the last one the run."""
    runs.locked(leased.run_id)
    chunks.finish(leased.key, leased.holder, chunks.FAILED if reason else chunks.DONE, reason)
    return ChunkResult(closed=finish.close_if_done(leased.run_id, now))
