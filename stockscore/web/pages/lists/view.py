"""The list of all stocks and the leaderboard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stockscore.scoring.signals import SIGNALS
from stockscore.store.pages.editions import EditionRow
from stockscore.store.pages.lists import StockLine
from stockscore.web.http.params import Query
from stockscore.web.ui import column_choice, columns, exports, past, stock_rows
from stockscore.web.ui import format as fmt
from stockscore.web.ui.column_choice import ColumnChoice
from stockscore.web.ui.components import Column, Pager, StockLineView, StockLink
from stockscore.web.ui.empty import Empty
from stockscore.web.ui.filter_form import FilterForm, form_of, list_pager

STOCK_COLUMNS = (
    *("stock", "sector", "price", "score", "scale", "signal"),
    *("value", "quality", "momentum", "health", "change_7"),
)

LEADER_COLUMNS = (
    *("rank", "stock", "sector", "score", "scale", "signal"),
    *("value", "quality", "momentum", "health", "trail", "change_7"),
)

GROUP_COLUMNS = tuple(key for key in LEADER_COLUMNS if key != "trail")


@dataclass(frozen=True, slots=True)
class StockGroup:
    """One signal or sector of a grouped leaderboard: its best stocks, and a link to all of it."""

    key: str
    name: str
    total: int
    note: str
    rows: tuple[StockLineView, ...]
    all_url: str


@dataclass(frozen=True, slots=True)
class StocksView:
    """/stocks. `nothing` is sentence in the table where no stock fits, and `near` are stocks that a
    search without result could have meant."""

    subtitle: str
    empty: Empty | None
    form: FilterForm
    rows: tuple[StockLineView, ...]
    columns: tuple[Column, ...]
    choice: ColumnChoice
    caption: str
    nothing: str
    near: tuple[StockLink, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class LeaderboardView:
    """/leaderboard. Either `rows` with a `pager` and a `choice` of columns, or `groups`."""

    subtitle: str
    empty: Empty | None
    form: FilterForm
    orders: tuple[tuple[str, str, bool], ...]
    rows: tuple[StockLineView, ...]
    columns: tuple[Column, ...]
    choice: ColumnChoice | None
    caption: str
    nothing: str
    pager: Pager | None
    groups: tuple[StockGroup, ...]


def as_data(
    query: Query, found: Sequence[StockLine], total: int, edition: EditionRow | None
) -> dict[str, Any]:
    """A page of a list as JSON."""
    return {
        "items": [columns.item(line) for line in found],
        "page": query["page"],
        "per_page": query["per_page"],
        "total": total,
        **exports.edition(edition),
    }


def grouped_data(
    by: str, found: Sequence[StockLine], sizes: Mapping[str, int], edition: EditionRow | None
) -> dict[str, Any]:
    """The best of each group as JSON: one list, with the sizes of the groups beside it."""
    return {
        "items": [columns.item(line) for line in in_order_of_groups(by, found)],
        "groups": [{"name": name, "total": sizes[name]} for name in in_order(by, sizes)],
        "page": 1,
        "per_page": len(found),
        "total": sum(sizes.values()),
        **exports.edition(edition),
    }


def sort_links(path: str, query: Query) -> dict[str, tuple[str, str | None]]:
    """For each sortable column its link and, for the one in force, its direction."""
    return {key: column_choice.sort_link(path, query, sort) for key, sort in columns.SORTS.items()}


def stocks_view(
    query: Query,
    choices: Mapping[str, Sequence[str]],
    found: Sequence[StockLine],
    total: int,
    edition: EditionRow | None,
    nothing_yet: Empty | None,
    near: tuple[StockLink, ...] = (),
) -> StocksView:
    """The list of all stocks."""
    path = "/stocks"
    return StocksView(
        subtitle=_stocks_subtitle(query, total, edition),
        empty=nothing_yet,
        form=form_of(path, query, choices),
        rows=tuple(stock_rows.row(line) for line in found),
        columns=column_choice.shown(query, STOCK_COLUMNS, sort_links(path, query)),
        choice=column_choice.choice(path, query, STOCK_COLUMNS),
        caption=f"Stocks, page {query['page']}",
        nothing="No stock fits all of this. Take a filter away, or search for less of a name.",
        near=near,
        pager=list_pager(path, query, total),
    )


def _stocks_subtitle(query: Query, total: int, edition: EditionRow | None) -> str:
    asked = any(query[name] for name in ("q", "sector", "exchange", "signal")) or query["min_score"]
    if asked:
        fit = "fits" if total == 1 else "fit"
        return f"{fmt.plural(total, 'stock')} {fit} what you asked for."
    if edition is None:
        return f"{fmt.plural(total, 'stock')} listed."
    lacking = edition.stocks - edition.rated
    rest = f"; {fmt.words(lacking)} {_lack(lacking)} for a rating" if lacking else ""
    return f"{fmt.plural(total, 'stock')} listed, {fmt.count(edition.rated)} rated{rest}."


def _lack(number: int) -> str:
    return "lacks the data" if number == 1 else "lack the data"


def leaderboard_view(
    query: Query,
    choices: Mapping[str, Sequence[str]],
    found: Sequence[StockLine],
    trails: Mapping[int, Sequence[int]],
    total: int,
    edition: EditionRow | None,
    nothing_yet: Empty | None,
) -> LeaderboardView:
    """The leaderboard as one list."""
    path = "/leaderboard"
    shown = list_pager(path, query, total)
    return LeaderboardView(
        subtitle=_leaderboard_subtitle(total, edition),
        empty=nothing_yet,
        form=form_of(path, query, choices),
        orders=_orders(query),
        rows=tuple(stock_rows.row(line, trails.get(line.id, ())) for line in found),
        columns=column_choice.shown(query, LEADER_COLUMNS, sort_links(path, query)),
        choice=column_choice.choice(path, query, LEADER_COLUMNS),
        caption=f"Stocks {shown.first} to {shown.last} by score",
        nothing="No rated stock fits all of this. Take a filter away.",
        pager=shown,
        groups=(),
    )


def grouped_view(
    query: Query,
    choices: Mapping[str, Sequence[str]],
    found: Sequence[StockLine],
    sizes: Mapping[str, int],
    edition: EditionRow | None,
    nothing_yet: Empty | None,
) -> LeaderboardView:
    """The leaderboard by signal or by sector: the best of each."""
    by = query["by"]
    return LeaderboardView(
        subtitle=_leaderboard_subtitle(sum(sizes.values()), edition),
        empty=nothing_yet,
        form=form_of("/leaderboard", query, choices),
        orders=_orders(query),
        rows=(),
        columns=past.columns(columns.columns([key for key in GROUP_COLUMNS if key != by])),
        choice=None,
        caption="",
        nothing="No rated stock fits all of this. Take a filter away.",
        pager=None,
        groups=tuple(
            _group(query, by, name, sizes[name], found, edition) for name in in_order(by, sizes)
        ),
    )


def in_order(by: str, sizes: Iterable[str]) -> list[str]:
    """Groups as the page orders them."""
    return sorted(sizes, key=SIGNALS.index if by == "signal" else str)


def in_order_of_groups(by: str, found: Sequence[StockLine]) -> list[StockLine]:
    """Stocks by group as the page orders groups, then by rank."""

    def place(line: StockLine) -> tuple[int | str, int]:
        group = SIGNALS.index(line.signal or "HOLD") if by == "signal" else line.sector or ""
        return group, line.rank or 0

    return sorted(found, key=place)


def _group(
    query: Query,
    by: str,
    name: str,
    size: int,
    found: Sequence[StockLine],
    edition: EditionRow | None,
) -> StockGroup:
    rows = [line for line in found if (line.signal if by == "signal" else line.sector) == name]
    return StockGroup(
        key="g-" + "-".join(name.lower().split()),
        name=name,
        total=size,
        note=_group_note(by, name, len(rows), size, edition),
        rows=tuple(stock_rows.row(line) for line in rows),
        all_url=query.url("/leaderboard", without=("by", "page"), **{by: name}),
    )


def _group_note(by: str, name: str, shown: int, size: int, edition: EditionRow | None) -> str:
    best = (
        f"The best {fmt.words(shown)} of {fmt.count(size)}"
        if shown < size
        else (f"All {fmt.words(size)}" if size > 1 else "The only one")
    )
    sector = edition.summary.sector(name) if edition and by == "sector" else None
    if sector is None or not sector.median:
        return f"{best}."
    return f"{best}; the sector’s median is {fmt.points(sector.median)}."


def _orders(query: Query) -> tuple[tuple[str, str, bool], ...]:
    gone = ("page", "sort", "dir", "by")
    return tuple(
        (
            label,
            query.url("/leaderboard", without=gone, **({"by": by} if by else {})),
            query["by"] == by,
        )
        for label, by in (("Overall", ""), ("By signal", "signal"), ("By sector", "sector"))
    )


def _leaderboard_subtitle(total: int, edition: EditionRow | None) -> str:
    if edition is None:
        return "Rated stocks by total score."
    lacking = edition.stocks - edition.rated
    if total == edition.rated:
        sentence = f"All {fmt.count(total)} rated stocks by total score."
    else:
        sentence = f"{fmt.count(total)} of {fmt.count(edition.rated)} rated stocks, by total score."
    if not lacking:
        return sentence
    number = fmt.words(lacking)
    single = lacking == 1
    rest = "lacks the data for a rating and is" if single else "lack the data for a rating and are"
    return (
        f"{sentence} {number.capitalize()} {'stock' if single else 'stocks'} {rest} ranked nowhere."
    )
