"""The `flask` commands: each parses its arguments, calls one service and says what came of it."""

from __future__ import annotations

import dataclasses
import json
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from stockscore import clock, console
from stockscore.market import hours
from stockscore.market.exchanges import EXCHANGES
from stockscore.providers.demo import DemoProvider
from stockscore.services import (
    background,
    cache,
    calendars,
    demo,
    first_start,
    heartbeats,
    imports,
    refresh,
    scores,
    server,
    snapshots,
    sources,
    timetable,
    universe,
)
from stockscore.services.errors import InputError
from stockscore.services.process_lock import alone
from stockscore.services.runlog import recorded
from stockscore.store import runs, stocks

FILE = click.Path(path_type=Path)

FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Of moments that a command takes."""

SHOWN_CASES = 6
"""Tickers that `flask demo cases` names of each."""

universe_commands = AppGroup("universe", help="Which stocks there are.")
import_commands = AppGroup("import", help="Figures from CSV files, all or nothing.")
demo_commands = AppGroup("demo", help="The simulated market.")
market_commands = AppGroup("market", help="Opening hours of exchanges.")
jobs_commands = AppGroup("jobs", help="What has run.")
schedule_commands = AppGroup("schedule", help="What will run, and when.")
cache_commands = AppGroup("cache", help="The pages that are kept ready.")


class MomentParameter(click.ParamType):
    """An ISO 8601 moment with its zone, such as 2026-11-27T10:00:00-05:00."""

    name = "moment"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no ISO 8601 moment, such as 2026-11-27T10:00Z.", param, ctx)
        if moment.tzinfo is None:
            self.fail(f"{value!r} lacks its zone; write {value}Z for UTC.", param, ctx)
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            # Arithmetic with days around the ends of the calendar has no dates to answer with.
            self.fail(f"{value!r} is before {FIRST_YEAR} or after {LAST_YEAR}.", param, ctx)
        return moment.astimezone(UTC)


class Edge(MomentParameter):
    """Where a range begins or ends: a moment, or a date, which means the day's first (`last`: last)
    moment in UTC."""

    def __init__(self, last: bool = False) -> None:
        self.last = last

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        try:
            day = date.fromisoformat(value)
        except (TypeError, ValueError):
            return super().convert(value, param, ctx)
        edge = datetime.combine(day, time.max if self.last else time.min, UTC)
        return super().convert(edge.isoformat(), param, ctx)


class Day(click.ParamType):
    """An ISO 8601 date, such as 2026-11-27."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no date, such as 2026-11-27.", param, ctx)


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
        refresh_command,
        score_group,
        snapshot_command,
        serve_command,
    ):
        group.add_command(command)


@universe_commands.command("add")
@click.argument("index")
@console.clear_errors
def universe_add(index: str) -> None:
    """Add the members of an INDEX (sp500, nasdaq100, omxs30, …)."""
    provider = sources.provider_of(current_app.config)
    counts = universe.add(index, provider, clock.now())
    calendars.sync(current_app.config["EXCHANGES"], clock.now())
    click.echo(f"{index}: {counts.added} stocks added, {counts.updated} brought up to date.")


@universe_commands.command("import")
@click.argument("file", type=FILE)
@console.clear_errors
def universe_import(file: Path) -> None:
    """Add the stocks of a CSV FILE: ticker,name,exchange,currency,sector,industry."""
    with console.progress("Universe") as progress:
        counts = universe.import_file(file, clock.now(), progress)
    calendars.sync(current_app.config["EXCHANGES"], clock.now())
    click.echo(f"{file}: {counts.added} stocks added, {counts.updated} brought up to date.")


@universe_commands.command("list")
@console.clear_errors
def universe_list() -> None:
    """List the stocks, one a line, separated by tabs."""
    for stock in universe.listing():
        fields = (stock.ticker, stock.name, stock.exchange, stock.currency, stock.sector or "")
        click.echo("\t".join(fields))


@import_commands.command("prices")
@click.argument("file", type=FILE)
@console.clear_errors
def import_prices(file: Path) -> None:
    """Import daily bars from FILE: ticker,date,open,high,low,close,adj_close,volume."""
    with console.progress("Prices") as progress:
        counts = imports.import_prices(file, clock.now(), progress)
    _say_imported(file, counts)


@import_commands.command("fundamentals")
@click.argument("file", type=FILE)
@console.clear_errors
def import_fundamentals(file: Path) -> None:
    """Import figures of companies from FILE: ticker,…,as_of and the input names of the method."""
    with console.progress("Fundamentals") as progress:
        counts = imports.import_fundamentals(file, clock.now(), progress)
    _say_imported(file, counts)


def _say_imported(file: Path, counts: imports.ImportCounts) -> None:
    new = f", {counts.new_stocks} of them new" if counts.new_stocks else ""
    click.echo(
        f"{file}: {counts.rows} rows of {counts.stocks} stocks{new}; {counts.added} added, "
        f"{counts.updated} updated, {counts.unchanged} unchanged. Now run `flask score`."
    )


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


@click.command("refresh")
@click.argument("tickers", nargs=-1)
@click.option("--what", type=click.Choice(["prices", "fundamentals", "all"]), default="all")
@click.option("--force", is_flag=True, help="Also what is fresh already.")
@with_appcontext
@console.clear_errors
def refresh_command(tickers: tuple[str, ...], what: str, force: bool) -> None:
    """Bring prices and statements of all stocks (or of TICKERS) up to date."""
    if reason := sources.nothing_to_fetch(current_app.config):
        raise InputError(reason)
    provider = sources.provider_of(current_app.config)
    calendars.sync(current_app.config["EXCHANGES"], clock.now())
    with _alone("refresh"), console.progress("Refresh") as progress:
        counts = refresh.refresh(provider, clock.now, tickers, what, force, progress)
    for ticker, sentence in sorted(counts.errors.items()):
        click.echo(f"{ticker}: {sentence}", err=True)
    click.echo(
        f"{counts.updated} updated, {counts.unchanged} unchanged, {counts.failed} failed, "
        f"{counts.quarantined} quarantined. Now run `flask score`."
    )
    if counts.stopped:
        console.stop(counts.stopped, console.FAILED)


@click.group("score", cls=AppGroup, invoke_without_command=True)
@click.pass_context
@with_appcontext
@console.clear_errors
def score_group(context: click.Context) -> None:
    """Score every stock and publish an edition."""
    if context.invoked_subcommand is not None:
        return
    with _alone("score"), recorded("score", clock.now) as run:
        published = scores.publish(clock.now())
        run.updated, run.message = published.stocks, published.sentence
    click.echo(published.sentence)


@score_group.command("verify")
@click.argument("ticker")
@click.option("--date", "session", type=Day(), help="A session's snapshot; without: the score now.")
@console.clear_errors
def score_verify(ticker: str, session: date | None) -> None:
    """Compute a published score of TICKER again from the stored inputs and compare."""
    found = scores.verify(ticker, session)
    click.echo(f"said:     {_points(found.said_total)}  receipt {found.said_receipt}")
    click.echo(f"computed: {_points(found.total)}  receipt {found.receipt}")
    if not found.agrees:
        console.stop(
            f"{found.ticker} differs from what was said for {found.said_on}: its inputs have been "
            "revised since.",
            console.FAILED,
        )
    click.echo(f"{found.ticker} is exactly what was said for {found.said_on}.")


def _points(total: int | None) -> str:
    return "not rated" if total is None else f"{total / 100:.2f}"


@click.command("snapshot")
@click.option("--date", "session", type=Day(), help="The session; without: the last that closed.")
@click.option("--exchange", help="One exchange; without: all of the setting EXCHANGES.")
@with_appcontext
@console.clear_errors
def snapshot_command(session: date | None, exchange: str | None) -> None:
    """Record the current scores as those of a session."""
    now = clock.now()
    exchanges = [_mic(exchange)] if exchange else current_app.config["EXCHANGES"]
    calendars.sync(exchanges, now)
    for mic in exchanges:
        with _alone("snapshot"), recorded("snapshot", clock.now) as run:
            taken = snapshots.take(mic, now, session)
            run.updated, run.message = taken.stocks, taken.sentence
        click.echo(taken.sentence)


def _alone(work: str) -> AbstractContextManager[None]:
    return alone(work, current_app.config["DATABASE_URL"], Path(current_app.instance_path))


def _mic(text: str) -> str:
    if text.upper() not in EXCHANGES:
        raise InputError(f"{text!r} is no exchange; those known are {', '.join(EXCHANGES)}.")
    return text.upper()


@jobs_commands.command("enqueue")
@click.argument("name", type=click.Choice(background.JOBS))
@console.clear_errors
def jobs_enqueue(name: str) -> None:
    """Let a worker run a job now: refresh, score, snapshot, warm or housekeeping."""
    job_id = background.enqueue(current_app, name, clock.now())
    pulses = heartbeats.pulses(current_app.config) or ()
    alive = any(one.alive for one in pulses if one.process == heartbeats.WORKER)
    hint = "" if alive else " No worker is at work now; start one with `python worker.py`."
    click.echo(f"Enqueued {job_id}; `flask jobs runs` says what comes of it.{hint}")


@jobs_commands.command("runs")
@click.option("--json", "as_json", is_flag=True)
@console.clear_errors
def jobs_runs(as_json: bool) -> None:
    """The last runs, newest first."""
    rows = [
        {
            "id": run.id,
            "job": run.job,
            "slot": run.slot,
            "state": run.state,
            "started_at": _iso(run.started_at),
            "ended_at": _iso(run.ended_at),
            "updated": run.updated,
            "unchanged": run.unchanged,
            "failed": run.failed,
            "quarantined": run.quarantined,
            "message": run.message,
        }
        for run in runs.recent()
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        click.echo("\t".join(str(row[name]) for name in ("started_at", "job", "state", "message")))


@schedule_commands.command("list")
@click.option("--from", "start", type=Edge(), help="A moment with its zone, or a date (UTC).")
@click.option("--to", "end", type=Edge(last=True), help="The same; without: a week later.")
@click.option("--exchange", help="One exchange; without: all that stocks are listed on.")
@click.option("--json", "as_json", is_flag=True)
@console.clear_errors
def schedule_list(
    start: datetime | None, end: datetime | None, exchange: str | None, as_json: bool
) -> None:
    """When prices will be refreshed and snapshots taken, by the exchanges' own calendars."""
    config = current_app.config
    start = start or clock.now()
    mics = [_mic(exchange)] if exchange else stocks.exchanges(config["EXCHANGES"])
    end = end or start + timedelta(days=7)
    rows = [
        {
            "id": slot.id,
            "job": slot.job,
            "exchange": slot.exchange,
            "session": slot.session.isoformat(),
            "at": _iso(slot.at),
        }
        for slot in timetable.listing(mics, config["REFRESH_EVERY_MINUTES"], start, end)
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        click.echo("\t".join(str(row[name]) for name in ("at", "job", "exchange", "session")))


@market_commands.command("status")
@click.option("--exchange", help="A MIC; without: the first of the setting EXCHANGES.")
@click.option("--at", type=MomentParameter(), help="A moment with its zone; without: now.")
@click.option("--json", "as_json", is_flag=True)
@console.clear_errors
def market_status(exchange: str | None, at: datetime | None, as_json: bool) -> None:
    """Whether an exchange is open."""
    mic = _mic(exchange or current_app.config["EXCHANGES"][0])
    moment = at or clock.now()
    status = hours.status(calendars.around(mic, moment), moment, mic)
    fields = {
        "exchange": status.exchange,
        "at": _iso(status.at),
        "is_open": status.is_open,
        "session": status.session and status.session.isoformat(),
        "opens_at": _iso(status.opens_at),
        "closes_at": _iso(status.closes_at),
        "next_open": _iso(status.next_open),
        "next_close": _iso(status.next_close),
        "reason": status.reason,
    }
    if as_json:
        click.echo(json.dumps(fields))
    else:
        click.echo("\n".join(f"{name}: {value}" for name, value in fields.items()))


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


@market_commands.command("sync")
@console.clear_errors
def market_sync() -> None:
    """Write the sessions of the exchanges, a year back and ahead, for the pages."""
    count = calendars.sync(current_app.config["EXCHANGES"], clock.now())
    click.echo(f"{count} exchanges brought up to date.")


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


@click.command("serve")
@click.option("--index", help="Index whose members are added where there is no stock yet.")
@with_appcontext
@console.clear_errors
def serve_command(index: str | None) -> None:
    """Bring the database up to date, fill it where it is empty, and serve the site."""
    server.check_port(current_app.config["HOST"], current_app.config["PORT"])
    first_start.prepare(current_app, clock.now, index, console.progress)
    server.serve(current_app.config)
