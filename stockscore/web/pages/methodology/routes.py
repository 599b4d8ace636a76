"""/methodology: how a score is made."""

from __future__ import annotations

from flask import Blueprint

from stockscore.web.http.public_page import public_page
from stockscore.web.pages.methodology import view as context
from stockscore.web.ui import exports
from stockscore.web.ui.components import PageHead

bp = Blueprint("methodology", __name__)

PATH = "/methodology"


@bp.get(PATH)
@public_page("scores")
def page():
    """The method as a page."""
    head = PageHead(
        title="Methodology",
        canonical=PATH,
        section=PATH,
        description="How StockScore turns reports and prices into one number, to the last point.",
        json=f"{PATH}.json",
        csv=f"{PATH}.csv",
    )
    return exports.html("methodology/methodology.html", head, context.methodology_view())


@bp.get(f"{PATH}.json")
@public_page("scores")
def data():
    """The method as JSON."""
    return exports.as_json(context.as_data())


@bp.get(f"{PATH}.csv")
@public_page("scores")
def table():
    """The table of metrics."""
    return exports.as_csv("methodology.csv", context.CSV_HEADER, context.csv_rows())
