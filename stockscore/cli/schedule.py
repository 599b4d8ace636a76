"""`flask schedule`: what will run, and when."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import click
from flask import current_app
from flask.cli import AppGroup

from stockscore import clock, console
from stockscore.cli.parameters import Edge, iso, mic_of
from stockscore.services import exchanges, timetable

schedule_commands = AppGroup("schedule", help="What will run, and when.")


@schedule_commands.command("list")
@click.option("--from", "start", type=Edge(), help="A moment with its zone, or a date (UTC).")
@click.option("--to", "end", type=Edge(last=True), help="The same; without: a week later.")
@click.option("--exchange", help="One exchange; without: all that are looked after.")
@click.option("--json", "as_json", is_flag=True)
@console.clear_errors
def schedule_list(
    start: datetime | None, end: datetime | None, exchange: str | None, as_json: bool
) -> None:
    """When prices will be refreshed and snapshots taken, by the exchanges' own calendars."""
    config = current_app.config
    start = start or clock.now()
    mics = [mic_of(exchange)] if exchange else exchanges.looked_after(config["EXCHANGES"])
    end = end or start + timedelta(days=7)
    listed = [
        {
            "id": slot.id,
            "job": slot.job,
            "exchange": slot.exchange,
            "session": slot.session.isoformat(),
            "at": iso(slot.due_at),
        }
        for slot in timetable.listing(mics, config["REFRESH_EVERY_MINUTES"], start, end)
    ]
    if as_json:
        click.echo(json.dumps(listed, indent=2))
        return
    for entry in listed:
        click.echo("\t".join(str(entry[name]) for name in ("at", "job", "exchange", "session")))
