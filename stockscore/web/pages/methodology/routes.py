"""/methodology: how a score is made, by the version in use or by any other (`?version=`)."""

from __future__ import annotations

from flask import Blueprint, Response

from stockscore.scoring.methods import METHODS, Method, method_of
from stockscore.services import methods
from stockscore.store import cross_sections
from stockscore.web.http import params
from stockscore.web.http.list_query import ask
from stockscore.web.http.page import Menu, PageDeclaration, public_page
from stockscore.web.http.params import Query
from stockscore.web.pages.methodology.view import (
    CSV_HEADER,
    Version,
    as_data,
    csv_rows,
    methodology_view,
)
from stockscore.web.ui import exports
from stockscore.web.ui.components import PageHead

bp = Blueprint("methodology", __name__)


PAGE = PageDeclaration(
    path="/methodology",
    title="Methodology",
    menu=Menu("Trust", 2),
    family="scores",
    parameters=(params.choice("version", METHODS, allowed="a version of the method, such as 1.0"),),
    formats=("html", "json", "csv"),
    in_sitemap=True,
)


@bp.get(PAGE.path)
@public_page(PAGE)
def page() -> tuple[str, int]:
    """The method as a page."""
    query = ask(PAGE.parameters)
    head = PageHead(
        title=PAGE.title,
        canonical=query.url(PAGE.path),
        section=PAGE.path,
        description="How StockScore turns reports and prices into one number, to the last point.",
        json=query.url(PAGE.address("json")),
        csv=query.url(PAGE.address("csv")),
    )
    view = methodology_view(_method(query), _versions())
    return exports.html("methodology/methodology.html", head, view)


@bp.get(PAGE.address("json"))
@public_page(PAGE)
def data() -> Response:
    """The method as JSON."""
    return exports.as_json(as_data(_method(ask(PAGE.parameters)), _versions()))


@bp.get(PAGE.address("csv"))
@public_page(PAGE)
def table() -> Response:
    """The table of metrics."""
    rows = csv_rows(_method(ask(PAGE.parameters)))
    return exports.as_csv("methodology.csv", CSV_HEADER, rows)


def _method(query: Query) -> Method:
    return method_of(query["version"]) if query["version"] else methods.published()


def _versions() -> list[Version]:
    """Every version that the program knows, with how it is used and what is recorded by it."""
    published, shadow = methods.published(), methods.shadow()
    recorded = cross_sections.recorded_by_method()
    found = []
    for version in METHODS:
        use = "known"
        if version == published.version:
            use = "published"
        elif shadow is not None and version == shadow.version:
            use = "recorded beside it"
        found.append(Version(version, use, *recorded.get(version, ())))
    return found
