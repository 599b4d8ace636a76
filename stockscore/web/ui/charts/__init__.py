"""Geometry of the charts, as frozen dataclasses; the markup is in `templates/ui/charts.html`.

x is in per cent of the width and y in pixels, so that text keeps its size at every width.
"""

from stockscore.web.ui.charts.bars import factor_bar, heat, spark, zone_scale
from stockscore.web.ui.charts.events import ChartEvent
from stockscore.web.ui.charts.fifths import group_chart
from stockscore.web.ui.charts.histogram import histogram
from stockscore.web.ui.charts.history import ChartStep, history_chart
from stockscore.web.ui.charts.means import mean_chart
from stockscore.web.ui.charts.price import price_chart
from stockscore.web.ui.charts.radar import radar
from stockscore.web.ui.charts.rsi import rsi_chart
from stockscore.web.ui.charts.ruler import band_of, ruler
from stockscore.web.ui.charts.zones import ZONES

__all__ = [
    "ZONES",
    "ChartEvent",
    "ChartStep",
    "band_of",
    "factor_bar",
    "group_chart",
    "heat",
    "histogram",
    "history_chart",
    "mean_chart",
    "price_chart",
    "radar",
    "rsi_chart",
    "ruler",
    "spark",
    "zone_scale",
]
