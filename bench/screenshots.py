"""Pictures of the pages at 390 and 1440 px, light and dark, into docs/screenshots/.

The market is the simulated one at a fixed moment, so that a picture changes only when a page does.
"""

from __future__ import annotations

import csv
import io
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, StorageState, sync_playwright

from stockscore import create_app
from tests.support.chromium import CHROMIUM, FLAGS, served

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
MOST_HEIGHT = {390: 2_000, 1440: 3_000}
"""Pixels by width; the glossary alone is ten times as long, and a reader of the guide has seen
enough."""

SCHEMES = ("light", "dark")

NOW = datetime(2026, 11, 27, 17, 40, tzinfo=UTC)
"""A Friday noon in New York, which closes early on the day after Thanksgiving."""

COLOURS = 128
"""The pages are drawn with few; more only make the files larger."""


def tickers_of(app: Flask) -> list[str]:
    """All stocks, the best first and those without a rating last."""
    lines = app.test_client().get("/stocks.csv?sort=score").text.splitlines()
    return [line["ticker"] for line in csv.DictReader(lines)]


def pages(tickers: list[str]) -> dict[str, str]:
    """Name of the picture to path; the stocks are those that lead the market, and one that has too
    little data for a rating."""
    leaders, unrated = tickers[:3], tickers[-1]
    return {
        "today": "/",
        "stocks": "/stocks?sector=Technology",
        "stock": f"/stocks/{leaders[0]}",
        "stock-not-rated": f"/stocks/{unrated}",
        "leaderboard": "/leaderboard",
        "top-picks": "/top-picks?horizon=long",
        "screener": "/screener?strategy=value-gems",
        "movers": "/movers?days=7",
        "compare": "/compare?" + "&".join(f"t={ticker}" for ticker in leaders),
        "watchlist": "/watchlists/1",
        "portfolio": f"/portfolio?if={leaders[0]}&by=25",
        "methodology": "/methodology",
        "glossary": "/glossary",
        "status": "/status",
        "nothing-found": "/stocks?q=zzzz",
        "not-there": "/stocks/NOSUCH",
    }


@contextmanager
def market() -> Iterator[Flask]:
    """The site on a simulated market of its own."""
    with tempfile.TemporaryDirectory(prefix="stockscore-pictures-") as folder:
        url = f"sqlite:///{folder}/stockscore.db"
        app = create_app({"DATABASE_URL": url, "CLOCK": lambda: NOW, "SECRET_KEY": "pictures" * 4})
        runner = app.test_cli_runner()
        for command in (["db", "upgrade"], ["demo", "load"]):
            result = runner.invoke(args=command)
            if result.exit_code:
                raise RuntimeError(result.output)
        yield app


def keep(browser: Browser, site: str, tickers: list[str]) -> StorageState:
    """A watchlist and a portfolio, made as a reader makes them; what the browser has of them."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site}/watchlists/add?" + "&".join(f"t={ticker}" for ticker in tickers))
    page.get_by_label("Name of a new list").fill("To read about")
    page.get_by_label("Name of a new list").press("Enter")
    for number, ticker in enumerate(tickers, start=1):
        page.goto(f"{site}/portfolio")
        page.locator("#f-t").fill(ticker)
        page.locator("#f-shares").fill(str(25 * number))
        page.locator("#f-paid").fill(str(40 * number))
        page.get_by_role("button", name="Add", exact=True).click()
    state = context.storage_state()
    context.close()
    return state


def take(browser: Browser, site: str, wanted: dict[str, str], tickers: list[str]) -> None:
    """All pictures; the reader has the same key in all of them."""
    state = keep(browser, site, tickers)
    for scheme in SCHEMES:
        for width in MOST_HEIGHT:
            size = {"width": width, "height": 900}
            context = browser.new_context(viewport=size, color_scheme=scheme, storage_state=state)
            page = context.new_page()
            for name, path in wanted.items():
                page.goto(site + path)
                picture = FOLDER / f"{name}-{width}-{scheme}.png"
                write(page.screenshot(full_page=True), picture)
                print(picture.name, f"{picture.stat().st_size / 1000:,.0f} kB")
            context.close()


def write(taken: bytes, to: Path) -> None:
    """The upper part of the picture with a palette, which makes it a third as large."""
    picture = Image.open(io.BytesIO(taken)).convert("RGB")
    picture = picture.crop((0, 0, picture.width, min(picture.height, MOST_HEIGHT[picture.width])))
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(to, optimize=True)


def main() -> None:
    """Takes all pictures, or those whose names are given as arguments."""
    FOLDER.mkdir(exist_ok=True, parents=True)
    with market() as app:
        tickers = tickers_of(app)
        all_pages = pages(tickers)
        names = sys.argv[1:] or list(all_pages)
        if unknown := set(names) - set(all_pages):
            sys.exit(f"There is no page {', '.join(sorted(unknown))}: {', '.join(all_pages)}.")
        wanted = {name: path for name, path in all_pages.items() if name in names}
        with served(app) as site, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
            take(browser, site, wanted, tickers[0:25:7])
            browser.close()


if __name__ == "__main__":
    main()
