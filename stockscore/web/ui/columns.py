"""Which columns a table of stocks shows: the usual ones, or those that the reader chose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stockscore.scoring.method import CHANGE_DAYS, FACTORS
from stockscore.web.http import params
from stockscore.web.http.params import Parameter, Query
from stockscore.web.ui import stock_rows
from stockscore.web.ui.components import Column

CHOOSABLE = (
    *("rank", "sector", "industry", "exchange", "price", "market_cap", "score", "scale", "signal"),
    *(*FACTORS, "coverage"),
    *(f"change_{days}" for days in CHANGE_DAYS),
)
"""In the order in which tables show them; the stock itself always has a column."""

MOST = 10
"""Columns that fit side by side on the widest page."""

PRIORITIES = (1, 1, 2, 2, 2, 3, 3, 3, 4, 4)
"""How narrow a page may be to show a chosen column, by its place (see `pieces.Column`)."""

SORTS = {"stock": "ticker"} | {
    key: key for key in CHOOSABLE if key not in {"rank", "industry", "price", "scale", "signal"}
}
"""Columns whose head is a sort link, with the parameter's value."""


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """The form for choosing columns: each with whether it is shown. `kept` is carried along, and
    `usual_url` leads back to the usual ones, empty where these are shown."""

    action: str
    options: tuple[tuple[str, bool], ...]
    kept: tuple[tuple[str, str], ...]
    usual_url: str


def parameter(usual: Sequence[str]) -> Parameter:
    """The parameter `cols` of a page whose tables usually have these columns."""
    return params.several("cols", CHOOSABLE, set(usual) & set(CHOOSABLE), MOST)


def shown(
    query: Query, usual: Sequence[str], links: Mapping[str, tuple[str, str | None]]
) -> tuple[Column, ...]:
    """The columns in force; `links` are as for `lines.columns`."""
    if query["cols"] is None:
        return stock_rows.columns(usual, links)
    chosen = [
        Column(key, None, *links.get(key, (None, None)), priority)
        for key, priority in zip(query["cols"], PRIORITIES, strict=False)
    ]
    stock = Column("stock", None, *links.get("stock", (None, None)))
    at = 1 if chosen[0].key == "rank" else 0
    return (*chosen[:at], stock, *chosen[at:])


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
        options=tuple((key, key in ticked) for key in CHOOSABLE),
        kept=tuple(query.given(without=("cols",)).items()),
        usual_url="" if query["cols"] is None else query.url(path, without=("cols",)),
    )
