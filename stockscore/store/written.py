"""Statements that write, and how many rows they wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import CursorResult
from sqlalchemy.sql.dml import UpdateBase

from stockscore.extensions import db

_OPTIONS = {
    # Without it PostgreSQL's driver is not asked how many rows an INSERT wrote.
    "preserve_rowcount": True,
    # Nothing that the session has loaded is looked at or brought up to date.
    "synchronize_session": False,
}


def execute(statement: UpdateBase, rows: Sequence[Mapping[str, Any]] | None = None) -> int:
    """Executes an INSERT, UPDATE or DELETE in the open transaction, with `rows` once for each of
    them; the number of rows that it wrote or deleted."""
    result = db.session.execute(statement, rows, execution_options=_OPTIONS)
    return cast("CursorResult[Any]", result).rowcount
