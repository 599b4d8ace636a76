"""Whose a personal page is: a key in a signed cookie of this browser, made with the first thing
that is kept, and never by looking."""

from __future__ import annotations

from flask import Flask, Response, current_app, g, request
from itsdangerous import BadSignature, URLSafeSerializer

from stockscore import clock
from stockscore.services.personal import readers

COOKIE = "stockscore-reader"


def current_reader() -> int | None:
    """The reader that this browser's key is of, None without one."""
    if "reader" not in g:
        key = _key()
        g.reader = readers.known(key, clock.now()) if key else None
        if g.reader is not None:
            g.reader_key = key
    return g.reader


def reader_to_be() -> int:
    """The same, welcomed if it is new: only what keeps something may ask."""
    found = current_reader()
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


def forget_key() -> None:
    """Lets the answer to this request bring no key any more."""
    g.reader_key = None


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
