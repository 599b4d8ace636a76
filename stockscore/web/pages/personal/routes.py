"""Whose a personal page is: a key in a signed cookie of this browser, made with the first thing
that is kept, and never by looking."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, current_app, g, redirect, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug import Response as AnyResponse

from stockscore import clock
from stockscore.services.personal import readers
from stockscore.web.ui import exports
from stockscore.web.ui.components import PageHead

bp = Blueprint("personal", __name__)

COOKIE = "stockscore-reader"


def reader() -> int | None:
    """The reader that this browser's key is of, None without one."""
    if "reader" not in g:
        key = _key()
        g.reader = readers.known(key, clock.now()) if key else None
        if g.reader is not None:
            g.reader_key = key
    return g.reader


def reader_to_be() -> int:
    """The same, welcomed if it is new: only what keeps something may ask."""
    found = reader()
    if found is None:
        found, g.reader_key = readers.welcome(clock.now())
        g.reader = found
    return found


def keep_cookie(response: Response) -> Response:
    """Gives the browser its key, or once more, so that a cookie lasts from the last visit on."""
    key = g.get("reader_key")
    if key:
        response.set_cookie(
            COOKIE,
            _signer().dumps(key),
            max_age=readers.KEEP,
            httponly=True,
            samesite="Lax",
            secure=current_app.config["SESSION_COOKIE_SECURE"],
        )
    return response


@bp.get("/personal/delete")
def ask_to_forget() -> tuple[str, int]:
    """Asks before everything goes."""
    page = PageHead(title="Delete all", canonical="/personal/delete", section="/watchlists")
    return exports.html("personal/delete.html", page, reader() is not None)


@bp.post("/personal/delete")
def forget() -> AnyResponse:
    """Deletes all that is kept for this browser, and its key."""
    found = reader()
    if found is not None:
        readers.forget(found)
    g.reader_key = None
    response = redirect("/watchlists?deleted=1", 303)
    response.delete_cookie(COOKIE)
    return response


def uploaded() -> bytes:
    """The file of a form, else the text in it."""
    file = request.files.get("file")
    data = file.read() if file is not None else b""
    return data or request.form.get("text", "").encode()


def _key() -> str | None:
    try:
        key = _signer().loads(request.cookies.get(COOKIE, ""))
    except BadSignature:
        return None
    return key if isinstance(key, str) else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="reader")


def init_app(app: Flask) -> None:
    """Keeps the cookie alive."""
    app.after_request(keep_cookie)
