"""What pages say before there is anything to show."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Empty:
    """Why a page is empty, and what to do."""

    heading: str
    text: str


NO_MARKET = Empty(
    "There is no market here yet",
    "Run “make run” or “flask demo load” for the simulated market, or “make live” for the "
    "S&P 500. Your own list comes in with “flask universe import FILE”.",
)

NOT_SCORED = Empty(
    "Nothing has been scored yet",
    "There are stocks, but no scoring has been published: run “flask refresh”, then “flask score”.",
)


def empty(has_edition: bool, stocks: int) -> Empty | None:
    """What is missing for a page about the market; None where it can be shown."""
    if has_edition:
        return None
    return NOT_SCORED if stocks else NO_MARKET
