"""Numbers inside sentences."""

from __future__ import annotations

import pytest

from stockscore.scoring import numerals

SPACE = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (2.675, 2, "2.68"),
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),
        (-2.5, 0, "−3"),
        (-0.004, 2, "0.00"),
        (1234567.891, 1, "1,234,567.9"),
        (-12.345, 2, "−12.35"),
        (1e22, 0, "10,000,000,000,000,000,000,000"),
        (float("-inf"), 2, "−∞"),
    ],
)
def test_half_rounds_up_and_minus_is_a_true_minus(value, digits, text):
    assert numerals.decimal(value, digits) == text


def test_a_sign_is_written_where_asked_for():
    assert numerals.decimal(3, 1, signed=True) == "+3.0"
    assert numerals.decimal(0, 1, signed=True) == "0.0"


@pytest.mark.parametrize(
    ("fraction", "text"),
    [
        (0.0596, "5.96"),
        (0.145, "14.5"),
        (1.204, "120"),
        (-0.031, "−3.10"),
        (0.09994, "9.99"),
        (0.09996, "10.0"),
        (0.9996, "100"),
        (0, "0.00"),
    ],
)
def test_a_percentage_has_three_telling_digits(fraction, text):
    assert numerals.percent(fraction) == f"{text}{SPACE}%"


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (641e6, f"641{SPACE}million"),
        (11.945e9, f"11.9{SPACE}billion"),
        (-2.5e12, f"−2.50{SPACE}trillion"),
        (950, "950"),
        (999_999, "999,999"),
        (1.5, "1.50"),
    ],
)
def test_money_is_scaled(amount, text):
    assert numerals.money(amount) == text


def test_other_forms():
    assert numerals.per_hundred(-0.145) == "14.5"
    assert numerals.figure(310.4) == "310"
    assert numerals.half_up(63.5) == 64
