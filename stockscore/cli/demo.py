"""`flask demo`: the simulated market."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from stockscore import clock, console
from stockscore.providers.demo import DemoProvider
from stockscore.services import demo
from stockscore.services.errors import InputError
from stockscore.services.runlog import recorded

SHOWN_CASES = 6
"""Tickers that `flask demo cases` names of each."""

demo_commands = AppGroup("demo", help="The simulated market.")


@demo_commands.command("load")
@click.option("--stocks", type=int, help="About how many stocks trade; without: 514.")
@click.option("--years", type=click.IntRange(min=1), help="Years of bars; without: 5.")
@click.option(
    "--record-sessions",
    type=click.IntRange(min=1),
    help="Sessions with a record of past scores; without: half a year's, with --stocks or --years "
    "a year's.",
)
@console.clear_errors
def demo_load(stocks: int | None, years: int | None, record_sessions: int | None) -> None:
    """Load the simulated market with its record of past scores; again: only what is new."""
    usual = stocks is None and years is None
    provider = _provider(stocks)
    with console.progress("Simulated market") as progress, recorded("demo-load", clock.now) as run:
        loaded = demo.load(
            provider,
            clock.now(),
            progress,
            past_sessions=record_sessions or (demo.PAST_SESSIONS if usual else None),
            years=years or demo.YEARS,
        )
        run.updated, run.message = loaded.stocks, loaded.sentence
    click.echo(loaded.sentence)
    click.echo(loaded.disk_sentence)


def _provider(stocks: int | None) -> DemoProvider:
    try:
        return DemoProvider() if stocks is None else DemoProvider(stocks=stocks)
    except ValueError as error:
        raise InputError(str(error)) from None


@demo_commands.command("cases")
@console.clear_errors
def demo_cases() -> None:
    """Name the awkward stocks of the simulated market: banks, losses, splits, gaps, …"""
    for case, tickers in DemoProvider().cases(clock.now()).items():
        shown = ", ".join(tickers[:SHOWN_CASES])
        click.echo(f"{case}: {shown}" + (", …" if len(tickers) > SHOWN_CASES else ""))
