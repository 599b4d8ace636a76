"""`flask demo`: the simulated market."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from stockscore import clock, console
from stockscore.providers.demo import DemoProvider
from stockscore.services import demo
from stockscore.services.runlog import recorded

SHOWN_CASES = 6
"""Tickers that `flask demo cases` names of each."""

demo_commands = AppGroup("demo", help="The simulated market.")


@demo_commands.command("load")
@console.clear_errors
def demo_load() -> None:
    """Load the simulated market with its record of past scores; again: only what is new."""
    with console.progress("Simulated market") as progress, recorded("demo-load", clock.now) as run:
        loaded = demo.load(DemoProvider(), clock.now(), progress)
        run.updated, run.message = loaded.stocks, loaded.sentence
    click.echo(loaded.sentence)


@demo_commands.command("cases")
@console.clear_errors
def demo_cases() -> None:
    """Name the awkward stocks of the simulated market: banks, losses, splits, gaps, …"""
    for case, tickers in DemoProvider().cases(clock.now()).items():
        shown = ", ".join(tickers[:SHOWN_CASES])
        click.echo(f"{case}: {shown}" + (", …" if len(tickers) > SHOWN_CASES else ""))
