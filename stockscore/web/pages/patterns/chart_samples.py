"""Charts in every state: usual, at the ends of their scales, with gaps, and empty."""

from __future__ import annotations

import math

from stockscore.scoring.method import FACTORS
from stockscore.web.pages.patterns.invented import moving_average, prices, sessions
from stockscore.web.ui import charts
from stockscore.web.ui.charts.bars import ZoneScale
from stockscore.web.ui.charts.fifths import GroupChart
from stockscore.web.ui.charts.histogram import Histogram
from stockscore.web.ui.charts.history import HistoryChart
from stockscore.web.ui.charts.means import MeanChart
from stockscore.web.ui.charts.price import PriceChart
from stockscore.web.ui.charts.radar import Radar
from stockscore.web.ui.charts.ruler import Ruler


def samples() -> dict[str, object]:
    """By the names that the template asks for; those with labels are (label, chart)."""
    return {
        "rulers": _rulers(),
        "histograms": (_histogram(396), _histogram(10_000), charts.histogram([0] * 40)),
        "prices": _price_charts(),
        "histories": _histories(),
        "means": _means(),
        "groups": _groups(),
        "radars": _radars(),
        "scales": _scales(),
    }


def _counts(stocks: int) -> list[int]:
    """So many scores in steps of 2.5 points, spread as a bell around 53."""
    weights = [math.exp(-(((2.5 * step + 1.25 - 53) / 11) ** 2) / 2) for step in range(40)]
    return [round(stocks * weight / sum(weights)) for weight in weights]


def _by_signal(counts: list[int]) -> dict[str, int]:
    return {
        zone.name: sum(
            number for step, number in enumerate(counts) if zone.low <= 2.5 * step < zone.high
        )
        for zone in charts.ZONES
    }


def _histogram(stocks: int) -> Histogram:
    counts = _counts(stocks)
    return charts.histogram(counts, median=5290, signals=_by_signal(counts))


def _rulers() -> list[tuple[str, Ruler]]:
    counts = _counts(396)

    def ruler(total: int | None, uncertainty: int, *medians: tuple[str, int | None]) -> Ruler:
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


def _price_charts() -> tuple[tuple[str, PriceChart], ...]:
    constant = charts.price_chart(sessions(30), [10.0] * 30, currency="EUR", name="C")
    return (
        ("A year", _price_chart("Haldane Bearings", 70.0, "USD")),
        ("Pence, five years", _price_chart("Pence plc", 11_000.0, "GBX", 1260)),
        ("Six weeks and a gap", _broken_price()),
        ("Constant", constant),
        ("One session", charts.price_chart(sessions(1), [3.2], currency="USD", name="One")),
        ("Nothing", charts.price_chart([], [], currency="USD", name="None")),
    )


def _price_chart(name: str, level: float, currency: str, count: int = 252) -> PriceChart:
    long = prices(count + 200, level)
    volumes = [
        2e6 * (1.3 + math.sin(index * 2.1) * 0.5 + math.sin(index / 9) * 0.3)
        for index in range(count)
    ]
    events = [
        charts.ChartEvent(index * count // 252, label, direction)
        for index, label, direction in (
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
        sessions(count),
        long[200:],
        moving_average(long, 50)[200:],
        moving_average(long, 200)[200:],
        volumes,
        events,
        currency=currency,
        name=name,
    )


def _broken_price() -> PriceChart:
    """A short listing with a gap, without averages or volume."""
    closes: list[float | None] = [0.0123 + 0.0004 * math.sin(index / 3) for index in range(44)]
    closes[18:24] = [None] * 6
    return charts.price_chart(sessions(44), closes, currency="SEK", name="A")


def _histories() -> tuple[tuple[str, HistoryChart], ...]:
    return (
        ("With steps and a gap", _history_chart()),
        ("One snapshot", charts.history_chart(sessions(1), [4510], [800], name="One")),
        ("Nothing", charts.history_chart([], [], name="None")),
    )


def _history_chart() -> HistoryChart:
    days = sessions(126)
    totals: list[int | None] = [5812 + (index // 7) * 60 + (index % 5) * 12 for index in range(126)]
    for start, jump in ((43, 362), (69, -194), (96, 174), (107, 441), (120, 153)):
        totals[start:] = [total + jump for total in totals[start:] if total is not None]
    totals[20:24] = [None] * 4
    return charts.history_chart(
        days,
        totals,
        [75 if index < 43 else 600 for index in range(126)],
        steps_at=[
            charts.ChartStep(43, "Q2 report; ± widens"),
            charts.ChartStep(69, "Price −6.1 %"),
            charts.ChartStep(96, "Price +4.8 %"),
            charts.ChartStep(107, "Q3 report"),
            charts.ChartStep(120, "Competitors fall back"),
        ],
        signals=[None if total is None else "BUY" for total in totals],
        name="Haldane Bearings",
    )


def _means() -> tuple[MeanChart, ...]:
    """Usual, of a single look that excludes zero, of very many, and none."""

    def chart(count: int, level: float) -> MeanChart:
        means = [level + 0.02 * math.sin(place / 40) / (1 + place / 40) for place in range(count)]
        halves = [0.35 / math.sqrt(63 + place) for place in range(count)]
        nothing = "The interval is drawn from 63 dates on; there are twelve so far."
        return charts.mean_chart(sessions(count), means, halves, name="Mean IC", nothing=nothing)

    return chart(120, 0.0), chart(1, 0.12), chart(1300, -0.04), chart(0, 0.0)


def _groups() -> tuple[GroupChart, ...]:
    """On both sides of zero, all below it, and none."""
    names = ("Lowest", "2nd", "3rd", "4th", "Highest")
    title = "Returns of the fifths after costs"
    return (
        charts.group_chart(names, (-0.052, -0.011, 0.004, 0.02, 0.061), title=title),
        charts.group_chart(names, (-0.31, -0.12, -0.2, -0.05, -0.002), title=title),
        charts.group_chart((), (), title=title),
    )


def _radars() -> tuple[Radar, ...]:
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


def _scales() -> list[ZoneScale]:
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
