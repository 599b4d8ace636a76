"""`flask doctor`: whether this installation can do its work."""

from __future__ import annotations

import json
from dataclasses import asdict

import click
from flask import current_app
from flask.cli import with_appcontext

from stockscore import clock, console
from stockscore.services import setup_checks


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True)
@with_appcontext
@console.clear_errors
def doctor_command(as_json: bool) -> None:
    """Look for what would keep this installation from doing its work; status 1 where there is
    anything."""
    found = setup_checks.findings(current_app.config, clock.now())
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in found], indent=2))
    for finding in () if as_json else found:
        click.echo(f"{finding.check}: {finding.sentence} {finding.advice}")
    if found:
        raise click.exceptions.Exit(console.FAILED)
    if not as_json:
        click.echo("Nothing is wrong.")
