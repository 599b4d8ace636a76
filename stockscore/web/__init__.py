"""The site: its pages, and what whoever runs it needs."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from flask import Flask

from stockscore.web.http import reader, security
from stockscore.web.http.page import PageDeclaration
from stockscore.web.ops import admin, cache, health, metrics, operations
from stockscore.web.ui import error_pages, market_strip, past, templating

PAGES = (
    "today.routes",
    "lists.stocks",
    "lists.leaderboard",
    "top_picks.routes",
    "movers.routes",
    "screener.routes",
    "compare.routes",
    "watchlists.routes",
    "portfolio.routes",
    "evidence.routes",
    "methodology.routes",
    "glossary.routes",
    "status.routes",
    "receipts.routes",
    "stock.routes",
    "search.routes",
    "feeds.routes",
    "sitemap.routes",
    "patterns.routes",
    "personal.routes",
)
"""The modules of `stockscore.web.pages` that declare a page (`PAGE`) and answer for it (`bp`), in
the order of the menu and of the sitemap."""

OPERATIONS = (health, metrics, cache, admin, operations)


def page_modules() -> tuple[ModuleType, ...]:
    """The modules of `PAGES`."""
    return tuple(import_module(f"{__name__}.pages.{name}") for name in PAGES)


def declarations() -> tuple[PageDeclaration, ...]:
    """What all pages say of themselves, in the order of the menu."""
    return tuple(module.PAGE for module in page_modules())


def register(app: Flask) -> None:
    """Registers every page, the errors, and what templates need."""
    app.extensions["declared_pages"] = declarations()
    security.init_app(app)
    templating.init_app(app)
    market_strip.init_app(app)
    past.init_app(app)
    error_pages.init_app(app)
    admin.init_app(app)
    reader.init_app(app)
    for module in (*page_modules(), *OPERATIONS):
        app.register_blueprint(module.bp)
