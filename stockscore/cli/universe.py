"""`flask universe`: which stocks there are."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from stockscore import clock, console
from stockscore.cli.parameters import FILE
from stockscore.services import calendars, sources, universe

universe_commands = AppGroup("universe", help="Which stocks there are.")


@universe_commands.command("add")
@click.argument("index")
@console.clear_errors
def universe_add(index: str) -> None:
    """Add the members of an INDEX (sp500, nasdaq100, omxs30, …)."""
    provider = sources.provider_of(current_app.config)
    counts = universe.add(index, provider, clock.now())
    calendars.sync(current_app.config["EXCHANGES"], clock.now())
    click.echo(f"{index}: {counts.added} stocks added, {counts.updated} brought up to date.")


@universe_commands.command("import")
@click.argument("file", type=FILE)
@console.clear_errors
def universe_import(file: Path) -> None:
    """Add the stocks of a CSV FILE: ticker,name,exchange,currency,sector,industry."""
    with console.progress("Universe") as progress:
        counts = universe.import_file(file, clock.now(), progress)
    calendars.sync(current_app.config["EXCHANGES"], clock.now())
    click.echo(f"{file}: {counts.added} stocks added, {counts.updated} brought up to date.")
    for note in counts.notes:
        click.echo(note)


@universe_commands.command("sync")
@click.argument("index")
@console.clear_errors
def universe_sync(index: str) -> None:
    """Follow the members that an INDEX has now: new ones start, those that left are not scored."""
    provider = sources.provider_of(current_app.config)
    counts = universe.sync(index, provider, clock.now())
    calendars.sync(current_app.config["EXCHANGES"], clock.now())
    for sentence in counts.sentences:
        click.echo(sentence)


@universe_commands.command("remove")
@click.argument("tickers", nargs=-1, required=True)
@console.clear_errors
def universe_remove(tickers: tuple[str, ...]) -> None:
    """No longer follow some TICKERS; their pages and their record stay."""
    removed = universe.remove(tickers, clock.now())
    click.echo(f"No longer followed: {', '.join(removed) or 'none; they were not'}.")


@universe_commands.command("rename")
@click.argument("old")
@click.argument("new")
@click.option("--symbol", help="What the source calls it, where that is not the ticker.")
@console.clear_errors
def universe_rename(old: str, new: str, symbol: str | None) -> None:
    """Call the stock OLD by a NEW ticker; its history stays, and OLD leads to it."""
    click.echo(universe.rename(old, new, clock.now(), symbol))


@universe_commands.command("list")
@console.clear_errors
def universe_list() -> None:
    """List the stocks, one a line, separated by tabs."""
    for stock in universe.listing():
        fields = (stock.ticker, stock.name, stock.exchange, stock.currency, stock.sector or "")
        click.echo("\t".join(fields))
