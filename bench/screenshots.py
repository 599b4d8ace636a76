"""Pictures of the pages at 390 and 1440 px, light and dark, into docs/screenshots/.

Uses the database of `make run` where it is filled, through a server of its own on a free port.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

from stockscore import create_app
from stockscore.store.models import Score, Stock

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "screenshots"
WIDTHS = (390, 1440)
SCHEMES = ("light", "dark")
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def pages() -> dict[str, str]:
    """Name of the picture to path; the stock is the one that leads the market."""
    app = create_app()
    with app.app_context():
        leader = (
            Stock.query.join(Score, Score.stock_id == Stock.id).filter(Score.rank == 1).one().ticker
        )
    return {"today": "/", "stock": f"/stocks/{leader}", "leaderboard": "/leaderboard"}


def free_port() -> int:
    """A port that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main() -> None:
    """Takes all pictures, or those whose names are given as arguments."""
    FOLDER.mkdir(exist_ok=True, parents=True)
    wanted = {
        name: path for name, path in pages().items() if name in sys.argv[1:] or not sys.argv[1:]
    }
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "flask", "serve"], cwd=ROOT, env=os.environ | {"PORT": str(port)}
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            for scheme in SCHEMES:
                for width in WIDTHS:
                    context = browser.new_context(
                        viewport={"width": width, "height": 900}, color_scheme=scheme
                    )
                    page = context.new_page()
                    for name, path in wanted.items():
                        page.goto(f"http://127.0.0.1:{port}{path}")
                        picture = FOLDER / f"{name}-{width}-{scheme}.png"
                        page.screenshot(path=picture, full_page=True)
                        print(picture.relative_to(ROOT))
                    context.close()
            browser.close()
    finally:
        server.terminate()
        server.wait()


def wait_for(url: str) -> None:
    """Returns once the address answers; raises after half a minute."""
    deadline = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(url):  # noqa: S310  our own server, over http
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


if __name__ == "__main__":
    main()
