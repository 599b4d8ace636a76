"""Who may steer the site: whoever knows ADMIN_TOKEN."""

from __future__ import annotations

import hashlib
import hmac

from flask import current_app, request, session

from stockscore import clock
from stockscore.web.ops.throttle import Throttle

HOURS = 12
"""How long a login lasts."""

MOST_FAILURES, FAILURE_SECONDS = 5, 60.0

throttle = Throttle(MOST_FAILURES, FAILURE_SECONDS)


def is_configured() -> bool:
    """Whether there is a token at all; without one nobody may."""
    return bool(current_app.config["ADMIN_TOKEN"])


def is_token(given: str) -> bool:
    """Whether this is the token. Takes the same time whatever the difference."""
    token = current_app.config["ADMIN_TOKEN"]
    return bool(token) and hmac.compare_digest(_digest(given), _digest(token))


def bearer() -> str | None:
    """The token of an `Authorization: Bearer` header."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def reader() -> str:
    """Whom to slow down."""
    return request.remote_addr or "unknown"


def log_in() -> None:
    """Makes this browser's session an administrator's."""
    session.clear()
    session["admin"] = _proof()
    session["since"] = int(clock.now().timestamp())


def log_out() -> None:
    """Ends the session."""
    session.clear()


def is_admin() -> bool:
    """Whether this browser has logged in, not too long ago and with the token of now."""
    if not is_configured():
        return False
    since = session.get("since", 0)
    lasts = 0 <= clock.now().timestamp() - since < HOURS * 3600
    return lasts and hmac.compare_digest(str(session.get("admin", "")), _proof())


def _proof() -> str:
    """What a session holds instead of the token; another token makes it worthless."""
    token = current_app.config["ADMIN_TOKEN"]
    secret = current_app.config["SECRET_KEY"].encode()
    return hmac.new(secret, b"admin:" + token.encode(), "sha256").hexdigest()


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()
