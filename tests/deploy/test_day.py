"""A whole session day of what docker-compose.yml describes, under a clock that the test moves."""

from __future__ import annotations

import json
from datetime import date
from urllib.request import ProxyHandler, build_opener

import pytest

from stockscore.extensions import db
from stockscore.store import runs
from stockscore.store.models import SnapshotDay
from tests.support import compose
from tests.support.compose_services import composed
from tests.support.ports import free_port
from tests.support.postgresql import new_database
from tests.support.replay import served_market
from tests.support.waiting import PATIENCE_SECONDS, wait_until

DAY = "20260821"
SLOTS = [f"refresh-XNYS-{DAY}T{at}Z" for at in ("1335", "1635", "1935", "2015")]
"""At open + 5 minutes, then every three hours, and at close + 15 minutes: 16:15 in New York."""

SNAPSHOT = f"snapshot-XNYS-{DAY}"
UNIVERSE = """ticker,name,exchange,currency,sector,industry
KO,Coca-Cola,XNYS,USD,Consumer Defensive,Beverages
XOM,Exxon Mobil,XNYS,USD,Energy,Oil & Gas Integrated
JPM,JPMorgan Chase,XNYS,USD,Financial Services,Banks
"""


@pytest.fixture
def empty_database(postgresql_server, worker_id):
    """The address of a database without any table: `migrate` has to make them."""
    return new_database(postgresql_server, f"composed_{worker_id}")


@pytest.fixture
def clock(tmp_path):
    """`clock(moment)` moves the clock of all services."""
    path = tmp_path / "clock"

    def move(moment):
        new = path.with_suffix(".new")
        new.write_text(moment, "ascii")
        new.replace(path)

    move("2026-08-21T13:00:00+00:00")
    move.path = path
    return move


def asked(port, path):
    """The status of an answer of the site or the dashboard, and its text."""
    opener = build_opener(ProxyHandler({}))
    with opener.open(f"http://127.0.0.1:{port}{path}", timeout=PATIENCE_SECONDS) as answer:
        return answer.status, answer.read().decode()


@pytest.mark.replay
def test_a_day_from_the_open_to_the_snapshot(
    tmp_path, clock, empty_database, redis_server, redis_url, app_on
):
    told = {"DATA_PROVIDER": "yahoo", "PROVIDER_RATE_PER_SECOND": "10000"}
    read = compose.read(compose.SECRETS | told | {"REFRESH_EVERY_MINUTES": "180"})
    at = f"127.0.0.1:{redis_server.port}"
    hosts = {
        "postgresql://stockscore:a1b2c3@db:5432/stockscore": empty_database,
        ":d4e5f6@redis:6379/0": f"{at}/0",
        ":d4e5f6@cache:6379/0": f"{at}/1",
    }
    (tmp_path / "universe.csv").write_text(UNIVERSE)
    port = str(free_port())
    with (
        served_market() as yahoo,
        composed(read, hosts, tmp_path, CLOCK_FILE=str(clock.path), **yahoo) as services,
    ):
        services.run("migrate")
        services.run("worker", "flask", "universe", "import", str(tmp_path / "universe.csv"))
        services.start("worker")
        services.start("scheduler")
        services.start("web", HOST="127.0.0.1", PORT=port)
        site = app_on(empty_database)

        def done(slot):
            with site.app_context():
                run = runs.of_slot(slot)
                return run is not None and run.state != "running" and run

        for slot in SLOTS:
            hour, minute = slot[-5:-3], slot[-3:-1]
            with site.app_context():
                assert runs.of_slot(slot) is None, "nothing runs before its time"
            clock(f"2026-08-21T{hour}:{minute}:30+00:00")
            run = wait_until(lambda slot=slot: done(slot), slot)
            assert (run.state, run.failed) == ("done", 0), run.message
            scored = f"score-{run.id}"
            assert wait_until(lambda scored=scored: done(scored), scored).state == "done"
        clock("2026-08-21T20:30:30+00:00")
        assert wait_until(lambda: done(SNAPSHOT), SNAPSHOT).state == "done"
        with site.app_context():
            day = db.session.get(SnapshotDay, ("XNYS", date(2026, 8, 21)))
            assert (day.state, day.stocks) == ("taken", 3)

        ready = json.loads(asked(port, "/readyz")[1])
        assert ready["problems"] == []
        assert ready["edition"] >= 1
        assert ready["database"] == "ok"
        page = asked(port, "/stocks/KO")[1]
        assert "Coca-Cola" in page
        assert f"dition {ready['edition']}" in page
        assert services.stop() == {"worker": 0, "scheduler": 0, "web": 0}


def test_the_dashboard_does_not_start_without_a_password(tmp_path, redis_server, redis_url):
    hosts = {
        "@db:5432": "@127.0.0.1:1",
        ":d4e5f6@redis:6379": f"127.0.0.1:{redis_server.port}",
        ":d4e5f6@cache:6379": f"127.0.0.1:{redis_server.port}",
    }
    port = str(free_port())
    with (
        composed(compose.read(), hosts, tmp_path) as services,
        pytest.raises(AssertionError, match="RQ_DASHBOARD_USERNAME"),
    ):
        services.start("rq-dashboard", HOST="127.0.0.1", PORT=port)
    named = {"RQ_DASHBOARD_USERNAME": "ops", "RQ_DASHBOARD_PASSWORD": "b7e2c9"}
    with composed(compose.read(compose.SECRETS | named), hosts, tmp_path) as services:
        services.start("rq-dashboard", HOST="127.0.0.1", PORT=port)
        assert asked(port, "/healthz")[0] == 200
