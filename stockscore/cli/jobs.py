"""`flask jobs`: what workers are asked to do, and what has run."""

from __future__ import annotations

import json

import click
from flask import current_app
from flask.cli import AppGroup

from stockscore import clock, console
from stockscore.cli.parameters import iso
from stockscore.services import background, heartbeats
from stockscore.store import runs

jobs_commands = AppGroup("jobs", help="What has run.")


@jobs_commands.command("enqueue")
@click.argument("name", type=click.Choice(background.JOBS))
@console.clear_errors
def jobs_enqueue(name: str) -> None:
    """Let a worker run a job now: refresh, score, snapshot, warm or housekeeping."""
    job_id = background.enqueue(current_app, name, clock.now())
    pulses = heartbeats.pulses(current_app.config) or ()
    alive = any(pulse.alive for pulse in pulses if pulse.process == heartbeats.WORKER)
    hint = "" if alive else " No worker is at work now; start one with `python worker.py`."
    click.echo(f"Enqueued {job_id}; `flask jobs runs` says what comes of it.{hint}")


@jobs_commands.command("runs")
@click.option("--json", "as_json", is_flag=True)
@console.clear_errors
def jobs_runs(as_json: bool) -> None:
    """The last runs, newest first."""
    listed = [
        {
            "id": run.id,
            "job": run.job,
            "slot": run.slot,
            "state": run.state,
            "started_at": iso(run.started_at),
            "ended_at": iso(run.ended_at),
            "updated": run.updated,
            "unchanged": run.unchanged,
            "failed": run.failed,
            "quarantined": run.quarantined,
            "message": run.message,
        }
        for run in runs.recent()
    ]
    if as_json:
        click.echo(json.dumps(listed, indent=2))
        return
    for entry in listed:
        click.echo(
            "\t".join(str(entry[name]) for name in ("started_at", "job", "state", "message"))
        )
