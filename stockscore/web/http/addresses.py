"""Addresses: where the site stands, for what has to say it whole (feeds, the sitemap, previews of
links), and of pages that others link to."""

from __future__ import annotations

from flask import current_app


def absolute(path: str) -> str:
    """The whole address of a page where `SITE_URL` is set, else its path as it is: a page that is
    kept for everybody must not repeat the host that one reader asked for."""
    return f"{current_app.config.get('SITE_URL', '')}{path}"


WATCHLISTS = "/watchlists"


def watchlist_url(list_id: int) -> str:
    """The address of a watchlist."""
    return f"{WATCHLISTS}/{list_id}"


def watchlist_feed_url(feed_key: str) -> str:
    """The address of a watchlist's feed, which opens it to whoever knows it."""
    return f"{WATCHLISTS}/{feed_key}.atom"
