"""/methodology: how a score is made."""

from __future__ import annotations

from flask import Blueprint, Response

from stockscore.web.http.page import Menu, PageDeclaration, public_page
from stockscore.web.pages.methodology.view import CSV_HEADER, as_data, csv_rows, methodology_view
from stockscore.web.ui import exports
from stockscore.web.ui.components import PageHead

bp = Blueprint("methodology", __name__)
PAGE = PageDeclaration(
    path="/methodology",
    title="Methodology",
    menu=Menu("Trust", 2),
    family="scores",
    formats=("html", "json", "csv"),
    in_sitemap=True,
)


@bp.get(PAGE.path)
@public_page(PAGE)
def page() -> tuple[str, int]:
    """The method as a page."""
    head = PageHead(
        title=PAGE.title,
        canonical=PAGE.path,
        section=PAGE.path,
        description="How StockScore turns reports and prices into one number, to the last point.",
        json=PAGE.address("json"),
        csv=PAGE.address("csv"),
    )
    return exports.html("methodology/methodology.html", head, methodology_view())


@bp.get(PAGE.address("json"))
@public_page(PAGE)
def data() -> Response:
    """The method as JSON."""
    return exports.as_json(as_data())


@bp.get(PAGE.address("csv"))
@public_page(PAGE)
def table() -> Response:
    """The table of metrics."""
    return exports.as_csv("methodology.csv", CSV_HEADER, csv_rows())
