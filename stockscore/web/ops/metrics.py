"""/metrics: the counters, in the text format of Prometheus.

Counters are the sums over all processes of the site, so it does not matter which one answers; nor
does it for the gauges of the edition and of the background half. Other gauges are of the process
that answers, and carry its number.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from flask import Blueprint, Response, current_app
from sqlalchemy.exc import SQLAlchemyError

from stockscore import clock
from stockscore.caching.counters import COUNTED, SECONDS
from stockscore.extensions import db
from stockscore.services import cache, heartbeats
from stockscore.services.backlog import backlogs
from stockscore.services.cache import Stats
from stockscore.store.pages import editions, receipts

bp = Blueprint("metrics", __name__)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

REDIS_STATES = ("off", "working", "failing", "full")


@bp.get("/metrics")
def metrics() -> Response:
    """All metrics."""
    lines = [
        *_lines(cache.stats(current_app)),
        *_edition_lines(),
        *_verified_lines(),
        *_background_lines(),
    ]
    return Response("\n".join(lines) + "\n", content_type=CONTENT_TYPE)


def _lines(stats: Stats) -> Iterator[str]:
    for name, help_text in (COUNTED | SECONDS).items():
        full = f"stockscore_cache_{name}_total"
        yield f"# HELP {full} {help_text}."
        yield f"# TYPE {full} counter"
        yield f"{full} {_number(stats.totals[name])}"
    process = f'process="{os.getpid()}"'
    gauges = {
        "cache_counters_complete": ("1 if the counters are of all processes", stats.complete),
        "cache_entries": ("Pages in the process's memory", stats.entries),
        "cache_bytes": ("Bytes of them", stats.bytes),
        "cache_evicted": ("Pages that had to leave it", stats.evicted),
        "cache_redis_outages": ("How often Redis failed for the process", stats.outages),
        "cache_epoch": ("Epoch of the cache", stats.epoch or 0),
        "edition": ("Newest edition", stats.edition or 0),
        "database_reachable": ("1 if the database answers", stats.database),
    }
    for name, (help_text, value) in gauges.items():
        yield from _gauge(name, help_text)
        yield f"stockscore_{name}{{{process}}} {_number(float(value))}"
    yield from _gauge("cache_redis", "1 for the state that Redis is in for the process")
    for state in REDIS_STATES:
        is_it = int(stats.redis == state)
        yield f'stockscore_cache_redis{{{process},state="{state}"}} {is_it}'


def _edition_lines() -> Iterator[str]:
    try:
        current = editions.age_of_current(clock.now())
    except SQLAlchemyError:
        db.session.rollback()
        return
    if current is not None:
        yield from _gauge("edition_age_seconds", "Since the newest edition was published")
        yield f"stockscore_edition_age_seconds {_number(current[1])}"


def _verified_lines() -> Iterator[str]:
    """Of the last night in which recorded scores were computed again; nothing before the first."""
    try:
        last = receipts.last_run("verify")
    except SQLAlchemyError:
        db.session.rollback()
        return
    if last is None or last.ended_at is None:
        return
    yield from _gauge("verified_scores", "Scores that were computed again last, by the result")
    for result, number in (("agrees", last.updated), ("differs", last.failed)):
        yield f'stockscore_verified_scores{{result="{result}"}} {number}'
    yield from _gauge("verified", "1 if the last such run ended, 0 if it could not be done")
    yield f"stockscore_verified {int(last.state == 'done')}"
    yield from _gauge("verified_age_seconds", "Since scores were computed again last")
    age = (clock.now() - last.ended_at).total_seconds()
    yield f"stockscore_verified_age_seconds {_number(age)}"


def _background_lines() -> Iterator[str]:
    """Of the queues' Redis, the scheduler, the workers; nothing where Redis is switched off."""
    settings = current_app.config
    if not settings["REDIS_ENABLED"]:
        return
    pulses, waiting = heartbeats.pulses(settings), backlogs(settings)
    yield from _gauge("queues_redis_reachable", "1 if the Redis of the background jobs answers")
    yield f"stockscore_queues_redis_reachable {int(pulses is not None)}"
    ages = {pulse.process: pulse.age for pulse in pulses or () if pulse.age is not None}
    if ages:
        yield from _gauge("beat_age_seconds", "Since the last sign of life of any such process")
    for process, age in ages.items():
        yield f'stockscore_beat_age_seconds{{kind="{process}"}} {_number(age)}'
    if waiting:
        yield from _gauge("queue_jobs", "Jobs by queue that wait, run, or failed for good")
    for backlog in waiting or ():
        for state in ("waiting", "started", "failed"):
            labels = f'queue="{backlog.queue}",state="{state}"'
            yield f"stockscore_queue_jobs{{{labels}}} {getattr(backlog, state)}"


def _gauge(name: str, help_text: str) -> Iterator[str]:
    yield f"# HELP stockscore_{name} {help_text}."
    yield f"# TYPE stockscore_{name} gauge"


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.6f}"
