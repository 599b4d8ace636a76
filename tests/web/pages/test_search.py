"""Search as people type: a plain form, and suggestions where scripts run."""

import pytest
from playwright.sync_api import expect

from tests.support.published_market import HOSTILE


def suggested(browser, text):
    return browser.get("/search.json", query_string={"q": text})


def test_a_suggestion_says_what_it_is_and_where_its_page_is(browser):
    answer = suggested(browser, "brk b").json
    assert answer == {
        "items": [
            {
                "ticker": "BRK.B",
                "name": HOSTILE,
                "exchange": "XNYS",
                "isin": None,
                "ended": False,
                "url": "/stocks/BRK.B",
            }
        ],
        "more": False,
    }


def test_it_is_capped_and_says_that_there_are_more(browser):
    answer = suggested(browser, "company").json
    assert len(answer["items"]) == 8
    assert answer["more"] is True


@pytest.mark.parametrize("text", ["", " ", "%", "_", "--", "'; --"])
def test_nothing_is_suggested_for_what_has_no_letter_and_no_digit(browser, text):
    assert suggested(browser, text).json == {"items": [], "more": False}


def test_a_text_that_is_too_long_gets_a_sentence(browser):
    answer = suggested(browser, "x" * 81)
    assert answer.status_code == 400
    assert "“q”" in answer.json["error"]


def test_all_spellings_of_a_text_are_one_page_to_the_cache(market):
    reader = market.test_client()
    assert reader.get("/search.json?q=Company%20%207").headers["X-Cache"] == "MISS"
    again = reader.get("/search.json?q=c%C3%B6mpany+7&unknown=1")
    assert again.headers["X-Cache"] == "HIT"
    assert "public" in again.headers["Cache-Control"]


def test_what_is_suggested_is_on_the_list_of_the_same_search(browser):
    for text in ("brkb", "t1", "hath", "company 1"):
        tickers = {item["ticker"] for item in suggested(browser, text).json["items"]}
        listed = browser.get("/stocks.json", query_string={"q": text, "per_page": 200}).json
        assert tickers
        assert tickers <= {item["ticker"] for item in listed["items"]}


@pytest.fixture
def page(chromium, site):
    """A page of the site with scripts."""
    with chromium.page() as opened:
        opened.goto(f"{site}/stocks")
        yield opened


def field_of(page):
    return page.get_by_role("combobox", name="Find a stock")


def options(page):
    return page.locator(".mast [role=option]")


def test_arrow_keys_choose_and_enter_opens_the_page(page):
    field = field_of(page)
    field.press_sequentially("company 1")
    options(page).first.wait_for()
    assert field.get_attribute("aria-expanded") == "true"
    assert field.get_attribute("aria-activedescendant") is None
    field.press("ArrowDown")
    chosen = options(page).first
    assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    assert chosen.get_attribute("aria-selected") == "true"
    ticker = chosen.locator(".tick").inner_text()
    field.press("Enter")
    page.wait_for_url(f"**/stocks/{ticker}")


def test_the_arrows_go_round_through_the_field(page):
    field = field_of(page)
    field.press_sequentially("t1")
    options(page).first.wait_for()
    last = options(page).last.get_attribute("id")
    field.press("ArrowUp")
    assert field.get_attribute("aria-activedescendant") == last
    field.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") is None


def test_escape_closes_and_enter_without_a_choice_searches(page):
    field = field_of(page)
    field.press_sequentially("hath")
    options(page).first.wait_for()
    field.press("Escape")
    assert field.get_attribute("aria-expanded") == "false"
    assert options(page).count() == 0 or not options(page).first.is_visible()
    assert field.input_value() == "hath"
    field.press("Enter")
    page.wait_for_url("**/stocks?q=hath")


def test_a_name_is_text_and_never_markup(page):
    field_of(page).press_sequentially("brk.b")
    options(page).first.wait_for()
    assert options(page).first.locator(".name").inner_text() == HOSTILE


def test_only_the_answer_to_the_last_text_is_shown(page):
    """The answer to "t0" is held until that to "t11" is there; it must not replace it."""
    held = []
    page.route("**/search.json?q=t0", lambda route: held.append(route))
    field = field_of(page)
    with page.expect_request("**/search.json?q=t0"):
        field.fill("t0")
    field.fill("t11")
    options(page).first.wait_for()
    for route in held:
        route.abort()
    assert options(page).locator(".tick").all_inner_texts() == ["T11"]


def test_a_choice_on_compare_fills_the_field(chromium, site):
    with chromium.page(390) as page:
        page.goto(f"{site}/compare")
        field = page.get_by_label("First ticker or ISIN")
        field.press_sequentially("company 11")
        first = page.locator("main [role=option]").first
        # Suggestions for what was typed so far may still stand there.
        expect(first).to_contain_text("T11")
        first.click()
        assert field.input_value() == "T11"
        assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_without_scripts_the_form_searches(chromium, site):
    with chromium.page(has_scripts=False) as page:
        page.goto(site)
        page.get_by_label("Find a stock").fill("company 11")
        page.keyboard.press("Enter")
        page.wait_for_url("**/stocks?q=company+11")
        assert page.locator("main tbody .tick").all_inner_texts() == ["T11"]
