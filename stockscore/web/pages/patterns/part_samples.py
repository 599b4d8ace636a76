"""Small parts of pages: notices, signals, facts, checks, pagers, an error."""

from __future__ import annotations

from stockscore.web.pages.patterns.invented import LONG_NAME
from stockscore.web.ui.charts import ZONES
from stockscore.web.ui.components import Check, ErrorPage, Fact, Pager, StockLink, pager

NOTICES = (
    ("info", "Prices are delayed by 15 minutes.", "This is said once, where it matters."),
    ("stale", "Prices are from 20 Nov 2026.", "The last refresh failed: the source was busy."),
    ("error", "min_score must be a number from 0 to 100.", "“nan” is not one."),
    ("not-rated", "Fewer than three factors have enough data.", "Listed for three months."),
    ("empty", "No stock fits these filters.", "Widen one of them."),
)

SIGNALS = tuple(zone.name for zone in reversed(ZONES))


def samples() -> dict[str, object]:
    """By the names that the template asks for."""
    return {
        "notices": NOTICES,
        "signals": (*SIGNALS, None),
        "facts": _facts(),
        "checks": _checks(),
        "pagers": _pagers(),
        "error": _error(),
    }


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


def _pagers() -> list[Pager]:
    places = ((1, 25, 396), (200, 50, 10_000), (97, 50, 10_000), (1, 25, 7), (1, 25, 0))
    return [
        pager(page, size, total, lambda number: f"?page={number}") for page, size, total in places
    ]


def _error() -> ErrorPage:
    return ErrorPage(
        404,
        "There is no stock “HALDX”",
        "Nothing is listed under this ticker.",
        (StockLink("HALD", "Haldane Bearings"), StockLink("V", LONG_NAME)),
        ("All stocks", "/stocks"),
    )
