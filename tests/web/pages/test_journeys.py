"""What readers come for, by keyboard alone, with JavaScript and without: to find a stock, read it,
compare it, screen the market, keep it on a list, and take the figures along."""

from __future__ import annotations

import csv
import io
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.support.chromium import served

FOCUS = """() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
}"""


class Keyboard:
    """A reader without a mouse: everything is reached with Tab and done with keys."""

    MOST_TABS = 400

    def __init__(self, page) -> None:
        self.page = page

    def reach(self, locator) -> None:
        """Presses Tab until an element has the focus, which must be seen and not be hidden."""
        target = locator.first
        target.wait_for()
        handle = target.element_handle()
        for _ in range(self.MOST_TABS):
            if handle.evaluate("element => element === document.activeElement"):
                break
            self.page.keyboard.press("Tab")
        else:
            raise AssertionError(f"Tab never reaches {locator}")
        assert self.page.evaluate(FOCUS), f"the focus on {locator} is not seen"
        assert target.is_visible()

    def press(self, locator, key="Enter") -> None:
        self.reach(locator)
        self.page.keyboard.press(key)

    def type(self, locator, text) -> None:
        self.reach(locator)
        self.page.keyboard.type(text)

    def link(self, name):
        return self.page.get_by_role("link", name=name, exact=True)

    def button(self, name):
        return self.page.get_by_role("button", name=name, exact=True)

    def heading(self):
        return self.page.get_by_role("heading", level=1)

    def downloads(self, locator):
        """The file that a link leads to: its name and its lines."""
        with self.page.expect_download() as download:
            self.press(locator)
        text = Path(download.value.path()).read_text(encoding="utf-8-sig")
        return download.value.suggested_filename, list(csv.DictReader(io.StringIO(text)))


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def has_scripts(request):
    return request.param


@pytest.fixture
def reader(chromium, site, has_scripts):
    """At the front page."""
    with at_the_desk(chromium, site, has_scripts) as keyboard:
        yield keyboard


@contextmanager
def at_the_desk(chromium, site, has_scripts):
    with chromium.page(1280, 720, has_scripts=has_scripts, reduced_motion="reduce") as page:
        page.goto(site)
        yield Keyboard(page)


def test_the_first_tab_skips_to_the_content(reader):
    reader.press(reader.link("Skip to the content"))
    assert reader.page.url.endswith("#main")
    # Whatever comes next lies in the content, not in the navigation.
    reader.page.keyboard.press("Tab")
    assert reader.page.evaluate("document.activeElement.closest('main') !== null")


def test_a_stock_is_found_and_every_point_of_it_read(reader):
    reader.type(reader.page.get_by_label("Find a stock"), "company 11")
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_url("**/stocks?q=company+11")
    reader.press(reader.page.locator("main tbody .stock"))
    expect(reader.heading()).to_have_text("Company 11")
    test = reader.page.locator("#piotroski summary")
    reader.press(test)
    expect(reader.page.locator("#piotroski details p").first).to_be_visible()
    reader.press(reader.page.get_by_text("The figures behind this chart"))
    expect(reader.page.locator("main details[open] table").first).to_be_visible()
    reader.press(reader.page.locator("#price .ranges a").last)
    reader.page.wait_for_url("**range=5y**")


def test_two_stocks_of_a_table_are_compared_and_one_taken_away(reader):
    reader.press(reader.link("Leaderboard"))
    expect(reader.heading()).to_be_visible()
    for ticker in ("T11", "T05"):
        reader.press(reader.page.get_by_role("checkbox", name=f"Compare {ticker}"), "Space")
        reader.page.evaluate("document.activeElement.blur()")
    reader.press(reader.button("Compare the ticked"))
    reader.page.wait_for_url("**/compare?t=*")
    assert sorted(reader.page.locator("main thead .tick").all_inner_texts()) == ["T05", "T11"]
    reader.press(reader.link("Remove T05"))
    expect(reader.page.locator("main thead .tick")).to_have_text(["T11"])


def test_a_screen_is_set_counted_run_sorted_and_taken_along(reader, browser):
    fit = browser.get("/screener.json?roe_min=0.06").json["fit"]
    reader.press(reader.link("Screener"))
    figure = reader.page.get_by_label("Figure")
    reader.type(figure, "Return on equity")
    assert figure.first.input_value() == "roe"
    reader.type(reader.page.locator("#f-add1_min"), "6%")
    reader.press(reader.button("Count only"))
    said = reader.page.locator("#result")
    expect(said).to_contain_text(f"{fit} of 14")
    reader.press(reader.link("Show them"))
    expect(said.locator("tbody tr")).to_have_count(fit)
    reader.press(said.get_by_role("link", name="Return on equity"))
    expect(said.locator("th[aria-sort]")).to_contain_text("Return on equity")
    assert "roe_min=0.06" in reader.page.url
    name, lines = reader.downloads(reader.link("CSV"))
    assert name == "screener.csv"
    assert len(lines) == fit
    assert all(float(line["screen_1_roe"]) >= 0.06 for line in lines)


@pytest.fixture
def own_reader(chromium, copied_market, has_scripts):
    """At the front page of a market that can be written to."""
    with served(copied_market()) as url, at_the_desk(chromium, url, has_scripts) as keyboard:
        yield keyboard


def test_a_stock_is_kept_on_a_list_with_a_note_and_taken_along(own_reader):
    reader = own_reader
    reader.press(reader.page.locator("main tbody .stock"))
    ticker = reader.page.locator("main .title .tick").inner_text()
    reader.press(reader.link("Watch"))
    reader.type(reader.page.get_by_label("Name of a new list"), "Mine")
    reader.page.keyboard.press("Enter")
    expect(reader.heading()).to_have_text("Mine")
    reader.press(reader.page.get_by_text("Note, remove"))
    reader.type(reader.page.get_by_label(f"Note on {ticker}"), "cheap")
    reader.press(reader.button("Keep the note"))
    expect(reader.page.locator(".note-cell p")).to_have_text("cheap")
    name, lines = reader.downloads(reader.link("CSV"))
    assert name == "watchlists.csv"
    assert [(line["list"], line["ticker"], line["note"]) for line in lines] == [
        ("Mine", ticker, "cheap")
    ]


def test_a_position_is_kept_valued_and_taken_along(own_reader):
    reader = own_reader
    reader.press(reader.link("Portfolio"))
    form = reader.page.get_by_role("form", name="Add a position")
    reader.type(form.get_by_label("Ticker or ISIN"), "T05")
    reader.type(form.get_by_label("Shares"), "10")
    reader.type(form.get_by_label("Average price paid"), "40")
    reader.press(form.get_by_role("button", name="Add"))
    row = reader.page.locator(".kept tbody tr")
    expect(row).to_contain_text("T05")
    expect(reader.page.locator(".worth")).to_contain_text("Profit")
    name, lines = reader.downloads(reader.link("CSV"))
    assert name == "portfolio.csv"
    assert [(line["ticker"], float(line["shares"])) for line in lines] == [("T05", 10.0)]
