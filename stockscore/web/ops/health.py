"""Whether the process lives, and whether it can do its work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, current_app
from sqlalchemy.exc import SQLAlchemyError

from stockscore import clock
from stockscore.extensions import db
from stockscore.services import cache, heartbeats
from stockscore.store.pages import editions
from stockscore.web.ui import background_jobs
from stockscore.web.ui.exports import as_json

bp = Blueprint("health", __name__)

READY, DEGRADED, NOT_READY = "ready", "degraded", "not ready"


@bp.get("/healthz")
def healthz() -> Response:
    """The process answers; nothing else is asked."""
    return as_json({"status": "ok"})


@bp.get("/readyz")
def readyz() -> Response:
    """Whether readers can be answered, and every part that is missing, in a sentence each.

    503 ("not ready") where the database does not answer or no edition is published: a balancer
    should send readers elsewhere. 200 ("degraded") where only what runs behind the pages is
    missing: taking the site away from its readers would not bring the scheduler back.
    """
    database, edition, age = _edition()
    lacking = _lacking(database, edition)
    switched_on, pulses = _pulses()
    cache_redis = cache.redis_state(current_app)
    behind = background_jobs.problems(switched_on, pulses)
    if cache_redis == "failing":
        behind.append("The Redis of the page cache does not answer.")
    status = NOT_READY if lacking else DEGRADED if behind else READY
    state: dict[str, Any] = {
        "status": status,
        "database": "ok" if database else "failed",
        "edition": edition,
        "edition_age_seconds": None if age is None else round(age),
        "cache_redis": cache_redis,
        **background_jobs.as_data(switched_on, pulses),
        "problems": lacking + behind,
    }
    return as_json(state, 503 if lacking else 200)


def _edition() -> tuple[bool, int | None, float | None]:
    """Whether the database answers, the newest edition, and its age in seconds."""
    try:
        current = editions.age_of_current(clock.now())
    except SQLAlchemyError:
        db.session.rollback()
        return False, None, None
    return True, *(current or (None, None))


def _lacking(database: bool, edition: int | None) -> list[str]:
    if not database:
        return ["The database does not answer."]
    return [] if edition else ["No edition is published yet."]


def _pulses() -> tuple[bool, Sequence[heartbeats.Pulse] | None]:
    return current_app.config["REDIS_ENABLED"], heartbeats.pulses(current_app.config)
