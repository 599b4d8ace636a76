"""/stocks/<ticker>: one stock, whatever the spelling of its ticker."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from flask import Blueprint

from stockscore.scoring.assemble import Reported, assemble
from stockscore.scoring.record import unpack
from stockscore.store import statements, stocks
from stockscore.store.pages import market
from stockscore.store.pages import stock as reads
from stockscore.store.pages.stock import StockDetail
from stockscore.web.http import params
from stockscore.web.http.list_query import ask
from stockscore.web.http.page import PageDeclaration, public_page
from stockscore.web.pages.stock import prices, score_history
from stockscore.web.pages.stock import view as context
from stockscore.web.ui import error_pages, exports, market_strip, why
from stockscore.web.ui.components import PageHead
from stockscore.web.ui.format import stock_url

bp = Blueprint("stock", __name__)

HISTORY = timedelta(days=400)
PEERS = 5
QUARANTINED_SHOWN = 5
LONGEST = 64
"""Characters of what may be a ticker, an ISIN, or a misspelling of one."""


SUFFIXES = (".json", ".csv")

PAGE = PageDeclaration(
    # A path, because "BRK/B" is a spelling of BRK-B.
    path="/stocks/<path:ticker>",
    title="Stock",
    family="detail",
    parameters=(params.choice("range", tuple(prices.RANGES), prices.DEFAULT),),
    formats=("html", "json", "csv"),
)


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
    return {".json": _json, ".csv": _csv}.get(suffix, _html)(ticker, ask(PAGE.parameters))


def _html(ticker: str, query: params.Query):
    moment = market_strip.moment()
    detail = _found(ticker)
    view = context.stock_view(moment, _rows(detail, moment, query["range"]))
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
    return exports.as_json(context.as_data(moment, _rows(_found(ticker), moment, query["range"])))


def _csv(ticker: str, query: params.Query):
    detail, span = _found(ticker), query["range"]
    shown = prices.stretch(reads.bars(detail.line.id, prices.bars_to_read(span)), span)
    name = f"{detail.line.ticker}.csv"
    return exports.as_csv(name, prices.CSV_HEADER, prices.csv_rows(shown))


def _found(ticker: str) -> StockDetail:
    """The stock of any spelling, or of an ISIN. Raises `UnknownTickerError`."""
    if len(ticker) > LONGEST or not ticker.isprintable():
        raise error_pages.UnknownTickerError(ticker, ())
    detail = reads.by_key(stocks.ticker_key(ticker))
    if detail is None and (other := stocks.find(ticker)):
        detail = reads.by_key(other.ticker_key)
    if detail is None:
        raise error_pages.UnknownTickerError(ticker, error_pages.links(stocks.near(ticker)))
    return detail


def _rows(detail: StockDetail, moment: market_strip.Moment, span: str) -> context.StockRows:
    stock_id = detail.line.id
    splits = reads.splits(stock_id)
    # What the edition was made from, and not what came in since.
    known = statements.known(stock_id, moment.edition.known_at if moment.edition else None)
    since = (moment.edition.published_at if moment.edition else moment.now).date() - HISTORY
    history = reads.history(stock_id, since)
    larger = score_history.largest_steps(
        why.history_points(history, detail.line, context.day_of(moment))
    )
    return context.StockRows(
        detail=detail,
        record=unpack(detail.record) if detail.record else None,
        bars=reads.bars(stock_id, prices.bars_to_read(span)),
        splits=splits,
        history=history,
        whys=why.between(detail, moment.edition, larger, splits) if history else {},
        statements=known,
        reported=assemble(known, splits) if known else Reported(),
        attempts=reads.attempts(stock_id),
        quarantined=market.quarantined(QUARANTINED_SHOWN, stock_id),
        peers=reads.peers(detail.line, PEERS) if detail.record else [],
        standing=reads.standing(detail.line),
        actions=reads.actions(stock_id),
        years=reads.years(stock_id),
        span=span,
    )


def _description(view: context.StockView) -> str:
    if view.total is None:
        return f"{view.name} is not rated by StockScore, and this page says why."
    return f"{view.name} scores {view.total / 100:.0f} of 100: {view.signal}. {view.place}"
