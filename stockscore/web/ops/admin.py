"""/admin: what only whoever runs the site may see and do."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import Blueprint, Flask, current_app, redirect, render_template, request, url_for
from werkzeug import Response

from stockscore import clock
from stockscore.caching.counters import COUNTED, SECONDS
from stockscore.services import cache
from stockscore.services.cache import Stats
from stockscore.web.ops import access
from stockscore.web.ui.components import Fact, PageHead, Table

bp = Blueprint("admin", __name__, url_prefix="/admin")

OPEN_TO_ALL = frozenset({"admin.login", "admin.log_in"})


@dataclass(frozen=True, slots=True)
class LoginView:
    """The form; `problem` says why there is none, or why the last try failed."""

    problem: str | None
    can_try: bool
    goes_to: str


@dataclass(frozen=True, slots=True)
class CacheView:
    """How the cache does."""

    facts: tuple[Fact, ...]
    counters: Table
    busiest: Table
    note: str
    cleared: str | None


@bp.before_request
def _only_admins() -> Response | None:
    return None if request.endpoint in OPEN_TO_ALL else refusal()


def refusal() -> Response | None:
    """Where whoever has not logged in is led; None for whoever has."""
    if access.is_admin():
        return None
    return redirect(url_for("admin.login", to=request.path), 303)


def _page(title: str, path: str) -> PageHead:
    return PageHead(title=title, canonical=path)


def _goes_to() -> str:
    """Where a login leads: a page of ours under /admin, and nothing else."""
    to = request.values.get("to", "")
    return to if to.startswith("/admin/") and "\\" not in to else "/admin/"


def _form(problem: str | None, status: int, can_try: bool = True) -> tuple[str, int]:
    view = LoginView(problem, can_try, _goes_to())
    page = _page("Log in", "/admin/login")
    return render_template("admin/login.html", page=page, view=view), status


@bp.get("/login")
def login() -> tuple[str, int] | Response:
    """The form."""
    if not access.is_configured():
        return _form("No ADMIN_TOKEN is configured, so nobody can log in.", 403, can_try=False)
    return redirect(_goes_to(), 303) if access.is_admin() else _form(None, 200)


@bp.post("/login")
def log_in() -> tuple[str, int] | Response:
    """Takes the token."""
    if not access.is_configured():
        return login()
    wait = access.throttle.wait_seconds(access.reader())
    if wait > 0:
        return _form(f"Too many wrong tokens; try again in {wait:.0f} seconds.", 429)
    if not access.is_token(request.form.get("token", "")):
        access.throttle.failed(access.reader())
        return _form("That is not the ADMIN_TOKEN.", 401)
    access.throttle.succeeded(access.reader())
    access.log_in()
    return redirect(_goes_to(), 303)


@bp.post("/logout")
def log_out() -> Response:
    """Ends the session."""
    access.log_out()
    return redirect(url_for("admin.login"), 303)


@bp.get("/")
def start() -> str:
    """What there is to see."""
    return render_template("admin/start.html", page=_page("Administration", "/admin/"))


@bp.get("/cache")
def cache_page() -> str:
    """How the page cache does."""
    view = cache_view(cache.stats(current_app), request.args.get("cleared"))
    return render_template("admin/cache.html", page=_page("Page cache", "/admin/cache"), view=view)


@bp.post("/cache/clear")
def clear_cache() -> Response:
    """Begins a new epoch."""
    epoch = cache.clear(clock.now())
    return redirect(url_for("admin.cache_page", cleared=epoch), 303)


def cache_view(stats: Stats, cleared: str | None) -> CacheView:
    """What the page shows of the cache; `cleared` is the epoch that a clear has just begun."""
    totals = stats.totals
    asked = sum(totals[name] for name in COUNTED if name.startswith(("hits_", "misses", "stale")))
    served = asked - totals["misses"]
    return CacheView(
        facts=(
            Fact("Pages from the cache", f"{served / asked:.1%}" if asked else "none asked yet"),
            Fact("Edition", str(stats.edition or "none"), note=f"epoch {stats.epoch or 0}"),
            Fact("Switched on", "yes" if stats.enabled else "no"),
            Fact("Database", "answers" if stats.database else "does not answer"),
            Fact("Redis", stats.redis, note=f"{stats.outages} outages seen by this process"),
            Fact("In this process", f"{stats.entries} pages", note=f"{stats.bytes / 1e6:.1f} MB"),
        ),
        counters=Table(
            "Counters",
            (("What", False), ("Count", True)),
            tuple(_counter(name, text, totals[name]) for name, text in (COUNTED | SECONDS).items()),
        ),
        busiest=Table(
            "Busiest pages",
            (("Address", False), ("Hits", True)),
            tuple((url, f"{hits:,}") for url, hits in stats.busiest),
        ),
        note=(
            "Counters are of all processes since they were first counted."
            if stats.complete
            else "Redis does not answer: the counters are of this process alone."
        ),
        cleared=cleared if cleared and re.fullmatch("[0-9]{1,9}", cleared) else None,
    )


def _counter(name: str, text: str, value: float) -> tuple[str, str]:
    return text, f"{value:,.1f} s" if name in SECONDS else f"{value:,.0f}"


def without_queues() -> str:
    """In place of the dashboard of queues where there are none."""
    page = _page("Queues", "/admin/rq/")
    return render_template("admin/without-queues.html", page=page)


def init_app(app: Flask) -> None:
    """Makes the session cookie one that only this site's own requests send."""
    if not app.config["REDIS_ENABLED"]:
        app.add_url_rule("/admin/rq/", "admin.without_queues", without_queues)
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    app.config["SESSION_COOKIE_HTTPONLY"] = True
    app.config["SESSION_COOKIE_NAME"] = "stockscore"
    app.config["SESSION_COOKIE_SECURE"] = app.config["STOCKSCORE_ENV"] == "production"
