import re
from datetime import date

import pytest
from pytickersymbols import PyTickerSymbols

from stockscore.providers.demo import names
from stockscore.providers.demo.companies import cohort_of, cohorts_for, roster

_LEGAL = re.compile(
    r"\b(inc|corp|corporation|co|company|plc|ltd|limited|ag|se|sa|nv|ab|group|holdings?)\b\.?",
    re.IGNORECASE,
)


def essence(name):
    """A name without legal forms, punctuation and case."""
    return re.sub(r"\W+", " ", _LEGAL.sub(" ", name)).casefold().strip()


@pytest.fixture(scope="module")
def companies():
    """Everyone who is ever listed until 2040, in the largest market that there can be."""
    most = max(stocks for stocks in range(10_000, 15_000, 2) if can_be(stocks))
    return [
        company
        for cohort in range(cohorts_for(most))
        for company in roster(date(2040, 12, 31), cohort)
    ]


def can_be(stocks):
    try:
        return cohorts_for(stocks) > 0
    except ValueError:
        return False


@pytest.fixture(scope="module")
def real():
    return list(PyTickerSymbols().get_all_stocks())


@pytest.fixture(scope="module")
def real_tickers(real):
    symbols = {stock.get("symbol") or "" for stock in real}
    for stock in real:
        for listing in stock.get("symbols", []):
            symbols |= {listing.get("yahoo") or "", listing.get("google") or ""}
    return {part for symbol in symbols for part in [symbol, *re.split(r"[.:\-/ ]", symbol)]}


def test_no_ticker_is_a_real_one_on_any_exchange(companies, real_tickers):
    assert len(real_tickers) > 3000
    mine = {part for c in companies for part in [c.ticker, c.ticker.partition(".")[0]]}
    assert mine & real_tickers == set()


def test_no_name_is_a_real_one(companies, real):
    real_names = {essence(stock["name"]) for stock in real}
    assert len(real_names) > 1500
    assert {essence(company.name) for company in companies} & real_names == set()


def test_no_invented_place_is_a_word_of_a_real_name(companies, real):
    words = {word for stock in real for word in essence(stock["name"]).split()}
    places = {c.name.split()[0].casefold() for c in companies if not c.peculiar}
    assert places & words == set()


def test_tickers_and_names_are_each_used_once(companies):
    assert len({company.ticker for company in companies}) == len(companies)
    assert len({company.name for company in companies}) == len(companies)


def test_tickers_have_one_to_five_letters_and_maybe_a_share_class(companies):
    assert all(re.fullmatch(r"[A-Z]{1,5}(\.[AB])?", company.ticker) for company in companies)
    assert {len(company.ticker.partition(".")[0]) for company in companies} == {1, 2, 3, 4, 5}


def test_some_names_are_hard_to_print(companies):
    everything = [company.name for company in companies]
    assert max(map(len, everything)) > 100
    assert any("&" in name and "'" in name and not name.isascii() for name in everything)


@pytest.mark.parametrize("cohort", [0, 1, 12])
def test_a_later_roster_only_appends(cohort):
    earlier, later = roster(date(2026, 11, 23), cohort), roster(date(2040, 12, 31), cohort)
    assert later[: len(earlier)] == earlier
    assert len(earlier) < len(later)


def test_there_are_names_for_more_than_ten_thousand_companies(companies):
    assert len(companies) > 12_000
    assert len({company.key for company in companies}) >= len(companies) - 1  # two share classes
    assert len({names.isin_for(company.ticker) for company in companies}) == len(companies)


def test_a_ticker_tells_the_cohort(companies):
    assert cohort_of("HDG.B") == 0
    assert cohort_of(companies[-1].ticker) == cohorts_for(12_000) - 1
    assert cohort_of("AAPL") is None


def test_there_is_no_cohort_without_names():
    with pytest.raises(LookupError, match="no names for cohort 99"):
        roster(date(2026, 11, 23), 99)


def test_a_ticker_is_never_taken_twice_nor_a_real_one():
    taken = {"KELM"}
    assert names.ticker_for("Kelmere", 4, taken) == "KELE"
    assert names.ticker_for("Kirkmere", 4, set()) != "KIRK"
    with pytest.raises(LookupError, match="no ticker of 2 letters is left for Ab"):
        names.ticker_for("Ab", 2, {"AB"})


def test_isins_are_well_formed_and_of_no_country():
    assert names.isin_for("KELM").startswith("ZZ")
    assert len(names.isin_for("KELM")) == 12
    # The check digit of a real ISIN (US0378331005) is found by the same rule.
    assert names._check_digit("US037833100") == "5"  # noqa: SLF001 (known answers exist for it)
