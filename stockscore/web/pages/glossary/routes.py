"""/glossary: every term of the site in plain words."""

from __future__ import annotations

from flask import Blueprint, Response

from stockscore.web.http.page import Menu, PageDeclaration, public_page
from stockscore.web.pages.glossary.view import CSV_HEADER, as_data, csv_rows, glossary_view
from stockscore.web.ui import exports
from stockscore.web.ui.components import PageHead
from stockscore.web.ui.gloss import PATH

bp = Blueprint("glossary", __name__)

PAGE = PageDeclaration(
    path=PATH,
    title="Glossary",
    menu=Menu("Trust", 3),
    family="scores",
    formats=("html", "json", "csv"),
    in_sitemap=True,
)


@bp.get(PAGE.path)
@public_page(PAGE)
def page() -> tuple[str, int]:
    """The glossary as a page."""
    head = PageHead(
        title=PAGE.title,
        canonical=PAGE.path,
        section=PAGE.path,
        description="What the words on this site mean, in plain language.",
        json=PAGE.address("json"),
        csv=PAGE.address("csv"),
    )
    return exports.html("glossary/glossary.html", head, glossary_view())


@bp.get(PAGE.address("json"))
@public_page(PAGE)
def data() -> Response:
    """The glossary as JSON."""
    return exports.as_json(as_data())


@bp.get(PAGE.address("csv"))
@public_page(PAGE)
def table() -> Response:
    """The glossary on one sheet."""
    return exports.as_csv("glossary.csv", CSV_HEADER, csv_rows())
