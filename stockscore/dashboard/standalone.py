"""The dashboard alone, behind a name and a password, for the machine that it runs on."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path
from typing import Any

import rq_dashboard
from flask import Flask, Response, request
from redis import RedisError

from stockscore import logs
from stockscore.config import DEFAULT_SECRETS, SettingsError, load
from stockscore.dashboard.mount import Guard, mount
from stockscore.services import server

TARGET = "stockscore.dashboard.standalone:create_app"


def create_app() -> Flask:
    """The application. Raises `SettingsError` where it would be open to everybody."""
    app = Flask(__name__, static_folder=Path(rq_dashboard.__file__).parent / "static")
    app.config.update(_settings())
    logs.configure(app)
    mount(app, "/", _refusal(app))

    @app.get("/healthz")
    def healthz() -> Response:
        """Redis answers: 200, else 503."""
        try:
            app.redis_conn.ping()  # type: ignore[attr-defined]
        except RedisError:
            return Response("Redis does not answer.\n", 503, mimetype="text/plain")
        return Response("ok\n", mimetype="text/plain")

    return app


def _settings() -> dict[str, Any]:
    """All settings, if there are a name and a password that not everybody knows."""
    settings = load(REDIS_ENABLED="true")
    for name in ("RQ_DASHBOARD_USERNAME", "RQ_DASHBOARD_PASSWORD"):
        if not settings[name]:
            raise SettingsError(f"The dashboard does not start without {name}: set it in .env.")
    if settings["RQ_DASHBOARD_PASSWORD"].lower() in DEFAULT_SECRETS:
        raise SettingsError("RQ_DASHBOARD_PASSWORD must be one that not everybody knows.")
    return settings


def _refusal(app: Flask) -> Guard:
    """What whoever does not know name and password gets; comparing takes the same time whatever the
    difference."""
    wanted = _digest(app.config["RQ_DASHBOARD_USERNAME"], app.config["RQ_DASHBOARD_PASSWORD"])

    def refusal() -> Response | None:
        given = request.authorization
        name = password = ""
        if given is not None and given.type == "basic":
            name, password = given.username or "", given.password or ""
        if hmac.compare_digest(_digest(name, password), wanted):
            return None
        headers = {"WWW-Authenticate": 'Basic realm="StockScore queues", charset="UTF-8"'}
        return Response("Log in.\n", 401, headers, mimetype="text/plain")

    return refusal


def _digest(name: str, password: str) -> bytes:
    inner = hashlib.sha256(name.encode("utf-8", "replace")).digest()
    return inner + hashlib.sha256(password.encode("utf-8", "replace")).digest()


def main() -> None:
    """Checks the settings, then becomes the server. Wrong ones end it with status 2."""
    try:
        settings = _settings()
    except SettingsError as error:
        raise SystemExit(_said(error)) from None
    server.serve(settings | {"WEB_CONCURRENCY": 1}, TARGET, "The dashboard")


def _said(error: SettingsError) -> int:
    print(error.message, flush=True)
    return 2
