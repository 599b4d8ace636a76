"""What /admin shows of jobs: runs with their progress, the schedule, the quarantine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stockscore.market.slots import Slot
from stockscore.services.backlog import Backlog
from stockscore.services.heartbeats import Pulse
from stockscore.services.schedule_entries import ScheduleState
from stockscore.store.pages.market import QuarantinedValue
from stockscore.store.pages.runs import Progress, RunDetail
from stockscore.web.ui import background_jobs
from stockscore.web.ui import format as fmt
from stockscore.web.ui.components import Fact, Table
from stockscore.web.ui.market_strip import Moment
from stockscore.web.ui.quarantine import QuarantinedEntry, quarantined_entry

NEXT = 24
"""Slots of the schedule that are shown."""


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run. `progress` is "75 of 503 stocks" while it goes on, `error` its traceback."""

    name: str
    job: str
    state: str
    started: str
    took: str
    counts: str
    progress: str | None
    share: float | None
    message: str
    error: str | None


@dataclass(frozen=True, slots=True)
class RunsView:
    """/admin/runs. `jobs` can be enqueued, none where there are no queues."""

    runs: tuple[RunLine, ...]
    digest: str
    is_good: bool
    jobs: tuple[str, ...]
    enqueued: str | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """/admin/schedule: what comes, what the scheduler keeps in Redis, what was set aside."""

    slots: Table
    background: tuple[Fact, ...]
    queues: Table
    entries: Table
    set_aside: Table
    reachable: bool


@dataclass(frozen=True, slots=True)
class QuarantineView:
    """/admin/quarantine: every quarantined value, and those about which somebody has decided.
    `done` says what a decision did, `problem` why it could not be made."""

    quarantined: tuple[QuarantinedEntry, ...]
    decided: tuple[QuarantinedEntry, ...]
    done: str | None
    problem: str | None


def runs_view(
    moment: Moment,
    runs: Sequence[RunDetail],
    progress: Mapping[int, Progress],
    digest: tuple[bool, str],
    jobs: tuple[str, ...],
    outcome: tuple[str | None, str | None],
) -> RunsView:
    """The runs page; `outcome` is the id of a job just enqueued, or the problem with it."""
    lines = tuple(_line(moment, run, progress.get(run.id)) for run in runs)
    return RunsView(lines, digest[1], digest[0], jobs, *outcome)


def _line(moment: Moment, run: RunDetail, progress: Progress | None) -> RunLine:
    running = progress if run.state == "running" and progress and progress.size else None
    ended = run.ended_at
    return RunLine(
        name=run.slot or f"run {run.id}, by a command",
        job=run.job,
        state=run.state,
        started=moment.clock(run.started_at),
        took=fmt.span((ended or moment.now) - run.started_at) + ("" if ended else " so far"),
        counts=_counts(run, running),
        progress=f"{fmt.count(running.done)} of {fmt.plural(running.size, 'stock')}"
        if running
        else None,
        share=running.done / running.size if running else None,
        message=run.message or "",
        error=run.error,
    )


def _counts(run: RunDetail, progress: Progress | None) -> str:
    """ "495 updated, 8 failed"; nothing that is 0."""
    source = progress or run
    counts = {
        "updated": source.updated,
        "unchanged": source.unchanged,
        "failed": source.failed,
        "held back": source.quarantined,
    }
    return ", ".join(f"{fmt.count(number)} {word}" for word, number in counts.items() if number)


def schedule_view(
    moment: Moment,
    slots: Sequence[Slot],
    pulses: Sequence[Pulse] | None,
    queues: Sequence[Backlog] | None,
    kept: ScheduleState | None,
    switched_on: bool,
) -> ScheduleView:
    """The schedule page."""
    return ScheduleView(
        slots=background_jobs.slots_table(moment, slots),
        background=background_jobs.facts(switched_on, pulses),
        queues=Table(
            "Queues",
            (("Queue", False), ("Waiting", True), ("At work", True), ("Failed", True)),
            tuple(
                (backlog.queue, *map(fmt.count, (backlog.waiting, backlog.started, backlog.failed)))
                for backlog in queues or ()
            ),
        ),
        entries=Table(
            "Entries of the scheduler",
            (("Entry", False), ("Looked at next", False)),
            tuple(
                (entry.id, moment.clock(entry.due_at)) for entry in (kept.entries if kept else ())
            ),
        ),
        set_aside=Table(
            "Entries that were set aside",
            (("Entry", False), ("When", False), ("Why", False), ("What it held", False)),
            tuple(
                (entry.id, moment.clock(entry.set_aside_at), entry.reason, entry.content)
                for entry in (kept.set_aside if kept else ())
            ),
        ),
        reachable=kept is not None,
    )


def quarantine_view(
    moment: Moment,
    values: Sequence[QuarantinedValue],
    decided: Sequence[QuarantinedValue],
    done: str | None = None,
    problem: str | None = None,
) -> QuarantineView:
    """The quarantine page."""
    return QuarantineView(
        tuple(quarantined_entry(moment, value) for value in values),
        tuple(quarantined_entry(moment, value) for value in decided),
        done,
        problem,
    )
