"""rq-dashboard at /admin/rq/ and alone, on a real Redis with jobs in JSON."""

from __future__ import annotations

import base64
import os
import pickle
import re
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from rq import SimpleWorker
from rq.executions import Execution
from rq.timeouts import TimerDeathPenalty

from stockscore.config import SettingsError
from stockscore.dashboard import standalone
from stockscore.jobs import queues
from stockscore.web.ops import access
from stockscore.web.ops.throttle import Throttle
from tests.support.chromium import served
from tests.support.forms import log_in

KEY = "a long and secret token"
MARKUP = "<img src=x onerror=alert(1)>"
OURS = {"Sec-Fetch-Site": "same-origin"}
ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(autouse=True)
def fresh_throttle(monkeypatch):
    monkeypatch.setattr(access, "throttle", Throttle(access.MOST_FAILURES, access.FAILURE_SECONDS))


@pytest.fixture
def app(app_on, sqlite_url, redis_url):
    return app_on(
        sqlite_url,
        ADMIN_TOKEN=KEY,
        REDIS_ENABLED=True,
        REDIS_URL=redis_url,
        QUEUE_REDIS_URL=redis_url,
    )


@pytest.fixture
def admin(app):
    """A browser that has logged in."""
    browser = app.test_client()
    log_in(browser, KEY)
    return browser


class Worker(SimpleWorker):
    """Works in this process; threads may not use signals."""

    death_penalty_class = TimerDeathPenalty


@pytest.fixture
def failed(connection):
    """The id of a job that has failed for good, with markup in its description and its error."""
    queue = queues.queue_of(connection, queues.MARKET)
    job = queue.enqueue(
        "tests.support.failing_app.fail",
        job_id="failed-1",
        description=MARKUP,
        meta={"seen": 1},
        failure_ttl=600,
    )
    Worker([queue], connection=connection, serializer=queue.serializer).work(burst=True)
    assert job.get_status() == "failed"
    return job.id


DATA = "/admin/rq/0/data"
PATHS = (
    "/admin/rq/",
    "/admin/rq/0/view/jobs",
    "/admin/rq/0/view/job/failed-1",
    "/admin/rq/0/view/workers",
    f"{DATA}/queues.json",
    f"{DATA}/workers.json",
    f"{DATA}/job/failed-1.json",
    f"{DATA}/jobs/market/failed/8/asc/1.json",
    "/admin/rq/static/css/main.css",
)


@pytest.mark.parametrize("path", PATHS)
def test_only_who_has_logged_in_sees_it(app, admin, failed, path):
    answer = app.test_client().get(path)
    assert answer.status_code == 303
    assert answer.location.startswith("/admin/login?to=")
    shown = admin.get(path)
    assert shown.status_code == 200
    shown.close()


def test_jobs_and_workers_are_read_as_json(admin, connection, failed):
    queue = queues.queue_of(connection, queues.MARKET)
    worker = Worker([queue], connection=connection, serializer=queue.serializer)
    worker.register_birth()
    with connection.pipeline() as commands:
        job = queues.job_of(connection, failed)
        Execution.create(job, 60, commands, worker_name=worker.name)
        commands.execute()
    (shown,) = admin.get(f"{DATA}/workers.json").json["workers"]
    assert shown["current_job"]["call_string"] == "tests.support.failing_app.fail()"
    worker.register_death()
    job = admin.get(f"{DATA}/job/{failed}.json").json
    assert (job["status"], job["origin"]) == ("failed", "market")
    assert "a defect of the job" in job["exc_info"]


class Planted:
    """Leaves a file where it is read with pickle."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def test_what_a_stranger_put_into_redis_is_not_run(admin, connection, failed, tmp_path):
    path = tmp_path / "run"
    planted = pickle.dumps(Planted(path))
    connection.hset(f"rq:job:{failed}", mapping={"data": zlib.compress(planted), "meta": planted})
    admin.application.config["PROPAGATE_EXCEPTIONS"] = False
    for address in PATHS:
        admin.get(address).close()
    admin.post(f"/admin/rq/job/{failed}/requeue", headers=OURS)
    assert not path.exists()


def test_markup_of_a_job_reaches_the_page_as_text(admin, failed):
    assert admin.get(f"{DATA}/job/{failed}.json").json["description"] == (
        "&lt;img src=x onerror=alert(1)&gt;"
    )
    (listed,) = admin.get(f"{DATA}/jobs/market/failed/8/asc/1.json").json["jobs"]
    assert listed["description"] == MARKUP, "this page escapes it by itself"


def test_a_failed_job_is_queued_again_by_a_post_of_our_own_page_only(admin, connection, failed):
    queue = queues.queue_of(connection, queues.MARKET)
    one, every = f"/admin/rq/job/{failed}/requeue", "/admin/rq/requeue/market"
    assert admin.get(every).status_code == 405
    assert admin.head(every).status_code == 405
    for foreign in (
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ):
        assert admin.post(one, headers=foreign).status_code == 403
        assert admin.post(every, headers=foreign).status_code == 403
    assert queue.count == 0
    assert admin.post(one, headers=OURS).json == {"status": "OK"}
    assert queue.job_ids == [failed]
    job = queues.job_of(connection, failed)
    assert (job.func_name, job.meta) == ("tests.support.failing_app.fail", {"seen": 1})
    assert admin.post(one, headers=OURS).status_code == 409
    assert admin.post(every, headers={"Origin": "http://localhost"}).json["count"] == 0


def test_nobody_posts_without_a_login(app, connection, failed):
    answer = app.test_client().post(f"/admin/rq/job/{failed}/requeue", headers=OURS)
    assert answer.status_code == 303
    assert queues.queue_of(connection, queues.MARKET).count == 0


def test_nothing_is_deleted(admin, connection, failed):
    assert admin.post(f"/admin/rq/job/{failed}/delete", headers=OURS).json["status"] == "DISABLED"
    empty = "/admin/rq/queue/market/failed/empty"
    assert admin.post(empty, headers=OURS).json["status"] == "DISABLED"
    assert queues.job_of(connection, failed).get_status() == "failed"


@pytest.mark.parametrize(
    "path",
    [
        "/admin/rq/7/view/queues",
        f"{DATA}/job/nosuch.json",
        "/admin/rq/0/view/job/nosuch",
        f"{DATA}/jobs/market/failed/none/asc/1.json",
        f"{DATA}/jobs/market/failed/8/asc/0.json",
        f"{DATA}/jobs/market/elsewhere/8/asc/1.json",
        f"{DATA}/jobs/other/failed/8/asc/1.json",
        "/admin/rq/0/view/jobs/'-alert(1)-'/failed/8/asc/1",
    ],
)
def test_what_there_is_not_is_a_404_and_no_crash(admin, path):
    assert admin.get(path).status_code == 404


def test_its_policy_is_its_own_and_no_other_page_gets_it(admin):
    policy = admin.get("/admin/rq/").headers["Content-Security-Policy"]
    assert "'unsafe-inline'" not in re.search("script-src[^;]*", policy)[0]
    assert "unsafe" not in admin.get("/admin/").headers["Content-Security-Policy"]


def test_without_redis_a_page_says_what_to_do(app_on, sqlite_url):
    browser = app_on(sqlite_url, ADMIN_TOKEN=KEY).test_client()
    assert browser.get("/admin/rq/").status_code == 303
    log_in(browser, KEY)
    assert "REDIS_ENABLED=true" in browser.get("/admin/rq/").text


def test_a_redis_that_is_gone_is_a_sentence(admin, app):
    app.redis_conn = queues.connect({"REDIS_ENABLED": True, "QUEUE_REDIS_URL": "redis://[::1]:1"})
    answer = admin.get("/admin/rq/")
    assert answer.status_code == 503
    assert "The Redis of the background jobs does not answer." in answer.text


def test_it_works_in_a_browser_under_its_policy(chromium, app, admin, failed):
    cookie = admin.get_cookie("stockscore")
    with served(app) as url:
        context = chromium.new_context()
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": url}])
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(f"{url}/admin/rq/")
        page.wait_for_selector("#queues td:has-text('market')")
        page.goto(f"{url}/admin/rq/0/view/jobs/market/failed/8/asc/1")
        page.wait_for_selector(f"tr[data-job-id='{failed}']")
        page.goto(f"{url}/admin/rq/0/view/job/{failed}")
        page.wait_for_selector("#job-data >> text=tests/support/failing_app.py")
        assert MARKUP in page.inner_text("#job-data")
        with page.expect_response("**/requeue") as answer:
            page.click("#requeue-job-btn")
        assert answer.value.status == 200
        assert said == []
        context.close()


def basic(name, password):
    given = base64.b64encode(f"{name}:{password}".encode()).decode()
    return {"Authorization": f"Basic {given}"}


@pytest.fixture
def alone(monkeypatch, redis_url):
    """A browser of the dashboard that runs alone."""
    monkeypatch.setenv("QUEUE_REDIS_URL", redis_url)
    monkeypatch.setenv("RQ_DASHBOARD_USERNAME", "Märta")
    monkeypatch.setenv("RQ_DASHBOARD_PASSWORD", "lång")
    return standalone.create_app().test_client()


def test_alone_it_asks_for_name_and_password(alone, failed):
    assert alone.get("/healthz").status_code == 200
    for headers in ({}, basic("Märta", "wrong"), basic("", "lång"), {"Authorization": "Bearer x"}):
        refused = alone.get("/", headers=headers)
        assert refused.status_code == 401
        assert refused.headers["WWW-Authenticate"].startswith("Basic")
    known = basic("Märta", "lång")
    assert "RQ dashboard" in alone.get("/", headers=known).text
    assert alone.get(f"/0/data/job/{failed}.json", headers=known).json["status"] == "failed"
    assert alone.post(f"/job/{failed}/requeue", headers=known).status_code == 403
    assert alone.post(f"/job/{failed}/requeue", headers=known | OURS).status_code == 200


@pytest.mark.slow
@pytest.mark.parametrize("missing", ["RQ_DASHBOARD_USERNAME", "RQ_DASHBOARD_PASSWORD"])
def test_alone_it_does_not_start_without_both(missing):
    both = {"RQ_DASHBOARD_USERNAME": "me", "RQ_DASHBOARD_PASSWORD": "a long one"}
    done = subprocess.run(
        [sys.executable, "-m", "stockscore.dashboard"],
        cwd=ROOT,
        env=os.environ | both | {missing: ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert f"without {missing}" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_alone_it_does_not_start_with_a_password_that_everybody_knows(monkeypatch):
    monkeypatch.setenv("RQ_DASHBOARD_USERNAME", "me")
    monkeypatch.setenv("RQ_DASHBOARD_PASSWORD", "change-me")
    with pytest.raises(SettingsError, match="RQ_DASHBOARD_PASSWORD"):
        standalone.create_app()
