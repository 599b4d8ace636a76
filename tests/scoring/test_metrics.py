"""Every metric in hand-worked numbers, for every kind of company, with every missing rule."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from stockscore.scoring import record_0_1
from stockscore.scoring.reasons import NOT_APPLICABLE, Reason, parts
from stockscore.scoring.universe import Universe
from tests.support.companies import (
    ALPHA,
    FINANCIAL,
    GAMMA,
    GENERAL,
    METHOD,
    REAL_ESTATE,
    SESSION,
    UTILITY,
    result_of,
    score,
    scored,
    stock,
)


def reason(result) -> Reason:
    return parts(result.reason)[0]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("earnings_yield", 0.15),  # 150 / 1000
        ("ebitda_to_ev", 0.25),  # 300 / 1200
        ("fcf_yield", 0.10),  # 100 / 1000
        ("book_to_price", 0.80),  # 800 / 1000
        ("peg", 1.0),  # (100 / 5) / (100 · 0.20) = 20 / 20
        ("roic", 0.15),  # 200 · 0.75 / (400 + 800 − 200) = 150 / 1000
        ("gross_profitability", 0.40),  # 800 / 2000
        ("roe", 0.1875),  # 150 / 800
        ("net_margin", 0.075),  # 150 / 2000
        ("cash_conversion", 0.05),  # (250 − 150) / 2000
        ("debt_to_equity", 0.5),  # 400 / 800
        ("net_debt_to_ebitda", 0.6666666667),  # (400 − 200) / 300
        ("interest_coverage", 10.0),  # 200 / 20
        ("current_ratio", 1.5),  # 900 / 600
        # 6.56 · 300/2000 + 3.26 · 500/2000 + 6.72 · 200/2000 + 1.05 · 800/1200
        # = 0.984 + 0.815 + 0.672 + 0.7
        ("altman_z2", 3.171),
    ],
)
def test_a_general_company_has_this_value(key, value):
    assert result_of(key, ALPHA).value == pytest.approx(value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("earnings_yield", 0.15),  # 150 / 1000
        ("book_to_price", 0.80),  # 800 / 1000
        ("peg", 1.0),  # 20 / 20
        ("roe", 0.1875),  # 150 / 800
        ("net_margin", 0.075),  # 150 / 2000
        ("return_on_assets", 0.075),  # 150 / 2000
        ("equity_to_assets", 0.40),  # 800 / 2000
    ],
)
def test_a_bank_has_this_value(key, value):
    assert result_of(key, ALPHA, FINANCIAL).value == pytest.approx(value)


@pytest.mark.parametrize(
    ("profile", "missing"),
    [
        (
            FINANCIAL,
            {
                "ebitda_to_ev",
                "fcf_yield",
                "roic",
                "gross_profitability",
                "cash_conversion",
                "debt_to_equity",
                "net_debt_to_ebitda",
                "interest_coverage",
                "current_ratio",
                "altman_z2",
            },
        ),
        (
            REAL_ESTATE,
            {"fcf_yield", "return_on_assets", "current_ratio", "altman_z2", "equity_to_assets"},
        ),
        (UTILITY, {"return_on_assets", "current_ratio", "altman_z2", "equity_to_assets"}),
        (GENERAL, {"return_on_assets", "equity_to_assets"}),
    ],
)
def test_metrics_that_do_not_apply_to_a_kind_have_no_value_and_say_so(profile, missing):
    (record,) = scored(stock("ONE", ALPHA, profile))
    assert {metric.key for metric in record.metrics if metric.reason == NOT_APPLICABLE} == missing
    assert all(record.by_key[key].value is None for key in missing)
    assert all(record.by_key[key].sub_score is None for key in missing)


@pytest.mark.parametrize(
    ("key", "change", "value", "sub_score"),
    [
        # 20 / 40 = 0.5 and less: all points; 20 / 10 = 2; 20 / 16 = 1.25 lies midway of .8 and .6.
        ("peg", {"eps_growth": 0.40}, 0.5, 1.0),
        ("peg", {"eps_growth": 0.80}, 0.25, 1.0),
        ("peg", {"eps_growth": 0.10}, 2.0, 0.3),
        ("peg", {"eps_growth": 0.16}, 1.25, 0.7),
        ("peg", {"eps_growth": 0.05}, 4.0, 0.0),
        # 600 / 800 = 0.75, midway of .8 and .5.
        ("debt_to_equity", {"total_debt": 600}, 0.75, 0.65),
        ("debt_to_equity", {"total_debt": 0}, 0.0, 1.0),
        ("debt_to_equity", {"total_debt": 2000}, 2.5, 0.1),
        ("debt_to_equity", {"total_debt": 4000}, 5.0, 0.0),
        # (950 − 200) / 300 = 2.5
        ("net_debt_to_ebitda", {"total_debt": 950}, 2.5, 0.5),
        ("net_debt_to_ebitda", {"total_debt": 2000}, 6.0, 0.0),
        ("interest_coverage", {"interest_expense_ttm": 200}, 1.0, 0.0),
        ("interest_coverage", {"interest_expense_ttm": 50}, 4.0, 0.625),
        ("interest_coverage", {"interest_expense_ttm": 25}, 8.0, 0.9),
        ("current_ratio", {"current_assets": 300}, 0.5, 0.0),
        ("current_ratio", {"current_assets": 750}, 1.25, 0.525),
        ("current_ratio", {"current_assets": 1350}, 2.25, 0.95),
        ("current_ratio", {"current_assets": 3000}, 5.0, 1.0),
        # 3.171 − 6.56 · 200/2000 = 2.515; (2.515 − 1.1) / 1.5 = 0.943333
        ("altman_z2", {"current_assets": 700}, 2.515, 0.9433333),
    ],
)
def test_a_curve_gives_this_sub_score_to_a_general_company(key, change, value, sub_score):
    result = result_of(key, ALPHA | change)
    assert result.value == pytest.approx(value)
    assert result.sub_score == pytest.approx(sub_score)


@pytest.mark.parametrize(
    ("equity", "sub_score"),
    [(80, 0.0), (120, 0.25), (160, 0.5), (200, 0.75), (240, 1.0), (400, 1.0)],
)
def test_a_banks_equity_is_judged_against_its_assets_of_2000(equity, sub_score):
    result = result_of("equity_to_assets", ALPHA | {"total_equity": equity}, FINANCIAL)
    assert result.sub_score == pytest.approx(sub_score)


@pytest.mark.parametrize("profile", [UTILITY, REAL_ESTATE])
def test_debt_ratios_of_utilities_and_real_estate_are_halved_before_the_curve(profile):
    inputs = ALPHA | {"total_debt": 1600}
    to_equity = result_of("debt_to_equity", inputs, profile)
    # 1600 / 800 = 2 is shown, 1 is judged: .5; (1600 − 200) / 300 = 4.6667, judged as 2.3333.
    assert to_equity.value == pytest.approx(2.0)
    assert to_equity.sub_score == pytest.approx(0.5)
    to_ebitda = result_of("net_debt_to_ebitda", inputs, profile)
    assert to_ebitda.value == pytest.approx(4.6666667)
    assert to_ebitda.sub_score == pytest.approx(0.5333333)


@pytest.mark.parametrize(
    ("rate", "value"),
    [
        (None, 0.158),  # 200 · (1 − 0.21) / 1000
        (0.50, 0.13),  # kept to 0.35: 200 · 0.65 / 1000
        (-0.10, 0.20),  # kept to 0: 200 / 1000
    ],
)
def test_the_tax_rate_of_roic_is_21_percent_where_unknown_and_kept_within_0_and_35(rate, value):
    assert result_of("roic", ALPHA | {"tax_rate": rate}).value == pytest.approx(value)


@pytest.mark.parametrize(
    ("key", "missing", "profile"),
    [
        ("earnings_yield", "net_income_ttm", GENERAL),
        ("earnings_yield", "market_cap", GENERAL),
        ("ebitda_to_ev", "ebitda_ttm", GENERAL),
        ("ebitda_to_ev", "enterprise_value", GENERAL),
        ("fcf_yield", "fcf_ttm", GENERAL),
        ("book_to_price", "total_equity", GENERAL),
        ("peg", "price", GENERAL),
        ("peg", "eps_ttm", GENERAL),
        ("peg", "eps_growth", GENERAL),
        ("roic", "ebit_ttm", GENERAL),
        ("roic", "total_debt", GENERAL),
        ("roic", "total_equity", GENERAL),
        ("roic", "cash", GENERAL),
        ("gross_profitability", "gross_profit_ttm", GENERAL),
        ("gross_profitability", "total_assets", GENERAL),
        ("roe", "total_equity", GENERAL),
        ("net_margin", "revenue_ttm", GENERAL),
        ("cash_conversion", "cfo_ttm", GENERAL),
        ("cash_conversion", "net_income_ttm", GENERAL),
        ("return_on_assets", "net_income_ttm", FINANCIAL),
        ("debt_to_equity", "total_debt", GENERAL),
        ("debt_to_equity", "total_equity", GENERAL),
        ("net_debt_to_ebitda", "total_debt", GENERAL),
        ("net_debt_to_ebitda", "cash", GENERAL),
        ("net_debt_to_ebitda", "ebitda_ttm", GENERAL),
        ("interest_coverage", "ebit_ttm", GENERAL),
        ("interest_coverage", "interest_expense_ttm", GENERAL),
        ("current_ratio", "current_assets", GENERAL),
        ("current_ratio", "current_liabilities", GENERAL),
        ("altman_z2", "retained_earnings", GENERAL),
        ("altman_z2", "total_liabilities", GENERAL),
        ("equity_to_assets", "total_equity", FINANCIAL),
        ("equity_to_assets", "total_assets", FINANCIAL),
    ],
)
@pytest.mark.parametrize("unknown", [None, float("nan"), float("inf"), "12", True])
def test_a_missing_input_makes_the_metric_missing_and_is_named(key, missing, profile, unknown):
    result = result_of(key, ALPHA | {missing: unknown}, profile)
    metric = next(metric for metric in METHOD.metrics if metric.key == key)
    assert (result.value, result.sub_score, result.points) == (None, None, None)
    assert parts(result.reason) == (Reason.INPUT_MISSING, 1 << metric.inputs.index(missing))


@pytest.mark.parametrize(
    ("key", "denominator", "profile"),
    [
        ("earnings_yield", "market_cap", GENERAL),
        ("ebitda_to_ev", "enterprise_value", GENERAL),
        ("fcf_yield", "market_cap", GENERAL),
        ("book_to_price", "market_cap", GENERAL),
        ("gross_profitability", "total_assets", GENERAL),
        ("roe", "total_equity", GENERAL),
        ("net_margin", "revenue_ttm", GENERAL),
        ("cash_conversion", "total_assets", GENERAL),
        ("return_on_assets", "total_assets", FINANCIAL),
        ("interest_coverage", "interest_expense_ttm", GENERAL),
        ("current_ratio", "current_liabilities", GENERAL),
        ("altman_z2", "total_assets", GENERAL),
        ("altman_z2", "total_liabilities", GENERAL),
        ("equity_to_assets", "total_assets", FINANCIAL),
    ],
)
@pytest.mark.parametrize("value", [0.0, -5.0])
def test_a_denominator_that_is_not_above_zero_makes_the_metric_missing(
    key, denominator, profile, value
):
    result = result_of(key, ALPHA | {denominator: value}, profile)
    metric = next(metric for metric in METHOD.metrics if metric.key == key)
    assert (result.value, result.sub_score) == (None, None)
    assert parts(result.reason) == (Reason.NOT_POSITIVE, 1 << metric.inputs.index(denominator))


def test_roic_is_missing_where_cash_exceeds_debt_and_equity():
    # 400 + 800 − 1200 = 0
    result = result_of("roic", ALPHA | {"cash": 1200})
    assert (result.value, reason(result)) == (None, Reason.NO_CAPITAL)


@pytest.mark.parametrize("others", [{}, {"price": None, "eps_growth": None}])
def test_a_known_loss_decides_the_peg_whatever_else_is_missing(others):
    result = result_of("peg", ALPHA | {"eps_ttm": 0.0} | others)
    assert (result.value, result.sub_score, reason(result)) == (None, 0.0, Reason.NO_PROFIT)


@pytest.mark.parametrize("others", [{}, {"price": None, "eps_ttm": None}])
def test_known_missing_growth_decides_the_peg_whatever_else_is_missing(others):
    result = result_of("peg", ALPHA | {"eps_growth": -0.1} | others)
    assert (result.value, result.sub_score, reason(result)) == (None, 0.0, Reason.NO_GROWTH)


@pytest.mark.parametrize("debt", [400, 0, None])
def test_known_equity_of_zero_or_less_decides_debt_to_equity_whatever_the_debt(debt):
    result = result_of("debt_to_equity", ALPHA | {"total_equity": 0, "total_debt": debt})
    assert (result.value, result.sub_score, reason(result)) == (None, 0.0, Reason.NO_EQUITY)


def test_negative_debt_cannot_be_right_so_debt_to_equity_is_missing():
    result = result_of("debt_to_equity", ALPHA | {"total_debt": -1})
    assert (result.sub_score, reason(result)) == (None, Reason.NEGATIVE_DEBT)


@pytest.mark.parametrize(("ebitda", "value"), [(300, -0.3333333), (-50, None), (None, None)])
def test_net_cash_earns_all_points_whatever_the_ebitda(ebitda, value):
    # 400 − 500 = −100; −100 / 300 where EBITDA is above zero.
    result = result_of("net_debt_to_ebitda", ALPHA | {"cash": 500, "ebitda_ttm": ebitda})
    assert (result.sub_score, reason(result)) == (1.0, Reason.NET_CASH)
    assert result.value == (None if value is None else pytest.approx(value))


def test_debt_that_cash_just_covers_is_no_net_debt():
    result = result_of("net_debt_to_ebitda", ALPHA | {"cash": 400, "ebitda_ttm": -50})
    assert (result.sub_score, reason(result)) == (1.0, Reason.NET_CASH)


def test_net_debt_without_ebitda_earns_nothing():
    result = result_of("net_debt_to_ebitda", ALPHA | {"ebitda_ttm": 0})
    assert (result.value, result.sub_score, reason(result)) == (None, 0.0, Reason.NO_EBITDA)


@pytest.mark.parametrize("others", [{}, {"ebit_ttm": None, "interest_expense_ttm": None}])
def test_known_absence_of_debt_needs_no_interest_coverage(others):
    result = result_of("interest_coverage", ALPHA | {"total_debt": 0} | others)
    assert (result.value, result.sub_score, reason(result)) == (None, 1.0, Reason.NO_DEBT)


def test_interest_coverage_does_not_ask_for_the_debt_where_interest_is_known():
    result = result_of("interest_coverage", ALPHA | {"total_debt": None})
    assert (result.value, result.sub_score) == (10.0, 1.0)


def test_unknown_debt_and_unknown_interest_are_both_named():
    unknown = {"total_debt": None, "interest_expense_ttm": None}
    assert parts(result_of("interest_coverage", ALPHA | unknown).reason) == (
        Reason.INPUT_MISSING,
        0b110,
    )


def test_every_missing_input_is_named_at_once():
    result = result_of("roic", {"total_debt": 1.0})
    # inputs: ebit 1, tax 2 (optional), debt 4, equity 8, cash 16
    assert parts(result.reason) == (Reason.INPUT_MISSING, 0b11001)


def test_a_result_beyond_all_numbers_is_missing():
    result = result_of("earnings_yield", ALPHA | {"net_income_ttm": 1e308, "market_cap": 1e-10})
    assert (result.value, reason(result)) == (None, Reason.OUT_OF_RANGE)


def test_without_an_exchange_rate_ratios_of_price_and_reports_say_so():
    quoted = {"price": None, "market_cap": None, "enterprise_value": None}
    (record,) = scored(stock("ADR", ALPHA | quoted, rate_missing=True))
    for key in ("earnings_yield", "ebitda_to_ev", "fcf_yield", "book_to_price", "peg"):
        assert reason(record.by_key[key]) is Reason.NO_EXCHANGE_RATE
    assert record.by_key["roic"].value == pytest.approx(0.15)


def test_another_missing_input_is_named_even_without_an_exchange_rate():
    (record,) = scored(stock("ADR", {"total_assets": 1.0}, rate_missing=True))
    assert parts(record.by_key["earnings_yield"].reason) == (Reason.INPUT_MISSING, 0b11)


def test_a_loss_makers_metrics():
    (record,) = scored(stock("LOSS", GAMMA))
    values = {metric.key: metric.value for metric in record.metrics}
    assert values["earnings_yield"] == pytest.approx(-0.05)  # −50 / 1000
    assert values["roic"] == pytest.approx(-0.0474)  # −60 · 0.79 / (700 + 300 − 0)
    assert values["cash_conversion"] == pytest.approx(-0.02)  # (−80 + 50) / 1500
    assert record.by_key["interest_coverage"].sub_score == 0.0  # −60 / 35
    assert reason(record.by_key["net_debt_to_ebitda"]) is Reason.NO_EBITDA


# Prices: bars are counted from the last one, t.


def steps(*levels: tuple[float, int]) -> list[float]:
    """Closes on levels, each for a number of sessions, oldest first."""
    return [close for close, count in levels for _ in range(count)]


def test_returns_skip_the_last_month():
    # P[t−252] = 80, P[t−126] = 100, P[t−21] = 120, then 60 for the last 21 sessions.
    closes = steps((80, 100), (100, 100), (120, 32), (60, 21))
    assert len(closes) == 253
    assert result_of("return_12_1", {}, closes=closes).value == pytest.approx(0.50)
    assert result_of("return_6_1", {}, closes=closes).value == pytest.approx(0.20)


def test_averages_are_of_the_last_50_and_200_closes():
    # Last 50: 25 · 100 + 25 · 110, mean 105; last 200: 150 · 90 + 5250, mean 93.75; P = 110.
    closes = steps((90, 175), (100, 25), (110, 25))
    short = result_of("price_vs_sma50", {}, closes=closes)
    assert short.value == pytest.approx(1 / 21)  # 110 / 105 − 1
    assert short.sub_score == pytest.approx(0.7380952, abs=1e-6)  # 0.5 + 0.047619 · 5
    long = result_of("price_vs_sma200", {}, closes=closes)
    assert long.value == pytest.approx(0.1733333)  # 110 / 93.75 − 1
    assert long.sub_score == pytest.approx(0.9333333)  # 0.5 + 0.173333 · 2.5


def test_rsi_starts_with_the_mean_of_14_changes_and_smooths_from_there():
    # 14 changes: 7 up by 2, 7 down by 1: averages 1 and 0.5, RSI 100 · 1 / 1.5 = 66.6667.
    closes = [100.0]
    for _ in range(7):
        closes += [closes[-1] + 2, closes[-1] + 1]
    first = result_of("rsi_14", {}, closes=closes)
    assert first.value == pytest.approx(66.6666667)
    assert first.sub_score == pytest.approx(0.78)  # between 60 → 1 and 70 → .67: 1 − .033 · 6.6667
    # One more change of +1: (13 · 1 + 1) / 14 = 1 and 13 · 0.5 / 14 = 0.4642857: 68.2927
    after = result_of("rsi_14", {}, closes=[*closes, closes[-1] + 1])
    assert after.value == pytest.approx(68.2926829)


def test_rsi_looks_back_250_bars_and_no_further():
    # 250 bars of no change at all: 50, although there was a crash before them.
    closes = [500.0, *steps((100, 250))]
    assert result_of("rsi_14", {}, closes=closes).value == 50.0


@pytest.mark.parametrize(
    ("change", "rsi", "sub_score"), [(1.0, 100.0, 0.0), (-1.0, 0.0, 0.0), (0.0, 50.0, 1.0)]
)
def test_rsi_of_one_sided_series(change, rsi, sub_score):
    closes = [100 + change * index for index in range(15)]
    result = result_of("rsi_14", {}, closes=closes)
    assert (result.value, result.sub_score) == (pytest.approx(rsi), pytest.approx(sub_score))


def test_volume_counts_rising_and_falling_days_of_50_sessions():
    # A first bar, then 20 rises of 3,000, 20 falls of 1,000 and 10 days unchanged with 99,000:
    # 60,000 / (60,000 + 20,000) = 0.75
    closes = [100.0, *range(101, 121), *range(119, 99, -1), *steps((100, 10))]
    volumes = [5e6, *[3000] * 20, *[1000] * 20, *[99_000] * 10]
    result = result_of("volume_trend", {}, closes=closes, volumes=volumes)
    assert (result.value, result.sub_score) == (pytest.approx(0.75), pytest.approx(1.0))


@pytest.mark.parametrize(
    ("rising", "sub_score"), [(0.35, 0.0), (0.41, 0.2), (0.5, 0.5), (0.6, 0.8333333)]
)
def test_volume_curve(rising, sub_score):
    closes = [100.0 + index % 2 for index in range(51)]  # 25 rises and 25 falls in turn
    volumes = [0.0] + [rising if index % 2 == 0 else 1 - rising for index in range(50)]
    result = result_of("volume_trend", {}, closes=closes, volumes=volumes)
    assert result.value == pytest.approx(rising)
    assert result.sub_score == pytest.approx(sub_score)


@pytest.mark.parametrize("volumes", [[0.0] * 51, [float("nan")] * 51, [-5.0] * 51])
def test_without_any_volume_the_volume_trend_is_missing(volumes):
    closes = [100.0 + index % 2 for index in range(51)]
    result = result_of("volume_trend", {}, closes=closes, volumes=volumes)
    assert (result.value, reason(result)) == (None, Reason.NO_VOLUME)


@pytest.mark.parametrize(
    ("key", "needed"),
    [
        ("return_12_1", 253),
        ("return_6_1", 127),
        ("price_vs_sma200", 200),
        ("price_vs_sma50", 50),
        ("rsi_14", 15),
        ("volume_trend", 51),
    ],
)
def test_a_price_metric_needs_so_many_bars_and_says_how_many_there_are(key, needed):
    closes = [100.0 + index % 2 for index in range(needed)]
    assert result_of(key, {}, closes=closes).value is not None
    short = result_of(key, {}, closes=closes[1:])
    assert (short.value, short.sub_score) == (None, None)
    assert parts(short.reason) == (Reason.TOO_FEW_BARS, min(needed - 1, 255))


def test_a_session_without_a_close_is_no_bar():
    closes = [100.0 + index % 2 for index in range(15)]
    holes = [*closes[:5], float("nan"), *closes[5:10], 0.0, -3.0, *closes[10:]]
    assert (
        result_of("rsi_14", {}, closes=holes).value == result_of("rsi_14", {}, closes=closes).value
    )
    assert parts(result_of("rsi_14", {}, closes=holes[1:]).reason) == (Reason.TOO_FEW_BARS, 14)


def lagging(last: date, sessions=None, exchange: str = "XNYS"):
    closes = [100.0 + index % 2 for index in range(60)]
    universe = [
        stock("NEW", {}, closes=closes),
        stock("OLD", {}, closes=closes, last_session=last, exchange=exchange),
    ]
    scoring = score(Universe.of(universe, sessions))
    return record_0_1.unpack(scoring.records[1]).by_key["rsi_14"]


def test_bars_that_end_more_than_ten_sessions_before_the_newest_of_the_exchange_are_stale():
    # Monday 23 November 2026 less ten weekdays is Monday the 9th, less eleven Friday the 6th.
    assert lagging(SESSION - timedelta(days=14)).value is not None
    stale = lagging(SESSION - timedelta(days=17))
    assert (stale.value, parts(stale.reason)) == (None, (Reason.STALE_BARS, 11))


def test_holidays_do_not_count_where_the_sessions_of_the_exchange_are_given():
    # The 12th was a holiday, so that only ten sessions lie after Friday the 6th.
    days = [SESSION - timedelta(days=index) for index in range(30, -1, -1)]
    open_days = [day.toordinal() for day in days if day.weekday() < 5 and day.day != 12]
    assert lagging(SESSION - timedelta(days=17), {"XNYS": open_days}).value is not None


def test_weekdays_count_where_the_given_sessions_do_not_reach_back():
    recent = [SESSION.toordinal() - 4, SESSION.toordinal()]
    stale = lagging(SESSION - timedelta(days=17), {"XNYS": recent})
    assert parts(stale.reason) == (Reason.STALE_BARS, 11)


def test_another_exchange_does_not_make_bars_stale():
    assert lagging(SESSION - timedelta(days=60), exchange="XSTO").value is not None
