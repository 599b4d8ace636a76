"""The access log: one line a request, hits included."""

from __future__ import annotations

import logging

import pytest

from stockscore.web.http.accesslog import AccessLog


@pytest.fixture
def lines(site, caplog):
    """`lines(*urls)`: what is logged of these requests, without their times."""
    caplog.set_level(logging.INFO, "stockscore.access")
    app = site()
    app.wsgi_app = AccessLog(app.wsgi_app)

    def read(*urls, **request):
        for url in urls:
            app.test_client().get(url, **request).close()
        records = [record for record in caplog.records if record.name == "stockscore.access"]
        return [record.data | {"line": record.getMessage()} for record in records]

    return read


def test_a_hit_has_its_line_like_a_miss(lines):
    miss, hit = lines("/pages/a?page=2", "/pages/a?page=2")
    assert (miss["cache"], hit["cache"]) == ("MISS", "HIT")
    assert miss["bytes"] == hit["bytes"] > 1000
    assert hit["line"].startswith("127.0.0.1 GET /pages/a?page=2 200 ")
    assert hit["ms"] >= 0


def test_304_errors_and_other_pages_have_theirs(lines):
    assert lines("/pages/a", headers={"If-None-Match": "*"})[0]["status"] == 304
    assert lines("/mine")[1]["cache"] == "BYPASS"
    assert lines("/nowhere")[2]["status"] == 404


def test_what_a_stranger_asks_for_stays_on_its_line(lines):
    (said,) = lines("/pages/a%0Aforged%20line?x=%0A%22")
    assert "\n" not in said["line"]
    assert "/pages/a%0Aforged%20line?x=%0A%22" in said["line"]


def test_a_crash_is_logged_and_goes_on(caplog):
    caplog.set_level(logging.INFO, "stockscore.access")

    def crash(_environ, _start):
        raise ValueError("a mistake of ours")

    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "QUERY_STRING": ""}
    with pytest.raises(ValueError, match="a mistake of ours"):
        AccessLog(crash)(environ, lambda *_: None)
    assert " GET / 500 " in caplog.records[-1].getMessage()
