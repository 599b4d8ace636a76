"""POST /cache/invalidate, for scripts; and the mark of public pages with declared parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response

from stockscore import clock
from stockscore.caching.pages import cached_page
from stockscore.extensions import csrf
from stockscore.services import cache
from stockscore.web import access, params
from stockscore.web.exports import as_json

bp = Blueprint("cache", __name__)


def public_page(
    family: str,
    declared: tuple[params.Parameter, ...] = (),
    path: Callable[[Mapping[str, Any]], str] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`cached_page` for a page that takes the `declared` parameters and no others."""

    def canonical(query_string: bytes) -> str | None:
        try:
            return params.read(declared, query_string).canonical
        except params.BadParameterError:
            return None

    return cached_page(family, canonical, path)


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
