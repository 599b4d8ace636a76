"""/personal/delete: deletes all that is kept for this browser."""

from __future__ import annotations

from flask import Blueprint, redirect
from werkzeug import Response

from stockscore.services.personal import readers
from stockscore.web.http.page import PageDeclaration
from stockscore.web.http.reader import COOKIE, current_reader, forget_key
from stockscore.web.ui import exports
from stockscore.web.ui.components import PageHead

bp = Blueprint("personal", __name__)
PAGE = PageDeclaration(
    path="/personal/delete",
    title="Delete all",
    is_personal=True,
)


@bp.get(PAGE.path)
def ask_to_forget() -> tuple[str, int]:
    """Asks before everything goes."""
    page = PageHead(title=PAGE.title, canonical=PAGE.path, section="/watchlists")
    return exports.html("personal/delete.html", page, current_reader() is not None)


@bp.post(PAGE.path)
def forget() -> Response:
    """Deletes all that is kept for this browser, and its key."""
    found = current_reader()
    if found is not None:
        readers.forget(found)
    forget_key()
    response = redirect("/watchlists?deleted=1", 303)
    response.delete_cookie(COOKIE)
    return response
