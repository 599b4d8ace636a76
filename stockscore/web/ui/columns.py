"""What lists say of a stock, one definition a column: how it is called, sorted, read, and written
as HTML, CSV and JSON.

The definitions stand in the order of CSV and JSON. A new column is one more `StockColumn`; where
it is to be sorted by, `services.stock_lists.SORTS` says by what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stockscore.scoring.currency import major_unit
from stockscore.scoring.method import CHANGE_DAYS, FACTOR_LABELS, FACTOR_POINTS, FACTORS
from stockscore.store.pages import lists
from stockscore.store.pages.lists import StockLine
from stockscore.web.ui import exports
from stockscore.web.ui import format as fmt
from stockscore.web.ui.components import Column

NOT_SCORED_YET = "It was added after the last scoring."

FREE_STYLE, FREE_PRIORITY = "num", 2
"""How a column looks that one page alone has, such as a condition of a screen."""


@dataclass(frozen=True, slots=True)
class TableHead:
    """A column of stock tables. `place` orders the columns in the choice of columns and in tables
    whose reader chose, None for one that cannot be chosen. `priority` and `style` are as in
    `components.Column`; `cell` is how `templates/ui/tables.html` writes it. `choice` is the label
    beside the box of the choice, where it is another one."""

    label: str
    priority: int
    style: str = ""
    cell: str = "written"
    place: int | None = None
    choice: str = ""


@dataclass(frozen=True, slots=True)
class StockColumn:
    """A column. `read` takes the value out of a stock, as JSON and CSV have it (points in units).
    `csv` is its name in CSV, `json` the keys that lead to it in an item of JSON, `sort` the value
    of the parameter `sort`; they are empty where it is not there. It sorts from high to low unless
    it is a text. `written` is the text of its cell in a table, where that is all there is to it."""

    key: str
    read: Callable[[StockLine], Any]
    csv: str = ""
    json: tuple[str, ...] = ()
    sort: str = ""
    is_text: bool = False
    table: TableHead | None = None
    written: Callable[[StockLine], str] | None = None


def reason_of(line: StockLine) -> str | None:
    """Why a stock is not rated; None for a rated one."""
    if line.total is not None:
        return None
    return line.reason or NOT_SCORED_YET


def market_cap_currency(line: StockLine) -> str | None:
    """The currency of the market value: that of the reports."""
    if line.market_cap is None:
        return None
    return line.market_cap_currency or major_unit(line.currency)[0]


def _market_cap(line: StockLine) -> str:
    currency = market_cap_currency(line)
    return f"{fmt.money(line.market_cap)} {currency}" if currency else fmt.UNKNOWN


def _factor(factor: str, place: int) -> tuple[StockColumn, ...]:
    path = ("score", "factors", factor)
    return (
        StockColumn(
            factor,
            lambda line: exports.points(line.factors[factor]),
            csv=factor,
            json=(*path, "points"),
            sort=factor,
            table=TableHead(FACTOR_LABELS[factor], 3, "num", "factor", place),
        ),
        StockColumn(f"{factor}_max", lambda _line: FACTOR_POINTS, json=(*path, "max")),
        StockColumn(
            f"{factor}_rated",
            lambda line: line.factors[factor] is not None,
            json=(*path, "rated"),
        ),
    )


def _change(days: int, place: int) -> StockColumn:
    label = "1 day" if days == 1 else f"{days} days"
    return StockColumn(
        f"change_{days}",
        lambda line: exports.points(line.changes[days]),
        csv=f"change_{days}",
        json=("score", "changes", str(days)),
        sort=f"change_{days}",
        table=TableHead(label, 1 if days <= 7 else 2, "num", "change", place),
    )


COLUMNS: tuple[StockColumn, ...] = (
    StockColumn(
        "stock",
        lambda line: line.ticker,
        csv="ticker",
        json=("ticker",),
        sort="ticker",
        is_text=True,
        table=TableHead("Stock", 1, "", "stock"),
    ),
    StockColumn(
        "name",
        lambda line: line.name,
        csv="name",
        json=("name",),
        sort="name",
        is_text=True,
    ),
    StockColumn(
        "exchange",
        lambda line: line.exchange,
        csv="exchange",
        json=("exchange",),
        sort="exchange",
        is_text=True,
        table=TableHead("Exchange", 3, "soft", "text", 4),
    ),
    StockColumn("currency", lambda line: line.currency, csv="currency", json=("currency",)),
    StockColumn(
        "sector",
        lambda line: line.sector,
        csv="sector",
        json=("sector",),
        sort="sector",
        is_text=True,
        table=TableHead("Sector", 2, "soft", "text", 2),
    ),
    StockColumn(
        "industry",
        lambda line: line.industry,
        csv="industry",
        json=("industry",),
        table=TableHead("Industry", 2, "soft", place=3),
        written=lambda line: line.industry or fmt.UNKNOWN,
    ),
    StockColumn("kind", lambda line: line.kind, json=("kind",)),
    StockColumn(
        "price",
        lambda line: line.price,
        csv="price",
        json=("price",),
        table=TableHead("Price", 2, "num", "price", 5),
    ),
    StockColumn("as_of", lambda line: line.price_as_of, csv="as_of", json=("as_of",)),
    StockColumn("price_change", lambda line: line.price_change, json=("price_change",)),
    StockColumn(
        "market_cap",
        lambda line: line.market_cap,
        json=("market_cap",),
        sort="market_cap",
        table=TableHead("Market value", 3, "num", place=6),
        written=_market_cap,
    ),
    StockColumn("market_cap_currency", market_cap_currency, json=("market_cap_currency",)),
    StockColumn(
        "market_cap_base",
        lambda line: line.market_cap_base,
        csv="market_cap_base",
        json=("market_cap_base",),
    ),
    StockColumn(
        "base_currency",
        lambda line: line.base_currency,
        csv="base_currency",
        json=("base_currency",),
    ),
    StockColumn(
        "score",
        lambda line: exports.points(line.total),
        csv="score",
        json=("score", "total"),
        sort="score",
        table=TableHead("Score", 1, "num", "score", 7),
    ),
    StockColumn(
        "scale",
        lambda line: exports.points(line.total),
        table=TableHead("On the scale", 3, "pic", "scale", 8),
    ),
    StockColumn(
        "uncertainty",
        lambda line: exports.points(line.uncertainty),
        csv="uncertainty",
        json=("score", "uncertainty"),
    ),
    StockColumn(
        "coverage",
        lambda line: line.coverage,
        csv="coverage",
        json=("score", "coverage"),
        sort="coverage",
        table=TableHead("Coverage", 3, "num", place=14),
        written=lambda line: fmt.percent(line.coverage, 0),
    ),
    StockColumn("rated", lambda line: line.total is not None, json=("score", "rated")),
    StockColumn(
        "signal",
        lambda line: line.signal,
        csv="signal",
        json=("score", "signal"),
        table=TableHead("Signal", 1, "", "signal", 9),
    ),
    StockColumn(
        "rank",
        lambda line: line.rank,
        csv="rank",
        json=("score", "rank"),
        table=TableHead("#", 1, "rank", "rank", 1, choice="Rank"),
    ),
    StockColumn("percentile", lambda line: line.percentile, json=("score", "percentile")),
    StockColumn(
        "sector_rank",
        lambda line: line.sector_rank,
        csv="sector_rank",
        json=("score", "sector_rank"),
    ),
    *(column for place, factor in enumerate(FACTORS, 10) for column in _factor(factor, place)),
    *(_change(days, place) for place, days in enumerate(CHANGE_DAYS, 15)),
    StockColumn(
        "trail",
        lambda _line: None,
        table=TableHead("Last days as a line", 4, "pic apart", "trail"),
    ),
    StockColumn(
        "not_rated_because", reason_of, csv="not_rated_because", json=("not_rated_because",)
    ),
)

BY_KEY = {column.key: column for column in COLUMNS}

SORTS = {column.key: column.sort for column in COLUMNS if column.sort and column.table}
"""Columns whose head is a sort link, with the parameter's value."""

TEXT_SORTS = frozenset(column.sort for column in COLUMNS if column.sort and column.is_text)

CSV_HEADER = tuple(column.csv for column in COLUMNS if column.csv)
_CSV_READERS = tuple(column.read for column in COLUMNS if column.csv)

WRITTEN = {column.key: column.written for column in COLUMNS if column.written}
"""The columns whose cell is a text, with what writes it."""


def _choosable() -> dict[str, str]:
    placed = [
        (column.table.place, column.key, column.table.choice or column.table.label)
        for column in COLUMNS
        if column.table and column.table.place is not None
    ]
    return {key: label for _, key, label in sorted(placed)}


CHOOSABLE = _choosable()
"""Columns that a reader can choose, by key with their labels, in the order in which tables show
them; the stock itself always has a column."""


def natural_direction(sort: str) -> str:
    """Text from A to Z, numbers from high to low."""
    return "asc" if sort in TEXT_SORTS else "desc"


def column(
    key: str,
    label: str | None = None,
    priority: int | None = None,
    link: tuple[str | None, str | None] = (None, None),
) -> Column:
    """A column of a table: the defined one of this key, with another label or priority where one is
    given, or one that the page alone has and writes itself (`StockLineView.cells`). `link` is the
    one that sorts by it, and its direction in force."""
    defined = BY_KEY.get(key)
    head = defined.table if defined else None
    head = head or TableHead(key, FREE_PRIORITY, FREE_STYLE)
    return Column(
        key=key,
        label=label or head.label,
        priority=priority or head.priority,
        style=head.style,
        cell=head.cell,
        url=link[0],
        direction=link[1],
    )


def columns(
    keys: Sequence[str], links: Mapping[str, tuple[str, str | None]] = {}
) -> tuple[Column, ...]:
    """Columns of a stock table; `links` gives a key its sort link and its direction in force."""
    return tuple(column(key, link=links.get(key, (None, None))) for key in keys)


def csv_line(line: StockLine) -> tuple[Any, ...]:
    """One line of CSV, under `CSV_HEADER`."""
    return tuple([read(line) for read in _CSV_READERS])


def csv_lines(ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """The cells of these stocks under `CSV_HEADER`, written already (`exports.cell`)."""
    fields = lists.fields_of(ids, _FIELDS)
    # A column that nobody has written for whole files is read stock by stock.
    slow = set(CSV_HEADER) - _WRITERS.keys()
    lines = lists.lines_of(ids) if slow else []
    return zip(
        *(
            [exports.cell(read(line)) for line in lines]
            if column in slow
            else _WRITERS[column](fields)
            for column, read in zip(CSV_HEADER, _CSV_READERS, strict=True)
        ),
        strict=True,
    )


Fields = Mapping[str, Sequence[Any]]


def _texts(name: str) -> Callable[[Fields], Sequence[Any]]:
    return lambda fields: exports.text_cells(fields[name])


def _numbers(name: str) -> Callable[[Fields], Sequence[Any]]:
    return lambda fields: list(map(exports.number, fields[name]))


def _in_points(name: str) -> Callable[[Fields], Sequence[Any]]:
    return lambda fields: list(map(exports.points, fields[name]))


def _reasons(fields: Fields) -> Sequence[Any]:
    return exports.text_cells(
        [
            None if total is not None else reason or NOT_SCORED_YET
            for total, reason in zip(fields["total"], fields["reason"], strict=True)
        ]
    )


_WRITERS: Mapping[str, Callable[[Fields], Sequence[Any]]] = {
    **{
        name: _texts(name)
        for name in ("ticker", "name", "exchange", "currency", "sector", "industry", "signal")
    },
    "base_currency": _texts("base_currency"),
    **{name: _numbers(name) for name in ("price", "market_cap_base", "coverage")},
    "as_of": lambda fields: list(map(exports.moment, fields["price_as_of"])),
    "score": _in_points("total"),
    "uncertainty": _in_points("uncertainty"),
    "rank": lambda fields: fields["rank"],
    "sector_rank": lambda fields: fields["sector_rank"],
    **{factor: _in_points(factor) for factor in FACTORS},
    **{f"change_{days}": _in_points(f"change_{days}") for days in CHANGE_DAYS},
    "not_rated_because": _reasons,
}
"""How the columns of CSV are written for many stocks at once, as `csv_line` says of each one."""

_FIELDS = frozenset({"total", "reason", *_WRITERS})
"""The fields of stocks that these read; most have the name of their column."""


def item(line: StockLine) -> dict[str, Any]:
    """One item of a list in JSON."""
    made: dict[str, Any] = {}
    for column in COLUMNS:
        if column.json:
            inner = made
            for key in column.json[:-1]:
                inner = inner.setdefault(key, {})
            inner[column.json[-1]] = exports.value(column.read(line))
    return made
