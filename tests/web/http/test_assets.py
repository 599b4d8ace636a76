"""Addresses of static files."""

from __future__ import annotations

import gzip
import os
import re

import brotli
import pytest
from flask import Flask

from stockscore.config import ROOT
from stockscore.web.http import assets


@pytest.fixture
def site(tmp_path):
    """A site with one static file."""
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "a.css").write_text("a { color: red }")
    app = Flask(__name__, static_folder=str(tmp_path), static_url_path="/static")
    assets.init_app(app)
    return app


def address(app, name="css/a.css"):
    with app.app_context():
        return assets.asset(name)


def test_an_address_names_the_content_and_is_kept_for_a_year(site):
    with site.test_client().get(address(site)) as answer:
        assert answer.data == b"a { color: red }"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_another_content_has_another_address(site, tmp_path):
    before = address(site)
    file = tmp_path / "css" / "a.css"
    file.write_text("a { color: blue }")
    os.utime(file, ns=(1, 1))
    assert address(site) != before


def test_the_name_of_a_file_has_its_hash(site):
    assert re.fullmatch(r"/static/css/a\.[0-9a-f]{10}\.css", address(site))


@pytest.mark.parametrize(
    ("accept", "encoding", "opened"),
    [
        ("", None, bytes),
        ("gzip", "gzip", gzip.decompress),
        ("gzip, deflate, br", "br", brotli.decompress),
        ("*;q=0", None, bytes),
    ],
)
def test_a_hashed_file_is_sent_in_the_smallest_encoding_that_is_taken(
    site, accept, encoding, opened
):
    browser = site.test_client()
    answer = browser.get(address(site), headers={"Accept-Encoding": accept})
    assert answer.headers.get("Content-Encoding") == encoding
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert opened(answer.data) == b"a { color: red }"
    known = {"Accept-Encoding": accept, "If-None-Match": answer.headers["ETag"]}
    again = browser.get(address(site), headers=known)
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("name", ["a.css", "a.0000000000.css", "a.css?v=1"])
def test_an_address_that_does_not_name_this_content_is_asked_for_again(site, name):
    with site.test_client().get(f"/static/css/{name}") as answer:
        assert answer.data == b"a { color: red }"
        assert "immutable" not in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "name", ["b.css", "b.0123456789.css", "../a.0123456789.css", "a%00.0123456789.css"]
)
def test_a_missing_file_is_an_answer_on_the_site_and_a_mistake_in_a_template(site, name):
    assert site.test_client().get(f"/static/css/{name}").status_code == 404
    with pytest.raises(FileNotFoundError):
        address(site, "css/b.css")


def test_browsers_that_look_for_an_icon_find_it(browser):
    with browser.get("/favicon.ico", follow_redirects=True) as answer:
        assert answer.headers["Content-Type"].startswith("image/svg+xml")
        assert b"<svg" in answer.data


def test_the_style_sheets_together_are_light():
    sheets = sorted((ROOT / "static" / "css").glob("*.css"))
    assert sheets
    assert sum(len(gzip.compress(sheet.read_bytes())) for sheet in sheets) < 20_000


def test_the_scripts_together_are_light():
    scripts = sorted((ROOT / "static" / "js").glob("*.js"))
    assert scripts
    assert sum(len(gzip.compress(script.read_bytes())) for script in scripts) < 15_000


def test_the_style_sheets_ask_for_nothing_elsewhere():
    for sheet in (ROOT / "static" / "css").glob("*.css"):
        text = sheet.read_text()
        assert "url(" not in text
        assert "@import" not in text
