"""What pages say of the background half: its Redis, the scheduler, the
workers, and what runs next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stockscore.market.exchanges import EXCHANGES
from stockscore.market.slots import Slot
from stockscore.services.heartbeats import Pulse
from stockscore.web.ui import format as fmt
from stockscore.web.ui.components import Fact, Table
from stockscore.web.ui.market_strip import Moment

NAMES = {"scheduler": "The scheduler", "worker": "The worker"}


def problems(switched_on: bool, pulses: Sequence[Pulse] | None) -> list[str]:
    """What is wrong, a sentence each; nothing where background jobs are switched off."""
    if not switched_on:
        return []
    if pulses is None:
        return ["The Redis of the background jobs does not answer."]
    return [f"{NAMES[pulse.process]} {_silence(pulse)}." for pulse in pulses if not pulse.alive]


def _silence(pulse: Pulse) -> str:
    if pulse.age is None:
        return "has given no sign of life for a day or more"
    return f"has given no sign of life for {fmt.span(pulse.age)}"


def facts(switched_on: bool, pulses: Sequence[Pulse] | None) -> tuple[Fact, ...]:
    """The same as facts; without seconds, because the page is kept for half a minute."""
    if not switched_on:
        return (Fact("Background jobs", "off", note="brought up to date by hand"),)
    if pulses is None:
        return (Fact("Background jobs", "unknown", note="their Redis does not answer"),)
    return tuple(
        Fact(pulse.process.capitalize(), "at work")
        if pulse.alive
        else Fact(pulse.process.capitalize(), "silent", note=_silence(pulse))
        for pulse in pulses
    )


def as_data(switched_on: bool, pulses: Sequence[Pulse] | None) -> dict[str, Any]:
    """As JSON: the state of the queues' Redis ("ok", "failed", "off"), and of each kind of process
    whether one is alive ("alive", "silent", "unknown", "off") and the age of its last beat."""
    redis = "off" if not switched_on else "failed" if pulses is None else "ok"
    known = {pulse.process: pulse for pulse in pulses or ()}
    data: dict[str, Any] = {"redis": redis}
    for process in NAMES:
        pulse = known.get(process)
        unknown = "off" if redis == "off" else "unknown"
        data[process] = unknown if pulse is None else "alive" if pulse.alive else "silent"
        age = None if pulse is None else pulse.age
        data[f"{process}_beat_age_seconds"] = None if age is None else round(age)
    return data


def slots_table(moment: Moment, slots: Sequence[Slot]) -> Table:
    """Slots to come, in home time."""
    return Table(
        "What runs next",
        (("When", False), ("What", False), ("Exchange", False), ("Session", False)),
        tuple(
            (
                moment.clock(slot.due_at),
                slot.job,
                EXCHANGES[slot.exchange].city if slot.exchange else "all",
                fmt.day(slot.session),
            )
            for slot in slots
        ),
    )
