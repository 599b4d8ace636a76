"""What commands take and how they write moments: moments, dates, files, exchanges."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import click

from stockscore.market.exchanges import EXCHANGES
from stockscore.services.errors import InputError

FILE = click.Path(path_type=Path)

FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Of moments that a command takes."""


class MomentParameter(click.ParamType):
    """An ISO 8601 moment with its zone, such as 2026-11-27T10:00:00-05:00."""

    name = "moment"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no ISO 8601 moment, such as 2026-11-27T10:00Z.", param, ctx)
        if moment.tzinfo is None:
            self.fail(f"{value!r} lacks its zone; write {value}Z for UTC.", param, ctx)
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            # Arithmetic with days around the ends of the calendar has no dates to answer with.
            self.fail(f"{value!r} is before {FIRST_YEAR} or after {LAST_YEAR}.", param, ctx)
        return moment.astimezone(UTC)


class Edge(MomentParameter):
    """Where a range begins or ends: a moment, or a date, which means the day's first (`last`: last)
    moment in UTC."""

    def __init__(self, last: bool = False) -> None:
        self.last = last

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        try:
            day = date.fromisoformat(value)
        except (TypeError, ValueError):
            return super().convert(value, param, ctx)
        edge = datetime.combine(day, time.max if self.last else time.min, UTC)
        return super().convert(edge.isoformat(), param, ctx)


class Day(click.ParamType):
    """An ISO 8601 date, such as 2026-11-27."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no date, such as 2026-11-27.", param, ctx)


def mic_of(text: str) -> str:
    """The MIC that a person means. Raises `InputError` for what is no exchange."""
    if text.upper() not in EXCHANGES:
        raise InputError(f"{text!r} is no exchange; those known are {', '.join(EXCHANGES)}.")
    return text.upper()


def iso(moment: datetime | None) -> str | None:
    """A moment as commands write it: ISO 8601 in UTC, with a Z."""
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
