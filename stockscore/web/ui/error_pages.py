"""What goes wrong, said in the look of the site; in JSON where a JSON path was asked for."""

from __future__ import annotations

import logging

from flask import Flask, Response, g, make_response, render_template, request
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from stockscore.extensions import db
from stockscore.services.past_days import BeforeRecordError, InFutureError
from stockscore.store.models import Stock
from stockscore.web.http.params import BadParameterError
from stockscore.web.ui.components import ErrorPage, PageHead, StockLink
from stockscore.web.ui.exports import as_json

log = logging.getLogger(__name__)

HEADINGS = {
    400: "This question cannot be answered",
    404: "There is no such page",
    405: "This address does not take that",
    500: "Something broke here",
    503: "The data is not reachable",
}

SENTENCES = {
    404: "Nothing is published at this address.",
    500: "The mistake is ours, and it is in the log. The other pages should still work.",
}


class UnknownTickerError(Exception):
    """No stock has this ticker. `near` are stocks with similar ones."""

    def __init__(self, ticker: str, near: tuple[StockLink, ...]) -> None:
        shown = "".join(letter if letter.isprintable() else "�" for letter in ticker)[:40]
        super().__init__(f"No stock has the ticker “{shown}”.")
        self.near = near


def links(stocks: list[Stock]) -> tuple[StockLink, ...]:
    """What an error shows of stocks that could have been meant."""
    return tuple(StockLink(stock.ticker, stock.name) for stock in stocks)


def answer(error: ErrorPage) -> Response:
    """The error as a page, or as JSON for a path that asked for it."""
    if request.path.endswith(".json"):
        data: dict = {"error": error.sentence}
        if error.near or error.status == 404:
            data["near"] = [{"ticker": stock.ticker, "name": stock.name} for stock in error.near]
        return as_json(data, error.status)
    page = PageHead(title=error.heading, canonical=request.path)
    return make_response(render_template("ui/error.html", page=page, error=error), error.status)


def _error(
    status: int, sentence: str, heading: str = "", near: tuple[StockLink, ...] = ()
) -> Response:
    back = ("Today", "/") if request.path.startswith("/stocks") is False else None
    back = back or ("All stocks", "/stocks")
    return answer(ErrorPage(status, heading or HEADINGS[status], sentence, near, back))


def not_found(sentence: str, back: tuple[str, str]) -> Response:
    """404 with where to go on."""
    return answer(ErrorPage(404, HEADINGS[404], sentence, (), back))


def bad_parameter(error: BadParameterError) -> Response:
    """400: a query parameter that cannot be meant."""
    return _error(400, str(error))


def unknown_ticker(error: UnknownTickerError) -> Response:
    """404 with near matches."""
    return _error(404, str(error), "There is no such stock", error.near)


def in_future(error: InFutureError) -> Response:
    """400: a day that has not come yet."""
    return _error(400, str(error))


def before_record(error: BeforeRecordError) -> Response:
    """404: a day of which nothing is recorded."""
    return _error(404, str(error), "Nothing was recorded then")


def http_error(error: HTTPException) -> Response:
    """Whatever the framework refuses; redirects pass as they are."""
    status = error.code or 500
    if status < 400:
        return make_response(error.get_response())
    if isinstance(error, MethodNotAllowed):
        allowed = ", ".join(sorted(error.valid_methods or ()))
        answered = _error(405, f"It takes {allowed}, not {request.method}.")
        answered.headers["Allow"] = allowed
        return answered
    sentence = SENTENCES.get(status) or error.description or error.name
    return _error(status, sentence, HEADINGS.get(status, error.name))


def database_error(error: SQLAlchemyError) -> Response:
    """503: the database does not answer, or has no tables yet."""
    g.without_strip = True
    db.session.rollback()
    log.error("the database failed on %s", request.path, exc_info=error)
    if not isinstance(error, DBAPIError):
        return _error(500, SENTENCES[500])
    return _error(
        503,
        "The database does not answer. If it is new, `flask db upgrade` makes its tables; "
        "`make run` does that too.",
    )


def crash(error: HTTPException) -> Response:
    """500: a mistake of ours; Flask has logged it with its traceback."""
    g.without_strip = True
    return http_error(error)


def init_app(app: Flask) -> None:
    """Registers the handlers."""
    app.register_error_handler(BadParameterError, bad_parameter)
    app.register_error_handler(UnknownTickerError, unknown_ticker)
    app.register_error_handler(InFutureError, in_future)
    app.register_error_handler(BeforeRecordError, before_record)
    app.register_error_handler(SQLAlchemyError, database_error)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(500, crash)
