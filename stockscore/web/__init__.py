"""The pages: one blueprint a family, thin routes, templates fed with dataclasses."""

from __future__ import annotations

from flask import Flask

from stockscore.web import (
    errors,
    health,
    leaderboard,
    look,
    methodology,
    patterns,
    security,
    status,
    stock,
    stocks,
    strip,
    today,
)


def register(app: Flask) -> None:
    """Registers every page, the errors, and what templates need."""
    security.init_app(app)
    look.init_app(app)
    strip.init_app(app)
    errors.init_app(app)
    for module in (health, today, stocks, stock, leaderboard, methodology, status, patterns):
        app.register_blueprint(module.bp)
