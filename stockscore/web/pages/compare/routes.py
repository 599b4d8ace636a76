"""/compare: two to four stocks side by side, best figure of each row marked."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from flask import Blueprint, request

from stockscore.caching.pages import cached_page
from stockscore.scoring.record import unpack
from stockscore.store import stocks
from stockscore.store.pages import market
from stockscore.store.pages import stock as reads
from stockscore.store.pages.stock import StockDetail
from stockscore.web.http.page import Menu, PageDeclaration
from stockscore.web.http.params import BadParameterError
from stockscore.web.pages.compare import view as context
from stockscore.web.pages.compare.view import MOST, PATH, Compared, Unknown
from stockscore.web.ui import error_pages, exports, market_strip
from stockscore.web.ui.components import PageHead
from stockscore.web.ui.empty import empty

bp = Blueprint("compare", __name__)

PAGE = PageDeclaration(
    path=PATH,
    title="Compare",
    menu=Menu("Tools", 2),
    family="detail",
    formats=("html", "json", "csv"),
    in_sitemap=True,
)

LONGEST = 64
"""Characters of what may be a ticker, an ISIN, or a misspelling of one."""


@dataclass(frozen=True, slots=True)
class Question:
    """The stocks asked for, as ticker keys in the order given, and those given more than once."""

    keys: tuple[str, ...]
    repeated: tuple[str, ...]

    @property
    def url(self) -> str:
        """The one spelling of this question."""
        return context.url_of(self.keys)


def read(query_string: bytes) -> Question:
    """The question in a query string; empty values are left out. Raises `BadParameterError`."""
    keys: list[str] = []
    repeated: list[str] = []
    for part in query_string.split(b"&"):
        name, _, raw = part.partition(b"=")
        if unquote_to_bytes(name) != b"t":
            continue
        key = stocks.ticker_key(_text(raw))
        if key in keys:
            repeated.append(key)
        elif key:
            keys.append(key)
    if len(keys) > MOST:
        raise BadParameterError(
            f"The parameter “t” names {len(keys)} stocks; {MOST} fit side by side. Take "
            f"{'one' if len(keys) == MOST + 1 else 'some'} away."
        )
    return Question(tuple(keys), tuple(dict.fromkeys(repeated)))


def _text(raw: bytes) -> str:
    try:
        text = unquote_to_bytes(raw.replace(b"+", b" ")).decode("utf-8").strip()
    except UnicodeDecodeError:
        text = "\ufffd"
    if len(text) > LONGEST or not text.isprintable() or text == "\ufffd":
        raise BadParameterError(
            f"The parameter “t” must be a ticker or an ISIN of at most {LONGEST} characters on "
            "one line, in UTF-8."
        )
    return text


def canonical(query_string: bytes) -> str | None:
    """The one spelling for the cache; None where the page says more than the spelling keeps."""
    try:
        question = read(query_string)
    except BadParameterError:
        return None
    return None if question.repeated else question.url.partition("?")[2]


@bp.get(PAGE.path)
@cached_page(PAGE.family, canonical)
def page():
    """The comparison as a page; 404 where a ticker is unknown, with the other stocks all the
    same."""
    question = read(request.query_string)
    found, unknown = _found(question)
    moment = market_strip.moment()
    nothing = empty(moment.edition is not None, market.stocks_listed()) if not found else None
    view = context.compare_view(found, unknown, question.repeated, nothing)
    address = context.url_of([stock.line.ticker for stock in found])
    complete = len(found) > 1
    head = PageHead(
        title=view.title,
        canonical=address,
        section=PAGE.path,
        description=view.subtitle,
        json=address.replace(PATH, f"{PATH}.json", 1) if complete else None,
        csv=address.replace(PATH, f"{PATH}.csv", 1) if complete else None,
    )
    return exports.html("compare/compare.html", head, view, 404 if unknown else 200)


@bp.get(PAGE.address("json"))
@cached_page(PAGE.family, canonical)
def data():
    """The comparison as JSON."""
    return exports.as_json(context.as_data(_complete(), market_strip.moment().edition))


@bp.get(PAGE.address("csv"))
@cached_page(PAGE.family, canonical)
def table():
    """The comparison on one sheet: a line a figure, a column a stock."""
    found = _complete()
    return exports.as_csv("compare.csv", context.csv_header(found), context.csv_rows(found))


def _complete() -> list[Compared]:
    """What a script asked for: at least two stocks, all of them known. Raises
    `BadParameterError` and `UnknownTickerError`."""
    question = read(request.query_string)
    if len(question.keys) < 2:
        raise BadParameterError(
            f"Give 2 to {MOST} stocks as “t”, such as {PATH}.json?t=AAPL&t=MSFT."
        )
    found, unknown = _found(question)
    if unknown:
        raise error_pages.UnknownTickerError(unknown[0].text, unknown[0].near)
    return found


def _found(question: Question) -> tuple[list[Compared], list[Unknown]]:
    found: dict[int, Compared] = {}
    unknown: list[Unknown] = []
    for key in question.keys:
        detail = _detail(key)
        if detail is None:
            unknown.append(Unknown(key, error_pages.links(stocks.near(key))))
        else:
            # An ISIN and a ticker may mean the same stock.
            record = unpack(detail.record) if detail.record else None
            found[detail.line.id] = Compared(detail.line, record)
    return list(found.values()), unknown


def _detail(key: str) -> StockDetail | None:
    detail = reads.by_key(key)
    if detail is None and (other := stocks.find(key)):
        return reads.by_key(other.ticker_key)
    return detail
