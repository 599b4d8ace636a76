"""Reports mistakes to Sentry where `SENTRY_DSN` names one; without it nothing is loaded or sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def init(settings: Mapping[str, Any]) -> bool:
    """Begins to report this process's unforeseen errors, in routes and in jobs; whether it does.

    What is sent: the error with its traceback, the log lines before it, the path of the page or
    the id and arguments of the job. What is not: values of variables, queries, bodies, cookies,
    addresses of readers.
    """
    if not settings["SENTRY_DSN"]:
        return False
    import sentry_sdk  # a tenth of a second, which a process without Sentry does not spend
    from sentry_sdk.integrations.flask import FlaskIntegration
    from sentry_sdk.integrations.rq import RqIntegration

    sentry_sdk.init(
        dsn=settings["SENTRY_DSN"],
        environment=settings["STOCKSCORE_ENV"],
        integrations=[FlaskIntegration(), RqIntegration()],
        # Those of every other library that happens to be installed would tell of queries and keys.
        auto_enabling_integrations=False,
        send_default_pii=False,
        max_request_body_size="never",
        # A frame of ours may hold ADMIN_TOKEN or an address with a password.
        include_local_variables=False,
        before_send=_without_query,
    )
    return True


def _without_query(event: Any, _hint: Mapping[str, Any]) -> Any:
    """The event without what a reader asked for beyond the path."""
    event.get("request", {}).pop("query_string", None)
    return event
