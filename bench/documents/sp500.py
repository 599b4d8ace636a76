"""The S&P 500 as the replayed Yahoo Finance answers it, in a SQLite file."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import flask_migrate
from flask import Flask

from stockscore import create_app
from stockscore.providers.base import Listing
from stockscore.services import calendars, sources, universe
from stockscore.services.refresh import refresh
from stockscore.store import stocks
from stockscore.store.transactions import transaction
from tests.support.replay import served_market

INDEX = "sp500"
NOW = datetime(2026, 8, 21, 22, tzinfo=UTC)
"""After the close of the day that the replayed market is of."""

RECORDED = (
    Listing("OCDO.L", "Ocado Group", "XLON", "GBX"),
    Listing("ORSTED.CO", "Orsted", "XCSE", "DKK"),
    Listing("CMCOM.AS", "CM.com", "XAMS", "EUR"),
    Listing("BABA", "Alibaba Group", "XNYS", "USD"),
    Listing("EPAC", "Enerpac Tool Group", "XNYS", "USD"),
)
"""Companies beside the index, whose answers were recorded."""

SETTINGS = {
    "DATA_PROVIDER": "yahoo",
    "PROVIDER_RATE_PER_SECOND": 10_000.0,
    "CACHE_ENABLED": False,
    "CLOCK": lambda: NOW,
}


def loaded(path: Path) -> tuple[Flask, datetime]:
    """An application on the file, filled where it is not there yet, and the moment it is of."""
    app = create_app({**SETTINGS, "DATABASE_URL": f"sqlite:///{path}"})
    if path.exists():
        return app, NOW
    with served_market() as environment, app.app_context():
        os.environ.update(environment)
        flask_migrate.upgrade()
        provider = sources.provider_of(app.config)
        universe.add(INDEX, provider, NOW)
        with transaction():
            stocks.save_listings(RECORDED, provider.name, NOW)
        calendars.sync({stock.exchange for stock in stocks.active()}, NOW)
        refresh(provider, lambda: NOW, on_progress=_show)
    return app, NOW


def _show(done: int, total: int, label: str) -> None:
    if done % 50 == 0 or done == total:
        print(f"{done} of {total} ({label})", file=sys.stderr, flush=True)
