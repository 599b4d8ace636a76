"""The live style sheet: every macro in every state, as markup and in a real browser."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from flask import Flask
from jinja2 import StrictUndefined

from stockscore.config import ROOT
from stockscore.web.pages.patterns import routes as patterns
from stockscore.web.ui import templating
from stockscore.web.ui.components import ExchangeState, NavItem, Strip
from tests.support.chromium import faults_of_layout, served, violations

POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'"
NAV = (NavItem("Today", "/", "Market"), NavItem("Method", "/methodology", "Trust", 2))
STRIP = Strip(
    simulated=True,
    today="Tue 24 Nov 2026, New York time",
    exchanges=(ExchangeState("New York", "open", "until 16:00"), ExchangeState("Tokyo", "closed")),
    prices="12:35",
    edition=1284,
    published="12:38",
    next_refresh="13:35",
    method="1.0",
)


def site(strip=STRIP):
    """A site of this one page, strict about what templates name."""
    app = Flask(__name__, template_folder=ROOT / "templates", static_folder=ROOT / "static")
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    templating.init_app(app)
    app.register_blueprint(patterns.bp)
    app.context_processor(lambda: {"nav": NAV, "strip": strip})

    @app.after_request
    def strict(response):
        response.headers["Content-Security-Policy"] = POLICY
        return response

    return app


@pytest.fixture(scope="module")
def markup():
    """The page as text."""
    answer = site().test_client().get("/patterns")
    assert answer.status_code == 200
    return answer.text


def test_the_page_has_one_heading_of_the_first_rank_and_says_its_language(markup):
    assert markup.count("<h1") == 1
    assert '<html lang="en">' in markup
    assert "<title>Patterns · StockScore</title>" in markup


def test_nothing_in_the_page_needs_an_exception_from_the_policy(markup):
    markup = re.sub(r'<script src="/static/js/[^"]+" defer></script>', "", markup)
    assert not re.search(r"\sstyle=|<style|<script|\son\w+=|javascript:|src=", markup)


def test_names_are_text_wherever_they_stand(markup):
    assert "&lt;script&gt;alert(&#39;name&#39;)&lt;/script&gt;" in markup


def test_no_template_switches_escaping_off():
    for template in (ROOT / "templates").rglob("*.html"):
        text = template.read_text()
        assert "autoescape" not in text
        assert not re.search(r"\|\s*safe\b", text)


def test_every_id_is_unique_and_every_reference_finds_one(markup):
    ids = Counter(re.findall(r'\sid="([^"]+)"', markup))
    assert [name for name, times in ids.items() if times > 1] == []
    named = re.findall(r'aria-(?:labelledby|describedby)="([^"]+)"', markup)
    asked = {name for names in named for name in names.split()}
    asked |= set(re.findall(r'href="#([\w-]+)"', markup)) | set(
        re.findall(r'for="([^"]+)"', markup)
    )
    assert asked <= set(ids)


def test_every_picture_has_a_name_or_is_hidden(markup):
    charts = re.findall(r'<svg[^>]*class="(?:chart|fbar)[^>]*>', markup)
    assert len(charts) > 10
    for chart in charts:
        assert 'role="img"' in chart
        assert "aria-label" in chart


def test_every_table_has_a_caption_and_every_head_a_scope(markup):
    assert markup.count("<table") == markup.count("<caption")
    assert re.findall(r"<th(?![^>]*scope=)[ >]", markup) == []


def test_every_macro_is_shown():
    folder = ROOT / "templates"
    shared = [f"ui/{name}.html" for name in ("parts", "tables", "marks", "charts")]
    of_a_stock = [f"stock/{name}.html" for name in ("breakdown", "technical", "reports")]
    files = [(folder / name).read_text() for name in shared + of_a_stock]
    macros = set(re.findall(r"{% macro (\w+)\(", "".join(files)))
    shown = "".join([*files, (folder / "patterns/patterns.html").read_text()])
    assert len(macros) > 30
    assert macros <= set(re.findall(r"(?<!macro )\b(\w+)\(", shown))


def test_the_strip_says_what_is_simulated_and_which_exchange_is_open(markup):
    strip = markup[markup.index('class="strip"') : markup.index("<main")]
    text = " ".join(re.sub(r"<[^>]+>", " ", strip).split())
    assert text == (
        'class="strip" role="region" aria-label="Market status"> Simulated market New York open '
        "until 16:00 Tokyo closed Prices 12:35 Edition 1284 , published 12:38 Next refresh 13:35 "
        "Tue 24 Nov 2026, New York time"
    )
    assert "A signal is a label on a research score, not advice." in markup


def test_real_data_is_not_called_simulated():
    real = Strip(simulated=False, today="today")
    page = site(real).test_client().get("/patterns").text
    assert "Simulated market" not in page
    assert "simulated-market" not in page
    assert "Nothing is scored yet" in page


def test_a_page_without_a_database_still_has_its_frame():
    page = site(strip=None).test_client().get("/patterns").text
    assert 'class="strip"' not in page
    assert 'id="pages"' in page


@pytest.fixture(scope="module")
def address():
    """The page on a real server."""
    with served(site()) as url:
        yield f"{url}/patterns"


def test_nothing_sticks_out_or_covers_another_at_any_width(chromium, address):
    assert faults_of_layout(chromium, address, (320, 390, 768, 1024, 1160, 1440)) == {}


def test_axe_finds_no_violation(chromium, address):
    assert violations(chromium, address) == []


def test_the_theme_can_be_overridden(chromium, address):
    paper = "getComputedStyle(document.body).backgroundColor"
    with chromium.page(color_scheme="dark") as page:
        page.goto(address)
        assert page.evaluate(paper) == "rgb(9, 11, 16)"
        page.evaluate("document.documentElement.dataset.theme = 'light'")
        assert page.evaluate(paper) == "rgb(250, 246, 237)"
