"""Brings a database from nothing to a site that can be read."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from flask import Flask
from flask_migrate import upgrade

from stockscore.config import ROOT
from stockscore.services import (
    calendars,
    demo,
    exchanges,
    kept_moves,
    refresh,
    scores,
    snapshots,
    sources,
    universe,
)
from stockscore.services.errors import ServiceError
from stockscore.services.refresh import account
from stockscore.services.runlog import recorded
from stockscore.store import editions, stocks

Progress = Callable[[str], AbstractContextManager[Callable[[int, int, str], None]]]
Say = Callable[[str], None]


HOURS_SAID = 48
"""An age up to so many hours is said in hours, a greater one in days."""


def prepare(
    app: Flask, clock: Callable[[], datetime], index: str | None, progress: Progress, say: Say
) -> None:
    """Migrates the database and fills it: the simulated market where the provider is `demo`, else
    what is still missing of the members of `index`; says line by line what came.

    Raises `ServiceError` where nothing came and nothing was published before.
    """
    (ROOT / "instance").mkdir(exist_ok=True)
    upgrade()
    if app.config["DATA_PROVIDER"] == "demo":
        if editions.latest() is None:
            with progress("Simulated market") as step, recorded("demo-load", clock) as run:
                run.message = demo.load(sources.demo_provider(), clock(), step).sentence
        return
    if index:
        _fetch(app, clock, index, progress, say)
    elif stocks.active() and editions.latest() is None:
        _publish(clock, say)


def _fetch(
    app: Flask, clock: Callable[[], datetime], index: str, progress: Progress, say: Say
) -> None:
    """Brings the members of an index up to date, publishes them, and takes the snapshots that are
    due."""
    provider = sources.provider_of(app.config)
    if not stocks.active():
        universe.add(index, provider, clock())
    calendars.sync(app.config["EXCHANGES"], clock())
    with progress("Refresh") as step:
        counts = refresh.refresh(provider, clock, on_progress=step)
    for line in account.lines(counts):
        say(line)
    if not counts.came:
        say(_instead(clock()))
        return
    _publish(clock, say)
    with recorded("snapshot", clock) as run:
        taken = snapshots.take_due(exchanges.looked_after(app.config["EXCHANGES"]), clock())
        run.updated = sum(each.stocks for each in taken)
        run.message = " ".join(each.sentence for each in taken) or "No snapshot was due."
    say(run.message)


def _publish(clock: Callable[[], datetime], say: Say) -> None:
    with recorded("score", clock) as run:
        published = scores.publish(clock())
        run.updated, run.message = published.stocks, published.sentence
        kept_moves.keep()
    say(published.sentence)


def _instead(now: datetime) -> str:
    """What is shown where nothing came: the edition of before, with its age. Raises `ServiceError`
    where there is none."""
    edition = editions.latest()
    if edition is None:
        raise ServiceError(
            "Nothing came and nothing was published before, so that there is nothing to show: the "
            "site is not started."
        )
    hours = (now - edition.published_at) // timedelta(hours=1)
    age = f"{hours} hours" if hours < HOURS_SAID else f"{hours // 24} days"
    return (
        f"The site shows edition {edition.id} of {edition.published_at:%Y-%m-%d %H:%M} UTC, which "
        f"is {age} old."
    )
