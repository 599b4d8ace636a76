"""Plans the refresh of a slot: asks the calendar, then writes what is to be done, in chunks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from stockscore.extensions import db
from stockscore.market import slots
from stockscore.market.slots import Slot
from stockscore.services import calendars
from stockscore.services.refresh import due, finish
from stockscore.services.refresh.due import FUNDAMENTALS, PARTS, PRICES
from stockscore.store import chunks, runs, stocks
from stockscore.store.models import JobRun, Stock
from stockscore.store.transactions import transaction

CHUNK_SIZE = 25
"""Stocks of a chunk: a minute of work or so, which is what a killed worker may cost."""

WAIT_SECONDS = 30
"""How long a refresh waits before it looks again whether an older one has ended."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What became of a slot: `chunks` are the (number, job id) of those still to be done of the
    run, `wait` the seconds after which to ask again, None where there is nothing to wait for.
    `closed` says that the run has ended and may be scored."""

    run_id: int | None
    chunks: Sequence[tuple[int, str]] = ()
    wait: int | None = None
    closed: bool = False


def plan(
    slot_id: str, now: datetime, every_minutes: int, nothing_to_fetch: str | None = None
) -> Planned:
    """Plans the refresh of a slot, or (for any other id) one of all exchanges that was asked for by
    hand. `every_minutes` lie between two refreshes of a session; `nothing_to_fetch` says why there
    is no source.

    Can be repeated: a slot that is planned stays as it is. A run of the same exchange that is
    being worked on is waited for; one that nobody works on is ended, and its rest taken over.
    """
    named = _named(slot_id)
    exchange = named.exchange if named else None
    # Reading a calendar may take seconds, so not while others wait to write.
    rest = _rest_of_session(slot_id, named, every_minutes) if named else []
    with transaction():
        runs.lock_planning()
        if before := _as_it_is(slot_id):
            return before
        run = runs.claim("refresh", slot_id, now, exchange)
        if run is None:  # which `_as_it_is` has ruled out
            return Planned(None)
        objection = nothing_to_fetch or (named and _objection(rest, now))
        if objection:
            runs.finish(run.id, now, runs.SKIPPED, message=objection)
            return Planned(None)
        if busy := _others(run, exchange, slot_id, now):
            runs.note(run.id, f"Waits for {busy}, which is being worked on.")
            return Planned(run.id, wait=WAIT_SECONDS)
        return _cut(run, _work(exchange, rest, now), now)


def _named(slot_id: str) -> slots.SlotName | None:
    """What the id of a slot says; None for that of a refresh by hand."""
    try:
        return slots.parse(slot_id)
    except ValueError:
        return None


def _rest_of_session(slot_id: str, named: slots.SlotName, every_minutes: int) -> list[Slot]:
    """The slot and those that its session still has after it; nothing where there is no such
    slot."""
    if named.exchange is None or named.due_at is None:  # of housekeeping or a snapshot
        return []
    known = slots.slots_of(calendars.around(named.exchange, named.due_at), every_minutes)
    of_session = [
        slot for slot in known if slot.job == slots.REFRESH and slot.session == named.session
    ]
    ids = [slot.id for slot in of_session]
    return of_session[ids.index(slot_id) :] if slot_id in ids else []


def _objection(rest: Sequence[Slot], now: datetime) -> str | None:
    """Why a slot must not be run now."""
    if not rest:
        return "market closed"
    return "late" if now >= rest[0].until else None


def _as_it_is(slot_id: str) -> Planned | None:
    """A slot that is planned or done with; None for one that is yet to be planned."""
    run = runs.of_slot(slot_id)
    if run is None:
        return None
    known = chunks.of_run(run.id)
    if run.state == runs.RUNNING and known:
        return Planned(run.id, [(chunk.number, chunk.job_id) for chunk in known if chunk.is_open])
    if run.state == runs.DONE or known:
        return Planned(run.id, closed=True)
    return Planned(None) if run.state == runs.SKIPPED else None


def _others(run: JobRun, exchange: str | None, slot_id: str, now: datetime) -> str | None:
    """The name of an older run that is being worked on; those that are not are ended."""
    for other in runs.refreshing(exchange):
        if other.id == run.id or runs.locked(other.id).state != runs.RUNNING:
            continue
        if chunks.is_held(other.id, now):
            return other.slot or f"run {other.id}"
        finish.take_over(other, now, slot_id)
    return None


def _work(exchange: str | None, rest: Sequence[Slot], now: datetime) -> list[tuple[int, list[str]]]:
    """What is to be asked of each stock. By hand: all that is not fresh. In a slot: the prices that
    were fetched before it, and a share of the statements."""
    chosen = {stock.id: stock for stock in stocks.active() if exchange in (None, stock.exchange)}
    if not rest:
        return due.in_order(due.parts_due(chosen, PARTS["all"], now), now)
    wanted = {
        FUNDAMENTALS: _share(chosen, now, len(rest)),
        PRICES: due.before(PRICES, rest[0].due_at, chosen),
    }
    return due.in_order(wanted, now)


def _share(chosen: Mapping[int, Stock], now: datetime, slots_left: int) -> list[int]:
    """The statements that this slot takes of those that are due: all of companies that have just
    published some, and of the others so many that the slots left of the session do them all."""
    first = due.reported(chosen, now)
    waiting = due.parts_due(chosen, (FUNDAMENTALS,), now)[FUNDAMENTALS][len(first) :]
    return [*first, *waiting[: -(-len(waiting) // slots_left)]]


def _cut(run: JobRun, work: Sequence[tuple[int, list[str]]], now: datetime) -> Planned:
    """Writes the chunks of a run."""
    run.expected, run.message = len(work), None
    if not work:
        runs.finish(run.id, now, message="Nothing was due.")
        return Planned(run.id, closed=True)
    parts = [work[start : start + CHUNK_SIZE] for start in range(0, len(work), CHUNK_SIZE)]
    job_ids = [f"{run.slot}-c{number}" for number in range(1, len(parts) + 1)]
    chunks.add(run.id, parts, job_ids)
    db.session.flush()
    return Planned(run.id, list(enumerate(job_ids, 1)))
