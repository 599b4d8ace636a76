"""What every page owes to those who do not see its pictures."""

import pytest
from bs4 import BeautifulSoup

from tests.support.pages import PAGES


@pytest.fixture(scope="module", params=PAGES)
def page(request, market):
    """Each page, read once for all tests; they only look at it."""
    return BeautifulSoup(market.test_client().get(request.param).text, "html.parser")


def test_every_chart_has_its_figures_as_a_table_below_it(page):
    for chart in page.select("main svg.chart[aria-labelledby]"):
        named = {part["id"] for part in chart.select("title, desc")}
        assert set(chart["aria-labelledby"].split()) == named
        twin = chart.find_next_sibling("details", class_="twin") or chart.find_next("details")
        assert "twin" in twin["class"]
        assert twin.select("table tbody tr")


def test_small_marks_repeat_a_number_and_are_hidden_from_screen_readers(page):
    for mark in page.select("main td svg, main th svg"):
        assert mark.find_parent(attrs={"aria-hidden": "true"}) or mark["aria-hidden"] == "true"


def test_a_page_has_one_heading_its_language_and_tables_with_captions(page):
    assert page.html["lang"] == "en"
    assert len(page.select("h1")) == 1
    assert page.title.text.endswith("· StockScore")
    for table in page.select("main table"):
        assert table.caption.text.strip()
        assert all(head.get("scope") for head in table.select("th"))
