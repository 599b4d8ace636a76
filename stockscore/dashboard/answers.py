"""Repairs the dashboard's answers: text that is no markup, a policy of its own."""

from __future__ import annotations

import json
import re
import secrets
from typing import Any

from flask import Response
from markupsafe import escape

POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
"""Of the dashboard's pages alone. Its one inline script runs by a nonce; `unsafe-eval` is for its
templates (underscore compiles them into functions), the unsafe styles for its style attributes.
Markup that got into a page could not run: inline scripts and handlers have no nonce."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}

INLINE = '<script type="text/javascript">'
ICON = re.compile(r'(<link rel="shortcut icon" href=")[^"]*(">)')

ESCAPED_BY_THE_PAGE = frozenset({"description", "exc_info"})
"""Of jobs in a list; the page of one job and that of the workers escape nothing."""


def repair(response: Response, icon: str) -> Response:
    """The answer as a browser may have it; `icon` is the address of the dashboard's own."""
    nonce = secrets.token_urlsafe(16)
    if response.mimetype == "text/html":
        page = response.get_data(as_text=True)
        page = page.replace(INLINE, f'<script nonce="{nonce}">')
        response.set_data(ICON.sub(rf"\g<1>{icon}\g<2>", page))
    elif response.mimetype == "application/json":
        response.set_data(json.dumps(_escaped(json.loads(response.get_data()))))
    response.headers.update(HEADERS)
    response.headers["Content-Security-Policy"] = POLICY.format(nonce=nonce)
    return response


def _escaped(value: Any, in_list: bool = False) -> Any:
    """The same with every text escaped for HTML, because the pages put it there as it is."""
    if isinstance(value, str):
        return str(escape(value))
    if isinstance(value, list):
        return [_escaped(item, in_list) for item in value]
    if isinstance(value, dict):
        return {
            name: item
            if in_list and name in ESCAPED_BY_THE_PAGE
            else _escaped(item, in_list or name == "jobs")
            for name, item in value.items()
        }
    return value
