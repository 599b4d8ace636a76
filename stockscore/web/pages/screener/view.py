"""The screener: its strategies, its form, and which stocks meet which conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import Any

from stockscore.scoring.fields import BY_KEY as FIELDS_BY_KEY
from stockscore.scoring.fields import FIELDS, Field
from stockscore.scoring.method import FACTORS
from stockscore.scoring.screens import Condition, Verdict
from stockscore.scoring.signals import SIGNALS
from stockscore.scoring.strategies import STRATEGIES
from stockscore.services.screening import TEXT_SORTS, Screened, Screening
from stockscore.store.pages.editions import EditionRow
from stockscore.store.pages.lists import StockLine
from stockscore.web.http.params import Query
from stockscore.web.pages.screener.question import ADDS, BOUNDS, PATH, plainly
from stockscore.web.ui import column_choice, columns, exports, stock_rows
from stockscore.web.ui import format as fmt
from stockscore.web.ui.column_choice import ColumnChoice
from stockscore.web.ui.components import Column, Pager, StockLineView
from stockscore.web.ui.empty import Empty
from stockscore.web.ui.figures import figure
from stockscore.web.ui.filter_form import list_pager

MARKS = {True: "✓", False: "✗", None: "?"}
"""What stands before the figure of a condition that is met, not met, or not known."""

SHOWN = 6
"""Conditions that have a column of their own; JSON and CSV have all."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A stock of the result with what became of the conditions."""

    line: StockLine
    screened: Screened


@dataclass(frozen=True, slots=True)
class StrategyLine:
    """A ready-made screen: its conditions in words, how many stocks fit, and its address."""

    label: str
    description: str
    conditions: str
    count: int
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class RangeFields:
    """A condition in the form: two fields with what stands in them."""

    key: str
    label: str
    hint: str
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class ScreenForm:
    """The form of a screen. `groups` are the figures that can be added, `adds` the names of the
    empty rows, `kept` parameters that it carries along."""

    action: str
    sectors: tuple[tuple[str, str], ...]
    sector: str
    exchanges: tuple[tuple[str, str], ...]
    exchange: str
    signals: tuple[tuple[str, str], ...]
    signal: str
    ranges: tuple[RangeFields, ...]
    adds: tuple[str, ...]
    groups: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    kept: tuple[tuple[str, str], ...]
    csv: str
    json: str


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A figure that can be screened by, for the list of all."""

    key: str
    label: str
    group: str
    unit: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Counted:
    """How many stocks would be shown, with the address that shows them."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class ScreenerView:
    """/screener. `views` are links to what fits and to what misses one condition; `sentence` says
    the conditions in words, empty where nothing is asked; `counted` stands in place of the result
    where the stocks are only to be counted."""

    title: str
    subtitle: str
    empty: Empty | None
    strategies: tuple[StrategyLine, ...]
    own_url: str
    form: ScreenForm
    sentence: str
    counted: Counted | None
    views: tuple[tuple[str, str, bool], ...]
    rows: tuple[StockLineView, ...]
    columns: tuple[Column, ...]
    choice: ColumnChoice
    caption: str
    nothing: str
    pager: Pager
    fields: tuple[FieldLine, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    """One condition in force, in words: "P/E" "below 15"."""

    field: Field
    text: str


def screener_view(
    query: Query,
    choices: Mapping[str, Sequence[str]],
    screening: Screening,
    hits: Sequence[Hit],
    nothing_yet: Empty | None,
    edition: EditionRow | None,
) -> ScreenerView:
    """One page of a result, with the form that it came from."""
    asked = _asked(screening, edition)
    near = query["show"] == "near"
    return ScreenerView(
        title=screening.screen.strategy.label if screening.screen.strategy else "Screener",
        subtitle=_subtitle(screening, asked),
        empty=nothing_yet,
        strategies=_strategies(query, screening.counts),
        own_url=query.url(PATH, without=("strategy", "page", "sort", "dir", "show")),
        form=_form(query, choices, screening.screen.ranges),
        sentence=_sentence(asked),
        counted=_counted(query, screening),
        views=_views(query, screening) if len(asked) > 1 or near else (),
        rows=tuple(_row(hit, asked) for hit in hits),
        columns=_columns(query, asked, near),
        choice=column_choice.choice(PATH, query, _usual(asked)),
        caption=f"Stocks that {'miss one condition' if near else 'fit'}, page {query['page']}",
        nothing=_nothing(screening, near),
        pager=list_pager(PATH, query, len(screening.found)),
        fields=tuple(
            FieldLine(field.key, field.label, field.group, UNITS[field.unit], field.meaning)
            for field in FIELDS
        ),
    )


UNITS = {
    "percent": "fraction or %",
    "signed_percent": "fraction or %",
    "ratio": "ratio",
    "multiple": "times",
    "index": "0 to 100",
    "points": "points",
    "signed_points": "points",
    "money": "money, such as 2bn",
    "price": "as quoted",
}


def _asked(screening: Screening, edition: EditionRow | None) -> tuple[_Asked, ...]:
    ready_made = screening.screen.strategy.conditions if screening.screen.strategy else ()
    return tuple(
        _Asked(condition.field, _condition_text(condition, edition))
        for condition in (*ready_made, *screening.screen.ranges)
    )


def _condition_text(condition: Condition, edition: EditionRow | None = None) -> str:
    field, low, high = condition.field, condition.low, condition.high
    base = edition.summary.base_currency if edition and field.unit == "money" else None
    unit = f" {base}" if base else ""
    if high is None:
        return f"{'above' if condition.strict else 'at least'} {limit(field, low)}{unit}"
    if low is None:
        return f"{'below' if condition.strict else 'at most'} {limit(field, high)}{unit}"
    return f"{limit(field, low)} to {limit(field, high)}{unit}"


def limit(field: Field, value: float | None) -> str:
    """An end of a range as it was meant: 15 %, 0.5, 2.0 bn."""
    if value is None:
        return fmt.UNKNOWN
    if field.unit == "money":
        return fmt.money(value)
    if field.unit.endswith("percent"):
        written = f"{_hundredfold(value)}{fmt.SPACE}%"
    else:
        written = plainly(value)
    return written.replace("-", fmt.MINUS)


def _hundredfold(value: float) -> str:
    written = f"{Decimal(repr(value)).scaleb(2):f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def _subtitle(screening: Screening, asked: Sequence[_Asked]) -> str:
    stocks = fmt.plural(screening.stocks, "stock")
    if not asked:
        return f"{stocks} to choose from. Take a ready-made screen, or set conditions of your own."
    fit = "fit" if screening.fits > 1 else "fits"
    number = fmt.words(screening.fits).capitalize() if screening.fits else "None"
    return f"{number} of {stocks} {fit}. The address of this page is the saved screen."


def _sentence(asked: Sequence[_Asked]) -> str:
    return "; ".join(f"{condition.field.label} {condition.text}" for condition in asked)


def _strategies(query: Query, counts: Mapping[str, int]) -> tuple[StrategyLine, ...]:
    away = ("page", "sort", "dir", "show", *(parameter.name for parameter in BOUNDS))
    return tuple(
        StrategyLine(
            label=strategy.label,
            description=strategy.description,
            conditions="; ".join(
                f"{condition.field.label} {_condition_text(condition)}"
                for condition in strategy.conditions
            ),
            count=counts[strategy.key],
            url=query.url(PATH, without=away, strategy=strategy.key),
            current=query["strategy"] == strategy.key,
        )
        for strategy in STRATEGIES
    )


def _form(
    query: Query, choices: Mapping[str, Sequence[str]], ranges: Sequence[Condition]
) -> ScreenForm:
    names = {
        "sector",
        "exchange",
        "signal",
        "show",
        "page",
        *(parameter.name for parameter in BOUNDS),
    }
    return ScreenForm(
        action=PATH,
        sectors=tuple((name, name) for name in choices["sectors"]),
        sector=query["sector"],
        exchanges=tuple((mic, mic) for mic in choices["exchanges"]),
        exchange=query["exchange"],
        signals=tuple((name, name) for name in SIGNALS),
        signal=query["signal"],
        ranges=tuple(
            RangeFields(
                limits.field.key,
                limits.field.label,
                UNITS[limits.field.unit],
                _typed(limits.field, limits.low),
                _typed(limits.field, limits.high),
            )
            for limits in ranges
        ),
        adds=ADDS,
        groups=tuple(
            (group, tuple((field.key, field.label) for field in members))
            for group, members in groupby(FIELDS, key=lambda field: field.group)
        ),
        kept=tuple(query.given(without=names).items()),
        csv=query.url(f"{PATH}.csv", without=("page", "per_page", "cols")),
        json=query.url(f"{PATH}.json", without=("cols",)),
    )


def _typed(field: Field, value: float | None) -> str:
    """A limit as a reader would type it."""
    if value is None:
        return ""
    return f"{_hundredfold(value)}%" if field.unit.endswith("percent") else plainly(value)


def _views(query: Query, screening: Screening) -> tuple[tuple[str, str, bool], ...]:
    fit = query.url(PATH, without=("page", "show"))
    near = query.url(PATH, without=("page",), show="near")
    return (
        (f"Meet all: {fmt.count(screening.fits)}", fit, query["show"] == "fit"),
        (f"Miss one: {fmt.count(screening.near)}", near, query["show"] == "near"),
    )


def _nothing(screening: Screening, near: bool) -> str:
    if near:
        return "No stock misses just one condition."
    if screening.near:
        only = fmt.words(screening.near)
        return f"No stock meets all conditions; {only} would if one were loosened."
    return "No stock meets all conditions. Widen a range, or take a condition away."


def _counted(query: Query, screening: Screening) -> Counted | None:
    if query["show"] != "count":
        return None
    return Counted(
        f"{fmt.count(screening.fits)} of {fmt.plural(screening.stocks, 'stock')} "
        f"{'meets' if screening.fits == 1 else 'meet'} all conditions, "
        f"{fmt.count(screening.near)} {'misses' if screening.near == 1 else 'miss'} one.",
        query.url(PATH, without=("page", "show")),
    )


def _columns(query: Query, asked: Sequence[_Asked], near: bool) -> tuple[Column, ...]:
    """Columns of every list, chosen or usual, then what became of the conditions."""
    links = {key: column_choice.sort_link(PATH, query, sort) for key, sort in SORTS.items()}
    found = list(column_choice.shown(query, _usual(asked), links))
    if asked and query["cols"] is None:
        found = [replace(shown, priority=3) if shown.key == "signal" else shown for shown in found]
    if near:
        found.append(columns.column("misses", "Misses", priority=1))
    elif asked:
        found.append(columns.column("meets", "Meets", priority=1))
    seen: set[str] = set()
    chosen = query["cols"] or ()
    for condition in asked[: min(SHOWN, column_choice.MOST - len(chosen))]:
        if condition.field.key in seen:
            continue
        seen.add(condition.field.key)
        priority = 3 if chosen or len(seen) > SHOWN // 2 else 2
        sort = column_choice.sort_link(PATH, query, condition.field.key)
        found.append(
            columns.column(f"c-{condition.field.key}", condition.field.label, priority, sort)
        )
    return tuple(found)


SORTS = {
    column: sort
    for column, sort in columns.SORTS.items()
    if sort in FIELDS_BY_KEY or sort in TEXT_SORTS
}
"""Columns whose head is a sort link, with the parameter's value."""


def _usual(asked: Sequence[_Asked]) -> tuple[str, ...]:
    return ("stock", "score", "signal") if asked else USUAL


USUAL = ("stock", "sector", "score", "signal", *FACTORS, "change_7")
"""Columns where nothing is asked."""


def _row(hit: Hit, asked: Sequence[_Asked]) -> StockLineView:
    verdicts = hit.screened.verdicts
    cells = {"meets": f"{hit.screened.passed} of {len(verdicts)}", "misses": "nothing"}
    for condition, verdict in zip(asked, verdicts, strict=True):
        written = figure(condition.field, verdict.reading)
        if condition.field.unit == "money" and verdict.reading.value is not None:
            written = f"{written} {hit.line.base_currency or ''}".rstrip()
        key = f"c-{condition.field.key}"
        cells[key] = f"{MARKS[_both(cells.get(key), verdict)]}{fmt.SPACE}{written}"
        if verdict.passed is not True:
            cells["misses"] = f"{condition.field.label}: {written}"
    return stock_rows.row(hit.line, cells=cells)


def _both(before: str | None, verdict: Verdict) -> bool | None:
    """One mark for a figure that both the strategy and a range look at."""
    return False if before and before.startswith(MARKS[False]) else verdict.passed


def as_data(
    query: Query, screening: Screening, hits: Sequence[Hit], edition: EditionRow | None
) -> dict[str, Any]:
    """A page of a result as JSON."""
    asked = _asked(screening, edition)
    return {
        "items": [
            columns.item(hit.line)
            | {
                "conditions": [
                    _verdict_data(condition, verdict)
                    for condition, verdict in zip(asked, hit.screened.verdicts, strict=True)
                ]
            }
            for hit in hits
        ],
        "strategy": query["strategy"] or None,
        "conditions": [
            {"figure": condition.field.key, "text": condition.text} for condition in asked
        ],
        "show": query["show"],
        "fit": screening.fits,
        "near": screening.near,
        "stocks": screening.stocks,
        "strategies": screening.counts,
        "page": query["page"],
        "per_page": query["per_page"],
        "total": len(screening.found),
        **exports.edition(edition),
    }


def _verdict_data(condition: _Asked, verdict: Verdict) -> dict[str, Any]:
    return {
        "figure": condition.field.key,
        "value": exports.number(verdict.reading.value),
        "passed": verdict.passed,
        "note": verdict.reading.note,
    }


def csv_header(screening: Screening) -> tuple[str, ...]:
    """The head of CSV: the columns of every list, then two a condition."""
    keys = [condition.field.key for condition in screening.screen.conditions]
    pairs = [
        (f"screen_{number}_{key}", f"screen_{number}_passed") for number, key in enumerate(keys, 1)
    ]
    return (*columns.CSV_HEADER, *(name for pair in pairs for name in pair))


def csv_line(hit: Hit) -> tuple[Any, ...]:
    """One line of CSV, under `csv_header`; passed is "yes", "no" or empty for unknown."""
    words = {True: "yes", False: "no", None: None}
    cells = [(verdict.reading.value, words[verdict.passed]) for verdict in hit.screened.verdicts]
    return (*columns.csv_line(hit.line), *(cell for pair in cells for cell in pair))


def csv_lines(screening: Screening) -> Iterator[tuple[Any, ...]]:
    """The lines of CSV, under `csv_header`; passed is "yes", "no" or empty for unknown."""
    lines = columns.csv_lines(screening.ids())
    if not screening.screen.conditions:
        yield from lines
        return
    words = {True: "yes", False: "no", None: None}
    for line, screened in zip(lines, screening.shown(), strict=True):
        pairs = [
            (exports.number(verdict.reading.value), words[verdict.passed])
            for verdict in screened.verdicts
        ]
        yield (*line, *(cell for pair in pairs for cell in pair))
