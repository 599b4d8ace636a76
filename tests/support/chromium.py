"""Pages in Debian's chromium: what sticks out, covers another, is too small, or breaks WCAG."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypedDict

import axe_playwright_python
import pytest
from flask import Flask
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)
from werkzeug.serving import make_server

from tests.support.waiting import PATIENCE_SECONDS

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

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")

COLOUR_RULES = ("color-contrast", "link-in-text-block")
NO_COLOURS = {rule: {"enabled": False} for rule in COLOUR_RULES}

# Without the elements that pass, of which there are thousands.
RUN_AXE = """([context, options]) => axe.run(context || document,
  {...options, resultTypes: ["violations"]}).then(
  found => found.violations.map(v => [v.id, v.nodes.map(node => node.html.slice(0, 120))]))"""

# Of the elements with text that are drawn by the same rules (alike in name and class from the
# body down) the first stands for all: axe takes milliseconds over the colours of each.
RUN_AXE_ON_COLOURS = f"""rules => {{
  const drawn = new Map();
  for (const element of document.querySelectorAll("body *")) {{
    const texts = [...element.childNodes].some(n => n.nodeType == 3 && n.data.trim());
    if (!texts || !element.getClientRects().length) continue;
    let path = "";
    for (let e = element; e && e != document.body; e = e.parentElement)
      path += e.tagName + "." + (e.getAttribute("class") || "") + ">";
    if (!drawn.has(path)) drawn.set(path, element);
  }}
  return ({RUN_AXE})([{{include: [...drawn.values()]}}, {{runOnly: rules}}]);
}}"""

PLAIN_MEDIA = dict.fromkeys(("media", "color_scheme", "reduced_motion"), "null")

OUTSIDE = """() => [...document.querySelectorAll("main *")].filter(e => {
  if (e.closest(".hide, details:not([open])")) return false;
  const box = e.getBoundingClientRect();
  return box.width && (box.left < -0.5 || box.right > document.documentElement.clientWidth + 0.5);
}).map(e => e.outerHTML.slice(0, 80))"""

COVERED = """() => [...document.querySelectorAll("svg.chart")].flatMap(chart => {
  const texts = [...chart.querySelectorAll("text")]
    .filter(t => getComputedStyle(t).display != "none")
    .map(t => [t.textContent, t.getBoundingClientRect()]);
  return texts.flatMap(([a, first], i) => texts.slice(i + 1).filter(([b, second]) =>
    Math.min(first.right, second.right) - Math.max(first.left, second.left) > 1 &&
    Math.min(first.bottom, second.bottom) - Math.max(first.top, second.top) > 3
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


class Cookie(TypedDict):
    """A cookie that a reader comes with, for a site."""

    name: str
    value: str
    url: str


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


class Chromium:
    """The browser that all tests of a process share. Nothing in it gives up early: what a test
    waits for may take as long as it takes."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._pages: dict[tuple[bool, bool], Page] = {}

    @contextmanager
    def page(
        self,
        width: int = 1440,
        height: int = 900,
        *,
        has_scripts: bool = True,
        keeps_policy: bool = True,
        cookie: Cookie | None = None,
        **media: Any,
    ) -> Iterator[Page]:
        """A page without cookies but for `cookie`, in a window of so many pixels, with what is said
        of `media` (see `Page.emulate_media`).

        It was another test's before, whose files it need not fetch again: a new page takes five
        times as long as the next address of one that is open.
        """
        key = (has_scripts, keeps_policy)
        if key not in self._pages:
            context = self.new_context(java_script_enabled=has_scripts, bypass_csp=not keeps_policy)
            self._pages[key] = context.new_page()
        page = self._pages[key]
        page.context.clear_cookies()
        if cookie is not None:
            page.context.add_cookies([{**cookie}])
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(**PLAIN_MEDIA | media)
        # Nothing is pointed at.
        page.mouse.move(-10, -10)
        try:
            yield page
        finally:
            page.unroute_all()

    def new_context(self, **options: Any) -> BrowserContext:
        """What a reader who comes for the first time has open; close it."""
        context = self._browser.new_context(**options)
        context.set_default_timeout(PATIENCE_SECONDS * 1000)
        return context


@contextmanager
def running_chromium() -> Iterator[Chromium]:
    """Chromium, for tests which are skipped, saying why, where there is none."""
    if CHROMIUM is None:
        pytest.skip("no chromium is installed")
    expect.set_options(timeout=PATIENCE_SECONDS * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield Chromium(browser)
        browser.close()


def faults_of_layout(
    browser: Chromium,
    address: str,
    widths: Sequence[int] = (ZOOMED, *WIDTHS),
    cookie: Cookie | None = None,
) -> dict[int, dict[str, object]]:
    """What is wrong with a page, by width and kind; empty where nothing is.

    Below 390 px the numbers of chart events may touch the labels of the grid.
    """
    said: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        said.append(message.text)

    found = {}
    with browser.page(widths[0], cookie=cookie) as page:
        page.on("console", listen)
        page.goto(address)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            faults = {
                "console": list(said),
                "scrolls sideways": page.evaluate("document.documentElement.scrollWidth") - width,
                "outside the page": page.evaluate(OUTSIDE),
                "wide tables": page.evaluate(TABLES),
                "small targets": page.evaluate(SMALL),
                "covered labels": page.evaluate(COVERED) if width >= 390 else [],
            }
            if any(faults.values()):
                found[width] = {kind: fault for kind, fault in faults.items() if fault}
        page.remove_listener("console", listen)
    return found


def violations(
    browser: Chromium, address: str, cookie: Cookie | None = None
) -> list[tuple[int, str, str, list[str]]]:
    """What axe finds on a page with everything unfolded: (width, scheme, rule, elements) each.

    The rules about colours are asked on the narrowest and the widest screen, light and dark; the
    others, which no colour changes, on phones, tablets and desks.
    """
    found = []
    # axe runs as a script inside the page, which the policy of the page rightly forbids.
    with browser.page(keeps_policy=False, cookie=cookie) as page:
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        page.evaluate(AXE.read_text("utf-8"))
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            broken = page.evaluate(RUN_AXE, [None, {"rules": NO_COLOURS}])
            found += [(width, "any", rule, elements) for rule, elements in broken]
            for scheme in ("light", "dark") if width in (WIDTHS[0], WIDTHS[-1]) else ():
                page.emulate_media(color_scheme=scheme)
                broken = page.evaluate(RUN_AXE_ON_COLOURS, COLOUR_RULES)
                found += [(width, scheme, rule, elements) for rule, elements in broken]
    return found
