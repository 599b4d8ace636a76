"""Headers of every answer, and pages that need nothing that they forbid."""

import re

import pytest

from stockscore.web.http.security import HEADERS

PATHS = ("/", "/stocks", "/stocks/T05", "/leaderboard?by=sector", "/methodology", "/status", "/no")


@pytest.mark.parametrize("path", [*PATHS, "/stocks.json", "/stocks.csv", "/static/favicon.svg"])
def test_every_answer_says_what_a_page_may_do(browser, path):
    # A static file stays open until its answer is closed.
    with browser.get(path) as answer:
        headers = answer.headers
    assert {name: headers[name] for name in HEADERS} == HEADERS
    assert "unsafe" not in headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", PATHS)
def test_no_page_has_inline_styles_scripts_or_handlers_or_asks_elsewhere(browser, path):
    page = browser.get(path).text
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", page)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", page)


@pytest.mark.parametrize("path", PATHS)
def test_a_page_sets_no_cookie(browser, path):
    assert "Set-Cookie" not in browser.get(path).headers
