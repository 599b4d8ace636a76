"""`flask serve`: the site, from nothing."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from stockscore import clock, console
from stockscore.services import first_start, server


@click.command("serve")
@click.option("--index", help="Index whose members are added where there is no stock yet.")
@with_appcontext
@console.clear_errors
def serve_command(index: str | None) -> None:
    """Bring the database up to date, fill it where it is empty, and serve the site."""
    server.check_port(current_app.config["HOST"], current_app.config["PORT"])
    first_start.prepare(current_app, clock.now, index, console.progress, _say)
    server.serve(current_app.config)


def _say(line: str) -> None:
    click.echo(line, err=True)
