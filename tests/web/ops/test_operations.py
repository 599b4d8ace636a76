"""/admin/runs, /admin/schedule, /admin/quarantine and the button that enqueues a job."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup

from stockscore.market.hours import Session
from stockscore.providers.base import Listing
from stockscore.scoring.doctor.findings import RejectedValue
from stockscore.services import background
from stockscore.services.errors import ServiceError
from stockscore.store import chunks, quarantine, runs, sessions, stocks
from stockscore.store.transactions import transaction
from stockscore.web.ops import access
from stockscore.web.ops.throttle import Throttle
from tests.support.forms import csrf_token, log_in

NOW = datetime(2026, 3, 5, 14, tzinfo=UTC)
KEY = "a long and secret token"
PATHS = ("/admin/runs", "/admin/schedule", "/admin/quarantine")


class Asked:
    """Stands where the queues stand, which are not what is tested here."""

    def __init__(self) -> None:
        self.jobs: list[str] = []
        self.problem: str | None = None

    def __call__(self, job: str, now: datetime) -> str:
        if self.problem:
            raise ServiceError(self.problem)
        self.jobs.append(job)
        return f"{job}-by-hand-{now:%Y%m%dT%H%M%SZ}"


@pytest.fixture
def app(app_on, database_url, monkeypatch):
    """Here every test runs on both kinds of database."""
    monkeypatch.setattr(access, "throttle", Throttle(access.MOST_FAILURES, access.FAILURE_SECONDS))
    return app_on(database_url, ADMIN_TOKEN=KEY, CLOCK=lambda: NOW)


@pytest.fixture
def stranger(app):
    return app.test_client()


@pytest.fixture
def browser(app):
    client = app.test_client()
    log_in(client, KEY)
    return client


def read(browser, path) -> BeautifulSoup:
    answer = browser.get(path)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    return BeautifulSoup(answer.text, "html.parser")


@pytest.mark.parametrize("path", PATHS)
def test_only_who_has_logged_in_may_look(stranger, path):
    answer = stranger.get(path)
    assert (answer.status_code, answer.location) == (303, f"/admin/login?to={path}")
    assert stranger.post("/admin/jobs", data={"job": "score"}).status_code in {303, 400}


@pytest.mark.parametrize("path", PATHS)
def test_an_empty_site_says_that_there_is_nothing(browser, path):
    assert read(browser, path).find(string=re.compile("Nothing|No session"))


def test_a_running_refresh_shows_how_far_it_is(app, browser):
    with app.app_context(), transaction():
        run_id = runs.start("refresh", "refresh-by-hand-1", NOW - timedelta(minutes=2))
        chunks.add(run_id, [[(1, ["prices"])] * 3, [(1, ["prices"])]], ["a", "b"])
        chunk = chunks.locked(run_id, 1)
        chunk.state, chunk.holder, chunk.lease_until = "running", "me", NOW + timedelta(hours=1)
        counts = chunks.ChunkCounts(updated=1)
        chunks.advance((run_id, 1), "me", counts, NOW + timedelta(hours=1))
    page = read(browser, "/admin/runs")
    bar = page.find("progress")
    assert float(bar["value"]) == 0.25
    assert "1 of 4\N{NO-BREAK SPACE}stocks" in bar.parent.text
    assert "1 updated" in page.find("table").text


def test_a_failed_run_shows_its_error_and_is_in_the_digest(app, browser):
    with app.app_context(), transaction():
        run_id = runs.start("score", "score-7", NOW - timedelta(minutes=2))
        runs.finish(run_id, NOW, runs.FAILED, message="It broke.", error="Traceback <b>of it</b>")
    page = read(browser, "/admin/runs")
    assert page.find("pre").text == "Traceback <b>of it</b>"
    assert "Failed since yesterday: score-7." in page.text


def test_a_button_enqueues_a_job_and_says_so(app, browser):
    asked = Asked()
    background.provide(app, asked)
    form = browser.get("/admin/runs")
    names = {
        button["value"]
        for button in BeautifulSoup(form.text, "html.parser")("button")
        if button.get("name") == "job"
    }
    assert names == set(background.JOBS)
    answer = browser.post("/admin/jobs", data={"csrf_token": csrf_token(form), "job": "score"})
    assert answer.status_code == 303
    assert asked.jobs == ["score"]
    assert "score-by-hand-20260305T140000Z" in browser.get(answer.location).text


def test_what_is_asked_wrongly_or_cannot_be_done_is_a_sentence(app, browser):
    asked = Asked()
    background.provide(app, asked)
    token = csrf_token(browser.get("/admin/runs"))
    assert browser.post("/admin/jobs", data={"job": "score"}).status_code == 400
    wrong = browser.post("/admin/jobs", data={"csrf_token": token, "job": "format"})
    assert (wrong.status_code, "is no job; there are refresh" in wrong.text) == (400, True)
    asked.problem = "The Redis of the background jobs does not answer."
    gone = browser.post("/admin/jobs", data={"csrf_token": token, "job": "score"})
    assert (gone.status_code, asked.problem in gone.text) == (503, True)
    assert asked.jobs == []


def test_without_queues_there_is_no_button(browser):
    page = read(browser, "/admin/runs")
    assert not page.find("button", attrs={"name": "job"})
    assert "There are no queues" in page.text


def test_the_schedule_shows_the_slots_of_the_stored_sessions(app, browser, stranger):
    opens = NOW.replace(hour=14, minute=30)
    with app.app_context(), transaction():
        sessions.save([Session("XNYS", NOW.date(), opens, NOW.replace(hour=21))])
    rows = [row.text for row in read(browser, "/admin/schedule").find("table")("tr")[1:]]
    assert len(rows) == 9
    assert "refresh" in rows[0]
    assert "09:35" in rows[0]
    assert "snapshot" in rows[-1]
    public = stranger.get("/status.json").get_json()["next_slots"]
    assert public[0]["id"] == "refresh-XNYS-20260305T1435Z"
    assert "09:35" in stranger.get("/status").text


def test_the_quarantine_shows_value_reason_and_what_is_in_use(app, browser):
    with app.app_context(), transaction():
        stocks.save_listings([Listing("KO", "Coca-Cola", "XNYS", "USD")], "test", NOW)
        (stock,) = stocks.active()
        held = RejectedValue("price-jump", "price", "177", "61.5", "up 188 % in a day")
        quarantine.add(stock.id, held, "test", NOW)
    row = read(browser, "/admin/quarantine").find("table").text
    assert all(part in row for part in ("KO", "177", "61.5", "up 188 % in a day"))


@pytest.fixture
def case_id(app) -> int:
    """An open case."""
    with app.app_context(), transaction():
        stocks.save_listings([Listing("KO", "Coca-Cola", "XNYS", "USD")], "test", NOW)
        held = RejectedValue("price-jump", "close", "177", "61.5", "up 188 % in a day")
        quarantine.add(stocks.active()[0].id, held, "test", NOW)
        return quarantine.open_items()[0].id


def test_a_case_is_decided_by_a_button(browser, stranger, case_id):
    form = browser.get("/admin/quarantine")
    address = f"/admin/quarantine/{case_id}"
    assert f'action="{address}"' in form.text
    assert stranger.post(address, data={"decision": "accepted"}).status_code in {303, 400}
    data = {"csrf_token": csrf_token(form), "seen": "177", "decision": "accepted"}
    assert browser.post(address, data=data | {"csrf_token": ""}).status_code == 400
    answer = browser.post(address, data=data)
    assert answer.status_code == 303
    page = read(browser, answer.location)
    assert "flask refresh KO --force" in page.text
    assert "accepted by admin" in page.find("table").text
    assert stranger.get("/status.json").get_json()["quarantine"] == []


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"seen": "177", "decision": "perhaps"}, "A value is accepted or refused."),
        ({"seen": "1.77", "decision": "accepted"}, "has changed meanwhile"),
    ],
)
def test_a_wrong_decision_changes_nothing(app, browser, case_id, data, sentence):
    token = csrf_token(browser.get("/admin/quarantine"))
    data = {"csrf_token": token, **data}
    answer = browser.post(f"/admin/quarantine/{case_id}", data=data)
    assert (answer.status_code, sentence in answer.text) == (400, True)
    gone = browser.post(f"/admin/quarantine/{2**80}", data=data | {"decision": "refused"})
    assert (gone.status_code, "There is no case" in gone.text) == (400, True)
    with app.app_context():
        assert len(quarantine.open_items()) == 1
