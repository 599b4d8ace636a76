"""The values that the crosshair reads, and reading them by keys and by pointer in a browser."""

import csv
import io
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from stockscore.scoring.numerals import MONTHS
from stockscore.web.ui import format as fmt
from stockscore.web.ui.charts.crosshair import crosshair, differences
from stockscore.web.ui.charts.price import price_chart


@given(st.lists(st.none() | st.integers(0, 10**9), max_size=30), st.integers(0, 6))
def test_differences_add_up_to_what_is_written(hundreds, places):
    values = [None if n is None else n / 10**places for n in hundreds]
    found = differences(values, places)
    sums = accumulate(step for step in found if step is not None)
    assert list(sums) == [n for n in hundreds if n is not None]
    assert [step is None for step in found] == [n is None for n in hundreds]


def test_there_is_none_without_a_chart():
    assert crosshair(price_chart([], []), [], [], [], [], [], [], "USD") is None


def year_of(market, ticker):
    text = market.test_client().get(f"/stocks/{ticker}.csv").text
    return list(csv.DictReader(io.StringIO(text)))


def said_of(row):
    """What the readout says of a line of the CSV."""
    year, month, day = map(int, row["session"].split("-"))
    figures = {k: float(row[k]) if row[k] else None for k in row if k not in ("session", "event")}
    return [
        f"{day} {MONTHS[month - 1]} {year}",
        f"Close {fmt.price(figures['adjusted_close'])} USD",
        f"50 days {fmt.price(figures['sma50'])}",
        f"200 days {fmt.price(figures['sma200'])}",
        f"RSI {fmt.decimal(figures['rsi14'], 1)}",
    ]


def test_arrow_keys_read_one_session_after_the_other(chromium, site, market):
    rows = year_of(market, "T05")
    with chromium.page() as page:
        page.goto(f"{site}/stocks/T05")
        first_said = page.locator("#price .readout").inner_text()
        cursor = page.get_by_role("slider", name="Session on the chart")
        cursor.focus()
        for keys, at in ((["Home"], 0), (["ArrowRight"] * 2, 2), (["ArrowLeft"], 1), (["End"], -1)):
            for key in keys:
                page.keyboard.press(key)
            told = page.locator("#price .readout").inner_text().replace("\u00a0", " ")
            for part in said_of(rows[at]):
                assert part in told
        assert page.locator("#price .readout").inner_text() == first_said
        page.keyboard.press("ArrowRight")
        assert page.locator("#price .readout").inner_text() == first_said
        assert page.locator("#price .readout").get_attribute("aria-live") == "polite"
        assert cursor.get_attribute("aria-valuetext").replace("\u00a0", " ") == said_of(rows[-1])[0]


def test_the_pointer_reads_what_it_points_at_and_leaves_the_last_session(chromium, site, market):
    rows = year_of(market, "T05")
    with chromium.page(390) as page:
        page.goto(f"{site}/stocks/T05")
        last = page.locator("#price .readout").inner_text()
        chart = page.locator("#price svg.chart").first
        chart.scroll_into_view_if_needed()
        box = chart.bounding_box()
        page.mouse.move(box["x"] + box["width"] / 4, box["y"] + 60)
        told = page.locator("#price .readout").inner_text().replace("\u00a0", " ")
        assert said_of(rows[len(rows) // 4])[0] in told
        assert page.locator("#price .cross").first.get_attribute("visibility") == "visible"
        page.mouse.move(box["x"], box["y"] - 200)
        assert page.locator("#price .readout").inner_text() == last
        assert page.locator("#price .cross").first.get_attribute("visibility") == "hidden"


def test_without_scripts_the_last_session_is_read(chromium, site, market):
    with chromium.page(has_scripts=False) as page:
        page.goto(f"{site}/stocks/T05")
        told = page.locator("#price .readout").inner_text().replace("\u00a0", " ")
        for part in said_of(year_of(market, "T05")[-1]):
            assert part in told
