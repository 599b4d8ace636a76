"""POST /cache/invalidate, for scripts."""

from __future__ import annotations

from flask import Blueprint, Response

from stockscore import clock
from stockscore.extensions import csrf
from stockscore.services import cache
from stockscore.web.ops import access
from stockscore.web.ui.exports import as_json

bp = Blueprint("cache", __name__)


@bp.post("/cache/invalidate")
@csrf.exempt  # a script shows its token, and no browser sends that by itself
def invalidate() -> Response:
    """Begins a new epoch: 200 with its number."""
    if not access.is_configured():
        return as_json({"error": "No ADMIN_TOKEN is configured, so nobody may do this."}, 403)
    wait = access.throttle.wait_seconds(access.reader())
    if wait > 0:
        answer = as_json({"error": f"Too many wrong tokens; try again in {wait:.0f} s."}, 429)
        answer.headers["Retry-After"] = str(int(wait) + 1)
        return answer
    if not access.is_token(access.bearer() or ""):
        access.throttle.failed(access.reader())
        answer = as_json({"error": "Send the header Authorization: Bearer ADMIN_TOKEN."}, 401)
        answer.headers["WWW-Authenticate"] = 'Bearer realm="StockScore"'
        return answer
    return as_json({"epoch": cache.clear(clock.now())})
