"""Runs with their progress and their errors, for whoever runs the site."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import func, select

from stockscore.extensions import db
from stockscore.store.models import JobRun, RefreshChunk


@dataclass(frozen=True, slots=True)
class RunDetail:
    """One run of a job or a command; `error` is the traceback of an unforeseen one."""

    id: int
    job: str
    slot: str | None
    state: str
    started_at: datetime
    ended_at: datetime | None
    updated: int
    unchanged: int
    failed: int
    quarantined: int
    message: str | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the chunks of a run are, in stocks."""

    done: int
    size: int
    updated: int
    unchanged: int
    failed: int
    quarantined: int


def last(limit: int) -> list[RunDetail]:
    """The last runs, the newest first. One statement."""
    columns = [getattr(JobRun, name) for name in RunDetail.__dataclass_fields__]
    query = select(*columns).order_by(JobRun.started_at.desc(), JobRun.id.desc()).limit(limit)
    return [RunDetail(**row) for row in db.session.execute(query).mappings()]


def progress(run_ids: Collection[int]) -> dict[int, Progress]:
    """By run, of those that are cut into chunks. One statement."""
    sums = [
        func.sum(getattr(RefreshChunk, field.name)).label(field.name) for field in fields(Progress)
    ]
    query = (
        select(RefreshChunk.run_id, *sums)
        .where(RefreshChunk.run_id.in_(run_ids))
        .group_by(RefreshChunk.run_id)
    )
    rows = [dict(row) for row in db.session.execute(query).mappings()]
    return {row.pop("run_id"): Progress(**row) for row in rows}
