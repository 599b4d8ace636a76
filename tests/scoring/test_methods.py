"""The versions of the method: what is said under one stays as it is for ever."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stockscore.scoring import engine
from stockscore.scoring.inputs import CLASSIFIED
from stockscore.scoring.method import FACTORS, MODES
from stockscore.scoring.methods import (
    DEFAULT,
    METHODS,
    default_method,
    every_metric,
    method_of,
)
from stockscore.scoring.methods.expressions import Operation, names_in
from stockscore.scoring.metrics import _FUNCTIONS
from stockscore.scoring.universe import Universe
from tests.support.companies import ALPHA, FINANCIAL, GENERAL, stock
from tests.support.made_up_method import made_up

DIGESTS = {
    "1.0": "e3e826ec1b0e59cc",
    "1.1": "117f24412e1e03ba",
}
"""What each version's table comes to. A table of a version that has been published never changes:
a change needs a new version beside it, with its own digest here."""

UNCLASSIFIED = {"current_assets": None, "current_liabilities": None}
CARDS = ("Financial Services", "Credit Services")
BROKER = ("Financial Services", "Capital Markets")


def test_the_table_of_no_version_has_changed():
    assert {version: method.digest for version, method in METHODS.items()} == DIGESTS, (
        "A threshold, formula or weight of a version has changed. What was said under it could not "
        "be verified any more: put the change into a new version in stockscore/scoring/methods/."
    )


def test_a_digest_changes_with_what_decides_a_score_and_not_with_words():
    method = METHODS["1.0"]
    first, *others = method.metrics
    reworded = replace(first, label="Profit for the price", meaning="What it earns.")
    assert replace(method, metrics=(reworded, *others)).digest == method.digest
    for changed in (
        replace(first, points=7),
        replace(first, formula=Operation("/", "market_cap", "net_income_ttm")),
        replace(first, positive=()),
        replace(first, kinds=("general",)),
    ):
        assert replace(method, metrics=(changed, *others)).digest != method.digest
    assert replace(method, shrinkage=11).digest != method.digest
    assert replace(method, thresholds={**method.thresholds, "BUY": 6100}).digest != method.digest


def test_versions_are_known_by_their_names():
    assert all(method.version == version for version, method in METHODS.items())
    assert method_of(DEFAULT) is default_method()
    with pytest.raises(ValueError, match=r"no scoring method 0\.9"):
        method_of("0.9")


def test_every_metric_of_any_version_is_known_once_by_its_newest_words(monkeypatch):
    assert every_metric() == default_method().metrics
    newer = made_up()
    monkeypatch.setitem(METHODS, newer.version, newer)
    found = {metric.key: metric for metric in every_metric()}
    assert found.keys() == default_method().by_key.keys() | newer.by_key.keys()
    assert all(found[metric.key] is metric for metric in newer.metrics)
    factors = [metric.factor for metric in every_metric()]
    assert factors == sorted(factors, key=FACTORS.index)


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_every_metric_is_made_of_its_inputs_or_of_a_known_function_of_prices(method):
    for metric in method.metrics:
        assert metric.mode in MODES
        if metric.price_measure:
            assert metric.price_measure.function in _FUNCTIONS
            assert metric.formula is None
            continue
        assert metric.formula is not None
        conditions = [one for decision in metric.decisions for one in decision.when]
        conditions += [obstacle.when for obstacle in metric.obstacles]
        named = {name for condition in conditions for name in names_in(condition.expression)}
        assert set(names_in(metric.formula)) | named == set(metric.inputs)
        assert set(metric.positive) <= set(metric.required)


def kind_under(version: str, inputs, profile) -> str:
    scoring = engine.score(Universe.of([stock("ONE", inputs, profile)]), METHODS[version])
    return scoring.kinds[0]


@pytest.mark.parametrize(
    ("inputs", "profile", "before", "now"),
    [
        # An unclassified balance sheet makes a financial company of a lender of any industry …
        (ALPHA | UNCLASSIFIED, CARDS, "general", "financial"),
        (ALPHA, CARDS, "general", "general"),
        # … and a classified one a general company of a broker.
        (ALPHA, BROKER, "financial", "general"),
        (ALPHA | UNCLASSIFIED, BROKER, "financial", "financial"),
        (ALPHA | {"current_assets": None}, BROKER, "financial", "general"),
        # Where no balance sheet is known the industry tells.
        ({}, BROKER, "financial", "financial"),
        ({}, CARDS, "general", "general"),
        # The balance sheet tells only within the sector.
        (ALPHA | UNCLASSIFIED, GENERAL, "general", "general"),
        (ALPHA | UNCLASSIFIED, ("Real Estate", "REIT - Office"), "real_estate", "real_estate"),
        # What is known of the newest balance sheet goes before inputs that may be of an older one.
        (ALPHA | {CLASSIFIED: 0.0}, FINANCIAL, "financial", "financial"),
        (ALPHA | UNCLASSIFIED | {CLASSIFIED: 1.0}, FINANCIAL, "financial", "general"),
    ],
)
def test_since_1_1_the_balance_sheet_tells_who_is_a_financial_company(inputs, profile, before, now):
    assert kind_under("1.0", inputs, profile) == before
    assert kind_under("1.1", inputs, profile) == now


def test_the_growth_that_a_source_quotes_may_stand_in_only_under_1_0():
    assert [method.quoted_growth for method in METHODS.values()] == [True, False]
