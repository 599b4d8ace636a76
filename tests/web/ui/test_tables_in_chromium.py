"""Tables in a real browser: heads that stay and sort, boxes that compare."""

import pytest


@pytest.fixture
def page(chromium, site):
    """A low window, so that every table is longer than it."""
    with chromium.page(height=420, reduced_motion="reduce") as opened:
        yield opened


@pytest.fixture
def plain_page(chromium):
    """A page of a browser that runs no scripts."""
    with chromium.page(has_scripts=False) as opened:
        yield opened


def top_of(locator):
    return locator.bounding_box()["y"]


def test_the_head_of_a_list_stays_in_sight_and_hides_no_focus(page, site):
    page.goto(f"{site}/stocks?per_page=200")
    links = page.locator("main tbody .stock")
    links.last.focus()
    head = page.locator("main thead")
    assert 0 <= top_of(page.locator("main thead th").first) < 1
    bottom = page.locator("main thead th").first.bounding_box()
    bottom = bottom["y"] + bottom["height"]
    seen = 0
    while page.evaluate("document.activeElement.closest('tbody') !== null"):
        box = page.evaluate(
            "(box => [box.top, box.bottom])(document.activeElement.getBoundingClientRect())"
        )
        assert box[0] >= bottom - 1
        assert box[1] <= 421
        page.keyboard.press("Shift+Tab")
        seen += 1
    assert seen > links.count()
    assert head.is_visible()


def test_a_table_that_is_whole_sorts_by_its_heads(page, site):
    page.goto(site)
    table = page.locator("table.heat")
    head = table.get_by_role("columnheader", name="Score")

    def values():
        return table.locator("tbody td:nth-child(3)").all_inner_texts()

    def in_order(texts, falling):
        known = sorted((float(text) for text in texts if text != "unknown"), reverse=falling)
        return [*(f"{value:.1f}" for value in known), *(["unknown"] * texts.count("unknown"))]

    before = values()
    assert "unknown" in before
    table.get_by_role("button", name="Score").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert values() == in_order(before, falling=True)
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    assert values() == in_order(before, falling=False)
    table.get_by_role("button", name="Sector").click()
    assert head.get_attribute("aria-sort") is None
    names = table.locator("tbody th").all_inner_texts()
    assert names == sorted(names)


def test_ticked_stocks_are_compared_without_scripts(plain_page, site):
    page = plain_page
    page.goto(f"{site}/leaderboard")
    for ticker in ("T05", "T11"):
        page.get_by_role("checkbox", name=f"Compare {ticker}").press("Space")
    page.get_by_role("button", name="Compare the ticked").press("Enter")
    page.wait_for_url("**/compare?t=*")
    assert sorted(page.locator("main thead .tick").all_inner_texts()) == ["T05", "T11"]


def test_columns_are_chosen_without_scripts(plain_page, site):
    page = plain_page
    page.goto(f"{site}/stocks?sector=Technology")
    page.get_by_text("Columns", exact=True).click()
    for box in page.locator(".columns input[checked]").all():
        box.uncheck()
    for name in ("Market value", "Coverage"):
        page.get_by_role("checkbox", name=name).check()
    page.get_by_role("button", name="Show these").click()
    page.wait_for_url("**cols=market_cap&cols=coverage")
    assert "sector=Technology" in page.url
    assert page.locator("main thead th").all_inner_texts()[:3] == [
        "Stock",
        "Market value",
        "Coverage",
    ]
