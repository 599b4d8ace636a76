"""The pages and addresses for whoever runs the site: who may, and what they show."""

from __future__ import annotations

import re

import pytest

from stockscore.caching import wiring
from stockscore.extensions import db
from stockscore.store import epochs
from stockscore.web.ops import access, metrics
from stockscore.web.ops.throttle import Throttle
from tests.support.forms import csrf_token, log_in

KEY = "a long and secret token"


@pytest.fixture(autouse=True)
def fresh_throttle(monkeypatch):
    monkeypatch.setattr(access, "throttle", Throttle(access.MOST_FAILURES, access.FAILURE_SECONDS))


@pytest.fixture
def make(app_on, sqlite_url):
    def make(**config):
        app = app_on(sqlite_url, **{"ADMIN_TOKEN": KEY} | config)
        if wiring.NAME not in app.extensions:
            pytest.skip("the application is not wired with the cache yet")
        return app

    return make


@pytest.fixture
def browser(make):
    return make().test_client()


def epoch_of(app):
    with app.app_context(), db.engine.connect() as connection:
        return epochs.current(connection)[1]


def test_invalidate_takes_the_token_and_gives_the_new_epoch(browser):
    headers = {"Authorization": f"Bearer {KEY}"}
    first = browser.post("/cache/invalidate", headers=headers)
    assert first.status_code == 200
    assert set(first.get_json()) == {"epoch"}
    second = browser.post("/cache/invalidate", headers=headers)
    assert second.get_json()["epoch"] == first.get_json()["epoch"] + 1
    assert epoch_of(browser.application) == second.get_json()["epoch"]


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer ", "Bearer wrong", f"Basic {KEY}", KEY, "Bearer é"],
)
def test_invalidate_refuses_whoever_does_not_know_it(browser, header):
    headers = {} if header is None else {"Authorization": header}
    answer = browser.post("/cache/invalidate", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert epoch_of(browser.application) == 0


def test_without_a_token_nobody_may(make):
    browser = make(ADMIN_TOKEN="").test_client()
    answer = browser.post("/cache/invalidate", headers={"Authorization": "Bearer "})
    assert answer.status_code == 403
    assert "No ADMIN_TOKEN" in answer.get_json()["error"]
    form = browser.get("/admin/login")
    assert form.status_code == 403
    assert "<form method" not in form.get_data(as_text=True)
    assert browser.get("/admin/cache").status_code == 303


def test_invalidate_is_a_post_and_nothing_else(browser):
    assert browser.get("/cache/invalidate").status_code == 405


def test_guessing_is_slowed_down_even_with_the_right_token_afterwards(browser):
    for _ in range(access.MOST_FAILURES):
        browser.post("/cache/invalidate", headers={"Authorization": "Bearer guess"})
    answer = browser.post("/cache/invalidate", headers={"Authorization": f"Bearer {KEY}"})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert log_in(browser, KEY).status_code == 429


@pytest.mark.parametrize("path", ["/admin/", "/admin/cache"])
def test_pages_lead_to_the_login_and_back(browser, path):
    answer = browser.get(path)
    assert answer.status_code == 303
    assert answer.location == f"/admin/login?to={path.replace('/', '%2F')}" or path in (
        answer.location
    )
    assert log_in(browser, KEY, to=path).location == path
    assert browser.get(path).status_code == 200


@pytest.mark.parametrize("to", ["https://evil.example", "//evil.example", "/admin/\\evil", "/x"])
def test_a_login_leads_to_our_own_pages_only(browser, to):
    assert log_in(browser, KEY, to=to).location == "/admin/"


def test_a_wrong_token_is_told_and_nothing_else(browser):
    answer = log_in(browser, "wrong")
    assert answer.status_code == 401
    assert "That is not the ADMIN_TOKEN." in answer.get_data(as_text=True)
    assert "wrong" not in answer.get_data(as_text=True)
    assert browser.get("/admin/").status_code == 303


def test_a_form_without_its_own_token_is_refused(browser):
    browser.get("/admin/login")
    assert browser.post("/admin/login", data={"token": KEY}).status_code == 400
    log_in(browser, KEY)
    assert browser.post("/admin/cache/clear").status_code == 400
    assert epoch_of(browser.application) == 0


def test_the_cookie_is_for_this_site_alone_and_holds_no_token(browser):
    answer = log_in(browser, KEY)
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert KEY not in cookie


def test_another_token_ends_every_login(browser):
    log_in(browser, KEY)
    browser.application.config.update({"ADMIN_TOKEN": "another token"})
    assert browser.get("/admin/").status_code == 303


def test_logging_out_ends_it(browser):
    log_in(browser, KEY)
    page = browser.get("/admin/")
    browser.post("/admin/logout", data={"csrf_token": csrf_token(page)})
    assert browser.get("/admin/").status_code == 303


def test_nothing_under_admin_is_kept_anywhere(browser):
    log_in(browser, KEY)
    for path in ("/admin/", "/admin/cache", "/admin/login"):
        answer = browser.get(path)
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["X-Cache"] == "BYPASS"


def test_the_cache_page_shows_its_counters_and_clears(browser):
    log_in(browser, KEY)
    browser.get("/methodology")
    browser.get("/methodology")
    page = browser.get("/admin/cache")
    text = page.get_data(as_text=True)
    assert "Answers from the process&#39;s own memory" in text
    assert "/methodology" in text
    answer = browser.post("/admin/cache/clear", data={"csrf_token": csrf_token(page)})
    assert answer.location == "/admin/cache?cleared=1"
    assert "Epoch 1 has begun." in browser.get(answer.location).get_data(as_text=True)
    assert browser.get("/methodology").headers["X-Cache"] == "MISS"


@pytest.mark.parametrize("cleared", ["<b>", "9" * 5000, "-1", "١"])
def test_what_the_address_says_was_cleared_is_not_believed(browser, cleared):
    log_in(browser, KEY)
    page = browser.get("/admin/cache", query_string={"cleared": cleared[:1900]})
    assert page.status_code == 200
    assert "has begun" not in page.get_data(as_text=True)


def test_metrics_are_text_that_prometheus_reads(browser):
    browser.get("/methodology")
    browser.get("/methodology")
    answer = browser.get("/metrics")
    assert answer.content_type == metrics.CONTENT_TYPE
    lines = answer.get_data(as_text=True).splitlines()
    sample = re.compile(r'[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.]+')
    assert all(line.startswith("# ") or sample.fullmatch(line) for line in lines)
    values = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert int(values["stockscore_cache_misses_total"]) >= 1
    assert int(values["stockscore_cache_hits_memory_total"]) >= 1
    assert any(name.startswith("stockscore_cache_redis{") for name in values)
    described = {line.split()[2] for line in lines if line.startswith("# TYPE")}
    assert described == {name.split("{")[0] for name in values}


def test_the_throttle_lets_names_try_again_after_a_while(clock):
    throttle = Throttle(2, 60, clock)
    assert throttle.wait_seconds("a") == 0
    throttle.failed("a")
    clock.pass_by(10)
    throttle.failed("a")
    assert throttle.wait_seconds("a") == 50
    assert throttle.wait_seconds("b") == 0
    clock.pass_by(50)
    assert throttle.wait_seconds("a") == 0


def test_the_throttle_forgets_the_failures_of_who_succeeds(clock):
    throttle = Throttle(2, 60, clock)
    throttle.failed("a")
    throttle.failed("a")
    throttle.succeeded("a")
    assert throttle.wait_seconds("a") == 0


def test_the_throttle_slows_everybody_down_when_many_names_fail(clock):
    throttle = Throttle(2, 60, clock)
    for number in range(20):
        throttle.failed(str(number))
    assert throttle.wait_seconds("somebody else") == 60
