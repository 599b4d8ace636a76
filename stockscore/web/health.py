"""Whether the process lives, and whether it can do its work."""

from __future__ import annotations

from flask import Blueprint, Response
from sqlalchemy.exc import SQLAlchemyError

from stockscore import clock
from stockscore.extensions import db
from stockscore.store.pages import editions
from stockscore.web.exports import as_json

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def healthz() -> Response:
    """The process answers; nothing else is asked."""
    return as_json({"status": "ok"})


@bp.get("/readyz")
def readyz() -> Response:
    """The database answers and an edition is published: 200, else 503 with what is missing."""
    try:
        current = editions.age_of_current(clock.now())
    except SQLAlchemyError:
        db.session.rollback()
        return as_json(_state(False, None, "The database does not answer."), 503)
    if current is None:
        return as_json(_state(True, None, "No edition is published yet."), 503)
    return as_json(_state(True, current, None))


def _state(database: bool, current: tuple[int, float] | None, problem: str | None) -> dict:
    edition, age = current or (None, None)
    return {
        "status": "ready" if problem is None else "not ready",
        "database": "ok" if database else "failed",
        "edition": edition,
        "edition_age_seconds": None if age is None else round(age),
        "problem": problem,
    }
