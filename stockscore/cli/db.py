"""`flask db rebuild`, beside the commands of Flask-Migrate for migrations."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from stockscore import clock, console
from stockscore.services import rebuilding
from stockscore.services.runlog import recorded


@click.command("rebuild")
@with_appcontext
@console.clear_errors
def rebuild_command() -> None:
    """Make price windows and figures of reports anew from bars and statements."""
    with console.progress("Rebuilding") as progress, recorded("rebuild", clock.now) as run:
        made = rebuilding.rebuild(progress)
        run.updated, run.message = made.windows, made.sentence
    click.echo(made.sentence)
