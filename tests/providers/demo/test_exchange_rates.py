from datetime import UTC, datetime, timedelta

import pytest

from stockscore.providers.base import Unavailable
from stockscore.providers.demo import DemoProvider


def test_a_currency_is_worth_one_of_itself(provider, now):
    assert provider.exchange_rate("EUR", "EUR", now) == 1.0


def test_there_and_back_is_one_and_a_detour_costs_nothing(provider, now):
    there, back = (
        provider.exchange_rate("USD", "EUR", now),
        provider.exchange_rate("EUR", "USD", now),
    )
    assert there * back == pytest.approx(1, rel=1e-5)
    detour = provider.exchange_rate("USD", "GBP", now) * provider.exchange_rate("GBP", "EUR", now)
    assert detour == pytest.approx(there, rel=1e-5)


def test_rates_move_a_little_from_day_to_day(provider, now):
    rates = [provider.exchange_rate("USD", "EUR", now - timedelta(days=n)) for n in range(30)]
    assert len(set(rates)) > 15
    assert max(rates) / min(rates) < 1.2


def test_a_rate_changes_only_at_its_fixing(provider):
    before = provider.exchange_rate("USD", "EUR", datetime(2026, 11, 23, 15, 59, tzinfo=UTC))
    friday = provider.exchange_rate("USD", "EUR", datetime(2026, 11, 20, 16, 0, tzinfo=UTC))
    after = provider.exchange_rate("USD", "EUR", datetime(2026, 11, 23, 16, 0, tzinfo=UTC))
    assert before == friday != after


def test_the_rate_of_a_day_is_the_same_however_late_it_is_asked(provider, now):
    fresh = DemoProvider()
    fresh.exchange_rate("USD", "EUR", datetime(2031, 1, 1, tzinfo=UTC))
    assert fresh.exchange_rate("USD", "EUR", now) == provider.exchange_rate("USD", "EUR", now)


@pytest.mark.parametrize("pair", [("USD", "ISK"), ("ISK", "USD"), ("XXX", "XXX")])
def test_an_unknown_rate_is_unavailable_and_says_what_is_known(provider, now, pair):
    with pytest.raises(Unavailable, match=r"no rate from ... to ...: it knows CAD, CHF, EUR"):
        provider.exchange_rate(*pair, now)
