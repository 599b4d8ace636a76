"""/metrics: the counters, in the text format of Prometheus.

Counters are the sums over all processes of the site, so it does not matter which one answers.
Gauges are of the process that answers, and carry its number.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from flask import Blueprint, Response, current_app

from stockscore.caching.counters import COUNTED, SECONDS
from stockscore.services import cache
from stockscore.services.cache import Stats

bp = Blueprint("metrics", __name__)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

REDIS_STATES = ("off", "working", "failing", "full")


@bp.get("/metrics")
def metrics() -> Response:
    """All metrics."""
    lines = _lines(cache.stats(current_app))
    return Response("\n".join(lines) + "\n", content_type=CONTENT_TYPE)


def _lines(stats: Stats) -> Iterator[str]:
    for name, help_text in (COUNTED | SECONDS).items():
        full = f"stockscore_cache_{name}_total"
        yield f"# HELP {full} {help_text}."
        yield f"# TYPE {full} counter"
        yield f"{full} {_number(stats.totals[name])}"
    process = f'process="{os.getpid()}"'
    gauges = {
        "cache_counters_complete": ("1 if the counters are of all processes", stats.complete),
        "cache_entries": ("Pages in the process's memory", stats.entries),
        "cache_bytes": ("Bytes of them", stats.bytes),
        "cache_evicted": ("Pages that had to leave it", stats.evicted),
        "cache_redis_outages": ("How often Redis failed for the process", stats.outages),
        "cache_epoch": ("Epoch of the cache", stats.epoch or 0),
        "edition": ("Newest edition", stats.edition or 0),
        "database_reachable": ("1 if the database answers", stats.database),
    }
    for name, (help_text, value) in gauges.items():
        yield f"# HELP stockscore_{name} {help_text}."
        yield f"# TYPE stockscore_{name} gauge"
        yield f"stockscore_{name}{{{process}}} {_number(float(value))}"
    yield "# HELP stockscore_cache_redis 1 for the state that Redis is in for the process."
    yield "# TYPE stockscore_cache_redis gauge"
    for state in REDIS_STATES:
        is_it = int(stats.redis == state)
        yield f'stockscore_cache_redis{{{process},state="{state}"}} {is_it}'


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.6f}"
