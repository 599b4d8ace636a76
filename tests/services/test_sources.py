"""The data provider that the settings name."""

from __future__ import annotations

import pytest

from stockscore.services import sources
from stockscore.services.errors import InputError


@pytest.mark.parametrize("name", ["csv", "demo", "yahoo"])
def test_each_name_gives_its_provider(app, name):
    assert sources.provider_of({**app.config, "DATA_PROVIDER": name}).name == name


def test_the_simulated_market_is_made_once(app):
    settings = {**app.config, "DATA_PROVIDER": "demo"}
    assert sources.provider_of(settings) is sources.demo_provider()


def test_an_unknown_name_is_refused_with_those_that_are_known(app):
    with pytest.raises(InputError) as caught:
        sources.provider_of({**app.config, "DATA_PROVIDER": "bloomberg"})
    assert str(caught.value) == (
        "DATA_PROVIDER=bloomberg: no provider is called so; there are demo, yahoo, csv."
    )
