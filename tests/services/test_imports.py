"""Files go into the store as a whole or not at all, and a second time changes nothing."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from stockscore.extensions import db
from stockscore.market import calendars
from stockscore.providers.base import Bar, Listing
from stockscore.services.errors import InputError
from stockscore.services.fundamentals_import import import_fundamentals
from stockscore.services.imports import ImportCounts
from stockscore.services.price_import import import_prices
from stockscore.store import bars, fetches, runs, statements, stocks
from stockscore.store.models import Fetch, JobRun
from stockscore.store.models import StoredBar as BarRow
from stockscore.store.transactions import transaction

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
ACME = Listing("ACME", "Acme", "XNYS", "USD", "Technology")
BRK = Listing("BRK-B", "Berkshire", "XNYS", "USD")
DAYS = [date(2026, 11, day) for day in (16, 17, 18, 19, 20)]


@pytest.fixture(autouse=True)
def _market(app):
    """A universe of two stocks."""
    with app.app_context():
        with transaction():
            stocks.save_listings([ACME, BRK], "null", NOW)
        yield


@pytest.fixture
def file(tmp_path):
    """`file(text)`: the path of a file with this text."""

    def write(text):
        path = tmp_path / "data.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def stored(ticker):
    return bars.of(stocks.find(ticker).id)


def everything():
    """All rows of all tables."""
    db.session.rollback()
    return {
        name: db.session.execute(select(table)).all() for name, table in db.metadata.tables.items()
    }


def price_file(rows, header="ticker,date,close,adj_close"):
    return "\n".join([header, *rows]) + "\n"


# Prices


def test_prices_arrive_as_they_were_written(file):
    counts = import_prices(
        file(
            "ticker,date,open,high,low,close,adj_close,volume\n"
            "acme,2026-11-17,10,12,9.5,11,11,1000\n"
            "ACME,2026-11-16,,,,10,10,\n"
            "brk.b,2026-11-17,700,710,690,705,705,5\n"
        ),
        NOW,
    )
    assert counts == ImportCounts(rows=3, stocks=2, new_stocks=0, added=3, updated=0, unchanged=0)
    assert [tuple(bar) for bar in stored("ACME")] == [
        (DAYS[0], None, None, None, 10.0, None, 0.0, 1.0, 1.0, "csv"),
        (DAYS[1], 10.0, 12.0, 9.5, 11.0, 1000.0, 0.0, 1.0, 1.0, "csv"),
    ]
    assert [bar.close for bar in stored("BRK-B")] == [705.0]


def test_a_second_import_of_the_same_file_changes_no_bar(file):
    rows = [f"ACME,{day},{100 + index / 3},{90 + index / 7}" for index, day in enumerate(DAYS)]
    path = file(price_file(rows))
    import_prices(path, NOW)
    before = stored("ACME")
    assert import_prices(path, LATER) == ImportCounts(
        rows=5, stocks=1, new_stocks=0, added=0, updated=0, unchanged=5
    )
    assert stored("ACME") == before


def test_an_import_tells_new_changed_and_unchanged_bars_apart(file):
    import_prices(file(price_file(["ACME,2026-11-16,10,", "ACME,2026-11-17,11,"])), NOW)
    rows = ["ACME,2026-11-16,10,", "ACME,2026-11-17,11.5,", "ACME,2026-11-18,12,"]
    counts = import_prices(file(price_file(rows)), LATER)
    assert (counts.added, counts.updated, counts.unchanged) == (1, 1, 1)
    assert [bar.close for bar in stored("ACME")] == [10, 11.5, 12]


def test_a_dividend_in_the_adjusted_close_becomes_the_adjustment_of_its_day(file):
    # 2 of 100 are paid out on the 18th: what was adjusted before is 98 % of what was traded.
    rows = ["ACME,2026-11-16,100,98", "ACME,2026-11-17,100,98", "ACME,2026-11-18,97,97"]
    import_prices(file(price_file(rows)), NOW)
    assert [bar.adjustment for bar in stored("ACME")] == [1.0, 1.0, pytest.approx(0.98)]


def test_a_split_in_the_adjusted_close_becomes_the_adjustment_of_its_day(file):
    rows = ["ACME,2026-11-17,100,25", "ACME,2026-11-18,26,26"]
    import_prices(file(price_file(rows)), NOW)
    assert [(bar.adjustment, bar.split) for bar in stored("ACME")] == [(1.0, 1.0), (0.25, 4.0)]


def test_without_an_adjusted_close_nothing_is_adjusted(file):
    rows = ["ACME,2026-11-17,100", "ACME,2026-11-18,50"]
    import_prices(file(price_file(rows, "ticker,date,close")), NOW)
    assert [bar.adjustment for bar in stored("ACME")] == [1.0, 1.0]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(st.floats(90, 110), st.floats(0.01, 1e5)), min_size=1, max_size=len(DAYS)
    )
)
def test_closes_times_later_adjustments_are_the_adjusted_closes_of_the_file(file, rows):
    with transaction():
        db.session.execute(delete(BarRow))
    lines = [f"ACME,{day},{c!r},{a!r}" for day, (c, a) in zip(DAYS, rows, strict=False)]
    import_prices(file(price_file(lines)), NOW)
    adjusted, later = [], 1.0
    for bar in reversed(stored("ACME")):
        adjusted.append(bar.close * later)
        later *= bar.adjustment
    last_close, last_adjusted = rows[-1]
    assert [value * last_adjusted / last_close for value in reversed(adjusted)] == pytest.approx(
        [row[1] for row in rows]
    )


def test_what_a_file_does_not_say_of_a_session_stays_as_it_is(file):
    bar = Bar(DAYS[1], 9.0, 12.0, 8.0, 10.0, 500.0, dividend=0.5, split=2.0, adjustment=0.475)
    with transaction():
        bars.save(stocks.find("ACME").id, [bar], "null")
    rows = ["ACME,2026-11-17,11,,13", "ACME,2026-11-18,12,700,13"]
    counts = import_prices(file(price_file(rows, "ticker,date,close,volume,high")), NOW)
    assert (counts.added, counts.updated) == (1, 1)
    first = stored("ACME")[0]
    assert tuple(first) == (DAYS[1], 9.0, 13.0, 8.0, 11.0, 500.0, 0.5, 2.0, 0.475, "csv")


def test_a_file_that_begins_at_a_stored_session_keeps_the_adjustment_to_the_bar_before(file):
    import_prices(file(price_file(["ACME,2026-11-16,100,50", "ACME,2026-11-17,50,50"])), NOW)
    import_prices(file(price_file(["ACME,2026-11-17,50,50", "ACME,2026-11-18,51,51"])), LATER)
    assert [bar.adjustment for bar in stored("ACME")] == [1.0, 0.5, 1.0]


def test_an_import_is_noted_as_a_run_and_for_each_of_its_stocks(file):
    import_prices(file(price_file(["ACME,2026-11-16,10,"])), NOW)
    [run] = runs.recent()
    assert (run.job, run.state, run.updated, run.message) == (
        "import-prices",
        "done",
        1,
        "data.csv: 1 rows of 1 stocks",
    )
    [fetch] = db.session.scalars(select(Fetch))
    assert (fetch.stock_id, fetch.what, fetch.state, fetch.source, fetch.succeeded_at) == (
        stocks.find("ACME").id,
        "prices",
        fetches.OK,
        "csv",
        NOW,
    )


def test_a_stock_that_was_removed_is_not_in_the_universe(file):
    with transaction():
        stocks.remove([stocks.find("ACME").id], NOW)
    with pytest.raises(InputError, match="line 2: ticker 'ACME' is not in the universe"):
        import_prices(file(price_file(["ACME,2026-11-16,10,"])), NOW)


def test_progress_ends_with_every_row(file):
    told = []
    rows = [f"ACME,{day},1,1" for day in DAYS]
    import_prices(file(price_file(rows)), NOW, lambda *step: told.append(step))
    assert told[-1] == (5, 5, "saving")


# All or nothing

GOOD_PRICES = [f"ACME,{day},1,1" for day in DAYS]


@pytest.mark.parametrize(
    "last",
    ["ACME,2026-11-21,x,", "NONE,2026-11-21,1,", "ACME,2026-11-20,2,", "ACME,2026-11-21", '"'],
)
def test_one_bad_row_at_the_end_of_a_price_file_changes_nothing(file, last):
    before = everything()
    with pytest.raises(InputError) as caught:
        import_prices(file(price_file([*GOOD_PRICES, last])), NOW)
    assert str(caught.value).startswith(f"{file('')}, line 7: ")
    assert everything() == before


def test_one_bad_row_at_the_end_of_a_fundamentals_file_changes_nothing(file):
    before = everything()
    with pytest.raises(InputError, match="line 3: revenue_ttm is 'x'"):
        import_fundamentals(
            file(
                "ticker,as_of,exchange,currency,revenue_ttm\n"
                "NEW,2026-09-30,XNYS,USD,1\n"
                "ACME,2026-09-30,,,x\n"
            ),
            NOW,
        )
    assert everything() == before


class InterruptedHalfwayError(Exception):
    """Stands for whatever ends a program halfway."""


@pytest.mark.parametrize(
    ("imported", "text"),
    [
        (import_prices, price_file([*GOOD_PRICES, "BRK-B,2026-11-20,1,1"])),
        (import_fundamentals, "ticker,as_of,cash\nACME,2026-09-30,1\nBRK-B,2026-09-30,1\n"),
    ],
)
def test_an_interruption_while_saving_changes_nothing(file, imported, text):
    def interrupt(_done, _total, label):
        if label == "saving":
            raise InterruptedHalfwayError

    before = everything()
    with pytest.raises(InterruptedHalfwayError):
        imported(file(text), NOW, interrupt)
    assert everything() == before


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(garbage=st.binary(max_size=200))
def test_garbage_gives_nothing_but_the_clear_error_and_changes_nothing(file, garbage):
    header = b"ticker,date,close\n"
    for imported in (import_prices, import_fundamentals):
        for content in (garbage, header + garbage):
            with pytest.raises(InputError):
                imported(file(content), NOW)
    assert db.session.scalar(select(func.count()).select_from(JobRun)) == 0


def test_a_missing_file_is_wrong_input(tmp_path):
    with pytest.raises(InputError, match=r"none\.csv does not exist; check the path"):
        import_prices(tmp_path / "none.csv", NOW)


# Fundamentals


def test_fundamentals_become_known_at_the_moment_of_the_import(file):
    counts = import_fundamentals(
        file("ticker,as_of,currency,revenue_ttm,eps_ttm\nACME,2026-09-30,USD,1000,1.5\n"), NOW
    )
    assert counts == ImportCounts(rows=1, stocks=1, new_stocks=0, added=1, updated=0, unchanged=0)
    [statement] = statements.known(stocks.find("ACME").id)
    assert (statement.known_at, statement.period_end, statement.source) == (
        NOW,
        date(2026, 9, 30),
        "csv",
    )
    assert statement.figures == {"revenue": 1000.0, "eps": 1.5}


def test_a_second_import_of_the_same_fundamentals_adds_no_statement(file):
    path = file(
        "ticker,as_of,cash\nACME,2026-09-30,0.1\nACME,2025-09-30,1e-7\nBRK-B,2026-09-30,2\n"
    )
    import_fundamentals(path, NOW)
    assert import_fundamentals(path, LATER) == ImportCounts(
        rows=3, stocks=2, new_stocks=0, added=0, updated=0, unchanged=3
    )


def test_a_corrected_figure_is_a_new_statement_and_the_old_one_stays(file):
    import_fundamentals(file("ticker,as_of,cash\nACME,2026-09-30,1\n"), NOW)
    import_fundamentals(file("ticker,as_of,cash\nACME,2026-09-30,2\n"), LATER)
    known = statements.known(stocks.find("ACME").id)
    assert [(one.known_at, one.figures) for one in known] == [
        (NOW, {"cash": 1.0}),
        (LATER, {"cash": 2.0}),
    ]


def test_fundamentals_add_a_stock_that_the_universe_does_not_have(file):
    counts = import_fundamentals(
        file(
            "ticker,name,exchange,currency,sector,as_of,cash\n"
            "NEW,New plc,XLON,GBX,Energy,2026-09-30,7\n"
        ),
        NOW,
    )
    assert (counts.new_stocks, counts.added) == (1, 1)
    stock = stocks.find("NEW")
    assert (stock.name, stock.exchange, stock.currency, stock.sector, stock.source) == (
        "New plc",
        "XLON",
        "GBX",
        "Energy",
        "csv",
    )
    assert statements.known(stock.id)[0].currency == "GBP"


def test_fundamentals_update_the_profile_and_leave_what_they_do_not_say(file):
    import_fundamentals(file("ticker,as_of,industry,cash\nACME,2026-09-30,Software,1\n"), NOW)
    stock = stocks.find("ACME")
    assert (stock.name, stock.sector, stock.industry) == ("Acme", "Technology", "Software")


def test_fundamentals_that_change_no_profile_leave_the_stock_alone(file):
    import_fundamentals(file("ticker,as_of,cash\nACME,2026-09-30,1\n"), NOW)
    assert stocks.find("ACME").source == "null"


def test_a_row_without_figures_is_no_success_of_a_fetch(file):
    counts = import_fundamentals(file("ticker,as_of,cash\nACME,2026-09-30,\n"), NOW)
    assert (counts.added, counts.unchanged) == (0, 1)
    assert db.session.scalars(select(Fetch)).all() == []


# Both kinds of database


def test_both_kinds_of_database_keep_the_same(app_on, database_url, file):
    with app_on(database_url).app_context():
        with transaction():
            stocks.save_listings([ACME], "null", NOW)
        path = file(
            price_file(
                [f"ACME,{day},{index + 10.1},{index + 10.05}" for index, day in enumerate(DAYS)]
            )
        )
        import_prices(path, NOW)
        assert import_prices(path, LATER).unchanged == len(DAYS)
        path = file("ticker,as_of,cash,tax_rate\nACME,2026-09-30,0.1,0.21\n")
        import_fundamentals(path, NOW)
        assert import_fundamentals(path, LATER).unchanged == 1


@pytest.mark.slow
def test_a_file_of_five_megabytes_is_imported_as_a_whole(file):
    tickers = ["ACME", "BRK.B"] + [f"T{index}" for index in range(6)]
    known = calendars.trading_days("XNYS", NOW.year)
    days = sorted(day for day in known if day < NOW.date())[-13_000:]
    figures = "10.25,11.25,9.25,10.5,10.5,123456"
    rows = [f"{ticker},{day},{figures}" for day in days for ticker in tickers]
    with transaction():
        stocks.save_listings(
            [Listing(ticker, ticker, "XNYS", "USD") for ticker in tickers], "null", NOW
        )
    path = file(price_file(rows, "ticker,date,open,high,low,close,adj_close,volume"))
    assert path.stat().st_size > 5_000_000
    counts = import_prices(path, NOW)
    assert (counts.rows, counts.stocks, counts.added) == (len(rows), len(tickers), len(rows))
    assert db.session.scalar(select(func.count()).select_from(BarRow)) == len(rows)
