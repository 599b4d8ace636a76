"""Each metric result in a plain sentence."""

from __future__ import annotations

import re

import pytest

from stockscore.scoring.explain import missing_sentence, sentence
from stockscore.scoring.reasons import Reason, code, is_missing
from stockscore.scoring.stored_score import MetricResult
from tests.support.companies import (
    ALPHA,
    FINANCIAL,
    GAMMA,
    METHOD,
    UTILITY,
    result_of,
    scored,
    stock,
)

SPACE = "\N{NO-BREAK SPACE}"


def result(key: str, value: float | None, sub_score: float | None, reason: int = 0) -> MetricResult:
    return MetricResult(
        METHOD.by_key[key], value, sub_score, None if sub_score is None else 1, 100, reason
    )


@pytest.mark.parametrize(
    ("key", "value", "sub_score", "text"),
    [
        (
            "earnings_yield",
            0.0596,
            0.64,
            "Earns 5.96_% of its market value a year, more than 64 in 100 of its sector.",
        ),
        (
            "earnings_yield",
            -0.031,
            0.09,
            "Loses 3.10_% of its market value a year, less than 91 in 100 of its sector.",
        ),
        (
            "ebitda_to_ev",
            0.112,
            0.5,
            "EBITDA is 11.2_% of what the whole business costs, about the middle of its sector.",
        ),
        (
            "fcf_yield",
            -0.02,
            0.2,
            (
                "Uses up cash worth 2.00_% of its market value a year, less than 80 in 100 of its"
                " sector."
            ),
        ),
        (
            "book_to_price",
            0.305,
            0.41,
            "Costs 3.28 times its book value, dearer than 59 in 100 of its sector.",
        ),
        (
            "book_to_price",
            -0.1,
            0.02,
            (
                "No book value stands behind the shares: liabilities exceed assets, dearer than "
                "98 in 100 of its sector."
            ),
        ),
        ("peg", 1.05, 0.78, "P/E is 1.05 times the growth of earnings in percent: close to fair."),
        (
            "roic",
            0.145,
            0.88,
            "Each 100 invested earns 14.5 after tax, more than 88 in 100 of its sector.",
        ),
        (
            "roic",
            -0.02,
            0.1,
            "Each 100 invested loses 2.00 after tax, less than 90 in 100 of its sector.",
        ),
        (
            "net_margin",
            0.13,
            0.72,
            "Keeps 13.0 of every 100 in sales, more than 72 in 100 of its sector.",
        ),
        (
            "cash_conversion",
            -0.021,
            0.4,
            (
                "Cash flow falls short of earnings by 2.10_% of assets, less than 60 in 100 of "
                "its sector."
            ),
        ),
        (
            "return_12_1",
            0.184,
            0.72,
            "Up 18.4_% in eleven months, last month left out, more than 72 in 100 of the market.",
        ),
        (
            "return_6_1",
            -0.5,
            0.004,
            "Down 50.0_% in five months, last month left out, less than 99 in 100 of the market.",
        ),
        (
            "return_6_1",
            0.0,
            0.5,
            "Unchanged in five months, last month left out, about the middle of the market.",
        ),
        ("price_vs_sma200", 0.073, 0.68, "7.30_% above its average of 200 days."),
        ("rsi_14", 66.4, 0.79, "Warm at 66.4: above 60 the method takes points away."),
        (
            "volume_trend",
            0.57,
            0.74,
            "Rising days carry 57.0_% of the volume: more is traded when the price rises.",
        ),
        (
            "debt_to_equity",
            0.6,
            0.74,
            "60.0 of debt for each 100 of equity, less than the sector median of 0.74.",
        ),
        (
            "net_debt_to_ebitda",
            1.7,
            0.66,
            (
                "Repaying the net debt would take the EBITDA of 1.70 years, more than the sector "
                "median of 0.74."
            ),
        ),
        (
            "interest_coverage",
            8.2,
            0.91,
            "Operating profit pays the interest 8.20 times over: comfortable.",
        ),
        (
            "current_ratio",
            1.6,
            0.74,
            (
                "1.60 in short-term assets for each 1.00 due within a year, more than the sector "
                "median of 0.74."
            ),
        ),
        ("altman_z2", 3.53, 1.0, "Z″ is 3.53, in the safe zone above 2.6."),
        ("equity_to_assets", 0.093, 0.66, "9.30 of every 100 in assets are its own: a sound one."),
    ],
)
def test_a_result_reads_like_this(key, value, sub_score, text):
    said = sentence(result(key, value, sub_score), "Industrials", 0.74)
    assert said == text.replace("_", SPACE)


def test_without_a_sector_the_market_is_named():
    said = sentence(result("roe", 0.2, 0.77), None, 0.1)
    assert said == "Each 100 of equity earns 20.0, more than 77 in 100 of the market."


def test_half_of_the_debt_of_utilities_counts():
    said = sentence(result_of("debt_to_equity", ALPHA, UTILITY), "Utilities", None, "utility")
    assert said == (
        "50.0 of debt for each 100 of equity. "
        "Half of it counts, as for every utility and real estate company."
    )


@pytest.mark.parametrize(
    ("key", "reason", "argument", "text"),
    [
        ("ebitda_to_ev", Reason.INPUT_MISSING, 0b1, "Not scored: EBITDA is unknown."),
        (
            "ebitda_to_ev",
            Reason.INPUT_MISSING,
            0b11,
            "Not scored: EBITDA and enterprise value are unknown.",
        ),
        ("roic", Reason.INPUT_MISSING, 0b11001, "Not scored: EBIT, equity and cash are unknown."),
        ("current_ratio", Reason.INPUT_MISSING, 0b1, "Not scored: current assets are unknown."),
        (
            "interest_coverage",
            Reason.INPUT_MISSING,
            0b10,
            "Not scored: there is debt, but the interest paid is not known.",
        ),
        ("roe", Reason.NOT_POSITIVE, 0b10, "Not scored: equity is not above zero."),
        (
            "altman_z2",
            Reason.NOT_POSITIVE,
            0b1100000,
            "Not scored: total assets and total liabilities are not above zero.",
        ),
        (
            "peg",
            Reason.NO_EXCHANGE_RATE,
            0,
            (
                "Not scored: price and reports are in different currencies, and no exchange rate "
                "is known."
            ),
        ),
        (
            "return_12_1",
            Reason.TOO_FEW_BARS,
            62,
            "Not scored: it needs prices of 253 sessions, and there are only 62.",
        ),
        (
            "rsi_14",
            Reason.TOO_FEW_BARS,
            0,
            "Not scored: it needs prices of 15 sessions, and there are none.",
        ),
        (
            "rsi_14",
            Reason.STALE_BARS,
            11,
            "Not scored: the last price is 11 sessions older than the newest of its exchange.",
        ),
        (
            "rsi_14",
            Reason.STALE_BARS,
            255,
            (
                "Not scored: the last price is 255 or more sessions older than the newest of its "
                "exchange."
            ),
        ),
        (
            "volume_trend",
            Reason.NO_VOLUME,
            0,
            "Not scored: no volume is known of its rising and falling days.",
        ),
        (
            "roic",
            Reason.NO_CAPITAL,
            0,
            "Not scored: debt and equity less cash leave no invested capital.",
        ),
        (
            "debt_to_equity",
            Reason.NEGATIVE_DEBT,
            0,
            "Not scored: total debt is below zero, which cannot be right.",
        ),
        ("roe", Reason.OUT_OF_RANGE, 0, "Not scored: the numbers are too extreme to compute with."),
        (
            "equity_to_assets",
            Reason.NOT_APPLICABLE,
            0,
            "Does not apply: it is for banks, insurers and other financial companies only.",
        ),
        (
            "fcf_yield",
            Reason.NOT_APPLICABLE,
            0,
            "Does not apply: it is for utilities and general companies only.",
        ),
    ],
)
def test_every_reason_for_a_missing_metric_reads_like_this(key, reason, argument, text):
    kept = code(reason, argument)
    assert is_missing(kept)
    assert missing_sentence(result(key, None, None, kept)) == text
    assert sentence(result(key, None, None, kept)) == text


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason >= Reason.NO_PROFIT])
def test_a_decided_metric_says_what_decided_it(reason):
    assert not is_missing(code(reason))
    said = sentence(result("peg", None, 0.0, code(reason)))
    assert re.fullmatch(r"(No|All) points: .+\.", said)


@pytest.mark.parametrize("profile", [("Industrials", "Tools"), FINANCIAL, UTILITY])
@pytest.mark.parametrize("inputs", [ALPHA, GAMMA, {}])
@pytest.mark.parametrize("bars", [0, 60, 253])
def test_every_metric_of_a_real_score_has_one_good_sentence(profile, inputs, bars):
    closes = [100.0 + index % 3 for index in range(bars)]
    (record,) = scored(stock("ONE", inputs, profile, closes))
    for metric, one in zip(METHOD.metrics, record.metrics, strict=True):
        said = sentence(one, profile[0], 1.0)
        assert said[0].isupper() or said[0].isdigit(), metric.key
        assert said.endswith(".")
        assert not re.search(r"\b(nan|None|inf)\b", said)
        assert "-" not in said.replace("short-term", "")


@pytest.mark.parametrize("value", [1e308, -1e308, 1e-320, -1e-320, 0.0])
def test_no_value_is_too_extreme_for_a_sentence(value):
    for metric in METHOD.metrics:
        assert sentence(result(metric.key, value, 0.5), "Energy", value).endswith(".")
