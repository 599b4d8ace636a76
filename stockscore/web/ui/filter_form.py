"""What stands around a list of stocks: its head, the form that filters it, links to its pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stockscore.scoring.signals import SIGNALS
from stockscore.web.http.page import PageDeclaration
from stockscore.web.http.params import Query, points
from stockscore.web.ui.components import PageHead, Pager, pager


@dataclass(frozen=True, slots=True)
class FilterForm:
    """The form above a list: what can be chosen and what is. `q` is None where there is no search
    field. `kept` are parameters that the form must carry along."""

    action: str
    q: str | None
    sectors: tuple[tuple[str, str], ...]
    sector: str
    exchanges: tuple[tuple[str, str], ...]
    exchange: str
    signals: tuple[tuple[str, str], ...]
    signal: str
    min_score: str
    kept: tuple[tuple[str, str], ...]
    csv: str
    json: str


def list_head(page: PageDeclaration, query: Query, description: str, title: str = "") -> PageHead:
    """Head and foot of a list page; `title` stands in place of the one it declares."""
    return PageHead(
        title=title or page.title,
        canonical=query.url(page.path),
        section=page.path,
        description=description,
        json=query.url(page.address("json"), without=("cols",)),
        csv=query.url(page.address("csv"), without=("page", "per_page", "cols")),
    )


def form_of(path: str, query: Query, choices: Mapping[str, Sequence[str]]) -> FilterForm:
    """The filter form of a list page."""
    names = {parameter.name for parameter in query.declared}
    fields = {"q", "sector", "exchange", "signal", "min_score", "page"}
    written = points("min_score").write
    return FilterForm(
        action=path,
        q=query["q"] if "q" in names else None,
        sectors=tuple((name, name) for name in choices["sectors"]),
        sector=query["sector"],
        exchanges=tuple((mic, mic) for mic in choices["exchanges"]),
        exchange=query["exchange"],
        signals=tuple((name, name) for name in SIGNALS),
        signal=query["signal"],
        min_score="" if query["min_score"] is None else written(query["min_score"]),
        kept=tuple(query.given(without=fields & names).items()),
        csv=query.url(f"{path}.csv", without=("page", "per_page", "cols")),
        json=query.url(f"{path}.json", without=("cols",)),
    )


def list_pager(path: str, query: Query, total: int) -> Pager:
    """Links to the pages of a list of `total` stocks."""
    return pager(
        query["page"], query["per_page"], total, lambda number: query.url(path, page=number)
    )
