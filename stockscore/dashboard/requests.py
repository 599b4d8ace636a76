"""Which requests the dashboard gets to see: those of its pages, about our queues, from us."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Request
from werkzeug.exceptions import Forbidden, MethodNotAllowed, NotFound

from stockscore.jobs import queues

NAME = "rq_dashboard"
"""Of the blueprint, and so the beginning of its endpoints."""

CHANGING = frozenset(
    f"{NAME}.{view}"
    for view in (
        *("delete_job_view", "requeue_job_view", "requeue_all", "empty_queue", "compact_queue"),
    )
)

REGISTRIES = frozenset(
    {"queued", "scheduled", "deferred", "started", "finished", "failed", "canceled"}
)

MOST_PER_PAGE = 200


def _whole(least: int, most: int) -> Callable[[Any], bool]:
    def takes(value: Any) -> bool:
        return bool(re.fullmatch("[0-9]{1,6}", str(value))) and least <= int(value) <= most

    return takes


TAKES: Mapping[str, Callable[[Any], Any]] = {
    "instance_number": _whole(0, 0),
    "queue_name": queues.NAMES.__contains__,
    "registry_name": REGISTRIES.__contains__,
    "per_page": _whole(1, MOST_PER_PAGE),
    "page": _whole(1, 10**6),
    "order": {"asc", "dsc"}.__contains__,
    "job_id": re.compile(r"[A-Za-z0-9_-]{1,200}").fullmatch,
}
"""Parts of its addresses. It writes a queue's name into a script, and answers what it does not
expect with a crash: so it only gets what there is."""


def check(request: Request) -> None:
    """Raises an `HTTPException` for what the dashboard must not see.

    What changes something must be a POST that a page of this very origin has sent: rq-dashboard's
    forms carry no token.
    """
    if request.endpoint in CHANGING and request.method != "POST":
        raise MethodNotAllowed(["POST"])
    if request.method == "POST" and not _from_our_own_page(request):
        raise Forbidden("Only a page of this site may ask for that.")
    parts = request.view_args or {}
    if parts.get("queue_name", "") is None:
        parts["queue_name"] = queues.NAMES[0]  # it would show the queue "default"
    if not all(TAKES[name](value) for name, value in parts.items() if name in TAKES):
        raise NotFound


def _from_our_own_page(request: Request) -> bool:
    """What the browser says of where a request comes from; no script can make it say otherwise."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return urlsplit(request.headers.get("Origin", "")).netloc == request.host
