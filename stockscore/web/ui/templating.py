"""What every template needs: filters, addresses of static files, geometry of small charts."""

from __future__ import annotations

from flask import Flask

from stockscore.web.http import addresses, assets
from stockscore.web.ui import charts, gloss
from stockscore.web.ui.format import FILTERS


def init_app(app: Flask) -> None:
    """Gives the templates of an application all of it."""
    assets.init_app(app)
    for function in FILTERS:
        app.jinja_env.filters[function.__name__] = function
    app.jinja_env.filters["absolute"] = addresses.absolute
    app.jinja_env.filters["gloss"] = gloss.gloss
    app.jinja_env.globals.update(
        terms_of=gloss.terms_of,
        zones=charts.ZONES,
        band_of=charts.band_of,
        spark_of=charts.spark,
        heat_of=charts.heat,
        factor_bar_of=charts.factor_bar,
    )
