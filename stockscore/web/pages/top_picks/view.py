"""The top picks of a horizon, each with the reason why it stands where it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stockscore.scoring import explain, method
from stockscore.scoring.horizons import BY_KEY, HORIZONS
from stockscore.scoring.method import FACTOR_LABELS, FACTORS
from stockscore.scoring.stored_score import MetricResult, StoredScore
from stockscore.services.top_picks import SORTS, Ranked
from stockscore.store.pages.editions import EditionRow
from stockscore.store.pages.lists import StockLine
from stockscore.web.http.params import Query
from stockscore.web.ui import column_choice, columns, exports, stock_rows
from stockscore.web.ui import format as fmt
from stockscore.web.ui.components import Pager, StockLineView
from stockscore.web.ui.empty import Empty
from stockscore.web.ui.filter_form import FilterForm, form_of, list_pager

PATH = "/top-picks"

STRONG, WEAK = 1500, 1000
"""Factor points in hundredths from which a reason calls a factor strong, and below which weak."""


@dataclass(frozen=True, slots=True)
class Pick:
    """A stock with its place, its fit in hundredths, and why."""

    place: int
    fit: int
    line: StockLine
    why: str


@dataclass(frozen=True, slots=True)
class PickLine:
    """One line of the table of picks."""

    place: int
    fit: int
    why: str
    stock: StockLineView


@dataclass(frozen=True, slots=True)
class WeightsForm:
    """The form for own weights, one text such as "30,30,15,25"; `kept` is carried along."""

    action: str
    value: str
    kept: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TopPicksView:
    """/top-picks. `weights` are (factor, written percentage); `sorts` are links of heads with the
    direction of the one in force; `horizons` are links with whether
    each is in force. `nothing` is sentences in the table where no stock fits."""

    subtitle: str
    empty: Empty | None
    horizons: tuple[tuple[str, str, bool], ...]
    weights: tuple[tuple[str, str], ...]
    sorts: Mapping[str, tuple[str, str | None]]
    own: WeightsForm
    form: FilterForm
    rows: tuple[PickLine, ...]
    caption: str
    nothing: str
    pager: Pager


def weights_of(query: Query) -> tuple[int, ...]:
    """The weights in force, in the order of the factors, in percent."""
    return query["w"] or BY_KEY[query["horizon"]].weights


def pick(
    ranked: Ranked, line: StockLine, record: StoredScore | None, weights: Sequence[int]
) -> Pick:
    """A ranked stock with its reason."""
    return Pick(ranked.place, ranked.fit, line, why(line, record, weights))


def why(line: StockLine, record: StoredScore | None, weights: Sequence[int]) -> str:
    """What carries a stock under these weights: its strongest factors that count, what its best
    metric among them says, and the factor that holds it back."""
    counted = dict(zip(FACTORS, weights, strict=True))
    rated = {name: points for name, points in line.factors.items() if points is not None}
    weighed = sorted(
        (name for name in rated if counted[name]),
        key=lambda name: (-counted[name] * rated[name], FACTORS.index(name)),
    )
    if not weighed:
        return "Nothing that these weights count is rated."
    strong = [name for name in weighed if rated[name] >= STRONG][:2] or weighed[:1]
    best = _best_metric(record, strong) if record else None
    weak = min(weighed, key=rated.__getitem__)
    sentences = [
        f"{_named(strong, rated).capitalize()} {'carry' if len(strong) > 1 else 'carries'} it."
    ]
    if best is not None:
        kind = line.kind or method.GENERAL
        sentences.append(
            f"Strongest metric: {best.metric.label}. "
            f"{explain.sentence(best, line.sector, kind=kind)}"
        )
    if weak not in strong and rated[weak] < WEAK:
        sentences.append(f"{_named([weak], rated).capitalize()} holds it back.")
    return " ".join(sentences)


def _named(names: Sequence[str], points: Mapping[str, int]) -> str:
    """ "momentum (24.1 of 25) and quality (21.3)"."""
    texts = [f"{FACTOR_LABELS[name].lower()} ({fmt.points(points[name])}" for name in names]
    return " and ".join(
        f"{text} of {method.FACTOR_POINTS})" if index == 0 else f"{text})"
        for index, text in enumerate(texts)
    )


def _best_metric(record: StoredScore, factors: Sequence[str]) -> MetricResult | None:
    """Of the strongest factor the metric nearest to its maximum, the heavier one of a tie."""
    known = [
        result
        for result in record.metrics
        if result.metric.factor == factors[0] and result.points is not None
    ]
    return max(known, key=lambda result: (result.sub_score or 0.0, result.max_points), default=None)


def top_picks_view(
    query: Query,
    choices: Mapping[str, Sequence[str]],
    picks: Sequence[Pick],
    total: int,
    edition: EditionRow | None,
    nothing_yet: Empty | None,
) -> TopPicksView:
    """One page of the picks."""
    shown = list_pager(PATH, query, total)
    return TopPicksView(
        subtitle=_subtitle(query, total, edition),
        empty=nothing_yet,
        horizons=tuple(
            (
                f"{horizon.label}: {horizon.span}",
                query.url(PATH, without=("w", "page"), horizon=horizon.key),
                query["horizon"] == horizon.key,
            )
            for horizon in HORIZONS
        ),
        weights=tuple(
            (FACTOR_LABELS[name], f"{weight}{fmt.SPACE}%")
            for name, weight in zip(FACTORS, weights_of(query), strict=True)
        ),
        sorts={sort: column_choice.sort_link(PATH, query, sort) for sort in SORTS},
        own=WeightsForm(
            action=PATH,
            value=",".join(map(str, query["w"] or ())),
            kept=tuple(query.given(without=("w", "horizon", "page")).items()),
        ),
        form=form_of(PATH, query, choices),
        rows=tuple(
            PickLine(pick.place, pick.fit, pick.why, stock_rows.row(pick.line)) for pick in picks
        ),
        caption=f"Stocks {shown.first} to {shown.last} by {query['sort']}",
        nothing="No rated stock fits all of this. Take a filter away.",
        pager=shown,
    )


def _subtitle(query: Query, total: int, edition: EditionRow | None) -> str:
    if edition is None:
        return "Rated stocks by how well they fit a horizon."
    stocks = fmt.plural(total, "rated stock")
    if query["w"]:
        return f"{stocks} by fit to your own weights."
    horizon = BY_KEY[query["horizon"]]
    return f"{stocks} by fit to a {horizon.label.lower()} horizon, {horizon.span}."


def as_data(
    query: Query, picks: Sequence[Pick], total: int, edition: EditionRow | None
) -> dict[str, Any]:
    """A page of picks as JSON; weights are fractions."""
    return {
        "items": [
            {"place": pick.place, "fit": exports.points(pick.fit), "why": pick.why}
            | columns.item(pick.line)
            for pick in picks
        ],
        "horizon": query["horizon"] or None,
        "weights": {
            name: weight / 100 for name, weight in zip(FACTORS, weights_of(query), strict=True)
        },
        "page": query["page"],
        "per_page": query["per_page"],
        "total": total,
        **exports.edition(edition),
    }


CSV_HEADER = ("place", "fit", *columns.CSV_HEADER, "why")


def csv_line(pick: Pick) -> tuple[Any, ...]:
    """One line of CSV, under `CSV_HEADER`."""
    return (pick.place, exports.points(pick.fit), *columns.csv_line(pick.line), pick.why)
