"""The layer in front of Flask, on a site alone with its memory: every header, HEAD, 304, encodings,
what is kept and what is not."""

import gzip
import json
import re
import threading
import time
import wsgiref.validate

import brotli
import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from stockscore.caching import pages
from stockscore.caching.wiring import site_of
from tests.support import cached_site
from tests.support.waiting import PATIENCE_SECONDS


@pytest.fixture
def app(site):
    return site()


@pytest.fixture
def hooks(app):
    return app.extensions["hooks"]


@pytest.fixture
def browser(app):
    return app.test_client()


def test_the_first_reader_gets_a_render_and_the_next_ones_the_same_bytes(browser, hooks):
    first = browser.get("/pages/a")
    assert first.headers["X-Cache"] == "MISS"
    for _ in range(3):
        again = browser.get("/pages/a")
        assert again.headers["X-Cache"] == "HIT"
        assert again.data == first.data
        assert again.headers["ETag"] == first.headers["ETag"]
    assert hooks.renders == 1


def test_a_page_says_all_that_caches_need_to_know(browser):
    began = time.monotonic()
    browser.get("/pages/a")
    headers = browser.get("/pages/a").headers
    assert headers["Cache-Control"] == "public, max-age=0, stale-while-revalidate=60"
    assert headers["Vary"] == "Accept-Encoding"
    assert int(headers["Age"]) <= time.monotonic() - began
    assert re.fullmatch(r'W/"[0-9a-f]{24}"', headers["ETag"])
    assert headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    "url",
    [
        "/pages/a?page=1",
        "/pages/a?page=01",
        "/pages/a?page=",
        "/pages/a?utm_source=x",
        "/pages/a?utm_source=%FF&page=1",
        "/pages/a?",
        "/pages/%61",
    ],
)
def test_all_spellings_of_a_question_are_one_entry(browser, hooks, url):
    plain = browser.get("/pages/a")
    spelled = browser.get(url)
    assert spelled.headers["X-Cache"] == "HIT"
    assert spelled.data == plain.data
    assert hooks.renders == 1


def test_a_page_with_several_addresses_is_one_entry(browser, hooks):
    assert browser.get("/spelled/brk-b").data == browser.get("/spelled/BRK-B").data
    assert hooks.renders == 1


def test_strangers_cannot_fill_the_cache_with_made_up_parameters(app, browser):
    for number in range(200):
        browser.get(f"/pages/a?random={number}")
    assert len(site_of(app).lookup.memory) == 1


def test_different_questions_are_different_pages(browser, hooks):
    pages_ = {browser.get(f"/pages/a?page={number}").data for number in (1, 2, 3)}
    pages_ |= {browser.get("/pages/b").data, browser.get("/pages/a.json").data}
    assert len(pages_) == 5
    assert hooks.renders == 5


def test_a_render_sees_the_one_spelling_of_the_question(browser):
    body = browser.get("/pages/a?b=1&page=0002&utm=x").get_data(as_text=True)
    assert "<p>query page=2</p>" in body


def test_a_question_that_cannot_be_meant_is_refused_each_time_and_never_kept(browser, hooks):
    for _ in range(2):
        answer = browser.get("/pages/a?page=x")
        assert answer.status_code == 400
        assert answer.headers["X-Cache"] == "BYPASS"
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_reader_who_has_the_page_gets_304_and_no_body(browser):
    etag = browser.get("/pages/a").headers["ETag"]
    for header in (etag, f'"x", {etag}', etag.removeprefix("W/"), "*"):
        answer = browser.get("/pages/a", headers={"If-None-Match": header})
        assert answer.status_code == 304
        assert answer.data == b""
        assert answer.headers["ETag"] == etag
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.headers["X-Cache"] == "HIT"
        assert "Age" in answer.headers
        assert "Content-Length" not in answer.headers
        assert "Content-Type" not in answer.headers


def test_a_reader_who_has_another_page_gets_this_one(browser):
    browser.get("/pages/a")
    answer = browser.get("/pages/a", headers={"If-None-Match": '"other"'})
    assert answer.status_code == 200


def test_304_comes_on_a_miss_too_where_nothing_has_changed(app, browser):
    etag = browser.get("/pages/a.json").headers["ETag"]
    lookup = site_of(app).lookup
    lookup.memory.clear()
    app.extensions["hooks"].renders = 0
    answer = browser.get("/pages/a.json", headers={"If-None-Match": etag})
    assert (answer.status_code, answer.headers["X-Cache"]) == (304, "MISS")


@pytest.mark.parametrize("is_warm", [False, True])
def test_head_is_get_without_the_body(browser, is_warm):
    if is_warm:
        browser.get("/pages/a")
    head = browser.head("/pages/a")
    get = browser.get("/pages/a")
    assert head.status_code == 200
    assert head.data == b""
    for name in ("Content-Length", "ETag", "Content-Type", "Vary", "Cache-Control"):
        assert head.headers[name] == get.headers[name]
    assert browser.head("/pages/a", headers={"If-None-Match": "*"}).status_code == 304


def test_other_methods_are_left_to_the_application(browser):
    browser.get("/pages/a")
    answer = browser.put("/pages/a")
    assert answer.status_code == 405
    assert answer.headers["X-Cache"] == "BYPASS"


@pytest.mark.parametrize(
    ("accept", "name", "decode"),
    [("gzip", "gzip", gzip.decompress), ("gzip, br", "br", brotli.decompress)],
)
@pytest.mark.parametrize("is_warm", [False, True])
def test_a_compressed_page_is_the_page(browser, accept, name, decode, is_warm):
    if is_warm:
        browser.get("/pages/a")
    zipped = browser.get("/pages/a", headers={"Accept-Encoding": accept})
    plain = browser.get("/pages/a")
    assert zipped.headers["Content-Encoding"] == name
    assert int(zipped.headers["Content-Length"]) == len(zipped.data) < len(plain.data)
    assert decode(zipped.data) == plain.data
    assert zipped.headers["ETag"] == plain.headers["ETag"]
    assert "Content-Encoding" not in plain.headers


@pytest.mark.parametrize("is_warm", [False, True])
def test_a_reader_who_takes_nothing_that_we_have_is_told(browser, is_warm):
    if is_warm:
        browser.get("/pages/a")
    answer = browser.get("/pages/a", headers={"Accept-Encoding": "*;q=0"})
    assert answer.status_code == 406
    assert b"acceptable" in answer.data


def test_a_range_is_answered_with_the_whole_page(browser):
    for _ in range(2):
        answer = browser.get("/pages/a", headers={"Range": "bytes=0-9"})
        assert answer.status_code == 200
        assert len(answer.data) == int(answer.headers["Content-Length"]) > 10


def test_a_query_string_that_is_too_long_is_refused(browser, hooks):
    answer = browser.get("/pages/a?x=" + "y" * 3000)
    assert answer.status_code == 400
    assert hooks.renders == 0


@pytest.mark.parametrize("path", ["/pages/%FF", "/pages/a%00b", "/pages/" + "x" * 600, "/nowhere"])
def test_odd_paths_are_answered_and_never_kept_under_another_name(app, browser, path):
    browser.get("/pages/a")
    assert browser.get(path).status_code in {200, 404}
    assert browser.get("/pages/a").headers["X-Cache"] == "HIT"


def test_cookies_and_headers_of_one_reader_never_reach_a_page_for_all(browser):
    sent = {
        "Cookie": "session=mine",
        "User-Agent": "me",
        "Accept-Language": "sv",
        "Authorization": "Bearer mine",
        "X-Forwarded-Host": "evil.example",
        "Host": "evil.example",
    }
    said = browser.get("/echo", headers=sent).get_json()
    assert said.pop("render") == 1
    assert said.pop("host") == "localhost"
    assert set(said.values()) == {None}
    assert browser.get("/echo").headers["X-Cache"] == "HIT"


def test_an_answer_that_sets_a_cookie_is_not_kept(browser, hooks):
    for _ in range(2):
        answer = browser.get("/sets-cookie")
        assert answer.headers["X-Cache"] == "BYPASS"
        assert "no-store" in answer.headers["Cache-Control"]
    assert hooks.renders == 2


def test_an_unmarked_page_is_private(browser, hooks):
    for _ in range(2):
        answer = browser.get("/mine")
        assert answer.headers["X-Cache"] == "BYPASS"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "ETag" not in answer.headers
    assert hooks.renders == 2


def test_an_error_is_not_kept(browser):
    for _ in range(2):
        answer = browser.get("/pages/none")
        assert answer.status_code == 404
        assert answer.headers["X-Cache"] == "BYPASS"
    head = browser.head("/pages/none")
    assert (head.status_code, head.data) == (404, b"")


def test_a_family_with_no_time_to_live_is_not_kept(browser, hooks):
    browser.get("/once")
    assert browser.get("/once").headers["X-Cache"] == "BYPASS"
    assert hooks.renders == 2


def test_a_view_can_say_how_long_its_answer_holds(app, browser):
    browser.get("/short-lived")
    (slot,) = site_of(app).lookup.memory.slots()
    assert 59 < slot.entry.ttl < 300


def test_every_answer_follows_the_rules_of_wsgi(app, browser):
    browser.get("/pages/a")
    checked = wsgiref.validate.validator(app.wsgi_app)
    for url, headers in (
        ("/pages/a", {}),
        ("/pages/a", {"Accept-Encoding": "gzip"}),
        ("/pages/a", {"If-None-Match": "*"}),
        ("/pages/b", {}),
        ("/mine", {}),
        ("/pages/none", {}),
        ("/pages/a", {"Accept-Encoding": "*;q=0"}),
    ):
        environ = EnvironBuilder(url, headers=headers).get_environ()
        body, _, _ = run_wsgi_app(checked, environ)
        body.close() if hasattr(body, "close") else None


def test_switched_off_every_page_is_the_same_but_for_the_cache_headers(site):
    on, off = site().test_client(), site(CACHE_ENABLED=False).test_client()
    for client in (on, off):
        client.get("/pages/warm-up")
    for url in ("/pages/a", "/pages/a.json?page=3", "/pages/none", "/mine", "/spelled/A"):
        with_cache, without = on.get(url), off.get(url)
        assert re.sub(rb"render.+\d+", b"", with_cache.data) == re.sub(
            rb"render.+\d+", b"", without.data
        )
        assert with_cache.status_code == without.status_code
        assert _others(with_cache) == _others(without)
        assert without.headers["X-Cache"] == "BYPASS"


def _others(answer):
    ours = {"ETag", "Age", "Vary", "Cache-Control", "X-Cache"}
    return {name: value for name, value in answer.headers if name not in ours}


def test_an_edition_that_another_process_publishes_changes_the_page(app, browser, hooks):
    cached_site.publish(app)
    assert b"edition 1<" in browser.get("/pages/a").data
    cached_site.publish(app)
    site_of(app).lookup.editions.renew()
    answer = browser.get("/pages/a")
    assert answer.headers["X-Cache"] == "MISS"
    assert b"edition 2<" in answer.data


def test_a_render_that_is_newer_than_what_the_process_knew_tells_it(app, browser):
    cached_site.publish(app)
    browser.get("/pages/a")
    cached_site.publish(app)
    assert b"edition 2<" in browser.get("/pages/new").data
    assert b"edition 2<" in browser.get("/pages/a").data


def test_200_readers_of_a_cold_page_cause_one_render(app, hooks):
    hooks.gate.clear()
    answers = []

    def read():
        answers.append(app.test_client().get("/pages/cold"))

    readers = [threading.Thread(target=read) for _ in range(200)]
    for reader in readers:
        reader.start()
    hooks.entered.acquire(timeout=PATIENCE_SECONDS)
    hooks.gate.set()
    for reader in readers:
        reader.join()
    assert hooks.renders == 1
    assert len({answer.data for answer in answers}) == 1
    words = [answer.headers["X-Cache"] for answer in answers]
    assert words.count("MISS") == 1
    assert words.count("HIT") == 199


def test_after_a_flip_one_request_renders_and_the_others_get_the_page_before_at_once(app, hooks):
    cached_site.publish(app)
    before = app.test_client().get("/pages/a")
    cached_site.publish(app)
    site_of(app).lookup.editions.renew()
    hooks.gate.clear()
    hooks.entered.acquire(timeout=PATIENCE_SECONDS)
    newest = []
    renderer = threading.Thread(target=lambda: newest.append(app.test_client().get("/pages/a")))
    renderer.start()
    assert hooks.entered.acquire(timeout=PATIENCE_SECONDS)
    for _ in range(20):
        answer = app.test_client().get("/pages/a")
        assert answer.headers["X-Cache"] == "STALE"
        assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
        assert answer.data == before.data
    hooks.gate.set()
    renderer.join()
    assert newest[0].headers["X-Cache"] == "MISS"
    assert b"edition 2<" in newest[0].data
    assert app.test_client().get("/pages/a").data == newest[0].data
    assert hooks.renders == 2


def test_a_view_that_fails_leaves_the_page_before_standing(app, browser, hooks):
    cached_site.publish(app)
    before = browser.get("/pages/a")
    cached_site.publish(app)
    site_of(app).lookup.editions.renew()
    hooks.broken = ValueError("a mistake of ours")
    answer = browser.get("/pages/a")
    assert answer.headers["X-Cache"] == "STALE"
    assert answer.data == before.data
    assert browser.get("/pages/other").status_code == 500
    hooks.broken = None
    assert b"edition 2<" in browser.get("/pages/a").data


def test_waiting_readers_are_not_left_hanging_by_a_render_that_fails(app, hooks):
    hooks.gate.clear()
    hooks.broken = ValueError("a mistake of ours")
    answers = []
    readers = [
        threading.Thread(target=lambda: answers.append(app.test_client().get("/pages/bad")))
        for _ in range(5)
    ]
    for reader in readers:
        reader.start()
    hooks.entered.acquire(timeout=PATIENCE_SECONDS)
    hooks.gate.set()
    for reader in readers:
        reader.join()
    assert [answer.status_code for answer in answers] == [500] * 5


def test_every_request_is_counted_once(app, browser):
    counters = site_of(app).counters
    browser.get("/pages/a")
    browser.get("/pages/a")
    browser.get("/pages/a", headers={"If-None-Match": "*"})
    browser.head("/pages/a")
    browser.get("/mine")
    browser.get("/pages/none")
    counted = {name: value for name, value in counters.values().items() if value}
    assert counted.pop("render_seconds") > 0
    assert counted == {
        "hits_memory": 3,
        "misses": 1,
        "bypass": 2,
        "not_modified": 1,
        "renders": 2,
        "renders_failed": 1,
    }


def test_json_is_kept_like_pages(browser):
    browser.get("/pages/a.json")
    answer = browser.get("/pages/a.json")
    assert answer.headers["X-Cache"] == "HIT"
    assert answer.headers["Content-Type"] == "application/json"
    assert json.loads(answer.data)["name"] == "a"


def test_a_family_must_be_one_that_has_a_setting():
    with pytest.raises(ValueError, match="'news' is no family of pages"):
        pages.cached_page("news")
