"""/patterns: every macro in every state, for whoever changes the look. Its figures are invented."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta

from flask import Blueprint, render_template

from stockscore.scoring.method import FACTORS
from stockscore.scoring.statements import Period, Statement
from stockscore.store.pages.stock import Action, BarRow, Traded
from stockscore.web.http.page import PageDeclaration
from stockscore.web.pages.stock import payouts, prices, reports, technical
from stockscore.web.ui import charts
from stockscore.web.ui.columns import CHOOSABLE, ColumnChoice
from stockscore.web.ui.components import (
    Check,
    Column,
    ErrorPage,
    Fact,
    Factor,
    MetricLine,
    PageHead,
    Pager,
    SectorRow,
    StockLink,
    StockRow,
    Table,
    pager,
)
from stockscore.web.ui.quarantine import QuarantinedEntry

bp = Blueprint("patterns", __name__)

PAGE = PageDeclaration(
    path="/patterns",
    title="Patterns",
)

LONG_NAME = "Consolidated Intercontinental Semiconductor Manufacturing and Holding Company of Öræfi"
NOTICES = (
    ("info", "Prices are delayed by 15 minutes.", "This is said once, where it matters."),
    ("stale", "Prices are from 20 Nov 2026.", "The last refresh failed: the source was busy."),
    ("error", "min_score must be a number from 0 to 100.", "“nan” is not one."),
    ("not-rated", "Fewer than three factors have enough data.", "Listed for three months."),
    ("empty", "No stock fits these filters.", "Widen one of them."),
)
SIGNALS = tuple(zone.name for zone in reversed(charts.ZONES))


def _sessions(count: int, last: date = date(2026, 11, 24)) -> list[date]:
    days: list[date] = []
    day = last
    while len(days) < count:
        if day.weekday() < 5:
            days.append(day)
        day -= timedelta(days=1)
    return days[::-1]


def _wave(count: int, level: float, swing: float = 0.12) -> list[float]:
    """Something like a price: three waves and a drift, the same at every call."""
    return [
        level
        * (1 + i / count * 0.2)
        * (1 + swing * math.sin(i / 29) + 0.02 * math.sin(i / 3.7) + 0.008 * math.sin(i * 1.9))
        for i in range(count)
    ]


def _mean(values: list[float], window: int) -> list[float | None]:
    return [
        sum(values[i + 1 - window : i + 1]) / window if i + 1 >= window else None
        for i in range(len(values))
    ]


def _price(name: str, level: float, currency: str, count: int = 252) -> object:
    long = _wave(count + 200, level)
    volumes = [2e6 * (1.3 + math.sin(i * 2.1) * 0.5 + math.sin(i / 9) * 0.3) for i in range(count)]
    events = [
        charts.ChartEvent(i * count // 252, label, direction)
        for i, label, direction in (
            (40, "Death cross", "down"),
            (88, "Golden cross", "up"),
            (130, "RSI back below 70", "down"),
            (131, "RSI back below 70", "down"),
            (134, "Golden cross", "up"),
            (212, "RSI back above 30", "up"),
            (251, "Split, 2 for 1", None),
        )
    ]
    return charts.price_chart(
        _sessions(count),
        long[200:],
        _mean(long, 50)[200:],
        _mean(long, 200)[200:],
        volumes,
        events,
        currency=currency,
        name=name,
    )


def _broken_price() -> object:
    """A short listing with a gap, without averages or volume."""
    closes: list[float | None] = [0.0123 + 0.0004 * math.sin(i / 3) for i in range(44)]
    closes[18:24] = [None] * 6
    return charts.price_chart(_sessions(44), closes, currency="SEK", name="A")


def _history() -> object:
    days = _sessions(126)
    totals: list[int | None] = [5812 + (i // 7) * 60 + (i % 5) * 12 for i in range(126)]
    for index, jump in ((43, 362), (69, -194), (96, 174), (107, 441), (120, 153)):
        totals[index:] = [total + jump for total in totals[index:] if total is not None]
    totals[20:24] = [None] * 4
    return charts.history_chart(
        days,
        totals,
        [75 if i < 43 else 600 for i in range(126)],
        steps_at=[
            charts.ChartStep(43, "Q2 report; ± widens"),
            charts.ChartStep(69, "Price −6.1 %"),
            charts.ChartStep(96, "Price +4.8 %"),
            charts.ChartStep(107, "Q3 report"),
            charts.ChartStep(120, "Competitors fall back"),
        ],
        signals=[None if t is None else "BUY" for t in totals],
        name="Haldane Bearings",
    )


def _counts(total: int) -> list[int]:
    weights = [math.exp(-(((2.5 * i + 1.25 - 53) / 11) ** 2) / 2) for i in range(40)]
    return [round(total * weight / sum(weights)) for weight in weights]


def _by_signal(counts: list[int]) -> dict[str, int]:
    return {
        zone.name: sum(n for i, n in enumerate(counts) if zone.low <= 2.5 * i < zone.high)
        for zone in charts.ZONES
    }


def _histogram(total: int) -> object:
    counts = _counts(total)
    return charts.histogram(counts, median=5290, signals=_by_signal(counts))


def _rulers() -> list[tuple[str, object]]:
    counts = _counts(396)

    def ruler(total: int | None, uncertainty: int, *medians: tuple[str, int | None]) -> object:
        return charts.ruler(total, uncertainty, counts=counts, medians=medians)

    return [
        ("A usual score", ruler(7223, 600, ("Sector median", 5458))),
        ("Median just beside the score", ruler(5480, 0, ("Sector median", 5458))),
        (
            "Three labels in one place",
            ruler(5290, 1150, ("Sector median", 5280), ("Market median", 5310)),
        ),
        (
            "At the low end",
            ruler(40, 300, ("Sector median", 210), ("Market median", 5290)),
        ),
        ("At the high end", ruler(9987, 125, ("Sector median", 9700), ("Market median", 9400))),
        ("Not rated", ruler(None, 0, ("Sector median", 5458))),
    ]


def _rows() -> list[StockRow]:
    usual = [
        ("YARR", "Yarrow Systems", "Technology", 7660, 80, "STRONG BUY", 130),
        ("FARR", "Farrow Systems", "Technology", 7380, 400, "STRONG BUY", -360),
        ("V", LONG_NAME, "Communication Services", 6010, 1150, "BUY", 4),
        ("LONGTICKER-PR.A", "Preferred", "Financial Services", 5500, 0, "HOLD", 0),
        ("XSS", "<script>alert('name')</script>", None, 4380, 275, "SELL", None),
        ("LOW", "Lowbridge", "Utilities", 2210, 40, "STRONG SELL", -826),
    ]
    rows = [
        StockRow(
            ticker=ticker,
            name=name,
            sector=sector,
            exchange="XNYS",
            rank=10_000 if n == 6 else n,
            total=total,
            uncertainty=plus_minus,
            signal=signal,
            value=total // 5,
            quality=2500,
            momentum=None if n == 5 else 1210,
            health=0 if n == 6 else 1830,
            changes={7: change},
            price=(84.12, 12_345.0, 0.0123, None, 712_345.0, 3.4)[n - 1],
            currency="GBX" if n == 2 else "USD",
            trail=tuple(total - (change or 0) + (change or 0) * i // 7 for i in range(8)),
        )
        for n, (ticker, name, sector, total, plus_minus, signal, change) in enumerate(usual, 1)
    ]
    unrated = StockRow("NEWC", "Newcomb Listings", None, sector="Healthcare", exchange="XLON")
    return [*rows, unrated]


COLUMNS = (
    Column("rank"),
    Column("stock"),
    Column("price"),
    Column("score", url="?sort=score&dir=asc", direction="descending"),
    Column("scale"),
    Column("signal"),
    *(Column(factor, url=f"?sort={factor}") for factor in ("value", "quality", "momentum")),
    Column("health", url="?sort=health"),
    Column("trail"),
    Column("change_7", url="?sort=change_7"),
)


def _factors() -> tuple[Factor, ...]:
    earnings = MetricLine(
        "Earnings yield",
        "5.96 %",
        "5.10 %",
        0.64,
        914,
        1430,
        "Earns 5.96 % of its market value a year, more than 64 in 100 of its sector.",
    )
    missing = MetricLine(
        "EBITDA to enterprise value",
        "unknown",
        "8.4 %",
        None,
        None,
        600,
        "Not scored: depreciation is unknown, because a cash-flow statement is missing.",
    )
    peg = MetricLine(
        "PEG ratio", "1.05", "1.60", 0.78, 418, 540, "P/E 16.8 against 16 % growth.", curve=True
    )
    ends = (
        MetricLine("Return on invested capital", "14.5 %", "10.1 %", 1.0, 800, 910, "The best."),
        MetricLine("Net margin", "−113 %", None, 0.0, 0, 450, "The worst of its sector."),
    )
    return (
        Factor(
            "value", "Value", 1552, 275, 1360, 0.56, 3, 5,
            "Cheap on earnings and growth, dear on book value.", (earnings, missing, peg),
        ),
        Factor("quality", "Quality", 2500, 0, 1530, 1.0, 5, 5, "The best of its sector.", ends),
        Factor("momentum", "Momentum", 0, 75, 1340, 0.92, 5, 6, "Falling for a year.", (ends[1],)),
        Factor("health", "Health", None, None, 1260, 0.4, 2, 5, "Too little is known.", (missing,)),
    )  # fmt: skip


def _sectors() -> tuple[list[SectorRow], SectorRow]:
    best = StockLink("TESS", "Tessaly Chemicals")
    rows = [
        SectorRow("Basic Materials", 22, 5620, 1380, 1470, 1200, 1410, -110, 0.36, best, 7270, "#"),
        SectorRow("Technology", 61, 5420, 1030, 1600, 1470, 1470, 40, 0.38, best, 7660, "#"),
        SectorRow("Consumer Defensive", 29, 5330, 1290, 1360, 1270, 1440, 0, 0.24, best, 7030, "#"),
        SectorRow("Real Estate", 17, 4700, 920, 1130, 990, 1280, 260, 0.0, best, 5600, "#"),
        SectorRow("Utilities", 1, None, None, None, None, None, None, None, None, None, "#"),
    ]
    return rows, SectorRow(
        "Whole market", 10_000, 5290, 1290, 1370, 1300, 1350, change=20, buy_share=0.25
    )


def _facts() -> tuple[Fact, ...]:
    return (
        Fact("New York", "Open", strong=True, note="09:30 to 16:00"),
        Fact("Quarantined", "2 values", url="/status"),
        Fact("Market value", "11,945 m"),
        Fact("Operating cash flow", "unknown", note="asked for again each day"),
    )


def _checks() -> tuple[Check, ...]:
    return (
        Check(True, "Return on assets above zero", "8.1 %", "net income 81 m / assets 1,000 m"),
        Check(False, "Long-term debt to assets fell", "22.9 → 24.1 %"),
        Check(None, "Operating cash flow above zero", "unknown"),
    )


def _radars() -> tuple[object, ...]:
    """One stock, four with the extremes among them, and one without a rated factor."""
    whole = dict(zip(FACTORS, (1920, 2210, 610, 1500), strict=True))
    return (
        charts.radar([("HALD", whole)]),
        charts.radar(
            [
                ("HALD", whole),
                ("TESS", dict.fromkeys(FACTORS, 2500)),
                ("V", dict(zip(FACTORS, (0, 900, None, 1250), strict=True))),
                ("Sector median", dict.fromkeys(FACTORS, 1250)),
            ]
        ),
        charts.radar([("None", dict.fromkeys(FACTORS))]),
    )


def _quarantined() -> tuple[QuarantinedEntry, ...]:
    """Quarantined values: a plain one, and one that was never known of a long name."""
    return (
        QuarantinedEntry(
            StockLink("HALD", "Haldane Bearings"),
            "close",
            "8,412",
            "84.12",
            "100 times the last good value: pence for pounds?",
            "24 Nov 2026, 12:35",
        ),
        QuarantinedEntry(
            StockLink("V", LONG_NAME), "shares", "0", "unknown", "not above zero", "23 Nov 2026"
        ),
    )


def _numbers() -> Table:
    return Table(
        "How numbers are written",
        (("What", False), ("Written", True)),
        (
            ("A score in a headline, in lists, where points are added up", "72 · 72.2 · 72.23"),
            ("A change", "+2.1 · −0.6 · 0.0"),
            ("A price in pence, of a penny stock", "12,345 · 0.0123"),
            ("Money", "11,945 m · 11.9 bn"),
            ("Missing", "unknown"),
        ),
    )


def _scales() -> list[object]:
    return [
        charts.zone_scale(
            value,
            borders=(1.1, 2.6),
            names=("distress", "grey", "safe"),
            low=0.0,
            high=4.2,
            label="Altman Z double prime",
        )
        for value in (3.53, -12.0, None)
    ]


def _prices() -> tuple[tuple[str, object], ...]:
    constant = charts.price_chart(_sessions(30), [10.0] * 30, currency="EUR", name="C")
    return (
        ("A year", _price("Haldane Bearings", 70.0, "USD")),
        ("Pence, five years", _price("Pence plc", 11_000.0, "GBX", 1260)),
        ("Six weeks and a gap", _broken_price()),
        ("Constant", constant),
        ("One session", charts.price_chart(_sessions(1), [3.2], currency="USD", name="One")),
        ("Nothing", charts.price_chart([], [], currency="USD", name="None")),
    )


def _technical() -> tuple[tuple[str, object], ...]:
    """The section on a price: with events, listed lately, and without prices."""

    def section(count: int, span: str) -> object:
        closes = _wave(count, 70.0, 0.3)
        bars = [
            BarRow(day, close, 2e6 * (1.3 + math.sin(i * 2.1) * 0.5), 0.0, 1.0, 1.0, "demo")
            for i, (day, close) in enumerate(zip(_sessions(count), closes, strict=True))
        ]
        return technical.technical(bars, span, "USD", "Haldane Bearings", "/patterns")

    return (
        ("A year", section(prices.bars_to_read("1y"), "1y")),
        ("Listed ten sessions ago, three months asked for", section(10, "3m")),
        ("No prices", section(0, "5y")),
    )


def _reports() -> tuple[object, ...]:
    """Statements of nine quarters with large, negative and missing figures, and none at all."""
    known_at = datetime(2026, 11, 14, tzinfo=UTC)
    quarters = [
        Statement(
            Period.QUARTER,
            date(2026 - index // 4, (9, 6, 3, 12)[index % 4], 28)
            - timedelta(days=365 * (index % 4 == 3)),
            known_at,
            "IDR",
            "demo",
            {
                "revenue": 12_345_678e6 - index * 91_000e6,
                "net_income": (420 - index * 90) * 1e9,
                "eps": 84.1 - index * 18,
                "total_equity": -3_210_000e6 + index * 5e9,
                "shares": 4_990e6,
                "cfo": None if index == 1 else 7e9,
            },
        )
        for index in range(9)
    ]
    return reports.reports_view(quarters, ()), reports.reports_view((), ())


def _payouts() -> tuple[object, ...]:
    actions = (
        Action(date(2024, 5, 7), 1.2, 1.0),
        Action(date(2025, 5, 6), 1.5, 1.0),
        Action(date(2026, 3, 2), 0.0, 3.0),
        Action(date(2026, 5, 5), 0.55, 1.0),
    )
    traded = (
        Traded(date(2024, 1, 2), date(2024, 12, 31), 60.0),
        Traded(date(2025, 1, 2), date(2025, 12, 31), 66.0),
        Traded(date(2026, 1, 2), date(2026, 11, 24), 28.0),
    )
    return payouts.payouts(actions, traded, "USD"), payouts.payouts((), (), "USD")


def _histories() -> tuple[tuple[str, object], ...]:
    return (
        ("With steps and a gap", _history()),
        ("One snapshot", charts.history_chart(_sessions(1), [4510], [800], name="One")),
        ("Nothing", charts.history_chart([], [], name="None")),
    )


def _pagers() -> list[Pager]:
    places = ((1, 25, 396), (200, 50, 10_000), (97, 50, 10_000), (1, 25, 7), (1, 25, 0))
    return [pager(page, size, total, lambda n: f"?page={n}") for page, size, total in places]


def _error() -> ErrorPage:
    return ErrorPage(
        404,
        "There is no stock “HALDX”",
        "Nothing is listed under this ticker.",
        (StockLink("HALD", "Haldane Bearings"), StockLink("V", LONG_NAME)),
        ("All stocks", "/stocks"),
    )


def _specimens() -> dict[str, object]:
    return {
        "notices": NOTICES,
        "signals": (*SIGNALS, None),
        "columns": COLUMNS,
        "choice": ColumnChoice(
            "/patterns", tuple((key, key == "score") for key in CHOOSABLE), (), "#"
        ),
        "stocks": _rows(),
        "factors": _factors(),
        "sectors": _sectors(),
        "rulers": _rulers(),
        "histograms": (_histogram(396), _histogram(10_000), charts.histogram([0] * 40)),
        "prices": _prices(),
        "technical": _technical(),
        "reports": _reports(),
        "payouts": _payouts(),
        "histories": _histories(),
        "facts": _facts(),
        "checks": _checks(),
        "quarantined": _quarantined(),
        "radars": _radars(),
        "pagers": _pagers(),
        "numbers": _numbers(),
        "scales": _scales(),
        "error": _error(),
        "long_name": LONG_NAME,
        "day": date(2026, 11, 24),
    }


@bp.get(PAGE.path)
def patterns() -> str:
    """The live style sheet."""
    page = PageHead(PAGE.title, canonical=PAGE.path, description="Every macro in every state.")
    return render_template("patterns/patterns.html", page=page, show=_specimens())
