"""What workers run: each takes an id, calls one service and enqueues what follows from it.

They run in the application's context (`jobs.worker`). What follows is enqueued only after the
transaction that makes it true has been committed; should the process end in between, the
database still tells that it is due (`jobs.recovery`).
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from flask import current_app
from redis import Redis
from rq import Retry, get_current_job
from rq.job import Job

from stockscore import clock
from stockscore.jobs import queues, stopping
from stockscore.services import (
    cache,
    exchanges,
    kept_moves,
    scores,
    snapshots,
    sources,
    verification,
)
from stockscore.services import evidence as evidence_service
from stockscore.services import housekeeping as house
from stockscore.services.errors import ServiceError
from stockscore.services.refresh import chunk as chunk_service
from stockscore.services.refresh import plan
from stockscore.services.runlog import AlreadyRun, RunCounts, logged, recorded

AGAIN = 100_000
"""How often a job that waits for another one may come again: without end, as it has not failed."""


def refresh(slot: str) -> Retry | None:
    """Plans the refresh of a slot and hands its chunks to the workers."""
    reason = sources.nothing_to_fetch(current_app.config)
    planned = plan.plan(slot, clock.now(), current_app.config["REFRESH_EVERY_MINUTES"], reason)
    if planned.wait is not None:
        return later(planned.wait)
    connection = _job().connection
    for number, job_id in planned.chunks:
        queues.enqueue(connection, "chunk", job_id, planned.run_id, number)
    if planned.closed and planned.run_id is not None:
        _score_after(connection, planned.run_id)
    return None


def chunk(run_id: int, number: int) -> Retry | None:
    """Does a chunk, or a part of it; whoever ends the last one of a run lets it be scored."""
    provider = sources.provider_of(current_app.config, sources.WORKER_PATIENCE)
    worked = chunk_service.work(
        provider,
        clock.now,
        run_id,
        number,
        _job().id,
        uuid4().hex,
        stopping.Shift(),
    )
    if worked.pause is not None:
        return later(worked.pause)
    if worked.closed:
        logged(run_id)
        _score_after(_job().connection, run_id)
    return None


def score(slot: str) -> None:
    """Publishes an edition, and lets its pages be made ready."""

    def work(run: RunCounts) -> None:
        published = scores.publish(clock.now())
        run.updated, run.message = published.stocks, published.sentence
        kept_moves.keep()
        if published.edition is not None:
            queues.enqueue(_job().connection, "warm", *2 * (f"warm-{published.edition}",))

    _once("score", slot, work)


def warm(slot: str) -> None:
    """Makes the busiest pages of the newest edition ready."""

    def work(run: RunCounts) -> None:
        try:
            warmed = cache.warm(current_app)
        except ServiceError as unneeded:  # no cache in common: every page is made when asked for
            run.message = str(unneeded)
        else:
            run.message = f"{warmed.made} pages made, {warmed.ready} ready already."

    _once("warm", slot, work)


def snapshot(slot: str) -> Retry | None:
    """Records what is said at the end of a session."""

    follows: list[str] = []

    def work(run: RunCounts) -> None:
        mics = current_app.config["EXCHANGES"]
        taken = snapshots.of_slot(slot, clock.now(), exchanges.looked_after(mics))
        run.updated = sum(snapshot.stocks for snapshot in taken)
        run.message = " ".join(snapshot.sentence for snapshot in taken)
        run.waits = next((snapshot.waits for snapshot in taken if snapshot.waits), None)
        if not run.waits:
            follows.append(f"evidence-after-{slot}")

    run = _once("snapshot", slot, work)
    for following in follows:
        queues.enqueue(_job().connection, "evidence", following, following)
    return later(snapshots.WAIT_SECONDS) if run is not None and run.waits else None


def evidence(slot: str) -> None:
    """Brings the score's own record up to the snapshots that there are."""

    def work(run: RunCounts) -> None:
        updated = evidence_service.update()
        run.updated, run.message = updated.dates, updated.sentence

    _once("evidence", slot, work)


def housekeeping(slot: str) -> None:
    """Deletes what is old, looks after the database, sums up what failed, and lets the record be
    verified."""

    def work(run: RunCounts) -> None:
        failed = queues.failed_jobs(_job().connection)
        run.message = house.clean_up(clock.now(), failed).sentence
        queues.enqueue(_job().connection, "verify", *2 * (f"verify-after-{slot}",))

    _once("housekeeping", slot, work)


def verify(slot: str) -> None:
    """Computes a sample of the scores and one whole day of the record again."""

    def work(run: RunCounts) -> None:
        found = verification.nightly(clock.now().date())
        differing = len(found.differing)
        run.updated, run.failed = found.checked - differing, differing
        run.message = found.sentence

    _once("verify", slot, work)


def later(seconds: float) -> Retry:
    """What a job returns to be called again after some seconds, without having failed."""
    return Retry(max=AGAIN, interval=max(0, round(seconds)))


def _job() -> Job:
    job = get_current_job()
    if job is None:
        raise RuntimeError("tasks are run by workers")
    return job


def _score_after(connection: Redis, run_id: int) -> None:
    slot = f"score-{run_id}"
    queues.enqueue(connection, "score", slot, slot)


def _once(job: str, slot: str, work: Callable[[RunCounts], None]) -> RunCounts | None:
    """Does `work` as the recorded run of a slot; None where the slot has had its run already."""
    try:
        with recorded(job, clock.now, slot) as run:
            work(run)
    except AlreadyRun:
        return None
    return run
