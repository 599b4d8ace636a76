"""Stocks side by side: every figure, and which is the best of its row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from stockscore.scoring.fields import FIELDS, Field, values_of
from stockscore.scoring.formulas import Reading, Values
from stockscore.scoring.method import FACTORS
from stockscore.scoring.reasons import NOT_APPLICABLE
from stockscore.scoring.record import Record
from stockscore.store.pages.editions import EditionRow
from stockscore.store.pages.lists import StockLine
from stockscore.web.http.params import quoted
from stockscore.web.ui import exports, stock_rows
from stockscore.web.ui import format as fmt
from stockscore.web.ui.charts import radar
from stockscore.web.ui.charts.radar import Radar
from stockscore.web.ui.components import StockLink
from stockscore.web.ui.empty import Empty
from stockscore.web.ui.figures import figure

PATH = "/compare"

MOST = 4
"""Stocks that fit side by side on a phone."""


@dataclass(frozen=True)
class Compared:
    """A stock with its record, None for one that no edition has scored."""

    line: StockLine
    record: Record | None

    @cached_property
    def values(self) -> Values:
        """What fields read of it."""
        if self.record is None:
            return {}
        line = self.line
        changes = {f"change_{days}": change for days, change in line.changes.items()}
        points = {"score": line.total, **line.factors, **changes}
        return values_of(self.record, points, line.price)


@dataclass(frozen=True, slots=True)
class Unknown:
    """What is no ticker, and stocks that could have been meant."""

    text: str
    near: tuple[StockLink, ...]


@dataclass(frozen=True, slots=True)
class ComparedCell:
    """A figure of one stock. `bar` are factor points in hundredths, for the rows of factors."""

    text: str
    best: bool
    known: bool
    bar: int | None = None


@dataclass(frozen=True, slots=True)
class ComparedFigure:
    """One figure of all stocks."""

    label: str
    meaning: str
    cells: tuple[ComparedCell, ...]


@dataclass(frozen=True, slots=True)
class FigureGroup:
    """Rows under one heading."""

    label: str
    rows: tuple[ComparedFigure, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """A stock at the head of its column; `best` says in how many rows it is best."""

    ticker: str
    name: str
    sector: str
    total: int | None
    uncertainty: int | None
    signal: str | None
    best: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about the question that the page could not do; `near` are (ticker, name, the
    address of the comparison with it instead)."""

    kind: str
    heading: str
    text: str
    near: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CompareView:
    """/compare. `kept` are the tickers that the form to add one carries along; `room` is for how
    many more there is space."""

    title: str
    subtitle: str
    empty: Empty | None
    problems: tuple[Problem, ...]
    kept: tuple[str, ...]
    room: int
    heads: tuple[Head, ...]
    radar: Radar | None
    groups: tuple[FigureGroup, ...]


def url_of(tickers: Iterable[str]) -> str:
    """The address of a comparison, in the order given."""
    query = "&".join(f"t={quoted(ticker)}" for ticker in tickers)
    return f"{PATH}?{query}" if query else PATH


def compare_view(
    found: Sequence[Compared],
    unknown: Sequence[Unknown],
    repeated: Sequence[str],
    nothing_yet: Empty | None,
) -> CompareView:
    """The comparison of the stocks that were found."""
    tickers = [stock.line.ticker for stock in found]
    groups = _groups(found) if len(found) > 1 else ()
    wins = [
        sum(row.cells[column].best for group in groups for row in group.rows)
        for column in range(len(found))
    ]
    return CompareView(
        title=" and ".join(tickers) if len(tickers) == 2 else ", ".join(tickers) or "Compare",
        subtitle=_subtitle(found, wins),
        empty=nothing_yet,
        problems=(
            *(_unknown(question, tickers) for question in unknown),
            *(
                Problem("info", f"{ticker} was given more than once", "It is shown once.")
                for ticker in repeated
            ),
        ),
        kept=tuple(tickers),
        room=MOST - len(found),
        heads=tuple(
            _head(stock.line, number, tickers) for stock, number in zip(found, wins, strict=True)
        ),
        radar=_radar(found),
        groups=groups,
    )


def _radar(found: Sequence[Compared]) -> Radar | None:
    """The factors of all that are rated over one another; one alone shows nothing."""
    rated = [
        (stock.line.ticker, stock.line.factors) for stock in found if stock.line.total is not None
    ]
    return radar(rated) if len(rated) > 1 else None


def _unknown(unknown: Unknown, tickers: Sequence[str]) -> Problem:
    near = [link for link in unknown.near if link.ticker not in tickers]
    return Problem(
        "error",
        f"No stock has the ticker “{unknown.text}”",
        "Did you mean one of these?" if near else "Look it up under Stocks.",
        tuple((link.ticker, link.name, url_of([*tickers, link.ticker])) for link in near),
    )


def _subtitle(found: Sequence[Compared], wins: Sequence[int]) -> str:
    if not found:
        return f"Two to {fmt.words(MOST)} stocks side by side, the best figure of each row marked."
    if len(found) == 1:
        return f"{found[0].line.name} is in; add a second stock to compare it with."
    rated = [stock.line for stock in found if stock.line.total is not None]
    most = max(wins)
    leaders = [
        stock.line.ticker for stock, number in zip(found, wins, strict=True) if number == most
    ]
    rows = f"the best figure in {fmt.plural(most, 'row')}"
    text = f"{leaders[0]} has {rows}." if len(leaders) == 1 else ""
    if len(rated) > 1:
        first = max(rated, key=lambda line: line.total or 0)
        text = f"{first.ticker} scores highest with {fmt.points(first.total)}. {text}"
    return text.strip() or "The best figure of each row is marked."


def _head(line: StockLine, wins: int, tickers: Sequence[str]) -> Head:
    return Head(
        ticker=line.ticker,
        name=line.name,
        sector=line.sector or "Sector unknown",
        total=line.total,
        uncertainty=line.uncertainty,
        signal=line.signal,
        best=f"best in {wins}",
        remove_url=url_of(ticker for ticker in tickers if ticker != line.ticker),
    )


def _groups(found: Sequence[Compared]) -> tuple[FigureGroup, ...]:
    groups = []
    for label, fields in groupby(FIELDS, key=lambda field: field.group):
        rows = tuple(_row(field, found) for field in fields)
        groups.append(FigureGroup(label, tuple(row for row in rows if _says_something(row))))
    return tuple(group for group in groups if group.rows)


def _says_something(row: ComparedFigure) -> bool:
    """Whether a row applies to any of the stocks."""
    return any(cell.text != DOES_NOT_APPLY for cell in row.cells)


DOES_NOT_APPLY = "not for its kind"


def _row(field: Field, found: Sequence[Compared]) -> ComparedFigure:
    readings = [reading_of(field, stock) for stock in found]
    best = best_of(field, found)
    return ComparedFigure(
        field.label,
        field.meaning,
        tuple(
            ComparedCell(
                text=_written(field, reading, stock),
                best=column in best,
                known=reading.compared is not None,
                bar=stock.line.factors[field.key] if field.key in FACTORS else None,
            )
            for column, (reading, stock) in enumerate(zip(readings, found, strict=True))
        ),
    )


def reading_of(field: Field, stock: Compared) -> Reading:
    """One figure of one stock; nothing is known of a stock that no edition has scored."""
    return field.read(stock.values)


def best_of(field: Field, found: Sequence[Compared]) -> frozenset[int]:
    """The places of the best figure, with those that read the same. There is none where fewer than
    two are known, where all read alike, and where neither high nor low is good; of a metric whose
    best lies in the middle it is the one with the highest sub-score."""
    readings = [reading_of(field, stock) for stock in found]
    worth = [_worth(field, reading, stock) for reading, stock in zip(readings, found, strict=True)]
    known = {column: value for column, value in enumerate(worth) if value is not None}
    if len(known) < 2:
        return frozenset()
    most = max(known.values())
    texts = {column: figure(field, readings[column]) for column in known}
    best = {texts[column] for column, value in known.items() if value == most}
    places = frozenset(column for column in known if texts[column] in best)
    return places if len(places) < len(known) else frozenset()


def _worth(field: Field, reading: Reading, stock: Compared) -> float | None:
    """What is better the higher it is; None where a figure cannot be the best."""
    if field.higher_is_better is not None:
        sign = 1 if field.higher_is_better else -1
        return None if reading.compared is None else sign * reading.compared
    if field.metric is None or stock.record is None:
        return None
    return stock.record.by_key[field.metric].sub_score


def _written(field: Field, reading: Reading, stock: Compared) -> str:
    record, line = stock.record, stock.line
    if record and field.metric and record.by_key[field.metric].reason == NOT_APPLICABLE:
        return DOES_NOT_APPLY
    if reading.value is None and field.key == "score":
        return "not rated"
    written = figure(field, reading)
    if reading.value is not None and field.unit == "price":
        return f"{written} {line.currency}"
    if reading.value is not None and field.unit == "money":
        return f"{written} {stock_rows.market_cap_currency(line) or ''}".strip()
    return written


def as_data(found: Sequence[Compared], edition: EditionRow | None) -> dict[str, Any]:
    """The comparison as JSON: each stock with all figures, and for each figure the best tickers."""
    return {
        "items": [
            stock_rows.item(stock.line)
            | {
                "figures": {
                    field.key: exports.number(reading_of(field, stock).value) for field in FIELDS
                }
            }
            for stock in found
        ],
        "best": {field.key: _best_tickers(field, found) for field in FIELDS},
        **exports.edition(edition),
    }


def _best_tickers(field: Field, found: Sequence[Compared]) -> list[str]:
    return [found[column].line.ticker for column in sorted(best_of(field, found))]


def csv_header(found: Sequence[Compared]) -> tuple[str, ...]:
    """The head of CSV."""
    return ("figure", "label", "unit", *(stock.line.ticker for stock in found), "best")


def csv_rows(found: Sequence[Compared]) -> list[tuple[Any, ...]]:
    """One line a figure, under `csv_header`."""
    return [
        (
            field.key,
            field.label,
            field.unit,
            *(exports.number(reading_of(field, stock).value) for stock in found),
            " ".join(_best_tickers(field, found)),
        )
        for field in FIELDS
    ]
