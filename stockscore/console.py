"""How commands talk: progress on a terminal, plain lines elsewhere, errors as sentences."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click
from sqlalchemy.exc import DBAPIError
from tqdm import tqdm

from stockscore.providers.base import ProviderError
from stockscore.services.errors import InputError, ServiceError

Progress = Callable[[int, int, str], None]
"""Called with how many are done, how many there are, and what was done last."""

FAILED, WRONG_USAGE = 1, 2
PLAIN_LINES = 10
"""Without a terminal a long command says about this many times how far it is."""


def clear_errors(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turns what a command may raise into one sentence on standard error and an exit status: 2 for
    wrong input, 1 for what failed."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except InputError as error:
            stop(str(error), WRONG_USAGE)
        except (ServiceError, ProviderError) as error:
            stop(str(error), FAILED)
        except DBAPIError as error:
            reason = str(error.orig).strip().splitlines()[0]
            stop(
                f"The database cannot be used ({reason}). If it is new, run `flask db upgrade`; "
                "else check DATABASE_URL and that the database is running.",
                FAILED,
            )

    return run


def stop(sentence: str, status: int) -> None:
    """Ends the command with a sentence on standard error."""
    click.echo(sentence, err=True)
    raise click.exceptions.Exit(status)


@contextmanager
def progress(title: str) -> Iterator[Progress]:
    """A progress callback: a bar on a terminal, a few plain lines elsewhere."""
    if sys.stderr.isatty():
        with tqdm(desc=title, unit="", dynamic_ncols=True) as bar:

            def show(done: int, total: int, label: str) -> None:
                bar.total = total
                bar.set_postfix_str(label, refresh=False)
                bar.update(done - bar.n)

            yield show
    else:
        yield _plain_lines(title)


def _plain_lines(title: str) -> Progress:
    last_step = -1

    def show(done: int, total: int, label: str) -> None:
        nonlocal last_step
        step = done * PLAIN_LINES // total if total else PLAIN_LINES
        if step != last_step:
            last_step = step
            click.echo(f"{title}: {done} of {total} ({label})", err=True)

    return show
