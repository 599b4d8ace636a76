"""Run as a program: an application whose one route and one job fail, each asked for once."""

from __future__ import annotations

import sentry_sdk
from rq import Queue, Worker
from rq.serializers import JSONSerializer

from stockscore import create_app
from stockscore.jobs import queues
from tests.support.waiting import PATIENCE_SECONDS


def fail() -> None:
    """The job."""
    raise ZeroDivisionError("a defect of the job")


def page() -> str:
    """The route."""
    raise ZeroDivisionError("a defect of the page")


def main() -> None:
    """Asks the route, then lets a worker do the job and end."""
    app = create_app({"DATABASE_URL": "sqlite://"})
    # Both wait, at their ends, until what they reported has been sent.
    sentry_sdk.get_client().options["shutdown_timeout"] = PATIENCE_SECONDS
    app.add_url_rule("/defect", view_func=page)
    status = app.test_client().get("/defect?token=of-the-reader").status_code
    assert status == 500, status
    connection = queues.connect(app.config)
    queue = Queue("failing", connection=connection, serializer=JSONSerializer)
    queue.enqueue("tests.support.failing_app.fail", job_id="failing-1")
    Worker([queue], connection=connection, serializer=JSONSerializer).work(burst=True)


if __name__ == "__main__":
    main()
