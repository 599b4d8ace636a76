"""What moved: scores, signals and places."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from stockscore.scoring.method import CHANGE_DAYS
from stockscore.services.movers import TOP, Moved, Moves
from stockscore.store.pages.editions import EditionRow
from stockscore.store.pages.lists import StockLine
from stockscore.web.http.params import Query
from stockscore.web.ui import columns, exports, stock_rows
from stockscore.web.ui import format as fmt
from stockscore.web.ui.columns import column
from stockscore.web.ui.components import Column, StockLineView
from stockscore.web.ui.empty import Empty
from stockscore.web.ui.why import WHY_HEADER, change_parts, why_cells, why_data

PATH = "/movers"

SHOWN = 15
"""Stocks of each kind on the page; JSON and CSV have all."""

SPANS = {1: "a day", 7: "a week", 30: "a month", 90: "a quarter"}


@dataclass(frozen=True, slots=True)
class MovesSection:
    """One table of the page. `more` says how many are not shown, empty where all are."""

    key: str
    title: str
    note: str
    rows: tuple[StockLineView, ...]
    columns: tuple[Column, ...]
    nothing: str
    more: str


@dataclass(frozen=True, slots=True)
class MoversView:
    """/movers. `pairs` are sections that stand side by side; `waiting` says that there is no
    snapshot old enough, empty where there is one; `then_url` leads to the day compared with."""

    subtitle: str
    empty: Empty | None
    spans: tuple[tuple[str, str, bool], ...]
    waiting: str
    pairs: tuple[tuple[MovesSection, MovesSection], ...]
    csv: str
    json: str
    then_url: str | None = None


def movers_view(query: Query, moves: Moves, nothing_yet: Empty | None) -> MoversView:
    """The largest moves of each kind."""
    return MoversView(
        subtitle=_subtitle(moves),
        empty=nothing_yet,
        spans=tuple(
            (
                fmt.plural(days, "day"),
                query.url(PATH, days=str(days)),
                days == moves.days,
            )
            for days in CHANGE_DAYS
        ),
        waiting=""
        if moves.since
        else f"No daily snapshot is {fmt.plural(moves.days, 'day')} old yet, so there is nothing "
        "to compare with.",
        pairs=_pairs(moves) if moves.since else (),
        csv=query.url(f"{PATH}.csv"),
        json=query.url(f"{PATH}.json"),
        then_url=f"/leaderboard?as_of={moves.since.isoformat()}" if moves.since else None,
    )


def _subtitle(moves: Moves) -> str:
    span = SPANS[moves.days]
    if moves.since is None:
        return f"Whose score, signal or place changed over {span}."
    turned = moves.better.total + moves.worse.total
    return (
        f"Since the snapshot of {fmt.day(moves.since)}, {fmt.plural(moves.up.total, 'score')} rose "
        f"and {fmt.count(moves.down.total)} fell; {fmt.plural(turned, 'signal')} changed."
    )


def _pairs(moves: Moves) -> tuple[tuple[MovesSection, MovesSection], ...]:
    return (
        (
            _section(moves, "up", "Gainers", "Scores that rose most", moves.up),
            _section(moves, "down", "Losers", "Scores that fell most", moves.down),
        ),
        (
            _section(moves, "upgraded", "Better signals", "Highest scores first", moves.better),
            _section(moves, "downgraded", "Worse signals", "Lowest scores first", moves.worse),
        ),
        (
            _section(moves, "entered", f"New in the top {TOP}", "By rank", moves.entered),
            _section(moves, "left", f"Left the top {TOP}", "By rank", moves.left),
        ),
    )


NOTHING = {
    "up": "No score rose.",
    "down": "No score fell.",
    "upgraded": "No signal became better.",
    "downgraded": "No signal became worse.",
    "entered": f"Nothing is new in the top {TOP}.",
    "left": f"Nothing left the top {TOP}.",
}


def _section(
    moves: Moves,
    key: str,
    title: str,
    note: str,
    moved: Moved,
) -> MovesSection:
    rest = moved.total - len(moved.lines)
    return MovesSection(
        key=key,
        title=title,
        note=note,
        rows=tuple(_row(line, moves) for line in moved.lines),
        columns=_columns(key, moves.days),
        nothing=NOTHING[key],
        more=f"{fmt.count(rest)} more are in the CSV and JSON of this page."
        if rest > 1
        else "One more is in the CSV and JSON of this page."
        if rest
        else "",
    )


def _row(line: StockLine, moves: Moves) -> StockLineView:
    why = moves.whys.get(line.id)
    return replace(
        stock_rows.row(line, cells=_cells(line, moves)),
        reason=why.sentence if why else "",
        parts=change_parts(why),
    )


def _cells(line: StockLine, moves: Moves) -> dict[str, str]:
    then = moves.before.get(line.id)
    return {
        "was": (then.signal if then else None) or "not rated",
        "was_rank": fmt.count(then.rank) if then and then.rank else "not rated",
    }


def _columns(key: str, days: int) -> tuple[Column, ...]:
    change = column(f"change_{days}", "Change", priority=1)
    stock, score, signal = column("stock"), column("score"), column("signal", priority=2)
    if key in {"up", "down"}:
        return stock, change, score, signal
    if key in {"upgraded", "downgraded"}:
        return stock, column("was", "Was", priority=1), column("signal", "Is"), score, change
    was = column("was_rank", "Was", priority=1)
    return column("rank"), stock, was, score, change


def as_data(moves: Moves, edition: EditionRow | None) -> dict[str, Any]:
    """All moves as JSON."""
    return {
        "days": moves.days,
        "since": exports.day(moves.since) if moves.since else None,
        "risen": moves.up.total,
        "fallen": moves.down.total,
        "gainers": [_item(line, moves) for line in moves.up.lines],
        "losers": [_item(line, moves) for line in moves.down.lines],
        "signal_changes": [_item(line, moves) for line in moves.turned],
        "entered_top": [_item(line, moves) for line in moves.entered.lines],
        "left_top": [_item(line, moves) for line in moves.left.lines],
        "top": TOP,
        **exports.edition(edition),
    }


def _item(line: StockLine, moves: Moves) -> dict[str, Any]:
    then = moves.before.get(line.id)
    return {
        "change": exports.points(line.changes[moves.days]),
        "signal_before": then.signal if then else None,
        "rank_before": then.rank if then else None,
        **why_data(moves.whys.get(line.id)),
        **columns.item(line),
    }


CSV_HEADER = (
    "kind",
    "change",
    "signal_before",
    "rank_before",
    *WHY_HEADER,
    *columns.CSV_HEADER,
)


def csv_rows(moves: Moves) -> list[tuple[Any, ...]]:
    """All moves under `CSV_HEADER`; a stock has a line for each kind of move."""
    kinds = (
        ("gainer", moves.up.lines),
        ("loser", moves.down.lines),
        ("signal change", moves.turned),
        (f"new in the top {TOP}", moves.entered.lines),
        (f"left the top {TOP}", moves.left.lines),
    )
    return [
        (
            kind,
            exports.points(line.changes[moves.days]),
            then.signal if (then := moves.before.get(line.id)) else None,
            then.rank if then else None,
            *why_cells(moves.whys.get(line.id)),
            *columns.csv_line(line),
        )
        for kind, found in kinds
        for line in found
    ]
