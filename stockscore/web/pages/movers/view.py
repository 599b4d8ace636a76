"""What moved: scores, signals and places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from stockscore.scoring.method import CHANGE_DAYS
from stockscore.services.movers import TOP, Moves
from stockscore.store.pages.editions import EditionRow
from stockscore.store.pages.lists import StockLine
from stockscore.web.http.params import Query
from stockscore.web.ui import exports, stock_rows
from stockscore.web.ui import format as fmt
from stockscore.web.ui.components import Column, StockRow
from stockscore.web.ui.empty import Empty
from stockscore.web.ui.why import WHY_HEADER, change_parts, why_cells, why_data

PATH = "/movers"

SHOWN = 15
"""Stocks of each kind on the page; JSON and CSV have all."""

SPANS = {1: "a day", 7: "a week", 30: "a month", 90: "a quarter"}


@dataclass(frozen=True, slots=True)
class Section:
    """One table of the page. `more` says how many are not shown, empty where all are."""

    key: str
    title: str
    note: str
    rows: tuple[StockRow, ...]
    columns: tuple[Column, ...]
    nothing: str
    more: str


@dataclass(frozen=True, slots=True)
class MoversView:
    """/movers. `pairs` are sections that stand side by side; `waiting` says that there is no
    snapshot old enough, empty where there is one."""

    subtitle: str
    empty: Empty | None
    spans: tuple[tuple[str, str, bool], ...]
    waiting: str
    pairs: tuple[tuple[Section, Section], ...]
    csv: str
    json: str


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
        if moves.before
        else f"No daily snapshot is {fmt.plural(moves.days, 'day')} old yet, so there is nothing "
        "to compare with.",
        pairs=_pairs(moves) if moves.before else (),
        csv=query.url(f"{PATH}.csv"),
        json=query.url(f"{PATH}.json"),
    )


def _subtitle(moves: Moves) -> str:
    span = SPANS[moves.days]
    if not moves.before:
        return f"Whose score, signal or place changed over {span}."
    rose, fell = moves.counts
    return (
        f"Since the snapshot of {fmt.day(since(moves))}, {fmt.plural(rose, 'score')} rose and "
        f"{fmt.count(fell)} fell; {fmt.plural(len(moves.turned), 'signal')} changed."
    )


def since(moves: Moves) -> date:
    """The session that most stocks are compared with."""
    sessions = Counter(moves.sessions.values())
    return max(sessions, key=lambda session: (sessions[session], session))


def _pairs(moves: Moves) -> tuple[tuple[Section, Section], ...]:
    rose, fell = moves.counts
    return (
        (
            _section(moves, "up", "Gainers", "Scores that rose most", moves.up, rose),
            _section(moves, "down", "Losers", "Scores that fell most", moves.down, fell),
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
    found: Sequence[StockLine],
    total: int | None = None,
) -> Section:
    shown = found[:SHOWN] if key not in {"entered", "left"} else found
    rest = (len(found) if total is None else total) - len(shown)
    return Section(
        key=key,
        title=title,
        note=note,
        rows=tuple(_row(line, moves) for line in shown),
        columns=_columns(key, moves.days),
        nothing=NOTHING[key],
        more=f"{fmt.count(rest)} more are in the CSV and JSON of this page."
        if rest > 1
        else "One more is in the CSV and JSON of this page."
        if rest
        else "",
    )


def _row(line: StockLine, moves: Moves) -> StockRow:
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
    change = Column(f"change_{days}", "Change", priority=1)
    stock, score, signal = Column("stock"), Column("score"), Column("signal", priority=2)
    if key in {"up", "down"}:
        return stock, change, score, signal
    if key in {"upgraded", "downgraded"}:
        return stock, Column("was", "Was", priority=1), Column("signal", "Is"), score, change
    was = Column("was_rank", "Was", priority=1)
    return Column("rank"), stock, was, score, change


def as_data(moves: Moves, edition: EditionRow | None) -> dict[str, Any]:
    """All moves as JSON."""
    return {
        "days": moves.days,
        "since": exports.day(since(moves)) if moves.before else None,
        "risen": moves.counts[0],
        "fallen": moves.counts[1],
        "gainers": [_item(line, moves) for line in moves.up],
        "losers": [_item(line, moves) for line in moves.down],
        "signal_changes": [_item(line, moves) for line in moves.turned],
        "entered_top": [_item(line, moves) for line in moves.entered],
        "left_top": [_item(line, moves) for line in moves.left],
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
        **stock_rows.item(line),
    }


CSV_HEADER = (
    "kind",
    "change",
    "signal_before",
    "rank_before",
    *WHY_HEADER,
    *stock_rows.CSV_HEADER,
)


def csv_rows(moves: Moves) -> list[tuple[Any, ...]]:
    """All moves under `CSV_HEADER`; a stock has a line for each kind of move."""
    kinds = (
        ("gainer", moves.up),
        ("loser", moves.down),
        ("signal change", moves.turned),
        (f"new in the top {TOP}", moves.entered),
        (f"left the top {TOP}", moves.left),
    )
    return [
        (
            kind,
            exports.points(line.changes[moves.days]),
            then.signal if (then := moves.before.get(line.id)) else None,
            then.rank if then else None,
            *why_cells(moves.whys.get(line.id)),
            *stock_rows.csv_line(line),
        )
        for kind, found in kinds
        for line in found
    ]
