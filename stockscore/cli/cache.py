"""`flask cache`: the pages that are kept ready."""

from __future__ import annotations

import dataclasses
import json

import click
from flask import current_app
from flask.cli import AppGroup

from stockscore import clock, console
from stockscore.services import cache

cache_commands = AppGroup("cache", help="The pages that are kept ready.")


@cache_commands.command("clear")
@console.clear_errors
def cache_clear() -> None:
    """Forget all kept pages, in every process within a second."""
    click.echo(f"The page cache is cleared: epoch {cache.clear(clock.now())}.")


@cache_commands.command("stats")
@click.option("--json", "as_json", is_flag=True)
@console.clear_errors
def cache_stats(as_json: bool) -> None:
    """How the page cache does: hits by level, renders, the busiest pages."""
    stats = dataclasses.asdict(cache.stats(current_app))
    if as_json:
        click.echo(json.dumps(stats, indent=2))
        return
    totals, busiest = stats.pop("totals"), stats.pop("busiest")
    for name, value in (stats | totals).items():
        click.echo(f"{name}: {value}")
    for url, hits in busiest:
        click.echo(f"{hits}\t{url}")


@cache_commands.command("warm")
@console.clear_errors
def cache_warm() -> None:
    """Make the busiest pages of this edition before readers ask for them (with Redis)."""
    with console.progress("Pages") as progress:
        warmed = cache.warm(current_app, on_progress=progress)
    click.echo(f"{warmed.made} pages made, {warmed.ready} ready already, {warmed.failed} failed.")
