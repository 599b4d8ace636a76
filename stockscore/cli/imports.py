"""`flask import`: figures from CSV files."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from stockscore import clock, console
from stockscore.cli.parameters import FILE
from stockscore.services import imports

import_commands = AppGroup("import", help="Figures from CSV files, all or nothing.")


@import_commands.command("prices")
@click.argument("file", type=FILE)
@console.clear_errors
def import_prices(file: Path) -> None:
    """Import daily bars from FILE: ticker,date,open,high,low,close,adj_close,volume."""
    with console.progress("Prices") as progress:
        counts = imports.import_prices(file, clock.now(), progress)
    _say_imported(file, counts)


@import_commands.command("fundamentals")
@click.argument("file", type=FILE)
@console.clear_errors
def import_fundamentals(file: Path) -> None:
    """Import figures of companies from FILE: ticker,…,as_of and the input names of the method."""
    with console.progress("Fundamentals") as progress:
        counts = imports.import_fundamentals(file, clock.now(), progress)
    _say_imported(file, counts)


def _say_imported(file: Path, counts: imports.ImportCounts) -> None:
    new = f", {counts.new_stocks} of them new" if counts.new_stocks else ""
    click.echo(
        f"{file}: {counts.rows} rows of {counts.stocks} stocks{new}; {counts.added} added, "
        f"{counts.updated} updated, {counts.unchanged} unchanged. Now run `flask score`."
    )
