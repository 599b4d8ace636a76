"""/portfolio: positions, what they are worth and how they score, kept for this browser."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug import Response

from stockscore import clock
from stockscore.services.errors import InputError
from stockscore.services.personal import entries, portfolio, valuation
from stockscore.services.personal.valuation import Account
from stockscore.store import positions
from stockscore.store.pages import lists, market
from stockscore.store.pages.lists import StockLine
from stockscore.store.positions import Holding
from stockscore.web.http.page import Menu, PageDeclaration
from stockscore.web.http.reader import current_reader, reader_to_be, uploaded
from stockscore.web.pages.portfolio import view as context
from stockscore.web.pages.portfolio.view import PATH, Asked
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
    form = request.form
    asked = [form.get(name, "") for name in ("t", "shares", "average_price", "note")]
    try:
        holding = portfolio.set_position(reader_to_be(), *asked, clock.now())
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
    holdings = _held()
    rows = context.csv_rows(valuation.accounts(holdings, _lines(holdings)))
    return exports.as_csv("portfolio.csv", context.CSV_HEADER, rows)


@bp.get(PAGE.address("json"))
def data() -> Response:
    """The portfolio as JSON."""
    holdings = _held()
    found = valuation.accounts(holdings, _lines(holdings))
    return exports.as_json(context.as_data(found, market_strip.moment().edition))


def _held() -> list[Holding]:
    reader = current_reader()
    return positions.of(reader) if reader is not None else []


def _lines(holdings: list[Holding]) -> dict[int, StockLine]:
    return lists.lines_by_id({holding.stock_id for holding in holdings})


def _page(problem: str | None = None, status: int = 200) -> tuple[str, int]:
    holdings = _held()
    lines = _lines(holdings)
    found = valuation.accounts(holdings, lines)
    asked = _what_if(holdings, lines, found)
    nothing = (
        None
        if holdings
        else empty(market_strip.moment().edition is not None, market.stocks_listed())
    )
    view = context.portfolio_view(found, asked, problem, request.values, nothing)
    head = PageHead(
        title=PAGE.title,
        canonical=PAGE.path,
        section=PAGE.path,
        json=PAGE.address("json") if holdings else None,
        csv=PAGE.address("csv") if holdings else None,
    )
    return exports.html("portfolio/portfolio.html", head, view, status)


def _what_if(
    holdings: list[Holding], lines: dict[int, StockLine], before: tuple[Account, ...]
) -> Asked | None:
    """The question in the address, answered; None where there is none."""
    ticker, shares = request.args.get("if", ""), request.args.get("by", "")
    if not ticker.strip() or not shares.strip():
        return None
    try:
        stock = entries.stock(ticker)
        number = entries.number(shares, "The number of shares", -entries.LARGEST_NUMBER)
        line = lines.get(stock.id) or lists.lines_by_id([stock.id])[stock.id]
        changed = valuation.after(holdings, line, number or 0.0)
    except InputError as problem:
        return Asked(ticker[:64], shares[:64], str(problem), "", ())
    after = valuation.accounts(changed, lines | {line.id: line})
    return context.asked(line, number or 0.0, shares[:64], before, after)
