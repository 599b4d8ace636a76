"""What a page weighs and asks for: little HTML, nothing of a third party, and no jumps."""

from __future__ import annotations

import gzip
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.support.pages import DIFFERENT

STOCK_BYTES = 60_000

PLACES = """() => {
  const shown = "main :is(h1, h2, p, th, td, svg.chart, summary):not(.hide)";
  return [...document.querySelectorAll(shown)].map(element => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return [element.tagName, ...[x, y, width, height].map(Math.round)].join(" ");
  });
}"""


@pytest.mark.parametrize("ticker", ["T11", "BRK.B", "FAIL"])
@pytest.mark.parametrize("span", ["1m", "1y", "5y"])
def test_the_page_of_a_stock_is_light_with_all_its_charts(browser, ticker, span):
    page = browser.get(f"/stocks/{ticker}?range={span}").data
    assert len(gzip.compress(page, 6)) < STOCK_BYTES


@pytest.mark.parametrize("path", DIFFERENT)
def test_a_page_asks_only_its_own_site(chromium, site, path):
    asked = []

    def note(request):
        asked.append(request.url)

    with chromium.page() as page:
        page.on("request", note)
        page.goto(site + path)
        page.remove_listener("request", note)
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(site).netloc}
    assert len(asked) == len(set(asked))


@pytest.mark.parametrize("path", DIFFERENT)
def test_scripts_move_nothing(chromium, site, path):
    with chromium.page() as with_scripts, chromium.page(has_scripts=False) as without:
        pages = (with_scripts, without)
        for page in pages:
            page.goto(site + path)
        for width in (390, 1440):
            for page in pages:
                page.set_viewport_size({"width": width, "height": 900})
            moved, still = (page.evaluate(PLACES) for page in pages)
            assert moved == still


def test_files_of_a_page_have_hashed_names_and_are_not_asked_for_again(chromium, site):
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{site}/stocks/T11")
    files = re.findall(r'(?:href|src)="(/static/[^"#]+)"', page.content())
    assert len(files) >= 8
    for file in files:
        assert re.search(r"\.[0-9a-f]{10}\.(css|js|svg)$", file)
    served = page.evaluate(
        "async file => (await fetch(file)).headers.get('Cache-Control')", files[0]
    )
    assert served == "public, max-age=31536000, immutable"
    page.goto(f"{site}/stocks/T05")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Company 5")
    sent = page.evaluate(
        "performance.getEntriesByType('resource').filter(e => e.transferSize).map(e => e.name)"
    )
    assert [url for url in sent if urlsplit(url).path in files] == []
    context.close()
