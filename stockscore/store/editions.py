"""Editions: what was published, and when."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from stockscore.extensions import db
from stockscore.store.models import Edition


def latest() -> Edition | None:
    """The edition that readers see, None before the first."""
    return db.session.scalar(select(Edition).order_by(Edition.id.desc()).limit(1))


def first() -> Edition | None:
    """The oldest edition, None before there is one."""
    return db.session.scalar(select(Edition).order_by(Edition.id).limit(1))


def add(**columns: Any) -> Edition:
    """Adds an edition and gives it its number; it is public once the transaction commits."""
    edition = Edition(**columns)
    db.session.add(edition)
    db.session.flush()
    return edition
