"""What a reader has to load, compressed."""

import gzip

from stockscore.config import ROOT


def packed(folder, ending):
    return sum(len(gzip.compress(path.read_bytes())) for path in folder.rglob(f"*{ending}"))


def test_all_own_scripts_together_are_small():
    assert 0 < packed(ROOT / "static" / "js", ".js") < 15_000


def test_all_style_sheets_together_are_small():
    assert 0 < packed(ROOT / "static" / "css", ".css") < 20_000


def test_the_page_of_a_stock_is_small_with_all_its_charts(browser):
    page = browser.get("/stocks/T05?range=5y").data
    assert len(gzip.compress(page)) < 60_000
