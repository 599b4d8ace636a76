"""The record of a method as its page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stockscore.scoring.evidence.interval import EARLY
from stockscore.scoring.evidence.series import HORIZONS, MAIN_HORIZON, RETURNS, SCORES, ic
from stockscore.services.evidence_summary import (
    Earned,
    EvidenceSummary,
    HorizonSummary,
    Portfolios,
)
from stockscore.web.http.params import Query
from stockscore.web.pages.evidence import sentences
from stockscore.web.pages.evidence.sentences import a_date, mean, together
from stockscore.web.ui import format as fmt
from stockscore.web.ui.charts.fifths import GroupChart, group_chart
from stockscore.web.ui.charts.means import MeanChart, mean_chart
from stockscore.web.ui.components import Fact, Table
from stockscore.web.ui.empty import Empty

PATH = "/evidence"

PROTOCOL_DATE = "28 Nov 2026"
"""Of `docs/evidence.md`: before the first result."""

FIFTH_NAMES = ("Lowest", "2nd", "3rd", "4th", "Highest")

LABELS = {score: score.capitalize() for score in SCORES}


@dataclass(frozen=True, slots=True)
class FifthLine:
    """A line of the table of fifths."""

    name: str
    before: str
    after: str
    replaced: str
    together: str


@dataclass(frozen=True, slots=True)
class FifthsSection:
    """The fifths under one kind of weights, with what follows from them as sentences."""

    title: str
    lines: Sequence[FifthLine]
    facts: Sequence[Fact]


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """/evidence. `simulated` is the sentence that comes first, empty for a real market."""

    subtitle: str
    empty: Empty | None
    simulated: str
    headline: str
    reasons: Sequence[str]
    choices: Sequence[tuple[str, str, bool]]
    methods: Sequence[tuple[str, str, bool]]
    record: Sequence[Fact]
    ends: Table
    chart: MeanChart
    lines: Table
    unassumed: str
    order: str
    fifths_chart: GroupChart
    fifths: Sequence[FifthsSection]
    hits: Table
    placebos: Table
    tried: Table
    tried_note: str
    horizon: int
    cost: str
    protocol_date: str
    csv: str
    json: str


def evidence_view(
    query: Query, found: EvidenceSummary, simulated: bool, nothing: Empty | None
) -> EvidenceView:
    """The page of a record."""
    shown = found.shown
    return EvidenceView(
        subtitle=(
            "Whether higher scores came with higher returns: forward only, from the daily "
            "snapshots as they were recorded, with the stocks that vanished."
        ),
        empty=nothing,
        simulated=sentences.SIMULATED if simulated else "",
        headline=sentences.headline(found.verdict),
        reasons=sentences.reasons(found),
        choices=[
            (fmt.plural(h, "session"), query.url(PATH, horizon=str(h)), h == shown.horizon)
            for h in HORIZONS
        ],
        methods=[
            (tried.version, query.url(PATH, method=tried.version), tried.version == found.version)
            for tried in found.tried
        ],
        record=_record(found),
        ends=_ends(found),
        chart=_chart(shown),
        lines=_lines(shown),
        unassumed=mean(shown.unassumed),
        order=sentences.order(shown),
        fifths_chart=_fifths_chart(shown),
        fifths=[_fifths(portfolios) for portfolios in shown.portfolios],
        hits=_hits(found),
        placebos=Table(
            "Placebos",
            (("Placebo", False), ("What it is", False), ("Mean IC", True), ("State", False)),
            sentences.placebo_rows(shown.placebos),
        ),
        tried=_tried(found),
        tried_note=_tried_note(found),
        horizon=shown.horizon,
        cost=fmt.percent(found.cost, 2),
        protocol_date=PROTOCOL_DATE,
        csv=query.url(f"{PATH}.csv"),
        json=query.url(f"{PATH}.json"),
    )


def _record(found: EvidenceSummary) -> list[Fact]:
    use = "the published one" if found.version == found.published else "not the published one"
    spans = f"{fmt.day(found.first)} to {fmt.day(found.last)}" if found.first else "none yet"
    dates = [
        Fact(f"Dates over {horizon} sessions", fmt.count(count), note="that met a whole cohort")
        for horizon, count in found.dates.items()
    ]
    return [
        Fact("Method", found.version, note=use, term="method-version"),
        Fact("Snapshots", spans, note=fmt.plural(found.sessions, "session"), term="snapshot"),
        *dates,
        Fact(
            "Stocks on the last date",
            fmt.count(found.stocks),
            note=f"{fmt.count(found.rated)} of them rated",
        ),
        Fact(
            "Stocks that vanished",
            fmt.count(len(found.ends)),
            note="a last return of −30 % was assumed of each" if found.ends else "",
            term="survivorship-bias",
        ),
    ]


def _ends(found: EvidenceSummary) -> Table:
    rows = tuple((end.ticker, end.name, fmt.day(end.session)) for end in found.ends)
    columns = (("Stock", False), ("Name", False), ("Assumed on", False))
    return Table("Stocks that vanished", columns, rows)


def _chart(shown: HorizonSummary) -> MeanChart:
    looks = shown.main[EARLY - 1 :]
    return mean_chart(
        shown.days[EARLY - 1 :],
        [interval.mean for interval in looks],
        [interval.half for interval in looks],
        name=f"Mean IC of the neutral total over {fmt.plural(shown.horizon, 'session')}",
        nothing=(
            f"The interval is drawn from {EARLY} dates on; so far there "
            f"{'is' if len(shown.main) == 1 else 'are'} "
            f"{fmt.words(len(shown.main)) if shown.main else 'none'}."
        ),
    )


def _lines(shown: HorizonSummary) -> Table:
    rows = tuple(
        (
            f"{LABELS[score]}, {returns}",
            mean(shown.lines.get(ic(score, returns, "all"))),
            mean(shown.lines.get(ic(score, returns, "large"))),
        )
        for score in SCORES
        for returns in RETURNS
    )
    columns = (("Score, returns", False), ("All stocks", True), ("Without the smallest", True))
    return Table(f"Mean IC over {fmt.plural(shown.horizon, 'session')}", columns, rows)


def _fifths_chart(shown: HorizonSummary) -> GroupChart:
    fifths = shown.portfolios[0].fifths if shown.portfolios else ()
    return group_chart(
        FIFTH_NAMES if fifths else (),
        [fifth.after_costs.together for fifth in fifths],
        title="Returns of the fifths after costs, equal weights",
    )


def _fifths(portfolios: Portfolios) -> FifthsSection:
    lines = [
        FifthLine(
            FIFTH_NAMES[fifth.number - 1],
            fmt.signed_percent(fifth.before_costs.interval.mean, 3),
            fmt.signed_percent(fifth.after_costs.interval.mean, 3),
            fmt.percent(fifth.replaced, 1),
            fmt.signed_percent(fifth.after_costs.together),
        )
        for fifth in portfolios.fifths
    ]
    facts = [_earned("Highest less lowest, after costs", portfolios.spread)]
    if portfolios.unassumed:
        facts.append(_earned("The same, nothing assumed", portfolios.unassumed))
    if portfolios.over_all:
        facts.append(_earned("Highest less all stocks", portfolios.over_all, "equal-weight-market"))
    titles = {"equal": "Equal weights", "capped": "Weights by market value, capped"}
    return FifthsSection(titles[portfolios.weights], lines, facts)


def _earned(label: str, earned: Earned, term: str = "") -> Fact:
    return Fact(label, together(earned), note=a_date(earned), term=term)


def _hits(found: EvidenceSummary) -> Table:
    rows = tuple(
        (
            fmt.plural(hits.horizon, "session"),
            fmt.percent(hits.beat / hits.stocks) if hits.stocks else "none yet",
            fmt.count(hits.snapshots),
            fmt.count(hits.independent),
        )
        for hits in found.hits
    )
    columns = (("Over", False), ("Beat all", True), ("Snapshots", True), ("Independent", True))
    return Table("Signals of BUY or better", columns, rows)


def _tried(found: EvidenceSummary) -> Table:
    rows = tuple(
        (
            tried.version,
            f"{fmt.day(tried.first)} to {fmt.day(tried.last)}",
            mean(tried.verdict.interval),
            sentences.headline(tried.verdict),
        )
        for tried in found.tried
    )
    columns = (("Method", False), ("Snapshots", False), ("Mean IC", True), ("Verdict", False))
    return Table("Methods that were ever recorded", columns, rows)


def _tried_note(found: EvidenceSummary) -> str:
    count = len(found.tried)
    said = (
        f"{fmt.words(count).capitalize()} {'method was' if count == 1 else 'methods were'} ever "
        f"recorded, as the published one or beside it."
    )
    if count > 1:
        said += (
            f" So that all together are wrongly called proven at most once in twenty, each has the "
            f"level {fmt.percent(found.level, 2)}."
        )
    return f"{said} The lines are those of the verdict, over {MAIN_HORIZON} sessions."
