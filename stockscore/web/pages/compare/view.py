"""Stocks side by side: every figure, and which is the best of its row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from stockscore.scoring.fields import FIELDS, Field
from stockscore.scoring.formulas import Reading
from stockscore.scoring.method import FACTORS
from stockscore.scoring.reasons import NOT_APPLICABLE
from stockscore.scoring.stored_score import StoredScore
from stockscore.services.comparison import Compared, best_of, reading_of
from stockscore.store.pages.lists import StockLine
from stockscore.web.pages.compare.question import MOST, url_of
from stockscore.web.ui import format as fmt
from stockscore.web.ui.charts import radar
from stockscore.web.ui.charts.radar import Radar
from stockscore.web.ui.components import StockLink
from stockscore.web.ui.empty import Empty
from stockscore.web.ui.figures import figure


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
    """Figures under one heading."""

    label: str
    figures: tuple[ComparedFigure, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """A stock at the head of its column; `best` says in how many figures it is best."""

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
        sum(compared.cells[column].best for group in groups for compared in group.figures)
        for column in range(len(found))
    ]
    return CompareView(
        title=" and ".join(tickers) if len(tickers) == 2 else ", ".join(tickers) or "Compare",
        subtitle=_subtitle(found, wins),
        empty=nothing_yet,
        problems=(
            *(_unknown_problem(stock, tickers) for stock in unknown),
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
    """The factors of all rated stocks over one another; None for a single one, which would compare
    with nothing."""
    rated = [
        (stock.line.ticker, stock.line.factors) for stock in found if stock.line.total is not None
    ]
    return radar(rated) if len(rated) > 1 else None


def _unknown_problem(unknown: Unknown, tickers: Sequence[str]) -> Problem:
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
    """The figures that apply to any of the stocks, by group."""
    groups = []
    for label, fields in groupby(FIELDS, key=lambda field: field.group):
        figures = tuple(_compared_figure(field, found) for field in fields)
        groups.append(FigureGroup(label, tuple(filter(_applies, figures))))
    return tuple(group for group in groups if group.figures)


def _applies(compared: ComparedFigure) -> bool:
    return any(cell.text != DOES_NOT_APPLY for cell in compared.cells)


DOES_NOT_APPLY = "not for its kind"


def _compared_figure(field: Field, found: Sequence[Compared]) -> ComparedFigure:
    readings = [reading_of(field, stock) for stock in found]
    best = best_of(field, found, figure)
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


def _written(field: Field, reading: Reading, stock: Compared) -> str:
    record, line = stock.record, stock.line
    if record and field.metric and not _is_asked(field.metric, record):
        return DOES_NOT_APPLY
    if reading.value is None and field.key == "score":
        return "not rated"
    written = figure(field, reading)
    if reading.value is not None and field.unit == "price":
        return f"{written} {line.currency}"
    if reading.value is not None and field.unit == "money":
        return f"{written} {line.base_currency or ''}".strip()
    return written


def _is_asked(metric: str, record: StoredScore) -> bool:
    """Whether the method that made a score asks a metric of this kind of company."""
    result = record.by_key.get(metric)
    return result is not None and result.reason != NOT_APPLICABLE
