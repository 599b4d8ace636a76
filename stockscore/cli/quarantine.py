"""`flask quarantine`: values that are held back, and what people decide about them."""

from __future__ import annotations

import getpass
import json
from typing import Any

import click
from flask.cli import AppGroup

from stockscore import clock, console
from stockscore.cli.parameters import iso
from stockscore.scoring.doctor.decisions import ACCEPTED, REFUSED
from stockscore.services import quarantine
from stockscore.store.pages import market
from stockscore.store.pages.market import QuarantinedValue

MOST = 100_000
"""Cases that are listed."""

quarantine_commands = AppGroup("quarantine", help="Values that are held back.")

_IDS = click.argument("ids", type=click.IntRange(1, quarantine.LARGEST_ID), nargs=-1, required=True)
_BY = click.option("--by", "name", help="Who decides; without: the user of this shell.")


@quarantine_commands.command("list")
@click.option("--all", "with_decided", is_flag=True, help="Also those that were decided.")
@click.option("--json", "as_json", is_flag=True)
@console.clear_errors
def quarantine_list(with_decided: bool, as_json: bool) -> None:
    """List the values that are held back, the newest first."""
    cases = market.quarantined(MOST)[0] + (market.decided(MOST) if with_decided else [])
    if as_json:
        click.echo(json.dumps([_as_data(case) for case in cases], indent=2))
        return
    for case in cases:
        click.echo("\t".join(_fields(case)))
    if not cases:
        click.echo("Nothing is held back.", err=True)


@quarantine_commands.command("accept")
@_IDS
@_BY
@console.clear_errors
def quarantine_accept(ids: tuple[int, ...], name: str | None) -> None:
    """Believe the values of the cases IDS once they come again."""
    _decide(ids, ACCEPTED, name)


@quarantine_commands.command("refuse")
@_IDS
@_BY
@console.clear_errors
def quarantine_refuse(ids: tuple[int, ...], name: str | None) -> None:
    """Keep the values of the cases IDS out for good."""
    _decide(ids, REFUSED, name)


def _decide(ids: tuple[int, ...], decision: str, name: str | None) -> None:
    by = _user() if name is None else name
    for decided in quarantine.decide(ids, decision, by, clock.now()):
        click.echo(decided.sentence)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # a container's user may have no name
        return "the shell"


def _as_data(case: QuarantinedValue) -> dict[str, Any]:
    return {
        "id": case.id,
        "ticker": case.ticker,
        "field": case.field,
        "session": case.session.isoformat() if case.session else None,
        "rule": case.rule,
        "value": case.value,
        "last_good": case.last_good,
        "reason": case.reason,
        "source": case.source,
        "seen_at": iso(case.seen_at),
        "decision": case.decision,
        "decided_by": case.decided_by,
        "decided_at": iso(case.decided_at),
    }


def _fields(case: QuarantinedValue) -> list[str]:
    decided = f"{case.decision} by {case.decided_by}" if case.decision else "open"
    session = case.session.isoformat() if case.session else ""
    value, last = case.value or "nothing", case.last_good or "none"
    return [str(case.id), decided, case.ticker, case.field, session, value, last, case.reason]
