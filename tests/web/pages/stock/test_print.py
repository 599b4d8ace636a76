"""A stock on paper, in a real browser that thinks it prints on A4."""

import pytest

from tests.support.chromium import OUTSIDE, TABLES

A4_BETWEEN_MARGINS = 703
"""CSS pixels of 186 mm."""


@pytest.fixture
def paper(chromium, site):
    with chromium.page(A4_BETWEEN_MARGINS, 1017, color_scheme="dark", media="print") as page:
        page.goto(f"{site}/stocks/T05")
        yield page


def test_navigation_and_controls_stay_on_the_screen(paper):
    for selector in (".sections", ".find", ".pages", ".crumbs", ".ranges", ".acts", ".cursor"):
        assert paper.locator(selector).count(), selector
        assert not paper.locator(selector).first.is_visible(), selector


def test_it_is_dark_on_white_for_readers_of_dark_screens_too(paper):
    colours = paper.evaluate(
        "[getComputedStyle(document.body).color, getComputedStyle(document.querySelector('h1'))"
        ".color, getComputedStyle(document.documentElement).colorScheme]"
    )
    assert colours == ["rgb(20, 22, 29)", "rgb(20, 22, 29)", "light"]


def test_score_charts_and_both_tables_of_statements_are_there(paper):
    for selector in ("#price-chart-t", "#price-chart-rsi-t"):
        assert paper.locator(f"svg.chart:has({selector})").is_visible()
    tables = paper.locator("#statements table")
    assert tables.count() == 2
    assert all(table.is_visible() for table in tables.all())
    assert paper.get_by_text("not advice").first.is_visible()


def test_everything_fits_between_the_margins(paper):
    assert paper.evaluate("document.documentElement.scrollWidth") <= A4_BETWEEN_MARGINS
    assert paper.evaluate(OUTSIDE) == []
    assert paper.evaluate(TABLES) == []
