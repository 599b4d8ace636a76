"""Puts rq-dashboard into an application."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from types import SimpleNamespace
from typing import Any

from flask import Flask, Response, current_app, has_request_context, request, url_for
from flask.typing import ResponseReturnValue
from redis import RedisError
from rq import Worker, requeue_job
from rq.exceptions import InvalidJobOperation, NoSuchJobError
from rq.job import Job
from rq.serializers import JSONSerializer
from rq_dashboard import web as dashboard
from werkzeug.exceptions import Conflict, NotFound, ServiceUnavailable

from stockscore.dashboard import answers, requests
from stockscore.extensions import csrf
from stockscore.jobs import queues

POLL_MILLISECONDS = 5000

Guard = Callable[[], ResponseReturnValue | None]


def mount(app: Flask, prefix: str, guard: Guard) -> None:
    """Shows the queues of `app` under `prefix` to whom `guard` answers None; anybody else gets its
    answer. Raises `ServiceError` where Redis is switched off."""
    _speak_json()
    app.config["RQ_DASHBOARD_REDIS_URL"] = (app.config["QUEUE_REDIS_URL"],)
    app.config["RQ_DASHBOARD_DISABLE_DELETE"] = True
    app.config["RQ_DASHBOARD_POLL_INTERVAL"] = POLL_MILLISECONDS
    # In place of `setup_rq_connection`, whose client would wait for Redis without end.
    app.redis_conn = queues.connect(app.config)  # type: ignore[attr-defined]
    csrf.exempt(dashboard.blueprint)  # `requests.check` does it, as its pages send no token
    app.register_blueprint(dashboard.blueprint, url_prefix=prefix)
    # It would make another such client for every request.
    app.before_request_funcs.pop(requests.NAME)
    for endpoint, view in app.view_functions.items():
        if endpoint.startswith(f"{requests.NAME}.") and endpoint != f"{requests.NAME}.static":
            app.view_functions[endpoint] = _foreseeing(view)

    @app.before_request
    def _only_who_may() -> ResponseReturnValue | None:
        if request.blueprint != requests.NAME:
            return None
        refused = guard()
        if refused is None:
            requests.check(request)
        return refused

    @app.after_request
    def _repaired(response: Response) -> Response:
        if request.blueprint != requests.NAME or response.status_code != 200:
            return response
        return answers.repair(response, url_for("rq_dashboard.favicon"))

    @app.context_processor
    def _what_a_template_lacks() -> dict[str, Any]:
        # The page of a job never says which tab it belongs to.
        ours = has_request_context() and request.blueprint == requests.NAME
        return {"active_tab": ""} if ours else {}


def _speak_json() -> None:
    """Makes rq-dashboard read jobs as they are written. It takes a serializer for its lists only
    and else reads with pickle, which crashes on ours and would run what a stranger put into Redis.
    """
    dashboard.config.serializer = JSONSerializer
    dashboard.Job = SimpleNamespace(fetch=partial(Job.fetch, serializer=JSONSerializer))
    dashboard.Worker = SimpleNamespace(all=partial(Worker.all, serializer=JSONSerializer))
    dashboard.requeue_job = partial(requeue_job, serializer=JSONSerializer)


def _foreseeing(view: Callable[..., Any]) -> Callable[..., Any]:
    """The view, with an answer to what it crashes on."""

    @wraps(view)
    def answer(**parts: Any) -> Any:
        try:
            current_app.redis_conn.ping()  # type: ignore[attr-defined]
            return view(**parts)
        except NoSuchJobError:
            raise NotFound from None
        except InvalidJobOperation:
            raise Conflict("This job has not failed, so it cannot be queued again.") from None
        except RedisError:
            raise ServiceUnavailable("The Redis of the background jobs does not answer.") from None

    return answer
