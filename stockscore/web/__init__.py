"""The pages: one blueprint a family, thin routes, templates fed with dataclasses."""

from __future__ import annotations

from flask import Flask

from stockscore.web.http import reader, security
from stockscore.web.ops import admin, cache, health, metrics, operations
from stockscore.web.pages.compare import routes as compare
from stockscore.web.pages.feeds import routes as feeds
from stockscore.web.pages.glossary import routes as glossary
from stockscore.web.pages.lists import leaderboard, stocks
from stockscore.web.pages.methodology import routes as methodology
from stockscore.web.pages.movers import routes as movers
from stockscore.web.pages.patterns import routes as patterns
from stockscore.web.pages.personal import routes as personal
from stockscore.web.pages.portfolio import routes as portfolio
from stockscore.web.pages.screener import routes as screener
from stockscore.web.pages.search import routes as search
from stockscore.web.pages.sitemap import routes as sitemap
from stockscore.web.pages.status import routes as status
from stockscore.web.pages.stock import routes as stock
from stockscore.web.pages.today import routes as today
from stockscore.web.pages.top_picks import routes as top_picks
from stockscore.web.pages.watchlists import routes as watchlists
from stockscore.web.ui import error_pages, market_strip, templating

PAGES = (
    *(today, stocks, stock, leaderboard, top_picks, screener, movers, compare),
    *(methodology, glossary, status, patterns, search, feeds, sitemap),
)
PERSONAL = (personal, watchlists, portfolio)
OPERATIONS = (health, metrics, cache, admin, operations)


def register(app: Flask) -> None:
    """Registers every page, the errors, and what templates need."""
    security.init_app(app)
    templating.init_app(app)
    market_strip.init_app(app)
    error_pages.init_app(app)
    admin.init_app(app)
    reader.init_app(app)
    for module in PAGES + PERSONAL + OPERATIONS:
        app.register_blueprint(module.bp)
