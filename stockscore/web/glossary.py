"""/glossary: every term of the site in plain words."""

from __future__ import annotations

from flask import Blueprint

from stockscore.web import exports
from stockscore.web.cache import public_page
from stockscore.web.contexts import glossary as context
from stockscore.web.gloss import PATH
from stockscore.web.pieces import Page

bp = Blueprint("glossary", __name__)


@bp.get(PATH)
@public_page("scores")
def page():
    """The glossary as a page."""
    head = Page(
        title="Glossary",
        canonical=PATH,
        section=PATH,
        description="What the words on this site mean, in plain language.",
        json=f"{PATH}.json",
        csv=f"{PATH}.csv",
    )
    return exports.html("glossary.html", head, context.glossary_view())


@bp.get(f"{PATH}.json")
@public_page("scores")
def data():
    """The glossary as JSON."""
    return exports.as_json(context.as_data())


@bp.get(f"{PATH}.csv")
@public_page("scores")
def table():
    """The glossary on one sheet."""
    return exports.as_csv("glossary.csv", context.CSV_HEADER, context.csv_rows())
