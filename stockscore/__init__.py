"""StockScore: scores every stock of a market from 0 to 100, and shows why."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import StrictUndefined

from stockscore import clock, commands, logs, monitoring, web
from stockscore.caching import wiring
from stockscore.config import INSTANCE, NAMES, ROOT, load
from stockscore.extensions import csrf, db, migrate
from stockscore.services import background
from stockscore.store import engine
from stockscore.web.http import accesslog
from stockscore.web.ops import admin

__version__ = "0.2.0"
"""The one place of the version: pyproject.toml and the changelog's test read it here."""


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """The application, wired. `config` maps names of settings (and of Flask's own) to values that
    come before the environment's.

    Raises `SettingsError` where the settings are wrong.
    """
    given = dict(config or {})
    app = Flask(
        __name__,
        template_folder=ROOT / "templates",
        static_folder=ROOT / "static",
        instance_path=str(INSTANCE),
    )
    app.cli = commands.LazyCommands(app.name)
    app.config.update(given)
    app.config.update(load(**{name: given[name] for name in NAMES & given.keys()}))
    app.config["SQLALCHEMY_DATABASE_URI"] = engine.url_of(app.config["DATABASE_URL"])
    if app.config["CLOCK_FILE"]:
        app.config.setdefault("CLOCK", clock.from_file(Path(app.config["CLOCK_FILE"])))
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    logs.configure(app)
    monitoring.init(app.config)
    db.init_app(app)
    engine.configure(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    csrf.init_app(app)
    web.register(app)
    if app.config["REDIS_ENABLED"]:
        # RQ and its dashboard cost a process that has no queues nothing.
        from stockscore.dashboard.mount import mount
        from stockscore.jobs import byhand

        background.provide(app, functools.partial(byhand.enqueue, app.config))
        mount(app, "/admin/rq", admin.refusal)
    wiring.init_app(app)
    accesslog.init_app(app)
    return app
