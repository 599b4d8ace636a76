"""The pages of tools keep the rules of all pages: frozen contexts, nothing inline, one heading."""

import dataclasses
import re

import pytest

from stockscore.caching.pages import mark_of
from stockscore.web.pages.compare import view as compare
from stockscore.web.pages.glossary import view as glossary
from stockscore.web.pages.movers import view as movers
from stockscore.web.pages.screener import view as screener
from stockscore.web.pages.top_picks import view as top_picks
from tests.support.templates import TEMPLATES, fields_named

VIEWS = {
    "top_picks/top_picks.html": top_picks.TopPicksView,
    "movers/movers.html": movers.MoversView,
    "screener/screener.html": screener.ScreenerView,
    "compare/compare.html": compare.CompareView,
    "glossary/glossary.html": glossary.GlossaryView,
}

PATHS = (
    "/top-picks",
    "/top-picks?w=40,30,20,10",
    "/movers",
    "/movers?days=90",
    "/screener",
    "/screener?strategy=deep-value&roe_min=0.01&show=near",
    "/compare",
    "/compare?t=T05&t=BRK.B&t=T11",
    "/glossary",
)


@pytest.mark.parametrize(("template", "view"), VIEWS.items())
def test_a_template_uses_exactly_the_fields_of_its_context(template, view):
    assert fields_named(template) == {field.name for field in dataclasses.fields(view)}
    assert view.__dataclass_params__.frozen
    assert view.__doc__


@pytest.mark.parametrize("template", VIEWS)
def test_no_template_switches_escaping_off(template):
    source = (TEMPLATES / template).read_text("utf-8")
    assert "|safe" not in source.replace(" ", "")
    assert "autoescape" not in source


@pytest.mark.parametrize("path", PATHS)
def test_a_page_has_one_heading_and_nothing_inline_and_asks_nobody_else(browser, path):
    page = browser.get(path).text
    assert page.count("<h1") == 1
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", page)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", page)


@pytest.mark.parametrize("path", PATHS)
def test_ids_are_unique_and_labels_name_fields_that_are_there(browser, path):
    page = browser.get(path).text
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'<label[^>]* for="([^"]+)"', page)) <= set(ids)


@pytest.mark.parametrize("path", PATHS)
def test_a_table_has_a_caption_and_as_many_cells_as_heads(browser, path):
    page = browser.get(path).text
    for table in re.findall(r"<table.*?</table>", page, re.DOTALL):
        assert "<caption" in table
        head = len(re.findall(r"<th ", table.split("</thead>")[0]))
        for row in re.findall(r"<tr.*?</tr>", table.split("</thead>")[1], re.DOTALL):
            spans = re.findall(r'colspan="(\d+)"', row)
            cells = len(re.findall(r"<t[hd][ >]", row)) - len(spans) + sum(map(int, spans))
            assert cells == head


@pytest.mark.parametrize("path", ["/top-picks", "/movers", "/screener", "/compare", "/glossary"])
def test_a_page_is_in_the_menu(browser, path):
    assert f'<a href="{path}"' in browser.get("/").text


@pytest.mark.parametrize(
    ("path", "other"),
    [
        ("/top-picks", "/top-picks?horizon=medium&utm=1"),
        ("/movers?days=7", "/movers?x=1&days=7"),
        ("/screener?roe_min=0.05", "/screener?roe_min=5.0%25"),
        ("/compare?t=T05&t=brk.b", "/compare?t=t05&t=BRK/B"),
        ("/glossary", "/glossary?q=1"),
    ],
)
def test_two_spellings_of_a_question_are_one_page_to_the_cache(market, path, other):
    for suffix in ("", ".json", ".csv"):
        one, two = kept_as(market, path, suffix), kept_as(market, other, suffix)
        assert one == two
        assert one is not None


def kept_as(app, url, suffix):
    """The query that the cache keeps an address under."""
    path, _, query = url.partition("?")
    endpoint, _ = app.url_map.bind("localhost").match(path + suffix)
    return mark_of(app.view_functions[endpoint]).canonical(query.encode())
