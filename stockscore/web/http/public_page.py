"""The mark of a public page with declared parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from stockscore.caching.pages import cached_page
from stockscore.web.http import params


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
