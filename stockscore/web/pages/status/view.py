"""The status page: how fresh the data is, what failed, what was not believed, what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from stockscore.market.exchanges import EXCHANGES
from stockscore.scoring import method
from stockscore.scoring.doctor.rules import RULES, Rule
from stockscore.store.pages.editions import EditionRow
from stockscore.store.pages.market import (
    Failure,
    Freshness,
    RuleCount,
    RunSummary,
    SnapshotState,
)
from stockscore.store.pages.receipts import DayReceipt
from stockscore.web.pages.status.reading import Coverage, StatusData, coverage
from stockscore.web.ui import background_jobs
from stockscore.web.ui import format as fmt
from stockscore.web.ui.components import Fact, Table
from stockscore.web.ui.empty import Empty
from stockscore.web.ui.market_strip import Moment, exchange_state
from stockscore.web.ui.quarantine import QuarantinedEntry, quarantined_entry

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
    quality: str


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
    """/status. `quarantined_total` counts all quarantined values, shown or not; `unattended` says
    which exchanges nothing looks after, and what to do; `receipts` are those of the newest of
    `receipts_total` recorded days, `verified` says what came of computing some of them again."""

    headline: str
    subtitle: str
    empty: Empty | None
    facts: tuple[Fact, ...]
    exchanges: tuple[ExchangeEntry, ...]
    failures: Table
    runs: tuple[RunEntry, ...]
    quarantined: tuple[QuarantinedEntry, ...]
    quarantined_total: int
    rules: Table
    coverage: Table
    snapshots: Table
    background: tuple[Fact, ...]
    next_slots: Table
    unattended: tuple[tuple[str, str], ...]
    receipts: Table
    receipts_total: int
    verified: str


def status_view(moment: Moment, data: StatusData, nothing: Empty | None) -> StatusView:
    """The status page."""
    edition = moment.edition
    return StatusView(
        headline=_headline(data),
        subtitle=_subtitle(moment, data),
        empty=nothing,
        facts=_edition_facts(moment, edition) if edition else (),
        exchanges=_exchanges(moment, data.freshness),
        failures=_failures(data.failures),
        runs=tuple(_run(moment, run) for run in data.runs),
        quarantined=tuple(quarantined_entry(moment, value) for value in data.quarantined),
        quarantined_total=data.quarantined_total,
        rules=_rules(data.caught),
        coverage=_coverage(coverage(edition)),
        snapshots=_snapshots(data.snapshots),
        background=background_jobs.facts(data.background, data.pulses),
        next_slots=background_jobs.slots_table(moment, data.slots),
        unattended=tuple((each.sentence, each.advice) for each in data.unattended),
        receipts=_receipts(data.receipts),
        receipts_total=data.receipts_total,
        verified=_verified(moment, data.verified),
    )


def _edition_facts(moment: Moment, edition: EditionRow) -> tuple[Fact, ...]:
    return (
        Fact("Edition", str(edition.id)),
        Fact("Published", moment.clock(edition.published_at)),
        Fact("Prices as of", moment.clock(edition.as_of)),
        Fact("Reports known up to", moment.clock(edition.known_at)),
        Fact("Method", edition.method, url="/methodology"),
        Fact("Data", "simulated" if edition.simulated else "real"),
    )


def _headline(data: StatusData) -> str:
    stocks = sum(exchange.stocks for exchange in data.freshness)
    fresh = sum(exchange.on_newest for exchange in data.freshness)
    if not stocks:
        return "No data yet"
    if fresh == stocks:
        return f"All {fmt.count(stocks)} stocks have fresh prices"
    return f"{fmt.count(fresh)} of {fmt.count(stocks)} stocks have fresh prices"


def _subtitle(moment: Moment, data: StatusData) -> str:
    parts = []
    if moment.edition:
        lacking = moment.edition.stocks - moment.edition.rated
        rest = {0: "", 1: "; one knows too little of itself"}.get(
            lacking, f"; {fmt.words(lacking)} know too little of themselves"
        )
        rated = fmt.count(moment.edition.rated)
        parts.append(f"{rated} of {fmt.plural(moment.edition.stocks, 'stock')} are rated{rest}.")
    failing = sum(exchange.failing for exchange in data.freshness)
    if failing:
        parts.append(f"The last fetch failed for {fmt.plural(failing, 'stock')}.")
    verb = "is" if data.quarantined_total == 1 else "are"
    parts.append(
        f"{fmt.plural(data.quarantined_total, 'value')} {verb} held back."
        if data.quarantined_total
        else "No value is held back."
    )
    return " ".join(parts)


def _exchanges(moment: Moment, freshness: Sequence[Freshness]) -> tuple[ExchangeEntry, ...]:
    return tuple(
        ExchangeEntry(
            name=_name(exchange.exchange),
            state=_state(moment, exchange.exchange),
            stocks=fmt.count(exchange.stocks),
            rated=fmt.count(exchange.rated),
            newest=_day(exchange.newest),
            on_newest=fmt.count(exchange.on_newest),
            oldest=_day(exchange.oldest),
            reports=fmt.count(exchange.statements_fresh),
            fetched=moment.clock(exchange.fetched_at) if exchange.fetched_at else "never",
            quality=fmt.percent(exchange.quality, 0),
        )
        for exchange in freshness
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
            MEASURES.get(failure.what, failure.what),
            fmt.count(failure.stocks),
            ": ".join(
                filter(None, (FETCH_STATES.get(failure.state, failure.state), failure.message))
            ),
        )
        for failure in failures
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


def _coverage(metrics: Sequence[Coverage]) -> Table:
    return Table(
        "For how many stocks each metric is known",
        (
            ("Factor", False),
            ("Metric", False),
            ("Known", True),
            ("Applies to", True),
            ("Share", True),
        ),
        tuple(
            (
                method.FACTOR_LABELS[found.metric.factor],
                found.metric.label,
                fmt.count(found.known),
                fmt.count(found.applicable),
                fmt.percent(found.known / found.applicable) if found.applicable else "–",
            )
            for found in metrics
        ),
    )


def rule_counts(caught: Sequence[RuleCount]) -> list[tuple[Rule, RuleCount]]:
    """Every rule with what it has caught, in their order; what was caught by a rule that this
    program does not know, or before rules were kept, comes last."""
    by_key = {count.rule: count for count in caught}
    known = [(rule, by_key.pop(key, RuleCount(key, 0, 0, 0))) for key, rule in RULES.items()]
    other = [(Rule(key, key or "Of earlier versions", ""), count) for key, count in by_key.items()]
    return [*known, *sorted(other, key=lambda pair: pair[0].key)]


def _rules(caught: Sequence[RuleCount]) -> Table:
    return Table(
        "What each rule has caught",
        (
            ("Rule", False),
            ("What it holds back", False),
            ("Open", True),
            ("Decided", True),
            ("In all", True),
        ),
        tuple(
            (rule.title, rule.text, *map(fmt.count, (count.open, count.decided, count.kept)))
            for rule, count in rule_counts(caught)
        ),
    )


def _snapshots(states: Sequence[SnapshotState]) -> Table:
    columns = (("Exchange", False), ("Session", False), ("State", False), ("Stocks", True))
    rows = tuple(
        (
            _name(snapshot.exchange),
            fmt.day(snapshot.session),
            snapshot.state if not snapshot.reason else f"{snapshot.state}: {snapshot.reason}",
            fmt.count(snapshot.stocks),
        )
        for snapshot in states
    )
    return Table("Last daily snapshots", columns, rows)


def _receipts(days: Sequence[DayReceipt]) -> Table:
    columns = (("Session", False), ("Exchange", False), ("Stocks", True), ("Receipt", False))
    return Table(
        "Receipts of recorded days",
        columns,
        tuple(
            (fmt.day(day.session), day.exchange, fmt.count(day.stocks), day.day_receipt[:12] + "…")
            for day in days
        ),
    )


def _verified(moment: Moment, run: RunSummary | None) -> str:
    if run is None:
        return (
            "Nothing has been computed again yet. A job of each night does it, and "
            "flask score verify --nightly at once."
        )
    said = run.message or ""
    return (
        f"{moment.clock(run.ended_at)}: {said}"
        if run.state == "done"
        else (f"{moment.clock(run.ended_at)}: it could not be done. {said}")
    )
