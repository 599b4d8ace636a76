"""/evidence: the score's own forward record, of the published method or any other (`?method=`)."""

from __future__ import annotations

from flask import Blueprint, Response

from stockscore.scoring.evidence.series import HORIZONS, MAIN_HORIZON
from stockscore.scoring.methods import METHODS
from stockscore.services import evidence_summary
from stockscore.services.evidence_summary import EvidenceSummary
from stockscore.store.pages import market
from stockscore.web.http import params
from stockscore.web.http.list_query import ask
from stockscore.web.http.page import Menu, PageDeclaration, public_page
from stockscore.web.http.params import Query
from stockscore.web.pages.evidence.export import CSV_HEADER, as_data, csv_rows
from stockscore.web.pages.evidence.view import evidence_view
from stockscore.web.ui import exports, market_strip
from stockscore.web.ui.components import PageHead
from stockscore.web.ui.empty import empty

bp = Blueprint("evidence", __name__)


PAGE = PageDeclaration(
    path="/evidence",
    title="Evidence",
    menu=Menu("Trust", 3),
    family="scores",
    parameters=(
        params.choice("method", METHODS, allowed="a version of the method, such as 1.0"),
        params.choice("horizon", tuple(map(str, HORIZONS)), str(MAIN_HORIZON)),
    ),
    formats=("html", "json", "csv"),
    in_sitemap=True,
)


@bp.get(PAGE.path)
@public_page(PAGE)
def page() -> tuple[str, int]:
    """The record as a page."""
    query = ask(PAGE.parameters)
    edition = market_strip.moment().edition
    nothing = empty(edition is not None, market.stocks_listed() if not edition else 0)
    found = _summary(query)
    view = evidence_view(query, found, edition is not None and edition.simulated, nothing)
    head = PageHead(
        title=PAGE.title,
        canonical=query.url(PAGE.path),
        section=PAGE.path,
        description=view.subtitle,
        json=query.url(PAGE.address("json")),
        csv=query.url(PAGE.address("csv")),
    )
    return exports.html("evidence/evidence.html", head, view)


@bp.get(PAGE.address("json"))
@public_page(PAGE)
def data() -> Response:
    """The record as JSON."""
    edition = market_strip.moment().edition
    return exports.as_json(as_data(_summary(ask(PAGE.parameters)), edition))


@bp.get(PAGE.address("csv"))
@public_page(PAGE)
def table() -> Response:
    """The series of the horizon, a line a date."""
    found = _summary(ask(PAGE.parameters))
    return exports.as_csv("evidence.csv", CSV_HEADER, csv_rows(found))


def _summary(query: Query) -> EvidenceSummary:
    return evidence_summary.summary(query["method"], int(query["horizon"]))
