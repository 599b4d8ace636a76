"""Templates get frozen dataclasses, and name only fields that these have."""

import dataclasses

import pytest

from stockscore.web.pages.lists import view as lists
from stockscore.web.pages.methodology import view as methodology
from stockscore.web.pages.status import view as status
from stockscore.web.pages.stock import view as stock
from stockscore.web.pages.today import view as today
from tests.support.templates import TEMPLATES, fields_named

VIEWS = {
    "today/today.html": today.TodayView,
    "lists/stocks.html": lists.StocksView,
    "lists/leaderboard.html": lists.LeaderboardView,
    "stock/stock.html": stock.StockView,
    "methodology/methodology.html": methodology.MethodologyView,
    "status/status.html": status.StatusView,
}


@pytest.mark.parametrize(("template", "view"), VIEWS.items())
def test_a_template_uses_exactly_the_fields_of_its_context(template, view):
    assert fields_named(template) == {field.name for field in dataclasses.fields(view)}


@pytest.mark.parametrize("view", VIEWS.values())
def test_a_context_is_frozen_and_explains_itself(view):
    assert view.__dataclass_params__.frozen
    assert view.__doc__


@pytest.mark.parametrize("template", VIEWS)
def test_no_template_switches_escaping_off(template):
    source = (TEMPLATES / template).read_text("utf-8")
    assert "safe" not in source.replace("safe zone", "")
    assert "autoescape" not in source
