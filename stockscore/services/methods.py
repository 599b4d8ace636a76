"""Which versions of the method are in use: what is published, and what is recorded beside it."""

from __future__ import annotations

from flask import current_app

from stockscore.scoring.methods import Method, method_of


def published() -> Method:
    """The method of the setting METHOD, by which editions are published."""
    return method_of(current_app.config["METHOD"])


def shadow() -> Method | None:
    """The method of the setting METHOD_SHADOW, None where it is empty or the published one."""
    version = current_app.config["METHOD_SHADOW"]
    return method_of(version) if version and version != published().version else None
