"""From what a request asks for to the page it means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, RequestRedirect

from stockscore.caching.keys import Page
from stockscore.caching.memory import MemoryPlace
from stockscore.caching.pages import mark_of

MOST = 8_192
"""How many spellings of addresses are remembered."""

LONGEST_QUERY = 2_000
"""Characters of a query string that any page takes."""

LONGEST_PATH = 500

LONGEST_REMEMBERED = 300
"""Longer spellings are worked out each time."""

Resolve = Callable[[str, str], Page | None]


def resolver(url_map: Map, views: Mapping[str, Any], ttl: Mapping[str, int]) -> Resolve:
    """Gives the page of a path and a query string as WSGI has them; None for what the cache has no
    part in: no marked page, a family that is not kept, or a question that its view will refuse."""
    adapter = url_map.bind("localhost")

    def resolve(path_info: str, query_string: str) -> Page | None:
        if len(query_string) > LONGEST_QUERY or len(path_info) > LONGEST_PATH:
            return None
        try:
            path = path_info.encode("latin-1").decode("utf-8")
            raw_query = query_string.encode("latin-1")
            endpoint, arguments = adapter.match(path, "GET")
        except (UnicodeError, HTTPException, RequestRedirect):
            return None
        mark = mark_of(views.get(endpoint))
        if mark is None or not ttl[mark.family]:
            return None
        query = mark.canonical(raw_query)
        if query is None:
            return None
        return Page(mark.path(arguments) if mark.path else path, query, mark.family)

    return resolve


class Addresses:
    """Remembers the place of each spelling, so that a known one costs one look-up.

    `known` may be read at any time; it is replaced whole once it is full, which costs each page one
    resolution.
    """

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve
        self._places: dict[Page, MemoryPlace] = {}
        self.known: dict[tuple[str, str], MemoryPlace] = {}

    def place(self, path_info: str, query_string: str) -> MemoryPlace | None:
        """The place of the page that is meant, None for what the cache has no part in."""
        place = self.known.get((path_info, query_string))
        if place is not None:
            return place
        page = self._resolve(path_info, query_string)
        if page is None:
            return None
        if len(self.known) >= MOST:
            self.known, self._places = {}, {}
        place = self._places.setdefault(page, MemoryPlace(page))
        if len(path_info) + len(query_string) <= LONGEST_REMEMBERED:
            self.known[path_info, query_string] = place
        return place
