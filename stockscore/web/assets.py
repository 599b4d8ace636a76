"""Addresses of static files that change with their content, so that browsers may keep them."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from flask import Flask, Response, current_app

YEAR_SECONDS = 365 * 24 * 3600

HASHED = re.compile(r"(.+)\.([0-9a-f]{10})\.([a-z0-9]+)")
"""What `asset` makes of a name: the name, the fingerprint, the suffix."""


class Assets:
    """Knows the fingerprint of every file under a folder; a changed file is read again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, tuple[int, str]] = {}

    def fingerprint(self, name: str) -> str:
        """Ten hex digits of the file's content. Raises FileNotFoundError for an unknown name,
        because a page that names a file that is not there is a mistake in a template."""
        path = self._folder / name
        changed = path.stat().st_mtime_ns
        if self._known.get(name, (None, ""))[0] != changed:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()[:10]
            self._known[name] = (changed, digest)
        return self._known[name][1]


def asset(name: str) -> str:
    """`css/look.css` -> `/static/css/look.0123456789.css`."""
    known: Assets = current_app.extensions["assets"]
    stem, _, suffix = name.rpartition(".")
    return f"{current_app.static_url_path}/{stem}.{known.fingerprint(name)}.{suffix}"


def _serve(filename: str) -> Response:
    """A static file, by its own name or by a hashed one. A hashed name names one content for ever,
    so its answer need not be asked for again; one of another content, which a page kept from before
    an update may ask for, gets the file as it is now."""
    known: Assets = current_app.extensions["assets"]
    hashed = HASHED.fullmatch(filename)
    name = f"{hashed[1]}.{hashed[3]}" if hashed else filename
    response = current_app.send_static_file(name)
    if hashed and hashed[2] == known.fingerprint(name):
        response.cache_control.no_cache = None
        response.cache_control.public = True
        response.cache_control.max_age = YEAR_SECONDS
        response.cache_control.immutable = True
    return response


def init_app(app: Flask) -> None:
    """Gives templates `asset(name)` and hashed addresses their long life."""
    app.extensions["assets"] = Assets(Path(app.static_folder or ""))
    app.jinja_env.globals["asset"] = asset
    app.view_functions["static"] = _serve
