"""What goes wrong is said in the look of the site, and in JSON where JSON was asked for."""

import pytest

from stockscore.web.ui.error_pages import HEADINGS

PAGES = ("/", "/stocks", "/stocks/T05", "/leaderboard", "/methodology", "/status", "/healthz")


@pytest.mark.parametrize("path", PAGES)
def test_a_wrong_method_is_refused_and_the_right_ones_are_named(browser, path):
    for ask in (browser.post, browser.delete, browser.put):
        answer = ask(path)
        assert answer.status_code == 405
        assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("path", PAGES)
def test_head_answers_as_get_without_a_body(browser, path):
    answer = browser.head(path)
    assert answer.status_code == 200
    assert answer.data == b""


def test_an_unknown_page_is_not_found_in_the_look_of_the_site(browser):
    answer = browser.get("/nowhere")
    assert answer.status_code == 404
    assert HEADINGS[404] in answer.text
    assert "Leaderboard" in answer.text
    assert browser.get("/nowhere.json").json["error"]


def test_errors_of_json_addresses_are_json(browser):
    assert browser.get("/stocks.json?page=0").json["error"].startswith("The parameter “page”")
    assert browser.post("/stocks.json").json["error"]


def test_a_crash_is_a_page_without_a_traceback(app_on, sqlite_url):
    app = app_on(sqlite_url, PROPAGATE_EXCEPTIONS=False, TESTING=False)

    @app.get("/broken")
    def broken():
        raise RuntimeError("secret inside")

    @app.get("/broken.json")
    def broken_json():
        raise RuntimeError("secret inside")

    answer = app.test_client().get("/broken")
    assert answer.status_code == 500
    assert HEADINGS[500] in answer.text
    assert "secret" not in answer.text
    assert app.test_client().get("/broken.json").json["error"]


def test_an_error_names_what_was_asked_as_text(browser):
    answer = browser.get("/stocks?sort=<script>alert(1)</script>")
    assert answer.status_code == 400
    assert "<script>" not in answer.text
    assert "&lt;script&gt;" in answer.text
