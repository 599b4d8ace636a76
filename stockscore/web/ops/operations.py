"""/admin/runs, /admin/schedule and /admin/quarantine: what happens behind the pages."""

from __future__ import annotations

import re
from datetime import timedelta

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug import Response

from stockscore import clock
from stockscore.services import (
    background,
    backlog,
    heartbeats,
    housekeeping,
    schedule_entries,
    upcoming,
)
from stockscore.services import quarantine as cases
from stockscore.services.errors import InputError, ServiceError
from stockscore.store.pages import market, runs
from stockscore.web.ops import admin
from stockscore.web.ops import operations_view as context
from stockscore.web.ui import market_strip
from stockscore.web.ui.components import PageHead

bp = Blueprint("operations", __name__, url_prefix="/admin")
bp.before_request(admin.refusal)

RUNS = 100
QUARANTINED_SHOWN = 5_000
DECIDED_SHOWN = 200
BY = "admin"
"""Who decides here: whoever knows ADMIN_TOKEN."""
AHEAD = timedelta(days=4)


@bp.get("/runs")
def run_list() -> str:
    """What ran and runs, with progress and errors."""
    return _runs()


@bp.post("/jobs")
def enqueue() -> Response | tuple[str, int]:
    """Lets a worker do a job now."""
    try:
        job_id = background.enqueue(current_app, request.form.get("job", ""), clock.now())
    except ServiceError as problem:
        wrong = request.form.get("job") not in background.JOBS
        return _runs(problem=str(problem)), 400 if wrong else 503
    return redirect(url_for("operations.run_list", enqueued=job_id), 303)


@bp.get("/schedule")
def schedule() -> str:
    """What will run, and how those who run it do."""
    moment, config = market_strip.moment(), current_app.config
    coming = upcoming.slots(
        config["EXCHANGES"] or moment.exchanges,
        moment.sessions,
        config["REFRESH_EVERY_MINUTES"],
        moment.now,
        AHEAD,
    )
    view = context.schedule_view(
        moment,
        coming[: context.NEXT],
        heartbeats.pulses(config),
        backlog.backlogs(config),
        schedule_entries.read(config),
        config["REDIS_ENABLED"],
    )
    page = PageHead(title="Schedule", canonical="/admin/schedule")
    return render_template("admin/schedule.html", page=page, view=view)


@bp.get("/quarantine")
def quarantine() -> str:
    """Every quarantined value."""
    return _quarantine()


@bp.post("/quarantine/<int:case_id>")
def decide(case_id: int) -> Response | tuple[str, int]:
    """Accepts or refuses a value."""
    decision = request.form.get("decision", "")
    if decision not in cases.DECISIONS:
        return _quarantine(problem="A value is accepted or refused."), 400
    try:
        seen = {case_id: request.form.get("seen", "")}
        cases.decide([case_id], decision, BY, clock.now(), seen)
    except InputError as problem:
        return _quarantine(problem=str(problem)), 400
    return redirect(url_for("operations.quarantine", decided=case_id), 303)


def _quarantine(problem: str | None = None) -> str:
    values, _ = market.quarantined(QUARANTINED_SHOWN)
    decided = market.decided(DECIDED_SHOWN)
    just_now = request.args.get("decided", type=int)
    done = [cases.sentence_of(case, case.ticker) for case in decided if case.id == just_now]
    view = context.quarantine_view(
        market_strip.moment(), values, decided, done[0] if done else None, problem
    )
    page = PageHead(title="Quarantine", canonical="/admin/quarantine")
    return render_template("admin/quarantine.html", page=page, view=view)


def _runs(problem: str | None = None) -> str:
    moment = market_strip.moment()
    found = runs.last(RUNS)
    going_on = runs.progress([run.id for run in found if run.state == "running"])
    digest = housekeeping.digest(moment.now)
    jobs = background.JOBS if background.is_on(current_app) else ()
    enqueued = request.args.get("enqueued", "")
    shown = enqueued if re.fullmatch(r"[a-z]+-by-hand-[0-9TZ]{16}", enqueued) else None
    view = context.runs_view(
        moment, found, going_on, (digest.is_good, digest.sentence), jobs, (shown, problem)
    )
    page = PageHead(title="Runs", canonical="/admin/runs")
    return render_template("admin/runs.html", page=page, view=view)
