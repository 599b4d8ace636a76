"""The `flask` commands: each parses its arguments, calls one service and says what came of it.

A module holds a group of commands, or the command of its name.
"""

from __future__ import annotations

from flask.cli import AppGroup
from flask_migrate.cli import db as db_commands

from stockscore.cli.cache import cache_commands
from stockscore.cli.db import rebuild_command
from stockscore.cli.demo import demo_commands
from stockscore.cli.doctor import doctor_command
from stockscore.cli.evidence import evidence_command
from stockscore.cli.imports import import_commands
from stockscore.cli.jobs import jobs_commands
from stockscore.cli.market import market_commands
from stockscore.cli.quarantine import quarantine_commands
from stockscore.cli.refresh import refresh_command
from stockscore.cli.schedule import schedule_commands
from stockscore.cli.scores import score_group, snapshot_command
from stockscore.cli.serve import serve_command
from stockscore.cli.universe import universe_commands


def register(group: AppGroup) -> None:
    """Adds every command to the application's group."""
    for command in (
        universe_commands,
        import_commands,
        demo_commands,
        market_commands,
        jobs_commands,
        schedule_commands,
        cache_commands,
        quarantine_commands,
        refresh_command,
        score_group,
        snapshot_command,
        evidence_command,
        serve_command,
        doctor_command,
    ):
        group.add_command(command)
    db_commands.add_command(rebuild_command)
