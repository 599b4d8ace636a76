"""What an answer says to caches on the way and to the browser's own."""

from __future__ import annotations

import re
from collections.abc import Iterable

REVALIDATE_SECONDS = 60
"""For how long a browser may show a page while it asks for a newer one."""

PUBLIC = f"public, max-age=0, stale-while-revalidate={REVALIDATE_SECONDS}"
"""A browser asks each time and mostly gets 304: an edition is one state of the market, and pages of
two of them must not stand beside each other for long."""

PUBLIC_STALE = "public, max-age=0, must-revalidate"
PRIVATE = "private, no-store"

OUR_HEADERS = frozenset(
    {
        "age",
        "cache-control",
        "connection",
        "content-encoding",
        "content-length",
        "date",
        "etag",
        "keep-alive",
        "server",
        "transfer-encoding",
        "vary",
        "x-cache",
    }
)
"""Headers that are no part of a stored page's content: each answer has its own."""

_TAG = re.compile(r'\s*(?:W/)?("[^"]*")\s*(?:,|$)')


def unchanged(if_none_match: str, etag: str) -> bool:
    """Whether a reader who sends `If-None-Match` has this already (RFC 9110, 13.1.2): lists, weak
    tags and `*`. A header that cannot be read matches nothing."""
    if if_none_match == etag:
        return True
    if if_none_match.strip() == "*":
        return True
    wanted = etag.removeprefix("W/")
    start = 0
    while match := _TAG.match(if_none_match, start):
        if match[1] == wanted:
            return True
        start = match.end()
    return False


def content_headers(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The headers that belong to a page's content."""
    return tuple((name, value) for name, value in headers if name.lower() not in OUR_HEADERS)


def may_be_kept(status: int, headers: Iterable[tuple[str, str]]) -> bool:
    """Whether an answer is one for everybody: complete, and nothing in it personal."""
    if status != 200:
        return False
    for name, value in headers:
        name, value = name.lower(), value.lower()
        if name in {"set-cookie", "content-encoding", "content-range"}:
            return False
        if name == "cache-control" and ("private" in value or "no-store" in value):
            return False
        if name == "vary" and ("*" in value or "cookie" in value):
            return False
    return True
