"""The mark of a public page, and what its view can say about the answer it is making.

    @bp.get("/stocks")
    @cached_page("list", canonical)
    def stocks(): …

A marked view must be a function of the edition and the address alone: while it renders for the
cache it gets neither cookies nor any other header of the request.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request
from sqlalchemy.exc import SQLAlchemyError

from stockscore.extensions import db
from stockscore.store import epochs

FAMILIES = ("default", "list", "detail", "leaderboard", "scores")
"""Families of pages; the setting `CACHE_TTL_…` of each says how long its pages are fresh."""

NOTE = "stockscore.page"
"""Where the WSGI environment holds the `Note` of a render for the cache."""

Canonical = Callable[[bytes], str | None]


@dataclass(slots=True)
class Note:
    """What a render says of its answer: the edition and epoch it was made from (None: unknown, so
    it must not be kept) and the Unix time until which it holds at most; `lasting` is what no later
    edition changes."""

    edition: int | None = None
    epoch: int = 0
    until: float | None = None
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """What the decorator says of a view."""

    family: str
    canonical: Canonical
    path: Callable[[Mapping[str, Any]], str] | None


def no_parameters(_query_string: bytes) -> str:
    """The canonical query of a page without parameters."""
    return ""


def cached_page(
    family: str = "default",
    canonical: Canonical = no_parameters,
    path: Callable[[Mapping[str, Any]], str] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Marks a view as a public page that the cache keeps; it goes right above the function.

    `canonical` takes the raw query string to its one spelling, or to None where the view will
    refuse it. `path`, for pages with several addresses, takes the view's arguments to the one that
    all are kept under.
    """
    if family not in FAMILIES:
        raise ValueError(f"{family!r} is no family of pages; they are {', '.join(FAMILIES)}")

    def mark(view: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(view)
        def marked(*args: Any, **kwargs: Any) -> Any:
            note = request.environ.get(NOTE)
            if note is not None:
                _look(note)
            return view(*args, **kwargs)

        # A function may carry attributes, but its type knows of none.
        carrier: Any = marked
        carrier.page = Mark(family, canonical, path)
        return marked

    return mark


def mark_of(view: Any) -> Mark | None:
    """The mark of a view function, None where it has none."""
    return getattr(view, "page", None)


def holds_until(moment: datetime) -> None:
    """Says that the answer being made is true until `moment` (aware) at most, because it tells the
    time of something that will have happened then."""
    note = request.environ.get(NOTE)
    if note is not None:
        until = moment.timestamp()
        note.until = until if note.until is None else min(note.until, until)


def never_changes() -> None:
    """Says that the answer being made is of a past that is closed: no later edition changes it."""
    note = request.environ.get(NOTE)
    if note is not None:
        note.lasting = True


def _look(note: Note) -> None:
    """Reads edition and epoch in the transaction that the view is going to read in, so that what
    the page is called is what it is made of."""
    options = {}
    if db.engine.dialect.name == "postgresql":
        # SQLite shows one state of the database throughout a transaction; PostgreSQL does at this
        # level only, and a page must not be half of one edition and half of the next.
        options["isolation_level"] = "REPEATABLE READ"
    try:
        note.edition, note.epoch = epochs.current(db.session.connection(execution_options=options))
    except SQLAlchemyError:
        # The view shows what it can without a database, and what it shows is not kept.
        db.session.rollback()
