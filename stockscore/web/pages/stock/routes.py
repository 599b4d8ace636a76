"""/stocks/<ticker>: one stock, whatever the spelling of its ticker."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response

from stockscore.services import score_inputs
from stockscore.services.errors import InputError
from stockscore.store import stocks
from stockscore.store.pages import stock as store
from stockscore.store.pages.stock import StockDetail
from stockscore.web.http import params
from stockscore.web.http.as_of import AS_OF, SINCE, OtherAddress, PastRequest, ask_past, asked_day
from stockscore.web.http.list_query import ask
from stockscore.web.http.page import PageDeclaration, public_page
from stockscore.web.pages.stock import export, inputs, prices, reading
from stockscore.web.pages.stock import past as past_stock
from stockscore.web.pages.stock.view import StockView, stock_view
from stockscore.web.ui import error_pages, exports, market_strip, past
from stockscore.web.ui import format as fmt
from stockscore.web.ui.components import PageHead
from stockscore.web.ui.format import stock_url

bp = Blueprint("stock", __name__)

LONGEST = 64
"""Characters of what may be a ticker, an ISIN, or a misspelling of one."""


SUFFIXES = (".json", ".csv")

PAGE = PageDeclaration(
    # A path, because "BRK/B" is a spelling of BRK-B.
    path="/stocks/<path:ticker>",
    title="Stock",
    family="detail",
    parameters=(params.choice("range", tuple(prices.RANGES), prices.DEFAULT), AS_OF, SINCE),
    formats=("html", "json", "csv"),
)


INPUTS = PageDeclaration(
    path="/stocks/<path:ticker>/inputs",
    title="What a score was made from",
    family="detail",
    parameters=(AS_OF,),
    formats=("json",),
)
"""Data about a stock, which no menu and no sitemap leads to."""


def _address(arguments: Mapping[str, str]) -> str:
    """The one address under which all spellings of a ticker are kept."""
    ticker, suffix = _parted(arguments["ticker"])
    return f"/stocks/{stocks.ticker_key(ticker)}{suffix}"


def _parted(ticker: str) -> tuple[str, str]:
    """The ticker and the suffix that says in which form it is wanted."""
    suffix = next((ending for ending in SUFFIXES if ticker.lower().endswith(ending)), "")
    return ticker[: len(ticker) - len(suffix)], suffix


@bp.get(PAGE.path)
@public_page(PAGE, path=_address)
def page(ticker: str):
    """The stock as a page, as JSON or, its prices over the range, as CSV: by the suffix."""
    ticker, suffix = _parted(ticker)
    query = ask(PAGE.parameters)
    if asked := ask_past(query):
        return _past(ticker, suffix, query, asked)
    return {".json": _json, ".csv": _csv}.get(suffix, _html)(ticker, query)


def _past(ticker: str, suffix: str, query: params.Query, asked: PastRequest):
    """The same as it was recorded on a past day."""
    detail, market = _found(ticker, suffix, query), asked.market
    url = stock_url(detail.line.ticker)
    asked.found = [detail.line.id]
    found = past_stock.read(market, detail.line.id)
    if found is None:
        return error_pages.not_found(
            f"Nothing was recorded of {detail.line.ticker} on {market.day.session}.",
            (detail.line.name, url),
        )
    if suffix == ".json":
        return exports.as_json(past.with_past(past_stock.as_data(found)))
    if suffix == ".csv":
        read = prices.bars_to_read(query["range"])
        shown = prices.stretch(store.bars(detail.line.id, read, market.day.session), query["range"])
        name = f"{detail.line.ticker}.csv"
        return exports.as_csv(name, prices.CSV_HEADER, prices.csv_rows(shown))
    view = past_stock.past_stock_view(found)
    head = PageHead(
        title=f"{view.name} ({view.ticker}) on {fmt.day(market.day.session)}",
        canonical=query.url(url),
        section="/stocks",
        json=query.url(f"{url}.json"),
        csv=query.url(f"{url}.csv"),
        receipt=found.receipt,
    )
    return exports.html("stock/past.html", head, view)


def _inputs_address(arguments: Mapping[str, str]) -> str:
    return f"/stocks/{stocks.ticker_key(arguments['ticker'])}/inputs.json"


@bp.get(INPUTS.address("json"))
@public_page(INPUTS, path=_inputs_address)
def inputs_data(ticker: str) -> Response:
    """Everything that is needed to compute the current score by hand, or with `as_of` the one that
    was recorded at a session."""
    query = ask(INPUTS.parameters)
    stock = stocks.find(ticker) if ticker.isprintable() else None
    if stock is None:
        raise error_pages.UnknownTickerError(ticker, error_pages.links(stocks.near(ticker)))
    day = asked_day(query, f"{stock_url(stock.ticker)}/inputs.json")
    try:
        if day is None:
            found = score_inputs.current(stock.id, stock.ticker)
        else:
            found = score_inputs.of_session(stock.id, stock.ticker, stock.exchange, day.session)
    except InputError as error:
        return error_pages.not_found(str(error), ("The stock", stock_url(stock.ticker)))
    return exports.as_json(inputs.as_data(stock, found))


def _html(ticker: str, query: params.Query):
    moment = market_strip.moment()
    detail = _found(ticker, "", query)
    view = stock_view(moment, reading.read(detail, moment, query["range"]))
    url = stock_url(detail.line.ticker)
    head = PageHead(
        title=f"{detail.line.name} ({detail.line.ticker})",
        canonical=query.url(url),
        section="/stocks",
        description=_description(view),
        json=query.url(f"{url}.json"),
        csv=query.url(f"{url}.csv"),
        receipt=detail.receipt,
    )
    return exports.html("stock/stock.html", head, view)


def _json(ticker: str, query: params.Query):
    moment = market_strip.moment()
    data = reading.read(_found(ticker, ".json", query), moment, query["range"])
    return exports.as_json(export.as_data(moment, data))


def _csv(ticker: str, query: params.Query):
    detail, span = _found(ticker, ".csv", query), query["range"]
    shown = prices.stretch(store.bars(detail.line.id, prices.bars_to_read(span)), span)
    name = f"{detail.line.ticker}.csv"
    return exports.as_csv(name, prices.CSV_HEADER, prices.csv_rows(shown))


def _found(ticker: str, suffix: str, query: params.Query) -> StockDetail:
    """The stock of any spelling, or of an ISIN. Raises `UnknownTickerError`; `OtherAddress` for a
    ticker that the stock had before."""
    if len(ticker) > LONGEST or not ticker.isprintable():
        raise error_pages.UnknownTickerError(ticker, ())
    detail = store.by_ticker_or_isin(ticker)
    if detail is None:
        raise error_pages.UnknownTickerError(ticker, error_pages.links(stocks.near(ticker)))
    another = stocks.ticker_key(ticker) != stocks.ticker_key(detail.line.ticker)
    if another and stocks.is_former(ticker):
        raise OtherAddress(query.url(f"{stock_url(detail.line.ticker)}{suffix}"))
    return detail


def _description(view: StockView) -> str:
    score = view.score
    if score.total is None:
        return f"{view.name} is not rated by StockScore, and this page says why."
    return f"{view.name} scores {score.total / 100:.0f} of 100: {score.signal}. {score.place}"
