"""Reports to Sentry, received by a server of the test's own."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import brotli
import pytest

from stockscore import monitoring
from stockscore.config import SettingsError, load
from tests.support.waiting import PATIENCE_SECONDS

UNPACK = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def sentry():
    """A server that keeps every envelope it is sent; its DSN and the events in them."""
    events = []

    class Intake(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            body = UNPACK[self.headers.get("Content-Encoding", "")](body)
            lines = [json.loads(line) for line in body.splitlines() if line.strip()]
            events.extend(line for line in lines if "exception" in line)
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_words):
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Intake) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://key@127.0.0.1:{server.server_port}/1", events
        server.shutdown()
        thread.join()


def test_a_failing_page_and_a_failing_job_are_reported_without_what_is_private(sentry, redis_url):
    dsn, events = sentry
    told = {"SENTRY_DSN": dsn, "QUEUE_REDIS_URL": redis_url, "REDIS_ENABLED": "true"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.failing_app"],
        cwd=ROOT,
        env=os.environ | told,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )
    assert done.returncode == 0, done.stderr
    errors = {event["exception"]["values"][-1]["value"]: event for event in events}
    assert set(errors) == {"a defect of the page", "a defect of the job"}
    assert errors["a defect of the page"]["transaction"] == "page"
    assert errors["a defect of the job"]["extra"]["rq-job"]["job_id"] == "failing-1"
    assert "of-the-reader" not in json.dumps(events)


def test_without_a_dsn_nothing_is_reported():
    assert not monitoring.init(load({}))


@pytest.mark.parametrize("dsn", ["sentry.example", "https://host/1", "redis://key@host/1"])
def test_a_wrong_dsn_is_a_sentence(dsn):
    with pytest.raises(SettingsError, match="SENTRY_DSN takes a DSN"):
        load({"SENTRY_DSN": dsn})
