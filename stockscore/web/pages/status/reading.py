"""What the status page reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app

from stockscore.market.slots import Slot
from stockscore.scoring.methods import METHODS, Metric, method_of
from stockscore.services import exchanges, heartbeats, upcoming
from stockscore.services.exchanges import Unattended
from stockscore.services.heartbeats import Pulse
from stockscore.store.pages import market, receipts
from stockscore.store.pages.editions import EditionRow
from stockscore.store.pages.market import (
    Failure,
    Freshness,
    QuarantinedValue,
    RuleCount,
    RunSummary,
    SnapshotState,
)
from stockscore.store.pages.receipts import DayReceipt
from stockscore.web.ui.market_strip import Moment

RUNS = 20
RECEIPTS = 30
QUARANTINED_SHOWN = 100

VERIFY = "verify"
"""The job that computes recorded scores again."""

AHEAD, SLOTS = timedelta(days=4), 8
"""How far ahead slots are looked for, and how many of them are shown."""


@dataclass(frozen=True, slots=True)
class StatusData:
    """What the status page reads. `quarantined` are the newest of `quarantined_total` values,
    `caught` is what each rule has caught;
    `background`: whether jobs run by themselves; `pulses` are the signs of life of what runs them,
    None where that is not known; `slots` are the next ones; `unattended` are the exchanges that
    nothing looks after; `receipts` are those of the newest of `receipts_total` recorded days, and
    `verified` is the last run that computed recorded scores again."""

    freshness: Sequence[Freshness]
    failures: Sequence[Failure]
    runs: Sequence[RunSummary]
    quarantined: Sequence[QuarantinedValue]
    quarantined_total: int
    caught: Sequence[RuleCount]
    snapshots: Sequence[SnapshotState]
    background: bool
    pulses: Sequence[Pulse] | None
    slots: Sequence[Slot]
    unattended: Sequence[Unattended]
    receipts: Sequence[DayReceipt]
    receipts_total: int
    verified: RunSummary | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """For how many of the stocks that a metric applies to it is known."""

    metric: Metric
    known: int
    applicable: int


def coverage(edition: EditionRow | None) -> list[Coverage]:
    """Of every metric of the method that made the edition, in its order; nothing before the first
    edition, or where this program does not know that method."""
    if edition is None or edition.method not in METHODS:
        return []
    counted = edition.summary.metric_coverage
    return [
        Coverage(metric, counted[metric.key].known, counted[metric.key].applicable)
        for metric in method_of(edition.method).metrics
        if metric.key in counted
    ]


def read(moment: Moment) -> StatusData:
    """What the page is made from."""
    config = current_app.config
    every = config["REFRESH_EVERY_MINUTES"]
    configured = config["EXCHANGES"]
    slots = upcoming.slots(
        configured or moment.exchanges, moment.sessions, every, moment.now, AHEAD
    )
    state = market.data_state(moment.now)
    days, days_total = receipts.day_receipts(0, RECEIPTS)
    quarantined, caught = market.caught(QUARANTINED_SHOWN)
    return StatusData(
        freshness=state.freshness,
        failures=state.failures,
        runs=market.runs(RUNS),
        quarantined=quarantined,
        quarantined_total=sum(rule.open for rule in caught),
        caught=caught,
        snapshots=market.snapshot_states(),
        background=config["REDIS_ENABLED"],
        pulses=heartbeats.pulses(config),
        slots=slots[:SLOTS],
        unattended=exchanges.unattended(
            configured, {found.exchange: found.stocks for found in state.freshness}
        ),
        receipts=days,
        receipts_total=days_total,
        verified=receipts.last_run(VERIFY),
    )
