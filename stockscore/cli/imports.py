"""`flask import`: figures from CSV files."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from stockscore import clock, console
from stockscore.cli.parameters import FILE
from stockscore.services import fundamentals_import, imports, price_import

DOUBTS_SHOWN = 10
"""Doubtful values that are told; the others are counted."""

import_commands = AppGroup("import", help="Figures from CSV files, all or nothing.")


@import_commands.command("prices")
@click.argument("file", type=FILE)
@click.option(
    "--accept-doubtful",
    is_flag=True,
    help="Take prices that would be held back; they are recorded as accepted.",
)
@console.clear_errors
def import_prices(file: Path, accept_doubtful: bool) -> None:
    """Import daily bars from FILE: ticker,date,open,high,low,close,adj_close,volume.

    Prices that are doubtful (a close at a hundredth, a jump without a split) are held back."""
    with console.progress("Prices") as progress:
        counts = price_import.import_prices(
            file, clock.now(), progress, accept_doubtful=accept_doubtful
        )
    _say_imported(file, counts)
    _say_doubtful(counts, accept_doubtful)


@import_commands.command("fundamentals")
@click.argument("file", type=FILE)
@click.option(
    "--accept-doubtful",
    is_flag=True,
    help="Take figures that would be held back; they are recorded as accepted.",
)
@console.clear_errors
def import_fundamentals(file: Path, accept_doubtful: bool) -> None:
    """Import figures of companies from FILE: ticker,…,as_of and the input names of the method.

    Figures that contradict others of their company (millions beside plain money, per cent for
    fractions) are held back."""
    with console.progress("Fundamentals") as progress:
        counts = fundamentals_import.import_fundamentals(
            file, clock.now(), progress, accept_doubtful=accept_doubtful
        )
    _say_imported(file, counts)
    for note in counts.notes:
        click.echo(note)
    _say_doubtful(counts, accept_doubtful)


def _say_imported(file: Path, counts: imports.ImportCounts) -> None:
    new = f", {counts.new_stocks} of them new" if counts.new_stocks else ""
    click.echo(
        f"{file}: {counts.rows} rows of {counts.stocks} stocks{new}; {counts.added} added, "
        f"{counts.updated} updated, {counts.unchanged} unchanged. Now run `flask score`."
    )


def _say_doubtful(counts: imports.ImportCounts, accepted: bool) -> None:
    """Says what was held back, or taken although it is doubtful."""
    if not counts.doubts:
        return
    for sentence in counts.doubts[:DOUBTS_SHOWN]:
        click.echo(sentence)
    if len(counts.doubts) > DOUBTS_SHOWN:
        click.echo(f"And {len(counts.doubts) - DOUBTS_SHOWN} more.")
    if accepted:
        click.echo(f"Taken although doubtful: {len(counts.doubts)}, recorded as accepted.")
        return
    click.echo(
        f"Held back as doubtful: {len(counts.doubts)} values in {counts.held_back} of "
        f"{counts.rows} rows; /status lists them. Correct the file, or import it with "
        "--accept-doubtful if they are right."
    )
