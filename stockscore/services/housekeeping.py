"""Housekeeping: deletes old records, runs the database's upkeep, and sums up failures.

Scores, snapshots, prices and statements are the record, and are never deleted.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from stockscore.services.personal import readers
from stockscore.store import quarantine, runs, upkeep
from stockscore.store.transactions import transaction

logger = logging.getLogger(__name__)

DAY = timedelta(days=1)

KEEP_CHUNKS = timedelta(days=30)
KEEP_RUNS = timedelta(days=180)
"""Also of resolved cases of the quarantine."""

STALE_AFTER = timedelta(days=3)
"""A stock without any success for so long is counted in the digest."""

NAMED = 5
"""Failed runs that a digest names."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What went wrong in the last day: `failed_runs` by name, and the numbers of stocks without any
    success for days (`stale`), of quarantined values, and of jobs that were given up."""

    failed_runs: tuple[str, ...]
    stale: int
    quarantined: int
    failed_jobs: int

    @property
    def is_good(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.failed_runs or self.stale or self.quarantined or self.failed_jobs)

    @property
    def sentence(self) -> str:
        """For the log and /admin."""
        if self.is_good:
            return "Nothing failed since yesterday."
        parts = []
        if self.failed_runs:
            named = ", ".join(self.failed_runs[:NAMED])
            more = ", …" if len(self.failed_runs) > NAMED else ""
            parts.append(f"failed since yesterday: {named}{more}")
        if self.failed_jobs:
            parts.append(f"given up and kept among the failed jobs: {self.failed_jobs}")
        if self.stale:
            parts.append(f"stocks not had for {STALE_AFTER.days} days: {self.stale}")
        if self.quarantined:
            parts.append(f"values held back: {self.quarantined}")
        sentence = "; ".join(parts)
        return f"{sentence[0].upper()}{sentence[1:]}."


@dataclass(frozen=True, slots=True)
class RetentionCounts:
    """What was done: numbers of rows deleted, and the digest of failures."""

    chunks: int
    runs: int
    cases: int
    readers: int
    digest: Digest

    @property
    def sentence(self) -> str:
        """For the run's row."""
        gone = self.chunks + self.runs + self.cases + self.readers
        return f"{gone} old rows deleted. {self.digest.sentence}"


def clean_up(now: datetime, failed_jobs: int = 0) -> RetentionCounts:
    """Deletes what is old, runs the database's upkeep, and logs a digest of failures; can be
    repeated. `failed_jobs` is how many jobs the queues have given up."""
    with transaction():
        chunks = upkeep.forget_chunks(now - KEEP_CHUNKS)
        old_runs = upkeep.forget_runs(now - KEEP_RUNS)
        cases = upkeep.forget_resolved(now - KEEP_RUNS)
        unseen = readers.forget_unseen(now)
    upkeep.run_upkeep()
    found = digest(now, failed_jobs)
    level = logging.INFO if found.is_good else logging.WARNING
    logger.log(level, "Digest: %s", found.sentence, extra={"data": {"job": "housekeeping"}})
    return RetentionCounts(chunks, old_runs, cases, unseen, found)


def digest(now: datetime, failed_jobs: int = 0) -> Digest:
    """What went wrong in the day before a moment."""
    failed = runs.all_failed_since(now - DAY)
    return Digest(
        failed_runs=tuple(run.slot or run.job for run in failed),
        stale=upkeep.without_success_since(now - STALE_AFTER),
        quarantined=len(quarantine.open_items()),
        failed_jobs=failed_jobs,
    )
