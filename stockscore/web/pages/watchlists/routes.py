"""/watchlists: named lists of stocks, kept for this browser."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, redirect, request
from werkzeug import Response
from werkzeug.datastructures import MultiDict

from stockscore import clock
from stockscore.services.errors import InputError
from stockscore.services.personal import watchlists
from stockscore.services.personal.watchlists import NotYoursError
from stockscore.store import watchlists as store
from stockscore.store.pages import lists, market
from stockscore.store.watchlists import ListRow
from stockscore.web.http.addresses import watchlist_url
from stockscore.web.http.page import Menu, PageDeclaration
from stockscore.web.http.reader import current_reader, reader_to_be, uploaded
from stockscore.web.pages.watchlists import view as context
from stockscore.web.pages.watchlists.view import PATH, Contents, Listed
from stockscore.web.ui import error_pages, exports, market_strip
from stockscore.web.ui.components import PageHead
from stockscore.web.ui.empty import empty

bp = Blueprint("watchlists", __name__)

PAGE = PageDeclaration(
    path=PATH,
    title="Watchlists",
    menu=Menu("Yours", 2),
    formats=("html", "json", "csv"),
    is_personal=True,
)

MOST_AT_ONCE = 50
"""Stocks that can be put on a list at once."""


@bp.errorhandler(NotYoursError)
def not_yours(_error: NotYoursError) -> Response:
    """404: a list of somebody else is none."""
    return error_pages.not_found(
        "There is no such watchlist in this browser.", ("Watchlists", PATH)
    )


@bp.get(PAGE.path)
def index() -> tuple[str, int]:
    """All lists of this browser."""
    return _index()


@bp.post(PATH)
def create() -> Response | tuple[str, int]:
    """A new list."""
    try:
        made = watchlists.create(reader_to_be(), request.form.get("name", ""), clock.now())
    except InputError as problem:
        return _index(str(problem), 400)
    return redirect(watchlist_url(made), 303)


@bp.get(f"{PATH}/<int:list_id>")
def show(list_id: int) -> tuple[str, int]:
    """One list."""
    return _one(list_id)


@bp.get(f"{PATH}/add")
def ask() -> tuple[str, int]:
    """On which list? The stocks are in the address, as tables and pages of stocks link here."""
    return _ask()


@bp.post(f"{PATH}/add")
def put() -> Response | tuple[str, int]:
    """Puts stocks on a list, or on a new one where a name is given."""
    form = request.form
    # What is no number, or too long for one, is no choice.
    chosen = form.get("list", type=int)
    where: int | str | None = form.get("name", "").strip() or chosen
    try:
        if where is None:
            raise InputError("Choose a watchlist, or give a new one a name.")
        list_id, added = watchlists.put(
            reader_to_be(), where, _tickers(form), form.get("note", ""), clock.now()
        )
    except NotYoursError:
        raise
    except InputError as problem:
        if form.get("from") == "list" and isinstance(where, int):
            return _one(where, str(problem), 400)
        return _ask(str(problem), 400)
    return redirect(f"{watchlist_url(list_id)}?added={','.join(added[:20])}", 303)


@bp.post(f"{PATH}/<int:list_id>/change")
def change(list_id: int) -> Response | tuple[str, int]:
    """Renames or deletes a list, or changes one of its lines: the button pressed says what."""
    reader, form = current_reader(), request.form
    if reader is None:
        raise NotYoursError
    action, _, ticker = form.get("do", "").partition(" ")
    try:
        match action:
            case "rename":
                watchlists.rename(reader, list_id, form.get("name", ""))
            case "delete":
                watchlists.delete(reader, list_id)
                return redirect(PATH, 303)
            case "note":
                watchlists.annotate(reader, list_id, ticker, form.get("note", ""))
            case "remove":
                watchlists.take_off(reader, list_id, ticker)
            case _:
                raise InputError("This form does not say what to do.")
    except NotYoursError:
        raise
    except InputError as problem:
        return _one(list_id, str(problem), 400)
    return redirect(watchlist_url(list_id), 303)


@bp.post(f"{PATH}/import")
def bring() -> Response | tuple[str, int]:
    """Adds what a CSV file has."""
    try:
        found, stocks = watchlists.import_csv(reader_to_be(), uploaded(), clock.now())
    except InputError as problem:
        return _index(str(problem), 400)
    return redirect(f"{PATH}?imported={stocks}&lists={found}", 303)


@bp.get(PAGE.address("csv"))
def table() -> Response:
    """All lists on one sheet, which can be imported again."""
    mine = _mine()
    return exports.as_csv(
        "watchlists.csv", context.CSV_HEADER, context.csv_rows(mine, _contents(mine))
    )


@bp.get(PAGE.address("json"))
def data() -> Response:
    """All lists as JSON."""
    mine = _mine()
    edition = market_strip.moment().edition
    return exports.as_json(context.as_data(mine, _contents(mine), edition))


def _mine() -> list[ListRow]:
    reader = current_reader()
    return store.of(reader) if reader is not None else []


def _contents(watchlists: Sequence[ListRow]) -> Contents:
    entries = store.entries([watchlist.id for watchlist in watchlists])
    lines = lists.lines_by_id({entry.stock_id for entry in entries})
    found: dict[int, list[Listed]] = {watchlist.id: [] for watchlist in watchlists}
    for entry in entries:
        if entry.stock_id in lines:
            found[entry.watchlist_id].append((entry, lines[entry.stock_id]))
    return found


def _tickers(values: MultiDict[str, str]) -> list[str]:
    """The tickers in an address or a form. Raises `InputError` where there are too many."""
    given = [text for text in values.getlist("t") if text.strip()]
    if len(given) > MOST_AT_ONCE:
        raise InputError(f"At most {MOST_AT_ONCE} stocks can be added at once.")
    return given


def _index(problem: str | None = None, status: int = 200) -> tuple[str, int]:
    mine = _mine()
    moment = market_strip.moment()
    nothing = empty(moment.edition is not None, market.stocks_listed()) if not mine else None
    view = context.index_view(mine, _contents(mine), problem, request.args, nothing)
    page = PageHead(
        title=PAGE.title,
        canonical=PAGE.path,
        section=PAGE.path,
        json=PAGE.address("json") if mine else None,
        csv=PAGE.address("csv") if mine else None,
    )
    return exports.html("watchlists/watchlists.html", page, view, status)


def _one(list_id: int, problem: str | None = None, status: int = 200) -> tuple[str, int]:
    mine = _mine()
    found = watchlists.among(mine, list_id)
    listed = _contents([found])[found.id]
    others = [watchlist for watchlist in mine if watchlist.id != found.id]
    view = context.list_view(found, others, listed, problem, request.args.get("added", ""))
    page = PageHead(title=found.name, canonical=watchlist_url(found.id), section=PAGE.path)
    return exports.html("watchlists/watchlist.html", page, view, status)


def _ask(problem: str | None = None, status: int = 200) -> tuple[str, int]:
    try:
        given = _tickers(request.values)
    except InputError as error:
        given, problem = [], str(error)
    view = context.add_view(given, _mine(), problem)
    page = PageHead(title="Add to a watchlist", canonical=f"{PATH}/add", section=PAGE.path)
    return exports.html("watchlists/add.html", page, view, status)
