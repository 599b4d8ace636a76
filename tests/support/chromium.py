"""Pages in Debian's chromium: what sticks out, covers another, is too small, or breaks WCAG."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

WIDTHS = (390, 768, 1440)
"""Pixels: phones, tablets and desks."""

ZOOMED = 320
"""What is left of a desk of 1280 pixels when its reader has zoomed to 400 % (WCAG, 1.4.10)."""

OUTSIDE = """() => [...document.querySelectorAll("main *")].filter(e => {
  if (e.closest(".hide, details:not([open])")) return false;
  const box = e.getBoundingClientRect();
  return box.width && (box.left < -0.5 || box.right > document.documentElement.clientWidth + 0.5);
}).map(e => e.outerHTML.slice(0, 80))"""

COVERED = """() => [...document.querySelectorAll("svg.chart")].flatMap(chart => {
  const texts = [...chart.querySelectorAll("text")]
    .filter(t => getComputedStyle(t).display != "none")
    .map(t => [t.textContent, t.getBoundingClientRect()]);
  return texts.flatMap(([a, one], i) => texts.slice(i + 1).filter(([b, two]) =>
    Math.min(one.right, two.right) - Math.max(one.left, two.left) > 1 &&
    Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top) > 3
  ).map(([b]) => a + " / " + b));
})"""

TABLES = """() => [...document.querySelectorAll("main table")].filter(t => {
  const box = t.getBoundingClientRect(), around = t.parentElement;
  const padding = parseFloat(getComputedStyle(around).paddingRight);
  return box.width && box.right > around.getBoundingClientRect().right - padding + 1;
}).map(t => t.caption.textContent)"""

SMALL = """() => [...document.querySelectorAll("a, button, input, select, summary")].filter(e => {
  if (e.closest("p.note, .foot p, .say, .skip, details:not([open]) > table")) return false;
  // A word in a line of its own is as far from the next one as the line is high (WCAG, 2.5.8).
  const line = e.matches(".gloss") && e.closest("tr, dl > div, li");
  if (line && line.getBoundingClientRect().height >= 23.5) return false;
  const box = e.getBoundingClientRect();
  return box.width && (box.height < 23.5 || box.width < 23.5);
}).map(e => e.outerHTML.slice(0, 100))"""


def _at_once(app: Flask) -> Callable[..., list[bytes]]:
    """The application with whole answers: a browser that leaves while a file is being sent must not
    leave that file open."""

    def answer(environ: dict, start_response: Callable[..., object]) -> list[bytes]:
        body = app(environ, start_response)
        try:
            return [b"".join(body)]
        finally:
            if hasattr(body, "close"):
                body.close()

    return answer


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The application on a server of its own; gives its address."""
    server = make_server("127.0.0.1", 0, _at_once(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Keeper:
    """A Chromium whose pages all have a cookie."""

    def __init__(self, browser: Browser, url: str, name: str, value: str) -> None:
        self._browser = browser
        self._cookie = {"name": name, "value": value, "url": url}

    def new_context(self, **options: Any) -> BrowserContext:
        context = self._browser.new_context(**options)
        context.add_cookies([self._cookie])
        return context

    def new_page(self, **options: Any) -> Page:
        return self.new_context(**options).new_page()


def faults_of_layout(browser: Browser | Keeper, address: str, width: int) -> dict[str, object]:
    """What is wrong with a page at a width; empty where nothing is.

    Below 390 px the numbers of chart events may touch the labels of the grid.
    """
    page = browser.new_page(viewport={"width": width, "height": 900})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(address)
    faults = {
        "console": said,
        "scrolls sideways": page.evaluate("document.documentElement.scrollWidth") - width,
        "outside the page": page.evaluate(OUTSIDE),
        "wide tables": page.evaluate(TABLES),
        "small targets": page.evaluate(SMALL),
        "covered labels": page.evaluate(COVERED) if width >= 390 else [],
    }
    page.close()
    return {name: found for name, found in faults.items() if found}


def violations(browser: Browser | Keeper, address: str) -> list[tuple]:
    """What axe finds on a page with everything unfolded, on phones, tablets and desks, light and
    dark: (width, scheme, rule, elements) each."""
    # axe runs as a script inside the page, which the policy of the page rightly forbids.
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for one in Axe().run(page).response["violations"]:
                elements = [node["html"][:120] for node in one["nodes"]]
                found.append((width, scheme, one["id"], elements))
    context.close()
    return found
