"""Which columns a table of stocks shows: the usual ones, or those that the reader chose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stockscore.web.http import params
from stockscore.web.http.params import Parameter, Query
from stockscore.web.ui import past
from stockscore.web.ui.columns import CHOOSABLE, column, columns
from stockscore.web.ui.components import Column

MOST = 10
"""Columns that fit side by side on the widest page."""

PRIORITIES = (1, 1, 2, 2, 2, 3, 3, 3, 4, 4)
"""How narrow a page may be to show a chosen column, by its place (see `components.Column`)."""


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """The form for choosing columns: (key, label, whether it is shown). `kept` is carried along,
    and `usual_url` leads back to the usual ones, empty where these are shown."""

    action: str
    options: tuple[tuple[str, str, bool], ...]
    kept: tuple[tuple[str, str], ...]
    usual_url: str


def parameter(usual: Sequence[str]) -> Parameter:
    """The parameter `cols` of a page whose tables usually have these columns."""
    keys = tuple(CHOOSABLE)
    return params.several("cols", keys, set(usual) & set(keys), MOST)


def shown(
    query: Query, usual: Sequence[str], links: Mapping[str, tuple[str, str | None]]
) -> tuple[Column, ...]:
    """The columns in force; `links` are as for `columns.columns`. What became of stocks of a past
    day stands after them, where that is asked for."""
    if query["cols"] is None:
        return past.columns(columns(usual, links))
    chosen = [
        column(key, priority=priority, link=links.get(key, (None, None)))
        for key, priority in zip(query["cols"], PRIORITIES, strict=False)
    ]
    stock = column("stock", link=links.get("stock", (None, None)))
    before = 1 if chosen[0].key == "rank" else 0
    return past.columns((*chosen[:before], stock, *chosen[before:]))


def sort_link(path: str, query: Query, sort: str) -> tuple[str, str | None]:
    """The link of a head that sorts, and its direction where it is the one in force, which the link
    then turns round."""
    if query["sort"] != sort:
        return query.url(path, without=("page", "dir"), sort=sort), None
    down = query["dir"] == "desc"
    turned = query.url(path, without=("page",), sort=sort, dir="asc" if down else "desc")
    return turned, "descending" if down else "ascending"


def choice(path: str, query: Query, usual: Sequence[str]) -> ColumnChoice:
    """The form of a page whose columns are the `usual` ones where none are chosen."""
    ticked = query["cols"] or usual
    return ColumnChoice(
        action=path,
        options=tuple((key, label, key in ticked) for key, label in CHOOSABLE.items()),
        kept=tuple(query.given(without=("cols",)).items()),
        usual_url="" if query["cols"] is None else query.url(path, without=("cols",)),
    )
