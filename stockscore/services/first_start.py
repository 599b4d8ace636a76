"""Brings a database from nothing to a site that can be read."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

from flask import Flask
from flask_migrate import upgrade

from stockscore.config import ROOT
from stockscore.services import calendars, demo, refresh, scores, sources, universe
from stockscore.services.runlog import recorded
from stockscore.store import editions, stocks

Progress = Callable[[str], AbstractContextManager[Callable[[int, int, str], None]]]


def prepare(
    app: Flask, clock: Callable[[], datetime], index: str | None, progress: Progress
) -> None:
    """Migrates the database and fills it: the simulated market where the provider is `demo`, else
    what is still missing of the members of `index`."""
    (ROOT / "instance").mkdir(exist_ok=True)
    upgrade()
    if app.config["DATA_PROVIDER"] == "demo":
        if editions.latest() is None:
            with progress("Simulated market") as step, recorded("demo-load", clock) as run:
                run.message = demo.load(sources.demo_provider(), clock(), step).sentence
        return
    provider = sources.provider_of(app.config)
    if index and not stocks.active():
        universe.add(index, provider, clock())
    if index:
        calendars.sync(app.config["EXCHANGES"], clock())
        with progress("Refresh") as step:
            refresh.refresh(provider, clock, on_progress=step)
    if stocks.active() and (index or editions.latest() is None):
        with recorded("score", clock) as run:
            run.message = scores.publish(clock()).sentence
