"""`flask market`: opening hours of exchanges."""

from __future__ import annotations

import json
from datetime import datetime

import click
from flask import current_app
from flask.cli import AppGroup

from stockscore import clock, console
from stockscore.cli.parameters import MomentParameter, iso, mic_of
from stockscore.market import hours
from stockscore.services import calendars, exchanges

market_commands = AppGroup("market", help="Opening hours of exchanges.")


@market_commands.command("status")
@click.option("--exchange", help="A MIC; without: that of the home exchange.")
@click.option("--at", "asked", type=MomentParameter(), help="A moment with its zone; without: now.")
@click.option("--json", "as_json", is_flag=True)
@console.clear_errors
def market_status(exchange: str | None, asked: datetime | None, as_json: bool) -> None:
    """Whether an exchange is open."""
    mic = mic_of(exchange or exchanges.looked_after(current_app.config["EXCHANGES"])[0])
    moment = asked or clock.now()
    status = hours.status(calendars.around(mic, moment), moment, mic)
    fields = {
        "exchange": status.exchange,
        "at": iso(status.moment),
        "is_open": status.is_open,
        "session": status.session and status.session.isoformat(),
        "opens_at": iso(status.opens_at),
        "closes_at": iso(status.closes_at),
        "next_open": iso(status.next_open),
        "next_close": iso(status.next_close),
        "reason": status.reason,
    }
    if as_json:
        click.echo(json.dumps(fields))
    else:
        click.echo("\n".join(f"{name}: {value}" for name, value in fields.items()))


@market_commands.command("sync")
@console.clear_errors
def market_sync() -> None:
    """Write the sessions of the exchanges, a year back and ahead, for the pages."""
    count = calendars.sync(current_app.config["EXCHANGES"], clock.now())
    click.echo(f"{count} exchanges brought up to date.")
