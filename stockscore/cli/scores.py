"""`flask score` and `flask snapshot`: what is published and recorded."""

from __future__ import annotations

from datetime import date, datetime

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from stockscore import clock, console
from stockscore.cli.locking import locked
from stockscore.cli.parameters import Day, mic_of
from stockscore.services import (
    calendars,
    evidence,
    exchanges,
    kept_moves,
    scores,
    snapshots,
    verification,
)
from stockscore.services.errors import InputError
from stockscore.services.runlog import recorded


@click.group("score", cls=AppGroup, invoke_without_command=True)
@click.pass_context
@with_appcontext
@console.clear_errors
def score_group(context: click.Context) -> None:
    """Score every stock and publish an edition."""
    if context.invoked_subcommand is not None:
        return
    with locked("score"), recorded("score", clock.now) as run:
        published = scores.publish(clock.now())
        run.updated, run.message = published.stocks, published.sentence
        kept_moves.keep()
    click.echo(published.sentence)


@score_group.command("verify")
@click.argument("ticker", required=False)
@click.option("--all", "of_all", is_flag=True, help="Every stock, instead of one TICKER.")
@click.option("--date", "session", type=Day(), help="A session's snapshot; without: the score now.")
@click.option(
    "--nightly",
    "of_night",
    is_flag=True,
    help="A sample of the scores now and one whole session, as the job of each night does.",
)
@console.clear_errors
def score_verify(ticker: str | None, of_all: bool, session: date | None, of_night: bool) -> None:
    """Compute a published score of TICKER, or all of a day, again from the stored inputs and
    compare."""
    if [ticker is not None, of_all, of_night].count(True) != 1:
        raise click.UsageError("Give either a TICKER, --all or --nightly.")
    if of_night:
        _verify_nightly(session)
    elif ticker is None:
        _verify_all(session)
    else:
        _verify(ticker, session)


def _verify(ticker: str, session: date | None) -> None:
    found = verification.verify(ticker, session)
    click.echo(
        f"said:     {_points(found.recorded_total)}  receipt {found.recorded_receipt}  "
        f"method {found.method}"
    )
    click.echo(f"computed: {_points(found.total)}  receipt {found.receipt}")
    if not found.agrees:
        console.stop(
            f"{found.ticker} differs from what was said for {found.recorded_on}: its inputs have "
            "been revised since.",
            console.FAILED,
        )
    click.echo(f"{found.ticker} is exactly what was said for {found.recorded_on}.")


def _verify_all(session: date | None) -> None:
    found = verification.verify_all(session)
    differing = [score for score in found if not score.agrees]
    for score in differing:
        click.echo(
            f"{score.ticker} differs: said {_points(score.recorded_total)} with receipt "
            f"{score.recorded_receipt}, computed {_points(score.total)} with {score.receipt}."
        )
    day = found[0].recorded_on
    if differing:
        console.stop(
            f"{len(differing)} of {len(found)} scores differ from what was said for {day}: their "
            "inputs have been revised since.",
            console.FAILED,
        )
    click.echo(f"All {len(found)} scores are exactly what was said for {day}.")


def _verify_nightly(session: date | None) -> None:
    """What the job of each night does; the result is kept for /status."""
    if session is not None:
        raise click.UsageError("--nightly chooses its session by itself; leave --date away.")
    with recorded("verify", clock.now) as run:
        found = verification.nightly(clock.now().date())
        differing = len(found.differing)
        run.updated, run.failed = found.checked - differing, differing
        run.message = found.sentence
    if differing:
        console.stop(found.sentence, console.FAILED)
    click.echo(found.sentence)


def _points(total: int | None) -> str:
    return "not rated" if total is None else f"{total / 100:.2f}"


@click.command("snapshot")
@click.option("--date", "session", type=Day(), help="The session; without: the last that closed.")
@click.option("--exchange", help="One exchange; without: all that are looked after.")
@with_appcontext
@console.clear_errors
def snapshot_command(session: date | None, exchange: str | None) -> None:
    """Record the current scores as those of a session."""
    now = clock.now()
    configured = current_app.config["EXCHANGES"]
    mics = [mic_of(exchange)] if exchange else exchanges.looked_after(configured)
    calendars.sync(mics, now)
    problems = [problem for mic in mics if (problem := _recorded(mic, now, session))]
    if len(problems) == len(mics):
        raise problems[0]
    for problem in problems:
        click.echo(str(problem), err=True)
    with locked("evidence"), recorded("evidence", clock.now) as run:
        updated = evidence.update()
        run.updated, run.message = updated.dates, updated.sentence
    click.echo(updated.sentence)


def _recorded(mic: str, now: datetime, session: date | None) -> InputError | None:
    """Records a session of one exchange and says so; the reason where it has none to record, which
    must not keep the other exchanges from theirs."""
    try:
        with locked("snapshot"), recorded("snapshot", clock.now) as run:
            taken = snapshots.take(mic, now, session)
            run.updated, run.message = taken.stocks, taken.sentence
    except InputError as problem:
        return problem
    click.echo(taken.sentence)
    return None
