"""`flask evidence`: the score's own record."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from stockscore import clock, console
from stockscore.cli.locking import locked
from stockscore.services import evidence
from stockscore.services.runlog import recorded


@click.command("evidence")
@click.option("--rebuild", is_flag=True, help="Make all of it anew from snapshots and bars.")
@with_appcontext
@console.clear_errors
def evidence_command(rebuild: bool) -> None:
    """Bring the record that /evidence shows up to date."""
    with locked("evidence"), recorded("evidence", clock.now) as run:
        updated = evidence.update(rebuild)
        run.updated, run.message = updated.dates, updated.sentence
    click.echo(updated.sentence)
