"""/receipts.json: the receipt of every day of the record, and of the stocks of one day."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from stockscore.store import cross_sections, stocks
from stockscore.store.pages import lists, receipts
from stockscore.store.pages.receipts import DayReceipt
from stockscore.web.http import params
from stockscore.web.http.list_query import ask, check_page
from stockscore.web.http.page import PageDeclaration, public_page
from stockscore.web.http.params import BadParameterError
from stockscore.web.ui import exports

bp = Blueprint("receipts", __name__)

PAGE = PageDeclaration(
    path="/receipts",
    title="Receipts",
    family="default",
    parameters=(
        params.day("date"),
        params.whole("page", 1, 999_999_999, 1),
        params.whole("per_page", 1, 1000, 200),
    ),
    formats=("json",),
)


@bp.get(PAGE.address("json"))
@public_page(PAGE)
def data() -> Response:
    """The receipts of days, newest first; with `date` those of its stocks too."""
    query = ask(PAGE.parameters)
    if query["date"]:
        found = receipts.of_day(query["date"])
        if not found:
            raise BadParameterError(
                f"Nothing was recorded on {query['date']}; /receipts.json lists the days of the "
                "record."
            )
        items = [_item(receipt) | _of_stocks(receipt) for receipt in found]
        total, page, per_page = len(items), 1, len(items)
    else:
        page, per_page = query["page"], query["per_page"]
        found, total = receipts.day_receipts((page - 1) * per_page, per_page)
        check_page(query, total, "days")
        items = [_item(receipt) for receipt in found]
    return exports.as_json(
        {"items": items, "page": page, "per_page": per_page, "total": total, "rule": RULE}
    )


RULE = (
    "The receipt of a day is the SHA-256 of the lines “ticker receipt” of all stocks of its "
    "exchange, sorted, in UTF-8 with a line feed between."
)


def _item(receipt: DayReceipt) -> dict[str, Any]:
    return {
        "exchange": receipt.exchange,
        "session": exports.day(receipt.session),
        "method": receipt.method,
        "stocks": receipt.stocks,
        "known_at": exports.moment(receipt.known_at),
        "receipt_rule": receipt.receipt_rule,
        "receipt": receipt.day_receipt,
    }


def _of_stocks(receipt: DayReceipt) -> dict[str, Any]:
    """The receipts of the stocks, by ticker: what the receipt of the day is made of."""
    section = cross_sections.of_session(receipt.exchange, receipt.session)
    ids = section.stock_ids if section else ()
    found = receipts.stock_receipts(receipt.session, ids)
    tickers = lists.tickers_of(found) | stocks.tickers_then(receipt.known_at)
    return {
        "receipts": {tickers[key]: found[key] for key in sorted(found, key=tickers.__getitem__)}
    }
