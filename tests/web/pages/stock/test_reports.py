"""Statements as tables: years and quarters, growth, and what is unknown."""

from datetime import UTC, date, datetime, timedelta

import pytest
from bs4 import BeautifulSoup

from stockscore.scoring.statements import Period, Statement
from stockscore.web.pages.stock import reports
from stockscore.web.pages.stock.report_table import growth

ENDS = (date(2026, 9, 30), date(2026, 6, 30), date(2026, 3, 31), date(2025, 12, 31))


def quarter_ends(count):
    """Ends of calendar quarters, newest first."""
    return [
        date(ENDS[index % 4].year - index // 4, ENDS[index % 4].month, ENDS[index % 4].day)
        for index in range(count)
    ]


def report(end, period=Period.QUARTER, currency="USD", **figures):
    known_at = datetime.combine(end + timedelta(days=40), datetime.min.time(), UTC)
    return Statement(period, end, known_at, currency, "test", figures)


def quarters(count, **figures):
    """Figures are functions of the number of the quarter, 0 the newest."""
    return [
        report(end, **{name: value(index) for name, value in figures.items()})
        for index, end in enumerate(quarter_ends(count))
    ]


def table(statements, title, splits=()):
    view = reports.reports_view(statements, splits)
    return next(one for one in view.tables if one.title == title)


def cells(made, label):
    """(value, growth) of the row with this label, newest first."""
    rows = [row for _, rows in made.groups for row in rows if row.label == label]
    return [(cell.value, cell.growth) for cell in rows[0].cells]


def test_years_are_sums_of_four_quarters_where_the_source_has_none_and_say_so():
    made = table(quarters(8, revenue=lambda at: 250e6 if at < 4 else 200e6), "By year")
    assert [end for end, _ in made.columns] == ["30\u00a0Sep\u00a02026", "30\u00a0Sep\u00a02025"]
    assert cells(made, "Revenue") == [("1,000", "+25.0\u00a0%"), ("800", "")]
    assert "sum of four" in made.note


def test_balances_of_a_summed_year_are_those_at_its_end():
    made = table(quarters(4, cash=lambda at: (at + 1) * 100e6), "By year")
    assert cells(made, "Cash") == [("100", "")]


def test_a_flow_that_one_of_the_four_quarters_lacks_is_unknown():
    lacking = quarters(8, revenue=lambda at: None if at == 2 else 1e9)
    assert cells(table(lacking, "By year"), "Revenue") == [("unknown", ""), ("4,000", "")]


def test_years_that_the_source_reports_go_before_sums():
    years = [report(date(year, 12, 31), Period.YEAR, revenue=year * 1e6) for year in (2024, 2025)]
    made = table([*quarters(8, revenue=lambda _: 1e6), *years], "By year")
    assert [end for end, _ in made.columns] == ["31\u00a0Dec\u00a02025", "31\u00a0Dec\u00a02024"]
    assert made.note.startswith("Years as the source reports them.")


def test_a_summary_alone_is_shown_as_what_it_is():
    summary = report(date(2026, 9, 30), Period.TRAILING, revenue=12e6, price=3.0)
    view = reports.reports_view([summary], ())
    assert [one.title for one in view.tables] == ["By year"]
    assert cells(view.tables[0], "Revenue") == [("12.0", "")]
    assert "own summary of twelve months" in view.tables[0].note


def test_quarters_grow_against_the_quarter_a_year_before():
    made = table(quarters(6, revenue=lambda at: (110 - 10 * at) * 1e6), "By quarter")
    assert [growth for _, growth in cells(made, "Revenue")][:3] == [
        "+57.1\u00a0%", "+66.7\u00a0%", "",
    ]  # fmt: skip


def test_a_gap_of_a_quarter_is_no_neighbour():
    known = [
        quarter for index, quarter in enumerate(quarters(6, revenue=lambda _: 1e9)) if index != 4
    ]
    made = table(known, "By quarter")
    assert cells(made, "Revenue")[0] == ("1,000", "")
    assert cells(made, "Revenue")[1] == ("1,000", "0.0\u00a0%")


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (110.0, 100.0, "+10.0\u00a0%"),
        (90.0, 100.0, "−10.0\u00a0%"),
        (2500.0, 100.0, "+2,400\u00a0%"),
        (5.0, -5.0, "was negative"),
        (-5.0, -9.0, "still negative"),
        (-5.0, 9.0, "turned negative"),
        (5.0, 0.0, "was zero"),
        (0.0, 0.0, ""),
        (None, 1.0, ""),
        (1.0, None, ""),
        (1e308, 1e-308, "unknown"),
    ],
)
def test_growth_is_a_percentage_only_where_that_means_something(now, before, said):
    assert growth(now, before) == said


def test_negative_equity_is_a_negative_number():
    made = table(quarters(1, total_equity=lambda _: -1234.5e6), "By quarter")
    assert cells(made, "Equity") == [("−1,235", "")]


def test_what_no_period_knows_is_named_under_the_table():
    made = table(quarters(1, revenue=lambda _: 1e6), "By quarter")
    assert "Unknown in all of these periods: gross profit, EBITDA, " in made.note
    assert [label for label, _ in made.groups] == ["Income"]


def test_a_split_restates_earnings_per_share_and_shares():
    made = table(
        quarters(1, eps=lambda _: 4.0, shares=lambda _: 10e6),
        "By quarter",
        [(date(2026, 10, 5), 2.0)],
    )
    assert cells(made, "Earnings per share") == [("2.00", "")]
    assert cells(made, "Shares") == [("20.0", "")]


def test_the_unit_is_said_and_other_currencies_are_left_out_with_a_word():
    mixed = [report(ENDS[0], currency="EUR", revenue=1e6), report(ENDS[1], revenue=1e6)]
    view = reports.reports_view(mixed, ())
    assert view.unit == "Millions of EUR"
    assert view.note == "1\u00a0period reported in another currency left out."


def test_without_statements_there_are_no_tables():
    assert reports.reports_view([], ()).tables == ()


def page_of(browser, ticker):
    return BeautifulSoup(browser.get(f"/stocks/{ticker}").text, "html.parser")


def test_the_page_has_years_open_and_quarters_folded_with_their_source(browser):
    section = page_of(browser, "T05").select_one("#statements")
    by_year, by_quarter = section.select("table")
    assert by_year.find_parent("details") is None
    assert by_quarter.find_parent("details").summary.text == "By quarter"
    for one in (by_year, by_quarter):
        counts = {
            sum(int(cell.get("colspan", 1)) for cell in row.select("th, td"))
            for row in one.select("tr")
        }
        assert counts == {len(one.select("thead th"))}
    assert "Millions of USD" in section.text
    assert "Source: test. Statements to" in section.text


def test_the_page_of_a_stock_without_statements_says_so(browser):
    section = page_of(browser, "FAIL").select_one("#statements")
    assert "No statements are known." in section.text
    assert section.select("table") == []


def test_the_json_has_all_periods_in_plain_money(browser):
    told = browser.get("/stocks/T05.json").json["statements"]
    assert (told["currency"], told["annual_basis"]) == ("USD", "summed")
    four = told["quarterly"][:4]
    assert told["annual"][0]["period_end"] == four[0]["period_end"]
    assert told["annual"][0]["figures"]["revenue"] == pytest.approx(
        sum(one["figures"]["revenue"] for one in four)
    )
    assert told["annual"][0]["figures"]["fixed_assets"] is None
