"""Loads the commands only when a command is run.

The commands reach services that import numpy and pandas, and the web process must stay without.
"""

from __future__ import annotations

import click
from flask.cli import AppGroup


class LazyCommands(AppGroup):
    """The application's commands: `stockscore.cli` is imported at the first look at them."""

    _loaded = False

    def _load(self) -> None:
        if not self._loaded:
            from stockscore import cli  # the whole point of this module: not before it is needed

            cli.register(self)
            self._loaded = True

    def list_commands(self, ctx: click.Context) -> list[str]:
        self._load()
        return super().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        self._load()
        return super().get_command(ctx, cmd_name)
