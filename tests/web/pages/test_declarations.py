"""Every page declares itself, and what reads the declarations agrees with what answers."""

import re

from stockscore import web
from tests.support.pages import QUESTIONS


def paths_of(app):
    """The addresses that answer to GET, but those of static files and of the administration."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods]
    operations = {module.bp.name for module in web.OPERATIONS}
    return {rule.rule for rule in rules if rule.endpoint.split(".")[0] not in operations}


def test_a_declared_page_answers_under_each_of_its_formats(market):
    paths = paths_of(market)
    for page in web.declarations():
        for suffix in page.formats:
            # The stock page tells its formats apart itself, because tickers have dots too.
            alone = suffix == "html" or "<" in page.path
            assert (page.path if alone else page.address(suffix)) in paths


def test_every_declaration_has_a_path_of_its_own():
    paths = [page.path for page in web.declarations()]
    assert len(set(paths)) == len(paths)
    assert set(QUESTIONS) <= set(paths)
    assert {path for path in paths if "<" in path} <= set(QUESTIONS)


def test_menu_and_foot_have_the_declared_pages_in_their_order(browser):
    page = browser.get("/stocks").text
    declared = [entry for entry in web.declarations() if entry.menu]
    bar = re.search(r'<nav class="sections".*?</nav>', page, re.DOTALL)[0]
    assert re.findall(r'<a href="(/[^"]*)"', bar) == [
        entry.path for entry in declared if entry.menu.priority < 3
    ]
    foot = re.search(r'<nav id="pages".*?</nav>', page, re.DOTALL)[0]
    for group in {entry.menu.group for entry in declared}:
        listed = re.search(rf"<h2>{group}</h2>(.*?)</div>", foot, re.DOTALL)[1]
        assert re.findall(r'<a href="([^"]+)">([^<]+)</a>', listed) == [
            (entry.path, entry.title) for entry in declared if entry.menu.group == group
        ]


def test_what_is_personal_is_kept_neither_by_the_cache_nor_by_search_engines(browser):
    sitemap = browser.get("/sitemap.xml").text
    robots = browser.get("/robots.txt").text
    for page in web.declarations():
        assert not (page.is_personal and (page.family or page.in_sitemap))
        assert (f"{page.path}</loc>" in sitemap) == page.in_sitemap
        if page.is_personal and page.menu:
            assert f"Disallow: {page.path}\n" in robots
