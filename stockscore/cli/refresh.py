"""`flask refresh`: prices and statements, brought up to date."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from stockscore import clock, console
from stockscore.cli.locking import locked
from stockscore.services import calendars, refresh, sources
from stockscore.services.errors import InputError


@click.command("refresh")
@click.argument("tickers", nargs=-1)
@click.option("--what", type=click.Choice(["prices", "fundamentals", "all"]), default="all")
@click.option("--force", is_flag=True, help="Also what is fresh already.")
@with_appcontext
@console.clear_errors
def refresh_command(tickers: tuple[str, ...], what: str, force: bool) -> None:
    """Bring prices and statements of all stocks (or of TICKERS) up to date."""
    if reason := sources.nothing_to_fetch(current_app.config):
        raise InputError(reason)
    provider = sources.provider_of(current_app.config)
    calendars.sync(current_app.config["EXCHANGES"], clock.now())
    with locked("refresh"), console.progress("Refresh") as progress:
        counts = refresh.refresh(provider, clock.now, tickers, what, force, progress)
    for ticker, sentence in sorted(counts.errors.items()):
        click.echo(f"{ticker}: {sentence}", err=True)
    click.echo(
        f"{counts.updated} updated, {counts.unchanged} unchanged, {counts.failed} failed, "
        f"{counts.quarantined} quarantined. Now run `flask score`."
    )
    if counts.stopped:
        console.stop(counts.stopped, console.FAILED)
