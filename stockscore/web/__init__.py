"""The pages: one blueprint a family, thin routes, templates fed with dataclasses."""

from __future__ import annotations

from flask import Flask

from stockscore.web import (
    admin,
    cache,
    compare,
    errors,
    feeds,
    glossary,
    health,
    leaderboard,
    look,
    methodology,
    metrics,
    movers,
    operations,
    patterns,
    personal,
    portfolio,
    screener,
    search,
    security,
    sitemap,
    status,
    stock,
    stocks,
    strip,
    today,
    top_picks,
    watchlists,
)

PAGES = (
    *(today, stocks, stock, leaderboard, top_picks, screener, movers, compare),
    *(methodology, glossary, status, patterns, search, feeds, sitemap),
)
PERSONAL = (personal, watchlists, portfolio)
OPERATIONS = (health, metrics, cache, admin, operations)


def register(app: Flask) -> None:
    """Registers every page, the errors, and what templates need."""
    security.init_app(app)
    look.init_app(app)
    strip.init_app(app)
    errors.init_app(app)
    admin.init_app(app)
    personal.init_app(app)
    for module in PAGES + PERSONAL + OPERATIONS:
        app.register_blueprint(module.bp)
