"""/glossary: every term of the site in plain words."""

from __future__ import annotations

from flask import Blueprint

from stockscore.web.http.public_page import public_page
from stockscore.web.pages.glossary import view as context
from stockscore.web.ui import exports
from stockscore.web.ui.components import PageHead
from stockscore.web.ui.gloss import PATH

bp = Blueprint("glossary", __name__)


@bp.get(PATH)
@public_page("scores")
def page():
    """The glossary as a page."""
    head = PageHead(
        title="Glossary",
        canonical=PATH,
        section=PATH,
        description="What the words on this site mean, in plain language.",
        json=f"{PATH}.json",
        csv=f"{PATH}.csv",
    )
    return exports.html("glossary/glossary.html", head, context.glossary_view())


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
