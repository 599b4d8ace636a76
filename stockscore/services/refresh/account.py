"""What came of a refresh, in lines for whoever waits for it."""

from __future__ import annotations

from dataclasses import dataclass

from stockscore.services.refresh.stock import RefreshCounts

NAMED = 8
"""Tickers that a line names."""


@dataclass(frozen=True, slots=True)
class _Reason:
    """Why stocks failed, and what to do about it."""

    words: str
    advice: str


_REASONS = {
    "rate_limited": _Reason(
        "the source asked to slow down",
        "Wait an hour and start again, or lower PROVIDER_RATE_PER_SECOND.",
    ),
    "unavailable": _Reason(
        "the source gave no usable answer",
        "Check that this machine reaches the source (network, proxy, firewall) and start again.",
    ),
    "not_found": _Reason(
        "the source does not know them",
        "Correct these tickers in the universe, or leave them: they are not rated.",
    ),
    "bad_data": _Reason(
        "the answers could not be read",
        "Start again later; if it stays, the source has changed what it answers.",
    ),
}
_OTHER = _Reason("something else went wrong", "The log has more; start again.")


def lines(counts: RefreshCounts) -> list[str]:
    """How many of how many came, which failed and why, by reason, and what to do.

    One line where all came."""
    told = [f"{counts.came} of {counts.expected} stocks came."]
    by_state: dict[str, list[str]] = {}
    for ticker, state in counts.failures.items():
        by_state.setdefault(state, []).append(ticker)
    for state, tickers in sorted(by_state.items(), key=lambda item: -len(item[1])):
        told.append(_line(_REASONS.get(state, _OTHER), tickers, counts.errors))
    if counts.stopped:
        told.append(counts.stopped)
    if len(told) > 1 and counts.came:
        told.append("What came is kept; the next start goes on with the rest.")
    return told


def _line(reason: _Reason, tickers: list[str], errors: dict[str, str]) -> str:
    named = ", ".join(tickers[:NAMED])
    more = f" and {len(tickers) - NAMED} more" if len(tickers) > NAMED else ""
    example = errors.get(tickers[0], "")
    return f"{len(tickers)} failed, {reason.words}: {named}{more}. {example} {reason.advice}"
