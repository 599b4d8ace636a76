"""What the macros in `templates/ui/` are given: plain frozen values, made by the pages.

Points and changes are integers in hundredths, shares of a whole are fractions, None is missing;
fields of type `str` are already written by `web.format`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class NavItem:
    """A page of the site. Priority 1 stands in the bar at every width, 2 in the bar of wide
    screens, 3 in the foot only; the foot lists all of them under `group`."""

    label: str
    url: str
    group: str = "Market"
    priority: int = 1


@dataclass(frozen=True, slots=True)
class PageHead:
    """A page's own head and foot. `section` is the url of the `NavItem` it belongs to."""

    title: str
    canonical: str
    section: str | None = None
    description: str | None = None
    json: str | None = None
    csv: str | None = None
    receipt: str | None = None


@dataclass(frozen=True, slots=True)
class ExchangeState:
    """`state` is "open", "closed" or "unknown"; `detail` e.g. "until 16:00"."""

    name: str
    state: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Strip:
    """The market strip under the masthead, and what the foot says of the edition. `past` is the day
    that a page shows as it was recorded; nothing of now stands in the strip then."""

    simulated: bool
    today: str
    exchanges: tuple[ExchangeState, ...] = ()
    prices: str | None = None
    edition: int | None = None
    published: str | None = None
    next_refresh: str | None = None
    method: str | None = None
    base_currency: str | None = None
    past: str | None = None


@dataclass(frozen=True, slots=True)
class StockLink:
    ticker: str
    name: str


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """A page that says what went wrong, and where to go on."""

    status: int
    heading: str
    sentence: str
    near: tuple[StockLink, ...] = ()
    back: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a list of facts. `term` is the key of the term that the label links to, where
    that is not the one of the same name."""

    label: str
    value: str
    url: str | None = None
    strong: bool = False
    note: str | None = None
    term: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One test with the numbers it was made of, and how they came about; `passed` None where they
    are not known."""

    passed: bool | None
    label: str
    value: str = ""
    arithmetic: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a stock table, as `columns.column` makes it. `priority` 1 is always shown, 2 from
    720 px, 3 from 1152 px, 4 from 1280 px. `style` are the classes of its cells, `cell` says how
    `ui/tables.html` writes them. `url` makes the head a sort link, `direction` ("ascending",
    "descending") marks the one in force."""

    key: str
    label: str
    priority: int
    style: str
    cell: str
    url: str | None = None
    direction: str | None = None


@dataclass(frozen=True, slots=True)
class StockLineView:
    """A stock in a list. `trail` are its last totals, oldest first, for the sparkline. `reason`
    says why it is there, with the `parts` (cause, hundredths) of a change. `url` leads to the stock
    where that is not its page of today."""

    ticker: str
    name: str
    total: int | None
    uncertainty: int | None = None
    signal: str | None = None
    rank: int | None = None
    sector: str | None = None
    exchange: str | None = None
    value: int | None = None
    quality: int | None = None
    momentum: int | None = None
    health: int | None = None
    changes: Mapping[int, int | None] = field(default_factory=dict)
    price: float | None = None
    currency: str | None = None
    trail: tuple[int | None, ...] = ()
    cells: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    parts: tuple[tuple[str, int], ...] = ()
    url: str | None = None


@dataclass(frozen=True, slots=True)
class SectorLine:
    """Medians of a sector, or of the whole market."""

    name: str
    stocks: int
    score: int | None
    value: int | None
    quality: int | None
    momentum: int | None
    health: int | None
    change: int | None = None
    buy_share: float | None = None
    best: StockLink | None = None
    best_total: int | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class MetricLine:
    """One metric of the breakdown. `place` is its sub-score (0 worst, 1 best), None where the
    metric is missing; then `points` is None too and the sentence says why."""

    label: str
    value: str
    median: str | None
    place: float | None
    points: int | None
    max_points: int
    sentence: str
    curve: bool = False


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor with its metrics. `uncertainty`: points that missing metrics could move it by."""

    key: str
    name: str
    points: int | None
    uncertainty: int | None
    median: int | None
    coverage: float
    known: int
    applicable: int
    summary: str
    metrics: tuple[MetricLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Figures behind a chart: a column is (label, is it a number)."""

    caption: str
    columns: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Pager:
    """Links to pages of a list; a link (None, None) is a gap. `first` to `last` of `total`."""

    page: int
    pages: int
    first: int
    last: int
    total: int
    links: tuple[tuple[int | None, str | None], ...]
    previous: str | None
    next: str | None


def pager(page: int, per_page: int, total: int, url_of: Callable[[int], str]) -> Pager:
    """Links to the first, the last and the pages around this one. `page` counts from 1."""
    pages = max(1, -(-total // per_page))
    shown = sorted({1, pages, *range(max(1, page - 1), min(pages, page + 1) + 1)})
    if page <= 3:
        shown = sorted({*shown, *range(1, min(pages, 4) + 1)})
    links: list[tuple[int | None, str | None]] = []
    for number in shown:
        if links and links[-1][0] is not None and number - links[-1][0] > 1:
            links.append((None, None))
        links.append((number, url_of(number)))
    return Pager(
        page=page,
        pages=pages,
        first=min(total, (page - 1) * per_page + 1),
        last=min(total, page * per_page),
        total=total,
        links=tuple(links),
        previous=url_of(page - 1) if 1 < page <= pages + 1 else None,
        next=url_of(page + 1) if page < pages else None,
    )
