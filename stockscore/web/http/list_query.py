"""What list pages have in common: reading a question, and the stocks that answer it."""

from __future__ import annotations

from flask import request

from stockscore.services.stock_lists import Order, StockLists
from stockscore.store.pages import lists
from stockscore.store.pages.lists import Filter, StockLine
from stockscore.store.pages.search import EVERYTHING, sought
from stockscore.web.http import params
from stockscore.web.http.as_of import ask_past, current_past
from stockscore.web.http.params import BadParameterError, Parameter, Query


def ask(declared: tuple[Parameter, ...]) -> Query:
    """This request's question. Raises `BadParameterError`."""
    return params.read(declared, request.query_string)


def ask_list(declared: tuple[Parameter, ...]) -> tuple[Query, dict[str, tuple[str, ...]]]:
    """This request's question about a list, and what its filters can be.

    Raises `BadParameterError`."""
    query = ask(declared)
    past = ask_past(query)
    choices = past.market.choices() if past else lists.choices()
    query.require(choices)
    return query, choices


def page_of_list(
    query: Query, stocks: StockLists, rated_only: bool = False
) -> tuple[list[StockLine], int]:
    """The stocks on the page that is asked for, and how many fit on all pages together. Raises
    `BadParameterError` for a page beyond the last."""
    ids = ids_of_list(query, stocks, rated_only)
    check_page(query, len(ids))
    first = (query["page"] - 1) * query["per_page"]
    return stocks.lines(ids[first : first + query["per_page"]]), len(ids)


def ids_of_list(query: Query, stocks: StockLists, rated_only: bool = False) -> list[int]:
    """The ids of all stocks that fit, in order."""
    wanted = filter_of(query, rated_only)
    return is_about(stocks.ids(wanted, order_of(query, wanted)))


def is_about(ids: list[int]) -> list[int]:
    """Notes which stocks a page of a past day is about, so that it can say what became of them."""
    if past := current_past():
        past.found = ids
    return ids


def filter_of(query: Query, rated_only: bool = False) -> Filter:
    """The stocks that a question is about."""
    names = {parameter.name for parameter in query.declared}
    return Filter(
        text=sought(query["q"]) if "q" in names else EVERYTHING,
        sector=query["sector"],
        exchange=query["exchange"],
        signal=query["signal"],
        min_total=query["min_score"],
        rated_only=rated_only,
    )


def order_of(query: Query, wanted: Filter) -> Order:
    """The order that a question asks for; a ticker typed exactly comes first in the usual one."""
    return Order(
        column=query["sort"],
        descending=query["dir"] == "desc",
        first=wanted.text.key if query["sort"] == "score" else "",
    )


def check_page(query: Query, total: int, what: str = "stocks") -> None:
    """Raises `BadParameterError` for a page beyond the last; an empty list has one page."""
    pages = max(1, -(-total // query["per_page"]))
    if query["page"] > pages:
        allowed = "1, the only page" if pages == 1 else f"a whole number from 1 to {pages}"
        raise BadParameterError(
            f"The parameter “page” is “{query['page']}”; it must be {allowed}, because "
            f"{total:,} {what} at {query['per_page']} a page make {pages:,}."
        )
