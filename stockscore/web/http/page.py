"""What a page says of itself, once, in its `routes.py`: its address, its place in the menu and in
the sitemap, what it may be asked, how long it is kept. The menu, the foot, the sitemap and the
tests that walk all pages read these declarations.

    PAGE = PageDeclaration("/movers", "Movers", Menu("Market", 2), "leaderboard", PARAMETERS)

    @bp.get(PAGE.path)
    @public_page(PAGE)
    def page(): …
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app

from stockscore.caching.pages import cached_page
from stockscore.web.http import params
from stockscore.web.http.params import Parameter


@dataclass(frozen=True, slots=True)
class Menu:
    """The place of a page in the menu. Priority 1 stands in the bar at every width, 2 in the bar
    of wide screens, 3 in the foot only; the foot lists all of them under `group`. Within a group
    pages stand in the order in which `stockscore.web` lists them."""

    group: str
    priority: int


@dataclass(frozen=True, slots=True)
class PageDeclaration:
    """A page. `menu` is None where no menu leads to it. `family` is that of the page cache, empty
    for a page that is not kept, such as a personal one. `parameters` are what its address may
    have; JSON and CSV take `data_parameters` where these differ. `formats` are the suffixes under
    which it answers, "html" for none."""

    path: str
    title: str
    menu: Menu | None = None
    family: str = ""
    parameters: tuple[Parameter, ...] = ()
    formats: tuple[str, ...] = ("html",)
    in_sitemap: bool = False
    is_personal: bool = False
    data_parameters: tuple[Parameter, ...] | None = None

    def address(self, suffix: str) -> str:
        """The path under which the page answers in another format: "/movers.json"."""
        return f"{self.path}.{suffix}"

    @property
    def of_data(self) -> tuple[Parameter, ...]:
        """What JSON and CSV may be asked."""
        return self.parameters if self.data_parameters is None else self.data_parameters


def public_page(
    page: PageDeclaration,
    data: bool = False,
    path: Callable[[Mapping[str, Any]], str] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`cached_page` for a page that takes the parameters it declares and no others; `data` for its
    JSON and CSV."""
    declared = page.of_data if data else page.parameters

    def canonical(query_string: bytes) -> str | None:
        try:
            return params.read(declared, query_string).canonical
        except params.BadParameterError:
            return None

    return cached_page(page.family, canonical, path)


def declared_pages() -> tuple[PageDeclaration, ...]:
    """All pages of the application that answers this request, in the order of the menu."""
    found: tuple[PageDeclaration, ...] = current_app.extensions["declared_pages"]
    return found
