"""The provider for tests answers what it was given, within the rules of the Protocol."""

from datetime import UTC, date, datetime

import pytest

from stockscore.providers.base import (
    Bar,
    Listing,
    NotFound,
    Provider,
    RateLimited,
    Unavailable,
)
from stockscore.providers.csvfile import CsvProvider
from stockscore.providers.null import NullProvider
from stockscore.scoring.statements import Period, Statement

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
ACME = Listing("ACME", "Acme", "XNYS", "USD")
GONE = Listing("GONE", "Gone", "XNYS", "USD", delisted_on=date(2026, 1, 2))
BARS = [Bar(date(2026, 11, day), None, None, None, float(day), None) for day in (19, 20, 24)]


def statement(known_at):
    return Statement(Period.QUARTER, date(2026, 9, 30), known_at, "USD", "null", {"cash": 1.0})


def test_an_index_has_its_listings_but_those_delisted_by_now():
    assert NullProvider(indices={"all": [ACME, GONE]}).universe("all", NOW) == [ACME]
    before = datetime(2026, 1, 1, tzinfo=UTC)
    assert NullProvider(indices={"all": [ACME, GONE]}).universe("all", before) == [ACME, GONE]


def test_an_unknown_index_is_not_found_and_the_known_are_named():
    with pytest.raises(NotFound, match="no index 'x'; the known ones are: all"):
        NullProvider(indices={"all": [ACME]}).universe("x", NOW)


def test_bars_are_given_from_since_up_to_the_day_of_now():
    provider = NullProvider(bars={"ACME": BARS})
    history = provider.prices(ACME, None, NOW)
    assert (history.ticker, history.currency, history.source) == ("ACME", "USD", "null")
    assert history.bars == BARS[:2]
    assert provider.prices(ACME, date(2026, 11, 20), NOW).bars == BARS[1:2]


def test_nothing_to_give_is_an_error_and_never_an_empty_answer():
    provider = NullProvider(bars={"ACME": []}, statements={"ACME": []})
    for question in (
        lambda: provider.prices(ACME, None, NOW),
        lambda: provider.fundamentals(ACME, NOW),
        lambda: provider.exchange_rate("USD", "SEK", NOW),
    ):
        with pytest.raises(Unavailable):
            question()


def test_an_unknown_ticker_is_not_found():
    with pytest.raises(NotFound, match="no prices of ACME"):
        NullProvider().prices(ACME, None, NOW)
    with pytest.raises(NotFound, match="no statements of ACME"):
        NullProvider().fundamentals(ACME, NOW)


def test_statements_are_given_once_they_are_known():
    early, late = statement(NOW), statement(datetime(2026, 12, 1, tzinfo=UTC))
    answer = NullProvider(statements={"ACME": [early, late]}).fundamentals(ACME, NOW)
    assert (answer.listing, answer.statements) == (ACME, [early])


def test_a_rate_is_given_as_it_was_set():
    assert NullProvider(rates={("USD", "SEK"): 9.5}).exchange_rate("USD", "SEK", NOW) == 9.5


def test_errors_come_first_each_once_and_in_order():
    provider = NullProvider(
        bars={"ACME": BARS},
        errors={("prices", "ACME"): [RateLimited("Slow down.", 5.0), Unavailable("Away.")]},
    )
    with pytest.raises(RateLimited) as caught:
        provider.prices(ACME, None, NOW)
    assert caught.value.retry_after == 5.0
    with pytest.raises(Unavailable):
        provider.prices(ACME, None, NOW)
    assert provider.prices(ACME, None, NOW).bars == BARS[:2]
    assert provider.asked == [("prices", "ACME")] * 3


def test_both_small_providers_answer_the_protocol():
    providers: list[Provider] = [NullProvider(), CsvProvider()]
    assert [(provider.name, provider.simulated) for provider in providers] == [
        ("null", False),
        ("csv", False),
    ]


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (
            lambda provider: provider.prices(ACME, None, NOW),
            (
                "Prices of ACME come from files, and there is nothing to fetch; run flask import "
                "prices FILE."
            ),
        ),
        (
            lambda provider: provider.fundamentals(ACME, NOW),
            (
                "Fundamentals of ACME come from files, and there is nothing to fetch; run flask "
                "import fundamentals FILE."
            ),
        ),
        (
            lambda provider: provider.exchange_rate("USD", "SEK", NOW),
            "With DATA_PROVIDER=csv no rate of USD in SEK is known.",
        ),
    ],
)
def test_the_provider_of_files_answers_with_the_command_that_helps(ask, sentence):
    with pytest.raises(Unavailable) as caught:
        ask(CsvProvider())
    assert str(caught.value) == sentence
