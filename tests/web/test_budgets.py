"""What a page weighs and asks for: little HTML, nothing of a third party, no jumps."""

from __future__ import annotations

import gzip
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.web.test_pages_in_chromium import DIFFERENT

STOCK_BYTES = 60_000

ROUNDING = 1e-5
"""A line of a table that moves by 6 px on so high a page counts for ten times as much."""

SHIFT = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  // Entries are told of after the frame that they happened in.
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(sum), 0)));
})"""


@pytest.mark.parametrize("ticker", ["T11", "BRK.B", "FAIL"])
@pytest.mark.parametrize("span", ["1m", "1y", "5y"])
def test_the_page_of_a_stock_is_light_with_all_its_charts(browser, ticker, span):
    page = browser.get(f"/stocks/{ticker}?range={span}").data
    assert len(gzip.compress(page, 6)) < STOCK_BYTES


@pytest.mark.parametrize("path", DIFFERENT)
@pytest.mark.parametrize("width", [390, 1440])
def test_a_page_asks_only_its_own_site_and_moves_nothing_while_it_loads(
    chromium, site, path, width
):
    # As high as a whole page, because what is out of sight does not count as moved.
    page = chromium.new_page(viewport={"width": width, "height": 4_000})
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site + path)
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(site).netloc}
    assert len(asked) == len(set(asked))
    assert page.evaluate(SHIFT) < ROUNDING
    page.close()


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
