"""The status page: how fresh the data is, what failed, what was not believed, what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from stockscore.market.exchanges import EXCHANGES
from stockscore.market.slots import Slot
from stockscore.scoring import method
from stockscore.services.heartbeats import Pulse
from stockscore.store.pages.editions import EditionRow
from stockscore.store.pages.market import (
    Failure,
    Freshness,
    QuarantinedValue,
    RunSummary,
    SnapshotState,
)
from stockscore.web.ui import background_jobs, exports
from stockscore.web.ui import format as fmt
from stockscore.web.ui.components import Fact, Table
from stockscore.web.ui.empty import Empty
from stockscore.web.ui.market_strip import Moment, exchange_state
from stockscore.web.ui.quarantine import QuarantinedEntry, quarantined_entry

RUNS = 20
QUARANTINED_SHOWN = 100

FETCH_STATES = {
    "rate_limited": "asked to slow down",
    "not_found": "unknown to the source",
    "unavailable": "no usable answer",
    "bad_data": "answer not believed",
    "failed": "failed",
}

MEASURES = {"prices": "Prices", "fundamentals": "Statements"}


@dataclass(frozen=True, slots=True)
class ExchangeEntry:
    """How fresh the data of an exchange is: its newest and oldest last prices by session, how many
    stocks have the newest and how many reports of the last 100 days, and the last fetch."""

    name: str
    state: str
    stocks: str
    rated: str
    newest: str
    on_newest: str
    oldest: str
    reports: str
    fetched: str


@dataclass(frozen=True, slots=True)
class RunEntry:
    """One run of a job or a command, with its counts."""

    job: str
    state: str
    started: str
    took: str
    updated: str
    unchanged: str
    failed: str
    quarantined: str
    message: str


@dataclass(frozen=True, slots=True)
class StatusView:
    """/status. `quarantined_total` counts all quarantined values, shown or not."""

    headline: str
    subtitle: str
    empty: Empty | None
    facts: tuple[Fact, ...]
    exchanges: tuple[ExchangeEntry, ...]
    failures: Table
    runs: tuple[RunEntry, ...]
    quarantined: tuple[QuarantinedEntry, ...]
    quarantined_total: int
    coverage: Table
    snapshots: Table
    background: tuple[Fact, ...]
    next_slots: Table


@dataclass(frozen=True, slots=True)
class StatusRows:
    """What the status page reads. `background`: whether jobs run by themselves; `pulses` of what
    runs them, None where that is not known; `slots` are the next ones."""

    freshness: Sequence[Freshness]
    failures: Sequence[Failure]
    runs: Sequence[RunSummary]
    quarantined: Sequence[QuarantinedValue]
    quarantined_total: int
    snapshots: Sequence[SnapshotState]
    background: bool
    pulses: Sequence[Pulse] | None
    slots: Sequence[Slot]


@dataclass(frozen=True, slots=True)
class Coverage:
    """For how many of the stocks that a metric applies to it is known."""

    key: str
    known: int
    applicable: int


def coverage(edition: EditionRow | None) -> list[Coverage]:
    """Of every metric, in the order of the method; nothing before the first edition."""
    counted = edition.summary.metric_coverage if edition else {}
    return [
        Coverage(key, counted[key].known, counted[key].applicable)
        for key in method.BY_KEY
        if key in counted
    ]


def status_view(moment: Moment, rows: StatusRows, nothing: Empty | None) -> StatusView:
    """The status page."""
    edition = moment.edition
    return StatusView(
        headline=_headline(rows),
        subtitle=_subtitle(moment, rows),
        empty=nothing,
        facts=(
            Fact("Edition", str(edition.id)),
            Fact("Published", moment.clock(edition.published_at)),
            Fact("Prices as of", moment.clock(edition.as_of)),
            Fact("Reports known up to", moment.clock(edition.known_at)),
            Fact("Method", edition.method, url="/methodology"),
            Fact("Data", "simulated" if edition.simulated else "real"),
        )
        if edition
        else (),
        exchanges=_exchanges(moment, rows.freshness),
        failures=_failures(rows.failures),
        runs=tuple(_run(moment, run) for run in rows.runs),
        quarantined=tuple(quarantined_entry(moment, value) for value in rows.quarantined),
        quarantined_total=rows.quarantined_total,
        coverage=_coverage(coverage(edition)),
        snapshots=_snapshots(rows.snapshots),
        background=background_jobs.facts(rows.background, rows.pulses),
        next_slots=background_jobs.slots_table(moment, rows.slots),
    )


def _headline(rows: StatusRows) -> str:
    stocks = sum(row.stocks for row in rows.freshness)
    fresh = sum(row.on_newest for row in rows.freshness)
    if not stocks:
        return "No data yet"
    if fresh == stocks:
        return f"All {fmt.count(stocks)} stocks have fresh prices"
    return f"{fmt.count(fresh)} of {fmt.count(stocks)} stocks have fresh prices"


def _subtitle(moment: Moment, rows: StatusRows) -> str:
    parts = []
    if moment.edition:
        lacking = moment.edition.stocks - moment.edition.rated
        rest = {0: "", 1: "; one knows too little of itself"}.get(
            lacking, f"; {fmt.words(lacking)} know too little of themselves"
        )
        rated = fmt.count(moment.edition.rated)
        parts.append(f"{rated} of {fmt.plural(moment.edition.stocks, 'stock')} are rated{rest}.")
    failing = sum(row.failing for row in rows.freshness)
    if failing:
        parts.append(f"The last fetch failed for {fmt.plural(failing, 'stock')}.")
    verb = "is" if rows.quarantined_total == 1 else "are"
    parts.append(
        f"{fmt.plural(rows.quarantined_total, 'value')} {verb} held back."
        if rows.quarantined_total
        else "No value is held back."
    )
    return " ".join(parts)


def _exchanges(moment: Moment, freshness: Sequence[Freshness]) -> tuple[ExchangeEntry, ...]:
    return tuple(
        ExchangeEntry(
            name=_name(row.exchange),
            state=_state(moment, row.exchange),
            stocks=fmt.count(row.stocks),
            rated=fmt.count(row.rated),
            newest=_day(row.newest),
            on_newest=fmt.count(row.on_newest),
            oldest=_day(row.oldest),
            reports=fmt.count(row.statements_fresh),
            fetched=moment.clock(row.fetched_at) if row.fetched_at else "never",
        )
        for row in freshness
    )


def _name(mic: str) -> str:
    return f"{EXCHANGES[mic].city} ({mic})" if mic in EXCHANGES else mic


def _state(moment: Moment, mic: str) -> str:
    if mic not in EXCHANGES:
        return "hours unknown"
    state = exchange_state(moment, mic)
    named = "hours unknown" if state.state == "unknown" else state.state
    between = ", " if state.state == "closed" else " "
    return f"{named}{between}{state.detail}" if state.detail else named


def _day(value: date | None) -> str:
    return "none" if value is None else fmt.day(value)


def _failures(failures: Sequence[Failure]) -> Table:
    columns = (("What", False), ("Stocks", True), ("Why, for example", False))
    rows = tuple(
        (
            MEASURES.get(row.what, row.what),
            fmt.count(row.stocks),
            ": ".join(filter(None, (FETCH_STATES.get(row.state, row.state), row.message))),
        )
        for row in failures
    )
    return Table("Last fetches that failed", columns, rows)


def _run(moment: Moment, run: RunSummary) -> RunEntry:
    return RunEntry(
        job=run.job,
        state=run.state,
        started=moment.clock(run.started_at),
        took=fmt.span(run.ended_at - run.started_at) if run.ended_at else "still running",
        updated=fmt.count(run.updated),
        unchanged=fmt.count(run.unchanged),
        failed=fmt.count(run.failed),
        quarantined=fmt.count(run.quarantined),
        message=run.message or "",
    )


def _coverage(rows: Sequence[Coverage]) -> Table:
    columns = (("Factor", False), ("Metric", False), ("Known", True), ("Applies to", True))
    columns = (*columns, ("Share", True))
    return Table(
        "For how many stocks each metric is known",
        columns,
        tuple(
            (
                method.FACTOR_LABELS[method.BY_KEY[row.key].factor],
                method.BY_KEY[row.key].label,
                fmt.count(row.known),
                fmt.count(row.applicable),
                fmt.percent(row.known / row.applicable) if row.applicable else "–",
            )
            for row in rows
        ),
    )


def _snapshots(states: Sequence[SnapshotState]) -> Table:
    columns = (("Exchange", False), ("Session", False), ("State", False), ("Stocks", True))
    rows = tuple(
        (
            _name(row.exchange),
            fmt.day(row.session),
            row.state if not row.reason else f"{row.state}: {row.reason}",
            fmt.count(row.stocks),
        )
        for row in states
    )
    return Table("Last daily snapshots", columns, rows)


def as_data(moment: Moment, rows: StatusRows) -> dict[str, Any]:
    """The status as JSON."""
    edition = moment.edition
    return {
        "stocks": edition.stocks if edition else 0,
        "rated": edition.rated if edition else 0,
        "exchanges": [_exchange_data(row) for row in rows.freshness],
        "failures": [
            {"what": row.what, "state": row.state, "stocks": row.stocks, "message": row.message}
            for row in rows.failures
        ],
        "runs": [_run_data(run) for run in rows.runs],
        "quarantined": rows.quarantined_total,
        "quarantine": [_quarantined_data(value) for value in rows.quarantined],
        "coverage": {
            row.key: {"known": row.known, "applicable": row.applicable} for row in coverage(edition)
        },
        "snapshots": [
            {
                "exchange": row.exchange,
                "session": exports.day(row.session),
                "state": row.state,
                "stocks": row.stocks,
                "reason": row.reason,
            }
            for row in rows.snapshots
        ],
        "background": background_jobs.as_data(rows.background, rows.pulses),
        "next_slots": [
            {
                "id": slot.id,
                "job": slot.job,
                "exchange": slot.exchange,
                "session": exports.day(slot.session),
                "at": exports.moment(slot.due_at),
            }
            for slot in rows.slots
        ],
        **exports.edition(edition),
    }


def _exchange_data(row: Freshness) -> dict[str, Any]:
    return {
        "exchange": row.exchange,
        "stocks": row.stocks,
        "rated": row.rated,
        "priced": row.priced,
        "newest_session": exports.day(row.newest),
        "on_newest_session": row.on_newest,
        "oldest_session": exports.day(row.oldest),
        "with_statements": row.with_statements,
        "statements_under_100_days": row.statements_fresh,
        "fetched_at": exports.moment(row.fetched_at),
        "failing": row.failing,
    }


def _run_data(run: RunSummary) -> dict[str, Any]:
    counted = ("expected", "updated", "unchanged", "failed", "quarantined")
    return {
        "job": run.job,
        "slot": run.slot,
        "state": run.state,
        "started_at": exports.moment(run.started_at),
        "ended_at": exports.moment(run.ended_at),
        **{name: getattr(run, name) for name in counted},
        "message": run.message,
    }


def _quarantined_data(value: QuarantinedValue) -> dict[str, Any]:
    return {
        "ticker": value.ticker,
        "field": value.field,
        "value": value.value,
        "last_good": value.last_good,
        "reason": value.reason,
        "source": value.source,
        "seen_at": exports.moment(value.seen_at),
    }
