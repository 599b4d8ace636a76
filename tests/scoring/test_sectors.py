"""One sector has one name, whatever a source calls it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockscore.scoring.sectors import (
    SECTORS,
    industry_of,
    sector_of,
    unknown_name,
)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "N/A",
            "n/a",
            "-",
            "--",
            "Unknown",
            "UNKNOWN",
            "None",
            "NaN",
            "null",
            "#N/A",
            "NA",
            "—",
            "n.a.",
            "NOT_AVAILABLE",
            "?",
        ),
        *("", "  ", "not available", "Not  Available", None),
    ],
)
def test_a_word_for_none_is_no_name(text) -> None:
    assert sector_of(text) is None
    assert industry_of(text) is None


@pytest.mark.parametrize(
    ("text", "sector"),
    [
        ("INDUSTRIALS", "Industrials"),
        ("industrial goods & services", "Industrials"),
        ("Information Technology", "Technology"),
        ("Health Care", "Healthcare"),
        ("HealthCare", "Healthcare"),
        ("Financials", "Financial Services"),
        ("financial-services", "Financial Services"),
        ("Consumer Discretionary", "Consumer Cyclical"),
        ("Consumer Staples", "Consumer Defensive"),
        ("CONSUMER_DEFENSIVE", "Consumer Defensive"),
        ("Materials", "Basic Materials"),
        ("Telecommunications", "Communication Services"),
        ("Communication  services", "Communication Services"),
        ("Oil & Gas", "Energy"),
        ("real estate", "Real Estate"),
    ],
)
def test_names_of_other_classifications_are_those_of_the_method(text, sector) -> None:
    assert sector_of(text) == sector


def test_a_sector_that_is_unknown_keeps_its_name_and_is_said_to_be() -> None:
    assert sector_of(" Space  Mining ") == "Space Mining"
    assert "“Space Mining” is none of the eleven" in unknown_name("Space Mining", None)
    assert unknown_name("Energy", "Space Mining") is None
    assert unknown_name(None, None) is None


@pytest.mark.parametrize(
    ("text", "industry"),
    [
        ("Diversified Banks", "Banks - Diversified"),
        ("Regional Banks", "Banks - Regional"),
        ("BANKS—REGIONAL", "Banks - Regional"),
        ("Life & Health Insurance", "Insurance - Life"),
        ("Property and Casualty Insurance", "Insurance - Property & Casualty"),
        ("Reinsurance", "Insurance - Reinsurance"),
        ("Investment Banking & Brokerage", "Capital Markets"),
        ("Asset Management & Custody Banks", "Asset Management"),
        ("Oil & Gas E&P", "Oil & Gas E&P"),
    ],
)
def test_names_of_industries_by_which_companies_are_measured(text, industry) -> None:
    assert industry_of(text) == industry


def test_an_industry_of_finance_that_is_unknown_is_said_to_be_measured_by_its_balance_sheet() -> (
    None
):
    assert "measured by their balance sheet" in unknown_name("Financial Services", "Robo Advice")
    assert unknown_name("Financial Services", "Banks - Regional") is None


@given(st.sampled_from(SECTORS), st.sampled_from([" ", "  ", "-", "_", ""]), st.booleans())
def test_case_and_spaces_do_not_matter(sector, space, upper) -> None:
    spelled = sector.replace(" ", space)
    assert sector_of(spelled.upper() if upper else spelled.lower()) == sector


@given(st.text(max_size=60))
def test_a_name_that_was_translated_stays(text) -> None:
    for translate in (sector_of, industry_of):
        assert translate(translate(text)) == translate(text)
