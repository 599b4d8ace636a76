"""What a page of a past day says of itself, and of what became of its stocks since.

What is learned later stands only in what is called “since” here; everything else on such a page is
what was recorded that day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import Flask, g, request

from stockscore.services import since
from stockscore.services.since import Outcome, Outcomes
from stockscore.web.http.as_of import PastRequest, current_past
from stockscore.web.ui import exports
from stockscore.web.ui import format as fmt
from stockscore.web.ui.components import Column

ANECDOTE = "One date is an anecdote, and proves nothing."

CSV_SINCE = ("since_return", "since_until", "since_ended")


@dataclass(frozen=True, slots=True)
class PastBar:
    """The line at the head of a page of a past day: which day, by what method, the way to the
    sessions before and after it and to today. `kept` is what the form for another day carries
    along; `since` is what became of its stocks, empty where that is not shown, and `since_url`
    leads to the other of the two."""

    day: str
    value: str
    note: str
    before: str | None
    after: str | None
    today: str
    action: str
    kept: tuple[tuple[str, str], ...]
    since: str
    since_url: str


def outcomes() -> Outcomes | None:
    """What became of the stocks that a page of a past day is about; None where nobody asks."""
    past = current_past()
    if past is None or not past.since:
        return None
    if "outcomes" not in g:
        g.outcomes = since.outcomes(past.market, past.found)
    found: Outcomes = g.outcomes
    return found


def bar() -> PastBar | None:
    """The head of a page of a past day, None on all others."""
    past = current_past()
    if past is None:
        return None
    day, query, path = past.market.day, past.query, request.path
    other = "" if past.since else "1"
    return PastBar(
        day=fmt.day(day.session),
        value=day.session.isoformat(),
        note=_note(past),
        before=query.url(path, ("page",), as_of=day.before) if day.before else None,
        after=query.url(path, ("page",), as_of=day.after) if day.after else None,
        today=query.url(path, ("page", "as_of", "since")),
        action=path,
        kept=tuple(query.given(without=("as_of", "page")).items()),
        since=_since_sentence(),
        since_url=query.url(path, ("since",)) if past.since else query.url(path, since=other),
    )


def _note(past: PastRequest) -> str:
    market = past.market
    methods = " and ".join(market.methods)
    other = [
        f"{mic} of {fmt.day(session)}"
        for mic, session in sorted(market.sessions.items())
        if session != market.day.session
    ]
    text = (
        f"As it was recorded at the end of that session, by method {methods} with the prices of "
        "then. Nothing that became known later is in it; names are those of today."
    )
    return f"{text} Last sessions before it: {', '.join(other)}." if other else text


def _since_sentence() -> str:
    found = outcomes()
    if found is None:
        return ""
    if found.median is None or found.all_median is None:
        return "Since then: no return is known of these stocks."
    if found.known == 1:
        return (
            f"Since then this stock returned {fmt.signed_percent(found.median)}, and half of all "
            f"{fmt.count(found.all_known)} that were rated that day more than "
            f"{fmt.signed_percent(found.all_median)}. {ANECDOTE}"
        )
    return (
        f"Since then the median of these {fmt.plural(found.known, 'stock')} returned "
        f"{fmt.signed_percent(found.median)}, that of all {fmt.count(found.all_known)} that were "
        f"rated that day {fmt.signed_percent(found.all_median)}. {ANECDOTE}"
    )


def _outcome(stock_id: int) -> Outcome | None:
    found = outcomes()
    return found.of_stocks.get(stock_id) if found else None


def stock_url(ticker: str) -> str | None:
    """The page of a stock as of the past day that is asked for; None where none is."""
    past = current_past()
    if past is None:
        return None
    return f"{fmt.stock_url(ticker)}?as_of={past.market.day.session.isoformat()}"


def cells(stock_id: int) -> dict[str, str]:
    """The cell of a stock table that says what became of a stock."""
    if outcomes() is None:
        return {}
    found = _outcome(stock_id)
    if found is None:
        return {"since": fmt.UNKNOWN}
    ended = f", to its end on {fmt.day(found.until)}" if found.ended else ""
    return {"since": f"{fmt.signed_percent(found.total_return)}{ended}"}


def columns(shown: tuple[Column, ...]) -> tuple[Column, ...]:
    """The columns of a stock table, with what became of each where that is asked for."""
    if outcomes() is None:
        return shown
    # On a phone what came after takes the place of what came before.
    shown = tuple(
        replace(column, priority=2) if column.key.startswith("change_") else column
        for column in shown
    )
    return (*shown, Column(key="since", label="Since", priority=1, style="num", cell="written"))


def csv_columns() -> tuple[str, ...]:
    """The columns of CSV that say what became of a stock, none where nobody asks."""
    return CSV_SINCE if outcomes() is not None else ()


def csv_cells(stock_id: int) -> tuple[float | date | str | None, ...]:
    """The cells under `csv_columns`."""
    if outcomes() is None:
        return ()
    found = _outcome(stock_id)
    if found is None:
        return (None, None, None)
    return (found.total_return, found.until, "yes" if found.ended else "no")


def with_past(data: dict[str, Any]) -> dict[str, Any]:
    """JSON with the day that it is of (`recorded`) and, where that is asked for, what became of its
    stocks (`since`); today's as it is."""
    past = current_past()
    if past is None:
        return data
    market = past.market
    recorded = {
        "session": exports.day(market.day.session),
        "sessions": {mic: exports.day(day) for mic, day in sorted(market.sessions.items())},
        "methods": market.methods,
        "final": market.day.final,
    }
    data = data | {"method": market.section.method, "simulated": market.simulated}
    found = outcomes()
    if found is None:
        return data | {"recorded": recorded}
    shown = {item["ticker"] for item in data.get("items", (data,))}
    by_ticker = {
        ticker: _data_of(found.of_stocks.get(stock_id))
        for stock_id in past.found
        if (ticker := market.listed[stock_id].ticker) in shown
    }
    return data | {
        "recorded": recorded,
        "since": {
            "stocks": by_ticker,
            "median": exports.number(found.median),
            "known": found.known,
            "median_of_all_rated": exports.number(found.all_median),
            "all_known": found.all_known,
            "note": ANECDOTE,
        },
    }


def _data_of(found: Outcome | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "total_return": exports.number(found.total_return),
        "until": exports.day(found.until),
        "ended": found.ended,
    }


def init_app(app: Flask) -> None:
    """Gives every template `past`, the head of a page of a past day, None on all others."""
    app.context_processor(lambda: {"past": bar()})
