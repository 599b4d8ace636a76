"""Health checks of containers: `python -m stockscore.jobs.health worker`.

Each asks the thing itself: the worker and the scheduler by their own heartbeat on this machine,
the pages and the dashboard by a request. Ends with status 0, or 1 and a sentence, or 2 where it was
asked wrongly.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

from dotenv import load_dotenv
from redis import RedisError

from stockscore.config import ROOT, SettingsError, load
from stockscore.services import heartbeats

FAILED, WRONG_USAGE = 1, 2

ANSWER_SECONDS = 5.0
"""How long a page may take."""


def beating(settings: Mapping[str, Any], process: str) -> str | None:
    """What is wrong with this machine's worker or scheduler; None where it has beaten within the
    minute."""
    try:
        pulse = heartbeats.pulse_here(settings, process)
    except RedisError as error:
        return f"The Redis of the background jobs does not answer ({type(error).__name__})."
    if pulse.alive:
        return None
    if pulse.age is None:
        return f"The {process} has given no sign of life."
    return f"The {process} has given no sign of life for {pulse.age:.0f} seconds."


def answering(settings: Mapping[str, Any]) -> str | None:
    """What is wrong with this machine's dashboard; None where it reaches its Redis."""
    status, _ = _asked(settings, "/healthz")
    return None if status == HTTPStatus.OK else f"/healthz answers: {_said(status)}."


def reading(settings: Mapping[str, Any]) -> str | None:
    """What is wrong with this machine's site; None where it answers and reaches its database.

    A site without an edition is not ready for readers, but a new one is healthy: the first refresh
    fills it. What is wrong behind the pages is no reason to start their server anew either.
    """
    status, body = _asked(settings, "/readyz")
    if status not in {HTTPStatus.OK, HTTPStatus.SERVICE_UNAVAILABLE}:
        return f"/readyz answers: {_said(status)}."
    try:
        database = json.loads(body)["database"]
    except (ValueError, KeyError, TypeError):
        return "/readyz does not say how the database is."
    return None if database == "ok" else "The database does not answer."


def _asked(settings: Mapping[str, Any], path: str) -> tuple[int | None, bytes]:
    """Status and body of an answer of the server of this machine; None where there is none."""
    # Without the proxies of the environment, which know nothing of this machine's loopback.
    opener = build_opener(ProxyHandler({}))
    try:
        with opener.open(
            f"http://127.0.0.1:{settings['PORT']}{path}", timeout=ANSWER_SECONDS
        ) as answer:
            return answer.status, answer.read()
    except HTTPError as error:
        with error:
            return error.code, error.read()
    except OSError:
        return None, b""


def _said(status: int | None) -> str:
    return "nothing" if status is None else str(status)


CHECKS: Mapping[str, Callable[[Mapping[str, Any]], str | None]] = {
    "web": reading,
    "worker": lambda settings: beating(settings, heartbeats.WORKER),
    "scheduler": lambda settings: beating(settings, heartbeats.SCHEDULER),
    "rq-dashboard": answering,
}
"""By the name of the service in docker-compose.yml: what is wrong with it, or None."""


def main(arguments: Sequence[str]) -> int:
    """Runs the check of the service named; what is wrong goes to standard error."""
    if len(arguments) != 1 or arguments[0] not in CHECKS:
        sys.stderr.write(f"Say what to check: one of {', '.join(CHECKS)}.\n")
        return WRONG_USAGE
    load_dotenv(ROOT / ".env")
    try:
        settings = load()
    except SettingsError as error:
        sys.stderr.write(error.message + "\n")
        return WRONG_USAGE
    problem = CHECKS[arguments[0]](settings)
    if problem is None:
        return 0
    sys.stderr.write(problem + "\n")
    return FAILED


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
