"""/patterns: every macro in every state, for whoever changes the look. Its figures are invented."""

from __future__ import annotations

from flask import Blueprint, render_template

from stockscore.web.http.page import PageDeclaration
from stockscore.web.pages.patterns import (
    chart_samples,
    part_samples,
    stock_page_samples,
    table_samples,
)
from stockscore.web.pages.patterns.invented import LONG_NAME, TODAY
from stockscore.web.ui.components import PageHead

bp = Blueprint("patterns", __name__)

PAGE = PageDeclaration(
    path="/patterns",
    title="Patterns",
)


@bp.get(PAGE.path)
def patterns() -> str:
    """The live style sheet."""
    page = PageHead(PAGE.title, canonical=PAGE.path, description="Every macro in every state.")
    show = {
        **part_samples.samples(),
        **table_samples.samples(),
        **chart_samples.samples(),
        **stock_page_samples.samples(),
        "long_name": LONG_NAME,
        "day": TODAY,
    }
    return render_template("patterns/patterns.html", page=page, show=show)
