"""Every page as the server makes it, the page cache switched off."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from flask import Flask, current_app
from sqlalchemy import event
from werkzeug.test import EnvironBuilder, run_wsgi_app

from stockscore.extensions import db
from stockscore.store import stocks

LEFT_OUT = ("/static", "/admin", "/cache", "/metrics", "/patterns")

ASKED = (
    "/stocks?sort=change_7",
    "/stocks?sort=quality&dir=asc&per_page=200",
    "/stocks?page=200",
    "/stocks.json?per_page=200",
    "/leaderboard?by=sector",
    "/leaderboard?by=signal",
    "/top-picks?w=30,30,15,25",
    "/screener?strategy=value-gems",
    "/screener?roic_min=0.15&pe_max=20",
    "/screener.csv?roic_min=0.15&pe_max=20",
    "/movers?days=90",
    "/search?q=group",
    "/search.json?q=a",
)
"""Beside every address that takes no parameters."""

OF_A_STOCK = (
    "/stocks/{}",
    "/stocks/{}?range=5y",
    "/stocks/{}.json",
    "/compare?t={}&t={}&t={}&t={}",
)

LONG_SECONDS = 20
"""After so long an address is not asked for again."""

Work = Callable[[], dict[str, Any]]


def measure(rounds: int) -> Work:
    """Milliseconds, bytes and queries of each page, by its address."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  documented
    scored = [stock.ticker for stock in stocks.active()]
    tickers = [scored[len(scored) * part // 4] for part in range(4)]
    db.session.commit()
    queries = _counted_queries()

    def work() -> dict[str, Any]:
        found = {}
        for address in addresses(app, tickers):
            answers = _answers(app, address, queries, rounds)
            if answers[0]["status"] == HTTPStatus.OK:
                found[address] = _summary(answers)
            elif answers[0]["status"] >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise RuntimeError(f"{address} answers {answers[0]['status']}")
        return {"pages": found, "resident_mb": _resident_megabytes()}

    return work


def addresses(app: Flask, tickers: list[str]) -> list[str]:
    """Every address of the site that takes no arguments, and some that take parameters."""
    plain = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if not rule.arguments and "GET" in (rule.methods or ())
    }
    plain = {address for address in plain if not address.startswith(LEFT_OUT)}
    of_a_stock = [pattern.format(*(tickers[: pattern.count("{}")])) for pattern in OF_A_STOCK]
    return [*sorted(plain), *ASKED, *of_a_stock]


def _counted_queries() -> list[int]:
    """A list of one number: how many statements the database has been sent."""
    count = [0]

    @event.listens_for(db.engine, "before_cursor_execute")
    def _count(*_: Any) -> None:
        count[0] += 1

    return count


def _answers(app: Flask, address: str, queries: list[int], rounds: int) -> list[dict[str, Any]]:
    """A first answer and so many others, fewer where they take long."""
    began = time.perf_counter()
    answers = [_answer(app, address, queries) for _ in range(2)]
    while len(answers) <= rounds and time.perf_counter() - began < LONG_SECONDS:
        answers.append(_answer(app, address, queries))
    return answers


def _answer(app: Flask, address: str, queries: list[int]) -> dict[str, Any]:
    """One answer, read to its end."""
    path, _, query = address.partition("?")
    environ = EnvironBuilder(path=path, query_string=query).get_environ()
    before, cpu, began = queries[0], time.process_time(), time.perf_counter()
    body, status, _ = run_wsgi_app(app.wsgi_app, environ)
    size = sum(map(len, body))
    milliseconds = (time.perf_counter() - began) * 1e3
    return {
        "status": int(status[:3]),
        "ms": milliseconds,
        "cpu_ms": (time.process_time() - cpu) * 1e3,
        "bytes": size,
        "queries": queries[0] - before,
    }


def _summary(answers: list[dict[str, Any]]) -> dict[str, float]:
    """The first answer apart, because a process keeps what it has read of an edition; statements
    are those of the others."""
    first, *rest = answers
    times = [answer["ms"] for answer in rest]
    return {
        "first_ms": first["ms"],
        "median_ms": median(times),
        "p95_ms": _p95(times),
        "cpu_ms": median(answer["cpu_ms"] for answer in rest),
        "bytes": first["bytes"],
        "queries": max(answer["queries"] for answer in rest),
    }


def _p95(times: Iterable[float]) -> float:
    values = list(times)
    return quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]


def _resident_megabytes() -> float:
    """What this process, which answers like the site's, holds now."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("the kernel does not tell the memory of a process")
