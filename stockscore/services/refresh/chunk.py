"""Does one chunk of a refresh, stock by stock, each in a transaction of its own.

With a stock goes, in the same transaction, that the chunk is one stock further. So whatever stops
a chunk, whoever goes on with it begins at the next stock: nothing is asked twice, counted twice or
left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from stockscore.extensions import db
from stockscore.providers.base import CoolingDown, Provider
from stockscore.services.ingest import IngestCounts, Target
from stockscore.services.refresh import due, finish, stock
from stockscore.services.refresh.rates import keep_rates
from stockscore.services.refresh.stock import Patience, RefreshCounts
from stockscore.store import chunks, fetches, runs, stocks
from stockscore.store.chunks import LostLease, Task
from stockscore.store.models import RefreshChunk
from stockscore.store.transactions import transaction

LEASE = timedelta(minutes=3)
"""How long an execution that gives no sign of life holds its chunk against another job."""

POISON_AFTER = 3
"""Executions that ended at one stock without a word, after which that stock is passed over."""

PATIENCE = timedelta(hours=2)
"""How long after its start a run still waits for a source that refuses."""


@dataclass(frozen=True, slots=True)
class Worked:
    """What became of a chunk: `closed` says that its run has ended, `pause` after how many seconds
    somebody must go on with it (None: nobody needs to)."""

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
) -> Worked:
    """Goes through what is left of a chunk until `stop()` says that it is to be given back.

    `job_id` is the job's: where it is the one that the chunk was given to, an earlier execution of
    it is known to be dead and its lease does not count. `holder` names this execution.
    """
    with transaction():
        run = runs.locked(run_id)
        chunk = chunks.locked(run_id, number)
        if chunk is None or not chunk.is_open or run.state != runs.RUNNING:
            return Worked(closed=run.state != runs.RUNNING)
        now = clock()
        if _is_held_by_another(chunk, job_id, now):
            return Worked(pause=(chunk.lease_until - now).total_seconds() + 1)
        held = _taken(chunk, provider, run.started_at, job_id, holder, now)
        if reason := chunks.gave_up(run_id):
            return _ended(held, now, f"Left, because another part was given up: {reason}")
    try:
        return _go_through(provider, clock, held, stop)
    except LostLease:
        return Worked()


def _is_held_by_another(chunk: RefreshChunk, job_id: str, now: datetime) -> bool:
    return chunk.is_held(now) and chunk.job_id != job_id


def _taken(
    chunk: RefreshChunk,
    provider: Provider,
    started_at: datetime,
    job_id: str,
    holder: str,
    now: datetime,
) -> LeasedChunk:
    """Writes that this execution holds the chunk, past a stock that has stopped several."""
    held = LeasedChunk(chunk.run_id, chunk.number, holder, provider.name, started_at)
    chunk.state, chunk.job_id, chunk.holder = chunks.RUNNING, job_id, holder
    chunk.lease_until = now + LEASE
    chunk.attempts += 1
    db.session.flush()
    tasks = [(stock_id, parts) for stock_id, parts in chunk.tasks[chunk.done :]]
    if chunk.attempts > POISON_AFTER and tasks:
        _pass_over(held, tasks.pop(0), now)
    held.tasks = tasks
    held.targets = due.targets(stocks.by_ids(stock_id for stock_id, _ in tasks))
    return held


def _pass_over(held: LeasedChunk, task: Task, now: datetime) -> None:
    stock_id, parts = task
    message = f"{POISON_AFTER} workers in a row ended over this stock without a word."
    for part in parts:
        fetches.record(stock_id, part, "failed", message, held.source, now)
    chunks.advance(held.key, held.holder, chunks.ChunkCounts(failed=1), now + LEASE)


def _go_through(
    provider: Provider, clock: Callable[[], datetime], held: LeasedChunk, stop: Callable[[], bool]
) -> Worked:
    patience = Patience()
    for done, (stock_id, parts) in enumerate(held.tasks):
        if stop():
            return _given_back(held, 0)
        target = held.targets.get(stock_id)
        if target is None:  # removed meanwhile
            _advanced(held, chunks.ChunkCounts(unchanged=1), clock())
            continue
        try:
            outcomes = stock.ask(provider, target, parts, clock)
        except CoolingDown as cooling:
            if clock() - held.started_at < PATIENCE:
                return _given_back(held, cooling.retry_after)
            with transaction():
                return _ended(held, clock(), f"{cooling} The rest is left for the next run.")
        _keep(held, target, outcomes, clock())
        patience.note(outcomes)
        left = len(held.tasks) - done - 1
        if patience.is_over and left:
            with transaction():
                return _ended(held, clock(), patience.sentence(left))
    keep_rates(provider, list(held.targets), clock())
    with transaction():
        return _ended(held, clock())


def _keep(
    held: LeasedChunk, target: Target, outcomes: list[stock.RefreshOutcome], now: datetime
) -> None:
    """Stores what came of one stock together with the chunk's place after it."""
    with transaction():
        kept: list[IngestCounts] = stock.keep(target, outcomes, held.source)
        one = RefreshCounts()
        stock.count(one, target, kept)
        came = chunks.ChunkCounts(one.updated, one.unchanged, one.failed, one.quarantined)
        chunks.advance(held.key, held.holder, came, now + LEASE)


def _advanced(held: LeasedChunk, counts: chunks.ChunkCounts, now: datetime) -> None:
    with transaction():
        chunks.advance(held.key, held.holder, counts, now + LEASE)


def _given_back(held: LeasedChunk, pause: float) -> Worked:
    with transaction():
        chunks.give_back(held.key, held.holder)
    return Worked(pause=pause)


def _ended(held: LeasedChunk, now: datetime, reason: str | None = None) -> Worked:
    """Ends the chunk in the open transaction, and with the last one the run."""
    runs.locked(held.run_id)
    chunks.finish(held.key, held.holder, chunks.FAILED if reason else chunks.DONE, reason)
    return Worked(closed=finish.close_if_done(held.run_id, now))
