"""Addresses of static files that change with their content, so that browsers may keep them."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, current_app, redirect, request
from werkzeug import Response as AnyResponse
from werkzeug.security import safe_join

from stockscore.caching import encodings

YEAR_SECONDS = 365 * 24 * 3600

HASHED = re.compile(r"(.+)\.([0-9a-f]{10})\.([a-z0-9]+)")
"""What `asset` makes of a name: the name, the fingerprint, the suffix."""


@dataclass(frozen=True, slots=True)
class File:
    """A static file: when it was changed (ns), ten hex digits of its content, and its content in
    every encoding."""

    changed: int
    fingerprint: str
    bodies: tuple[bytes, ...]


class Assets:
    """Knows every file under a folder that was asked for; a changed one is read again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, File] = {}

    def file(self, name: str) -> File:
        """The file of a name. Raises FileNotFoundError for an unknown one, because a page that
        names a file that is not there is a mistake in a template."""
        path = safe_join(str(self._folder), name)
        if path is None:
            raise FileNotFoundError(name)
        changed = Path(path).stat().st_mtime_ns
        known = self._known.get(name)
        if known is None or known.changed != changed:
            content = Path(path).read_bytes()
            digest = hashlib.sha256(content).hexdigest()[:10]
            known = self._known[name] = File(changed, digest, encodings.bodies(content))
        return known


def asset(name: str) -> str:
    """`css/look.css` -> `/static/css/look.0123456789.css`."""
    known: Assets = current_app.extensions["assets"]
    stem, _, suffix = name.rpartition(".")
    return f"{current_app.static_url_path}/{stem}.{known.file(name).fingerprint}.{suffix}"


def _serve(filename: str) -> AnyResponse:
    """A static file, by its own name or by a hashed one. A hashed name names one content for ever,
    so its answer need not be asked for again; one of another content, which a page kept from before
    an update may ask for, gets the file as it is now."""
    known: Assets = current_app.extensions["assets"]
    hashed = HASHED.fullmatch(filename)
    if not hashed:
        return current_app.send_static_file(filename)
    name = f"{hashed[1]}.{hashed[3]}"
    try:
        file = known.file(name)
    except (OSError, ValueError):
        return current_app.send_static_file(filename)
    if hashed[2] != file.fingerprint:
        return current_app.send_static_file(name)
    return _for_a_year(name, file)


def _for_a_year(name: str, file: File) -> AnyResponse:
    """A file in the smallest encoding that the browser takes."""
    encoding = max(encodings.IDENTITY, encodings.choose(request.headers.get("Accept-Encoding")))
    response = Response(file.bodies[encoding], mimetype=mimetypes.guess_type(name)[0])
    if encoding != encodings.IDENTITY:
        response.content_encoding = encodings.NAMES[encoding]
    response.vary.add("Accept-Encoding")
    response.set_etag(f"{file.fingerprint}-{encodings.NAMES[encoding]}")
    response.cache_control.public = True
    response.cache_control.max_age = YEAR_SECONDS
    response.cache_control.immutable = True
    return response.make_conditional(request)


def _icon() -> AnyResponse:
    """Where browsers look that do not read the page's own link."""
    return redirect(asset("favicon.svg"), 302)


def init_app(app: Flask) -> None:
    """Gives templates `asset(name)` and hashed addresses their long life."""
    app.extensions["assets"] = Assets(Path(app.static_folder or ""))
    app.jinja_env.globals["asset"] = asset
    app.view_functions["static"] = _serve
    app.add_url_rule("/favicon.ico", "favicon", _icon)
