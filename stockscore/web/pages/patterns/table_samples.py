"""Tables in every state: stocks, factors with their metrics, sectors, quarantined values."""

from __future__ import annotations

from stockscore.web.pages.patterns.invented import LONG_NAME
from stockscore.web.ui.column_choice import ColumnChoice
from stockscore.web.ui.columns import CHOOSABLE, column
from stockscore.web.ui.components import (
    Factor,
    MetricLine,
    SectorLine,
    StockLineView,
    StockLink,
    Table,
)
from stockscore.web.ui.quarantine import QuarantinedEntry

COLUMNS = (
    column("rank"),
    column("stock"),
    column("price"),
    column("score", link=("?sort=score&dir=asc", "descending")),
    column("scale"),
    column("signal"),
    *(
        column(factor, link=(f"?sort={factor}", None))
        for factor in ("value", "quality", "momentum")
    ),
    column("health", link=("?sort=health", None)),
    column("trail"),
    column("change_7", link=("?sort=change_7", None)),
)


def samples() -> dict[str, object]:
    """By the names that the template asks for."""
    return {
        "columns": COLUMNS,
        "choice": ColumnChoice(
            "/patterns",
            tuple((key, label, key == "score") for key, label in CHOOSABLE.items()),
            (),
            "#",
        ),
        "stocks": _stocks(),
        "factors": _factors(),
        "sectors": _sectors(),
        "quarantined": _quarantined(),
        "numbers": _numbers(),
    }


def _stocks() -> list[StockLineView]:
    usual = [
        ("YARR", "Yarrow Systems", "Technology", 7660, 80, "STRONG BUY", 130),
        ("FARR", "Farrow Systems", "Technology", 7380, 400, "STRONG BUY", -360),
        ("V", LONG_NAME, "Communication Services", 6010, 1150, "BUY", 4),
        ("LONGTICKER-PR.A", "Preferred", "Financial Services", 5500, 0, "HOLD", 0),
        ("XSS", "<script>alert('name')</script>", None, 4380, 275, "SELL", None),
        ("LOW", "Lowbridge", "Utilities", 2210, 40, "STRONG SELL", -826),
    ]
    stocks = [
        StockLineView(
            ticker=ticker,
            name=name,
            sector=sector,
            exchange="XNYS",
            rank=10_000 if rank == 6 else rank,
            total=total,
            uncertainty=plus_minus,
            signal=signal,
            value=total // 5,
            quality=2500,
            momentum=None if rank == 5 else 1210,
            health=0 if rank == 6 else 1830,
            changes={7: change},
            price=(84.12, 12_345.0, 0.0123, None, 712_345.0, 3.4)[rank - 1],
            currency="GBX" if rank == 2 else "USD",
            trail=tuple(total - (change or 0) + (change or 0) * day // 7 for day in range(8)),
        )
        for rank, (ticker, name, sector, total, plus_minus, signal, change) in enumerate(usual, 1)
    ]
    unrated = StockLineView("NEWC", "Newcomb Listings", None, sector="Healthcare", exchange="XLON")
    return [*stocks, unrated]


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


def _sectors() -> tuple[list[SectorLine], SectorLine]:
    """Sectors, and the whole market."""
    best = StockLink("TESS", "Tessaly Chemicals")
    sectors = [
        SectorLine("Materials", 22, 5620, 1380, 1470, 1200, 1410, -110, 0.36, best, 7270, "#"),
        SectorLine("Technology", 61, 5420, 1030, 1600, 1470, 1470, 40, 0.38, best, 7660, "#"),
        SectorLine("Consumer Staples", 29, 5330, 1290, 1360, 1270, 1440, 0, 0.24, best, 7030, "#"),
        SectorLine("Real Estate", 17, 4700, 920, 1130, 990, 1280, 260, 0.0, best, 5600, "#"),
        SectorLine("Utilities", 1, None, None, None, None, None, None, None, None, None, "#"),
    ]
    return sectors, SectorLine(
        "Whole market", 10_000, 5290, 1290, 1370, 1300, 1350, change=20, buy_share=0.25
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
