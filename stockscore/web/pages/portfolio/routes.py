"""/portfolio: positions, what they are worth and how they score, kept for this browser."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug import Response

from stockscore import clock
from stockscore.services.errors import InputError
from stockscore.services.personal import holdings, portfolio
from stockscore.services.personal.holdings import Holdings
from stockscore.store.pages import market
from stockscore.web.http.page import Menu, PageDeclaration
from stockscore.web.http.reader import current_reader, reader_to_be, uploaded
from stockscore.web.pages.portfolio import export
from stockscore.web.pages.portfolio.view import PATH, portfolio_view
from stockscore.web.pages.portfolio.what_if import WhatIfView, refused, what_if_view
from stockscore.web.ui import exports, market_strip
from stockscore.web.ui.components import PageHead
from stockscore.web.ui.empty import empty

bp = Blueprint("portfolio", __name__)

PAGE = PageDeclaration(
    path=PATH,
    title="Portfolio",
    menu=Menu("Yours", 2),
    formats=("html", "json", "csv"),
    is_personal=True,
)


@bp.get(PAGE.path)
def page() -> tuple[str, int]:
    """The portfolio, and what a purchase or a sale would make of it."""
    return _page()


@bp.post(PATH)
def hold() -> Response | tuple[str, int]:
    """Adds a position, or replaces the one of the same stock."""
    ticker, shares, average_price, note = (
        request.form.get(name, "") for name in ("t", "shares", "average_price", "note")
    )
    try:
        holding = portfolio.set_position(
            reader_to_be(), ticker, shares, average_price, note, clock.now()
        )
    except InputError as problem:
        return _page(str(problem), 400)
    return redirect(f"{PATH}?kept={holding.ticker}", 303)


@bp.post(f"{PATH}/remove")
def let_go() -> Response | tuple[str, int]:
    """Deletes a position."""
    reader = current_reader()
    try:
        if reader is not None:
            portfolio.remove(reader, request.form.get("t", ""))
    except InputError as problem:
        return _page(str(problem), 400)
    return redirect(PATH, 303)


@bp.post(f"{PATH}/import")
def bring() -> Response | tuple[str, int]:
    """Adds the positions of a CSV file."""
    try:
        count = portfolio.import_csv(reader_to_be(), uploaded(), clock.now())
    except InputError as problem:
        return _page(str(problem), 400)
    return redirect(f"{PATH}?imported={count}", 303)


@bp.get(PAGE.address("csv"))
def table() -> Response:
    """The positions on one sheet, which can be imported again."""
    rows = export.csv_rows(holdings.read(current_reader()).accounts)
    return exports.as_csv("portfolio.csv", export.CSV_HEADER, rows)


@bp.get(PAGE.address("json"))
def data() -> Response:
    """The portfolio as JSON."""
    accounts = holdings.read(current_reader()).accounts
    return exports.as_json(export.as_data(accounts, market_strip.moment().edition))


def _page(problem: str | None = None, status: int = 200) -> tuple[str, int]:
    held = holdings.read(current_reader())
    nothing = None
    if not held.positions:
        nothing = empty(market_strip.moment().edition is not None, market.stocks_listed())
    view = portfolio_view(held.accounts, _what_if(held), problem, request.values, nothing)
    head = PageHead(
        title=PAGE.title,
        canonical=PAGE.path,
        section=PAGE.path,
        json=PAGE.address("json") if held.positions else None,
        csv=PAGE.address("csv") if held.positions else None,
    )
    return exports.html("portfolio/portfolio.html", head, view, status)


def _what_if(held: Holdings) -> WhatIfView | None:
    """The question in the address, answered; None where there is none."""
    ticker, shares = request.args.get("if", ""), request.args.get("by", "")
    if not ticker.strip() or not shares.strip():
        return None
    try:
        return what_if_view(holdings.what_if(held, ticker, shares), shares)
    except InputError as problem:
        return refused(ticker, shares, str(problem))
