"""How the worker and the scheduler start, as processes of their own."""

from __future__ import annotations

import sys
from collections.abc import Callable

from dotenv import load_dotenv
from flask import Flask

from stockscore.config import ROOT, SettingsError
from stockscore.services.errors import ServiceError

FAILED, WRONG_USAGE = 1, 2


def main(create_app: Callable[[], Flask], run: Callable[[Flask], None]) -> None:
    """Runs a process with the settings of the environment and of `.env`, as the commands do.

    A process that cannot start says why in a sentence and ends: with status 2 for wrong settings,
    else with 1.
    """
    load_dotenv(ROOT / ".env")
    try:
        run(create_app())
    except SettingsError as error:
        _end(error.message, WRONG_USAGE)
    except ServiceError as error:
        _end(str(error), FAILED)


def _end(sentence: str, status: int) -> None:
    sys.stderr.write(sentence + "\n")
    raise SystemExit(status)
